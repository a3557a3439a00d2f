"""Array-LSTM (slide D1.28): K memory cells, the lanes, for each unit; one hidden state reads them all.

Base, for each lane k:

    i_k, f_k, o_k = sigmoid(x W + h U + b), c~_k = tanh(x W + h U + b), each with its own block
    c_k = f_k c_k + i_k c~_k
    h = sum over the lanes of o_k tanh(c_k)

Soft lane selection: a fifth block gives s = softmax over the lanes of sigma_a(x W_a + h U_a + b_a), and f erases:

    c_k = (1 - s_k f_k) c_k + s_k i_k c~_k
    h = sum over the lanes of s_k o_k tanh(c_k)

Row vectors: x (N, m), h (N, n), c (N, K, n). W (m, 4 K n), U (n, 4 K n), b (4 K n,): the gates in Keras' order i, f, c,
o, in each gate the lanes one after the other; with lane selection 5 K n, the attention last.
"""

from collections.abc import Callable

import numpy as np

from course_kit.reference.activations import sigmoid, softmax


def array_lstm_step(
    x: np.ndarray,
    h: np.ndarray,
    c: np.ndarray,
    W: np.ndarray,
    U: np.ndarray,
    b: np.ndarray,
    sigma_a: Callable | None = None,
) -> tuple[np.ndarray, np.ndarray]:
    """One step: x_t and the previous (h, c) give (h_t, c_t). With `sigma_a` lanes are selected softly."""
    x, h, c = (np.asarray(a, dtype=np.float64) for a in (x, h, c))
    _, K, n = c.shape
    a = x @ W + h @ U + b

    def block(gate, lane):
        start = (gate * K + lane) * n
        return a[:, start : start + n]

    s = np.ones_like(c)
    if sigma_a is not None:
        s = softmax(np.stack([sigma_a(block(4, k)) for k in range(K)], axis=1), axis=1)
    h, new_c = np.zeros_like(h), np.empty_like(c)
    for k in range(K):
        i, f, o = (s[:, k] * sigmoid(block(gate, k)) for gate in (0, 1, 3))
        kept = f if sigma_a is None else 1.0 - f
        new_c[:, k] = kept * c[:, k] + i * np.tanh(block(2, k))
        h = h + o * np.tanh(new_c[:, k])
    return h, new_c


def array_lstm_forward(
    x: np.ndarray,
    h0: np.ndarray,
    c0: np.ndarray,
    W: np.ndarray,
    U: np.ndarray,
    b: np.ndarray,
    sigma_a: Callable | None = None,
) -> tuple[np.ndarray, np.ndarray]:
    """All steps of x (N, T, m) from h0 (N, n) and c0 (N, K, n): h (N, T, n) and c (N, T, K, n)."""
    N, T, _ = np.shape(x)
    hs, cs = np.empty((N, T, h0.shape[1])), np.empty((N, T, *c0.shape[1:]))
    h, c = h0, c0
    for t in range(T):
        h, c = array_lstm_step(x[:, t], h, c, W, U, b, sigma_a)
        hs[:, t], cs[:, t] = h, c
    return hs, cs
