"""How many parameters a recurrent network has, why, and whether a model agrees.

>>> from course_kit import params
>>> params.lstm(5, 7)
364

The formulas need no Keras. ``count`` and ``explain`` use the one that their argument comes from.
"""

from course_kit.params import addons, feedforward, further, memories, recurrent  # noqa: F401  (they fill the table)
from course_kit.params.conventions import conventions
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
    lag_skip,
    layer_normalization,
    lstm,
    lstm1997,
    peephole_lstm,
    rntn,
    simple_rnn,
    stacked,
)
from course_kit.params.further import (
    array_lstm,
    dense_bilstm,
    depth_gated_lstm,
    grid_block,
    grid_lstm,
    peephole_conv_lstm2d,
)
from course_kit.params.memories import bam, echo_state, history_compressor, hopfield
from course_kit.params.structures import local_attention, nary_tree_lstm, ntm, recursive
from course_kit.params.systems import System, Tensor, UnknownSystem, register

__all__ = [
    "Count",
    "Explanation",
    "System",
    "Tensor",
    "UnknownSystem",
    "array_lstm",
    "bam",
    "batch_normalization",
    "bidirectional",
    "conv",
    "conv_lstm2d",
    "conventions",
    "count",
    "dense",
    "dense_bilstm",
    "depth_gated_lstm",
    "echo_state",
    "elman",
    "embedding",
    "explain",
    "grid_block",
    "grid_lstm",
    "gru",
    "history_compressor",
    "hopfield",
    "jordan",
    "lag_skip",
    "layer_normalization",
    "local_attention",
    "lstm",
    "lstm1997",
    "nary_tree_lstm",
    "ntm",
    "peephole_conv_lstm2d",
    "peephole_lstm",
    "recursive",
    "register",
    "rntn",
    "simple_rnn",
    "stacked",
]
