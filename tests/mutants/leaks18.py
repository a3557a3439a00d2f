"""Wrong answers to notebook 18: leaks, and the network in the loop."""

from tests.mutants import Mutant

SCALING = """
def fold_scaling(y, train, test):
    mean, std = {mean}, {std}
    return (y[train] - mean) / std, {test}, mean, std
"""


def scaling(mean="y[train].mean()", std="y[train].std() or 1.0", test="(y[test] - mean) / std"):
    return SCALING.format(mean=mean, std=std, test=test)


def scores(clean="np.abs(y[b] - y[a].mean()).mean()", leaked="np.abs(y[b] - y.mean()).mean()", order="c, d"):
    return (
        "def mean_scores(y, folds):\n"
        f"    c = np.mean([{clean} for a, b in folds])\n"
        f"    d = np.mean([{leaked} for a, b in folds])\n"
        f"    return {order}"
    )


def table(X="rows[:, :window]", Y="rows[:, window:]", last="+ 1"):
    return (
        "def table_of_windows(y, window, horizon):\n"
        f"    rows = np.array([y[r : r + window + horizon] for r in range(len(y) - window - horizon {last})])\n"
        f"    return {X}, {Y}"
    )


def leaking(condition):
    return (
        "def leaking_rows(train, test, window, horizon):\n"
        f"    first = min(test)\n    return [int(t) for t in train if {condition}]"
    )


def gap(formula):
    return f"def needed_gap(window, horizon):\n    return {formula}"


def before(past="E[:, :k].mean(axis=1)", choice="{past}.argmin()"):
    return (
        "def chosen_before(E):\n    R = E.shape[1]\n"
        f"    choices = np.array([{choice.format(past=past)} for k in range(1, R)])\n"
        "    return choices, E[choices, np.arange(1, R)].mean()"
    )


def after(means="E[:, 1:].mean(axis=1)", score="means.min()"):
    return f"def chosen_after(E):\n    means = {means}\n    return int(means.argmin()), {score}"


LEAKS = {
    "E18.5": [
        Mutant("whole series", scaling("y.mean()", "y.std()"), "fitted on the whole series"),
        Mutant("with the test", scaling("y[[*train, *test]].mean()", "y[[*train, *test]].std()"), "has seen the test"),
        Mutant("test by itself", scaling(test="(y[test] - y[test].mean()) / y[test].std()"), "by its own mean"),
        Mutant("n - 1", scaling(std="y[train].std(ddof=1)"), "divides by n - 1"),
        Mutant("variance", scaling(std="y[train].var()"), "where its root is due"),
        Mutant("from the first", scaling("y[: train[-1] + 1].mean()", "y[: train[-1] + 1].std() or 1.0"), "differs"),
        Mutant("division by zero", scaling(std="y[train].std()"), "NaN"),
        Mutant("exchanged", scores(order="d, c"), "clean comes first"),
        Mutant(
            "scaled units",
            scores("np.abs(y[b] - y[a].mean()).mean() / y[a].std()", "np.abs(y[b] - y.mean()).mean() / y.std()"),
            "in scaled units",
        ),
        Mutant("both clean", scores(leaked="np.abs(y[b] - y[a].mean()).mean()"), "both are clean"),
    ],
    "E18.8": [
        Mutant("last row lost", table(last=""), "has shape"),
        Mutant("backwards", table(X="rows[:, :window][:, ::-1]"), "the windows run backwards"),
        Mutant("target in the window", table(Y="rows[:, window - 1 : -1]"), "still in the window"),
        Mutant("shared inputs", leaking("t + window + horizon > first"), "are no leak"),
        Mutant("one too many", leaking("t + horizon >= first"), "is honest"),
        Mutant("none", leaking("False"), "rows [] came"),
        Mutant("gap of the horizon", gap("horizon"), "one too many"),
        Mutant("gap of the window", gap("window"), "the targets do"),
        Mutant("gap of both", gap("window + horizon - 1"), "inputs are known"),
        Mutant("no gap", gap("0"), "tell what the test asks"),
    ],
    "E18.9": [
        Mutant("with its own error", before("E[:, : k + 1].mean(axis=1)"), "took part in the choice"),
        Mutant("the one before", before("E[:, k - 1]"), "only the origin just before"),
        Mutant("one for all", before("E[:, 1:].mean(axis=1)"), "one model was chosen"),
        Mutant("largest", before(choice="{past}.argmax()"), "differs"),
        Mutant("origin 0 too", after("E.mean(axis=1)"), "origin 0 counts"),
        Mutant("best of each", after(score="E[:, 1:].min(axis=0).mean()"), "the best model of each origin"),
    ],
}

LOOP = """
def rolling_gru(y, origins, horizons, window, seed, epochs):
    forecasts, last, seeds = [], [], []
    for k, o in enumerate(origins):
        past = y[:o]
        mean, std = {scaler}.mean(), {scaler}.std()
        z = (past - mean) / std
        X, Y = table_of_windows({source}, window, max(horizons))
        model = small_gru(window, max(horizons), {seed})
        {fit}
        ahead = np.asarray(model(z[np.newaxis, -window:, np.newaxis]), dtype=float)[0]
        forecasts.append({back})
        last.append(np.full(len(horizons), {last}))
        seeds.append({seed})
    return {{"forecasts": np.array(forecasts), "naive": np.array(last){end}
"""


def loop(
    scaler="past",
    source="z",
    seed="seed + k",
    fit="model.fit(X[..., np.newaxis], Y, epochs=epochs, shuffle=False, verbose=0)",
    back="mean + std * ahead[np.array(horizons) - 1]",
    last="past[-1]",
    end=', "seeds": seeds}',
):
    return LOOP.format(scaler=scaler, source=source, seed=seed, fit=fit, back=back, last=last, end=end)


GRU = {
    "E18.6": [
        Mutant("scaler leak", loop(scaler="y"), "it has seen the future"),
        Mutant("windows of the whole series", loop(source="(y - mean) / std"), "it has seen the future"),
        Mutant("not scaled back", loop(back="ahead[np.array(horizons) - 1]"), "still in scaled units"),
        Mutant("not trained", loop(fit="pass"), "nothing was trained"),
        Mutant("all columns", loop(back="mean + std * ahead"), "keep those asked for"),
        Mutant("naive from tomorrow", loop(last="y[o]"), "the first value that is not known"),
        Mutant("one seed", loop(seed="seed"), "the same seed for each origin"),
        Mutant("no seeds", loop(end="}"), "the dictionary lacks seeds"),
    ]
}
