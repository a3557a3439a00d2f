"""Figures of notebook 04, where the network stops following: outside its box, after a long time, in chaos."""

import numpy as np

from course_kit.plots.ask import figure_of
from course_kit.plots.lstm import CIRCLE
from course_kit.plots.ode import HALF, oscillator
from course_kit.plots.ode_runs import fitted
from course_kit.plots.show import Shown, new_figure, show, styles
from course_kit.plots.slider import Slid, slider
from course_kit.reference.integrators import rk4
from course_kit.reference.ode_network import OdeNetwork

TURN = 140  # entries, 0.05 apart: somewhat more than the period of van der Pol's oscillator, 6.66 for mu = 1


def lorenz(s: np.ndarray) -> np.ndarray:
    """Lorenz' field with his parameters 10, 28, 8/3 (1963)."""
    x, y, z = s[..., 0], s[..., 1], s[..., 2]
    return np.stack([10 * (y - x), x * (28 - z) - y, x * y - 8 / 3 * z], axis=-1)


def escape() -> Slid:
    """The error of the field around its box, and a start outside it; a slider for the start."""
    return slider(lambda x: _escape((x,)), _escape((3.0, 5.0, 8.0)), x=(1.0, 10.0, 0.5, 8.0))


def _escape(starts) -> Shown:
    networks = {n: fitted(n, seed=2) for n in (10, 40, 80, 160)}
    figure, panels = new_figure(
        1, 1 + len(starts), width=4.0 + 2.4 * len(starts), height=3.6, width_ratios=[3] + [2] * len(starts)
    )
    rings, r = panels[0], np.geomspace(0.3, 6, 25)
    square = np.random.default_rng(0).uniform(-1, 1, (300, 2))
    square /= np.abs(square).max(axis=1, keepdims=True)
    rings.axvspan(0.25, 1, color="0.92", zorder=0, label="fitted here")
    for style, (n, network) in zip(styles(), networks.items(), strict=False):
        s = r[:, None, None] * square * HALF
        error = np.sqrt(np.mean((network.field(s) - oscillator(s)) ** 2, axis=(1, 2)))
        rings.loglog(r, error, label=f"n = {n}", **style)
    rings.set(xlabel="size of the frame (1: the box)", ylabel="error of the field on the frame", xlim=(0.28, 6.5))
    rings.set_xticks([0.3, 1, 2, 5], ["0.3", "1", "2", "5"])
    rings.minorticks_off()
    rings.legend(fontsize=8, loc="lower right")
    dt, steps, said = 0.01, 2000, []
    for axes, x in zip(panels[1:], starts, strict=True):
        start = np.array([[x, 0.0]])
        true = rk4(oscillator, start, dt, steps)
        t = dt * np.arange(steps + 1)
        for style, n in zip(list(zip(styles(), networks, strict=False))[1:3], (40, 80), strict=True):
            path = rk4(networks[n].field, start, dt, steps)
            far = np.linalg.norm(path - true, axis=-1).max()
            axes.plot(t, path[0, :, 0], label=f"n = {n}", **style[0])
            said.append(f"{far:.1g} from x = {x:g} with n = {n}")
        axes.plot(t[::50], true[0, ::50, 0], **{**CIRCLE, "ms": 4}, label="true")
        axes.set(xlabel="t", title=f"start ({x:g}, 0)", ylim=(-4, 30))
        axes.axhspan(-3, 3, color="0.92", zorder=0)
    panels[1].set_ylabel("x")
    panels[1].legend(fontsize=8, loc="upper right")
    return show(
        figure,
        alt="First panel, logarithmic axes: the error of the fitted field on frames around the box, for 10, 40, 80 and "
        "160 units. Inside the box, at sizes up to 1, each line is flat and lies the lower the more units there are. "
        "Outside all rise steeply, and at five times the box they have met at about 1000. The other panels: x over 20 "
        "units of time from starts on the x axis, the true system as circles, networks of 40 and 80 units as lines. "
        f"Largest distances: {'; '.join(said)}.",
        caption="Outside the box. On a frame five times as large 160 units are hardly better than 10. Largest "
        f"distances up to t = 20: {'; '.join(said)}.",
    )


def runs_apart() -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """Times, and distances over time of what should stay together on Lorenz' attractor; geometric mean of 20 starts.

    "start + 1e-9" is a second run of the true system; "n = 80" and so on are networks fitted to it.
    """
    dt, steps = 0.01, 3000
    nearby = np.array([1.0, 1.0, 20.0]) + np.random.default_rng(0).normal(size=(20, 3))
    start = rk4(lorenz, nearby, dt, 2000)[:, -1]
    true = rk4(lorenz, start, dt, steps)
    runs = {"start + 1e-9": rk4(lorenz, start + 1e-9, dt, steps)}
    for n in (80, 160, 320):
        network = OdeNetwork.fit(lorenz, (-25, -30, -5), (25, 30, 55), n, samples=3000)
        runs[f"n = {n}"] = rk4(network.field, start, dt, steps)  # the recast network's path, to rounding
    distances = {}
    for label, run in runs.items():
        apart = np.linalg.norm(run - true, axis=-1)[:, 1:]
        distances[label] = np.exp(np.log(np.maximum(apart, 1e-300)).mean(axis=0))
    return dt * np.arange(1, steps + 1), distances


@figure_of("E04.6")
def growth(growth_rate, horizon, t, distances) -> Shown:
    """Distances over time: on the limit cycle of van der Pol, and on Lorenz' attractor."""
    figure, (slow, fast) = new_figure(1, 2, width=9.5, height=3.8)
    start, dt, steps, said = np.array([[2.0, 0.0]]), 0.05, 43 * TURN, []
    true = rk4(oscillator, start, dt, steps)
    for style, n in zip(styles(), (40, 80), strict=False):
        gap = np.linalg.norm(rk4(fitted(n).field, start, dt, steps) - true, axis=-1)[0]
        turns = gap[1:].reshape(-1, TURN).max(axis=1)
        slow.loglog(dt * TURN * np.arange(1, len(turns) + 1), turns, label=f"n = {n}", **style)
        said.append(f"{turns[0]:.1e} and {turns[-1]:.1e} with n = {n}")
    slow.set(xlabel="t", ylabel="largest distance in each turn", title="van der Pol")
    slow.legend(fontsize=8)
    slow.grid(alpha=0.3)

    rate = float(growth_rate(t, distances["start + 1e-9"], 1e-8, 1.0))
    end = float(horizon(1e-9, 1.0, rate))
    for style, (label, distance) in zip(styles(), distances.items(), strict=False):
        fast.semilogy(t, distance, label=label, **style)
    line = 1e-9 * np.exp(np.clip(rate * t, -50, 50))
    fast.plot(t[line < 100], line[line < 100], color="#CC79A7", lw=4, alpha=0.6, label=f"your rate, {rate:.2f}")
    fast.plot(end, 1.0, **CIRCLE, label=f"your horizon, {end:.1f}")
    fast.set(xlabel="t", ylabel="distance", title="Lorenz", ylim=(1e-10, 300), xlim=(0, t[-1]))
    fast.legend(fontsize=8, loc="lower right")
    crossing = {label: float(t[np.argmax(d > 1)]) for label, d in distances.items()}
    crossed = ", ".join(f"{label} at t = {at:.1f}" for label, at in crossing.items())
    return show(
        figure,
        alt="Left, logarithmic axes: the largest distance between network and true oscillator in each turn, over 300 "
        f"units of time; two straight lines of slope 1. First and last turn: {'; '.join(said)}. Right, logarithmic "
        "vertical axis: distances on Lorenz' attractor over 30 units of time, for two starts 1e-9 apart and for three "
        "networks; all rise in straight lines and end at about 20, the size of the attractor. They pass 1 as follows: "
        f"{crossed}. Your line has the rate {rate:.2f}; if right, it runs beside the curve of the two starts, about "
        "0.9, and the circle, your horizon, lies on it at height 1.",
        caption="How a small error grows. Left, in proportion to time, since only the phase drifts. Right, "
        f"exponentially: your rate is {rate:.2f}, and the distances pass 1 for {crossed}.",
    )
