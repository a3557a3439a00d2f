"""Densely connected bidirectional LSTM (slide D1.28): every layer reads the input and all layers below it.

    M^1 = x,  h^l = BiLSTM(M^l),  M^{l+1} = [M^l, h^l]

The output is that of the last layer; the mean over the steps stands for the whole sequence. Row vectors: x (N, T, m). A
layer is the six arrays W, U, b of the way forwards and W, U, b of the way back, as in `lstm_forward`.
"""

from collections.abc import Sequence

import numpy as np

from course_kit.reference.lstm import lstm_forward


def bilstm(x: np.ndarray, layer: Sequence[np.ndarray]) -> np.ndarray:
    """Both ways over x (N, T, m), side by side: (N, T, 2n)."""
    there, back = (_one_way(way, layer[3 * k : 3 * k + 3]) for k, way in enumerate((x, x[:, ::-1])))
    return np.concatenate([there, back[:, ::-1]], axis=2)


def _one_way(x: np.ndarray, weights: Sequence[np.ndarray]) -> np.ndarray:
    zeros = np.zeros((len(x), weights[1].shape[0]))
    return lstm_forward(x, zeros, zeros, *weights)[0]


def dense_bilstm_forward(x: np.ndarray, layers: Sequence[Sequence[np.ndarray]]) -> tuple[np.ndarray, np.ndarray]:
    """The last layer's output at every step, (N, T, 2t), and its mean over the steps, (N, 2t)."""
    memory = np.asarray(x, dtype=np.float64)
    for layer in layers:
        h = bilstm(memory, layer)
        memory = np.concatenate([memory, h], axis=2)
    return h, h.mean(axis=1)
