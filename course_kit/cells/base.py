"""What the kit's cells share: argument checks that teach, and Keras' dropout masks."""

import numbers
import operator
from collections.abc import Sequence
from typing import Any

import keras
from keras import ops


def positive_integer(name: str, value: Any) -> int:
    """`value` as a plain int, or a ValueError that says the rule and what came."""
    if not isinstance(value, bool) and isinstance(value, numbers.Integral) and value > 0:
        return operator.index(value)
    raise ValueError(f"{name} must be a positive integer. Got {value!r}.")


def fraction(name: str, value: Any) -> float:
    """`value` as a plain float in [0, 1), or a ValueError that says the rule and what came."""
    if not isinstance(value, bool) and isinstance(value, numbers.Real) and 0 <= value < 1:
        return float(value)
    raise ValueError(f"{name} must be a number in [0, 1). Got {value!r}.")


def one_of(name: str, value: Any, options: Sequence) -> Any:
    """`value` if it is one of `options`, else a ValueError that says the rule and what came."""
    if any(type(value) is type(option) and value == option for option in options):
        return value
    *others, last = map(repr, options)
    raise ValueError(f"{name} must be {', '.join(others)} or {last}. Got {value!r}.")


class RecurrentCell(keras.layers.SimpleRNNCell):
    """A cell with checked arguments whose dropout masks `keras.layers.RNN` redraws for each batch.

    `RNN` prepares and clears the masks only of cells that carry Keras' dropout mixin, and the mixin is not
    public. `SimpleRNNCell` is, and brings it, together with the arguments, the configuration and one mask a
    step for inputs and state. A cell of the kit defines its own `build` and `call` on top.
    """

    def __init__(self, units: int, *, dropout: float = 0.0, recurrent_dropout: float = 0.0, **kwargs):
        super().__init__(
            positive_integer("units", units),
            dropout=fraction("dropout", dropout),
            recurrent_dropout=fraction("recurrent_dropout", recurrent_dropout),
            **kwargs,
        )

    def add_kernel(self, name: str, shape: tuple[int, ...], initializer=None) -> keras.Variable:
        """A weight that takes the `kernel_*` arguments."""
        return self.add_weight(
            name=name,
            shape=shape,
            initializer=initializer or self.kernel_initializer,
            regularizer=self.kernel_regularizer,
            constraint=self.kernel_constraint,
        )

    def add_recurrent_kernel(self, name: str, shape: tuple[int, ...], initializer=None) -> keras.Variable:
        """A weight that takes the `recurrent_*` arguments."""
        return self.add_weight(
            name=name,
            shape=shape,
            initializer=initializer or self.recurrent_initializer,
            regularizer=self.recurrent_regularizer,
            constraint=self.recurrent_constraint,
        )

    def add_bias(self, name: str, shape: tuple[int, ...], initializer=None) -> keras.Variable | None:
        """A weight that takes the `bias_*` arguments, or None under `use_bias=False`."""
        if not self.use_bias:
            return None
        return self.add_weight(
            name=name,
            shape=shape,
            initializer=initializer or self.bias_initializer,
            regularizer=self.bias_regularizer,
            constraint=self.bias_constraint,
        )

    def drop(self, inputs, state, training: bool):
        """`inputs` and `state` under the masks of this batch, the same at every step."""
        if training and self.dropout > 0:
            inputs = inputs * self.get_dropout_mask(inputs)
        if training and self.recurrent_dropout > 0:
            state = state * self.get_recurrent_dropout_mask(state)
        return inputs, state

    def get_initial_state(self, batch_size: int | None = None) -> list:
        """Zeros, one array for each entry of `state_size`."""
        widths = [self.state_size] if isinstance(self.state_size, int) else self.state_size
        return [ops.zeros((batch_size, width), dtype=self.compute_dtype) for width in widths]
