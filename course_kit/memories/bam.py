"""Bidirectional associative memory: pairs of patterns, each of which recalls the other."""

import warnings

import numpy as np
from sklearn.base import BaseEstimator
from sklearn.exceptions import ConvergenceWarning
from sklearn.utils import check_array, check_consistent_length
from sklearn.utils.validation import check_is_fitted

from course_kit.memories.units import LOW, bipolar, checked, positive_integer, threshold, two_valued


class BAM(BaseEstimator):
    r"""A bidirectional associative memory: two layers of units, either of which can be the input.

    Slide: D2.7 "Двунаправленная ассоциативная память (BAM)".

    The slide is prose: a variety of Hopfield's network with two layers, each of which can take the input and recall
    what belongs to it in the other. With pairs $(a_\mu, b_\mu)$ of rows of $\pm 1$ that is

    $$M = \sum_\mu a_\mu^T b_\mu, \qquad b \leftarrow \mathrm{sgn}(a M), \quad a \leftarrow \mathrm{sgn}(b M^T),
    \qquad E = -a M b^T$$

    to and fro until nothing changes; a unit whose sum is 0 keeps its value. No step raises E, whatever M is. It is
    Hopfield's network on $[a, b]$ with the coupling $\begin{pmatrix}0 & M\\ M^T & 0\end{pmatrix}$: same energy, same
    rests.

    With `coding="binary"` the units are 1 and 0, as in Kosko's example; M is made of -1 and 1 all the same.

    Args:
        coding: `"bipolar"` for -1 and 1, `"binary"` for 0 and 1, in all that goes in and comes out.
        max_sweeps: how often the signal goes to and fro at most.

    Attributes:
        coupling_: $M$, (n, p).
        n_features_in_: n.

    Parameters:
        None that a gradient trains; $np$ couplings.

    Source:
        B. Kosko, "Bidirectional Associative Memories", IEEE Transactions on Systems, Man, and Cybernetics 18 (1988),
        49-60.

    Example:

    >>> a, b = [[1, 0, 1, 0, 1, 0], [1, 1, 1, 0, 0, 0]], [[1, 1, 0, 0], [1, 0, 1, 0]]
    >>> memory = BAM(coding="binary").fit(a, b)
    >>> [row.tolist() for row in memory.recall([[0, 1, 1, 0, 0, 0]])]  # near the first side of the second pair
    [[[1, 1, 1, 0, 0, 0]], [[1, 0, 1, 0]]]
    >>> memory.energy(a, b).tolist()
    [-6.0, -6.0]
    """

    def __init__(self, coding="bipolar", max_sweeps=100):
        self.coding = coding
        self.max_sweeps = max_sweeps

    def fit(self, X, y) -> "BAM":
        """Store the pairs of rows of X (P, n) and y (P, p)."""
        a = checked(self, X, self.coding, reset=True)
        b = self._second(y, reset=True)
        check_consistent_length(a, b)
        self.coupling_ = bipolar(a, self.coding).T @ bipolar(b, self.coding)
        return self

    def recall(self, X=None, y=None) -> tuple[np.ndarray, np.ndarray]:
        """Where the signal settles, both sides of it, as integers.

        Args:
            X: what one layer starts with, (N, n); or None.
            y: what the other starts with, (N, p); or None. Of two, X speaks first. A layer that starts with nothing has
                its units off.
        """
        check_is_fitted(self, "coupling_")
        if X is None and y is None:
            raise ValueError("recall needs X or y to start from. Got neither.")
        M, low = self.coupling_, LOW[self.coding]
        a, b = None if X is None else checked(self, X, self.coding), None if y is None else self._second(y)
        if a is None:
            a = threshold(b @ M.T, np.full((len(b), len(M)), float(low)), low)
        if b is None:
            b = np.full((len(a), M.shape[1]), float(low))
        check_consistent_length(a, b)
        for _ in range(positive_integer("max_sweeps", self.max_sweeps)):
            last_a, last_b = a, b
            b = threshold(a @ M, b, low)
            a = threshold(b @ M.T, a, low)
            if np.array_equal(a, last_a) and np.array_equal(b, last_b):
                break
        else:
            warnings.warn(f"a pair still moves after {self.max_sweeps} sweeps.", ConvergenceWarning, stacklevel=2)
        return a.astype(int), b.astype(int)

    def predict(self, X) -> np.ndarray:
        """What X (N, n) recalls on the other side: (N, p)."""
        return self.recall(X)[1]

    def energy(self, X, y) -> np.ndarray:
        """E of the pairs of rows of X (N, n) and y (N, p): (N,)."""
        check_is_fitted(self, "coupling_")
        a, b = checked(self, X, self.coding), self._second(y)
        check_consistent_length(a, b)
        return -np.einsum("ni,ij,nj->n", a, self.coupling_, b)

    def _second(self, y, reset: bool = False) -> np.ndarray:
        b = check_array(y, dtype=np.float64, input_name="y")
        two_valued(b, self.coding, "y")
        if not reset and b.shape[1] != self.coupling_.shape[1]:
            raise ValueError(f"y must have {self.coupling_.shape[1]} columns, as in fit. Got {b.shape[1]}.")
        return b
