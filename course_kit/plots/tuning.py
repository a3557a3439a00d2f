"""Figures of notebook 22, items 5 and 6: the order of a backward layer's outputs, and a log of tries."""

import re

import numpy as np

from course_kit.plots.ask import NothingToDraw, figure_of
from course_kit.plots.show import OKABE_ITO, Shown, new_figure, show
from course_kit.reference.elman import elman_forward

VALIDATION = {"imdb": 5000, "kit": 600}  # a fifth of the training reviews


def three_orders() -> Shown:
    """One recurrent layer's outputs, read forwards, read backwards, and read backwards and turned round."""
    rng, T, n, place = np.random.default_rng(34), 12, 4, 3
    x = np.zeros((1, T, 1))
    x[0, place] = 2.0
    W, U = rng.normal(size=(1, n)), rng.normal(scale=0.45, size=(n, n))

    def net(x):
        return elman_forward(x, np.zeros((1, n)), W, U, np.zeros(n), np.eye(n), np.zeros(n))[1][0]

    forwards, backwards = net(x), net(x[:, ::-1])
    figure, axes = new_figure(3, 1, width=7.4, height=3.6, sharex=True)
    titles = ("forwards", "go_backwards=True, as it comes", "the same, turned round")
    for one, values, title in zip(axes, (forwards, backwards, backwards[::-1]), titles, strict=True):
        image = one.imshow(values.T, cmap="PuOr", vmin=-1, vmax=1, aspect="auto")
        one.axvline(place, color="black", lw=1, ls=":")
        one.set_title(title, fontsize=9)
        one.set(ylabel="unit", yticks=())
    axes[-1].set(xlabel="place in the output", xticks=range(T))
    figure.colorbar(image, ax=axes)
    return show(
        figure,
        alt="Three strips of the outputs of a recurrent layer with four units over twelve places; only the input at "
        "place 3 "
        "is not zero. Forwards the outputs are blank up to place 2 and fade after place 3. With go_backwards the "
        "blank part "
        "has eight places, 0 to 7, and the trace starts at place 8. Turned round, the trace ends at place 3 and the "
        "places behind it are blank.",
        caption="An input at place 3 (dotted), and what the layer says of it. The middle strip is what "
        "go_backwards=True gives: its places are not those of the inputs.",
    )


@figure_of("E22.6")
def tries(tuning_log, test_counts) -> Shown:
    """The validation F1 of each row, with the noise of counting around the best, and the test F1."""
    rows = [line.strip().strip("|").split("|") for line in tuning_log.splitlines() if line.strip().startswith("|")]
    found = [(cells[0].strip(), float(cells[1])) for cells in rows
             if len(cells) == 3 and re.fullmatch(r"\s*\d+(\.\d+)?\s*", cells[1])]  # fmt: skip
    if not found:
        raise NothingToDraw("The log has no row with a number in its second cell.")
    names, scores = [name for name, _ in found], np.array([score for _, score in found])
    tp, fp, fn = (float(test_counts[name]) for name in ("tp", "fp", "fn"))
    reviews = VALIDATION.get(test_counts.get("data"), 5000)
    best = scores.max()
    noise = float(np.sqrt(max(best * (1 - best), 0) / reviews))
    test = 2 * tp / max(1.0, 2 * tp + fp + fn)
    figure, axes = new_figure(width=8.0, height=0.4 * len(found) + 1.6)
    places = np.arange(len(found))
    axes.axvspan(best - 2 * noise, best, color="#dddddd", zorder=0, label="two standard errors below the best")
    axes.plot(scores, places, "o", color=OKABE_ITO[4], ms=7, label="validation F1")
    axes.axvline(test, color=OKABE_ITO[5], ls="--", label=f"test F1 {test:.3f}")
    axes.set(yticks=places, xlabel="F1")
    axes.set_yticklabels([name[:48] for name in names], fontsize=8)
    axes.invert_yaxis()
    axes.legend(fontsize=8, loc="best")
    axes.grid(alpha=0.3)
    inside = int((scores >= best - 2 * noise).sum())
    listed = ", ".join(f"{name[:48]} {score:.3f}" for name, score in found)
    return show(
        figure,
        alt=f"A row for each try with its validation F1: {listed}. Within two standard errors of the best are "
        f"{inside} of "
        f"them. The test F1, {test:.3f}, is a dashed line.",
        caption=f"Your tries. The grey band is two standard errors wide, for {reviews} validation reviews: {inside} of "
        f"{len(found)} tries lie in it, and among those the choice was luck.",
    )
