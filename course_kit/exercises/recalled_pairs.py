"""Notebook 16, pairs that recall each other: E16.2 BAM. ``e16_network_zoo`` collects the exercises."""

import numpy as np

from course_kit.checking import Exercise, expect, require
from course_kit.exercises.settling_net import bipolar
from course_kit.reference.bam import bam_energy, correlation, resonate

E16_2 = Exercise(
    "E16.2",
    "BAM",
    slides=("D2.7",),
    names=("correlate", "resonate", "resonate_from_b", "bam_energy"),
    hints=(
        "One round: b from a through M, then a from the new b through M's transpose; the round in which neither "
        "changes is the last.",
        "correlate is a.T @ b; in a round new_b = unit(a @ M, b), new_a = unit(new_b @ M.T, a), where unit(field, old) "
        "is np.where(field == 0, old, np.sign(field)); from b it is the same memory seen from the other side: "
        "b, a = resonate(M.T, b, -np.ones(len(M))).",
    ),
)


@E16_2.case("couplings", hint="A sum over the pairs of column times row, (n, 1) times (1, p): one matrix product.")
def _(answer, draw):
    P, n, p = draw.sizes(3, 3, 9)
    a, b = bipolar(draw, P, n), bipolar(draw, P, p)
    M = correlation(a, b)
    expect(
        answer.correlate(a, b),
        M,
        "M",
        tolerance=0,
        known={
            "only the last pair is in it: the pairs add up": np.outer(a[-1], b[-1]),
            "only the first pair is in it: the pairs add up": np.outer(a[0], b[0]),
            "it is a mean: the sum over the pairs is due, with no division": M / P,
            "it is divided by n, as in Hopfield's network; here nothing is divided": M / n,
        },
    )


def once(M, a, b):
    """One round to and fro, and one whose second half is missing."""
    new_b = np.where(a @ M == 0, b, np.sign(a @ M))
    return (np.where(new_b @ M.T == 0, a, np.sign(new_b @ M.T)), new_b), (a, new_b)


def restless(draw, n: int, p: int):
    """Random M and a start from which one round is not enough, if twenty tries find one."""
    for _ in range(20):
        M, a, b = draw.normal(n, p), bipolar(draw, n), bipolar(draw, p)
        if not all(np.array_equal(x, y) for x, y in zip(once(M, a, b)[0], resonate(M, a, b), strict=True)):
            break
    return M, a, b


@E16_2.case("to and fro until nothing changes")
def _(answer, draw):
    for _ in range(3):
        M, a, b = restless(draw, draw.integer(9, 12), draw.integer(6, 8))
        one_round, half = once(M, a, b)
        ended = resonate(M, a, b)
        expect(
            answer.resonate(M, a, b),
            ended,
            "a, b",
            tolerance=0,
            known={
                "one round came back: go on until neither side changes": one_round,
                "only b has moved; a listens to b in turn": half,
                "the two sides are exchanged: a first": ended[::-1],
                "b spoke first, and a must": resonate(M.T, b, a)[::-1],
                "the sign is turned round": (-ended[0], -ended[1]),
            },
        )


@E16_2.case("a sum of zero", hint="np.sign(0) is 0, which is no state of a unit. At 0 it keeps the value that it has.")
def _(answer, draw):
    n, p = 5, 4
    M, a, b = np.zeros((n, p)), bipolar(draw, n), bipolar(draw, p)
    M[0, 0] = 2.0
    a[3], a[4], b[2], b[3] = 1.0, -1.0, 1.0, -1.0
    ended = resonate(M, a, b)

    def others(value):
        return tuple(np.where(np.arange(len(side)) == 0, side, value) for side in ended)

    expect(
        answer.resonate(M, a, b),
        ended,
        "a, b",
        tolerance=0,
        known={f"a unit whose sum is 0 became {v:g}; it keeps its value": others(v) for v in (0.0, 1.0, -1.0)},
    )


@E16_2.case(
    "from the other side",
    hint="The same memory, with M's transpose and the roles exchanged; a starts with all its units at -1.",
)
def _(answer, draw):
    for _ in range(3):
        n, p = draw.integer(9, 12), draw.integer(6, 8)
        M, b = draw.normal(n, p), bipolar(draw, p)
        off = -np.ones(n)
        second, first = resonate(M.T, b, off)
        expect(
            answer.resonate_from_b(M, b),
            (first, second),
            "a, b",
            tolerance=0,
            known={
                "the two sides are exchanged: a first, then b": (second, first),
                "a spoke first, with all its units at -1, and what b knew was lost": resonate(M, off, b),
            },
        )


@E16_2.case("energy of a pair", hint="Each coupling joins one unit of a to one of b, so it is counted once: no half.")
def _(answer, draw):
    n, p = draw.sizes(2, 4, 8)
    M, a, b = draw.normal(n, p), bipolar(draw, n), bipolar(draw, p)
    E = bam_energy(M, a, b)
    expect(
        answer.bam_energy(M, a, b),
        E,
        "E",
        known={
            "the factor 1/2 belongs to Hopfield's double sum; here every coupling stands once": E / 2,
            "the sign is turned round": -E,
        },
    )


@E16_2.case("stored pairs, from either side, and an energy that never rises")
def _(answer, draw):
    n, p, P = 60, 45, 3
    a, b = bipolar(draw, P, n), bipolar(draw, P, p)
    M = answer.correlate(a, b)
    expect(M, correlation(a, b), "M", tolerance=0)
    for first, second in zip(a, b, strict=True):
        expect(answer.resonate(M, first, -np.ones(p)), (first, second), "a, b from a stored a", tolerance=0)
        expect(answer.resonate_from_b(M, second), (first, second), "a, b from a stored b", tolerance=0)
        wrong = first.copy()
        wrong[draw.rng.permutation(n)[: n // 10]] *= -1
        start = float(bam_energy(M, wrong, -np.ones(p)))
        ended = answer.resonate(M, wrong, -np.ones(p))
        expect(ended, resonate(M, wrong, -np.ones(p)), "a, b from a noisy a", tolerance=0)
        require(answer.bam_energy(M, *ended) <= start + 1e-9, "the energy at rest is above that of the start.")
