"""The layers over trees against Keras' own layers and against identities that share nothing with them."""

import inspect
import sys
import textwrap

import keras
import numpy as np
import pytest

from course_kit.layers import (
    ChildSumTreeLSTM,
    NaryTreeLSTM,
    RecursiveNetwork,
    RecursiveTensorNetwork,
    encode_trees,
)
from tests.layers.trees import ROWS, UNITS, WORDS, M, largest_difference, numpy, random_tree

N, T = 2, 7


@pytest.fixture
def rng():
    return np.random.default_rng(29)


def weighted(layer, rng, width):
    """The layer, built and with random weights, and those."""
    layer.build((None, None, width))
    layer.set_weights([0.6 * rng.normal(size=w.shape) for w in layer.get_weights()])
    return layer, layer.get_weights()


def chain(steps, leaning_left=True):
    """A tree whose words 1, 2, ... come one at a time."""
    tree = 1
    for word in range(2, steps + 1):
        tree = (tree, word) if leaning_left else (word, tree)
    return tree


def test_a_tree_that_leans_left_is_a_simple_rnn(rng):
    """The upper half of W is the recurrent kernel, the lower half the kernel, the first word the first state."""
    layer, (W, b) = weighted(RecursiveNetwork(UNITS, return_nodes=True, dtype="float64"), rng, UNITS)
    x = rng.normal(size=(N, T, UNITS))
    tokens, children, _ = encode_trees([chain(T)])
    simple = keras.layers.SimpleRNN(UNITS, return_sequences=True, dtype="float64")
    simple.build((N, T, UNITS))
    simple.set_weights([W[UNITS:], W[:UNITS], b])

    slots = x[:, tokens[0] - 1]  # slots without a word get the last vector, which nobody looks at
    nodes = numpy(layer(slots, np.repeat(children, N, axis=0)))[:, 2::2]

    assert largest_difference(nodes, numpy(simple(x[:, 1:], initial_state=[x[:, 0]]))) < 1e-14


@pytest.mark.parametrize(
    "layer",
    [
        ChildSumTreeLSTM(UNITS, return_nodes=True, dtype="float64"),
        NaryTreeLSTM(UNITS, 1, return_nodes=True, dtype="float64"),
    ],
    ids=["child-sum", "N-ary of one"],
)
def test_on_a_chain_a_tree_lstm_is_keras_lstm(layer, rng):
    """With the weights as they are, at every step."""
    layer, weights = weighted(layer, rng, M)
    x = rng.normal(size=(N, T, M))
    tokens, children, _ = encode_trees([chain(T, leaning_left=False)] * N, heads=True)
    lstm = keras.layers.LSTM(UNITS, return_sequences=True, dtype="float64")
    lstm.build(x.shape)
    lstm.set_weights(weights)

    nodes = numpy(layer(x[:, tokens[0] - 1], children))

    assert largest_difference(nodes, numpy(lstm(x))) < 1e-14


def test_equal_weights_for_all_places_make_the_n_ary_form_the_child_sum_form(rng):
    """U_l the same for all l in i, u and o; in f, U_kl is U_f for k = l and zero otherwise."""
    summed, (W, U, b) = weighted(ChildSumTreeLSTM(UNITS, dtype="float64"), rng, M)
    placed = NaryTreeLSTM(UNITS, 3, dtype="float64")
    placed.build((None, None, M))
    U_i, U_f, U_c, U_o = np.split(U, 4, axis=1)
    placed.set_weights(
        [W, np.hstack([np.tile(U_i, (3, 1)), np.kron(np.eye(3), U_f), np.tile(U_c, (3, 1)), np.tile(U_o, (3, 1))]), b]
    )
    tokens, children, _ = encode_trees([random_tree(rng, most=3, heads=True) for _ in range(8)], heads=True, arity=3)
    x = rng.normal(size=(WORDS, M))[tokens]

    assert largest_difference(numpy(placed(x, children)), numpy(summed(x, children))) < 1e-14


def test_without_its_tensor_the_tensor_network_is_the_recursive_one(rng):
    """V = 0, exactly."""
    tensor, (W, b, V) = weighted(RecursiveTensorNetwork(UNITS, return_nodes=True, dtype="float64"), rng, UNITS)
    plain = RecursiveNetwork(UNITS, return_nodes=True, dtype="float64")
    plain.build((None, None, UNITS))
    plain.set_weights([W, b])
    tokens, children, _ = encode_trees([random_tree(rng, least=2) for _ in range(8)], arity=2)
    x = rng.normal(size=(WORDS, UNITS))[tokens]
    full = numpy(tensor(x, children))

    tensor.set_weights([W, b, np.zeros_like(V)])

    assert largest_difference(numpy(tensor(x, children)), numpy(plain(x, children))) == 0
    assert largest_difference(full, numpy(plain(x, children))) > 0.1


def test_only_the_symmetric_part_of_the_tensor_acts(rng):
    """Exactly: in eighths and whole numbers sums have no rounding, and the antisymmetric part adds nothing."""
    layer = RecursiveTensorNetwork(UNITS, dtype="float64")
    layer.build((None, None, UNITS))
    W, b, V = (rng.integers(-8, 9, size=w.shape) / 8 for w in layer.get_weights())
    anti = rng.integers(-8, 9, size=V.shape) / 8
    anti = anti - anti.transpose(1, 0, 2)
    _, children, _ = encode_trees([(1, 2)])
    x = rng.integers(-8, 9, size=(1, 3, UNITS)) / 64
    roots = []
    for tensor in (V, V + anti, V - 7 * anti, V.transpose(1, 0, 2)):
        layer.set_weights([W, b, tensor])
        roots.append(numpy(layer(x, children)))

    assert np.abs(anti).max() > 1
    assert all(largest_difference(root, roots[0]) == 0 for root in roots[1:])


def test_the_tensor_is_a_quadratic_form_in_each_unit(rng):
    """One node against `numpy.einsum`, in the notation of the paper."""
    layer, (W, b, V) = weighted(RecursiveTensorNetwork(UNITS, dtype="float64"), rng, UNITS)
    words = rng.normal(size=(2, UNITS))
    _, children, _ = encode_trees([(1, 2)])
    pair = words.ravel()

    root = numpy(layer(words[np.newaxis, [0, 1, 0]], children))[0]

    expected = np.tanh(np.einsum("i,ijk,j->k", pair, V, pair) + W.T @ pair + b)
    assert largest_difference(root, expected) < 1e-14


def shuffled(tree, rng):
    """The tree with the children of every node in another order, the head in its place."""
    if not isinstance(tree, tuple):
        return tree
    head, *below = tree
    below = [shuffled(child, rng) for child in below]
    return (head, *(below[k] for k in rng.permutation(len(below))))


@pytest.mark.parametrize(
    ("layer", "cares"),
    [(ChildSumTreeLSTM(UNITS, dtype="float64"), False), (NaryTreeLSTM(UNITS, 4, dtype="float64"), True)],
    ids=["child-sum", "N-ary"],
)
def test_only_the_child_sum_form_does_not_care_about_the_order_of_children(layer, cares, rng):
    """Eight trees, the children of every node in another order."""
    layer, _ = weighted(layer, rng, M)
    trees = [(1, *(random_tree(rng, most=4, heads=True) for _ in range(3))) for _ in range(8)]
    table = rng.normal(size=(WORDS, M))

    roots = []
    for batch in (trees, [shuffled(tree, rng) for tree in trees]):
        tokens, children, _ = encode_trees(batch, heads=True, arity=4)
        roots.append(numpy(layer(table[tokens], children)))

    difference = largest_difference(*roots)
    assert difference > 0.01 if cares else difference < 1e-14


# (row, method, what is wrong, its text, what takes its place)
WRONG_FORMS = [
    ("recursive", "leaves", "squashes the words in the leaves", "[own]", "[self.activation(own)]"),
    ("recursive", "parents", "takes the right child first", "ops.reshape(below,", "ops.reshape(ops.flip(below, 1),"),
    ("recursive", "parents", "has no bias", "a + self.bias if", "a if"),
    ("recursive", "compose", "sees the left child alone", "pair, self.kernel", "pair[:, :4], self.kernel[:4]"),
    ("tensor", "compose", "has the diagonals alone", "pair[:, None, :]", "pair[:, None, :] * np.eye(8)"),
    ("tensor", "compose", "drops the matrix", "super().compose(pair) + ", ""),
    ("child-sum", "parents", "forgets each child by half", "ops.sum(f * c, axis=1)", "ops.mean(f * c, axis=1)"),
    ("child-sum", "parents", "stacks i, c, f, o", "a_i, a_f, a_c, a_o =", "a_i, a_c, a_f, a_o ="),
    ("child-sum", "_states", "puts the state out without tanh", "* self.activation(c),", "* c,"),
    ("child-sum", "leaves", "stacks i, c, f, o in leaves", "a_i, _, a_c, a_o =", "a_i, a_c, _, a_o ="),
    ("child-sum", "of_children", "has one forget gate", "ops.matmul(h, U_f)", "ops.matmul(h_sum, U_f)[:, None]"),
    ("child-sum", "of_children", "averages the children", "ops.sum(h, axis=1)", "ops.mean(h, axis=1)"),
    ("N-ary", "of_children", "turns the forget gates round", "ops.reshape(u_f,", "ops.reshape(ops.flip(u_f, 1),"),
    ("N-ary", "of_children", "reads the children from the right", "ops.reshape(h,", "ops.reshape(ops.flip(h, 1),"),
    ("N-ary", "of_children", "stacks o before c", "u_i, u_f, u_c, u_o =", "u_i, u_f, u_o, u_c ="),
]


@pytest.mark.parametrize(
    ("row", "method", "wrong", "text", "instead"), WRONG_FORMS, ids=[f"{w[0]} {w[2]}" for w in WRONG_FORMS]
)
def test_a_wrong_form_is_seen(row, method, wrong, text, instead, rng):
    """More than a thousandth from the recursion; the form itself is the recursion's to 1e-13."""
    row = next(r for r in ROWS if r.name == row)
    layer, weights = row.built(rng, return_nodes=False)
    cls = type(layer)
    source = textwrap.dedent(inspect.getsource(getattr(cls, method)))
    assert source.count(text) == 1, f"{cls.__name__}.{method} has {text!r} {source.count(text)} times"
    names = {**vars(sys.modules[cls.__module__]), "cls": cls, "np": np}
    exec(source.replace(text, instead).replace("super()", "super(cls, self)"), names)
    trees, words = row.trees(rng, 6), row.words(rng)
    encoded = row.encode(trees)
    expected = np.stack([row.twin(tree, words, weights)[-1] for tree in trees])

    right = numpy(layer(words[encoded.tokens], encoded.children, inputs_mask=encoded.mask))
    layer.__class__ = type(f"Wrong{cls.__name__}", (cls,), {method: names[method]})
    obtained = numpy(layer(words[encoded.tokens], encoded.children, inputs_mask=encoded.mask))

    assert largest_difference(right, expected) < 1e-13
    assert largest_difference(obtained, expected) > 1e-3
