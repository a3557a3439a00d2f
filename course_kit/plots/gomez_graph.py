"""Figures of notebook 14: the two steps of Gomez's example as a graph with all its numbers, there and back."""

import numpy as np

from course_kit.plots.ask import NothingToDraw, figure_of
from course_kit.plots.show import OKABE_ITO, Shown, new_figure, show
from course_kit.reference import gomez

BLUE, VERMILION = OKABE_ITO[4], OKABE_ITO[5]
LAYERS = ("a", "i", "f", "o")
DUE = gomez.forward(gomez.X, gomez.W, gomez.U, gomez.B)
QUESTION = " A dashed box with a question mark holds a number that is not the example's."


def _node(axes, x, y, text, value, due=None, back="", back_due="") -> None:
    """A box with a name and its number, below them the slope in red; dashed and with a "?" where one is not due."""
    inside = len(back) < 10  # the two slopes of x find no room
    off, back_off = due is not None and value != due, back != back_due
    lines = f"{text}\n{value}{' ?' if off else ''}" + ("\n " if back and inside else "")
    box = {"boxstyle": "round,pad=0.3", "facecolor": "white", "edgecolor": VERMILION if off or back_off else "black"}
    box |= {"linestyle": "--", "linewidth": 2} if off or back_off else {}
    axes.text(x, y, lines, ha="center", va="center", fontsize=9, bbox=box, zorder=3)
    if back:
        below, back = 0.2 if inside else 0.45, back + (" ?" if back_off else "")
        axes.text(x, y - below, back, ha="center", va="center", fontsize=8.5, color=VERMILION, zorder=4)


def _arrow(axes, start, end, shrink=(16, 22), thick=False, bent=0.0) -> None:
    style = {"arrowstyle": "-|>", "color": "black", "lw": 2.2 if thick else 0.9}
    style |= {"shrinkA": shrink[0], "shrinkB": shrink[1], "connectionstyle": f"arc3,rad={bent}"}
    axes.annotate("", end, start, arrowprops=style, zorder=1)


def _column(axes, x0, t, six, back, back_due) -> None:
    """One step: inputs below, the four layers, state, out, label."""
    due = dict(zip(gomez.SIX, (f"{v:.5f}" for v in DUE[t].values()), strict=True))
    value = dict(zip(gomez.SIX, (f"{v:.5f}" for v in six), strict=True))

    def node(x, y, name, shown):
        slopes = {"back": back.get(name, ""), "back_due": back_due.get(name, "")}
        _node(axes, x0 + x, y, shown, value[name], due[name], **slopes)

    inputs = f"({gomez.X[t, 0]:g}, {gomez.X[t, 1]:g})"
    _node(axes, x0 + 1.5, 0, f"$x_{t}$", inputs, back=back.get("dx", ""), back_due=back_due.get("dx", ""))
    for k, name in enumerate(LAYERS):
        node(k, 1.4, name, f"${name}_{t}$")
        _arrow(axes, (x0 + 1.5, 0), (x0 + k, 1.4), shrink=(16, 34 if k in (0, 3) else 22))
        _arrow(axes, (x0 + k, 1.4), (x0 + 3.0, 4.2) if name == "o" else (x0 + 1.2, 2.8))
    node(1.2, 2.8, "state", f"state$_{t}$")
    node(3.0, 4.2, "out", f"out$_{t}$")
    _arrow(axes, (x0 + 1.2, 2.8), (x0 + 3.0, 4.2), shrink=(16, 32))
    axes.text(x0 + 3.0, 4.85, f"label {gomez.LABELS[t]:g}", ha="center", fontsize=9, color=BLUE)


def _graph(steps, back=({}, {}), back_due=({}, {})):
    figure, axes = new_figure(width=5.0 * len(steps) + 0.4, height=5.8)
    axes.set(xlim=(-0.7, 5.0 * len(steps) - 0.9), ylim=(-0.65, 5.1))
    axes.axis("off")
    for t, six in enumerate(steps):
        x0 = 5.0 * t
        _column(axes, x0, t, six, back[t], back_due[t])
        if t:
            _arrow(axes, (x0 - 3.8, 2.8), (x0 + 1.2, 2.8), shrink=(32, 34), thick=True)
            for k in range(4):
                _arrow(axes, (x0 - 2.0, 4.2), (x0 + k, 1.4), shrink=(30, 30), bent=0.08)
    return figure


def _six(values) -> tuple[float, ...]:
    values = tuple(float(np.asarray(v).reshape(())) for v in values)
    if len(values) != 6:
        raise NothingToDraw("Six numbers are due.")
    return values


def _spoken(steps) -> str:
    names = [f"{n} {v:.5f}" for n, v in zip(gomez.SIX, steps[-1], strict=True)]
    return ", ".join(names)


@figure_of("E14.1")
def one_step(first_step) -> Shown:
    """The graph of t = 0 with the student's numbers."""
    six = _six(first_step(gomez.X[0].copy(), gomez.W.copy(), gomez.B.copy()))
    return show(
        _graph([six]),
        alt="The first step as a graph, drawn from your answer. The input (1, 2) leads to the four layers a, i, f and "
        f"o; a, i and f lead to the state, o and the state to out. Numbers: {_spoken([six])}. If right: 0.81775, "
        "0.96083, 0.85195, 0.81757, 0.78573, 0.53631.",
        caption="The first step with your numbers. With nothing before it, f has nothing to keep: state is a times i."
        + QUESTION,
    )


@figure_of("E14.2")
def two_steps(first_step, step) -> Shown:
    """The graph of both steps with the student's numbers."""
    first = _six(first_step(gomez.X[0].copy(), gomez.W.copy(), gomez.B.copy()))
    second = _six(step(gomez.X[1].copy(), first[5], first[4], gomez.W.copy(), gomez.U.copy(), gomez.B.copy()))
    return show(
        _graph([first, second]),
        alt="Both steps as a graph, drawn from your answers. The state of the first leads by a thick arrow into the "
        f"state of the second, and out of the first to all four layers of the second. Numbers at t = 1: "
        f"{_spoken([first, second])}. If right: 0.84980, 0.98118, 0.87030, 0.84993, 1.51763, 0.77198.",
        caption="Two steps with your numbers. Two ways lead from left to right: the state, thick, and out." + QUESTION,
    )


def _slopes(_, d_out, d_state, d_gates, dx, __) -> dict[str, str]:
    """What stands in red, by name."""
    shown = {name: f"{v + 0.0:+.5f}" for name, v in zip(LAYERS, np.asarray(d_gates, float).reshape(4), strict=True)}
    dx = np.asarray(dx, float).reshape(2)
    shown |= {"out": f"{float(d_out):+.5f}", "state": f"{float(d_state):+.5f}"}
    return shown | {"dx": f"({dx[0]:+.5f}, {dx[1]:+.5f})"}


@figure_of("E14.4")
def there_and_back(backward_last, backward_step) -> Shown:
    """The graph of both steps with the student's numbers of the way back, in red."""
    first, second = gomez.forward(gomez.X, gomez.W, gomez.U, gomez.B)
    last = backward_last(1.25, dict(second), dict(first), gomez.W.copy(), gomez.U.copy())
    later = {"Delta_out": float(last[5]), "d_state": float(last[2]), "f": second["f"]}
    begin = backward_step(0.5, dict(first), dict(gomez.NOTHING), later, gomez.W.copy(), gomez.U.copy())
    back = [_slopes(*results) for results in (begin, last)]
    due = [_slopes(*r) for r in gomez.backward(gomez.X, gomez.LABELS, gomez.W, gomez.U, gomez.B)]
    steps = [_six(first.values()), _six(second.values())]
    told = "; ".join(
        f"t = {t}: out {b['out']}, state {b['state']}, " + ", ".join(f"{g} {b[g]}" for g in LAYERS)
        for t, b in enumerate(back)
    )
    return show(
        _graph(steps, back, due),
        alt="The graph of both steps; beside each number, in red, the slope of the loss that your functions give it. "
        f"{told}. If right, the slope at f of t = 0 is zero, and at state 0 it is -0.05348.",
        caption="There, in black, and back, in red: the slopes of the loss. Those of the four layers are taken before "
        "their squashing." + QUESTION,
    )
