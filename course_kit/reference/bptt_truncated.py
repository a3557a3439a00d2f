"""Truncated backpropagation through time (slides D4.22-D4.24): every k1 steps, go back k2 steps.

After every k1 steps, and after the last, the losses of the steps since the time before are sent back, at most to
the k2-th step from the end; the state from which that step starts is held. So

    k2 = T or more      the full gradient, whatever k1
    k1 = 1, k2 = tau    every loss goes back through tau steps, its own among them
    k1 = k2 = k         pieces of k steps: the state is carried forward, the gradient is cut (slide D4.23); a last,
                        shorter piece still goes back k steps, and so into the piece before it

k2 must be at least k1, or the losses of some steps would reach no weight at all.

R. J. Williams and J. Peng, "An Efficient Gradient-Based Algorithm for On-Line Training of Recurrent Network
Trajectories", Neural Computation 2 (1990), 490-501, call it BPTT(h; h') with h = k2 and h' = k1.
"""

from collections.abc import Callable

import numpy as np

STARTS = {"h0": "h", "c0": "c"}  # a start, and the series whose step before a window is the window's start


def windows(T: int, k1: int, k2: int) -> list[tuple[int, int, int]]:
    """(start, first, stop) for each way back: it covers steps start to stop - 1, with the losses from `first` on.

    >>> windows(5, 2, 3)
    [(0, 0, 2), (1, 2, 4), (2, 4, 5)]
    """
    if not 1 <= k1 <= k2:
        raise ValueError(f"k1 must be at least 1 and k2 at least k1. Got k1={k1} and k2={k2}.")
    stops = [min(first + k1, T) for first in range(0, T, k1)]
    return [(max(0, stop - k2), first, stop) for first, stop in zip(range(0, T, k1), stops, strict=True)]


def windowed(cache: dict, start: int, stop: int) -> dict:
    """The cache of the steps start to stop - 1 alone; their start is the state that the full run had there."""
    inside = {name: value[:, start:stop] if value.ndim == 3 else value for name, value in cache.items()}
    if start > 0:
        inside |= {name: cache[series][:, start - 1] for name, series in STARTS.items() if name in cache}
    return inside


def truncated(gradients: Callable, error: np.ndarray, cache: dict, k1: int, k2: int) -> dict[str, np.ndarray]:
    """The truncated gradients by the names that `gradients` gives, summed over the windows.

    `gradients(error, cache)` is the full one, `bptt.gradients`, `bptt.layer_gradients` or `bptt_lstm.gradients`,
    and `error` (N, T, ...) what that takes. A step that no window reaches gets zeros, and so does a start.
    """
    T = error.shape[1]
    total = {}
    for start, first, stop in windows(T, k1, k2):
        own = error[:, start:stop].copy()
        own[:, : first - start] = 0.0  # the losses before `first` were sent back by an earlier window
        for name, part in gradients(own, windowed(cache, start, stop)).items():
            if name in STARTS:
                part = part if start == 0 else np.zeros_like(part)
            elif name == "x":
                part, whole = np.zeros_like(cache["x"]), part
                part[:, start:stop] = whole
            total[name] = total.get(name, 0.0) + part
    return total
