"""Parameter counts the slow way: list the tensors of a network, multiply out each shape, add.

Every function returns the shapes of the weights, in the order in which Keras keeps them; ``parameters`` counts them.
m inputs, n units, o outputs, d numbers in a word vector; row vectors, so a kernel is (from, to).
"""

import math

Shape = tuple[int, ...]


def parameters(shapes: list[Shape]) -> int:
    """How many numbers tensors of these shapes hold."""
    return sum(math.prod(shape) for shape in shapes)


def gated(m: int, n: int, blocks: int, use_bias: bool = True) -> list[Shape]:
    """A cell of ``blocks`` layers side by side, each reading the inputs and the previous h."""
    return [(m, blocks * n), (n, blocks * n), *([(blocks * n,)] if use_bias else [])]


def simple_rnn(m: int, n: int, use_bias: bool = True) -> list[Shape]:
    return gated(m, n, 1, use_bias)


def lstm(m: int, n: int, use_bias: bool = True) -> list[Shape]:
    return gated(m, n, 4, use_bias)


def lstm1997(m: int, n: int) -> list[Shape]:
    """No forget gate."""
    return gated(m, n, 3)


def peephole_lstm(m: int, n: int) -> list[Shape]:
    """p_i, p_f and p_o: a number for each unit."""
    return [*lstm(m, n), (3, n)]


def gru(m: int, n: int, reset_after: bool, use_bias: bool = True) -> list[Shape]:
    """``reset_after`` is Keras' default, with one bias beside each kernel; without it the GRU of slide D1.23."""
    if reset_after and use_bias:
        return [(m, 3 * n), (n, 3 * n), (2, 3 * n)]
    return gated(m, n, 3, use_bias)


def jordan(m: int, n: int, o: int) -> list[Shape]:
    """The o outputs come back."""
    return [(m, n), (o, n), (n,), (n, o), (o,)]


def dense(m: int, n: int) -> list[Shape]:
    return [(m, n), (n,)]


def embedding(words: int, d: int) -> list[Shape]:
    return [(words, d)]


def conv_lstm2d(k1: int, k2: int, channels: int, filters: int) -> list[Shape]:
    """Without peepholes, as Keras has it."""
    return [(k1, k2, channels, 4 * filters), (k1, k2, filters, 4 * filters), (4 * filters,)]


def rntn(d: int) -> list[Shape]:
    """Recursive tensor network (Socher 2013, section 4.3) without classifier: V, W, b; two children make 2d."""
    return [(2 * d, 2 * d, d), (2 * d, d), (d,)]
