"""Notebook 14, looked at again: E14.6 to E14.8. ``e14_gomez_numeric_lstm`` collects the exercises of the notebook."""

import numpy as np

from course_kit.checking import Exercise, expect, require
from course_kit.exercises.closed import one_of, some_of
from course_kit.reference import gomez
from course_kit.reference.bptt import central_differences

EXAMPLE = (gomez.X, gomez.LABELS, gomez.W, gomez.U, gomez.B)
SLOPES = "dW, dU, db"
AGREE = 1e-8  # slides.yaml: what the sixteen slopes may differ by

E14_6 = Exercise(
    "E14.6",
    "Check it yourself",
    slides=("D1.27",),
    names=("loss", "differences", "tape_gradients"),
    hints=(
        "Move one number at a time, up and down by the step, and put it back. For the tape, Keras' LSTM wants "
        "the blocks as i, f, a, o, and gives its gradients in that order, too.",
        "(loss(up) - loss(down)) / (2 * step), with up = W.copy(); up[k] += step. order = [1, 2, 0, 3] takes a, i, f, "
        "o to Keras' i, f, a, o, and [2, 0, 1, 3] back, on the last axis; "
        "L = 0.5 * tf.reduce_sum((out - labels) ** 2).",
    ),
    limit=30.0,
)


def deal(draw, steps=4):
    m = draw.choice((3, 5))
    return (
        draw.normal(steps, m),
        draw.normal(steps),
        draw.normal(m, 4, scale=0.6),
        draw.normal(4),
        draw.normal(4, scale=0.5),
    )


def slopes_of_loss(x, labels, W, U, b, step):
    """Central differences over W, U and b."""
    return (
        central_differences(lambda w: gomez.loss(x, labels, w, U, b), W, step),
        central_differences(lambda w: gomez.loss(x, labels, W, w, b), U, step),
        central_differences(lambda w: gomez.loss(x, labels, W, U, w), b, step),
    )


@E14_6.case("the loss", hint="Half the square of out - label, added over the steps; your step of E14.2 gives out.")
def _(answer, draw):
    for given, tolerance in ((EXAMPLE, 1e-8), (deal(draw), 1e-10)):
        total = gomez.loss(*given)
        off = np.array([s["out"] for s in gomez.forward(given[0], *given[2:])]) - given[1]
        expect(
            answer.loss(*given),
            total,
            "L",
            tolerance=tolerance,
            known={
                "the factor 1/2 is missing": 2 * total,
                "the mean over the steps came back; the sum is due": total / len(off),
                "only the last step's loss came back": 0.5 * off[-1] ** 2,
                "absolute values were added; squares are due": float(np.abs(off).sum()),
            },
        )


@E14_6.case("differences", hint="One number at a time: (L(up) - L(down)) / (2 step), and the others stay as they are.")
def _(answer, draw):
    given = deal(draw)
    step = 0.2  # so large that the two kinds of difference part, and from the slope, too
    here = gomez.loss(*given)
    one_sided = []
    for k in (2, 3, 4):
        found = np.empty_like(given[k])
        for index in np.ndindex(found.shape):
            up = given[k].copy()
            up[index] += step
            found[index] = (gomez.loss(*given[:k], up, *given[k + 1 :]) - here) / step
        one_sided.append(found)
    expect(
        answer.differences(*given, step),
        slopes_of_loss(*given, step),
        "dW for a step of 0.2, dU for a step of 0.2, db for a step of 0.2",
        tolerance=AGREE,
        known={
            "these are one-sided differences; go to both sides": tuple(one_sided),
            "the step that was given was not used: these are slopes for a tiny step": gomez.gradients(*given),
            "it was divided by the step; up and down are two steps apart": tuple(
                2 * s for s in slopes_of_loss(*given, step)
            ),
        },
    )
    expect(answer.differences(*EXAMPLE, 1e-5), gomez.gradients(*EXAMPLE), SLOPES, tolerance=AGREE)


@E14_6.case("tape", hint="Mind the order of the blocks on the way into Keras' LSTM and on the way out.")
def _(answer, draw):
    for given in (EXAMPLE, deal(draw)):
        right = gomez.gradients(*given)
        out = np.array([s["out"] for s in gomez.forward(given[0], *given[2:])])
        x, labels, *weights = given
        back = [w[..., [1, 2, 0, 3]] for w in weights]  # the way back taken for the way into Keras
        unconverted = gomez.gradients(x, labels, *(w[..., [2, 0, 1, 3]] for w in weights))
        expect(
            answer.tape_gradients(*given),
            right,
            SLOPES,
            tolerance=AGREE,
            known={
                "the gradients are still in Keras' order i, f, a, o": tuple(g[..., [1, 2, 0, 3]] for g in right),
                "the weights went in unchanged: Keras reads them as i, f, a, o": tuple(
                    g[..., [1, 2, 0, 3]] for g in unconverted
                ),
                "the two lists of indices are exchanged: a, i, f, o is [1, 2, 0, 3] on the way in": tuple(
                    g[..., [2, 0, 1, 3]] for g in gomez.gradients(x, labels, *back)
                ),
                "the factor 1/2 is missing in the loss": tuple(2 * g for g in right),
                "the loss is the mean over the steps; the sum is due": tuple(g / len(out) for g in right),
            },
        )


E14_7 = Exercise(
    "E14.7",
    "A label out of reach",
    slides=("D1.27",),
    names=("loss_floor", "largest_out", "reason"),
    hints=(
        "What values can o * tanh(state) take? How near can it come to the label? For the second function ask what "
        "state can be at most after t + 1 steps from 0.",
        "loss_floor: 0.5 * max(0, abs(label) - bound)**2. Each step multiplies the state by f < 1 and adds a * i, "
        "which is below 1: |state| < t + 1, so |out| < np.tanh(t + 1).",
    ),
)


@E14_7.case("floor of a label")
def _(answer, draw):
    high = 1.0 + float(draw.uniform(0.1, 2.0))
    labels = (1.25, 0.5, -high, high, float(draw.uniform(-0.9, 0.9)))
    for label in labels:
        due = gomez.floor(label)
        gap = abs(label) - 1
        expect(
            answer.loss_floor(label, 1.0),
            due,
            f"the floor for label {label:.4g} and |out| < 1",
            known={
                "the factor 1/2 is missing": 2 * due,
                "that is the distance; the loss is half its square": max(0.0, gap),
                "a label within reach has no floor: 0": 0.5 * gap**2,
                "labels may lie below -1, too": 0.5 * max(0.0, label - 1) ** 2,
                "the distance to 1 was taken, also for a label below -1": 0.5 * (label - 1) ** 2,
                "that is the loss with out = 0": 0.5 * label**2,
            },
        )


@E14_7.case("floor for another bound", hint="The bound is an argument; it stands where 1 stood.")
def _(answer, draw):
    for label, bound in ((1.25, np.tanh(2.0)), (-0.8, float(draw.uniform(0.3, 0.7))), (0.1, 0.5)):
        expect(
            answer.loss_floor(label, float(bound)),
            gomez.floor(label, bound),
            f"the floor for label {label:.4g} and |out| < {bound:.4g}",
            known={"the bound 1 is built in": gomez.floor(label)},
        )


@E14_7.case(
    "how far out can get",
    hint="From state 0 each step keeps at most all and adds less than 1. How far does t + 1 steps lead?",
)
def _(answer, draw):
    for t in (0, 1, draw.integer(2, 5)):
        expect(
            answer.largest_out(t),
            gomez.largest_out(t),
            f"the bound of |out| at t = {t}",
            known={
                "1 is a bound, and a lower one holds: the state is still small after a few steps": 1.0,
                "at t = 0 one step has been made already": float(np.tanh(t)),
                "that is the bound of the state; out is o tanh(state)": float(t + 1),
            },
        )


@E14_7.case("why", hint="Look at out = o * tanh(state): which values can each of the two factors take?")
def _(answer, draw):
    expect(
        one_of(answer["reason"], "abcd", "reason"),
        "c",
        "reason",
        reveal=False,
        known={
            "the state is 1.51763 at t = 1 already": "a",
            "more steps or a larger rate change the weights, and no weights reach 1.25": "b",
            "each label could be asked for alone, and 1.25 would still be out of reach": "d",
        },
    )


E14_8 = Exercise(
    "E14.8",
    "Truncate it",
    slides=("D1.27",),
    names=("truncated_gradients", "changed"),
    hints=(
        "With tau = 1 nothing comes back from a later step: every step is treated as the last one. The forward pass, "
        "and what each step reads from the one before, stay as they are.",
        "For each t call backward_step with later = {'Delta_out': 0, 'd_state': 0, 'f': 0}, stack d_gates, and hand "
        "them to sum_up. Then compare with the full sums, column by column.",
    ),
)


def check_truncated(answer, given, tolerance):
    x, labels, W, U, b = given
    full, cut = gomez.gradients(*given), gomez.gradients(*given, truncated=True)
    alone = [gomez.gradients(x[t : t + 1], labels[t : t + 1], W, U, b) for t in range(len(x))]
    last = [r[3] for r in gomez.backward(*given)][-1]
    before = gomez.forward(x, W, U, b)[-2]["out"]
    expect(
        answer.truncated_gradients(*given),
        cut,
        SLOPES,
        tolerance=tolerance,
        known={
            "that is the full gradient": full,
            "each step was run from state 0: tau cuts the way back, and the state goes on": tuple(
                sum(g) for g in zip(*alone, strict=True)
            ),
            "the loss of the last step alone was sent back; each loss goes back through its own step": (
                np.outer(x[-1], last),
                before * last,
                last,
            ),
            "dU was set to 0: out of the step before is held, and is still read": (cut[0], 0 * cut[1], cut[2]),
            "the carousel was cut and Delta_out was not": half(given, "Delta_out"),
            "Delta_out was cut and the carousel was not": half(given, "d_state"),
        },
    )


def half(given, kept):
    """Gradients with one of the two ways back cut."""
    x, labels, W, U, b = given
    steps, d_gates, later = gomez.forward(x, W, U, b), [], gomez.NO_LATER
    for t in reversed(range(len(x))):
        r = gomez.backward_step(labels[t], steps[t], steps[t - 1] if t else gomez.NOTHING, later, W, U)
        d_gates.insert(0, r[3])
        later = {"Delta_out": r[5], "d_state": 0.0, "f": 0.0}
        if kept == "d_state":
            later = {"Delta_out": 0.0, "d_state": r[2], "f": steps[t]["f"]}
    d_gates, out = np.stack(d_gates), np.array([s["out"] for s in steps])
    return x.T @ d_gates, out[:-1] @ d_gates[1:], d_gates.sum(axis=0)


@E14_8.case("the example")
def _(answer, draw):
    check_truncated(answer, EXAMPLE, 1e-8)


@E14_8.case("other numbers")
def _(answer, draw):
    check_truncated(answer, deal(draw, steps=5), 1e-10)


@E14_8.case(
    "which numbers change",
    hint="Subtract the full sums from the truncated ones and look for zeros. Which two things were 0 at t = 0?",
)
def _(answer, draw):
    changed = answer["changed"]
    require(isinstance(changed, dict), 'changed must be a dict such as {"W": "aifo", "U": "a", "b": ""}.')
    expect(sorted(changed), ["U", "W", "b"], "the keys of changed")
    letters = {name: some_of(changed[name], "aifo", f'changed["{name}"]') for name in "WUb"}
    expect(
        letters,
        {"W": "aio", "U": "", "b": "aio"},
        "changed",
        reveal=False,
        known={
            "everything was named; some numbers stay to the last digit": {"W": "afio", "U": "afio", "b": "afio"},
            "at t = 0 there was no out before, so U has nothing to lose": {"W": "aio", "U": "aio", "b": "aio"},
            "at t = 0 the old state was 0, so the numbers of f stay": {"W": "afio", "U": "", "b": "afio"},
            "o is fed by d_out, which lacks Delta_out": {"W": "ai", "U": "", "b": "ai"},
            "b is shared by both steps as W is": {"W": "aio", "U": "", "b": ""},
        },
    )
