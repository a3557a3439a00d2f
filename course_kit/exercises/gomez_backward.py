"""Notebook 14, the way back: E14.3 and E14.4. ``e14_gomez_numeric_lstm`` collects the exercises of the notebook."""

import numpy as np

from course_kit.checking import Exercise, expect
from course_kit.reference import gomez

NAMES = "Delta, d_out, d_state, d_gates, dx, Delta_out"


def deal_steps(draw, steps=3):
    """labels (T,), the six numbers of every step, W (m, 4), U (4,)."""
    m = draw.choice((3, 5, 6))
    x, W, U, b = draw.normal(steps, m), draw.normal(m, 4, scale=0.6), draw.normal(4), draw.normal(4, scale=0.5)
    return draw.normal(steps), gomez.forward(x, W, U, b), W, U


def six(label, now, before, W, U, *, d_out, d_state, parts=None):
    """The six results from d_out and d_state, right or wrong; ``parts`` replaces entries of d_gates."""
    a, i, f, o, state, _ = now.values()
    d_gates = np.array(
        [
            d_state * i * (1 - a**2),
            d_state * a * i * (1 - i),
            d_state * before["state"] * f * (1 - f),
            d_out * np.tanh(state) * o * (1 - o),
        ]
    )
    for k, value in (parts or {}).items():
        d_gates[k] = value
    return now["out"] - label, d_out, d_state, d_gates, W @ d_gates, float(U @ d_gates)


def wrong_steps(label, now, before, later, W, U):
    """What the usual slips make of the way back through one step."""
    Delta, d_out, d_state, d_gates, dx, Delta_out = gomez.backward_step(label, now, before, later, W, U)
    a, i, f, o, state, _ = now.values()
    squashed, old = np.tanh(state), before["state"]
    carried = later["d_state"] * later["f"]

    def with_(d_out=d_out, d_state=d_state, parts=None):
        return six(label, now, before, W, U, d_out=d_out, d_state=d_state, parts=parts)

    negative = gomez.backward_step(2 * now["out"] - label, now, before, later, W, U)
    plain = {0: d_state * i, 1: d_state * a, 2: d_state * old, 3: d_out * squashed}
    return {
        "Delta is label - out; out - label is due": negative,
        "Delta is the loss; its derivative out - label is due": gomez.backward_step(
            now["out"] - 0.5 * Delta**2, now, before, later, W, U
        ),
        "1 - tanh(state)^2 is missing in d_state": with_(d_state=d_out * o + carried),
        "o is missing in d_state": with_(d_state=d_out * (1 - squashed**2) + carried),
        "1 - state^2 stands where 1 - tanh(state)^2 is due": with_(d_state=d_out * o * (1 - state**2) + carried),
        "the slopes of the squashings are missing in d_gates": with_(parts=plain),
        "all four got the slope s (1 - s); that of tanh is 1 - a^2": with_(parts={0: d_state * i * a * (1 - a)}),
        "d_o came from d_state; it comes from d_out": with_(parts={3: d_state * squashed * o * (1 - o)}),
        "d_f was taken with the new state; f multiplies the old one": with_(parts={2: d_state * state * f * (1 - f)}),
        "d_o was taken with the state; tanh(state) is due": with_(parts={3: d_out * state * o * (1 - o)}),
        "a and i are exchanged in d_gates": with_(parts={0: d_gates[1], 1: d_gates[0]}),
        "Delta_out is the sum of d_gates; each is to be multiplied by its U": (
            Delta,
            d_out,
            d_state,
            d_gates,
            dx,
            float(d_gates.sum()),
        ),
        "Delta_out and dx are exchanged": (Delta, d_out, d_state, d_gates, Delta_out, dx),
    }


E14_3 = Exercise(
    "E14.3",
    "Backward, t=1",
    slides=("D1.27",),
    names=("backward_last",),
    hints=(
        "Go from out to the left in the figure of E14.2. At each multiplication the derivative is the other factor; "
        "at each squashing it is its slope: 1 - tanh^2, or s (1 - s).",
        "Delta = out - label; d_out = Delta; d_state = d_out * o * (1 - tanh(state)**2); d_gates = "
        "[d_state*i*(1-a**2), "
        "d_state*a*i*(1-i), d_state*before['state']*f*(1-f), d_out*tanh(state)*o*(1-o)]; dx = W @ d_gates; "
        "Delta_out = U @ d_gates.",
    ),
)


@E14_3.case("the numbers of the example")
def _(answer, draw):
    first, second = gomez.forward(gomez.X, gomez.W, gomez.U, gomez.B)
    given = 1.25, second, first, gomez.NO_LATER, gomez.W, gomez.U
    expect(
        answer.backward_last(1.25, second, first, gomez.W, gomez.U),
        gomez.backward_step(*given),
        NAMES,
        tolerance=1e-5,
        known=wrong_steps(*given),
    )


@E14_3.case("other numbers")
def _(answer, draw):
    labels, steps, W, U = deal_steps(draw)
    given = float(labels[2]), steps[2], steps[1], gomez.NO_LATER, W, U
    expect(
        answer.backward_last(float(labels[2]), steps[2], steps[1], W, U),
        gomez.backward_step(*given),
        NAMES,
        known=wrong_steps(*given),
    )


E14_4 = Exercise(
    "E14.4",
    "Backward, t=0",
    slides=("D1.27",),
    names=("backward_step",),
    hints=(
        "Two things come back from the later step: Delta_out into d_out, and the carousel into d_state. The rest is "
        "E14.3.",
        "d_out = Delta + later['Delta_out']; "
        "d_state = d_out * o * (1 - tanh(state)**2) + later['d_state'] * later['f'].",
    ),
)


def check_step(answer, label, now, before, later, W, U, tolerance=1e-12):
    given = label, now, before, later, W, U
    Delta = now["out"] - label
    o, slope = now["o"], 1 - np.tanh(now["state"]) ** 2
    d_out, carried = Delta + later["Delta_out"], later["d_state"] * later["f"]

    def with_(d_out, d_state):
        return six(label, now, before, W, U, d_out=d_out, d_state=d_state)

    expect(
        answer.backward_step(*given),
        gomez.backward_step(*given),
        NAMES,
        tolerance=tolerance,
        known={
            "nothing came back from the later step: d_out lacks Delta_out, d_state the carousel": with_(
                Delta, Delta * o * slope
            ),
            "d_out lacks what comes back by way of U, later['Delta_out']": with_(Delta, Delta * o * slope + carried),
            "d_state lacks the carousel, later['d_state'] * later['f']": with_(d_out, d_out * o * slope),
            "the carousel passes the f of the later step, the one that led from this state to the next": with_(
                d_out, d_out * o * slope + later["d_state"] * now["f"]
            ),
            "the carousel passes f; d_state of the later step came back whole": with_(
                d_out, d_out * o * slope + later["d_state"]
            ),
            "the carousel went through o and the slope of tanh; it enters behind them": with_(
                d_out, (d_out + carried) * o * slope
            ),
            "Delta_out was subtracted": with_(
                Delta - later["Delta_out"], (Delta - later["Delta_out"]) * o * slope + carried
            ),
            **wrong_steps(*given),
        },
    )


@E14_4.case("the numbers of the example")
def _(answer, draw):
    first, second = gomez.forward(gomez.X, gomez.W, gomez.U, gomez.B)
    last = gomez.backward_step(1.25, second, first, gomez.NO_LATER, gomez.W, gomez.U)
    later = {"Delta_out": last[5], "d_state": last[2], "f": second["f"]}
    check_step(answer, 0.5, first, gomez.NOTHING, later, gomez.W, gomez.U, tolerance=1e-5)


@E14_4.case("a step in the middle")
def _(answer, draw):
    labels, steps, W, U = deal_steps(draw)
    last = gomez.backward_step(float(labels[2]), steps[2], steps[1], gomez.NO_LATER, W, U)
    later = {"Delta_out": last[5], "d_state": last[2], "f": steps[2]["f"]}
    check_step(answer, float(labels[1]), steps[1], steps[0], later, W, U)


@E14_4.case("with nothing later, it is the last step")
def _(answer, draw):
    labels, steps, W, U = deal_steps(draw)
    given = float(labels[2]), steps[2], steps[1], gomez.NO_LATER, W, U
    expect(answer.backward_step(*given), gomez.backward_step(*given), NAMES)
