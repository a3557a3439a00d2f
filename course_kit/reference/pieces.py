"""A sequence in pieces of k steps (slides D4.22-D4.24, D1.27): the state is carried forward, the gradient is cut.

Piece p covers the steps p k to p k + k - 1, the last one as many as are left. A loss reaches the steps of its own
piece up to its own step, and no others. `bptt_truncated` with k1 = k2 = k is the same but for a last, shorter piece,
which goes back k steps there and stops at its own start here.
"""

import numpy as np

from course_kit.reference import bptt
from course_kit.reference.bptt_truncated import windowed


def pieces(T: int, k: int) -> list[tuple[int, int]]:
    """(start, stop) of each piece.

    >>> pieces(7, 3)
    [(0, 3), (3, 6), (6, 7)]
    """
    return [(start, min(start + k, T)) for start in range(0, T, k)]


def gradients_in_pieces(delta_y: np.ndarray, cache: dict, k: int) -> dict[str, np.ndarray]:
    """The five gradients of `bptt.gradients`, each piece by itself, added up."""
    total: dict[str, np.ndarray] = {}
    for start, stop in pieces(delta_y.shape[1], k):
        for name, part in bptt.gradients(delta_y[:, start:stop], windowed(cache, start, stop)).items():
            total[name] = total.get(name, 0.0) + part
    return total


def reaches(T: int, k: int) -> np.ndarray:
    """Entry [t, s] says whether the loss of step t sends a gradient to step s: (T, T), booleans.

    >>> reaches(3, 2).astype(int).tolist()
    [[1, 0, 0], [1, 1, 0], [0, 0, 1]]
    """
    t, s = np.arange(T)[:, None], np.arange(T)
    return (s <= t) & (s // k == t // k)
