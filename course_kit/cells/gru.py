"""GRU in the four forms of the literature."""

import keras
from keras import activations, ops

from course_kit.cells.base import RecurrentCell, one_of


@keras.saving.register_keras_serializable(package="course_kit")
class GRUCell(RecurrentCell):
    r"""One step of a gated recurrent unit, with the choices that papers make differently as arguments.

    Slides: D1.23 "Рекуррентные сети X" (GRU networks); D2.13 "Управляемые рекуррентные блоки"; D4.44 "GRU-ячейка".

    As printed on D1.23:

    $$z_k = \sigma(W_z x_k + U_z h_{k-1} + b_z), \qquad r_k = \sigma(W_r x_k + U_r h_{k-1} + b_r),$$
    $$\tilde h_k = \tanh(W_h x_k + U_h [r_k * h_{k-1}] + b_h), \qquad
    h_k = (1 - z_k) * h_{k-1} + z_k * \tilde h_k$$

    In Keras' convention the rows $x W + h U + b$ are stacked in the order z, r, h, as in
    `keras.layers.GRUCell`. Two choices are left:

    - What z is. `update="write"`: the share that is written, $h_t = (1 - z) h_{t-1} + z \tilde h$, as on
      D1.23 and in Chung 2014. `update="keep"`: the share that is kept, $h_t = z h_{t-1} + (1 - z) \tilde
      h$, as on D4.44 (where it is called u), in Cho 2014 and in Keras. Since $1 - \sigma(a) = \sigma(-a)$,
      negating the weights of z turns one into the other.
    - Where r acts. `reset_after=False`: before the product, $(r \odot h_{t-1}) U_h$, as on the slides and
      in both papers. `reset_after=True`: after it, $r \odot (h_{t-1} U_h + b'_h)$, with a second bias $b'$
      in every block; cuDNN and Keras' default. These are two networks, equal where $U_h$ is diagonal and
      $b'_h$ zero.

    `keras.layers.GRUCell` is `GRUCell(units, reset_after=True)`. `gru_weights` carries weights from one
    convention into another, Keras' included.

    Args:
        units: Positive integer n, width of the state.
        activation: Of the candidate. Default: `"tanh"`.
        recurrent_activation: $\sigma$ of the gates. Default: `"sigmoid"`.
        use_bias: Whether there is a bias. Default: `True`.
        kernel_initializer: For $W$. Default: `"glorot_uniform"`.
        recurrent_initializer: For $U$. Default: `"orthogonal"`.
        bias_initializer: For $b$ and $b'$. Default: `"zeros"`.
        kernel_regularizer, recurrent_regularizer, bias_regularizer: As the initializers. Default: `None`.
        kernel_constraint, recurrent_constraint, bias_constraint: As the initializers. Default: `None`.
        dropout: Share of inputs dropped, in [0, 1); one mask for all gates and steps of a batch. Default: 0.
        recurrent_dropout: Share of $h_{t-1}$ dropped where kernels read it, likewise; what z keeps is not
            dropped. Default: 0.
        reset_after: Whether r acts after the product. Default: `False`, the slides; Keras has `True`.
        seed: Seed of the dropout masks. Default: `None`.
        update: `"keep"` or `"write"`. Default: `"keep"`.

    Shapes:
        inputs `(N, m)`, states `[h (N, n)]`; returns `h (N, n)` and `[h (N, n)]`.

    Parameters:
        $3n(m + n + 1)$, with `reset_after=True` $3n(m + n + 2)$; without bias $3n(m + n)$.

    Raises:
        ValueError: `units` is not a positive integer, a dropout is not in [0, 1), or `reset_after` or `update` is
            none of its values.

    Source:
        K. Cho et al., "Learning Phrase Representations using RNN Encoder-Decoder for Statistical Machine Translation",
        arXiv 1406.1078 (2014), section 2.3; J. Chung et al., "Empirical Evaluation of Gated Recurrent Neural Networks
        on Sequence Modeling", arXiv 1412.3555 (2014), section 3.2.

    Example:

    >>> import keras, numpy as np
    >>> x = np.array([[[0.1, 0.2]]], dtype="float32")
    >>> for update in ("write", "keep"):  # z tanh(0.3) and (1 - z) tanh(0.3) with z = sigmoid(0.3)
    ...     layer = keras.layers.RNN(GRUCell(3, kernel_initializer="ones", update=update))
    ...     print(round(float(layer(x)[0, 0]), 4))
    0.1673
    0.124
    >>> layer.count_params()  # 3 * 3(2 + 3 + 1)
    54
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
        kernel_regularizer=None,
        recurrent_regularizer=None,
        bias_regularizer=None,
        kernel_constraint=None,
        recurrent_constraint=None,
        bias_constraint=None,
        dropout=0.0,
        recurrent_dropout=0.0,
        reset_after=False,
        seed=None,
        update="keep",
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
        self.reset_after = one_of("reset_after", reset_after, (True, False))
        self.update = one_of("update", update, ("keep", "write"))

    def build(self, input_shape):
        n = self.units
        self.kernel = self.add_kernel("kernel", (input_shape[-1], 3 * n))
        self.recurrent_kernel = self.add_recurrent_kernel("recurrent_kernel", (n, 3 * n))
        self.bias = self.add_bias("bias", (2, 3 * n) if self.reset_after else (3 * n,))

    def call(self, inputs, states, training=False):
        (h,) = states
        n = self.units
        inputs, seen = self.drop(inputs, h, training)
        b, b_past = self._biases()  # each (3n,)
        a_z, a_r, a_h = ops.split(ops.matmul(inputs, self.kernel) + b, 3, axis=-1)  # each (N, n)
        past = ops.matmul(seen, self.recurrent_kernel[:, : 2 * n]) + b_past[: 2 * n]
        past_z, past_r = ops.split(past, 2, axis=-1)
        z = self.recurrent_activation(a_z + past_z)
        r = self.recurrent_activation(a_r + past_r)
        U_h, b_h = self.recurrent_kernel[:, 2 * n :], b_past[2 * n :]  # (n, n), (n,)
        past_h = r * (ops.matmul(seen, U_h) + b_h) if self.reset_after else ops.matmul(r * seen, U_h)
        h_tilde = self.activation(a_h + past_h)
        h_new = z * h + (1 - z) * h_tilde if self.update == "keep" else (1 - z) * h + z * h_tilde
        return h_new, [h_new]

    def _biases(self):
        """b, added to the kernel's product, and b', to the recurrent kernel's; zeros where there is none."""
        none = ops.zeros((3 * self.units,), dtype=self.compute_dtype)
        if not self.use_bias:
            return none, none
        return (self.bias[0], self.bias[1]) if self.reset_after else (self.bias, none)

    def get_config(self):
        return {
            **super().get_config(),
            "recurrent_activation": activations.serialize(self.recurrent_activation),
            "reset_after": self.reset_after,
            "update": self.update,
        }
