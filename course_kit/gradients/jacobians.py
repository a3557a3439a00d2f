"""What a recurrent layer's steps do to a small change of its state, and how that grows or dies with the distance.

The state of step t is s_t, all states of the layer side by side, S numbers: h of a SimpleRNN, h then c of an LSTM.
Entry [a, b] of a Jacobian is the change of the new state's entry a for a change of the old one's entry b, and
ds_T/ds_t is the product of the steps' Jacobians, the last step leftmost (slides D1.12, D4.19).
"""

from collections.abc import Sequence
from itertools import pairwise

import keras
import numpy as np
from keras import ops

from course_kit.gradients.autodiff import value_and_gradients
from course_kit.layers.steps import cell_of, inputs_in_order, states_over_time

AT_ONCE = 256  # steps in one call of the cell; each counts S rows there


def state_jacobians(layer, x, initial_state=None, through: Sequence[int] | None = None) -> np.ndarray:
    """ds_t/ds_{t-1} for every step, by automatic differentiation of the cell.

    Args:
        layer: `keras.layers.RNN` or one like it (SimpleRNN, LSTM, GRU, the kit's), built, whose states are vectors.
        x: (N, T, m).
        initial_state: array or list of arrays, as the layer takes. Default: the layer's own start, zeros as a rule.
        through: the states, by number, through which a change may travel; the others are held. `through=[1]` of an
            LSTM leaves the way from c to c, the constant error carousel. Default: all.

    Returns:
        (N, T, S, S), with S the joint width of the states in `through`.

    >>> layer = keras.layers.SimpleRNN(1, activation=None, recurrent_initializer=keras.initializers.Constant(0.5))
    >>> _ = layer(np.zeros((1, 3, 2), dtype="float32"))
    >>> [round(float(j), 4) for j in state_jacobians(layer, np.zeros((1, 3, 2))).ravel()]
    [0.5, 0.5, 0.5]
    """
    cell, before = cell_of(layer), states_over_time(layer, x, initial_state)[:-1]
    x = inputs_in_order(layer, x)
    # A cell treats rows alike, so the steps can be rows of one batch: (N, T, width) as (N T, width).
    rows = [ops.stack(over_time, axis=1) for over_time in zip(*map(keras.tree.flatten, before), strict=True)]
    rows = [ops.reshape(a, (-1, a.shape[-1])) for a in (x, *rows)]
    blocks = []
    for low in range(0, len(rows[0]), AT_ONCE):
        inputs, *leaves = (a[low : low + AT_ONCE] for a in rows)
        blocks.append(_jacobian(cell, inputs, keras.tree.pack_sequence_as(before[0], leaves), through))
    jacobians = np.concatenate(blocks)
    return jacobians.reshape(*x.shape[:2], *jacobians.shape[1:])


def jacobian_product(
    layer, x, start: int = 0, stop: int | None = None, initial_state=None, through: Sequence[int] | None = None
) -> np.ndarray:
    """ds_stop/ds_start, (N, S, S): the product over the steps start + 1 to stop, in the layer's own type.

    NumPy multiplies, which keeps numbers below the smallest normal one; in float32 TensorFlow makes 0 of 0.5^128, as
    `sensitivity` shows.

    State 0 is the initial one, state T, the default of `stop`, the last. The other arguments are those of
    `state_jacobians`.

    >>> layer = keras.layers.SimpleRNN(1, activation=None, recurrent_initializer=keras.initializers.Constant(1.5))
    >>> _ = layer(np.zeros((1, 128, 1), dtype="float32"))
    >>> f"{jacobian_product(layer, np.zeros((1, 128, 1))).item():.4g}"  # slide D1.13
    '3.465e+22'
    """
    steps = state_jacobians(layer, x, initial_state, through)[:, start:stop]
    return _products(steps)[:, 0]


def jacobian_norms(
    layer, x, initial_state=None, through: Sequence[int] | None = None, order: int | str = 2
) -> np.ndarray:
    """||ds_T/ds_t|| for t = 0 .. T: (N, T + 1), the last one the norm of the identity.

    `order` is that of `numpy.linalg.norm`: 2, the largest stretch, or "fro". The rest as in `state_jacobians`.
    """
    return np.linalg.norm(_products(state_jacobians(layer, x, initial_state, through)), ord=order, axis=(-2, -1))


def sensitivity(layer, x) -> np.ndarray:
    """d y_T/d x_t for every step: (N, T, n, m), by differentiating the whole layer.

    Args:
        layer: any layer or model, recurrent or not, from (N, T, m) to (N, n), or to (N, T, n), of which the last step
            is taken. Rows must not act on each other.
        x: (N, T, m), floating-point numbers.

    >>> layer = keras.layers.SimpleRNN(1, activation=None, kernel_initializer="ones", recurrent_initializer="ones")
    >>> sensitivity(layer, np.zeros((1, 3, 1), dtype="float32")).ravel().tolist()
    [1.0, 1.0, 1.0]
    """

    def last(inputs):
        y = layer(inputs)
        return y[:, -1] if len(y.shape) == 3 else y

    return _row_gradients(last, ops.convert_to_tensor(x))


def _jacobian(cell, x, states, through):
    """d(new states)/d(states) of one call of the cell, (N, S, S)."""
    leaves = keras.tree.flatten(states)
    free = range(len(leaves)) if through is None else list(through)
    ends = np.cumsum([0] + [leaves[k].shape[-1] for k in free]).tolist()

    def new_states(change):
        copies = change.shape[0] // x.shape[0]
        inside = [ops.repeat(leaf, copies, axis=0) for leaf in leaves]
        for k, (low, high) in zip(free, pairwise(ends), strict=True):
            inside[k] = change[:, low:high]
        _, after = cell(ops.repeat(x, copies, axis=0), keras.tree.pack_sequence_as(states, inside))
        after = keras.tree.flatten(after)
        return ops.concatenate([after[k] for k in free], axis=-1)

    return _row_gradients(new_states, ops.concatenate([leaves[k] for k in free], axis=-1))


def _row_gradients(function, at) -> np.ndarray:
    """d function(at)/d at, (N, outputs, ...), for a function from (N, ...) to (N, outputs) that treats rows alike.

    Each row is repeated once for every output, and the k-th copy asked for the k-th output alone; so one pass back
    does for all of them.
    """
    batch, outputs = at.shape[0], function(at).shape[-1]
    asked = np.tile(np.eye(outputs), (batch, 1))

    def total(copies):
        y = function(copies)
        return ops.sum(y * ops.convert_to_tensor(asked, dtype=y.dtype))

    _, (slopes,) = value_and_gradients(total, [ops.repeat(at, outputs, axis=0)])
    slopes = slopes.reshape(batch, outputs, *at.shape[1:])
    return slopes if slopes.ndim == 3 else np.moveaxis(slopes, 1, 2)


def _products(steps: np.ndarray) -> np.ndarray:
    """ds_T/ds_t for t = 0 .. T: (N, T + 1, S, S)."""
    products = [np.broadcast_to(np.eye(steps.shape[-1], dtype=steps.dtype), (len(steps), *steps.shape[-2:]))]
    for t in reversed(range(steps.shape[1])):
        products.append(products[-1] @ steps[:, t])
    return np.stack(products[::-1], axis=1)
