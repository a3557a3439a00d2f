"""N-gram models of any order, smoothed as Witten and Bell do, kept as sorted codes instead of a table V x ... x V.

`course_kit.reference.ngrams` has the formula and the tables; a test compares the two.
"""

import numpy as np


class Ngrams:
    """Interpolated n-gram models of order 1 to ``order``.

    Args:
        ids: int array (L,), the text to count, symbols 0 ... V-1.
        V: int.
        order: int, 1 for unigrams. V**order must stay below 2**63.

    Example:
        >>> Ngrams(np.array([0, 1, 0, 1, 0]), V=2, order=2).probabilities(np.array([1])).round(3).tolist()
        [0.857, 0.143]
    """

    def __init__(self, ids: np.ndarray, V: int, order: int):
        if V**order >= 2**63:
            raise ValueError(f"V**order must stay below 2**63. Got {V}**{order}.")
        self.V, self.order = V, order
        self.levels = [_Level(ids, V, k) for k in range(1, order + 1)]

    def of_text(self, ids: np.ndarray) -> np.ndarray:
        """P of each symbol of ``ids`` (L,) but the first, given those before it: (L-1,)."""
        p = np.full(len(ids), 1.0 / self.V)
        for k, level in enumerate(self.levels, 1):
            codes = _codes(ids, self.V, k)
            p[k - 1 :] = level.mix(codes, p[k - 1 :])
        return p[1:]

    def probabilities(self, context: np.ndarray) -> np.ndarray:
        """The distribution (V,) of what follows ``context``, of which the last order-1 symbols count."""
        p, every = np.full(self.V, 1.0 / self.V), np.arange(self.V)
        for k, level in enumerate(self.levels[: len(context) + 1], 1):
            code = 0
            for symbol in context[len(context) - k + 1 :]:
                code = code * self.V + int(symbol)
            p = level.mix(code * self.V + every, p)
        return p

    def nats(self, ids: np.ndarray) -> float:
        """Mean of -ln P over ``ids`` but the first."""
        return float(-np.log(self.of_text(ids)).mean())


class _Level:
    """Counts of one order: codes of k symbols, and of the k-1 before the last."""

    def __init__(self, ids: np.ndarray, V: int, k: int):
        self.V = V
        self.groups, self.n = np.unique(_codes(ids, V, k), return_counts=True)
        self.contexts, first = np.unique(self.groups // V, return_index=True)
        self.kinds = np.diff(np.append(first, len(self.groups)))
        self.total = np.add.reduceat(self.n, first)

    def mix(self, codes: np.ndarray, lower: np.ndarray) -> np.ndarray:
        """(n(c, s) + t(c) lower) / (n(c) + t(c)), and ``lower`` where c never came."""
        n = _looked_up(codes, self.groups, self.n)
        total = _looked_up(codes // self.V, self.contexts, self.total)
        kinds = _looked_up(codes // self.V, self.contexts, self.kinds)
        return np.where(total > 0, (n + kinds * lower) / np.maximum(total + kinds, 1), lower)


def _codes(ids: np.ndarray, V: int, k: int) -> np.ndarray:
    """Each group of k neighbours as one number, (L-k+1,)."""
    codes = np.zeros(max(len(ids) - k + 1, 0), dtype=np.int64)
    for j in range(k):
        codes = codes * V + ids[j : len(ids) - k + 1 + j]
    return codes


def _looked_up(codes: np.ndarray, keys: np.ndarray, values: np.ndarray) -> np.ndarray:
    """values[keys == code], 0 where there is no such key; keys are sorted."""
    place = np.minimum(np.searchsorted(keys, codes), len(keys) - 1)
    return np.where(keys[place] == codes, values[place], 0)
