"""Notebook 18, three ways in which the future gets into a fold: the scaler, the windows, the choice of the model."""

import numpy as np

from course_kit.checking import Exercise, expect, require

E18_5 = Exercise(
    "E18.5",
    "Scaler leak",
    slides=("D4.50",),
    names=("fold_scaling", "mean_scores"),
    hints=(
        "Mean and standard deviation are parameters like any other: they are learned, from y[train] alone.",
        "mean, std = y[train].mean(), y[train].std() or 1.0; scaled = (y[train] - mean) / std, (y[test] - mean) / std. "
        "A forecast of 0 in scaled units is the mean in units of y, so the errors are |y[test] - mean|.",
    ),
)


def dealt_folds(draw, count: int = 4) -> tuple[np.ndarray, list]:
    """A series that climbs, and folds of unequal training parts."""
    horizon, initial = draw.integer(2, 4), draw.integer(6, 9)
    folds = [(np.arange(initial + 5 * k), initial + 5 * k + np.arange(horizon)) for k in range(count)]
    y = 0.4 * np.arange(folds[-1][1][-1] + 6) + draw.normal(folds[-1][1][-1] + 6)
    return y, folds


@E18_5.case("statistics of the fold")
def _(answer, draw):
    y, folds = dealt_folds(draw)
    train, test = folds[1]

    def scaled(mean, std):
        return (y[train] - mean) / std, (y[test] - mean) / std, mean, std

    seen, both = y[train], y[np.concatenate([train, test])]
    expect(
        answer.fold_scaling(y, train, test),
        scaled(float(seen.mean()), float(seen.std())),
        "train, test, mean, std",
        known={
            "the scaler was fitted on the whole series: it knows the future": scaled(float(y.mean()), float(y.std())),
            "the scaler has seen the test": scaled(float(both.mean()), float(both.std())),
            "the test was scaled by its own mean and deviation": (
                (seen - seen.mean()) / seen.std(),
                (y[test] - y[test].mean()) / y[test].std(),
                float(seen.mean()),
                float(seen.std()),
            ),
            "std divides by n - 1; the plain one (n) is due": scaled(float(seen.mean()), float(seen.std(ddof=1))),
            "the variance stands where its root is due": scaled(float(seen.mean()), float(seen.var())),
        },
    )


@E18_5.case("a window that slides", hint="Use the indices that you are given: training need not begin at 0.")
def _(answer, draw):
    y, folds = dealt_folds(draw)
    train, test = folds[2][0][4:], folds[2][1]
    mean, std = float(y[train].mean()), float(y[train].std())
    expect(
        answer.fold_scaling(y, train, test),
        ((y[train] - mean) / std, (y[test] - mean) / std, mean, std),
        "train, test, mean, std",
    )


@E18_5.case("a constant past", hint="Where the past is constant std is 0: take 1 in its place.")
def _(answer, draw):
    level = draw.integer(2, 9)
    y = np.array([float(level)] * 8 + [level + 1.0, level + 3.0])
    expect(
        answer.fold_scaling(y, np.arange(8), np.arange(8, 10)),
        (np.zeros(8), np.array([1.0, 3.0]), float(level), 1.0),
        "train, test, mean, std",
    )


@E18_5.case("what the leak is worth", hint="0 in scaled units is the mean: of each fold's past, and of the whole y.")
def _(answer, draw):
    y, folds = dealt_folds(draw)
    clean = float(np.mean([np.abs(y[test] - y[train].mean()).mean() for train, test in folds]))
    leaked = float(np.mean([np.abs(y[test] - y.mean()).mean() for _, test in folds]))
    in_units = float(np.mean([np.abs(y[test] - y[train].mean()).mean() / y[train].std() for train, test in folds]))
    expect(
        answer.mean_scores(y, folds),
        (clean, leaked),
        "clean, leaked",
        known={
            "the two are exchanged: clean comes first": (leaked, clean),
            "the errors are in scaled units, each fold in another; take them back into units of y": (
                in_units,
                leaked / float(y.std()),
            ),
            "both are clean": (clean, clean),
            "both are leaked": (leaked, leaked),
        },
    )


E18_8 = Exercise(
    "E18.8",
    "Windows that reach over the border",
    slides=("D4.50",),
    names=("table_of_windows", "needed_gap", "leaking_rows"),
    hints=(
        "Row r is made at the moment when y[r + window - 1] is the newest value. Which rows have all their targets by "
        "then?",
        "X[r] = y[r : r + window], Y[r] = y[r + window : r + window + horizon], N = n - window - horizon + 1. A row t "
        "leaks into the test row r if t + horizon > r: sorted(t for t in train if t + horizon > min(test)). The gap "
        "is horizon - 1.",
    ),
)


def rows_of(y, window: int, horizon: int) -> tuple[np.ndarray, np.ndarray]:
    N = len(y) - window - horizon + 1
    X = np.array([[y[r + k] for k in range(window)] for r in range(N)])
    Y = np.array([[y[r + window + k] for k in range(horizon)] for r in range(N)])
    return X, Y


@E18_8.case("the table")
def _(answer, draw):
    window, horizon = draw.sizes(2, 2, 6)
    y = draw.normal(window + horizon + draw.integer(5, 9))
    X, Y = rows_of(y, window, horizon)
    expect(
        answer.table_of_windows(y, window, horizon),
        (X, Y),
        "X, Y",
        known={
            "the last row is missing: there are n - window - horizon + 1": (X[:-1], Y[:-1]),
            "the two are exchanged: X first": (Y, X),
            "the windows run backwards; the newest value stands last": (X[:, ::-1], Y),
            "the first target is still in the window": (X, np.array([y[r : r + horizon] for r in
                                                                    range(window - 1, window - 1 + len(X))])),
        },
    )  # fmt: skip


@E18_8.case("rows that leak", hint="A training row leaks if its last target is later than the test row's last input.")
def _(answer, draw):
    window, horizon = draw.integer(3, 6), draw.integer(3, 6)
    first = draw.integer(20, 25)
    train, test = np.arange(4, first - 1), np.arange(first, first + 3)
    found = answer.leaking_rows(train, test, window, horizon)
    # Row t has values up to index t + window + horizon - 1; at the test row r = first, r + window - 1 is the newest.
    newest = first + window - 1
    due = [t for t in train.tolist() if max(range(t, t + window + horizon)) > newest]
    over = [t for t in train.tolist() if t + window + horizon > first]
    require(isinstance(found, list | tuple | np.ndarray), "leaking_rows must return a list of row numbers.")
    named = [int(t) for t in np.ravel(np.asarray(found, dtype=float))]
    known = ""
    if named == over and over != due:
        known = (
            "windows that share values with the test row's inputs are no leak: those values are known at its origin. "
            "What must not be known are values after it"
        )
    if named == [t for t in train.tolist() if t + horizon >= first]:
        known = "one too many: a row whose last target is the newest known value is honest"
    require(named == due, f"rows {named} came, for train up to {first - 2} and test from {first}. It differs.", known)


@E18_8.case("the gap that is needed", hint="How far apart must train's last row and the first test row be?")
def _(answer, draw):
    for _k in range(3):
        window, horizon = draw.sizes(2, 2, 12)
        # The smallest gap at which no training row has a value that is not known yet, by trying.
        first = 40
        gap = next(
            g for g in range(60) if all(t + horizon + window - 1 <= first + window - 1 for t in range(first - g))
        )
        expect(
            answer.needed_gap(window, horizon),
            gap,
            f"needed_gap({window}, {horizon})",
            known={
                "one too many: with horizon 1 no gap is needed": horizon,
                "that would be needed if the inputs must not overlap either; inputs are known": window + horizon - 1,
                "the window does no harm; the targets do": window,
                "that is the window less one; the targets do the harm": window - 1,
                "no gap lets the last training rows tell what the test asks": 0,
            },
        )


E18_9 = Exercise(
    "E18.9",
    "Chosen on the test",
    slides=("D4.50",),
    names=("chosen_before", "chosen_after"),
    hints=(
        "At origin k only the errors of the origins before it are known: the columns :k.",
        "choices = [int(E[:, :k].mean(axis=1).argmin()) for k in range(1, R)]; the score is the mean of E[choice, k]. "
        "Afterwards: means = E[:, 1:].mean(axis=1); return int(means.argmin()), means.min().",
    ),
)


def before(E: np.ndarray) -> tuple[np.ndarray, float]:
    choices, scores = [], []
    for k in range(1, E.shape[1]):
        past = [sum(row[:k]) for row in E.tolist()]
        choices.append(past.index(min(past)))
        scores.append(E[choices[-1], k])
    return np.array(choices), float(np.mean(scores))


@E18_9.case("chosen on earlier origins")
def _(answer, draw):
    M, R = draw.sizes(2, 4, 9)
    E = np.abs(draw.normal(M, R))
    choices, score = before(E)
    late = np.array([int(E[:, : k + 1].mean(axis=1).argmin()) for k in range(1, R)])
    last = np.array([int(E[:, k - 1].argmin()) for k in range(1, R)])
    best = np.full(R - 1, E[:, 1:].mean(axis=1).argmin())

    def scored(chosen):
        return chosen, float(np.mean([E[c, k + 1] for k, c in enumerate(chosen)]))

    found = answer.chosen_before(E)
    if isinstance(found, list | tuple) and len(found) == 2 and isinstance(found[0], list):
        found = (np.asarray(found[0]), found[1])
    expect(
        found,
        (choices, score),
        "choices, score",
        known={
            "the error of the origin itself took part in the choice": scored(late),
            "only the origin just before was looked at; take the mean of all earlier ones": scored(last),
            "one model was chosen, on all origins, for all origins": scored(best),
        },
    )


@E18_9.case(
    "chosen on the test origins", hint="The same origins 1 ... R - 1 as before, so that the two can be compared."
)
def _(answer, draw):
    M, R = draw.sizes(2, 4, 9)
    E = np.abs(draw.normal(M, R))
    means = E[:, 1:].mean(axis=1)
    all_of_it = E.mean(axis=1)
    expect(
        answer.chosen_after(E),
        (int(means.argmin()), float(means.min())),
        "choice, score",
        known={
            "origin 0 counts in one and not in the other; leave it out in both": (
                int(all_of_it.argmin()),
                float(all_of_it.min()),
            ),
            "the best model of each origin was taken; one model for all origins is due": (
                int(means.argmin()),
                float(E[:, 1:].min(axis=0).mean()),
            ),
        },
    )


@E18_9.case("one model alone")
def _(answer, draw):
    E = np.abs(draw.normal(1, 6))
    found = answer.chosen_before(E)
    require(isinstance(found, list | tuple) and len(found) == 2, "chosen_before must return choices and a score.")
    expect(found[1], float(E[0, 1:].mean()), "score of the only model")
    expect(answer.chosen_after(E), (0, float(E[0, 1:].mean())), "choice, score of the only model")
