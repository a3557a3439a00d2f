"""The contract that every cell of the kit keeps, written once for the rows of `table.py`."""

import subprocess
import sys
from pathlib import Path

import keras
import numpy as np
import pytest

import course_kit
from tests.cells.table import (
    ROWS,
    UNITS,
    M,
    N,
    Row,
    T,
    largest_difference,
    numpy,
    randomise,
)

every_cell = pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
every_trained_cell = pytest.mark.parametrize("row", [r for r in ROWS if r.trained], ids=lambda row: row.name)


@pytest.fixture
def rng():
    return np.random.default_rng(11)


def built(row: Row, rng, x_shape=(N, T, M), **how):
    """A layer with random weights, those weights, an input and a state to start from."""
    layer = row.layer(**how)
    layer.build(x_shape)
    return layer, randomise(layer, rng), rng.normal(size=x_shape), row.states(rng)


@every_cell
def test_every_step_equals_the_twin_and_a_masked_step_is_no_step(row, rng):
    """Outputs and states over seven steps from a non-zero state; in row 1, steps 2, 5 and 6 do not exist."""
    layer, weights, x, states = built(row, rng)
    valid = np.ones((N, T), dtype=bool)
    valid[1, [2, 5, 6]] = False

    outputs, *last = numpy(layer(x, initial_state=states, mask=valid))

    for k in range(N):
        expected, histories = row.twin(x[k : k + 1, valid[k]], [s[k : k + 1] for s in states], weights)
        assert largest_difference(outputs[k : k + 1, valid[k]], expected) < 1e-12
        assert largest_difference([s[k : k + 1] for s in last], [h[:, -1] for h in histories]) < 1e-12


@every_cell
def test_symbolic_and_eager_shapes_agree(row, rng):
    """Outputs and states have the widths that the row says, with and without values."""
    layer, _, x, _ = built(row, rng)
    widths = [row.output_width(), *row.state_widths(UNITS, 2)]

    symbolic = [tuple(t.shape) for t in layer(keras.Input((T, M), batch_size=N))]
    eager = [t.shape for t in layer(x)]

    assert symbolic == eager == [(N, T, widths[0]), *[(N, width) for width in widths[1:]]]


@every_cell
def test_number_of_parameters_is_the_formula(row, rng):
    """Ten random sizes, each with and without biases."""
    for m, n, o in rng.integers(1, 9, size=(10, 3)).tolist():
        for use_bias in (True, False):
            cell = row.make(n, o, use_bias=use_bias)
            cell.build((None, m))
            assert cell.count_params() == row.count(m, n, o) - (not use_bias) * row.biases(n, o)


@every_cell
def test_without_biases_it_is_the_cell_with_zero_biases(row, rng):
    """`use_bias=False` leaves the other weights in their order."""
    plain, weights, x, states = built(row, rng, use_bias=False)
    biased, zeroed, _, _ = built(row, rng)
    kernels = iter(weights)
    kinds = ["bias" in w.name for w in biased.weights]
    filled = [np.zeros_like(w) if bias else next(kernels) for bias, w in zip(kinds, zeroed, strict=True)]
    biased.set_weights(filled)

    obtained = numpy(plain(x, initial_state=states))

    assert largest_difference(obtained, numpy(biased(x, initial_state=states))) < 1e-14


@every_cell
def test_a_masked_tail_is_the_truncated_sequence(row, rng):
    """Exactly: the last output and the states; whatever stands in the masked steps."""
    layer, _, x, states = built(row, rng, rnn={"return_sequences": False})
    valid = np.arange(T) < 4
    x[:, ~valid] = 1e3

    whole = numpy(layer(x, initial_state=states, mask=np.tile(valid, (N, 1))))
    short = numpy(layer(x[:, :4], initial_state=states))

    assert largest_difference(whole, short) == 0


@every_cell
def test_bidirectional_is_a_run_each_way(row, rng):
    """Exactly the outputs of two layers, the second on the reversed sequence."""
    one, _, x, _ = built(row, rng, rnn={"return_state": False})
    two, _, _, _ = built(row, rng, rnn={"return_state": False})
    both = keras.layers.Bidirectional(row.layer(rnn={"return_state": False}), dtype="float64")
    both.build((N, T, M))
    both.set_weights([*one.get_weights(), *two.get_weights()])

    expected = np.concatenate([numpy(one(x)), numpy(two(x[:, ::-1]))[:, ::-1]], axis=-1)

    assert largest_difference(numpy(both(x)), expected) == 0


@every_cell
def test_bidirectional_over_a_masked_tail_is_the_truncated_sequence(row, rng):
    """Exactly, whatever stands in the masked steps; the padding gets zeros, as Keras has it."""
    both = keras.layers.Bidirectional(row.layer(rnn={"return_state": False}), dtype="float64")
    both.build((N, T, M))
    randomise(both, rng)
    x, valid = rng.normal(size=(N, T, M)), np.arange(T) < 4
    x[:, ~valid] = 1e3

    whole = numpy(both(x, mask=np.tile(valid, (N, 1))))

    assert largest_difference(whole[:, valid], numpy(both(x[:, :4]))) == 0
    assert not whole[:, ~valid].any()


@every_cell
def test_stacked_cells_are_layers_one_upon_the_other(row, rng):
    """A stack of two cells gives what two layers in a row give."""
    cells = [row.make(UNITS, 2, dtype="float64"), row.make(4, 3, dtype="float64")]
    stack = keras.layers.RNN(
        keras.layers.StackedRNNCells(cells, dtype="float64"), return_sequences=True, dtype="float64"
    )
    stack.build((N, T, M))
    randomise(stack, rng)
    x = rng.normal(size=(N, T, M))

    first, second = (keras.layers.RNN(c, return_sequences=True, dtype="float64") for c in cells)

    assert largest_difference(numpy(stack(x)), numpy(second(first(x)))) == 0


@every_cell
def test_stateful_chunks_are_one_run_and_reset_forgets(row, rng):
    """Chunks of three and four steps continue each other; after a reset they start over."""
    layer, weights, x, _ = built(row, rng)
    chunked = row.layer(rnn={"stateful": True})
    chunked.build((N, T, M))
    chunked.set_weights(weights)
    expected = numpy(layer(x))

    for _ in range(2):
        first, second = numpy(chunked(x[:, :3])), numpy(chunked(x[:, 3:]))
        obtained = [np.concatenate([first[0], second[0]], axis=1), *second[1:]]
        assert largest_difference(obtained, expected) == 0
        chunked.reset_state()


@every_cell
def test_the_last_state_resumes_the_run(row, rng):
    """Three steps, then four from the state they left, are seven steps."""
    layer, _, x, states = built(row, rng)

    _, *middle = layer(x[:, :3], initial_state=states)
    resumed = numpy(layer(x[:, 3:], initial_state=middle))
    outputs, *last = numpy(layer(x, initial_state=states))

    assert largest_difference(resumed, [outputs[:, 3:], *last]) == 0


@every_cell
def test_go_backwards_reads_the_reversed_sequence(row, rng):
    """The same weights forwards on the reversed input give the same."""
    layer, weights, x, states = built(row, rng)
    backward = row.layer(rnn={"go_backwards": True})
    backward.build((N, T, M))
    backward.set_weights(weights)

    obtained = numpy(backward(x, initial_state=states))

    assert largest_difference(obtained, numpy(layer(x[:, ::-1], initial_state=states))) == 0


@every_cell
def test_unrolled_is_looped(row, rng):
    """`unroll=True` changes the graph and no number."""
    layer, weights, x, states = built(row, rng)
    unrolled = row.layer(rnn={"unroll": True})
    unrolled.build((N, T, M))
    unrolled.set_weights(weights)

    obtained = numpy(unrolled(x, initial_state=states))

    assert largest_difference(obtained, numpy(layer(x, initial_state=states))) < 1e-14


@every_cell
def test_mixed_precision_is_finite_and_near(row, rng):
    """Weights stay in float32, values are float16 and within its reach of the twin."""
    layer, weights, x, states = built(row, rng, dtype="mixed_float16")

    outputs = layer(x.astype("float32"), initial_state=[s.astype("float32") for s in states])[0]
    expected, _ = row.twin(x, states, weights)

    assert {w.dtype for w in layer.weights} == {"float32"}
    assert keras.backend.standardize_dtype(outputs.dtype) == "float16"
    assert largest_difference(numpy(outputs), expected) < 2e-2  # float16 carries 3 digits, seven steps add up


@every_trained_cell
def test_gradient_of_every_weight_is_the_difference_quotient(row, rng):
    """What one step of gradient descent subtracts, against central differences of the twin in float64."""
    layer, weights, x, _ = built(row, rng, rnn={"return_state": False})
    start = [np.zeros((N, width)) for width in row.state_widths(UNITS, 2)]
    pull = rng.normal(size=(N, T, row.output_width())).astype("float32")  # the loss is read in float32
    model = keras.Sequential([keras.Input((T, M), dtype="float64"), layer])
    model.compile(keras.optimizers.SGD(1.0), loss=lambda r, y: keras.ops.sum(r * y), run_eagerly=True)

    model.train_on_batch(x, pull)
    obtained = [before - after for before, after in zip(weights, layer.get_weights(), strict=True)]

    def loss():
        return np.sum(pull * row.twin(x, start, weights)[0])

    expected, eps = [np.zeros_like(w) for w in weights], 1e-6
    for weight, slope in zip(weights, expected, strict=True):
        for k in np.ndindex(weight.shape):
            kept = weight[k]
            weight[k] = kept + eps
            above = loss()
            weight[k] = kept - eps
            slope[k] = (above - loss()) / (2 * eps)
            weight[k] = kept
    assert all(np.abs(slope).max() > 0.05 for slope in expected)
    assert largest_difference(obtained, expected) < 1e-8


LOAD = """
import sys
from pathlib import Path
import keras, numpy as np
import course_kit.cells
for path in Path(sys.argv[1]).glob("*.keras"):
    model = keras.models.load_model(path)
    np.save(path.with_suffix(".loaded.npy"), model(np.load(path.with_suffix(".x.npy"))))
"""


@pytest.fixture(scope="module")
def reloaded(tmp_path_factory):
    """A folder with a saved model of every row, all loaded again in one fresh process."""
    folder, rng = tmp_path_factory.mktemp("models"), np.random.default_rng(5)
    for row in ROWS:
        inputs = keras.Input((T, M))
        stack = keras.layers.StackedRNNCells([row.make(UNITS, 2), row.make(4, 3)])
        h = keras.layers.RNN(stack, return_sequences=True)(inputs)
        sequence = keras.layers.RNN(row.make(UNITS, 2), return_sequences=True)
        model = keras.Model(inputs, keras.layers.Bidirectional(sequence)(h))
        randomise(model, rng)
        x = rng.normal(size=(N, T, M)).astype("float32")
        model.save(folder / f"{row.name}.keras")
        np.save(folder / f"{row.name}.x.npy", x)
        np.save(folder / f"{row.name}.saved.npy", model(x))
    root = Path(course_kit.__file__).parent.parent
    subprocess.run([sys.executable, "-c", LOAD, folder], cwd=root, check=True, timeout=120)
    return folder


@every_cell
def test_a_saved_model_is_the_same_in_a_fresh_process(row, reloaded):
    """Alone, stacked and bidirectional, without `custom_objects`, to the last bit."""
    saved, loaded = (np.load(reloaded / f"{row.name}.{which}.npy") for which in ("saved", "loaded"))

    assert np.ptp(saved) > 0.1
    assert largest_difference(loaded, saved) == 0
