"""Convolutional LSTM whose gates look at the cell state."""

import keras
from keras import activations, constraints, initializers, ops, regularizers

from course_kit.cells.base import RecurrentCell, one_of, positive_integer
from course_kit.cells.side_by_side import with_forget_bias


@keras.saving.register_keras_serializable(package="course_kit")
class ConvLSTM2DCell(RecurrentCell):
    r"""One step of a convolutional LSTM as its paper has it: states are pictures, and gates have peepholes.

    Slide: D1.28 "Рекуррентные сети XIV" (ConvLSTM among the further experiments).

    The slide names the paper. With a convolution $*$ and the product place by place $\circ$ (its equation 3):

    $$i_t = \sigma(W_{xi} * X_t + W_{hi} * H_{t-1} + W_{ci} \circ C_{t-1} + b_i), \qquad
    f_t = \sigma(W_{xf} * X_t + W_{hf} * H_{t-1} + W_{cf} \circ C_{t-1} + b_f),$$
    $$C_t = f_t \circ C_{t-1} + i_t \circ \tanh(W_{xc} * X_t + W_{hc} * H_{t-1} + b_c),$$
    $$o_t = \sigma(W_{xo} * X_t + W_{ho} * H_{t-1} + W_{co} \circ C_t + b_o), \qquad H_t = o_t \circ \tanh(C_t)$$

    In Keras' convention the channels are last and the blocks are stacked in the order i, f, c, o, as in
    `keras.layers.ConvLSTM2D`, which leaves the $W_c$ out (keras-team/keras#10971); `peephole_kernel` has the rows
    $W_{ci}, W_{cf}, W_{co}$, and while it is zero, as at the start, the two are the same. `peepholes="pixel"` is the
    paper's: a weight for each place and channel, so that the cell is bound to one size of picture. `"channel"` has one
    weight a channel for all places.

    The input's convolution takes `strides`, `padding` and `dilation_rate`; that of the state keeps its size. The layer
    is `course_kit.layers.PeepholeConvLSTM2D`, so named that nobody takes it for Keras' own. `keras.layers.RNN` runs
    the cell too, but tells a functional model the shape of a vector.

    Args:
        filters: Positive integer F, channels of the state and of the output.
        kernel_size: Positive integer or a pair of them, rows and columns of both kernels.
        strides: Likewise, of the input's convolution. Default: 1.
        padding: `"valid"` or `"same"`. Default: `"valid"`, as in Keras.
        dilation_rate: As `strides`; one of the two must be 1. Default: 1.
        activation: Of the candidate and of the output. Default: `"tanh"`.
        recurrent_activation: $\sigma$ of the gates. Default: `"sigmoid"`.
        use_bias: Whether there is a bias. Default: `True`.
        kernel_initializer: For the $W_x$. Default: `"glorot_uniform"`.
        recurrent_initializer: For the $W_h$. Default: `"orthogonal"`.
        bias_initializer: For $b$. Default: `"zeros"`.
        unit_forget_bias: Whether the forget gate's part of $b$ starts at one instead. Default: `True`.
        kernel_regularizer, recurrent_regularizer, bias_regularizer: As the initializers. Default: `None`.
        kernel_constraint, recurrent_constraint, bias_constraint: As the initializers. Default: `None`.
        dropout: Share of inputs dropped, in [0, 1); one mask for all gates and steps of a batch. Default: 0.
        recurrent_dropout: Share of $H_{t-1}$ dropped, likewise; peepholes are not dropped. Default: 0.
        seed: Seed of the dropout masks. Default: `None`.
        peepholes: `"pixel"` or `"channel"`. Default: `"pixel"`.
        peephole_initializer: For the $W_c$. Default: `"zeros"`.
        peephole_regularizer, peephole_constraint: As the initializer. Default: `None`.

    Shapes:
        inputs `(N, rows, columns, C)`, states `[H (N, R, S, F), C (N, R, S, F)]`; returns `H` and both.

    Parameters:
        $4F(k_1 k_2 (C + F) + 1)$ and, for the peepholes, $3FRS$ or $3F$; without bias $4F$ less.

    Raises:
        ValueError: `filters`, `kernel_size`, `strides` or `dilation_rate` is not made of positive integers, strides and
            dilation are both more than 1, a dropout is not in [0, 1), `padding` or `peepholes` is unknown, or the
            pictures have no fixed size.

    Source:
        X. Shi et al., "Convolutional LSTM Network: A Machine Learning Approach for Precipitation Nowcasting",
        arXiv 1506.04214 (2015), section 3.1.

    Example:

    >>> import keras, numpy as np
    >>> cell = ConvLSTM2DCell(2, 1, kernel_initializer="ones", recurrent_initializer="zeros",
    ...                       unit_forget_bias=False, peephole_initializer="ones")
    >>> h = keras.layers.RNN(cell)(np.full((1, 1, 3, 4, 1), 0.3, dtype="float32"))
    >>> tuple(h.shape), round(float(h[0, 2, 3, 1]), 4)  # c = sigmoid(0.3) tanh(0.3), h = sigmoid(0.3 + c) tanh(c)
    ((1, 3, 4, 2), 0.1019)
    >>> cell.count_params()  # 4 * 2(1 + 2 + 1) + 3 * 2 * 12
    104
    """

    def __init__(
        self,
        filters,
        kernel_size,
        strides=1,
        padding="valid",
        dilation_rate=1,
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
        peepholes="pixel",
        peephole_initializer="zeros",
        peephole_regularizer=None,
        peephole_constraint=None,
        **kwargs,
    ):
        super().__init__(
            positive_integer("filters", filters),
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
        self.filters = self.units
        self.kernel_size = _pair("kernel_size", kernel_size)
        self.strides = _pair("strides", strides)
        self.padding = one_of("padding", padding, ("valid", "same"))
        self.dilation_rate = _pair("dilation_rate", dilation_rate)
        if max(self.strides) > 1 and max(self.dilation_rate) > 1:
            raise ValueError(f"dilation_rate must be 1 with strides of {strides!r}. Got {dilation_rate!r}.")
        self.recurrent_activation = activations.get(recurrent_activation)
        self.unit_forget_bias = unit_forget_bias
        self.peepholes = one_of("peepholes", peepholes, ("pixel", "channel"))
        self.peephole_initializer = initializers.get(peephole_initializer)
        self.peephole_regularizer = regularizers.get(peephole_regularizer)
        self.peephole_constraint = constraints.get(peephole_constraint)
        self.state_size = [self.filters, self.filters]

    def build(self, input_shape):
        if len(input_shape) != 4 or None in input_shape[1:]:
            raise ValueError(f"a step must be (N, rows, columns, C) with fixed sizes. Got {tuple(input_shape)!r}.")
        F, initial_bias = self.filters, self.bias_initializer
        if self.unit_forget_bias:
            initial_bias = with_forget_bias(initial_bias, 1.0, F)
        self.kernel = self.add_kernel("kernel", (*self.kernel_size, input_shape[-1], 4 * F))
        self.recurrent_kernel = self.add_recurrent_kernel("recurrent_kernel", (*self.kernel_size, F, 4 * F))
        self.bias = self.add_bias("bias", (4 * F,), initializer=initial_bias)
        self.picture = tuple(self.compute_output_shape(input_shape)[1:])  # (R, S, F)
        self.peephole_kernel = self.add_weight(
            name="peephole_kernel",
            shape=(3, *(self.picture if self.peepholes == "pixel" else (F,))),
            initializer=self.peephole_initializer,
            regularizer=self.peephole_regularizer,
            constraint=self.peephole_constraint,
        )

    def call(self, inputs, states, training=False):
        h, c = states
        inputs, h = self.drop(inputs, h, training)
        a = self._see(inputs, self.kernel) + ops.conv(h, self.recurrent_kernel, 1, "same", "channels_last")
        if self.use_bias:
            a = a + self.bias  # (N, R, S, 4F)
        a_i, a_f, a_c, a_o = ops.split(a, 4, axis=-1)  # each (N, R, S, F)
        p_i, p_f, p_o = (self.peephole_kernel[k] for k in range(3))  # each (R, S, F) or (F,)
        i = self.recurrent_activation(a_i + p_i * c)
        f = self.recurrent_activation(a_f + p_f * c)
        c_new = f * c + i * self.activation(a_c)
        o = self.recurrent_activation(a_o + p_o * c_new)
        h_new = o * self.activation(c_new)
        return h_new, [h_new, c_new]

    def _see(self, picture, kernel):
        return ops.conv(picture, kernel, self.strides, self.padding, "channels_last", self.dilation_rate)

    def compute_output_shape(self, input_shape):
        """The shape of the output for a step of this shape."""
        kernel = keras.KerasTensor((*self.kernel_size, input_shape[-1], self.filters))
        return self._see(keras.KerasTensor(input_shape), kernel).shape

    def get_initial_state(self, batch_size=None):
        return [ops.zeros((batch_size, *self.picture), dtype=self.compute_dtype) for _ in range(2)]

    def get_config(self):
        config = {
            **super().get_config(),
            "filters": self.filters,
            "kernel_size": list(self.kernel_size),
            "strides": list(self.strides),
            "padding": self.padding,
            "dilation_rate": list(self.dilation_rate),
            "recurrent_activation": activations.serialize(self.recurrent_activation),
            "unit_forget_bias": self.unit_forget_bias,
            "peepholes": self.peepholes,
            "peephole_initializer": initializers.serialize(self.peephole_initializer),
            "peephole_regularizer": regularizers.serialize(self.peephole_regularizer),
            "peephole_constraint": constraints.serialize(self.peephole_constraint),
        }
        del config["units"]  # filters stands in its place
        return config


def _pair(name, value) -> tuple[int, int]:
    """Two positive integers, or one for both, or a ValueError that says the rule and what came."""
    pair = tuple(value) if isinstance(value, (list, tuple)) else (value, value)
    try:
        rows, columns = (positive_integer(name, v) for v in pair)
    except ValueError:
        raise ValueError(f"{name} must be a positive integer or two of them. Got {value!r}.") from None
    return rows, columns
