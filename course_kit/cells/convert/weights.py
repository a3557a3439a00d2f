"""What the layouts are carried through: the weights of one cell, in Keras' order, with both biases."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import keras
import numpy as np
from keras import ops

from course_kit.cells.gru import GRUCell
from course_kit.cells.gru_weights import gru_weights
from course_kit.cells.peephole import PeepholeLSTMCell

GATES = {"simple_rnn": "h", "lstm": "ifco", "gru": "zrh"}  # as Keras stacks them
# by class and not by isinstance: a subclass may compute something else with the same weights
KINDS = {
    keras.layers.SimpleRNNCell: "simple_rnn",
    keras.layers.LSTMCell: "lstm",
    PeepholeLSTMCell: "lstm",
    keras.layers.GRUCell: "gru",
    GRUCell: "gru",
}


@dataclass(frozen=True)
class Weights:
    """Blocks side by side in the order of `GATES`, for row vectors; a GRU is one whose z is the share kept."""

    kind: str
    kernel: np.ndarray  # (m, kn)
    recurrent_kernel: np.ndarray  # (n, kn)
    biases: np.ndarray | None  # (2, kn): a row with each kernel
    peepholes: np.ndarray | None = None  # (3, n): i, f, o

    @property
    def units(self) -> int:
        return self.recurrent_kernel.shape[0]


def cell_of(name: str, layer: Any) -> Any:
    """The cell in a layer, or the cell itself, if it is one that can be converted."""
    cell = getattr(layer, "cell", layer)
    if type(cell) not in KINDS:
        raise ValueError(f"{name} must be a SimpleRNN, an LSTM, a PeepholeLSTM or a GRU. Got {layer!r}.")
    allowed = {"activation": keras.activations.tanh, "recurrent_activation": keras.activations.sigmoid}
    for argument, function in allowed.items():
        if getattr(cell, argument, function) is not function:
            got = keras.activations.serialize(getattr(cell, argument))
            raise ValueError(f"{argument} must be {function.__name__!r}: it is no weight. Got {got!r}.")
    return cell


def read(source: Any) -> Weights:
    """The weights of a built cell or layer."""
    cell = cell_of("source", source)
    if not cell.built:
        raise ValueError(f"source must be built. Got {source!r}, which has no weights yet.")
    kind = KINDS[type(cell)]
    if kind == "gru":
        W, U, *rest = gru_weights(cell, update="keep", reset_after=cell.reset_after)
    else:
        W, U, *rest = (np.array(ops.convert_to_numpy(w)) for w in cell.weights)
    bias = rest.pop(0) if cell.use_bias else None
    if bias is not None and bias.ndim == 1:
        bias = np.stack([bias, np.zeros_like(bias)])
    return Weights(kind, W, U, bias, *rest)


def write(weights: Weights, target: Any) -> list[np.ndarray]:
    """The weights for `target.set_weights`, in the order and the convention of the target."""
    cell = cell_of("target", target)
    kernels = [weights.kernel, weights.recurrent_kernel]
    biases = []
    if cell.use_bias:
        both = np.zeros((2, kernels[1].shape[1]), kernels[1].dtype) if weights.biases is None else weights.biases
        biases = [both if getattr(cell, "reset_after", False) else both[0] + both[1]]
    elif weights.biases is not None:
        refuse_unless_zero("the biases", weights.biases, "use_bias=False")
    if getattr(cell, "update", "keep") == "write":
        sign = np.repeat(np.array([-1, 1, 1], dtype=kernels[0].dtype), cell.units)  # z is the first block
        kernels, biases = [w * sign for w in kernels], [b * sign for b in biases]
    if isinstance(cell, PeepholeLSTMCell):
        none = np.zeros((3, cell.units), kernels[0].dtype)
        return [*kernels, *biases, none if weights.peepholes is None else weights.peepholes]
    if weights.peepholes is not None:
        refuse_unless_zero("the peepholes", weights.peepholes, "a target without them")
    return [*kernels, *biases]


def refuse_unless_zero(what: str, values: np.ndarray, where: str) -> None:
    """Numbers that have no place on the other side may be dropped only if they do nothing."""
    largest = np.max(np.abs(values))
    if largest > 0:
        raise ValueError(f"{what} must be zero for {where}. Got one of {largest:.3g}.")


def reset_is_after(cell: Any, layout: str) -> None:
    """PyTorch and Flax have one of the two GRUs."""
    if getattr(cell, "reset_after", True) is not True:
        raise ValueError(f"reset_after must be True: so it is in {layout}. Got False, another network.")


def reordered(stacked: np.ndarray, old: str, new: str) -> np.ndarray:
    """The blocks of the last axis, which stand in the order `old`, in the order `new`."""
    blocks = dict(zip(old, np.split(stacked, len(old), axis=-1), strict=True))
    return np.concatenate([blocks[gate] for gate in new], axis=-1)


def taken(arrays: Mapping[str, Any], name: str, shape: tuple[int | None, ...]) -> np.ndarray:
    """One array by its name, of the shape that it must have; None is any length."""
    if name not in arrays:
        raise ValueError(f"arrays must have {name!r}. Got the names {sorted(arrays)}.")
    array = np.array(arrays[name])
    if len(array.shape) != len(shape) or any(s not in (None, a) for s, a in zip(shape, array.shape, strict=True)):
        rule = str(shape).replace("None", "inputs")
        raise ValueError(f"{name} must have the shape {rule}. Got {array.shape}.")
    return array
