"""Gomez's example against Keras' LSTM under the tape, central differences, and the kit's LSTM by hand."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from course_kit.reference import bptt, bptt_lstm, gomez
from course_kit.reference.bptt_truncated import truncated

EXAMPLE = (gomez.X, gomez.LABELS, gomez.W, gomez.U, gomez.B)


def dealt(T=7, m=3):
    rng = np.random.default_rng(T)
    return rng.normal(size=(T, m)), rng.normal(size=T), rng.normal(size=(m, 4)), rng.normal(size=4), rng.normal(size=4)


def keras_order(*arrays):
    """a, i, f, o as i, f, a, o."""
    return [a[..., [1, 2, 0, 3]] for a in arrays]


def gomez_order(array):
    """And back."""
    return np.asarray(array)[..., [2, 0, 1, 3]]


@pytest.mark.parametrize("given", [EXAMPLE, dealt()])
def test_outputs_and_gradients_are_those_of_keras(given):
    """keras.layers.LSTM(1) with the same sixteen numbers, to 1e-12."""
    x, labels, W, U, b = given
    layer = keras.layers.LSTM(1, return_sequences=True, dtype="float64")
    layer.build((1, *x.shape))
    layer.set_weights([a.reshape(s) for a, s in zip(keras_order(W, U, b), (W.shape, (1, 4), (4,)), strict=True)])
    inputs = tf.constant(x[None])
    with tf.GradientTape() as tape:
        tape.watch(inputs)
        out = layer(inputs)[0, :, 0]
        loss = 0.5 * tf.reduce_sum((out - labels) ** 2)
    *weights, dx = tape.gradient(loss, [*(v.value for v in layer.trainable_variables), inputs])

    np.testing.assert_allclose([s["out"] for s in gomez.forward(x, W, U, b)], out, atol=1e-12)
    assert abs(gomez.loss(*given) - float(loss)) < 1e-12
    for obtained, expected in zip(gomez.gradients(*given), weights, strict=True):
        np.testing.assert_allclose(obtained, gomez_order(expected).reshape(obtained.shape), atol=1e-12)
    np.testing.assert_allclose([r[4] for r in gomez.backward(*given)], dx[0], atol=1e-12)


@pytest.mark.parametrize("given", [EXAMPLE, dealt()])
def test_gradients_are_the_slopes_of_the_loss(given):
    """Central differences over all weights."""
    for k, obtained in enumerate(gomez.gradients(*given), 2):

        def loss(value, k=k):
            return gomez.loss(*given[:k], value, *given[k + 1 :])

        np.testing.assert_allclose(obtained, bptt.central_differences(loss, given[k]), atol=1e-8)


@pytest.mark.parametrize("given", [EXAMPLE, dealt()])
def test_truncated_gradients_are_those_of_windows_of_one_step(given):
    """k1 = k2 = 1 of the kit's truncated backpropagation through its own LSTM."""
    x, labels, W, U, b = given
    W_k, U_k, b_k = keras_order(W, U[None], b)
    h, cache = bptt_lstm.forward(x[None], np.zeros((1, 1)), np.zeros((1, 1)), W_k, U_k, b_k)
    expected = truncated(bptt_lstm.gradients, h - labels[None, :, None], cache, 1, 1)

    for name, obtained in zip("WUb", gomez.gradients(*given, truncated=True), strict=True):
        np.testing.assert_allclose(obtained, gomez_order(expected[name]).reshape(obtained.shape), atol=1e-12)


def test_numbers_of_the_inventory():
    """What slides.yaml has, to 1e-5."""
    first, second = (list(s.values()) for s in gomez.forward(gomez.X, gomez.W, gomez.U, gomez.B))

    np.testing.assert_allclose(first, [0.81775, 0.96083, 0.85195, 0.81757, 0.78573, 0.53631], atol=1e-5)
    np.testing.assert_allclose(second, [0.84980, 0.98118, 0.87030, 0.84993, 1.51763, 0.77198], atol=1e-5)


def test_no_unit_gets_beyond_its_bound_and_large_weights_come_near():
    """Random weights of every size stay below tanh(t + 1); saturated gates get there."""
    rng = np.random.default_rng(14)
    highest = np.zeros(4)
    for scale in rng.uniform(0, 30, 2000):
        out = [
            s["out"]
            for s in gomez.forward(rng.normal(size=(4, 2)), *(scale * rng.normal(size=s) for s in ((2, 4), 4, 4)))
        ]
        highest = np.maximum(highest, np.abs(out))
    bound = [gomez.largest_out(t) for t in range(4)]

    assert (highest <= np.array(bound) + 1e-15).all()
    open_wide = gomez.forward(np.ones((4, 1)), np.full((1, 4), 30.0), np.zeros(4), np.zeros(4))
    np.testing.assert_allclose([s["out"] for s in open_wide], bound, atol=1e-9)


def test_floor_of_the_example():
    """1.25 with |out| < 1, and with two steps from zero."""
    assert gomez.floor(1.25) == 0.03125
    assert abs(gomez.floor(1.25, gomez.largest_out(1)) - 0.0408901) < 1e-7
    assert gomez.floor(-0.5) == 0.0
