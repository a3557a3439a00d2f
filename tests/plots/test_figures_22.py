"""Figures of notebook 22: they speak without eyes, look wrong for a wrong answer, and survive any answer."""

import numpy as np
import pytest

from course_kit.plots import top_tagging, tree_drawings, tree_networks, tree_runs, tuning
from course_kit.reference.activations import sigmoid
from course_kit.reference.trees import recursive_forward

LAYER = [("c1", "join1"), ("c2", "join1"), ("join1", "matmul1"), ("W", "matmul1"), ("matmul1", "add1"), ("b", "add1"),
         ("add1", "tanh1"), ("tanh1", "p")]  # fmt: skip


def drawing(pairs, T):
    names = [f"x{k}" for k in range(T)] + [f"p{j}" for j in range(len(pairs))]
    return [(names[child], f"p{j}") for j, pair in enumerate(pairs) for child in pair]


def root(x, pairs, W, b):
    nodes = list(x)
    for left, right in pairs:
        nodes.append(np.tanh(np.concatenate([nodes[left], nodes[right]]) @ W + b))
    return nodes[-1]


def tensor_node(c1, c2, V, W, b):
    return recursive_forward((0, 1), np.stack([c1, c2]), W, b, V)[-1]


def costs(network, d, T):
    step = {"recurrent": 2 * d**2, "recursive": 2 * d**2, "tensor": 4 * d**3 + 4 * d**2}[network]
    return step, step * T


def path_lengths(pairs, T):
    found = [0] * (T + len(pairs))
    for j in reversed(range(len(pairs))):
        for child in pairs[j]:
            found[child] = found[T + j] + 1
    return found[:T]


def tree_lstm_node(x, h, c, W, U, b, shared=False):
    n = len(U)
    a, s = np.split(x @ W + b, 4), np.split(h.sum(axis=0) @ U, 4)
    f = sigmoid(a[1] + (s[1] if shared else h @ U[:, n : 2 * n]))
    new = sigmoid(a[0] + s[0]) * np.tanh(a[2] + s[2]) + (f * c).sum(axis=0)
    return sigmoid(a[3] + s[3]) * np.tanh(new), new


def rejection(scores, is_top, efficiency):
    cut = np.quantile(scores[is_top], 1 - efficiency)
    share = np.mean(scores[~is_top] >= cut)
    return 1 / share if share else float("inf")


XOR = (np.array([[0.0, -4.0], [0.0, 0.0]])[:, :, np.newaxis], np.zeros((2, 1)), np.zeros(1))
AND = (np.array([[4.0], [4.0]]), np.array([-4.0]))
LOG = "| changed | validation F1 | note |\n| --- | --- | --- |\n| bag | 0.64 | none |\n| LSTM | 0.89 | 48 units |\n"
COUNTS = {"data": "kit", "tp": 450, "fp": 60, "fn": 50, "tn": 440}
FIGURES = {
    "recursive scheme": (tree_drawings.recursive_scheme, (LAYER,), ([*LAYER[:-1], ("c2", "p")],)),
    "tensor scheme": (tree_drawings.tensor_scheme, (LAYER,), ([*LAYER, ("p", "join1")],)),
    "two trees": (tree_drawings.two_trees, (drawing,), (lambda pairs, T: [("x0", "x1"), ("x1", "x0")],)),
    "chain and tree": (tree_networks.chain_and_tree, (root,), (lambda x, pairs, W, b: x[0],)),
    "surfaces": (lambda node: tree_networks.surfaces(node, (0.0, -4.0)), (tensor_node,), (lambda *a: np.zeros(1),)),
    "costs": (tree_networks.costs_and_paths, (costs, path_lengths), (lambda n, d, T: (1, 1), lambda p, T: [1] * T)),
    "Tree-LSTM": (tree_networks.remembered_children, (tree_lstm_node,),
                  (lambda *a: tree_lstm_node(*a, shared=True),)),
    "gates": (tree_networks.gates_in_the_plane, (AND, XOR), (AND, (-XOR[0], *XOR[1:]))),
    "rejection": (top_tagging.curve, (rejection,), (lambda s, t, e: 1 / rejection(s, t, e),)),
    "tries": (tuning.tries, (LOG, COUNTS), (LOG.replace("0.89", "0.29"), COUNTS)),
}  # fmt: skip


@pytest.mark.parametrize("draw,right,wrong", FIGURES.values(), ids=FIGURES)
def test_figure_shows_what_was_answered(draw, right, wrong):
    """Right and wrong answers give different pictures and different texts; a stub gives a sentence."""
    good, bad, nothing = draw(*right), draw(*wrong), draw(*[None] * len(right))

    assert good.png and bad.png and nothing.png is None
    assert good.png != bad.png
    assert good.alt != bad.alt
    assert len(good.alt) > 80 and len(good.caption) > 40
    assert "appears when E22." in nothing.caption


@pytest.mark.parametrize("draw,right,wrong", FIGURES.values(), ids=FIGURES)
@pytest.mark.parametrize(
    "strange", ["a text", 7, np.ones(3), lambda *a: 1 / 0], ids=["text", "number", "array", "fails"]
)
def test_strange_answer_leaves_the_notebook_running(draw, right, wrong, strange):
    """Something to read comes back whatever the answer is."""
    assert draw(*[strange] * len(right)).caption


def test_backward_outputs_are_drawn():
    """It needs no answer."""
    assert "Turned round" in tuning.three_orders().alt


RUN = {"seed": 0, "units": 20, "parameters": 2397, "epochs": 40, "learned": 1.0, "seconds": 9.0}
COMPARED = {
    "about": {
        "trained_on": [1, 2],
        "tests": {str(k): {"formulas": 500, "words": 1.8 * k, "height": 2.0 * np.log2(k)} for k in (4, 6, 12, 20)},
    },
    "runs": [
        {**RUN, "network": network, "accuracy": {"4": 0.9 + s, "6": 0.8, "12": 0.6, "20": 0.5}}
        for network in ("recursive net", "tensor network", "Tree-LSTM", "LSTM")
        for s in (0.0, 0.02)
    ],
}


def test_runs_are_drawn_and_listed():
    """Means over the seeds stand in the text of the figure, and in the table with their spread."""
    shown, listed = tree_runs.accuracy_by_length(COMPARED), tree_runs.table(COMPARED).splitlines()

    assert "LSTM: 0.910, 0.800, 0.600, 0.500" in shown.alt
    assert ["recursive net", "tensor network", "Tree-LSTM", "LSTM"] == [line[:15].strip() for line in listed[1:5]]
    assert all("0.910 ±0.010" in line for line in listed[1:5])


ADDS = {
    "recursive net": 35 * 2 * 20 * 20,
    "tensor network": 35 * (40 * 20 + 20 * (40 * 40 + 40)),
    "Tree-LSTM": 36 * 8 * 80 + 35 * 40 * 100,
    "LSTM": 36 * (8 + 20) * 80,
}


@pytest.mark.parametrize("network", ADDS)
def test_multiply_adds_are_those_of_the_matrices(network):
    """Each matrix once a step: (2n, n); with (2n, 2n, n) and 2n a slice; (m, 4n) and (2n, 5n); (m + n, 4n)."""
    assert ADDS[network] == tree_runs.multiply_adds({"network": network, "units": 20}, 36)
