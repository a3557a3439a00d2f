"""Sums as sequences: decimal numbers added column by column, and the parity of all bits so far.

Tasks of the kind of sections 4.1 and 4.2 of N. Kalchbrenner, I. Danihelka, A. Graves, "Grid Long Short-Term Memory",
arXiv 1507.01526 (2015): parity of a row of bits, addition of numbers of 15 digits. There the sum is written after both
numbers were read; here a step shows one column of the sum and asks for its digit, so that what has to be kept is the
carry and what has to be computed within a step is a sum of digits.
"""

import numpy as np

from course_kit.datasets.sequences import Sequences, at_least, one_hot


def addition(count: int, digits: int = 8, numbers: int = 2, *, seed: int) -> Sequences:
    """``numbers`` decimal numbers below each other, last column first, and the digits of their sum.

    x is (N, digits, 10 * numbers), a one-hot digit for each number; y (N, digits, 10), the one-hot digit of the sum in
    that column. What would be carried beyond the last column is dropped.

    >>> task = addition(1, 3, seed=5)
    >>> a, b = (task.x[0, ::-1].reshape(3, 2, 10).argmax(axis=2).T).tolist()
    >>> a, b, task.y[0, ::-1].argmax(axis=1).tolist()
    ([4, 0, 6], [5, 8, 8], [9, 9, 4])
    """
    count, digits, numbers = at_least(1, count=count, digits=digits, numbers=numbers)
    columns = np.random.default_rng(seed).integers(10, size=(count, digits, numbers))
    carry, answer = np.zeros(count, dtype=int), np.empty((count, digits), dtype=int)
    for place in range(digits):
        carry, answer[:, place] = np.divmod(columns[:, place].sum(axis=1) + carry, 10)
    symbols = tuple(f"{digit} of number {k + 1}" for k in range(numbers) for digit in range(10))
    x = one_hot(columns, 10).reshape(count, digits, 10 * numbers)
    return Sequences(x, one_hot(answer, 10), np.full(count, digits), symbols, tuple("0123456789"))


def running_parity(count: int, steps: int = 10, bits: int = 4, *, seed: int) -> Sequences:
    """``bits`` random bits a step; the target is 1 where the number of ones so far, this step included, is odd.

    x is (N, steps, bits), y (N, steps, 1).

    >>> task = running_parity(1, 3, 2, seed=0)
    >>> task.x[0].astype(int).tolist(), task.y[0, :, 0].astype(int).tolist()
    ([[1, 1], [1, 0], [0, 0]], [0, 1, 1])
    """
    count, steps, bits = at_least(1, count=count, steps=steps, bits=bits)
    x = np.random.default_rng(seed).integers(2, size=(count, steps, bits)).astype(np.float32)
    y = np.cumsum(x.sum(axis=2), axis=1) % 2
    return Sequences(x, y[..., np.newaxis].astype(np.float32), np.full(count, steps))
