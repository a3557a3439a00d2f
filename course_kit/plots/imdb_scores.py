"""Figures of notebook 21 about F1: by batch and in truth, against the threshold, and the line of the n-gram model."""

from functools import lru_cache

import numpy as np

from course_kit.plots.ask import NothingToDraw, ask, figure_of
from course_kit.plots.imdb_reviews import CIRCLE, KitReviews
from course_kit.plots.show import OKABE_ITO, Shown, new_figure, show, styles
from course_kit.reference.scores import best_f1, by_batch, counts, f1

SIZES = (2, 4, 8, 16, 32, 64, 128, 256)


@lru_cache(maxsize=4)
def _pairs(train: tuple, labels: bytes, other: tuple) -> np.ndarray:
    from sklearn.feature_extraction.text import CountVectorizer
    from sklearn.linear_model import LogisticRegression

    table = CountVectorizer(ngram_range=(1, 2), binary=True)
    learner = LogisticRegression(max_iter=1000).fit(table.fit_transform(train), np.frombuffer(labels, dtype=np.int64))
    return learner.predict_proba(table.transform(other))[:, 1]


def probabilities(reviews: KitReviews, part: str) -> np.ndarray:
    """(N,) of a small model, words and pairs of words by scikit-learn's logistic regression, learnt on "train"."""
    return _pairs(reviews.texts["train"], reviews.labels["train"].tobytes(), reviews.texts[part])


@figure_of("E21.4")
def f1_by_batch(add_batch, f1_of, reviews: KitReviews) -> Shown:
    """F1 as Keras 1 showed it, the mean over batches, and F1 of the whole set, against the batch size."""
    y = reviews.labels["validation"]
    some = np.concatenate([np.flatnonzero(y == 0), np.flatnonzero(y == 1)[:60]])  # one in six is positive
    some = np.random.default_rng(0).permutation(some)
    y, chosen = y[some], (probabilities(reviews, "validation")[some] >= 0.5).astype(int)
    mean, whole = [], []
    for size in SIZES:
        state, scores = (0, 0, 0), []
        for start in range(0, len(y), size):
            rows = slice(start, start + size)
            scores.append(float(ask(f1_of, _counted(add_batch, (0, 0, 0), y[rows], chosen[rows]), shapes=((),))[0]))
            state = _counted(add_batch, state, y[rows], chosen[rows])
        mean.append(np.mean(scores))
        whole.append(float(ask(f1_of, state, shapes=((),))[0]))
    truth = f1(y, chosen)
    figure, axes = new_figure(width=7.0, height=3.3)
    style = styles()
    axes.plot(SIZES, mean, label="mean of the F1 of batches", **next(style))
    axes.plot(SIZES, whole, label="F1 of counts summed over batches", **next(style))
    axes.plot(SIZES, [truth] * len(SIZES), label="all decisions counted at once", **CIRCLE)
    axes.set(xscale="log", xlabel="batch size", ylabel="F1", ylim=(0, 1))
    axes.set_xticks(SIZES, map(str, SIZES))
    axes.minorticks_off()
    axes.legend(fontsize=8)
    return show(
        figure,
        alt="F1 against the batch size from 2 to 256, drawn from your functions, on 360 reviews of which one in six is "
        f"positive. The mean over batches goes from {mean[0]:.2f} to {mean[-1]:.2f}. The F1 of summed counts is "
        f"{whole[0]:.3f} at every size if right, on the circles at {truth:.3f}. The right mean is "
        f"{by_batch(f1, y, chosen, 2):.2f} at batch size 2.",
        caption="The same 360 decisions, averaged batch by batch and counted once. Only one of the two says something "
        f"of the model. {reviews.source}",
    )


def _counted(add_batch, state, y, chosen) -> tuple[int, ...]:
    found = ask(lambda: np.array(add_batch(state, y, chosen), dtype=float), shapes=((3,),))[0]
    if not np.isfinite(found).all():
        raise NothingToDraw("tp, fp and fn must be numbers.")
    return tuple(int(k) for k in found)


def curves(y: np.ndarray, p: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Thresholds, precision, recall and F1 of ``p >= threshold``, at each value of p."""
    tried = np.unique(p)
    hits, false, missed = np.array([counts(y, p >= t) for t in tried], dtype=float).T
    return tried, hits / (hits + false), hits / (hits + missed), 2 * hits / (2 * hits + false + missed)


def _at(y, p, threshold: float) -> tuple[float, float, float]:
    hit, false, missed = counts(y, p >= threshold)
    return hit / max(hit + false, 1), hit / max(hit + missed, 1), f1(y, p >= threshold)


def _threshold_figure(y, p, marks: dict[str, float], source: str) -> Shown:
    tried, precision, recall, score = curves(y, p)
    figure, (left, right) = new_figure(1, 2, width=9.0, height=3.5)
    style = styles()
    for name, values in (("precision", precision), ("recall", recall), ("F1", score)):
        left.plot(tried, values, label=name, **next(style))
    right.plot(recall, precision, color=OKABE_ITO[0])
    said = []
    for (name, threshold), colour, marker in zip(marks.items(), OKABE_ITO[4:], "so^D", strict=False):
        P, R, F = _at(y, p, threshold)
        left.axvline(threshold, color=colour, lw=1, ls=":")
        right.plot([R], [P], marker=marker, ms=9, color=colour, ls="none", label=f"{name}: {threshold:.3f}, F1 {F:.3f}")
        said.append(f"{name} {threshold:.3f}: precision {P:.3f}, recall {R:.3f}, F1 {F:.3f}")
    left.set(xlabel="threshold", ylabel="value", ylim=(0, 1.03))
    right.set(xlabel="recall", ylabel="precision", xlim=(0, 1.03), ylim=(0.45, 1.03))
    left.legend(fontsize=8, loc="lower left")
    right.legend(fontsize=8, loc="lower left")
    return show(
        figure,
        alt="Left, precision, recall and F1 on the validation reviews against the threshold: recall falls from 1, "
        "precision rises, F1 has a flat top and falls steeply on the right. Right, precision against recall with "
        f"points: {'; '.join(said)}. If right, your threshold has the largest F1 of all: {score.max():.3f}.",
        caption=f"One model, all thresholds, on the validation reviews. {source}",
    )


@figure_of("E21.5")
def thresholds(choose_threshold, reviews: KitReviews) -> Shown:
    """Precision, recall and F1 of the small model with the student's threshold and 0.5."""
    y, p = reviews.labels["validation"], probabilities(reviews, "validation")
    own = float(ask(choose_threshold, y, p, shapes=((),))[0])
    return _threshold_figure(y, p, {"yours": own, "the usual": 0.5}, reviews.source)


@figure_of("E21.5")
def threshold_moved(choose_threshold, reviews: KitReviews, threshold: float) -> Shown:
    """The same with a threshold of the reader's."""
    y, p = reviews.labels["validation"], probabilities(reviews, "validation")
    own = float(ask(choose_threshold, y, p, shapes=((),))[0])
    return _threshold_figure(y, p, {"yours": own, "the slider": threshold}, reviews.source)


@figure_of("E21.6")
def line(ngrams, bag_of, fit_logistic, reviews: KitReviews, longest=(1, 2, 3)) -> Shown:
    """F1 on the validation reviews of the student's n-gram model; prints ``line_f1``, that of the last one."""
    y, truth = reviews.labels["train"], reviews.labels["validation"]
    found = {}
    for most in longest:
        grams = [ngrams(review, most) for review in reviews.words["train"]]
        if not all(isinstance(g, tuple) for found_in in grams for g in found_in):
            raise NothingToDraw("ngrams must return tuples.")
        columns = sorted(set().union(*grams))
        tables = [np.asarray(bag_of(reviews.words[part], columns), dtype=float) for part in ("train", "validation")]
        if tables[0].shape != (len(y), len(columns)):
            raise NothingToDraw(f"A table {(len(y), len(columns))} is due, yours has the shape {tables[0].shape}.")
        w, b = fit_logistic(tables[0], y, 1.0)
        a = np.clip(tables[1] @ np.ravel(w) + float(b), -500, 500)
        a = np.round(a, 6)  # twins have the same words: one and the same number, whatever the order of summing
        found[f"1 to {most}" if most > 1 else "words alone"] = best_f1(truth, 1 / (1 + np.exp(-a)))[1]
        print(f"n-grams of 1 to {most} words: {len(columns):5d} columns, F1 {list(found.values())[-1]:.4f}")
    figure, axes = new_figure(width=7.0, height=3.0)
    everybody = 2 / 3
    axes.bar(range(len(found)), list(found.values()), color=OKABE_ITO[2], width=0.5)
    axes.axhline(everybody, color=OKABE_ITO[5], ls="--", label=f"all reviews called positive: {everybody:.3f}")
    axes.set_xticks(range(len(found)), list(found))
    axes.set(ylabel="F1 on validation", ylim=(0.5, 1.0), xlabel="n-grams")
    axes.legend(fontsize=8, loc="upper left")
    listed = ", ".join(f"{name} {score:.3f}" for name, score in found.items())
    return show(
        figure,
        alt=f"Bars of the validation F1 of your n-gram model: {listed}. A dashed line at 0.667, the F1 of calling all "
        "reviews positive. If right, words alone end on that line, pairs and triples well above it, below 0.82.",
        caption=f"The line to pass is the last bar. {reviews.source}",
    )
