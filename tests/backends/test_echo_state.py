"""The echo state network in float32 on the backend that `KERAS_BACKEND` names."""

import numpy as np
import pytest

from course_kit import reference
from course_kit.layers import EchoState
from tests.cells.table import M, N, T, largest_difference, numpy


@pytest.mark.parametrize("input_skip", [False, True])
def test_layer_and_prediction_equal_the_twin(input_skip):
    """A fitted layer: its two loops and the twin's agree, and the reservoir is NumPy's draw on every backend."""
    rng = np.random.default_rng(61)
    x, y = (rng.normal(size=(N, T, width)).astype("float32") for width in (M, 2))
    layer = EchoState(20, 2, leak=0.4, input_skip=input_skip, seed=3, return_sequences=True)

    layer.fit(x, y, washout=1, ridge=1e-2)

    V, b_y, W, U, b = layer.get_weights()
    h = reference.echo_state_forward(x, np.zeros((N, 20)), W, U, b, 0.4)
    expected = (np.concatenate([x, h], axis=-1) if input_skip else h) @ V + b_y
    assert largest_difference(numpy(layer(x)), expected) < 1e-5
    assert largest_difference(layer.predict(x), expected) < 1e-5
    assert np.abs(np.linalg.eigvals(U)).max() == pytest.approx(0.9, rel=1e-5)
    assert W[0, 0] == pytest.approx(2 * np.random.default_rng(3).random() - 1, rel=1e-6)


def test_it_goes_on_by_itself_with_another_activation():
    """Outputs come back as inputs."""
    x = np.random.default_rng(1).normal(size=(N, T, M)).astype("float32")
    layer = EchoState(20, M, activation="softsign", seed=1).fit(x, x)

    generated = layer.generate(x, 4)

    again = layer.predict(np.concatenate([x, generated], axis=1))
    assert largest_difference(again[:, T - 1 : -1], generated) < 1e-4
