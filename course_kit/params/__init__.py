"""How many parameters a recurrent network has, why, and whether a model agrees.

>>> from course_kit import params
>>> params.lstm(5, 7)
364

The formulas need no Keras. ``count`` and ``explain`` use the one that their argument comes from.
"""

from course_kit.params import feedforward, recurrent  # noqa: F401  (they fill the table)
from course_kit.params.counting import Count, count
from course_kit.params.explanation import Explanation, explain
from course_kit.params.formulas import (
    batch_normalization,
    bidirectional,
    conv,
    conv_lstm2d,
    dense,
    elman,
    embedding,
    gru,
    jordan,
    layer_normalization,
    lstm,
    lstm1997,
    peephole_lstm,
    rntn,
    simple_rnn,
    stacked,
)
from course_kit.params.systems import System, Tensor, UnknownSystem, register

__all__ = [
    "Count",
    "Explanation",
    "System",
    "Tensor",
    "UnknownSystem",
    "batch_normalization",
    "bidirectional",
    "conv",
    "conv_lstm2d",
    "count",
    "dense",
    "elman",
    "embedding",
    "explain",
    "gru",
    "jordan",
    "layer_normalization",
    "lstm",
    "lstm1997",
    "peephole_lstm",
    "register",
    "rntn",
    "simple_rnn",
    "stacked",
]
