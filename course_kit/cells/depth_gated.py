"""A stack of LSTMs in which a gate also joins the memories of neighbouring layers."""

import keras
from keras import activations, constraints, initializers, ops, regularizers

from course_kit.cells.base import one_of
from course_kit.cells.deep import DeepCell
from course_kit.cells.side_by_side import part, redrawn, side_by_side, with_forget_bias


@keras.saving.register_keras_serializable(package="course_kit")
class DepthGatedLSTMCell(DeepCell):
    r"""One step of a depth-gated LSTM: L layers, and from each memory a gated link into the memory above it.

    Slide: D1.28 "Рекуррентные сети XIV" (Depth-gated RNN among the further experiments).

    The slide names the paper. With the slides' symbols of D1.17-D1.20, layer $l$ reads $x^1_t = x_t$ and $x^l_t =
    h^{l-1}_t$. From the second layer on there is a depth gate $d$, and the memory takes in that of the layer below:

    $$d = \sigma(W_d x^l_t + w_c * c^l_{t-1} + w_l * c^{l-1}_t + b_d),$$
    $$c^l_t = f * c^l_{t-1} + i * \tilde c + d * c^{l-1}_t$$

    $W_d$ is a matrix, $w_c$ and $w_l$ are one weight a unit. The gates i, f, o and the candidate are those of
    `PeepholeLSTMCell`: o sees the new $c^l_t$, the depth gate's part included. The layers' blocks i, f, c, o stand
    side by side in each weight, layer 1 first; `kernel` is that of layer 1, `upper_kernel` those of the others. With
    the depth gate shut ($b_d = -50$) this is a stack of LSTMs. It is one cell, because a layer needs the memory of the
    one below at the same step, which Keras' stack does not hand on.

    With JAX a masked step needs `zero_output_for_mask=True` or `unroll=True` in the layer: Keras 3.15.1 takes its
    output from the first state there (keras-team/keras#11472 was the same in TensorFlow), which here is that of the
    lowest layer.

    Args:
        units: Positive integer n, width of every layer.
        depth: Positive integer L, number of layers. Default: 2.
        activation: Of the candidates and of the outputs. Default: `"tanh"`.
        recurrent_activation: $\sigma$ of the gates. Default: `"sigmoid"`.
        use_bias: Whether there are biases. Default: `True`.
        kernel_initializer: For the $W$ and $W_d$, each by itself. Default: `"glorot_uniform"`.
        recurrent_initializer: For the $U$, each by itself. Default: `"orthogonal"`.
        bias_initializer: For the $b$. Default: `"zeros"`.
        unit_forget_bias: Whether the forget gates' parts of $b$ start at one instead. Default: `True`.
        kernel_regularizer, recurrent_regularizer, bias_regularizer: As the initializers; that of the biases holds for
            $b_d$ too. Default: `None`.
        kernel_constraint, recurrent_constraint, bias_constraint: Likewise. Default: `None`.
        dropout: Share of inputs dropped, in [0, 1); one mask for all gates and steps of a batch. Between layers
            nothing is dropped. Default: 0.
        recurrent_dropout: Share of units dropped where the $U$ read $h_{t-1}$, the same in every layer. Default: 0.
        seed: Seed of the dropout masks. Default: `None`.
        peepholes: Whether i, f and o see their own memory. Default: `True`.
        peephole_initializer: For the peepholes and for $w_c$ and $w_l$. Default: `"zeros"`.
        peephole_regularizer, peephole_constraint: As the initializer. Default: `None`.
        depth_bias_initializer: For $b_d$; a negative value starts near a plain stack. Default: `"zeros"`.

    Shapes:
        inputs `(N, m)`, states `[h (N, n), c (N, n)]` of layer 1, then of layer 2 and so on; returns the top layer's `h
        (N, n)` and the same states.

    Parameters:
        $4n(m + n + 1) + 3n + (L - 1)(4n(2n + 1) + 3n + n^2 + 3n)$; without biases $4nL + n(L - 1)$ less, without
        peepholes $3nL$ less.

    Raises:
        ValueError: `units` or `depth` is not a positive integer, a dropout is not in [0, 1), or `peepholes` is not a
            truth value.

    Source:
        K. Yao, T. Cohn, K. Vylomova, K. Duh, C. Dyer, "Depth-Gated LSTM", arXiv 1508.03790 (2015); the depth gate as
        in the first author's program (`dglstm.cc` in clab/dynet), where f is 1 - i and peepholes are matrices.

    Example:

    >>> import keras, numpy as np
    >>> for shut in (-50.0, 50.0):  # c of two LSTMs, then 0.1588 and all of 0.1673 below it
    ...     cell = DepthGatedLSTMCell(3, 2, kernel_initializer="ones", recurrent_initializer="zeros",
    ...                               depth_bias_initializer=keras.initializers.Constant(shut))
    ...     layer = keras.layers.RNN(cell, return_state=True)
    ...     _, _, below, _, above = layer(np.array([[[0.1, 0.2]]], dtype="float32"))
    ...     print(round(float(below[0, 0]), 4), round(float(above[0, 0]), 4))
    0.1673 0.1588
    0.1673 0.3262
    >>> layer.count_params()  # 4 * 3(2 + 3 + 1) + 9, and 4 * 3(3 + 3 + 1) + 9 + 9 + 9
    192
    """

    def __init__(
        self,
        units,
        depth=2,
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
        peepholes=True,
        peephole_initializer="zeros",
        peephole_regularizer=None,
        peephole_constraint=None,
        depth_bias_initializer="zeros",
        **kwargs,
    ):
        super().__init__(
            units,
            depth,
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
        self.peepholes = one_of("peepholes", peepholes, (True, False))
        self.peephole_initializer = initializers.get(peephole_initializer)
        self.peephole_regularizer = regularizers.get(peephole_regularizer)
        self.peephole_constraint = constraints.get(peephole_constraint)
        self.depth_bias_initializer = initializers.get(depth_bias_initializer)

    def build(self, input_shape):
        n, all_layers, upper = self.units, range(self.depth), range(1, self.depth)

        def each(initializer, width, layers):
            return side_by_side((redrawn(initializer, layer), width) for layer in layers)

        def bias(layer):
            initializer = redrawn(self.bias_initializer, layer)
            return with_forget_bias(initializer, 1.0, n) if self.unit_forget_bias else initializer

        self.kernel = self.add_kernel("kernel", (input_shape[-1], 4 * n))
        self.recurrent_kernel = self.add_recurrent_kernel(
            "recurrent_kernel", (n, 4 * n * self.depth), each(self.recurrent_initializer, 4 * n, all_layers)
        )
        biases = side_by_side((bias(layer), 4 * n) for layer in all_layers)
        self.bias = self.add_bias("bias", (4 * n * self.depth,), biases)
        if self.peepholes:
            self.peephole_kernel = self._add_peepholes("peephole_kernel", 3, self.depth)
        if self.depth > 1:
            width = n * (self.depth - 1)
            upper_initializer, depth_initializer = (each(self.kernel_initializer, w, upper) for w in (4 * n, n))
            self.upper_kernel = self.add_kernel("upper_kernel", (n, 4 * width), upper_initializer)
            self.depth_kernel = self.add_kernel("depth_kernel", (n, width), depth_initializer)
            self.depth_peephole_kernel = self._add_peepholes("depth_peephole_kernel", 2, self.depth - 1)
            self.depth_bias = self.add_bias("depth_bias", (width,), self.depth_bias_initializer)

    def _add_peepholes(self, name, rows, layers):
        return self.add_weight(
            name=name,
            shape=(rows, self.units * layers),
            initializer=self.peephole_initializer,
            regularizer=self.peephole_regularizer,
            constraint=self.peephole_constraint,
        )

    def call(self, inputs, states, training=False):
        x, hidden, memories = self.drop_hidden(inputs, states, training)
        below, new_states = None, []
        for layer, (h, c) in enumerate(zip(hidden, memories, strict=True)):
            a_i, a_f, a_c, a_o = ops.split(self._blocks(layer, x, h), 4, axis=-1)  # each (N, n)
            p_i, p_f, p_o = self._rows(self.peephole_kernel, layer) if self.peepholes else (0.0, 0.0, 0.0)
            i = self.recurrent_activation(a_i + p_i * c)
            f = self.recurrent_activation(a_f + p_f * c)
            c_new = f * c + i * self.activation(a_c)
            if layer > 0:
                w_c, w_l = self._rows(self.depth_peephole_kernel, layer - 1)
                d = self.recurrent_activation(self._depth_block(layer, x) + w_c * c + w_l * below)
                c_new = c_new + d * below
            o = self.recurrent_activation(a_o + p_o * c_new)
            x, below = o * self.activation(c_new), c_new
            new_states += [x, c_new]
        return x, new_states

    def _blocks(self, layer, x, h):
        """x W + h U + b of one layer, (N, 4n)."""
        n = self.units
        kernel = self.kernel if layer == 0 else part(self.upper_kernel, layer - 1, 4 * n)
        a = ops.matmul(x, kernel) + ops.matmul(h, part(self.recurrent_kernel, layer, 4 * n))
        return a + part(self.bias, layer, 4 * n) if self.use_bias else a

    def _depth_block(self, layer, x):
        """x W_d + b_d of one layer, (N, n)."""
        a = ops.matmul(x, part(self.depth_kernel, layer - 1, self.units))
        return a + part(self.depth_bias, layer - 1, self.units) if self.use_bias else a

    def _rows(self, peepholes, place):
        ours = part(peepholes, place, self.units)
        return [ours[k] for k in range(peepholes.shape[0])]  # each (n,)

    def get_config(self):
        return {
            **super().get_config(),
            "recurrent_activation": activations.serialize(self.recurrent_activation),
            "unit_forget_bias": self.unit_forget_bias,
            "peepholes": self.peepholes,
            "peephole_initializer": initializers.serialize(self.peephole_initializer),
            "peephole_regularizer": regularizers.serialize(self.peephole_regularizer),
            "peephole_constraint": constraints.serialize(self.peephole_constraint),
            "depth_bias_initializer": initializers.serialize(self.depth_bias_initializer),
        }
