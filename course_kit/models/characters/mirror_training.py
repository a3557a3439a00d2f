"""The mirror as a Keras model, and its training: new words at every epoch, and a kill costs one epoch at most."""

import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

import keras
import numpy as np
from keras import layers

from course_kit.datasets.text import Text
from course_kit.models.characters.mirror import MirrorNet, arrays, some_words, words_of
from course_kit.models.characters.training import kept
from course_kit.models.resuming import Resume

LAYERS = ("read_letters", "reader", "write_letters", "writer", "scores")


@dataclass(frozen=True)
class MirrorPlan:
    """How it is trained."""

    d: int = 24
    n: int = 128
    words: int = 20_000
    batch: int = 128
    epochs: int = 14
    rate: float = 0.004
    seed: int = 0

    def name(self) -> str:
        """As a folder's name."""
        return "mirror-" + "-".join(f"{key}{value}" for key, value in asdict(self).items())


def build(V: int, d: int, n: int) -> keras.Model:
    """Reader and writer: two arrays of numbers (N, T), 0 ... V, to logits (N, T, V + 1).

    Parameters: 2 ((V + 1) d + 4 (n n + d n + n)) + n (V + 1) + V + 1.
    """
    read, given = keras.Input((None,), dtype="int32"), keras.Input((None,), dtype="int32")
    letters = layers.Embedding(V + 1, d, mask_zero=True, name="read_letters")(read)
    _, h, c = layers.LSTM(n, return_state=True, name="reader")(letters)
    before = layers.Embedding(V + 1, d, name="write_letters")(given)
    written = layers.LSTM(n, return_sequences=True, name="writer")(before, initial_state=[h, c])
    return keras.Model([read, given], layers.Dense(V + 1, name="scores")(written))


def net_of(model: keras.Model, symbols: str, source: str) -> MirrorNet:
    """The trained weights as a plain `MirrorNet`, which writes without Keras."""
    weights = [w for name in LAYERS for w in model.get_layer(name).get_weights()]
    return MirrorNet(*(np.asarray(w) for w in weights), symbols=symbols, source=source)


def train(text: Text, plan: MirrorPlan, folder: Path | None = None, say: Callable[[str], None] = print) -> MirrorNet:
    """Train on the words of ``text.train`` and on made-up ones; arguments as in `training.train`."""
    keras.utils.set_random_seed(plan.seed)
    symbols = text.symbols.replace(" ", "").replace("\n", "")
    known = sorted(set(words_of(text.train)))
    model = build(len(symbols), plan.d, plan.n)
    decay = keras.optimizers.schedules.CosineDecay(plan.rate, plan.epochs * (plan.words // plan.batch))
    model.compile(
        optimizer=keras.optimizers.Adam(decay, global_clipnorm=1.0),
        loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True, ignore_class=-1),
    )
    words = _Words(known, symbols, plan)
    resume = Resume(kept(folder, plan, text))
    callbacks = [resume, _Report(plan, words, say)]
    behind = resume.restore(model)
    model.fit(words, epochs=plan.epochs, shuffle=False, verbose=0, initial_epoch=behind, callbacks=callbacks)
    return net_of(model, symbols, f"reader and writer LSTM({plan.n}); words of {text.source}")


class _Words(keras.utils.PyDataset):
    """The batches of an epoch: words of like length together, so that little is padding."""

    def __init__(self, known: list[str], symbols: str, plan: MirrorPlan):
        super().__init__()
        self.known, self.symbols, self.plan = known, symbols, plan
        self.deal(0)

    def __len__(self) -> int:
        return self.plan.words // self.plan.batch

    def __getitem__(self, k: int):
        read, given, due = arrays(self.batches[k], self.symbols)
        return (read, given), due

    def deal(self, epoch: int) -> None:
        """The words of that epoch, the same ones whether the run was stopped before or not."""
        rng = np.random.default_rng([self.plan.seed, epoch + 1])
        words = sorted(some_words(self.known, self.symbols, self.plan.words, rng), key=len)
        size = self.plan.batch
        self.batches = [words[k * size : (k + 1) * size] for k in rng.permutation(len(self))]


class _Report(keras.callbacks.Callback):
    """New words and a line for each epoch."""

    def __init__(self, plan: MirrorPlan, words: _Words, say: Callable[[str], None]):
        super().__init__()
        self.plan, self.words, self.say, self.began = plan, words, say, 0.0

    def on_epoch_begin(self, epoch, logs=None):
        self.words.deal(epoch)
        self.began = time.perf_counter()

    def on_epoch_end(self, epoch, logs=None):
        self.say(
            f"epoch {epoch + 1} of {self.plan.epochs}: {logs['loss']:.4f} nats a letter, "
            f"{time.perf_counter() - self.began:.0f} s"
        )
