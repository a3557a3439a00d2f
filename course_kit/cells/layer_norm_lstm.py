"""LSTM whose sums and cell state are normalised over the units, known from TensorFlow Addons."""

import keras
from keras import activations, initializers, ops

from course_kit.cells.base import RecurrentCell
from course_kit.cells.normalised import normalised, positive


@keras.saving.register_keras_serializable(package="course_kit")
class LayerNormLSTMCell(RecurrentCell):
    r"""One step of an LSTM with layer normalisation of what comes from the inputs, from h, and of the cell state.

    Slide: none; D1.17-D1.20 "Рекуррентные сети VII" have the LSTM without the normalisation.

    With the normalisation $LN_k(a) = \gamma_k * (a - \mu(a)) / \sqrt{\sigma^2(a) + \epsilon} + \beta_k$, $\mu$ and
    $\sigma^2$ over one row of $a$, all four gates together, in Keras' convention and order i, f, c, o:

    $$(a_i, a_f, a_c, a_o) = LN_x(x_t W) + LN_h(h_{t-1} U) + b$$
    $$c_t = LN_c\big(\sigma(a_f) * c_{t-1} + \sigma(a_i) * \tanh(a_c)\big), \qquad h_t = \sigma(a_o) * \tanh(c_t)$$

    The state that is carried on is the normalised $c_t$, as in TensorFlow Addons. In the paper's LSTM the state
    is what stands inside the last normalisation, and only the output sees it normalised; this cell follows Addons, so
    that its weights can be taken over. Of $\beta_x$, $\beta_h$ and $b$ only the sum acts.

    Args:
        units: Positive integer n, number of cells.
        activation: Of the candidate and of the output. Default: `"tanh"`.
        recurrent_activation: $\sigma$ of the gates. Default: `"sigmoid"`.
        use_bias: Whether there is $b$. Default: `True`.
        kernel_initializer: For $W$. Default: `"glorot_uniform"`.
        recurrent_initializer: For $U$. Default: `"orthogonal"`.
        bias_initializer: For $b$. Default: `"zeros"`.
        unit_forget_bias: Whether the forget gate's part of $b$ starts at one instead. Default: `True`.
        kernel_regularizer, recurrent_regularizer, bias_regularizer: As the initializers. Default: `None`.
        kernel_constraint, recurrent_constraint, bias_constraint: As the initializers. Default: `None`.
        dropout: Share of inputs dropped, in [0, 1); one mask for all gates and steps of a batch. Default: 0.
        recurrent_dropout: Share of $h_{t-1}$ dropped, likewise. Default: 0.
        seed: Seed of the dropout masks. Default: `None`.
        norm_gamma_initializer: For each $\gamma$. Default: `"ones"`.
        norm_beta_initializer: For each $\beta$. Default: `"zeros"`.
        norm_epsilon: $\epsilon$, a positive number. Default: 1e-3.

    Shapes:
        inputs `(N, m)`, states `[h (N, n), c (N, n)]`; returns `h (N, n)` and `[h (N, n), c (N, n)]`.

    Parameters:
        $4n(m + n + 1) + 18n$: two of $4n$ for each kernel and two of $n$ for c. Without bias $4n$ less.

    Raises:
        ValueError: `units` is not a positive integer, a dropout is not in [0, 1), or `norm_epsilon` is not positive.

    Source:
        J. L. Ba, J. R. Kiros, G. E. Hinton, "Layer Normalization", arXiv 1607.06450 (2016), supplementary material.

    Example:

    >>> import keras, numpy as np
    >>> layer = keras.layers.RNN(LayerNormLSTMCell(1))
    >>> h = layer(np.array([[[0.1, 0.2]]], dtype="float32"))
    >>> round(abs(float(h[0, 0])), 4)  # one cell alone is its own mean
    0.0
    >>> layer.count_params()  # 4(2 + 1 + 1) + 18
    34
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
        norm_gamma_initializer="ones",
        norm_beta_initializer="zeros",
        norm_epsilon=1e-3,
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
        self.norm_gamma_initializer = initializers.get(norm_gamma_initializer)
        self.norm_beta_initializer = initializers.get(norm_beta_initializer)
        self.norm_epsilon = positive("norm_epsilon", norm_epsilon)
        self.state_size = [self.units, self.units]

    def build(self, input_shape):
        n = self.units
        self.kernel = self.add_kernel("kernel", (input_shape[-1], 4 * n))
        self.recurrent_kernel = self.add_recurrent_kernel("recurrent_kernel", (n, 4 * n))
        self.bias = self.add_bias("bias", (4 * n,), initializer=self._initial_bias)
        self.kernel_gamma, self.kernel_beta = self._norm("kernel", 4 * n)
        self.recurrent_gamma, self.recurrent_beta = self._norm("recurrent", 4 * n)
        self.state_gamma, self.state_beta = self._norm("state", n)

    def _norm(self, of: str, width: int):
        gamma = self.add_weight(name=f"{of}_gamma", shape=(width,), initializer=self.norm_gamma_initializer)
        beta = self.add_weight(name=f"{of}_beta", shape=(width,), initializer=self.norm_beta_initializer)
        return gamma, beta

    def _initial_bias(self, shape, dtype=None):
        bias = self.bias_initializer(shape, dtype=dtype)
        if not self.unit_forget_bias:
            return bias
        n = self.units
        return ops.concatenate([bias[:n], ops.ones((n,), dtype=dtype), bias[2 * n :]])

    def call(self, inputs, states, training=False):
        h, c = states
        inputs, h = self.drop(inputs, h, training)
        of_x = normalised(ops.matmul(inputs, self.kernel), self.norm_epsilon)  # (N, 4n)
        of_h = normalised(ops.matmul(h, self.recurrent_kernel), self.norm_epsilon)  # (N, 4n)
        a = of_x * self.kernel_gamma + self.kernel_beta + of_h * self.recurrent_gamma + self.recurrent_beta
        if self.use_bias:
            a = a + self.bias
        a_i, a_f, a_c, a_o = ops.split(a, 4, axis=-1)  # each (N, n)
        i, f, o = (self.recurrent_activation(gate) for gate in (a_i, a_f, a_o))
        c_new = normalised(f * c + i * self.activation(a_c), self.norm_epsilon)
        c_new = c_new * self.state_gamma + self.state_beta
        h_new = o * self.activation(c_new)
        return h_new, [h_new, c_new]

    def get_config(self):
        return {
            **super().get_config(),
            "recurrent_activation": activations.serialize(self.recurrent_activation),
            "unit_forget_bias": self.unit_forget_bias,
            "norm_gamma_initializer": initializers.serialize(self.norm_gamma_initializer),
            "norm_beta_initializer": initializers.serialize(self.norm_beta_initializer),
            "norm_epsilon": self.norm_epsilon,
        }
