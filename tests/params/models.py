"""What the tests of counting count: one entry for each known system, of random size and flags."""

import keras
import numpy as np

from course_kit import layers
from course_kit.cells import (
    ArrayLSTMCell,
    DepthGatedLSTMCell,
    ElmanCell,
    ESNCell,
    GridLSTMCell,
    GRUCell,
    JordanCell,
    LagSkipCell,
    LayerNormLSTMCell,
    LayerNormSimpleRNNCell,
    LSTM1997Cell,
    NASCell,
    PeepholeLSTMCell,
    ResidualStack,
)

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
    "LSTM of 1997 in blocks": lambda n, o, bias: L.RNN(
        LSTM1997Cell(3 * n, block_size=3, gate_recurrence=True, use_bias=bias)
    ),
    "LSTM of 1997 with biased gates": lambda n, o, bias: layers.LSTM1997(2 * n, block_size=2, use_bias="gates"),
    "LSTM of 1997 that sees its gates": lambda n, o, bias: layers.LSTM1997(n, gate_recurrence=True, use_bias=bias),
    "GRU of the kit": lambda n, o, bias: L.RNN(GRUCell(n, use_bias=bias, update="write")),
    "GRU of the kit with reset after": lambda n, o, bias: layers.AnyGRU(n, use_bias=bias, reset_after=True),
    "lag skip": lambda n, o, bias: L.RNN(LagSkipCell(n, (2, 4, 3), use_bias=bias)),
    "residual stack": lambda n, o, bias: L.RNN(ResidualStack([GRUCell(n, use_bias=bias), ElmanCell(o, n)])),
    "residual stack with projections": lambda n, o, bias: L.Bidirectional(
        L.RNN(ResidualStack([GRUCell(n, use_bias=bias), L.LSTMCell(o), LagSkipCell(n, 2)], projection=True))
    ),
    "Elman as a layer": lambda n, o, bias: layers.Elman(n, o, use_bias=bias),
    "Jordan as a layer": lambda n, o, bias: L.Bidirectional(layers.Jordan(n, o, use_bias=bias)),
    "peephole LSTM as a layer": lambda n, o, bias: layers.PeepholeLSTM(n, use_bias=bias),
    "lag skip as a layer": lambda n, o, bias: layers.LagSkip(n, 5, use_bias=bias),
    "layer norm simple": lambda n, o, bias: L.RNN(LayerNormSimpleRNNCell(n, use_bias=bias)),
    "layer norm LSTM": lambda n, o, bias: L.RNN(LayerNormLSTMCell(n, use_bias=bias)),
    "NAS": lambda n, o, bias: L.RNN(NASCell(n, use_bias=bias)),
    "NAS with projection": lambda n, o, bias: L.RNN(NASCell(n, o, use_bias=bias)),
    "ESN of Addons": lambda n, o, bias: L.RNN(ESNCell(n, use_bias=bias)),
    "layer norm simple as a layer": lambda n, o, bias: layers.LayerNormSimpleRNN(n, use_bias=bias),
    "layer norm LSTM as a layer": lambda n, o, bias: L.Bidirectional(layers.LayerNormLSTM(n, use_bias=bias)),
    "NAS as a layer": lambda n, o, bias: layers.NAS(n, o, use_bias=bias),
    "ESN of Addons as a layer": lambda n, o, bias: L.Bidirectional(layers.ESN(n, use_bias=bias)),
    "peephole LSTM": lambda n, o, bias: L.RNN(PeepholeLSTMCell(n, use_bias=bias)),
    "Array-LSTM": lambda n, o, bias: L.RNN(ArrayLSTMCell(n, 3, use_bias=bias)),
    "Array-LSTM with soft selection": lambda n, o, bias: L.Bidirectional(
        layers.ArrayLSTM(n, o, use_bias=bias, lane_selection="soft")
    ),
    "depth-gated LSTM": lambda n, o, bias: L.RNN(DepthGatedLSTMCell(n, 3, use_bias=bias)),
    "depth-gated LSTM without peepholes": lambda n, o, bias: layers.DepthGatedLSTM(n, use_bias=bias, peepholes=False),
    "depth-gated LSTM of one layer": lambda n, o, bias: layers.DepthGatedLSTM(n, 1, use_bias=bias),
    "Grid LSTM": lambda n, o, bias: L.RNN(GridLSTMCell(n, 3, use_bias=bias)),
    "Grid LSTM with untied weights": lambda n, o, bias: layers.GridLSTM(
        n, 3, use_bias=bias, tied=None, input_memory="zeros"
    ),
    "Grid LSTM with one kernel": lambda n, o, bias: layers.GridLSTM(n, 3, use_bias=bias, tied="dimensions"),
    "Grid LSTM without memory along depth": lambda n, o, bias: layers.GridLSTM(
        n, 2, use_bias=bias, tied=None, depth_dimension="dense"
    ),
    "stacked Grid LSTM": lambda n, o, bias: L.RNN([GridLSTMCell(n, 2, use_bias=bias), ArrayLSTMCell(o)]),
    "densely connected BiLSTM": lambda n, o, bias: layers.DenselyConnectedBiLSTM(n, 3, o),
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
    "ConvLSTM2D with peepholes": lambda n, o, bias: layers.PeepholeConvLSTM2D(
        n, (2, 3), use_bias=bias, peepholes="channel"
    ),
    "TimeDistributed Conv2D": lambda n, o, bias: L.TimeDistributed(L.Conv2D(n, (3, 2), use_bias=bias)),
}


def drawn(seed: int) -> tuple[int, int, int, bool]:
    """Sizes m, n, o, all different, and a flag."""
    rng = np.random.default_rng(seed)
    return *map(int, rng.permutation(np.arange(2, 40))[:3]), bool(seed % 2)
