"""Convolutional LSTM with peepholes (slide D1.28), blocks stacked in Keras' order i, f, c, o.

    i = sigmoid(X * W_i + H * U_i + p_i C_{t-1} + b_i),  f likewise
    C_t = f C_{t-1} + i tanh(X * W_c + H * U_c + b_c)
    o = sigmoid(X * W_o + H * U_o + p_o C_t + b_o),  H_t = o tanh(C_t)

where * is a convolution over the picture and the peepholes multiply place by place. x (N, rows, columns, C), h and c
(N, R, S, F); W (k1, k2, C, 4F), U (k1, k2, F, 4F), b (4F,), p (3, R, S, F) or, one for a channel, (3, F).
"""

import numpy as np

from course_kit.reference.activations import sigmoid


def conv2d(x: np.ndarray, W: np.ndarray, stride: int = 1, padding: str = "same", dilation: int = 1) -> np.ndarray:
    """x (N, rows, columns, C) under W (k1, k2, C, F), place by place. As everywhere in Keras, W is not mirrored."""
    k1, k2 = W.shape[:2]
    starts = []
    for axis, k in ((1, k1), (2, k2)):
        size, reach = x.shape[axis], (k - 1) * dilation + 1
        if padding == "same":
            places = -(-size // stride)
            missing = max((places - 1) * stride + reach - size, 0)
            around = [(0, 0)] * 4
            around[axis] = (missing // 2, missing - missing // 2)
            x = np.pad(x, around)
        else:
            places = (size - reach) // stride + 1
        starts.append([place * stride for place in range(places)])
    y = np.zeros((len(x), len(starts[0]), len(starts[1]), W.shape[3]))
    for r, row in enumerate(starts[0]):
        for s, column in enumerate(starts[1]):
            for dr in range(k1):
                for ds in range(k2):
                    y[:, r, s] += x[:, row + dr * dilation, column + ds * dilation] @ W[dr, ds]
    return y


def conv_lstm_step(
    x: np.ndarray,
    h: np.ndarray,
    c: np.ndarray,
    W: np.ndarray,
    U: np.ndarray,
    b: np.ndarray,
    p: np.ndarray,
    stride: int = 1,
    padding: str = "same",
    dilation: int = 1,
) -> tuple[np.ndarray, np.ndarray]:
    """One step: the picture x_t and the previous (h, c) give (h_t, c_t). Stride and padding are the input's."""
    x, h, c = (np.asarray(a, dtype=np.float64) for a in (x, h, c))
    p_i, p_f, p_o = p
    a = conv2d(x, W, stride, padding, dilation) + conv2d(h, U) + b
    a_i, a_f, a_c, a_o = np.split(a, 4, axis=3)
    i = sigmoid(a_i + p_i * c)
    f = sigmoid(a_f + p_f * c)
    c = f * c + i * np.tanh(a_c)
    o = sigmoid(a_o + p_o * c)
    return o * np.tanh(c), c


def conv_lstm_forward(
    x: np.ndarray,
    h0: np.ndarray,
    c0: np.ndarray,
    W: np.ndarray,
    U: np.ndarray,
    b: np.ndarray,
    p: np.ndarray,
    stride: int = 1,
    padding: str = "same",
    dilation: int = 1,
) -> tuple[np.ndarray, np.ndarray]:
    """All steps of x (N, T, rows, columns, C) from h0 and c0 (N, R, S, F): h and c, (N, T, R, S, F) each."""
    hs, cs = [], []
    h, c = h0, c0
    for t in range(np.shape(x)[1]):
        h, c = conv_lstm_step(x[:, t], h, c, W, U, b, p, stride, padding, dilation)
        hs.append(h)
        cs.append(c)
    return np.stack(hs, axis=1), np.stack(cs, axis=1)
