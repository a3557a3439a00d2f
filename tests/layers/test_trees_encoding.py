"""Trees as arrays: what `encode_trees` writes down is the tree, in an order in which children come first."""

import numpy as np
import pytest

from course_kit.layers import encode_trees
from tests.layers.trees import random_tree


def decoded(tokens, children, slot, heads):
    """The nested tuple that stands at a slot."""
    below = tuple(decoded(tokens, children, k, heads) for k in children[slot] if k >= 0)
    if not below:
        return int(tokens[slot])
    return (int(tokens[slot]), *below) if heads else below


@pytest.mark.parametrize("heads", [False, True])
def test_the_arrays_hold_the_trees_and_nothing_else(heads):
    """Forty random trees come back from the root's slot, which is the last node's."""
    rng = np.random.default_rng(3)
    trees = [random_tree(rng, most=4, heads=heads) for _ in range(40)]

    encoded = encode_trees(trees, heads=heads)

    assert encoded.tokens.dtype == encoded.children.dtype == "int32"
    for tokens, children, nodes, tree in zip(encoded.tokens, encoded.children, encoded.nodes, trees, strict=True):
        last = nodes.sum() - 1
        assert decoded(tokens, children, last, heads) == tree
        assert nodes[: last + 1].all()
        assert not tokens[last + 1 :].any() and (children[last + 1 :] == -1).all()


def test_children_come_before_their_parent_and_from_the_left():
    """So one pass over the slots meets every child before the node that needs it."""
    rng = np.random.default_rng(4)
    children = encode_trees([random_tree(rng, most=3) for _ in range(40)]).children
    slots = np.arange(children.shape[1])[:, np.newaxis]

    assert (children < slots).all()
    assert all(list(row[row >= 0]) == sorted(row[row >= 0]) for row in children.reshape(-1, children.shape[2]))


def test_levels_hold_every_node_above_words_once_and_after_its_children():
    """In as many steps as the highest tree is high; nothing but -1 where a tree has no more."""
    rng = np.random.default_rng(5)
    _, children, levels = encode_trees([random_tree(rng, most=3) for _ in range(40)])

    for below, plan in zip(children, levels, strict=True):
        known = set(np.flatnonzero((below < 0).all(axis=1)))
        inner = set(range(len(below))) - known
        for level in plan:
            now = level[level >= 0]
            assert (np.isin(below[now], [*known, -1])).all()
            known |= set(now)
        assert known == set(range(len(below)))
        assert sorted(plan[plan >= 0]) == sorted(inner)
    assert (levels[:, -1] >= 0).any() and encode_trees([1, 2]).levels.tolist() == [[[-1]], [[-1]]]


def test_the_mask_says_where_words_are_and_nodes_where_nodes_are():
    """Nodes above words have none of their own; padding has neither."""
    encoded = encode_trees([((1, 2), 3), 4])

    assert encoded.mask.tolist() == [[True, True, False, True, False], [True, False, False, False, False]]
    assert encoded.nodes.tolist() == [[True] * 5, [True] + [False] * 4]


def test_a_chain_may_be_longer_than_the_recursion_limit():
    """Five thousand words, each the child of the next."""
    tree = 1
    for word in range(2, 5001):
        tree = (word, tree)

    tokens, children, levels = encode_trees([tree], heads=True)

    assert tokens[0].tolist() == list(range(1, 5001))
    assert children[0, :, 0].tolist() == list(range(-1, 4999))
    assert levels[0, :, 0].tolist() == list(range(1, 5000))


def test_slots_and_arity_may_be_asked_for():
    """Room that no tree of the batch needs."""
    tokens, children, _ = encode_trees([(1, 2), 3], slots=6, arity=4)

    assert (tokens.shape, children.shape) == ((2, 6), (2, 6, 4))
    assert encode_trees([5]).children.shape == (1, 1, 1)


@pytest.mark.parametrize(
    ("trees", "how", "message"),
    [
        ([], {}, "trees must hold at least one tree. Got none."),
        ([("good", 2)], {}, "a word must be a positive integer. Got 'good'."),
        ([0], {}, "a word must be a positive integer. Got 0."),
        ([(1, True)], {}, "a word must be a positive integer. Got True."),
        ([(1, ())], {}, "a tuple must have at least one child. Got ()."),
        ([(1, (2,))], {"heads": True}, "a tuple must have at least one child. Got (2,)."),
        ([((1, 2), 3)], {"heads": True}, "a word must be a positive integer. Got (1, 2)."),
        ([(1, 2, 3)], {"arity": 2}, "a node must have at most 2 children. Got 3."),
        ([1, (1, 2)], {"slots": 2}, "slots must be at least the nodes of the largest tree, 3. Got 2."),
    ],
)
def test_what_is_no_tree_gets_the_rule_and_what_came(trees, how, message):
    """A ValueError with exactly this sentence."""
    with pytest.raises(ValueError) as caught:
        encode_trees(trees, **how)

    assert str(caught.value) == message
