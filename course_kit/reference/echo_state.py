"""Echo state network (slide D2.10): a reservoir that nobody trains, and a read-out by ridge regression.

    h_t = (1 - a) h_{t-1} + a tanh(x_t W + h_{t-1} U + b)
    y_t = h_t V + b_y,  V = (H'H + ridge I)^-1 H'Y over the centred states H and targets Y of all steps but the first

Row vectors: x (N, m), h (N, n), y (N, o); W (m, n), U (n, n), b (n,), V (n, o), b_y (o,); a is the leak, in (0, 1].
"""

from collections.abc import Callable

import numpy as np


def echo_state_step(
    x: np.ndarray,
    h: np.ndarray,
    W: np.ndarray,
    U: np.ndarray,
    b: np.ndarray,
    leak: float = 1.0,
    sigma_h: Callable = np.tanh,
) -> np.ndarray:
    """One step: the input x_t and the previous h give h_t."""
    x, h = np.asarray(x, dtype=np.float64), np.asarray(h, dtype=np.float64)
    return (1 - leak) * h + leak * sigma_h(x @ W + h @ U + b)


def echo_state_forward(
    x: np.ndarray,
    h0: np.ndarray,
    W: np.ndarray,
    U: np.ndarray,
    b: np.ndarray,
    leak: float = 1.0,
    sigma_h: Callable = np.tanh,
) -> np.ndarray:
    """All steps of x (N, T, m) from h0 (N, n): h (N, T, n)."""
    N, T, _ = np.shape(x)
    hs = np.empty((N, T, np.shape(U)[0]))
    h = h0
    for t in range(T):
        h = echo_state_step(x[:, t], h, W, U, b, leak, sigma_h)
        hs[:, t] = h
    return hs


def ridge_read_out(features: np.ndarray, targets: np.ndarray, ridge: float) -> tuple[np.ndarray, np.ndarray]:
    """Rows of features (K, n) and targets (K, o) give V (n, o) and b_y (o,), from the normal equations."""
    middle, aim = np.mean(features, axis=0), np.mean(targets, axis=0)
    H, Y = features - middle, targets - aim
    V = np.linalg.inv(H.T @ H + ridge * np.eye(H.shape[1])) @ (H.T @ Y)
    return V, aim - middle @ V
