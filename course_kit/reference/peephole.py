"""LSTM with peephole connections (slide D1.22), blocks stacked in Keras' order i, f, c, o.

    i = sigmoid(x W_i + h U_i + b_i + p_i c_{t-1})
    f = sigmoid(x W_f + h U_f + b_f + p_f c_{t-1})
    c_t = f c_{t-1} + i tanh(x W_c + h U_c + b_c)
    o = sigmoid(x W_o + h U_o + b_o + p_o c_t)      (the new state)
    h_t = o tanh(c_t)

Row vectors: x (N, m), h and c (N, n); W (m, 4n), U (n, 4n), b (4n,).
p (3, n) holds p_i, p_f and p_o: one weight a unit and gate.
"""

import numpy as np

from course_kit.reference.activations import sigmoid


def peephole_step(
    x: np.ndarray,
    h: np.ndarray,
    c: np.ndarray,
    W: np.ndarray,
    U: np.ndarray,
    b: np.ndarray,
    p: np.ndarray,
) -> tuple[np.ndarray, np.ndarray]:
    """One step: x_t and the previous (h, c) give (h_t, c_t)."""
    x, h, c = (np.asarray(a, dtype=np.float64) for a in (x, h, c))
    p_i, p_f, p_o = p
    a_i, a_f, a_c, a_o = np.split(x @ W + h @ U + b, 4, axis=1)  # each (N, n)
    i = sigmoid(a_i + p_i * c)
    f = sigmoid(a_f + p_f * c)
    c = f * c + i * np.tanh(a_c)
    o = sigmoid(a_o + p_o * c)
    h = o * np.tanh(c)
    return h, c


def peephole_forward(
    x: np.ndarray,
    h0: np.ndarray,
    c0: np.ndarray,
    W: np.ndarray,
    U: np.ndarray,
    b: np.ndarray,
    p: np.ndarray,
) -> tuple[np.ndarray, np.ndarray]:
    """All steps of x (N, T, m) from h0 and c0 (N, n): h and c, (N, T, n) each."""
    N, T, _ = np.shape(x)
    n = U.shape[0]
    hs, cs = np.empty((N, T, n)), np.empty((N, T, n))
    h, c = h0, c0
    for t in range(T):
        h, c = peephole_step(x[:, t], h, c, W, U, b, p)
        hs[:, t], cs[:, t] = h, c
    return hs, cs
