"""Rows for the systems of slide D1.28: Array-LSTM, depth-gated LSTM, Grid LSTM."""

import numpy as np

from course_kit import reference
from course_kit.cells import ArrayLSTMCell, DepthGatedLSTMCell, GridLSTMCell
from tests.cells.row import Row


def parts(weight, widths):
    """A weight cut into the matrices that stand side by side in it."""
    return np.split(weight, np.cumsum(widths)[:-1], axis=-1)


# --- Array-LSTM -------------------------------------------------------------------------------------------------------


def array_row(name, lanes, sigma_a=None, **own):
    def twin(x, states, weights):
        h0, c0 = states
        c0 = c0.reshape(len(c0), lanes, -1)
        h, c = reference.array_lstm_forward(x, h0, c0, *weights, sigma_a=sigma_a)
        return h, [h, c.reshape(*h.shape[:2], -1)]

    blocks = 4 if sigma_a is None else 5
    return Row(
        name,
        make=lambda n, o, **arguments: ArrayLSTMCell(n, lanes, **own, **arguments),
        count=lambda m, n, o: blocks * lanes * n * (m + n + 1),
        biases=lambda n, o: blocks * lanes * n,
        state_widths=lambda n, o: [n, lanes * n],
        twin=twin,
        variant=bool(own),
    )


# --- depth-gated LSTM -------------------------------------------------------------------------------------------------


def depth_gated_layers(weights, depth, peepholes=True):
    """The weights of the cell as the twin's layers."""
    W, U, b, *weights = weights
    n = len(U)
    p = weights.pop(0) if peepholes else np.zeros((3, depth * n))
    layers = [
        {"U": U_l, "b": b_l, "p": p_l}
        for U_l, b_l, p_l in zip(*(parts(w, [k * n] * depth) for w, k in ((U, 4), (b, 4), (p, 1))), strict=True)
    ]
    layers[0]["W"] = W
    if depth > 1:
        above = zip(*(parts(w, [k * n] * (depth - 1)) for w, k in zip(weights, (4, 1, 1, 1), strict=True)), strict=True)
        for layer, (W_l, W_d, w_d, b_d) in zip(layers[1:], above, strict=True):
            layer.update(W=W_l, W_d=W_d, w_d=w_d, b_d=b_d)
    return layers


def depth_gated_row(name, depth):
    def twin(x, states, weights):
        h, c = reference.depth_gated_forward(x, states[::2], states[1::2], depth_gated_layers(weights, depth))
        return h[-1], [state for pair in zip(h, c, strict=True) for state in pair]

    def count(m, n, o):
        return 4 * n * (m + n + 1) + 3 * n + (depth - 1) * (4 * n * (2 * n + 1) + 3 * n + n * n + 3 * n)

    return Row(
        name,
        make=lambda n, o, **arguments: DepthGatedLSTMCell(n, depth, **arguments),
        count=count,
        biases=lambda n, o: 4 * n * depth + n * (depth - 1),
        state_widths=lambda n, o: [n, n] * depth,
        twin=twin,
    )


# --- Grid LSTM --------------------------------------------------------------------------------------------------------

DIMENSIONS = ("time", "depth")


def grid_layers(weights, depth, tied="layers", depth_dimension="lstm"):
    """The weights of the cell as the twin's P and layers."""
    P, W, b = weights
    d = len(W) // 2
    one_kernel, one_block = tied in ("dimensions", "both"), tied in ("layers", "both")
    block = [4 * d] if one_kernel else [4 * d, {"lstm": 4 * d, "dense": d}[depth_dimension]]
    kernels, biases = (parts(w, block * (1 if one_block else depth)) for w in (W, b))
    layers = []
    for k in range(1 if one_block else depth):
        own = slice(len(block) * k, len(block) * (k + 1))
        layers.append((kernels[own] * (2 // len(block)), biases[own] * (2 // len(block))))
    return P, layers * (depth // len(layers))


def grid_row(name, depth, squashing="paper", priority="depth", projected=True, **own):
    structure = {"tied": own.get("tied", "layers"), "depth_dimension": own.get("depth_dimension", "lstm")}
    dense = structure["depth_dimension"] == "dense"
    blocks = 1 if structure["tied"] in ("layers", "both") else depth

    def twin(x, states, weights):
        P, layers = grid_layers(weights, depth, **structure)
        how = {
            "priority": None if priority is None else DIMENSIONS.index(priority),
            "squashing": squashing,
            "depth_memory": not dense,
            "phi": lambda a: np.maximum(a, 0.0),
        }
        y, h, m = reference.grid_lstm_forward(x, states[::2], states[1::2], P, layers, **how)
        return y, [state for pair in zip(h, m, strict=True) for state in pair]

    def masked(mask, W):
        """Where the old h of time is read: everywhere, or not where the depth dimension reads the new one."""
        W, n = W.copy(), len(mask)
        for k, one in enumerate(parts(W, [4 * n, n if dense else 4 * n] * blocks)):
            if priority is None or DIMENSIONS[k % 2] == "time":
                one[:n] *= mask[:, np.newaxis]
        return W

    def count(m, n, o):
        return (2 if projected and not dense else 1) * n * m + blocks * (10 if dense else 16) * n * n + biases(n, o)

    def biases(n, o):
        return blocks * (5 if dense else 8) * n

    arguments = {"squashing": squashing, "priority": priority, **({} if projected else {"input_memory": "zeros"})}
    return Row(
        name,
        make=lambda n, o, **given: GridLSTMCell(n, depth, **arguments, **own, **given),
        count=count,
        biases=biases,
        state_widths=lambda n, o: [n, n] * depth,
        twin=twin,
        variant=squashing != "paper",
        masked=masked,
    )


FURTHER_ROWS = [
    array_row("array", 2),
    array_row("array with soft selection", 3, reference.sigmoid, lane_selection="soft"),
    depth_gated_row("depth-gated", 2),
    grid_row("grid", 2),
    grid_row("grid with its own weights in each block", 2, "lstm", priority=None, projected=False, tied=None),
    grid_row("grid without memory along depth", 2, "lstm", depth_dimension="dense"),
]
