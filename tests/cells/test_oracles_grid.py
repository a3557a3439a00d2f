"""Grid LSTM against stacks of Keras' LSTM, step by step out of Keras' cells, and by its symmetries."""

import inspect
import sys

import keras
import numpy as np
import pytest

from course_kit import reference
from course_kit.cells import GridLSTMCell, grid_block
from tests.cells.further import DIMENSIONS, grid_layers
from tests.cells.table import UNITS, M, N, T, keras_lstm, largest_difference, layer_of, numpy


@pytest.fixture
def rng():
    return np.random.default_rng(61)


def draw(rng, depth):
    """An input and a non-zero state of each block."""
    return rng.normal(size=(N, T, M)), [rng.normal(size=(N, UNITS)) for _ in range(2 * depth)]


def test_with_the_identity_along_depth_it_is_a_stack_of_keras_lstms(rng):
    """V = [I, 0]: each block hands its new h of time up; the time blocks are LSTMs, the first with kernel P W."""
    depth, n = 3, UNITS
    cell = GridLSTMCell(
        n, depth, squashing="lstm", tied=None, depth_dimension="dense", dense_activation="linear", dtype="float64"
    )
    layer, weights = layer_of(cell, rng)
    P, layers = grid_layers(weights, depth, tied=None, depth_dimension="dense")
    for kernels, biases in layers:  # views of the weights
        kernels[1][:] = np.concatenate([np.eye(n), np.zeros((n, n))])
        biases[1][:] = 0
    layer.set_weights(weights)
    x, states = draw(rng, depth)

    y, *last = numpy(layer(x, initial_state=states))
    up, expected = x, []
    for k, (kernels, biases) in enumerate(layers):
        U, W = np.split(kernels[0], 2)
        lstm = keras_lstm(P @ W if k == 0 else W, U, biases[0])
        up, *ends = numpy(lstm(up, initial_state=states[2 * k : 2 * k + 2]))
        expected += ends

    assert largest_difference([y, *last], [up, *expected]) < 1e-13


@pytest.mark.parametrize("squashing", ["paper", "lstm"])
@pytest.mark.parametrize("priority", ["time", "depth", None])
def test_it_is_what_keras_lstm_cells_make_step_by_step(squashing, priority, rng):
    """One LSTMCell for each dimension of each block: it gives m' and o, and h' is made of them."""
    depth, n = 2, UNITS
    cell = GridLSTMCell(n, depth, squashing=squashing, priority=priority, tied=None, dtype="float64")
    layer, weights = layer_of(cell, rng)
    P, layers = grid_layers(weights, depth, tied=None)
    x, states = draw(rng, depth)

    def keras_cell(kernel, bias, dimension):
        U, W = np.split(kernel, 2)[:: 1 if dimension == "time" else -1]  # what it reads of itself, and of the other
        cell = keras.layers.LSTMCell(n, dtype="float64")
        cell.build((None, n))
        cell.set_weights([W, U, bias])
        return cell

    def transform(cell, other, own, memory):
        h, (_, m) = numpy(cell(other, [own, memory]))
        o = h / np.tanh(m)
        return (np.tanh(o * m) if squashing == "paper" else h), m

    cells = [[keras_cell(*of, name) for *of, name in zip(*layer, DIMENSIONS, strict=True)] for layer in layers]
    obtained = numpy(layer(x, initial_state=states))
    hidden, memories, outputs = states[::2], states[1::2], []
    for t in range(T):
        up, up_memory = np.split(x[:, t] @ P, 2, axis=1)
        for k, (along_time, along_depth) in enumerate(cells):
            h = hidden[k]
            if priority != "time":
                hidden[k], memories[k] = transform(along_time, up, h, memories[k])
            new_up, new_memory = transform(along_depth, hidden[k] if priority == "depth" else h, up, up_memory)
            if priority == "time":
                hidden[k], memories[k] = transform(along_time, new_up, h, memories[k])
            up, up_memory = new_up, new_memory
        outputs.append(up)

    expected = [np.stack(outputs, axis=1), *[s for pair in zip(hidden, memories, strict=True) for s in pair]]
    assert largest_difference(obtained, expected) < 1e-12


def test_one_kernel_for_both_dimensions_and_equal_memories_make_equal_outputs(rng):
    """Without priority both transforms read the same H; depth starts from m = 0, and so does time."""
    cell = GridLSTMCell(UNITS, 1, priority=None, tied="dimensions", input_memory="zeros", dtype="float64")
    layer, _ = layer_of(cell, rng)

    y, h, m = numpy(
        layer(rng.normal(size=(N, 1, M)), initial_state=[rng.normal(size=(N, UNITS)), np.zeros((N, UNITS))])
    )

    assert largest_difference(y[:, 0], h) == 0
    assert np.abs(m).max() > 0.1


@pytest.mark.parametrize(("tied", "free"), [("layers", 2), ("dimensions", 3), ("both", 1)])
def test_tied_weights_are_untied_weights_that_are_equal(tied, free, rng):
    """Three blocks: an untied cell with copies computes the same; so many matrices are left."""
    depth, n = 3, UNITS
    layer, weights = layer_of(GridLSTMCell(n, depth, tied=tied, dtype="float64"), rng)
    untied, _ = layer_of(GridLSTMCell(n, depth, tied=None, dtype="float64"), rng)
    P, layers = grid_layers(weights, depth, tied=tied)
    copies = [np.concatenate([matrix for block in layers for matrix in block[k]], axis=-1) for k in (0, 1)]
    untied.set_weights([P, *copies])
    x, states = draw(rng, depth)

    assert largest_difference(numpy(layer(x, initial_state=states)), numpy(untied(x, initial_state=states))) == 0
    assert layer.count_params() == 2 * n * M + free * (8 * n * n + 4 * n)


@pytest.mark.parametrize(
    ("own", "formula"),
    [
        ({}, lambda m, d: 2 * d * m + 16 * d**2 + 8 * d),
        ({"tied": None}, lambda m, d: 2 * d * m + 3 * (16 * d**2 + 8 * d)),
        ({"tied": None, "input_memory": "zeros"}, lambda m, d: d * m + 3 * (16 * d**2 + 8 * d)),
        ({"depth_dimension": "dense"}, lambda m, d: d * m + 10 * d**2 + 5 * d),
        ({"use_bias": False}, lambda m, d: 2 * d * m + 16 * d**2),
    ],
)
def test_number_of_parameters_for_each_choice(own, formula, rng):
    """Three blocks in five random sizes."""
    for m, d in rng.integers(1, 9, size=(5, 2)).tolist():
        cell = GridLSTMCell(d, 3, **own)
        cell.build((None, m))
        assert cell.count_params() == formula(m, d)


def test_a_dimension_without_lstm_cannot_share_its_weights():
    """The matrices have different shapes."""
    with pytest.raises(ValueError) as caught:
        GridLSTMCell(3, tied="both", depth_dimension="dense")

    assert str(caught.value) == "tied must be None or 'layers' with depth_dimension='dense'. Got 'both'."


# --- the block --------------------------------------------------------------------------------------------------------


def block(rng, dimensions, without=None):
    """Vectors and weights of a block of five numbers in each dimension; one may be without a memory."""
    hidden, memories = ([rng.normal(size=(N, 5)) for _ in range(dimensions)] for _ in range(2))
    widths = [5 if k == without else 20 for k in range(dimensions)]
    if without is not None:
        memories[without] = None
    kernels = [rng.normal(size=(5 * dimensions, width)) / dimensions for width in widths]
    return hidden, memories, kernels, [rng.normal(size=width) for width in widths]


def as_list(result):
    hidden, memories = result
    return [np.asarray(a) for a in [*hidden, *(m for m in memories if m is not None)]]


@pytest.mark.parametrize("squashing", ["paper", "lstm"])
@pytest.mark.parametrize("priority", [None, 0, 1])
@pytest.mark.parametrize(("dimensions", "without"), [(1, None), (2, None), (3, None), (3, 0)])
def test_a_block_is_its_twin_in_any_number_of_dimensions(dimensions, without, priority, squashing, rng):
    """All hidden vectors and memories; the dimension without a memory is a rectified linear one."""
    parts = block(rng, dimensions, without)
    priority = None if priority is None else min(priority, dimensions - 1)

    obtained = as_list(grid_block(*parts, priority=priority, squashing=squashing))
    expected = as_list(reference.grid_block(*parts, priority, squashing, phi=lambda a: np.maximum(a, 0)))

    assert len(obtained) == 2 * dimensions - (without is not None)
    assert largest_difference(obtained, expected) < 1e-14


def test_a_block_of_one_dimension_is_keras_lstm_without_input(rng):
    """h and m of one step from the state alone."""
    (h,), (m,), (U,), (b,) = block(rng, 1)
    lstm = keras_lstm(np.zeros((1, 20)), U, b)

    obtained = as_list(grid_block([h], [m], [U], [b], squashing="lstm"))

    assert largest_difference(obtained, numpy(lstm(np.zeros((N, 1, 1)), initial_state=[h, m]))[1:]) < 1e-14


def test_a_block_has_four_n_squared_d_squared_weights_and_four_n_d_biases(rng):
    """cells of N dimensions and d = 5."""
    for dimensions in (1, 2, 3):
        _, _, kernels, biases = block(rng, dimensions)
        assert sum(W.size for W in kernels) == 4 * dimensions**2 * 25
        assert sum(b.size for b in biases) == 4 * dimensions * 5


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"priority": 3}, "priority must be 0, 1, 2 or None. Got 3."),
        ({"priority": -1}, "priority must be 0, 1, 2 or None. Got -1."),
        ({"squashing": "tanh"}, "squashing must be 'paper' or 'lstm'. Got 'tanh'."),
    ],
)
def test_a_bad_argument_of_the_block_gets_the_rule_and_what_came(wrong, message, rng):
    """A ValueError with exactly this sentence."""
    with pytest.raises(ValueError) as caught:
        grid_block(*block(rng, 3), **wrong)

    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("wrong", "text", "instead"),
    [
        ("stacks i, c, f, o", "a_i, a_f, a_c, a_o =", "a_i, a_c, a_f, a_o ="),
        ("squashes as an LSTM", "activation(o * m)", "o * activation(m)"),
        ("squashes the memory twice", "activation(o * m)", "activation(o * activation(m))"),
        ("has no tanh on the output", "activation(o * m)", "o * m"),
        ("uses the old memory in the output", "activation(o * m)", "activation(o * memories[k])"),
        ("lets the priority dimension read the old vectors", "new[k][0] for k", "hidden[k] for k"),
        ("has no bias", "a = a + biases[k]", "a = a + 0"),
    ],
)
def test_a_wrong_form_of_the_block_is_seen(wrong, text, instead, rng):
    """More than a thousandth in one step."""
    source = inspect.getsource(grid_block)
    assert source.count(text) == 1
    names = dict(vars(sys.modules[grid_block.__module__]))
    exec(source.replace(text, instead), names)
    parts = block(rng, 3)
    expected = as_list(reference.grid_block(*parts, 1))

    assert largest_difference(as_list(grid_block(*parts, priority=1)), expected) < 1e-14
    assert largest_difference(as_list(names["grid_block"](*parts, priority=1)), expected) > 1e-3
