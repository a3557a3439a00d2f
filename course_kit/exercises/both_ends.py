"""Notebook 12, when two directions are allowed and what they are for: E12.4, E12.5. ``e12_bidirectional`` collects."""

import numpy as np

from course_kit.checking import Exercise, expect, require
from course_kit.exercises.closed import one_of, some_of
from course_kit.exercises.relative import expect_relative
from course_kit.reference.bidirectional import one_way, sensitivity_norms, summary_sensitivity_norms

E12_4 = Exercise(
    "E12.4",
    "When is it allowed?",
    slides=("D4.46",),
    names=("allowed", "live", "delay"),
    hints=(
        "Ask of each task: at the moment when the answer is due, does the end of the sequence exist?",
        "Four of the eight are given whole. live keeps the first half of the last axis: y[..., : y.shape[-1] // 2]. "
        "With a delay, part of the future exists, and a part can be read backwards.",
    ),
)

TASKS = {
    "a": (True, "a review is there whole before it is judged"),
    "b": (True, "an audio file is there whole"),
    "c": (False, "live captions without delay are due while the speaker goes on: nothing later exists"),
    "d": (False, "tomorrow's exchange rate is what is asked for: nothing later than today exists"),
    "e": (True, "a gap in last year's record has a right-hand side as well, and that may be read"),
    "f": (False, "a text generator makes the next character itself: there is nothing to its right to read"),
    "g": (False, "a payment is stopped before the later ones are made"),
    "h": (True, "the source sentence is given whole, though its translation is not"),
}


@E12_4.case("which of the eight")
def _(answer, draw):
    given = some_of(answer["allowed"], "".join(TASKS), "allowed")
    due = "".join(letter for letter, (whole, _) in TASKS.items() if whole)
    wrongly = [TASKS[k][1] for k in given if k not in due] if isinstance(given, str) else []
    missing = [TASKS[k][1] for k in due if k not in given] if isinstance(given, str) else []
    require(not wrongly, f"allowed holds what is not allowed: {'; '.join(wrongly)}.")
    require(not missing, f"allowed lacks {len(missing)} of the tasks whose sequence is given whole.")
    expect(given, due, "allowed", reveal=False)


@E12_4.case("what may be used live", hint='Of the merged output "concat", which half has read nothing after time t?')
def _(answer, draw):
    (n,) = draw.sizes(1)
    y = draw.normal(2, 7, 2 * n)
    expect(
        answer.live(y),
        y[..., :n],
        "live(y)",
        known={
            "this is the backward half, the one that has read the future": y[..., n:],
            "this is the first half of the times; the halves are on the last axis": y[:, : 7 // 2],
            "this is all of it: the second half has read the future": y,
        },
    )


@E12_4.case("with a delay", hint="Two seconds after t, which steps exist? Read those backwards, down to t.")
def _(answer, draw):
    expect(
        one_of(answer["delay"], "abcd", "delay"),
        "c",
        "delay",
        reveal=False,
        known={
            "the end of the speech does not exist two seconds later": "a",
            "two seconds of the future do exist when the caption is due": "b",
            "its last state, that at time t, is all it is for; and it must be made anew for each t": "d",
        },
    )


E12_5 = Exercise(
    "E12.5",
    "The end weighs more",
    slides=("D4.46",),
    names=("sensitivity", "both_ends"),
    hints=(
        "Go backwards through time: carry the matrix dh_{T-1}/dh_t along. Each step multiplies it by the derivative of "
        "one step, and x_t enters through W in the same way as h_{t-1} through U.",
        "after = np.eye(n); for t from T-1 down to 0: slope = 1 - h[t]**2; "
        "norms[t] = np.linalg.norm((W * slope) @ after); after = (U * slope) @ after. both_ends: the root of the sum "
        "of the squares, the backward norms turned by [::-1].",
    ),
)


def deal_sequence(draw, length=7):
    """x (length, m) and two sets of weights under which changes neither die at once nor grow."""
    m, n = draw.sizes()
    ways = [(draw.normal(m, n, scale=0.7), draw.normal(n, n) / np.sqrt(n), draw.normal(n, scale=0.5)) for _ in range(2)]
    return draw.normal(length, m), *ways


def wrong_norms(x, W, U, b):
    """What the usual slips make of the norms, and the norms."""
    h = one_way(x[None], W, U, b)[0]

    def walk(inner, outer, last=None, turned=False):
        after, norms = np.eye(len(b)), np.empty(len(x))
        for t in reversed(range(len(x))):
            slope = 1 - h[t] ** 2
            norms[t] = np.linalg.norm(inner(slope) @ after, ord=last)
            after = after @ outer(slope) if turned else outer(slope) @ after
        return norms

    return {
        "the slope of tanh, 1 - h_t^2, is missing": walk(lambda s: W, lambda s: U),
        "the slope is missing where x_t enters": walk(lambda s: W, lambda s: U * s),
        "U is transposed": walk(lambda s: W * s, lambda s: U.T * s),
        "the slope multiplies the rows of U; it belongs to the new state's entries, the columns": walk(
            lambda s: W * s, lambda s: U * s[:, None]
        ),
        "this is dh_{T-1}/dh_t: the last factor, W times the slope, is missing": walk(
            lambda s: np.eye(len(b)), lambda s: U * s
        ),
        "these are largest stretches; the Frobenius norm (the default of np.linalg.norm) is due": walk(
            lambda s: W * s, lambda s: U * s, last=2
        ),
        "the steps are multiplied in the wrong order: the new factor stands on the left, (U * s) @ after": walk(
            lambda s: W * s, lambda s: U * s, turned=True
        ),
        "the order of time is reversed": sensitivity_norms(x, W, U, b)[::-1],
        "these are the norms of each step alone; all later steps must be passed": walk(
            lambda s: W * s, lambda s: np.eye(len(b))
        ),
    }


@E12_5.case("one direction")
def _(answer, draw):
    x, weights, _ = deal_sequence(draw)
    due = sensitivity_norms(x, *weights)
    expect_relative(
        answer.sensitivity(x, *weights), due, "sensitivity(x, W, U, b)", tolerance=1e-4, known=wrong_norms(x, *weights)
    )


@E12_5.case("one hundred steps")
def _(answer, draw):
    x, weights, _ = deal_sequence(draw, 100)
    due = sensitivity_norms(x, *weights)
    expect_relative(
        answer.sensitivity(x, *weights), due, "sensitivity(x, W, U, b)", tolerance=1e-4, known=wrong_norms(x, *weights)
    )


@E12_5.case("two directions", hint="The backward network reads x[::-1]; its norms come out in the order of reading.")
def _(answer, draw):
    x, forward, backward = deal_sequence(draw)
    due = summary_sensitivity_norms(x, forward, backward)
    there, back = sensitivity_norms(x, *forward), sensitivity_norms(x[::-1], *backward)
    expect_relative(
        answer.both_ends(x, forward, backward),
        due,
        "both_ends(x, forward, backward)",
        tolerance=1e-4,
        known={
            "the norms of the backward way are not put back to their own times": np.hypot(there, back),
            "this is the forward way alone": there,
            "the backward network was run from the start": np.hypot(there, sensitivity_norms(x, *backward)),
            "the two norms were added; of two blocks the squares are added": there + back[::-1],
            "the root is missing": due**2,
            "both ways have the weights of the forward one": summary_sensitivity_norms(x, forward, forward),
        },
    )
