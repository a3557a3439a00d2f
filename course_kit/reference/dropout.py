"""Inverted dropout (slide D3.24), and dropout in a recurrent network (slide D2.18).

    training    y = keep * x / (1 - p),  keep 1 with probability 1 - p, else 0
    inference   y = x

In time, with masks for the input and for the state that comes back:

    h_t = tanh((k_t * x_t / (1 - p_x)) @ W + (r_t * h_{t-1} / (1 - p_h)) @ U + b)

k (N, T, m) and r (N, T, n). Keras deals one mask for each sequence, the same at all steps.

N. Srivastava and others, "Dropout: a simple way to prevent neural networks from overfitting", JMLR 15 (2014), scale by
1 - p at inference instead; section 10 of it mentions the inverted form, which is Keras'.
"""

import numpy as np


def inverted_dropout(x: np.ndarray, keep: np.ndarray, p: float) -> np.ndarray:
    """x in training with the entries of keep == 0 dropped.

    >>> inverted_dropout(np.array([1.0, 2.0, 4.0]), np.array([1, 0, 1]), 0.2).tolist()
    [1.25, 0.0, 5.0]
    """
    return np.where(keep == 0, 0.0, x / (1 - p))


def masks_in_time(u: np.ndarray, p: float, fresh: bool) -> np.ndarray:
    """0 or 1 for each entry of u (N, T, m), uniform numbers from [0, 1): kept where u >= p.

    fresh: a new mask at each step; else that of the first step at all steps.
    """
    chosen = u if fresh else np.stack([u[:, 0]] * u.shape[1], axis=1)
    return (chosen >= p).astype(float)


def elman_dropout(
    x: np.ndarray,
    h0: np.ndarray,
    W: np.ndarray,
    U: np.ndarray,
    b: np.ndarray,
    keep_x: np.ndarray,
    p_x: float,
    keep_h: np.ndarray,
    p_h: float,
) -> np.ndarray:
    """All h (N, T, n) of the network above from h0 (N, n)."""
    h, hs = h0, []
    for t in range(x.shape[1]):
        seen, back = inverted_dropout(x[:, t], keep_x[:, t], p_x), inverted_dropout(h, keep_h[:, t], p_h)
        h = np.tanh(seen @ W + back @ U + b)
        hs.append(h)
    return np.stack(hs, axis=1)
