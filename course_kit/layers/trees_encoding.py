"""Trees as plain arrays: a batch of different trees in three of them, in NumPy.

A tree of s nodes takes s slots, numbered in post-order: the nodes of the first child, of the second, and so on,
then the node itself. So children have smaller numbers than their parent, the root is the last node, and whoever
goes through the slots from the left has met all children when he comes to a node. Slots behind the root are
padding.
"""

from collections.abc import Sequence
from numbers import Integral
from typing import Any, NamedTuple

import numpy as np

NO_CHILD = -1


class EncodedTrees(NamedTuple):
    """N trees of at most S nodes with at most K children each.

    Attributes:
        tokens: int32 (N, S), the word of each node; 0 where there is none: in padding, and in nodes above words.
        children: int32 (N, S, K), the slots of each node's children from the left; -1 where there is none.
        levels: int32 (N, L, W), an order in which to compute them: in `[:, 0]` the slots of the nodes above leaves
            alone, in `[:, l]` those whose children are in levels below; -1 where a tree has no more. It follows
            from `children`; a loop over it has as many steps as the highest tree is high.
    """

    tokens: np.ndarray
    children: np.ndarray
    levels: np.ndarray

    @property
    def mask(self) -> np.ndarray:
        """Bool (N, S): slots with a word, which is what `Embedding(mask_zero=True)` finds too."""
        return self.tokens > 0

    @property
    def nodes(self) -> np.ndarray:
        """Bool (N, S): slots that hold a node. As `sample_weight` it keeps padding out of a loss."""
        return self.mask | (self.children > NO_CHILD).any(axis=2)


def encode_trees(
    trees: Sequence[Any], *, arity: int | None = None, heads: bool = False, slots: int | None = None
) -> EncodedTrees:
    """Nested tuples of word numbers as arrays.

    Args:
        trees: Each is a positive integer, the number of a word, or a tuple of trees.
        arity: K. Default: the most children that a node here has.
        heads: Whether a tuple opens with the node's own word, and its children follow: `(saw, she, (stars, many))`.
            Default: `False`, words stand in the leaves alone.
        slots: S. Default: the most nodes that a tree here has. A fixed number saves recompilation on JAX.

    Raises:
        ValueError: a word is not a positive integer, a tuple has no children or too many, or there are too few slots.

    Example: two trees, of five nodes and of three. The first is ((1 2) 3), drawn with its slots in brackets:

                 [4]
               /     \\
            [2]       3 [3]
           /   \\
        1 [0]  2 [1]

    >>> encoded = encode_trees([((1, 2), 3), (4, 5)])
    >>> encoded.tokens.tolist()
    [[1, 2, 0, 3, 0], [4, 5, 0, 0, 0]]
    >>> encoded.children[0].tolist()
    [[-1, -1], [-1, -1], [0, 1], [-1, -1], [2, 3]]
    >>> encoded.levels.tolist()
    [[[2], [4]], [[2], [-1]]]
    >>> encoded.nodes.sum(axis=1).tolist()
    [5, 3]
    >>> encode_trees([(7, 4, (5, 6))], heads=True).tokens.tolist()
    [[4, 6, 5, 7]]
    """
    listed = [_post_order(tree, heads) for tree in trees]
    if not listed:
        raise ValueError("trees must hold at least one tree. Got none.")
    most = max(len(nodes) for nodes in listed)
    widest = max(len(below) for nodes in listed for _, below in nodes)
    S, K = most if slots is None else slots, max(widest, 1) if arity is None else arity
    if most > S:
        raise ValueError(f"slots must be at least the nodes of the largest tree, {most}. Got {slots!r}.")
    if widest > K:
        raise ValueError(f"a node must have at most {arity} children. Got {widest}.")

    tokens = np.zeros((len(listed), S), dtype="int32")
    children = np.full((len(listed), S, K), NO_CHILD, dtype="int32")
    for row, nodes in enumerate(listed):
        for slot, (word, below) in enumerate(nodes):
            tokens[row, slot] = word
            children[row, slot, : len(below)] = below
    return EncodedTrees(tokens, children, _levels([[below for _, below in nodes] for nodes in listed]))


def _levels(trees: list[list[list[int]]]) -> np.ndarray:
    """The slots of the nodes above leaves, by height."""
    by_height = []
    for nodes in trees:
        heights, slots = [], {}
        for slot, below in enumerate(nodes):
            heights.append(1 + max(heights[child] for child in below) if below else 0)
            slots.setdefault(heights[slot], []).append(slot)
        by_height.append(slots)
    highest = max(max(slots) for slots in by_height)
    widest = max((len(slots[height]) for slots in by_height for height in slots if height), default=1)
    levels = np.full((len(trees), max(highest, 1), widest), NO_CHILD, dtype="int32")
    for row, slots in enumerate(by_height):
        for height in range(1, max(slots) + 1):
            levels[row, height - 1, : len(slots[height])] = slots[height]
    return levels


def _post_order(tree: Any, heads: bool) -> list[tuple[int, list[int]]]:
    """Each node's word and the slots of its children. Without recursion: a chain may be of any length."""
    backwards, waiting = [], [(tree, None)]  # roots first, last children first: post-order, reversed
    while waiting:
        node, parent = waiting.pop()
        word, subtrees = _parts(node, heads)
        waiting.extend((subtree, len(backwards)) for subtree in subtrees)
        backwards.append((word, parent))
    last = len(backwards) - 1
    nodes = [(word, []) for word, _ in reversed(backwards)]
    for slot, (_, parent) in enumerate(reversed(backwards)):
        if parent is not None:
            nodes[last - parent][1].append(slot)
    return nodes


def _parts(node: Any, heads: bool) -> tuple[int, Sequence[Any]]:
    """The node's own word, 0 for none, and its subtrees."""
    if not isinstance(node, tuple | list):
        return _word(node), ()
    word, subtrees = (_word(node[0]), node[1:]) if heads and node else (0, node)
    if not subtrees:
        raise ValueError(f"a tuple must have at least one child. Got {node!r}.")
    return word, subtrees


def _word(value: Any) -> int:
    if isinstance(value, Integral) and not isinstance(value, bool) and value > 0:
        return int(value)
    raise ValueError(f"a word must be a positive integer. Got {value!r}.")
