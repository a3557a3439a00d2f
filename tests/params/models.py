"""What the tests of counting count: one entry for each known system, of random size and flags."""

import keras
import numpy as np

from course_kit.cells import ElmanCell, JordanCell, LSTM1997Cell, PeepholeLSTMCell

L = keras.layers

# name -> (make(m, n, o, use_bias), shape of the input without its last axis)
SEQUENCE, PICTURES = (None, 6), (None, 3, 9, 8)
RECURRENT = {
    "SimpleRNN": lambda n, o, bias: L.SimpleRNN(n, use_bias=bias),
    "LSTM": lambda n, o, bias: L.LSTM(n, use_bias=bias),
    "GRU": lambda n, o, bias: L.GRU(n, use_bias=bias),
    "GRU of the slide": lambda n, o, bias: L.GRU(n, reset_after=False, use_bias=bias),
    "Elman": lambda n, o, bias: L.RNN(ElmanCell(n, o, use_bias=bias)),
    "Jordan": lambda n, o, bias: L.RNN(JordanCell(n, o, use_bias=bias, context_decay=0.3)),
    "LSTM of 1997": lambda n, o, bias: L.RNN(LSTM1997Cell(n, use_bias=bias)),
    "peephole LSTM": lambda n, o, bias: L.RNN(PeepholeLSTMCell(n, use_bias=bias)),
    "Bidirectional LSTM": lambda n, o, bias: L.Bidirectional(L.LSTM(n, use_bias=bias)),
    "Bidirectional of two sizes": lambda n, o, bias: L.Bidirectional(
        L.GRU(n, use_bias=bias), backward_layer=L.GRU(o, use_bias=bias, go_backwards=True)
    ),
    "Bidirectional Jordan": lambda n, o, bias: L.Bidirectional(L.RNN(JordanCell(n, o, use_bias=bias))),
    "stacked cells": lambda n, o, bias: L.RNN([L.LSTMCell(n, use_bias=bias), L.GRUCell(o), L.SimpleRNNCell(n)]),
    "stacked Elman cells": lambda n, o, bias: L.RNN([ElmanCell(n, o, use_bias=bias), PeepholeLSTMCell(n)]),
    "Bidirectional stack": lambda n, o, bias: L.Bidirectional(L.RNN([L.LSTMCell(n), L.GRUCell(o, use_bias=bias)])),
    "TimeDistributed Dense": lambda n, o, bias: L.TimeDistributed(L.Dense(n, use_bias=bias)),
    "Dense": lambda n, o, bias: L.Dense(n, use_bias=bias),
    "Conv1D": lambda n, o, bias: L.Conv1D(n, 3, use_bias=bias),
    "LayerNormalization": lambda n, o, bias: L.LayerNormalization(center=bias),
    "BatchNormalization": lambda n, o, bias: L.BatchNormalization(scale=bias),
    "Dropout": lambda n, o, bias: L.Dropout(0.5),
}
SPATIAL = {
    "ConvLSTM2D": lambda n, o, bias: L.ConvLSTM2D(n, (2, 3), use_bias=bias),
    "TimeDistributed Conv2D": lambda n, o, bias: L.TimeDistributed(L.Conv2D(n, (3, 2), use_bias=bias)),
}


def drawn(seed: int) -> tuple[int, int, int, bool]:
    """Sizes m, n, o, all different, and a flag."""
    rng = np.random.default_rng(seed)
    return *map(int, rng.permutation(np.arange(2, 40))[:3]), bool(seed % 2)
