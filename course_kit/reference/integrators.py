"""Step-by-step solution of d s/dt = g(s) + f(t): Euler's method and the classical Runge-Kutta method of order four.

Row vectors: s (N, d), a field g maps (N, d) to (N, d). A force is sampled at half steps, f (2 steps + 1, d): row 2k is
its value at the time k dt, row 2k + 1 its value in the middle of step k. Paths are (N, steps + 1, d), the start first.
"""

from collections.abc import Callable

import numpy as np

Field = Callable[[np.ndarray], np.ndarray]


def euler(g: Field, s: np.ndarray, dt: float, steps: int, force: np.ndarray | None = None) -> np.ndarray:
    """s_{k+1} = s_k + dt (g(s_k) + f_k)."""

    def step(s, f):
        return s + dt * (g(s) + f[0])

    return walk(step, s, steps, force)


def rk4(g: Field, s: np.ndarray, dt: float, steps: int, force: np.ndarray | None = None) -> np.ndarray:
    """Four slopes a step: at its start, twice in its middle, at its end; the mean weighs them 1, 2, 2, 1."""

    def step(s, f):
        k1 = g(s) + f[0]
        k2 = g(s + dt / 2 * k1) + f[1]
        k3 = g(s + dt / 2 * k2) + f[1]
        k4 = g(s + dt * k3) + f[2]
        return s + dt / 6 * (k1 + 2 * k2 + 2 * k3 + k4)

    return walk(step, s, steps, force)


def walk(step: Callable, s: np.ndarray, steps: int, force: np.ndarray | None = None) -> np.ndarray:
    """The path (N, steps + 1, d) of ``step(s, f)``, f being the force at the start, middle and end of a step."""
    s = np.asarray(s, dtype=np.float64)
    force = np.zeros((2 * steps + 1, s.shape[-1])) if force is None else np.asarray(force, dtype=np.float64)
    path = np.empty((len(s), steps + 1, s.shape[-1]))
    path[:, 0] = s
    for k in range(steps):
        path[:, k + 1] = step(path[:, k], force[2 * k : 2 * k + 3])
    return path
