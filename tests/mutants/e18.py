"""Wrong answers to notebook 18: folds, splitter, errors."""

from tests.mutants import Mutant
from tests.mutants.leaks18 import GRU, LEAKS


def folds(
    train="range(o)",
    test="range(o + gap, o + gap + horizon)",
    end="n - gap - horizon + 1",
    step="step",
    item="(list({train}), list({test}))",
):
    pair = item.format(train=train, test=test)
    origins = f"range(initial, {end}, {step})"
    return f"def rolling_origin(n, initial, horizon, step, gap):\n    return [{pair} for o in {origins}]"


def count(formula):
    return f"def how_many(n, initial, horizon, step, gap):\n    return {formula}"


def one_out(train="range(o - window, o)", test="[o]", origins="range(window, n)"):
    return f"def next_one_out(n, window):\n    return [(list({train}), {test}) for o in {origins}]"


SPLITTER = """
class RollingSplit:
    def __init__(self, initial, horizon=1, step=1, gap=0, window=None):
        self.initial, self.horizon, self.step, self.gap, self.window = initial, horizon, step, gap, window

    def split(self, X{others}):
        n = len(X)
        {guard}
        for o in range(self.initial, n - self.gap - self.horizon + 1, self.step):
            start = {start}
            yield np.arange(start, o), np.arange({test}, {test} + self.horizon)

    def get_n_splits(self, X=None{others}):
        return {count}
"""
GUARD = "if n < self.initial + self.gap + self.horizon: raise ValueError(f'{n} observations are too few')"


def splitter(
    others=", y=None, groups=None",
    guard=GUARD,
    start="0 if self.window is None else max(0, o - self.window)",
    test="o + self.gap",
    count="(len(X) - self.gap - self.horizon - self.initial) // self.step + 1",
):
    return SPLITTER.format(others=others, guard=guard, start=start, test=test, count=count)


def errors(expression):
    return (
        "def horizon_errors(y, origins, forecasts):\n"
        "    H = forecasts.shape[1]\n"
        "    actual = np.array([y[o : o + H] for o in origins])\n"
        f"    return {expression}"
    )


MUTANTS = {
    "E18.1": [
        Mutant("sliding window", folds(train="range(o - initial, o)"), "the window slides"),
        Mutant("step of one", folds(step="1"), "the step is always 1"),
        Mutant("no gap", folds(test="range(o, o + horizon)"), "the gap was left out"),
        Mutant(
            "gap cut from training",
            folds(train="range(o - gap)", test="range(o, o + horizon)", end="n - horizon + 1"),
            "the gap was cut from the training part",
        ),
        Mutant("test cut off", folds(test="range(o + gap, min(n, o + gap + horizon))", end="n - gap"), "is cut off"),
        Mutant("last fold lost", folds(end="n - gap - horizon"), "3 folds came back, and 4 are due"),
        Mutant("one observation too many", folds(train="range(o + gap + 1)"), "training must end before the gap"),
        Mutant("a list of tests", folds(item="list({test})"), "a list of pairs (train, test) is due"),
        Mutant("ranges", folds(item="({train}, {test})"), "must be a list of whole numbers"),
        Mutant("first not counted", count("max(0, (n - gap - horizon - initial) // step)"), "the first fold was not"),
        Mutant("negative count", count("(n - gap - horizon - initial) // step + 1"), "how_many for a series that is"),
    ],
    "E18.2": [
        Mutant("expanding", one_out(train="range(o)"), "the window expands"),
        Mutant("stops early", one_out(origins="range(window, n - 1)"), "the last observation is never tested"),
        Mutant("strides", one_out(origins="range(window, n, window)"), "the windows do not overlap"),
        Mutant(
            "the usual one",
            "def next_one_out(n, window):\n    return [([i for i in range(n) if i != k], [k]) for k in range(n)]",
            "trains on the future",
        ),
        Mutant("starts early", one_out(train="range(max(0, o - window), o)", origins="range(1, n)"), "window shrank"),
        Mutant("tests itself", one_out(train="range(o - window + 1, o + 1)"), "trains on observation"),
        Mutant("all honest", "honest_folds = 100", "each fold but one trains on observations that come after"),
        Mutant("none honest", "honest_folds = 0", "there is no later observation"),
        Mutant("half", "honest_folds = 50", "need not be half"),
    ],
    "E18.3": [
        Mutant("sign kept", errors("actual - forecasts"), "the sign was kept"),
        Mutant("squared", errors("(actual - forecasts) ** 2"), "the errors were squared"),
        Mutant(
            "known value as target",
            errors("np.abs(np.array([y[o - 1 : o - 1 + H] for o in origins]) - forecasts)"),
            "it is known at the origin",
        ),
        Mutant(
            "one step too far",
            errors("np.abs(np.array([y[o + 1 : o + 1 + H] for o in origins]) - forecasts)"),
            "one step too far",
        ),
        Mutant("one number", "def mae_by_horizon(errors):\n    return errors.mean()", "one number"),
        Mutant("each origin", "def mae_by_horizon(errors):\n    return errors.mean(axis=1)", "has shape"),
        Mutant("sum", "def mae_by_horizon(errors):\n    return errors.sum(axis=0)", "divide by the number of origins"),
        Mutant(
            "targets twice",
            "def disjoint_origins(n, first, horizon):\n    return list(range(first, n - horizon + 1))",
            "is a target of two origins",
        ),
        Mutant(
            "over the end",
            "def disjoint_origins(n, first, horizon):\n    return list(range(first, n + 1, horizon))",
            "the series of",
        ),
    ],
    "E18.4": [
        Mutant("first value", "def naive(history, horizon):\n    return np.full(horizon, history[0])", "first value"),
        Mutant(
            "recent mean",
            "def historical_mean(history, horizon):\n    return np.full(horizon, history[-horizon:].mean())",
            "the mean of the last H values came",
        ),
        Mutant(
            "rows exchanged",
            "given = mae_table\ndef mae_table(y, origins, horizon):\n    return given(y, origins, horizon)[::-1]",
            "the rows are exchanged",
        ),
        Mutant(
            "mean of everything",
            "def mae_table(y, origins, horizon):\n"
            "    rows = [np.array([f[:1].repeat(horizon) for f in (naive(y[:o], horizon), np.full(1, y.mean()))])\n"
            "            for o in origins]\n"
            "    return np.mean([np.abs(y[o : o + horizon] - r) for o, r in zip(origins, rows)], axis=0)",
            "it knows the future",
        ),
        Mutant("last good one", "def flips_at(period):\n    return period // 6", "the last horizon at which naive"),
        Mutant("a quarter", "def flips_at(period):\n    return period // 4 + 1", "a quarter of a period"),
        Mutant("naive chosen", "chosen_by_one_number = 'a'", "naive wins nine horizons of thirty"),
        Mutant("equal", "chosen_by_one_number = 'c'", "the sums differ"),
    ],
    "E18.7": [
        Mutant("no window", splitter(start="0"), "training expands"),
        Mutant("no gap", splitter(test="o"), "the gap was left out"),
        Mutant("window reaches back too far", splitter(start="o - (self.window or o)"), "train of fold"),
        Mutant("no room for y", splitter(others=""), "TypeError", state="could not run"),
        Mutant("no refusal", splitter(guard="pass"), "nobody was told"),
        Mutant(
            "refusal without a number",
            splitter(guard="if n < self.initial + self.gap + self.horizon: raise ValueError('too short')"),
            "how many observations came",
        ),
        Mutant(
            "count one short",
            splitter(count="(len(X) - self.gap - self.horizon - self.initial) // self.step"),
            "get_n_splits",
        ),
    ],
    **LEAKS,
    **GRU,
}
