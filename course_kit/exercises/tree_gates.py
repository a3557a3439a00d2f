"""Notebook 22, more on trees: a node of a Tree-LSTM, E22.7, and what only a product of the children can do, E22.8."""

import numpy as np

from course_kit.checking import Exercise, expect, require
from course_kit.exercises.closed import some_of
from course_kit.exercises.random_trees import nested, random_pairs
from course_kit.reference.activations import sigmoid
from course_kit.reference.lstm import lstm_step
from course_kit.reference.trees import recursive_forward

E22_7 = Exercise(
    "E22.7",
    "A Tree-LSTM's node",
    slides=("D1.32",),
    names=("tree_lstm_node",),
    hints=(
        "The gates i and o and the candidate see the sum of the children's h. A forget gate sees one child, and "
        "there is one for each.",
        "h_sum = h.sum(axis=0); blocks i, f, c, o of x @ W + b and of h_sum @ U; f = sigmoid(a_f + h @ U_f), (K, n); "
        "c_new = i * np.tanh(...) + (f * c).sum(axis=0); return o * np.tanh(c_new), c_new.",
    ),
)


def tree_node(x, h, c, W, U, b, shared=False, bare=False):
    """h and c of a child-sum node; ``shared`` and ``bare`` make wrong forms of its forget gates."""
    n = len(U)
    h_sum = h.sum(axis=0)
    a_i, a_f, a_c, a_o = np.split(x @ W + b, 4)
    U_i, U_f, U_c, U_o = np.split(U, 4, axis=1)
    f = sigmoid(a_f + (np.tile(h_sum, (len(h), 1)) if shared else h) @ U_f)
    new = sigmoid(a_i + h_sum @ U_i) * np.tanh(a_c + h_sum @ U_c) + ((f * c).sum(axis=0) if not bare else np.zeros(n))
    return sigmoid(a_o + h_sum @ U_o) * np.tanh(new), new


def dealt(draw, children: int):
    m, n = draw.sizes()
    x, h, c = draw.normal(m), draw.uniform(-1, 1, children, n), draw.normal(children, n)
    return x, h, c, draw.normal(m, 4 * n), draw.normal(n, 4 * n), draw.normal(4 * n)


@E22_7.case("three children")
def _(answer, draw):
    x, h, c, W, U, b = dealt(draw, 3)
    new = tree_node(x, h, c, W, U, b)
    mean = tree_node(x, h / 3, c / 3, W, U, b)
    known = {
        "one forget gate for all came from the sum; each child has its own, from its own h": tree_node(
            x, h, c, W, U, b, shared=True
        ),
        "nothing of the children's c is kept": tree_node(x, h, c, W, U, b, bare=True),
        "the children's h and c were averaged; they are added": mean,
        "only the first child was used": tree_node(x, h[:1], c[:1], W, U, b),
        "the bias is missing": tree_node(x, h, c, W, U, 0 * b),
        "the order is exchanged: return h, then c": (new[1], new[0]),
    }
    expect(answer.tree_lstm_node(x, h, c, W, U, b), new, "h, c", known=known)


@E22_7.case("a leaf has no children", hint="h and c are (0, n) then; their sums over axis 0 are zeros of (n,).")
def _(answer, draw):
    x, h, c, W, U, b = dealt(draw, 0)
    expect(answer.tree_lstm_node(x, h, c, W, U, b), tree_node(x, h, c, W, U, b), "h, c")


@E22_7.case("one child is an LSTM's step", hint="The blocks stand in Keras' order i, f, c, o.")
def _(answer, draw):
    x, h, c, W, U, b = dealt(draw, 1)
    new_h, new_c = lstm_step(x[np.newaxis], h, c, W, U, b)
    expect(answer.tree_lstm_node(x, h, c, W, U, b), (new_h[0], new_c[0]), "h, c")


E22_8 = Exercise(
    "E22.8",
    "What the product is for",
    slides=("D1.31",),
    names=("and_weights", "xor_weights", "not_without"),
    hints=(
        "Write the table of the operator with 1 and -1. Is there a line in the plane of (a, b) with the true pairs on "
        "one side? And what is a times b in each row?",
        "and: W = (k, k), b = -k for a k of 3 or more. xor is -a b: a V with one entry off the diagonal, W and b zero.",
    ),
)

LEAST = 0.9  # of |p|: nearer to 0 a value is lost within a few levels


def told(values) -> str:
    return ", ".join("true" if value > 0 else "false" for value in values)


def as_arrays(obtained, shapes: dict[str, tuple[int, ...]], what: str) -> list[np.ndarray]:
    """The student's weights as arrays of these shapes."""
    listed = ", ".join(f"{name} {shape}" for name, shape in shapes.items())
    right = isinstance(obtained, tuple | list) and len(obtained) == len(shapes)
    require(right, f"{what} must be a tuple of {len(shapes)} arrays: {listed}.")
    found = []
    for value, (name, shape) in zip(obtained, shapes.items(), strict=True):
        right = isinstance(value, np.ndarray) and value.shape == shape and value.dtype.kind in "biuf"
        require(right, f"{name} in {what} must be an array of numbers of shape {shape}.")
        require(np.isfinite(value).all(), f"{name} in {what} holds a number that is not finite.")
        found.append(value.astype(float))
    return found


def holds(what: str, operator, W, b, V=None) -> None:
    """The four rows of the table, with values that are as far from 0 as a node's own."""
    for size in (1.0, LEAST):
        for a in (1.0, -1.0):
            for c in (1.0, -1.0):
                p = recursive_forward((0, 1), np.array([[size * a], [size * c]]), W, b, V)[-1, 0]
                right = operator(a > 0, c > 0)
                pair = f"{what} of {size * a:g} and {size * c:g}"
                require((p > 0) == right, f"{pair} is {p:.3f}, and {told([1 if right else -1])} is due.")
                require(abs(p) >= LEAST, f"{pair} is {p:.3f}: the sign is right, and |p| must be at least {LEAST}.")


@E22_8.case("and, without a product")
def _(answer, draw):
    W, b = as_arrays(answer["and_weights"], {"W": (2, 1), "b": (1,)}, "and_weights")
    holds("and", lambda a, c: a and c, W, b)


@E22_8.case("xor, with a product", hint="-a b is positive where just one of the two is true.")
def _(answer, draw):
    V, W, b = as_arrays(answer["xor_weights"], {"V": (2, 2, 1), "W": (2, 1), "b": (1,)}, "xor_weights")
    holds("xor", lambda a, c: a != c, W, b, V)


@E22_8.case("the parity of a random tree", hint="Values must not fade from level to level: take larger weights.")
def _(answer, draw):
    V, W, b = as_arrays(answer["xor_weights"], {"V": (2, 2, 1), "W": (2, 1), "b": (1,)}, "xor_weights")
    for leaves in (5, 17, 40):
        x = np.where(draw.uniform(0, 1, leaves, 1) < 0.5, -1.0, 1.0)
        p = recursive_forward(nested(random_pairs(draw, leaves), leaves), x, W, b, V)[-1, 0]
        odd = int((x > 0).sum()) % 2 == 1
        sentence = f"over a tree of {leaves} leaves, {int((x > 0).sum())} of them true, the root is {p:.3f}"
        require((p > 0) == odd and abs(p) >= LEAST, f"{sentence}, and {told([1 if odd else -1])} is due.")


@E22_8.case(
    "what cannot be had without", hint="Draw the four points (a, b), and try to part true from false by a line."
)
def _(answer, draw):
    obtained = some_of(answer["not_without"], "abcde", "not_without")
    known = {
        "one more cannot: of two that part the points crosswise you named one": "c",
        "one more cannot, beside the one you named": "e",
        "what a line can part, a node without a product can compute": "cde",
        "these can be had: a line parts the true points from the false": "ab",
    }
    expect(obtained, "ce", "not_without", reveal=False, known=known)
