"""Building and training the published programs. A killed training goes on, to the numbers that it would have had."""

import time
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from course_kit.quiet import quiet_tensorflow

quiet_tensorflow()

import keras  # noqa: E402
from keras import layers  # noqa: E402
from rich.console import Console  # noqa: E402
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn  # noqa: E402

from course_kit.models.imdb.baselines import keras1  # noqa: E402
from course_kit.models.imdb.runs.files import RunError, read_json, replacing, write_json  # noqa: E402

if TYPE_CHECKING:
    from course_kit.models.imdb.baselines.programs import Program

KERAS_1_EPSILON = 1e-8  # of Adam; Keras 3 has 1e-7


def build(program: "Program") -> keras.Model:
    """The model of a program, compiled. Input (N, steps) numbers of words, output (N, 1) probability of positive."""
    numbers = keras.Input((program.steps,), dtype="int32")
    x, optimizer = NETS[program.net](program, numbers)
    model = keras.Model(numbers, layers.Dense(1, activation="sigmoid")(x))
    # XLA: the same program in a half of the time, or less (`imdb_lstm`: 94 to 54 ms a batch, the wiki's: 77 to 31)
    model.compile(optimizer, "binary_crossentropy", metrics=["accuracy"], jit_compile=True)
    return model


def _wiki(program: "Program", numbers):
    x = keras1.WordDropEmbedding(program.words, program.embedding, dropout=program.dropout)(numbers)
    return keras1.lstm(program.units, program.dropout, program.gates)(x), keras.optimizers.Adam(epsilon=KERAS_1_EPSILON)


def _lstm(program: "Program", numbers):
    x = layers.Embedding(program.words, program.embedding)(numbers)
    x = layers.LSTM(program.units, dropout=program.dropout, recurrent_dropout=program.dropout)(x)
    return x, keras.optimizers.Adam()


def _bidirectional(program: "Program", numbers):
    x = layers.Embedding(program.words, program.embedding)(numbers)
    x = layers.Bidirectional(layers.LSTM(program.units, return_sequences=True))(x)
    return layers.Bidirectional(layers.LSTM(program.units))(x), keras.optimizers.Adam()


NETS = {"wiki": _wiki, "lstm": _lstm, "bidirectional": _bidirectional}


def fit(
    program: "Program", inputs: np.ndarray, labels: np.ndarray, seed: int, folder: Path
) -> tuple[keras.Model, list[dict]]:
    """Train, or go on from the last whole epoch in ``folder``. Epoch e sees the reviews in the order of (seed, e).

    Returns:
        the model after the last epoch, and what was seen in each: epoch (from 1), loss, accuracy (both on the training
        reviews, dropout on), seconds.
    """
    keras.utils.set_random_seed(seed)
    model = build(program)
    model.optimizer.build(model.trainable_variables)
    epochs = restored(model, folder)
    batches = -(-len(inputs) // program.batch)
    with _bar(program.name, len(epochs) * batches, program.epochs * batches) as bar:
        for epoch in range(len(epochs), program.epochs):
            order = np.random.default_rng([seed, epoch]).permutation(len(inputs))
            start = time.perf_counter()
            history = model.fit(
                inputs[order], labels[order], batch_size=program.batch, shuffle=False, verbose=0, callbacks=[bar]
            ).history
            seconds = time.perf_counter() - start
            epochs.append({"epoch": epoch + 1, "seconds": seconds, **{k: round(v[0], 5) for k, v in history.items()}})
            keep(model, epochs, folder)
            bar.line(f"epoch {epoch + 1} of {program.epochs}: loss {history['loss'][0]:.3f}, {seconds:.0f} s")
    return model, epochs


def keep(model: keras.Model, epochs: list[dict], folder: Path) -> None:
    """Save all that the next epoch depends on: weights, the state of the optimizer and of the dropouts' dice."""
    folder.mkdir(parents=True, exist_ok=True)
    write_json(folder / "epochs.json", {"epochs": epochs})  # first: an epoch that is restored must stand in it
    with replacing(folder / "state.npz") as part:
        np.savez(part, epoch=len(epochs), **{str(k): v.numpy() for k, v in enumerate(_variables(model))})


def restored(model: keras.Model, folder: Path) -> list[dict]:
    """Set the model to what was saved last; returns the epochs that it has behind it, none if nothing fits."""
    variables = _variables(model)
    try:
        with np.load(folder / "state.npz", allow_pickle=False) as state:
            done, values = int(state["epoch"]), [state[str(k)] for k in range(len(variables))]
        epochs = read_json(folder / "epochs.json")["epochs"][:done]
    except (FileNotFoundError, KeyError, TypeError, ValueError, zipfile.BadZipFile, RunError):
        return []  # nothing there, or another Keras' state: all of it again
    if len(epochs) < done or [v.shape for v in values] != [tuple(v.shape) for v in variables]:
        return []
    for variable, value in zip(variables, values, strict=True):
        variable.assign(value)
    return epochs


def _variables(model: keras.Model) -> list[keras.Variable]:
    return [*model.variables, *model.optimizer.variables]


class _Bar(keras.callbacks.Callback):
    """Batches done, of all epochs; where there is no terminal, a line for each epoch."""

    def __init__(self, progress: Progress, task):
        super().__init__()
        self.progress, self.task = progress, task

    def on_train_batch_end(self, batch, logs=None):
        self.progress.advance(self.task)

    def line(self, text: str) -> None:
        if not self.progress.console.is_terminal:
            self.progress.console.print(text, markup=False, highlight=False, soft_wrap=True)


@contextmanager
def _bar(name: str, done: int, batches: int) -> Iterator[_Bar]:
    console = Console()
    columns = (TextColumn(name), BarColumn(), MofNCompleteColumn(), TextColumn("batches"), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        yield _Bar(progress, progress.add_task(name, completed=done, total=batches))
