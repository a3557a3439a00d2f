"""Recurrent network with links that skip time steps (slide D4.25): the hidden layer sees several of its past values.

    h_t = sigma(x_t W + h_{t-1} U_1 + sum over the lags k of h_{t-k} U_k + b)

U ((1 + number of lags) n, n) holds U_1 and then the U_k, in the order of the lags, below each other. Row vectors:
x (N, m), h (N, n); W (m, n), b (n,). `past` (N, K, n) is the memory, K the largest lag: past[:, 0] is h_{t-1}.
"""

from collections.abc import Callable, Sequence

import numpy as np


def lag_skip_step(
    x: np.ndarray,
    past: np.ndarray,
    W: np.ndarray,
    U: np.ndarray,
    b: np.ndarray,
    lags: Sequence[int],
    sigma: Callable = np.tanh,
) -> np.ndarray:
    """One step: x_t and the past hidden values give h_t."""
    x, past = np.asarray(x, dtype=np.float64), np.asarray(past, dtype=np.float64)
    n = W.shape[1]
    a = x @ W + b
    for place, lag in enumerate([1, *lags]):
        a = a + past[:, lag - 1] @ U[place * n : (place + 1) * n]
    return sigma(a)


def lag_skip_forward(
    x: np.ndarray,
    past: np.ndarray,
    W: np.ndarray,
    U: np.ndarray,
    b: np.ndarray,
    lags: Sequence[int],
    sigma: Callable = np.tanh,
) -> np.ndarray:
    """All steps of x (N, T, m) from past (N, K, n): h (N, T, n)."""
    N, T, _ = np.shape(x)
    hs = np.empty((N, T, W.shape[1]))
    for t in range(T):
        h = hs[:, t] = lag_skip_step(x[:, t], past, W, U, b, lags, sigma)
        past = np.concatenate([h[:, np.newaxis], past[:, :-1]], axis=1)
    return hs
