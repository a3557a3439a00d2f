"""A row of the tables of cells: a cell and what is known of it without it."""

from collections.abc import Callable
from dataclasses import dataclass

import keras
import numpy as np

N, T, M, UNITS, OUT = 2, 7, 3, 5, 2  # m, n and o all differ, so that no shape fits by chance


@dataclass(frozen=True)
class Row:
    """A cell and what is known of it without it.

    `make(n, o, **arguments)` gives the cell; `count(m, n, o)` its parameters and `biases(n, o)` those among
    them that `use_bias=False` takes away; `twin(x, states, weights)` the outputs and the states after every
    step, in NumPy; `masked(mask, U)` the recurrent kernel as it acts on a state under a mask.
    """

    name: str
    make: Callable
    count: Callable[[int, int, int], int]
    biases: Callable[[int, int], int]
    state_widths: Callable[[int, int], list[int]]
    twin: Callable
    variant: bool = False  # the same class as the row before it, with another argument
    trained: bool = True  # nothing of an echo state cell is trained, and it has no dropout
    masked: Callable = lambda mask, U: mask[:, np.newaxis] * U

    def layer(self, units=UNITS, outputs=OUT, dtype="float64", rnn=None, **arguments) -> keras.layers.RNN:
        """The cell in a layer that returns everything, unless `rnn` says otherwise."""
        rnn = {"return_sequences": True, "return_state": True, **(rnn or {})}
        return keras.layers.RNN(self.make(units, outputs, dtype=dtype, **arguments), dtype=dtype, **rnn)

    def states(self, rng, batch=N, units=UNITS, outputs=OUT) -> list[np.ndarray]:
        """A random state to start from."""
        return [rng.normal(size=(batch, width)) for width in self.state_widths(units, outputs)]

    def output_width(self, units=UNITS, outputs=OUT) -> int:
        return self.make(units, outputs).output_size or units
