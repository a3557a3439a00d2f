"""Every gate and every state of a recurrent layer over time, computed from its weights."""

import keras
import numpy as np
from keras import ops

from course_kit.layers.dense_bilstm import DenselyConnectedBiLSTM
from course_kit.layers.steps import cell_of, inputs_in_order, starting_states
from course_kit.layers.tracing import step_of


def trace(layer, x, initial_state=None) -> dict[str, np.ndarray]:
    """Every gate and state of a layer over time, by the letters of the slides.

    | layer | names |
    | --- | --- |
    | `SimpleRNN`, `LagSkipCell`, `LayerNormSimpleRNNCell` | h |
    | `LSTM`, `PeepholeLSTMCell`, `ConvLSTM2DCell`, `LayerNormLSTMCell` | i, f, c_tilde, o, c, h |
    | `LSTM1997Cell` | i, c_tilde, o, c, h; with blocks i and o have one column a block |
    | `GRU`, `GRUCell` | z, r, h_tilde, h |
    | `ElmanCell` | h, y |
    | `JordanCell` | h, y, context, as it is after the step |
    | `EchoStateCell`, `ESNCell` | h_tilde, before the leak, h; and y where there is a read-out |
    | `NASCell` | l_0 to l_3, c, h |
    | `ArrayLSTMCell` | those of an LSTM for each lane, "lane 1/i", its share s if lanes are selected; h |
    | `DepthGatedLSTMCell` | those of an LSTM for each layer, "layer 2/i", and its depth gate d |
    | `GridLSTMCell` | i, f, c_tilde, o, m, h for each block and dimension, "block 1, time/i" |
    | `NTMCell` | the controller's as of an LSTM; for each head, "read 1/w", key, beta, g, shift, gamma and the |
    | | address w, of a write head e and a, of a read head what is seen; memory, row after row; y |
    | `StackedRNNCells`, `ResidualStack` | those of each cell, "1/h", "2/h"; sum, with what went past the cell |
    | `Bidirectional` | those of each layer, "forward/h" and "backward/h" |
    | `DenselyConnectedBiLSTM` | those of each layer, "1/forward/h" |

    The gates come from the layer's weights, not out of the layer, which has none to show; the tests hold the traced
    output and states to the layer's own. Dropout is off, and there is no mask. Of a `stateful` layer the stored state
    is neither used nor changed. A layer with `go_backwards` is traced in the order in which it reads; the backward
    layer of `Bidirectional` is turned round, so that column t of everything stands beside x_t.

    Args:
        layer: `keras.layers.SimpleRNN`, `LSTM` or `GRU`, `keras.layers.RNN` of one of their cells or of a cell of the
            kit, a recurrent layer of the kit, or `Bidirectional` of one of these; built.
        x: (N, T, m), for pictures (N, T, rows, columns, C).
        initial_state: array or list of arrays (N, n), as the layer takes. Default: zeros.

    Returns:
        dict of arrays (N, T, n) in the layer's type.

    Raises:
        TypeError: the layer is not recurrent, or the trace does not know its cell.
        ValueError: the layer is not built.

    >>> layer = keras.layers.LSTM(2, kernel_initializer="zeros", unit_forget_bias=True)
    >>> _ = layer(np.zeros((1, 3, 4), dtype="float32"))
    >>> gates = trace(layer, np.zeros((1, 3, 4)), initial_state=[np.zeros((1, 2)), np.ones((1, 2))])
    >>> gates["f"].shape, round(float(gates["f"][0, 0, 0]), 4)  # sigmoid(1)
    ((1, 3, 2), 0.7311)
    """
    if isinstance(layer, keras.layers.Bidirectional):
        return _both_ways(layer, x, initial_state)[0]
    if isinstance(layer, DenselyConnectedBiLSTM):
        return _densely_connected(layer, x)
    return _one_way(layer, x, initial_state)[0]


def _one_way(layer, x, initial_state=None):
    """The trace and the outputs (N, T, n) in the order in which the layer reads."""
    cell = cell_of(layer)
    step, x = step_of(cell), inputs_in_order(layer, x)
    states, outputs, steps = starting_states(layer, x.shape[0], initial_state), [], []
    for t in range(x.shape[1]):
        output, states, quantities = step(cell, x[:, t], states)
        outputs.append(ops.convert_to_numpy(output))
        steps.append(quantities)
    series = {name: np.stack([ops.convert_to_numpy(step[name]) for step in steps], axis=1) for name in steps[0]}
    return series, np.stack(outputs, axis=1)


def _both_ways(layer, x, initial_state=None):
    """The traces of both layers beside x, and the outputs of both side by side."""
    half = [None, None]
    if initial_state is not None:
        half = [initial_state[: len(initial_state) // 2], initial_state[len(initial_state) // 2 :]]
    found, outputs = {}, []
    for name, one, start in zip(
        ("forward", "backward"), (layer.forward_layer, layer.backward_layer), half, strict=True
    ):
        series, output = _one_way(one, x, start)
        turned = slice(None, None, -1 if one.go_backwards else 1)
        found |= {f"{name}/{inner}": values[:, turned] for inner, values in series.items()}
        outputs.append(output[:, turned])
    return found, np.concatenate(outputs, axis=-1)


def _densely_connected(layer, x):
    """Layer upon layer, each on all outputs below it."""
    memory, found = np.asarray(x, dtype=layer.compute_dtype), {}
    for place, bilstm in enumerate(layer.bilstms, 1):
        series, output = _both_ways(bilstm, memory)
        found |= {f"{place}/{name}": values for name, values in series.items()}
        memory = np.concatenate([memory, output], axis=-1)
    return found
