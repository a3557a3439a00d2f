"""Hopfield network (slide D2.6): units of +1 and -1, symmetric couplings, an energy that only falls.

    W = (1/n) sum of xi xi' over the patterns, without the diagonal      (Hebb's rule)
    s_i <- sign(sum_j w_ij s_j - theta_i), one unit after the other; at 0 it keeps its value
    E = -1/2 s' W s + theta' s

Row vectors: patterns (P, n), a state (n,); W (n, n), theta (n,).
"""

from collections.abc import Iterable

import numpy as np


def hebb(patterns: np.ndarray) -> np.ndarray:
    """The couplings (n, n) that store patterns (P, n) of +1 and -1."""
    P, n = np.shape(patterns)
    W = np.zeros((n, n))
    for i in range(n):
        for j in range(n):
            if i != j:
                W[i, j] = sum(patterns[p][i] * patterns[p][j] for p in range(P)) / n
    return W


def field(W: np.ndarray, s: np.ndarray, i: int, theta: np.ndarray) -> float:
    """What reaches unit i."""
    return sum(W[i][j] * s[j] for j in range(len(s))) - theta[i]


def asynchronous(W: np.ndarray, s: np.ndarray, order: Iterable[int], theta: np.ndarray | None = None) -> np.ndarray:
    """The state after the units of ``order`` were visited one after the other."""
    s = np.array(s, dtype=np.float64)
    theta = np.zeros(len(s)) if theta is None else theta
    for i in order:
        h = field(W, s, i, theta)
        if h != 0:
            s[i] = 1.0 if h > 0 else -1.0
    return s


def synchronous(W: np.ndarray, s: np.ndarray, theta: np.ndarray | None = None) -> np.ndarray:
    """The state after all units have looked at once."""
    theta = np.zeros(len(s)) if theta is None else theta
    fields = [field(W, s, i, theta) for i in range(len(s))]
    return np.array([float(old) if h == 0 else (1.0 if h > 0 else -1.0) for old, h in zip(s, fields, strict=True)])


def hopfield_energy(W: np.ndarray, s: np.ndarray, theta: np.ndarray | None = None) -> float:
    """E of a state."""
    n = len(s)
    theta = np.zeros(n) if theta is None else theta
    pairs = sum(W[i][j] * s[i] * s[j] for i in range(n) for j in range(n))
    return float(-pairs / 2 + sum(theta[i] * s[i] for i in range(n)))
