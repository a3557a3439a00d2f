"""Whole sequences and structures, as Keras layers."""

from course_kit.quiet import quiet_tensorflow

quiet_tensorflow()

from course_kit.layers.base import RecurrentLayer  # noqa: E402
from course_kit.layers.conv_lstm import PeepholeConvLSTM2D  # noqa: E402
from course_kit.layers.dense_bilstm import DenselyConnectedBiLSTM  # noqa: E402
from course_kit.layers.echo_state import EchoState  # noqa: E402
from course_kit.layers.local_attention import LocalAttention  # noqa: E402
from course_kit.layers.recurrent import (  # noqa: E402
    ESN,
    LSTM1997,
    NAS,
    NTM,
    AnyGRU,
    ArrayLSTM,
    DepthGatedLSTM,
    Elman,
    GridLSTM,
    Jordan,
    LagSkip,
    LayerNormLSTM,
    LayerNormSimpleRNN,
    PeepholeLSTM,
)
from course_kit.layers.recursive import RecursiveNetwork, RecursiveTensorNetwork  # noqa: E402
from course_kit.layers.trace import trace  # noqa: E402
from course_kit.layers.tree_lstm import ChildSumTreeLSTM, NaryTreeLSTM  # noqa: E402
from course_kit.layers.trees_encoding import EncodedTrees, encode_trees  # noqa: E402

__all__ = [
    "ESN",
    "LSTM1997",
    "NAS",
    "NTM",
    "AnyGRU",
    "ArrayLSTM",
    "ChildSumTreeLSTM",
    "DenselyConnectedBiLSTM",
    "DepthGatedLSTM",
    "EchoState",
    "Elman",
    "EncodedTrees",
    "GridLSTM",
    "Jordan",
    "LagSkip",
    "LayerNormLSTM",
    "LayerNormSimpleRNN",
    "LocalAttention",
    "NaryTreeLSTM",
    "PeepholeConvLSTM2D",
    "PeepholeLSTM",
    "RecurrentLayer",
    "RecursiveNetwork",
    "RecursiveTensorNetwork",
    "encode_trees",
    "trace",
]
