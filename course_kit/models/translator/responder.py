"""The translator's network as a partner in talk: the encoder's state goes from turn to turn."""

from collections.abc import Sequence

import keras
import numpy as np
from keras import ops

from course_kit.models.translator.model import EncoderDecoder
from course_kit.models.translator.vocabulary import END
from course_kit.models.translator.writing import Writer


@keras.saving.register_keras_serializable(package="course_kit")
class Responder(EncoderDecoder):
    """An `EncoderDecoder` that is taught whole dialogues.

    Slides: D5.15, D5.16 "Dialogue".

    Before it reads a turn its encoder is in the state in which the turn before left it. What was answered is not read
    again. Taught through several turns, it learns to keep in its state what will be asked for.

    Args:
        as for `EncoderDecoder`.

    Shapes:
        inputs `{"source": (N, K, S), "target": (N, K, T)}` for K turns; returns scores (N, K, T, words).
    """

    def call(self, inputs):
        source, target = inputs["source"], inputs["target"]
        state, scores = None, []
        for k in range(source.shape[1]):
            memory, mask, state = self.encode(source[:, k], state)
            scores.append(self.decode(target[:, k], memory, mask, state)[0])
        return ops.stack(scores, axis=1)


class Conversation:
    """A talk with a `Responder`.

    Args:
        model: Responder, or a `Writer` of one.
        carry: Whether the encoder's state goes from turn to turn. False: each turn is the first.
        diversity: lambda in ln P(answer | talk) - lambda ln P(answer); 0 says what is most probable.
        width: of the beam that proposes answers.
    """

    def __init__(self, model, carry: bool = True, diversity: float = 0.0, width: int = 10):
        self.writer = model if isinstance(model, Writer) else Writer(model)
        self.carry, self.diversity, self.width = carry, diversity, width
        self.state = None

    def say(self, text: str) -> str:
        """Say something, in the words of `course_kit.datasets.dialogue`; returns the answer."""
        return self.candidates(text)[0][0]

    def candidates(self, text: str) -> list[tuple[str, float, float]]:
        """Answers, the best first, each with ln P(answer | talk) and ln P(answer). Counts as a turn."""
        reading = self.writer.read([text.split()], self.state if self.carry else None)
        self.state = reading.state
        found = self.writer.write(reading, self.width, limit=12, alpha=0.0)[0]
        vocabulary = self.writer.model.target
        plain = anyway(self.writer, [h.words for h in found]) if self.diversity else np.zeros(len(found))
        order = np.argsort([-(h.log_p - self.diversity * p) for h, p in zip(found, plain, strict=True)], kind="stable")
        return [(" ".join(vocabulary.decode([*found[k].words, END])), found[k].log_p, float(plain[k])) for k in order]

    def forget(self) -> None:
        """Begin anew."""
        self.state = None


def anyway(writer: Writer, answers: Sequence[Sequence[int]]) -> np.ndarray:
    """ln P of answers, given as numbers, whatever was said: the network read nothing. (N,)"""
    return writer.log_p(writer.read([[]] * len(answers)), answers)
