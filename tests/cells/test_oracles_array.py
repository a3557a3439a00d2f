"""Array-LSTM against the package array-lstm, and against Keras' LSTM: one lane, equal lanes, any, attention on one."""

from pathlib import Path

import keras
import numpy as np
import pytest

from course_kit.cells import ArrayLSTMCell
from tests.cells.table import UNITS, M, N, T, keras_lstm, largest_difference, layer_of, numpy

PACKAGE = Path(__file__).parent.parent / "oracles" / "array_lstm.npz"


@pytest.fixture
def rng():
    return np.random.default_rng(53)


def draw(rng, lanes):
    """An input and a non-zero state."""
    return [rng.normal(size=shape) for shape in [(N, T, M), (N, UNITS), (N, lanes * UNITS)]]


def erasing(W, U, b, blocks=4):
    """Weights whose forget gate is 1 - f: the block of f, the second, with the other sign."""
    sign = np.repeat([1.0, -1.0, *[1.0] * (blocks - 2)], b.size // blocks)
    return W * sign, U * sign, b * sign


@pytest.mark.parametrize(("name", "selection"), [("base", None), ("soft", "soft")])
def test_it_is_the_package_array_lstm(name, selection):
    """In float64, three lanes, from a non-zero state, as stored by `tests/oracles/make_array_lstm.py`.

    The package's attention does not see h, so that block of U is zero in the stored weights.
    """
    stored = np.load(PACKAGE)
    W, U, b, x, h0, c0, h, c = (stored[f"{name}_{key}"] for key in ("W", "U", "b", "x", "h0", "c0", "h", "c"))
    cell = ArrayLSTMCell(U.shape[0], c0.shape[1] // U.shape[0], lane_selection=selection, dtype="float64")
    layer = keras.layers.RNN(cell, return_sequences=True, return_state=True, dtype="float64")
    layer.build(x.shape)
    layer.set_weights([W, U, b])

    obtained = numpy(layer(x, initial_state=[h0, c0]))

    assert largest_difference(obtained, [h, h[:, -1], c]) < 1e-14


def test_one_lane_is_keras_lstm(rng):
    """K = 1, every output and the last states."""
    layer, weights = layer_of(ArrayLSTMCell(UNITS, 1, dtype="float64"), rng)
    x, h0, c0 = draw(rng, 1)

    obtained = numpy(layer(x, initial_state=[h0, c0]))

    assert largest_difference(obtained, numpy(keras_lstm(*weights)(x, initial_state=[h0, c0]))) < 1e-14


@pytest.mark.parametrize("lanes", [2, 3])
def test_any_lanes_are_one_keras_lstm_whose_units_are_summed(lanes, rng):
    """K n units that read the sum of their lanes: U for each lane, and lanes whose h starts at h_0, 0, 0, ..."""
    layer, (W, U, b) = layer_of(ArrayLSTMCell(UNITS, lanes, dtype="float64"), rng)
    x, h0, c0 = draw(rng, lanes)
    start = np.concatenate([h0, np.zeros((N, (lanes - 1) * UNITS))], axis=1)

    h, _, c = numpy(layer(x, initial_state=[h0, c0]))
    each, _, expected_c = numpy(keras_lstm(W, np.tile(U, (lanes, 1)), b)(x, initial_state=[start, c0]))

    assert largest_difference(h, each.reshape(N, T, lanes, UNITS).sum(axis=2)) < 1e-13
    assert largest_difference(c, expected_c) < 1e-13


def test_equal_lanes_are_one_lstm_so_many_times(rng):
    """h is K h of an LSTM, which itself reads K h."""
    lanes = 3
    layer, _ = layer_of(ArrayLSTMCell(UNITS, lanes, dtype="float64"), rng)
    W, U, b = (0.6 * rng.normal(size=shape) for shape in [(M, 4, 1, UNITS), (UNITS, 4, 1, UNITS), (4, 1, UNITS)])
    alike = [np.repeat(a, lanes, axis=-2).reshape(*a.shape[:-3], -1) for a in (W, U, b)]
    layer.set_weights(alike)
    x, h0, c0 = draw(rng, 1)
    one = keras_lstm(W.reshape(M, -1), lanes * U.reshape(UNITS, -1), b.reshape(-1))

    h, h_last, c = numpy(layer(x, initial_state=[lanes * h0, np.tile(c0, lanes)]))
    expected, expected_last, expected_c = numpy(one(x, initial_state=[h0, c0]))

    assert largest_difference([h, h_last], [lanes * expected, lanes * expected_last]) < 1e-13
    assert largest_difference(c, np.tile(expected_c, lanes)) < 1e-13
    assert np.abs(h).max() > 1  # a sum of lanes leaves [-1, 1]


@pytest.mark.filterwarnings("ignore:You are using a softmax over axis")  # of one lane, on purpose
def test_one_lane_under_attention_is_keras_lstm_with_an_erase_gate(rng):
    """The share of one lane is 1, whatever the attention says."""
    layer, (W, U, b) = layer_of(ArrayLSTMCell(UNITS, 1, lane_selection="soft", dtype="float64"), rng)
    x, h0, c0 = draw(rng, 1)
    cut = 4 * UNITS

    obtained = numpy(layer(x, initial_state=[h0, c0]))
    expected = numpy(keras_lstm(*erasing(W[:, :cut], U[:, :cut], b[:cut]))(x, initial_state=[h0, c0]))

    assert largest_difference(obtained, expected) < 1e-14


def test_all_attention_on_one_lane_is_an_lstm_and_leaves_the_others_alone(rng):
    """With a linear attention of 800 against 0 the shares are 1 and 0: lane 2 is an LSTM, lanes 1 and 3 do not move."""
    lanes, n = 3, UNITS
    cell = ArrayLSTMCell(n, lanes, lane_selection="soft", attention_activation="linear", dtype="float64")
    layer, (W, U, b) = layer_of(cell, rng)
    for a in (W, U, b):
        a[..., 4 * lanes * n :] = 0
    b[4 * lanes * n + n : 4 * lanes * n + 2 * n] = 800
    layer.set_weights([W, U, b])
    x, h0, c0 = draw(rng, lanes)
    second = [a[..., : 4 * lanes * n].reshape(*a.shape[:-1], 4, lanes, n)[..., 1, :] for a in (W, U, b)]
    lstm = keras_lstm(*erasing(*(a.reshape(*a.shape[:-2], -1) for a in second)))

    h, h_last, c = numpy(layer(x, initial_state=[h0, c0]))
    expected = numpy(lstm(x, initial_state=[h0, c0[:, n : 2 * n]]))

    assert largest_difference([h, h_last, c[:, n : 2 * n]], expected) < 1e-14
    assert largest_difference([c[:, :n], c[:, 2 * n :]], [c0[:, :n], c0[:, 2 * n :]]) == 0


def test_the_logistic_function_on_the_attention_bounds_the_shares(rng):
    """With it no lane's share is more than e times another's; without it the same weights go beyond."""
    shares = {}
    for activation in ("sigmoid", "linear"):
        cell = ArrayLSTMCell(UNITS, 2, lane_selection="soft", attention_activation=activation, dtype="float64")
        layer, (W, U, b) = layer_of(cell, np.random.default_rng(7))
        for a in (W, U, b):
            a[..., : 8 * UNITS] = 0  # i = f = 1/2, the candidate 0: c = (1 - s/2) c_0
        layer.set_weights([W, U, b])
        c0 = np.ones((N, 2 * UNITS))
        _, _, c = numpy(layer(3 * rng.normal(size=(N, 1, M)), initial_state=[np.ones((N, UNITS)), c0]))
        s = 2 * (1 - c).reshape(N, 2, UNITS)
        assert np.abs(s.sum(axis=1) - 1).max() < 1e-14
        shares[activation] = np.max(s[:, 0] / s[:, 1])

    assert shares["sigmoid"] < np.e < shares["linear"]


@pytest.mark.parametrize(("selection", "start"), [(None, 1.0), ("soft", -1.0)])
def test_forget_gates_start_so_that_they_keep(selection, start):
    """One in every lane's block of f and zero elsewhere; minus one where f erases; all zero without the argument."""
    biases = []
    for unit_forget_bias in (True, False):
        cell = ArrayLSTMCell(3, 2, lane_selection=selection, unit_forget_bias=unit_forget_bias)
        cell.build((None, 4))
        biases.append(keras.ops.convert_to_numpy(cell.bias))

    expected = np.zeros_like(biases[0])
    expected[6:12] = start
    assert np.array_equal(biases, [expected, 0 * expected])
