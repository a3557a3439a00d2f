"""Depth-gated LSTM (slide D1.28): in a stack, a gate also lets the memory of the layer below into the memory above.

Layer l at time t reads x^l_t: the input for l = 1, h^{l-1}_t above. Blocks in Keras' order i, f, c, o:

    i = sigmoid(x W_i + h U_i + b_i + p_i c_{t-1}),  f likewise
    d = sigmoid(x W_d + b_d + w_c c_{t-1} + w_l c^{l-1}_t)                          (layers 2, 3, ...)
    c_t = f c_{t-1} + i tanh(x W_c + h U_c + b_c) + d c^{l-1}_t
    o = sigmoid(x W_o + h U_o + b_o + p_o c_t),  h_t = o tanh(c_t)

Row vectors: x (N, m), h and c (N, n) for each layer. A layer is a dict: W (m or n, 4n), U (n, 4n), b (4n,), p (3, n);
from the second on also W_d (n, n), w_d (2, n) with the rows w_c and w_l, and b_d (n,).
"""

from collections.abc import Mapping, Sequence

import numpy as np

from course_kit.reference.activations import sigmoid


def depth_gated_step(
    x: np.ndarray,
    h: Sequence[np.ndarray],
    c: Sequence[np.ndarray],
    layers: Sequence[Mapping[str, np.ndarray]],
) -> tuple[list[np.ndarray], list[np.ndarray]]:
    """One step: x_t and the previous (h, c) of every layer give (h_t, c_t) of every layer."""
    x, below = np.asarray(x, dtype=np.float64), None
    new_h, new_c = [], []
    for old_h, old_c, w in zip(h, c, layers, strict=True):
        p_i, p_f, p_o = w["p"]
        a_i, a_f, a_c, a_o = np.split(x @ w["W"] + old_h @ w["U"] + w["b"], 4, axis=1)
        memory = sigmoid(a_f + p_f * old_c) * old_c + sigmoid(a_i + p_i * old_c) * np.tanh(a_c)
        if below is not None:
            w_c, w_l = w["w_d"]
            d = sigmoid(x @ w["W_d"] + w["b_d"] + w_c * old_c + w_l * below)
            memory = memory + d * below
        x = sigmoid(a_o + p_o * memory) * np.tanh(memory)
        below = memory
        new_h.append(x)
        new_c.append(memory)
    return new_h, new_c


def depth_gated_forward(
    x: np.ndarray,
    h0: Sequence[np.ndarray],
    c0: Sequence[np.ndarray],
    layers: Sequence[Mapping[str, np.ndarray]],
) -> tuple[np.ndarray, np.ndarray]:
    """All steps of x (N, T, m) from L states each: h and c, (L, N, T, n) each."""
    N, T, _ = np.shape(x)
    hs, cs = (np.empty((len(layers), N, T, np.shape(h0[0])[1])) for _ in range(2))
    h, c = h0, c0
    for t in range(T):
        h, c = depth_gated_step(x[:, t], h, c, layers)
        hs[:, :, t], cs[:, :, t] = h, c
    return hs, cs
