"""Gate orders: the same four blocks stand in another order in almost every text and library.

A stacked array has the blocks side by side on its last axis: W (m, 4n), U (n, 4n), b (4n,). An order is a string
of four letters, one a block: "ifco" is Keras', "ifou" slide D3.18, "giof" slide D4.41. The candidate goes by
three names; c, g and u mean the same.

The slides that write [h, x] multiply from the left: M @ column, with M (n, n + m), the columns of h first.
"""

import numpy as np

CANDIDATE = str.maketrans("gu", "cc")


def reorder(stacked: np.ndarray, old: str, new: str) -> np.ndarray:
    """The blocks of `stacked`, which stand in the order `old`, in the order `new`.

    >>> reorder(np.array([1, 2, 3, 4]), "giof", "ifco").tolist()
    [2, 4, 1, 3]
    """
    old, new = old.translate(CANDIDATE), new.translate(CANDIDATE)
    blocks = dict(zip(old, np.split(np.asarray(stacked), 4, axis=-1), strict=True))
    return np.concatenate([blocks[letter] for letter in new], axis=-1)


def to_pair(M: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """A slide's M (n, n + m) for the column [h; x] as the pair W (m, n), U (n, n) for rows."""
    n = M.shape[0]
    return M[:, n:].T, M[:, :n].T


def to_concatenated(W: np.ndarray, U: np.ndarray) -> np.ndarray:
    """The pair W (m, n), U (n, n) as a slide's M (n, n + m)."""
    return np.vstack([U, W]).T
