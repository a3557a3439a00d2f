"""The kit's layers in float32 on the backend that `KERAS_BACKEND` names: the loop, the configuration, files, traces.

Their cells are `test_cells.py`; each layer is `keras.layers.RNN` of its cell there too.
"""

import keras
import numpy as np
import pytest

from course_kit import reference
from course_kit.cells import ElmanCell, GRUCell, ResidualStack
from course_kit.layers import EchoState, LocalAttention, PeepholeConvLSTM2D, trace
from tests.cells.table import ROWS, M, N, T, largest_difference, numpy, randomise
from tests.layers.test_recurrent import LAYERS
from tests.layers.trees import ROWS as TREES

EVERYTHING = {"return_sequences": True, "return_state": True, "zero_output_for_mask": True}
every_layer = pytest.mark.parametrize(("layer", "cell", "given"), LAYERS, ids=[row[0].__name__ for row in LAYERS])
every_row = pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)


@pytest.fixture
def rng():
    return np.random.default_rng(101)


@pytest.fixture
def x(rng):
    return rng.normal(size=(N, T, M)).astype("float32")


@pytest.fixture
def valid():
    valid = np.ones((N, T), dtype=bool)
    valid[1, [2, 5, 6]] = False
    return valid


@every_layer
def test_a_layer_is_rnn_of_its_cell_and_its_configuration_makes_it_again(layer, cell, given, x, valid, rng):
    """With masked steps, to the last bit; the third is made from the first one's configuration."""
    ours, theirs = layer(**given, **EVERYTHING), keras.layers.RNN(cell(**given), **EVERYTHING)
    again = layer.from_config(ours.get_config())
    for each in (ours, theirs, again):
        each.build(x.shape)
    weights = randomise(ours, rng)
    for each in (theirs, again):
        each.set_weights(weights)

    expected = numpy(theirs(x, mask=valid))

    assert largest_difference(numpy(ours(x, mask=valid)), expected) == 0
    assert largest_difference(numpy(again(x, mask=valid)), expected) == 0
    assert [tuple(s.shape) for s in ours(keras.Input((T, M), batch_size=N))] == [a.shape for a in expected]


@every_row
def test_the_traced_last_state_is_the_cells_own(row, x, rng):
    """Also that every quantity is finite and has all steps."""
    layer = row.layer(dtype="float32")
    layer.build(x.shape)
    randomise(layer, rng)

    traced = trace(layer, x)

    output, *last = numpy(layer(x))
    assert all(series.shape[:2] == (N, T) and np.isfinite(series).all() for series in traced.values())
    found = [series.reshape(N, T, -1) for series in traced.values()]
    for state in [output[:, -1], *last]:
        # a state is a quantity, or several side by side, or h of an earlier step
        whole = [np.concatenate(found, axis=-1)[:, t] for t in range(T)]
        assert all(np.abs(np.stack(whole) - column[None, :, None]).max(axis=1).min() < 1e-5 for column in state.T)


def saved_and_loaded(model, folder):
    model.save(folder / "model.keras")
    return keras.models.load_model(folder / "model.keras")


@every_layer
def test_a_saved_model_is_the_same_when_loaded(layer, cell, given, x, rng, tmp_path):
    """From a file, without `custom_objects`."""
    model = keras.Sequential([keras.Input((T, M)), layer(**given)])
    randomise(model, rng)

    loaded = saved_and_loaded(model, tmp_path)

    assert largest_difference(numpy(loaded(x)), numpy(model(x))) < 1e-6


def test_a_residual_stack_is_the_sums_of_its_twins(x, valid, rng, tmp_path):
    """Two cells of one width, the second on top with a link past it; with masked steps, and from a file."""
    stack = ResidualStack([GRUCell(5), ElmanCell(4, 5)])
    layer = keras.layers.RNN(stack, **EVERYTHING)
    layer.build(x.shape)
    first, second = (randomise(cell, rng) for cell in stack.cells)
    zeros = [np.zeros((1, n)) for n in (5, 4)]

    outputs = numpy(layer(x, mask=valid))[0]

    for k in range(N):
        h = reference.gru_forward(x[k : k + 1, valid[k]], zeros[0], *first, update="keep", reset_after=False)
        expected = h + reference.elman_forward(h, zeros[1], *second)[0]
        assert largest_difference(outputs[k : k + 1, valid[k]], expected) < 1e-5
    model = keras.Sequential([keras.Input((T, M)), keras.layers.RNN(ResidualStack([GRUCell(5), ElmanCell(4, 5)]))])
    loaded = saved_and_loaded(model, tmp_path)
    assert largest_difference(numpy(loaded(x)), numpy(model(x))) < 1e-6


def test_an_echo_state_network_does_not_see_masked_steps_and_comes_back(x, valid, rng, tmp_path):
    """Against the twin on the steps that exist; fitted, from a file."""
    layer = EchoState(9, 2, leak=0.4, seed=3, **EVERYTHING)
    layer.fit(x, rng.normal(size=(N, T, 2)), ridge=1e-2)
    V, b_y, W, U, b = layer.get_weights()

    outputs, _ = numpy(layer(x, mask=valid))

    for k in range(N):
        h = reference.echo_state_forward(x[k : k + 1, valid[k]], np.zeros((1, 9)), W, U, b, 0.4)
        assert largest_difference(outputs[k : k + 1, valid[k]], h @ V + b_y) < 1e-5
    model = keras.Sequential([keras.Input((T, M)), EchoState(9, 2, leak=0.4)])
    assert largest_difference(numpy(saved_and_loaded(model, tmp_path)(x)), numpy(model(x))) < 1e-6


def test_pictures_that_do_not_exist_are_no_step(rng):
    """Against the twin on the steps that exist; unrolled, as Keras' loop on JAX takes no mask for pictures."""
    layer = PeepholeConvLSTM2D(2, (3, 2), padding="same", unroll=True, **EVERYTHING)
    x = rng.normal(size=(N, 5, 4, 6, 3)).astype("float32")
    layer.build(x.shape)
    weights, valid = randomise(layer, rng), np.ones((N, 5), dtype=bool)
    valid[1, [1, 4]] = False

    outputs, *_ = numpy(layer(x, mask=valid))

    for k in range(N):
        start = [np.zeros((1, 4, 6, 2))] * 2
        h, _ = reference.conv_lstm_forward(x[k : k + 1, valid[k]], *start, *weights)
        assert largest_difference(outputs[k : k + 1, valid[k]], h) < 1e-5


@pytest.mark.parametrize("row", TREES, ids=lambda row: row.name)
def test_a_saved_model_of_trees_is_the_same_when_loaded(row, rng, tmp_path):
    """Words and children as inputs; from a file, without `custom_objects`."""
    layer, _ = row.built(rng, dtype="float32")
    trees, words = row.trees(rng, 4), row.words(rng)
    words[0] = 0.0
    encoded = row.encode(trees)
    inputs = keras.Input((None, row.width)), keras.Input((None, row.most), dtype="int32")
    model = keras.Model(inputs, layer(*inputs))
    fed = [words[encoded.tokens].astype("float32"), encoded.children]

    loaded = saved_and_loaded(model, tmp_path)

    assert largest_difference(numpy(loaded(fed)), numpy(model(fed))) < 1e-6


@pytest.mark.parametrize("attention", ["uniform", "learned", "content"])
def test_a_saved_window_is_the_same_when_loaded(attention, x, rng, tmp_path):
    """From a file, without `custom_objects`."""
    model = keras.Sequential([keras.Input((T, M)), LocalAttention(5, attention, causal=True)])
    randomise(model, rng)

    loaded = saved_and_loaded(model, tmp_path)

    assert largest_difference(numpy(loaded(x)), numpy(model(x))) < 1e-6
