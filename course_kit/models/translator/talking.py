"""Teach a `Responder` the small talk of `course_kit.datasets.dialogue`, and test what it remembers."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import keras
import numpy as np

from course_kit.datasets.dialogue import FACTS, TALK, Turn, dialogues
from course_kit.models.translator import training
from course_kit.models.translator.responder import Responder
from course_kit.models.translator.vocabulary import Vocabulary, shifted
from course_kit.models.translator.writing import Writer

SILENT = 0.15  # share of dialogues in which the person says nothing: from these it learns ln P(answer)


@dataclass(frozen=True)
class Plan:
    """How it is taught."""

    units: int = 32
    embedding: int = 24
    layers: int = 3
    dialogues: int = 6_000
    turns: int = 4
    batch: int = 48
    epochs: int = 10
    steps: int = 100
    rate: float = 0.008
    seed: int = 0


def train(plan: Plan, folder: Path | None = None, say: Callable[[str], None] = print) -> Responder:
    """Teach whole dialogues, the encoder's state carried from turn to turn. `folder` as in `training.train`."""
    keras.utils.set_random_seed(plan.seed)
    made = dialogues(plan.dialogues, plan.turns, seed=plan.seed)
    turns = [turn for dialogue in made for turn in dialogue]
    source = Vocabulary.of(turn.said.split() for turn in turns)
    target = Vocabulary.of(turn.answer.split() for turn in turns)
    model = Responder(source.words, target.words, plan.units, plan.embedding, plan.layers)
    model.build(None)
    blocks = (
        source.encode([turn.said.split() for turn in turns]).reshape(len(made), plan.turns, -1),
        target.encode([turn.answer.split() for turn in turns]).reshape(len(made), plan.turns, -1),
    )
    report = keras.callbacks.LambdaCallback(
        on_epoch_end=lambda epoch, logs: say(f"epoch {epoch + 1} of {plan.epochs}: {logs['loss']:.4f} nats a word")
    )
    training.fit(model, _epochs(plan, *blocks), plan.epochs, plan.steps, plan.rate, folder, report)
    return model


def _epochs(plan: Plan, x: np.ndarray, y: np.ndarray) -> Callable[[int], Iterator]:
    """x (D, K, S), y (D, K, T)."""
    nothing = np.zeros_like(x[0])
    nothing[:, 0] = 2  # a turn in which nothing is said is an end and no more

    def epoch(number: int):
        rng = np.random.default_rng([plan.seed, number])
        for _ in range(plan.steps):
            rows = rng.choice(len(x), plan.batch, replace=False)
            said, due = x[rows], y[rows]
            silent = rng.random(plan.batch) < SILENT
            said = np.where(silent[:, None, None], nothing, said)
            given = shifted(due.reshape(-1, due.shape[-1])).reshape(due.shape)
            yield {"source": said, "target": given}, due

    return epoch


def memory_test(writer: Writer, count: int = 300, seed: int = 1) -> dict[str, dict[int, float]]:
    """How often a fact is given back right, by the number of turns since it was told.

    A fact is told, then comes small talk, then it is asked for, in `count` dialogues for each distance.

    Returns:
        `{"carried": {1: share, ...}, "reset": {...}}`, for distances of 1 to 6 turns; greedy answers.
    """
    rng, found = np.random.default_rng(seed), {"carried": {}, "reset": {}}
    for distance in range(1, 7):
        talks = [_told_and_asked(rng, distance) for _ in range(count)]
        for name, carry in (("carried", True), ("reset", False)):
            state = None
            for k in range(distance + 1):
                reading = writer.read([talk[k].said.split() for talk in talks], state if carry else None)
                state = reading.state
            answers = writer.write(reading, width=1, limit=12, alpha=0.0)
            texts = [" ".join(writer.model.target.word(w) for w in best[0].words) for best in answers]
            found[name][distance] = float(np.mean([t == talk[-1].answer for t, talk in zip(texts, talks, strict=True)]))
    return found


def _told_and_asked(rng, distance: int) -> list[Turn]:
    fact = list(FACTS)[int(rng.integers(len(FACTS)))]
    values, ways, _, questions, answer = FACTS[fact]
    value, way, question = (options[int(rng.integers(len(options)))] for options in (values, ways, questions))
    small_talk = [Turn(list(TALK)[int(rng.integers(len(TALK)))], "", "talk") for _ in range(distance - 1)]
    return [
        Turn(way.format(value), "", "told"),
        *small_talk,
        Turn(question, answer.format(value), "asked"),
    ]
