"""Automatic gradients of weights against differences of the loss, and what neither may leave behind."""

import keras
import numpy as np
import pytest
from keras import ops

from course_kit.gradients import weight_differences, weight_gradients


@pytest.fixture
def model():
    """A recurrent layer and a read-out in float64, and its loss."""
    keras.utils.set_random_seed(3)
    model = keras.Sequential(
        [
            keras.Input((3, 2), dtype="float64"),
            keras.layers.SimpleRNN(2, unroll=True, dtype="float64"),
            keras.layers.Dense(1, dtype="float64"),
        ]
    )
    x = np.random.default_rng(3).normal(size=(2, 3, 2))
    return model, lambda: ops.mean(ops.square(model(x) - 1.0))


def test_both_ways_agree(model):
    """Every weight, to 1e-8."""
    obtained, expected = weight_gradients(*model), weight_differences(*model)

    assert [g.shape for g in obtained] == [tuple(v.shape) for v in model[0].trainable_variables]
    for a, b in zip(obtained, expected, strict=True):
        np.testing.assert_allclose(a, b, atol=1e-8)


def test_weights_are_put_back(model):
    """Also when the loss fails half way."""
    layer, loss = model
    before, calls = layer.get_weights(), iter(range(7))

    def failing():
        if next(calls) == 6:
            raise RuntimeError("as planned")
        return loss()

    with pytest.raises(RuntimeError, match="as planned"):
        weight_differences(layer, failing)
    weight_differences(layer, loss)
    weight_gradients(layer, loss)

    assert all(np.array_equal(a, b) for a, b in zip(before, layer.get_weights(), strict=True))


def test_a_weight_that_the_loss_does_not_see_gets_zeros(model):
    """As in an unused branch."""
    layer, _ = model

    gradients = weight_gradients(layer, lambda: ops.sum(ops.square(layer.trainable_variables[0])))

    np.testing.assert_allclose(gradients[0], 2 * layer.get_weights()[0])
    assert not any(g.any() for g in gradients[1:])


def test_differences_refuse_single_precision():
    """They would have two or three digits."""
    layer = keras.layers.Dense(1)
    layer.build((1, 2))

    with pytest.raises(ValueError, match=r"must be float64. Got float32 for dense.*kernel"):
        weight_differences(layer, lambda: 0.0)
