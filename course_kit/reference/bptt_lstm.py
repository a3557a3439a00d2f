"""Backpropagation through time by hand for the LSTM with a forget gate (slide D1.27), order i, f, c, o.

Forwards as in `course_kit.reference.lstm`. Backwards, with dh_t = dL/dh_t and dc_t = dL/dc_t over all ways:

    dh_t = (from above) + delta_{t+1} U^T
    dc_t = dh_t o_t (1 - tanh^2 c_t) + dc_{t+1} f_{t+1}          the second term is the carousel
    delta_t = [dc_t c_tilde_t i_t (1 - i_t),  dc_t c_{t-1} f_t (1 - f_t),
               dc_t i_t (1 - c_tilde_t^2),    dh_t tanh(c_t) o_t (1 - o_t)]
    dL/dW = sum_t x_t^T delta_t   dL/dU = sum_t h_{t-1}^T delta_t   dL/db = sum_t delta_t

Row vectors: x (N, T, m), h0 and c0 (N, n), all else over time (N, T, n), delta (N, T, 4n); W (m, 4n), U (n, 4n),
b (4n,). Sums also run over the N rows.
"""

import numpy as np

from course_kit.reference.bptt import previous
from course_kit.reference.lstm import lstm_gates, lstm_step


def forward(
    x: np.ndarray, h0: np.ndarray, c0: np.ndarray, W: np.ndarray, U: np.ndarray, b: np.ndarray
) -> tuple[np.ndarray, dict]:
    """h (N, T, n) and the cache that the way back needs: x, h0, c0, h, c, i, f, c_tilde, o, W, U."""
    series = {name: [] for name in ("i", "f", "c_tilde", "o", "h", "c")}
    h, c = h0, c0
    for t in range(x.shape[1]):
        gates = lstm_gates(x[:, t], h, W, U, b)
        h, c = lstm_step(x[:, t], h, c, W, U, b)
        for name, value in zip(series, (*gates, h, c), strict=True):
            series[name].append(value)
    over_time = {name: np.stack(values, axis=1) for name, values in series.items()}
    return over_time["h"], {"x": x, "h0": h0, "c0": c0, "W": W, "U": U, **over_time}


def errors_through_time(dh: np.ndarray, cache: dict) -> tuple[np.ndarray, np.ndarray]:
    """delta (N, T, 4n), what a change before the squashings does, and dc (N, T, n), what one of c_t does.

    `dh` (N, T, n) is dL/dh_t as it comes from above, that is without what goes through later steps.
    """
    i, f, c_tilde, o, c, U = (cache[name] for name in ("i", "f", "c_tilde", "o", "c", "U"))
    before = previous(c, cache["c0"])
    N, T, n = c.shape
    delta, dc = np.empty((N, T, 4 * n)), np.empty((N, T, n))
    later_h, later_c = np.zeros((N, n)), np.zeros((N, n))
    for t in reversed(range(T)):
        dh_t = dh[:, t] + later_h
        squashed = np.tanh(c[:, t])
        dc[:, t] = dh_t * o[:, t] * (1.0 - squashed**2) + later_c
        parts = (
            dc[:, t] * c_tilde[:, t] * i[:, t] * (1.0 - i[:, t]),
            dc[:, t] * before[:, t] * f[:, t] * (1.0 - f[:, t]),
            dc[:, t] * i[:, t] * (1.0 - c_tilde[:, t] ** 2),
            dh_t * squashed * o[:, t] * (1.0 - o[:, t]),
        )
        delta[:, t] = np.concatenate(parts, axis=1)
        later_h, later_c = delta[:, t] @ U.T, dc[:, t] * f[:, t]
    return delta, dc


def gradients(dh: np.ndarray, cache: dict) -> dict[str, np.ndarray]:
    """The gradients by name, W, U and b, and what the layer hands down and back: x, h0 and c0."""
    delta, dc = errors_through_time(dh, cache)
    return {
        "W": np.einsum("btm,btn->mn", cache["x"], delta),
        "U": np.einsum("btm,btn->mn", previous(cache["h"], cache["h0"]), delta),
        "b": delta.sum(axis=(0, 1)),
        "x": delta @ cache["W"].T,
        "h0": delta[:, 0] @ cache["U"].T,
        "c0": dc[:, 0] * cache["f"][:, 0],
    }
