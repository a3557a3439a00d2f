"""Bidirectional LSTMs of which each reads the outputs of all before it."""

import keras
from keras import initializers, layers, ops

from course_kit.cells.base import fraction, one_of, positive_integer
from course_kit.cells.side_by_side import redrawn


@keras.saving.register_keras_serializable(package="course_kit")
class DenselyConnectedBiLSTM(layers.Layer):
    r"""Densely connected bidirectional LSTM: many narrow layers, each reading the input and all layers below it.

    Slide: D1.28 "Рекуррентные сети XIV" (densely connected BiLSTM among the further experiments).

    The slide names the paper. With L narrow layers of n units each way, whose outputs are 2n wide, and a last layer of
    t units:

    $$M^1 = x, \qquad h^l = \mathrm{BiLSTM}_n(M^l), \qquad M^{l+1} = [M^l, h^l] \quad (l = 1, ..., L),$$
    $$y = \mathrm{BiLSTM}_t(M^{L+1}), \qquad \bar y = \frac{1}{T}\sum_{k=1}^{T} y_k$$

    So layer l reads $m + 2n(l - 1)$ numbers a step. The layer gives the mean $\bar y$, over the steps that exist, or
    with `return_sequences=True` all of $y$; the softmax that the paper puts on $\bar y$ is a `keras.layers.Dense`.
    Every BiLSTM is `keras.layers.Bidirectional` of `keras.layers.LSTM`, forwards and backwards side by side, and gets
    the mask itself: a concatenation does not change which steps exist.

    Args:
        units: Positive integer n, units each way of a narrow layer. Default: 13, the paper's.
        depth: Positive integer L, number of narrow layers. Default: 15, the paper's; the last layer is not counted.
        last_units: Positive integer t, units each way of the last layer. Default: 100, the paper's.
        kernel_initializer: For the kernels. Default: `"glorot_uniform"`.
        recurrent_initializer: For the recurrent kernels. Default: `"orthogonal"`.
        bias_initializer: For the biases; the forget gates' part starts at one. Default: `"zeros"`.
        dropout: Share of inputs of every BiLSTM dropped, in [0, 1); one mask for all steps of a batch. Default: 0.
        recurrent_dropout: Share of $h_{t-1}$ dropped, likewise. Default: 0.
        seed: Seed of the dropout masks. Default: `None`.
        return_sequences: Whether to return $y$ and not $\bar y$. Default: `False`.

    Shapes:
        inputs `(N, T, m)` and a mask `(N, T)` or none; returns `(N, 2t)`, with `return_sequences=True` `(N, T, 2t)` and
        the mask. A sequence without steps has mean 0.

    Parameters:
        $8nL(m + nL + 1) + 8t(m + 2nL + t + 1)$.

    Raises:
        ValueError: `units`, `depth` or `last_units` is not a positive integer, a dropout is not in [0, 1), or
            `return_sequences` is not a truth value.

    Source:
        Z. Ding, R. Xia, J. Yu, X. Li, J. Yang, "Densely Connected Bidirectional LSTM with Applications to Sentence
        Classification", arXiv 1802.00889 (2018).

    Example:

    >>> layer = DenselyConnectedBiLSTM()
    >>> layer.build((None, None, 300))
    >>> layer.count_params()  # 8 * 13 * 15(300 + 195 + 1) + 8 * 100(300 + 390 + 101)
    1406560
    >>> from course_kit import params
    >>> params.bidirectional(params.lstm(300, 300))  # one wide BiLSTM
    1442400
    """

    def __init__(
        self,
        units=13,
        depth=15,
        last_units=100,
        kernel_initializer="glorot_uniform",
        recurrent_initializer="orthogonal",
        bias_initializer="zeros",
        dropout=0.0,
        recurrent_dropout=0.0,
        seed=None,
        return_sequences=False,
        **kwargs,
    ):
        super().__init__(**kwargs)
        self.units = positive_integer("units", units)
        self.depth = positive_integer("depth", depth)
        self.last_units = positive_integer("last_units", last_units)
        self.kernel_initializer = initializers.get(kernel_initializer)
        self.recurrent_initializer = initializers.get(recurrent_initializer)
        self.bias_initializer = initializers.get(bias_initializer)
        self.dropout = fraction("dropout", dropout)
        self.recurrent_dropout = fraction("recurrent_dropout", recurrent_dropout)
        self.seed = seed
        self.return_sequences = one_of("return_sequences", return_sequences, (True, False))
        self.supports_masking = True
        widths = [self.units] * self.depth + [self.last_units]
        self.bilstms = [self._bilstm(place, width) for place, width in enumerate(widths)]

    def _bilstm(self, place, units):
        there, back = (self._one_way(2 * place + way, units, go_backwards=way == 1) for way in (0, 1))
        return layers.Bidirectional(there, backward_layer=back, dtype=self.dtype_policy, name=f"bilstm_{place + 1}")

    def _one_way(self, place, units, go_backwards):
        return layers.LSTM(
            units,
            kernel_initializer=redrawn(self.kernel_initializer, place),
            recurrent_initializer=redrawn(self.recurrent_initializer, place),
            bias_initializer=redrawn(self.bias_initializer, place),
            dropout=self.dropout,
            recurrent_dropout=self.recurrent_dropout,
            seed=None if self.seed is None else self.seed + place,
            return_sequences=True,
            go_backwards=go_backwards,
            dtype=self.dtype_policy,
        )

    def build(self, input_shape):
        *outer, width = input_shape
        for bilstm, units in zip(self.bilstms, [self.units] * self.depth + [self.last_units], strict=True):
            bilstm.build((*outer, width))
            width += 2 * units

    def call(self, inputs, mask=None, training=False):
        memory = inputs  # (N, T, m), then (N, T, m + 2n), ...
        for bilstm in self.bilstms[:-1]:
            memory = ops.concatenate([memory, bilstm(memory, mask=mask, training=training)], axis=-1)
        y = self.bilstms[-1](memory, mask=mask, training=training)  # (N, T, 2t)
        return y if self.return_sequences else masked_mean(y, mask)

    def compute_output_shape(self, input_shape):
        *outer, _ = input_shape
        return (*(outer if self.return_sequences else outer[:1]), 2 * self.last_units)

    def compute_mask(self, inputs, mask=None):
        return mask if self.return_sequences else None

    def get_config(self):
        return {
            **super().get_config(),
            "units": self.units,
            "depth": self.depth,
            "last_units": self.last_units,
            "kernel_initializer": initializers.serialize(self.kernel_initializer),
            "recurrent_initializer": initializers.serialize(self.recurrent_initializer),
            "bias_initializer": initializers.serialize(self.bias_initializer),
            "dropout": self.dropout,
            "recurrent_dropout": self.recurrent_dropout,
            "seed": self.seed,
            "return_sequences": self.return_sequences,
        }


def masked_mean(y, mask):
    """The mean over the steps that exist, (N, 2t); not in half precision, where a long sum is no longer exact."""
    exact = ops.cast(y, keras.backend.result_type(y.dtype, "float32"))
    if mask is None:
        return ops.cast(ops.mean(exact, axis=1), y.dtype)
    there = ops.expand_dims(ops.cast(mask, exact.dtype), axis=-1)  # (N, T, 1)
    mean = ops.sum(there * exact, axis=1) / ops.maximum(ops.sum(there, axis=1), 1)
    return ops.cast(mean, y.dtype)
