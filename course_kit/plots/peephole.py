"""Figures of notebook 11 about peepholes: where they are, and a clock that needs them."""

import numpy as np

from course_kit.plots.ask import ask, figure_of
from course_kit.plots.lstm_diagram import draw_cell
from course_kit.plots.show import OKABE_ITO, Shown, new_figure, show
from course_kit.reference.lstm import lstm_forward
from course_kit.reference.peephole import peephole_forward

BLUE, VERMILION = OKABE_ITO[4], OKABE_ITO[5]
CIRCLE = {"marker": "o", "ms": 9, "mfc": "none", "mec": "black", "ls": "none", "zorder": 5}
STEPS = 36


def cell_diagram() -> Shown:
    """The LSTM cell with its three peepholes in colour."""
    figure, axes = new_figure(width=8.0, height=4.6)
    draw_cell(axes)
    line = {"color": VERMILION, "linestyle": "--", "lw": 1.8, "zorder": 2}
    arrow = {"arrowstyle": "-|>", "color": VERMILION, "lw": 1.8, "shrinkA": 0, "shrinkB": 0}
    axes.plot([1.25, 1.25, 3.42], [5.0, 1.33, 1.33], **line)
    for x in (1.82, 3.42):
        axes.annotate("", xy=(x, 1.66), xytext=(x, 1.33), arrowprops=arrow)
    axes.plot([7.6, 7.6], [5.0, 1.9], **line)
    axes.annotate("", xy=(7.06, 1.9), xytext=(7.6, 1.9), arrowprops=arrow)
    axes.plot([1.25, 7.6], [5.0, 5.0], "o", ms=6, color=VERMILION, zorder=4)
    for x, y, name in ((1.2, 3.4, "$p_f, p_i$"), (7.75, 2.4, "$p_o$")):
        side = "right" if x < 2 else "left"
        axes.text(x, y, name, color=VERMILION, ha=side, va="center", fontsize=13)
    axes.text(1.25, 5.3, "old state", ha="center", fontsize=10, color=VERMILION)
    axes.text(7.6, 5.3, "new state", ha="center", fontsize=10, color=VERMILION)
    return show(
        figure,
        alt="Diagram of one LSTM step with the conveyor of the cell state c along the top and four layers below. Three "
        "dashed lines are new. Two start from the old state, left of all operations on the conveyor, and lead to the "
        "forget gate and the input gate. The third starts from the new state, right of the addition, and leads to the "
        "output gate. No dashed line leads to the candidate.",
        caption="The cell of notebook 08 and three peepholes, dashed. Two see the state before this step has changed "
        "it, the third sees it afterwards. The candidate has none.",
    )


def clock_weights(period: int, slope: float = 400.0):
    """W, U, b, p of one unit that adds 0.1 a step, and at ``period`` steps shows itself and starts afresh."""
    b_c, threshold = np.arctanh(0.1), 0.1 * (period - 0.5)
    b = np.array([50.0, slope * threshold, b_c, -slope * threshold])
    return np.zeros((1, 4)), np.zeros((1, 4)), b, np.array([[0.0], [-slope], [slope]])


def _run(step, period: int):
    W, U, b, p = clock_weights(period)
    h, c, seen = np.zeros((1, 1)), np.zeros((1, 1)), []
    for _ in range(STEPS):
        h, c = ask(step, np.zeros((1, 1)), h, c, W, U, b, p, shapes=((1, 1), (1, 1)))
        seen.append((h[0, 0], c[0, 0]))
    return np.array(seen).T


@figure_of("E11.1")
def clock(step) -> Shown:
    """One cell without input, without h, that strikes every ten steps."""
    period, t = 10, np.arange(1, STEPS + 1)
    h, c = _run(step, period)
    W, U, b, p = clock_weights(period)
    nothing = np.zeros((1, STEPS, 1)), np.zeros((1, 1)), np.zeros((1, 1))
    due = peephole_forward(*nothing, W, U, b, p)[0][0, :, 0]
    plain_h, plain_c = (a[0, :, 0] for a in lstm_forward(*nothing, W, U, b))
    figure, (upper, lower) = new_figure(2, 1, width=8.0, height=4.4, sharex=True, height_ratios=(3, 2))
    dashed = {"color": OKABE_ITO[1], "linestyle": "--"}
    for axes, yours, plain, name in ((upper, c, plain_c, "cell state c"), (lower, h, plain_h, "h")):
        axes.plot(t, yours, "-", color=BLUE, marker=".", ms=5, label="your step")
        axes.plot(t, plain, label="the same weights, p = 0", **dashed)
        axes.set_ylabel(name)
        axes.grid(alpha=0.3)
    upper.axhline(0.95, color="0.5", lw=1, ls=":")
    upper.text(STEPS, 0.98, "threshold", ha="right", va="bottom", fontsize=8, color="0.3")
    upper.set_ylim(-0.1, 2.2)
    struck = due > 0.5
    lower.plot(t[struck], due[struck], label="due", **CIRCLE)
    lower.set(xlabel="step t", ylim=(-0.15, 1.15))
    for axes in (upper, lower):
        axes.legend(fontsize=8, loc="upper left", ncols=3)
    return show(
        figure,
        alt="Drawn from your answer, two panels over 36 steps without any input. If right: the cell state rises by "
        "0.1 a step from 0.1 to 1.0 and falls back, a saw with teeth of ten steps; h is 0 but for strikes of 0.76 "
        "at the steps 10, 20 and 30, inside the hollow circles. Dashed, the same weights without peepholes: the "
        "state rises past the threshold for ever, and h stays 0.",
        caption="A clock of one unit, with no input and no way through h. Your strikes belong into the circles. "
        "Without peepholes the state passes the threshold and nobody notices.",
    )
