"""The parameter counts of the lectures, as functions.

Letters: m inputs, n units, o outputs, d numbers in a word vector, v words in the vocabulary, C input channels, F
filters, k1 and k2 the sides of a convolution's kernel. Biases are counted unless switched off.
"""

import operator
from collections.abc import Callable, Sequence

from course_kit.params.expression import Expression


def simple_rnn(m: int, n: int, use_bias: bool = True) -> int:
    """Slide D1.6: one kernel from the inputs, one from the units' own past, one bias.

    >>> simple_rnn(5, 7)
    91
    """
    m, n = whole(m=m, n=n)
    return n**2 + m * n + (n if use_bias else 0)


def lstm(m: int, n: int, use_bias: bool = True) -> int:
    """Slide D1.21: four times a SimpleRNN, for i, f, c and o.

    >>> lstm(5, 7)
    364
    """
    m, n = whole(m=m, n=n)
    return 4 * (n**2 + m * n + (n if use_bias else 0))


def gru(m: int, n: int, *, reset_after: bool, use_bias: bool = True) -> int:
    """Slide D1.23 with ``reset_after=False``; the Keras default, with a second bias vector, with ``reset_after=True``.

    >>> gru(4, 5, reset_after=False), gru(4, 5, reset_after=True)
    (150, 165)
    """
    m, n = whole(m=m, n=n)
    biases = (2 * n if reset_after else n) if use_bias else 0
    return 3 * (n**2 + m * n + biases)


def elman(m: int, n: int, o: int, use_bias: bool = True) -> int:
    """Elman's network (1990): a SimpleRNN and its read-out to o outputs.

    >>> elman(5, 7, 2)
    107
    """
    m, n, o = whole(m=m, n=n, o=o)
    return n**2 + m * n + n * o + (n + o if use_bias else 0)


def jordan(m: int, n: int, o: int, use_bias: bool = True) -> int:
    """Jordan's network (1986): what comes back is the output, so the recurrent kernel is (o, n) and n^2 is nowhere.

    >>> jordan(5, 7, 2)
    72
    """
    m, n, o = whole(m=m, n=n, o=o)
    return m * n + 2 * n * o + (n + o if use_bias else 0)


def lstm1997(
    m: int, n: int, use_bias: bool | str = True, *, b: int | None = None, gate_recurrence: bool = False
) -> int:
    """The LSTM of 1997: no forget gate, so three blocks and not four.

    With b memory blocks the n cells have 2b gates between them; with gate recurrence everything also sees the gates;
    with ``use_bias="gates"`` the cells have no bias.

    >>> lstm1997(5, 7)
    273
    >>> lstm1997(8, 4, b=2, gate_recurrence=True)
    136
    """
    m, n = whole(m=m, n=n)
    if b is None and not gate_recurrence:
        return 3 * (n**2 + m * n + (n if use_bias is True else 0)) + (2 * n if use_bias == "gates" else 0)
    gates = 2 * n if b is None else 2 * whole(b=b)[0]
    hidden = 3 * n if b is None else n + gates
    biases = {True: hidden, "gates": gates, False: 0}[use_bias]
    return hidden * (m + (hidden if gate_recurrence else n)) + biases


def peephole_lstm(m: int, n: int, use_bias: bool = True) -> int:
    """Slide D1.22: an LSTM whose three gates see the cell state, each unit its own: three vectors more, not matrices.

    >>> peephole_lstm(5, 7)
    385
    """
    return lstm(m, n, use_bias) + 3 * n


def lag_skip(m: int, n: int, K: int, use_bias: bool = True) -> int:
    """Slide D4.25, read as links that skip time steps: a kernel for the step before and one for each of K lags.

    >>> lag_skip(5, 7, 1)
    140
    """
    m, n, K = whole(m=m, n=n, K=K)
    return m * n + (1 + K) * n**2 + (n if use_bias else 0)


def bidirectional(one_direction: int) -> int:
    """Slide D1.24: two layers that share nothing.

    >>> bidirectional(lstm(5, 7))
    728
    """
    (one_direction,) = whole(one_direction=one_direction)
    return 2 * one_direction


def stacked(layer: Callable[[int, int], int], m: int, units: Sequence[int]) -> int:
    """Layers on top of each other: the n of one is the m of the next.

    >>> stacked(lstm, 5, [7, 3]) == lstm(5, 7) + lstm(7, 3)
    True
    """
    if not units:
        raise ValueError("units must name at least one layer. Got none.")
    return sum(layer(below, n) for below, n in zip([m, *units], units, strict=False))


def dense(m: int, n: int, use_bias: bool = True) -> int:
    """One kernel and one bias.

    >>> dense(100, 1)
    101
    """
    m, n = whole(m=m, n=n)
    return m * n + (n if use_bias else 0)


def embedding(v: int, d: int) -> int:
    """A row of d numbers for each of v words. No inputs in it: a word is a row number.

    >>> embedding(5000, 32)
    160000
    """
    v, d = whole(v=v, d=d)
    return v * d


def conv(C: int, F: int, *sides: int, use_bias: bool = True) -> int:
    """A convolution with a kernel of the given sides, the same one at every place.

    >>> conv(2, 4, 3, 3)
    76
    """
    C, F, *sides = whole(C=C, F=F, **{f"k{i}": side for i, side in enumerate(sides, 1)})
    patch = 1
    for side in sides:
        patch = patch * side
    return F * (patch * C + (1 if use_bias else 0))


def conv_lstm2d(C: int, F: int, k1: int, k2: int, use_bias: bool = True) -> int:
    """An LSTM whose products are convolutions: C + F channels into each of four blocks of F filters, no peepholes.

    >>> conv_lstm2d(2, 4, 3, 3)
    880
    """
    C, F, k1, k2 = whole(C=C, F=F, k1=k1, k2=k2)
    return 4 * F * (k1 * k2 * (C + F) + (1 if use_bias else 0))


def rntn(d: int, use_bias: bool = True) -> int:
    """The recursive tensor network (Socher 2013, section 4.3) without its classifier.

    One (2d, d) matrix for the two children together, and for each of the d numbers of the parent a (2d, 2d) slice.

    >>> rntn(3)
    129
    """
    (d,) = whole(d=d)
    return 4 * d**3 + 2 * d**2 + (d if use_bias else 0)


def layer_normalization(m: int, scale: bool = True, center: bool = True) -> int:
    """A gain and a shift for each of m features.

    >>> layer_normalization(6)
    12
    """
    (m,) = whole(m=m)
    return (int(scale) + int(center)) * m


def batch_normalization(m: int, scale: bool = True, center: bool = True) -> int:
    """A gain and a shift that are trained, a running mean and variance that are not: 2m of these 4m are not trainable.

    >>> batch_normalization(6)
    24
    """
    (m,) = whole(m=m)
    return (int(scale) + int(center) + 2) * m


def whole(**values: object) -> list:
    """The values as Python integers, or the rule that one of them breaks. The letters of a formula pass unchanged."""
    return [value if isinstance(value, Expression) else _whole(name, value) for name, value in values.items()]


def _whole(name: str, value: object) -> int:
    try:
        number = operator.index(value)
    except TypeError:
        number = 0
    if number < 1 or isinstance(value, bool):
        raise ValueError(f"{name} must be a positive integer. Got {value!r}.")
    return number
