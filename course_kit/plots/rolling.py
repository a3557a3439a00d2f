"""Figures of notebook 18 about folds: bars of training and test, and errors with origin and horizon apart."""

import numpy as np

from course_kit.plots.ask import NothingToDraw, ask, figure_of
from course_kit.plots.show import OKABE_ITO, Shown, new_figure, show, styles

TRAIN, GAP, TEST = OKABE_ITO[4], "0.85", OKABE_ITO[1]


def bars(axes, folds, n: int, title: str) -> None:
    """A row for each fold: training dark, test light and hatched, whatever lies between them grey."""
    for k, (train, test) in enumerate(folds):
        train, test = (np.asarray(part, dtype=int).ravel() for part in (train, test))
        known = train[train < test.min(initial=n)]
        between = np.arange(known.max(initial=-1) + 1, test.min(initial=n))
        for cells, colour, hatch in ((between, GAP, ""), (train, TRAIN, ""), (test, TEST, "////")):
            axes.barh(
                [k] * len(cells), 0.92, left=cells - 0.46, height=0.7, color=colour, hatch=hatch, edgecolor="white"
            )
    axes.set(xlim=(-0.7, n - 0.3), ylim=(len(folds) - 0.4, -0.6), title=title, xlabel="observation")
    axes.set_xticks(range(0, n, 2))
    axes.set_yticks(range(len(folds)), [f"fold {k}" for k in range(len(folds))], fontsize=8)


def _legend(axes) -> None:
    from matplotlib.patches import Patch

    patches = [
        Patch(color=TRAIN, label="training"),
        Patch(color=GAP, label="gap"),
        Patch(facecolor=TEST, hatch="////", edgecolor="white", label="test"),
    ]
    axes.legend(handles=patches, fontsize=8, ncols=3, loc="upper right", bbox_to_anchor=(1, 1.22), frameon=False)


def _told(folds) -> str:
    """The folds in words."""

    def span(part):
        part = np.asarray(part, dtype=int).ravel()
        return "nothing" if not part.size else f"{part.min()} to {part.max()}" if part.size > 1 else f"{part[0]}"

    return "; ".join(f"fold {k} trains on {span(a)} and tests {span(b)}" for k, (a, b) in enumerate(folds))


def _listed(folds) -> list:
    """Folds that a student's function or generator gave, as a list."""
    if folds is None:
        raise NothingToDraw("")
    folds = [tuple(fold) for fold in folds]
    if not folds or any(len(fold) != 2 for fold in folds):
        raise NothingToDraw("No pairs (train, test) came.")
    return folds


@figure_of("E18.1")
def expanding(rolling_origin) -> Shown:
    """The student's folds of 20 observations."""
    folds = _listed(rolling_origin(20, 8, 3, 2, 1))
    figure, axes = new_figure(width=7.5, height=2.8)
    bars(axes, folds, 20, "")
    _legend(axes)
    return show(
        figure,
        alt="Drawn from your answer: bars for the folds of 20 observations, with initial 8, horizon 3, step 2 and a "
        "gap of 1. If right, training grows by two from fold to fold, and the tests of three move along behind a gap "
        f"of one. Here: {_told(folds)}.",
        caption="Your rolling origin, n = 20, initial 8, horizon 3, step 2, gap 1. Dark is training, hatched is test. "
        "A dark cell to the right of a hatched one would be the future in the training part.",
    )


@figure_of("E18.2")
def one_out(next_one_out) -> Shown:
    """The usual leave-one-out beside the student's."""
    n, window = 10, 5
    folds = _listed(next_one_out(n, window))
    usual = [([i for i in range(n) if i != k], [k]) for k in range(n)]
    figure, (left, right) = new_figure(1, 2, width=9.4, height=3.2)
    bars(left, usual, n, "the usual leave-one-out")
    bars(right, folds, n, "leave the next one out, window 5")
    return show(
        figure,
        alt="Bars for 10 observations. Left the usual leave-one-out: in each of ten folds nine observations train, on "
        "both sides of the one that is tested. Right, from your answer: if right, five folds, each with the five "
        f"observations before the one that is tested. Here: {_told(folds)}.",
        caption="Left, dark cells to the right of the test are its future. Right, your folds: a window of five that "
        "slides, and the next observation.",
    )


@figure_of("E18.7")
def splitter_bars(splitter, window: int, gap: int) -> Shown:
    """The folds of the student's class, for the two parameters of the slider; a window of 0 expands."""
    made = splitter(initial=8, horizon=3, step=2, gap=gap, window=window or None)
    folds = _listed(made.split(np.zeros((20, 1))))
    figure, axes = new_figure(width=7.5, height=0.9 + 0.32 * len(folds))
    bars(axes, folds, 20, "")
    kind = f"a window of {window}" if window else "an expanding window"
    return show(
        figure,
        alt=f"Drawn from your splitter: folds of 20 observations with {kind} and a gap of {gap}: {_told(folds)}.",
        caption=f"Your splitter with {kind} and a gap of {gap}; initial 8, horizon 3, step 2.",
    )


@figure_of("E18.7")
def splitter_four(splitter) -> Shown:
    """The same for two windows and two gaps side by side: what the slider shows one by one."""
    figure, axes = new_figure(2, 2, width=9.4, height=4.6)
    told = []
    for ax, (window, gap) in zip(axes.ravel(), ((0, 0), (0, 3), (4, 0), (4, 3)), strict=True):
        made = splitter(initial=8, horizon=3, step=2, gap=gap, window=window or None)
        folds = _listed(made.split(np.zeros((20, 1))))
        name = f"window {window}, gap {gap}" if window else f"expanding, gap {gap}"
        bars(ax, folds, 20, name)
        told.append(f"{name}: {_told(folds)}")
    return show(
        figure,
        alt="Drawn from your splitter: four panels of folds, expanding above and with a window of 4 below, with a gap "
        f"of 0 on the left and of 3 on the right. {'. '.join(told)}.",
        caption="Your splitter: expanding (above) and sliding (below), without a gap (left) and with one of 3 (right). "
        "A gap costs folds at the end of the series, a window costs training data.",
    )


@figure_of("E18.3")
def by_horizon(horizon_errors, mae_by_horizon) -> Shown:
    """Errors of the seasonal naive forecast on sunspots, from the student's functions."""
    from course_kit.datasets.series import sunspots

    y, H = sunspots().values, 11
    origins = list(range(120, len(y) - H + 1, 6))
    forecasts = np.array([y[o - 11 : o] for o in origins])
    (errors,) = ask(horizon_errors, y, origins, forecasts, shapes=((len(origins), H),))
    (mae,) = ask(mae_by_horizon, errors, shapes=((H,),))
    figure, (left, right) = new_figure(1, 2, width=9.4, height=3.6)
    picture = left.imshow(errors, aspect="auto", cmap="cividis", extent=(0.5, H + 0.5, len(origins) - 0.5, -0.5))
    left.set_yticks(range(0, len(origins), 6), [1700 + origins[k] for k in range(0, len(origins), 6)])
    left.set(xlabel="horizon h, years", ylabel="origin, year", title="|error|")
    figure.colorbar(picture, ax=left)
    right.plot(range(1, H + 1), mae, "o-", color=OKABE_ITO[4], label="one error per horizon")
    right.axhline(errors.mean(), color=OKABE_ITO[5], ls="--", label="all in one number")
    right.set(xlabel="horizon h, years", ylabel="MAE, sunspot number", ylim=(0, None))
    right.legend(fontsize=8)
    right.grid(alpha=0.3)
    return show(
        figure,
        alt="Drawn from your answers: errors of the seasonal naive forecast of sunspots. Left a table of colours, a "
        f"row for each of {len(origins)} origins, a column for each of 11 horizons: some rows are bright as a whole. "
        f"Right their means: {', '.join(f'{m:.1f}' for m in mae)} at horizons 1 to 11, and "
        f"{errors.mean():.1f} over all.",
        caption="Seasonal naive on sunspots: the value of eleven years ago. If your answers are right, no error is "
        "negative, and the line on the right is the mean of the columns on the left.",
    )


@figure_of("E18.4")
def crossing(mae_table, flips_at) -> Shown:
    """The student's table for a wave of 60 days and for the sunspots."""
    from course_kit.datasets.series import sunspots

    wave = np.cos(2 * np.pi * np.arange(660) / 60)
    figure, panels = new_figure(1, 2, width=9.4, height=3.4)
    told = []
    for axes, y, origins, H, name, unit in (
        (panels[0], wave, range(300, 600, 7), 30, "a wave of 60 days", "days"),
        (panels[1], sunspots().values, range(120, 299), 11, "sunspots", "years"),
    ):
        (table,) = ask(mae_table, y, list(origins), H, shapes=((2, H),))
        for style, row, label in zip(styles(), table, ("naive", "historical mean"), strict=False):
            axes.plot(range(1, H + 1), row, label=label, **style)
        better = np.flatnonzero(table[0] > table[1])
        told.append(f"{name}: naive is worse from h = {better[0] + 1} on" if better.size else f"{name}: no crossing")
        axes.set(xlabel=f"horizon h, {unit}", ylabel="MAE", title=name, ylim=(0, None))
        axes.grid(alpha=0.3)
    (turn,) = ask(flips_at, 60, shapes=((),))
    panels[0].axvline(float(turn), color="0.4", ls=":", label=f"flips_at(60) = {float(turn):.0f}")
    for day, word in ((7, "week"), (30, "month")):
        panels[0].annotate(word, (day, 0.02), fontsize=8, ha="center")
    panels[0].legend(fontsize=8)
    return show(
        figure,
        alt="Drawn from your answers: mean absolute error against horizon of two forecasters, for a wave of 60 days "
        "and for sunspots. The naive one starts near 0 and climbs through the level line of the mean. "
        f"{'; '.join(told)}. The dotted line stands at {float(turn):.0f}.",
        caption="Good for a week, bad for a month. If your answers are right, the dotted line stands just behind the "
        f"crossing. {'; '.join(told)}.",
    )
