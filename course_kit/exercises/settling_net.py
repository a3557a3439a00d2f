"""Notebook 16, a network that settles: E16.1 Hopfield. ``e16_network_zoo`` collects the exercises."""

import itertools

import numpy as np

from course_kit.checking import Exercise, expect, require
from course_kit.reference.hopfield import asynchronous, hebb, hopfield_energy, synchronous


def bipolar(draw, *shape: int) -> np.ndarray:
    """Random units of -1 and 1."""
    return 2.0 * draw.integers(0, 1, *shape) - 1.0


E16_1 = Exercise(
    "E16.1",
    "Hopfield",
    slides=("D2.6",),
    names=("hebb", "sweep", "energy", "W_turning"),
    hints=(
        "In a sweep every unit looks at the state as it is now, with what the units before it have just become.",
        "W = X.T @ X / n, then np.fill_diagonal(W, 0); s = s.copy(); for i in order: field = W[i] @ s, and s[i] is 1 "
        "above 0, -1 below, and left alone at 0; energy is -s @ W @ s / 2. W_turning: unit 0 wants to be as unit 1, "
        "unit 1 wants to be unlike unit 0.",
    ),
)


@E16_1.case("couplings", hint="One product of the patterns with themselves, a share of n, and nothing on the diagonal.")
def _(answer, draw):
    P, n = draw.sizes(2, 4, 9)
    patterns = bipolar(draw, P, n)
    W = hebb(patterns)
    whole = patterns.T @ patterns
    expect(
        answer.hebb(patterns),
        W,
        "W",
        known={
            "the diagonal is still there: a unit must not vote for itself": whole / n,
            "the sum is divided by the number of patterns, and the number of units n is due": W * n / P,
            "the division by n is missing": W * n,
            "the division by n is missing, and the diagonal is still there": whole,
            "these are the products of patterns with patterns, (P, P); units with units, (n, n), are due": patterns
            @ patterns.T
            / n,
        },
    )


def random_couplings(draw, n: int) -> np.ndarray:
    """Symmetric, without a diagonal."""
    W = draw.normal(n, n)
    W = W + W.T
    np.fill_diagonal(W, 0.0)
    return W


@E16_1.case("one unit after the other")
def _(answer, draw):
    for _ in range(4):
        n = draw.integer(8, 12)
        W, s, order = random_couplings(draw, n), bipolar(draw, n), draw.rng.permutation(n)
        one_by_one = asynchronous(W, s, order)
        expect(
            answer.sweep(W, s, order),
            one_by_one,
            "s",
            tolerance=0,
            known={
                "all units looked at once, at the state before the sweep": synchronous(W, s),
                "the units came in the order 0, 1, 2, ... and not in the order that was given": asynchronous(
                    W, s, range(n)
                ),
                "the sign is turned round: a unit follows its field": asynchronous(-W, s, order),
                "nothing moved": s,
                "only the first unit of the order was visited": asynchronous(W, s, order[:1]),
            },
        )


@E16_1.case(
    "a field of zero", hint="np.sign(0) is 0, which is no state of a unit. At 0 it keeps the value that it has."
)
def _(answer, draw):
    n = draw.integer(5, 8)
    W, s = np.zeros((n, n)), bipolar(draw, n)
    W[0, 1] = W[1, 0] = 0.5
    s[2], s[3] = 1.0, -1.0
    order = np.arange(n)
    expected = asynchronous(W, s, order)
    moved = s.copy()
    moved[0] = moved[1] = expected[0]
    expect(
        answer.sweep(W, s, order),
        expected,
        "s",
        tolerance=0,
        known={
            "a unit with the field 0 became 0; it keeps its value": np.where(np.arange(n) < 2, moved, 0.0),
            "a unit with the field 0 became 1; it keeps its value": np.where(np.arange(n) < 2, moved, 1.0),
            "a unit with the field 0 became -1; it keeps its value": np.where(np.arange(n) < 2, moved, -1.0),
        },
    )


@E16_1.case("energy", hint="Each pair stands in the double sum twice, hence the half; agreement lowers the energy.")
def _(answer, draw):
    n = draw.integer(5, 9)
    W, s = random_couplings(draw, n), bipolar(draw, n)
    E = hopfield_energy(W, s)
    expect(
        answer.energy(W, s),
        E,
        "E",
        known={
            "the factor 1/2 is missing: the double sum has every pair twice": 2 * E,
            "the sign is turned round": -E,
            "the sign is turned round and the factor 1/2 is missing": -2 * E,
            "the half is taken twice: each pair once needs no factor 1/2": E / 2,
            "these are the energies of the single units; their sum is due": -s * (W @ s) / 2,
        },
    )


@E16_1.case("200 updates and a tenth of the units wrong", hint="E falls or stays at each visit if units change singly.")
def _(answer, draw):
    n, P = 100, 3
    patterns = bipolar(draw, P, n)
    W = answer.hebb(patterns)
    expect(W, hebb(patterns), "W")
    s = patterns[0].copy()
    s[draw.rng.permutation(n)[: n // 10]] *= -1
    expected, energies = s, [float(hopfield_energy(W, s))]
    for visited in range(200):
        unit = draw.rng.integers(0, n, 1) if visited % 4 else np.array([visited % n])
        expected, s = asynchronous(W, expected, unit), answer.sweep(W, s, unit)
        expect(s, expected, f"s after {visited + 1} visits", tolerance=0)
        energies.append(float(-s @ W @ s / 2))
        require(energies[-1] <= energies[-2] + 1e-12, f"the energy rose at visit {visited + 1}.")
    for _ in range(5):
        s = answer.sweep(W, s, draw.rng.permutation(n))
    expect(s, patterns[0], "the state at rest, with a tenth of the units wrong at the start", tolerance=0)


@E16_1.case(
    "couplings that never rest",
    hint="Two units are enough: one that follows, and one that does the opposite. Symmetry is what has to go.",
)
def _(answer, draw):
    W = answer["W_turning"]
    W = np.asarray(W, dtype=float) if isinstance(W, list) and _rectangular(W) else W
    right = isinstance(W, np.ndarray) and W.ndim == 2 and W.shape[0] == W.shape[1] and 2 <= len(W) <= 8
    require(right, "W_turning must be a square array of numbers, for 2 to 8 units.")
    require(W.dtype.kind in "iuf" and np.isfinite(W).all(), "W_turning must hold real, finite numbers.")
    require(not np.diagonal(W).any(), "W_turning must have zeros on the diagonal: a unit does not see itself.")
    require(
        (W != W.T).any(),
        "W_turning is symmetric, and with symmetric couplings single changes always come to rest: it is "
        "w_ij = w_ji that must break.",
    )
    for state in itertools.product((-1.0, 1.0), repeat=len(W)):
        s = np.array(state)
        if np.array_equal(synchronous(W, s), s):
            listed = ", ".join(f"{v:g}" for v in s)
            require(False, f"with W_turning the state ({listed}) is at rest: no unit of it wants to change.")


def _rectangular(rows: list) -> bool:
    numbers = all(isinstance(row, list) and all(isinstance(v, int | float) for v in row) for row in rows)
    return numbers and len({len(row) for row in rows}) == 1
