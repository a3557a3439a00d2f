"""Stop when validation has not become better for some epochs, also where a kill lies between them."""

from pathlib import Path

import keras
import numpy as np

from course_kit.models.imdb.runs.files import read_json, write_json


class Patience(keras.callbacks.Callback):
    """Keras' `EarlyStopping` forgets at a kill which epoch was the best; this keeps each net's F1 by epoch in a file.

    Which epoch's weights are kept is the training's business.

    Args:
        path: JSON file of this callback alone.
        patience: int, epochs without a better `val_f1` after which the net's training stops.
    """

    def __init__(self, path: Path, patience: int):
        super().__init__()
        self.path, self.patience = path, patience

    def on_epoch_end(self, epoch, logs=None):
        known = read_json(self.path) or {}
        # what stands behind this epoch was made before the kill, and is made again
        f1 = [*known.get(self.model.name, [])[:epoch], float(logs["val_f1"])]
        self.path.parent.mkdir(parents=True, exist_ok=True)
        write_json(self.path, {**known, self.model.name: f1})
        if len(f1) - 1 - int(np.argmax(f1)) >= self.patience:
            self.model.stop_training = True
