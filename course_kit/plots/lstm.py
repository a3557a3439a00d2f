"""Figures of notebook 08 up to the four steps of the cell. Hollow circles mark where a right curve must pass."""

import numpy as np

from course_kit.plots.ask import figure_of
from course_kit.plots.lstm_diagram import cell_diagram
from course_kit.plots.show import Shown, new_figure, show, styles

__all__ = ["cell_diagram", "cell_output", "cell_state", "forget_gate", "input_gate_and_candidate", "squashing"]

CIRCLE = {"marker": "o", "ms": 8, "mfc": "none", "mec": "black", "ls": "none"}
BAND = {"color": "0.92", "zorder": 0}


def numbers(axes, matrix, title: str, limit: float) -> None:
    """A small matrix as coloured squares with its entries written in."""
    matrix = np.asarray(matrix, dtype=float)
    axes.imshow(matrix, cmap="PuOr", vmin=-1.6 * limit, vmax=1.6 * limit)
    for (row, column), value in np.ndenumerate(matrix):
        axes.text(column, row, f"{value:.3g}", ha="center", va="center")
    axes.set_title(title, fontsize=10)
    axes.set(xticks=range(matrix.shape[1]), yticks=range(matrix.shape[0]))


def squashing(sigmoid) -> Shown:
    """The logistic function and tanh with their derivatives."""
    a = np.linspace(-6, 6, 241)
    figure, (left, right) = new_figure(1, 2, width=8.0, sharex=True)
    for axes, title in ((left, "values"), (right, "derivatives")):
        axes.set(title=title, xlabel="pre-activation a")
    for style, name, y, slope in (
        (*_named(0, r"$\sigma$(a)"), sigmoid(a), sigmoid(a) * (1 - sigmoid(a))),
        (*_named(4, "tanh(a)"), np.tanh(a), 1 - np.tanh(a) ** 2),
    ):
        left.plot(a, y, label=name, **style)
        right.plot(a, slope, label=f"derivative of {name}", **style)
    for axes in (left, right):
        axes.grid(alpha=0.3)
        axes.legend(loc="upper left", fontsize=8)
    right.set_ylim(top=1.35)
    return show(
        figure,
        alt="Two panels over the pre-activation a from -6 to 6. Left: the logistic function rises from 0 to 1 and "
        "is 0.5 at 0; tanh rises from -1 to 1 and is 0 at 0. Right: their derivatives, bells around 0; that of "
        "the logistic function is at most 0.25, that of tanh at most 1.",
        caption="The two squashing functions of the cell. A gate wants a share between 0 and 1, content wants both "
        "signs.",
    )


def _named(number: int, name: str):
    return [style for style, _ in zip(styles(), range(number + 1), strict=False)][-1], name


@figure_of("E08.1")
def forget_gate(gate) -> Shown:
    """f over the input for three biases, and which entry of h moves which entry of f."""
    x, one = np.linspace(-8, 8, 161)[:, None], np.ones((1, 1))
    figure, (curves, given, measured) = new_figure(1, 3, width=9.0, width_ratios=(2, 1, 1))
    curves.axhspan(0, 1, **BAND)
    for style, bias in zip(styles(), (-3.0, 0.0, 3.0), strict=False):
        f = gate(x, np.zeros_like(x), one, one, np.array([bias]))
        curves.plot(x[:, 0], f[:, 0], label=f"$b_f$ = {bias:g}", **style)
        curves.plot(-bias, 0.5, **CIRCLE)
    curves.set(xlabel="input x (W = 1, h = 0)", ylabel="f")
    curves.legend(fontsize=8)
    U, step = np.array([[0.0, 2.0, 0.0], [0.0, 0.0, -1.0], [3.0, 0.0, 0.0]]), 1e-4
    nothing = (np.zeros((3, 1)), np.zeros((1, 3)), U, np.zeros(3))
    moved = [gate(nothing[0], s * step * np.eye(3), *nothing[1:]) for s in (1, -1)]
    numbers(given, U, "U given", 3)
    numbers(measured, 4 * (moved[0] - moved[1]) / (2 * step), "4 x slope of f in h,\nmeasured", 3)
    for axes in (given, measured):
        axes.set(xlabel="unit of f", ylabel="unit of h")
    return show(
        figure,
        alt="Drawn from your answer. Left: f against the input for the biases -3, 0 and 3. If right, three S-shaped "
        "curves inside the grey band from 0 to 1, through the hollow circles at f = 0.5 and x = 3, 0, -3. "
        "Right: the matrix U as given, with 2, -1 and 3 off its diagonal, and beside it how each f answers to "
        "each h, measured with your function. If right, the two matrices are equal.",
        caption="Your forget gate. Left, the curves belong inside the band and through the circles. Right, the two "
        "matrices belong equal.",
    )


@figure_of("E08.2")
def input_gate_and_candidate(layers) -> Shown:
    """i and the candidate over the input, each in the band where it may be."""
    x, one, zero = np.linspace(-8, 8, 161)[:, None], np.ones((1, 1)), np.zeros((1, 1))
    i, c_tilde = layers(x, 0 * x, one, zero, np.array([-2.0]), one, zero, np.array([3.0]))
    figure, panels = new_figure(1, 2, width=8.0, sharey=True)
    for axes, style, y, name, low, centre in (
        (panels[0], *_named(4, i), "i", 0.0, (2.0, 0.5)),
        (panels[1], *_named(5, c_tilde), r"$\tilde c$", -1.0, (-3.0, 0.0)),
    ):
        axes.axhspan(low, 1, label=f"from {low:g} to 1", **BAND)
        axes.plot(x[:, 0], y[:, 0], label=f"your {name}", **style)
        axes.plot(*centre, **CIRCLE)
        axes.set(xlabel="input x (W = 1, h = 0)", ylabel=name, title=f"{name}, bias {-2 if low == 0 else 3}")
        axes.legend(fontsize=8, loc="upper left")
    panels[0].set_ylim(-1.5, 1.8)
    return show(
        figure,
        alt="Drawn from your answer, two panels over the input from -8 to 8. If right: i rises from 0 to 1 inside "
        "its grey band and is 0.5 at the circle x = 2; the candidate rises from -1 to 1 inside its band, twice "
        "as high, and is 0 at the circle x = -3.",
        caption="Your input gate and candidate. Each curve belongs into its own grey band and through its circle.",
    )


@figure_of("E08.3")
def cell_state(new_state) -> Shown:
    """Four cells over 100 steps: kept, fading, written to, replaced."""
    labels = (
        "f = 1, i = 0: kept",
        "f = 0.9, i = 0: fades",
        "i = 1 at t = 40: added to",
        "f = 0, i = 1 at t = 60: replaced",
    )
    states, T = [np.ones((1, 4))], 100
    for t in range(1, T + 1):
        f, i, c_tilde = np.array([[1.0, 0.9, 1.0, 1.0]]), np.zeros((1, 4)), np.array([[0.8, 0.8, 0.5, -0.5]])
        i[0, 2], i[0, 3], f[0, 3] = t == 40, t == 60, t != 60
        states.append(new_state(f, states[-1], i, c_tilde))
    c = np.concatenate(states)
    figure, axes = new_figure(width=8.0)
    for style, label, k, end in zip(styles(), labels, range(4), (1.0, 0.9**T, 1.5, -0.5), strict=False):
        axes.plot(c[:, k], label=label, **style)
        axes.plot(T, end, clip_on=False, **CIRCLE)
    axes.set(xlabel="step t", ylabel="cell state c")
    axes.grid(alpha=0.3)
    axes.legend(fontsize=8, loc="center left", bbox_to_anchor=(1.0, 0.5))
    return show(
        figure,
        alt="Drawn from your answer: four cell states over 100 steps, all starting at 1. If right: with f = 1 and i "
        "= 0 a level line at 1; with f = 0.9 a decay to 0; one that jumps from 1 to 1.5 at step 40; one that is "
        "replaced by -0.5 at step 60. Circles at the right edge mark the ends 1, 0, 1.5 and -0.5.",
        caption="Your cell state over a hundred steps. The lines belong into the circles at the right edge; the "
        "first one is level to the last bit.",
    )


@figure_of("E08.4")
def cell_output(output) -> Shown:
    """h over the cell state for three openings of the output gate."""
    c, nothing = np.linspace(-6, 6, 121)[:, None], np.zeros((1, 1))
    figure, axes = new_figure(width=7.0)
    axes.axhspan(-1, 1, **BAND)
    for style, share in zip(styles(), (0.1, 0.5, 0.9), strict=False):
        bias = np.array([np.log(share / (1 - share))])
        _, h = output(0 * c, 0 * c, c, nothing, nothing, bias)
        axes.plot(c[:, 0], h[:, 0], label=f"o = {share}", **style)
        for side in (-6, 6):
            axes.plot(side, share * np.tanh(side), clip_on=False, **CIRCLE)
    axes.set(xlabel="cell state c", ylabel="h")
    axes.legend(fontsize=8)
    return show(
        figure,
        alt="Drawn from your answer: h against the cell state from -6 to 6 for the openings o = 0.1, 0.5 and 0.9. "
        "If right, three S-shaped curves through the origin that level off at plus and minus o, marked by "
        "circles, all inside the grey band from -1 to 1.",
        caption="Your output. Each curve belongs into the band and levels off at its own o, at the circles.",
    )
