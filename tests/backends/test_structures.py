"""Trees and the attention window in float32 on the backend that `KERAS_BACKEND` names; the whole is tests/layers."""

import keras
import numpy as np
import pytest

from tests.layers.test_local_attention import KINDS, made, twin
from tests.layers.trees import ROWS, largest_difference, numpy

N, T, M = 2, 7, 3
every_layer = pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)


@pytest.fixture
def rng():
    return np.random.default_rng(83)


@every_layer
def test_every_node_of_every_tree_equals_the_recursion(row, rng):
    """Eight different trees in one call."""
    layer, weights = row.built(rng, dtype="float32")
    trees, words = [*row.trees(rng, 7), 5], row.words(rng)
    encoded = row.encode(trees)

    nodes = numpy(layer(words[encoded.tokens].astype("float32"), encoded.children, inputs_mask=encoded.mask))

    for obtained, there, tree in zip(nodes, encoded.nodes, trees, strict=True):
        assert largest_difference(obtained[there], row.twin(tree, words, weights)) < 1e-5
        assert not obtained[~there].any()


@every_layer
def test_one_step_of_training_over_trees_is_the_difference_quotient(row, rng):
    """What gradient descent subtracts, along one random direction, is the slope of the recursion there."""
    layer, weights = row.built(rng, dtype="float32")
    trees, words = row.trees(rng, 4), row.words(rng)
    words[0] = 0.0
    encoded = row.encode(trees)
    inputs = keras.Input((None, row.width)), keras.Input((None, row.most), dtype="int32")
    outputs = layer(*inputs)
    model = keras.Model(inputs, outputs)
    pull = rng.normal(size=(*encoded.tokens.shape, outputs.shape[-1])).astype("float32")
    model.compile(keras.optimizers.SGD(1.0), loss=lambda r, y: keras.ops.sum(r * y))

    model.train_on_batch([words[encoded.tokens].astype("float32"), encoded.children], pull)
    steps = [before - after for before, after in zip(weights, layer.get_weights(), strict=True)]

    def loss(weights):
        nodes = [row.twin(tree, words, weights) for tree in trees]
        return sum(np.sum(p[: len(h)] * h) for p, h in zip(pull, nodes, strict=True))

    for k, weight in enumerate(weights):
        direction = rng.normal(size=weight.shape)
        above, below = (loss([*weights[:k], weight + way * direction, *weights[k + 1 :]]) for way in (1e-6, -1e-6))
        expected = (above - below) / 2e-6
        assert abs(np.sum(steps[k] * direction) - expected) < 1e-4 * max(1.0, abs(expected))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("borders", ["renormalise", "zeros"])
def test_every_step_of_the_window_equals_the_twin(kind, borders, rng):
    """In row 1 four steps do not exist."""
    layer, weights = made(kind, 5, rng, "float32", borders=borders)
    h, valid = rng.normal(size=(N, T, M)).astype("float32"), np.ones((N, T), dtype=bool)
    valid[1, [0, 3, 5, 6]] = False

    assert largest_difference(numpy(layer(h, mask=valid)), twin(kind, 5, weights, h, valid, borders=borders)) < 1e-5


@pytest.mark.parametrize("kind", ["learned", "content with keys"])
def test_a_window_learns(kind, rng):
    """Compiled, on sequences of any length: the second epoch is better than the first."""
    layer, _ = made(kind, 5, rng, "float32")
    model = keras.Sequential([keras.Input((None, M)), layer])
    model.compile(keras.optimizers.SGD(0.01), loss="mse")
    h = rng.normal(size=(N, T, M)).astype("float32")

    losses = model.fit(h, h, epochs=2, verbose=0).history["loss"]

    assert losses[1] < losses[0]
