"""Elman network (slides D1.5, D2.8): the hidden state is fed back.

    h_t = sigma_h(x_t W + h_{t-1} U + b_h)
    y_t = sigma_y(h_t V + b_y)

Row vectors: x (N, m), h (N, n), y (N, o); W (m, n), U (n, n), b_h (n,), V (n, o), b_y (o,).
"""

from collections.abc import Callable

import numpy as np

from course_kit.reference.activations import identity


def elman_step(
    x: np.ndarray,
    h: np.ndarray,
    W: np.ndarray,
    U: np.ndarray,
    b_h: np.ndarray,
    V: np.ndarray,
    b_y: np.ndarray,
    sigma_h: Callable = np.tanh,
    sigma_y: Callable = identity,
) -> tuple[np.ndarray, np.ndarray]:
    """One step: the input x_t and the previous h give (y_t, h_t)."""
    x, h = np.asarray(x, dtype=np.float64), np.asarray(h, dtype=np.float64)
    h = sigma_h(x @ W + h @ U + b_h)  # (N, n)
    y = sigma_y(h @ V + b_y)  # (N, o)
    return y, h


def elman_forward(
    x: np.ndarray,
    h0: np.ndarray,
    W: np.ndarray,
    U: np.ndarray,
    b_h: np.ndarray,
    V: np.ndarray,
    b_y: np.ndarray,
    sigma_h: Callable = np.tanh,
    sigma_y: Callable = identity,
) -> tuple[np.ndarray, np.ndarray]:
    """All steps of x (N, T, m) from h0 (N, n): y (N, T, o) and h (N, T, n)."""
    N, T, _ = np.shape(x)
    ys, hs = np.empty((N, T, V.shape[1])), np.empty((N, T, V.shape[0]))
    h = h0
    for t in range(T):
        y, h = elman_step(x[:, t], h, W, U, b_h, V, b_y, sigma_h, sigma_y)
        ys[:, t], hs[:, t] = y, h
    return ys, hs
