"""Elman's network: a hidden layer that sees its own previous value, and a read-out."""

import keras
from keras import activations, initializers, ops

from course_kit.cells.base import RecurrentCell, positive_integer


@keras.saving.register_keras_serializable(package="course_kit")
class ElmanCell(RecurrentCell):
    r"""One step of Elman's network: the hidden state is fed back, a read-out gives the output.

    Slides: D1.5 "Рекуррентные сети II" (Сеть Элмана); D2.8 "Сеть Элмана".

    As printed on D1.5:

    $$h_k = \sigma_h(u x_k + w h_{k-1} + b_h), \qquad y_k = \sigma_y(v h_k + b_y)$$

    In Keras' convention (row vectors, batch first), with $W$ = `kernel`, $U$ = `recurrent_kernel`, $b_h$ =
    `bias`, $V$ = `output_kernel`, $b_y$ = `output_bias`:

    $$h_t = \sigma_h(x_t W + h_{t-1} U + b_h), \qquad y_t = \sigma_y(h_t V + b_y)$$

    `keras.layers.SimpleRNNCell` is the first of the two equations; the slides' network has both. The
    context units of the slides, a copy of the hidden layer by links of fixed weight 1, are the state.
    Gradients go through all steps, as everywhere in Keras.

    With JAX a masked step needs `zero_output_for_mask=True` or `unroll=True` in the layer: Keras 3.15.1 takes
    its output from the first state there (keras-team/keras#11472 was the same in TensorFlow), which here is
    not the output.

    Args:
        units: Positive integer n, width of the hidden state.
        output_units: Positive integer o, width of the output.
        activation: $\sigma_h$. Default: `"tanh"`.
        output_activation: $\sigma_y$. Default: `None`, that is linear.
        use_bias: Whether both equations have a bias. Default: `True`.
        kernel_initializer: For $W$. Default: `"glorot_uniform"`.
        recurrent_initializer: For $U$. Default: `"orthogonal"`.
        bias_initializer: For $b_h$ and $b_y$. Default: `"zeros"`.
        kernel_regularizer, recurrent_regularizer, bias_regularizer: For $W$ and $V$, $U$, and both biases.
            Default: `None`.
        kernel_constraint, recurrent_constraint, bias_constraint: Likewise. Default: `None`.
        dropout: Share of inputs dropped, in [0, 1); one mask for all steps of a batch. Default: 0.
        recurrent_dropout: Share of the previous state dropped, likewise. Default: 0.
        seed: Seed of the dropout masks. Default: `None`.
        output_initializer: For $V$. Default: `"glorot_uniform"`.

    Shapes:
        inputs `(N, m)`, states `[h (N, n)]`; returns `y (N, o)` and `[h (N, n)]`.

    Parameters:
        $n(m + n + 1) + o(n + 1)$; without biases $n(m + n) + on$.

    Raises:
        ValueError: `units` or `output_units` is not a positive integer, or a dropout is not in [0, 1).

    Source:
        J. L. Elman, "Finding Structure in Time", Cognitive Science 14 (1990), 179-211.

    Example:

    >>> import keras, numpy as np
    >>> layer = keras.layers.RNN(ElmanCell(3, 2, kernel_initializer="ones", recurrent_initializer="ones",
    ...                                    output_initializer="ones"))
    >>> y = layer(np.array([[[0.1, 0.2], [0.3, -0.5]]], dtype="float32"))
    >>> [round(float(value), 4) for value in y[0]]  # 3 tanh(-0.2 + 3 tanh(0.3)), twice
    [1.7627, 1.7627]
    >>> layer.count_params()  # 3(2 + 3 + 1) + 2(3 + 1)
    26
    """

    def __init__(
        self,
        units,
        output_units,
        activation="tanh",
        output_activation=None,
        use_bias=True,
        kernel_initializer="glorot_uniform",
        recurrent_initializer="orthogonal",
        bias_initializer="zeros",
        kernel_regularizer=None,
        recurrent_regularizer=None,
        bias_regularizer=None,
        kernel_constraint=None,
        recurrent_constraint=None,
        bias_constraint=None,
        dropout=0.0,
        recurrent_dropout=0.0,
        seed=None,
        output_initializer="glorot_uniform",
        **kwargs,
    ):
        super().__init__(
            units,
            activation=activation,
            use_bias=use_bias,
            kernel_initializer=kernel_initializer,
            recurrent_initializer=recurrent_initializer,
            bias_initializer=bias_initializer,
            kernel_regularizer=kernel_regularizer,
            recurrent_regularizer=recurrent_regularizer,
            bias_regularizer=bias_regularizer,
            kernel_constraint=kernel_constraint,
            recurrent_constraint=recurrent_constraint,
            bias_constraint=bias_constraint,
            dropout=dropout,
            recurrent_dropout=recurrent_dropout,
            seed=seed,
            **kwargs,
        )
        self.output_units = positive_integer("output_units", output_units)
        self.output_activation = activations.get(output_activation)
        self.output_initializer = initializers.get(output_initializer)
        self.output_size = self.output_units

    def build(self, input_shape):
        super().build(input_shape)
        self.output_kernel = self.add_kernel(
            "output_kernel", (self.units, self.output_units), initializer=self.output_initializer
        )
        self.output_bias = self.add_bias("output_bias", (self.output_units,))

    def call(self, inputs, states, training=False):
        h, new_states = super().call(inputs, states, training=training)  # (N, n)
        a = ops.matmul(h, self.output_kernel)  # (N, o)
        if self.use_bias:
            a = a + self.output_bias
        return self.output_activation(a), new_states

    def get_config(self):
        return {
            **super().get_config(),
            "output_units": self.output_units,
            "output_activation": activations.serialize(self.output_activation),
            "output_initializer": initializers.serialize(self.output_initializer),
        }
