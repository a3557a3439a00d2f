"""What the exercises of notebook 19 share: a small character LSTM dealt from a seed, and what it computes."""

import numpy as np

from course_kit.reference.activations import softmax
from course_kit.reference.lstm import lstm_forward

NAMES = ("E", "W", "U", "b", "V", "b_y")


def weights(draw, S: int, d: int, n: int, inputs: int | None = None) -> tuple[np.ndarray, ...]:
    """E (inputs or S, d), W (d, 4n), U (n, 4n), b (4n,), V (n, S), b_y (S,): lively, and not saturated."""
    return (
        draw.normal(inputs or S, d),
        draw.normal(d, 4 * n, scale=0.8),
        draw.normal(n, 4 * n, scale=0.8),
        draw.normal(4 * n, scale=0.5),
        draw.normal(n, S, scale=2.0),
        draw.normal(S, scale=0.5),
    )


def logits_of(ids: np.ndarray, p: tuple, h0: np.ndarray | None = None, c0: np.ndarray | None = None) -> np.ndarray:
    """Logits (N, T, S) of the next symbol for ids (N, T), from a state of zeros if none is given."""
    E, W, U, b, V, b_y = p
    zeros = np.zeros((len(ids), len(U)))
    h, _ = lstm_forward(E[ids], zeros if h0 is None else h0, zeros if c0 is None else c0, W, U, b)
    return h @ V + b_y


def probabilities_of(ids: np.ndarray, p: tuple) -> np.ndarray:
    """P (T, S) of the next symbol after each of ids (T,), read once from zeros."""
    return softmax(logits_of(ids[None], p)[0])
