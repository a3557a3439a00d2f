"""Figures of notebook 21 about the student's three runs: learning curves with the line, precision against recall."""

import numpy as np

from course_kit.plots.ask import NothingToDraw, ask
from course_kit.plots.imdb_reviews import KitReviews
from course_kit.plots.imdb_runs import Run
from course_kit.plots.imdb_scores import curves
from course_kit.plots.show import OKABE_ITO, Shown, new_figure, not_yet, show, styles
from course_kit.reference.scores import counts, f1

STEPS = (0.02, 0.04, 0.06)


def learning(runs: list[Run], line_f1, reviews: KitReviews) -> Shown:
    """Validation F1 after each epoch for each seed, with the line of the n-gram model and the three steps above it."""
    if not runs:
        return not_yet("E21.7")
    figure, axes = new_figure(width=7.5, height=3.6)
    style = styles()
    for run in runs:
        axes.plot(range(1, len(run.curve) + 1), run.curve, marker="o", ms=3, label=f"seed {run.seed}", **next(style))
    line = float(line_f1) if isinstance(line_f1, int | float) and 0 < line_f1 < 1 else None
    if line is not None:
        axes.axhline(line, color=OKABE_ITO[5], lw=2, label=f"n-grams, line_f1 = {line:.3f}")
        for above in STEPS:
            axes.axhline(line + above, color=OKABE_ITO[5], lw=0.8, ls=":")
    axes.axhline(2 / 3, color="0.6", lw=1, ls="--", label="all positive")
    axes.set(xlabel="epoch", ylabel="best F1 on validation", ylim=(0.6, 1.0))
    axes.legend(fontsize=8, loc="lower right")
    last = ", ".join(f"seed {run.seed} {run.curve[-1]:.3f}" for run in runs)
    beside = (
        f"The line of the n-gram model is at {line:.3f}, the steps 0.02 apart above it." if line else "No line yet."
    )
    return show(
        figure,
        alt=f"Validation F1 at its best threshold after each epoch, a curve for each seed. After the last one: {last}. "
        f"{beside} If right, all curves start near 0.667, where all reviews are called positive, and cross the line.",
        caption="Learning curves of your model, one for each seed; dotted, the three steps. On validation reviews, "
        f"which the threshold was chosen by. {reviews.source}",
    )


def precision_recall(runs: list[Run], choose_threshold, reviews: KitReviews) -> Shown:
    """Precision against recall on the test reviews, at all thresholds and at the one chosen on validation."""
    if not runs:
        return not_yet("E21.7")
    figure, axes = new_figure(width=6.6, height=3.8)
    style = styles()
    y, said = reviews.labels["test"], []
    for run in runs:
        p = run.probabilities("test")
        try:
            own = float(
                ask(choose_threshold, reviews.labels["validation"], run.probabilities("validation"), shapes=((),))[0]
            )
        except NothingToDraw:
            return not_yet("E21.5")
        _, precision, recall, _ = curves(y, p)
        hit, false, missed = counts(y, p >= own)
        look = next(style)
        axes.plot(recall, precision, **look)
        axes.plot(
            [hit / max(hit + missed, 1)],
            [hit / max(hit + false, 1)],
            marker="o",
            ms=8,
            ls="none",
            color=look["color"],
            label=f"seed {run.seed}: threshold {own:.3f}, F1 {f1(y, p >= own):.3f}",
        )
        said.append(f"seed {run.seed} threshold {own:.3f}, F1 {f1(y, p >= own):.3f}")
    axes.set(xlabel="recall", ylabel="precision", xlim=(0, 1.03), ylim=(0.45, 1.03))
    axes.legend(fontsize=8, loc="lower left")
    return show(
        figure,
        alt="Precision against recall on the test reviews, a curve for each seed, with a point at the threshold "
        f"chosen on validation: {'; '.join(said)}. If right each curve stays at precision 1 up to a "
        "recall of 0.8 and then falls, and the points lie near its right end, at a recall above 0.9.",
        caption=f"The test reviews, looked at once, at a threshold they had no part in. {reviews.source}",
    )


def spread(runs: list[Run], choose_threshold, reviews: KitReviews) -> None:
    """Print F1 on the test reviews: mean and standard deviation over the seeds."""
    if not runs:
        print("not trained yet")
        return
    y, found = reviews.labels["test"], []
    for run in runs:
        try:
            own = float(
                ask(choose_threshold, reviews.labels["validation"], run.probabilities("validation"), shapes=((),))[0]
            )
        except NothingToDraw:
            print("no threshold yet: E21.5")
            return
        found.append(f1(y, run.probabilities("test") >= own))
    deviation = np.std(found, ddof=1) if len(found) > 1 else float("nan")
    print(f"F1 on the {len(y):,} test reviews: {np.mean(found):.3f} +- {deviation:.3f} over {len(found)} seeds")
    size = sum(int(np.prod(shape)) for shape in runs[0].weights)
    print(f"{size:,} parameters, {sum(run.seconds for run in runs):.0f} s of training")
    print(reviews.source)
