"""The layers of slide D1.28 that are no `RNN` of a plain cell, in float32 on the backend that `KERAS_BACKEND` names."""

import keras
import numpy as np
import pytest

from course_kit import reference
from course_kit.layers import DenselyConnectedBiLSTM, PeepholeConvLSTM2D
from tests.cells.table import largest_difference, numpy, randomise


@pytest.fixture
def rng():
    return np.random.default_rng(79)


@pytest.mark.parametrize("peepholes", ["pixel", "channel"])
def test_pictures_equal_the_twin(peepholes, rng):
    """All outputs and both last states, from a non-zero state."""
    layer = PeepholeConvLSTM2D(2, (3, 2), padding="same", peepholes=peepholes, return_sequences=True, return_state=True)
    x = rng.normal(size=(2, 5, 4, 6, 3)).astype("float32")
    layer.build(x.shape)
    weights = randomise(layer, rng)
    states = [rng.normal(size=(2, 4, 6, 2)).astype("float32") for _ in range(2)]

    obtained = numpy(layer(x, initial_state=states))

    h, c = reference.conv_lstm_forward(x, *states, *weights)
    assert largest_difference(obtained, [h, h[:, -1], c[:, -1]]) < 1e-5


def test_a_dense_stack_equals_the_twin_on_the_steps_that_exist(rng):
    """Steps 2, 5 and 6 of row 1 do not; the mean over the others."""
    layer = DenselyConnectedBiLSTM(2, 3, 4)
    layer.build((None, None, 3))
    weights = randomise(layer, rng)
    x, valid = rng.normal(size=(2, 7, 3)).astype("float32"), np.ones((2, 7), dtype=bool)
    valid[1, [2, 5, 6]] = False

    obtained = numpy(layer(x, mask=valid))

    layers = [weights[k : k + 6] for k in range(0, len(weights), 6)]
    for k in range(2):
        _, mean = reference.dense_bilstm_forward(x[k : k + 1, valid[k]], layers)
        assert largest_difference(obtained[k : k + 1], mean) < 1e-5


@pytest.mark.parametrize(
    ("layer", "shape"),
    [
        (lambda: PeepholeConvLSTM2D(2, 2, strides=2, dropout=0.2, recurrent_dropout=0.2), (5, 4, 6, 3)),
        (lambda: DenselyConnectedBiLSTM(2, 2, 3, dropout=0.2, seed=1), (7, 3)),
    ],
    ids=["pictures", "dense stack"],
)
def test_it_trains_and_a_saved_model_is_the_same_when_loaded(layer, shape, rng, tmp_path):
    """Two epochs with dropout, a finite loss, and a file without `custom_objects`."""
    model = keras.Sequential([keras.Input(shape), layer(), keras.layers.Flatten(), keras.layers.Dense(1)])
    x = rng.normal(size=(4, *shape)).astype("float32")
    model.compile("adam", "mse")

    losses = model.fit(x, np.ones((4, 1)), epochs=2, verbose=0).history["loss"]
    model.save(tmp_path / "model.keras")
    loaded = keras.models.load_model(tmp_path / "model.keras")

    assert np.isfinite(losses).all()
    assert largest_difference(loaded.predict(x, verbose=0), model.predict(x, verbose=0)) < 1e-6
