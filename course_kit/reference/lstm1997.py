"""LSTM of 1997, before the forget gate (slides D4.33-D4.37), blocks stacked in the order i, c, o.

    i, o = sigmoid(x W + h U + b), g = g(x W + h U + b), each with its own block
    c_t = c_{t-1} + i g
    h_t = o h(c_t)

The slides squash with tanh twice. The paper of 1997 takes g in [-2, 2] and h in [-1, 1], both made of the
logistic function; its memory blocks of several cells and its gate-to-gate connections are not here.

Row vectors: x (N, m), h and c (N, n); W (m, 3n), U (n, 3n), b (3n,).
"""

import numpy as np

from course_kit.reference.activations import sigmoid


def _paper_g(a: np.ndarray) -> np.ndarray:
    return 4.0 * sigmoid(a) - 2.0


def _paper_h(a: np.ndarray) -> np.ndarray:
    return 2.0 * sigmoid(a) - 1.0


_SQUASHINGS = {"tanh": (np.tanh, np.tanh), "paper": (_paper_g, _paper_h)}


def lstm1997_step(
    x: np.ndarray,
    h: np.ndarray,
    c: np.ndarray,
    W: np.ndarray,
    U: np.ndarray,
    b: np.ndarray,
    squashing: str = "tanh",
) -> tuple[np.ndarray, np.ndarray]:
    """One step: x_t and the previous (h, c) give (h_t, c_t)."""
    squash_input, squash_output = _SQUASHINGS[squashing]
    x, h, c = (np.asarray(a, dtype=np.float64) for a in (x, h, c))
    a_i, a_c, a_o = np.split(x @ W + h @ U + b, 3, axis=1)  # each (N, n)
    c = c + sigmoid(a_i) * squash_input(a_c)
    h = sigmoid(a_o) * squash_output(c)
    return h, c


def lstm1997_forward(
    x: np.ndarray,
    h0: np.ndarray,
    c0: np.ndarray,
    W: np.ndarray,
    U: np.ndarray,
    b: np.ndarray,
    squashing: str = "tanh",
) -> tuple[np.ndarray, np.ndarray]:
    """All steps of x (N, T, m) from h0 and c0 (N, n): h and c, (N, T, n) each."""
    N, T, _ = np.shape(x)
    n = U.shape[0]
    hs, cs = np.empty((N, T, n)), np.empty((N, T, n))
    h, c = h0, c0
    for t in range(T):
        h, c = lstm1997_step(x[:, t], h, c, W, U, b, squashing)
        hs[:, t], cs[:, t] = h, c
    return hs, cs
