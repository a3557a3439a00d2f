"""Weights of a GRU, carried from one convention into another."""

import numpy as np
from keras import ops

from course_kit.cells.base import one_of


def gru_weights(source, *, update: str, reset_after: bool) -> list[np.ndarray]:
    """The weights with which a GRU of the given convention computes what `source` computes, for `set_weights`.

    Args:
        source: a built `GRUCell` or `keras.layers.GRUCell`, or a layer of one.
        update: `"keep"` or `"write"`, of the GRU that will take the weights. Keras' is `"keep"`.
        reset_after: Likewise. Keras' default is `True`.

    Returns:
        `[kernel, recurrent_kernel, bias]`, without the bias if `source` has none.

    Raises:
        ValueError: `source` is not built, or no GRU with the other `reset_after` computes the same: only a
            diagonal recurrent kernel of the candidate commutes with the reset gate, and only
            `reset_after=True` has a bias that the gate multiplies.

    >>> import keras
    >>> from course_kit.cells import GRUCell
    >>> theirs, ours = keras.layers.GRU(5), keras.layers.RNN(GRUCell(5, reset_after=True, update="write"))
    >>> for layer in (theirs, ours):
    ...     layer.build((None, None, 4))
    >>> ours.set_weights(gru_weights(theirs, update="write", reset_after=True))
    >>> x = keras.random.normal((2, 7, 4), seed=1)
    >>> bool(ops.max(ops.abs(ours(x) - theirs(x))) < 1e-6)
    True
    """
    one_of("update", update, ("keep", "write"))
    one_of("reset_after", reset_after, (True, False))
    cell = getattr(source, "cell", source)
    if not cell.built:
        raise ValueError(f"source must be built. Got {source!r}, which has no weights yet.")
    weights = [np.array(ops.convert_to_numpy(w)) for w in cell.weights]
    if reset_after != cell.reset_after:
        weights = _other_reset(weights, reset_after)
    if update != getattr(cell, "update", "keep"):
        weights = [np.concatenate([-z, rest], axis=-1) for z, rest in map(_update_gate, weights)]
    return weights


def _update_gate(weight: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The block of z, which is the first of three, and the others."""
    return tuple(np.split(weight, [weight.shape[-1] // 3], axis=-1))


def _other_reset(weights: list[np.ndarray], reset_after: bool) -> list[np.ndarray]:
    """The weights with one bias as two, or with two as one."""
    kernel, recurrent_kernel, *bias = weights
    n = recurrent_kernel.shape[0]
    U_h = recurrent_kernel[:, 2 * n :]
    largest = np.max(np.abs(U_h - np.diag(np.diag(U_h))))
    if largest > 0:
        rule = "reset_after can change only where the candidate's recurrent kernel is diagonal"
        raise ValueError(f"{rule}. Got an entry of {largest:.3g} beside the diagonal.")
    if not bias:
        return weights
    if reset_after:
        return [kernel, recurrent_kernel, np.stack([bias[0], np.zeros_like(bias[0])])]
    b, b_past = bias[0]
    largest = np.max(np.abs(b_past[2 * n :]))
    if largest > 0:
        rule = "reset_after can become False only where the candidate's recurrent bias is zero"
        raise ValueError(f"{rule}. Got an entry of {largest:.3g}.")
    return [kernel, recurrent_kernel, b + b_past]
