"""The convolutional LSTM with peepholes as a layer over whole sequences of pictures."""

import keras

from course_kit.cells.conv_lstm import ConvLSTM2DCell
from course_kit.layers.base import RecurrentLayer


@keras.saving.register_keras_serializable(package="course_kit")
class PeepholeConvLSTM2D(RecurrentLayer, cell=ConvLSTM2DCell):
    """The convolutional LSTM of its paper over a sequence of pictures: the layer of a `ConvLSTM2DCell`.

    Not called `ConvLSTM2D`, because in a program that is read as Keras' layer, and that has no peepholes.

    Shapes: inputs `(N, T, rows, columns, C)` with rows, columns and C fixed; returns `(N, R, S, F)`, with
    `return_sequences=True` `(N, T, R, S, F)`, and with `return_state=True` also H and C, `(N, R, S, F)` each.

    With JAX a mask needs `unroll=True`: the loop of Keras 3.15.1 there does not spread a mask over pictures.

    >>> layer = PeepholeConvLSTM2D(4, 3, padding="same", return_sequences=True)
    >>> tuple(layer(keras.ops.zeros((1, 7, 8, 8, 2))).shape)
    (1, 7, 8, 8, 4)
    >>> layer.count_params()  # 4 * 4(9(2 + 4) + 1) + 3 * 4 * 64
    1648
    """

    def compute_output_shape(self, sequences_shape, initial_state_shape=None):
        batch, steps, *picture = sequences_shape
        state = tuple(self.cell.compute_output_shape((batch, *picture)))
        output = (batch, steps, *state[1:]) if self.return_sequences else state
        return (output, state, state) if self.return_state else output
