"""What every cell promises, in float32 on the backend that `KERAS_BACKEND` names.

The whole contract is `tests/cells/test_contract.py`, on TensorFlow in float64. Here stands the part that a backend can
break, in as few calls as it takes: JAX compiles every loop anew, and Keras on JAX has no working float64.
"""

import keras
import numpy as np
import pytest

from course_kit import params
from tests.cells.table import ROWS, UNITS, M, N, T, largest_difference, numpy, randomise

every_cell = pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
every_trained_cell = pytest.mark.parametrize("row", [r for r in ROWS if r.trained], ids=lambda row: row.name)
every_class = pytest.mark.parametrize("row", [r for r in ROWS if not r.variant], ids=lambda row: row.name)


@pytest.fixture
def rng():
    return np.random.default_rng(53)


@every_cell
@pytest.mark.parametrize("unroll", [False, True], ids=["looped", "unrolled"])
def test_every_step_equals_the_twin_and_a_masked_step_is_no_step(row, unroll, rng):
    """Outputs at the steps that exist and the last states, over seven steps from a non-zero state.

    Zeros at the others: without `zero_output_for_mask` a loop on JAX takes what it repeats there from the first state,
    which need not be as wide as the output (keras-team/keras#11472).
    """
    layer = row.layer(dtype="float32", rnn={"unroll": unroll, "zero_output_for_mask": True})
    layer.build((N, T, M))
    weights, x, states = randomise(layer, rng), rng.normal(size=(N, T, M)), row.states(rng)
    valid = np.ones((N, T), dtype=bool)
    valid[1, [2, 5, 6]] = False

    given = [s.astype("float32") for s in states]
    outputs, *last = numpy(layer(x.astype("float32"), initial_state=given, mask=valid))

    for k in range(N):
        expected, histories = row.twin(x[k : k + 1, valid[k]], [s[k : k + 1] for s in states], weights)
        assert largest_difference(outputs[k : k + 1, valid[k]], expected) < 1e-5
        assert largest_difference([s[k : k + 1] for s in last], [h[:, -1] for h in histories]) < 1e-5


@every_trained_cell
def test_one_step_of_training_is_the_difference_quotient(row, rng):
    """What gradient descent subtracts, along one random direction, is the slope of the twin there."""
    layer = row.layer(dtype="float32", rnn={"return_state": False})
    model = keras.Sequential([keras.Input((T, M)), layer])
    weights, x = randomise(layer, rng), rng.normal(size=(N, T, M)).astype("float32")
    pull = rng.normal(size=(N, T, row.output_width())).astype("float32")
    model.compile(keras.optimizers.SGD(1.0), loss=lambda r, y: keras.ops.sum(r * y))

    model.train_on_batch(x, pull)
    steps = [before - after for before, after in zip(weights, layer.get_weights(), strict=True)]

    start = [np.zeros((N, width)) for width in row.state_widths(UNITS, 2)]
    for k, weight in enumerate(weights):
        direction, eps = rng.normal(size=weight.shape), 1e-6
        above, below = (
            np.sum(pull * row.twin(x, start, [*weights[:k], weight + way * direction, *weights[k + 1 :]])[0])
            for way in (eps, -eps)
        )
        expected = (above - below) / (2 * eps)
        assert abs(np.sum(steps[k] * direction) - expected) < 1e-4 * max(1.0, abs(expected))


@every_class
def test_a_saved_model_is_the_same_when_loaded(row, rng, tmp_path):
    """In both directions, from a file, without `custom_objects`."""
    dropout = {"dropout": 0.25, "recurrent_dropout": 0.25} if row.trained else {}
    sequence = keras.layers.RNN(row.make(UNITS, 2, **dropout))
    model = keras.Sequential([keras.Input((T, M)), keras.layers.Bidirectional(sequence)])
    randomise(model, rng)
    x = rng.normal(size=(N, T, M)).astype("float32")
    model.save(tmp_path / "model.keras")

    loaded = keras.models.load_model(tmp_path / "model.keras")

    assert largest_difference(loaded.predict(x, verbose=0), model.predict(x, verbose=0)) < 1e-6
    twice = [numpy(model(x, training=True)) for _ in range(2)]
    assert np.array_equal(*twice) != row.trained  # the masks are drawn again


@every_class
def test_equal_shapes_do_not_start_with_equal_values(row):
    """With m = n = o no two kernels are the same draw, on a backend with keys for its draws too."""
    cell = row.make(4, 4, kernel_initializer="glorot_uniform")
    cell.build((None, 4))

    kernels = [numpy(w) for w in cell.trainable_variables if len(w.shape) == 2]

    for k, one in enumerate(kernels):
        assert all(one.shape != other.shape or np.abs(one - other).max() > 0.01 for other in kernels[:k])


@every_class
def test_the_count_is_what_the_backend_builds(row):
    """With different m, n and o, so that no formula fits by chance."""
    layer = row.layer(dtype="float32")
    layer.build((N, T, M))

    assert params.count(layer).value == layer.count_params() == row.count(M, UNITS, 2)
