"""What the last state of a layer owes to the input of every step (slides D1.14, D4.27): d h_T/d x_t.

    Elman:  dh_T/dx_t = (J_T ... J_{t+1}) diag(1 - h_t^2) W^T       with the Jacobians of `jacobians`
    LSTM:   row k is what `bptt_lstm.gradients` hands down to x when dL/dh_T is 1 for unit k and 0 else

Entry [a, b] is the change of unit a for a change of input b: (N, T, n, m).
"""

import numpy as np

from course_kit.reference import bptt_lstm
from course_kit.reference.jacobians import elman_jacobians


def elman_sensitivity(h: np.ndarray, U: np.ndarray, W: np.ndarray) -> np.ndarray:
    """dh_T/dx_t for every step (N, T, n, m), from h (N, T, n), U (n, n) and W (m, n)."""
    steps, later = elman_jacobians(h, U), np.eye(h.shape[-1])
    found = np.empty((*h.shape, len(W)))
    for t in reversed(range(h.shape[1])):
        found[:, t] = later @ ((1.0 - h[:, t] ** 2)[..., None] * W.T)
        later = later @ steps[:, t]
    return found


def lstm_sensitivity(cache: dict) -> np.ndarray:
    """dh_T/dx_t for every step (N, T, n, m), from the cache of `bptt_lstm.forward`."""
    h = cache["h"]
    rows = []
    for unit in range(h.shape[-1]):
        dh = np.zeros_like(h)
        dh[:, -1, unit] = 1.0
        rows.append(bptt_lstm.gradients(dh, cache)["x"])
    return np.stack(rows, axis=2)


def norms_over_time(sensitivity: np.ndarray) -> np.ndarray:
    """The Frobenius norm of each of the matrices, the root of the sum of all squares: (N, T)."""
    return np.sqrt((sensitivity**2).sum(axis=(-2, -1)))
