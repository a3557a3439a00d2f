"""Steps of the spine: SimpleRNN, Elman, Jordan, LSTM of 1997, LSTM, peepholes, GRU, skips in time."""

import keras
from keras import ops

from course_kit.cells import ElmanCell, GRUCell, JordanCell, LagSkipCell, LSTM1997Cell, PeepholeLSTMCell
from course_kit.cells.lstm1997 import SQUASHINGS
from course_kit.layers.tracing.table import affine, lstm, traced, weighted


@traced(keras.layers.SimpleRNNCell)
def _simple_rnn(cell, x, states):
    h = cell.activation(weighted(cell, x, states[0]))
    return h, [h], {"h": h}


@traced(ElmanCell)
def _elman(cell, x, states):
    h = cell.activation(weighted(cell, x, states[0]))
    y = cell.output_activation(affine(h, cell.output_kernel, cell.output_bias))
    return y, [h], {"h": h, "y": y}


@traced(JordanCell)
def _jordan(cell, x, states):
    h = cell.activation(weighted(cell, x, states[0]))
    y = cell.output_activation(affine(h, cell.output_kernel, cell.output_bias))
    context = cell.context_decay * states[0] + y
    return y, [context], {"h": h, "y": y, "context": context}


@traced(LagSkipCell)
def _lag_skip(cell, x, states):
    seen = ops.concatenate([states[lag - 1] for lag in (1, *cell.lags)], axis=-1)
    h = cell.activation(weighted(cell, x, seen))
    return h, [h, *states[:-1]], {"h": h}


@traced(keras.layers.LSTMCell)
def _lstm(cell, x, states):
    h, c = states
    found = lstm(cell, weighted(cell, x, h), c)
    return found["h"], [found["h"], found["c"]], found


@traced(PeepholeLSTMCell)
def _peephole(cell, x, states):
    h, c = states
    found = lstm(cell, weighted(cell, x, h), c, [cell.peephole_kernel[k] for k in range(3)])
    return found["h"], [found["h"], found["c"]], found


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
    return h, [h, c, *kept], {"i": i, "c_tilde": c_tilde, "o": o, "c": c, "h": h}


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
    return h, [h], {"z": z, "r": r, "h_tilde": h_tilde, "h": h}
