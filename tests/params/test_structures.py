"""Counts of trees, attention windows and the Neural Turing Machine: formula, tensors and what Keras builds."""

import keras
import pytest

from course_kit import layers, params
from course_kit.cells import NTMCell
from course_kit.params.expression import Letter
from tests.params.models import drawn
from tests.params.printed import value_of

L = keras.layers
SYSTEMS = {
    "recursive": lambda m, n, o, bias: layers.RecursiveNetwork(m, use_bias=bias),
    "tensor": lambda m, n, o, bias: layers.RecursiveTensorNetwork(m, use_bias=bias),
    "child-sum": lambda m, n, o, bias: layers.ChildSumTreeLSTM(n, use_bias=bias),
    "N-ary": lambda m, n, o, bias: layers.NaryTreeLSTM(n, o, use_bias=bias),
    "uniform window": lambda m, n, o, bias: layers.LocalAttention(2 * n + 1),
    "given window": lambda m, n, o, bias: layers.LocalAttention(1, [1.0]),
    "learned window": lambda m, n, o, bias: layers.LocalAttention(2 * n + 1, "learned"),
    "content window": lambda m, n, o, bias: layers.LocalAttention(n, "content", True),
    "content window with keys": lambda m, n, o, bias: layers.LocalAttention(n, "content", True, key_dim=o),
    "NTM": lambda m, n, o, bias: L.RNN(NTMCell(n, o, use_bias=bias)),
    "NTM with several heads": lambda m, n, o, bias: L.RNN(
        NTMCell(n, o, 5, m, read_heads=2, write_heads=3, shift_range=2, use_bias=bias)
    ),
    "Bidirectional NTM": lambda m, n, o, bias: L.Bidirectional(layers.NTM(n, o, use_bias=bias)),
}


@pytest.mark.parametrize("name", SYSTEMS)
@pytest.mark.parametrize("seed", range(4))
def test_the_count_is_what_keras_builds(name, seed):
    """Value, every tensor, and both printed formulas, before and after the layer is built."""
    m, n, o, bias = drawn(seed)
    m, n, o = m % 9 + 1, n % 8 + 1, o % 7 + 1  # the tensor has m^3 numbers
    before, layer = params.count(SYSTEMS[name](m, n, o, bias), inputs=m), SYSTEMS[name](m, n, o, bias)
    layer.build((None, 6, m))
    counted = params.count(layer)

    assert counted == before
    assert counted.value == layer.count_params()
    assert [tensor.shape for tensor in counted.tensors] == [tuple(weight.shape) for weight in layer.weights]
    assert [tensor.name.split("/")[-1] for tensor in counted.tensors] == [weight.name for weight in layer.weights]
    assert value_of(counted.formula, counted.numbers) == value_of(counted.put_in, {}) == counted.value
    for tensor in counted.tensors:
        sides = tensor.symbol[1:-1].rstrip(",").split(", ")
        assert tuple(value_of(side, counted.numbers) for side in sides) == tensor.shape


@pytest.mark.parametrize(
    ("obtained", "expected"),
    [
        (params.recursive(7), 105),
        (params.recursive(25), 1275),
        (params.rntn(25), 63_775),  # of these 4 * 25^3 = 62 500 in the tensor
        (params.nary_tree_lstm(300, 150, 2), 4 * 300 * 150 + 10 * 150**2 + 600),
        (params.nary_tree_lstm(5, 7, 1), 364),  # the LSTM's
        (params.ntm(9, 100, 8, M=20, use_bias=False), 4 * 100 * 129 + 100 * (26 + 66) + 8 * 120),
    ],
)
def test_the_formulas_give_the_numbers(obtained, expected):
    """Worked out here by hand."""
    assert obtained == expected


def test_the_formulas_print():
    """The symbols of the docstrings."""
    m, n, o, d, M, N, R, W, s = (Letter(name) for name in ("m", "n", "o", "d", "M", "N", "R", "W", "s"))

    assert str(params.recursive(d)) == "2d^2 + d"
    assert str(params.nary_tree_lstm(m, n, N)) == "4(mn + n) + (3N + N^2)n^2"
    assert str(params.ntm(m, n, o, M, R, W, s)) == (
        "4(n^2 + mn + RMn + n) + (n + 1)(R(M + 2s + 4) + W(3M + 2s + 4)) + o(n + RM + 1)"
    )


def test_the_rows_of_the_memory_are_not_in_the_count():
    """Four or four hundred."""
    few, many = (params.count(NTMCell(7, 2, slots), inputs=5) for slots in (4, 400))

    assert few.value == many.value
    assert "The number of rows of the memory is not in the count" in few.note
    assert "M = 8 numbers per row of the memory, R = 1 read heads" in str(few)
