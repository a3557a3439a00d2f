"""What the layers over trees share: one loop over the slots of all trees of a batch at once."""

import keras
from keras import activations, constraints, initializers, ops, regularizers

from course_kit.cells.base import one_of, positive_integer


class TreeLayer(keras.layers.Layer):
    """A layer that computes every node of every tree of a batch, children before parents.

    A layer of this family defines three things, each for many nodes at once, P of them: `own(inputs)`, what a
    node gets from its own word; `leaves(own)`, the states of nodes without children, (P, n) each; and
    `parents(own, states)`, those of nodes with children, whose states come as (P, K, n), zero where there is none.
    """

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

    def call(self, inputs, children, levels=None, inputs_mask=None):
        # `inputs_mask` is the name under which Keras brings the mask of `inputs` to a layer that takes several
        for name, value in (("children", children), ("levels", levels)):
            if value is not None and "int" not in keras.backend.standardize_dtype(value.dtype):
                raise ValueError(f"{name} must be integers, the numbers of slots. Got {value.dtype}.")
        self.check_children(children.shape[-1])
        children = ops.cast(children, "int32")
        if levels is None:
            levels = ops.arange(ops.shape(children)[1], dtype="int32")[None, :, None]  # one slot after the other
            levels = ops.tile(levels, (ops.shape(children)[0], 1, 1))
        if inputs_mask is not None:
            inputs = ops.where(ops.expand_dims(inputs_mask, -1), inputs, ops.zeros_like(inputs))
        roots = roots_of(children)  # (N,)
        nodes, *_ = bottom_up(self, self.own(inputs), children, ops.cast(levels, "int32"), roots)
        return nodes if self.return_nodes else ops.squeeze(rows(nodes, roots[:, None]), axis=1)

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


def rows(x, slots):
    """What stands in some slots (N, P) of x (N, S, width): (N, P, width), zeros for a slot of -1."""
    N, S, width = (ops.shape(x)[axis] for axis in range(3))
    first = ops.expand_dims(ops.arange(N, dtype="int32") * S, 1)  # where each tree begins once all are one table
    found = ops.take(ops.reshape(x, (-1, width)), first + ops.maximum(slots, 0), axis=0)
    return ops.where(ops.expand_dims(slots >= 0, -1), found, ops.zeros_like(found))


def bottom_up(layer: TreeLayer, own, children, levels, roots) -> list:
    """The states of all nodes, (N, S, n) each; zero in padding.

    First all nodes as if they were leaves. Then step l computes the nodes in the slots `levels[:, l]`, W of each
    tree, from what the steps before have left in the slots of their children.
    """
    N, S, K = (ops.shape(children)[axis] for axis in range(3))
    slots = ops.arange(S, dtype="int32")[None, :, None]  # (1, S, 1)
    in_tree = slots <= roots[:, None, None]  # (N, S, 1)
    has_children = ops.any(children >= 0, axis=2, keepdims=True)  # (N, S, 1)

    def step(l, states):
        now = ops.take(levels, l, axis=1)  # (N, W), -1 where a tree has no more nodes
        below = ops.reshape(rows(children, now), (N, -1))  # (N, W K), slot 0 for -1: not written below
        seen = [ops.reshape(rows(state, below), (-1, K, layer.units)) for state in states]
        computed = layer.parents(ops.reshape(rows(own, now), (-1, own.shape[2])), seen)  # (N W, n) each
        found = slots == now[:, None, :]  # (N, S, W): which of the W a slot is
        here = ops.logical_and(ops.any(found, axis=2, keepdims=True), has_children)
        place = ops.argmax(ops.cast(found, "int32"), axis=2)  # (N, S)
        return [
            ops.where(here, rows(ops.reshape(new, (N, -1, layer.units)), place), old)
            for new, old in zip(computed, states, strict=True)
        ]

    leaves = layer.leaves(ops.reshape(own, (-1, own.shape[2])))
    states = [ops.reshape(leaf, (N, S, layer.units)) for leaf in leaves]
    states = [ops.where(in_tree, state, ops.zeros_like(state)) for state in states]
    return ops.fori_loop(0, ops.shape(levels)[1], step, states)
