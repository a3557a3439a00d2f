"""Figures of notebook 04: the recast network at work, pushed, and where it stops following."""

from functools import cache

import numpy as np

from course_kit.plots.ask import ask, figure_of
from course_kit.plots.lstm import CIRCLE
from course_kit.plots.ode import HALF, oscillator
from course_kit.plots.show import Shown, new_figure, show, styles
from course_kit.plots.slider import Slid, slider
from course_kit.reference.integrators import rk4
from course_kit.reference.ode_network import OdeNetwork

COUNTS = (10, 20, 40, 80)
START, DT, STEPS = np.array([[2.0, 0.0]]), 0.02, 500


@cache
def fitted(n: int, seed: int = 0) -> OdeNetwork:
    """The oscillator's field by n units on the box of the notebook."""
    return OdeNetwork.fit(oscillator, -HALF, HALF, n, seed=seed)


def _portrait(axes, path, true, n, far) -> None:
    axes.plot(*true[::12].T, **{**CIRCLE, "ms": 4})
    axes.plot(*path.T, color="#0072B2")
    axes.add_patch(box())
    axes.set(xlabel="x", xlim=(-4, 4), ylim=(-5, 5), title=f"n = {n}, distance {far:.2g}")


def box():
    """The frame of the fit, as a Matplotlib patch."""
    from matplotlib.patches import Rectangle

    return Rectangle(-HALF, *(2 * HALF), fill=False, color="0.5", ls=":")


def phase_portrait(simulate, largest_distance, largest: int = 80) -> Shown | Slid:
    """True path and network for four n, with a slider for n."""

    @figure_of("E04.4")
    def still(simulate, largest_distance) -> Shown:
        return _runs(COUNTS, simulate, largest_distance)

    @figure_of("E04.4")
    def live(simulate, largest_distance, n) -> Shown:
        return _runs((n,), simulate, largest_distance)

    shown = still(simulate, largest_distance)
    if shown.png is None:
        return shown
    return slider(lambda n: live(simulate, largest_distance, n), shown, n=(5, largest, 5, 30))


def _runs(counts, simulate, largest_distance) -> Shown:
    true = rk4(oscillator, START, DT, STEPS)
    figure, panels = new_figure(
        1, len(counts) + 1, width=2.2 * len(counts) + 3.6, width_ratios=[2] * len(counts) + [3], height=3.3
    )
    errors, t = [], DT * np.arange(STEPS + 1)
    for axes, style, n in zip(panels, styles(), counts, strict=False):
        network = fitted(n)
        (path,) = ask(simulate, START, network.A, network.b, network.C, DT, STEPS, shapes=((1, STEPS + 1, 2),))
        far = float(largest_distance(path, true))
        errors.append(far)
        _portrait(axes, path[0], true[0], n, far)
        panels[-1].semilogy(
            t[1:], np.maximum(np.linalg.norm(path - true, axis=-1)[0, 1:], 1e-17), label=f"n = {n}", **style
        )
    panels[0].set_ylabel("v")
    panels[-1].set(xlabel="t", ylabel="distance from the true path", ylim=(1e-9, 20))
    panels[-1].legend(fontsize=8, loc="lower right")
    said = ", ".join(f"{e:.1e} with n = {n}" for n, e in zip(counts, errors, strict=True))
    return show(
        figure,
        alt="Drawn from your answers: the plane of x and v, a panel for each number of units. Circles are the true "
        "path from (2, 0) to t = 10, a closed curve, the line is the network, the dotted frame the box of the fit. If "
        "right, 10 units lose the path, 40 and 80 run through all circles. Last panel: distance from the true "
        f"path over time on a logarithmic scale. Largest distances: {said}.",
        caption="Your recurrent network against van der Pol's oscillator (circles). The titles give your largest "
        f"distance: {said}.",
    )


@figure_of("E04.5")
def forced(simulate_forced, network: OdeNetwork) -> Shown:
    """The oscillator under a periodic force, and without."""
    omega = 1.7
    f = np.zeros((2 * STEPS + 1, 2))
    f[:, 1] = np.cos(omega * np.arange(2 * STEPS + 1) * DT / 2)
    figure, (paths, error) = new_figure(1, 2, width=9.5, height=3.6, width_ratios=(3, 2))
    t, said = DT * np.arange(STEPS + 1), []
    for style, label, force in zip(styles(), ("pushed", "left alone"), (f, 0 * f), strict=False):
        shape = (1, STEPS + 1, 2)
        (path,) = ask(simulate_forced, START, force, network.A, network.b, network.C, DT, shapes=(shape,))
        true = rk4(oscillator, START, DT, STEPS, force)
        paths.plot(t, path[0, :, 0], label=f"x, {label}", **style)
        paths.plot(t[::20], true[0, ::20, 0], **{**CIRCLE, "ms": 5})
        gap = np.linalg.norm(path - true, axis=-1)[0]
        error.semilogy(t[1:], np.maximum(gap[1:], 1e-17), label=label, **style)
        said.append(f"{label} {gap.max():.1e}")
    paths.plot(t, f[::2, 1], color="0.6", lw=1, label="the force on v")
    paths.set(xlabel="t", ylim=(-3.6, 2.6))
    paths.legend(fontsize=8, loc="lower left", ncols=3)
    error.set(xlabel="t", ylabel="distance from the true path", ylim=(1e-9, 20))
    error.axhline(1e-2, color="0.5", lw=1, ls=":", label="allowed")
    error.legend(fontsize=8)
    return show(
        figure,
        alt="Drawn from your answer. Left: x over ten units of time, pushed by a cosine force and left alone, with "
        "circles for the true system. If right, both lines run through their circles, and they differ from each "
        "other from the first swing on. Right: the distance from the true paths on a logarithmic scale, with a dotted "
        f"line at 0.01. Largest distances: {'; '.join(said)}.",
        caption="Your recurrent network with and without a force (circles: the true system). Largest distances: "
        f"{'; '.join(said)}.",
    )
