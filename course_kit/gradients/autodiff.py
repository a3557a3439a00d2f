"""Automatic differentiation on whichever backend Keras runs; Keras itself has no public function for it."""

from collections.abc import Callable

import keras
import numpy as np
from keras import ops


def value_and_gradients(function: Callable, at: list) -> tuple[float, list[np.ndarray]]:
    """`function(*tensors)`, a number, and its gradient with respect to each of the arrays `at`.

    An array that the number does not depend on gets zeros.

    >>> value, (slope,) = value_and_gradients(lambda w: ops.sum(w**3), [np.array([1.0, 2.0], dtype="float32")])
    >>> value, slope.tolist()
    (9.0, [3.0, 12.0])
    """
    value, slopes = _BACKENDS[keras.backend.backend()](function, [ops.convert_to_tensor(a) for a in at])
    slopes = [np.zeros(np.shape(a)) if s is None else ops.convert_to_numpy(s) for s, a in zip(slopes, at, strict=True)]
    return float(ops.convert_to_numpy(value)), slopes


def _tensorflow(function, tensors):
    import tensorflow as tf

    with tf.GradientTape() as tape:
        tape.watch(tensors)
        value = function(*tensors)
    return value, [None if s is None else tf.convert_to_tensor(s) for s in tape.gradient(value, tensors)]


def _jax(function, tensors):
    import jax

    return jax.value_and_grad(function, argnums=tuple(range(len(tensors))))(*tensors)


def _torch(function, tensors):
    import torch

    tensors = [t.detach().clone().requires_grad_() for t in tensors]
    value = function(*tensors)
    if not value.requires_grad:  # it depends on none of them
        return value, [None] * len(tensors)
    return value.detach(), torch.autograd.grad(value, tensors, allow_unused=True)


_BACKENDS = {"tensorflow": _tensorflow, "jax": _jax, "torch": _torch}
