"""Elman's and Jordan's networks against code and identities that share nothing with the kit's cells."""

from pathlib import Path

import keras
import numpy as np
import pytest
from scipy.signal import lfilter

from course_kit.cells import ElmanCell, JordanCell
from tests.cells.table import OUT, UNITS, M, N, T, largest_difference, layer_of, numpy
from tests.oracles.onnx_cells import onnx_rnn

NEUROLAB = Path(__file__).parent.parent / "oracles" / "neurolab_elman.npz"


@pytest.fixture
def rng():
    return np.random.default_rng(7)


def test_elman_is_onnxruntime_rnn_and_a_matrix_product(rng):
    """Rows of seven and of four steps, from a non-zero state; the read-out is NumPy's."""
    layer, (W, U, b_h, V, b_y) = layer_of(ElmanCell(UNITS, OUT), rng)
    x, h0, lengths = rng.normal(size=(N, T, M)), rng.normal(size=(N, UNITS)), np.array([7, 4])
    valid = np.arange(T) < lengths[:, np.newaxis]

    y, h_last = numpy(layer(x.astype("float32"), initial_state=[h0.astype("float32")], mask=valid))
    h = onnx_rnn(x, h0, W, U, b_h, lengths=lengths)

    assert largest_difference(y[valid], (h @ V + b_y)[valid]) < 1e-6
    assert largest_difference(h_last, h[range(N), lengths - 1]) < 1e-6


@pytest.mark.parametrize(("activation", "output_activation"), [("tanh", "linear"), ("sigmoid", "sigmoid")])
def test_elman_is_neurolab_newelm(activation, output_activation):
    """In float64, from a non-zero state, as stored by `tests/oracles/make_neurolab.py`."""
    stored = np.load(NEUROLAB)
    keys = ("W", "U", "b_h", "V", "b_y", "x", "h0", "h", "y")
    W, U, b_h, V, b_y, x, h0, h, y = (stored[f"{activation}_{output_activation}_{key}"] for key in keys)
    cell = ElmanCell(*V.shape, activation, output_activation, dtype="float64")
    layer = keras.layers.RNN(cell, return_sequences=True, return_state=True, dtype="float64")
    layer.build((1, *x.shape))
    layer.set_weights([W, U, b_h, V, b_y])

    obtained = numpy(layer(x[np.newaxis], initial_state=[h0[np.newaxis]]))

    assert largest_difference(obtained, [y[np.newaxis], h[-1:]]) < 1e-14


def test_jordan_with_a_linear_read_out_is_a_simple_rnn_of_low_rank(rng):
    """h sees h V U + d U: recurrent kernel V U of rank o, bias b + d U, and an h_0 whose read-out is y_0."""
    layer, (W, U, b, V, d) = layer_of(JordanCell(UNITS, OUT, dtype="float64"), rng)
    x, y0 = rng.normal(size=(N, T, M)), rng.normal(size=(N, OUT))
    simple = keras.layers.SimpleRNN(UNITS, return_sequences=True, dtype="float64")
    simple.build(x.shape)
    simple.set_weights([W, V @ U, b + d @ U])

    y, last = numpy(layer(x, initial_state=[y0]))
    h = numpy(simple(x, initial_state=[(y0 - d) @ np.linalg.pinv(V)]))

    assert np.linalg.matrix_rank(V @ U) == OUT < UNITS
    assert largest_difference(y, h @ V + d) < 1e-13
    assert largest_difference(last, y[:, -1]) == 0


def test_jordan_with_the_identity_as_read_out_is_a_simple_rnn(rng):
    """V = I and d = 0: output, context and hidden state are one thing."""
    layer, (W, U, b, _, _) = layer_of(JordanCell(UNITS, UNITS, dtype="float64"), rng)
    layer.set_weights([W, U, b, np.eye(UNITS), np.zeros(UNITS)])
    x, y0 = rng.normal(size=(N, T, M)), rng.normal(size=(N, UNITS))
    simple = keras.layers.SimpleRNN(UNITS, return_sequences=True, return_state=True, dtype="float64")
    simple.build(x.shape)
    simple.set_weights([W, U, b])

    obtained = numpy(layer(x, initial_state=[y0]))

    assert largest_difference(obtained, numpy(simple(x, initial_state=[y0]))) < 1e-14


def test_decaying_context_is_a_filter_of_the_outputs(rng):
    """SciPy filters the outputs into contexts; two `Dense` layers on input and context give the outputs back.

    The equations have one solution, so outputs that reproduce themselves are right.
    """
    alpha = 0.6
    layer, (W, U, b, V, d) = layer_of(JordanCell(UNITS, OUT, context_decay=alpha, dtype="float64"), rng)
    x, c1 = rng.normal(size=(N, T, M)), rng.normal(size=(N, OUT))
    hidden = keras.layers.Dense(UNITS, activation="tanh", dtype="float64")
    read_out = keras.layers.Dense(OUT, dtype="float64")
    read_out(hidden(np.zeros((N, T, M + OUT))))
    hidden.set_weights([np.concatenate([W, U]), b])
    read_out.set_weights([V, d])

    y, last = numpy(layer(x, initial_state=[c1]))
    contexts = lfilter([1.0], [1.0, -alpha], np.concatenate([c1[:, np.newaxis], y], axis=1), axis=1)

    again = numpy(read_out(hidden(np.concatenate([x, contexts[:, :-1]], axis=-1))))
    assert largest_difference(y, again) < 1e-14
    assert largest_difference(last, contexts[:, -1]) < 1e-14
    assert largest_difference(last, y[:, -1]) > 0.1  # the state is not the output
