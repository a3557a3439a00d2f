"""Backpropagation through time by hand (slides D1.10-D1.12, D4.11-D4.18): an Elman network read out at every step.

    a_t = x_t W + h_{t-1} U + b_h,  h_t = tanh(a_t),  y_t = sigma_y(h_t V + b_y),  L = sum_t L_t

and backwards, where delta_y_t = dL_t/d(h_t V + b_y) and delta_h_t = dL/da_t:

    delta_h_t = (delta_y_t V^T + delta_h_{t+1} U^T) (1 - h_t^2),  nothing comes from beyond the last step
    dL/dW = sum_t x_t^T delta_h_t   dL/dU = sum_t h_{t-1}^T delta_h_t   dL/db_h = sum_t delta_h_t
    dL/dV = sum_t h_t^T delta_y_t   dL/db_y = sum_t delta_y_t

Row vectors: x (N, T, m), h0 (N, n), h and delta_h (N, T, n), y and delta_y (N, T, o); W (m, n), U (n, n),
b_h (n,), V (n, o), b_y (o,). Sums also run over the N rows. Each step of a "T" axis is a term L_t of the loss.
"""

from collections.abc import Callable

import numpy as np

from course_kit.reference.activations import identity
from course_kit.reference.elman import elman_forward


def forward(
    x: np.ndarray,
    h0: np.ndarray,
    W: np.ndarray,
    U: np.ndarray,
    b_h: np.ndarray,
    V: np.ndarray,
    b_y: np.ndarray,
    sigma_y: Callable = identity,
) -> tuple[np.ndarray, dict]:
    """y (N, T, o) and the cache that the way back needs: x, h0, h, W, U, V."""
    y, h = elman_forward(x, h0, W, U, b_h, V, b_y, sigma_y=sigma_y)
    return y, {"x": x, "h0": h0, "h": h, "W": W, "U": U, "V": V}


def squared_error(y: np.ndarray, target: np.ndarray) -> np.ndarray:
    """L_t, shape (T,): half the squared distance, summed over rows and outputs."""
    return 0.5 * ((y - target) ** 2).sum(axis=(0, 2))


def cross_entropy(y: np.ndarray, target: np.ndarray) -> np.ndarray:
    """L_t, shape (T,): minus the log of the probability that `y` gives to `target` (one-hot), summed over rows."""
    return -(target * np.log(y)).sum(axis=(0, 2))


def output_error(y: np.ndarray, target: np.ndarray) -> np.ndarray:
    """delta_y, for squared error on a linear read-out and for cross-entropy on a softmax alike."""
    return y - target


def errors_through_time(delta_y: np.ndarray, h: np.ndarray, U: np.ndarray, V: np.ndarray) -> np.ndarray:
    """delta_h (N, T, n): what a change of a_t does to all losses from t on."""
    N, T, n = h.shape
    delta_h = np.empty((N, T, n))
    later = np.zeros((N, n))  # delta_h_{t+1}
    for t in reversed(range(T)):
        dh = delta_y[:, t] @ V.T + later @ U.T  # (N, n), dL/dh_t
        delta_h[:, t] = later = dh * (1.0 - h[:, t] ** 2)
    return delta_h


def previous(h: np.ndarray, h0: np.ndarray) -> np.ndarray:
    """h_{t-1} for every t (N, T, n): h0 first, the last state left out."""
    return np.concatenate([h0[:, None], h[:, :-1]], axis=1)


def gradients(delta_y: np.ndarray, cache: dict) -> dict[str, np.ndarray]:
    """The five gradients of L = sum_t L_t, by name: W, U, b_h, V, b_y."""
    x, h = cache["x"], cache["h"]
    delta_h = errors_through_time(delta_y, h, cache["U"], cache["V"])
    return {
        "W": np.einsum("btm,btn->mn", x, delta_h),
        "U": np.einsum("btm,btn->mn", previous(h, cache["h0"]), delta_h),
        "b_h": delta_h.sum(axis=(0, 1)),
        "V": np.einsum("btn,bto->no", h, delta_y),
        "b_y": delta_y.sum(axis=(0, 1)),
    }


def layer_gradients(dh: np.ndarray, cache: dict) -> dict[str, np.ndarray]:
    """What a layer without read-out gives back for dh_t = dL/dh_t from above (N, T, n): W, U, b_h, x, h0."""
    x, h, U = cache["x"], cache["h"], cache["U"]
    delta_h = errors_through_time(dh, h, U, np.eye(len(U)))
    return {
        "W": np.einsum("btm,btn->mn", x, delta_h),
        "U": np.einsum("btm,btn->mn", previous(h, cache["h0"]), delta_h),
        "b_h": delta_h.sum(axis=(0, 1)),
        "x": delta_h @ cache["W"].T,
        "h0": delta_h[:, 0] @ U.T,
    }


def step_gradients(delta_y: np.ndarray, cache: dict) -> dict[str, np.ndarray]:
    """The five gradients of each L_t by itself, along a first axis of length T."""
    T = delta_y.shape[1]
    alone = [gradients(np.where(np.arange(T)[:, None] == t, delta_y, 0.0), cache) for t in range(T)]
    return {name: np.stack([g[name] for g in alone]) for name in alone[0]}


def path_contributions(delta_y: np.ndarray, cache: dict, t: int) -> np.ndarray:
    """dL_t/dU split by the step k at which U was used: (t + 1, n, n), k = 0 first.

    Entry k carries the Jacobians of the steps k+1 .. t, so entry t carries none.
    """
    h, U = cache["h"], cache["U"]
    before = previous(h, cache["h0"])
    dh = delta_y[:, t] @ cache["V"].T  # (N, n), dL_t/dh_k, first for k = t
    parts = np.empty((t + 1, *U.shape))
    for k in reversed(range(t + 1)):
        da = dh * (1.0 - h[:, k] ** 2)
        parts[k] = before[:, k].T @ da
        dh = da @ U.T
    return parts


def printed_formula(delta_y: np.ndarray, cache: dict) -> np.ndarray:
    """What slide D1.12 prints for the recurrent kernel: only the last step's loss enters. Shape (n, n)."""
    return path_contributions(delta_y, cache, delta_y.shape[1] - 1).sum(axis=0)


def state_derivatives(h: np.ndarray, h0: float, u: float) -> tuple[np.ndarray, np.ndarray]:
    """dh_t/du of a net with one unit, twice: immediate (h_{t-1} held) and total. h, and both results, are (T,).

    >>> immediate, total = state_derivatives(np.array([0.5, 0.6]), 0.2, 0.8)
    >>> immediate.round(4).tolist(), total.round(4).tolist()
    ([0.15, 0.32], [0.15, 0.3968])
    """
    immediate = np.append(h0, h[:-1]) * (1.0 - h**2)
    total = immediate.copy()
    for t in range(1, len(h)):
        total[t] += u * (1.0 - h[t] ** 2) * total[t - 1]
    return immediate, total


def central_differences(function: Callable, w: np.ndarray, step: float = 1e-5) -> np.ndarray:
    """(function(w + step) - function(w - step)) / (2 step), entry by entry of `w`.

    A number gives an array of `w`'s shape; an array, such as L_t (T,), keeps its own axes in front.

    >>> central_differences(lambda w: (w**3).sum(), np.array([1.0, 2.0])).round(6).tolist()
    [3.0, 12.0]
    """
    w = np.asarray(w, dtype=np.float64)
    slopes = []
    for index in np.ndindex(w.shape):
        there, back = w.copy(), w.copy()
        there[index] += step
        back[index] -= step
        slopes.append((np.asarray(function(there)) - np.asarray(function(back))) / (2.0 * step))
    slopes = np.stack(slopes, axis=-1)
    return slopes.reshape(slopes.shape[:-1] + w.shape)
