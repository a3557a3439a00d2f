"""The layout of `torch.nn.RNN`, `LSTM` and `GRU`: a `state_dict` of one layer and direction."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from course_kit.cells.convert.weights import (
    GATES,
    KINDS,
    Weights,
    cell_of,
    read,
    refuse_unless_zero,
    reordered,
    reset_is_after,
    taken,
    write,
)  # fmt: skip

ORDER = {**GATES, "gru": "rzh"}


def to_pytorch(source: Any, suffix: str = "_l0") -> dict[str, np.ndarray]:
    """The weights of `source` under PyTorch's names; `bias_hh` has what the sum leaves to it, mostly zeros.

    Args:
        source: A built SimpleRNN, LSTM, PeepholeLSTM or GRU, cell or layer.
        suffix: The end of the names: `"_l1"` for a second layer, `"_l0_reverse"` for the way back, `""` for
            `torch.nn.LSTMCell` and its kind.

    Returns:
        `weight_ih (kn, m)`, `weight_hh (kn, n)` and, with biases, `bias_ih (kn,)` and `bias_hh (kn,)`.

    Raises:
        ValueError: `source` has no equal in PyTorch: a GRU with `reset_after=False`, peepholes, another activation.

    >>> import keras
    >>> lstm = keras.layers.LSTM(5)
    >>> lstm.build((None, None, 4))
    >>> {name: array.shape for name, array in to_pytorch(lstm).items()}
    {'weight_ih_l0': (20, 4), 'weight_hh_l0': (20, 5), 'bias_ih_l0': (20,), 'bias_hh_l0': (20,)}
    """
    reset_is_after(cell_of("source", source), "PyTorch")
    weights = read(source)
    if weights.peepholes is not None:
        refuse_unless_zero("the peepholes", weights.peepholes, "PyTorch, which has none")
    order = GATES[weights.kind], ORDER[weights.kind]
    arrays = {
        f"weight_ih{suffix}": reordered(weights.kernel, *order).T,
        f"weight_hh{suffix}": reordered(weights.recurrent_kernel, *order).T,
    }
    if weights.biases is not None:
        bias_ih, bias_hh = reordered(weights.biases, *order)
        arrays |= {f"bias_ih{suffix}": bias_ih, f"bias_hh{suffix}": bias_hh}
    return arrays


def from_pytorch(arrays: Mapping[str, Any], target: Any, suffix: str = "_l0") -> list[np.ndarray]:
    """What `target.set_weights` takes, from PyTorch's `state_dict` as NumPy arrays; other names in it are left alone.

    Args:
        arrays: `{name: tensor.numpy() for name, tensor in module.state_dict().items()}`.
        target: A SimpleRNN, LSTM, PeepholeLSTM or GRU, cell or layer, built or not.
        suffix: As in `to_pytorch`.

    Raises:
        ValueError: a name is missing, a shape is not the target's, or the target is another network.

    >>> import keras, numpy as np
    >>> arrays = {"weight_ih": [[1.0]], "weight_hh": [[2.0]], "bias_ih": [3.0], "bias_hh": [4.0]}
    >>> [w.tolist() for w in from_pytorch(arrays, keras.layers.SimpleRNNCell(1), suffix="")]
    [[[1.0]], [[2.0]], [7.0]]
    """
    cell = cell_of("target", target)
    reset_is_after(cell, "PyTorch")
    kind, n = KINDS[type(cell)], cell.units
    rows = len(ORDER[kind]) * n
    order = ORDER[kind], GATES[kind]
    kernel = reordered(taken(arrays, f"weight_ih{suffix}", (rows, None)).T, *order)
    recurrent_kernel = reordered(taken(arrays, f"weight_hh{suffix}", (rows, n)).T, *order)
    names = [f"bias_ih{suffix}", f"bias_hh{suffix}"]
    if not any(name in arrays for name in names):
        return write(Weights(kind, kernel, recurrent_kernel, None), target)
    biases = reordered(np.stack([taken(arrays, name, (rows,)) for name in names]), *order)
    return write(Weights(kind, kernel, recurrent_kernel, biases), target)
