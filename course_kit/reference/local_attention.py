"""The attention window (slides D1.25, D1.26): every step a weighted mean of its neighbours.

    o_k = sum over i of a_i h_{k+i-n},  i = 0 ... w - 1

Centred: w = 2n + 1. Causal: n = w - 1, so that the last term is h_k. A step outside the sequence, or masked, is
left out and the other weights divided by their sum ("renormalise"), or is a zero vector ("zeros").

h (T, m), one sequence; valid (T,); a (w,), or content weights: the softmax over the window of h_k . h_j / sqrt(m),
with Q and K (m, d) of (h_k Q) . (h_j K) / sqrt(d).
"""

import numpy as np

from course_kit.reference.activations import softmax


def fixed_window(
    h: np.ndarray, a: np.ndarray, causal: bool = False, borders: str = "renormalise", valid: np.ndarray | None = None
) -> np.ndarray:
    """The window with the same weights a (w,) at every step; the output of a masked step is zero."""
    return _window(h, len(a), causal, borders, valid, lambda k, seen: np.asarray(a, dtype=np.float64))


def content_window(
    h: np.ndarray,
    w: int,
    causal: bool = False,
    borders: str = "renormalise",
    valid: np.ndarray | None = None,
    Q: np.ndarray | None = None,
    K: np.ndarray | None = None,
) -> np.ndarray:
    """The window of w steps with weights from the states themselves, which differ from step to step."""
    Q, K = (np.eye(np.shape(h)[1]) if kernel is None else kernel for kernel in (Q, K))
    h = np.asarray(h, dtype=np.float64)

    def weights(k, seen):
        scores = [(h[k] @ Q) @ (vector @ K) / np.sqrt(K.shape[1]) for vector in seen.values()]
        a = np.zeros(w)
        a[list(seen)] = softmax(scores)
        return a

    return _window(h, w, causal, borders, valid, weights)


def _window(h, w, causal, borders, valid, weights) -> np.ndarray:
    """The mean at every step; `weights(k, seen)` gets the places of the window that count, and what is there."""
    h = np.asarray(h, dtype=np.float64)
    T, m = h.shape
    valid = np.ones(T, dtype=bool) if valid is None else valid
    first = w - 1 if causal else w // 2
    o = np.zeros((T, m))
    for k in range(T):
        if not valid[k]:
            continue
        seen = {}
        for i in range(w):
            j = k + i - first
            if 0 <= j < T and valid[j]:
                seen[i] = h[j]
            elif borders == "zeros":
                seen[i] = np.zeros(m)
        a = weights(k, seen)
        total = sum(a[i] for i in seen)
        o[k] = sum(a[i] / total * vector for i, vector in seen.items())
    return o
