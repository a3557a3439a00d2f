"""What the layers over trees share: one loop over the slots of all trees of a batch at once."""

from collections.abc import Callable

import keras
from keras import activations, constraints, initializers, ops, regularizers

from course_kit.cells.base import one_of, positive_integer


class TreeLayer(keras.layers.Layer):
    """A layer that computes every node of every tree of a batch, children before parents.

    A layer of this family defines `own(inputs)`, which works on all slots at once, and `node(own, states,
    there)`, one node of each tree from its own part and the states of its children, where `there`.
    """

    state_count = 1

    def __init__(
        self,
        units: int,
        activation="tanh",
        use_bias: bool = True,
        kernel_initializer="glorot_uniform",
        bias_initializer="zeros",
        kernel_regularizer=None,
        bias_regularizer=None,
        kernel_constraint=None,
        bias_constraint=None,
        return_nodes: bool = False,
        **kwargs,
    ):
        super().__init__(**kwargs)
        self.units = positive_integer("units", units)
        self.activation = activations.get(activation)
        self.use_bias = one_of("use_bias", use_bias, (True, False))
        self.kernel_initializer = initializers.get(kernel_initializer)
        self.bias_initializer = initializers.get(bias_initializer)
        self.kernel_regularizer = regularizers.get(kernel_regularizer)
        self.bias_regularizer = regularizers.get(bias_regularizer)
        self.kernel_constraint = constraints.get(kernel_constraint)
        self.bias_constraint = constraints.get(bias_constraint)
        self.return_nodes = one_of("return_nodes", return_nodes, (True, False))
        if keras.config.backend() == "tensorflow":
            self.supports_jit = False  # XLA cannot differentiate a loop whose length it does not know

    def add_kernel(self, shape: tuple[int, ...]) -> keras.Variable:
        return self.add_weight(
            name="kernel",
            shape=shape,
            initializer=self.kernel_initializer,
            regularizer=self.kernel_regularizer,
            constraint=self.kernel_constraint,
        )

    def add_bias(self, shape: tuple[int, ...], initializer=None) -> keras.Variable | None:
        """The bias, or None under `use_bias=False`."""
        if not self.use_bias:
            return None
        return self.add_weight(
            name="bias",
            shape=shape,
            initializer=initializer or self.bias_initializer,
            regularizer=self.bias_regularizer,
            constraint=self.bias_constraint,
        )

    def call(self, inputs, children, inputs_mask=None):  # the name under which Keras brings the mask of `inputs`
        children = ops.convert_to_tensor(children)
        if "int" not in keras.backend.standardize_dtype(children.dtype):
            raise ValueError(f"children must be integers, the numbers of slots. Got {children.dtype}.")
        self.check_children(children.shape[-1])
        if inputs_mask is not None:
            inputs = ops.where(ops.expand_dims(inputs_mask, -1), inputs, ops.zeros_like(inputs))
        roots = roots_of(children)  # (N,)
        own = self.own(inputs)  # (N, S, .)
        nodes, *_ = bottom_up(self.node, own, children, roots, [self.units] * self.state_count)
        if self.return_nodes:
            return nodes  # (N, S, n)
        return ops.squeeze(ops.take_along_axis(nodes, roots[:, None, None], axis=1), axis=1)  # (N, n)

    def check_children(self, arity: int) -> None:
        """Raise a ValueError where the layer cannot take nodes of so many children."""

    def compute_output_shape(self, input_shape):
        return (*input_shape[:-1], self.units) if self.return_nodes else (input_shape[0], self.units)

    def compute_mask(self, inputs, previous_mask=None):
        """None: the mask of the inputs says which slots have a word, and nodes above words are nodes too."""
        return None

    def get_config(self):
        return {
            **super().get_config(),
            "units": self.units,
            "activation": activations.serialize(self.activation),
            "use_bias": self.use_bias,
            "kernel_initializer": initializers.serialize(self.kernel_initializer),
            "bias_initializer": initializers.serialize(self.bias_initializer),
            "kernel_regularizer": regularizers.serialize(self.kernel_regularizer),
            "bias_regularizer": regularizers.serialize(self.bias_regularizer),
            "kernel_constraint": constraints.serialize(self.kernel_constraint),
            "bias_constraint": constraints.serialize(self.bias_constraint),
            "return_nodes": self.return_nodes,
        }


def roots_of(children):
    """The slot of each tree's root, (N,): the last with a child; a tree of one leaf has it in slot 0."""
    slots = ops.arange(ops.shape(children)[1], dtype="int32")
    return ops.max(ops.where(ops.any(children >= 0, axis=2), slots, 0), axis=1)


def bottom_up(node: Callable, own, children, roots, widths: list[int]) -> list:
    """The states of all nodes, one (N, S, width) for each of `widths`; zero in padding.

    Step t computes the nodes in slot t of all N trees. `node(own, states, there)` gets what is the nodes' own
    (N, .), their children's states, (N, K, width) each with zeros for a child that is not there, and which are
    there, (N, K, 1); it returns the nodes' states, (N, width) each.
    """
    N, S = ops.shape(children)[0], ops.shape(children)[1]
    slots = ops.arange(S, dtype="int32")[None, :, None]  # (1, S, 1)
    in_tree = slots <= roots[:, None, None]  # (N, S, 1)

    def step(t, states):
        below = ops.expand_dims(ops.take(children, t, axis=1), -1)  # (N, K, 1)
        there = below >= 0
        seen = []
        for state in states:
            found = ops.take_along_axis(state, ops.maximum(below, 0), axis=1)  # (N, K, width)
            seen.append(ops.where(there, found, ops.zeros_like(found)))
        computed = node(ops.take(own, t, axis=1), seen, there)
        here = ops.logical_and(slots == t, in_tree)
        return [ops.where(here, new[:, None], old) for new, old in zip(computed, states, strict=True)]

    return ops.fori_loop(0, S, step, [ops.zeros((N, S, width), dtype=own.dtype) for width in widths])
