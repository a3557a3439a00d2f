"""Notebook 09, dc_t/dc_{t-1} of the cell of 1997: E09.2. ``e09_forgetting_and_the_carousel`` collects the exercises."""

import numpy as np

from course_kit.checking import Exercise, expect, require
from course_kit.exercises.closed import one_of
from course_kit.exercises.lstm_1997 import in_reference_order
from course_kit.reference.carousel import no_forget_derivatives, no_forget_gates
from course_kit.reference.lstm1997 import lstm1997_step

E09_2 = Exercise(
    "E09.2",
    "Is the derivative 1?",
    slides=("D4.39",),
    names=("derivatives", "claim"),
    hints=(
        "c_{t-1} acts on c_t in two ways: as the first summand, and through h_{t-1} = o_{t-1} tanh(c_{t-1}), which g "
        "and i read. The direct derivative holds h_{t-1}, so it needs no computation.",
        "by_h = (i * (1 - g**2))[:, None] * U_g.T + (g * i * (1 - i))[:, None] * U_i.T is dc_t/dh_{t-1}; "
        "total = np.eye(n) + by_h * (o * (1 - np.tanh(c)**2)), with g, i taken at h = o * np.tanh(c).",
    ),
)


def deal_step(draw):
    """One example: x (m,), c and o of the step before (n,), W, U, b."""
    m, n = draw.sizes()
    return (
        draw.normal(m),
        draw.normal(n),
        draw.uniform(0.2, 1.0, n),
        draw.normal(m, 3 * n),
        draw.normal(n, 3 * n),
        draw.normal(3 * n, scale=0.5),
    )


def other_derivatives(x, c, o, W, U, b):
    """What the usual slips make of the pair."""
    direct, total = no_forget_derivatives(x, c, o, W, U, b)
    eye, h = np.eye(len(c)), o * np.tanh(c)
    g, i, _ = no_forget_gates(x, h, W, U, b)
    U_g, U_i, _ = np.split(U, 3, axis=1)
    by_g, by_i = (i * (1 - g**2))[:, None] * U_g.T, (g * i * (1 - i))[:, None] * U_i.T
    slope = o * (1 - np.tanh(c) ** 2)
    return {
        "the order is exchanged: return the direct derivative first": (total, direct),
        "both are the direct derivative; the way through h_{t-1} is to be added to the second": (direct, direct),
        "the direct way was left out of the second: total is direct plus the rest": (direct, total - eye),
        "rows and columns are exchanged: entry [a, b] is what the old entry b does to the new entry a": (
            direct,
            total.T,
        ),
        "the way through i was left out: h_{t-1} moves g and i": (direct, eye + by_g * slope),
        "the way through g was left out: h_{t-1} moves g and i": (direct, eye + by_i * slope),
        "dh_{t-1}/dc_{t-1} was left out: h_{t-1} = o_{t-1} tanh(c_{t-1})": (direct, eye + by_g + by_i),
        "o_{t-1} was left out of h_{t-1} = o_{t-1} tanh(c_{t-1})": (
            direct,
            eye + (by_g + by_i) * (1 - np.tanh(c) ** 2),
        ),
        "1 - tanh(c)^2 was left out: h_{t-1} = o_{t-1} tanh(c_{t-1})": (direct, eye + (by_g + by_i) * o),
    }


@E09_2.case(
    "direct and total",
    hint="Direct is the identity to the last bit: with h_{t-1} held, nothing in i g depends on c_{t-1}. For the total, "
    "add dc_t/dh_{t-1} times dh_{t-1}/dc_{t-1}.",
)
def _(answer, draw):
    given = deal_step(draw)
    direct, total = no_forget_derivatives(*given)
    obtained = answer.derivatives(*given)
    known = other_derivatives(*given)
    expect(obtained, (direct, total), "direct, total", tolerance=1e-6, known=known)
    off = np.abs(obtained[0] - direct).max()
    require(off == 0, f"direct is the identity up to {off:.1e} and must be it to the last bit.")


@E09_2.case("total against differences of the new state")
def _(answer, draw):
    x, c, o, W, U, b = given = deal_step(draw)
    weights = [in_reference_order(a) for a in (W, U, b)]

    def new_state(c):
        return lstm1997_step(x[None], (o * np.tanh(c))[None], c[None], *weights)[1][0]

    step = 1e-6 * np.eye(len(c))
    measured = np.stack([(new_state(c + e) - new_state(c - e)) / 2e-6 for e in step], axis=1)
    obtained = answer.derivatives(*given)
    expect(obtained, (np.eye(len(c)), measured), "direct, total", tolerance=1e-6)


@E09_2.case("a shut output gate")
def _(answer, draw):
    x, c, o, W, U, b = deal_step(draw)
    eye = np.eye(len(c))
    expect(answer.derivatives(x, c, 0 * o, W, U, b), (eye, eye), "direct, total", tolerance=1e-6)


@E09_2.case(
    "what D4.39 may say",
    hint="Compare your two matrices. Which of the two is always 1, and what would have to be held for the other to be?",
)
def _(answer, draw):
    expect(
        one_of(answer["claim"], "abcd", "claim"),
        "b",
        "claim",
        reveal=False,
        known={
            "your own total derivative is not the identity": "a",
            "the direct derivative is 1 whatever the gates do: c_{t-1} stands there without a factor": "c",
            "look at the figure: the total derivative has entries on its diagonal above 1": "d",
        },
    )
