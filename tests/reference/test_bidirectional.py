"""The bidirectional twin, against Keras' layer and against derivatives by TensorFlow and by differences."""

import keras
import numpy as np
import pytest

from course_kit.gradients import sensitivity
from course_kit.reference import lstm_forward
from course_kit.reference.bidirectional import (
    bidirectional_forward,
    bidirectional_summary,
    one_way,
    sensitivity_norms,
    summary_sensitivity_norms,
)

N, T, M, UNITS = 2, 7, 3, 4


def deal(gates=1):
    rng = np.random.default_rng(12)
    shapes = ((M, gates * UNITS), (UNITS, gates * UNITS), (gates * UNITS,))
    ways = [[rng.normal(size=s, scale=0.7) for s in shapes] for _ in range(2)]
    return rng.normal(size=(N, T, M)), *ways


def in_keras(layer, merge, x, forward, backward, sequences=True):
    both = keras.layers.Bidirectional(
        layer(UNITS, return_sequences=sequences, dtype="float64"), merge_mode=merge, dtype="float64"
    )
    both.build((None, None, M))
    both.set_weights([*forward, *backward])
    return both, keras.ops.convert_to_numpy(both(x))


def lstm(x, W, U, b):
    zeros = np.zeros((len(x), UNITS))
    return lstm_forward(x, zeros, zeros, W, U, b)[0]


@pytest.mark.parametrize("merge", ["concat", "sum", "ave", "mul"])
@pytest.mark.parametrize("layer,gates,run", [(keras.layers.SimpleRNN, 1, one_way), (keras.layers.LSTM, 4, lstm)])
def test_both_ways_are_those_of_keras(layer, gates, run, merge):
    """Fourteen digits, with two different sets of weights."""
    x, forward, backward = deal(gates)

    _, y = in_keras(layer, merge, x, forward, backward)

    assert np.allclose(bidirectional_forward(x, forward, backward, merge, run), y, atol=1e-14)


def test_the_summary_is_that_of_keras_without_sequences():
    """The backward way has read everything at time 0, not at time T - 1."""
    x, forward, backward = deal()

    _, y = in_keras(keras.layers.SimpleRNN, "concat", x, forward, backward, sequences=False)

    assert np.allclose(bidirectional_summary(x, forward, backward), y, atol=1e-14)


def test_sensitivity_is_that_of_automatic_differentiation():
    """One way and both, ten digits."""
    x, forward, backward = deal()
    both, _ = in_keras(keras.layers.SimpleRNN, "concat", x, forward, backward, sequences=False)
    slopes = sensitivity(both, x)  # (N, T, 2n, m)
    ways = [np.linalg.norm(part, axis=(-2, -1)) for part in (slopes[:, :, :UNITS], slopes)]

    for row in range(N):
        assert np.allclose(sensitivity_norms(x[row], *forward), ways[0][row], rtol=1e-10)
        assert np.allclose(summary_sensitivity_norms(x[row], forward, backward), ways[1][row], rtol=1e-10)


def test_sensitivity_is_that_of_differences():
    """No step of a formula is shared: move each input a little, look at the last state."""
    x, forward, _ = deal()
    x, step = x[:1], 1e-6
    norms = np.zeros(T)
    for t in range(T):
        for j in range(M):
            moved = [x.copy(), x.copy()]
            moved[0][0, t, j] += step
            moved[1][0, t, j] -= step
            change = (one_way(moved[0], *forward) - one_way(moved[1], *forward))[0, -1] / (2 * step)
            norms[t] += (change**2).sum()

    assert np.allclose(sensitivity_norms(x[0], *forward), np.sqrt(norms), rtol=1e-7)
