"""Notebook 18, the folds: expanding window, and the next one left out."""

import numpy as np

from course_kit.checking import Exercise, expect, require

E18_1 = Exercise(
    "E18.1",
    "Rolling origin",
    slides=("D4.48",),
    names=("rolling_origin", "how_many"),
    hints=(
        "Write down by hand the folds of n = 8, initial = 3, horizon = 2, step = 1, gap = 0: where does the last one "
        "begin?",
        "Origins are range(initial, n - gap - horizon + 1, step); train is list(range(origin)), test is "
        "list(range(origin + gap, origin + gap + horizon)). The count is (n - gap - horizon - initial) // step + 1, "
        "and 0 where that is negative.",
    ),
)


def folds(n: int, initial: int, horizon: int, step: int, gap: int, window: int | None = None) -> list:
    """Fold by fold: the origin moves as long as the whole test lies within the series."""
    found, origin = [], initial
    while origin + gap + horizon <= n:
        start = 0 if window is None else origin - window
        found.append((list(range(start, origin)), list(range(origin + gap, origin + gap + horizon))))
        origin += step
    return found


def expect_folds(obtained, expected: list, gap: int, known: dict[str, list] | None = None) -> None:
    """Raise unless these are the folds; what has no order or lets the future in is told first."""
    require(
        isinstance(obtained, list | tuple) and all(isinstance(f, list | tuple) and len(f) == 2 for f in obtained),
        "a list of pairs (train, test) is due, each of the two a list of whole numbers.",
    )
    obtained = [tuple(_indices(part, k, name) for part, name in zip(f, ("train", "test"), strict=True))
                for k, f in enumerate(obtained)]  # fmt: skip
    for sentence, wrong in (known or {}).items():
        if wrong != expected and obtained == wrong:
            require(False, f"there are {len(expected)} folds, and they are others.", known=sentence)
    for k, (train, test) in enumerate(obtained):
        require(train and test, f"fold {k} has an empty {'test' if train else 'training'} part.")
        require(
            max(train) + gap < min(test),
            f"fold {k} trains on observation {max(train)} and tests on {min(test)}, with a gap of {gap} due: training "
            "must end before the gap, and the gap before the test.",
        )
    require(
        len(obtained) == len(expected),
        f"{len(obtained)} folds came back, and {len(expected)} are due."
        + (f" The last one due tests {expected[-1][1]}." if expected else ""),
    )
    for k, (mine, due) in enumerate(zip(obtained, expected, strict=True)):
        for name, o, e in zip(("train", "test"), mine, due, strict=True):
            expect(np.array(o), np.array(e), f"{name} of fold {k}", tolerance=0)


def _indices(part, k: int, name: str) -> list[int]:
    array = np.array(part) if isinstance(part, list | tuple) and all(type(i) is int for i in part) else part
    require(
        isinstance(array, np.ndarray) and array.ndim == 1 and (array.dtype.kind in "iu" or array.size == 0),
        f"{name} of fold {k} must be a list of whole numbers, such as list(range(3)).",
    )
    return [int(i) for i in array]


@E18_1.case("the folds")
def _(answer, draw):
    initial, horizon, gap = draw.integer(3, 6), draw.integer(2, 4), draw.integer(1, 3)
    step = draw.integer(2, 4)
    n = initial + gap + horizon + 4 * step + 1 + draw.integer(0, step - 2 if step > 2 else 0)
    due = folds(n, initial, horizon, step, gap)
    expect_folds(
        answer.rolling_origin(n, initial, horizon, step, gap),
        due,
        gap,
        known={
            "the window slides; on D4.48 it expands from the first observation": folds(
                n, initial, horizon, step, gap, window=initial
            ),
            "the step is always 1": folds(n, initial, horizon, 1, gap),
            "the gap was left out": folds(n, initial, horizon, step, 0),
            "the gap was cut from the training part; the origin is where training ends, and the gap lies behind it": [
                (list(range(o - gap)), list(range(o, o + horizon))) for o in range(initial, n - horizon + 1, step)
            ],
            "tests of one observation came; the horizon is their length": folds(n, initial, 1, step, gap),
            "the last test is cut off by the end of the series; only whole tests are comparable": [
                (list(range(o)), list(range(o + gap, min(n, o + gap + horizon)))) for o in range(initial, n - gap, step)
            ],
        },
    )


@E18_1.case("the test that ends with the series", hint="range stops before its second number: count to n + 1.")
def _(answer, draw):
    initial, horizon, gap, step = draw.integer(3, 6), draw.integer(1, 4), draw.integer(0, 2), draw.integer(1, 3)
    n = initial + gap + horizon + 3 * step  # the fourth fold just fits
    expect_folds(answer.rolling_origin(n, initial, horizon, step, gap), folds(n, initial, horizon, step, gap), gap)


@E18_1.case("a series that is too short")
def _(answer, draw):
    initial, horizon, gap = draw.integer(4, 6), draw.integer(2, 4), draw.integer(1, 2)
    n = initial + gap + horizon - 1
    found = answer.rolling_origin(n, initial, horizon, 1, gap)
    require(isinstance(found, list | tuple), "a list is due, also where there is no fold: an empty one.")
    expect(len(found), 0, "the number of folds of a series that is one too short")
    expect(answer.how_many(n - 9, initial, horizon, 1, gap), 0, "how_many for a series that is much too short")


@E18_1.case("how many", hint="Divide the room that is left after the first fold by the step, and count the first one.")
def _(answer, draw):
    for _k in range(4):
        initial, horizon, gap, step = draw.integer(3, 9), draw.integer(1, 5), draw.integer(0, 3), draw.integer(1, 6)
        n = initial + gap + horizon + draw.integer(0, 40)
        due = len(folds(n, initial, horizon, step, gap))
        expect(
            answer.how_many(n, initial, horizon, step, gap),
            due,
            f"how_many({n}, {initial}, {horizon}, {step}, {gap})",
            known={"the first fold was not counted": due - 1, "one too many": due + 1},
        )


E18_2 = Exercise(
    "E18.2",
    "Leave the next one out",
    slides=("D4.49", "D4.50"),
    names=("next_one_out", "honest_folds"),
    hints=(
        "It is the rolling origin with horizon 1 and step 1; only the training part has lost its tail.",
        "[(list(range(o - window, o)), [o]) for o in range(window, n)]. And of the usual leave-one-out: which single "
        "observation has no later one that could be in its training part?",
    ),
)


@E18_2.case("a window that slides")
def _(answer, draw):
    n, window = draw.integer(9, 14), draw.integer(3, 5)
    due = folds(n, window, 1, 1, 0, window)
    expect_folds(
        answer.next_one_out(n, window),
        due,
        0,
        known={
            "the window expands; here it keeps its length": folds(n, window, 1, 1, 0),
            "the last observation is never tested": due[:-1],
            "the windows do not overlap; the origin moves by one": folds(n, window, 1, window, 0, window),
            "the usual leave-one-out trains on the future": [([i for i in range(n) if i != k], [k]) for k in range(n)],
            "the window shrank while the series began: the first origin is the first full window": [
                (list(range(max(0, o - window), o)), [o]) for o in range(1, n)
            ],
        },
    )


@E18_2.case("one observation more than the window")
def _(answer, draw):
    window = draw.integer(3, 8)
    expect_folds(answer.next_one_out(window + 1, window), [(list(range(window)), [window])], 0)


@E18_2.case("how many folds of the usual one are honest", hint="Fold k trains on all observations but k.")
def _(answer, draw):
    expect(
        answer["honest_folds"],
        1,
        "honest_folds",
        reveal=False,
        known={
            "0: in one fold there is no later observation to train on": 0,
            "100: each fold but one trains on observations that come after the one it tests": 100,
            "99: it is the other way round": 99,
            "50: the future of an observation need not be half of the series to spoil its fold": 50,
        },
    )
