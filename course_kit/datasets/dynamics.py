"""Series made by equations: Mackey-Glass, NARMA10, Lorenz, van der Pol. NumPy float64, steps in the first axis."""

import math
from collections.abc import Callable

import numpy as np

from course_kit.datasets.sequences import at_least


def mackey_glass(
    steps: int,
    *,
    tau: float = 17.0,
    start: float = 1.2,
    every: float = 1.0,
    inner: int = 10,
    discard: int = 0,
    a: float = 0.2,
    b: float = 0.1,
    n: float = 10.0,
) -> np.ndarray:
    """dx/dt = a x(t - tau)/(1 + x(t - tau)^n) - b x(t), (steps,), the first value being x(0) if none is discarded.

    M. C. Mackey, L. Glass, "Oscillation and chaos in physiological control systems", Science 197 (1977), 287-289;
    with these parameters it is chaotic from a tau of about 17 on (J. D. Farmer,
    Physica D 4 (1982), 366-393); 17 and 30 are the usual ones. Before time 0 it stands at ``start``.

    Runge-Kutta steps of the fourth order, ``inner`` to each span of ``every``; the delayed value at half steps is read
    off the cubic through the neighbouring values and slopes, so the whole has the fourth order as well. The delay
    must be a whole number of inner steps, because the solution has a kink in its derivatives at every multiple of it.

    Args:
        steps: values to return, ``every`` time units apart.
        discard: values to leave out first.

    >>> mackey_glass(3).round(6).tolist()
    [1.2, 1.117562, 1.042969]
    """
    steps, inner = at_least(1, steps=steps, inner=inner)
    (discard,) = at_least(0, discard=discard)
    h = every / inner
    lag = round(tau / h)
    if lag < 1 or not math.isclose(lag * h, tau, rel_tol=1e-9):
        raise ValueError(f"tau must be a whole number of steps of every/inner = {h:g}. Got {tau!r}.")

    def grow(delayed: float) -> float:
        return a * delayed / (1 + delayed**n)

    size = (discard + steps - 1) * inner + 1
    x, slope = np.full(lag + size, float(start)), np.zeros(lag + size)  # x(-tau) is x[0], x(0) is x[lag]
    for k in range(lag, lag + size - 1):
        then, soon = x[k - lag], x[k - lag + 1]  # tau ago, and a step later
        slope[k] = k1 = grow(then) - b * x[k]
        # at time 0 the slope jumps from 0 to its first value: the cubic that ends there has the old one
        slope_soon = 0.0 if k - lag + 1 == lag else slope[k - lag + 1]
        halfway = grow((then + soon) / 2 + h * (slope[k - lag] - slope_soon) / 8)
        k2 = halfway - b * (x[k] + h / 2 * k1)
        k3 = halfway - b * (x[k] + h / 2 * k2)
        k4 = grow(soon) - b * (x[k] + h * k3)
        x[k + 1] = x[k] + h / 6 * (k1 + 2 * k2 + 2 * k3 + k4)
    return x[lag:][discard * inner :: inner]


def narma10(steps: int, *, seed: int, discard: int = 200) -> tuple[np.ndarray, np.ndarray]:
    """Inputs u, uniform in [0, 0.5], and the outputs y of a system of the tenth order, (steps,) each.

    y(t+1) = 0.3 y(t) + 0.05 y(t) [y(t) + ... + y(t-9)] + 1.5 u(t-9) u(t) + 0.1

    A. F. Atiya, A. G. Parlos, "New results on recurrent network training", IEEE Transactions on Neural Networks 11
    (2000), 697-709. y[t] is the output that u[0] ... u[t-1] and what was discarded have led to. About one series in
    some thousands runs off to infinity; a seed that gives such a series is refused.
    """
    (steps,) = at_least(1, steps=steps)
    (discard,) = at_least(10, discard=discard)
    u = np.random.default_rng(seed).uniform(0.0, 0.5, discard + steps)
    y = np.zeros(discard + steps)
    for t in range(9, discard + steps - 1):
        y[t + 1] = 0.3 * y[t] + 0.05 * y[t] * y[t - 9 : t + 1].sum() + 1.5 * u[t - 9] * u[t] + 0.1
        if y[t + 1] > 100:  # ordinary values lie in 0.1 ... 1, and from here on the square can only win
            raise ValueError(f"seed must give a series that stays bounded. Got {seed!r}, which runs off: take another.")
    return u[discard:], y[discard:]


def lorenz(
    steps: int,
    *,
    every: float = 0.01,
    start: tuple[float, float, float] = (0.0, 1.0, 0.0),
    sigma: float = 10.0,
    rho: float = 28.0,
    beta: float = 8.0 / 3.0,
    inner: int = 1,
    discard: int = 0,
) -> np.ndarray:
    """dx/dt = sigma (y - x), dy/dt = x (rho - z) - y, dz/dt = x y - beta z, (steps, 3).

    E. N. Lorenz, "Deterministic nonperiodic flow", Journal of the Atmospheric Sciences 20 (1963), 130-141: these three
    parameters, this start, steps of 0.01.
    """

    def flow(state: np.ndarray) -> np.ndarray:
        x, y, z = state
        return np.array([sigma * (y - x), x * (rho - z) - y, x * y - beta * z])

    return runge_kutta(flow, np.array(start, dtype=float), steps, every, inner, discard)


def van_der_pol(
    steps: int,
    *,
    mu: float = 1.0,
    every: float = 0.1,
    start: tuple[float, float] = (2.0, 0.0),
    inner: int = 10,
    discard: int = 0,
) -> np.ndarray:
    """x'' - mu (1 - x^2) x' + x = 0 as (x, x'), (steps, 2).

    B. van der Pol, "On 'relaxation-oscillations'", Philosophical Magazine 2 (1926), 978-992, with mu of 0.1, 1 and 10.
    A large mu is stiff: take ``inner`` of about 10 mu.
    """

    def flow(state: np.ndarray) -> np.ndarray:
        x, v = state
        return np.array([v, mu * (1 - x * x) * v - x])

    return runge_kutta(flow, np.array(start, dtype=float), steps, every, inner, discard)


def runge_kutta(
    flow: Callable[[np.ndarray], np.ndarray], state: np.ndarray, steps: int, every: float, inner: int, discard: int
) -> np.ndarray:
    """The solution of d state/dt = flow(state) at ``steps`` times, ``every`` apart, by the classical method."""
    steps, inner = at_least(1, steps=steps, inner=inner)
    (discard,) = at_least(0, discard=discard)
    h = every / inner
    states = np.empty((discard + steps, *state.shape))
    states[0] = state
    for k in range(1, discard + steps):
        for _ in range(inner):
            k1 = flow(state)
            k2 = flow(state + h / 2 * k1)
            k3 = flow(state + h / 2 * k2)
            k4 = flow(state + h * k3)
            state = state + h / 6 * (k1 + 2 * k2 + 2 * k3 + k4)
        states[k] = state
    return states[discard:]
