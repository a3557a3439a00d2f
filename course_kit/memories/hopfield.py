"""Hopfield network: symmetric couplings, an energy that falls until a stored pattern is reached."""

import warnings
from dataclasses import dataclass

import numpy as np
from sklearn.base import BaseEstimator
from sklearn.exceptions import ConvergenceWarning
from sklearn.utils import check_random_state
from sklearn.utils.validation import check_is_fitted

from course_kit.memories.units import LOW, bipolar, checked, one_of, positive_integer, threshold

FIXED, CYCLE, UNSETTLED = "fixed point", "cycle of two", "max_sweeps"


@dataclass(frozen=True)
class Trajectory:
    """One state on its way.

    Args:
        states: (K + 1, n), the start and the state after each change.
        energies: (K + 1,), the energy of each.
        ended: "fixed point"; "cycle of two", which synchronous recall can reach; or "max_sweeps", if still moving.
    """

    states: np.ndarray
    energies: np.ndarray
    ended: str


class Hopfield(BaseEstimator):
    r"""A Hopfield network: learns patterns in one step, recalls the whole from a part or a noisy copy.

    Slide: D2.6 "Нейронная сеть Хопфилда".

    The slide is prose: all connections are symmetric, and the dynamics is sure to reach an equilibrium. With states
    $s_i = \pm 1$, patterns $\xi^\mu$ and thresholds $\theta_i$ that is

    $$s_i \leftarrow \mathrm{sgn}\Big(\sum_j w_{ij} s_j - \theta_i\Big), \qquad
    E = -\tfrac12 \sum_{i \ne j} w_{ij} s_i s_j + \sum_i \theta_i s_i$$

    and a unit whose sum is 0 keeps its value. The guarantee holds for units that change one after the other
    (`update="asynchronous"`, in an order drawn anew for each sweep), with $w_{ij} = w_{ji}$ and $w_{ii} \ge 0$: no
    change raises $E$. All at once (`"synchronous"`) two states may take turns for ever.

    Rules of learning: Hebb's, $W = \frac1n \sum_\mu \xi^\mu (\xi^\mu)^T$, recalls random patterns up to about
    0.138 n of them, with a few per cent of the units wrong near the end; `"pseudo_inverse"`, $W = \Xi^+ \Xi$, makes
    every set of fewer than n linearly independent patterns exact fixed points. Both without the diagonal, unless
    `self_coupling=True`.

    With `coding="binary"` the states are 0 and 1, as Hopfield has them; the couplings are the same, and the energy of
    $v = (s + 1)/2$ is that of $s$ under other thresholds, up to a constant and a factor of 4.

    Args:
        rule: `"hebb"` or `"pseudo_inverse"`.
        update: `"asynchronous"` or `"synchronous"`.
        coding: `"bipolar"` for -1 and 1, `"binary"` for 0 and 1, in all that goes in and comes out.
        threshold: $\theta$, one number or (n,).
        self_coupling: whether a unit sees itself.
        max_sweeps: how often each unit is visited at most.
        random_state: seed or generator of the orders of asynchronous recall.

    Attributes:
        coupling_: $W$, (n, n).
        threshold_: $\theta$, (n,).
        n_features_in_: n.

    Parameters:
        None that a gradient trains; $n(n - 1)/2$ free couplings and $n$ thresholds.

    Source:
        J. J. Hopfield, "Neural networks and physical systems with emergent collective computational abilities", PNAS 79
        (1982), 2554-2558; D. J. Amit, H. Gutfreund, H. Sompolinsky, Physical Review Letters 55 (1985), 1530-1533 (the
        0.138); L. Personnaz, I. Guyon, G. Dreyfus, Journal de Physique Lettres 46 (1985), L359-L365 (pseudo-inverse).

    Example:

    >>> patterns = np.array([[1, 1, 1, 1, -1, -1, -1, -1], [1, -1, 1, -1, 1, -1, 1, -1]])
    >>> memory = Hopfield(random_state=0).fit(patterns)
    >>> memory.recall([[1, 1, 1, -1, -1, -1, -1, -1]]).tolist()  # one unit of the first pattern is wrong
    [[1, 1, 1, 1, -1, -1, -1, -1]]
    >>> memory.energy(patterns).tolist()  # -(n - P)/2 each, as the two are orthogonal
    [-3.0, -3.0]
    """

    def __init__(
        self,
        rule="hebb",
        update="asynchronous",
        coding="bipolar",
        threshold=0.0,
        self_coupling=False,
        max_sweeps=100,
        random_state=None,
    ):
        self.rule = rule
        self.update = update
        self.coding = coding
        self.threshold = threshold
        self.self_coupling = self_coupling
        self.max_sweeps = max_sweeps
        self.random_state = random_state

    def fit(self, X, y=None) -> "Hopfield":
        """Store the patterns X (P, n); `y` is not used."""
        one_of("rule", self.rule, ("hebb", "pseudo_inverse"))
        xi = bipolar(checked(self, X, self.coding, reset=True), self.coding)
        coupling = xi.T @ xi / xi.shape[1] if self.rule == "hebb" else np.linalg.pinv(xi) @ xi
        if not self.self_coupling:
            np.fill_diagonal(coupling, 0.0)
        return self._take(coupling)

    def couple(self, coupling) -> "Hopfield":
        """Take these couplings (n, n) in place of learned ones, symmetric or not."""
        coupling = np.array(coupling, dtype=np.float64)
        if coupling.ndim != 2 or coupling.shape[0] != coupling.shape[1]:
            raise ValueError(f"coupling must be a square matrix. Got the shape {coupling.shape}.")
        self.n_features_in_ = len(coupling)
        return self._take(coupling)

    def _take(self, coupling: np.ndarray) -> "Hopfield":
        theta, n = np.asarray(self.threshold, dtype=np.float64), len(coupling)
        if theta.shape not in ((), (n,)):
            raise ValueError(f"threshold must be one number or {n}, one for each unit. Got the shape {theta.shape}.")
        self.coupling_, self.threshold_ = coupling, np.broadcast_to(theta, (n,)).copy()
        return self

    def recall(self, X) -> np.ndarray:
        """Where the states X (N, n) settle, as integers."""
        states = self._start(X)
        ended = self._settle(states)
        if ended != FIXED:
            what = {CYCLE: "a state takes turns with another", UNSETTLED: "a state is still moving"}[ended]
            warnings.warn(f"{what}: {self.update} recall ended by {ended!r}.", ConvergenceWarning, stacklevel=2)
        return states.astype(int)

    def trajectory(self, x) -> Trajectory:
        """The way of one state x (n,)."""
        state = self._start(np.asarray(x)[np.newaxis])
        states = [state[0].copy()]
        ended = self._settle(state, changes=states)
        return Trajectory(np.array(states).astype(int), self.energy(states), ended)

    def energy(self, X) -> np.ndarray:
        """E of each of the states X (N, n): (N,)."""
        s = self._start(X)
        return -np.einsum("ni,ij,nj->n", s, self.coupling_, s) / 2 + s @ self.threshold_

    def _start(self, X) -> np.ndarray:
        check_is_fitted(self, "coupling_")
        return checked(self, X, self.coding).copy()

    def _settle(self, s: np.ndarray, changes: list | None = None) -> str:
        """Visit all units of the states s (N, n), in place, again and again until they rest; say how that ended."""
        one_of("update", self.update, ("asynchronous", "synchronous"))
        all_at_once, low = self.update == "synchronous", LOW[self.coding]
        units = np.arange(s.shape[1])
        rng = check_random_state(self.random_state)
        before, last = None, s.copy()
        for _ in range(positive_integer("max_sweeps", self.max_sweeps)):
            for visited in [units] if all_at_once else rng.permutation(units)[:, np.newaxis]:
                old = s[:, visited]
                s[:, visited] = threshold(s @ self.coupling_[visited].T - self.threshold_[visited], old, low)
                if changes is not None and (s[:, visited] != old).any():
                    changes.append(s[0].copy())
            if np.array_equal(s, last):
                return FIXED
            if all_at_once and before is not None and np.array_equal(s, before):
                return CYCLE
            before, last = last, s.copy()
        return UNSETTLED
