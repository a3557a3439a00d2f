"""Sensitivities against automatic differentiation, the explosion rule against the monitor's, memory by hand."""

import keras
import numpy as np
import pytest

from course_kit.gradients import first_explosion, sensitivity
from course_kit.reference import bptt_lstm, memory
from course_kit.reference.elman import elman_forward
from course_kit.reference.explosion import first_bad_step
from course_kit.reference.sensitivity import elman_sensitivity, lstm_sensitivity, norms_over_time

N, T, M, UNITS = 2, 7, 3, 4
RNG = np.random.default_rng(0)
X = RNG.normal(size=(N, T, M))


def weights(gates):
    return [RNG.normal(size=s, scale=0.6) for s in ((M, gates * UNITS), (UNITS, gates * UNITS), (gates * UNITS,))]


def by_keras(kind, given):
    layer = kind(UNITS, dtype="float64")
    layer.build(X.shape)
    layer.set_weights(given)
    return sensitivity(layer, X)


def test_elman_sensitivity_is_what_automatic_differentiation_gives():
    """dh_T/dx_t of a SimpleRNN by the product of Jacobians and by the tape."""
    W, U, b = weights(1)
    h = elman_forward(X, np.zeros((N, UNITS)), W, U, b, np.eye(UNITS), np.zeros(UNITS))[1]

    np.testing.assert_allclose(
        elman_sensitivity(h, U, W), by_keras(keras.layers.SimpleRNN, [W, U, b]), rtol=1e-10, atol=1e-14
    )


def test_lstm_sensitivity_is_what_automatic_differentiation_gives():
    """The same for an LSTM."""
    W, U, b = weights(4)
    zeros = np.zeros((N, UNITS))
    _, cache = bptt_lstm.forward(X, zeros, zeros, W, U, b)

    np.testing.assert_allclose(lstm_sensitivity(cache), by_keras(keras.layers.LSTM, [W, U, b]), rtol=1e-10, atol=1e-14)


def test_norm_is_that_of_numpy():
    """The root of the sum of squares is Frobenius' norm."""
    matrices = RNG.normal(size=(2, 5, 4, 3))

    np.testing.assert_allclose(norms_over_time(matrices), np.linalg.norm(matrices, axis=(-2, -1)))


@pytest.mark.parametrize("seed", range(40))
def test_bad_step_is_where_the_monitor_sees_an_explosion(seed):
    """The rule, written twice: here for exercises, in `course_kit.gradients` for training."""
    rng = np.random.default_rng(seed)
    norm = np.exp(rng.normal(size=150, scale=rng.uniform(0.2, 1.2)))
    norm[rng.integers(0, 150)] *= rng.choice([1.0, 30.0, np.inf, np.nan])
    found = first_explosion(norm)

    assert first_bad_step(np.ones(150), norm) == (-1 if found is None else found)


def test_lost_loss_is_a_bad_step():
    """A loss that is not finite is bad even while the norm still is."""
    loss = np.ones(20)
    loss[[7, 12]] = np.nan

    assert first_bad_step(loss, np.ones(20)) == 7


def test_memory_length_leaves_one_part_in_e():
    """rho^tau = 1/e."""
    for rho in (0.1, 0.5, 0.99):
        assert rho ** memory.memory_length(rho) == pytest.approx(np.exp(-1), rel=1e-12)
    assert memory.memory_length(1.0) == memory.memory_length(1.3) == np.inf


def test_share_is_that_of_the_geometric_series():
    """(1 - rho^k) / (1 - rho^K), and k / K at 1."""
    for rho in (0.3, 0.9, 1.2):
        assert memory.share_of_the_last(rho, 5, 30) == pytest.approx((1 - rho**5) / (1 - rho**30), rel=1e-12)
    assert memory.share_of_the_last(1.0, 5, 30) == pytest.approx(5 / 30)


def test_rate_of_an_exponential_is_its_base():
    """The fit finds rho, falling and rising."""
    for rho in (0.6, 1.1):
        assert memory.rate(3.0 * rho ** np.arange(30)[::-1]) == pytest.approx(rho, rel=1e-10)
