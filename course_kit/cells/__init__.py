"""One step of a recurrent network each, as cells for `keras.layers.RNN`."""

from course_kit.quiet import quiet_tensorflow

quiet_tensorflow()

from course_kit.cells.array_lstm import ArrayLSTMCell  # noqa: E402
from course_kit.cells.conv_lstm import ConvLSTM2DCell  # noqa: E402
from course_kit.cells.depth_gated import DepthGatedLSTMCell  # noqa: E402
from course_kit.cells.echo_state import EchoStateCell  # noqa: E402
from course_kit.cells.elman import ElmanCell  # noqa: E402
from course_kit.cells.esn import ESNCell  # noqa: E402
from course_kit.cells.grid_block import grid_block  # noqa: E402
from course_kit.cells.grid_lstm import GridLSTMCell  # noqa: E402
from course_kit.cells.gru import GRUCell  # noqa: E402
from course_kit.cells.gru_weights import gru_weights  # noqa: E402
from course_kit.cells.jordan import JordanCell  # noqa: E402
from course_kit.cells.lag_skip import LagSkipCell  # noqa: E402
from course_kit.cells.layer_norm_lstm import LayerNormLSTMCell  # noqa: E402
from course_kit.cells.layer_norm_simple_rnn import LayerNormSimpleRNNCell  # noqa: E402
from course_kit.cells.lstm1997 import LSTM1997Cell  # noqa: E402
from course_kit.cells.nas import NASCell  # noqa: E402
from course_kit.cells.ntm import NTMCell  # noqa: E402
from course_kit.cells.peephole import PeepholeLSTMCell  # noqa: E402
from course_kit.cells.residual import ResidualStack  # noqa: E402

__all__ = [
    "ArrayLSTMCell",
    "ConvLSTM2DCell",
    "DepthGatedLSTMCell",
    "ESNCell",
    "EchoStateCell",
    "ElmanCell",
    "GRUCell",
    "GridLSTMCell",
    "JordanCell",
    "LSTM1997Cell",
    "LagSkipCell",
    "LayerNormLSTMCell",
    "LayerNormSimpleRNNCell",
    "NASCell",
    "NTMCell",
    "PeepholeLSTMCell",
    "ResidualStack",
    "grid_block",
    "gru_weights",
]
