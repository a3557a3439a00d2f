"""Weights to and from ONNX: onnxruntime, fed with them, computes the same."""

import numpy as np
import pytest

from course_kit.cells.convert import from_onnx, to_onnx
from course_kit.cells.convert.weights import KINDS
from tests.cells.convert.systems import ALL, PEEPHOLE, UNITS, M, h_of
from tests.cells.table import largest_difference
from tests.oracles.onnx_cells import run_node

every_kind = pytest.mark.parametrize("kind", ALL, ids=lambda kind: kind.name)
OPERATORS = {"simple_rnn": "RNN", "lstm": "LSTM", "gru": "GRU"}
BLOCKS = {"RNN": 1, "LSTM": 4, "GRU": 3}


@pytest.fixture
def rng():
    return np.random.default_rng(41)


def operator(cell) -> str:
    return OPERATORS[KINDS[type(cell)]]


def onnx_h(cell, arrays, x, states) -> np.ndarray:
    """h (N, T, n) of the ONNX node with these arrays."""
    feeds = {"x": np.swapaxes(x, 0, 1), "W": arrays["W"], "R": arrays["R"], "B": arrays.get("B"), "lengths": None}
    feeds |= {name: state[np.newaxis] for name, state in zip(["h0", "c0"], states, strict=False)}
    feeds |= {"P": arrays.get("P")} if operator(cell) == "LSTM" else {}
    reset = {"linear_before_reset": int(cell.reset_after)} if operator(cell) == "GRU" else {}
    (h,) = run_node(operator(cell), feeds, ["h"], hidden_size=UNITS, **reset)
    return np.swapaxes(h[:, 0], 0, 1)


@every_kind
@pytest.mark.parametrize("use_bias", [True, False])
def test_onnxruntime_computes_the_same_with_our_weights(kind, use_bias, rng):
    """Seven steps from a non-zero state with random weights and biases."""
    layer, x, states = kind.draw(rng, use_bias=use_bias)

    obtained = onnx_h(layer.cell, to_onnx(layer), x, states)

    assert largest_difference(obtained, h_of(layer, x, states)) < 1e-6


@every_kind
def test_we_compute_the_same_with_weights_of_onnx(kind, rng):
    """Both biases and the peepholes are random, so that each must come to its place."""
    layer, x, states = kind.draw(rng)
    blocks = BLOCKS[operator(layer.cell)]
    shapes = {"W": (1, blocks * UNITS, M), "R": (1, blocks * UNITS, UNITS), "B": (1, 2 * blocks * UNITS)}
    shapes |= {"P": (1, 3 * UNITS)} if kind is PEEPHOLE else {}
    arrays = {name: 0.6 * rng.normal(size=shape).astype("float32") for name, shape in shapes.items()}

    layer.set_weights(from_onnx(arrays, layer))

    assert largest_difference(h_of(layer, x, states), onnx_h(layer.cell, arrays, x, states)) < 1e-6


@every_kind
@pytest.mark.parametrize("use_bias", [True, False])
def test_to_onnx_and_back_changes_no_bit(kind, use_bias, rng):
    """A target that is not built is enough: its arguments tell the rest."""
    layer, _, _ = kind.draw(rng, use_bias=use_bias)

    back = from_onnx(to_onnx(layer), kind.make(use_bias=use_bias).cell)

    assert [w.dtype for w in back] == [w.dtype for w in layer.get_weights()]
    assert largest_difference(back, layer.get_weights()) == 0


def test_a_peephole_lstm_reads_weights_without_peepholes(rng):
    """They are zero then."""
    layer, x, states = PEEPHOLE.draw(rng)
    arrays = to_onnx(layer)
    del arrays["P"]

    layer.set_weights(from_onnx(arrays, layer))

    assert largest_difference(h_of(layer, x, states), onnx_h(layer.cell, arrays, x, states)) < 1e-6
