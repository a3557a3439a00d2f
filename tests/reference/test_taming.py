"""Pieces against central differences with held states and against truncation; the skip against its Keras cell."""

import keras
import numpy as np
import pytest

from course_kit.gradients import state_jacobians
from course_kit.reference import bptt
from course_kit.reference.bptt_truncated import truncated
from course_kit.reference.pieces import gradients_in_pieces, pieces, reaches
from course_kit.reference.residual import residual_forward, residual_jacobians, residual_step

N, T, M, UNITS, OUTPUTS = 2, 7, 3, 4, 2
RNG = np.random.default_rng(3)
X, H0, TARGET = RNG.normal(size=(N, T, M)), RNG.normal(size=(N, UNITS)), RNG.normal(size=(N, T, OUTPUTS))
WEIGHTS = {
    name: RNG.normal(size=shape, scale=0.6)
    for name, shape in (
        ("W", (M, UNITS)),
        ("U", (UNITS, UNITS)),
        ("b_h", (UNITS,)),
        ("V", (UNITS, OUTPUTS)),
        ("b_y", (OUTPUTS,)),
    )
}
Y, CACHE = bptt.forward(X, H0, **WEIGHTS)
DELTA_Y = bptt.output_error(Y, TARGET)


@pytest.mark.parametrize("k", [1, 2, 3, 7])
@pytest.mark.parametrize("name", WEIGHTS)
def test_gradient_in_pieces_is_the_slope_of_the_pieces_losses(name, k):
    """Nudge a weight while the states at the cuts are held: the pieces' losses change as the gradient says."""

    def loss(weight):
        total = 0.0
        for start, stop in pieces(T, k):
            given = CACHE["h"][:, start - 1] if start else H0
            y, _ = bptt.forward(X[:, start:stop], given, **{**WEIGHTS, name: weight})
            total += bptt.squared_error(y, TARGET[:, start:stop]).sum()
        return total

    obtained = gradients_in_pieces(DELTA_Y, CACHE, k)[name]

    np.testing.assert_allclose(obtained, bptt.central_differences(loss, WEIGHTS[name]), rtol=1e-6, atol=1e-7)


def test_pieces_that_fit_are_truncation_with_equal_lengths():
    """Six steps in pieces of three: the same as k1 = k2 = 3."""
    cache = {**CACHE, "x": X[:, :6], "h": CACHE["h"][:, :6]}
    expected = truncated(bptt.gradients, DELTA_Y[:, :6], cache, 3, 3)

    for name, obtained in gradients_in_pieces(DELTA_Y[:, :6], cache, 3).items():
        np.testing.assert_allclose(obtained, expected[name], atol=1e-13)


def test_a_step_is_reached_where_its_change_is_felt():
    """Entry [t, s]: whether L_t has a slope in the pre-activation of step s when the states at the cuts are held."""
    k = 3
    felt = np.zeros((T, T), dtype=bool)
    for t in range(T):
        for start, stop in pieces(T, k):
            inside = {**CACHE, "x": X[:, start:stop], "h": CACHE["h"][:, start:stop]}
            own = np.where(np.arange(start, stop)[:, None] == t, DELTA_Y[:, start:stop], 0.0)
            delta_h = bptt.errors_through_time(own, inside["h"], inside["U"], inside["V"])
            felt[t, start:stop] = np.abs(delta_h).max(axis=(0, 2)) > 0

    np.testing.assert_array_equal(reaches(T, k), felt)


class SkipCell(keras.layers.SimpleRNNCell):
    """h + tanh(x W + h U + b)."""

    def call(self, inputs, states, training=False):
        change, _ = super().call(inputs, states, training=training)
        return states[0] + change, [states[0] + change]


def test_residual_network_is_that_of_keras():
    """States and Jacobians of the twin and of a Keras cell, by automatic differentiation."""
    W, U, b = WEIGHTS["W"], WEIGHTS["U"], WEIGHTS["b_h"]
    layer = keras.layers.RNN(SkipCell(UNITS, dtype="float64"), return_sequences=True, dtype="float64")
    layer.build(X.shape)
    layer.set_weights([W, U, b])
    h = residual_forward(X, H0, W, U, b)

    np.testing.assert_allclose(h, np.asarray(layer(X, initial_state=keras.ops.convert_to_tensor(H0))), atol=1e-13)
    np.testing.assert_allclose(residual_jacobians(h, H0, U), state_jacobians(layer, X, H0), atol=1e-12)


def test_alpha_scales_the_change():
    """With alpha the Jacobian is that of central differences."""
    W, U, b = WEIGHTS["W"], WEIGHTS["U"], WEIGHTS["b_h"]
    x, h = X[0, 0], H0[0]
    slopes = bptt.central_differences(lambda start: residual_step(x, start, W, U, b, 0.3), h)
    new = residual_step(x, h, W, U, b, 0.3)

    np.testing.assert_allclose(residual_jacobians(new[None, None], h[None], U, 0.3)[0, 0], slopes, atol=1e-8)
