"""The twins of notebook 17 against Keras, TensorFlow's gradients, central differences and scikit-learn."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from scipy.optimize import minimize_scalar
from sklearn.linear_model import Lasso, Ridge

from course_kit.reference import dropout, embedding, weight_decay
from course_kit.reference.lstm import lstm_forward


def text():
    """ids (3, 6) over 9 words of which some repeat and some do not occur, and E (9, 4)."""
    rng = np.random.default_rng(17)
    return rng.integers(0, 6, (3, 6)), rng.normal(size=(9, 4))


def test_embedding_is_keras():
    """The rows come out to the last bit."""
    ids, E = text()
    layer = keras.layers.Embedding(9, 4, dtype="float64")
    layer.build(ids.shape)
    layer.set_weights([E])

    np.testing.assert_array_equal(embedding.embedding(ids, E), np.asarray(layer(ids)))


def test_embedding_gradient_is_tensorflows():
    """Repeated words add up, and rows without a word get nothing."""
    ids, E = text()
    g = np.random.default_rng(1).normal(size=(3, 6, 4))
    weights = tf.Variable(E)
    with tf.GradientTape() as tape:
        loss = tf.reduce_sum(tf.gather(weights, ids) * g)

    expected = tf.convert_to_tensor(tape.gradient(loss, weights))
    obtained = embedding.embedding_gradient(ids, g, 9)

    np.testing.assert_allclose(obtained, expected, atol=1e-14)
    assert not obtained[6:].any()


def test_dropped_words_are_a_keras_dropout_of_rows():
    """Keras' Dropout with one number for each row of E, and then the look-up."""
    ids, E = text()
    seen, rows = (keras.layers.Dropout(0.4, noise_shape=(9, 1), seed=5, dtype="float64") for _ in range(2))
    keep = np.sign(np.asarray(seen(np.ones_like(E), training=True)))[:, 0]

    expected = np.asarray(rows(E, training=True))[ids]

    assert 0 < keep.sum() < 9
    np.testing.assert_allclose(embedding.drop_words(ids, E, keep, 0.4), expected, rtol=1e-7)


@pytest.mark.parametrize("p", [0.2, 0.5, 0.7])
def test_dropout_is_keras(p):
    """A layer with the same seed shows the mask on ones."""
    x = np.random.default_rng(2).normal(size=(5, 20))
    seen, layer = (keras.layers.Dropout(p, seed=3, dtype="float64") for _ in range(2))
    keep = np.sign(np.asarray(seen(np.ones_like(x), training=True)))

    np.testing.assert_allclose(dropout.inverted_dropout(x, keep, p), layer(x, training=True), rtol=1e-6)
    np.testing.assert_array_equal(x, layer(x, training=False))


def test_kept_one_is_one_and_a_quarter():
    """The number of the slide inventory for p = 0.2."""
    assert 1.25 == dropout.inverted_dropout(np.ones(1), np.ones(1), 0.2)[0]


def run_keras(weights, x, h0, activation, p_x, p_h):
    """SimpleRNN in training, always with the same dice."""
    layer = keras.layers.SimpleRNN(
        len(h0[0]), activation, dropout=p_x, recurrent_dropout=p_h, return_sequences=True, seed=8, dtype="float64"
    )
    layer.build(x.shape)
    layer.set_weights(weights)
    return np.asarray(layer(x, initial_state=keras.ops.convert_to_tensor(h0), training=True))


def test_network_is_keras_with_masks_that_stay():
    """Keras' masks, read out of a linear layer, are constant in time; with them the twin gives Keras' states."""
    rng = np.random.default_rng(4)
    N, T, n = 4, 7, 5
    x, h0 = rng.normal(size=(N, T, n)), rng.normal(size=(N, n))
    W, U, b = rng.normal(size=(n, n)), rng.normal(size=(n, n)), rng.normal(size=n)
    one, zero = np.eye(n), np.zeros((n, n))
    keep_x = np.sign(run_keras([one, zero, 0 * b], np.ones_like(x), 0 * h0, "linear", 0.3, 0.4))
    keep_h = np.sign(run_keras([zero, one, 0 * b], 0 * x, np.ones_like(h0), "linear", 0.3, 0.4))

    obtained = dropout.elman_dropout(x, h0, W, U, b, keep_x, 0.3, keep_h, 0.4)

    assert (keep_x == keep_x[:, :1]).all() and (keep_h == keep_h[:, :1]).all()
    assert 0 < keep_x.mean() < 1 and 0 < keep_h.mean() < 1
    np.testing.assert_allclose(obtained, run_keras([W, U, b], x, h0, "tanh", 0.3, 0.4), atol=1e-6)


def test_lstm_deals_one_mask_for_all_gates_and_steps():
    """keras.layers.LSTM with dropout is the LSTM's twin on an input that one mask a sequence has dropped."""
    rng = np.random.default_rng(5)
    N, T, m, n = 3, 6, 5, 4
    x, W, U, b = (rng.normal(size=shape) for shape in ((N, T, m), (m, 4 * n), (n, 4 * n), (4 * n,)))
    layer = keras.layers.LSTM(n, dropout=0.3, return_sequences=True, seed=8, dtype="float64")
    layer.build(x.shape)
    layer.set_weights([W, U, b])
    keep = np.sign(
        run_keras([np.eye(m), np.zeros((m, m)), np.zeros(m)], np.ones_like(x), np.zeros((N, m)), "linear", 0.3, 0)
    )

    expected, _ = lstm_forward(dropout.inverted_dropout(x, keep, 0.3), np.zeros((N, n)), np.zeros((N, n)), W, U, b)

    assert 0 < keep.mean() < 1
    np.testing.assert_allclose(layer(x, training=True), expected, atol=1e-6)


def test_masks_stay_or_change():
    """The share that is kept is 1 - p; fresh masks change in time, the others do not."""
    u = np.random.default_rng(6).uniform(size=(500, 6, 20))
    fresh, one = (dropout.masks_in_time(u, 0.3, fresh) for fresh in (True, False))

    assert abs(fresh.mean() - 0.7) < 0.01
    assert (one == fresh[:, :1]).all() and (fresh != fresh[:, :1]).any()


def weights():
    rng = np.random.default_rng(9)
    found = {"kernel": rng.normal(size=(4, 3)), "recurrent_kernel": rng.normal(size=(3, 3)), "bias": rng.normal(size=3)}
    found["kernel"][0, 0] = 0.0
    return found


REGULARIZERS = {"l1": keras.regularizers.L1, "l2": keras.regularizers.L2}


@pytest.mark.parametrize("kind", REGULARIZERS)
def test_penalty_and_gradient_are_keras(kind):
    """A SimpleRNN's own losses, and TensorFlow's gradient of the regularizer."""
    given = weights()
    layer = keras.layers.SimpleRNN(
        3, kernel_regularizer=REGULARIZERS[kind](0.5), recurrent_regularizer=REGULARIZERS[kind](0.5), dtype="float64"
    )
    layer.build((2, 7, 4))
    layer.set_weights(list(given.values()))
    gradients = weight_decay.penalty_gradient(given, 0.5, kind)

    assert float(sum(layer.losses)) == pytest.approx(weight_decay.penalty(given, 0.5, kind), rel=1e-7)
    for name in ("kernel", "recurrent_kernel"):
        variable = tf.Variable(given[name])
        with tf.GradientTape() as tape:
            loss = REGULARIZERS[kind](0.5)(variable)
        np.testing.assert_allclose(gradients[name], tape.gradient(loss, variable), rtol=1e-7)
    assert not gradients["bias"].any()


def test_keras_default_is_a_hundredth():
    """What the exercise asks for."""
    assert 0.01 == pytest.approx(float(keras.regularizers.get("l2").l2)) == float(keras.regularizers.get("l1").l1)


def test_cross_entropy_is_keras():
    """binary_crossentropy of Keras, far from 0 and 1."""
    rng = np.random.default_rng(3)
    y, q = rng.integers(0, 2, 20).astype(float), rng.uniform(0.05, 0.95, 20)

    assert float(keras.losses.binary_crossentropy(y, q)) == pytest.approx(weight_decay.cross_entropy(y, q), rel=1e-6)


@pytest.mark.parametrize("lam", [0.0, 0.3, 1.0])
@pytest.mark.parametrize("a", [-2.0, -0.9, -0.2, 0.25, 0.8, 3.0])
@pytest.mark.parametrize("kind", REGULARIZERS)
def test_shrinkage_is_the_minimum(kind, a, lam):
    """Searched for by SciPy, weight by weight."""
    power = {"l1": 1, "l2": 2}[kind]
    found = minimize_scalar(lambda w: (a - w) ** 2 / 2 + lam * abs(w) ** power, bounds=(-4, 4), method="bounded")

    assert weight_decay.shrink(np.array([a]), lam, kind)[0] == pytest.approx(found.x, abs=1e-4)


def test_orthonormal_regression_is_scikit_learns():
    """Lasso and Ridge, with lam brought to their objectives."""
    rng = np.random.default_rng(25)
    X = np.linalg.qr(rng.normal(size=(30, 6)))[0]
    y = X @ np.array([2.0, -1.0, 0.6, 0.3, -0.1, 0.0]) + 0.1 * rng.normal(size=30)
    lasso = Lasso(0.4 / 30, fit_intercept=False, tol=1e-12).fit(X, y).coef_
    ridge = Ridge(2 * 0.4, fit_intercept=False).fit(X, y).coef_

    np.testing.assert_allclose(weight_decay.shrink(X.T @ y, 0.4, "l1"), lasso, atol=1e-10)
    np.testing.assert_allclose(weight_decay.shrink(X.T @ y, 0.4, "l2"), ridge, atol=1e-10)
    assert 0 < (lasso == 0).sum() < 6
