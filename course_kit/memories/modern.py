"""The modern Hopfield network: continuous states, and one step of recall that is attention."""

import numbers
import warnings

import numpy as np
from scipy.special import logsumexp, softmax
from sklearn.base import BaseEstimator
from sklearn.exceptions import ConvergenceWarning
from sklearn.metrics.pairwise import euclidean_distances
from sklearn.utils.validation import check_is_fitted, validate_data

from course_kit.memories.units import one_of, positive_integer

STRAY = 1e-6  # with beta="auto", what the other patterns together weigh in the recall of a stored one


class ModernHopfield(BaseEstimator):
    r"""A Hopfield network with real-valued patterns: fit them, and `retrieve` gives the one that a query is nearest to.

    Slide: D2.6 "Нейронная сеть Хопфилда", thirty-five years on.

    With the patterns as rows of X, the state $\xi$ and the inverse temperature $\beta$,

    $$\xi \leftarrow \mathrm{softmax}(\beta\, \xi X^T) X, \qquad
    E = -\tfrac1\beta \ln \sum_\mu e^{\beta x_\mu \xi^T} + \tfrac12 \xi \xi^T$$

    and no step raises E. One step with `similarity="dot"` is attention with the patterns as keys and values:
    `keras.ops.dot_product_attention(query, X, X, scale=beta)`. There a long pattern draws more than a short one, and
    can draw the short one's own queries. `similarity="distance"`, the default, adds $-\tfrac12 \|x_\mu\|^2$ to each
    score, so that $-\tfrac\beta2 \|x_\mu - \xi\|^2$ decides; for patterns of one length, as all of -1 and 1 are, the
    two are the same.

    With `beta="auto"` $\beta$ is just so large that in the recall of any stored pattern the others weigh less than a
    millionth together. A small $\beta$ gives averages of patterns that are near each other, 0 the mean of all.

    Args:
        beta: $\beta$, a positive number, or `"auto"`.
        similarity: `"distance"` or `"dot"`.
        max_iter: steps after which recall stops at the latest.
        tol: recall stops when no number of a state moves by more than this.

    Attributes:
        patterns_: X, (P, n).
        beta_: $\beta$.
        n_features_in_: n.

    Parameters:
        None that a gradient trains; the $Pn$ numbers of the patterns.

    Source:
        H. Ramsauer et al., "Hopfield Networks is All You Need", ICLR 2021 (arXiv 2008.02217), equations 2 and 3; the
        form with distances is our own choice, a case of B. Millidge et al., "Universal Hopfield Networks", ICML 2022.

    Example:

    >>> patterns = np.array([[0.0, 0.2, 0.9], [0.5, 0.5, 0.5], [1.0, 0.1, 0.0]])
    >>> ModernHopfield().fit(patterns).retrieve([[0.9, 0.3, 0.1]]).round(3).tolist()
    [[1.0, 0.1, 0.0]]
    """

    def __init__(self, beta="auto", similarity="distance", max_iter=100, tol=1e-10):
        self.beta = beta
        self.similarity = similarity
        self.max_iter = max_iter
        self.tol = tol

    def fit(self, X, y=None) -> "ModernHopfield":
        """Store the patterns X (P, n); `y` is not used."""
        one_of("similarity", self.similarity, ("distance", "dot"))
        self.patterns_ = validate_data(self, X, dtype=np.float64)
        self.beta_ = self._sharp_enough() if isinstance(self.beta, str) else self._given()
        return self

    def _given(self) -> float:
        if isinstance(self.beta, numbers.Real) and not isinstance(self.beta, bool) and 0 < self.beta < np.inf:
            return float(self.beta)
        raise ValueError(f"beta must be a positive number or 'auto'. Got {self.beta!r}.")

    def _sharp_enough(self) -> float:
        if self.beta != "auto":
            return self._given()
        X = np.unique(self.patterns_, axis=0)
        if len(X) == 1:
            return 1.0
        own = np.eye(len(X), dtype=bool)
        if self.similarity == "distance":
            gap = euclidean_distances(X, squared=True)[~own].min() / 2
        else:
            scores = X @ X.T
            gap = (scores[own] - np.where(own, -np.inf, scores).max(axis=1)).min()
        if gap <= 0:
            rule = (
                "beta='auto' with similarity='dot' needs patterns that each have their largest product with themselves"
            )
            raise ValueError(f"{rule}. Got one that has a larger one with another: take similarity='distance'.")
        return float(np.log((len(X) - 1) / STRAY) / gap)

    def retrieve(self, X, steps: int | None = None) -> np.ndarray:
        """Where the queries X (N, n) settle, or where they are after so many `steps`; 1 is attention."""
        state = self._checked(X)
        for _ in range(
            positive_integer("max_iter", self.max_iter) if steps is None else positive_integer("steps", steps)
        ):
            last, state = state, softmax(self.beta_ * self._scores(state), axis=1) @ self.patterns_
            if steps is None and np.abs(state - last).max() <= self.tol:
                break
        else:
            if steps is None:
                warnings.warn(
                    f"a state still moves after max_iter = {self.max_iter} steps.", ConvergenceWarning, stacklevel=2
                )
        return state

    def energy(self, X) -> np.ndarray:
        """E of the states X (N, n): (N,), without the constants of the paper, which make it 0 or more."""
        state = self._checked(X)
        return -logsumexp(self.beta_ * self._scores(state), axis=1) / self.beta_ + np.sum(state**2, axis=1) / 2

    def _checked(self, X) -> np.ndarray:
        check_is_fitted(self, "patterns_")
        return validate_data(self, X, reset=False, dtype=np.float64)

    def _scores(self, state: np.ndarray) -> np.ndarray:
        """(N, P)."""
        bias = 0.0 if self.similarity == "dot" else -np.sum(self.patterns_**2, axis=1) / 2
        return state @ self.patterns_.T + bias
