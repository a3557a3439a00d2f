"""The slide formulas, without Keras: numbers from the literature, symbols, rules for the arguments."""

import subprocess
import sys

import numpy as np
import pytest

from course_kit import params
from course_kit.params.expression import Letter, html, latex
from tests.params.printed import value_of

m, n, o, d, v, C, F, k1, k2 = (Letter(name) for name in ("m", "n", "o", "d", "v", "C", "F", "k1", "k2"))


@pytest.mark.parametrize(
    ("obtained", "expected"),
    [
        # m = 5, n = 7, o = 2 throughout: the table of counts in the reference text on cells, section 3.0
        (params.simple_rnn(5, 7), 91),
        (params.elman(5, 7, 2), 107),
        (params.jordan(5, 7, 2), 72),
        (params.lstm1997(5, 7), 273),
        (params.lstm(5, 7), 364),
        (params.peephole_lstm(5, 7), 385),
        (params.gru(5, 7, reset_after=False, use_bias=False), 252),
        (params.gru(5, 7, reset_after=False), 273),
        (params.gru(5, 7, reset_after=True), 294),
        (params.lag_skip(5, 7, 1), 140),
        (params.bidirectional(params.lstm(5, 7)), 728),
        (params.conv_lstm2d(2, 4, 3, 3), 880),
        # LSTM of 1997, Table 10: tasks 1-1, 2c-1, 3a, 4-1 and 6b, with o weights from each cell and biases of outputs
        (params.lstm1997(7, 4, "gates", gate_recurrence=True) + 7 * 4, 264),
        (params.lstm1997(54, 2, False, gate_recurrence=True) + 2 * 2, 364),
        (params.lstm1997(1, 3, gate_recurrence=True) + 1 * 3, 102),
        (params.lstm1997(2, 4, b=2, gate_recurrence=True) + 1 * 4 + 1, 93),
        (params.lstm1997(8, 6, b=3, gate_recurrence=True) + 8 * 6 + 8, 308),
        # m = 4, n = 5: the question of tensorflow#43960
        (params.gru(4, 5, reset_after=False), 150),
        (params.gru(4, 5, reset_after=True), 165),
        # the model of the wiki text (D2.17-19): 5000 words of 32 numbers, 100 units, one output
        (params.embedding(5000, 32), 160_000),
        (params.lstm(32, 100), 53_200),
        (params.embedding(5000, 32) + params.lstm(32, 100) + params.dense(100, 1), 213_301),
        # the Keras example imdb_lstm: 20000 words of 128 numbers, 128 units, one output
        (params.embedding(20_000, 128) + params.lstm(128, 128) + params.dense(128, 1), 2_691_713),
    ],
)
def test_the_formulas_give_the_numbers_of_the_literature(obtained, expected):
    """The worked numbers were found elsewhere and are written out here."""
    assert obtained == expected


@pytest.mark.parametrize(
    ("symbol", "printed"),
    [
        (params.simple_rnn(m, n), "n^2 + mn + n"),
        (params.lstm(m, n), "4(n^2 + mn + n)"),
        (params.lstm(m, n, use_bias=False), "4(n^2 + mn)"),
        (params.lstm1997(m, n), "3(n^2 + mn + n)"),
        (params.lstm1997(m, n, b=Letter("b"), gate_recurrence=True), "(n + 2b)(m + n + 2b) + n + 2b"),
        (params.lag_skip(m, n, Letter("K")), "mn + (1 + K)n^2 + n"),
        (params.gru(m, n, reset_after=False), "3(n^2 + mn + n)"),
        (params.gru(m, n, reset_after=True), "3(n^2 + mn + 2n)"),
        (params.elman(m, n, o), "n^2 + mn + no + n + o"),
        (params.jordan(m, n, o), "mn + 2no + n + o"),
        (params.peephole_lstm(m, n), "4(n^2 + mn + n) + 3n"),
        (params.bidirectional(params.lstm(m, n)), "2·4(n^2 + mn + n)"),
        (params.stacked(params.lstm, m, [Letter("n1"), Letter("n2")]), "4(n1^2 + m n1 + n1) + 4(n2^2 + n1 n2 + n2)"),
        (params.conv_lstm2d(C, F, k1, k2), "4F(k1 k2(C + F) + 1)"),
        (params.conv(C, F, k1, k2, use_bias=False), "F k1 k2 C"),
        (params.rntn(d), "4d^3 + 2d^2 + d"),
        (params.embedding(v, d), "vd"),
        (params.batch_normalization(m), "4m"),
    ],
)
def test_a_formula_called_with_letters_prints_as_on_the_slide(symbol, printed):
    """The symbol comes from the same line of code as the number."""
    assert str(symbol) == printed


def test_every_printed_formula_has_the_value_of_its_function():
    """The printed text, worked out by itself, gives what the function gives."""
    rng = np.random.default_rng(5)
    for _ in range(50):
        numbers = dict(zip(("m", "n", "o", "k1", "k2"), map(int, rng.integers(1, 60, 5)), strict=True))
        a, b, c, i, j = numbers.values()
        for symbol, number in (
            (params.elman(m, n, o), params.elman(a, b, c)),
            (params.jordan(m, n, o, use_bias=False), params.jordan(a, b, c, use_bias=False)),
            (params.gru(m, n, reset_after=True), params.gru(a, b, reset_after=True)),
            (params.peephole_lstm(m, n), params.peephole_lstm(a, b)),
            (params.conv_lstm2d(m, n, k1, k2), params.conv_lstm2d(a, b, i, j)),
            (params.rntn(m), params.rntn(a)),
        ):
            assert value_of(str(symbol), numbers) == number


def test_latex_and_html_raise_and_lower_the_digits():
    """Exponents go up, the number of a letter goes down."""
    assert latex("2·4(n1^2 + m n1)") == r"2 \cdot 4(n_{1}^{2} + m n_{1})"
    assert html("4(n1^2 + m n1)") == "4(n<sub>1</sub><sup>2</sup> + m n<sub>1</sub>)"


@pytest.mark.parametrize("bad", [0, -3, 2.0, "5", None, True, np.array([3, 4])])
def test_a_size_that_is_no_positive_integer_is_refused(bad):
    """The sentence has the rule and what came."""
    with pytest.raises(ValueError) as refusal:
        params.lstm(4, bad)
    assert str(refusal.value) == f"n must be a positive integer. Got {bad!r}."


def test_a_numpy_integer_is_an_integer():
    """Sizes often come out of array shapes; the count is a Python int that does not overflow."""
    counted = params.simple_rnn(np.int32(50_000), np.int32(50_000))
    assert counted == 5_000_050_000
    assert type(counted) is int


def test_gru_asks_which_gru():
    """The two counts differ, so neither is the silent one."""
    with pytest.raises(TypeError, match="reset_after"):
        params.gru(4, 5)


def test_the_formulas_need_no_tensorflow():
    """A fresh process counts, and counts a configuration, without Keras."""
    code = (
        "import sys; from course_kit import params; params.lstm(5, 7);"
        "print(params.count({'class_name': 'LSTM', 'config': {'units': 7}}, inputs=5).value,"
        " sorted({'tensorflow', 'keras', 'jax', 'torch'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "364 []"
