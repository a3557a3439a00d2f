"""Three ways to clip a gradient (slide D4.21). A gradient is a list of arrays, one for each weight.

    by value        every entry into [-theta, theta]          turns the direction
    by norm         g min(1, theta / ||g||), array by array   keeps the direction of each array
    by global norm  the same with the norm of all together    keeps the direction of the whole

R. Pascanu, T. Mikolov and Y. Bengio, "On the difficulty of training recurrent neural networks", arXiv 1211.5063
(2013), section 3.2, take the last.
"""

import numpy as np


def clip_by_value(gradients: list[np.ndarray], theta: float) -> list[np.ndarray]:
    """Every entry into [-theta, theta].

    >>> clip_by_value([np.array([3.0, -0.5])], 1.0)[0].tolist()
    [1.0, -0.5]
    """
    return [np.clip(g, -theta, theta) for g in gradients]


def clip_by_norm(gradients: list[np.ndarray], theta: float) -> list[np.ndarray]:
    """Each array to a norm of at most theta.

    >>> [g.tolist() for g in clip_by_norm([np.array([3.0, 4.0]), np.array([0.5])], 2.5)]
    [[1.5, 2.0], [0.5]]
    """
    return [clip_by_global_norm([g], theta)[0] for g in gradients]


def clip_by_global_norm(gradients: list[np.ndarray], theta: float) -> list[np.ndarray]:
    """All arrays by one factor, so that their joint norm is at most theta.

    >>> [g.tolist() for g in clip_by_global_norm([np.array([3.0]), np.array([4.0])], 2.5)]
    [[1.5], [2.0]]
    """
    norm = global_norm(gradients)
    factor = theta / norm if norm > theta else 1.0
    return [g * factor for g in gradients]


def global_norm(gradients: list[np.ndarray]) -> float:
    """The length of all arrays laid end to end."""
    return float(np.sqrt(sum(np.square(g).sum() for g in gradients)))
