"""Notebook 17, penalties on weights: E17.4 and E17.5."""

import numpy as np

from course_kit.checking import Exercise, expect, require
from course_kit.reference.weight_decay import cross_entropy, penalty, penalty_gradient, shrink

KINDS = ("l2", "l1")

# E17.4

E17_4 = Exercise(
    "E17.4",
    "The objective",
    slides=("D3.25", "D3.26"),
    names=("objective", "penalty_gradient", "keras_lambda"),
    hints=(
        "One sum over all weights but the bias, times lam, is added to the cross-entropy. Squares for l2, absolute "
        "values for l1.",
        "cross_entropy(y, q) + lam * sum((w**2).sum() for name, w in weights.items() if name != 'bias'); gradients "
        "2 * lam * w and lam * np.sign(w), np.zeros_like(w) for the bias.",
    ),
)


def deal(draw):
    """y, q and the weights of a layer. One kernel weight is 0, and none of the sums vanishes."""
    m, n = draw.sizes()
    y = draw.integers(0, 1, 6).astype(float)
    q = draw.uniform(0.05, 0.95, 6)
    weights = {"kernel": draw.normal(m, n), "recurrent_kernel": draw.normal(n, n), "bias": draw.normal(n) + 2.0}
    weights["kernel"][1, 1] = 0.0
    return y, q, weights, draw.choice([0.03, 0.2, 0.7])


def wrong_objectives(y, q, weights, lam, kind) -> dict:
    """What the usual slips add to the cross-entropy."""
    other = "l1" if kind == "l2" else "l2"
    named = {name: w for name, w in weights.items() if name != "bias"}
    all_weights = {str(k): w for k, w in enumerate(weights.values())}
    size = sum(w.size for w in named.values())
    ce = cross_entropy(y, q)

    def with_penalty(value):
        return ce + value

    known = {
        "lam is missing": with_penalty(penalty(weights, 1.0, kind)),
        "the bias was counted: it is left out": with_penalty(penalty(all_weights, lam, kind)),
        f"this is {other}; {kind} was asked for": with_penalty(penalty(weights, lam, other)),
        "the weights were averaged: the slide has a sum": with_penalty(penalty(weights, lam, kind) / size),
        "each array was averaged: the slide has a sum": with_penalty(
            sum(penalty({name: w}, lam, kind) / w.size for name, w in named.items())
        ),
        "the penalty was halved: the slide has no 1/2": with_penalty(penalty(weights, lam, kind) / 2),
        "the penalty was taken off: it is added": with_penalty(-penalty(weights, lam, kind)),
        "only the penalty came back: add the cross-entropy": penalty(weights, lam, kind),
        "only the cross-entropy came back: add the penalty": ce,
        "only the kernel was counted: recurrent weights are weights too": with_penalty(
            penalty({"kernel": weights["kernel"]}, lam, kind)
        ),
        "lam multiplied the cross-entropy too": lam * with_penalty(penalty(weights, 1.0, kind)),
        "the weights were added up with their signs: take absolute values": with_penalty(
            lam * sum(w.sum() for w in named.values())
        ),
        "the root of the sum of squares was taken: the slide has none": with_penalty(
            lam * np.sqrt(sum((w**2).sum() for w in named.values()))
        ),
        "the sum was squared: square each weight, then add": with_penalty(
            lam * sum(w.sum() for w in named.values()) ** 2
        ),
    }
    return known


@E17_4.case("values of both")
def _(answer, draw):
    for kind in KINDS:
        given = (*deal(draw), kind)
        y, q, weights, lam, _ = given
        right = cross_entropy(y, q) + penalty(weights, lam, kind)
        expect(answer.objective(*given), right, f"J for {kind}", tolerance=1e-9, known=wrong_objectives(*given))


@E17_4.case(
    "lam = 1 is the slide", hint="The slides have no lam, which is lam = 1: sum of w^2 is 5 for the weights 1 and -2."
)
def _(answer, draw):
    y, q, _, _ = deal(draw)
    weights = {"kernel": np.array([[1.0], [-2.0]]), "bias": np.array([draw.normal(1)[0] + 3.0])}
    for kind, value in (("l2", 5.0), ("l1", 3.0)):
        expect(
            answer.objective(y, q, weights, 1.0, kind),
            cross_entropy(y, q) + value,
            f"J for {kind} with the weights 1 and -2",
            tolerance=1e-9,
            known=wrong_objectives(y, q, {**weights, "recurrent_kernel": np.zeros((1, 1))}, 1.0, kind),
        )


@E17_4.case(
    "the gradients",
    hint="2 lam w for l2; for l1 lam times the sign, which is 0 at w = 0. The bias gets zeros of its shape.",
)
def _(answer, draw):
    for kind in KINDS:
        _, _, weights, lam = deal(draw)
        right = penalty_gradient(weights, lam, kind)
        other = penalty_gradient(weights, lam, "l1" if kind == "l2" else "l2")
        whole = {name: lam * (2 * w if kind == "l2" else np.sign(w)) for name, w in weights.items()}
        known = {
            "the bias was given a gradient: it is left out": whole,
            "a factor 2 is missing: the derivative of w^2 is 2 w": {k: g / 2 for k, g in right.items()},
            "lam is missing": penalty_gradient(weights, 1.0, kind),
            "this is the gradient of the other kind": other,
            "the sign is wrong: the gradient points to larger penalties": {k: -g for k, g in right.items()},
            "this is the penalty entry by entry, not its slope": {
                k: 0 * w if k == "bias" else lam * (w**2 if kind == "l2" else np.abs(w)) for k, w in weights.items()
            },
            "a weight that is 0 was given a slope: at w = 0 it is taken as 0, as Keras does": {
                k: 0 * w if k == "bias" else lam * np.where(w >= 0, 1.0, -1.0) for k, w in weights.items()
            },
        }
        expect(answer.penalty_gradient(weights, lam, kind), right, f"gradient for {kind}", tolerance=1e-9, known=known)


@E17_4.case("Keras' default", hint="Print keras.regularizers.L2().l2, or read the documentation of keras.regularizers.")
def _(answer, draw):
    expect(
        answer["keras_lambda"],
        0.01,
        "keras_lambda",
        known={
            "1 is what the slide amounts to; Keras' default is much smaller": 1.0,
            "0 would be no penalty at all; who writes kernel_regularizer='l2' gets one": 0.0,
            "0.001 is the default learning rate of Adam": 0.001,
            "0.004 is the default weight_decay of AdamW": 0.004,
        },
        reveal=False,
    )


# E17.5

E17_5 = Exercise(
    "E17.5",
    "Zeros or small numbers",
    slides=("D3.25", "D3.26"),
    names=("shrink_l2", "shrink_l1", "fit", "empties_at"),
    hints=(
        "With orthonormal columns the squared error is 1/2 the sum of (a - w)^2 and a constant, so each weight can be "
        "found alone: set the derivative of 1/2 (a - w)^2 plus the penalty to zero.",
        "L2: -(a - w) + 2 lam w = 0, so a / (1 + 2 lam). L1: np.sign(a) * np.maximum(np.abs(a) - lam, 0). fit: "
        "a = X.T @ y, then one of the two. empties_at: np.abs(X.T @ y).max().",
    ),
)


def deal_values(draw):
    """a (12,) with values on both sides of both thresholds, and lam."""
    lam = draw.uniform(0.4, 1.2, 1)[0]
    factors = np.array([0.2, -0.2, 0.7, -0.7, 0.95, -0.95, 1.3, -1.3, 2.1, -2.1, 4.0, -4.0])
    return draw.rng.permutation(lam * factors * draw.uniform(0.97, 1.03, 12)), lam


@E17_5.case("L2 makes all weights smaller", hint="Set -(a - w) + 2 lam w to zero and solve for w.")
def _(answer, draw):
    a, lam = deal_values(draw)
    known = {
        "the 2 of the derivative of w^2 is missing: a / (1 + 2 lam)": a / (1 + lam),
        "this is one step of gradient descent, not the minimum": a * (1 - 2 * lam),
        "a was halved as well: with lam = 0 nothing may change": a / (2 + 2 * lam),
        "this is L1": shrink(a, lam, "l1"),
        "nothing was made smaller": a,
    }
    expect(answer.shrink_l2(a, lam), shrink(a, lam, "l2"), "w for L2", known=known)


@E17_5.case(
    "L1 makes some of them zero",
    hint="For a > 0 the derivative is -(a - w) + lam while w > 0. If a <= lam it is positive everywhere: w = 0.",
)
def _(answer, draw):
    a, lam = deal_values(draw)
    right = shrink(a, lam, "l1")
    known = {
        "the threshold is lam, not lam / 2: the error has its 1/2 here": shrink(a, lam / 2, "l1"),
        "the threshold is lam, not 2 lam": shrink(a, 2 * lam, "l1"),
        "what is beyond the threshold moves towards 0 too, by lam": np.where(np.abs(a) > lam, a, 0.0),
        "negative weights were cut to 0: they move towards 0 from their side": np.maximum(a - lam, 0),
        "lam was taken off negative weights too, which makes them larger": np.where(np.abs(a) > lam, a - lam, 0.0),
        "small weights went past 0: there they stay at 0": a - lam * np.sign(a),
        "the signs were lost": np.abs(right),
        "this is L2": shrink(a, lam, "l2"),
        "nothing was made smaller": a,
    }
    obtained = answer.shrink_l1(a, lam)
    expect(obtained, right, "w for L1", known=known)
    zeros = int((np.asarray(obtained) == 0).sum())
    require(
        zeros == 6, f"{zeros} weights are exactly 0, and 6 should be: a weight within the threshold is 0, not nearly 0."
    )


@E17_5.case("a regression with orthonormal features", hint="a = X.T @ y is the fit without a penalty; then shrink it.")
def _(answer, draw):
    P, k = 12, 5
    X = np.linalg.qr(draw.normal(P, k))[0]
    y = X @ np.array([2.0, -1.5, 0.3, -0.2, 0.05]) + draw.normal(P, scale=0.1)
    lam = draw.uniform(0.4, 0.8, 1)[0]
    a = X.T @ y
    for kind in KINDS:
        other = "l1" if kind == "l2" else "l2"
        known = {
            "no penalty: this is the fit of least squares": a,
            f"this is {other}; {kind} was asked for": shrink(a, lam, other),
            "the mean of the squared errors was taken; here it is 1/2 of the sum": shrink(a, P * lam, kind),
            "the predictions came back: the weights are due": X @ shrink(a, lam, kind),
        }
        if kind == "l2":
            known["the 2 of the derivative of w^2 is missing"] = a / (1 + lam)
        expect(answer.fit(X, y, lam, kind), shrink(a, lam, kind), f"w for {kind}", known=known)


@E17_5.case("the lam that empties L1", hint="The last weight to go is the one with the largest |a|.")
def _(answer, draw):
    X = np.linalg.qr(draw.normal(10, 4))[0]
    y = X @ np.array([-3.0, 1.0, 0.4, -0.2]) + draw.normal(10, scale=0.1)
    a = X.T @ y
    known = {
        "a negative weight can be the largest: take absolute values": a.max(),
        "this is where the first weight becomes 0; all of them should": np.abs(a).min(),
        "this is the sum of |a|: each weight meets its threshold alone": np.abs(a).sum(),
        "the largest |y| says nothing about a = X.T @ y": np.abs(y).max(),
        "twice as large as needed": 2 * np.abs(a).max(),
    }
    expect(answer.empties_at(X, y), float(np.abs(a).max()), "lam", known=known)
