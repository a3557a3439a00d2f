"""Tree-LSTM: an LSTM whose past is not one step but a node's children, with a forget gate for each."""

import keras
from keras import activations, constraints, initializers, ops, regularizers

from course_kit.cells.base import one_of, positive_integer
from course_kit.cells.side_by_side import with_forget_bias
from course_kit.layers.trees import TreeLayer


class _TreeLSTM(TreeLayer):
    """What the two Tree-LSTMs share: the kernels, the start of the bias, and the cell once the gates are there."""

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
        return_nodes=False,
        **kwargs,
    ):
        super().__init__(
            units,
            activation=activation,
            use_bias=use_bias,
            kernel_initializer=kernel_initializer,
            bias_initializer=bias_initializer,
            kernel_regularizer=kernel_regularizer,
            bias_regularizer=bias_regularizer,
            kernel_constraint=kernel_constraint,
            bias_constraint=bias_constraint,
            return_nodes=return_nodes,
            **kwargs,
        )
        self.recurrent_activation = activations.get(recurrent_activation)
        self.recurrent_initializer = initializers.get(recurrent_initializer)
        self.unit_forget_bias = one_of("unit_forget_bias", unit_forget_bias, (True, False))
        self.recurrent_regularizer = regularizers.get(recurrent_regularizer)
        self.recurrent_constraint = constraints.get(recurrent_constraint)

    def build(self, input_shape):
        n = self.units
        self.kernel = self.add_kernel((input_shape[-1], 4 * n))
        self.recurrent_kernel = self.add_weight(
            name="recurrent_kernel",
            shape=self.recurrent_shape(),
            initializer=self.recurrent_initializer,
            regularizer=self.recurrent_regularizer,
            constraint=self.recurrent_constraint,
        )
        start = with_forget_bias(self.bias_initializer, 1.0, n) if self.unit_forget_bias else None
        self.bias = self.add_bias((4 * n,), initializer=start)

    def own(self, inputs):
        a = ops.matmul(inputs, self.kernel)  # (N, S, 4n): all nodes at once, outside the loop
        return a + self.bias if self.use_bias else a

    def leaves(self, own):
        a_i, _, a_c, a_o = ops.split(own, 4, axis=-1)  # (P, n) each
        return self._states(a_i, a_c, a_o, kept=0.0)

    def parents(self, own, states):
        h, c = states  # (P, K, n) each, the children's
        a_i, a_f, a_c, a_o = ops.split(own, 4, axis=-1)  # (P, n) each
        u_i, u_f, u_c, u_o = self.of_children(h)  # (P, n), for f (P, K, n)
        f = self.recurrent_activation(a_f[:, None] + u_f)
        return self._states(a_i + u_i, a_c + u_c, a_o + u_o, kept=ops.sum(f * c, axis=1))

    def _states(self, a_i, a_c, a_o, kept):
        c = self.recurrent_activation(a_i) * self.activation(a_c) + kept
        return [self.recurrent_activation(a_o) * self.activation(c), c]

    def get_config(self):
        return {
            **super().get_config(),
            "recurrent_activation": activations.serialize(self.recurrent_activation),
            "recurrent_initializer": initializers.serialize(self.recurrent_initializer),
            "unit_forget_bias": self.unit_forget_bias,
            "recurrent_regularizer": regularizers.serialize(self.recurrent_regularizer),
            "recurrent_constraint": constraints.serialize(self.recurrent_constraint),
        }


@keras.saving.register_keras_serializable(package="course_kit")
class ChildSumTreeLSTM(_TreeLSTM):
    r"""An LSTM over trees whose nodes may have any number of children, in any order.

    Slide: D2.5 "Рекурсивная сеть" (the family; the lectures do not name this member).

    Node j with input $x_j$ and the children C(j), in the paper's symbols (its $u$ is $\tilde c$ here):

    $$\tilde h_j = \sum_{k \in C(j)} h_k, \qquad f_{jk} = \sigma(W^{(f)} x_j + U^{(f)} h_k + b^{(f)}),$$
    $$i_j, o_j = \sigma(W^{(i, o)} x_j + U^{(i, o)} \tilde h_j + b^{(i, o)}), \qquad
    u_j = \tanh(W^{(u)} x_j + U^{(u)} \tilde h_j + b^{(u)}),$$
    $$c_j = i_j \odot u_j + \sum_{k \in C(j)} f_{jk} \odot c_k, \qquad h_j = o_j \odot \tanh(c_j)$$

    In Keras' convention the rows $x W + h U + b$ are stacked in the order i, f, c, o, as in `keras.layers.LSTM`;
    on a chain, where every node has one child, this is `keras.layers.LSTM` with the same weights.

    Trees come as arrays, see `encode_trees`; dependency trees, where each node has a word, with `heads=True`.
    A batch of different trees is one call. Its loop has a step for each level of the highest tree if `levels`
    are given too, and otherwise one for each slot: the same numbers, a few times slower. A node without a word
    of its own has the input zero, if the mask says so (`Embedding(mask_zero=True)` does). The layer hands no
    mask on: padding gets zeros with `return_nodes`, and `EncodedTrees.nodes` says where it is.

    There is no dropout inside the tree; `Dropout` before and after this layer drops words and nodes.

    Args:
        units: Positive integer n, width of every node's h and c.
        activation: Of the candidate and of the output. Default: `"tanh"`.
        recurrent_activation: $\sigma$ of the gates. Default: `"sigmoid"`.
        use_bias: Whether there is a bias. Default: `True`.
        kernel_initializer: For $W$. Default: `"glorot_uniform"`.
        recurrent_initializer: For $U$. Default: `"orthogonal"`.
        bias_initializer: For $b$. Default: `"zeros"`.
        unit_forget_bias: Whether the forget gates' part of $b$ starts at one instead. Default: `True`.
        kernel_regularizer, recurrent_regularizer, bias_regularizer: As the initializers. Default: `None`.
        kernel_constraint, recurrent_constraint, bias_constraint: As the initializers. Default: `None`.
        return_nodes: Whether all nodes are returned, in their slots, and not the root alone. Default: `False`.

    Shapes:
        inputs `(N, S, m)`, children `(N, S, K)` integers, levels `(N, L, W)` integers or `None`, inputs_mask `(N, S)`
        or `None`; returns `h (N, n)`, with `return_nodes` `h (N, S, n)`.

    Parameters:
        $4n(m + n + 1)$; without bias $4n(m + n)$. As many as the LSTM: the forget gates share their weights.

    Raises:
        ValueError: `units` is not a positive integer, or children are not integers.

    Source:
        K. S. Tai, R. Socher, C. D. Manning, "Improved Semantic Representations From Tree-Structured Long Short-Term
        Memory Networks", arXiv 1503.00075 (2015), section 3.1.

    Example:

    >>> import numpy as np
    >>> from course_kit.layers import encode_trees
    >>> trees = encode_trees([(3, 1, 2), (2, 1)], heads=True)
    >>> layer = ChildSumTreeLSTM(1, kernel_initializer="ones", recurrent_initializer="zeros")
    >>> words = np.array([[0.0], [0.1], [0.2], [0.3]], dtype="float32")
    >>> roots = layer(words[trees.tokens], trees.children, trees.levels)
    >>> round(float(roots[0, 0]), 4)  # c = s(.3) tanh(.3) + s(1.3)(s(.1) tanh(.1) + s(.2) tanh(.2)), h = s(.3) tanh(c)
    0.164
    >>> layer.count_params()  # 4 * 1(1 + 1 + 1)
    12
    """

    def recurrent_shape(self):
        return (self.units, 4 * self.units)

    def of_children(self, h):
        U_i, U_f, U_c, U_o = ops.split(self.recurrent_kernel, 4, axis=1)  # (n, n) each
        h_sum = ops.sum(h, axis=1)  # (P, n)
        return ops.matmul(h_sum, U_i), ops.matmul(h, U_f), ops.matmul(h_sum, U_c), ops.matmul(h_sum, U_o)


@keras.saving.register_keras_serializable(package="course_kit")
class NaryTreeLSTM(_TreeLSTM):
    r"""An LSTM over trees whose nodes have at most N children, each place with weights of its own.

    Slide: D2.5 "Рекурсивная сеть" (the family; the lectures do not name this member).

    Node j with input $x_j$ and children 1 to N, in the paper's symbols (its $u$ is $\tilde c$ here):

    $$f_{jk} = \sigma\Big(W^{(f)} x_j + \sum_{l=1}^N U^{(f)}_{kl} h_{jl} + b^{(f)}\Big), \qquad
    i_j, o_j = \sigma\Big(W^{(i, o)} x_j + \sum_{l=1}^N U^{(i, o)}_l h_{jl} + b^{(i, o)}\Big),$$
    $$u_j = \tanh\Big(W^{(u)} x_j + \sum_{l=1}^N U^{(u)}_l h_{jl} + b^{(u)}\Big), \qquad
    c_j = i_j \odot u_j + \sum_{l=1}^N f_{jl} \odot c_{jl}, \qquad h_j = o_j \odot \tanh(c_j)$$

    The forget gate of a child sees all children. In Keras' convention the children's h stand side by side, and
    the columns of the `(Nn, (3 + N)n)` recurrent kernel are i, f of child 1 to f of child N, c, o. With N = 1
    this is `keras.layers.LSTM`, with equal weights for all places `ChildSumTreeLSTM`. A child that is not there
    has h = c = 0. For the paper's binary trees, with words in the leaves alone, use `Embedding(mask_zero=True)`
    or pass `inputs_mask`: then nodes above words have no input. The rest stands with `ChildSumTreeLSTM`.

    Args:
        units: Positive integer n, width of every node's h and c.
        arity: Positive integer N, the most children of a node. Default: 2.
        activation: Of the candidate and of the output. Default: `"tanh"`.
        recurrent_activation: $\sigma$ of the gates. Default: `"sigmoid"`.
        use_bias: Whether there is a bias. Default: `True`.
        kernel_initializer: For $W$. Default: `"glorot_uniform"`.
        recurrent_initializer: For $U$. Default: `"orthogonal"`.
        bias_initializer: For $b$. Default: `"zeros"`.
        unit_forget_bias: Whether the forget gates' part of $b$ starts at one instead. Default: `True`.
        kernel_regularizer, recurrent_regularizer, bias_regularizer: As the initializers. Default: `None`.
        kernel_constraint, recurrent_constraint, bias_constraint: As the initializers. Default: `None`.
        return_nodes: Whether all nodes are returned, in their slots, and not the root alone. Default: `False`.

    Shapes:
        inputs `(batch, S, m)`, children `(batch, S, N)` integers, levels `(batch, L, W)` integers or `None`,
        inputs_mask `(batch, S)` or `None`; returns `h (batch, n)`, with `return_nodes` `h (batch, S, n)`.

    Parameters:
        $4n(m + 1) + (3N + N^2)n^2$; without bias $4nm + (3N + N^2)n^2$.

    Raises:
        ValueError: `units` or `arity` is not a positive integer, children are not integers or not `arity` to a node.

    Source:
        K. S. Tai, R. Socher, C. D. Manning, "Improved Semantic Representations From Tree-Structured Long Short-Term
        Memory Networks", arXiv 1503.00075 (2015), section 3.2.

    Example:

    >>> import numpy as np
    >>> from course_kit.layers import encode_trees
    >>> trees = encode_trees([(1, 2)])
    >>> layer = NaryTreeLSTM(1, kernel_initializer="ones", recurrent_initializer="zeros")
    >>> words = np.array([[0.0], [0.1], [0.2]], dtype="float32")
    >>> root = layer(words[trees.tokens], trees.children, trees.levels, inputs_mask=trees.mask)
    >>> round(float(root[0, 0]), 4)  # c = sigmoid(1)(sigmoid(.1) tanh(.1) + sigmoid(.2) tanh(.2)), h = tanh(c) / 2
    0.0585
    >>> layer.count_params()  # 4 * 1(1 + 1) + (3 * 2 + 2^2) * 1^2
    18
    """

    def __init__(
        self,
        units,
        arity=2,
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
        return_nodes=False,
        **kwargs,
    ):
        super().__init__(
            units,
            activation=activation,
            recurrent_activation=recurrent_activation,
            use_bias=use_bias,
            kernel_initializer=kernel_initializer,
            recurrent_initializer=recurrent_initializer,
            bias_initializer=bias_initializer,
            unit_forget_bias=unit_forget_bias,
            kernel_regularizer=kernel_regularizer,
            recurrent_regularizer=recurrent_regularizer,
            bias_regularizer=bias_regularizer,
            kernel_constraint=kernel_constraint,
            recurrent_constraint=recurrent_constraint,
            bias_constraint=bias_constraint,
            return_nodes=return_nodes,
            **kwargs,
        )
        self.arity = positive_integer("arity", arity)

    def recurrent_shape(self):
        return (self.arity * self.units, (3 + self.arity) * self.units)

    def check_children(self, arity):
        if arity != self.arity:
            raise ValueError(
                f"the last axis of children must be arity, encode_trees(..., arity={self.arity}). Got {arity}."
            )

    def of_children(self, h):
        n, K = self.units, self.arity
        a = ops.matmul(ops.reshape(h, (-1, K * n)), self.recurrent_kernel)  # (P, (3 + K) n)
        u_i, u_f, u_c, u_o = ops.split(a, [n, (1 + K) * n, (2 + K) * n], axis=-1)
        return u_i, ops.reshape(u_f, (-1, K, n)), u_c, u_o

    def get_config(self):
        return {**super().get_config(), "arity": self.arity}
