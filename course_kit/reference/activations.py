"""The squashing functions that the lectures write as sigma, th and softmax."""

import numpy as np


def sigmoid(a: np.ndarray) -> np.ndarray:
    """Logistic function 1 / (1 + exp(-a)), without overflow for large negative a.

    >>> [round(float(s), 4) for s in sigmoid([-1000.0, 0.0, 2.0])]
    [0.0, 0.5, 0.8808]
    """
    a = np.asarray(a, dtype=np.float64)
    e = np.exp(-np.abs(a))  # in (0, 1] for either sign of a
    return np.where(a >= 0, 1.0, e) / (1.0 + e)


def softmax(a: np.ndarray, axis: int = -1) -> np.ndarray:
    """exp(a) divided by its sum along `axis`.

    >>> softmax([0.0, np.log(3.0)]).tolist()
    [0.25, 0.75]
    """
    a = np.asarray(a, dtype=np.float64)
    e = np.exp(a - a.max(axis=axis, keepdims=True))  # the shift cancels in the quotient
    return e / e.sum(axis=axis, keepdims=True)


def identity(a: np.ndarray) -> np.ndarray:
    """The linear unit: `a` itself."""
    return a
