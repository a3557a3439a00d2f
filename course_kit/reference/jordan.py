"""Jordan network (slides D1.5, D2.9): the output is fed back.

    h_t = sigma_h(x_t W + c_t U + b_h)
    y_t = sigma_y(h_t V + b_y)
    c_{t+1} = alpha c_t + y_t

c is the context, as wide as the output. The slides' formula is alpha = 0, where c_t = y_{t-1}; the link of
the context units to themselves, which slide D2.9 names in words only, is alpha > 0.

Row vectors: x (N, m), h (N, n), y and c (N, o); W (m, n), U (o, n), b_h (n,), V (n, o), b_y (o,).
"""

from collections.abc import Callable

import numpy as np

from course_kit.reference.activations import identity


def jordan_step(
    x: np.ndarray,
    y: np.ndarray,
    W: np.ndarray,
    U: np.ndarray,
    b_h: np.ndarray,
    V: np.ndarray,
    b_y: np.ndarray,
    sigma_h: Callable = np.tanh,
    sigma_y: Callable = identity,
) -> tuple[np.ndarray, np.ndarray]:
    """One step: the input x_t and the previous output y (or the context c_t) give (y_t, h_t)."""
    x, y = np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64)
    h = sigma_h(x @ W + y @ U + b_h)  # (N, n)
    y = sigma_y(h @ V + b_y)  # (N, o)
    return y, h


def jordan_forward(
    x: np.ndarray,
    y0: np.ndarray,
    W: np.ndarray,
    U: np.ndarray,
    b_h: np.ndarray,
    V: np.ndarray,
    b_y: np.ndarray,
    sigma_h: Callable = np.tanh,
    sigma_y: Callable = identity,
    context_decay: float = 0.0,
) -> tuple[np.ndarray, np.ndarray]:
    """All steps of x (N, T, m) from y0 (N, o): y (N, T, o) and h (N, T, n).

    `y0` is what the first step sees as its context; `context_decay` is alpha.
    """
    N, T, _ = np.shape(x)
    ys, hs = np.empty((N, T, V.shape[1])), np.empty((N, T, V.shape[0]))
    context = np.asarray(y0, dtype=np.float64)
    for t in range(T):
        y, h = jordan_step(x[:, t], context, W, U, b_h, V, b_y, sigma_h, sigma_y)
        ys[:, t], hs[:, t] = y, h
        context = context_decay * context + y
    return ys, hs
