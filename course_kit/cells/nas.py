"""The recurrent cell that an architecture search found, known from TensorFlow Addons."""

import keras
from keras import initializers, ops

from course_kit.cells.base import RecurrentCell, positive_integer


@keras.saving.register_keras_serializable(package="course_kit")
class NASCell(RecurrentCell):
    r"""One step of the recurrent cell found by neural architecture search.

    Slide: none.

    With $u_k = x_t W_k$ and $v_k = h_{t-1} U_k + b_k$, $k = 0 \dots 7$, in Keras' convention and stacked in this order:

    $$l_0 = \tanh(\sigma(u_0 + v_0) * \mathrm{relu}(u_1 + v_1)), \qquad
    l_1 = \tanh(\sigma(u_2 + v_2) + \mathrm{relu}(u_3 * v_3)),$$
    $$l_2 = \tanh(\tanh(u_4 + v_4) * \sigma(u_5 + v_5)), \qquad l_3 = \sigma(\tanh(u_6 + v_6) + \sigma(u_7 + v_7)),$$
    $$c_t = \tanh(l_0 + c_{t-1}) * l_1, \qquad h_t = \tanh(c_t * \tanh(l_2 + l_3)) P$$

    $P$ = `projection_kernel` is there only with `projection`. The activations are part of what was found and cannot be
    chosen. In block 3 the two sums are multiplied, so there the bias does not act as one of the inputs would.

    It is `NASCell` of TensorFlow Addons with h as the first state and c as the second; there c comes first.

    Args:
        units: Positive integer n, number of cells.
        projection: Positive integer p, width of h, or `None` where it is n. Default: `None`.
        use_bias: Whether there is $b$. Default: `False`, as in Addons.
        kernel_initializer: For $W$. Default: `"glorot_uniform"`.
        recurrent_initializer: For $U$. Default: `"glorot_uniform"`, as in Addons.
        bias_initializer: For $b$. Default: `"zeros"`.
        kernel_regularizer, recurrent_regularizer, bias_regularizer: For $W$ and $P$, $U$, and $b$. Default: `None`.
        kernel_constraint, recurrent_constraint, bias_constraint: Likewise. Default: `None`.
        dropout: Share of inputs dropped, in [0, 1); one mask for all blocks and steps of a batch. Default: 0.
        recurrent_dropout: Share of $h_{t-1}$ dropped, likewise. Default: 0.
        seed: Seed of the dropout masks. Default: `None`.
        projection_initializer: For $P$. Default: `"glorot_uniform"`.

    Shapes:
        inputs `(N, m)`, states `[h (N, p), c (N, n)]`; returns `h (N, p)` and `[h (N, p), c (N, n)]`.

    Parameters:
        $8n(m + n)$; with projection $8n(m + p) + np$; a bias adds $8n$.

    Raises:
        ValueError: `units` or `projection` is not a positive integer, or a dropout is not in [0, 1).

    Source:
        B. Zoph, Q. V. Le, "Neural Architecture Search with Reinforcement Learning", ICLR 2017, arXiv 1611.01578. The
        equations are those of TensorFlow Addons 0.23, which this cell agrees with.

    Example:

    >>> import keras, numpy as np
    >>> layer = keras.layers.RNN(NASCell(3, kernel_initializer="ones", recurrent_initializer="zeros"))
    >>> h = layer(np.array([[[0.1, 0.2]]], dtype="float32"))
    >>> round(float(h[0, 0]), 4)
    0.0614
    >>> layer.count_params()  # 8 * 3(2 + 3)
    120
    """

    def __init__(
        self,
        units,
        projection=None,
        use_bias=False,
        kernel_initializer="glorot_uniform",
        recurrent_initializer="glorot_uniform",
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
        projection_initializer="glorot_uniform",
        **kwargs,
    ):
        super().__init__(
            units,
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
        self.projection = None if projection is None else positive_integer("projection", projection)
        self.projection_initializer = initializers.get(projection_initializer)
        self.output_size = self.projection or self.units
        self.state_size = [self.output_size, self.units]

    def build(self, input_shape):
        n, p = self.units, self.output_size
        self.kernel = self.add_kernel("kernel", (input_shape[-1], 8 * n))
        self.recurrent_kernel = self.add_recurrent_kernel("recurrent_kernel", (p, 8 * n))
        self.bias = self.add_bias("bias", (8 * n,))
        if self.projection is not None:
            self.projection_kernel = self.add_kernel("projection_kernel", (n, p), self.projection_initializer)

    def call(self, inputs, states, training=False):
        h, c = states
        inputs, h = self.drop(inputs, h, training)
        v = ops.matmul(h, self.recurrent_kernel)  # (N, 8n)
        if self.use_bias:
            v = v + self.bias
        u = ops.split(ops.matmul(inputs, self.kernel), 8, axis=-1)
        v = ops.split(v, 8, axis=-1)  # each (N, n)
        l_0 = ops.tanh(ops.sigmoid(u[0] + v[0]) * ops.relu(u[1] + v[1]))
        l_1 = ops.tanh(ops.sigmoid(u[2] + v[2]) + ops.relu(u[3] * v[3]))
        l_2 = ops.tanh(ops.tanh(u[4] + v[4]) * ops.sigmoid(u[5] + v[5]))
        l_3 = ops.sigmoid(ops.tanh(u[6] + v[6]) + ops.sigmoid(u[7] + v[7]))
        c_new = ops.tanh(l_0 + c) * l_1
        h_new = ops.tanh(c_new * ops.tanh(l_2 + l_3))
        if self.projection is not None:
            h_new = ops.matmul(h_new, self.projection_kernel)
        return h_new, [h_new, c_new]

    def get_config(self):
        config = super().get_config()
        del config["activation"]  # of the class that lends the dropout masks
        return {
            **config,
            "projection": self.projection,
            "projection_initializer": initializers.serialize(self.projection_initializer),
        }
