"""The net's own layers against what they stand for."""

import keras
import numpy as np
import pytest
from keras import layers

from course_kit.models.imdb.net import InSegments, PoolOverTime, WordDropout, core, count
from course_kit.models.imdb.recipe import Recipe

RNG = np.random.default_rng(1)


def test_segments_are_read_one_by_one_from_zero():
    """Side by side equals a loop over pieces, mask included."""
    lstm = layers.Bidirectional(layers.LSTM(3, return_sequences=True))
    x = RNG.normal(size=(2, 12, 5)).astype("float32")
    mask = np.arange(12) < np.array([[7], [12]])
    found = InSegments(lstm, 4)(x, mask).numpy()
    for start in (0, 4, 8):
        piece = lstm(x[:, start : start + 4], mask=mask[:, start : start + 4]).numpy()
        np.testing.assert_allclose(found[:, start : start + 4], piece, atol=1e-6)


def test_pooling_looks_at_what_is_there():
    """Largest and mean by a loop; nothing there gives zeros."""
    x, lengths = RNG.normal(size=(3, 6, 4)).astype("float32"), (6, 2, 0)
    mask = np.arange(6) < np.array(lengths)[:, None]
    found = PoolOverTime()(x, mask).numpy()
    for row, length in enumerate(lengths):
        there = x[row, :length]
        due = np.concatenate([there.max(0), there.mean(0)]) if length else np.zeros(8)
        np.testing.assert_allclose(found[row], due, atol=1e-6)


def test_dropped_words_are_unknown_and_their_ngrams_silent():
    """About the share that was asked for, padding never, nothing outside training."""
    words = np.full((50, 100), 7, np.int32)
    words[:, 80:] = 0
    features = np.ones((50, 100, 6), "float32")
    drop = WordDropout(0.3, seed=0)
    kept, beside = (part.numpy() for part in drop(words, features, training=True))
    assert set(np.unique(kept[:, :80])) == {1, 7} and not kept[:, 80:].any()
    assert (kept[:, :80] == 1).mean() == pytest.approx(0.3, abs=0.03)
    assert np.array_equal(beside[:, :80, 0] == 0, kept[:, :80] == 1)
    again = drop(words, features, training=True)[0].numpy()
    assert not np.array_equal(again, kept)
    still = drop(words, features)
    assert np.array_equal(still[0], words) and np.array_equal(still[1], features)


def test_words_alone_need_no_features():
    """grams = 0: one input."""
    net = core(Recipe(vocabulary=20, units=3, segment=4, most=8), np.zeros((20, 5), "float32"), 0, seed=0)
    assert net(np.zeros((2, 4), np.int32)).shape == (2, 1)


def test_count_leaves_out_what_is_not_trained():
    """2 * 4(n^2 + mn + n) of the LSTM, m = d + 3 F, and 4n + 1 of the last layer."""
    recipe = Recipe(vocabulary=20, vectors=5, units=3, segment=4, most=8)
    net = core(recipe, RNG.normal(size=(20, 5)).astype("float32"), 2, seed=0)
    n, m = 3, 5 + 3 * 2
    assert count(net) == 2 * 4 * (n * n + m * n + n) + 4 * n + 1


def test_the_same_seed_starts_from_the_same_weights():
    """And another seed from others."""
    recipe = Recipe(vocabulary=20, vectors=5, units=3, segment=4, most=8)
    vectors = np.zeros((20, 5), "float32")
    first, second, other = (core(recipe, vectors, 2, seed).get_layer("lstm").get_weights() for seed in (0, 0, 1))
    assert all(np.array_equal(a, b) for a, b in zip(first, second, strict=True))
    assert not np.array_equal(first[0], other[0])


@pytest.mark.parametrize("layer", (WordDropout(0.3, seed=1), PoolOverTime(), InSegments(layers.LSTM(2), 4)))
def test_each_layer_comes_back_from_its_config(layer):
    """As Keras reads it from a file."""
    again = keras.saving.deserialize_keras_object(keras.saving.serialize_keras_object(layer))
    assert again.get_config() == layer.get_config()
