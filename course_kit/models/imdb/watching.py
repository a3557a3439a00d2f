"""What is looked at after each epoch, and the file that remembers it."""

import json
import time
from pathlib import Path

import keras
import numpy as np

from course_kit.evaluation import best_threshold, f1_at


class Validation(keras.callbacks.Callback):
    """After each epoch: val_loss, val_f1 at its best threshold, val_threshold, val_f1_half at probability one half.

    Args:
        batches: tf.data.Dataset of inputs and labels `(B, 1)`; the net's outputs are logits.
    """

    def __init__(self, batches):
        super().__init__()
        self.batches = batches

    def on_epoch_end(self, epoch, logs=None):
        labels, logits = [], []
        for inputs, truth in self.batches:
            logits.append(self.model(inputs, training=False).numpy().ravel())
            labels.append(truth.numpy().ravel())
        labels, logits = np.concatenate(labels), np.concatenate(logits).astype(float)
        probability = 1 / (1 + np.exp(-np.clip(logits, -500, 500)))
        threshold, f1 = best_threshold(labels, probability)
        if logs is not None:
            logs["val_loss"] = float(np.mean(np.logaddexp(0, logits) - labels * logits))
            logs["val_f1"], logs["val_threshold"] = f1, threshold
            logs["val_f1_half"] = f1_at(labels, probability)


class EpochLog:
    """A line of JSON for each epoch and for the counting before it; it survives a kill."""

    def __init__(self, path: Path):
        self.path = path

    def callback(self, net: int) -> keras.callbacks.Callback:
        """The callback that writes the lines of this net. It stands behind those that add to the logs."""
        clock = {"begun": 0.0}

        def begin(epoch, logs=None):
            clock["begun"] = time.monotonic()

        def end(epoch, logs=None):
            spent = round(time.monotonic() - clock["begun"], 2)
            numbers = {key: float(value) for key, value in (logs or {}).items()}
            self._add({"net": net, "epoch": epoch, "seconds": spent, **numbers})

        return keras.callbacks.LambdaCallback(on_epoch_begin=begin, on_epoch_end=end)

    def spent(self, seconds: float) -> None:
        """Time that belongs to no epoch."""
        self._add({"seconds": round(seconds, 2)})

    def epochs(self, net: int | None = None) -> list[dict]:
        """The epochs of one net or of all, in order; of one that was run twice, the second run."""
        found = {(line["net"], line["epoch"]): line for line in self._lines() if "epoch" in line}
        return [line for (owner, _), line in found.items() if net is None or owner == net]

    def seconds(self) -> float:
        """All time spent so far."""
        return sum(line["seconds"] for line in self._lines())

    def _lines(self) -> list[dict]:
        if not self.path.exists():
            return []
        lines = []
        for line in self.path.read_text().splitlines():
            try:
                lines.append(json.loads(line))
            except json.JSONDecodeError:  # the line at which it was killed
                continue
        return lines

    def _add(self, line: dict) -> None:
        with self.path.open("a+b") as file:
            if file.tell() and not self.path.read_bytes().endswith(b"\n"):
                file.write(b"\n")  # a kill left half a line
            file.write(json.dumps(line).encode() + b"\n")


def best_epoch(epochs: list[dict], key: str) -> float | None:
    """The largest value so far, or None before the first epoch."""
    return max((line[key] for line in epochs if key in line), default=None)
