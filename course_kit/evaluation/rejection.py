"""Background rejection: how many background events there are for one that passes, when a given share of signal does.

A rejection is a ratio of counts, and where few background events pass it is not known well: its error comes with it.
"""

import math
from typing import NamedTuple

import numpy as np


class Rejection(NamedTuple):
    """1 / eps_B at a signal efficiency, with its counting error.

    value: background / passing, infinite where none passes; error: one standard deviation, see `counting_error`;
    passing, background: ints, how many pass the cut, of how many; cut: float, the lowest score that passes.
    """

    value: float
    error: float
    passing: int
    background: int
    cut: float

    def __str__(self) -> str:
        if not self.passing:
            return f"> {self.background / 3:.0f} (none of {self.background:,} passes)"  # 3: 95 % limit of Poisson
        return f"{self.value:.4g} ± {self.error:.2g} ({self.passing} of {self.background:,} pass)"


def rejection(labels, scores, efficiency: float = 0.5) -> Rejection:
    """Background rejection at the highest cut that at least the share ``efficiency`` of the signal passes.

    Args:
        labels: array (J,) of 0, background, and 1, signal.
        scores: array (J,), higher for what looks like signal.
        efficiency: float in (0, 1].

    Raises:
        ValueError: if one of the two kinds is missing, or the numbers make no sense.

    >>> print(rejection([1, 1, 1, 1, 0, 0, 0, 0], [9, 8, 3, 2, 8, 1, 1, 0], 0.5))
    4 ± 3.5 (1 of 4 pass)
    """
    cut, others = _cut(labels, scores, efficiency)
    passed, background = int(np.count_nonzero(others >= cut)), len(others)
    return Rejection(
        background / passed if passed else math.inf, counting_error(passed, background), passed, background, cut
    )


def passing(labels, scores, efficiency: float = 0.5) -> np.ndarray:
    """Which of the background passes that cut: bool, in the order of the background among ``labels``."""
    cut, others = _cut(labels, scores, efficiency)
    return others >= cut


def counting_error(passed: int, background: int) -> float:
    """The standard deviation of N/n for n of N that pass: N/n sqrt((1 - n/N) / n), by the binomial distribution.

    >>> round(counting_error(25, 2500), 1)
    19.9
    """
    if not passed:
        return math.inf
    return background / passed * math.sqrt((1 - passed / background) / passed)


def paired_difference(one: np.ndarray, other: np.ndarray) -> tuple[int, float]:
    """How many more pass the first tagger than the second, and the error of that.

    Both were asked about the same events, and those on which they agree cancel: a of them pass only the first, b only
    the second; the difference is a - b, its standard deviation sqrt(a + b) if both are equally good (McNemar 1947).

    Args:
        one, other: arrays (N,) of bool.

    >>> paired_difference(np.array([1, 1, 1, 0], bool), np.array([1, 0, 0, 1], bool))
    (1, 1.7320508075688772)
    """
    a, b = int(np.count_nonzero(one & ~other)), int(np.count_nonzero(other & ~one))
    return a - b, math.sqrt(a + b)


def _cut(labels, scores, efficiency) -> tuple[float, np.ndarray]:
    labels, scores = np.ravel(labels), np.ravel(scores).astype(float)
    if labels.shape != scores.shape:
        raise ValueError(f"as many scores as labels are due. Got {scores.size} and {labels.size}.")
    if not np.isin(labels, (0, 1)).all() or len(np.unique(labels)) < 2:
        raise ValueError("labels must be 0 or 1, and both must occur.")
    if not np.isfinite(scores).all():
        raise ValueError("scores must be finite numbers. Got a NaN or an infinity.")
    if not 0 < efficiency <= 1:
        raise ValueError(f"efficiency must be above 0 and at most 1. Got {efficiency}.")
    signal = np.sort(scores[labels == 1])[::-1]
    needed = math.ceil(efficiency * len(signal) - 1e-9)  # 0.8 * 5 must not need a fifth
    return float(signal[needed - 1]), scores[labels == 0]
