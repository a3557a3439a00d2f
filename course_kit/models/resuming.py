"""Trainings that go on after a kill. Each file is whole: written beside its place and moved there when complete.

Keras' BackupAndRestore writes over its only copy, and a process that is killed while it does so leaves a file that
cannot be read; ModelCheckpoint does the same. A kill comes at any time, so these do not.
"""

import os
from pathlib import Path

import keras
import numpy as np


class Resume(keras.callbacks.Callback):
    """After each epoch keeps all that the next one depends on: weights, optimizer, and the state of the dropouts' dice.

        resume = Resume(folder / "state.npz")
        model.fit(..., initial_epoch=resume.restore(model), callbacks=[..., resume])

    What other callbacks remember (`EarlyStopping`'s patience) is not in it. An epoch that is kept has been seen by the
    callbacks before this one.

    Args:
        path: of a `.npz`; None keeps nothing.
    """

    def __init__(self, path: Path | None):
        super().__init__()
        self.path = path and Path(path)

    def restore(self, model: keras.Model) -> int:
        """Set a compiled and built model to what was kept last, if anything was.

        Returns:
            int, how many epochs are behind it.
        """
        model.optimizer.build(model.trainable_variables)
        if self.path is None or not self.path.exists():
            return 0
        with np.load(self.path, allow_pickle=False) as kept:
            for number, variable in enumerate(_variables(model)):
                variable.assign(kept[str(number)])
            return int(kept["epochs"])

    def on_epoch_end(self, epoch, logs=None):
        if self.path is None:
            return
        values = {str(number): variable.numpy() for number, variable in enumerate(_variables(self.model))}
        whole(self.path, lambda part: np.savez(part, epochs=epoch + 1, **values))


class KeepBest(keras.callbacks.Callback):
    """Keeps the weights of the epoch with the largest value of one number in the logs.

    Args:
        path: of a `.weights.h5`.
        monitor: str, its name in the logs; an epoch without it is passed over.
        best: float or None, the largest value of the epochs before a restart.
    """

    def __init__(self, path: Path, monitor: str, best: float | None = None):
        super().__init__()
        self.path, self.monitor, self.best = Path(path), monitor, best

    def on_epoch_end(self, epoch, logs=None):
        value = (logs or {}).get(self.monitor)
        if value is not None and (self.best is None or value > self.best or not self.path.exists()):
            self.best = float(value)
            whole(self.path, self.model.save_weights)


def whole(path: Path, write) -> None:
    """The whole file or none of it.

    Args:
        write: function of a path, which has the same ending.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f"part.{path.name}")
    try:
        write(part)
        os.replace(part, path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def _variables(model: keras.Model) -> list[keras.Variable]:
    return [*model.variables, *model.optimizer.variables]
