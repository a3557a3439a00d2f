"""Train the character model: stateful batches in the order of the text, and a kill costs one epoch at most."""

import time
import zlib
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import keras
import numpy as np

from course_kit.datasets.text import Text
from course_kit.models.characters import network
from course_kit.models.characters.batches import encode, in_rows, stateful
from course_kit.models.characters.saved import Net
from course_kit.models.resuming import Resume


@dataclass(frozen=True)
class Plan:
    """How it is trained. Two plans of different numbers never go on with each other's work."""

    pairs: bool = False
    d: int = 32
    n: int = 192
    dropout: float = 0.1
    rows: int = 16
    steps: int = 64
    epochs: int = 12
    rate: float = 0.004
    seed: int = 0

    def name(self) -> str:
        """As a folder's name."""
        return "-".join(f"{key}{value}" for key, value in asdict(self).items())


PAIRS = Plan(pairs=True, dropout=0.2, epochs=10)  # 27 times as many embeddings to learn: more dropout, sooner done


def plan(pairs: bool, seed: int, **others: int | None) -> Plan:
    """The kit's plan, with what is not None of ``others`` put in."""
    chosen = {name: value for name, value in others.items() if value is not None}
    return replace(PAIRS if pairs else Plan(), seed=seed, **chosen)


def train(text: Text, plan: Plan, folder: Path | None = None, say: Callable[[str], None] = print) -> Net:
    """Train on ``text.train``.

    Args:
        text: Text.
        plan: Plan.
        folder: where the work of a killed run is kept; the next run with the same text and plan goes on there.
            None: nothing is kept.
        say: is told a line after each epoch, with the loss of the held-out part (which decides nothing).

    Returns:
        Net.
    """
    keras.utils.set_random_seed(plan.seed)
    symbols = text.symbols
    V, ids = len(symbols), encode(text.train, symbols)
    x, y = stateful(*in_rows(ids, V, plan.rows, plan.steps, plan.pairs), plan.steps)
    model = network.build(V, plan.d, plan.n, pairs=plan.pairs, dropout=plan.dropout, rows=plan.rows)
    decay = keras.optimizers.schedules.CosineDecay(plan.rate, plan.epochs * len(x) // plan.rows)
    # Long sums of products make rare, huge gradients (notebook 07): clip their norm.
    model.compile(
        optimizer=keras.optimizers.Adam(decay, global_clipnorm=1.0),
        loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
    )
    resume = Resume(kept(folder, plan, text))
    callbacks = [_FromTheStart(), resume, _Report(plan, text, symbols, say)]
    behind = resume.restore(model)
    model.fit(x, y, plan.rows, plan.epochs, shuffle=False, verbose=0, initial_epoch=behind, callbacks=callbacks)
    what = "pairs of characters" if plan.pairs else "characters"
    return network.net_of(model, symbols, f"LSTM({plan.n}) on {what}; {text.source}")


def kept(folder: Path | None, plan, text: Text) -> Path | None:
    """Where the work on this plan and text is kept, so that no run goes on with that on another one."""
    fingerprint = f"{zlib.crc32(text.train.encode('utf-8')):08x}"
    return folder and Path(folder) / f"{plan.name()}-{fingerprint}.npz"


def nats(net: Net, text: str) -> float:
    """Mean of -ln P over the characters of ``text`` but the first, read once from the start, by Keras."""
    ids = encode(text, net.symbols)
    x, y = in_rows(ids, len(net.symbols), 1, len(ids) - 1, net.pairs)
    return _nats(network.model_of(net), x, y)


def _nats(model: keras.Model, x: np.ndarray, y: np.ndarray) -> float:
    logits = model.predict_on_batch(x).astype(np.float64)
    top = logits.max(axis=-1)
    log_sum = top + np.log(np.exp(logits - top[..., None]).sum(axis=-1))
    return float((log_sum - np.take_along_axis(logits, y[..., None], axis=-1)[..., 0]).mean())


class _FromTheStart(keras.callbacks.Callback):
    """Each epoch reads the text from its beginning, where there is no state yet."""

    def on_epoch_begin(self, epoch, logs=None):
        self.model.get_layer("lstm").reset_states()


class _Report(keras.callbacks.Callback):
    """A line an epoch."""

    def __init__(self, plan: Plan, text: Text, symbols: str, say: Callable[[str], None]):
        super().__init__()
        self.plan, self.say = plan, say
        ids = encode(text.held_out, symbols)
        rows = min(32, max(1, len(ids) // 200))
        self.x, self.y = in_rows(ids, len(symbols), rows, (len(ids) - 1) // rows, plan.pairs)
        self.symbols = symbols
        self.reader = None
        self.began = 0.0

    def on_epoch_begin(self, epoch, logs=None):
        self.began = time.perf_counter()

    def on_epoch_end(self, epoch, logs=None):
        seconds = time.perf_counter() - self.began
        if self.reader is None:
            self.reader = network.model_of(network.net_of(self.model, self.symbols, ""))
        else:
            self.reader.set_weights(_weights(self.model))
        held_out = _nats(self.reader, self.x, self.y)
        self.say(
            f"epoch {epoch + 1} of {self.plan.epochs}: {logs['loss']:.3f} nats a character, held out {held_out:.3f}, "
            f"{seconds:.0f} s"
        )


def _weights(model: keras.Model) -> list[np.ndarray]:
    return [w for name in ("embedding", "lstm", "scores") for w in model.get_layer(name).get_weights()]
