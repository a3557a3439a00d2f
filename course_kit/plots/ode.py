"""Figures of notebook 04: the field, its fit, the recast network. Hollow circles mark where a right answer passes."""

import numpy as np

from course_kit.plots.ask import ask, figure_of
from course_kit.plots.lstm import CIRCLE
from course_kit.plots.show import Shown, new_figure, show, styles
from course_kit.reference.integrators import euler as euler_twin
from course_kit.reference.integrators import rk4 as rk4_twin
from course_kit.reference.ode_network import fit_output as fit_twin

HALF = np.array([3.0, 4.0])


def oscillator(s: np.ndarray) -> np.ndarray:
    """Van der Pol's field with mu = 1, which the figures compare with."""
    x, v = s[..., 0], s[..., 1]
    return np.stack([v, (1 - x**2) * v - x], axis=-1)


@figure_of("E04.1")
def vector_field(field, euler, rk4) -> Shown:
    """The field as arrows with three paths in it, and the error of both methods against the step."""
    figure, (portrait, order) = new_figure(1, 2, width=9.5, height=3.9)
    x, v = np.meshgrid(np.linspace(-3, 3, 15), np.linspace(-4, 4, 15))
    arrows = field(np.stack([x.ravel(), v.ravel()], axis=1))
    length = np.maximum(np.linalg.norm(arrows, axis=1, keepdims=True), 1e-9)
    u, w = (arrows / length).T
    portrait.quiver(x.ravel(), v.ravel(), u, w, angles="xy", color="0.75", width=0.004, zorder=0)

    start, T = np.array([[0.3, 0.0]]), 16.0
    coarse = {"euler, dt = 0.2": euler(field, start, 0.2, 80), "rk4, dt = 0.2": rk4(field, start, 0.2, 80)}
    for style, (label, path) in zip(styles(), coarse.items(), strict=False):
        portrait.plot(*path[0].T, label=f"your {label}", **style)
    true = rk4_twin(oscillator, start, 0.02, 800)[0]
    portrait.plot(*true[::20].T, **{**CIRCLE, "ms": 4}, label="true path")
    portrait.set(xlabel="x", ylabel="v", xlim=(-3.2, 3.2), ylim=(-4.2, 5.8), title=f"from (0.3, 0) to t = {T:g}")
    portrait.legend(fontsize=8, loc="upper center", ncols=2)

    counts = np.array([20, 40, 80, 160, 320])
    exact = rk4_twin(oscillator, np.array([[2.0, 0.0]]), 2 / 5120, 5120)[:, -1]
    twins = {"euler": euler_twin, "rk4": rk4_twin}
    for style, (name, method) in zip(styles(), {"euler": euler, "rk4": rk4}.items(), strict=False):
        ends = [method(field, np.array([[2.0, 0.0]]), 2 / n, n)[:, -1] for n in counts]
        due = [twins[name](oscillator, np.array([[2.0, 0.0]]), 2 / n, n)[:, -1] for n in counts]
        order.plot(2 / counts, _distances(ends, exact), label=f"your {name}", **style)
        order.plot(2 / counts, _distances(due, exact), **CIRCLE)
    order.set(xscale="log", yscale="log", xlabel="step dt", ylabel="distance from the true end, t = 2")
    order.legend(fontsize=8, loc="lower right")
    order.grid(alpha=0.3)
    return show(
        figure,
        alt="Drawn from your answers. Left: the plane of x and v with arrows along your field and two paths of yours "
        "from near the origin. If right, the arrows turn clockwise, both paths spiral outwards to a closed curve "
        "that reaches x = 2 and v = 2.7, the path of rk4 runs through the circles, that of euler goes outside them. "
        "Right: the error against the step on logarithmic axes. If right, both lines are straight and run through "
        "the circles; the one of euler falls by 2 when the step is halved, the one of rk4 by 16.",
        caption="Your field and your integrators. Circles: the true path (left) and the errors due (right). Euler's "
        "line has slope 1, Runge-Kutta's slope 4.",
    )


def _gap(field, s) -> np.ndarray:
    """Absolute error of the second component, kept off zero for a logarithmic scale."""
    return np.maximum(np.abs(field - oscillator(s))[:, 1], 1e-17)


def _distances(ends, exact) -> list[float]:
    return [max(float(np.linalg.norm(end - exact)), 1e-17) for end in ends]


@figure_of("E04.2")
def fit(net_field, fit_output, random_units) -> Shown:
    """One slice through the fitted field, inside and outside of the box; and the error against n."""
    rng = np.random.default_rng(4)
    points, held_out = rng.uniform(-1, 1, (2000, 2)) * HALF, rng.uniform(-1, 1, (1000, 2)) * HALF
    figure, (cut, ladder) = new_figure(1, 2, width=9.5, height=3.8)
    line = np.stack([np.linspace(-8, 8, 161), np.full(161, 1.5)], axis=1)
    cut.axvspan(-3, 3, color="0.92", zorder=0, label="fitted here")
    for style, n in zip(styles(), (10, 20, 40, 80), strict=False):
        A, b = random_units(n, HALF, 0)
        (C,) = ask(fit_output, points, oscillator(points), A, b, shapes=((n, 2),))
        due = np.tanh(line @ A + b) @ fit_twin(points, oscillator(points), A, b)
        cut.semilogy(line[:, 0], _gap(net_field(line, A, b, C), line), label=f"n = {n}", **style)
        cut.plot(line[5::10, 0], _gap(due, line)[5::10], **{**CIRCLE, "ms": 5})
    cut.set(xlabel="x (at v = 1.5)", ylabel="error of v'", ylim=(1e-9, 1e4))
    cut.legend(fontsize=8, loc="lower left", ncols=2)

    counts, errors = (10, 20, 40, 80), []
    for n in counts:
        row = []
        for seed in range(5):
            A, b = random_units(n, HALF, seed)
            gap = net_field(held_out, A, b, fit_output(points, oscillator(points), A, b)) - oscillator(held_out)
            row.append(float(np.sqrt(np.mean(gap**2))))
        errors.append(row)
    middle = np.median(errors, axis=1)
    ladder.plot(counts, middle, "o-", color="black", label="median of five draws of the units")
    ladder.plot(np.repeat(counts, 5), np.ravel(errors), "x", color="#D55E00", label="each draw")
    ladder.axhline(1e-3, color="0.5", lw=1, ls=":", label="0.001, to be beaten with 80 units")
    ladder.set(xscale="log", yscale="log", xlabel="units n", ylabel="error at points not fitted to")
    ladder.set_xticks(counts, [str(n) for n in counts])
    ladder.minorticks_off()
    ladder.legend(fontsize=8)
    said = ", ".join(f"{e:.1e} for n = {n}" for n, e in zip(counts, middle, strict=True))
    return show(
        figure,
        alt="Drawn from your answers. Left, on a logarithmic scale: the error of v' along the line v = 1.5 for x from "
        "-8 to 8, a line for each of four networks, circles where a least-squares fit lies, the fitted range from -3 "
        "to 3 shaded. If right, the lines run through their circles; in the shaded range they lie the lower the more "
        "units there are, and outside they all rise. "
        f"Right, on logarithmic axes, the error at points not fitted to: median {said}.",
        caption="Your fit. Left, the lines belong into the circles: low where the field was fitted, high where nobody "
        f"asked. Right, the root of the mean squared error: {said}.",
    )


@figure_of("E04.3")
def recast(recast, to_hidden, to_state, run_hidden, A, b, C) -> Shown:
    """The recurrent kernel and its singular values, the hidden units over time, what comes back."""
    n = len(b)
    (U,) = ask(recast, A, C, shapes=((n, n),))
    s, dt, steps = np.array([[2.0, 0.0]]), 0.02, 500
    (u,) = ask(run_hidden, to_hidden(s, A, b), U, dt, steps, shapes=((1, steps + 1, n),))
    back = to_state(u, A, b)[0]
    direct = euler_twin(lambda s: np.tanh(s @ A + b) @ C, s, dt, steps)[0]
    figure, (spectrum, units, path) = new_figure(1, 3, width=10.5, height=3.4)
    values = np.maximum(np.linalg.svd(U, compute_uv=False), 1e-17)
    spectrum.semilogy(np.arange(1, n + 1), values, "o", color="black")
    spectrum.axvspan(0.5, 2.5, color="0.92", zorder=0)
    spectrum.set(xlabel="number", ylabel="singular value", title=f"your U, {n} x {n}")
    t = dt * np.arange(steps + 1)
    for style, k in zip(styles(), range(5), strict=False):
        units.plot(t, np.tanh(u[0, :, k]), label=f"unit {k}", **style)
    units.set(xlabel="t", ylabel="tanh(u)", title="five of the units", ylim=(-1.05, 1.05))
    path.plot(t, back[:, 0], color="black", label="x, mapped back")
    path.plot(t, back[:, 1], color="#E69F00", ls="--", label="v, mapped back")
    for column in (0, 1):
        path.plot(t[::25], direct[::25, column], **{**CIRCLE, "ms": 5})
    far = np.abs(back - direct).max()
    path.set(xlabel="t", title=f"largest difference {far:.1e}", ylim=(-4.5, 4.5))
    path.legend(fontsize=8, loc="lower right")
    return show(
        figure,
        alt=f"Drawn from your answers for a network of {n} units. Left: the singular values of your U on a logarithmic "
        "scale; if right, two of them stand in the shaded strip, above 1, and all others below 1e-10. Middle: five "
        "units swing with the oscillator, each in its own way. Right: x and v, mapped back from the hidden trajectory, "
        "over ten units of time, with circles for Euler's steps of the fitted field; if right, the lines run through "
        f"the circles. The largest difference is {far:.1e}.",
        caption="Your recurrent network. Only two singular values differ from zero; the lines on the right belong into "
        "the circles, with a difference that is rounding alone.",
    )
