"""The LSTM's gradients by hand against Keras' own LSTM under TensorFlow's tape, and against central differences."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from course_kit.reference import bptt, bptt_lstm
from course_kit.reference.lstm import lstm_forward

NAMES = ("W", "U", "b", "x", "h0", "c0")
SIZES = [(1, 3, 4, 2), (2, 4, 3, 3), (7, 3, 5, 2), (6, 1, 1, 1)]  # T, m, n, N


def problem(size):
    """Everything that the layer takes, random, and dL/dh_t from above."""
    T, m, n, N = size
    rng = np.random.default_rng([3, *size])
    shapes = {"x": (N, T, m), "h0": (N, n), "c0": (N, n), "W": (m, 4 * n), "U": (n, 4 * n), "b": (4 * n,)}
    return {name: rng.normal(size=shape) for name, shape in shapes.items()}, rng.normal(size=(N, T, n))


@pytest.mark.parametrize("size", SIZES)
def test_gradients_are_those_of_keras(size):
    """Weights, inputs and both starts, to 1e-10."""
    given, dh = problem(size)
    layer = keras.layers.LSTM(size[2], return_sequences=True, dtype="float64")
    layer.build(given["x"].shape)
    layer.set_weights([given[name] for name in ("W", "U", "b")])
    x, h0, c0 = (tf.constant(given[name]) for name in ("x", "h0", "c0"))
    with tf.GradientTape() as tape:
        tape.watch([x, h0, c0])
        loss = tf.reduce_sum(dh * layer(x, initial_state=[h0, c0]))
    expected = tape.gradient(loss, [*(v.value for v in layer.trainable_variables), x, h0, c0])

    obtained = bptt_lstm.gradients(dh, bptt_lstm.forward(**given)[1])

    assert set(NAMES) == obtained.keys()
    for name, gradient in zip(NAMES, expected, strict=True):
        np.testing.assert_allclose(obtained[name], gradient, rtol=1e-10, atol=1e-10, err_msg=name)


def test_gradients_are_the_slopes_of_the_loss():
    """Central differences of sum dh h, entry by entry."""
    given, dh = problem((5, 2, 3, 2))
    obtained = bptt_lstm.gradients(dh, bptt_lstm.forward(**given)[1])
    for name in NAMES:

        def loss(value, name=name):
            return (dh * lstm_forward(**{**given, name: value})[0]).sum()

        expected = bptt.central_differences(loss, given[name])
        np.testing.assert_allclose(obtained[name], expected, rtol=1e-6, atol=1e-7, err_msg=name)


def test_error_of_the_cell_state_travels_by_the_forget_gate_alone_where_nothing_is_fed_back():
    """With U = 0 and a loss at the end, dc_t is dc_T times the gates f between: the carousel."""
    given, dh = problem((6, 2, 3, 2))
    given["U"] = np.zeros_like(given["U"])
    dh[:, :-1] = 0.0
    cache = bptt_lstm.forward(**given)[1]

    _, dc = bptt_lstm.errors_through_time(dh, cache)

    for t in range(6):
        np.testing.assert_allclose(dc[:, t], dc[:, -1] * cache["f"][:, t + 1 :].prod(axis=1), rtol=1e-12)
