"""Let a trained network write: read sources once, then word by word, greedily or with a beam."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass

import keras
import numpy as np
from keras import ops

from course_kit.models.translator.model import EncoderDecoder
from course_kit.models.translator.search import Hypothesis, beam_search
from course_kit.models.translator.vocabulary import END, START

# Sentences differ in length, so TensorFlow traces a few times, once for each kind of shape, and warns of it.
logging.getLogger("tensorflow").addFilter(lambda record: "tf.function retracing" not in record.getMessage())


@dataclass(frozen=True)
class Reading:
    """N sources as the encoder left them: memory (N, S, n), mask (N, S), state: `layers` pairs (h, c) of (N, n)."""

    memory: np.ndarray
    mask: np.ndarray
    state: list


class Writer:
    """A trained `EncoderDecoder`, with its two halves compiled apart.

    >>> model = EncoderDecoder(["one", "two"], ["один", "два"], units=4, embedding=3)
    >>> model.build(None)
    >>> writer = Writer(model)
    >>> len(writer.write(writer.read([["two"], ["one", "two"]]), width=3, limit=5))
    2
    """

    def __init__(self, model: EncoderDecoder):
        self.model = model
        self._reader, self._stepper = _Reader(model), _Stepper(model)

    def read(self, sentences: Sequence[Sequence[str]], state: list | None = None) -> Reading:
        """Encode sentences, given as words; with the `state` of another reading, go on from there."""
        source = self.model.source.encode(sentences)
        zero = np.zeros((len(source), self.model.units), dtype="float32")
        state = state or [[zero, zero]] * self.model.depth
        memory, mask, state = self._reader.predict_on_batch({"source": source, "state": state})
        return Reading(memory, mask, state)

    def step(self, words: np.ndarray, state: tuple) -> tuple[np.ndarray, tuple, np.ndarray]:
        """ln P of the next words (M, V) after `words` (M,), the new state, and the attention (M, S)."""
        memory, mask, layers = state
        inputs = {"target": words[:, None].astype("int32"), "memory": memory, "mask": mask, "state": layers}
        log_p, layers, weights = self._stepper.predict_on_batch(inputs)
        return log_p[:, 0], (memory, mask, layers), weights[:, 0]

    def write(self, reading: Reading, width: int = 4, **how) -> list[list[Hypothesis]]:
        """For each source the sentences that a beam of `width` finds, the best first; `how` is `beam_search`'s."""
        lengths = reading.mask.sum(axis=1)
        state = (reading.memory, reading.mask, reading.state)
        return beam_search(self.step, pick, state, lengths, width=width, **how)

    def log_p(self, reading: Reading, sentences: Sequence[Sequence[int]]) -> np.ndarray:
        """ln P of given sentences, one for each source and as numbers without the end, (N,)."""
        rows = [[START, *words, END] for words in sentences]
        state, total = (reading.memory, reading.mask, reading.state), np.zeros(len(rows))
        for t in range(max(map(len, rows)) - 1):
            here = np.array([row[min(t, len(row) - 1)] for row in rows])
            step, state, _ = self.step(here, state)
            for k, row in enumerate(rows):
                if t + 1 < len(row):
                    total[k] += step[k, row[t + 1]]
        return total


def pick(state, rows: np.ndarray):
    """The rows of all arrays in a nest of lists and tuples."""
    if isinstance(state, (list, tuple)):
        return type(state)(pick(part, rows) for part in state)
    return state[rows]


class _Reader(keras.Model):
    """The encoder as a model of its own, so that Keras compiles it."""

    def __init__(self, model):
        super().__init__(name="reader")
        self.model = model

    def call(self, inputs):
        return self.model.encode(inputs["source"], inputs["state"])


class _Stepper(keras.Model):
    """One step of the decoder."""

    def __init__(self, model):
        super().__init__(name="stepper")
        self.model = model

    def call(self, inputs):
        scores, state, weights = self.model.decode(inputs["target"], inputs["memory"], inputs["mask"], inputs["state"])
        return ops.log_softmax(scores), state, weights
