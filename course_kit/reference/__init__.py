"""NumPy float64 twins of the kit's networks: slow, readable, sharing no code with `course_kit.cells`.

Row vectors, batch first: x (N, T, m), states (N, n). Each file opens with its equations and shapes.
"""

from course_kit.reference.activations import identity, sigmoid, softmax
from course_kit.reference.array_lstm import array_lstm_forward, array_lstm_step
from course_kit.reference.bidirectional import bidirectional_forward
from course_kit.reference.conv_lstm import conv2d, conv_lstm_forward, conv_lstm_step
from course_kit.reference.dense_bilstm import bilstm, dense_bilstm_forward
from course_kit.reference.depth_gated import depth_gated_forward, depth_gated_step
from course_kit.reference.echo_state import echo_state_forward, echo_state_step
from course_kit.reference.elman import elman_forward, elman_step
from course_kit.reference.grid_lstm import grid_block, grid_lstm_forward
from course_kit.reference.gru import gru_forward, gru_step
from course_kit.reference.jordan import jordan_forward, jordan_step
from course_kit.reference.lag_skip import lag_skip_forward, lag_skip_step
from course_kit.reference.layer_norm import layer_norm_lstm_forward, layer_norm_simple_rnn_forward
from course_kit.reference.local_attention import content_window, fixed_window
from course_kit.reference.lstm import lstm_forward, lstm_gates, lstm_step
from course_kit.reference.lstm1997 import lstm1997_forward, lstm1997_step
from course_kit.reference.lstm1997_blocks import lstm1997_blocks_forward, lstm1997_blocks_step
from course_kit.reference.nas import nas_forward
from course_kit.reference.ntm import ntm_address, ntm_forward, ntm_write
from course_kit.reference.ode_network import OdeNetwork
from course_kit.reference.peephole import peephole_forward, peephole_step
from course_kit.reference.trees import child_sum_forward, nary_forward, recursive_forward

__all__ = [
    "OdeNetwork",
    "array_lstm_forward",
    "array_lstm_step",
    "bidirectional_forward",
    "bilstm",
    "child_sum_forward",
    "content_window",
    "conv2d",
    "conv_lstm_forward",
    "conv_lstm_step",
    "dense_bilstm_forward",
    "depth_gated_forward",
    "depth_gated_step",
    "echo_state_forward",
    "echo_state_step",
    "elman_forward",
    "elman_step",
    "fixed_window",
    "grid_block",
    "grid_lstm_forward",
    "gru_forward",
    "gru_step",
    "identity",
    "jordan_forward",
    "jordan_step",
    "lag_skip_forward",
    "lag_skip_step",
    "layer_norm_lstm_forward",
    "layer_norm_simple_rnn_forward",
    "lstm1997_blocks_forward",
    "lstm1997_blocks_step",
    "lstm1997_forward",
    "lstm1997_step",
    "lstm_forward",
    "lstm_gates",
    "lstm_step",
    "nary_forward",
    "nas_forward",
    "ntm_address",
    "ntm_forward",
    "ntm_write",
    "peephole_forward",
    "peephole_step",
    "recursive_forward",
    "sigmoid",
    "softmax",
]
