"""LSTM with several memory cells a unit."""

import keras
from keras import activations, ops

from course_kit.cells.base import RecurrentCell, one_of, positive_integer
from course_kit.cells.side_by_side import with_forget_bias


@keras.saving.register_keras_serializable(package="course_kit")
class ArrayLSTMCell(RecurrentCell):
    r"""One step of an Array-LSTM: each unit has K memory cells, its lanes, and one output that reads them all.

    Slide: D1.28 "Рекуррентные сети XIV" (Array-LSTM among the further experiments).

    The slide names the paper. For each lane $k$ of K, with the slides' symbols of D1.17-D1.20:

    $$f_k, i_k, o_k = \sigma(W_k x_t + U_k h_{t-1} + b_k), \qquad \tilde c_k = \tanh(W_k x_t + U_k h_{t-1} + b_k),$$
    $$c_{k,t} = f_k * c_{k,t-1} + i_k * \tilde c_k, \qquad h_t = \sum_k o_k * \tanh(c_{k,t})$$

    All lanes read the one $h_{t-1}$. In Keras' convention the gates are stacked in the order i, f, c, o, and in each
    gate lane 1 to lane K. With one lane this is `keras.layers.LSTMCell`; $h$ is a sum of K terms and can leave
    [-1, 1].

    `lane_selection="soft"` is the paper's soft attention over the lanes, a fifth block a. Its gates are scaled by the
    share of their lane, and f *erases*, so that a lane which is not selected stays as it is:

    $$s_k = \frac{e^{\sigma_a(a_k)}}{\sum_j e^{\sigma_a(a_j)}}, \qquad
    c_{k,t} = (1 - s_k f_k) * c_{k,t-1} + s_k i_k * \tilde c_k, \qquad h_t = \sum_k s_k o_k * \tanh(c_{k,t})$$

    What $\sigma_a$ is differs: a logistic function in the equation, nothing in the program that its author published
    (krocki/ArrayLSTM on GitHub). That bounds the shares: with a logistic function no lane gets more than e times
    another. In both, a reads $x_t$ and $h_{t-1}$; in the package `array-lstm` it reads $x_t$ alone. The paper's other
    extensions (max pooling, stochastic pooling) are not here: published programs disagree on what they are.

    Args:
        units: Positive integer n, width of the output.
        lanes: Positive integer K, memory cells a unit. Default: 2.
        activation: Of the candidate and of the output. Default: `"tanh"`.
        recurrent_activation: $\sigma$ of the gates. Default: `"sigmoid"`.
        use_bias: Whether there is a bias. Default: `True`.
        kernel_initializer: For $W$. Default: `"glorot_uniform"`.
        recurrent_initializer: For $U$. Default: `"orthogonal"`.
        bias_initializer: For $b$. Default: `"zeros"`.
        unit_forget_bias: Whether the forget gates' part of $b$ starts so that they keep: at one, and at minus one
            where f erases. Default: `True`.
        kernel_regularizer, recurrent_regularizer, bias_regularizer: As the initializers. Default: `None`.
        kernel_constraint, recurrent_constraint, bias_constraint: As the initializers. Default: `None`.
        dropout: Share of inputs dropped, in [0, 1); one mask for all gates, lanes and steps of a batch. Default: 0.
        recurrent_dropout: Share of $h_{t-1}$ dropped, likewise. Default: 0.
        seed: Seed of the dropout masks. Default: `None`.
        lane_selection: `None` or `"soft"`. Default: `None`.
        attention_activation: $\sigma_a$ of the soft selection, `"linear"` for none. Default: `"sigmoid"`.

    Shapes:
        inputs `(N, m)`, states `[h (N, n), c (N, K n)]`, lane 1 first; returns `h (N, n)` and the same states.

    Parameters:
        $4Kn(m + n + 1)$, with soft selection $5Kn(m + n + 1)$; without bias $4Kn(m + n)$ and $5Kn(m + n)$.

    Raises:
        ValueError: `units` or `lanes` is not a positive integer, a dropout is not in [0, 1), or `lane_selection` is
            unknown.

    Source:
        K. Rocki, "Recurrent Memory Array Structures", arXiv 1607.03085 (2016).

    Example:

    >>> import keras, numpy as np
    >>> cell = ArrayLSTMCell(3, lanes=2, kernel_initializer="ones", recurrent_initializer="zeros")
    >>> layer = keras.layers.RNN(cell)
    >>> h = layer(np.array([[[0.1, 0.2]]], dtype="float32"))
    >>> round(float(h[0, 0]), 4)  # c = sigmoid(0.3) tanh(0.3), h = 2 sigmoid(0.3) tanh(c)
    0.1905
    >>> layer.count_params()  # 4 * 2 * 3(2 + 3 + 1)
    144
    """

    def __init__(
        self,
        units,
        lanes=2,
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
        lane_selection=None,
        attention_activation="sigmoid",
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
        self.lanes = positive_integer("lanes", lanes)
        self.recurrent_activation = activations.get(recurrent_activation)
        self.unit_forget_bias = unit_forget_bias
        self.lane_selection = one_of("lane_selection", lane_selection, (None, "soft"))
        self.attention_activation = activations.get(attention_activation)
        self.state_size = [self.units, self.lanes * self.units]

    def build(self, input_shape):
        cells = self.lanes * self.units
        width = (5 if self.lane_selection else 4) * cells
        initial_bias = self.bias_initializer
        if self.unit_forget_bias:
            initial_bias = with_forget_bias(initial_bias, -1.0 if self.lane_selection else 1.0, cells)
        self.kernel = self.add_kernel("kernel", (input_shape[-1], width))
        self.recurrent_kernel = self.add_recurrent_kernel("recurrent_kernel", (self.units, width))
        self.bias = self.add_bias("bias", (width,), initializer=initial_bias)

    def call(self, inputs, states, training=False):
        h, c = states
        inputs, h = self.drop(inputs, h, training)
        a = ops.matmul(inputs, self.kernel) + ops.matmul(h, self.recurrent_kernel)  # (N, 4 K n) or (N, 5 K n)
        if self.use_bias:
            a = a + self.bias
        a_i, a_f, a_c, a_o, *attention = ops.split(a, 5 if self.lane_selection else 4, axis=-1)  # each (N, K n)
        i, f, o = (self.recurrent_activation(gate) for gate in (a_i, a_f, a_o))
        if self.lane_selection:
            s = ops.softmax(self._by_lane(self.attention_activation(*attention)), axis=1)  # (N, K, n)
            s = ops.reshape(s, ops.shape(c))
            i, f, o = s * i, 1 - s * f, s * o
        c_new = f * c + i * self.activation(a_c)
        h_new = ops.sum(self._by_lane(o * self.activation(c_new)), axis=1)  # (N, n)
        return h_new, [h_new, c_new]

    def _by_lane(self, cells):
        return ops.reshape(cells, (-1, self.lanes, self.units))  # (N, K, n)

    def get_config(self):
        return {
            **super().get_config(),
            "lanes": self.lanes,
            "recurrent_activation": activations.serialize(self.recurrent_activation),
            "unit_forget_bias": self.unit_forget_bias,
            "lane_selection": self.lane_selection,
            "attention_activation": activations.serialize(self.attention_activation),
        }
