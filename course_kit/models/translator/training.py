"""Teach an encoder-decoder: what comes next, given what is right so far. A kill costs one epoch at most."""

import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import keras
import tensorflow as tf

from course_kit.models.resuming import Resume
from course_kit.models.translator.model import EncoderDecoder
from course_kit.models.translator.pairs import Batches, drawn, words_of
from course_kit.models.translator.vocabulary import PAD, Vocabulary, shifted


@dataclass(frozen=True)
class Plan:
    """How it is trained. Two plans of different numbers never go on with each other's work."""

    units: int = 56
    embedding: int = 32
    layers: int = 3
    pairs: int = 60_000  # for each language
    batch: int = 64
    epochs: int = 20
    steps: int = 200  # batches an epoch
    rate: float = 0.005
    seed: int = 0

    def name(self) -> str:
        """As a folder's name."""
        return "-".join(f"{key}{value}" for key, value in asdict(self).items())


def train(plan: Plan, folder: Path | None = None, say: Callable[[str], None] = print) -> EncoderDecoder:
    """Train on pairs of the part "train", in all languages at once.

    Args:
        plan: Plan.
        folder: where the work of a killed run is kept; the next run with the same plan goes on there. None: nothing is
            kept.
        say: is told a line an epoch, with the share of 400 held-out sentences that come out right word for word as
            long as the words before are given (which decides nothing).

    Returns:
        EncoderDecoder.
    """
    keras.utils.set_random_seed(plan.seed)
    sources, targets = words_of(drawn(plan.pairs, "train", plan.seed))
    model = EncoderDecoder(
        Vocabulary.of(sources).words, Vocabulary.of(targets).words, plan.units, plan.embedding, plan.layers
    )
    model.build(None)
    batches = Batches(sources, targets, model.source, model.target, plan.batch, plan.steps, plan.seed)
    watched = words_of(drawn(200, "held out", 2))
    say(f"{len(sources)} pairs, {len(model.source)} and {len(model.target)} words, {model.count_params()} parameters")
    fit(
        model, batches.epoch, plan.epochs, plan.steps, plan.rate, folder and folder / plan.name(), _Report(watched, say)
    )
    return model


def fit(model, epoch: Callable[[int], Iterator], epochs: int, steps: int, rate: float, folder, *callbacks) -> None:
    """Fit `model` on the batches of `epoch(0)`, `epoch(1)`, ..., with a rate that falls along a cosine.

    `folder` keeps what is needed to go on after a kill; None: nothing.
    """
    decay = keras.optimizers.schedules.CosineDecay(rate, epochs * steps, alpha=0.02)
    model.compile(
        optimizer=keras.optimizers.Adam(decay, global_clipnorm=1.0),
        loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True, ignore_class=PAD),
        jit_compile=False,  # lengths differ from batch to batch, and each would be compiled
    )
    number = _Number()
    example = next(epoch(0))
    # Keras would take two batches of one length for a sign that all have it; here the lengths are left open.
    signature = tf.nest.map_structure(lambda a: tf.TensorSpec((None, *a.shape[1:-1], None), a.dtype), example)
    data = tf.data.Dataset.from_generator(lambda: epoch(number.value), output_signature=signature)
    data = data.apply(tf.data.experimental.assert_cardinality(steps)).prefetch(2)
    resume = Resume(folder and Path(folder) / "state.npz")
    behind = resume.restore(model)
    model.fit(
        data, epochs=epochs, initial_epoch=behind, shuffle=False, verbose=0, callbacks=[resume, number, *callbacks]
    )


class _Number(keras.callbacks.Callback):
    """Which epoch it is, also after a restart."""

    value = 0

    def on_epoch_begin(self, epoch, logs=None):
        self.value = epoch


class _Report(keras.callbacks.Callback):
    """A line an epoch."""

    def __init__(self, watched, say):
        super().__init__()
        self.watched, self.say, self.began = watched, say, 0.0

    def on_train_begin(self, logs=None):
        sources, targets = self.watched
        self.x, self.y = self.model.source.encode(sources), self.model.target.encode(targets)
        self.began = time.perf_counter()

    def on_epoch_end(self, epoch, logs=None):
        scores = self.model.predict_on_batch({"source": self.x, "target": shifted(self.y)})
        right = ((scores.argmax(axis=-1) == self.y) | (self.y == PAD)).all(axis=1).mean()
        seconds = time.perf_counter() - self.began
        self.say(
            f"epoch {epoch + 1} of {self.params['epochs']}: {logs['loss']:.4f} nats a word, "
            f"{100 * right:.1f} % of {len(self.y)} held-out sentences right, {seconds:.0f} s so far"
        )
