"""The shapes that the exercises on counting rest on, against the layers themselves."""

import keras
import pytest

from course_kit.cells import JordanCell, LSTM1997Cell, PeepholeLSTMCell
from course_kit.reference import counts

L = keras.layers
SIZES = [(5, 7, 2), (1, 4, 3), (13, 3, 5)]

LAYERS = [
    ("simple_rnn", lambda m, n, o: (L.SimpleRNN(n), counts.simple_rnn(m, n))),
    ("simple_rnn without bias", lambda m, n, o: (L.SimpleRNN(n, use_bias=False), counts.simple_rnn(m, n, False))),
    ("lstm", lambda m, n, o: (L.LSTM(n), counts.lstm(m, n))),
    ("lstm without bias", lambda m, n, o: (L.LSTM(n, use_bias=False), counts.lstm(m, n, False))),
    ("gru of the slide", lambda m, n, o: (L.GRU(n, reset_after=False), counts.gru(m, n, False))),
    ("gru of Keras", lambda m, n, o: (L.GRU(n), counts.gru(m, n, True))),
    ("gru of Keras, no bias", lambda m, n, o: (L.GRU(n, use_bias=False), counts.gru(m, n, True, False))),
    ("lstm1997", lambda m, n, o: (L.RNN(LSTM1997Cell(n)), counts.lstm1997(m, n))),
    ("peephole", lambda m, n, o: (L.RNN(PeepholeLSTMCell(n)), counts.peephole_lstm(m, n))),
    ("jordan", lambda m, n, o: (L.RNN(JordanCell(n, o)), counts.jordan(m, n, o))),
    ("dense", lambda m, n, o: (L.Dense(n), counts.dense(m, n))),
    ("embedding", lambda m, n, o: (L.Embedding(n, o), counts.embedding(n, o))),
]


@pytest.mark.parametrize(("name", "both"), LAYERS, ids=[name for name, _ in LAYERS])
@pytest.mark.parametrize("sizes", SIZES)
def test_the_shapes_are_those_of_the_built_layer(name, both, sizes):
    """One by one and in order; the sum is the layer's own count."""
    layer, shapes = both(*sizes)
    layer.build((None, 6, sizes[0]))

    assert shapes == [tuple(weight.shape) for weight in layer.weights]
    assert counts.parameters(shapes) == layer.count_params()


def test_a_convolutional_lstm():
    """3 x 3, two channels, four filters: 880."""
    layer = L.ConvLSTM2D(4, (3, 2))
    layer.build((None, 3, 9, 8, 2))

    assert counts.conv_lstm2d(3, 2, 2, 4) == [tuple(weight.shape) for weight in layer.weights]
    assert counts.parameters(counts.conv_lstm2d(3, 3, 2, 4)) == 880


def test_a_recursive_tensor_network():
    """4 d^3 + 2 d^2 + d, written out for d = 3: 108 + 18 + 3."""
    assert counts.parameters(counts.rntn(3)) == 129
