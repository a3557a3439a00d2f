"""The five layers of slide D1.28, each on a small task of its paper's kind, and plain LSTMs of as many parameters."""

from collections.abc import Callable
from dataclasses import dataclass

import keras
import numpy as np
from keras import layers

from course_kit import params
from course_kit.datasets.moving_squares import moving_squares
from course_kit.datasets.nested import chance_of_next, enclosed, nested
from course_kit.datasets.number_words import ALPHABET, certain, counting_aloud
from course_kit.datasets.sequences import Sequences
from course_kit.datasets.sums import running_parity
from course_kit.layers import ArrayLSTM, DenselyConnectedBiLSTM, DepthGatedLSTM, GridLSTM, PeepholeConvLSTM2D


@dataclass(frozen=True)
class Net:
    """A network to be trained.

    Args:
        name: what it is called in the table.
        build: from the input `(N, T, ...)` to the logits of every step.
        parameters: how many it has, by the formulas of `course_kit.params`.
    """

    name: str
    build: Callable
    parameters: int


@dataclass(frozen=True)
class Task:
    """A task and the networks that learn it; the first is the paper's.

    Args:
        name: what it is called in the table.
        paper: the arXiv number of the paper whose kind of task it is.
        measure: what `score` is, in words; less is better.
        draw: from a number of sequences and a seed to `Sequences`.
        score: from the logits and the task to a number; 0 is perfect.
        guess: from the task to the score of an answer that remembers nothing.
        loss: "binary" or "categorical".
        updates, batch, rate: steps of Adam, sequences a step (each seen once), and its rate, which falls to 0 linearly.
        nets: the networks, by name.
    """

    name: str
    paper: str
    measure: str
    draw: Callable[[int, int], Sequences]
    score: Callable[[np.ndarray, Sequences], float]
    guess: Callable[[Sequences], float]
    loss: str
    updates: int
    batch: int
    rate: float
    nets: tuple[Net, ...]

    def net(self, name: str) -> Net:
        """The network of this name. Raises ``ValueError`` with the names there are."""
        found = next((net for net in self.nets if net.name == name), None)
        if found is None:
            names = ", ".join(net.name for net in self.nets)
            raise ValueError(f"a network for {self.name!r} must be one of {names}. Got {name!r}.")
        return found


def narrowest(count: Callable[[int], int], parameters: int) -> int:
    """The smallest width whose count reaches ``parameters``: the rival never has fewer.

    >>> narrowest(lambda n: params.lstm(5, n), 364)
    7
    """
    width = 1
    while count(width) < parameters:
        width += 1
    return width


def plain(m: int, o: int, parameters: int) -> Net:
    """One LSTM and a read-out at every step."""

    def count(n):
        return params.lstm(m, n) + params.dense(n, o)

    n = narrowest(count, parameters)
    return Net("LSTM", lambda x: layers.Dense(o)(layers.LSTM(n, return_sequences=True)(x)), count(n))


def stack(m: int, o: int, depth: int, parameters: int) -> Net:
    """LSTMs above each other and a read-out."""

    def count(n):
        return params.stacked(params.lstm, m, [n] * depth) + params.dense(n, o)

    n = narrowest(count, parameters)

    def build(x):
        for _ in range(depth):
            x = layers.LSTM(n, return_sequences=True)(x)
        return layers.Dense(o)(x)

    return Net(f"{depth} LSTMs", build, count(n))


def both_ways(m: int, o: int, parameters: int) -> Net:
    """One bidirectional LSTM and a read-out."""

    def count(n):
        return params.bidirectional(params.lstm(m, n)) + params.dense(2 * n, o)

    n = narrowest(count, parameters)

    def build(x):
        return layers.Dense(o)(layers.Bidirectional(layers.LSTM(n, return_sequences=True))(x))

    return Net("BiLSTM", build, count(n))


# --- moving squares ---------------------------------------------------------------------------------------------------


def squares() -> Task:
    steps, side, F = 6, 8, 8
    pixels = side * side
    conv = params.peephole_conv_lstm2d(1, F, 3, 3) + params.conv(F, 1, 1, 1)

    def convolve(x):
        layer = PeepholeConvLSTM2D(F, 3, padding="same", peepholes="channel", return_sequences=True)
        return layers.TimeDistributed(layers.Conv2D(1, 1))(layer(x))

    def over_pixels(n):
        def build(x):
            h = layers.LSTM(n, return_sequences=True)(layers.Reshape((steps, pixels))(x))
            return layers.Reshape((steps, side, side, 1))(layers.Dense(pixels)(h))

        return build

    def count(n):
        return params.lstm(pixels, n) + params.dense(n, pixels)

    n = narrowest(count, conv)

    def wrong(picture, task):
        return float(((picture > 0) != (task.y[:, -1] > 0.5)).sum(axis=(1, 2, 3)).mean())

    return Task(
        "moving squares",
        "1506.04214",
        "wrong pixels of 64 in the picture after the last",
        lambda count, seed: moving_squares(count, steps, side, seed=seed),
        lambda logits, task: wrong(logits[:, -1], task),
        lambda task: wrong(task.x[:, -1], task),
        "binary",
        500,
        16,
        0.03,
        (
            Net("ConvLSTM", convolve, conv),
            Net("LSTM", over_pixels(n), count(n)),
            Net("LSTM, 64 units", over_pixels(64), count(64)),
        ),
    )


# --- parity, brackets, counting, tags ---------------------------------------------------------------------------------


def parity() -> Task:
    bits, n, depth = 3, 10, 2
    grid = params.grid_lstm(bits, n, depth) + params.dense(n, 1)
    return Task(
        "parity of 24 bits",
        "1507.01526",
        "share of steps with the wrong parity",
        lambda count, seed: running_parity(count, 8, bits, seed=seed),
        lambda logits, task: float(((logits > 0) != (task.y > 0.5)).mean()),
        lambda task: 0.5,  # whoever lacks one of the bits knows nothing
        "binary",
        400,
        64,
        0.03,
        (
            Net("Grid LSTM", lambda x: layers.Dense(1)(GridLSTM(n, depth, return_sequences=True)(x)), grid),
            plain(bits, 1, grid),
            stack(bits, 1, depth, grid),
        ),
    )


def brackets() -> Task:
    kinds, n, depth = 3, 9, 4
    m = 2 * kinds
    gated = params.depth_gated_lstm(m, n, depth) + params.dense(n, m)

    def excess(chances, task):
        """Bits that ``chances`` of what came cost more than the true ones."""
        return float(np.mean(np.log2(chance_of_next(task)) - np.log2(chances)))

    def know_the_depth(task):
        true = chance_of_next(task)
        return excess(np.where(task.y[..., kinds:].sum(axis=2) == 1, true / kinds, true), task)

    return Task(
        "nested brackets",
        "1508.03790",
        "bits a symbol above the best possible",
        lambda count, seed: nested(count, 20, kinds, seed=seed),
        lambda logits, task: excess(chance_given(logits, task), task),
        know_the_depth,
        "categorical",
        300,
        64,
        0.02,
        (
            Net("Depth-gated", lambda x: layers.Dense(m)(DepthGatedLSTM(n, depth, return_sequences=True)(x)), gated),
            plain(m, m, gated),
            stack(m, m, depth, gated),
        ),
    )


def counting() -> Task:
    m, n, lanes = len(ALPHABET), 15, 2
    array = params.array_lstm(m, n, lanes) + params.dense(n, m)

    def bits(chances, task):
        return float(-np.log2(chances[certain(task)]).mean())

    return Task(
        "counting aloud",
        "1607.03085",
        "bits a letter from the second number on",
        lambda count, seed: counting_aloud(count, 40, seed=seed),
        lambda logits, task: bits(chance_given(logits, task), task),
        lambda task: bits(task.y @ task.y.mean(axis=(0, 1)), task),
        "categorical",
        300,
        64,
        0.02,
        (
            Net("Array-LSTM", lambda x: layers.Dense(m)(ArrayLSTM(n, lanes, return_sequences=True)(x)), array),
            plain(m, m, array),
        ),
    )


def tags() -> Task:
    m, o, n, depth, last = 3, 5, 4, 2, 5
    dense = params.dense_bilstm(m, n, depth, last) + params.dense(2 * last, o)

    def build(x):
        return layers.Dense(o)(DenselyConnectedBiLSTM(n, depth, last, return_sequences=True)(x))

    return Task(
        "pairs around a symbol",
        "1802.00889",
        "share of wrong tags",
        lambda count, seed: enclosed(count, 20, seed=seed),
        lambda logits, task: float((logits.argmax(axis=-1) != task.y.argmax(axis=-1)).mean()),
        lambda task: float(1 - task.y.mean(axis=(0, 1)).max()),
        "categorical",
        300,
        64,
        0.02,
        (Net("dense BiLSTM", build, dense), plain(m, o, dense), both_ways(m, o, dense)),
    )


def chance_given(logits: np.ndarray, task: Sequences) -> np.ndarray:
    """The probability that each softmax of `logits` (N, T, o) gave to what came, (N, T)."""
    logits = logits.astype(np.float64)
    shifted = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return (shifted * task.y).sum(axis=-1) / shifted.sum(axis=-1)


TASKS = {task.name: task for task in (squares(), parity(), brackets(), counting(), tags())}
LOSSES = {
    "binary": lambda: keras.losses.BinaryCrossentropy(from_logits=True),
    "categorical": lambda: keras.losses.CategoricalCrossentropy(from_logits=True),
}
