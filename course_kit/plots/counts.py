"""Parameter counts drawn: the tensors of a layer, counts against units, shares of a model, what a budget buys."""

from collections.abc import Callable

import numpy as np

from course_kit.plots.ask import NothingToDraw, ask, figure_of
from course_kit.plots.show import OKABE_ITO, Shown, new_figure, show, styles
from course_kit.reference import counts
from course_kit.reference.counts import parameters

_, ORANGE, SKY, GREEN, _, VERMILION, _, YELLOW = OKABE_ITO
EXPECTED = {"color": "#BBBBBB", "linewidth": 6, "solid_capstyle": "butt"}
UNITS = np.unique(np.logspace(0.5, 2.7, 24).astype(int))


def whole_number(function: Callable, *args) -> float:
    """One number from the student's function."""
    (value,) = ask(function, *args, shapes=((),))
    if not abs(value) < 1e12:
        raise NothingToDraw(f"A number came back that cannot be drawn: {value}.")
    return float(value)


def called(function: Callable, *args):
    """What the student's function returns, where that is not an array."""
    try:
        value = function(*args)
    except Exception as error:
        raise NothingToDraw(f"{type(error).__name__}: {error}") from error
    if value is None:
        raise NothingToDraw("")
    return value


@figure_of("E10.1")
def tensors(shapes: Callable, count: Callable) -> Shown:
    """The student's W, U and b below each other, a square for each number, over the outline of the right ones."""
    m, n = 5, 7
    found = called(shapes, m, n)
    total = whole_number(count, m, n)
    try:
        blocks = [tuple(map(int, shape)) for shape in found]
        rows = [(1, *shape)[-2:] for shape in blocks]
    except (TypeError, ValueError):
        raise NothingToDraw("Three shapes are due, each a tuple.") from None
    if len(rows) != 3 or max(map(max, rows)) > 40:
        raise NothingToDraw("Three small shapes are due.")
    figure, ax = new_figure(width=7.0, height=4.6)
    top = 0
    for (height, width), shape, name, colour in zip(rows, blocks, ("W", "U", "b"), (SKY, ORANGE, GREEN), strict=False):
        for row in range(height):
            for column in range(width):
                ax.add_patch(_square(column, top + row, colour))
        ax.text(max(width, n) + 0.4, top + height / 2, f"${name}$ {shape}", va="center")
        top += height + 0.4
    due = 0.0
    for height in (m, n, 1):
        ax.plot([0, n, n, 0, 0], np.array([0, 0, height, height, 0]) + due, color="black", linewidth=2.5)
        due += height + 0.4
    ax.set(xlim=(-0.5, 14), ylim=(max(top, due), -0.6), aspect="equal")
    ax.axis("off")
    squares = sum(height * width for height, width in rows)
    ax.set_title(f"m = {m}, n = {n}: {squares} squares drawn, simple_rnn_count says {total:.0f}")
    return show(
        figure,
        f"Three blocks of squares below each other: W with shape {blocks[0]}, U and b, {squares} squares together. "
        f"Black outlines mark {m} by {n}, {n} by {n} and 1 by {n}. The count given is {total:.0f}.",
        "A square is a number to learn. Right shapes fill the black outlines, and the count is the number of squares.",
    )


def _square(column: float, row: float, colour: str):
    from matplotlib.patches import Rectangle

    return Rectangle((column + 0.08, row + 0.08), 0.84, 0.84, color=colour)


@figure_of("E10.2")
def four_times(lstm_count: Callable, simple_rnn_count: Callable) -> Shown:
    """The two counts against the units, and their ratio."""
    m = 32
    lstm = np.array([whole_number(lstm_count, m, int(n)) for n in UNITS])
    simple = np.array([whole_number(simple_rnn_count, m, int(n)) for n in UNITS])
    figure, (left, right) = new_figure(1, 2, width=9.0, height=3.4)
    style = styles()
    for values, shapes, name in ((lstm, counts.lstm, "LSTM"), (simple, counts.simple_rnn, "SimpleRNN")):
        left.loglog(UNITS, [parameters(shapes(m, int(n))) for n in UNITS], **EXPECTED)
        left.loglog(UNITS, values, label=name, **next(style))
    left.set(xlabel="units n", ylabel="parameters", title=f"counts, m = {m} inputs")
    left.legend()
    right.semilogx(UNITS, 4 * np.ones(len(UNITS)), **EXPECTED)
    right.semilogx(UNITS, lstm / np.maximum(simple, 1), **next(style))
    right.set(xlabel="units n", ylabel="LSTM / SimpleRNN", ylim=(0, 6), title="their ratio")
    return show(
        figure,
        "Left: parameters against units on logarithmic axes, LSTM above SimpleRNN, both bending upwards from slope 1 "
        "to slope 2. Right: their ratio, 4 for every n if the answer is right. Wide grey lines show the right counts.",
        "Your counts over wide grey lines that show the right ones. The ratio is 4 everywhere.",
    )


@figure_of("E10.3")
def two_grus(gru_count: Callable, gru_idle: Callable) -> Shown:
    """What is stored and what acts in the two GRUs for m = 4, n = 5."""
    m, n = 4, 5
    slide, keras = whole_number(gru_count, m, n, False), whole_number(gru_count, m, n, True)
    idle = whole_number(gru_idle, n)
    figure, ax = new_figure(width=7.4, height=3.0)
    bars = [("slide\nreset_after=False", slide, 0.0, 150), ("Keras\nreset_after=True", keras, idle, 165)]
    for place, (_name, stored, unused, due) in enumerate(bars):
        left = 0.0
        for width, colour, hatch, label in (
            (3 * m * n, SKY, "", "kernel 3mn"),
            (3 * n * n, ORANGE, "//", "recurrent kernel 3n²"),
            (stored - 3 * m * n - 3 * n * n - unused, GREEN, "..", "biases that act"),
            (unused, "white", "xx", "idle biases"),
        ):
            drawn = {"color": colour, "hatch": hatch, "edgecolor": "black", "label": None if place else label}
            ax.barh(place, width, left=left, height=0.5, **drawn)
            left += width
        ax.plot([due, due], [place - 0.4, place + 0.4], color="black", linewidth=3)
        ax.text(due + 2, place + 0.3, f"{due}", va="center")
    ax.set(yticks=[0, 1], yticklabels=[name for name, *_ in bars], xlabel="numbers stored", title="m = 4, n = 5")
    ax.set_xlim(0, 1.1 * max(slide, keras, 165))
    ax.invert_yaxis()
    figure.legend(loc="outside lower center", ncols=4, fontsize=8)
    return show(
        figure,
        f"Two bars for m = 4, n = 5. The slide's GRU stores {slide:.0f} numbers, the GRU of Keras {keras:.0f}, of "
        f"which {idle:.0f} are idle biases. Thick black marks stand at 150 and 165.",
        "A bar made of right answers ends at the thick mark. The crossed part is stored, trained, and changes nothing.",
    )


def family(**functions: Callable) -> Shown:
    """The student's counts of the family against the units, m = 32, over the right ones."""
    m, o = 32, 2
    curves = {
        "jordan_count": (lambda n: (m, n, o), lambda n: counts.jordan(m, n, o), f"Jordan, o = {o}"),
        "simple_rnn_count": (lambda n: (m, n), lambda n: counts.simple_rnn(m, n), "SimpleRNN"),
        "no_forget_count": (lambda n: (m, n), lambda n: counts.lstm1997(m, n), "LSTM of 1997"),
        "peephole_count": (lambda n: (m, n), lambda n: counts.peephole_lstm(m, n), "peephole LSTM"),
        "bidirectional_count": (lambda n: (m, n), lambda n: 2 * counts.lstm(m, n), "both directions"),
        "stacked_count": (lambda n: (m, [n, n]), lambda n: counts.lstm(m, n) + counts.lstm(n, n), "two on a stack"),
        "conv_lstm_count": (lambda n: (3, 3, m, n), lambda n: counts.conv_lstm2d(3, 3, m, n), "ConvLSTM 3 x 3"),
        "rntn_count": (lambda n: (n,), lambda n: counts.rntn(n), "tensor network, d = n"),
    }
    return _family(curves, functions)


@figure_of("E10.4")
def _family(curves: dict, functions: dict[str, Callable]) -> Shown:
    figure, ax = new_figure(width=8.2, height=4.6)
    style = (look for look in styles() if look["color"] != YELLOW)  # too pale on grey
    drawn = 0
    for name, (arguments, shapes, label) in curves.items():
        look = next(style)
        try:
            values = [whole_number(functions[name], *arguments(int(n))) for n in UNITS]
        except NothingToDraw:
            continue
        drawn += 1
        ax.loglog(UNITS, [parameters(shapes(int(n))) for n in UNITS], **EXPECTED)
        ax.loglog(UNITS, values, label=label, **look)
    if drawn < 2:  # the SimpleRNN of E10.1 alone makes no family
        raise NothingToDraw("")
    ax.set(xlabel="units n (filters, length of the word vector)", ylabel="parameters", title="m = 32 inputs")
    ax.legend(fontsize=8, loc="upper left")
    return show(
        figure,
        "Parameters against units on logarithmic axes, one line for each network, over wide grey lines that show the "
        "right counts. Jordan rises with slope 1, the tensor network with slope 3, all others bend from slope 1 to 2.",
        "Your counts over wide grey lines with the right ones. The slope on the right is the power of n that decides.",
    )


@figure_of("E10.5")
def shares(model_counts: Callable) -> Shown:
    """Two sentiment models as bars: where their parameters are."""
    models = [
        ("wiki text", [("embedding", 5000, 32), ("lstm", 100), ("dense", 1)], 213_301),
        ("Keras imdb_lstm", [("embedding", 20_000, 128), ("lstm", 128), ("dense", 1)], 2_691_713),
    ]
    figure, axes = new_figure(2, 1, width=8.4, height=3.6)
    told = []
    for ax, (name, layers, due) in zip(axes, models, strict=True):
        found = called(model_counts, layers)
        try:
            values, total = [float(v) for v in found[0]], float(found[1])
        except (TypeError, ValueError, IndexError, KeyError):
            raise NothingToDraw("A list of counts and their total are due.") from None
        left = 0.0
        looks = zip(("embedding", "LSTM", "dense"), (SKY, ORANGE, VERMILION), ("", "//", "xx"), strict=True)
        for value, (kind, colour, hatch) in zip(values, looks, strict=False):
            label = f"{kind} {value:.0f}"
            ax.barh(0, value, left=left, height=0.5, color=colour, hatch=hatch, edgecolor="black", label=label)
            left += value
        ax.plot([due, due], [-0.45, 0.45], color="black", linewidth=3)
        ax.set(yticks=[], xlim=(0, 1.6 * max(due, left)), title=f"{name}: you say {total:.0f}, the mark is at {due}")
        ax.legend(fontsize=8, loc="center right")
        told.append(f"{name}: {', '.join(f'{v:.0f}' for v in values)}, together {total:.0f}")
    axes[-1].set_xlabel("parameters")
    return show(
        figure,
        f"Two bars made of the layers' counts. {'; '.join(told)}. Thick marks at 213301 and 2691713.",
        "Where the parameters are. The right bars end at the thick marks; the dense layer is too small to be seen.",
    )


@figure_of("E10.6")
def budget(largest_lstm: Callable, largest_gru: Callable) -> Shown:
    """What share of a budget the student's n uses, and what n + 1 would use."""
    m = 32
    budgets = np.unique(np.logspace(3, 5.5, 60).astype(int))
    figure, axes = new_figure(1, 2, width=9.0, height=3.4, sharey=True)
    kinds = (("LSTM", largest_lstm, counts.lstm), ("GRU", largest_gru, lambda m, n: counts.gru(m, n, reset_after=True)))
    for ax, (name, largest, shapes) in zip(axes, kinds, strict=True):
        n = np.array([max(int(whole_number(largest, m, int(b))), 0) for b in budgets])
        used = np.array([parameters(shapes(m, int(k))) if k else 0 for k in n]) / budgets
        more = np.array([parameters(shapes(m, int(k) + 1)) for k in n]) / budgets
        style = styles()
        ax.semilogx(budgets, used, label="n", **next(style))
        ax.semilogx(budgets, more, label="n + 1", **next(style))
        ax.axhline(1.0, color=VERMILION, linewidth=3, alpha=0.5)
        ax.set(xlabel="budget in parameters", title=f"{name}, m = {m}", ylim=(0.5, 1.5))
        ax.legend()
    axes[0].set_ylabel("share of the budget")
    return show(
        figure,
        "Two panels, LSTM and GRU: the share of the budget that your n uses and that n + 1 would use, against the "
        "budget on a logarithmic axis. For right answers the first stays at or below the line at 1 and the second "
        "above it; both come nearer to 1 as the budget grows.",
        "The line at 1 is the budget. The right n is never above it, n + 1 always is.",
    )
