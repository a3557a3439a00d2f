"""Notebook 18, a network in the loop: what may be asked of a forecast whatever training makes of it."""

import numpy as np

from course_kit.checking import Exercise, expect, require

E18_6 = Exercise(
    "E18.6",
    "RNN in the loop",
    slides=("D4.50",),
    names=("rolling_gru",),
    hints=(
        "For each origin: take past = y[:o], scale it by its own mean and deviation, make the table of windows, build, "
        "fit, predict from the last window, and scale back.",
        "Inside the loop: mean, std = past.mean(), past.std(); X, Y = table_of_windows((past - mean) / std, window, "
        "max(horizons)); model = small_gru(window, max(horizons), seed + k); model.fit(X[..., None], Y, epochs=epochs, "
        "shuffle=False, verbose=0); then mean + std * model(last[None, :, None]), of which the columns h - 1 are kept.",
    ),
    limit=90.0,
)

SETTINGS = {"origins": [34, 37, 40], "horizons": [1, 2, 4], "window": 4}


def series(draw) -> np.ndarray:
    """48 values with a wave in them; the last origin is 40."""
    return 20.0 + 5.0 * np.sin(np.arange(48) / 2.5) + draw.normal(48)


def run(answer, y: np.ndarray, seed: int, epochs: int = 1) -> dict:
    """The student's dictionary, with its parts looked at for kind and shape."""
    s = SETTINGS
    found = answer.rolling_gru(y, s["origins"], s["horizons"], s["window"], seed, epochs)
    require(isinstance(found, dict), "a dictionary is due, with the entries forecasts, naive and seeds.")
    lacking = sorted({"forecasts", "naive", "seeds"} - set(found))
    require(not lacking, f"the dictionary lacks {', '.join(lacking)}.")
    forecasts = found["forecasts"]
    shape = (len(s["origins"]), len(s["horizons"]))
    require(isinstance(forecasts, np.ndarray) and forecasts.dtype.kind == "f", "forecasts must be an array of numbers.")
    known = "a column for each step up to the largest horizon came; keep those asked for" if (
        forecasts.ndim == 2 and forecasts.shape[1] == max(s["horizons"])) else ""  # fmt: skip
    require(
        forecasts.shape == shape,
        f"forecasts has shape {forecasts.shape}, and {shape} is due: a row for each origin, a column for each horizon.",
        known,
    )
    require(bool(np.isfinite(forecasts).all()), "forecasts holds NaN or infinity.")
    return found


@E18_6.case(
    "the table, the naive forecast, the seeds, the training",
    hint="A row for each origin, a column for each horizon; y[o - 1] is the last known value; seed + k is the seed.",
)
def _(answer, draw):
    y, seed = series(draw), draw.integer(1, 99)
    found = run(answer, y, seed)
    o, count = np.array(SETTINGS["origins"]), len(SETTINGS["horizons"])
    expect(
        found["naive"],
        np.repeat(y[o - 1][:, None], count, axis=1),
        "naive",
        tolerance=1e-9,
        known={"y[o] is the first value that is not known at the origin o": np.repeat(y[o][:, None], count, axis=1)},
    )
    seeds = np.asarray(found["seeds"], dtype=float) if isinstance(found["seeds"], list | tuple) else found["seeds"]
    expect(seeds, seed + np.arange(3.0), "seeds", known={"the same seed for each origin": np.full(3, float(seed))})
    longer = run(answer, y, seed, epochs=4)["forecasts"]
    require(
        bool(np.abs(found["forecasts"] - longer).max() > 1e-3),
        "four epochs gave the same forecasts as one: nothing was trained, or epochs is not handed on.",
    )


@E18_6.case(
    "no origin sees what comes after it", hint="All that is fitted, the scaler too, sees y[:o] alone; then scale back."
)
def _(answer, draw):
    y, seed = series(draw), draw.integer(1, 99)
    changed = y.copy()
    changed[37:] = 300.0 - 4.0 * y[37:]  # the future of the origins 34 and 37, the past of 40
    one, two, other_units = (run(answer, s, seed)["forecasts"] for s in (y, changed, 10.0 * y + 1000.0))
    moved = np.abs(one - two).max(axis=1)
    require(
        bool(moved[:2].max() < 1e-2),
        f"the forecast from origin {34 if moved[0] > 1e-2 else 37} changed by {moved[:2].max():.3g} when only values "
        "from y[37] on were changed: it has seen the future, or it is not the same from the same seed.",
    )
    require(
        bool(moved[2] > 1e-2),
        "the forecast from origin 40 did not change when the three values before it did: does the last window end "
        "with y[o - 1], and is there a new fit at each origin?",
    )
    off = float(np.abs(other_units - (10.0 * one + 1000.0)).max())
    require(
        off < 0.5,
        f"for 10 y + 1000 the forecasts must be ten times as large plus 1000; they are off by {off:.4g}.",
        known="the forecasts are still in scaled units" if np.abs(one - other_units).max() < 1e-2 else "",
    )
