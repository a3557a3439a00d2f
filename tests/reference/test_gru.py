"""The GRU twin in both conventions against Keras, which shares no code with it."""

import numpy as np
import pytest

from course_kit.reference.gru import gru_forward, gru_step

N, T, M, UNITS = 2, 7, 3, 5


@pytest.fixture
def numbers():
    rng = np.random.default_rng(44)
    shapes = [(N, T, M), (N, UNITS), (M, 3 * UNITS), (UNITS, 3 * UNITS), (3 * UNITS,)]
    return [rng.normal(size=shape, scale=0.7) for shape in shapes]


def negated_update(W, U, b):
    """The same weights with the block of z turned round."""
    sign = np.repeat([-1.0, 1.0, 1.0], UNITS)
    return W * sign, U * sign, b * sign


def keras_gru(x, h0, W, U, b):
    import keras

    layer = keras.layers.GRU(UNITS, reset_after=False, return_sequences=True, dtype="float64")
    layer.build(x.shape)
    layer.set_weights([W, U, b])
    return keras.ops.convert_to_numpy(layer(x, initial_state=keras.ops.convert_to_tensor(h0)))


def test_keep_is_keras(numbers):
    """Keras' z is the share of the old state that is kept."""
    assert np.allclose(gru_forward(*numbers), keras_gru(*numbers), rtol=0, atol=1e-12)


def test_write_is_keras_with_the_update_gate_negated(numbers):
    """The convention of slide D1.23 is Keras' after one change of sign, and is not without it."""
    x, h0, *weights = numbers
    obtained = gru_forward(x, h0, *weights, update="write")

    assert np.allclose(obtained, keras_gru(x, h0, *negated_update(*weights)), rtol=0, atol=1e-12)
    assert np.abs(obtained - keras_gru(*numbers)).max() > 0.1


def test_forward_is_step_after_step(numbers):
    """Each step of the forward pass is a call of the step on the state before."""
    x, h, *weights = numbers
    for t, expected in enumerate(np.moveaxis(gru_forward(x, h, *weights), 1, 0)):
        h = gru_step(x[:, t], h, *weights)

        assert np.array_equal(expected, h), t


@pytest.mark.parametrize(("bias", "share"), [(50.0, 1.0), (-50.0, 0.0)])
def test_a_saturated_update_gate_keeps_the_state(numbers, bias, share):
    """With z at 1 ("keep") or at 0 ("write") nothing that comes in changes the state."""
    x, h0, W, U, b = numbers
    b = b.copy()
    b[:UNITS] = bias

    kept = gru_forward(x, h0, W, U, b, update="keep" if share else "write")

    assert np.allclose(kept, h0[:, None], rtol=0, atol=1e-12)


def test_an_unknown_convention_is_refused(numbers):
    """The rule, then what came."""
    with pytest.raises(ValueError, match='must be "keep" or "write". Got \'reset\''):
        gru_forward(*numbers, update="reset")
