"""Drawings as lists of arrows: any labelling of the right graph is right, and one wrong arrow is told."""

import time

import pytest

from course_kit.checking.compare import Mismatch
from course_kit.exercises.drawn_graphs import same_scheme, same_tree
from course_kit.exercises.e22_control_work import SCHEME, TENSOR
from course_kit.exercises.random_trees import balanced, chain, depths, longest, nested

GIVEN = ("c1", "c2", "W", "b")


def renamed(arrows, **names):
    return [tuple(names.get(name, name) for name in arrow) for arrow in arrows]


RIGHT = {
    "as it is": SCHEME,
    "backwards": SCHEME[::-1],
    "lists for tuples": [list(arrow) for arrow in SCHEME],
    "other numbers": renamed(SCHEME, join1="join7", add1="add22"),
    "no numbers": renamed(SCHEME, join1="join", matmul1="matmul", add1="add", tanh1="tanh"),
    "blanks": [(f" {a} ", b) for a, b in SCHEME],
}


@pytest.mark.parametrize("drawn", RIGHT.values(), ids=RIGHT)
def test_labels_and_order_do_not_matter(drawn):
    """The graph counts."""
    same_scheme(drawn, SCHEME, GIVEN, "p", "scheme")


def test_two_sums_in_a_row_are_one():
    """(a + b) + c is a + b + c, drawn with two nodes or with one."""
    two = [a for a in TENSOR if a not in (("b", "add1"), ("add1", "tanh1"))]
    two += [("add1", "add2"), ("b", "add2"), ("add2", "tanh1")]

    same_scheme(two, TENSOR, (*GIVEN, "V"), "p", "scheme")


WRONG = {
    "an arrow too few": ([a for a in SCHEME if a != ("W", "matmul1")], "an arrow into matmul1 is missing, from W"),
    "an arrow too many": ([*SCHEME, ("c1", "add1")], "the arrow c1 → add1 does not belong there"),
    "to another place": (
        [a for a in SCHEME if a != ("b", "add1")] + [("b", "matmul1")],
        "an arrow into add1 is missing, from b",
    ),
    "twice": ([*SCHEME, SCHEME[0]], "has the arrow c1 → join1 twice"),
    "to itself": ([*SCHEME, ("add1", "add1")], "leads from add1 to itself"),
    "nothing": ([], "nothing leads into p"),
    "a loop": ([*SCHEME, ("tanh1", "join1")], "goes round in a circle"),
    "beyond the end": ([*SCHEME, ("p", "join1")], "starts at p, which is the end"),
    "from nowhere": ([*SCHEME, ("add5", "tanh1")], "nothing leads into add5"),
    "numbers": ([(1, 2)], "no pair of names"),
    "a text": ("c1", "must be a list of pairs"),
    "three names": ([("c1", "join1", "matmul1")], "no pair of names"),
    "a wall": ([(f"add{k}", f"add{k + 1}") for k in range(99)], "at most 24 are read"),
}


@pytest.mark.parametrize("drawn,sentence", WRONG.values(), ids=WRONG)
def test_one_wrong_arrow_is_told(drawn, sentence):
    """One sentence, with the arrow."""
    with pytest.raises(Mismatch) as error:
        same_scheme(drawn, SCHEME, GIVEN, "p", "scheme")

    assert sentence in str(error.value)


def test_graph_of_many_ways_is_soon_refused():
    """Each diamond doubles the number of ways from the start to the end; the judge does not follow them for long."""
    ways = [("c1", "tanh0")]
    for k in range(0, 9, 3):
        ways += [(f"tanh{k}", f"tanh{k + 1}"), (f"tanh{k}", f"tanh{k + 2}")]
        ways += [(f"tanh{k + 1}", f"tanh{k + 3}"), (f"tanh{k + 2}", f"tanh{k + 3}")]
    started = time.process_time()

    with pytest.raises(Mismatch):
        same_scheme([*ways, ("tanh9", "p")], SCHEME, GIVEN, "p", "scheme")

    assert time.process_time() - started < 1


TREES = {"a chain": chain(5), "balanced": balanced(5)}


def drawing(pairs, T):
    names = [f"x{k}" for k in range(T)] + [f"node {j}" for j in range(len(pairs))]
    return [(names[child], names[T + j]) for j, pair in enumerate(pairs) for child in pair]


@pytest.mark.parametrize("pairs", TREES.values(), ids=TREES)
def test_tree_is_right_by_any_names(pairs):
    """Inner nodes may be called anything, and arrows stand in any order."""
    same_tree(drawing(pairs, 5)[::-1], pairs, 5, "tree")


BAD_TREES = {
    "another tree": (drawing(chain(5), 5), "no node of tree has just x2 and x3 below it"),
    "downwards": ([(b, a) for a, b in drawing(balanced(5), 5)], "leads into a leaf"),
    "a leaf twice": ([*drawing(balanced(5), 5), ("x0", "node 1")], "x0 has more than one parent"),
    "one child": (drawing(balanced(5), 5)[:-1] + [], "has no leaf x4"),
    "a root above": ([*drawing(balanced(5), 5), ("node 3", "top")], "top has 1 children; each node has two"),
}


@pytest.mark.parametrize("drawn,sentence", BAD_TREES.values(), ids=BAD_TREES)
def test_wrong_tree_is_told(drawn, sentence):
    """By the leaves that should be together."""
    with pytest.raises(Mismatch) as error:
        same_tree(drawn, balanced(5), 5, "tree")

    assert sentence in str(error.value)


def test_depths_are_those_of_the_nested_tree():
    """By recursion over the nested tuples, which shares nothing with the loop over pairs."""

    def walk(tree, depth):
        return [d for part in tree for d in walk(part, depth + 1)] if isinstance(tree, tuple) else [(tree, depth)]

    for pairs in (chain(6), balanced(6), [(2, 3), (0, 1), (5, 4), (6, 7)]):
        T = len(pairs) + 1
        due = [depth for _, depth in sorted(walk(nested(pairs, T), 0))]
        assert due == depths(pairs, T)
        assert max(due) == longest(pairs, T)
