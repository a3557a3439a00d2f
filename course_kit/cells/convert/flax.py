"""The layout of `flax.linen`'s SimpleCell, LSTMCell, OptimizedLSTMCell and GRUCell: a kernel for each gate."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from course_kit.cells.convert.weights import (
    KINDS,
    Weights,
    cell_of,
    read,
    refuse_unless_zero,
    reset_is_after,
    taken,
    write,
)  # fmt: skip

# Flax' letters, in Keras' order of the gates
LETTERS = {"simple_rnn": [""], "lstm": ["i", "f", "g", "o"], "gru": ["z", "r", "n"]}


def to_flax(source: Any) -> dict[str, dict[str, np.ndarray]]:
    """The weights of `source` as the parameters of a cell of `flax.linen`, for `{"params": ...}`.

    Flax keeps one bias where a sum acts, with the kernel of h in an LSTM and with the kernel of x elsewhere, and a
    second one for the candidate of a GRU. Its cells always have them: zeros, if `source` has none. `flax.nnx` has
    other names, and its GRUCell has no second bias, so it is another network.

    Args:
        source: A built SimpleRNN, LSTM, PeepholeLSTM or GRU, cell or layer.

    Returns:
        `{"i": ..., "h": ...}`, `{"ii": ..., "if": ..., ..., "ho": ...}` or `{"iz": ..., ..., "hn": ...}`, each with
        a `kernel` and perhaps a `bias`.

    Raises:
        ValueError: `source` has no equal in Flax: a GRU with `reset_after=False`, peepholes, another activation.

    >>> import keras
    >>> gru = keras.layers.GRU(5)
    >>> gru.build((None, None, 4))
    >>> {name: [a.shape for a in part.values()] for name, part in to_flax(gru).items() if name in ("in", "hn", "hz")}
    {'hz': [(5, 5)], 'in': [(4, 5), (5,)], 'hn': [(5, 5), (5,)]}
    """
    reset_is_after(cell_of("source", source), "Flax")
    weights = read(source)
    if weights.peepholes is not None:
        refuse_unless_zero("the peepholes", weights.peepholes, "Flax, which has none")
    letters = LETTERS[weights.kind]
    biases = np.zeros_like(weights.kernel, shape=(2, weights.kernel.shape[1]))
    if weights.biases is not None:
        biases = weights.biases
    parts = (np.split(a, len(letters), axis=-1) for a in (weights.kernel, weights.recurrent_kernel, biases))
    params = {}
    for letter, kernel, recurrent_kernel, (bias, recurrent_bias) in zip(letters, *parts, strict=True):
        x, h = {"kernel": kernel}, {"kernel": recurrent_kernel}
        if letter == "n":
            x["bias"], h["bias"] = bias, recurrent_bias
        else:
            (h if weights.kind == "lstm" else x)["bias"] = bias + recurrent_bias
        params |= {f"i{letter}": x, f"h{letter}": h}
    return params


def from_flax(params: Mapping[str, Mapping[str, Any]], target: Any) -> list[np.ndarray]:
    """What `target.set_weights` takes, from the parameters of a cell of `flax.linen`.

    Args:
        params: The cell's own, as `variables["params"]` of a cell or `["cell"]` of an `RNN`'s.
        target: A SimpleRNN, LSTM, PeepholeLSTM or GRU, cell or layer, built or not.

    Raises:
        ValueError: a name is missing, a shape is not the target's, or the target is another network.

    >>> import keras
    >>> params = {"i": {"kernel": [[1.0]], "bias": [3.0]}, "h": {"kernel": [[2.0]]}}
    >>> [w.tolist() for w in from_flax(params, keras.layers.SimpleRNNCell(1))]
    [[[1.0]], [[2.0]], [3.0]]
    """
    cell = cell_of("target", target)
    reset_is_after(cell, "Flax")
    kind, n = KINDS[type(cell)], cell.units
    arrays = {f"{part}/{name}": array for part, inner in params.items() for name, array in inner.items()}
    kernels, rows = {"i": [], "h": []}, {"i": [], "h": []}
    for letter in LETTERS[kind]:
        for side, inputs in (("i", None), ("h", n)):
            part = f"{side}{letter}"
            kernels[side].append(taken(arrays, f"{part}/kernel", (inputs, n)))
            has_bias = f"{part}/bias" in arrays
            rows[side].append(taken(arrays, f"{part}/bias", (n,)) if has_bias else np.zeros(n, kernels[side][-1].dtype))
    biases = np.stack([np.concatenate(rows["i"]), np.concatenate(rows["h"])])
    return write(Weights(kind, *(np.concatenate(kernels[side], axis=-1) for side in "ih"), biases), target)
