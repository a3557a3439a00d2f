"""The cells under the contract test, one row each, and what the tests of this folder share."""

from collections.abc import Callable
from dataclasses import dataclass

import keras
import numpy as np

from course_kit import reference
from course_kit.cells import ElmanCell, JordanCell, LSTM1997Cell, PeepholeLSTMCell

N, T, M, UNITS, OUT = 2, 7, 3, 5, 2  # m, n and o all differ, so that no shape fits by chance


@dataclass(frozen=True)
class Row:
    """A cell and what is known of it without it.

    `make(n, o, **arguments)` gives the cell; `count(m, n, o)` its parameters and `biases(n, o)` those among
    them that `use_bias=False` takes away; `twin(x, states, weights)` the outputs and the states after every
    step, in NumPy.
    """

    name: str
    make: Callable
    count: Callable[[int, int, int], int]
    biases: Callable[[int, int], int]
    state_widths: Callable[[int, int], list[int]]
    twin: Callable
    variant: bool = False  # the same class as the row before it, with another argument

    def layer(self, units=UNITS, outputs=OUT, dtype="float64", rnn=None, **arguments) -> keras.layers.RNN:
        """The cell in a layer that returns everything, unless `rnn` says otherwise."""
        rnn = {"return_sequences": True, "return_state": True, **(rnn or {})}
        return keras.layers.RNN(self.make(units, outputs, dtype=dtype, **arguments), dtype=dtype, **rnn)

    def states(self, rng, batch=N, units=UNITS, outputs=OUT) -> list[np.ndarray]:
        """A random state to start from."""
        return [rng.normal(size=(batch, width)) for width in self.state_widths(units, outputs)]

    def output_width(self, units=UNITS, outputs=OUT) -> int:
        return self.make(units, outputs).output_size or units


def elman_twin(x, states, weights):
    y, h = reference.elman_forward(x, states[0], *weights)
    return y, [h]


def jordan_twin(context_decay, output_activation):
    def twin(x, states, weights):
        how = {"sigma_y": output_activation, "context_decay": context_decay}
        y, _ = reference.jordan_forward(x, states[0], *weights, **how)
        contexts, context = [], states[0]
        for t in range(y.shape[1]):
            context = context_decay * context + y[:, t]
            contexts.append(context)
        return y, [np.stack(contexts, axis=1)]

    return twin


def lstm1997_twin(squashing):
    def twin(x, states, weights):
        h, c = reference.lstm1997_forward(x, *states, *weights, squashing=squashing)
        return h, [h, c]

    return twin


def peephole_twin(x, states, weights):
    h, c = reference.peephole_forward(x, *states, *weights)
    return h, [h, c]


SIGMA = {"linear": reference.identity, "tanh": np.tanh}


def jordan_row(name, variant=False, **own):
    return Row(
        name,
        make=lambda n, o, **arguments: JordanCell(n, o, **{**own, **arguments}),
        count=lambda m, n, o: n * (m + o + 1) + o * (n + 1),
        biases=lambda n, o: n + o,
        state_widths=lambda n, o: [o],
        twin=jordan_twin(own.get("context_decay", 0.0), SIGMA[own.get("output_activation", "linear")]),
        variant=variant,
    )


def lstm1997_row(name, variant=False, **own):
    return Row(
        name,
        make=lambda n, o, **arguments: LSTM1997Cell(n, **{**own, **arguments}),
        count=lambda m, n, o: 3 * n * (m + n + 1),
        biases=lambda n, o: 3 * n,
        state_widths=lambda n, o: [n, n],
        twin=lstm1997_twin(own.get("squashing", "tanh")),
        variant=variant,
    )


ROWS = [
    Row(
        "elman",
        make=ElmanCell,
        count=lambda m, n, o: n * (m + n + 1) + o * (n + 1),
        biases=lambda n, o: n + o,
        state_widths=lambda n, o: [n],
        twin=elman_twin,
    ),
    jordan_row("jordan"),
    jordan_row("jordan with decay", variant=True, context_decay=0.6, output_activation="tanh"),
    lstm1997_row("lstm1997"),
    lstm1997_row("lstm1997 of the paper", variant=True, squashing="paper"),
    Row(
        "peephole",
        make=lambda n, o, **arguments: PeepholeLSTMCell(n, **arguments),
        count=lambda m, n, o: 4 * n * (m + n + 1) + 3 * n,
        biases=lambda n, o: 4 * n,
        state_widths=lambda n, o: [n, n],
        twin=peephole_twin,
    ),
]


def numpy(tensors):
    """Every tensor of a layer's answer as an array."""
    return keras.tree.map_structure(keras.ops.convert_to_numpy, tensors)


def randomise(layer, rng, scale=0.6) -> list[np.ndarray]:
    """Give every weight of a built layer, biases too, asymmetric random values; return them in float64."""
    layer.set_weights([scale * rng.normal(size=w.shape) for w in layer.get_weights()])
    return [np.asarray(w, dtype=np.float64) for w in layer.get_weights()]


def layer_of(cell, rng, x_shape=(N, T, M)):
    """The cell in a built layer with random weights, and those weights."""
    layer = keras.layers.RNN(cell, return_sequences=True, return_state=True, dtype=cell.dtype_policy.name)
    layer.build(x_shape)
    return layer, randomise(layer, rng)


def largest_difference(obtained, expected) -> float:
    """Largest absolute difference over one array, or over the arrays of two lists of one length."""
    if not isinstance(expected, list | tuple):
        obtained, expected = [obtained], [expected]
    assert [np.shape(a) for a in obtained] == [np.shape(a) for a in expected]
    return max(float(np.max(np.abs(np.asarray(a) - b))) for a, b in zip(obtained, expected, strict=True))
