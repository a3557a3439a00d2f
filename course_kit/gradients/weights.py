"""Gradients of a loss with respect to the weights of a layer or model: automatic, and by differences of the loss."""

from collections.abc import Callable

import keras
import numpy as np
from keras import ops

from course_kit.gradients.autodiff import value_and_gradients


def weight_gradients(layer, loss: Callable) -> list[np.ndarray]:
    """d loss() / d w for every trainable weight, in the order of `layer.trainable_variables`, on every backend.

    Args:
        layer: a built layer or model.
        loss: function without arguments that calls the layer and gives one number, a tensor.

    >>> layer = keras.layers.SimpleRNN(1, activation=None, kernel_initializer="ones", recurrent_initializer="ones")
    >>> x = np.ones((1, 3, 1), dtype="float32")
    >>> _ = layer(x)
    >>> [float(g.item()) for g in weight_gradients(layer, lambda: ops.sum(layer(x)))]  # h_3 = w (1 + u + u^2) + ...
    [3.0, 3.0, 3.0]
    """
    return loss_and_weight_gradients(layer, loss)[1]


def loss_and_weight_gradients(layer, loss: Callable, held: list[tuple] = ()) -> tuple[float, list[np.ndarray]]:
    """The loss beside its gradients. `held` are pairs (variable, value) that stand in its place and get none."""
    variables = list(layer.trainable_variables)

    def at(*values):
        # JAX cannot differentiate with respect to a variable, only to a value; so all backends take values.
        with keras.StatelessScope(state_mapping=[*held, *zip(variables, values, strict=True)]):
            return loss()

    return value_and_gradients(at, [v.value for v in variables])


def weight_differences(layer, loss: Callable, step: float = 1e-5) -> list[np.ndarray]:
    """(loss(w + step) - loss(w - step)) / (2 step) for every entry of every trainable weight: what a gradient must be.

    It changes the weights and puts them back. Slow: two calls of `loss` an entry.

    Args:
        layer: a built layer or model of dtype "float64". In float32 a difference would have two or three right digits,
            and JAX with Keras has no float64.
        loss: as in `weight_gradients`; whatever it computes must be in float64, too.
        step: float, how far each entry moves to either side.

    Raises:
        ValueError: a weight is not in float64.
    """
    for variable in layer.trainable_variables:
        found = variable.numpy().dtype  # and not variable.dtype, which on JAX says float64 where float32 is stored
        if found != "float64":
            raise ValueError(f"the weights must be float64. Got {found} for {variable.path}.")
    return [_differences(variable, loss, step) for variable in layer.trainable_variables]


def _differences(variable, loss, step):
    was = np.array(variable.numpy())
    slopes = np.empty_like(was)
    try:
        for index in np.ndindex(was.shape):
            ends = []
            for shift in (step, -step):
                moved = was.copy()
                moved[index] += shift
                variable.assign(moved)
                ends.append(float(ops.convert_to_numpy(loss())))
            slopes[index] = (ends[0] - ends[1]) / (2.0 * step)
    finally:
        variable.assign(was)
    return slopes
