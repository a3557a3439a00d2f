"""The layers whose weights are converted, and one way to compare what they compute with the other side."""

from dataclasses import dataclass, field

import keras
import numpy as np

from course_kit.layers import AnyGRU, PeepholeLSTM

N, T, M, UNITS = 2, 7, 3, 5


@dataclass(frozen=True)
class Kind:
    """One layer: its class, its arguments, and the number of its states."""

    name: str
    layer: type
    states: int = 1
    arguments: dict = field(default_factory=dict)

    def make(self, **more) -> keras.layers.RNN:
        return self.layer(UNITS, return_sequences=True, **self.arguments, **more)

    def draw(self, rng, **more):
        """A built layer with random weights, biases too, and a random input and start for it."""
        layer = self.make(**more)
        layer.build((N, T, M))
        layer.set_weights([0.6 * rng.normal(size=w.shape) for w in layer.get_weights()])
        x = rng.normal(size=(N, T, M)).astype("float32")
        return layer, x, [rng.normal(size=(N, UNITS)).astype("float32") for _ in range(self.states)]


RESET_AFTER = [
    Kind("Keras GRU", keras.layers.GRU),
    Kind("GRU with reset after", AnyGRU, arguments={"reset_after": True}),
    Kind("GRU that writes with reset after", AnyGRU, arguments={"reset_after": True, "update": "write"}),
]
RESET_BEFORE = [
    Kind("Keras GRU with reset before", keras.layers.GRU, arguments={"reset_after": False}),
    Kind("GRU", AnyGRU),
    Kind("GRU that writes", AnyGRU, arguments={"update": "write"}),
]
EVERYWHERE = [Kind("SimpleRNN", keras.layers.SimpleRNN), Kind("LSTM", keras.layers.LSTM, 2), *RESET_AFTER]
PEEPHOLE = Kind("PeepholeLSTM", PeepholeLSTM, 2)
ALL = [*EVERYWHERE, PEEPHOLE, *RESET_BEFORE]


def h_of(layer, x, states) -> np.ndarray:
    """The outputs of a layer from a start that is not zero."""
    return keras.ops.convert_to_numpy(layer(x, initial_state=states if len(states) > 1 else states[0]))
