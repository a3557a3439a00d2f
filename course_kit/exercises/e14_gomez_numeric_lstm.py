"""Notebook 14: one LSTM training step in numbers. Forward, E14.1 and E14.2, is here; the others are imported."""

from types import SimpleNamespace

import numpy as np

from course_kit.checking import Exercise, expect
from course_kit.exercises.gomez_backward import E14_3, E14_4
from course_kit.exercises.gomez_checked import E14_6, E14_7, E14_8
from course_kit.exercises.gomez_update import E14_5
from course_kit.reference import gomez
from course_kit.reference.activations import sigmoid

__all__ = ["E14_1", "E14_2", "E14_3", "E14_4", "E14_5", "E14_6", "E14_7", "E14_8"]

NAMES = "a, i, f, o, state, out"

E14_1 = Exercise(
    "E14.1",
    "Forward, t=0",
    slides=("D1.27",),
    names=("first_step",),
    hints=(
        "z = x @ W + b has four numbers, for a, i, f, o in this order. a is content and goes through tanh, the others "
        "are gates.",
        "a = np.tanh(z[0]); i, f, o = sigmoid(z[1:]); with nothing before it the state is a * i, and out is "
        "o * np.tanh(state). Return all six.",
    ),
)


def deal(draw, steps=2):
    """x (T, m), labels (T,), W (m, 4), U (4,), b (4,): all different, m not 2, and not 4 as the gates."""
    m = draw.choice((3, 5, 6))
    return SimpleNamespace(
        x=draw.normal(steps, m),
        labels=draw.normal(steps),
        W=draw.normal(m, 4, scale=0.6),
        U=draw.normal(4),
        b=draw.normal(4, scale=0.5),
    )


def gates_of(z, order=(0, 1, 2, 3)):
    """a, i, f, o out of four numbers that stand in another order."""
    z = z[list(order)]
    return (np.tanh(z[0]), *sigmoid(z[1:]))


def finish(a, i, f, o, state=0.0):
    """The six numbers."""
    state = f * state + a * i
    return a, i, f, o, state, o * np.tanh(state)


def wrong_steps(x, out, state, W, U, b):
    """What the usual slips make of one step."""
    z = x @ W + out * U + b
    a, i, f, o = gates_of(z)
    right = finish(a, i, f, o, state)
    new = right[4]
    return {
        "the four were read in Keras' order i, f, a, o; Gomez has a, i, f, o": finish(
            *gates_of(z, (2, 0, 1, 3)), state
        ),
        "i and f are exchanged; the order is a, i, f, o": finish(*gates_of(z, (0, 2, 1, 3)), state),
        "f and o are exchanged; the order is a, i, f, o": finish(*gates_of(z, (0, 1, 3, 2)), state),
        "a went through the logistic function; tanh is due": finish(float(sigmoid(z[:1])[0]), i, f, o, state),
        "the gates went through tanh; sigma is due": finish(*np.tanh(z), state),
        "the bias is missing": finish(*gates_of(x @ W + out * U), state),
        "out is o times state; tanh(state) is due": (a, i, f, o, new, o * new),
        "the state was squashed before it was returned": (a, i, f, o, np.tanh(new), o * np.tanh(new)),
        "the state is a + i; they multiply": (a, i, f, o, f * state + a + i, o * np.tanh(f * state + a + i)),
        "the input gate is missing in the state": (a, i, f, o, f * state + a, o * np.tanh(f * state + a)),
        "state and out are exchanged": (a, i, f, o, right[5], new),
        "the order is i, f, a, o; return a first": (i, f, a, o, new, right[5]),
    }


@E14_1.case("the numbers of the example")
def _(answer, draw):
    given = gomez.X[0], 0.0, 0.0, gomez.W, gomez.U, gomez.B
    expect(
        answer.first_step(gomez.X[0], gomez.W, gomez.B),
        gomez.step(*given),
        NAMES,
        tolerance=1e-5,
        known=wrong_steps(*given),
    )


@E14_1.case("other numbers")
def _(answer, draw):
    net = deal(draw)
    given = net.x[0], 0.0, 0.0, net.W, net.U, net.b
    expect(answer.first_step(net.x[0], net.W, net.b), gomez.step(*given), NAMES, known=wrong_steps(*given))


E14_2 = Exercise(
    "E14.2",
    "Forward, t=1",
    slides=("D1.27",),
    names=("step",),
    hints=(
        "Two things are new: out of the step before enters all four sums by way of U, and the old state is kept as far "
        "as f allows.",
        "z = x @ W + out * U + b; new_state = f * state + a * i; new_out = o * np.tanh(new_state). Return a, i, f, o, "
        "new_state, new_out.",
    ),
)


def check_step(answer, x, out, state, W, U, b, tolerance=1e-12):
    given = x, out, state, W, U, b
    a, i, f, o, new, _ = gomez.step(*given)
    expect(
        answer.step(*given),
        gomez.step(*given),
        NAMES,
        tolerance=tolerance,
        known={
            "out of the step before is left out: it enters by way of U": gomez.step(x, 0.0, state, W, U, b),
            "the old state is lost: state = f * (old state) + a * i": gomez.step(x, out, 0.0, W, U, b),
            "the old state was added whole; the forget gate is missing": (
                a,
                i,
                f,
                o,
                state + a * i,
                o * np.tanh(state + a * i),
            ),
            "f and i are exchanged in the state": (a, i, f, o, i * state + a * f, o * np.tanh(i * state + a * f)),
            "1 - f kept the old state; f = 1 means keep": finish(a, i, f, o, (1 - f) / f * state),
            "U was multiplied by the old state; it is out that is fed back": gomez.step(x, state, state, W, U, b),
            "out shows the old state; the new one is due": (a, i, f, o, new, o * np.tanh(state)),
            **wrong_steps(*given),
        },
    )


@E14_2.case("the numbers of the example")
def _(answer, draw):
    before = gomez.forward(gomez.X, gomez.W, gomez.U, gomez.B)[0]
    check_step(answer, gomez.X[1], before["out"], before["state"], gomez.W, gomez.U, gomez.B, tolerance=1e-5)


@E14_2.case("other numbers")
def _(answer, draw):
    net = deal(draw)
    out, state = draw.uniform(-1, 1, 1)[0], 1.0 + draw.uniform(0, 1, 1)[0]
    check_step(answer, net.x[0], float(out), float(state), net.W, net.U, net.b)


@E14_2.case("from nothing, it is the first step")
def _(answer, draw):
    net = deal(draw)
    given = net.x[0], 0.0, 0.0, net.W, net.U, net.b
    expect(answer.step(*given), gomez.step(*given), NAMES)
