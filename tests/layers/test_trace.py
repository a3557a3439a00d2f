"""Traces against the layers' own outputs and states, and against the NumPy twins' gates."""

import inspect

import keras
import numpy as np
import pytest

from course_kit import cells, reference
from course_kit.cells import (
    EchoStateCell,
    ElmanCell,
    ESNCell,
    GRUCell,
    JordanCell,
    LagSkipCell,
    LayerNormLSTMCell,
    LayerNormSimpleRNNCell,
    LSTM1997Cell,
    NASCell,
    PeepholeLSTMCell,
)
from course_kit.layers.trace import trace
from course_kit.layers.tracing import step_of
from tests.cells.table import M, N, T, largest_difference, layer_of, numpy, randomise

CELLS = {
    "SimpleRNN": lambda: keras.layers.SimpleRNNCell(5, dtype="float64"),
    "SimpleRNN without bias": lambda: keras.layers.SimpleRNNCell(5, use_bias=False, activation="relu", dtype="float64"),
    "LSTM": lambda: keras.layers.LSTMCell(5, dtype="float64"),
    "LSTM, hard": lambda: keras.layers.LSTMCell(5, recurrent_activation="hard_sigmoid", dtype="float64"),
    "GRU": lambda: keras.layers.GRUCell(5, dtype="float64"),
    "GRU, reset before": lambda: keras.layers.GRUCell(5, reset_after=False, dtype="float64"),
    "GRU without bias": lambda: keras.layers.GRUCell(5, use_bias=False, dtype="float64"),
    "Elman": lambda: ElmanCell(5, 2, output_activation="tanh", dtype="float64"),
    "Elman without bias": lambda: ElmanCell(5, 2, use_bias=False, dtype="float64"),
    "Jordan": lambda: JordanCell(5, 2, context_decay=0.4, dtype="float64"),
    "LSTM of 1997": lambda: LSTM1997Cell(5, dtype="float64"),
    "LSTM of 1997 in blocks": lambda: LSTM1997Cell(
        6, "paper", block_size=2, gate_recurrence=True, use_bias="gates", dtype="float64"
    ),
    "peephole": lambda: PeepholeLSTMCell(5, dtype="float64"),
    "lag skip": lambda: LagSkipCell(5, (3, 2), dtype="float64"),
    "echo state": lambda: EchoStateCell(5, 2, leak=0.3, input_skip=True, dtype="float64"),
    "echo state without bias": lambda: EchoStateCell(5, 2, use_bias=False, dtype="float64"),
    "ESN": lambda: ESNCell(5, leaky=0.3, dtype="float64"),
    "layer norm simple": lambda: LayerNormSimpleRNNCell(5, dtype="float64"),
    "layer norm simple without bias": lambda: LayerNormSimpleRNNCell(5, use_bias=False, dtype="float64"),
    "layer norm LSTM": lambda: LayerNormLSTMCell(5, dtype="float64"),
    "layer norm LSTM without bias": lambda: LayerNormLSTMCell(5, use_bias=False, dtype="float64"),
    "NAS": lambda: NASCell(5, dtype="float64"),
    "NAS with projection": lambda: NASCell(5, 4, use_bias=True, dtype="float64"),
    **{
        f"our GRU, {update}, {reset_after}": lambda u=update, r=reset_after: GRUCell(
            5, update=u, reset_after=r, dtype="float64"
        )
        for update in ("keep", "write")
        for reset_after in (True, False)
    },
}
every_cell = pytest.mark.parametrize("make", CELLS.values(), ids=CELLS)
# The traced quantities in the order of the layer's states, output first.
STATES = {
    "i f c_tilde o c h": "h h c",
    "i c_tilde o c h": "h h c",
    "h y": "y h",
    "h y context": "y context",
    "h_tilde h y": "y h",
    "l_0 l_1 l_2 l_3 c h": "h h c",
}


@pytest.fixture
def rng():
    return np.random.default_rng(17)


def start(cell, rng):
    """A random state from which the layer can begin."""
    sizes = [cell.state_size] if isinstance(cell.state_size, int) else cell.state_size
    return [rng.normal(size=(N, size)) for size in sizes]


@every_cell
def test_traced_output_and_states_are_the_layers_own(make, rng):
    """At every step, from a random state."""
    layer, _ = layer_of(make(), rng)
    x, states = rng.normal(size=(N, T, M)), start(layer.cell, rng)

    traced = trace(layer, x, initial_state=states)

    output, *last = numpy(layer(x, initial_state=states))
    names = STATES.get(" ".join(traced), "h h").split()
    assert largest_difference(traced[names[0]], output) < 1e-13
    assert largest_difference([traced[name][:, -1] for name in names[1:]], last[: len(names) - 1]) < 1e-13


def test_lstm_gates_are_the_twins(rng):
    """Each gate by its own letter: no two are exchanged."""
    layer, weights = layer_of(keras.layers.LSTMCell(5, dtype="float64"), rng)
    x, (h0, c0) = rng.normal(size=(N, T, M)), start(layer.cell, rng)
    before = np.concatenate([h0[:, None], reference.lstm_forward(x, h0, c0, *weights)[0][:, :-1]], axis=1)

    traced = trace(layer, x, initial_state=[h0, c0])

    for t in range(T):
        expected = reference.lstm_gates(x[:, t], before[:, t], *weights)
        assert largest_difference([traced[name][:, t] for name in ("i", "f", "c_tilde", "o")], list(expected)) < 1e-13


@pytest.mark.parametrize("name", ["LSTM of 1997", "LSTM of 1997 in blocks", "peephole"])
def test_lstm_quantities_make_each_other(name, rng):
    """c_t - f c_{t-1} is i times c_tilde, and h over the squashed c is o; i lies in (0, 1), c_tilde does not."""
    layer, _ = layer_of(CELLS[name](), rng)
    size, half = getattr(layer.cell, "block_size", 1), name == "LSTM of 1997 in blocks"
    traced = trace(layer, rng.normal(size=(N, T, M)))

    before = np.concatenate([np.zeros_like(traced["c"][:, :1]), traced["c"][:, :-1]], axis=1)
    written = traced["c"] - traced.get("f", 1.0) * before
    np.testing.assert_allclose(np.repeat(traced["i"], size, axis=-1) * traced["c_tilde"], written, atol=1e-13)
    squashed = np.tanh(traced["c"] / 2 if half else traced["c"])
    np.testing.assert_allclose(np.repeat(traced["o"], size, axis=-1) * squashed, traced["h"], atol=1e-13)
    assert traced["i"].min() > 0 > traced["c_tilde"].min()


@pytest.mark.parametrize("name, low, high", [("z", 0, 1), ("r", 0, 1), ("h_tilde", -1, 1)])
def test_gru_gates_are_told_apart_by_their_biases(name, low, high, rng):
    """A bias that drives one of three to its end shows in the trace under that name, and under no other."""
    layer, _ = layer_of(GRUCell(5, dtype="float64"), rng)
    kernel, recurrent_kernel, bias = layer.get_weights()
    block = ("z", "r", "h_tilde").index(name)
    ends = []
    for push in (-60.0, 60.0):
        pushed = bias.copy()
        pushed[5 * block : 5 * block + 5] += push
        layer.set_weights([kernel, recurrent_kernel, pushed])
        ends.append(trace(layer, rng.normal(size=(N, T, M))))

    assert np.allclose(ends[0][name], low) and np.allclose(ends[1][name], high)
    assert all(ends[1][other].std() > 1e-3 for other in ("z", "r", "h_tilde") if other != name)


def test_backwards_layer_is_traced_as_it_reads(rng):
    """Without an initial state, and as the kit's layers and Keras' own make it."""
    layer = keras.layers.GRU(5, return_sequences=True, go_backwards=True, dtype="float64")
    layer.build((N, T, M))
    randomise(layer, rng)
    x = rng.normal(size=(N, T, M))

    assert largest_difference(trace(layer, x)["h"], numpy(layer(x))) < 1e-13


def test_stateful_layer_keeps_its_state(rng):
    """The trace starts from zeros and leaves the stored state as it was."""
    layer = keras.layers.LSTM(5, stateful=True, return_sequences=True)
    x = rng.normal(size=(N, T, M)).astype("float32")
    first = numpy(layer(x))
    stored = [v.numpy() for v in layer.states]

    assert largest_difference(trace(layer, x)["h"], first) < 1e-6
    assert largest_difference([v.numpy() for v in layer.states], stored) == 0


class OwnCell(ElmanCell):
    """Its step may be any, so that it is not taken for its parent's."""


UNTRACEABLE = {
    "dense": (lambda: keras.layers.Dense(3), TypeError, "must be a recurrent layer"),
    "not built": (lambda: keras.layers.LSTM(3), ValueError, "must be built"),
    "both ways, not built": (
        lambda: keras.layers.Bidirectional(keras.layers.LSTM(3)),
        ValueError,
        "must be built",
    ),
    "unknown cell": (
        lambda: layer_of(OwnCell(3, 2), np.random.default_rng(0))[0],
        TypeError,
        "the cell must be one of ArrayLSTMCell, .*Got OwnCell",
    ),
}


@pytest.mark.parametrize("make, error, rule", UNTRACEABLE.values(), ids=UNTRACEABLE)
def test_what_cannot_be_traced_says_why(make, error, rule):
    """The rule, then what came."""
    with pytest.raises(error, match=rule):
        trace(make(), np.zeros((N, T, M)))


def test_every_recurrent_cell_of_the_kit_can_be_traced():
    """A cell that is added to the kit is added to the trace."""
    ours = {c for c in vars(cells).values() if inspect.isclass(c) and issubclass(c, keras.layers.Layer)}

    for cell in ours:
        assert callable(step_of(cell.__new__(cell)))
