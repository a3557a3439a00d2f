"""What a history compressor may predict with: anything that starts, advances by a symbol, and expects one."""

from collections import Counter
from collections.abc import Hashable, Sequence
from typing import Any, Protocol

import numpy as np
from sklearn.base import BaseEstimator
from sklearn.utils.validation import check_is_fitted

UNSEEN = -1  # the code of a symbol that was not there in `fit`


class Predictor(Protocol):
    """Learns sequences of codes 0 ... symbols - 1, then follows one and says what it expects next.

    The state is the predictor's own affair; two runs over the same codes must expect the same.
    """

    def fit(self, sequences: Sequence[np.ndarray], symbols: int) -> "Predictor":
        """Learn from arrays of codes."""

    def start(self) -> Any:
        """The state before the first symbol."""

    def expect(self, state: Any) -> int | None:
        """The code that comes next, or None for no expectation."""

    def advance(self, state: Any, code: int) -> Any:
        """The state after this code came, which may be `UNSEEN`."""


class MarkovPredictor(BaseEstimator):
    """Expects what most often followed the last symbols, as many of them as were seen together before.

    It looks for the last `order` symbols in what it learned, and if they never came, for fewer. Of symbols that
    followed equally often it takes the one of the lowest code. At the start it expects the most frequent symbol.

    Args:
        order: how many symbols it looks back, 0 or more.

    Attributes:
        counts_: for each context, a tuple of codes, how often which code followed.

    >>> predictor = MarkovPredictor(order=1).fit([np.array([0, 1, 2, 0, 1, 2, 0])], symbols=3)
    >>> predictor.expect(predictor.advance(predictor.start(), 1))
    2
    """

    def __init__(self, order=2):
        self.order = order

    def fit(self, sequences: Sequence[np.ndarray], symbols: int) -> "MarkovPredictor":
        """Count."""
        if not isinstance(self.order, (int, np.integer)) or isinstance(self.order, bool) or self.order < 0:
            raise ValueError(f"order must be an integer of at least 0. Got {self.order!r}.")
        self.counts_: dict[tuple[int, ...], Counter] = {}
        for sequence in sequences:
            codes = [int(code) for code in sequence]
            for t, code in enumerate(codes):
                for back in range(min(self.order, t) + 1):
                    self.counts_.setdefault(tuple(codes[t - back : t]), Counter())[code] += 1
        return self

    def start(self) -> tuple[int, ...]:
        check_is_fitted(self, "counts_")
        return ()

    def expect(self, state: tuple[int, ...]) -> int | None:
        for back in range(len(state), -1, -1):
            followed = self.counts_.get(state[len(state) - back :])
            if followed:
                return min(followed, key=lambda code: (-followed[code], code))
        return None

    def advance(self, state: tuple[int, ...], code: int) -> tuple[int, ...]:
        return (*state, code)[-self.order :] if self.order else ()


def codes_of(sequence: Sequence[Hashable], alphabet: dict[Hashable, int]) -> np.ndarray:
    """The sequence as codes; what is not in the alphabet is `UNSEEN`."""
    return np.array([alphabet.get(symbol, UNSEEN) for symbol in sequence], dtype=int)
