"""Notebook 21, F1 done right: E21.4, of the whole set and not by batch, and E21.5, on data that chose nothing."""

import numpy as np

from course_kit.checking import Exercise, expect, require
from course_kit.exercises.closed import one_of
from course_kit.reference.scores import best_f1, by_batch, counts, f1, recall

E21_4 = Exercise(
    "E21.4",
    "F1 by batch is not F1",
    slides=("D1.35", "D2.20"),
    names=("add_batch", "f1_of", "y_four", "chosen_four"),
    hints=(
        "Sum the three counts over the batches and take the ratio once, at the end. For the counter-example put all "
        "positives into one batch.",
        "add_batch: (tp + np.sum((y == 1) & (chosen == 1)), ...); f1_of: 2 tp / (2 tp + fp + fn), 0 without a hit. "
        "With y = 1, 1 | 0, 0 one batch has no positive at all, so its recall counts as 0.",
    ),
)


def decided(draw, N: int):
    y = (draw.uniform(0, 1, N) < 0.4).astype(int)
    chosen = np.where(draw.uniform(0, 1, N) < 0.7, y, 1 - y)
    y[:3], chosen[:3] = [1, 1, 0], [1, 0, 1]
    return y, chosen


def batches(draw, N: int) -> list[slice]:
    """Random borders; a batch may be empty."""
    ends = np.sort(draw.integers(0, N, 4))
    return [slice(int(a), int(b)) for a, b in zip([0, *ends], [*ends, N], strict=True)]


@E21_4.case("counts, batch after batch")
def _(answer, draw):
    y, chosen = decided(draw, 23)
    before = tuple(int(k) for k in draw.integers(2, 9, 3) + np.array([0, 10, 20]))
    tp, fp, fn = counts(y, chosen)
    tn = len(y) - tp - fp - fn
    right = tuple(a + b for a, b in zip(before, (tp, fp, fn), strict=True))
    known = {
        "the counts of this batch alone came back; add them to those that were there": (tp, fp, fn),
        "fp and fn are exchanged: fp was chosen and is negative": (before[0] + tp, before[1] + fn, before[2] + fp),
        "the third count is of the right rejections; fn is due, the positives that were missed": (
            *right[:2],
            before[2] + tn,
        ),
    }
    expect(
        answer.add_batch(before, y, chosen),
        right,
        "tp, fp, fn",
        tolerance=0,
        known={sentence: value for sentence, value in known.items() if value != right},
    )


@E21_4.case("F1 of the counts", hint="2 tp / (2 tp + fp + fn), and 0.0 where tp is 0.")
def _(answer, draw):
    tp, fp, fn = (int(k) for k in draw.integers(2, 9, 3) + np.array([0, 10, 20]))
    p, r = tp / (tp + fp), tp / (tp + fn)
    known = {
        "this is the precision": p,
        "this is the recall": r,
        "this is the plain mean of precision and recall": (p + r) / 2,
        "the 2 in front is missing": tp / (2 * tp + fp + fn),
        "tp stands once in the denominator, and it belongs there twice": 2 * tp / (tp + fp + fn),
        "this is the geometric mean of precision and recall": (p * r) ** 0.5,
    }
    expect(answer.f1_of((tp, fp, fn)), 2 * tp / (2 * tp + fp + fn), "F1", tolerance=1e-9, known=known)
    expect(answer.f1_of((0, fp, fn)), 0.0, "F1 without a hit", tolerance=0)
    expect(answer.f1_of((0, 0, 0)), 0.0, "F1 of nothing", tolerance=0)


@E21_4.case("the same for every batching", hint="Start from (0, 0, 0); no batch may be divided by anything.")
def _(answer, draw):
    y, chosen = decided(draw, 40)
    for _ in range(3):
        state = (0, 0, 0)
        for rows in batches(draw, 40):
            state = answer.add_batch(state, y[rows], chosen[rows])
            require(isinstance(state, list | tuple) and len(state) == 3, "add_batch must return tp, fp, fn.")
            state = tuple(_whole(k) for k in state)
        expect(answer.f1_of(state), f1(y, chosen), "F1 over five batches", tolerance=1e-9)


def _whole(k):
    good = isinstance(k, int | float | np.integer | np.floating) and not isinstance(k, bool) and abs(k) < 1e9
    require(good and k == int(k), "each of tp, fp, fn must be a whole number.")
    return int(k)


@E21_4.case(
    "the counter-example",
    hint="Two batches of two: in the first both are positive and one is found, the second has no positive.",
)
def _(answer, draw):
    y, chosen = answer["y_four"], answer["chosen_four"]
    y, chosen = (_four(values, name) for values, name in ((y, "y_four"), (chosen, "chosen_four")))
    whole, batched = recall(y, chosen), by_batch(recall, y, chosen, 2)
    require(
        np.isclose(whole, 0.5),
        f"the recall of all four must be 0.5. It is {whole:.3g}.",
        "y_four and chosen_four are exchanged" if np.isclose(recall(chosen, y), 0.5) else "",
    )
    require(
        np.isclose(batched, 0.25),
        f"the mean recall of the two batches must be 0.25. It is {batched:.3g}.",
        "here the two numbers are the same: put all positives into one batch" if np.isclose(batched, 0.5) else "",
    )


def _four(values, name: str) -> np.ndarray:
    values = np.array(values) if isinstance(values, list | tuple) and all(_bit(v) for v in values) else values
    good = isinstance(values, np.ndarray) and values.shape == (4,) and values.dtype.kind in "biuf"
    require(good and np.isin(values, (0, 1)).all(), f"{name} must be four numbers, each 0 or 1.")
    return values.astype(int)


def _bit(value) -> bool:
    return isinstance(value, int | float | np.integer | np.floating)


E21_5 = Exercise(
    "E21.5",
    "Do not validate on the test set",
    slides=("D1.35", "D2.20"),
    names=("three_way", "choose_threshold", "honest_f1", "what_leaks"),
    hints=(
        "Deal whole groups, not rows, so that twins stay together. The threshold may see the validation labels and "
        "nothing else; the test labels are used in one line, for the number that is reported.",
        "order = rng.permutation(np.unique(groups)), cut at 60 % and 80 %, then np.flatnonzero(np.isin(groups, part)). "
        "choose_threshold: try each value of p, F1 of p >= value, take the best.",
    ),
)


@E21_5.case("three parts, no group in two")
def _(answer, draw):
    groups = draw.rng.permutation(np.repeat(draw.rng.permutation(500)[:60], 2))
    seed = draw.seed()
    parts = answer.three_way(groups, seed)
    require(
        isinstance(parts, list | tuple) and len(parts) == 3,
        "three_way must return three arrays: train, validation, test.",
    )
    for name, part in zip(("train", "validation", "test"), parts, strict=True):
        good = isinstance(part, np.ndarray) and part.ndim == 1 and part.dtype.kind in "iu"
        require(good, f"{name} must be an array of row numbers.")
        require(len(part) == 0 or (part.min() >= 0 and part.max() < 120), f"{name} names rows that there are not.")
    rows = np.concatenate(parts)
    require(len(np.unique(rows)) == len(rows), "a row is in two parts.")
    require(len(rows) == 120, f"{120 - len(rows)} of 120 rows are in no part.")
    sides = [set(groups[part].tolist()) for part in parts]
    shared = len(sides[0] & sides[1]) + len(sides[0] & sides[2]) + len(sides[1] & sides[2])
    require(
        shared == 0,
        f"{shared} groups are in two parts: what is learnt of one review of a film helps with the next.",
        "rows were dealt, not groups",
    )
    expect(
        [len(part) for part in parts],
        [72, 24, 24],
        "number of training rows, number of validation rows, number of test rows",
        tolerance=0,
    )
    again, other = answer.three_way(groups, seed), answer.three_way(groups, seed + 1)
    require(
        all(np.array_equal(a, b) for a, b in zip(parts, again, strict=False)),
        "the same seed gave another split: nobody could repeat your number.",
    )
    require(
        any(set(np.ravel(a).tolist()) != set(np.ravel(b).tolist()) for a, b in zip(parts, other, strict=False)),
        "two seeds gave the same split.",
    )


def scored(draw, N: int):
    """Labels and probabilities at which 0.5 is a bad threshold."""
    y = (draw.uniform(0, 1, N) < 0.4).astype(int)
    y[:2] = [0, 1]
    return y, 1 / (1 + np.exp(-(1.6 * y - 2.2 + draw.normal(N))))


@E21_5.case("the threshold with the best F1", hint="np.unique(p) has all thresholds that can matter.")
def _(answer, draw):
    y, p = scored(draw, 80)
    found = answer.choose_threshold(y, p)
    require(_bit(found) and np.isfinite(found), "choose_threshold must return one number.")
    _, most = best_f1(y, p)
    got = f1(y, p >= float(found))
    accuracy = [np.mean((p >= t) == y) for t in np.unique(p)]
    slips = {
        "this is the usual 0.5": found == 0.5,
        "this is the best F1 itself; the threshold at which it is reached is due": np.isclose(float(found), most),
        "this threshold has the best accuracy": np.isclose(float(found), np.unique(p)[int(np.argmax(accuracy))]),
        "p > threshold was tried; p >= threshold is asked for": np.isclose(f1(y, p > float(found)), most),
    }
    named = next((sentence for sentence, holds in slips.items() if holds), "")
    require(
        got >= most - 1e-9,
        f"at your threshold {float(found):.4f} F1 is {got:.4f}; at another, {most:.4f} can be had on the same data.",
        named,
    )


@E21_5.case(
    "chosen on validation, reported on test",
    hint="choose_threshold(y_val, p_val), then F1 of p_test at that threshold.",
)
def _(answer, draw):
    y_val, p_val = scored(draw, 60)
    y_test, p_test = scored(draw, 70)
    p_test = p_test**0.6  # so that another threshold is best there
    threshold, reported = _pair(answer.honest_f1(y_val, p_val, y_test, p_test))
    _, most = best_f1(y_val, p_val)
    own, best = best_f1(y_test, p_test)
    require(
        f1(y_val, p_val >= threshold) >= most - 1e-9,
        f"the threshold {threshold:.4f} is not the best on the validation data.",
        "it is the best on the test data" if np.isclose(threshold, own) else "",
    )
    known = {
        "this is the F1 on the validation data, which chose the threshold": most,
        "this is the best F1 that any threshold reaches on the test data": best,
        "this is F1 at the threshold 0.5": f1(y_test, p_test >= 0.5),
    }
    expect(reported, f1(y_test, p_test >= threshold), "the reported F1", tolerance=1e-9, known=known)
    again, _ = _pair(answer.honest_f1(y_val, p_val, 1 - y_test, p_test))
    require(again == threshold, "with other test labels came another threshold: the test data were read to choose it.")


def _pair(found) -> tuple[float, float]:
    good = isinstance(found, list | tuple) and len(found) == 2 and all(_bit(v) and np.isfinite(v) for v in found)
    require(good, "honest_f1 must return two numbers: threshold, F1 on the test data.")
    return float(found[0]), float(found[1])


@E21_5.case(
    "what leaks in the program of D2.20", hint="The weights never see X_test. Who looks at it, after every epoch?"
)
def _(answer, draw):
    expect(
        one_of(answer["what_leaks"], "abcd", "what_leaks"),
        "b",
        "what_leaks",
        known={
            "validation_data is never trained on; fit only reports on it": "a",
            "batch_size = 64 in evaluate changes the speed, and no prediction": "c",
            "it does leak, by way of whoever reads the seven numbers and chooses": "d",
        },
        reveal=False,
    )
