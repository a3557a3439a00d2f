"""The two networks with layer normalisation of TensorFlow Addons.

    norm(a) = (a - mean(a)) / sqrt(variance(a) + epsilon), over the units of each row

    simple network:  h_t = tanh(gamma norm(x W + h U) + b)
    LSTM:            i, f, c_tilde, o from g_x norm(x W) + s_x + g_h norm(h U) + s_h + b
                     c_t = g_c norm(f c_{t-1} + i c_tilde) + s_c      (this normalised c goes on)
                     h_t = o tanh(c_t)

Row vectors: x (N, m), h and c (N, n); W (m, n) and gamma (n,), or W (m, 4n) in the order i, f, c, o, g_x, s_x, g_h,
s_h, b (4n,) and g_c, s_c (n,).
"""

import numpy as np

from course_kit.reference.activations import sigmoid


def _norm(a: np.ndarray, epsilon: float) -> np.ndarray:
    rows = []
    for row in a:
        mean = sum(row) / len(row)
        variance = sum((value - mean) ** 2 for value in row) / len(row)
        rows.append((row - mean) / np.sqrt(variance + epsilon))
    return np.stack(rows)


def layer_norm_simple_rnn_forward(x, h0, W, U, b, gamma, epsilon=1e-5) -> np.ndarray:
    """All steps of x (N, T, m) from h0 (N, n): h (N, T, n)."""
    h, hs = h0, []
    for t in range(x.shape[1]):
        h = np.tanh(gamma * _norm(x[:, t] @ W + h @ U, epsilon) + b)
        hs.append(h)
    return np.stack(hs, axis=1)


def layer_norm_lstm_forward(
    x, h0, c0, W, U, b, g_x, s_x, g_h, s_h, g_c, s_c, epsilon=1e-3
) -> tuple[np.ndarray, np.ndarray]:
    """All steps of x (N, T, m) from h0 and c0 (N, n): h and c, (N, T, n) each."""
    h, c, hs, cs = h0, c0, [], []
    for t in range(x.shape[1]):
        a = g_x * _norm(x[:, t] @ W, epsilon) + s_x + g_h * _norm(h @ U, epsilon) + s_h + b
        a_i, a_f, a_c, a_o = np.split(a, 4, axis=1)
        c = g_c * _norm(sigmoid(a_f) * c + sigmoid(a_i) * np.tanh(a_c), epsilon) + s_c
        h = sigmoid(a_o) * np.tanh(c)
        hs.append(h)
        cs.append(c)
    return np.stack(hs, axis=1), np.stack(cs, axis=1)
