"""Grid LSTM (slide D1.28): a block with a hidden vector and a memory vector along each of N dimensions.

All transforms read H = [h_1, ..., h_N]; dimension k has its own kernel, blocks in Keras' order i, f, c, o:

    m'_k = f m_k + i tanh(H W_c + b_c)
    h'_k = tanh(o m'_k)                ("paper")   or   o tanh(m'_k)   ("lstm")

A dimension with memory None is not an LSTM: h'_k = phi(H W + b). The transform of a priority dimension reads the new
hidden vectors of the others. Row vectors: h and m (N, d); W (number of dimensions times d, 4d) or (..., d).

For sequences there are two dimensions, time and depth, in this order. The input, projected, enters the lowest block
along depth; a layer passes (h, m) of depth to the layer above it and (h, m) of time to the next step.
"""

from collections.abc import Callable, Sequence

import numpy as np

from course_kit.reference.activations import identity, sigmoid


def grid_transform(
    H: np.ndarray,
    m: np.ndarray | None,
    W: np.ndarray,
    b: np.ndarray,
    squashing: str = "paper",
    phi: Callable = identity,
) -> tuple[np.ndarray, np.ndarray | None]:
    """One dimension of one block: its new hidden and memory vector."""
    a = H @ W + b
    if m is None:
        return phi(a), None
    a_i, a_f, a_c, a_o = np.split(a, 4, axis=1)
    m = sigmoid(a_f) * m + sigmoid(a_i) * np.tanh(a_c)
    h = np.tanh(sigmoid(a_o) * m) if squashing == "paper" else sigmoid(a_o) * np.tanh(m)
    return h, m


def grid_block(
    hidden: Sequence[np.ndarray],
    memories: Sequence[np.ndarray | None],
    kernels: Sequence[np.ndarray],
    biases: Sequence[np.ndarray],
    priority: int | None = None,
    squashing: str = "paper",
    phi: Callable = identity,
) -> tuple[list[np.ndarray], list[np.ndarray | None]]:
    """One block of any number of dimensions; `priority` is the place of the dimension that goes last."""
    H = np.concatenate(hidden, axis=1)
    results = [grid_transform(H, m, W, b, squashing, phi) for m, W, b in zip(memories, kernels, biases, strict=True)]
    if priority is not None:
        updated = [h for h, _ in results]
        updated[priority] = hidden[priority]
        H = np.concatenate(updated, axis=1)
        k = priority
        results[k] = grid_transform(H, memories[k], kernels[k], biases[k], squashing, phi)
    return [h for h, _ in results], [m for _, m in results]


def grid_lstm_forward(
    x: np.ndarray,
    h0: Sequence[np.ndarray],
    m0: Sequence[np.ndarray],
    P: np.ndarray,
    layers: Sequence[tuple[Sequence[np.ndarray], Sequence[np.ndarray]]],
    priority: int | None = 1,
    squashing: str = "paper",
    depth_memory: bool = True,
    phi: Callable = identity,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """All steps of x (N, T, m): the output (N, T, d), and h and m of time, (L, N, T, d) each.

    A layer is (kernels, biases), time first. P is (m, 2d), for h and m of depth, or (m, d), then that m starts at 0.
    """
    N, T, _ = np.shape(x)
    d = np.shape(h0[0])[1]
    outputs, hs, ms = np.empty((N, T, d)), *(np.empty((len(layers), N, T, d)) for _ in range(2))
    h, m = list(h0), list(m0)
    for t in range(T):
        entry = x[:, t] @ P
        up = entry[:, :d]
        up_memory = (entry[:, d:] if entry.shape[1] == 2 * d else np.zeros((N, d))) if depth_memory else None
        for k, (kernels, biases) in enumerate(layers):
            new_h, new_m = grid_block([h[k], up], [m[k], up_memory], kernels, biases, priority, squashing, phi)
            (h[k], up), (m[k], up_memory) = new_h, new_m
        outputs[:, t], hs[:, :, t], ms[:, :, t] = up, h, m
    return outputs, hs, ms
