"""Derivatives along the cell state against Keras under the tape, central differences, and plain multiplication."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from course_kit.reference import carousel
from course_kit.reference.bptt import central_differences

RNG = np.random.default_rng(9)
SIZES = [(3, 4), (5, 3), (1, 1)]  # m, n


def given(m, n, blocks, T=6, N=2):
    """x, h0, c0, W, U, b with blocks in the order of D4."""
    shapes = ((N, T, m), (N, n), (N, n), (m, blocks * n), (n, blocks * n), (blocks * n,))
    return [RNG.normal(size=s) for s in shapes]


@pytest.mark.parametrize("m,n", SIZES)
def test_direct_and_total_derivative_are_the_slopes_of_the_state(m, n):
    """The new state is recomputed with c_{t-1} moved, once with h_{t-1} held and once without."""
    x, _, c, W, U, b = (a[0] if k < 3 else a for k, a in enumerate(given(m, n, 3, T=1)))
    x, o = x[0], RNG.uniform(0, 1, n)

    def state(c, h):
        a = np.concatenate([x, h]) @ np.vstack([W, U]) + b
        return c + np.tanh(a[:n]) / (1 + np.exp(-a[n : 2 * n]))

    h = o * np.tanh(c)
    direct, total = carousel.no_forget_derivatives(x, c, o, W, U, b)

    np.testing.assert_allclose(direct, central_differences(lambda v: state(v, h), c), atol=1e-8)
    np.testing.assert_allclose(total, central_differences(lambda v: state(v, o * np.tanh(v)), c), atol=1e-8)
    assert np.abs(total - direct).max() > 1e-3


@pytest.mark.parametrize("m,n", SIZES)
def test_forward_is_keras_lstm_in_the_order_of_the_slide(m, n):
    """Blocks g, i, o, f moved to i, f, c, o give Keras' h and last c."""
    x, h0, c0, W, U, b = given(m, n, 4)
    layer = keras.layers.LSTM(n, return_sequences=True, return_state=True, dtype="float64")
    layer.build(x.shape)
    layer.set_weights([np.concatenate([np.split(a, 4, axis=-1)[k] for k in (1, 3, 0, 2)], axis=-1) for a in (W, U, b)])
    expected, _, last = layer(x, initial_state=[tf.constant(h0), tf.constant(c0)])

    h, c, _ = carousel.forgetting_forward(x, h0, c0, W, U, b)

    np.testing.assert_allclose(h, expected, atol=1e-12)
    np.testing.assert_allclose(c[:, -1], last, atol=1e-12)


def test_carousel_and_gates_are_what_the_tape_finds():
    """A chain c_t = f_t c_{t-1} + i_t g_t whose every state enters the loss, with the squashings written out."""
    T, n = 7, 3
    a_g, a_i, a_f, c0, e = (tf.constant(RNG.normal(size=s)) for s in ((T, n), (T, n), (T, n), (n,), (T, n)))
    with tf.GradientTape() as tape:
        tape.watch([a_g, a_i, a_f, c0])
        states = [c0]
        for t in range(T):
            states.append(tf.sigmoid(a_f[t]) * states[-1] + tf.sigmoid(a_i[t]) * tf.tanh(a_g[t]))
        loss = tf.reduce_sum(e * tf.stack(states[1:]))
    expected = tape.gradient(loss, [a_g, a_i, a_f, c0])
    f = tf.sigmoid(a_f).numpy()

    dc = carousel.carousel(e.numpy(), f)
    obtained = carousel.fed_to_gates(
        dc[1:], tf.stack(states[:-1]).numpy(), tf.tanh(a_g).numpy(), tf.sigmoid(a_i).numpy(), f
    )

    np.testing.assert_allclose(dc[0], expected[3], rtol=1e-12)
    for o, wanted in zip(obtained, expected, strict=False):
        np.testing.assert_allclose(o, wanted, rtol=1e-12)


@pytest.mark.parametrize("share,steps", [(0.5, 60), (0.9, 7), (0.01, 1000), (0.5, 1)])
def test_bias_keeps_the_share(share, steps):
    """Multiplying the gate step by step leaves what was asked for."""
    gate, left = 1 / (1 + np.exp(-carousel.bias_to_keep(share, steps))), 1.0
    for _ in range(steps):
        left *= gate

    assert abs(left - share) < 1e-12


@pytest.mark.parametrize("b_f", [-2.0, 0.0, 1.0, 4.4551])
def test_half_life_halves(b_f):
    """The gate to the power of the half-life is a half."""
    assert abs((1 / (1 + np.exp(-b_f))) ** carousel.half_life(b_f) - 0.5) < 1e-12
