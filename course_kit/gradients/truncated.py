"""Truncated backpropagation through time of a Keras model (slides D4.22-D4.24): every k1 steps, go back k2 steps."""

from collections.abc import Iterator

import keras
import numpy as np
from keras import ops

from course_kit.gradients.weights import loss_and_weight_gradients


def truncated_gradients(model, x, y, k1: int, k2: int, loss="mean_squared_error") -> list[np.ndarray]:
    """The truncated gradient of the mean loss, in the order of `model.trainable_variables`.

    After every k1 steps, and after the last, the losses since the time before are sent back, at most to the k2-th step
    from the end; the state before that is held, so that nothing goes further back. Weighted by their lengths, the
    pieces add up: `k2` of at least T gives the full gradient of the mean over all steps, whatever `k1`. With
    `k1 = k2 = k` it is what `fit` does to a stateful model that is fed pieces of k steps (a last, shorter piece goes
    back k steps, too, and so into the one before).

    The model's recurrent layers must be `stateful=True`, since only such a layer goes on where it stopped. They start
    from zeros here, and neither their stored states nor the weights change.

    Args:
        model: built, from (N, T, m) to (N, T, o), with `stateful=True` and `return_sequences=True` throughout.
        x: (N, T, m).
        y: (N, T, ...), a target for every step.
        k1: Positive integer.
        k2: Integer of at least k1, or the losses of some steps would reach no weight.
        loss: Keras' name of a loss or a function (y_true, y_pred) -> (N, T) or mean. Default: `"mean_squared_error"`.

    Raises:
        ValueError: k1 or k2 is out of range, or a recurrent layer does not keep its state.

    >>> x = np.array([[[1.0], [1.0], [1.0]]])
    >>> linear = keras.layers.SimpleRNN(1, None, use_bias=False, kernel_initializer="ones",
    ...     recurrent_initializer="ones", return_sequences=True, stateful=True)
    >>> model = keras.Sequential([keras.Input(batch_shape=(1, None, 1)), linear])
    >>> for k2 in (1, 2, 3):  # h_t = t, and y = 0: what goes back from the three losses t^2 / 3 reaches ever further
    ...     print([round(float(g.item()), 4) for g in truncated_gradients(model, x, 0 * x, k1=1, k2=k2)])
    [4.0, 5.3333]
    [7.3333, 7.3333]
    [9.3333, 7.3333]
    """
    total, steps = None, np.shape(x)[1]
    for first, stop, _, gradients in truncated_steps(model, x, y, k1, k2, loss):
        weighted = [g * (stop - first) / steps for g in gradients]
        total = weighted if total is None else [a + b for a, b in zip(total, weighted, strict=True)]
    return total


def truncated_steps(
    model, x, y, k1: int, k2: int, loss="mean_squared_error"
) -> Iterator[tuple[int, int, float, list[np.ndarray]]]:
    """The same piece by piece, to train on: (first, stop, mean loss of the steps first to stop - 1, its gradients).

    Whoever updates the weights after a piece goes on with the new ones::

        for first, stop, loss, gradients in truncated_steps(model, x, y, k1=5, k2=20):
            model.optimizer.apply([ops.convert_to_tensor(g) for g in gradients], model.trainable_variables)

    A state then is what the weights of its time made it, as in every training with truncation.
    """
    if not 1 <= k1 <= k2:
        raise ValueError(f"k1 must be at least 1 and k2 at least k1. Got k1={k1} and k2={k2}.")
    measure = keras.losses.get(loss)
    x, y = ops.convert_to_tensor(x), ops.convert_to_tensor(y)
    variables = _state_variables(model)
    states, at = [ops.zeros(v.shape, v.dtype) for v in variables], 0

    for first in range(0, x.shape[1], k1):
        stop = min(first + k1, x.shape[1])
        start = max(0, stop - k2)
        states, at = _run(model, x[:, at:start], variables, states), start

        def mean_loss(start=start, first=first, stop=stop):
            predicted = model(x[:, start:stop])[:, first - start :]
            return ops.mean(measure(y[:, first:stop], predicted))

        held = list(zip(variables, states, strict=True))
        yield first, stop, *loss_and_weight_gradients(model, mean_loss, held)


def _run(model, x, variables, states):
    """The states after the steps of x."""
    if x.shape[1] == 0:
        return states
    with keras.StatelessScope(state_mapping=list(zip(variables, states, strict=True))) as scope:
        model(x)
    return [scope.get_current_value(v) for v in variables]


def _state_variables(model) -> list:
    """What the recurrent layers of a model keep from one call to the next."""
    recurrent = [layer for layer in _layers(model) if hasattr(layer, "stateful")]
    forgetful = [layer.name for layer in recurrent if not layer.stateful]
    if forgetful or not recurrent:
        what = f"{', '.join(forgetful)} without" if forgetful else "a model without recurrent layers"
        raise ValueError(f"all recurrent layers must have stateful=True. Got {what}.")
    return keras.tree.flatten([list(layer.states) for layer in recurrent])


def _layers(model) -> list:
    """The layers of a model, and those of the models in it."""
    found = []
    for layer in model.layers:
        found += _layers(layer) if isinstance(layer, keras.Model) else [layer]
    return found
