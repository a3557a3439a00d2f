"""A simple recurrent network whose sum is normalised over the units, known from TensorFlow Addons."""

import keras
from keras import constraints, initializers, ops, regularizers

from course_kit.cells.base import RecurrentCell
from course_kit.cells.normalised import normalised, positive


@keras.saving.register_keras_serializable(package="course_kit")
class LayerNormSimpleRNNCell(RecurrentCell):
    r"""One step of a SimpleRNN with layer normalisation of the sum before the bias and the activation.

    Slide: none; D1.6 "Рекуррентные сети III" has the network without the normalisation.

    In Keras' convention (row vectors, batch first), with $W$ = `kernel`, $U$ = `recurrent_kernel`, $\gamma$ = `gamma`,
    $b$ = `bias`, and the mean $\mu$ and the variance $\sigma^2$ of one row of $a$ over its n units:

    $$a_t = x_t W + h_{t-1} U, \qquad
    h_t = \tanh\Big(\gamma * \frac{a_t - \mu(a_t)}{\sqrt{\sigma^2(a_t) + \epsilon}} + b\Big)$$

    It is `LayerNormSimpleRNNCell` of TensorFlow Addons with the same weights in another order: there the bias comes
    before the gain.

    Args:
        units: Positive integer n, width of the state.
        activation: Default: `"tanh"`.
        use_bias: Whether there is a bias. Default: `True`.
        layernorm_epsilon: $\epsilon$, a positive number. Default: 1e-5.
        kernel_initializer: For $W$. Default: `"glorot_uniform"`.
        recurrent_initializer: For $U$. Default: `"orthogonal"`.
        bias_initializer: For $b$. Default: `"zeros"`.
        gamma_initializer: For $\gamma$. Default: `"ones"`.
        kernel_regularizer, recurrent_regularizer, bias_regularizer, gamma_regularizer: Default: `None`.
        kernel_constraint, recurrent_constraint, bias_constraint, gamma_constraint: Default: `None`.
        dropout: Share of inputs dropped, in [0, 1); one mask for all steps of a batch. Default: 0.
        recurrent_dropout: Share of $h_{t-1}$ dropped, likewise. Default: 0.
        seed: Seed of the dropout masks. Default: `None`.

    Shapes:
        inputs `(N, m)`, states `[h (N, n)]`; returns `h (N, n)` and `[h (N, n)]`.

    Parameters:
        $n(m + n + 2)$; without bias $n(m + n + 1)$.

    Raises:
        ValueError: `units` is not a positive integer, a dropout is not in [0, 1), or `layernorm_epsilon` not positive.

    Source:
        J. L. Ba, J. R. Kiros, G. E. Hinton, "Layer Normalization", arXiv 1607.06450 (2016), equation 4.

    Example:

    >>> import keras, numpy as np
    >>> layer = keras.layers.RNN(LayerNormSimpleRNNCell(2, layernorm_epsilon=1e-9))
    >>> h = layer(np.array([[[0.1, 0.2]]], dtype="float32"))
    >>> [round(abs(float(value)), 3) for value in h[0]]  # two units are normalised to 1 and -1, whatever came
    [0.762, 0.762]
    >>> layer.count_params()  # 2(2 + 2 + 2)
    12
    """

    def __init__(
        self,
        units,
        activation="tanh",
        use_bias=True,
        layernorm_epsilon=1e-5,
        kernel_initializer="glorot_uniform",
        recurrent_initializer="orthogonal",
        bias_initializer="zeros",
        gamma_initializer="ones",
        kernel_regularizer=None,
        recurrent_regularizer=None,
        bias_regularizer=None,
        gamma_regularizer=None,
        kernel_constraint=None,
        recurrent_constraint=None,
        bias_constraint=None,
        gamma_constraint=None,
        dropout=0.0,
        recurrent_dropout=0.0,
        seed=None,
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
        self.layernorm_epsilon = positive("layernorm_epsilon", layernorm_epsilon)
        self.gamma_initializer = initializers.get(gamma_initializer)
        self.gamma_regularizer = regularizers.get(gamma_regularizer)
        self.gamma_constraint = constraints.get(gamma_constraint)

    def build(self, input_shape):
        super().build(input_shape)
        self.gamma = self.add_weight(
            name="gamma",
            shape=(self.units,),
            initializer=self.gamma_initializer,
            regularizer=self.gamma_regularizer,
            constraint=self.gamma_constraint,
        )

    def call(self, inputs, states, training=False):
        (h,) = states
        inputs, h = self.drop(inputs, h, training)
        a = ops.matmul(inputs, self.kernel) + ops.matmul(h, self.recurrent_kernel)  # (N, n)
        a = normalised(a, self.layernorm_epsilon) * self.gamma
        if self.use_bias:
            a = a + self.bias
        h_new = self.activation(a)
        return h_new, [h_new]

    def get_config(self):
        return {
            **super().get_config(),
            "layernorm_epsilon": self.layernorm_epsilon,
            "gamma_initializer": initializers.serialize(self.gamma_initializer),
            "gamma_regularizer": regularizers.serialize(self.gamma_regularizer),
            "gamma_constraint": constraints.serialize(self.gamma_constraint),
        }
