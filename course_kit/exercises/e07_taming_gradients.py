"""Notebook 07: taming gradients. Clipping, E07.1, and the slide's list, E07.6, are here; the others are imported."""

import numpy as np

from course_kit.checking import Exercise, expect, require
from course_kit.exercises.careful_starts import E07_4, E07_5
from course_kit.exercises.closed import one_of
from course_kit.exercises.truncation import E07_2, E07_3
from course_kit.reference import clipping

__all__ = ["E07_1", "E07_2", "E07_3", "E07_4", "E07_5", "E07_6"]

CLIPPED = 1e-7  # slides.yaml, E07.1
WAYS = ("clip_by_value", "clip_by_norm", "clip_by_global_norm")

E07_1 = Exercise(
    "E07.1",
    "Clip",
    slides=("D4.21",),
    names=(*WAYS, "keeps_direction"),
    hints=(
        "By value looks at one entry at a time, by norm at one array, by global norm at all arrays as one long vector. "
        "A gradient that is short enough stays as it is.",
        "by value: np.clip(g, -theta, theta). By norm: g * min(1, theta / norm), where norm = np.linalg.norm(g) for "
        "each array, or np.sqrt(sum((g**2).sum() for g in gradients)) for all. Mind a norm of 0.",
    ),
)


def deal_gradient(draw, scale=1.0):
    """A gradient as a list of three arrays of different size and length."""
    m, n = draw.sizes()
    return [scale * draw.normal(m, n, scale=2.0), scale * draw.normal(n, scale=0.05), scale * draw.normal(n, m)]


def ask(answer, way, gradients, theta):
    """The student's arrays as a list; a tuple will do."""
    obtained = answer.call(way, gradients, theta)
    return list(obtained) if isinstance(obtained, tuple) else obtained


def slips(way, gradients, theta):
    """Wrong forms of each of the three ways, those that give the right values left out."""
    whole = clipping.global_norm(gradients)
    lengths = [np.linalg.norm(g) for g in gradients]
    mean = float(np.mean(lengths))
    found = {
        "every entry was clipped by itself; the norm is to be limited": clipping.clip_by_value(gradients, theta),
        "each array was clipped by its own norm; one factor for all arrays is asked for": clipping.clip_by_norm(
            gradients, theta
        ),
        "all arrays got one factor; here each has its own": clipping.clip_by_global_norm(gradients, theta),
        "the gradient was scaled to the norm theta although it is shorter: clipping only shortens": [
            g * theta / (whole if way == "clip_by_global_norm" else length)
            for g, length in zip(gradients, lengths, strict=True)
        ],
        "the negative entries are not limited": [np.minimum(g, theta) for g in gradients],
        "entries beyond the limit were set to 0; they belong on the limit": [
            np.where(np.abs(g) > theta, 0.0, g) for g in gradients
        ],
        "the norms of the arrays were added; the joint norm is the root of the sum of all squares": [
            g * min(1.0, theta / sum(lengths)) for g in gradients
        ],
        "the mean of the norms was taken; the joint norm is the root of the sum of all squares": [
            g * min(1.0, theta / mean) for g in gradients
        ],
        "the square of the norm was taken": [g * min(1.0, theta / whole**2) for g in gradients],
        "nothing was clipped": gradients,
    }
    right = getattr(clipping, way)(gradients, theta)
    same = {s: all(np.allclose(a, b) for a, b in zip(w, right, strict=True)) for s, w in found.items()}
    return {sentence: wrong for sentence, wrong in found.items() if not same[sentence]}


@E07_1.case("a long gradient")
def _(answer, draw):
    gradients, theta = deal_gradient(draw), float(draw.uniform(0.5, 1.5))
    for way in WAYS:
        right = getattr(clipping, way)(gradients, theta)
        expect(ask(answer, way, gradients, theta), right, way, tolerance=CLIPPED, known=slips(way, gradients, theta))


@E07_1.case("a short gradient", hint="The factor is min(1, theta / norm): a short gradient keeps its length.")
def _(answer, draw):
    gradients = deal_gradient(draw, scale=0.01)
    for way in WAYS:
        known = slips(way, gradients, 5.0)
        expect(
            ask(answer, way, gradients, 5.0), gradients, f"{way} of a short gradient", tolerance=CLIPPED, known=known
        )


@E07_1.case("a gradient of zeros", hint="Nothing is divided by 0 if you first ask whether the norm exceeds theta.")
def _(answer, draw):
    zeros = [np.zeros((2, 3)), np.zeros(3)]
    for way in WAYS:
        expect(ask(answer, way, zeros, 1.0), zeros, f"{way} of zeros", tolerance=CLIPPED)


@E07_1.case("what keeps its direction", hint="Clip the gradient [(3, 4), (0.3, 0.4)] at 1 in the three ways.")
def _(answer, draw):
    known = {
        "clipping by value moves the largest entries most, so it turns the gradient": "a",
        "each array keeps its direction, but the long ones are shortened more than the others": "b",
        "by norm, array by array, turns the whole when the arrays' lengths differ": "d",
    }
    found = one_of(answer["keeps_direction"], "abcd", "keeps_direction")
    expect(found, "c", "keeps_direction", reveal=False, known=known)


E07_6 = Exercise(
    "E07.6",
    "Five remedies",
    slides=("D4.21",),
    names=("against", "shown_in"),
    hints=(
        "Ask of each remedy what it does to a factor that is too large, and to one that is too small. Of a remedy that "
        "only shortens, the small factors notice nothing.",
        "A threshold and pieces only take away. A start with all factors near 1 is neither too large nor too small. A "
        "skip and the carousel add a path whose factor is about 1; the figures of E07.5 and of E06.5 show whether they "
        "stop growth.",
    ),
)

REMEDIES = ("threshold", "pieces", "careful start", "skip", "architecture")
WHY = (
    "a threshold shortens long gradients; one that has vanished it leaves as it is",
    "pieces bound the number of factors, so nothing can grow for long; what lies before the piece is cut off for good",
    "factors near 1 are near 1 in both directions: neither growth nor decay",
    "the identity keeps a path open, so factors are not small; in E07.5 the products with the skip grew",
    "the carousel keeps a path open through the cell; in E06.5 the LSTM with b_f = 4 had a ratio above 1",
)


@E07_6.case("against what")
def _(answer, draw):
    found = answer["against"]
    if isinstance(found, list | tuple) and all(isinstance(letter, str) for letter in found):
        found = "".join(found)
    if isinstance(found, str):
        found = "".join(letter for letter in found.lower() if letter not in " ,")
        require(
            len(found) == 5 and set(found) <= set("evb"),
            f"against must be five letters, each e, v or b, in the order of the slide. Got {found[:40]!r}.",
        )
        for letter, right, remedy, why in zip(found, "eebvv", REMEDIES, WHY, strict=True):
            require(letter == right, f"against is not right for the {remedy}: {letter!r}.", known=why)
    expect(found, "eebvv", "against", reveal=False)


@E07_6.case(
    "shown in which exercise", hint="Hold the five bullet points of the slide beside the headings of this notebook."
)
def _(answer, draw):
    found = answer["shown_in"]
    due = ["E07.1", "E07.3", "E07.4", "E07.5", "E09.5"]
    if isinstance(found, tuple):
        found = list(found)
    expect(found, due, "shown_in", reveal=False)
