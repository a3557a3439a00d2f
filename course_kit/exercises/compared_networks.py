"""Notebook 22, item 3: what recurrent, recursive and tensor networks cost, and how long a gradient's way is."""

from course_kit.checking import Exercise, expect
from course_kit.exercises.prose import text, texts
from course_kit.exercises.random_trees import balanced, chain, depths, longest, random_pairs
from course_kit.reference.counts import parameters

NETWORKS = ("recurrent", "recursive", "tensor")

E22_3 = Exercise(
    "E22.3",
    "Comparison (item 3)",
    slides=("D1.32",),
    names=("costs", "path_lengths", "comparison"),
    hints=(
        "A product of a row of p numbers with a matrix (p, q) takes p q multiply-adds. A sentence of T words takes T "
        "steps, and a binary tree over T words has T - 1 nodes.",
        "recurrent: 2d^2 + d parameters, T 2d^2 multiply-adds; recursive: the same parameters, (T - 1) 2d^2; tensor: "
        "4d^3 + 2d^2 + d and (T - 1)(4d^3 + 4d^2). path_lengths: go through pairs from the back; a child is one "
        "deeper.",
    ),
    prose="comparison",
    by_hand=1,
)


def cost(network: str, d: int, T: int) -> tuple[int, int]:
    """Parameters and multiply-adds, each product counted by the shape of its matrix."""
    W = [(d, d), (d, d)] if network == "recurrent" else [(2 * d, d)]
    V = [(2 * d, 2 * d, d)] if network == "tensor" else []
    # x V_k for each of d slices is as many multiply-adds as V has entries; times x again, 2d for each slice.
    node = parameters(W) + parameters(V) + (2 * d * d if V else 0)
    return parameters([*W, (d,), *V]), node * (T if network == "recurrent" else T - 1)


@E22_3.case("parameters and multiply-adds")
def _(answer, draw):
    for network in NETWORKS:
        for d, T in (draw.sizes(2, low=3, high=30) for _ in range(3)):
            due, adds = cost(network, d, T)
            nodes = T if network == "recurrent" else T - 1
            known = {
                "the multiply-adds are those of one node; all count": (due, adds // nodes),
                "the parameters were counted once a node; all nodes share them": (due * nodes, adds),
                "the bias is missing among the parameters": (due - d, adds),
                "the order is exchanged: parameters come first": (adds, due),
            }
            if network == "recurrent":
                known["a network that reads T words takes T steps"] = (due, adds // T * (T - 1))
            else:
                known["a binary tree over T words has T - 1 nodes"] = (due, adds // (T - 1) * T)
            if network == "tensor":
                squares = (T - 1) * (4 * d**3 + 2 * d * d)
                known["after x V_k there is a second product, with x: 2d for each slice"] = (due, squares)
            expect(answer.costs(network, d, T), (due, adds), f"costs({network!r}, {d}, {T}): parameters, multiply-adds",
                   tolerance=0, known=known)  # fmt: skip


@E22_3.case(
    "how long the gradient's way is", hint="From a leaf to the root, how many times does tanh stand on the way?"
)
def _(answer, draw):
    T = draw.integer(6, 9)
    for pairs, shape in (
        (chain(T), "a chain"),
        (balanced(8), "a balanced tree"),
        (random_pairs(draw, T), "a random tree"),
    ):
        leaves = len(pairs) + 1
        due = depths(pairs, leaves)
        known = {
            "the root counts as well: it has a tanh": [depth - 1 for depth in due],
            "this is the height of the tree for every leaf": [longest(pairs, leaves)] * leaves,
            "the leaf counts as a node; it has no tanh": [depth + 1 for depth in due],
            "the list is in the wrong order: leaf 0 comes first": due[::-1],
        }
        obtained = answer.path_lengths(pairs, leaves)
        obtained = obtained.tolist() if hasattr(obtained, "tolist") else obtained
        expect(obtained, due, f"path_lengths for {shape} over {leaves} leaves", tolerance=0, known=known)


@E22_3.case(
    "a text for each network",
    hint="Two or three sentences each, with a number from the table in each; a person reads them.",
)
def _(answer, draw):
    found = texts(answer["comparison"], NETWORKS, "comparison")
    for network in NETWORKS:
        text(found[network], f'the entry "{network}" of comparison', least=25, numbers=1)
