"""Clipping by hand against Keras' optimizers and TensorFlow's own functions."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from course_kit.reference import clipping

WAYS = {
    "clipvalue": clipping.clip_by_value,
    "clipnorm": clipping.clip_by_norm,
    "global_clipnorm": clipping.clip_by_global_norm,
}


def gradient():
    """Three arrays of different size, and length."""
    rng = np.random.default_rng(4)
    return [scale * rng.normal(size=shape) for scale, shape in ((3.0, (4, 5)), (0.05, (5,)), (1.0, (2, 3)))]


def cosine(a, b):
    a, b = (np.concatenate([part.ravel() for part in g]) for g in (a, b))
    return a @ b / np.linalg.norm(a) / np.linalg.norm(b)


@pytest.mark.parametrize("argument", WAYS)
@pytest.mark.parametrize("theta", [0.1, 1.0, 1e3])
def test_clipping_is_what_the_optimizers_argument_does(argument, theta):
    """A step of size 1 from zero is the clipped gradient, negative."""
    weights = [keras.Variable(np.zeros_like(g), dtype="float64") for g in gradient()]
    optimizer = keras.optimizers.SGD(1.0, **{argument: theta})
    optimizer.apply([keras.ops.convert_to_tensor(g) for g in gradient()], weights)

    obtained = WAYS[argument](gradient(), theta)

    for g, w in zip(obtained, weights, strict=True):
        np.testing.assert_allclose(g, -w.numpy(), rtol=1e-6, atol=1e-12)


@pytest.mark.parametrize("theta", [0.1, 1.0, 1e3])
def test_global_clipping_is_tensorflows(theta):
    """`tf.clip_by_global_norm`, and the norm that it gives beside."""
    expected, norm = tf.clip_by_global_norm(gradient(), theta)

    for g, e in zip(clipping.clip_by_global_norm(gradient(), theta), expected, strict=True):
        np.testing.assert_allclose(g, e, rtol=1e-12)
    assert clipping.global_norm(gradient()) == pytest.approx(float(norm), rel=1e-12)


def test_only_the_global_norm_keeps_the_direction():
    """By value and array by array the whole turns; array by array, each keeps its own."""
    g = gradient()

    assert cosine(g, clipping.clip_by_global_norm(g, 0.1)) == pytest.approx(1.0)
    assert cosine(g, clipping.clip_by_norm(g, 0.1)) < 0.9
    assert cosine(g, clipping.clip_by_value(g, 0.1)) < 0.95
    assert all(cosine([a], [b]) == pytest.approx(1.0) for a, b in zip(g, clipping.clip_by_norm(g, 0.1), strict=True))


def test_a_gradient_of_zero_stays():
    """No division by its norm."""
    assert not any(np.any(way([np.zeros(3)], 1.0)) for way in WAYS.values())
