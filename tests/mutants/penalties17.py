"""Wrong answers to notebook 17, its penalties on weights: E17.4 and E17.5."""

from tests.mutants import Mutant


def one(signature, value):
    return f"def {signature}:\n    return {value}"


def objective(penalty, named="name != 'bias'", whole="cross_entropy(y, q) + lam * total"):
    return f"""
def objective(y, q, weights, lam, kind):
    total = sum({penalty} for name, w in weights.items() if {named})
    return {whole}
"""


def gradient(l2, l1, bias="0 * w"):
    return f"""
def penalty_gradient(weights, lam, kind):
    return {{k: {bias} if k == "bias" else ({l2} if kind == "l2" else {l1}) for k, w in weights.items()}}
"""


PENALTY = "((w**2).sum() if kind == 'l2' else np.abs(w).sum())"


PENALTIES = {
    "E17.4": [
        Mutant("bias counted", objective(PENALTY, "True"), "the bias was counted"),
        Mutant("no lam", objective(PENALTY, whole="cross_entropy(y, q) + total"), "lam is missing"),
        Mutant("kinds exchanged", objective(PENALTY.replace("l2", "l1")), "this is l1; l2 was asked for"),
        Mutant("always l2", objective("(w**2).sum()"), "this is l2; l1 was asked for"),
        Mutant("halved", objective(PENALTY, whole="cross_entropy(y, q) + lam * total / 2"), "the slide has no 1/2"),
        Mutant("taken off", objective(PENALTY, whole="cross_entropy(y, q) - lam * total"), "it is added"),
        Mutant("penalty only", objective(PENALTY, whole="lam * total"), "only the penalty came back"),
        Mutant("all times lam", objective(PENALTY, whole="lam * (cross_entropy(y, q) + total)"), "lam multiplied the"),
        Mutant("kernel only", objective(PENALTY, "name == 'kernel'"), "recurrent weights are weights too"),
        Mutant("signs", objective("((w**2).sum() if kind == 'l2' else w.sum())"), "with their signs"),
        Mutant("mean", objective(PENALTY.replace(".sum()", ".mean()")), "each array was averaged"),
        Mutant("no factor 2", gradient("lam * w", "lam * np.sign(w)"), "a factor 2 is missing"),
        Mutant(
            "gradient of bias",
            gradient("2 * lam * w", "lam * np.sign(w)", "2 * lam * w"),
            "the bias was given a gradient",
        ),
        Mutant(
            "no bias entry",
            one("penalty_gradient(weights, lam, kind)", "{k: 2 * lam * w for k, w in weights.items() if k != 'bias'}"),
            "lacks the entries bias",
        ),
        Mutant("gradient without lam", gradient("2 * w", "np.sign(w)"), "lam is missing"),
        Mutant(
            "slope at 0",
            gradient("2 * lam * w", "lam * np.where(w >= 0, 1.0, -1.0)"),
            "a weight that is 0 was given a slope",
        ),
        Mutant("l1 has the value", gradient("2 * lam * w", "lam * np.abs(w)"), "not its slope"),
        Mutant("the slide's lam", "keras_lambda = 1", "what the slide amounts to"),
        Mutant("no penalty", "keras_lambda = 0.0", "0 would be no penalty"),
        Mutant("learning rate", "keras_lambda = 0.001", "learning rate of Adam"),
    ],
    "E17.5": [
        Mutant("2 missing", one("shrink_l2(a, lam)", "a / (1 + lam)"), "the 2 of the derivative"),
        Mutant("one step", one("shrink_l2(a, lam)", "a * (1 - 2 * lam)"), "one step of gradient descent"),
        Mutant("l2 is l1", "shrink_l2 = shrink_l1", "this is L1"),
        Mutant(
            "half threshold", one("shrink_l1(a, lam)", "np.sign(a) * np.maximum(np.abs(a) - lam / 2, 0)"), "not lam / 2"
        ),
        Mutant(
            "hard threshold",
            one("shrink_l1(a, lam)", "np.where(np.abs(a) > lam, a, 0.0)"),
            "beyond the threshold moves",
        ),
        Mutant("positive only", one("shrink_l1(a, lam)", "np.maximum(a - lam, 0)"), "negative weights were cut to 0"),
        Mutant("past zero", one("shrink_l1(a, lam)", "a - lam * np.sign(a)"), "small weights went past 0"),
        Mutant("signs lost", one("shrink_l1(a, lam)", "np.maximum(np.abs(a) - lam, 0)"), "the signs were lost"),
        Mutant(
            "nearly zero",
            one("shrink_l1(a, lam)", "np.sign(a) * np.maximum(np.abs(a) - lam, 1e-15)"),
            "exactly 0",
        ),
        Mutant("no penalty", one("fit(X, y, lam, kind)", "X.T @ y"), "least squares"),
        Mutant(
            "fit exchanged",
            one("fit(X, y, lam, kind)", "shrink_l1(X.T @ y, lam) if kind == 'l2' else shrink_l2(X.T @ y, lam)"),
            "this is l1; l2 was asked for",
        ),
        Mutant(
            "mean of squares",
            one(
                "fit(X, y, lam, kind)",
                "shrink_l2(X.T @ y, len(y) * lam) if kind == 'l2' else shrink_l1(X.T @ y, len(y) * lam)",
            ),
            "the mean of the squared errors",
        ),
        Mutant("no absolute value", one("empties_at(X, y)", "(X.T @ y).max()"), "take absolute values"),
        Mutant("the first to go", one("empties_at(X, y)", "np.abs(X.T @ y).min()"), "the first weight becomes 0"),
        Mutant("largest y", one("empties_at(X, y)", "np.abs(y).max()"), "says nothing about a"),
    ],
}
