"""History compression (slide D2.11): pass on only what the level below did not predict.

    x_t is passed on, with its time, if predict(x_0 ... x_{t-1}) is not x_t

Whoever holds the same predictor gets the sequence back: where nothing was passed on, the prediction was right.
"""

from collections.abc import Callable, Hashable, Sequence


def surprises(sequence: Sequence[Hashable], predict: Callable) -> list[tuple[int, Hashable]]:
    """The symbols that ``predict`` did not expect, with their times; it is given all symbols before."""
    return [(t, x) for t, x in enumerate(sequence) if predict(list(sequence[:t])) != x]


def replay(passed_on: list[tuple[int, Hashable]], length: int, predict: Callable) -> list[Hashable]:
    """The sequence of ``length`` symbols that led to these surprises."""
    known, sequence = dict(passed_on), []
    for t in range(length):
        sequence.append(known[t] if t in known else predict(list(sequence)))
    return sequence
