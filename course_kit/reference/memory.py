"""How far back a contracting network sees (slides D1.14, D4.27), if a step shrinks every influence by rho.

memory length      tau = -1 / ln rho, after which 1/e is left: rho^tau = 1/e
share of the last  sum_{d=0}^{k-1} rho^d / sum_{d=0}^{K-1} rho^d, of the k last of K steps
rate of a curve    rho = exp(slope of the straight line through ln ||ds_T/ds_t|| against T - t)
"""

import numpy as np


def memory_length(rho: float) -> float:
    """Steps after which 1/e of an influence is left; 0 for rho = 0, infinity from rho = 1 on.

    >>> round(memory_length(0.9), 3)
    9.491
    """
    if rho <= 0.0:
        return 0.0
    return float(-1.0 / np.log(rho)) if rho < 1.0 else np.inf


def share_of_the_last(rho: float, k: int, K: int) -> float:
    """What part of the sum over K steps, each weighted by rho to the distance, comes from the last k of them.

    >>> round(share_of_the_last(0.9, 10, 60), 3)
    0.652
    """
    weights = rho ** np.arange(K)
    return float(weights[:k].sum() / weights.sum())


def rate(norms: np.ndarray) -> float:
    """rho of norms (T + 1,) that fall like rho to the distance from the last; least squares on the logarithms.

    >>> round(rate(0.8 ** np.arange(20)[::-1]), 6)
    0.8
    """
    distance = np.arange(len(norms))[::-1]
    slope, _ = np.polyfit(distance, np.log(norms), 1)
    return float(np.exp(slope))
