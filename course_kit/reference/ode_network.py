r"""A system of differential equations recast as a recurrent network (slides D1.7-D1.9).

A layer of n tanh units is fitted to a vector field, and the units themselves become the state:

    s' = g(s) + f(t)                      s (d,), the system
    g(s) ~ tanh(s A + b) C                A (d, n), b (n,), C (n, d)
    u = s A + b                           (n,), the units' arguments
    u' = tanh(u) U + f(t) W               U = C A (n, n) of rank d, W = A (d, n)
    s = (u - b) A^+                       A^+ the pseudo-inverse of A

The last two lines follow from the second without approximation; all error is in the fit. If C is fitted to the step
s(t) -> s(t + dt) in place of the field, the same recast gives an Elman network with W = dt A, U = C A, b_h = b, V = C.

K. Funahashi, Y. Nakamura, "Approximation of dynamical systems by continuous time recurrent neural networks", Neural
Networks 6 (1993), 801-806; T. W. S. Chow, X.-D. Li, "Modeling of continuous time dynamical systems with input by
recurrent neural networks", IEEE Transactions on Circuits and Systems I 47 (2000), 575-578; A. P. Trischler,
G. M. T. D'Eleuterio, "Synthesis of recurrent neural networks for dynamical system simulation", arXiv:1512.05702.
"""

from dataclasses import dataclass

import numpy as np

from course_kit.reference.integrators import Field, rk4


@dataclass(frozen=True)
class OdeNetwork:
    """s' = tanh(s A + b) C + f(t), and the recurrent network that it is.

    Args:
        A, b, C: arrays (d, n), (n,), (n, d).

    Example:
        >>> import numpy as np
        >>> spring = lambda s: s @ np.array([[0.0, -1.0], [1.0, 0.0]])  # x' = v, v' = -x
        >>> network = OdeNetwork.fit(spring, low=[-2, -2], high=[2, 2], units=40)
        >>> network.kernels()[1].shape
        (40, 40)
        >>> path = network.simulate(np.array([[1.0, 0.0]]), dt=np.pi / 50, steps=100)  # one turn
        >>> bool(np.abs(path[0, -1] - path[0, 0]).max() < 1e-4)
        True
    """

    A: np.ndarray
    b: np.ndarray
    C: np.ndarray

    @classmethod
    def fit(cls, g: Field, low, high, units: int, seed: int = 0, samples: int = 2000) -> "OdeNetwork":
        """Fit ``g`` on the box from ``low`` to ``high``: random units, read-out by least squares.

        Args:
            g: function (N, d) -> (N, d).
            low, high: sequences of d floats, opposite corners of the box.
            units: int, n.
            samples: int, points of the box at which ``g`` is asked.
        """
        rng = np.random.default_rng(seed)
        A, b = random_units(units, low, high, rng)
        s = rng.uniform(low, high, (samples, len(A)))
        return cls(A, b, fit_output(s, g(s), A, b))

    def field(self, s: np.ndarray) -> np.ndarray:
        """tanh(s A + b) C for s (..., d)."""
        return np.tanh(s @ self.A + self.b) @ self.C

    def kernels(self) -> tuple[np.ndarray, np.ndarray]:
        """W (d, n) and U (n, n) of u' = tanh(u) U + f(t) W."""
        return self.A, self.C @ self.A

    def hidden(self, s: np.ndarray) -> np.ndarray:
        """u (..., n) of the states s (..., d)."""
        return s @ self.A + self.b

    def state(self, u: np.ndarray) -> np.ndarray:
        """s (..., d) of the hidden u (..., n): the least-squares solution of s A = u - b."""
        return (u - self.b) @ np.linalg.pinv(self.A)

    def simulate(self, s: np.ndarray, dt: float, steps: int, force: np.ndarray | None = None) -> np.ndarray:
        """Run the recurrent network from s (N, d); returns states (N, steps + 1, d).

        ``force`` (2 steps + 1, d) is sampled at half steps.
        """
        W, U = self.kernels()
        u = rk4(lambda u: np.tanh(u) @ U, self.hidden(s), dt, steps, None if force is None else force @ W)
        return self.state(u)

    def elman(self, dt: float = 1.0) -> tuple[np.ndarray, ...]:
        """W, U, b_h, V, b_y of the Elman network whose step from h = tanh(s A + b) is this network's ``field``.

        For a network that was fitted to s(t) -> s(t + dt). Its input is the force, held for one step.
        """
        return dt * self.A, self.C @ self.A, self.b, self.C, np.zeros(self.C.shape[1])


def random_units(n: int, low, high, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """A (d, n) and b (n,): each unit bends across the box, at a random place in a random direction."""
    low, high = np.asarray(low, dtype=np.float64), np.asarray(high, dtype=np.float64)
    direction = rng.standard_normal((len(low), n))
    direction /= np.linalg.norm(direction, axis=0)
    A = direction * rng.uniform(0.3, 1.0, n) * 2 / (high - low)[:, None]
    bends_at = rng.uniform(low, high, (n, len(low)))
    return A, -(bends_at * A.T).sum(axis=1)


def fit_output(s: np.ndarray, values: np.ndarray, A: np.ndarray, b: np.ndarray) -> np.ndarray:
    """C (n, d) that brings tanh(s A + b) C nearest to ``values`` (N, d) at the points s (N, d)."""
    return np.linalg.lstsq(np.tanh(s @ A + b), values, rcond=None)[0]
