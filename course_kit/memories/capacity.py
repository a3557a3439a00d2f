"""How much a Hopfield network holds: the share of random patterns that it recalls, against how many it was given."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from sklearn.utils import check_random_state

from course_kit.memories.hopfield import Hopfield
from course_kit.memories.units import positive_integer


@dataclass(frozen=True)
class Capacity:
    """What `capacity` found; an entry for each load.

    Args:
        loads: patterns a unit, P/n.
        patterns: P.
        recalled: share of the patterns whose recall has at least the asked overlap with them.
        exact: share of the patterns that came back without a wrong unit.
        overlaps: mean of (1/n) sum xi_i s_i, the recalled state's overlap with the pattern; 1 is exact, 0 is chance.
        unstable: share of the units that leave a stored pattern in the first synchronous step.
    """

    loads: np.ndarray
    patterns: np.ndarray
    recalled: np.ndarray
    exact: np.ndarray
    overlaps: np.ndarray
    unstable: np.ndarray


def capacity(
    n: int = 200,
    loads: Sequence[float] = (0.02, 0.06, 0.1, 0.12, 0.14, 0.16, 0.18, 0.22, 0.3),
    rule: str = "hebb",
    flipped: float = 0.0,
    overlap: float = 0.9,
    trials: int = 3,
    random_state=None,
) -> Capacity:
    """Store random patterns, start at each of them with some units turned over, and see where recall ends.

    Hebb's rule breaks down near 0.138 patterns a unit (D. J. Amit, H. Gutfreund, H. Sompolinsky, Physical Review
    Letters 55 (1985), 1530-1533), the more sharply the larger n. A unit leaves a stored pattern at once with
    probability erfc(sqrt(n/(2P)))/2, since the other patterns make a Gaussian noise of variance P/n on a signal of 1.

    Args:
        n: units.
        loads: P/n, for each of which P is rounded.
        rule: as in `Hopfield`.
        flipped: share of units turned over in the start, in [0, 0.5).
        overlap: from which overlap on a pattern counts as recalled, in (0, 1].
        trials: sets of patterns for each load.
        random_state: seed or generator; a seed gives the same numbers again.

    >>> curve = capacity(400, loads=(0.05, 0.25), trials=1, random_state=0)
    >>> curve.patterns.tolist(), curve.recalled.tolist()
    ([20, 100], [1.0, 0.0])
    """
    n, trials = positive_integer("n", n), positive_integer("trials", trials)
    if not 0 <= flipped < 0.5:
        raise ValueError(
            f"flipped must be a number in [0, 0.5), as beyond it a pattern is nearer its negative. Got {flipped!r}."
        )
    if not 0 < overlap <= 1:
        raise ValueError(f"overlap must be a number in (0, 1]. Got {overlap!r}.")
    patterns = np.rint(np.asarray(loads, dtype=float) * n).astype(int)
    if patterns.ndim != 1 or not patterns.size or patterns.min() < 1:
        raise ValueError(f"loads must be numbers that give one pattern each at least. Got {loads!r} with n = {n}.")
    rng = check_random_state(random_state)
    results = np.zeros((len(patterns), 4))
    for row, P in zip(results, patterns, strict=True):
        for _ in range(trials):
            row += _trial(n, P, rule, flipped, overlap, rng) / trials
    return Capacity(patterns / n, patterns, *results.T)


def _trial(n: int, P: int, rule: str, flipped: float, overlap: float, rng: np.random.RandomState) -> np.ndarray:
    """Shares recalled and exact, mean overlap, share of units unstable, for one set of patterns."""
    xi = rng.choice([-1, 1], size=(P, n))
    memory = Hopfield(rule=rule, random_state=rng.randint(2**31)).fit(xi)
    start = np.where(rng.random_sample((P, n)) < flipped, -xi, xi)
    reached = np.mean(memory.recall(start) * xi, axis=1)
    unstable = np.mean(xi * (xi @ memory.coupling_) < 0)
    return np.array([np.mean(reached >= overlap), np.mean(reached == 1), np.mean(reached), unstable])
