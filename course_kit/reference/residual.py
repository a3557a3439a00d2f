"""Recurrent network with a skip connection around each step (slide D4.25).

    F_t = tanh(x_t W + h_{t-1} U + b),  h_t = h_{t-1} + alpha F_t
    dh_t/dh_{t-1} = I + alpha diag(1 - F_t^2) U^T

Row vectors: x (N, m), h (N, n); W (m, n), U (n, n), b (n,). Entry [a, b] of a Jacobian is the change of the new
state's entry a for a change of the old one's entry b.
"""

import numpy as np


def residual_step(
    x: np.ndarray, h: np.ndarray, W: np.ndarray, U: np.ndarray, b: np.ndarray, alpha: float = 1.0
) -> np.ndarray:
    """One step: x_t and h_{t-1} give h_t."""
    return h + alpha * np.tanh(x @ W + h @ U + b)


def residual_forward(
    x: np.ndarray, h0: np.ndarray, W: np.ndarray, U: np.ndarray, b: np.ndarray, alpha: float = 1.0
) -> np.ndarray:
    """All steps of x (N, T, m) from h0 (N, n): h (N, T, n)."""
    hs, h = np.empty((*x.shape[:2], len(U))), h0
    for t in range(x.shape[1]):
        h = hs[:, t] = residual_step(x[:, t], h, W, U, b, alpha)
    return hs


def residual_jacobians(h: np.ndarray, h0: np.ndarray, U: np.ndarray, alpha: float = 1.0) -> np.ndarray:
    """dh_t/dh_{t-1} for every step, (N, T, n, n), from the states alone: F_t is what a step has added."""
    F = np.diff(h, axis=1, prepend=h0[:, None]) / alpha
    return np.eye(len(U)) + alpha * (1.0 - F**2)[..., None] * U.T
