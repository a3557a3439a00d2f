"""Notebook 18, the folds as scikit-learn wants them: a splitter for cross_val_score."""

import numpy as np

from course_kit.checking import Exercise, expect, require
from course_kit.exercises.rolling_folds import expect_folds, folds

E18_7 = Exercise(
    "E18.7",
    "A splitter in scikit-learn's habits",
    slides=("D4.48", "D4.49"),
    names=("RollingSplit",),
    hints=(
        "The constructor only keeps its arguments, split is a generator (yield), and both methods must take y and "
        "groups, which nobody looks at.",
        "In split: n = len(X); for origin in range(first, n - gap - horizon + 1, step): yield np.arange(start, origin) "
        "and np.arange(origin + gap, origin + gap + horizon), with first = initial or window, and start = "
        "max(0, origin - window) where there is a window. get_n_splits: return the number of origins of that range.",
    ),
    limit=30.0,
)


def indices(names, settings, n):
    """Folds of the student's splitter for a table (n, 2), for a list, and the count."""
    import numpy as np

    made = names["RollingSplit"](**settings)
    if made.split(np.zeros((n, 2))) is None or made.get_n_splits(np.zeros((n, 2))) is None:
        return None
    table = [[np.asarray(part) for part in fold] for fold in made.split(np.zeros((n, 2)))]
    again = [[np.asarray(part) for part in fold] for fold in made.split(list(range(n)), list(range(n)), None)]
    return table, again, made.get_n_splits(np.zeros((n, 2)), None, None)


def scores(names, settings, X, y):
    """Mean absolute errors of a ridge regression, as cross_val_score finds them with the student's splitter."""
    from sklearn.linear_model import Ridge
    from sklearn.model_selection import cross_val_score

    splitter = names["RollingSplit"](**settings)
    if splitter.split(X) is None:
        return None
    return -cross_val_score(Ridge(alpha=1.0), X, y, cv=splitter, scoring="neg_mean_absolute_error")


def refused(names, settings, n):
    """What the student's splitter raises for a series of n."""
    import numpy as np

    made = names["RollingSplit"](**settings)
    if made.split(np.zeros((n, 1))) is None:
        return None
    try:
        return f"no error: {len(list(made.split(np.zeros((n, 1)))))} folds"
    except ValueError as error:
        return f"ValueError: {error}"
    except Exception as error:
        return f"{type(error).__name__}: {error}"


def ridge_errors(settings: dict, X: np.ndarray, y: np.ndarray) -> np.ndarray:
    """The same errors by the normal equations, fold by fold."""
    found = []
    for train, test in folds(len(y), **settings):
        middle, aim = X[train].mean(axis=0), y[train].mean()
        H = X[train] - middle
        w = np.linalg.solve(H.T @ H + np.eye(X.shape[1]), H.T @ (y[train] - aim))
        found.append(np.abs(y[test] - aim - (X[test] - middle) @ w).mean())
    return np.array(found)


def dealt(draw) -> tuple[dict, int]:
    settings = {"initial": draw.integer(6, 8), "horizon": draw.integer(2, 3), "step": draw.integer(2, 4)}
    settings["gap"] = draw.integer(1, 2)
    return settings, settings["initial"] + settings["gap"] + settings["horizon"] + 3 * settings["step"] + 1


def _judge(answer, settings: dict, n: int, **known) -> None:
    found = answer.probe(indices, settings, n)
    table, again, count = found
    due = folds(n, **settings)
    expect_folds([tuple(f) for f in table], due, settings["gap"], **known)
    expect_folds([tuple(f) for f in again], due, settings["gap"])
    expect(count, len(due), "get_n_splits")


@E18_7.case("an expanding window")
def _(answer, draw):
    settings, n = dealt(draw)
    _judge(
        answer,
        settings,
        n,
        known={
            "the gap was left out": folds(n, **{**settings, "gap": 0}),
            "the step is always 1": folds(n, **{**settings, "step": 1}),
        },
    )


@E18_7.case("a sliding window", hint="With a window training begins at max(0, origin - window).")
def _(answer, draw):
    settings, n = dealt(draw)
    settings["window"] = settings["initial"] - 2
    expanding = folds(n, **{**settings, "window": None})
    _judge(answer, settings, n, known={"the window was not looked at: training expands": expanding})


@E18_7.case("a window larger than the past", hint="At the start the past may be shorter than the window: max(0, ...).")
def _(answer, draw):
    settings, n = dealt(draw)
    table, _, _ = answer.probe(indices, {**settings, "window": n}, n)
    expect_folds([tuple(f) for f in table], folds(n, **settings), settings["gap"])


@E18_7.case("in cross_val_score", hint="cross_val_score calls split(X, y, groups) and get_n_splits(X, y, groups).")
def _(answer, draw):
    settings, n = dealt(draw)
    X, y = draw.normal(n, 3), draw.normal(n)
    expect(answer.probe(scores, settings, X, y), ridge_errors(settings, X, y), "scores", tolerance=1e-9)


@E18_7.case("a series that is too short", hint="raise ValueError(...) before the first fold if there is none.")
def _(answer, draw):
    settings, _ = dealt(draw)
    n = settings["initial"] + settings["gap"] + settings["horizon"] - 1
    said = answer.probe(refused, settings, n)
    require(
        isinstance(said, str) and said.startswith("ValueError"),
        f"a series of {n}, one too short for a fold, must be refused with a ValueError. Got {said}.",
        known="no fold came and nobody was told: a mean over no score would be NaN" if "0 folds" in str(said) else "",
    )
    require(
        str(n) in said,
        f"the message must say how many observations came, here {n}, so that its reader knows what is missing. "
        f"Got {said[:200]!r}.",
    )
