"""The cells known from TensorFlow Addons against what TensorFlow Addons computed (`tests/oracles/make_addons.py`)."""

from pathlib import Path

import keras
import numpy as np
import pytest

from course_kit.cells import ESNCell, LayerNormLSTMCell, LayerNormSimpleRNNCell, NASCell, PeepholeLSTMCell
from tests.cells.table import largest_difference, numpy

FILE = Path(__file__).parents[1] / "oracles" / "addons.npz"
UNITS = 5
# name in the file: our cell, our weights from theirs, our states from theirs
CASES = {
    "LayerNormSimpleRNNCell": (LayerNormSimpleRNNCell(UNITS), lambda w: w, lambda s: s),
    "LayerNormLSTMCell": (LayerNormLSTMCell(UNITS), lambda w: w, lambda s: s),
    "NASCell": (NASCell(UNITS, use_bias=True), lambda w: [w[1], w[0], w[2]], lambda s: s[::-1]),
    "NASCell projected": (NASCell(UNITS, projection=4), lambda w: [w[1], w[0], w[2]], lambda s: s[::-1]),
    "ESNCell": (ESNCell(UNITS, leaky=0.3), lambda w: [w[1], w[0], w[2]], lambda s: s),
    "PeepholeLSTMCell": (PeepholeLSTMCell(UNITS), lambda w: [*w[:3], np.stack(w[3:])], lambda s: s),
}


def saved(name: str):
    """The arrays of one cell, weights and states as lists."""
    with np.load(FILE) as file:
        own = {key.split("/")[1]: file[key] for key in file if key.split("/")[0] == name}
    lists = {part: [own[key] for key in own if key.startswith(part)] for part in ("weight", "start", "last")}
    return own["x"], own["h"], *lists.values()


@pytest.mark.parametrize("name", CASES)
def test_it_is_the_cell_of_tensorflow_addons(name):
    """Outputs of seven steps and the last states, in float32, from a non-zero state and random weights."""
    cell, ours, states = CASES[name]
    x, h, weights, start, last = saved(name)
    layer = keras.layers.RNN(cell, return_sequences=True, return_state=True)
    layer.build(x.shape)
    layer.set_weights(ours(weights))

    obtained = numpy(layer(x, initial_state=states(start)))

    assert largest_difference(obtained, [h, *states(last)]) < 1e-6


@pytest.mark.parametrize("use_norm2", [False, True])
def test_reservoir_has_the_size_that_was_asked_for(use_norm2):
    """The spectral radius, or the Frobenius norm; half of the links; the same again from the configuration."""
    cell = ESNCell(60, connectivity=0.5, spectral_radius=0.7, use_norm2=use_norm2, kernel_initializer="ones",
                   recurrent_initializer=keras.initializers.GlorotUniform(seed=1), seed=3)  # fmt: skip
    again = ESNCell.from_config(cell.get_config())
    for each in (cell, again):
        each.build((None, 3))
    U = numpy(cell.recurrent_kernel)

    size = np.linalg.norm(U) if use_norm2 else np.abs(np.linalg.eigvals(U)).max()

    assert abs(size - 0.7) < 1e-5
    assert abs(np.mean(U != 0) - 0.5) < 0.05
    assert largest_difference(numpy(again.recurrent_kernel), U) == 0
    assert cell.trainable_variables == []


@pytest.mark.parametrize("name", ["connectivity", "leaky", "spectral_radius"])
@pytest.mark.parametrize("value", [-0.1, 1.1, "0.5", None, True])
def test_a_share_outside_zero_to_one_is_refused(name, value):
    """The rule and what came."""
    with pytest.raises(ValueError) as caught:
        ESNCell(5, **{name: value})

    assert str(caught.value) == f"{name} must be a number in [0, 1]. Got {value!r}."


def test_a_normalisation_needs_a_positive_epsilon():
    """The rule and what came."""
    for make in (lambda: LayerNormSimpleRNNCell(5, layernorm_epsilon=0), lambda: LayerNormLSTMCell(5, norm_epsilon=0)):
        with pytest.raises(ValueError, match=r"epsilon must be a positive number. Got 0."):
            make()
