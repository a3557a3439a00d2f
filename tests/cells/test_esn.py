"""What `ESNCell` promises beside the contract: nothing in it is trained, and its configuration makes it again."""

import inspect

import keras
import numpy as np

from course_kit.cells import ESNCell
from tests.cells.table import ROWS, M, N, T, largest_difference, randomise

ROW = next(row for row in ROWS if row.name == "esn")
OTHER = {
    "units": 6,
    "connectivity": 0.7,
    "leaky": 0.4,
    "spectral_radius": 0.6,
    "use_norm2": True,
    "use_bias": False,
    "activation": "relu",
    "kernel_initializer": "he_normal",
    "recurrent_initializer": "orthogonal",
    "bias_initializer": "ones",
    "seed": 7,
}


def test_every_argument_is_in_the_configuration_and_comes_back():
    """Each argument, set to another value than its default, survives `from_config(get_config())`."""
    default, config = ESNCell(5).get_config(), ESNCell(**OTHER).get_config()

    assert {*inspect.signature(ESNCell.__init__).parameters} - {"self", "kwargs"} == {*OTHER}
    assert ESNCell.from_config(config).get_config() == config
    assert [name for name in OTHER if config[name] == default[name]] == []
    assert {*config} - {*OTHER} == {"name", "trainable", "dtype"}


def test_training_passes_through_the_reservoir_and_leaves_it_as_it_is():
    """What one step of gradient descent subtracts from a layer below it, against differences of the twin."""
    rng = np.random.default_rng(89)
    below, layer = keras.layers.Dense(M, dtype="float64"), ROW.layer(rnn={"return_state": False})
    model = keras.Sequential([keras.Input((T, 2), dtype="float64"), below, layer])
    K, b, *reservoir = randomise(model, rng)
    x, pull = rng.normal(size=(N, T, 2)), rng.normal(size=(N, T, 5)).astype("float32")
    model.compile(keras.optimizers.SGD(1.0), loss=lambda r, y: keras.ops.sum(r * y), run_eagerly=True)

    model.train_on_batch(x, pull)
    K_after, b_after, *reservoir_after = model.get_weights()

    def loss(K, b):
        return np.sum(pull * ROW.twin(x @ K + b, [np.zeros((N, 5))], reservoir)[0])

    for _ in range(3):
        dK, db = rng.normal(size=K.shape), rng.normal(size=b.shape)
        above, under = (loss(K + eps * dK, b + eps * db) for eps in (1e-6, -1e-6))
        slope = np.sum((K - K_after) * dK) + np.sum((b - b_after) * db)
        assert abs(slope - (above - under) / 2e-6) < 1e-7 < abs(slope)
    assert largest_difference(reservoir_after, reservoir) == 0
