"""LSTM whose gates look at the cell state."""

import keras
from keras import activations, constraints, initializers, ops, regularizers

from course_kit.cells.base import RecurrentCell, one_of


@keras.saving.register_keras_serializable(package="course_kit")
class PeepholeLSTMCell(RecurrentCell):
    r"""One step of an LSTM with peephole connections: each gate sees the state of its own cell.

    Slide: D1.22 "Рекуррентные сети IX" (LSTM networks with peephole connections).

    The slide is a figure; with the symbols of D1.17-D1.20 it says

    $$f_k = \sigma(W_f x_k + U_f h_{k-1} + p_f * c_{k-1} + b_f), \qquad
    i_k = \sigma(W_i x_k + U_i h_{k-1} + p_i * c_{k-1} + b_i),$$
    $$c_k = f_k * c_{k-1} + i_k * \tanh(W_c x_k + U_c h_{k-1} + b_c),$$
    $$o_k = \sigma(W_o x_k + U_o h_{k-1} + p_o * c_k + b_o), \qquad h_k = o_k * \tanh(c_k)$$

    The output gate sees the new state $c_k$, the other two the old one. In Keras' convention the rows $x W
    + h U + b$ are stacked in the order i, f, c, o as in `keras.layers.LSTMCell`; `peephole_kernel` has the
    rows $p_i, p_f, p_o$. A peephole is one weight a cell, not a matrix. With `peephole_kernel` zero this is
    `keras.layers.LSTMCell`, and it starts there.

    The paper of 2002 (section 3) lets no error go from a gate through its peephole back into the cell state:
    `gradient="truncated"`. The peepholes learn all the same, values do not change, and errors through $h$ go
    back as ever.

    Args:
        units: Positive integer n, number of cells.
        activation: Of the candidate and of the output. Default: `"tanh"`.
        recurrent_activation: $\sigma$ of the gates. Default: `"sigmoid"`.
        use_bias: Whether there is a bias. Default: `True`.
        kernel_initializer: For $W$. Default: `"glorot_uniform"`.
        recurrent_initializer: For $U$. Default: `"orthogonal"`.
        bias_initializer: For $b$. Default: `"zeros"`.
        unit_forget_bias: Whether the forget gate's part of $b$ starts at one instead. Default: `True`.
        kernel_regularizer, recurrent_regularizer, bias_regularizer: As the initializers. Default: `None`.
        kernel_constraint, recurrent_constraint, bias_constraint: As the initializers. Default: `None`.
        dropout: Share of inputs dropped, in [0, 1); one mask for all gates and steps of a batch. Default: 0.
        recurrent_dropout: Share of $h_{k-1}$ dropped, likewise; peepholes are not dropped. Default: 0.
        seed: Seed of the dropout masks. Default: `None`.
        peephole_initializer: For $p_i, p_f, p_o$. Default: `"zeros"`.
        peephole_regularizer, peephole_constraint: As the initializer. Default: `None`.
        gradient: `"full"`, or `"truncated"` where errors do not pass the peepholes. Default: `"full"`.

    Shapes:
        inputs `(N, m)`, states `[h (N, n), c (N, n)]`; returns `h (N, n)` and `[h (N, n), c (N, n)]`.

    Parameters:
        $4n(m + n + 1) + 3n$; without bias $4n(m + n) + 3n$.

    Raises:
        ValueError: `units` is not a positive integer, a dropout is not in [0, 1), or `gradient` is unknown.

    Source:
        F. A. Gers, J. Schmidhuber, "Recurrent nets that time and count", IJCNN 2000;
        F. A. Gers, N. N. Schraudolph, J. Schmidhuber, "Learning Precise Timing with LSTM Recurrent Networks",
        Journal of Machine Learning Research 3 (2002), 115-143.

    Example:

    >>> import keras, numpy as np
    >>> cell = PeepholeLSTMCell(3, kernel_initializer="ones", recurrent_initializer="zeros",
    ...                         unit_forget_bias=False, peephole_initializer="ones")
    >>> layer = keras.layers.RNN(cell)
    >>> h = layer(np.array([[[0.1, 0.2]]], dtype="float32"))
    >>> round(float(h[0, 0]), 4)  # c = sigmoid(0.3) tanh(0.3), h = sigmoid(0.3 + c) tanh(c)
    0.1019
    >>> layer.count_params()  # 4 * 3(2 + 3 + 1) + 3 * 3
    81
    """

    def __init__(
        self,
        units,
        activation="tanh",
        recurrent_activation="sigmoid",
        use_bias=True,
        kernel_initializer="glorot_uniform",
        recurrent_initializer="orthogonal",
        bias_initializer="zeros",
        unit_forget_bias=True,
        kernel_regularizer=None,
        recurrent_regularizer=None,
        bias_regularizer=None,
        kernel_constraint=None,
        recurrent_constraint=None,
        bias_constraint=None,
        dropout=0.0,
        recurrent_dropout=0.0,
        seed=None,
        peephole_initializer="zeros",
        peephole_regularizer=None,
        peephole_constraint=None,
        gradient="full",
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
        self.recurrent_activation = activations.get(recurrent_activation)
        self.unit_forget_bias = unit_forget_bias
        self.peephole_initializer = initializers.get(peephole_initializer)
        self.peephole_regularizer = regularizers.get(peephole_regularizer)
        self.peephole_constraint = constraints.get(peephole_constraint)
        self.gradient = one_of("gradient", gradient, ("full", "truncated"))
        self.state_size = [self.units, self.units]

    def build(self, input_shape):
        self.kernel = self.add_kernel("kernel", (input_shape[-1], 4 * self.units))
        self.recurrent_kernel = self.add_recurrent_kernel("recurrent_kernel", (self.units, 4 * self.units))
        self.bias = self.add_bias("bias", (4 * self.units,), initializer=self._initial_bias)
        self.peephole_kernel = self.add_weight(
            name="peephole_kernel",
            shape=(3, self.units),
            initializer=self.peephole_initializer,
            regularizer=self.peephole_regularizer,
            constraint=self.peephole_constraint,
        )

    def _initial_bias(self, shape, dtype=None):
        bias = self.bias_initializer(shape, dtype=dtype)
        if not self.unit_forget_bias:
            return bias
        n = self.units
        return ops.concatenate([bias[:n], ops.ones((n,), dtype=dtype), bias[2 * n :]])

    def call(self, inputs, states, training=False):
        h, c = states
        inputs, h = self.drop(inputs, h, training)
        a = ops.matmul(inputs, self.kernel) + ops.matmul(h, self.recurrent_kernel)  # (N, 4n)
        if self.use_bias:
            a = a + self.bias
        a_i, a_f, a_c, a_o = ops.split(a, 4, axis=-1)  # each (N, n)
        p_i, p_f, p_o = (self.peephole_kernel[k] for k in range(3))  # each (n,)
        i = self.recurrent_activation(a_i + p_i * self._seen(c))
        f = self.recurrent_activation(a_f + p_f * self._seen(c))
        c_new = f * c + i * self.activation(a_c)
        o = self.recurrent_activation(a_o + p_o * self._seen(c_new))
        h_new = o * self.activation(c_new)
        return h_new, [h_new, c_new]

    def _seen(self, c):
        """What a peephole shows of c: its value, and under truncation no way back for errors."""
        return ops.stop_gradient(c) if self.gradient == "truncated" else c

    def get_config(self):
        return {
            **super().get_config(),
            "recurrent_activation": activations.serialize(self.recurrent_activation),
            "unit_forget_bias": self.unit_forget_bias,
            "peephole_initializer": initializers.serialize(self.peephole_initializer),
            "peephole_regularizer": regularizers.serialize(self.peephole_regularizer),
            "peephole_constraint": constraints.serialize(self.peephole_constraint),
            "gradient": self.gradient,
        }
