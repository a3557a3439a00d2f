"""Models with the layers of slide D1.28 that are no `RNN` of a plain cell, saved and read by another process."""

import subprocess
import sys
from pathlib import Path

import keras
import numpy as np

import course_kit
from course_kit.cells import GridLSTMCell
from course_kit.layers import DenselyConnectedBiLSTM, PeepholeConvLSTM2D
from tests.cells.table import largest_difference, numpy, randomise

LOAD = """
import sys
import keras, numpy as np
import course_kit.layers
model = keras.models.load_model(sys.argv[1] + "/model.keras")
np.save(sys.argv[1] + "/loaded.npy", model(np.load(sys.argv[1] + "/x.npy")))
"""


def test_a_saved_model_is_the_same_in_a_fresh_process(tmp_path):
    """Pictures, their places as numbers of a step, a dense stack, a grid both ways; without `custom_objects`."""
    rng = np.random.default_rng(73)
    inputs = keras.Input((5, 4, 6, 2))
    x = PeepholeConvLSTM2D(3, (3, 2), strides=2, peephole_regularizer="l2", return_sequences=True)(inputs)
    x = keras.layers.Bidirectional(PeepholeConvLSTM2D(2, 1, peepholes="channel", return_sequences=True))(x)
    x = keras.layers.TimeDistributed(keras.layers.Flatten())(x)
    x = DenselyConnectedBiLSTM(2, 3, 4, return_sequences=True, seed=1)(x)
    grid = keras.layers.RNN(GridLSTMCell(3, 2, depth_dimension="dense", tied=None), return_sequences=True)
    x = keras.layers.Bidirectional(grid)(x)
    model = keras.Model(inputs, DenselyConnectedBiLSTM(2, 1, 4)(x))
    randomise(model, rng)
    pictures = rng.normal(size=(2, 5, 4, 6, 2)).astype("float32")
    model.save(tmp_path / "model.keras")
    np.save(tmp_path / "x.npy", pictures)

    root = Path(course_kit.__file__).parent.parent
    subprocess.run([sys.executable, "-c", LOAD, tmp_path], cwd=root, check=True, timeout=120)

    expected = numpy(model(pictures))
    assert np.ptp(expected) > 0.1
    assert largest_difference(np.load(tmp_path / "loaded.npy"), expected) == 0
