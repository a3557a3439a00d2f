"""The contract of the layers over trees: a batch of different trees is one call, and equals recursion tree by tree."""

import subprocess
import sys
from pathlib import Path

import keras
import numpy as np
import pytest

import course_kit
from tests.layers.trees import ROWS, UNITS, WORDS, TreeRow, largest_difference, numpy

every_layer = pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)


@pytest.fixture
def rng():
    return np.random.default_rng(17)


def call(row: TreeRow, layer, trees, words):
    """The layer on a batch of trees, in one call, level by level."""
    encoded = row.encode(trees)
    nodes = layer(words[encoded.tokens], encoded.children, encoded.levels, inputs_mask=encoded.mask)
    return numpy(nodes), encoded


@every_layer
def test_every_node_of_every_tree_equals_the_recursion(row, rng):
    """Twelve random trees of one leaf and up in one call; padding is zero."""
    layer, weights = row.built(rng)
    trees, words = [*row.trees(rng, 11), 5], row.words(rng)

    nodes, encoded = call(row, layer, trees, words)

    assert len({n.sum() for n in encoded.nodes}) > 4  # the trees do differ
    for obtained, there, tree in zip(nodes, encoded.nodes, trees, strict=True):
        assert largest_difference(obtained[there], row.twin(tree, words, weights)) < 1e-13
        assert not obtained[~there].any()


@every_layer
def test_slot_by_slot_is_level_by_level(row, rng):
    """What the layer does without levels, up to the order of sums."""
    layer, _ = row.built(rng)
    trees, words = [*row.trees(rng, 7), 5], row.words(rng)

    by_level, encoded = call(row, layer, trees, words)
    by_slot = numpy(layer(words[encoded.tokens], encoded.children, inputs_mask=encoded.mask))

    assert largest_difference(by_slot, by_level) < 1e-14


@every_layer
def test_the_root_is_the_last_node_with_and_without_a_mask(row, rng):
    """Without `return_nodes`; where every node has a word the mask is not needed."""
    layer, weights = row.built(rng, return_nodes=False)
    trees, words = [*row.trees(rng, 5), 5], row.words(rng)
    words[0] = 0.0  # so that no word and no mask come to the same

    masked, encoded = call(row, layer, trees, words)
    bare = numpy(layer(words[encoded.tokens], encoded.children))

    expected = np.stack([row.twin(tree, words, weights)[-1] for tree in trees])
    assert largest_difference(masked, expected) < 1e-13
    assert largest_difference(bare, masked) < 1e-14


@every_layer
def test_a_tree_does_not_see_its_neighbours_nor_its_padding(row, rng):
    """Each tree alone, in arrays of its own size, gives the same root, up to the order of sums."""
    layer, _ = row.built(rng, return_nodes=False)
    trees, words = row.trees(rng, 6), row.words(rng)

    together, _ = call(row, layer, trees, words)
    alone = np.concatenate([call(row, layer, [tree], words)[0] for tree in trees])

    assert largest_difference(together, alone) < 1e-14


@every_layer
def test_a_masked_word_counts_as_zeros(row, rng):
    """The mask takes the input away and leaves the node."""
    layer, _ = row.built(rng)
    trees, words = row.trees(rng, 4), row.words(rng)
    encoded = row.encode(trees)
    heard = encoded.mask & (encoded.tokens % 2 == 1)

    masked = numpy(layer(words[encoded.tokens], encoded.children, inputs_mask=heard))
    zeroed = numpy(layer(words[encoded.tokens] * heard[..., np.newaxis], encoded.children))

    there = encoded.nodes
    assert largest_difference(masked[there], zeroed[there]) == 0


@every_layer
def test_the_mask_of_an_embedding_is_the_mask(row, rng):
    """`Embedding(mask_zero=True)` marks the words, and nodes above words stay nodes; nothing is handed on."""
    layer, _ = row.built(rng, dtype="float32")
    encoded = row.encode(row.trees(rng, 5))
    embedding = keras.layers.Embedding(WORDS, row.width, mask_zero=True)
    embedding.build(None)
    embedding.set_weights([rng.normal(size=(WORDS, row.width))])

    x = embedding(encoded.tokens)
    implied, explicit = layer(x, encoded.children), layer(numpy(x), encoded.children, inputs_mask=encoded.mask)

    assert largest_difference(numpy(implied), numpy(explicit)) == 0
    assert getattr(implied, "_keras_mask", None) is None


@every_layer
def test_symbolic_and_eager_shapes_agree(row, rng):
    """Of all nodes and of roots; slots and trees may be unknown."""
    encoded = row.encode(row.trees(rng, 3))
    x = row.words(rng)[encoded.tokens]
    inputs = keras.Input(x.shape[1:], dtype="float64"), keras.Input(encoded.children.shape[1:], dtype="int32")
    for return_nodes in (True, False):
        layer = row.layer(return_nodes=return_nodes)
        symbolic, eager = layer(*inputs), layer(x, encoded.children)

        assert symbolic.shape[1:] == tuple(eager.shape)[1:]
        assert eager.shape[-1] == UNITS and symbolic.shape[0] is None


@every_layer
def test_number_of_parameters_is_the_formula(row, rng):
    """Ten random sizes, each with and without bias."""
    for m, n in rng.integers(1, 9, size=(10, 2)).tolist():
        for use_bias in (True, False):
            layer = row.layer(units=n, use_bias=use_bias)
            layer.build((None, None, n if row.square else m))
            assert layer.count_params() == row.count(m, n) - (not use_bias) * row.biases(n)


@every_layer
def test_without_bias_it_is_the_layer_with_zero_bias(row, rng):
    """`use_bias=False` leaves the other weights in their order."""
    plain, kernels = row.built(rng, use_bias=False)
    biased, weights = row.built(rng)
    kernels = iter(kernels)
    biased.set_weights([np.zeros_like(w) if w.ndim == 1 else next(kernels) for w in weights])
    trees, words = row.trees(rng, 4), row.words(rng)

    assert largest_difference(call(row, plain, trees, words)[0], call(row, biased, trees, words)[0]) == 0


@every_layer
def test_mixed_precision_is_finite_and_near(row, rng):
    """Weights stay in float32, nodes are float16 and within its reach of the recursion."""
    layer, weights = row.built(rng, dtype="mixed_float16")
    trees, words = row.trees(rng, 6), row.words(rng)

    nodes, encoded = call(row, layer, trees, words.astype("float32"))

    assert {w.dtype for w in layer.weights} == {"float32"}
    assert nodes.dtype == "float16"
    for obtained, there, tree in zip(nodes, encoded.nodes, trees, strict=True):
        assert largest_difference(obtained[there], row.twin(tree, words, weights)) < 2e-2


@every_layer
def test_gradient_of_every_weight_is_the_difference_quotient(row, rng):
    """What one step of gradient descent subtracts, against central differences of the recursion in float64."""
    layer, weights = row.built(rng)
    trees, words = row.trees(rng, 3), row.words(rng)
    encoded = row.encode(trees)
    pull = rng.normal(size=(*encoded.tokens.shape, UNITS)).astype("float32")  # the loss is read in float32
    inputs = keras.Input((None, row.width), dtype="float64"), keras.Input((None, row.most), dtype="int32")
    model = keras.Model(inputs, layer(*inputs))
    model.compile(keras.optimizers.SGD(1.0), loss=lambda r, y: keras.ops.sum(r * y), run_eagerly=True)

    words[0] = 0.0
    model.train_on_batch([words[encoded.tokens], encoded.children], pull)
    obtained = [before - after for before, after in zip(weights, layer.get_weights(), strict=True)]

    def loss():
        nodes = [row.twin(tree, words, weights) for tree in trees]
        return sum(np.sum(p[: len(h)] * h) for p, h in zip(pull, nodes, strict=True))

    eps = 1e-6
    for weight, slope in zip(weights, obtained, strict=True):
        assert np.abs(slope).max() > 0.1
        for k in np.ndindex(weight.shape):
            kept = weight[k]
            weight[k] = kept + eps
            above = loss()
            weight[k] = kept - eps
            assert abs((above - loss()) / (2 * eps) - slope[k]) < 1e-8
            weight[k] = kept


@every_layer
def test_it_learns_from_batches_of_any_size(row, rng):
    """Compiled, with an embedding before it, on trees whose arrays differ from batch to batch."""
    shapes = (None,), (None, None if row.name.startswith("child-sum") else row.most), (None, None)
    tokens, children, levels = (keras.Input(shape, dtype="int32") for shape in shapes)
    x = keras.layers.Embedding(WORDS, row.width, mask_zero=True)(tokens)
    root = row.layer("float32", return_nodes=False)(x, children, levels)
    model = keras.Model([tokens, children, levels], keras.layers.Dense(1, activation="sigmoid")(root))
    model.compile(keras.optimizers.Adam(0.1), loss="binary_crossentropy")
    batches = []
    for count in (6, 9):
        trees = row.trees(rng, count)
        batches.append((list(row.encode(trees)), np.array([[str(t).count("(") % 2] for t in trees])))

    losses = [np.mean([model.train_on_batch(*batch) for batch in batches]) for _ in range(12)]

    assert losses[-1] < 0.8 * losses[0]


LOAD = """
import sys
from pathlib import Path
import keras, numpy as np
import course_kit.layers
for path in Path(sys.argv[1]).glob("*.keras"):
    model = keras.models.load_model(path)
    given = np.load(path.with_suffix(".x.npz"))
    np.save(path.with_suffix(".loaded.npy"), keras.ops.convert_to_numpy(model([given["tokens"], given["children"]])))
"""


@pytest.fixture(scope="module")
def reloaded(tmp_path_factory):
    """A folder with a saved model of every row, all loaded again in one fresh process."""
    folder, rng = tmp_path_factory.mktemp("models"), np.random.default_rng(5)
    for row in ROWS:
        encoded = row.encode(row.trees(rng, 6))
        tokens, children = keras.Input((None,), dtype="int32"), keras.Input((None, row.most), dtype="int32")
        x = keras.layers.Embedding(WORDS, row.width, mask_zero=True)(tokens)
        model = keras.Model([tokens, children], row.layer("float32")(x, children))
        model.set_weights([rng.normal(size=w.shape) for w in model.get_weights()])
        model.save(folder / f"{row.name}.keras")
        np.savez(folder / f"{row.name}.x.npz", tokens=encoded.tokens, children=encoded.children)
        np.save(folder / f"{row.name}.saved.npy", numpy(model([encoded.tokens, encoded.children])))
    root = Path(course_kit.__file__).parent.parent
    subprocess.run([sys.executable, "-c", LOAD, folder], cwd=root, check=True, timeout=120)
    return folder


@every_layer
def test_a_saved_model_is_the_same_in_a_fresh_process(row, reloaded):
    """Without `custom_objects`, to the last bit."""
    saved, loaded = (np.load(reloaded / f"{row.name}.{which}.npy") for which in ("saved", "loaded"))

    assert np.ptp(saved) > 0.1
    assert largest_difference(loaded, saved) == 0
