"""Notebook 21, the line that a network has to pass: E21.6, n-grams with logistic regression."""

import numpy as np

from course_kit.checking import Exercise, expect, require
from course_kit.exercises.held_out_labels import LINE_VALIDATION
from course_kit.reference.activations import sigmoid
from course_kit.reference.bag_of_ngrams import bag, fit_logistic, grams

E21_6 = Exercise(
    "E21.6",
    "The baseline to beat",
    slides=("D1.35",),
    names=("ngrams", "bag_of", "fit_logistic", "line_f1"),
    hints=(
        "The objective is convex, so there is one answer whatever the method: gradient descent that is patient, "
        "Newton, or scipy.optimize.minimize with the gradient.",
        "With p = sigmoid(X @ w + b) the gradient is X.T @ (p - y) + lam * w for w and np.sum(p - y) for b: sums over "
        "the reviews, not means. Hand loss and gradient to minimize(..., jac=True, method='L-BFGS-B').",
    ),
    limit=20.0,
)


def small_corpus(draw, N: int = 40, words: int = 6):
    """Sequences of words in twins of the same words; the order of the words 1 and 2 decides."""
    seqs, y = [], []
    for k in range(N):
        rest = [int(w) for w in draw.integers(3, words, draw.integer(2, 5))]
        order = [1, 2] if k % 2 else [2, 1]
        at = draw.integer(0, len(rest))
        seqs.append(rest[:at] + order + rest[at:])
        y.append(k % 2 if draw.uniform(0, 1, 1)[0] < 0.9 else 1 - k % 2)
    return seqs, np.array(y)


@E21_6.case(
    "runs of neighbours", hint="For each n from 1 to longest, seq[k : k + n] for k in range(len(seq) - n + 1); a set."
)
def _(answer, draw):
    seq = [int(w) for w in draw.integers(1, 4, 8)]
    for longest in (1, 2, 3):
        found = answer.ngrams(seq, longest)
        require(isinstance(found, list | tuple), "ngrams must return a list of tuples, each n-gram once.")
        require(
            all(isinstance(g, tuple | list) for g in found),
            "each n-gram must be a tuple of words, a single word too: (7,).",
        )
        rows = [tuple(_word(w) for w in g) for g in found]
        right = grams(seq, longest)
        require(len(rows) == len(set(rows)), "an n-gram that stands twice in a review comes once: a set of them.")
        for sentence, wrong in (
            (
                f"n-grams of exactly {longest} words came; all of 1 to {longest} are due",
                {g for g in right if len(g) == longest},
            ),
            ("the last n-grams are missing: a sequence of T words has T - n + 1 of them", _all_but_last(seq, longest)),
        ):
            require(set(rows) != wrong or wrong == right, f"{len(right)} n-grams are due, {len(rows)} came.", sentence)
        require(set(rows) <= right, f"{sorted(set(rows) - right)[:1]} does not stand in the review side by side.")
        require(
            set(rows) == right,
            f"{len(right)} n-grams are due, {len(rows)} came: {min(right - set(rows), default=())} is missing.",
        )


def _all_but_last(seq, longest: int) -> set:
    return {tuple(seq[k : k + n]) for n in range(1, longest + 1) for k in range(len(seq) - n)}


def _word(w):
    require(isinstance(w, int | np.integer | str), "the parts of an n-gram must be the words of the review.")
    return int(w) if isinstance(w, np.integer) else w


@E21_6.case(
    "the table", hint="A row for each review, a column for each n-gram of columns; what has no column is left out."
)
def _(answer, draw):
    seqs, _ = small_corpus(draw, 12)
    columns = sorted(set().union(*(grams(s, 2) for s in seqs[:6])))
    right = bag(seqs, columns)
    counted = np.array([[_times(seq, g) for g in columns] for seq in seqs], dtype=float)
    known = {"n-grams were counted; here 1 stands for one or more": counted}
    expect(answer.bag_of([list(s) for s in seqs], columns), right, "bag_of(reviews, columns)", tolerance=0, known=known)


def _times(seq, gram) -> int:
    return sum(tuple(seq[k : k + len(gram)]) == gram for k in range(len(seq) - len(gram) + 1))


@E21_6.case("the minimum", hint="Sums over the reviews, lambda / 2 |w|^2, b not penalised; go on until nothing moves.")
def _(answer, draw):
    seqs, y = small_corpus(draw)
    columns = sorted(set().union(*(grams(s, 2) for s in seqs)))
    X, lam = bag(seqs, columns), draw.uniform(0.5, 2.0, 1)[0]
    w, b = fit_logistic(X, y, lam)
    known = {
        "the mean over the reviews was minimised; the sum is asked for": fit_logistic(X, y, lam * len(y)),
        "the penalty is lambda |w|^2; lambda / 2 |w|^2 is asked for": fit_logistic(X, y, 2 * lam),
        "the labels are exchanged": (-w, -b),
        "b is penalised, too": _penalised(X, y, lam),
        "b is missing": _through_zero(X, y, lam),
        "lambda was taken for C = 1 / lambda": fit_logistic(X, y, 1 / lam),
    }
    found = answer.fit_logistic(X, y, lam)
    require(isinstance(found, list | tuple) and len(found) == 2, "fit_logistic must return two: w and b.")
    if isinstance(found[0], np.ndarray) and found[0].shape == w.shape and np.isfinite(found[0]).all():
        stopped = {"it was stopped on the way: go on until the gradient is 0": tuple(found)}
        near = np.linalg.norm(found[0] - w) < 0.7 * np.linalg.norm(w)
        known = {**known, **(stopped if near else {})}
    expect(tuple(found), (w, b), "w, b", tolerance=1e-3, known=known)


def _penalised(X, y, lam):
    wb, _ = _newton(np.column_stack([X, np.ones(len(X))]), y, lam)
    return wb[:-1], float(wb[-1])


def _through_zero(X, y, lam):
    return _newton(X, y, lam)[0], 0.0


def _newton(X, y, lam):
    w = np.zeros(X.shape[1])
    for _ in range(40):
        p = sigmoid(X @ w)
        change = np.linalg.solve((X * (p * (1 - p))[:, None]).T @ X + lam * np.eye(len(w)), X.T @ (p - y) + lam * w)
        w = w - change
    return w, 0.0


@E21_6.case("the line of the shipped corpus", hint="The cell below prints it, when the three functions are right.")
def _(answer, draw):
    expect(
        answer["line_f1"],
        LINE_VALIDATION,
        "line_f1, on the validation reviews of the kit's corpus",
        tolerance=1e-3,
        known={
            "this is what everybody has who calls all reviews positive": 2 / 3,
            "this was given in per cent": 100 * LINE_VALIDATION,
        },
        reveal=False,
    )
