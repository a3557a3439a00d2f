"""Notebook 02, scalars: a line that is bent, a regression on itself, a unit that hears itself."""

from collections.abc import Callable
from functools import partial

import numpy as np

from course_kit.plots.ask import ask, figure_of
from course_kit.plots.show import OKABE_ITO, Shown, new_figure, show, styles
from course_kit.reference.activations import sigmoid
from course_kit.reference.elman import elman_forward

BLACK, ORANGE, SKY, GREEN, BLUE, VERMILION = OKABE_ITO[:6]
EXPECTED = {"color": "#CCCCCC", "linewidth": 6, "solid_capstyle": "butt"}
YOURS = (
    {"color": BLUE, "linestyle": "-"},
    {"color": VERMILION, "linestyle": "--"},
    {"color": GREEN, "linestyle": "-."},
)
ACTIVATIONS = {"tanh": np.tanh, "sigmoid": sigmoid, "relu": lambda a: np.maximum(a, 0.0)}
AR_WEIGHTS = (-0.8, 0.5, 0.9, 1.0, 1.05)
AR_START, AR_BIAS, AR_STEPS = 4.0, 0.5, 20
ECHOES = (0.0, 0.5, 0.9, 1.0, -0.9)
STEPS, PULSE = 24, 3


@figure_of("E02.1")
def line_and_neuron(regression: Callable, neuron: Callable) -> Shown:
    """The straight line, and the same line bent by three activations."""
    x, w, b = np.linspace(-3.0, 3.0, 121), 1.5, -0.75
    (line,) = ask(regression, x.copy(), w, b, shapes=(x.shape,))
    figure, ax = new_figure(width=7.4, height=3.6)
    ax.plot(x, b + w * x, label="what the formulas give", **EXPECTED)
    ax.plot(x, line, color=BLACK, label="regression, yours")
    worst = float(np.abs(line - b - w * x).max())
    for (name, f), style in zip(ACTIVATIONS.items(), YOURS, strict=True):
        (y,) = ask(neuron, x.copy(), w, b, name, shapes=(x.shape,))
        ax.plot(x, f(b + w * x), **EXPECTED)
        ax.plot(x, y, label=f"neuron, {name}, yours", **style)
        worst = max(worst, float(np.abs(y - f(b + w * x)).max()))
    ax.axvline(-b / w, color="#777777", linestyle=":", linewidth=1)
    ax.set(xlabel="$x$", ylabel="$y$", ylim=(-2.5, 3.0))
    ax.legend(fontsize=8, loc="upper left")
    return show(
        figure,
        "A rising straight line over x, and three curves made from it: tanh bends it flat at -1 and 1, the logistic "
        f"function at 0 and 1, relu cuts off what is below 0. Largest distance from the formulas: {worst:.2g}.",
        "w = 1.5, b = -0.75. Grey: the formulas. The dotted line marks where b + w x = 0; there tanh and relu pass "
        "through 0 and the logistic function through one half.",
    )


@figure_of("E02.2")
def paths(ar_loop: Callable, ar_closed: Callable, settles_at: Callable, weights: tuple = AR_WEIGHTS) -> Shown:
    """Paths of y_t = b + w y_{t-1}: loop as a line, closed form as circles, limit as a dotted line."""
    t = np.arange(AR_STEPS + 1)
    figure, ax = new_figure(width=7.8, height=3.8)
    said = []
    for w, style in zip(weights, styles(), strict=False):
        (loop,) = ask(ar_loop, AR_START, w, AR_BIAS, AR_STEPS, shapes=(t.shape,))
        (closed,) = ask(ar_closed, AR_START, w, AR_BIAS, t.copy(), shapes=(t.shape,))
        (limit,) = ask(settles_at, w, AR_BIAS, shapes=((),))
        ax.plot(t, loop, label=f"w = {w:g}", **style)
        ax.plot(t, closed, "o", color=style["color"], fillstyle="none")
        if np.isfinite(limit):
            ax.axhline(float(limit), color=style["color"], linestyle=":", linewidth=1)
        where = f"the limit is {limit:.3g}" if np.isfinite(limit) else "there is no limit"
        said.append(
            f"w = {w:g} ends at {loop[-1]:.3g}, {where}, circles at most {np.abs(loop - closed).max():.1g} away"
        )
    ax.set(xlabel="step $t$", ylabel="$y_t$", xticks=range(0, AR_STEPS + 1, 4))
    ax.legend(fontsize=8, loc="upper left")
    return show(
        figure,
        f"Paths from y_0 = 4 with b = 0.5 over {AR_STEPS} steps, the closed form as circles on them. "
        f"{'; '.join(said)}.",
        "Lines: your loop. Circles: your closed form, which must sit on the lines. Dotted: where you say it settles.",
    )


@figure_of("E02.3")
def two_memories(feedback: Callable) -> Shown:
    """y over time from two starts, and the way through the plane of h and y."""
    w, u, v, b_h, b_y = 2.5, 0.3, 3.0, -1.2, 0.0
    T, starts = 20, ((0.52, -0.3), (0.44, -0.3))
    figure, (left, right) = new_figure(1, 2, width=8.6, height=3.4, width_ratios=(3, 2))
    t, ends = np.arange(T + 1), []
    for (y_0, h_0), style in zip(starts, YOURS, strict=False):
        y, h = ask(partial(feedback, y_0, h_0), w, u, v, b_h, b_y, T, shapes=((T,), (T,)))
        due_y, due_h = [y_0], [h_0]
        for _ in range(T):
            due_h.append(np.tanh(w * due_y[-1] + u * due_h[-1] + b_h))
            due_y.append(sigmoid(v * due_h[-1] + b_y))
        left.plot(t, due_y, **EXPECTED)
        left.plot(t, [y_0, *y], label=f"start $y_0$={y_0}, $h_0$={h_0}", **style)
        right.plot([h_0, *h], [y_0, *y], marker=".", **style)
        right.plot(h_0, y_0, "o", color=style["color"])
        ends.append(y[-1])
    curve = np.linspace(-0.95, 0.95, 60)
    right.plot(curve, sigmoid(v * curve + b_y), zorder=0, **EXPECTED)
    left.set(xlabel="step $t$", ylabel="$y_t$", xticks=range(0, T + 1, 4))
    right.set(xlabel="$h_t$", ylabel="$y_t$")
    figure.legend(*left.get_legend_handles_labels(), loc="outside lower center", ncols=2, fontsize=9)
    return show(
        figure,
        f"Left, y over {T} steps from two starts, on grey bands; the last values are {ends[0]:.3f} and "
        f"{ends[1]:.3f}. Right, the same two runs in the plane of h and y: each jumps from its start onto one "
        "S-shaped curve and stays on it.",
        "One network, two starts (filled dots on the right). Grey: the equations; on the right y = sigmoid(v h + b_y).",
    )


@figure_of("E02.4")
def echoes(scalar_rnn: Callable, weights: tuple = ECHOES) -> Shown:
    """The answer of one unit to one pulse, for several weights of its own past."""
    x = np.zeros((1, STEPS))
    x[0, PULSE] = 1.0
    figure, ax = new_figure(width=7.8, height=3.6)
    said, t, one = [], np.arange(STEPS), np.ones((1, 1))
    for u, style in zip(weights, styles(), strict=False):
        shapes = ((1, STEPS), (1, STEPS))
        _, h = ask(scalar_rnn, x.copy(), np.zeros(1), 1.0, u, 1.0, 0.0, 0.0, shapes=shapes)
        due = elman_forward(x[..., None], np.zeros((1, 1)), one, u * one, np.zeros(1), one, np.zeros(1))[1]
        ax.plot(t, due[0, :, 0], **EXPECTED)
        ax.plot(t, h[0], label=f"u = {u:g}", **style)
        said.append(f"u = {u:g}: {h[0, PULSE]:.2f} at the pulse, {h[0, -1]:.3f} at the end")
    ax.axvline(PULSE, color="#777777", linestyle=":", linewidth=1)
    ax.set(xlabel="step $t$", ylabel="$h_t$")
    ax.legend(fontsize=8)
    return show(
        figure,
        f"State of one unit over {STEPS} steps with a pulse of 1 at step {PULSE}. {'; '.join(said)}.",
        "One pulse (dotted) and the unit's memory of it, w = 1, no biases. Grey: the equations.",
    )
