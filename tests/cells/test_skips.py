"""Skip connections in time and in depth against Keras layers that do the same in parts."""

import keras
import numpy as np
import pytest

from course_kit import reference
from course_kit.cells import ElmanCell, GRUCell, JordanCell, LagSkipCell, LSTM1997Cell, ResidualStack
from tests.cells.table import UNITS, M, N, T, largest_difference, layer_of, numpy, randomise


@pytest.fixture
def rng():
    return np.random.default_rng(37)


def simple_rnn(units, W, U, b, activation="tanh"):
    rnn = keras.layers.SimpleRNN(units, activation=activation, return_sequences=True, dtype="float64")
    rnn.build((None, None, W.shape[0]))
    rnn.set_weights([W, U, b])
    return rnn


# --- in time ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lags", [2, [5], (2, 4), {3, 2}], ids=str)
def test_without_weights_on_the_skips_it_is_a_simple_rnn(lags, rng):
    """U_k = 0, whatever else is remembered."""
    layer, (W, U, b) = layer_of(LagSkipCell(UNITS, lags, dtype="float64"), rng)
    U[UNITS:] = 0
    layer.set_weights([W, U, b])
    x, states = rng.normal(size=(N, T, M)), [rng.normal(size=(N, UNITS)) for _ in layer.cell.state_size]

    expected = numpy(simple_rnn(UNITS, W, U[:UNITS], b)(x, initial_state=states[0]))

    assert largest_difference(numpy(layer(x, initial_state=states))[0], expected) < 1e-14


def test_without_weights_on_the_last_step_it_is_as_many_simple_rnns_as_the_lag(rng):
    """U_1 = 0 and one lag of 3: steps 0, 3, 6, ... know nothing of the steps between."""
    lag = 3
    layer, (W, U, b) = layer_of(LagSkipCell(UNITS, lag, dtype="float64"), rng)
    U[:UNITS] = 0
    layer.set_weights([W, U, b])
    x, states = rng.normal(size=(N, T, M)), [rng.normal(size=(N, UNITS)) for _ in range(lag)]
    rnn = simple_rnn(UNITS, W, U[UNITS:], b)

    obtained = numpy(layer(x, initial_state=states))[0]

    for first in range(lag):
        expected = numpy(rnn(x[:, first::lag], initial_state=states[lag - 1 - first]))
        assert largest_difference(obtained[:, first::lag], expected) < 1e-14


@pytest.mark.parametrize("lags", [(3,), (4, 2)], ids=str)
def test_a_linear_one_is_a_linear_simple_rnn_on_the_whole_memory(lags, rng):
    """All lags at once: a companion matrix moves the memory [h_{t-1}, h_{t-2}, ...] and fills in h_t."""
    layer, (W, U, b) = layer_of(LagSkipCell(UNITS, lags, activation=None, dtype="float64"), rng)
    depth = max(lags)
    wide = depth * UNITS
    companion = np.eye(wide, k=UNITS)  # row vectors: block j goes to block j + 1
    for place, lag in enumerate([1, *lags]):
        companion[(lag - 1) * UNITS : lag * UNITS, :UNITS] = U[place * UNITS : (place + 1) * UNITS]
    W_wide, b_wide = np.zeros((M, wide)), np.zeros(wide)
    W_wide[:, :UNITS], b_wide[:UNITS] = W, b
    x, memory = rng.normal(size=(N, T, M)), rng.normal(size=(N, wide))

    obtained, *last = numpy(layer(x, initial_state=np.split(memory, depth, axis=-1)))
    expected = numpy(simple_rnn(wide, W_wide, companion, b_wide, activation=None)(x, initial_state=memory))

    scale = np.abs(expected).max()
    assert largest_difference(obtained, expected[..., :UNITS]) < 1e-14 * scale
    assert largest_difference(np.concatenate(last, axis=-1), expected[:, -1]) < 1e-14 * scale


# --- in depth ---------------------------------------------------------------------------------------------------------

# cells of a stack, whether it projects, the projections that it should have
STACKS = {
    "equal": (lambda: [ElmanCell(UNITS, 4), LSTM1997Cell(4), GRUCell(4)], False, []),
    "tapered": (lambda: [GRUCell(6), LagSkipCell(4, 2), JordanCell(UNITS, 4), LSTM1997Cell(7)], True, [(6, 4), (4, 7)]),
    "Keras'": (lambda: [keras.layers.LSTMCell(4), keras.layers.SimpleRNNCell(4)], False, []),
}
every_stack = pytest.mark.parametrize(("cells", "projection", "shapes"), STACKS.values(), ids=STACKS)


def stacked(cells, projection, rng=None, rnn=None, **how):
    """A layer on a residual stack in float64, with random weights."""
    cells = [type(cell).from_config({**cell.get_config(), "dtype": "float64", **how}) for cell in cells()]
    stack = ResidualStack(cells, projection=projection, dtype="float64")
    layer = keras.layers.RNN(stack, return_sequences=True, dtype="float64", **(rnn or {}))
    layer.build((N, T, M))
    if rng is not None:
        randomise(layer, rng)
    return layer


def by_hand(stack, x, mask=None):
    """One Keras layer for each cell, and `Add` between them."""
    for level, cell in enumerate(stack.cells):
        m = keras.layers.RNN(cell, return_sequences=True, dtype="float64")(x, mask=mask)
        past = x if level not in stack.projections else keras.ops.matmul(x, stack.projections[level])
        x = keras.layers.Add(dtype="float64")([m, past]) if level > 0 else m
    return numpy(x)


@every_stack
def test_a_residual_stack_is_layers_with_sums_between_them(cells, projection, shapes, rng):
    """Where each layer runs over the whole sequence before the next begins."""
    layer = stacked(cells, projection, rng)
    x = rng.normal(size=(N, T, M))

    assert [tuple(p.shape) for p in layer.cell.projections.values()] == shapes
    assert largest_difference(numpy(layer(x)), by_hand(layer.cell, x)) < 1e-14


def test_a_residual_stack_of_elman_cells_is_the_twin_plus_its_input(rng):
    """In NumPy; a stack without the sums gives something else."""
    layer = stacked(lambda: [ElmanCell(UNITS, 4), ElmanCell(6, 4)], False, rng)
    first, second = np.array_split(np.array(layer.get_weights(), dtype=object), 2)
    x = rng.normal(size=(N, T, M))

    below, _ = reference.elman_forward(x, np.zeros((N, UNITS)), *first)
    above, _ = reference.elman_forward(below, np.zeros((N, 6)), *second)

    obtained = numpy(layer(x))
    assert largest_difference(obtained, above + below) < 1e-13
    assert largest_difference(obtained, above) > 0.1


def test_a_cell_that_puts_out_nothing_lets_its_input_through(rng):
    """The identity, with which a deep stack starts well: an LSTM whose weights are zero adds zero."""
    layer = stacked(lambda: [ElmanCell(UNITS, 4), keras.layers.LSTMCell(4), GRUCell(4)], False, rng)
    for cell in layer.cell.cells[1:]:
        cell.set_weights([0 * w for w in cell.get_weights()])
    x = rng.normal(size=(N, T, M))

    alone = keras.layers.RNN(layer.cell.cells[0], return_sequences=True, dtype="float64")

    assert largest_difference(numpy(layer(x)), numpy(alone(x))) == 0


@every_stack
def test_a_masked_tail_is_the_truncated_sequence(cells, projection, shapes, rng):
    """Output and all states of all cells."""
    layer = stacked(cells, projection, rng, {"return_state": True})
    x = rng.normal(size=(N, T, M))
    valid = np.tile(np.arange(T) < 4, (N, 1))

    whole, *states = keras.tree.flatten(numpy(layer(x, mask=valid)))
    short, *expected = keras.tree.flatten(numpy(layer(x[:, :4])))

    assert largest_difference([whole[:, :4], *states], [short, *expected]) == 0


@every_stack
def test_stateful_chunks_are_one_run_and_unrolled_is_looped(cells, projection, shapes, rng):
    """Chunks of three and four steps continue each other."""
    layer = stacked(cells, projection, rng)
    x = rng.normal(size=(N, T, M))
    expected = numpy(layer(x))

    for rnn in ({"stateful": True}, {"stateful": True, "unroll": True}):
        chunked = stacked(cells, projection, None, rnn)
        chunked.set_weights(layer.get_weights())
        obtained = np.concatenate([numpy(chunked(x[:, :3])), numpy(chunked(x[:, 3:]))], axis=1)
        assert largest_difference(obtained, expected) < 1e-14


@every_stack
def test_a_saved_stack_comes_back(cells, projection, shapes, rng, tmp_path):
    """Both ways round in `Bidirectional`, from a file, without `custom_objects`."""
    inputs = keras.Input((T, M))
    outputs = keras.layers.Bidirectional(keras.layers.RNN(ResidualStack(cells(), projection)))(inputs)
    model = keras.Model(inputs, outputs)
    randomise(model, rng)
    x = rng.normal(size=(N, T, M)).astype("float32")

    model.save(tmp_path / "stack.keras")
    loaded = keras.models.load_model(tmp_path / "stack.keras")

    assert np.ptp(numpy(model(x))) > 0.1
    assert largest_difference(numpy(loaded(x)), numpy(model(x))) == 0


def test_dropout_masks_of_the_cells_are_redrawn_and_a_model_compiles_twice(rng):
    """On one batch with a learning rate of zero only new masks can change the loss."""
    cells = [GRUCell(4, dropout=0.3, recurrent_dropout=0.3, seed=k) for k in (1, 2, 3)]
    model = keras.Sequential([keras.Input((T, M)), keras.layers.RNN(ResidualStack(cells))])
    randomise(model, rng)
    x, y = rng.normal(size=(4, T, M)), rng.normal(size=(4, 4))

    for _ in range(2):
        model.compile(keras.optimizers.SGD(0.0), loss="mse")
        losses = model.fit(x, y, batch_size=4, epochs=4, verbose=0).history["loss"]
        assert len({round(loss, 5) for loss in losses}) == 4
    assert largest_difference(model.predict(x, verbose=0), model.predict(x, verbose=0)) == 0


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: ResidualStack([GRUCell(3)]), "cells must be two or more. Got 1."),
        (lambda: ResidualStack([GRUCell(3), GRUCell(4)]),
            "without projection=True all cells must have outputs of one width. Got 3 and then 4."),
        (lambda: ResidualStack([GRUCell(3), JordanCell(3, 2)]),
            "without projection=True all cells must have outputs of one width. Got 3 and then 2."),
        (lambda: ResidualStack([GRUCell(3)] * 2, projection="yes"), "projection must be True or False. Got 'yes'."),
    ],
)  # fmt: skip
def test_a_bad_stack_gets_the_rule_and_what_came(make, message):
    """A ValueError with exactly this sentence."""
    with pytest.raises(ValueError) as caught:
        make()

    assert str(caught.value) == message
