"""Notebook 18, the errors: one for each horizon, and two forecasters whose ranking turns with it."""

import numpy as np

from course_kit.checking import Exercise, expect, require
from course_kit.exercises.closed import one_of

E18_3 = Exercise(
    "E18.3",
    "One error per horizon",
    slides=("D4.49", "D4.50"),
    names=("horizon_errors", "mae_by_horizon", "disjoint_origins"),
    hints=(
        "o observations are known at the origin o, so the next one is y[o]: horizon 1 stands at index o, horizon h at "
        "o + h - 1.",
        "np.array([np.abs(y[o : o + H] - row) for o, row in zip(origins, forecasts)]); then .mean(axis=0); and "
        "list(range(first, n - horizon + 1, horizon)).",
    ),
)


def absolute(y, origins, forecasts) -> np.ndarray:
    """|actual - forecast| of every origin and horizon, entry by entry."""
    errors = np.empty(np.shape(forecasts))
    for k, o in enumerate(origins):
        for h in range(1, errors.shape[1] + 1):
            errors[k, h - 1] = abs(y[o + h - 1] - forecasts[k, h - 1])
    return errors


@E18_3.case("errors of each origin and horizon")
def _(answer, draw):
    R, H = draw.sizes(2, 3, 6)
    origins = [8 + 3 * k for k in range(R)]
    y, forecasts = draw.normal(origins[-1] + H + 2), draw.normal(R, H)
    moved = [o - 1 for o in origins], [o + 1 for o in origins]
    ahead = np.array([y[o : o + H] for o in origins])
    expect(
        answer.horizon_errors(y, origins, forecasts),
        absolute(y, origins, forecasts),
        "errors",
        known={
            "the sign was kept; errors of both signs would cancel in the mean": ahead - forecasts,
            "the sign was kept, and turned: errors would cancel in the mean": forecasts - ahead,
            "the errors were squared; a mean absolute error is asked for": (ahead - forecasts) ** 2,
            "y[o - 1] was taken for horizon 1; it is known at the origin": absolute(y, moved[0], forecasts),
            "y[o + h] was taken for horizon h: one step too far, as indices count from 0": absolute(
                y, moved[1], forecasts
            ),
        },
    )


@E18_3.case("a mean for each horizon", hint="Rows are origins, columns horizons: average over the rows, axis=0.")
def _(answer, draw):
    R, H = draw.sizes(2, 3, 6)
    errors = np.abs(draw.normal(R, H))
    expect(
        answer.mae_by_horizon(errors),
        errors.mean(axis=0),
        "MAE",
        known={
            "all horizons were put into one number, which the slide forbids": errors.mean(),
            "that is one number for each origin; average over the origins": errors.mean(axis=1),
            "the sum came back; divide by the number of origins": errors.sum(axis=0),
            "that is the median": np.median(errors, axis=0),
        },
    )


@E18_3.case(
    "no target is used twice", hint="Tests overlap unless the next origin is at least a whole horizon further on."
)
def _(answer, draw):
    first, H = draw.integer(5, 9), draw.integer(2, 5)
    n = first + 4 * H + draw.integer(0, H - 1)
    found = answer.disjoint_origins(n, first, H)
    require(
        isinstance(found, list | tuple | np.ndarray),
        "disjoint_origins must return a list of whole numbers.",
    )
    targets = [int(o) + k for o in np.ravel(np.asarray(found, dtype=float)) for k in range(H)]
    require(
        not targets or max(targets) < n,
        f"the last origin needs observation {max(targets, default=0)}, and the series of {n} ends at {n - 1}.",
    )
    twice = sorted({t for t in targets if targets.count(t) > 1})
    require(
        not twice, f"observation {twice[0] if twice else ''} is a target of two origins: step by the whole horizon."
    )
    expect(np.asarray(found), np.arange(first, n - H + 1, H), "origins", tolerance=0)


E18_4 = Exercise(
    "E18.4",
    "Good for a week, bad for a month",
    slides=("D4.50",),
    names=("naive", "historical_mean", "mae_table", "flips_at", "chosen_by_one_number"),
    hints=(
        "mae_table calls the two forecasters with the history y[:o] and puts their errors through E18.3's functions; "
        "for flips_at the error of naive at horizon h is that of the mean times 2 |sin(pi h / P)|.",
        "naive: np.full(horizon, history[-1]). historical_mean: np.full(horizon, history.mean()). 2 sin(pi h / P) "
        "exceeds 1 from h = P / 6 on: flips_at returns period // 6 + 1. For the last, add up the table of P = 60.",
    ),
)


def table(y, origins, horizon: int, known=len) -> np.ndarray:
    """Mean absolute errors of naive and mean, (2, H), by loops; `known` says how much of the history the mean sees."""
    rows = np.zeros((2, horizon))
    for o in origins:
        last, middle = y[o - 1], np.mean(y[o - known(y[:o]) : o])
        for h in range(1, horizon + 1):
            rows[0, h - 1] += abs(y[o + h - 1] - last) / len(origins)
            rows[1, h - 1] += abs(y[o + h - 1] - middle) / len(origins)
    return rows


@E18_4.case("the two forecasters")
def _(answer, draw):
    (n, H) = draw.sizes(2, 4, 8)
    history = draw.normal(n) + 3.0
    expect(
        answer.naive(history, H),
        np.full(H, history[-1]),
        "naive",
        known={
            "that is the first value; the last one is the newest": np.full(H, history[0]),
            "the last H values came; naive repeats one": history[-H:] if n >= H else np.zeros(1),
        },
    )
    expect(
        answer.historical_mean(history, H),
        np.full(H, history.mean()),
        "historical_mean",
        known={"the mean of the last H values came; the whole history is due": np.full(H, history[-H:].mean())},
    )


@E18_4.case("the table of errors", hint="The history of the origin o is y[:o], all that is known there and no more.")
def _(answer, draw):
    H = draw.integer(3, 6)
    origins = [10 + 4 * k for k in range(5)]
    y = draw.normal(origins[-1] + H + 3).cumsum()
    due = table(y, origins, H)
    everything = np.array([[abs(y[o + h] - y.mean()) for h in range(H)] for o in origins]).mean(axis=0)
    expect(
        answer.mae_table(y, origins, H),
        due,
        "MAE",
        tolerance=1e-9,
        known={
            "the rows are exchanged: naive comes first": due[::-1],
            "the mean was taken of the whole series: it knows the future": np.stack([due[0], everything]),
        },
    )


@E18_4.case("where the ranking turns", hint="Where does 2 sin(pi h / P) pass 1? sin is 1/2 at pi/6.")
def _(answer, draw):
    for period in (6 * draw.integer(5, 12) + draw.integer(1, 5) for _ in range(3)):
        # By brute force on the wave, over all of its phases.
        t = np.arange(6 * period)
        y = np.cos(2 * np.pi * t / period)
        origins = range(2 * period, 3 * period)
        naive_error, mean_error = table(y, origins, period // 2, known=lambda past, P=period: P)
        due = 1 + int(np.argmax(naive_error > mean_error))
        expect(
            answer.flips_at(period),
            due,
            f"flips_at({period})",
            known={
                "that is the last horizon at which naive is better": due - 1,
                "a quarter of a period: there the wave is at the mean, but naive errs more already before": (
                    period // 4 + 1
                ),
            },
        )


@E18_4.case("chosen by one number")
def _(answer, draw):
    letter = one_of(answer["chosen_by_one_number"], "abc", "chosen_by_one_number")
    expect(
        letter,
        "b",
        "chosen_by_one_number",
        reveal=False,
        known={
            "(a) naive wins nine horizons of thirty; its errors at the others outweigh them": "a",
            "(c) the sums differ: 24.9 for naive against 19.1 for the mean, in units of the wave's height": "c",
        },
    )
