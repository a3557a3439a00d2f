"""Fully recurrent network (slide D2.4; Williams & Zipser 1989): every node hears every node.

    s_{t+1} = sigma(s_t U + b + u_t),   u_t = x_t at the input nodes, 0 at all others

Row vectors: s (N, n) the activations of all nodes, U (n, n) with U[j, k] from node j to node k, b (n,), x (N, T, p)
for p input nodes. All nodes change at once, from the activations of the tick before.
"""

from collections.abc import Callable, Sequence

import numpy as np

from course_kit.reference.activations import sigmoid


def fully_recurrent_step(
    s: np.ndarray,
    x: np.ndarray,
    U: np.ndarray,
    b: np.ndarray,
    inputs: Sequence[int],
    sigma: Callable = sigmoid,
) -> np.ndarray:
    """One tick: s (N, n) and the signals x (N, p) of the input nodes give the next s."""
    u = np.zeros_like(s, dtype=np.float64)
    u[:, list(inputs)] = x
    return sigma(s @ U + b + u)


def fully_recurrent_forward(
    s_0: np.ndarray,
    x: np.ndarray,
    U: np.ndarray,
    b: np.ndarray,
    inputs: Sequence[int],
    sigma: Callable = sigmoid,
) -> np.ndarray:
    """The activations after each tick, (N, T, n)."""
    s, kept = s_0, []
    for t in range(x.shape[1]):
        s = fully_recurrent_step(s, x[:, t], U, b, inputs, sigma)
        kept.append(s)
    return np.stack(kept, axis=1)
