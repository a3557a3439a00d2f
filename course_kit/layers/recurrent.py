"""The kit's recurrent cells as layers over whole sequences.

What each argument means, the equations and the count stand with the cell. Argument for argument, `Elman(...)` is
`keras.layers.RNN(ElmanCell(...))`; see `RecurrentLayer`. Editors read the signatures in `recurrent.pyi`.
"""

import keras

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
    NTMCell,
    PeepholeLSTMCell,
)
from course_kit.layers.base import RecurrentLayer

registered = keras.saving.register_keras_serializable(package="course_kit")


@registered
class Elman(RecurrentLayer, cell=ElmanCell):
    """Elman's network over a whole sequence: `keras.layers.RNN` of an `ElmanCell`.

    >>> layer = Elman(3, 2, return_sequences=True)
    >>> tuple(layer(keras.ops.zeros((1, 7, 4))).shape)
    (1, 7, 2)
    >>> layer.count_params()  # 3(4 + 3 + 1) + 2(3 + 1)
    32
    """


@registered
class Jordan(RecurrentLayer, cell=JordanCell):
    """Jordan's network over a whole sequence: `keras.layers.RNN` of a `JordanCell`.

    >>> y, context = Jordan(3, 2, return_state=True)(keras.ops.zeros((1, 7, 4)))
    >>> tuple(context.shape)
    (1, 2)
    """


@registered
class LSTM1997(RecurrentLayer, cell=LSTM1997Cell):
    """The LSTM of 1997 over a whole sequence: `keras.layers.RNN` of an `LSTM1997Cell`.

    >>> layer = LSTM1997(4, "paper", block_size=2, gate_recurrence=True, return_state=True)
    >>> [state.shape[1] for state in layer(keras.ops.zeros((1, 7, 8)))]  # the output, then h, c and the gates
    [4, 4, 4, 4]
    """


@registered
class PeepholeLSTM(RecurrentLayer, cell=PeepholeLSTMCell):
    """The LSTM with peepholes over a whole sequence: `keras.layers.RNN` of a `PeepholeLSTMCell`.

    >>> layer = PeepholeLSTM(7)
    >>> tuple(layer(keras.ops.zeros((1, 7, 5))).shape)
    (1, 7)
    >>> layer.count_params()  # 4 * 7(5 + 7 + 1) + 3 * 7
    385
    """


@registered
class AnyGRU(RecurrentLayer, cell=GRUCell):
    """A GRU in any of its four conventions over a whole sequence: `keras.layers.RNN` of a `GRUCell`.

    Not called GRU, because in a program `GRU(5)` is read as Keras' layer, and that has `reset_after=True`, 3n more
    parameters and other outputs. `gru_weights` carries weights between the two.

    >>> for layer in (AnyGRU(5), keras.layers.GRU(5)):
    ...     layer.build((None, None, 4))
    ...     print(layer.count_params())
    150
    165
    """


@registered
class LagSkip(RecurrentLayer, cell=LagSkipCell):
    """A network with skip connections in time over a whole sequence: `keras.layers.RNN` of a `LagSkipCell`.

    >>> layer = LagSkip(3, lags=(2, 5), return_state=True)
    >>> len(layer(keras.ops.zeros((1, 7, 4))))  # the output and h of five steps
    6
    """


@registered
class ArrayLSTM(RecurrentLayer, cell=ArrayLSTMCell):
    """The Array-LSTM over a whole sequence: `keras.layers.RNN` of an `ArrayLSTMCell`.

    >>> layer = ArrayLSTM(7, lanes=2, return_state=True)
    >>> [state.shape[1] for state in layer(keras.ops.zeros((1, 7, 5)))]  # the output, then h and two lanes of c
    [7, 7, 14]
    >>> layer.count_params()  # 4 * 2 * 7(5 + 7 + 1)
    728
    """


@registered
class DepthGatedLSTM(RecurrentLayer, cell=DepthGatedLSTMCell):
    """The depth-gated LSTM over a whole sequence, all its layers in one: `keras.layers.RNN` of a `DepthGatedLSTMCell`.

    >>> layer = DepthGatedLSTM(7, depth=2)
    >>> tuple(layer(keras.ops.zeros((1, 7, 5))).shape)
    (1, 7)
    >>> layer.count_params()  # 4 * 7(5 + 7 + 1) + 21, and 4 * 7(7 + 7 + 1) + 21 + 49 + 21
    896
    """


@registered
class GridLSTM(RecurrentLayer, cell=GridLSTMCell):
    """The two-dimensional Grid LSTM over a whole sequence: `keras.layers.RNN` of a `GridLSTMCell`.

    >>> layer = GridLSTM(7, depth=3, return_state=True)
    >>> len(layer(keras.ops.zeros((1, 7, 5))))  # the output, then h and m of time for three blocks
    7
    >>> layer.count_params()  # 2 * 7 * 5 + 16 * 49 + 8 * 7, the same for any depth
    910
    """


@registered
class NTM(RecurrentLayer, cell=NTMCell):
    """The Neural Turing Machine over a whole sequence: `keras.layers.RNN` of an `NTMCell`.

    >>> layer = NTM(7, 2, memory_slots=4, memory_width=3, return_state=True)
    >>> [state.shape[1] for state in layer(keras.ops.zeros((1, 7, 5)))]  # the output, h, c, two addresses, the memory
    [2, 7, 7, 4, 4, 12]
    """


@registered
class LayerNormSimpleRNN(RecurrentLayer, cell=LayerNormSimpleRNNCell):
    """A SimpleRNN with layer normalisation over a whole sequence: `keras.layers.RNN` of a `LayerNormSimpleRNNCell`.

    >>> layer = LayerNormSimpleRNN(7)
    >>> tuple(layer(keras.ops.zeros((1, 7, 5))).shape)
    (1, 7)
    >>> layer.count_params()  # 7(5 + 7 + 1) + 7
    98
    """


@registered
class LayerNormLSTM(RecurrentLayer, cell=LayerNormLSTMCell):
    """An LSTM with layer normalisation over a whole sequence: `keras.layers.RNN` of a `LayerNormLSTMCell`.

    >>> layer = LayerNormLSTM(7, return_state=True)
    >>> [state.shape[1] for state in layer(keras.ops.zeros((1, 7, 5)))]  # the output, then h and c
    [7, 7, 7]
    >>> layer.count_params()  # 4 * 7(5 + 7 + 1) + 18 * 7
    490
    """


@registered
class NAS(RecurrentLayer, cell=NASCell):
    """The cell that a search found over a whole sequence: `keras.layers.RNN` of a `NASCell`.

    >>> layer = NAS(7, projection=2, return_state=True)
    >>> [state.shape[1] for state in layer(keras.ops.zeros((1, 7, 5)))]  # the output, then h and c
    [2, 2, 7]
    >>> layer.count_params()  # 8 * 7(5 + 2) + 7 * 2
    406
    """


@registered
class ESN(RecurrentLayer, cell=ESNCell):
    """The echo state cell of TensorFlow Addons over a whole sequence: `keras.layers.RNN` of an `ESNCell`.

    `EchoState` is the kit's own, with a read-out and `fit`.

    >>> layer = ESN(7, connectivity=0.5, seed=1)
    >>> tuple(layer(keras.ops.zeros((1, 7, 5))).shape)
    (1, 7)
    >>> layer.count_params(), len(layer.trainable_variables)  # 7(5 + 7 + 1)
    (91, 0)
    """
