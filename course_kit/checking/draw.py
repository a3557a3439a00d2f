"""Random inputs dealt from a seed: the same seed, exercise and case always deal the same numbers."""

import zlib

import numpy as np


class Draw:
    """Deals the inputs of one case.

    Args:
        seed: int, the seed of the run. A student's own check uses 0; an instructor keeps theirs secret.
        exercise: str, the id, so that two exercises are not dealt the same numbers.
        case: str, the name of the case, for the same reason.

    Example:
        >>> Draw(0, "E08.1", "values").normal(2).round(3).tolist() == Draw(
        ...     0, "E08.1", "values").normal(2).round(3).tolist()
        True
    """

    def __init__(self, seed: int, exercise: str, case: str):
        # crc32, not hash(): Python's string hash changes from process to process.
        self.rng = np.random.default_rng([seed, zlib.crc32(exercise.encode()), zlib.crc32(case.encode())])

    def normal(self, *shape: int, scale: float = 1.0) -> np.ndarray:
        """Float64 array of normal numbers with standard deviation ``scale``."""
        return scale * self.rng.standard_normal(shape)

    def uniform(self, low: float, high: float, *shape: int) -> np.ndarray:
        """Float64 array of numbers between ``low`` and ``high``."""
        return self.rng.uniform(low, high, shape)

    def integer(self, low: int, high: int) -> int:
        """One integer from ``low`` to ``high``, both included."""
        return int(self.rng.integers(low, high + 1))

    def integers(self, low: int, high: int, *shape: int) -> np.ndarray:
        """Integer array with entries from ``low`` to ``high``, both included."""
        return self.rng.integers(low, high + 1, shape)

    def sizes(self, count: int = 2, low: int = 3, high: int = 7) -> tuple[int, ...]:
        """``count`` different sizes, none of them the batch size 2: with m != n a transposed matrix cannot pass."""
        return tuple(int(s) for s in low + self.rng.permutation(high - low + 1)[:count])

    def choice(self, options):
        """One of ``options``."""
        return options[self.integer(0, len(options) - 1)]

    def seed(self) -> int:
        """A seed to hand on, for example to an initialiser."""
        return self.integer(0, 2**31 - 1)
