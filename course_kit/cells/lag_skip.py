"""A recurrent network whose hidden layer also sees itself several steps ago."""

import numbers

import keras
from keras import ops

from course_kit.cells.base import RecurrentCell


@keras.saving.register_keras_serializable(package="course_kit")
class LagSkipCell(RecurrentCell):
    r"""One step of a recurrent network with skip connections in time: links that jump over k steps.

    Slides: D4.25 "Skip-connection", among the remedies of D4.21 "Как предотвратить взрыв?".

    The slide is a figure without a formula. Read as links of the unrolled network that jump over steps, with
    a set K of lags and one kernel for each:

    $$h_t = \sigma_h\Big(x_t W + h_{t-1} U_1 + \sum_{k \in K} h_{t-k} U_k + b_h\Big)$$

    `recurrent_kernel` holds $U_1$ and the $U_k$ below each other, in the order of `lags`. An error that
    takes the links of lag k passes one kernel for k steps, so over a distance of T it is multiplied T/k times
    and not T times. Read as links that jump over layers, the figure is `ResidualStack`.

    Args:
        units: Positive integer n, width of the state.
        lags: The set K: an integer of 2 or more, or a set, list or tuple of them. Lag 1 is always there.
        activation: $\sigma_h$. Default: `"tanh"`.
        use_bias: Whether there is a bias. Default: `True`.
        kernel_initializer: For $W$. Default: `"glorot_uniform"`.
        recurrent_initializer: For $U_1$ and all $U_k$ as one matrix. Default: `"orthogonal"`, which then
            keeps the length of $[h_{t-1}, h_{t-k}, ...]$ at most as it is.
        bias_initializer: For $b_h$. Default: `"zeros"`.
        kernel_regularizer, recurrent_regularizer, bias_regularizer: As the initializers. Default: `None`.
        kernel_constraint, recurrent_constraint, bias_constraint: As the initializers. Default: `None`.
        dropout: Share of inputs dropped, in [0, 1); one mask for all steps of a batch. Default: 0.
        recurrent_dropout: Share of units dropped where the kernels read them, at every lag the same.
            Default: 0.
        seed: Seed of the dropout masks. Default: `None`.

    Shapes:
        inputs `(N, m)`, states `[h one step ago (N, n), h two steps ago (N, n), ...]` up to the largest lag;
        returns `h (N, n)` and the states of the next step, h first.

    Parameters:
        $n(m + (1 + |K|) n + 1)$; without bias $n(m + (1 + |K|) n)$.

    Raises:
        ValueError: `units` is not a positive integer, `lags` are not different integers of 2 or more, or a
            dropout is not in [0, 1).

    Source:
        T. Lin, B. G. Horne, C. L. Giles, "How embedded memory in recurrent neural network architectures helps
        learning long-term temporal dependencies", Neural Networks 11 (1998), 861-868, for hidden states; T. Lin et
        al., "Learning long-term dependencies in NARX recurrent neural networks", IEEE Transactions on Neural
        Networks 7(6) (1996), 1329-1338, for outputs.

    Example:

    >>> import keras, numpy as np
    >>> cell = LagSkipCell(3, lags=2, activation=None, kernel_initializer="ones", recurrent_initializer="ones")
    >>> layer = keras.layers.RNN(cell, return_sequences=True)
    >>> h = layer(np.array([[[1.0], [0.0], [0.0], [0.0]]], dtype="float32"))
    >>> [float(value) for value in h[0, :, 0]]  # h_t = 3 (h_{t-1} + h_{t-2})
    [1.0, 3.0, 12.0, 45.0]
    >>> layer.count_params()  # 3(1 + 2 * 3 + 1)
    24
    """

    def __init__(
        self,
        units,
        lags,
        activation="tanh",
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
        self.lags = _checked(lags)
        self.state_size = [self.units] * max(self.lags)

    def build(self, input_shape):
        seen = (1 + len(self.lags)) * self.units
        self.kernel = self.add_kernel("kernel", (input_shape[-1], self.units))
        self.recurrent_kernel = self.add_recurrent_kernel("recurrent_kernel", (seen, self.units))
        self.bias = self.add_bias("bias", (self.units,))

    def call(self, inputs, states, training=False):
        past = [states[lag - 1] for lag in (1, *self.lags)]  # each (N, n)
        past = [self.drop(inputs, h, training)[1] for h in past]
        inputs, _ = self.drop(inputs, states[0], training)
        a = ops.matmul(inputs, self.kernel) + ops.matmul(ops.concatenate(past, axis=-1), self.recurrent_kernel)
        if self.use_bias:
            a = a + self.bias
        h = self.activation(a)  # (N, n)
        return h, [h, *states[:-1]]

    def get_config(self):
        return {**super().get_config(), "lags": list(self.lags)}


def _checked(lags) -> tuple[int, ...]:
    """The lags as a tuple, or a ValueError that says the rule and what came."""
    several = lags if isinstance(lags, (list, tuple)) else sorted(lags) if isinstance(lags, set) else [lags]
    whole = [lag for lag in several if isinstance(lag, numbers.Integral) and not isinstance(lag, bool) and lag > 1]
    if not several or len(set(whole)) < len(several):
        raise ValueError(f"lags must be an integer of 2 or more, or several different ones. Got {lags!r}.")
    return tuple(int(lag) for lag in several)
