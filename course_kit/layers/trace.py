"""Every gate and every state of a recurrent layer over time, computed from its weights."""

from collections.abc import Callable

import keras
import numpy as np
from keras import ops

from course_kit.cells import ElmanCell, GRUCell, JordanCell, LSTM1997Cell, PeepholeLSTMCell
from course_kit.cells.lstm1997 import SQUASHINGS
from course_kit.layers.steps import cell_of, inputs_in_order, starting_states

_STEPS: dict[type, Callable] = {}


def traced(*cells: type) -> Callable:
    """Decorator for what knows a step of these cells: (cell, x_t, states) -> (quantities by name, new states)."""

    def register(step: Callable) -> Callable:
        _STEPS.update(dict.fromkeys(cells, step))
        return step

    return register


def trace(layer, x, initial_state=None) -> dict[str, np.ndarray]:
    """Every gate and state of a layer over time, by the letters of the slides.

    | layer | names |
    | --- | --- |
    | `SimpleRNN` | h |
    | `LSTM`, `PeepholeLSTMCell` | i, f, c_tilde, o, c, h |
    | `LSTM1997Cell` | i, c_tilde, o, c, h; with blocks i and o have one column a block |
    | `GRU`, `GRUCell` | z, r, h_tilde, h |
    | `ElmanCell` | h, y |
    | `JordanCell` | h, y, context, as it is after the step |

    The gates come from the layer's weights, not out of the layer, which has none to show; the tests hold the traced
    output to the layer's own. Dropout is off, and there is no mask. Of a `stateful` layer the stored state is neither
    used nor changed. A layer with `go_backwards` is traced in the order in which it reads.

    Args:
        layer: `keras.layers.SimpleRNN`, `LSTM` or `GRU`, or `keras.layers.RNN` of one of their cells or of a cell of
            the kit; built.
        x: (N, T, m).
        initial_state: array or list of arrays (N, n), as the layer takes. Default: zeros.

    Returns:
        dict of arrays (N, T, n) in the layer's type.

    Raises:
        TypeError: the layer is not recurrent, or the trace does not know its cell.
        ValueError: the layer is not built.

    >>> layer = keras.layers.LSTM(2, kernel_initializer="zeros", unit_forget_bias=True)
    >>> _ = layer(np.zeros((1, 3, 4), dtype="float32"))
    >>> gates = trace(layer, np.zeros((1, 3, 4)), initial_state=[np.zeros((1, 2)), np.ones((1, 2))])
    >>> gates["f"].shape, round(float(gates["f"][0, 0, 0]), 4)  # sigmoid(1)
    ((1, 3, 2), 0.7311)
    """
    cell = cell_of(layer)
    if type(cell) not in _STEPS:
        known = ", ".join(sorted(known.__name__ for known in _STEPS))
        raise TypeError(f"the cell must be one of {known}. Got {type(cell).__name__}.")
    x = inputs_in_order(layer, x)
    states, steps = starting_states(layer, x.shape[0], initial_state), []
    for t in range(x.shape[1]):
        quantities, states = _STEPS[type(cell)](cell, x[:, t], states)
        steps.append(quantities)
    return {name: np.stack([ops.convert_to_numpy(step[name]) for step in steps], axis=1) for name in steps[0]}


def _affine(x, kernel, bias):
    return ops.matmul(x, kernel) if bias is None else ops.matmul(x, kernel) + bias


def _sum(cell, x, h):
    """x W + h U + b, the argument of the squashing in all cells but the GRU."""
    return _affine(x, cell.kernel, cell.bias) + ops.matmul(h, cell.recurrent_kernel)


@traced(keras.layers.SimpleRNNCell)
def _simple_rnn(cell, x, states):
    h = cell.activation(_sum(cell, x, states[0]))
    return {"h": h}, [h]


@traced(ElmanCell)
def _elman(cell, x, states):
    h = cell.activation(_sum(cell, x, states[0]))
    return {"h": h, "y": cell.output_activation(_affine(h, cell.output_kernel, cell.output_bias))}, [h]


@traced(JordanCell)
def _jordan(cell, x, states):
    h = cell.activation(_sum(cell, x, states[0]))
    y = cell.output_activation(_affine(h, cell.output_kernel, cell.output_bias))
    context = cell.context_decay * states[0] + y
    return {"h": h, "y": y, "context": context}, [context]


@traced(keras.layers.LSTMCell, PeepholeLSTMCell)
def _lstm(cell, x, states):
    h, c = states
    a_i, a_f, a_c, a_o = ops.split(_sum(cell, x, h), 4, axis=-1)
    peepholes = [cell.peephole_kernel[k] for k in range(3)] if isinstance(cell, PeepholeLSTMCell) else [0.0] * 3
    p_i, p_f, p_o = peepholes
    i, f = cell.recurrent_activation(a_i + p_i * c), cell.recurrent_activation(a_f + p_f * c)
    c_tilde = cell.activation(a_c)
    c = f * c + i * c_tilde
    o = cell.recurrent_activation(a_o + p_o * c)
    h = o * cell.activation(c)
    return {"i": i, "f": f, "c_tilde": c_tilde, "o": o, "c": c, "h": h}, [h, c]


@traced(LSTM1997Cell)
def _lstm1997(cell, x, states):
    g, squash = SQUASHINGS[cell.squashing]
    h, c, *gates = states
    seen = ops.concatenate([h, *gates], axis=-1)
    n, b = cell.units, cell.blocks
    a = ops.matmul(x, cell.kernel) + ops.matmul(seen, cell.recurrent_kernel)
    a_i, a_c, a_o = ops.split(a, [b, b + n], axis=-1)
    if cell.use_bias == "gates":
        a_i, a_o = a_i + cell.bias[:b], a_o + cell.bias[b:]
    elif cell.use_bias:
        a_i, a_c, a_o = a_i + cell.bias[:b], a_c + cell.bias[b : b + n], a_o + cell.bias[b + n :]
    i, c_tilde, o = cell.recurrent_activation(a_i), g(a_c), cell.recurrent_activation(a_o)
    c = c + ops.repeat(i, cell.block_size, axis=-1) * c_tilde
    h = ops.repeat(o, cell.block_size, axis=-1) * squash(c)
    kept = [ops.concatenate([i, o], axis=-1)] if gates else []
    return {"i": i, "c_tilde": c_tilde, "o": o, "c": c, "h": h}, [h, c, *kept]


@traced(keras.layers.GRUCell, GRUCell)
def _gru(cell, x, states):
    (h,) = states
    U_z, U_r, U_h = ops.split(cell.recurrent_kernel, 3, axis=-1)
    if not cell.use_bias:
        b = past = ops.zeros((3 * cell.units,), dtype=h.dtype)
    elif cell.reset_after:
        b, past = cell.bias[0], cell.bias[1]
    else:
        b, past = cell.bias, ops.zeros((3 * cell.units,), dtype=h.dtype)
    a_z, a_r, a_h = ops.split(ops.matmul(x, cell.kernel) + b, 3, axis=-1)
    b_z, b_r, b_h = ops.split(past, 3, axis=-1)
    z = cell.recurrent_activation(a_z + ops.matmul(h, U_z) + b_z)
    r = cell.recurrent_activation(a_r + ops.matmul(h, U_r) + b_r)
    back = r * (ops.matmul(h, U_h) + b_h) if cell.reset_after else ops.matmul(r * h, U_h)
    h_tilde = cell.activation(a_h + back)
    kept = 1 - z if getattr(cell, "update", "keep") == "write" else z
    h = kept * h + (1 - kept) * h_tilde
    return {"z": z, "r": r, "h_tilde": h_tilde, "h": h}, [h]
