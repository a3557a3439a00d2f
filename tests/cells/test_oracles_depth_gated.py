"""Depth-gated LSTM against stacks of LSTMs, and step by step out of Keras' cells."""

import keras
import numpy as np
import pytest

from course_kit.cells import DepthGatedLSTMCell
from tests.cells.further import depth_gated_layers
from tests.cells.table import UNITS, M, N, T, keras_lstm, largest_difference, layer_of, numpy
from tests.oracles.onnx_cells import onnx_lstm


@pytest.fixture
def rng():
    return np.random.default_rng(59)


def draw(rng, depth):
    """An input and a non-zero state of each layer."""
    return rng.normal(size=(N, T, M)), [rng.normal(size=(N, UNITS)) for _ in range(2 * depth)]


def with_depth_bias(cell, rng, value):
    """The cell in a layer with random weights but for one bias in all depth gates, and its weights."""
    layer, weights = layer_of(cell, rng)
    place = [w.name for w in layer.weights].index("depth_bias")
    weights[place] = np.full_like(weights[place], value)
    layer.set_weights(weights)
    return layer, weights


def test_a_shut_depth_gate_makes_a_stack_of_onnxruntime_lstms_with_p(rng):
    """Three layers with peepholes, each fed with the outputs of the one before; float32."""
    layer, weights = with_depth_bias(DepthGatedLSTMCell(UNITS, 3), rng, -50)
    x, states = draw(rng, 3)

    h, *last = numpy(layer(x.astype("float32"), initial_state=[s.astype("float32") for s in states]))
    expected = []
    for k, w in enumerate(depth_gated_layers(weights, 3)):
        x, *ends = onnx_lstm(x, *states[2 * k : 2 * k + 2], w["W"], w["U"], w["b"], w["p"])
        expected += ends

    assert largest_difference(h, x) < 1e-6
    assert largest_difference(last, expected) < 1e-6


@pytest.mark.parametrize("depth", [1, 2])
def test_a_shut_depth_gate_without_peepholes_makes_a_stack_of_keras_lstms(depth, rng):
    """In float64; one layer has no depth gate at all."""
    cell = DepthGatedLSTMCell(UNITS, depth, peepholes=False, dtype="float64")
    layer, weights = with_depth_bias(cell, rng, -50) if depth > 1 else layer_of(cell, rng)
    x, states = draw(rng, depth)

    h, *last = numpy(layer(x, initial_state=states))
    expected = []
    for k, w in enumerate(depth_gated_layers(weights, depth, peepholes=False)):
        x, *ends = numpy(keras_lstm(w["W"], w["U"], w["b"])(x, initial_state=states[2 * k : 2 * k + 2]))
        expected += ends

    assert largest_difference([h, *last], [x, *expected]) < 1e-14


def test_an_open_depth_gate_and_nothing_else_passes_the_memory_up_unchanged(rng):
    """d = 1 and i = f = 0 in layer 2: its memory is that of layer 1, exactly, at every step."""
    layer, weights = with_depth_bias(DepthGatedLSTMCell(UNITS, 2, dtype="float64"), rng, 800)
    weights[2][4 * UNITS : 6 * UNITS] = -800
    layer.set_weights(weights)
    x, states = draw(rng, 2)

    for t in range(1, T + 1):
        _, _, c_1, _, c_2 = numpy(layer(x[:, :t], initial_state=states))
        assert largest_difference(c_2, c_1) == 0


def test_it_is_what_keras_cells_and_a_dense_layer_make_step_by_step(rng):
    """Keras' LSTMCell gives f c + i c~ and o; a Dense layer with two diagonal blocks gives the depth gate."""
    depth, n = 3, UNITS
    layer, weights = layer_of(DepthGatedLSTMCell(n, depth, peepholes=False, dtype="float64"), rng)
    x, states = draw(rng, depth)
    layers = depth_gated_layers(weights, depth, peepholes=False)
    cells, gates = [], [None]
    for w in layers:
        cell = keras.layers.LSTMCell(n, dtype="float64")
        cell.build((None, w["W"].shape[0]))
        cell.set_weights([w["W"], w["U"], w["b"]])
        cells.append(cell)
    for w in layers[1:]:
        gate = keras.layers.Dense(n, "sigmoid", dtype="float64")
        gate.build((None, 3 * n))
        gate.set_weights([np.concatenate([w["W_d"], *map(np.diag, w["w_d"])]), w["b_d"]])
        gates.append(gate)

    obtained = numpy(layer(x, initial_state=states))
    hidden, memories, outputs = states[::2], states[1::2], []
    for t in range(T):
        below, up = None, x[:, t]
        for k, (cell, gate) in enumerate(zip(cells, gates, strict=True)):
            h, (_, c) = numpy(cell(up, [hidden[k], memories[k]]))
            o = h / np.tanh(c)
            if gate is not None:
                c = c + numpy(gate(np.concatenate([up, memories[k], below], axis=1))) * below
            up = hidden[k] = o * np.tanh(c)
            below = memories[k] = c
        outputs.append(up)

    expected = [np.stack(outputs, axis=1), *[s for pair in zip(hidden, memories, strict=True) for s in pair]]
    assert largest_difference(obtained, expected) < 1e-12


def test_every_layer_starts_as_it_would_alone():
    """In each of three layers a random kernel of its own, of the spread of one layer, and a forget bias of one."""
    n = 16
    cell = DepthGatedLSTMCell(n, 3, peephole_initializer="random_normal")
    cell.build((None, n))
    layers = depth_gated_layers([keras.ops.convert_to_numpy(w) for w in cell.weights], 3)

    for kind in ("W", "U"):
        one, two, three = (layer[kind] for layer in layers)
        assert min(np.abs(one - two).max(), np.abs(two - three).max(), np.abs(one - three).max()) > 0.1
    assert all(np.abs(w["U"] @ w["U"].T - np.eye(n)).max() < 1e-5 for w in layers)  # orthogonal rows
    assert all(np.abs(w["W"]).max() <= np.sqrt(6 / (n + 4 * n)) for w in layers)  # Glorot's bound for (n, 4n)
    assert all(np.array_equal(w["b"], np.repeat([0, 1, 0, 0], n)) for w in layers)
    assert np.array_equal(layers[2]["b_d"], np.zeros(n))
