"""Figures of notebook 11 about two claims: how fast a GRU is, and since when there are any."""

from collections.abc import Mapping

import numpy as np

from course_kit.plots.ask import NothingToDraw, ask, figure_of
from course_kit.plots.show import OKABE_ITO, Shown, new_figure, show

BLACK, _, _, GREEN, BLUE, VERMILION = OKABE_ITO[:6]

WIDEST = 2.4  # a call that took longer than this many medians of the LSTM is only counted

# when, what, an arXiv number where there is one
HISTORY = (
    (1997.9, "LSTM: Neural Computation 9(8)", None),
    (2000.55, "peepholes: Gers and Schmidhuber, IJCNN", None),
    (None, "GRU: Cho and others", "1406.1078"),
    (None, "attention: Bahdanau and others", "1409.0473"),
    (None, "GRU and LSTM compared: Chung and others", "1412.3555"),
    (2015.63, "colah's post, linked on D4.43 (August 2015)", None),
)


def batch(N: int = 32, T: int = 80, m: int = 32) -> tuple[np.ndarray, np.ndarray]:
    """Random inputs (N, T, m) and targets (N, 1) in float32, to have something to time."""
    rng = np.random.default_rng(43)
    return rng.normal(size=(N, T, m)).astype("float32"), rng.normal(size=(N, 1)).astype("float32")


@figure_of("E11.5")
def timing(measured: Mapping[str, Mapping[str, list]]) -> Shown:
    """Every measured time as a point: a panel a workload, a row a layer, in units of the LSTM's median."""
    if any(times is None for times in measured.values()):
        raise NothingToDraw("")
    if not all(len(own) for times in measured.values() for own in times.values()):
        raise NothingToDraw("A layer has no times.")
    figure, panels = new_figure(1, len(measured), width=9.5, height=2.9, sharey=True, squeeze=False)
    said = []
    for axes, (workload, times) in zip(panels[0], measured.items(), strict=True):
        unit = np.median(times["LSTM"])
        axes.axvspan(0.5, 0.8, color="0.88", zorder=0)
        axes.axvline(0.75, color="0.4", ls=":", lw=1.5, zorder=1)
        for row, (name, own) in enumerate(times.items()):
            shares = np.asarray(own, dtype=float) / unit
            marker, colour = (("o", BLACK), ("s", BLUE), ("^", VERMILION))[row % 3]
            axes.plot(shares, np.full(len(shares), row), marker, ms=5, alpha=0.45, color=colour, ls="none")
            if (beyond := int((shares > WIDEST).sum())) > 0:
                axes.text(WIDEST - 0.05, row - 0.28, f"{beyond} beyond", ha="right", fontsize=8, color=colour)
            axes.plot([np.median(shares)] * 2, [row - 0.35, row + 0.35], color=colour, lw=2.5)
            said.append(f"{workload.replace(chr(10), ' ')}, {name}: {np.median(shares):.2f}")
        axes.set(title=workload, xlabel="time, LSTM's median = 1", xlim=(0, WIDEST))
        axes.title.set_fontsize(10)
        axes.set_yticks(range(len(times)), list(times), fontsize=9)
    panels[0, 0].invert_yaxis()
    return show(
        figure,
        alt="Measured in this run: a panel a workload, in it a row of points for each layer, one a repeat, a bar at "
        "the median, as a multiple of the LSTM's median. A grey band from 0.5 to 0.8 is where slide D4.43 puts the "
        "GRU, a dotted line at 0.75 what counting multiplications gives. Medians: " + "; ".join(said) + ".",
        caption="Times of this run, one point a repeat, bars at the medians. The grey band is 20-50 % less time than "
        "the LSTM takes, the dotted line the share of multiplications, 3/4.",
    )


@figure_of("E11.6")
def timeline(submitted) -> Shown:
    """What happened when, with the dates of the arXiv papers read from their numbers by your function."""
    figure, axes = new_figure(width=8.5, height=3.3)
    axes.axvspan(2015, 2016, color="0.88")
    axes.text(2015.5, -0.75, "D4.43's\n'2015'", ha="center", va="center", fontsize=8)
    for row, (when, text, number) in enumerate(HISTORY):
        if number is not None:
            year, month = ask(submitted, number, shapes=((), ()))
            when, text = float(year + (month - 0.5) / 12), f"{text} ({number})"
            if not 1990 < when < 2030:
                raise NothingToDraw(f"{number} would be of the year {year:g}.")
        colour = GREEN if number else BLACK
        axes.plot(when, row, "o" if number else "s", color=colour, ms=7)
        axes.text(when - 0.25, row, text, ha="right" if when > 2005 else "left", va="center", fontsize=9)
        if when <= 2005:
            axes.texts[-1].set_x(when + 0.3)
    axes.set(xlim=(1996.5, 2016.5), ylim=(len(HISTORY) - 0.4, -1.3), xlabel="year", yticks=[])
    axes.set_xticks(range(1998, 2017, 2))
    return show(
        figure,
        alt="A time line from 1997 to 2016. Squares: the LSTM in 1997, peepholes in 2000, a blog post in August 2015. "
        "Circles, drawn from your answer: if right, the GRU in June 2014, attention in September 2014, the "
        "comparison of GRU and LSTM in December 2014, all left of the grey band that marks the year 2015.",
        caption="Squares have known dates; the circles stand where your function puts the three arXiv numbers. All "
        "three belong to the left of the grey year.",
    )
