"""When a training has exploded (slide D4.20), read off its log.

Step t is bad if its loss or its gradient norm is not finite, or if at least ENOUGH steps came before it and the norm
is more than FACTOR times the median of the norms of the WINDOW steps before it. A norm that rises slowly takes its
median along and is never bad; one that jumps and stays up is bad once.
"""

import numpy as np

FACTOR, WINDOW, ENOUGH = 10.0, 50, 5


def first_bad_step(loss: np.ndarray, norm: np.ndarray) -> int:
    """The first bad step of a log, counted from 0; -1 if there is none. `loss` and `norm` are (steps,).

    >>> first_bad_step(np.ones(8), np.array([1.0, 1.2, 0.9, 1.1, 1.0, 1.3, 40.0, 0.8]))
    6
    """
    for t, (value, length) in enumerate(zip(loss, norm, strict=True)):
        if not (np.isfinite(value) and np.isfinite(length)):
            return t
        before = np.sort(norm[max(0, t - WINDOW) : t])
        if len(before) < ENOUGH:
            continue
        middle = 0.5 * (before[(len(before) - 1) // 2] + before[len(before) // 2])
        if length > FACTOR * middle:
            return t
    return -1
