"""Models that count: the next symbol from the one or two before it, with a share kept for what was never seen.

I. H. Witten and T. C. Bell, "The zero-frequency problem", IEEE Transactions on Information Theory 37(4), 1991, in the
interpolated form: with n(c, s) how often s followed the context c, n(c) its sum over s, t(c) how many different s did,

    P(s | c) = (n(c, s) + t(c) P(s | c')) / (n(c) + t(c)),

where c' is c without its oldest symbol; below the empty context stands 1 / S. A context that never came has n = t = 0
and hands its shorter one's distribution on. Symbols are 0 ... S-1.
"""

import numpy as np


def counts(ids: np.ndarray, S: int, order: int) -> np.ndarray:
    """How often each group of ``order`` symbols occurs: ids (L,); an integer array (S, ..., S).

    >>> counts(np.array([0, 1, 1, 1]), 2, 2).tolist()
    [[0, 1], [0, 2]]
    """
    found = np.zeros((S,) * order, dtype=np.int64)
    for start in range(len(ids) - order + 1):
        found[tuple(ids[start : start + order])] += 1
    return found


def smoothed(n: np.ndarray, lower: np.ndarray) -> np.ndarray:
    """Witten and Bell's mixture: counts n (..., S) and the shorter context's ``lower`` (..., S) give P (..., S).

    >>> smoothed(np.array([[3, 1], [0, 0]]), np.array([0.5, 0.5])).round(3).tolist()
    [[0.667, 0.333], [0.5, 0.5]]
    """
    total, kinds = n.sum(axis=-1, keepdims=True), (n > 0).sum(axis=-1, keepdims=True)
    lower = np.broadcast_to(lower, n.shape)
    return np.where(total > 0, (n + kinds * lower) / np.maximum(total + kinds, 1), lower)


def ngram_tables(ids: np.ndarray, S: int, order: int = 3) -> list[np.ndarray]:
    """Distributions of order 1 to ``order``: [P (S,), P (S, S), P (S, S, S)]; the last axis is the next symbol."""
    tables, lower = [], np.full(S, 1.0 / S)
    for k in range(1, order + 1):
        lower = smoothed(counts(ids, S, k), lower)
        tables.append(lower)
    return tables


def cross_entropy(tables: list[np.ndarray], ids: np.ndarray) -> float:
    """Mean of -ln P over ids[1:], in nats, by the longest of ``tables`` that has its context within ``ids``."""
    lost = 0.0
    for t in range(1, len(ids)):
        order = min(len(tables), t + 1)
        lost -= np.log(tables[order - 1][tuple(ids[t - order + 1 : t + 1])])
    return float(lost / (len(ids) - 1))


def conditional_entropy(ids: np.ndarray, S: int) -> float:
    """What the best bigram model of a text itself pays a symbol, in nats: -sum n(a, b) ln(n(a, b) / n(a)) / (L - 1)."""
    n = counts(ids, S, 2).astype(float)
    share = n / np.maximum(n.sum(axis=1, keepdims=True), 1)
    return float(-(n * np.log(np.where(n > 0, share, 1.0))).sum() / n.sum())
