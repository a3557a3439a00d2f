"""LSTM with a forget gate (slides D1.17-D1.20), blocks stacked in Keras' order i, f, c, o.

    i, f, o = sigmoid(x W + h U + b), c_tilde = tanh(x W + h U + b), each with its own block
    c_t = f c_{t-1} + i c_tilde
    h_t = o tanh(c_t)

Row vectors: x (N, m), h and c (N, n); W (m, 4n), U (n, 4n), b (4n,).
"""

import numpy as np

from course_kit.reference.activations import sigmoid


def lstm_gates(
    x: np.ndarray, h: np.ndarray, W: np.ndarray, U: np.ndarray, b: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """The four activations (i, f, c_tilde, o) of one step, each (N, n)."""
    x, h = np.asarray(x, dtype=np.float64), np.asarray(h, dtype=np.float64)
    a_i, a_f, a_c, a_o = np.split(x @ W + h @ U + b, 4, axis=1)
    return sigmoid(a_i), sigmoid(a_f), np.tanh(a_c), sigmoid(a_o)


def lstm_step(
    x: np.ndarray, h: np.ndarray, c: np.ndarray, W: np.ndarray, U: np.ndarray, b: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """One step: x_t and the previous (h, c) give (h_t, c_t)."""
    i, f, c_tilde, o = lstm_gates(x, h, W, U, b)
    c = f * c + i * c_tilde
    h = o * np.tanh(c)
    return h, c


def lstm_forward(
    x: np.ndarray, h0: np.ndarray, c0: np.ndarray, W: np.ndarray, U: np.ndarray, b: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """All steps of x (N, T, m) from h0 and c0 (N, n): h and c, (N, T, n) each."""
    N, T, _ = np.shape(x)
    n = U.shape[0]
    hs, cs = np.empty((N, T, n)), np.empty((N, T, n))
    h, c = h0, c0
    for t in range(T):
        h, c = lstm_step(x[:, t], h, c, W, U, b)
        hs[:, t], cs[:, t] = h, c
    return hs, cs
