"""The recast network and its integrators, against SciPy's integrators and matrix exponential."""

import numpy as np
import pytest
from scipy.integrate import solve_ivp
from scipy.linalg import expm

from course_kit.reference import OdeNetwork, elman_forward
from course_kit.reference.integrators import euler, rk4

LOW, HIGH = (-3.0, -4.0), (3.0, 4.0)


def van_der_pol(s):
    x, v = s[..., 0], s[..., 1]
    return np.stack([v, (1 - x**2) * v - x], axis=-1)


def scipy_path(g, start, times, force=lambda t: 0.0):
    """The solution by an eighth-order method of SciPy."""
    found = solve_ivp(
        lambda t, s: g(s[None])[0] + force(t), (0, times[-1]), start, "DOP853", t_eval=times, rtol=1e-12, atol=1e-12
    )
    return found.y.T


@pytest.fixture(scope="module")
def network():
    return OdeNetwork.fit(van_der_pol, LOW, HIGH, units=80)


@pytest.fixture
def any_network():
    rng = np.random.default_rng(4)
    return OdeNetwork(rng.normal(size=(3, 5)), rng.normal(size=5), rng.normal(size=(5, 3)))


def test_runge_kutta_follows_scipy():
    """1000 steps of 0.01 on van der Pol's oscillator."""
    path = rk4(van_der_pol, np.array([[2.0, 0.0]]), 0.01, 1000)

    assert np.allclose(path[0, ::100], scipy_path(van_der_pol, [2.0, 0.0], np.arange(11.0)), atol=1e-7)


def test_runge_kutta_follows_scipy_under_a_force():
    """The force is read at the start, in the middle and at the end of each step."""
    times = 0.005 * np.arange(2001)
    force = np.stack([0 * times, np.cos(1.7 * times)], axis=1)

    path = rk4(van_der_pol, np.array([[2.0, 0.0]]), 0.01, 1000, force)

    due = scipy_path(van_der_pol, [2.0, 0.0], np.arange(11.0), lambda t: np.array([0.0, np.cos(1.7 * t)]))
    assert np.allclose(path[0, ::100], due, atol=1e-7)


@pytest.mark.parametrize("method,terms", [(euler, 1), (rk4, 4)])
def test_a_step_on_a_linear_field_is_the_exponential_series_cut_off(method, terms):
    """On s' = s M a step multiplies by the first terms of exp(dt M)."""
    M, dt = np.random.default_rng(1).normal(size=(3, 3)), 0.3
    step, power = np.eye(3), np.eye(3)
    for k in range(1, terms + 1):
        power = power @ (dt * M) / k
        step = step + power
    s = np.array([[1.0, -2.0, 0.5], [0.0, 1.0, 3.0]])

    path = method(lambda s: s @ M, s, dt, 5)

    assert np.allclose(path[:, -1], s @ np.linalg.matrix_power(step, 5), atol=1e-12)


@pytest.mark.parametrize("method,order", [(euler, 1), (rk4, 4)])
def test_half_the_step_leaves_the_error_of_its_order(method, order):
    """2 and 16, against the matrix exponential."""
    M, s = np.array([[0.0, -1.0], [1.0, 0.1]]), np.array([[1.0, 0.0]])
    errors = [np.linalg.norm(method(lambda s: s @ M, s, 2 / n, n)[:, -1] - s @ expm(2 * M)) for n in (40, 80)]

    assert 2**order == pytest.approx(errors[0] / errors[1], rel=0.1)


def test_recast_changes_nothing(any_network):
    """The hidden trajectory, mapped back, is that of the fitted field."""
    s = np.random.default_rng(2).normal(size=(2, 3))

    path = any_network.simulate(s, 0.05, 100)

    for start, found in zip(s, path, strict=True):
        due = scipy_path(any_network.field, start, np.array([0.0, 5.0]))
        assert np.allclose(found[-1], due[-1], atol=1e-4)
    assert np.allclose(path, rk4(any_network.field, s, 0.05, 100), atol=1e-10)


def test_the_recurrent_kernel_has_the_rank_of_the_system(any_network):
    """However many units, U moves them in d directions."""
    W, U = any_network.kernels()

    assert (3, 5) == W.shape
    assert 3 == np.linalg.matrix_rank(U)


def test_eighty_units_follow_van_der_pol(network):
    """Free and pushed, to t = 10: what D1.8 claims."""
    times = 0.01 * np.arange(1001)
    force = np.stack([0 * times, np.cos(1.7 * times)], axis=1)
    for used, pushed in ((None, 0.0), (force, 1.0)):
        due = scipy_path(
            van_der_pol, [2.0, 0.0], np.arange(11.0), lambda t, p=pushed: np.array([0.0, p * np.cos(1.7 * t)])
        )

        path = network.simulate(np.array([[2.0, 0.0]]), 0.02, 500, used)[0, ::50]

        assert np.linalg.norm(path - due, axis=1).max() < 1e-3


def test_no_force_is_a_force_of_zero(any_network):
    """The two ways to say it agree to the last bit."""
    s = np.random.default_rng(2).normal(size=(2, 3))

    assert np.array_equal(any_network.simulate(s, 0.1, 9), any_network.simulate(s, 0.1, 9, np.zeros((19, 3))))


def test_a_fitted_step_is_an_elman_network():
    """With C fitted to the step, the Elman network walks the flow of the system, pushed by impulses."""
    dt, steps = 0.1, 50
    impulses = np.random.default_rng(6).normal(size=(1, steps, 2))

    def flow(s):
        return np.stack([scipy_path(van_der_pol, start, np.array([0.0, dt]))[-1] for start in s])

    walker = OdeNetwork.fit(flow, LOW, HIGH, units=80, samples=400)
    W, U, b_h, V, b_y = walker.elman(dt)
    start = np.array([[1.0, 0.5]])
    h = np.linalg.lstsq(V.T, start.T, rcond=None)[0].T
    y, _ = elman_forward(impulses, h, W, U, b_h, V, b_y)

    s = start
    for k in range(steps):
        s = flow(s + dt * impulses[:, k])
        assert np.allclose(y[:, k], s, atol=5e-3)
