"""The series against integrators of SciPy, exact solutions and recursions written out anew."""

from collections import deque

import numpy as np
import pytest
from scipy.integrate import solve_ivp
from scipy.signal import find_peaks

from course_kit.datasets.dynamics import lorenz, mackey_glass, narma10, runge_kutta, van_der_pol

TIGHT = {"method": "DOP853", "rtol": 1e-12, "atol": 1e-13, "dense_output": True}


def by_the_method_of_steps(times, tau, start=1.2):
    """Mackey-Glass span by span of the delay, each an ordinary equation for SciPy with the one before as a forcing."""
    pieces = [lambda t: np.array([start])]
    x = start
    for k in range(int(times[-1] // tau) + 1):

        def slope(t, x, before=pieces[-1]):
            past = before(t - tau)[0]
            return 0.2 * past / (1 + past**10) - 0.1 * x

        piece = solve_ivp(slope, (k * tau, (k + 1) * tau), [x], **TIGHT)
        pieces.append(piece.sol)
        x = piece.y[0, -1]
    return np.array([pieces[int(t // tau) + 1](t)[0] for t in times])


@pytest.mark.parametrize(("tau", "tolerance"), [(17.0, 5e-9), (30.0, 2e-9)])
def test_mackey_glass_is_what_scipy_finds_span_by_span(tau, tolerance):
    """300 time units of a chaotic series, the delay taken care of in another way."""
    assert np.abs(mackey_glass(300, tau=tau) - by_the_method_of_steps(np.arange(300.0), tau)).max() < tolerance


def test_mackey_glass_has_the_fourth_order():
    """Half the step, a sixteenth of the error: the delayed value at half steps is as good as the method."""
    exact = by_the_method_of_steps(np.arange(100.0), 17.0)

    errors = [np.abs(mackey_glass(100, inner=inner) - exact).max() for inner in (2, 4, 8)]

    assert 12 < errors[0] / errors[1] < 20
    assert 12 < errors[1] / errors[2] < 20


def test_mackey_glass_of_the_textbook_stays_between_its_bounds():
    """tau = 17: the long series lies in 0.2 ... 1.4 and never repeats a stretch of 100."""
    x = mackey_glass(3000, discard=300)

    assert 0.2 < x.min() < 0.45 < 1.25 < x.max() < 1.4
    windows = np.lib.stride_tricks.sliding_window_view(x, 100)
    assert np.abs(windows[500:] - windows[0]).max(axis=1).min() > 0.01


def test_mackey_glass_counts_its_values():
    """`every` and `discard` pick values of one and the same solution."""
    x = mackey_glass(101, every=0.5)

    assert np.abs(x[::2] - mackey_glass(51, inner=20)).max() < 1e-15
    assert np.array_equal(mackey_glass(41, discard=10), mackey_glass(51)[10:])
    assert x[0] == 1.2


def test_a_delay_between_two_steps_is_refused():
    """The kinks of the solution would fall inside a step and cost the order."""
    with pytest.raises(ValueError, match=r"^tau must be a whole number of steps of every/inner = 0.1. Got 17.05.$"):
        mackey_glass(10, tau=17.05)


def test_narma10_is_its_recursion_over_a_queue_of_ten():
    """Written again with the newest value at the right: ten outputs, ten inputs."""
    u, y = narma10(300, seed=4, discard=10)
    outputs, inputs = deque(y[:10], maxlen=10), deque(u[:10], maxlen=10)

    for t in range(10, 300):
        obtained = 0.3 * outputs[-1] + 0.05 * outputs[-1] * sum(outputs) + 1.5 * inputs[0] * inputs[-1] + 0.1
        assert obtained == pytest.approx(y[t], rel=1e-13)
        outputs.append(y[t])
        inputs.append(u[t])


def test_narma10_has_the_ranges_of_the_paper():
    """Inputs uniform in [0, 0.5], outputs positive and below about one."""
    u, y = narma10(5000, seed=1)

    assert 0 <= u.min() < 0.001
    assert 0.499 < u.max() <= 0.5
    assert abs(u.mean() - 0.25) < 0.01
    assert 0.1 < y.min() < y.max() < 1.1


def test_a_narma10_series_that_runs_off_is_refused():
    """Of 200 seeds some have such a series within 1000 steps; each is named, none returns infinity."""
    refused = 0
    for seed in range(200):
        try:
            assert narma10(1000, seed=seed)[1].max() < 1.5
        except ValueError as refusal:
            assert str(refusal) == (
                f"seed must give a series that stays bounded. Got {seed}, which runs off: take another."
            )
            refused += 1
    assert 0 < refused < 10


def test_lorenz_is_what_scipy_finds():
    """Ten time units from the paper's start, before chaos has multiplied the rounding."""

    def flow(t, state):
        return 10 * (state[1] - state[0]), state[0] * (28 - state[2]) - state[1], state[0] * state[1] - 8 / 3 * state[2]

    exact = solve_ivp(flow, (0, 10), [0.0, 1.0, 0.0], **TIGHT).sol(np.arange(1001) * 0.01).T

    assert np.abs(lorenz(1001, inner=10) - exact).max() < 1e-6
    assert np.abs(lorenz(1001) - exact).max() < 1e-2


@pytest.mark.parametrize("side", [-1, 1])
def test_lorenz_stands_still_in_the_eyes_of_its_wings(side):
    """(+-sqrt(beta (rho - 1)), the same, rho - 1)."""
    eye = (side * np.sqrt(72), side * np.sqrt(72), 27.0)

    assert np.abs(lorenz(200, start=eye) - eye).max() < 1e-10


def test_lorenz_visits_both_wings():
    """The chaotic series changes sides and stays bounded."""
    x = lorenz(20_000, discard=1000)[:, 0]

    assert 15 < x.max() < 25
    assert 20 < np.count_nonzero(np.diff(np.sign(x))) < 400


def test_van_der_pol_is_what_scipy_finds():
    """Twenty time units for each of the paper's three parameters."""
    for mu, inner in ((0.1, 10), (1.0, 20), (10.0, 200)):
        exact = solve_ivp(lambda t, s, mu=mu: (s[1], mu * (1 - s[0] ** 2) * s[1] - s[0]), (0, 20), [2.0, 0.0], **TIGHT)

        assert np.abs(van_der_pol(201, mu=mu, inner=inner) - exact.sol(np.arange(201) * 0.1).T).max() < 1e-5


def test_van_der_pol_has_the_known_periods():
    """2 pi (1 + mu^2/16) for small mu; 6.6633 for mu = 1 and 19.0784 for mu = 10 (Andersen & Geer 1982); height 2."""
    for mu, period in ((0.1, 2 * np.pi * (1 + 0.01 / 16)), (1.0, 6.66329), (10.0, 19.07837)):
        x = van_der_pol(7000, mu=mu, every=0.01, inner=2, discard=3000)[:, 0]
        peaks, _ = find_peaks(x)

        assert np.diff(peaks).mean() * 0.01 == pytest.approx(period, rel=2e-3)
        assert x.max() == pytest.approx(2.0, abs=0.03)


def test_without_damping_the_method_has_the_fourth_order():
    """mu = 0 is a cosine; half the step, a sixteenth of the error."""
    errors = [abs(van_der_pol(101, mu=0.0, inner=inner)[-1, 0] - 2 * np.cos(10.0)).max() for inner in (1, 2)]

    assert 14 < errors[0] / errors[1] < 18


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda: mackey_glass(0), "steps must be an integer of at least 1. Got 0."),
        (lambda: lorenz(2.5), "steps must be an integer of at least 1. Got 2.5."),
        (lambda: van_der_pol(5, inner=True), "inner must be an integer of at least 1. Got True."),
        (lambda: lorenz(5, discard=-1), "discard must be an integer of at least 0. Got -1."),
        (lambda: narma10(5, seed=1, discard=3), "discard must be an integer of at least 10. Got 3."),
    ],
)
def test_wrong_sizes_get_the_rule_and_what_came(call, sentence):
    """Exactly this sentence."""
    with pytest.raises(ValueError) as refusal:
        call()
    assert str(refusal.value) == sentence


def test_a_flow_of_ones_own_is_integrated():
    """d x/dt = x gives e."""
    assert runge_kutta(lambda x: x, np.ones(1), 2, 1.0, 100, 0)[-1, 0] == pytest.approx(np.e, rel=1e-9)
