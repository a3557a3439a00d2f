"""LSTM as it was before the forget gate."""

import keras
from keras import activations, ops

from course_kit.cells.base import RecurrentCell, one_of, positive_integer


def _tanh_of_half(a):
    return ops.tanh(0.5 * a)


# name: (g for the cell input, h for the cell output). The paper prints 4 sigmoid(a) - 2 and 2 sigmoid(a) - 1
# (appendix A.1); with sigmoid(a) = (1 + tanh(a / 2)) / 2 they are these.
SQUASHINGS = {
    "tanh": (ops.tanh, ops.tanh),
    "paper": (lambda a: 2.0 * _tanh_of_half(a), _tanh_of_half),
}


@keras.saving.register_keras_serializable(package="course_kit")
class LSTM1997Cell(RecurrentCell):
    r"""One step of the LSTM of 1997: an input and an output gate, and a state that only accumulates.

    Slides: D4.33-D4.37 "LSTM" (the network is complete on D4.37); D4.39 "Gradients do not vanish!".

    As printed on D4.37:

    $$\begin{pmatrix} g_t \\ i_t \\ o_t \end{pmatrix} =
    \begin{pmatrix} \tilde f \\ \sigma \\ \sigma \end{pmatrix} (V x_t + W h_{t-1} + b), \qquad
    c_t = c_{t-1} + i_t \cdot g_t, \qquad h_t = o_t \cdot \tilde f(c_t)$$

    In Keras' convention (row vectors, batch first) the slide's $V$ is `kernel` $W$, its $W$ is
    `recurrent_kernel` $U$, its $g$ is the candidate $\tilde c$, and the blocks are stacked in the order i,
    c, o, which is Keras' order i, f, c, o without f:

    $$i, o = \sigma(x_t W_{i,o} + q_{t-1} U_{i,o} + b_{i,o}), \qquad
    \tilde c = g(x_t W_c + q_{t-1} U_c + b_c),$$
    $$c_t = c_{t-1} + i \odot \tilde c, \qquad h_t = o \odot h(c_t)$$

    The defaults are the slide's network, $q = h$ and $g = h = \tanh$. The paper's differs in five ways, and
    each is an argument:

    - `squashing="paper"`: $g(a) = 4\sigma(a) - 2$ in [-2, 2] and $h(a) = 2\sigma(a) - 1$ in [-1, 1].
    - `block_size=s`: s cells next to each other are a memory block and share its two gates, so there are b
      = n/s input and as many output gates.
    - `gate_recurrence=True`: everything also sees the gates of the step before, $q_t = [h_t, i_t, o_t]$.
    - `gradient="truncated"`: errors do not go back through $q_{t-1}$; only the state carries them, and
      $\partial c_t / \partial c_{t-1}$ is the identity. They still reach every weight and $x_t$.
    - `use_bias="gates"`: only the gates have biases, as in the paper's first experiment.

    In the paper an input, too, acts one step later; here $x_t$ acts at t, as everywhere in Keras.

    Args:
        units: Positive integer n, number of cells.
        squashing: `"tanh"` or `"paper"`. Default: `"tanh"`.
        recurrent_activation: $\sigma$ of the gates. Default: `"sigmoid"`.
        use_bias: `True`, `False` or `"gates"`. Default: `True`.
        kernel_initializer: For $W$. Default: `"glorot_uniform"`.
        recurrent_initializer: For $U$. Default: `"orthogonal"`.
        bias_initializer: For $b$. Default: `"zeros"`.
        kernel_regularizer, recurrent_regularizer, bias_regularizer: As the initializers. Default: `None`.
        kernel_constraint, recurrent_constraint, bias_constraint: As the initializers. Default: `None`.
        dropout: Share of inputs dropped, in [0, 1); one mask for all gates and steps of a batch. Default: 0.
        recurrent_dropout: Share of $h_{t-1}$ dropped, likewise; gates are not dropped. Default: 0.
        seed: Seed of the dropout masks. Default: `None`.
        block_size: Positive integer s that divides `units`. Default: 1.
        gate_recurrence: Whether the gates are part of what is fed back. Default: `False`.
        gradient: `"full"` or `"truncated"`. Default: `"full"`.

    Shapes:
        inputs `(N, m)`, states `[h (N, n), c (N, n)]`, with gate recurrence also `[i, o] (N, 2b)`; returns
        `h (N, n)` and the new states.

    Parameters:
        $3n(m + n + 1)$; in general $(n + 2b)(m + q + 1)$ with $q = n$, or $n + 2b$ under gate recurrence.
        Without bias $(n + 2b)(m + q)$, with biases of the gates alone $2b$ more.

    Raises:
        ValueError: `units` or `block_size` is not a positive integer or does not go into the other, a dropout
            is not in [0, 1), or another argument is none of its values.

    Source:
        S. Hochreiter, J. Schmidhuber, "Long Short-Term Memory", Neural Computation 9(8) (1997), 1735-1780,
        section 4 and appendix A.1.

    Example:

    >>> import keras, numpy as np
    >>> cell = LSTM1997Cell(3, kernel_initializer="ones", recurrent_initializer="zeros")
    >>> layer = keras.layers.RNN(cell, return_state=True)
    >>> h_last, h, c = layer(np.array([[[0.1, 0.2], [0.3, -0.5]]], dtype="float32"))
    >>> round(float(c[0, 0]), 4)  # sigmoid(0.3) tanh(0.3) + sigmoid(-0.2) tanh(-0.2)
    0.0785
    >>> layer.count_params()  # 3 * 3(2 + 3 + 1)
    54
    >>> paper = LSTM1997Cell(4, "paper", block_size=2, gate_recurrence=True, gradient="truncated")
    >>> paper.build((None, 8))
    >>> paper.count_params()  # (4 + 2 * 2)(8 + 4 + 2 * 2 + 1)
    136
    """

    def __init__(
        self,
        units,
        squashing="tanh",
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
        seed=None,
        block_size=1,
        gate_recurrence=False,
        gradient="full",
        **kwargs,
    ):
        super().__init__(
            units,
            use_bias=one_of("use_bias", use_bias, (True, False, "gates")),
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
        self.squashing = one_of("squashing", squashing, tuple(SQUASHINGS))
        self.recurrent_activation = activations.get(recurrent_activation)
        self.block_size = positive_integer("block_size", block_size)
        if self.units % self.block_size:
            raise ValueError(f"block_size must divide units, {self.units}. Got {block_size!r}.")
        self.gate_recurrence = one_of("gate_recurrence", gate_recurrence, (True, False))
        self.gradient = one_of("gradient", gradient, ("full", "truncated"))
        self.blocks = self.units // self.block_size
        gates = [2 * self.blocks] if self.gate_recurrence else []
        self.state_size = [self.units, self.units, *gates]

    def build(self, input_shape):
        n, b = self.units, self.blocks
        seen = n + 2 * b if self.gate_recurrence else n
        self.kernel = self.add_kernel("kernel", (input_shape[-1], n + 2 * b))
        self.recurrent_kernel = self.add_recurrent_kernel("recurrent_kernel", (seen, n + 2 * b))
        self.bias = self.add_bias("bias", (2 * b if self.use_bias == "gates" else n + 2 * b,))

    def call(self, inputs, states, training=False):
        squash_input, squash_output = SQUASHINGS[self.squashing]
        h, c, *gates = states
        inputs, h = self.drop(inputs, h, training)
        q = ops.concatenate([h, *gates], axis=-1) if gates else h  # (N, n) or (N, n + 2b)
        if self.gradient == "truncated":
            q = ops.stop_gradient(q)
        a = ops.matmul(inputs, self.kernel) + ops.matmul(q, self.recurrent_kernel)  # (N, n + 2b)
        if self.use_bias:
            a = a + self._biases()
        a_i, a_c, a_o = ops.split(a, [self.blocks, self.blocks + self.units], axis=-1)  # (N, b), (N, n), (N, b)
        i, o = self.recurrent_activation(a_i), self.recurrent_activation(a_o)  # each (N, b)
        c_new = c + self._to_cells(i) * squash_input(a_c)  # (N, n)
        h_new = self._to_cells(o) * squash_output(c_new)
        gates_new = [ops.concatenate([i, o], axis=-1)] if gates else []
        return h_new, [h_new, c_new, *gates_new]

    def _biases(self):
        """The biases of i, c and o, (n + 2b,); zero for c where only the gates have one."""
        if self.use_bias != "gates":
            return self.bias
        none = ops.zeros((self.units,), dtype=self.compute_dtype)
        return ops.concatenate([self.bias[: self.blocks], none, self.bias[self.blocks :]])

    def _to_cells(self, gate):
        """A gate's value (N, b) at each cell of its block, (N, n)."""
        return gate if self.block_size == 1 else ops.repeat(gate, self.block_size, axis=-1)

    def get_config(self):
        config = {
            **super().get_config(),
            "squashing": self.squashing,
            "recurrent_activation": activations.serialize(self.recurrent_activation),
            "block_size": self.block_size,
            "gate_recurrence": self.gate_recurrence,
            "gradient": self.gradient,
        }
        del config["activation"]  # squashing stands in its place
        return config
