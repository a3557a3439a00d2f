"""Copying: say again what was read, bit by bit or after a long wait."""

import numpy as np

from course_kit.datasets.sequences import Sequences, at_least, filled, one_hot


def copy(count: int, bits: int = 8, longest: int = 20, shortest: int = 1, *, seed: int) -> Sequences:
    """The copy task of the Neural Turing Machine: read random bit vectors, then a mark, then write them down.

    A. Graves, G. Wayne, I. Danihelka, "Neural Turing Machines", arXiv:1410.5401 (2014), section 4.1: eight bits, 1 to
    20 vectors; longer ones test what was learned. x has a column more, for the mark. A sequence of L vectors has
    2L + 1 steps: the vectors, the mark, L steps without input in which y (N, T, bits) holds the vectors again. y is 0
    in the steps before, and `answering` says which steps count.
    """
    count, bits, shortest = at_least(1, count=count, bits=bits, shortest=shortest)
    (longest,) = at_least(shortest, longest=longest)
    rng = np.random.default_rng(seed)
    inputs, outputs = [], []
    for length in rng.integers(shortest, longest, size=count, endpoint=True):
        x, y = np.zeros((2 * length + 1, bits + 1)), np.zeros((2 * length + 1, bits))
        x[:length, :bits] = y[length + 1 :] = rng.integers(2, size=(length, bits))
        x[length, bits] = 1
        inputs.append(x)
        outputs.append(y)
    x, lengths = filled(inputs)
    return Sequences(x, filled(outputs)[0], lengths)


def answering(task: Sequences) -> np.ndarray:
    """(N, T), True in the steps of `copy` in which the answer is asked: a mask for losses and scores."""
    step = np.arange(task.x.shape[1])
    return (step > task.lengths[:, np.newaxis] // 2) & task.mask


def copy_memory(count: int, delay: int = 100, *, seed: int) -> Sequences:
    """The copying memory problem: ten symbols, a long wait, then the same ten.

    M. Arjovsky, A. Shah, Y. Bengio, "Unitary Evolution Recurrent Neural Networks", ICML 2016, section 4.1, after
    Hochreiter & Schmidhuber 1997: the first ten steps are symbols among a_0 ... a_7, then ``delay`` - 1 blanks, the
    mark, ten blanks: ``delay`` + 20 steps in all. The target is blank for ``delay`` + 10 steps, then the ten symbols.
    Whoever remembers nothing can reach a cross-entropy of 10 ln(8)/(``delay`` + 20), and no less.
    """
    count, delay = at_least(1, count=count, delay=delay)
    rng = np.random.default_rng(seed)
    blank, mark = 8, 9
    read = rng.integers(8, size=(count, 10))
    x, y = np.full((2, count, delay + 20), blank)
    x[:, :10], x[:, delay + 9], y[:, -10:] = read, mark, read
    symbols = (*(f"a{i}" for i in range(8)), "blank", "mark")
    return Sequences(one_hot(x, 10), one_hot(y, 10), np.full(count, delay + 20), symbols, symbols)
