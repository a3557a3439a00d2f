"""Notebook 08, how the slides write the cell: E08.6 and E08.7. ``e08_lstm_gate_by_gate`` collects the exercises."""

import numpy as np

from course_kit.checking import Exercise, expect, require
from course_kit.exercises.closed import some_of
from course_kit.reference.activations import sigmoid
from course_kit.reference.gate_order import to_concatenated, to_pair

E08_6 = Exercise(
    "E08.6",
    "[h,x] or W,U",
    slides=("D2.12", "D3.19", "D3.20", "D4.35", "D5.9", "D5.10"),
    names=("to_pair", "to_concatenated", "stack_for_keras"),
    hints=(
        "M has n rows and n + m columns. Its first n columns meet h, the others x. "
        "Examples as rows instead of columns: transpose.",
        "W = M[:, n:].T and U = M[:, :n].T with n = M.shape[0]; back: np.hstack([U.T, W.T]). "
        "For Keras join the four pairs along axis 1 in the order i, f, c, o.",
    ),
)


@E08_6.case("one matrix to a pair")
def _(answer, draw):
    m, n = draw.sizes()
    M = draw.normal(n, n + m)
    W, U = to_pair(M)
    expect(
        answer.to_pair(M),
        (W, U),
        "W, U",
        tolerance=0.0,
        known={
            "the order is exchanged: return W first, then U": (U, W),
            "x was taken to come first; the slide writes [h, x]": (M[:, :m].T, M[:, m:].T),
            "the transposing is missing: rows times W, not W times columns": (W.T, U.T),
            "U is not transposed": (W, U.T),
        },
    )


@E08_6.case("and back")
def _(answer, draw):
    m, n = draw.sizes()
    W, U = draw.normal(m, n), draw.normal(n, n)
    M = to_concatenated(W, U)
    expect(
        answer.to_concatenated(W, U),
        M,
        "M",
        tolerance=0.0,
        known={
            "x came first; the slide writes [h, x]": np.hstack([W.T, U.T]),
            "the transposing is missing: M stands on the left of a column, so it is (n, n + m)": M.T,
            "U is not transposed": np.hstack([U, W.T]),
        },
    )


@E08_6.case(
    "four matrices stacked for Keras",
    hint="Each matrix becomes a pair as before; the four pairs stand side by side, in Keras' order of the gates.",
)
def _(answer, draw):
    m, n = draw.sizes()
    M_f, M_i, M_C, M_o = (draw.normal(n, n + m) for _ in range(4))

    def stacked(*matrices):
        pairs = [to_pair(M) for M in matrices]
        return tuple(np.hstack(side) for side in zip(*pairs, strict=True))

    W, U = stacked(M_i, M_f, M_C, M_o)
    expect(
        answer.stack_for_keras(M_f, M_i, M_C, M_o),
        (W, U),
        "W, U",
        tolerance=0.0,
        known={
            "the slide's order f, i, C, o was kept; Keras has i, f, c, o": stacked(M_f, M_i, M_C, M_o),
            "c and o are exchanged; Keras has i, f, c, o": stacked(M_i, M_f, M_o, M_C),
            "the order is exchanged: return W first, then U": (U, W),
            "the blocks must stand side by side, (m, 4n), not below one another": tuple(
                np.vstack(np.split(a, 4, axis=1)) for a in (W, U)
            ),
        },
    )


E08_7 = Exercise(
    "E08.7",
    "Find the misprint",
    slides=("D2.12", "D2.14"),
    names=("misprint", "changed", "wiki_gates"),
    hints=(
        "Go through the lines with two questions: has each layer weights of its own, and what differs from the column "
        "on the left?",
        "The input gate is printed with the forget gate's weights, before and after the revision. So as printed "
        "i = sigmoid(x @ W_f + h @ U_f + b_i).",
    ),
)


def deal_two_gates(draw):
    m, n = draw.sizes()
    gates = [a for _ in range(2) for a in (draw.normal(m, n), draw.normal(n, n), draw.normal(n))]
    return draw.normal(2, m), draw.normal(2, n), *gates


LINES, WEIGHTS = ("Elman", "Jordan", "f", "i", "C~", "C", "o", "h"), ("W_f", "W_i", "W_C", "W_o")


@E08_7.case("the misprint")
def _(answer, draw):
    obtained = answer["misprint"]
    if isinstance(obtained, tuple | list) and len(obtained) == 3 and all(isinstance(o, str) for o in obtained):
        obtained = (obtained[0].strip().removesuffix("_t"), *obtained[1:])
        require(obtained[0] in LINES, f"the line must be one of {', '.join(LINES)}. Got {obtained[0][:40]!r}.")
        for weights in obtained[1:]:
            require(weights in WEIGHTS, f"weights must be one of {', '.join(WEIGHTS)}. Got {weights[:40]!r}.")
    expect(
        obtained,
        ("i", "W_f", "W_i"),
        "the line, the weights printed, the weights meant",
        reveal=False,
        known={
            "the second entry is what the wiki prints, the third what it means": ("i", "W_i", "W_f"),
            "the forget gate's line is right: it has its own weights": ("f", "W_f", "W_i"),
            "the candidate has its own weights W_C, as it should": ("C~", "W_C", "W_i"),
        },
    )


@E08_7.case(
    "what the revision changed",
    hint="Lay the two columns side by side and go through them line by line, weights and what they are applied to.",
)
def _(answer, draw):
    expect(
        some_of(answer["changed"], "abcde", "changed"),
        "abc",
        "changed",
        reveal=False,
        known={
            "d: look at the new line of i_t once more; its weights have not changed": "abcd",
            "e: o_t and h_t stand in the old text as well": "abce",
            "d and e are not so: compare the lines of i_t, o_t and h_t again": "abcde",
            "one more change is there: look at what the layers are applied to": "ab",
        },
    )


@E08_7.case(
    "the gates as printed", hint="Copy the two formulas of the wiki letter by letter: which weights, which bias?"
)
def _(answer, draw):
    x, h, W_f, U_f, b_f, W_i, U_i, b_i = deal_two_gates(draw)
    f = sigmoid(x @ W_f + h @ U_f + b_f)
    expect(
        answer.wiki_gates(x, h, W_f, U_f, b_f, W_i, U_i, b_i),
        (f, sigmoid(x @ W_f + h @ U_f + b_i)),
        "f, i",
        known={
            "this is the right cell; the wiki's formula, with its misprint, is asked for": (
                f,
                sigmoid(x @ W_i + h @ U_i + b_i),
            ),
            "the bias of i is b_i in the wiki, too; only the weights are misprinted": (f, f),
            "[h, x] is multiplied by one matrix, so the misprint takes U_f with it": (
                f,
                sigmoid(x @ W_f + h @ U_i + b_i),
            ),
            "the order is exchanged: return f first, then i": (sigmoid(x @ W_f + h @ U_f + b_i), f),
        },
    )


@E08_7.case("equal biases make the two gates one", hint="With the misprint the two gates differ in their bias alone.")
def _(answer, draw):
    x, h, W_f, U_f, b, W_i, U_i, _ = deal_two_gates(draw)
    f = sigmoid(x @ W_f + h @ U_f + b)
    expect(answer.wiki_gates(x, h, W_f, U_f, b, W_i, U_i, b.copy()), (f, f), "f, i for b_i = b_f")
