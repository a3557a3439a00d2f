"""Jordan's network: a hidden layer that sees the previous output."""

import keras
from keras import activations, initializers, ops

from course_kit.cells.base import RecurrentCell, fraction, positive_integer


@keras.saving.register_keras_serializable(package="course_kit")
class JordanCell(RecurrentCell):
    r"""One step of Jordan's network: the output is fed back, by way of context units as wide as the output.

    Slides: D1.5 "Рекуррентные сети II" (Сеть Джордана); D2.9 "Сеть Джордана".

    As printed on D1.5:

    $$h_k = \sigma_h(u x_k + w y_{k-1} + b_h), \qquad y_k = \sigma_y(v h_k + b_y)$$

    In Keras' convention (row vectors, batch first), with $W$ = `kernel`, $U$ = `recurrent_kernel`, $b_h$ =
    `bias`, $V$ = `output_kernel`, $b_y$ = `output_bias`, $\alpha$ = `context_decay` and the context $c_t$:

    $$h_t = \sigma_h(x_t W + c_t U + b_h), \qquad y_t = \sigma_y(h_t V + b_y), \qquad
    c_{t+1} = \alpha c_t + y_t$$

    With $\alpha = 0$ the context is the previous output and the two forms are the same. D2.9 says in words
    that the context units have a recurrent link to themselves; its formula leaves the link out. Here its
    weight is $\alpha$, which is chosen and not learned.

    The state is the context of the *next* step: a masked step leaves it alone, and `initial_state` is what
    the first step sees. So with $\alpha > 0$ the last state is not the last output.

    With JAX a masked step needs `zero_output_for_mask=True` or `unroll=True` in the layer: Keras 3.15.1 takes
    its output from the first state there (keras-team/keras#11472 was the same in TensorFlow), which here is
    not the output.

    Args:
        units: Positive integer n, width of the hidden layer.
        output_units: Positive integer o, width of the output and of the state.
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
        recurrent_dropout: Share of the context dropped where the hidden layer reads it, likewise. Default: 0.
        seed: Seed of the dropout masks. Default: `None`.
        output_initializer: For $V$. Default: `"glorot_uniform"`.
        context_decay: $\alpha$ in [0, 1). Default: 0.

    Shapes:
        inputs `(N, m)`, states `[c (N, o)]`; returns `y (N, o)` and `[c (N, o)]`.

    Parameters:
        $n(m + o + 1) + o(n + 1)$; without biases $n(m + o) + on$.

    Raises:
        ValueError: `units` or `output_units` is not a positive integer, or a dropout or `context_decay` is
        not
            in [0, 1).

    Source:
        M. I. Jordan, "Serial Order: A Parallel Distributed Processing Approach", ICS Report 8604, University of
        California, San Diego (1986); printed again in Advances in Psychology 121 (1997), 471-495.

    Example:

    >>> import keras, numpy as np
    >>> cell = JordanCell(3, 1, kernel_initializer="ones", recurrent_initializer="ones",
    ...                   output_initializer="ones", context_decay=0.5)
    >>> layer = keras.layers.RNN(cell, return_state=True)
    >>> y, context = layer(np.array([[[0.1, 0.2], [0.3, -0.5]]], dtype="float32"))
    >>> round(float(y[0, 0]), 4)  # 3 tanh(-0.2 + 3 tanh(0.3))
    1.7627
    >>> round(float(context[0, 0]), 4)  # half of 3 tanh(0.3), and y
    2.1997
    >>> layer.count_params()  # 3(2 + 1 + 1) + 1(3 + 1)
    16
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
        context_decay=0.0,
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
        self.context_decay = fraction("context_decay", context_decay)
        self.state_size = self.output_units
        self.output_size = self.output_units

    def build(self, input_shape):
        self.kernel = self.add_kernel("kernel", (input_shape[-1], self.units))
        self.recurrent_kernel = self.add_recurrent_kernel("recurrent_kernel", (self.output_units, self.units))
        self.bias = self.add_bias("bias", (self.units,))
        self.output_kernel = self.add_kernel(
            "output_kernel", (self.units, self.output_units), initializer=self.output_initializer
        )
        self.output_bias = self.add_bias("output_bias", (self.output_units,))

    def call(self, inputs, states, training=False):
        (context,) = states
        inputs, seen = self.drop(inputs, context, training)
        a = ops.matmul(inputs, self.kernel) + ops.matmul(seen, self.recurrent_kernel)  # (N, n)
        if self.use_bias:
            a = a + self.bias
        a = ops.matmul(self.activation(a), self.output_kernel)  # (N, o)
        if self.use_bias:
            a = a + self.output_bias
        y = self.output_activation(a)
        return y, [self.context_decay * context + y]

    def get_config(self):
        return {
            **super().get_config(),
            "output_units": self.output_units,
            "output_activation": activations.serialize(self.output_activation),
            "output_initializer": initializers.serialize(self.output_initializer),
            "context_decay": self.context_decay,
        }
