"""Notebook 06, how far back a network sees: E06.5 and E06.7. ``e06_vanishing_and_exploding`` collects them."""

import numpy as np

from course_kit.checking import Exercise, expect, require
from course_kit.exercises.relative import expect_relative
from course_kit.reference import bptt_lstm, memory
from course_kit.reference.elman import elman_forward
from course_kit.reference.sensitivity import elman_sensitivity, lstm_sensitivity, norms_over_time

T = 7
CURVE = 1e-4  # slides.yaml, E06.5: relative

TAPE = (
    "Ask the tape for the gradient of one unit h[:, k] at a time: (N, T, m). Square, add over the units and over the "
    "last axis, take the root."
)

E06_5 = Exercise(
    "E06.5",
    "Gradient against time",
    slides=("D1.14", "D3.13", "D4.19", "D4.27", "D5.6"),
    names=("elman_gradient_norms", "gradient_norms", "order"),
    limit=60.0,
    hints=(
        "From the last step to the first, keep the product of the later steps' Jacobians: dh_T/dx_t is that product, "
        "times the slope of step t, times W transposed. In Keras, ask the tape for the gradient of one unit of h_T at "
        "a time: each gives one row of the matrix for every t at once.",
        "NumPy: later = I; for t = T-1, ..., 0: D = later @ ((1 - h[:, t]**2)[:, :, None] * W.T), norm of D over its "
        "last two axes, later = later @ step_jacobian(h[:, t], U). Keras: for each k the gradient of h[:, k] in x is "
        "(N, T, m); square, add over k and over the last axis, take the root.",
    ),
)


def deal(draw, gates=1):
    """x (2, T, m), h_0 and c_0 (2, n), and weights that are neither small nor symmetric."""
    m, n = draw.sizes(high=5)
    x, h0, c0 = draw.normal(2, T, m, scale=0.7), draw.normal(2, n, scale=0.5), draw.normal(2, n, scale=0.5)
    W, U = draw.normal(m, gates * n, scale=0.7), draw.normal(n, gates * n, scale=1.1 / np.sqrt(n))
    return x, h0, c0, W, U, draw.normal(gates * n, scale=0.3)


def frobenius_slips(D):
    """Wrong norms of D (N, T, n, m)."""
    return {
        "the sum of the squares came back; its root is due": norms_over_time(D) ** 2,
        "this is the 2-norm of each matrix; the root of the sum of all squares is asked for": np.linalg.norm(
            D, ord=2, axis=(-2, -1)
        ),
        "the units were added before the norm was taken: opposite signs cancel": np.sqrt(
            (D.sum(axis=2) ** 2).sum(axis=-1)
        ),
        "this is the norm for the first unit alone": np.sqrt((D[:, :, 0] ** 2).sum(axis=-1)),
        "time runs backwards: entry 0 belongs to the first step": norms_over_time(D)[:, ::-1],
        "the mean over the batch was taken; each sequence keeps its own curve": norms_over_time(D).mean(axis=0),
    }


@E06_5.case("an Elman network, by hand")
def _(answer, draw):
    x, h0, _, W, U, b = deal(draw)
    n = len(U)
    h = elman_forward(x, h0, W, U, b, np.eye(n), np.zeros(n))[1]
    D = elman_sensitivity(h, U, W)
    late = np.concatenate([h[:, 1:], h[:, -1:]], axis=1)
    known = {
        **frobenius_slips(D),
        "the slope 1 - h_t^2 of step t itself is missing": norms_over_time(
            D_without_own_slope(h, U, W),
        ),
        "W is left out: this is the norm of the derivative by the pre-activation": norms_over_time(
            elman_sensitivity(h, U, np.eye(n))
        ),
        "U is not transposed": norms_over_time(elman_sensitivity(h, U.T, W)),
        "the slope is taken one step too late": norms_over_time(elman_sensitivity(late, U, W)),
    }
    expect_relative(
        answer.elman_gradient_norms(h, U, W),
        norms_over_time(D),
        "elman_gradient_norms",
        tolerance=1e-9,
        known=known,
    )


def D_without_own_slope(h, U, W):
    D = np.empty((*h.shape, len(W)))
    later = np.eye(len(U))
    for t in reversed(range(h.shape[1])):
        D[:, t] = later @ W.T
        later = later @ ((1.0 - h[:, t] ** 2)[..., None] * U.T)
    return D


def layer_probe(names, kind, x, weights):
    """The student's gradient_norms of a Keras layer with these weights."""
    import keras

    units = weights[1].shape[0]
    layer = getattr(keras.layers, kind)(units, dtype="float64")
    layer.build(x.shape)
    layer.set_weights(weights)
    return names["gradient_norms"](layer, x)


@E06_5.case("a Keras SimpleRNN", hint=TAPE)
def _(answer, draw):
    x, h0, _, W, U, b = deal(draw)
    n = len(U)
    h = elman_forward(x, 0 * h0, W, U, b, np.eye(n), np.zeros(n))[1]
    D = elman_sensitivity(h, U, W)
    expect_relative(
        answer.probe(layer_probe, "SimpleRNN", x, [W, U, b]),
        norms_over_time(D),
        "gradient_norms of a SimpleRNN",
        tolerance=CURVE,
        known=frobenius_slips(D),
    )


@E06_5.case("a Keras LSTM", hint=TAPE)
def _(answer, draw):
    x, h0, c0, W, U, b = deal(draw, gates=4)
    D = lstm_sensitivity(bptt_lstm.forward(x, 0 * h0, 0 * c0, W, U, b)[1])
    expect_relative(
        answer.probe(layer_probe, "LSTM", x, [W, U, b]),
        norms_over_time(D),
        "gradient_norms of an LSTM",
        tolerance=CURVE,
        known=frobenius_slips(D),
    )


def letters(found, options, what):
    """``found`` as a text of the letters ``options`` in some order; a list of letters will do."""
    if isinstance(found, list | tuple) and all(isinstance(letter, str) for letter in found):
        found = "".join(found)
    if not isinstance(found, str):
        return found
    text = "".join(letter for letter in found.lower() if letter not in " ,<")
    listed = ", ".join(options)
    require(sorted(text) == list(options), f"{what} must hold the letters {listed}, each once. Got {found[:40]!r}.")
    return text


@E06_5.case("the order of the five", hint="Read the column of the quiet input, and begin with the smallest ratio.")
def _(answer, draw):
    known = {
        "this is from the largest to the smallest; begin with the smallest": "eabdc",
        "this is the order for the busy input; the quiet one is asked for": "cbade",
        "the orthogonal kernel keeps more than the Glorot one here": "cdabe",
        "b_f = 0 leaves the forget gate half open, and 0.5^59 is next to nothing": "dcbae",
    }
    expect(letters(answer["order"], "abcde", "order"), "cdbae", "order", reveal=False, known=known)


E06_7 = Exercise(
    "E06.7",
    "How far back does it see?",
    slides=("D1.14", "D4.27"),
    names=("memory_length", "share_of_the_last", "rate", "limits"),
    hints=(
        "After d steps rho^d of an influence is left. Solve rho^d = 1/e for d; add up rho^d over d for the share; take "
        "logarithms of a curve and its points lie on a straight line.",
        "memory_length: -1 / np.log(rho), np.inf from 1 on. share: w = rho ** np.arange(K), w[:k].sum() / w.sum(). "
        "rate: np.exp of the slope of np.polyfit(distance, np.log(norms), 1), distance = T, ..., 1, 0.",
    ),
)


@E06_7.case("memory length")
def _(answer, draw):
    for rho in (0.9, 0.5, float(draw.uniform(0.05, 0.995))):
        known = {
            "the minus sign is missing: the logarithm of a number below 1 is negative": 1 / np.log(rho),
            "this is the half-life; the memory length is to 1/e": np.log(2) / -np.log(rho),
            "this is the logarithm to base 2": -1 / np.log2(rho),
            "this is the logarithm to base 10": -1 / np.log10(rho),
            "1 / (1 - rho) is close to it only when rho is close to 1": 1 / (1 - rho),
            "this is the rate, one over the memory length": -np.log(rho),
        }
        due = memory.memory_length(rho)
        expect_relative(answer.memory_length(rho), due, f"memory_length({rho:.4g})", tolerance=1e-9, known=known)
    for rho in (1.0, 1.2):
        with np.errstate(divide="ignore"):
            negative = float(-1 / np.log(rho))
        known = {"the formula holds below 1 only; from rho = 1 on nothing fades, return np.inf": negative}
        expect(answer.memory_length(rho), np.inf, f"memory_length({rho:.4g})", known=known)


@E06_7.case("share of the last steps", hint="The newest step has weight 1, the one before rho, and so on: K weights.")
def _(answer, draw):
    for rho, k, K in ((0.9, 10, 60), (1.0, 10, 60), (float(draw.uniform(0.6, 1.1)), draw.integer(2, 9), 40)):
        weights = rho ** np.arange(K)
        known = {
            "these are the k oldest steps; the newest have the largest weight": float(
                weights[-k:].sum() / weights.sum()
            ),
            "this is the share of the others": float(weights[k:].sum() / weights.sum()),
            "the sum was not divided by the sum over all K steps": float(weights[:k].sum()),
            "K + 1 steps were added; there are K": float(weights[:k].sum() / (weights.sum() + rho**K)),
            "the newest step has weight 1, not rho: its distance is 0": float(rho * weights[:k].sum() / weights.sum()),
            "k + 1 steps were taken; k are asked for": float(weights[: k + 1].sum() / weights.sum()),
            "the share of the number of steps was taken; each has its weight": k / K,
        }
        due = memory.share_of_the_last(rho, k, K)
        if rho == 1.0:
            known = {}
        label = f"share_of_the_last({rho:.4g}, {k}, {K})"
        expect(answer.share_of_the_last(rho, k, K), due, label, tolerance=1e-9, known=known)


@E06_7.case("rate of a curve", hint="norms[-1] is at distance 0. The curve falls with the distance, so rho is below 1.")
def _(answer, draw):
    for low, high in ((0.6, 0.95), (1.02, 1.2)):
        rho, steps = float(draw.uniform(low, high)), draw.integer(40, 70)
        distance = np.arange(steps)[::-1]
        norms = draw.uniform(0.5, 2.0) * rho**distance * np.exp(draw.normal(steps, scale=0.02))
        due = memory.rate(norms)
        known = {
            "this is one over rho: norms[0] is the farthest from the last step": 1 / due,
            "this is the logarithm of rho": np.log(due),
            "this is the memory length of the curve": -1 / np.log(due),
        }
        expect_relative(answer.rate(norms), due, "rate", tolerance=0.01, known=known)


@E06_7.case(
    "the three limits of D1.14",
    hint="Which of the three facts speaks of one influence, which of a sum, which of the number of steps alone?",
)
def _(answer, draw):
    known = {
        "a is about near and far in one sum: that is what makes scales hard to combine": "abc",
        "c is about the number of steps alone: that is large K": "bca",
        "b is about one influence and how soon it is gone: that is a short context": "cab",
    }
    expect(letters(answer["limits"], "abc", "limits"), "bac", "limits", reveal=False, known=known)
