"""A trained character model in one small file, and its steps in NumPy: generating needs no TensorFlow.

The kit ships one, data/characters.npz. `course_kit.models.characters.network.model_of` makes a Keras model of it.
"""

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from course_kit.models.characters import files
from course_kit.models.characters.batches import encode

SHAPES = {"E": "v* d", "W": "d 4n", "U": "n 4n", "b": "4n", "V": "n v", "b_y": "v"}


@dataclass(frozen=True)
class State:
    """What is carried from one character to the next: h and c (n,), and the character before, which pairs need."""

    h: np.ndarray
    c: np.ndarray
    before: int = 0


@dataclass(frozen=True)
class Net:
    """Embedding E (V, d) or (V * V, d), LSTM W (d, 4n), U (n, 4n), b (4n,) in the order i, f, c, o, read-out V (n, V),
    b_y (V,); the characters in their order, and where they were learned."""

    E: np.ndarray
    W: np.ndarray
    U: np.ndarray
    b: np.ndarray
    V: np.ndarray
    b_y: np.ndarray
    symbols: str
    source: str = field(compare=False)

    @property
    def pairs(self) -> bool:
        """Whether it reads pairs of characters."""
        return len(self.E) != len(self.symbols)

    def start(self) -> State:
        """Zeros."""
        zeros = np.zeros(len(self.U), dtype=self.U.dtype)
        return State(zeros, zeros)

    def step(self, symbol: int, state: State) -> tuple[np.ndarray, State]:
        """Read one character: the logits (V,) of the next one, and the new state."""
        row = state.before * len(self.symbols) + symbol if self.pairs else symbol
        a = self.E[row] @ self.W + state.h @ self.U + self.b
        i, f, c_tilde, o = np.split(a, 4)
        c = _sigmoid(f) * state.c + _sigmoid(i) * np.tanh(c_tilde)
        h = _sigmoid(o) * np.tanh(c)
        return h @ self.V + self.b_y, State(h, c, symbol)

    def read(self, text: str, state: State | None = None) -> tuple[np.ndarray, State]:
        """Read ``text``, from ``state`` or from the start: logits after each character (L, V), and the last state."""
        state, logits = state or self.start(), []
        for symbol in encode(text, self.symbols):
            scores, state = self.step(int(symbol), state)
            logits.append(scores)
        return np.stack(logits), state


def _sigmoid(a: np.ndarray) -> np.ndarray:
    return 0.5 * (1.0 + np.tanh(0.5 * a))


def save(net: Net, path: Path) -> None:
    """Write ``net`` as one small file."""
    files.write(path, {name: getattr(net, name) for name in SHAPES}, net.symbols, net.source)


def load(path: str | Path | None = None) -> Net:
    """The model of ``path``; None for the one that the kit ships.

    Raises:
        files.ModelError: if the file is missing, damaged or none of `save`.
    """
    return Net(**files.read(files.shipped("characters.npz") if path is None else Path(path).expanduser(), SHAPES))
