"""Truncated gradients of Keras models against the ones by hand, the full gradient, and a stateful run in pieces."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import ops

from course_kit.gradients import truncated_gradients, truncated_steps, weight_gradients
from course_kit.layers import PeepholeLSTM
from course_kit.reference import bptt, bptt_lstm
from course_kit.reference.bptt_truncated import truncated
from tests.cells.table import M, N, T, randomise

WINDOWS = [(1, 1), (1, 3), (2, 2), (2, 5), (3, 4), (4, 4), (7, 7), (3, 40)]


def model_of(*layers, stateful=True, batch=N):
    """The layers in a row on float64, with random weights."""
    model = keras.Sequential([keras.Input(batch_shape=(batch, None, M), dtype="float64"), *layers])
    randomise(model, np.random.default_rng(8))
    return model


def recurrent(kind, units=4, **how):
    return kind(units, return_sequences=True, dtype="float64", **{"stateful": True, **how})


def readout():
    return keras.layers.Dense(2, dtype="float64")


@pytest.fixture
def data():
    rng = np.random.default_rng(9)
    return rng.normal(size=(N, T, M)), rng.normal(size=(N, T, 2))


@pytest.mark.parametrize("k1, k2", WINDOWS)
def test_simple_rnn_with_readout_is_truncated_as_by_hand(k1, k2, data):
    """All five gradients of the kit's Elman network."""
    x, y = data
    model = model_of(recurrent(keras.layers.SimpleRNN), readout())
    weights = dict(zip(("W", "U", "b_h", "V", "b_y"), model.get_weights(), strict=True))
    predicted, cache = bptt.forward(x, np.zeros((N, 4)), **weights)
    expected = truncated(bptt.gradients, 2 * (predicted - y) / y.size, cache, k1, k2)

    obtained = truncated_gradients(model, x, y, k1, k2)

    for g, name in zip(obtained, weights, strict=True):
        np.testing.assert_allclose(g, expected[name], rtol=1e-9, atol=1e-12, err_msg=name)


@pytest.mark.parametrize("k1, k2", WINDOWS)
def test_lstm_is_truncated_as_by_hand(k1, k2, data):
    """Both of its states start the window."""
    x, y = data
    model = model_of(recurrent(keras.layers.LSTM, 2))
    h, cache = bptt_lstm.forward(x, np.zeros((N, 2)), np.zeros((N, 2)), *model.get_weights())
    expected = truncated(bptt_lstm.gradients, 2 * (h - y) / y.size, cache, k1, k2)

    obtained = truncated_gradients(model, x, y, k1, k2)

    for g, name in zip(obtained, ("W", "U", "b"), strict=True):
        np.testing.assert_allclose(g, expected[name], rtol=1e-9, atol=1e-12, err_msg=name)


@pytest.mark.parametrize("k1", [1, 3, 7])
def test_deep_model_looking_back_over_everything_has_the_full_gradient(k1, data):
    """Three recurrent layers, one of them in a model of its own and one of the kit's."""
    x, y = data
    inner = keras.Sequential([keras.Input(batch_shape=(N, None, 4), dtype="float64"), recurrent(PeepholeLSTM)])
    layers = [recurrent(keras.layers.GRU), inner, recurrent(keras.layers.SimpleRNN), readout()]
    model = model_of(*layers)

    expected = weight_gradients(model, lambda: ops.mean(ops.square(ops.subtract(model(x), y))))
    obtained = truncated_gradients(model, x, y, k1, T)

    for a, b in zip(obtained, expected, strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-9, atol=1e-12)


def test_a_stateful_model_fed_in_pieces_has_the_same_states_and_gradients(data):
    """k1 = k2 = 3: what `fit` does to it; and the outputs of the pieces are those of the whole, exactly."""
    x, y = (a[:, :6] for a in data)
    layer = recurrent(keras.layers.LSTM)
    model = model_of(layer, readout())
    pieces = list(truncated_steps(model, x, y, 3, 3))
    outputs = []
    for (first, stop, loss, gradients), expected_first in zip(pieces, (0, 3), strict=True):
        assert (first, stop) == (expected_first, expected_first + 3)
        with tf.GradientTape() as tape:
            outputs.append(model(x[:, first:stop]))
            expected_loss = tf.reduce_mean((outputs[-1] - y[:, first:stop]) ** 2)
        expected = tape.gradient(expected_loss, [v.value for v in model.trainable_variables])
        assert loss == pytest.approx(float(expected_loss), rel=1e-12)
        for a, b in zip(gradients, expected, strict=True):
            np.testing.assert_allclose(a, b, rtol=1e-10, atol=1e-14)

    layer.reset_state()
    np.testing.assert_array_equal(np.concatenate(outputs, axis=1), model(x))


def test_one_step_of_a_linear_network_is_the_closed_form(data):
    """k1 = k2 = 1: dL/dW = sum x_t^T e_t and dL/dU = sum h_{t-1}^T e_t, with e_t = dL/dh_t."""
    x, y = data
    model = model_of(recurrent(keras.layers.SimpleRNN, 2, activation=None, use_bias=False))
    W, U = model.get_weights()
    h = [np.zeros((N, 2))]
    for t in range(T):
        h.append(x[:, t] @ W + h[-1] @ U)
    errors = [2 * (h[t + 1] - y[:, t]) / y.size for t in range(T)]

    obtained = truncated_gradients(model, x, y, 1, 1)

    np.testing.assert_allclose(obtained[0], sum(x[:, t].T @ errors[t] for t in range(T)), rtol=1e-10)
    np.testing.assert_allclose(obtained[1], sum(h[t].T @ errors[t] for t in range(T)), rtol=1e-10)


def test_model_stays_as_it_was(data):
    """Neither weights nor stored states change, and what was stored is not used."""
    x, y = data
    layer = recurrent(keras.layers.LSTM)
    model = model_of(layer, readout())
    expected = truncated_gradients(model, x, y, 2, 4)
    model(x)
    weights, states = model.get_weights(), [s.numpy() for s in layer.states]

    obtained = truncated_gradients(model, x, y, 2, 4)

    assert all(np.array_equal(a, b) for a, b in zip(obtained, expected, strict=True))
    assert all(np.array_equal(a, b) for a, b in zip(weights, model.get_weights(), strict=True))
    assert all(np.array_equal(s, v.numpy()) for s, v in zip(states, layer.states, strict=True))


def test_a_model_learns_piece_by_piece():
    """Tokens in, classes out, weights updated between the pieces: the loss falls."""
    keras.utils.set_random_seed(0)
    tokens = np.random.default_rng(0).integers(0, 3, size=(4, 30))
    layers = [keras.layers.Embedding(3, 4), keras.layers.GRU(8, return_sequences=True, stateful=True)]
    model = keras.Sequential([keras.Input(batch_shape=(4, None)), *layers, keras.layers.Dense(3, "softmax")])
    optimizer, target, losses = keras.optimizers.Adam(0.03), np.roll(tokens, 1, axis=1), []
    for _ in range(4):
        for *_, loss, gradients in truncated_steps(model, tokens, target, 5, 10, "sparse_categorical_crossentropy"):
            optimizer.apply([ops.convert_to_tensor(g) for g in gradients], model.trainable_variables)
            losses.append(loss)

    assert np.mean(losses[-6:]) < 0.85 * np.mean(losses[:6])


REFUSED = {
    "k2 below k1": ([recurrent(keras.layers.GRU)], 3, 2, "k2 at least k1. Got k1=3 and k2=2."),
    "forgetful": (
        [recurrent(keras.layers.GRU, stateful=False, name="gru_7")],
        1,
        2,
        "stateful=True. Got gru_7 without",
    ),
    "nothing recurrent": ([readout()], 1, 2, "Got a model without recurrent layers"),
}


@pytest.mark.parametrize("layers, k1, k2, rule", REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_truncated_says_why(layers, k1, k2, rule, data):
    """The rule, then what came."""
    with pytest.raises(ValueError, match=rule):
        truncated_gradients(model_of(*layers), *data, k1, k2)
