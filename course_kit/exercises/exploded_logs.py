"""Notebook 06, slide D4.20: E06.6, when a training has exploded. ``e06_vanishing_and_exploding`` collects it."""

from collections.abc import Callable

import numpy as np

from course_kit.checking import Exercise, expect, require
from course_kit.exercises.relative import number
from course_kit.reference.explosion import ENOUGH, FACTOR, WINDOW, first_bad_step

E06_6 = Exercise(
    "E06.6",
    "Has it exploded?",
    slides=("D4.20",),
    names=("exploded",),
    hints=(
        "Go through the steps in order. Ask first whether loss and norm are finite, then compare the norm with ten "
        "times the median of the steps before it, at most fifty of them, if there are at least five.",
        "for t in range(len(norm)): return t if not np.isfinite([loss[t], norm[t]]).all(), or if t >= 5 and norm[t] > "
        "10 * np.median(norm[max(0, t - 50):t]). After the loop return -1.",
    ),
)


def calm(draw, steps, size=1.0):
    """A log in which nothing happens: a loss that falls, norms that scatter within a factor of two or so."""
    loss = 2.0 * np.exp(-np.arange(steps) / 80) + 0.5 + draw.uniform(0, 0.1, steps)
    return loss, size * np.exp(draw.uniform(-0.35, 0.35, steps))


def spike(draw):
    """One norm far out; the loss jumps one step later, since the update comes after the loss is taken."""
    loss, norm = calm(draw, 90, draw.uniform(0.2, 3.0))
    t = draw.integer(55, 75)
    norm[t] *= 60.0
    loss[t + 1 : t + 4] += [6.0, 3.0, 1.0]
    return loss, norm


def not_a_number(draw):
    """The loss is lost first, the norm one step later; or the norm overflows."""
    loss, norm = calm(draw, 60)
    t = draw.integer(20, 50)
    loss[t:] = np.nan
    norm[t + 1 :] = np.nan
    return loss, norm


def overflow(draw):
    loss, norm = calm(draw, 40)
    norm[draw.integer(1, 4)] = np.inf
    return loss, norm


def plateau(draw):
    """The norm jumps up and stays; only the first of these steps is out of proportion for long."""
    loss, norm = calm(draw, 120)
    t = draw.integer(60, 80)
    norm[t:] *= 40.0
    loss[t + 1 :] = 4.0 + draw.uniform(0, 0.2, 119 - t)
    return loss, norm


def drift(draw):
    """Two per cent more at each step: after 300 steps the norm is 400 times what it was, and no step stands out."""
    loss, norm = calm(draw, 300)
    return loss, norm * 1.02 ** np.arange(300)


def hard_batch(draw):
    """Five large norms at the start, while there is no usual yet; later a loss that jumps while the norm does not."""
    loss, norm = calm(draw, 70)
    norm[draw.integer(2, 3)] *= 30.0
    loss[draw.integer(30, 60)] *= 20.0
    return loss, norm


def late(draw):
    """After a long calm of large norms, small ones: a step is out of proportion to the fifty before, not to all."""
    loss, norm = calm(draw, 200)
    norm[:110] *= 30.0
    norm[draw.integer(180, 190)] *= 40.0
    return loss, norm


def bad_steps(loss, norm, *, usual=np.median, window=WINDOW, enough=ENOUGH, nan=True) -> list[int]:
    """All bad steps by the rule, or by the rule with one of its parts exchanged; [-1] if there is none."""
    lost = ~(np.isfinite(loss) & np.isfinite(norm)) & nan
    found = []
    for t in range(len(norm)):
        before = norm[max(0, t - window) : t]
        if lost[t] or (t >= enough and norm[t] > FACTOR * usual(before)):
            found.append(t)
    return found or [-1]


def whole_log(loss, norm):
    """The first step far above the median of the log, the future included."""
    return bad_steps(loss, norm, usual=lambda before: np.median(norm[np.isfinite(norm)]), enough=0)[0]


def wild_start(draw):
    """One enormous norm before there is a usual, then an ordinary spike: a mean still has the first one in it."""
    loss, norm = calm(draw, 60)
    norm[draw.integer(1, 3)] *= 600.0
    norm[draw.integer(20, 40)] *= 40.0
    return loss, norm


# Named wrong rules; only those that give another step than the right one are ever compared.
WRONG: dict[str, Callable] = {
    "a loss that is not finite is bad, too, even when the norm still is": lambda loss, norm: first_bad_step(
        np.ones_like(loss), norm
    ),
    "what is not finite is bad at any step, the first five among them": lambda loss, norm: bad_steps(
        loss, norm, nan=False
    )[0],
    "a step with fewer than five steps before it was judged": lambda loss, norm: bad_steps(loss, norm, enough=1)[0],
    "the whole past was taken; 50 steps are the usual": lambda loss, norm: bad_steps(loss, norm, window=10**6)[0],
    "the mean was taken; a single large norm moves it, so the median is asked for": lambda loss, norm: bad_steps(
        loss, norm, usual=np.mean
    )[0],
    "the norm was compared with the first steps for good; a drift takes the usual along": lambda loss, norm: bad_steps(
        loss, norm, usual=lambda before: np.median(norm[:5])
    )[0],
    "the norm was compared with the step before it alone; a median is asked for": lambda loss, norm: bad_steps(
        loss, norm, window=1
    )[0],
    "the median was taken over the whole log; a step knows only the steps before it": whole_log,
    "the loss was judged as the norms are; of the loss only finiteness is asked": lambda loss, norm: bad_steps(
        norm, loss
    )[0],
    "this is the last bad step; the first one is due": lambda loss, norm: bad_steps(loss, norm)[-1],
    "-1 is due when nothing happened": lambda loss, norm: 0 if first_bad_step(loss, norm) < 0 else -2,
    "steps are counted from 0": lambda loss, norm: first_bad_step(loss, norm) + 1,
}


def judge(answer, draw, make, name):
    loss, norm = make(draw)
    right = first_bad_step(loss, norm)
    found = number(answer.exploded(loss, norm))
    expect(found, right, f"exploded for {name}", tolerance=np.inf)
    step = float(np.asarray(found).reshape(()))
    with np.errstate(all="ignore"):
        wrong = (sentence for sentence, rule in WRONG.items() if right != rule(loss, norm) == step)
        known = next(wrong, "") if step != right else ""
    due = f"its first bad step is {right}" if right >= 0 else "none of its steps is bad, so -1 is due"
    require(step == right, f"exploded returned {step:g} for {name}, and {due}.", known=known)


@E06_6.case("a spike")
def _(answer, draw):
    judge(answer, draw, spike, "a log with one spike")


@E06_6.case("not a number", hint="np.isfinite is False for nan and for both infinities; ask it first, at every step.")
def _(answer, draw):
    judge(answer, draw, not_a_number, "a log whose loss becomes nan")
    judge(answer, draw, overflow, "a log whose norm is infinite once")


@E06_6.case("nothing happened", hint="Return -1 when no step is bad. A slow drift and a loss that jumps are not bad.")
def _(answer, draw):
    judge(answer, draw, drift, "a log whose norm drifts up by 2 % a step")
    judge(answer, draw, hard_batch, "a log with one hard batch")


@E06_6.case("plateaus, and a spike among them", hint="Take the median over norm[max(0, t - 50):t].")
def _(answer, draw):
    judge(answer, draw, plateau, "a log whose norm jumps and stays up")
    judge(answer, draw, late, "a log whose norms come down before a spike")
    judge(answer, draw, wild_start, "a log with a wild start and a spike")
