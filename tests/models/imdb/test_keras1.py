"""What Keras 1 computed, beside NumPy."""

import keras
import numpy as np
import pytest

from course_kit.models.imdb.baselines import keras1


def hard(a):
    """The gate of Keras 1 by its three branches."""
    return np.where(a < -2.5, 0.0, np.where(a > 2.5, 1.0, 0.2 * a + 0.5))


def sigmoid(a):
    return 1 / (1 + np.exp(-a))


def test_hard_sigmoid_is_that_of_keras_1_and_not_of_keras_3():
    """Slope 0.2 and ends at 2.5; Keras 3 has 1/6 and 3."""
    grid = np.linspace(-4, 4, 81)

    obtained = np.array(keras1.keras1_hard_sigmoid(grid.astype("float32")))

    np.testing.assert_allclose(hard(grid), obtained, atol=1e-6)
    assert np.abs(obtained - np.array(keras.activations.hard_sigmoid(grid.astype("float32")))).max() > 0.05


@pytest.mark.parametrize(("gates", "gate"), [("keras 1", hard), ("sigmoid", sigmoid)])
def test_lstm_is_the_step_of_keras_1_in_numpy(gates, gate):
    """Seven steps written out gate by gate; weights large enough that gates reach 0 and 1."""
    rng = np.random.default_rng(0)
    m, n = 3, 4
    layer = keras1.lstm(n, 0.2, gates)
    layer.build((None, 7, m))
    W, U, b = (rng.normal(0, 1.5, shape).astype("float32") for shape in ((m, 4 * n), (n, 4 * n), (4 * n,)))
    layer.set_weights([W, U, b])
    x = rng.normal(0, 1, (2, 7, m)).astype("float32")
    h, c, reached = np.zeros((2, n)), np.zeros((2, n)), set()
    for t in range(7):
        x_i, x_f, x_c, x_o = (x[:, t] @ W[:, k * n : (k + 1) * n] + b[k * n : (k + 1) * n] for k in range(4))
        i = gate(x_i + h @ U[:, :n])
        f = gate(x_f + h @ U[:, n : 2 * n])
        c = f * c + i * np.tanh(x_c + h @ U[:, 2 * n : 3 * n])
        h = gate(x_o + h @ U[:, 3 * n :]) * np.tanh(c)
        reached |= {0.0, 1.0} & set(np.concatenate([i, f]).ravel().tolist())

    np.testing.assert_allclose(h, np.array(layer(x)), atol=2e-5)
    assert (reached == {0.0, 1.0}) == (gates == "keras 1")


def test_a_dropped_word_is_dropped_everywhere_in_the_batch():
    """Zero or the row times 1/(1-p), the same at every place of a word; another draw for the next batch."""
    layer = keras1.WordDropEmbedding(200, 3, dropout=0.2, seed=1)
    ids = np.random.default_rng(0).permutation(np.repeat(np.arange(200), 6)).reshape(30, 40)
    plain = np.array(layer(ids, training=False))
    table = layer.get_weights()[0]

    fates = []
    for _ in range(2):
        ratio = np.array(layer(ids, training=True)) / plain
        fate = np.array([ratio[ids == word][0, 0] for word in range(200)])
        np.testing.assert_allclose(np.broadcast_to(fate[ids][..., None], ratio.shape), ratio, rtol=1e-5)
        np.testing.assert_allclose(np.where(fate > 0, 1.25, 0.0), fate, rtol=1e-5)
        fates.append(fate > 0)

    np.testing.assert_array_equal(table[ids], plain)
    assert (fates[0] != fates[1]).any()
    assert 0.7 < np.mean(fates) < 0.9


def test_a_dropped_word_learns_nothing():
    """The gradient reaches the rows that were kept and occur, times 1/(1-p), and no other."""
    import tensorflow as tf

    layer = keras1.WordDropEmbedding(50, 2, dropout=0.5, seed=3)
    ids = tf.constant(np.arange(40).reshape(4, 10))
    layer.build((None, 10))
    with tf.GradientTape() as tape:
        out = layer(ids, training=True)
        total = tf.reduce_sum(out)
    gradient = np.array(tf.convert_to_tensor(tape.gradient(total, layer.trainable_variables[0])))

    kept = np.array(out).reshape(40, 2).any(axis=1)
    np.testing.assert_allclose(np.where(kept, 2.0, 0.0), gradient[:40, 0], rtol=1e-5)
    assert 5 < kept.sum() < 35
    assert not gradient[40:].any()


def test_each_gate_and_review_has_a_mask_of_its_own():
    """One input, one unit, one step: with one mask for all gates the state could take two values."""
    layer = keras1.lstm(1, 0.5, "sigmoid")
    layer.build((None, 1, 1))
    layer.set_weights([np.array([[0.5, 0.6, 0.7, 0.8]]), np.zeros((1, 4)), np.array([0.1, 1.0, 0.2, 0.3])])

    states = np.array(layer(np.ones((300, 1, 1), "float32"), training=True)).ravel()

    assert 8 == len(set(states.round(5)))  # the masks of i, c and o; f meets an empty cell


def test_weights_are_drawn_for_each_gate():
    """Glorot's limit counts one gate's units; orthogonal blocks have length 1.1; no two gates are the same."""
    keras.utils.set_random_seed(0)
    layer = keras1.lstm(20, 0.2, "keras 1")
    layer.build((None, 5, 8))
    W, U, b = layer.get_weights()
    limit = np.sqrt(6 / (8 + 20))

    assert 0.95 * limit < np.abs(W).max() <= limit
    blocks, inputs = np.split(U, 4, axis=1), np.split(W, 4, axis=1)
    for k, block in enumerate(blocks):
        np.testing.assert_allclose(1.21 * np.eye(20), block @ block.T, atol=1e-5)
        assert all(np.abs(block - other).max() > 0.1 for other in blocks[:k])
        assert all(np.abs(inputs[k] - other).max() > 0.1 for other in inputs[:k])
    assert b.tolist() == [0] * 20 + [1] * 20 + [0] * 40


def test_a_saved_model_comes_back(tmp_path):
    """Layer, gates and initialisers are registered, and their configuration is complete."""
    ids = keras.Input((6,), dtype="int32")
    embedded = keras1.WordDropEmbedding(30, 3, dropout=0.4, seed=5)(ids)
    model = keras.Model(ids, keras1.lstm(2, 0.1, "keras 1")(embedded))
    model.save(tmp_path / "m.keras")
    x = np.arange(12).reshape(2, 6)

    again = keras.models.load_model(tmp_path / "m.keras")

    np.testing.assert_array_equal(model.predict(x, verbose=0), again.predict(x, verbose=0))
    assert (0.4, 5) == (again.layers[1].dropout, again.layers[1].seed)
    assert again.layers[2].cell.recurrent_activation is keras1.keras1_hard_sigmoid
    assert isinstance(again.layers[2].cell.recurrent_initializer, keras1.PerGate)


@pytest.mark.parametrize("dropout", [-0.1, 1.0])
def test_dropout_is_a_share(dropout):
    """All words dropped would leave nothing to scale."""
    with pytest.raises(ValueError, match=r"dropout must be in \[0, 1\)\. Got"):
        keras1.WordDropEmbedding(5, 2, dropout=dropout)
