"""Figures of notebook 15 about counting and dating: widths of dense layers, and when the papers came."""

import numpy as np

from course_kit.plots.ask import NothingToDraw, ask, figure_of
from course_kit.plots.show import OKABE_ITO, Shown, new_figure, show
from course_kit.reference.counts import lstm, parameters

BLACK, ORANGE, _, GREEN, BLUE = OKABE_ITO[:5]
NUMBERS = ("1506.04214", "1507.01526", "1508.03790", "1607.03085", "1802.00889")
NAMES = {"a": "Array-LSTM", "b": "ConvLSTM", "c": "dense BiLSTM", "d": "depth-gated", "e": "Grid LSTM"}
IDEAS = {
    "p": "depth with a memory",
    "q": "all layers below",
    "r": "several memory cells",
    "s": "convolutions",
    "t": "a gate between memories",
}


@figure_of("E15.5")
def widths(input_widths, count, m: int = 20, n: int = 13) -> Shown:
    """The width of each layer's input, and the parameters of one to five layers."""
    depths = range(1, 6)
    (found,) = ask(input_widths, m, n, 5, shapes=((5,),))
    totals = [float(ask(count, m, n, L, shapes=((),))[0]) for L in depths]
    due = [sum(2 * parameters(lstm(m + 2 * n * k, n)) for k in range(L)) for L in depths]
    stacked = [2 * parameters(lstm(m, n)) + (L - 1) * 2 * parameters(lstm(2 * n, n)) for L in depths]
    figure, (left, right) = new_figure(1, 2, width=9.0)
    left.barh(range(5), np.minimum(found, m), color="0.6", label=f"x, m = {m}")
    left.barh(
        range(5), found - m, left=m, color=BLUE, hatch="//", edgecolor="white", label=f"layers below, {2 * n} each"
    )
    left.set(xlabel="numbers a step that a layer reads", ylabel="layer l", yticks=range(5))
    left.legend(fontsize=8, loc="lower right")
    right.bar(depths, totals, color=BLUE, width=0.6, label="your count")
    right.plot(depths, due, "o", mfc="none", mec=BLACK, ms=11, label="counted tensor by tensor")
    right.plot(depths, stacked, color=ORANGE, ls="--", marker="s", label="a plain stack of BiLSTMs")
    right.set(xlabel="layers", ylabel="parameters", xticks=list(depths))
    right.legend(fontsize=8)
    told = ", ".join(f"{total:,.0f}" for total in totals)
    return show(
        figure,
        alt=f"Drawn from your answers for m = {m}, n = {n}. Left: bars of the widths that layers 0 to 4 read, yours "
        f"{', '.join(f'{w:g}' for w in found)}; if right each is {2 * n} longer than the one before. Right: parameters "
        f"of one to five layers, yours {told}; if right each bar ends in its hollow circle. A dashed line, a plain "
        "stack, grows evenly; the bars grow faster.",
        caption="What a densely connected layer reads, and what that costs. Each bar on the right belongs into its "
        "circle; the dashed line is a stack in which a layer reads the one below alone.",
    )


@figure_of("E15.6")
def when(papers, ideas) -> Shown:
    """The five numbers on a time line, with the names and ideas that the student gives them."""
    if not all(isinstance(given, dict) and set(given) >= set(NUMBERS) for given in (papers, ideas)):
        raise NothingToDraw("Both answers must be dicts with the five numbers.")
    figure, axes = new_figure(width=9.0, height=2.9)
    told = []
    for row, number in enumerate(NUMBERS):
        date = 2000 + int(number[:2]) + (int(number[2:4]) - 0.5) / 12
        name = NAMES.get(str(papers[number]).strip().lower(), "?")
        idea = IDEAS.get(str(ideas[number]).strip().lower(), "?")
        axes.plot(date, -row, "o", color=GREEN, ms=7)
        side = (0.07, "left") if date < 2017 else (-0.07, "right")
        axes.text(date + side[0], -row, f"{name}: {idea} ({number})", ha=side[1], va="center", fontsize=9)
        told.append(f"{number} {name}, {idea}")
    axes.set(xlim=(2015, 2018.6), ylim=(-len(NUMBERS) + 0.4, 0.6), xlabel="year", yticks=[])
    axes.set_xticks(range(2015, 2019))
    return show(
        figure,
        alt="A time line from 2015 to 2018 with the five arXiv numbers at their months, and beside each the name and "
        f"the idea that you give it: {'; '.join(told)}. If right, the two halves of each label speak of one paper.",
        caption="The numbers give the months; names and ideas are yours. Name and idea of each line must fit together.",
    )
