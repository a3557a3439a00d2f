"""Figures of notebook 18 about leaks: the scaler, windows over the border, a model chosen on the test."""

import numpy as np

from course_kit.plots.ask import NothingToDraw, ask, figure_of
from course_kit.plots.show import OKABE_ITO, Shown, new_figure, show, styles


@figure_of("E18.5")
def scaler(fold_scaling, mean_scores) -> Shown:
    """The mean that the student's scaler finds at each origin of the CO2 series, and what the leak is worth."""
    from course_kit.datasets.series import co2

    series = co2()
    y, H = series.values, 24
    origins = list(range(120, len(y) - H + 1, 24))
    folds = [(np.arange(o), np.arange(o, o + H)) for o in origins]
    means = [float(ask_scaling(fold_scaling, y, train, test)) for train, test in folds]
    clean, leaked = (float(v) for v in ask(mean_scores, y, folds, shapes=((), ())))
    figure, (left, right) = new_figure(1, 2, width=9.4, height=3.4, width_ratios=(2.4, 1))
    left.plot(series.times, y, color="0.65", lw=1, label="CO2, ppm")
    left.plot(series.times[origins], means, "o-", ms=4, color=OKABE_ITO[4], label="your scaler's mean at each origin")
    left.axhline(y.mean(), color=OKABE_ITO[5], ls="--", label="mean of the whole series")
    left.set(xlabel="year", ylabel="ppm")
    left.legend(fontsize=8)
    right.bar(["clean", "leaked"], [clean, leaked], color=[OKABE_ITO[4], OKABE_ITO[5]], hatch=["", "///"])
    right.set(ylabel="MAE of the forecast 0 in scaled units")
    return show(
        figure,
        alt="Drawn from your answers: left the monthly CO2 series, which climbs from 316 to 371 ppm, with the scaler's "
        f"mean at each of {len(origins)} origins. If right, it climbs behind the series, from {means[0]:.0f} to "
        f"{means[-1]:.0f} ppm, far below the dashed mean of the whole series, {y.mean():.0f} ppm, at the start. Right "
        f"two bars: clean {clean:.1f} ppm, leaked {leaked:.1f} ppm.",
        caption=f"What the scaler knows. Clean error {clean:.2f} ppm, with the leak {leaked:.2f} ppm. Dots on the "
        "dashed line would mean a scaler that has seen the future.",
    )


def ask_scaling(fold_scaling, y, train, test):
    _, _, mean, _ = ask(fold_scaling, y, train, test, shapes=((len(train),), (len(test),), (), ()))
    return mean


def neighbour_errors(table_of_windows, window: int, horizon: int, gaps) -> np.ndarray:
    """MAE (gaps, H) of the nearest neighbour's changes, on random walks, where nothing can be foreseen."""
    rng, found = np.random.default_rng(188), []
    for _ in range(6):
        y = rng.normal(size=400).cumsum()
        N = len(y) - window - horizon + 1
        X, Y = ask(table_of_windows, y, window, horizon, shapes=((N, window), (N, horizon)))
        newest, changes = X[:, -1:], Y - X[:, -1:]
        rows = []
        for gap in gaps:
            errors = []
            for test in range(200, N, 3):
                past = slice(0, test - gap)
                nearest = np.abs(X[past] - X[test]).sum(axis=1).argmin()
                errors.append(np.abs(newest[test] + changes[nearest] - Y[test]))
            rows.append(np.mean(errors, axis=0))
        found.append(rows)
    return np.mean(found, axis=0)


@figure_of("E18.8")
def border(table_of_windows, needed_gap, leaking_rows, window: int = 12, horizon: int = 8) -> Shown:
    """Windows at the border of a fold, and which of the training rows leak."""
    (gap,) = ask(needed_gap, window, horizon, shapes=((),))
    test, train = 16, np.arange(16)
    leaks = leaking_rows(train, np.array([test]), window, horizon)
    if leaks is None:
        raise NothingToDraw("")
    named = [int(t) for t in np.ravel(leaks)]
    leaks = set(named)
    if len(named) > len(leaks) or leaks - set(train.tolist()):
        raise NothingToDraw("Numbers of training rows are due, each once.")
    figure, axes = new_figure(width=8.5, height=3.4)
    newest = test + window - 1
    for t in range(5, test + 1):
        colour = OKABE_ITO[1] if t == test else OKABE_ITO[5] if t in leaks else OKABE_ITO[4]
        axes.barh(t, window - 0.1, left=t - 0.5, height=0.7, color=colour)
        axes.barh(t, horizon - 0.1, left=t + window - 0.5, height=0.7, color="white", edgecolor=colour, hatch="////")
    axes.axvline(newest + 0.5, color="black", lw=1.5)
    axes.annotate("now, for row 16", (newest + 0.7, 4.6), fontsize=8)
    axes.set(ylim=(test + 0.7, 4), xlabel="observation", ylabel="row of the table")
    told = ", ".join(map(str, sorted(leaks))) or "none"
    return show(
        figure,
        alt=f"Rows 5 to 16 of a table of windows, {window} inputs filled and {horizon} targets hatched, each row one "
        "step to the right of the one above. A black line marks the newest value that is known to the test row 16. If "
        "your answer is right, the rows whose targets reach over the line are those in another colour. By your "
        f"answer the rows {told} leak, and the gap that is needed is {float(gap):.0f}.",
        caption=f"Row 16 is tested. By your answer the rows {told} may not train it, in the redder colour. If right, "
        "these are the rows that cross the black line, and no other.",
    )


@figure_of("E18.8")
def gap_curve(table_of_windows, window: int = 12, gap: int = 0, horizon: int = 8) -> Shown:
    """Errors of the nearest neighbour with the gap of the slider, beside those with the gap that is needed."""
    found = neighbour_errors(table_of_windows, window, horizon, (gap, horizon - 1))
    figure, axes = new_figure(width=6.8, height=3.4)
    _curves(axes, found, (gap, horizon - 1), horizon)
    return show(
        figure,
        alt=f"Mean absolute error against horizon of the nearest neighbour on random walks, windows of {window}: with "
        f"a gap of {gap} {', '.join(f'{e:.2f}' for e in found[0])}; with a gap of {horizon - 1} "
        f"{', '.join(f'{e:.2f}' for e in found[1])}.",
        caption=f"Window {window}, gap {gap}: nothing can be foreseen in a random walk, so what lies below the line of "
        f"gap {horizon - 1} is the leak.",
    )


@figure_of("E18.8")
def gap_curves(table_of_windows) -> Shown:
    """The same for several gaps at once: what the slider shows one by one."""
    horizon, gaps = 8, (0, 1, 3, 5, 7, 12)
    found = neighbour_errors(table_of_windows, 12, horizon, gaps)
    figure, axes = new_figure(width=6.8, height=3.6)
    _curves(axes, found, gaps, horizon)
    told = "; ".join(f"gap {g}: {', '.join(f'{e:.2f}' for e in row)}" for g, row in zip(gaps, found, strict=True))
    return show(
        figure,
        alt="Mean absolute error against horizon 1 to 8 of the nearest neighbour on random walks, for several gaps. "
        f"With too small a gap the curve lies far too low; from gap 7 on they are all alike. {told}.",
        caption="The nearest neighbour on random walks, in which nothing can be foreseen. Too small a gap lets it find "
        "the test's own future among the targets of the last training rows. From gap 7 = horizon - 1 on it is honest.",
    )


def _curves(axes, found, gaps, horizon: int) -> None:
    for style, gap, row in zip(styles(), gaps, found, strict=False):
        axes.plot(range(1, horizon + 1), row, label=f"gap {gap}", **style)
    axes.set(xlabel="horizon h", ylabel="MAE", ylim=(0, None))
    axes.legend(fontsize=8, title="between training and test")
    axes.grid(alpha=0.3)


@figure_of("E18.9")
def optimism(chosen_before, chosen_after) -> Shown:
    """Scores of the better of M worthless models, chosen before and chosen afterwards, against M."""
    rng, counts, R = np.random.default_rng(189), (1, 2, 4, 8, 16, 32, 64), 13
    rows = []
    for M in counts:
        scores = []
        for _ in range(200):
            E = np.abs(rng.normal(size=(M, R)))
            _, honest = ask(chosen_before, E, shapes=((R - 1,), ()))
            _, after = ask(chosen_after, E, shapes=((), ()))
            scores.append((float(honest), float(after)))
        rows.append(np.mean(scores, axis=0))
    honest, after = np.array(rows).T
    figure, axes = new_figure(width=6.8, height=3.4)
    axes.plot(counts, honest, "o-", color=OKABE_ITO[4], label="chosen on earlier origins")
    axes.plot(counts, after, "s--", color=OKABE_ITO[5], label="chosen on the test origins")
    axes.axhline(np.sqrt(2 / np.pi), color="0.4", lw=1, ls=":", label="what every model is worth: 0.798")
    axes.set(xscale="log", xlabel="models to choose from", ylabel="reported MAE", ylim=(0, 1.1))
    axes.set_xticks(counts, [str(c) for c in counts])
    axes.minorticks_off()
    axes.legend(fontsize=8)
    axes.grid(alpha=0.3)
    return show(
        figure,
        alt="Drawn from your answers: reported error against the number of models that were tried, all of them equally "
        "good. Chosen on earlier origins it stays at 0.8; chosen on the test origins it falls. For 1, 2, 4, 8, 16, 32, "
        f"64 models, honest {', '.join(f'{v:.2f}' for v in honest)}; "
        f"afterwards {', '.join(f'{v:.2f}' for v in after)}.",
        caption="Models of equal worth, 12 test origins. What the dashed line gains is luck, and none of it comes back "
        "on the next origin.",
    )
