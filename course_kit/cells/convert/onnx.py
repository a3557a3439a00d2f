"""The layout of ONNX' operators RNN, LSTM and GRU, one direction: the inputs W, R, B and P."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from course_kit.cells.convert.weights import GATES, KINDS, Weights, cell_of, read, reordered, taken, write

ORDER = {**GATES, "lstm": "iofc"}


def to_onnx(source: Any) -> dict[str, np.ndarray]:
    """The weights of `source` under the names of ONNX' inputs.

    The node needs `hidden_size`, and for a GRU `linear_before_reset=int(cell.reset_after)`, which is ONNX' word for
    the same choice; the sequence goes in with the time axis first. For both directions, join two dicts along axis 0.

    Args:
        source: A built SimpleRNN, LSTM, PeepholeLSTM or GRU, cell or layer.

    Returns:
        `W (1, kn, m)`, `R (1, kn, n)`, with biases `B (1, 2kn)`, with peepholes `P (1, 3n)`.

    Raises:
        ValueError: `source` is none of these, not built, or has other activations.

    >>> from course_kit.layers import PeepholeLSTM
    >>> layer = PeepholeLSTM(5)
    >>> layer.build((None, None, 4))
    >>> {name: array.shape for name, array in to_onnx(layer).items()}
    {'W': (1, 20, 4), 'R': (1, 20, 5), 'B': (1, 40), 'P': (1, 15)}
    """
    weights = read(source)
    order = GATES[weights.kind], ORDER[weights.kind]
    arrays = {
        "W": reordered(weights.kernel, *order).T[np.newaxis],
        "R": reordered(weights.recurrent_kernel, *order).T[np.newaxis],
    }
    if weights.biases is not None:
        arrays["B"] = reordered(weights.biases, *order).reshape(1, -1)
    if weights.peepholes is not None:
        arrays["P"] = weights.peepholes[[0, 2, 1]].reshape(1, -1)  # i, f, o as i, o, f
    return arrays


def from_onnx(arrays: Mapping[str, Any], target: Any) -> list[np.ndarray]:
    """What `target.set_weights` takes, from the inputs of an ONNX node of one direction.

    The target's `reset_after` must be the node's `linear_before_reset`: the arrays do not tell.

    Args:
        arrays: `W`, `R` and, where the node has them, `B` and `P`.
        target: A SimpleRNN, LSTM, PeepholeLSTM or GRU, cell or layer, built or not.

    Raises:
        ValueError: a name is missing, a shape is not the target's, or peepholes or biases have no place in it.

    >>> import keras
    >>> arrays = {"W": [[[1.0]]], "R": [[[2.0]]], "B": [[3.0, 4.0]]}
    >>> [w.tolist() for w in from_onnx(arrays, keras.layers.SimpleRNNCell(1))]
    [[[1.0]], [[2.0]], [7.0]]
    """
    cell = cell_of("target", target)
    kind, n = KINDS[type(cell)], cell.units
    rows = len(ORDER[kind]) * n
    order = ORDER[kind], GATES[kind]
    biases = peepholes = None
    if "B" in arrays:
        biases = reordered(taken(arrays, "B", (1, 2 * rows)).reshape(2, rows), *order)
    if "P" in arrays and kind == "lstm":
        peepholes = taken(arrays, "P", (1, 3 * n)).reshape(3, n)[[0, 2, 1]]
    kernel = reordered(taken(arrays, "W", (1, rows, None))[0].T, *order)
    recurrent_kernel = reordered(taken(arrays, "R", (1, rows, n))[0].T, *order)
    return write(Weights(kind, kernel, recurrent_kernel, biases, peepholes), target)
