"""What a finished sentence is worth: its probability, corrected for its length and for what it left out."""

import numpy as np


def length_penalty(length, alpha: float):
    r"""$lp = \left(\frac{5 + L}{6}\right)^\alpha$ of sentences of L words, the end counted as one.

    Source: Wu et al. 2016, section 7.

    >>> [round(float(length_penalty(L, 0.2)), 6) for L in (1, 5, 10, 20)]
    [1.0, 1.107566, 1.201124, 1.330325]
    """
    return ((5.0 + np.asarray(length)) / 6.0) ** alpha


def coverage(attention, beta: float) -> float:
    r"""$cp = \beta \sum_j \log \min(\sum_i p_{ij}, 1)$: never above 0, and low if a source word got little attention.

    Args:
        attention: (T, S), weights of the source words j for each written word i.
        beta: 0 turns it off.

    >>> round(coverage(np.array([[0.9, 0.1], [0.8, 0.2]]), 1.0), 4)  # ln 0.3
    -1.204
    """
    if beta == 0:
        return 0.0
    given = np.minimum(np.asarray(attention, dtype=float).sum(axis=0), 1.0)
    return float(beta * np.log(np.maximum(given, 1e-12)).sum())
