"""The table of conventions, against weights in the layout of each: Keras builds its own, onnxruntime takes ONNX'.

PyTorch and Flax count their own in `tests/backends/test_conventions.py`.
"""

import keras
import numpy as np
import pytest

from course_kit import layers, params
from course_kit.cells.convert import to_flax, to_onnx, to_pytorch
from course_kit.params.conventions import CONVENTIONS
from tests.params.printed import value_of

L = keras.layers
SIZES = [(5, 7), (4, 5), (1, 3), (6, 1)]
BUILT = {
    ("SimpleRNN", "Keras SimpleRNN"): L.SimpleRNN,
    ("LSTM", "Keras LSTM"): L.LSTM,
    ("PeepholeLSTM", "course_kit PeepholeLSTM"): layers.PeepholeLSTM,
    ("GRU", "Keras, reset_after=True"): L.GRU,
    ("GRU", "Keras, reset_after=False"): lambda n: L.GRU(n, reset_after=False),
}
EXPORTED = {
    ("SimpleRNN", "ONNX RNN"): (L.SimpleRNN, to_onnx),
    ("LSTM", "ONNX LSTM"): (L.LSTM, to_onnx),
    ("PeepholeLSTM", "ONNX LSTM with P"): (layers.PeepholeLSTM, to_onnx),
    ("GRU", "ONNX GRU"): (L.GRU, to_onnx),
    ("SimpleRNN", "PyTorch RNN"): (L.SimpleRNN, to_pytorch),
    ("LSTM", "PyTorch LSTM"): (L.LSTM, to_pytorch),
    ("GRU", "PyTorch GRU"): (L.GRU, to_pytorch),
    ("SimpleRNN", "Flax linen SimpleCell"): (L.SimpleRNN, to_flax),
    ("LSTM", "Flax linen LSTMCell"): (L.LSTM, to_flax),
    ("GRU", "Flax linen GRUCell"): (L.GRU, to_flax),
}
# what the lectures and the paper print, by hand
PRINTED = {
    ("SimpleRNN", "slide D1.6"): lambda m, n: n * (m + n + 1),
    ("LSTM", "Gers et al. 2000, one cell a block"): lambda m, n: n * (m + n) + 3 * n * (m + n + 1),
    ("LSTM", "slide D1.21"): lambda m, n: 4 * n * (m + n + 1),
    ("PeepholeLSTM", "slide D1.22"): lambda m, n: 4 * n * (m + n + 1) + 3 * n,
    ("GRU", "slide D1.23"): lambda m, n: 3 * n * (m + n + 1),
    ("GRU", "Cho et al. 2014, equations 5-8"): lambda m, n: 3 * (n * m + n * n),
}
NONE = {("PeepholeLSTM", library) for library in ("Keras", "PyTorch", "Flax")}


def built(make, m, n):
    layer = make(n)
    layer.build((None, None, m))
    return layer


@pytest.mark.parametrize("m, n", SIZES)
def test_every_number_is_the_size_of_weights_in_that_layout(m, n):
    """Of what Keras builds; of arrays that onnxruntime, PyTorch and Flax were seen to take; of printed formulas."""
    expected = {key: built(make, m, n).count_params() for key, make in BUILT.items()}
    for key, (make, export) in EXPORTED.items():
        arrays = keras.tree.flatten(
            {k: v for k, v in export(built(make, m, n)).items() if not isinstance(v, str | int)}
        )
        expected[key] = sum(np.size(a) for a in arrays if isinstance(a, np.ndarray))
    expected |= {key: count(m, n) for key, count in PRINTED.items()} | dict.fromkeys(NONE)

    obtained = {(cell, name): k for cell in CONVENTIONS for name, k in params.conventions(cell, m, n).numbers.items()}

    assert obtained == expected


def test_the_network_of_the_forget_gates_paper_has_424_weights():
    """Gers 2000: four blocks of two cells, gates with biases and cells without, outputs that see the inputs too."""
    m, n, o, blocks = 7, 8, 7, 4
    of_1997 = params.lstm1997(m, n, "gates", b=blocks)

    assert of_1997 + params.dense(m + n, blocks) + params.dense(m + n, o) == 424
    assert params.conventions("LSTM", m, n).numbers["Gers et al. 2000, one cell a block"] == params.lstm1997(
        m, n, "gates", b=n
    ) + params.dense(m + n, n)


@pytest.mark.parametrize("cell", CONVENTIONS)
def test_what_is_printed_is_what_is_counted(cell):
    """Formula, numbers put in and number of each row agree, and blocks and biases stand in it."""
    table = params.conventions(cell, 4, 5)
    rows = {line.split("  ")[0]: line for line in str(table).splitlines() if "  " in line}

    for convention in CONVENTIONS[cell]:
        number = table.numbers[convention.name]
        line = rows[convention.name]
        assert convention.biases in line and convention.blocks in line
        if number is not None:
            formula, put_in, printed = [cell.strip() for cell in line.split("  ") if cell.strip()][1:4]
            assert int(printed) == value_of(put_in, {}) == value_of(formula, {"m": 4, "n": 5}) == number


def test_a_notebook_shows_the_same_rows():
    """Every cell of the text in HTML, powers raised."""
    table = params.conventions("GRU", 4, 5)
    page = table._repr_html_()

    assert page.count("<tr>") == 1 + len(CONVENTIONS["GRU"])
    assert "3(n<sup>2</sup> + mn + 2n)" in page and ">165<" in page and "Cho et al. 2014" in page


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        (("RNN", 4, 5), "cell must be one of SimpleRNN, LSTM, PeepholeLSTM, GRU. Got 'RNN'."),
        (("LSTM", 0, 5), "m must be a positive integer. Got 0."),
        (("LSTM", 4, 2.5), "n must be a positive integer. Got 2.5."),
    ],
)
def test_what_is_not_there_gets_a_sentence(given, sentence):
    """The rule, then what came."""
    with pytest.raises(ValueError) as caught:
        params.conventions(*given)

    assert str(caught.value) == sentence
