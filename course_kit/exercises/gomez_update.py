"""Notebook 14, the update: E14.5. ``e14_gomez_numeric_lstm`` collects the exercises of the notebook."""

import numpy as np

from course_kit.checking import Exercise, expect
from course_kit.reference import gomez

E14_5 = Exercise(
    "E14.5",
    "Update",
    slides=("D1.27",),
    names=("sum_up", "update"),
    hints=(
        "The same weights serve every step, so the steps are added. d_gates of a step meets what the step read: its "
        "own x, and out of the step before, which is 0 for the first.",
        "dW = x.T @ d_gates; dU = out[:-1] @ d_gates[1:]; db = d_gates.sum(axis=0); new W = W - rate * dW, and so on.",
    ),
)


def parts(x, labels, W, U, b):
    """x (T, m), out (T,), d_gates (T, 4) of a run."""
    out = np.array([s["out"] for s in gomez.forward(x, W, U, b)])
    return x, out, np.stack([r[3] for r in gomez.backward(x, labels, W, U, b)])


def check_sums(answer, given, tolerance=1e-12):
    x, out, d_gates = parts(*given)
    dW, dU, db = x.T @ d_gates, out[:-1] @ d_gates[1:], d_gates.sum(axis=0)
    before = np.concatenate([[0.0], out[:-1]])
    expect(
        answer.sum_up(x, out, d_gates),
        (dW, dU, db),
        "dW, dU, db",
        tolerance=tolerance,
        known={
            "dU paired d_gates with out of the same step; a step reads out of the step before": (dW, out @ d_gates, db),
            "dU paired d_gates with out of the step after": (dW, out[1:] @ d_gates[:-1], db),
            "only the last step was counted; the steps are added": (
                np.outer(x[-1], d_gates[-1]),
                before[-1] * d_gates[-1],
                d_gates[-1],
            ),
            "the means came back; the steps are added": (dW / len(x), dU / len(x), db / len(x)),
            "dU was divided by the number of steps": (dW, dU / len(x), db),
            "db is the last d_gates alone; all steps share the bias": (dW, dU, d_gates[-1]),
            "db leaves out the first step; out_{-1} = 0 concerns dU only": (dW, dU, d_gates[1:].sum(axis=0)),
        },
    )


@E14_5.case("sums of the example")
def _(answer, draw):
    check_sums(answer, (gomez.X, gomez.LABELS, gomez.W, gomez.U, gomez.B), tolerance=1e-5)


@E14_5.case("other numbers, seven steps")
def _(answer, draw):
    m = draw.choice((3, 5, 6))
    check_sums(answer, (draw.normal(7, m), draw.normal(7), draw.normal(m, 4), draw.normal(4), draw.normal(4)))


def check_update(answer, weights, slopes, rate, tolerance=1e-12):
    def moved(by):
        return tuple(w + by * g for w, g in zip(weights, slopes, strict=True))

    expect(
        answer.update(*weights, *slopes, rate),
        moved(-rate),
        "W, U, b",
        tolerance=tolerance,
        known={
            "the weights climb: the minus sign is missing": moved(rate),
            "the rate is missing": moved(-1.0),
            "the changes came back, and the new weights are due": tuple(-rate * g for g in slopes),
            "the bias stayed where it was": (*moved(-rate)[:2], weights[2]),
        },
    )


@E14_5.case(
    "new weights of the example",
    hint="Each weight goes a step of rate times its slope, downhill.",
)
def _(answer, draw):
    slopes = gomez.gradients(gomez.X, gomez.LABELS, gomez.W, gomez.U, gomez.B)
    check_update(answer, (gomez.W, gomez.U, gomez.B), slopes, 0.1, tolerance=1e-5)


@E14_5.case("another rate", hint="The rate is an argument: each weight goes a step of rate times its slope, downhill.")
def _(answer, draw):
    m = draw.choice((3, 5, 6))
    weights = draw.normal(m, 4), draw.normal(4), draw.normal(4)
    slopes = draw.normal(m, 4), draw.normal(4), draw.normal(4)
    check_update(answer, weights, slopes, float(draw.uniform(0.2, 0.9)))
