"""The layers over trees, one row each, and what their tests share."""

from collections.abc import Callable
from dataclasses import dataclass

import keras
import numpy as np

from course_kit.layers import (
    ChildSumTreeLSTM,
    NaryTreeLSTM,
    RecursiveNetwork,
    RecursiveTensorNetwork,
    encode_trees,
)
from course_kit.reference.trees import child_sum_forward, nary_forward, recursive_forward

WORDS, M, UNITS, ARITY = 9, 3, 4, 3  # all but the number of words differ from each other


@dataclass(frozen=True)
class TreeRow:
    """A layer and what is known of it without it.

    `twin(tree, x, weights)` gives all nodes in post-order; `heads` says whether inner nodes have words, `most`
    and `least` how many children a node may have.
    """

    name: str
    cls: type
    twin: Callable
    count: Callable[[int, int], int]
    biases: Callable[[int], int]
    heads: bool = False
    most: int = 2
    least: int = 1
    own: tuple = ()  # further arguments, as pairs
    square: bool = False  # words are as wide as nodes

    @property
    def width(self) -> int:
        """Of a word."""
        return UNITS if self.square else M

    def layer(self, dtype="float64", units=UNITS, **arguments) -> keras.layers.Layer:
        return self.cls(units, dtype=dtype, **{"return_nodes": True, **dict(self.own), **arguments})

    def built(self, rng, **arguments):
        """A layer with random weights, and those."""
        layer = self.layer(**arguments)
        layer.build((None, None, self.width))
        layer.set_weights([0.6 * rng.normal(size=w.shape) for w in layer.get_weights()])
        return layer, [np.asarray(w, dtype=np.float64) for w in layer.get_weights()]

    def trees(self, rng, count: int) -> list:
        return [random_tree(rng, self.most, self.least, self.heads) for _ in range(count)]

    def encode(self, trees):
        return encode_trees(trees, heads=self.heads, arity=self.most)

    def words(self, rng) -> np.ndarray:
        """A vector for every word, and in row 0, where there is no word, what must not be looked at."""
        table = rng.normal(size=(WORDS, self.width))
        table[0] = 1e3
        return table


def random_tree(rng, most: int = 2, least: int = 1, heads: bool = False, depth: int = 3):
    """A tree with between `least` and `most` children a node, at most `depth` deep."""
    word = int(rng.integers(1, WORDS))
    if depth == 0 or rng.random() < 0.25:
        return word
    below = [random_tree(rng, most, least, heads, depth - 1) for _ in range(rng.integers(least, most, endpoint=True))]
    return (word, *below) if heads else tuple(below)


ROWS = [
    TreeRow(
        "recursive",
        RecursiveNetwork,
        twin=lambda tree, x, weights: recursive_forward(tree, x, *weights),
        count=lambda m, d: 2 * d**2 + d,
        biases=lambda d: d,
        least=2,
        square=True,
    ),
    TreeRow(
        "tensor",
        RecursiveTensorNetwork,
        twin=lambda tree, x, weights: recursive_forward(tree, x, *weights),
        count=lambda m, d: 4 * d**3 + 2 * d**2 + d,
        biases=lambda d: d,
        least=2,
        square=True,
    ),
    TreeRow(
        "child-sum",
        ChildSumTreeLSTM,
        twin=lambda tree, x, weights: child_sum_forward(tree, x, *weights)[0],
        count=lambda m, n: 4 * n * (m + n + 1),
        biases=lambda n: 4 * n,
        heads=True,
        most=4,
    ),
    TreeRow(
        "child-sum without heads",
        ChildSumTreeLSTM,
        twin=lambda tree, x, weights: child_sum_forward(tree, x, *weights, heads=False)[0],
        count=lambda m, n: 4 * n * (m + n + 1),
        biases=lambda n: 4 * n,
        most=3,
    ),
    TreeRow(
        "N-ary",
        NaryTreeLSTM,
        twin=lambda tree, x, weights: nary_forward(tree, x, *weights)[0],
        count=lambda m, n: 4 * n * m + n**2 * (3 * ARITY + ARITY**2) + 4 * n,
        biases=lambda n: 4 * n,
        most=ARITY,
        own=(("arity", ARITY),),
    ),
]


def numpy(tensor) -> np.ndarray:
    return keras.ops.convert_to_numpy(tensor)


def largest_difference(obtained, expected) -> float:
    """Largest absolute difference of two arrays of one shape."""
    assert np.shape(obtained) == np.shape(expected)
    return float(np.max(np.abs(np.asarray(obtained) - expected)))
