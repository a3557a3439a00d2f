"""Train the review model: count, fit each net, put them together; after a kill it goes on at the last epoch."""

import json
import time
from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

import keras
import numpy as np

from course_kit.datasets.imdb.reviews import Reviews
from course_kit.models.imdb.batches import dataset
from course_kit.models.imdb.net import ReviewModel, core, whole
from course_kit.models.imdb.preparing import Prepared, prepare, read
from course_kit.models.imdb.recipe import Recipe
from course_kit.models.imdb.watching import EpochLog, Validation, best_epoch
from course_kit.models.resuming import KeepBest, Resume
from course_kit.models.resuming import whole as whole_file

WARM_UP = 0.1  # of the steps, from a tenth of the rate
SEEDS_APART = 1000  # net k of seed s starts from seed s + 1000 k


@dataclass(frozen=True)
class Trained:
    """A trained model and how it came about.

    Args:
        model: strings `(N,)` to probabilities `(N, 1)`.
        history: a dict an epoch and net: net, epoch, loss, seconds, with validation val_loss, val_f1, val_threshold,
            val_f1_half.
        seconds: float, wall time of counting and all epochs, also those before a kill.
    """

    model: ReviewModel
    history: list[dict]
    seconds: float


def train(
    recipe: Recipe,
    train: Reviews,
    validation: Reviews | None = None,
    seed: int = 0,
    folder: Path | None = None,
    callbacks: Sequence[keras.callbacks.Callback] = (),
    progress: bool = True,
) -> Trained:
    """Train by a recipe.

    Args:
        validation: reviews to look at after each epoch; then the epoch with the highest val_f1 is kept, else the last.
        folder: where the state is kept, and gone on from after a kill. A finished one is returned at once.
        callbacks: for each net; the logs of an epoch hold loss and the val_* of `Trained.history`.
        progress: whether Keras prints a bar an epoch.

    Raises:
        ValueError: if the folder was begun with another recipe, seed or other reviews; or as `prepare`.
    """
    with nullcontext(folder) if folder is not None else TemporaryDirectory() as where:
        where = Path(where)
        _claim(where, recipe, seed, train, validation)
        if (where / "model.keras").exists():
            return _finished(where)
        begun = time.monotonic()
        prepared = prepare(recipe, train)
        log = EpochLog(where / "history.jsonl")
        log.spent(time.monotonic() - begun)
        nets = [
            _net(recipe, prepared, train, validation, seed + SEEDS_APART * number, where, log, callbacks, progress)
            for number in range(recipe.nets)
        ]
        model = whole(prepared.reader, prepared.weights.all, nets)
        whole_file(where / "model.keras", model.save)
        return Trained(model, log.epochs(), log.seconds())


def _net(recipe: Recipe, prepared: Prepared, train, validation, seed, where: Path, log, callbacks, progress):
    """One trained net; its weights are read from the folder if it was finished before."""
    net = core(recipe, prepared.vectors, prepared.weights.all.shape[1], seed)
    done, best = where / f"net-{seed}.weights.h5", where / f"net-{seed}.best.weights.h5"
    if done.exists():
        net.load_weights(done)
        return net
    steps = -(-len(train) // recipe.batch)
    _compile(net, recipe, recipe.epochs * steps)
    watchers = []
    if validation is not None:
        numbers = read(prepared.reader, recipe, validation.texts)
        looked_at = dataset(
            numbers, validation.labels, prepared.weights.all, None, np.arange(len(validation)), recipe.segment, size=256
        )
        watchers += [Validation(looked_at), KeepBest(best, "val_f1", best_epoch(log.epochs(seed), "val_f1"))]
    resume = Resume(where / f"net-{seed}.npz")
    behind = resume.restore(net)
    orders = (np.random.default_rng([seed, epoch]) for epoch in count(behind))  # the same after a kill
    batches = dataset(
        prepared.numbers, train.labels, prepared.weights.held_out, prepared.weights.fold, np.arange(len(train)),
        recipe.segment, orders, recipe.batch,
    )  # fmt: skip
    net.fit(
        batches,
        epochs=recipe.epochs,
        initial_epoch=behind,
        shuffle=False,  # the batches shuffle themselves
        callbacks=[*watchers, *callbacks, log.callback(seed), resume],
        verbose="auto" if progress else 0,
    )
    if best.exists():
        net.load_weights(best)
    whole_file(done, net.save_weights)
    return net


def _compile(net: keras.Model, recipe: Recipe, steps: int) -> None:
    warm_up = max(int(WARM_UP * steps), 1)
    rate = keras.optimizers.schedules.CosineDecay(
        0.1 * recipe.rate, max(steps - warm_up, 1), alpha=0.02, warmup_target=recipe.rate, warmup_steps=warm_up
    )
    net.compile(
        keras.optimizers.AdamW(rate, weight_decay=recipe.weight_decay, global_clipnorm=1.0),
        keras.losses.BinaryCrossentropy(from_logits=True),
    )


def _claim(where: Path, recipe: Recipe, seed: int, train: Reviews, validation: Reviews | None) -> None:
    """Write down what this folder is for, or refuse if it is for something else."""
    where.mkdir(parents=True, exist_ok=True)
    mine = {
        "recipe": recipe.config(), "seed": seed, "train": len(train),
        "validation": None if validation is None else len(validation),
    }  # fmt: skip
    note = where / "training.json"
    if not note.exists():
        whole_file(note, lambda part: part.write_text(json.dumps(mine, indent=1)))
        return
    theirs = json.loads(note.read_text())
    if theirs != mine:
        differ = [k for k in mine if k != "recipe" and mine[k] != theirs.get(k)]
        differ += [k for k, v in mine["recipe"].items() if theirs.get("recipe", {}).get(k) != v]
        raise ValueError(
            f"{where} was begun with another {', '.join(differ)}. Take another folder, or the values in {note.name}."
        )


def _finished(where: Path) -> Trained:
    log = EpochLog(where / "history.jsonl")
    return Trained(keras.models.load_model(where / "model.keras"), log.epochs(), log.seconds())


def predict(model: ReviewModel, texts: Sequence[str], batch: int = 128, progress: bool = False) -> np.ndarray:
    """Probabilities `(N,)` float32 in the order of the texts; those of like length go through the model together."""
    order = np.argsort([len(text) for text in texts], kind="stable")
    found = np.empty(len(texts), np.float32)
    for start in range(0, len(order), 100 * batch):
        rows = order[start : start + 100 * batch]
        found[rows] = model.predict([texts[k] for k in rows], batch_size=batch, verbose=1 if progress else 0)[:, 0]
    return found
