"""Rows for the cells known from TensorFlow Addons."""

from course_kit import reference
from course_kit.cells import ESNCell, LayerNormLSTMCell, LayerNormSimpleRNNCell, NASCell
from tests.cells.row import Row


def _simple_twin(x, states, weights):
    h = reference.layer_norm_simple_rnn_forward(x, states[0], *weights)
    return h, [h]


def _lstm_twin(x, states, weights):
    h, c = reference.layer_norm_lstm_forward(x, *states, *weights)
    return h, [h, c]


def _nas_twin(x, states, weights):
    h, c = reference.nas_forward(x, *states, *weights)
    return h, [h, c]


def _esn_twin(x, states, weights):
    h = reference.echo_state_forward(x, states[0], *weights, leak=0.3)
    return h, [h]


def _nas(n, o, **arguments):
    return NASCell(n, **{"use_bias": True, **arguments})


ADDONS_ROWS = [
    Row(
        "layer norm simple",
        make=lambda n, o, **arguments: LayerNormSimpleRNNCell(n, **arguments),
        count=lambda m, n, o: n * (m + n + 2),
        biases=lambda n, o: n,
        state_widths=lambda n, o: [n],
        twin=_simple_twin,
    ),
    Row(
        "layer norm lstm",
        make=lambda n, o, **arguments: LayerNormLSTMCell(n, **arguments),
        count=lambda m, n, o: 4 * n * (m + n + 1) + 18 * n,
        biases=lambda n, o: 4 * n,
        state_widths=lambda n, o: [n, n],
        twin=_lstm_twin,
    ),
    Row(
        "nas",
        make=_nas,
        count=lambda m, n, o: 8 * n * (m + n + 1),
        biases=lambda n, o: 8 * n,
        state_widths=lambda n, o: [n, n],
        twin=_nas_twin,
    ),
    Row(
        "nas with projection",
        make=lambda n, o, **arguments: _nas(n, o, projection=o, **arguments),
        count=lambda m, n, o: 8 * n * (m + o + 1) + n * o,
        biases=lambda n, o: 8 * n,
        state_widths=lambda n, o: [o, n],
        twin=_nas_twin,
        variant=True,
    ),
    Row(
        "esn",
        make=lambda n, o, **arguments: ESNCell(n, **{"leaky": 0.3, "connectivity": 0.5, "seed": 3, **arguments}),
        count=lambda m, n, o: n * (m + n + 1),
        biases=lambda n, o: n,
        state_widths=lambda n, o: [n],
        twin=_esn_twin,
        trained=False,
    ),
]

# (row, what is wrong, text of `call`, what takes its place), for `test_wrong_forms.py`
ADDONS_WRONG_FORMS = [
    ("layer norm simple", "adds the bias inside", ") * self.gamma", ") * self.gamma * (1 + self.bias)"),
    ("layer norm simple", "has no gain", " * self.gamma", ""),
    (
        "layer norm lstm",
        "carries on a part of the state",
        "[h_new, c_new]",
        "[h_new, f * c]",
    ),
    ("layer norm lstm", "does not shift the state", "c_new * self.state_gamma + self.state_beta", "c_new"),
    ("layer norm lstm", "stacks i, c, f, o", "a_i, a_f, a_c, a_o =", "a_i, a_c, a_f, a_o ="),
    ("layer norm lstm", "shares one gain", "of_h * self.recurrent_gamma", "of_h * self.kernel_gamma"),
    ("nas", "adds in block 3", "u[3] * v[3]", "u[3] + v[3]"),
    ("nas", "injects the cell before the tanh", "ops.tanh(l_0 + c) * l_1", "(l_0 + c) * l_1"),
    ("nas", "drops block 6", "ops.tanh(u[6] + v[6]) + ops.sigmoid(u[7] + v[7])", "ops.tanh(u[7] + v[7])"),
    ("nas", "has no tanh on l_2 + l_3", "ops.tanh(l_2 + l_3)", "(l_2 + l_3)"),
    ("esn", "does not leak", "(1 - self.leaky) * h + self.leaky * self.activation(a)", "self.activation(a)"),
    ("esn", "exchanges the two shares", "(1 - self.leaky) * h + self.leaky *", "self.leaky * h + (1 - self.leaky) *"),
    ("esn", "leaks before the tanh", "self.leaky * self.activation(a)", "self.activation(self.leaky * a)"),
    ("esn", "sees no past", "+ ops.matmul(h, self.recurrent_kernel)", ""),
]
