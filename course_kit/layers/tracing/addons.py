"""Steps of the cells known from TensorFlow Addons."""

from keras import ops

from course_kit.cells import ESNCell, LayerNormLSTMCell, LayerNormSimpleRNNCell, NASCell
from course_kit.layers.tracing.table import affine, lstm, traced, weighted


def _normalised(a, epsilon, gamma, beta=0.0):
    mean, variance = ops.moments(a, axes=-1, keepdims=True)
    return (a - mean) / ops.sqrt(variance + epsilon) * gamma + beta


@traced(LayerNormSimpleRNNCell)
def _layer_norm_simple_rnn(cell, x, states):
    a = ops.matmul(x, cell.kernel) + ops.matmul(states[0], cell.recurrent_kernel)
    a = _normalised(a, cell.layernorm_epsilon, cell.gamma)
    h = cell.activation(a + cell.bias if cell.use_bias else a)
    return h, [h], {"h": h}


@traced(LayerNormLSTMCell)
def _layer_norm_lstm(cell, x, states):
    h, c = states
    epsilon = cell.norm_epsilon
    of_x = _normalised(ops.matmul(x, cell.kernel), epsilon, cell.kernel_gamma, cell.kernel_beta)
    of_h = _normalised(ops.matmul(h, cell.recurrent_kernel), epsilon, cell.recurrent_gamma, cell.recurrent_beta)
    found = lstm(cell, of_x + of_h + cell.bias if cell.use_bias else of_x + of_h, c)
    c = _normalised(found["c"], epsilon, cell.state_gamma, cell.state_beta)
    h = found["o"] * cell.activation(c)
    return h, [h, c], {**found, "c": c, "h": h}


@traced(NASCell)
def _nas(cell, x, states):
    h, c = states
    u = ops.split(ops.matmul(x, cell.kernel), 8, axis=-1)
    v = ops.split(affine(h, cell.recurrent_kernel, cell.bias), 8, axis=-1)
    sums = [of_x + of_h for of_x, of_h in zip(u, v, strict=True)]
    l_0 = ops.tanh(ops.sigmoid(sums[0]) * ops.relu(sums[1]))
    l_1 = ops.tanh(ops.sigmoid(sums[2]) + ops.relu(u[3] * v[3]))
    l_2 = ops.tanh(ops.tanh(sums[4]) * ops.sigmoid(sums[5]))
    l_3 = ops.sigmoid(ops.tanh(sums[6]) + ops.sigmoid(sums[7]))
    c = ops.tanh(l_0 + c) * l_1
    h = ops.tanh(c * ops.tanh(l_2 + l_3))
    if cell.projection is not None:
        h = ops.matmul(h, cell.projection_kernel)
    return h, [h, c], {"l_0": l_0, "l_1": l_1, "l_2": l_2, "l_3": l_3, "c": c, "h": h}


@traced(ESNCell)
def _esn(cell, x, states):
    h_tilde = cell.activation(weighted(cell, x, states[0]))
    h = (1 - cell.leaky) * states[0] + cell.leaky * h_tilde
    return h, [h], {"h_tilde": h_tilde, "h": h}
