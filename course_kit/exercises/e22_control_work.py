"""Notebook 22: the control work. Its first two items, E22.1 and E22.2, are here; the others are imported."""

import numpy as np

from course_kit.checking import Exercise, expect
from course_kit.exercises.compared_networks import E22_3
from course_kit.exercises.drawn_graphs import same_scheme, same_tree
from course_kit.exercises.jets_by_hand import E22_9, E22_10
from course_kit.exercises.jets_counted import E22_11, E22_12
from course_kit.exercises.keras_statements import E22_5
from course_kit.exercises.random_trees import balanced, chain, nested, random_pairs
from course_kit.exercises.top_tagging_report import E22_4
from course_kit.exercises.tree_gates import E22_7, E22_8
from course_kit.exercises.tuning_log import E22_6
from course_kit.reference.counts import parameters
from course_kit.reference.elman import elman_forward
from course_kit.reference.trees import recursive_forward

__all__ = [
    "E22_1",
    "E22_2",
    "E22_3",
    "E22_4",
    "E22_5",
    "E22_6",
    "E22_7",
    "E22_8",
    "E22_9",
    "E22_10",
    "E22_11",
    "E22_12",
]

T = 7

E22_1 = Exercise(
    "E22.1",
    "Recursive network (item 1)",
    slides=("D1.30", "D2.5"),
    names=("recursive_node", "recursive_root", "recursive_scheme", "tree_drawing", "recursive_parameters"),
    hints=(
        "One layer for all nodes: join the two children to one row of 2d numbers, multiply, add, squash. A tree is "
        "done from its leaves up, and `pairs` has the nodes in an order in which the children are always there.",
        "nodes = list(x); for left, right in pairs: nodes.append(recursive_node(nodes[left], nodes[right], W, b)); "
        "return nodes[-1], with recursive_node returning np.tanh(np.concatenate([c1, c2]) @ W + b).",
    ),
)


def weights(draw, d: int):
    """W (2d, d) and b (d,), mild enough not to saturate tanh over several levels."""
    return draw.normal(2 * d, d, scale=0.7), draw.normal(d, scale=0.5)


@E22_1.case("one node")
def _(answer, draw):
    (d,) = draw.sizes(1)
    c1, c2, (W, b) = draw.normal(d), draw.normal(d), weights(draw, d)
    a = np.concatenate([c1, c2]) @ W
    expect(
        answer.recursive_node(c1, c2, W, b),
        np.tanh(a + b),
        "p",
        known={
            "the bias is missing": np.tanh(a),
            "tanh is missing": a + b,
            "the children are exchanged: c1 stands first": np.tanh(np.concatenate([c2, c1]) @ W + b),
            "the children were added, so that both have the same weights; they are joined": np.tanh(
                (c1 + c2) @ W[:d] + b
            ),
        },
    )


@E22_1.case("the root of a random tree", hint="Go through pairs in order; the numbers in it count the leaves first.")
def _(answer, draw):
    (d,) = draw.sizes(1)
    pairs = random_pairs(draw, T)
    x, (W, b) = draw.normal(T, d), weights(draw, d)
    nodes = recursive_forward(nested(pairs, T), x, W, b)
    expect(answer.recursive_root(x, pairs, W, b), nodes[-1], "root", known=wrong_roots(x, pairs, W, b))


def wrong_roots(x, pairs, W, b, V=None):
    """Roots of what is not this tree."""
    last = recursive_forward(nested(pairs, len(x)), x, W, b, V)
    return {
        "this is the root of a chain; the tree is the one in pairs": recursive_forward(
            nested(chain(len(x)), len(x)), x, W, b, V
        )[-1],
        "all nodes came back; the root alone is due": last,
        "the first node came back; the root is the last": np.tanh(
            sum_of(np.concatenate([x[pairs[0][0]], x[pairs[0][1]]]), W, b, V)
        ),
    }


def sum_of(pair, W, b, V=None):
    """What tanh sees at a node."""
    return pair @ W + b + (0 if V is None else np.einsum("i,ijk,j->k", pair, V, pair))


@E22_1.case(
    "a chain is an Elman network", hint="A chain is a tree like any other: the first pair joins leaves 0 and 1."
)
def _(answer, draw):
    (d,) = draw.sizes(1)
    x, (W, b) = draw.normal(T, d), weights(draw, d)
    # From the state x_0 the network reads x_1 ... : U is the upper half of W, the input kernel the lower.
    _, h = elman_forward(x[np.newaxis, 1:], x[:1], W[d:], W[:d], b, np.eye(d), np.zeros(d))
    known = {
        "the halves of W are exchanged: the upper belongs to the first child": recursive_forward(
            nested(chain(T), T), x, np.concatenate([W[d:], W[:d]]), b
        )[-1]
    }
    expect(answer.recursive_root(x, chain(T), W, b), h[0, -1], "root of a chain", known=known)


LAYER = [("c1", "join1"), ("c2", "join1"), ("join1", "matmul1"), ("W", "matmul1"), ("matmul1", "add1"), ("b", "add1")]
SCHEME = [*LAYER, ("add1", "tanh1"), ("tanh1", "p")]


@E22_1.case(
    "the scheme of the layer", hint="Read the formula from the inside: what is joined, multiplied, added, squashed?"
)
def _(answer, draw):
    swapped = [(a, "tanh1" if b == "add1" else b) for a, b in LAYER if b != "add1"]
    known = {
        "the bias is added behind tanh; it stands inside": [
            *swapped, ("matmul1", "tanh1"), ("tanh1", "add1"), ("b", "add1"), ("add1", "p"),
        ]
    }  # fmt: skip
    same_scheme(answer["recursive_scheme"], SCHEME, ("c1", "c2", "W", "b"), "p", "recursive_scheme", known)


@E22_1.case("the drawing of a tree", hint="An arrow from each child to its parent: two for each entry of pairs.")
def _(answer, draw):
    for pairs, leaves in ((balanced(4), 4), (chain(4), 4), (random_pairs(draw, T), T)):
        same_tree(answer.tree_drawing(pairs, leaves), pairs, leaves, f"tree_drawing for pairs {listed(pairs)}")


def listed(pairs) -> str:
    return "[" + ", ".join(f"({a}, {b})" for a, b in pairs) + "]"


@E22_1.case("the number of parameters", hint="W is (2d, d) and b (d,); the tree's size does not matter.")
def _(answer, draw):
    for d in draw.sizes(2, low=3, high=40):
        due = parameters([(2 * d, d), (d,)])
        known = {
            "the bias is missing": due - d,
            "W reads two children: it has 2d rows": d * d + d,
            "this is an LSTM's": parameters([(d, 4 * d), (d, 4 * d), (4 * d,)]),
        }
        expect(answer.recursive_parameters(d), due, f"parameters for d = {d}", tolerance=0, known=known)


E22_2 = Exercise(
    "E22.2",
    "Tensor network (item 2)",
    slides=("D1.31",),
    names=("tensor_node", "tensor_root", "tensor_scheme", "tensor_parameters"),
    hints=(
        "For each of the d numbers of p there is one matrix V[:, :, k] of (2d, 2d), and x stands on both sides of it.",
        "np.tanh(np.einsum('i,ijk,j->k', x, V, x) + x @ W + b) with x = np.concatenate([c1, c2]); the tree is E22.1's.",
    ),
)


def tensor(draw, d: int):
    return draw.normal(2 * d, 2 * d, d, scale=0.3)


@E22_2.case("one node")
def _(answer, draw):
    (d,) = draw.sizes(1)
    c1, c2, (W, b), V = draw.normal(d), draw.normal(d), weights(draw, d), tensor(draw, d)
    x = np.concatenate([c1, c2])
    linear, squares = x @ W + b, np.einsum("i,ijk,j->k", x, V, x)
    one_way = np.einsum("i,ijk,j->k", c1, V[:d, d:], c2)
    expect(
        answer.tensor_node(c1, c2, V, W, b),
        np.tanh(linear + squares),
        "p",
        known={
            "the linear part x W + b is missing": np.tanh(squares),
            "the bias is missing": np.tanh(linear - b + squares),
            "the product is missing: this is the recursive network": np.tanh(linear),
            "tanh is missing": linear + squares,
            "tanh went around the linear part alone": np.tanh(linear) + squares,
            "only c1 times c2 is there; x stands on both sides, so each child also meets itself": np.tanh(
                linear + one_way
            ),
            "the children are exchanged: c1 stands first": np.tanh(sum_of(np.concatenate([c2, c1]), W, b, V)),
            "V was multiplied with x once and summed over the other axis": np.tanh(
                linear + np.einsum("i,ijk->k", x, V)
            ),
        },
    )


@E22_2.case("the axes of V", hint="Number k of p belongs to V[:, :, k]: the slices lie along the last axis.")
def _(answer, draw):
    # With d = 1 and d = 2 all axes that could be taken for another have other sizes, or V shows which is meant.
    d = 2
    c1, c2, (W, b) = draw.normal(d), draw.normal(d), weights(draw, d)
    V = np.zeros((2 * d, 2 * d, d))
    V[0, 3, 1] = 1.5
    x = np.concatenate([c1, c2])
    due = x @ W + b
    other = due.copy()
    other[0] += 1.5 * c1[0] * c2[1]
    due[1] += 1.5 * c1[0] * c2[1]
    known = {"slice k went into another number of p": np.tanh(other)}
    expect(answer.tensor_node(c1, c2, V, W, b), np.tanh(due), "p for a V with one entry, V[0, 3, 1]", known=known)


@E22_2.case("the root of a random tree", hint="The loop of E22.1 with another node.")
def _(answer, draw):
    (d,) = draw.sizes(1)
    pairs = random_pairs(draw, T)
    x, (W, b), V = draw.normal(T, d), weights(draw, d), tensor(draw, d)
    known = wrong_roots(x, pairs, W, b, V) | {
        "this is the recursive network's root; V was not used": recursive_forward(nested(pairs, T), x, W, b)[-1]
    }
    root = recursive_forward(nested(pairs, T), x, W, b, V)[-1]
    expect(answer.tensor_root(x, pairs, V, W, b), root, "root", known=known)


@E22_2.case("without the product it is item 1", hint="With V = 0 only x W + b is left.")
def _(answer, draw):
    (d,) = draw.sizes(1)
    pairs = random_pairs(draw, T)
    x, (W, b) = draw.normal(T, d), weights(draw, d)
    root = recursive_forward(nested(pairs, T), x, W, b)[-1]
    expect(answer.tensor_root(x, pairs, np.zeros((2 * d, 2 * d, d)), W, b), root, "root for V = 0")


TENSOR = [*LAYER, ("join1", "bilinear1"), ("V", "bilinear1"), ("bilinear1", "add1"), ("add1", "tanh1"), ("tanh1", "p")]


@E22_2.case("the scheme of the layer", hint="Beside the path of E22.1 a second one leads from the join to the sum.")
def _(answer, draw):
    children = [("c1", "bilinear1"), ("c2", "bilinear1")]
    apart = [a for a in TENSOR if a != ("join1", "bilinear1")] + children
    after = [a for a in TENSOR if a != ("bilinear1", "add1")]
    after = [a for a in after if a != ("tanh1", "p")] + [("tanh1", "add2"), ("bilinear1", "add2"), ("add2", "p")]
    known = {
        "the product takes the children one by one; it takes the joined x, twice": apart,
        "the product is added behind tanh; it stands inside": after,
        "this is the scheme of E22.1": SCHEME,
    }
    same_scheme(answer["tensor_scheme"], TENSOR, ("c1", "c2", "V", "W", "b"), "p", "tensor_scheme", known)


@E22_2.case("the number of parameters", hint="V is (2d, 2d, d): d matrices, each of 2d times 2d.")
def _(answer, draw):
    for d in draw.sizes(2, low=3, high=40):
        due = parameters([(2 * d, 2 * d, d), (2 * d, d), (d,)])
        known = {
            "V has d slices of (2d, 2d), not of (d, d)": parameters([(d, d, d), (2 * d, d), (d,)]),
            "W and b are there as well": parameters([(2 * d, 2 * d, d)]),
            "the bias is missing": due - d,
            "one slice alone was counted": parameters([(2 * d, 2 * d), (2 * d, d), (d,)]),
        }
        expect(answer.tensor_parameters(d), due, f"parameters for d = {d}", tolerance=0, known=known)
