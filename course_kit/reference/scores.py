"""Precision, recall and F1 of two classes, from counts (slide D1.35).

P = TP / (TP + FP),   R = TP / (TP + FN),   F1 = 2 P R / (P + R) = 2 TP / (2 TP + FP + FN);   0 / 0 counts as 0
"""

import numpy as np


def counts(y: np.ndarray, chosen: np.ndarray) -> tuple[int, int, int]:
    """TP, FP, FN of the decisions ``chosen`` (N,) against the labels ``y`` (N,).

    >>> counts([1, 1, 0, 0], [1, 0, 1, 0])
    (1, 1, 1)
    """
    y, chosen = np.asarray(y) > 0, np.asarray(chosen) > 0
    return int(np.sum(y & chosen)), int(np.sum(~y & chosen)), int(np.sum(y & ~chosen))


def f1(y: np.ndarray, chosen: np.ndarray) -> float:
    """F1 of the decisions ``chosen`` (N,) against the labels ``y`` (N,)."""
    hit, false, missed = counts(y, chosen)
    return 2 * hit / (2 * hit + false + missed) if hit else 0.0


def recall(y: np.ndarray, chosen: np.ndarray) -> float:
    """The share of the positives that were chosen."""
    hit, _, missed = counts(y, chosen)
    return hit / (hit + missed) if hit else 0.0


def by_batch(score, y: np.ndarray, chosen: np.ndarray, batch: int) -> float:
    """The mean of ``score`` over batches of ``batch`` rows, which is what Keras 1 showed."""
    starts = range(0, len(y), batch)
    return float(np.mean([score(y[s : s + batch], chosen[s : s + batch]) for s in starts]))


def best_f1(y: np.ndarray, p: np.ndarray) -> tuple[float, float]:
    """A threshold at which F1 of ``p >= threshold`` is largest, the smallest such among the values of p; and that F1.

    >>> best_f1([1, 1, 0, 0], [0.9, 0.4, 0.6, 0.1])
    (0.4, 0.8)
    """
    y, p = np.asarray(y), np.asarray(p, dtype=float)
    tried = np.unique(p)
    scores = [f1(y, p >= threshold) for threshold in tried]
    best = int(np.argmax(scores))
    return float(tried[best]), scores[best]
