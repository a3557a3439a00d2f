"""Bidirectional associative memory (slide D2.7): two layers of units, each recalls the other.

    M = sum of a' b over the pairs, in +1 and -1
    b <- sign(a M), a <- sign(b M'); at 0 a unit keeps its value
    E = -a M b'

Row vectors: a (n,), b (p,), M (n, p). The units themselves may also be 1 and 0: sign then gives 0 in place of -1.
"""

import numpy as np


def correlation(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """M of pairs a (P, n) and b (P, p) of +1 and -1."""
    M = np.zeros((np.shape(a)[1], np.shape(b)[1]))
    for first, second in zip(a, b, strict=True):
        for i in range(len(first)):
            for j in range(len(second)):
                M[i, j] += first[i] * second[j]
    return M


def resonate(M: np.ndarray, a: np.ndarray, b: np.ndarray, low: float = -1.0) -> tuple[np.ndarray, np.ndarray]:
    """To and fro from (a, b), a leading, until nothing changes; ``low`` is what a unit is that is not 1."""
    a, b = np.array(a, dtype=np.float64), np.array(b, dtype=np.float64)
    while True:
        new_b = [_unit(sum(a[i] * M[i, j] for i in range(len(a))), b[j], low) for j in range(len(b))]
        new_a = [_unit(sum(M[i, j] * new_b[j] for j in range(len(b))), a[i], low) for i in range(len(a))]
        if list(a) == new_a and list(b) == new_b:
            return a, b
        a, b = np.array(new_a), np.array(new_b)


def _unit(h: float, old: float, low: float) -> float:
    return old if h == 0 else (1.0 if h > 0 else low)


def bam_energy(M: np.ndarray, a: np.ndarray, b: np.ndarray) -> float:
    """E of a pair."""
    return float(-sum(a[i] * M[i, j] * b[j] for i in range(len(a)) for j in range(len(b))))
