"""Recursive networks: the same small network at every node of a binary tree."""

import keras
from keras import constraints, initializers, ops, regularizers

from course_kit.layers.trees import TreeLayer


@keras.saving.register_keras_serializable(package="course_kit")
class RecursiveNetwork(TreeLayer):
    r"""One vector for each node of a binary tree: a word's own in a leaf, above it one made of its two children.

    Slides: D1.30 "Контрольная работа", item 1; D2.5 "Рекурсивная сеть".

    The slides name the network and leave its mathematics to the student. With children $a$ and $b$, columns:

    $$p = \sigma(W [a; b] + c)$$

    In Keras' convention (row vectors, batch first), with $W$ = `kernel` and $c$ = `bias`:

    $$p = \sigma([a, b] W + c), \qquad \text{in a leaf } p = x$$

    So a leaf, a parent and a parent's parent are vectors of one width d, and W is the same everywhere. Words
    of another width need a `Dense(units)` before this layer. A node with a single child sees zeros in the
    place of the second. What `inputs` hold for a node with children is not looked at.

    On a tree that leans left, ((x_0 x_1) x_2) ..., this is `keras.layers.SimpleRNN` from the state $x_0$: the
    upper half of W is its recurrent kernel, the lower half its kernel.

    Trees come as arrays, see `encode_trees`, and a batch of different trees is one call. Its loop has a step for
    each level of the highest tree if `levels` are given too, and otherwise one for each slot: the same numbers, a few
    times slower. The layer hands no mask on: padding gets zeros with `return_nodes`, and `EncodedTrees.nodes` says
    where it is.

    Args:
        units: Positive integer d, width of every node.
        activation: $\sigma$. Default: `"tanh"`.
        use_bias: Whether there is a bias. Default: `True`.
        kernel_initializer: For $W$. Default: `"glorot_uniform"`.
        bias_initializer: For $c$. Default: `"zeros"`.
        kernel_regularizer, bias_regularizer: As the initializers. Default: `None`.
        kernel_constraint, bias_constraint: As the initializers. Default: `None`.
        return_nodes: Whether all nodes are returned, in their slots, and not the root alone. Default: `False`.

    Shapes:
        inputs `(N, S, d)`, children `(N, S, 2)` integers, levels `(N, L, W)` integers or `None`, inputs_mask `(N, S)`
        or `None`, which slots have a word (where none is, the input counts as zero); returns `(N, d)`, with
        `return_nodes` `(N, S, d)`.

    Parameters:
        $2d^2 + d$; without bias $2d^2$.

    Raises:
        ValueError: `units` is not a positive integer, inputs are not `units` wide, children are not integers or not
            two to a node.

    Source:
        C. Goller, A. Küchler, "Learning Task-Dependent Distributed Representations by Backpropagation Through
        Structure", ICNN 1996; R. Socher et al., "Parsing Natural Scenes and Natural Language with Recursive
        Neural Networks", ICML 2011.

    Example:

    >>> import numpy as np
    >>> from course_kit.layers import encode_trees
    >>> words = np.array([[0.0], [0.1], [0.2], [0.3]], dtype="float32")  # row 0 is no word
    >>> trees = encode_trees([((1, 2), 3), (1, 2)])
    >>> layer = RecursiveNetwork(1, kernel_initializer="ones")
    >>> roots = layer(words[trees.tokens], trees.children, trees.levels)
    >>> round(float(roots[0, 0]), 4), round(float(roots[1, 0]), 4)  # tanh(tanh(0.3) + 0.3), tanh(0.3)
    (0.5308, 0.2913)
    >>> layer.count_params()  # 2 * 1^2 + 1
    3
    """

    def build(self, input_shape):
        if input_shape[-1] != self.units:
            raise ValueError(f"the last axis of inputs must be units, {self.units}. Got {input_shape[-1]}.")
        self.kernel = self.add_kernel((2 * self.units, self.units))
        self.bias = self.add_bias((self.units,))

    def check_children(self, arity):
        if arity != 2:
            raise ValueError(f"the last axis of children must be 2, encode_trees(..., arity=2). Got {arity}.")

    def own(self, inputs):
        return inputs

    def leaves(self, own):
        return [own]

    def parents(self, own, states):
        (below,) = states  # (P, 2, d)
        a = self.compose(ops.reshape(below, (-1, 2 * self.units)))  # (P, d)
        return [self.activation(a + self.bias if self.use_bias else a)]

    def compose(self, pair):
        """What the activation sees of [a, b], (P, 2d), before the bias."""
        return ops.matmul(pair, self.kernel)


@keras.saving.register_keras_serializable(package="course_kit")
class RecursiveTensorNetwork(RecursiveNetwork):
    r"""A recursive network in which the two children also multiply each other, by a tensor.

    Slide: D1.31 "Контрольная работа", item 2 (the slide names the network; the formula is the paper's).

    With $x = [a; b]$, a column of 2d, and d square matrices $V^{[1:d]}$:

    $$p = \sigma\left(x^\top V^{[1:d]} x + W x + c\right), \qquad p_k = \sigma\Big(\sum_{ij} x_i V^{[k]}_{ij}
    x_j + \dots\Big)$$

    In Keras' convention x is a row, $W$ = `kernel`, $c$ = `bias`, and `tensor_kernel` has $V^{[k]}_{ij}$ at
    `[i, j, k]`. With V = 0 this is `RecursiveNetwork`, whose docstring says the rest. The paper has no bias
    (`use_bias=False`) and reads each node out by softmax: `Dense(classes, "softmax")` after `return_nodes`.

    Of each slice only $V^{[k]} + V^{[k]\top}$ counts, since $x_i x_j = x_j x_i$: of $4d^3$ numbers $d^2(2d + 1)$
    matter. All are kept, as in the paper.

    Args:
        units: Positive integer d, width of every node.
        activation: $\sigma$. Default: `"tanh"`.
        use_bias: Whether there is a bias. Default: `True`.
        kernel_initializer: For $W$. Default: `"glorot_uniform"`.
        bias_initializer: For $c$. Default: `"zeros"`.
        kernel_regularizer, bias_regularizer: As the initializers. Default: `None`.
        kernel_constraint, bias_constraint: As the initializers. Default: `None`.
        return_nodes: Whether all nodes are returned, in their slots, and not the root alone. Default: `False`.
        tensor_initializer: For $V$. Default: `None`, uniform in ±1/(4d), as the authors' own program has it
            (CoreNLP, `SentimentModel.randomBinaryTensor`; the paper does not say).
        tensor_regularizer, tensor_constraint: For $V$. Default: `None`.

    Shapes:
        inputs `(N, S, d)`, children `(N, S, 2)` integers, levels `(N, L, W)` integers or `None`, inputs_mask `(N, S)`
        or `None`; returns `(N, d)`, with `return_nodes` `(N, S, d)`.

    Parameters:
        $4d^3 + 2d^2 + d$; without bias $4d^3 + 2d^2$.

    Raises:
        ValueError: as `RecursiveNetwork`.

    Source:
        R. Socher et al., "Recursive Deep Models for Semantic Compositionality Over a Sentiment Treebank", EMNLP
        2013, section 4.3.

    Example:

    >>> import numpy as np
    >>> from course_kit.layers import encode_trees
    >>> trees = encode_trees([(1, 2)])
    >>> layer = RecursiveTensorNetwork(1, kernel_initializer="zeros", tensor_initializer="ones")
    >>> root = layer(np.array([[[0.1], [0.2], [0.0]]], dtype="float32"), trees.children)
    >>> round(float(root[0, 0]), 4)  # tanh((0.1 + 0.2)^2)
    0.0898
    >>> layer.count_params()  # 4 * 1^3 + 2 * 1^2 + 1
    7
    """

    def __init__(
        self,
        units,
        activation="tanh",
        use_bias=True,
        kernel_initializer="glorot_uniform",
        bias_initializer="zeros",
        kernel_regularizer=None,
        bias_regularizer=None,
        kernel_constraint=None,
        bias_constraint=None,
        return_nodes=False,
        tensor_initializer=None,
        tensor_regularizer=None,
        tensor_constraint=None,
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
        self.tensor_initializer = initializers.get(tensor_initializer)
        self.tensor_regularizer = regularizers.get(tensor_regularizer)
        self.tensor_constraint = constraints.get(tensor_constraint)

    def build(self, input_shape):
        super().build(input_shape)
        limit = 1 / (4 * self.units)
        self.tensor_kernel = self.add_weight(
            name="tensor_kernel",
            shape=(2 * self.units, 2 * self.units, self.units),
            initializer=self.tensor_initializer or initializers.RandomUniform(-limit, limit),
            regularizer=self.tensor_regularizer,
            constraint=self.tensor_constraint,
        )

    def compose(self, pair):
        products = pair[:, :, None] * pair[:, None, :]  # (P, 2d, 2d)
        return super().compose(pair) + ops.tensordot(products, self.tensor_kernel, axes=2)

    def get_config(self):
        return {
            **super().get_config(),
            "tensor_initializer": initializers.serialize(self.tensor_initializer),
            "tensor_regularizer": regularizers.serialize(self.tensor_regularizer),
            "tensor_constraint": constraints.serialize(self.tensor_constraint),
        }
