"""Notebook 08: the LSTM, gate by gate. The four steps of a cell, E08.1-E08.4, are here; the others are imported."""

import numpy as np

from course_kit.checking import Exercise, expect
from course_kit.exercises.lstm_notations import E08_6, E08_7
from course_kit.exercises.lstm_watched import E08_8, E08_9
from course_kit.exercises.lstm_whole import E08_5
from course_kit.reference.activations import sigmoid
from course_kit.reference.lstm import lstm_gates

__all__ = ["E08_1", "E08_2", "E08_3", "E08_4", "E08_5", "E08_6", "E08_7", "E08_8", "E08_9"]


def far(n):
    """Biases that drive a gate to its ends, where exp(800) overflows: +800, -800, +800, ..."""
    return np.where(np.arange(n) % 2, -800.0, 800.0)


E08_1 = Exercise(
    "E08.1",
    "Forget gate",
    slides=("D1.17", "D3.19", "D5.9"),
    names=("forget_gate",),
    hints=(
        "Three terms are added before the logistic function: from the input, from the previous h, and the bias.",
        "sigmoid(x @ W_f + h @ U_f + b_f), with rows as examples: x is (N, m), W_f (m, n).",
    ),
)


@E08_1.case("values")
def _(answer, draw):
    m, n = draw.sizes()
    x, h = draw.normal(2, m), draw.normal(2, n)
    W, U, b = draw.normal(m, n), draw.normal(n, n), draw.normal(n)
    expect(
        answer.forget_gate(x, h, W, U, b),
        sigmoid(x @ W + h @ U + b),
        "f",
        known={
            "the bias b_f is missing": sigmoid(x @ W + h @ U),
            "the recurrent matrix is transposed": sigmoid(x @ W + h @ U.T + b),
            "the previous h is left out": sigmoid(x @ W + b),
            "the logistic function is missing": x @ W + h @ U + b,
            "the logistic function is missing, tanh stands in its place": np.tanh(x @ W + h @ U + b),
            "1 - f came back (the sign of the argument)": sigmoid(-(x @ W + h @ U + b)),
        },
    )


@E08_1.case(
    "fully open and fully shut", hint="Written as 1 / (1 + exp(-a)) it overflows; use the sigmoid of the notebook."
)
def _(answer, draw):
    m, n = draw.sizes()
    x, h = draw.normal(2, m), draw.normal(2, n)
    W, U, b = draw.normal(m, n), draw.normal(n, n), far(n)
    expect(answer.forget_gate(x, h, W, U, b), sigmoid(x @ W + h @ U + b), "f for a bias of +800 or -800")


@E08_1.case("the second block of a stacked LSTM")
def _(answer, draw):
    m, n = draw.sizes()
    x, h = draw.normal(2, m), draw.normal(2, n)
    W, U, b = draw.normal(m, 4 * n), draw.normal(n, 4 * n), draw.normal(4 * n)
    _, f, _, _ = lstm_gates(x, h, W, U, b)
    block = slice(n, 2 * n)
    expect(answer.forget_gate(x, h, W[:, block], U[:, block], b[block]), f, "f")


E08_2 = Exercise(
    "E08.2",
    "Input gate and candidate",
    slides=("D1.18", "D3.20", "D5.10"),
    names=("input_gate_and_candidate",),
    hints=(
        "Two layers read the same x and h. One squashes into (0, 1), the other into (-1, 1): which is which?",
        "i is sigmoid(x @ W_i + h @ U_i + b_i), c_tilde is np.tanh of the like sum with W_c, U_c, b_c; "
        "return i, c_tilde.",
    ),
)


@E08_2.case("values")
def _(answer, draw):
    m, n = draw.sizes()
    x, h = draw.normal(2, m), draw.normal(2, n)
    W_i, U_i, b_i = draw.normal(m, n), draw.normal(n, n), draw.normal(n)
    W_c, U_c, b_c = draw.normal(m, n), draw.normal(n, n), draw.normal(n)
    a_i, a_c = x @ W_i + h @ U_i + b_i, x @ W_c + h @ U_c + b_c
    i, c_tilde = sigmoid(a_i), np.tanh(a_c)
    expect(
        answer.input_gate_and_candidate(x, h, W_i, U_i, b_i, W_c, U_c, b_c),
        (i, c_tilde),
        "i, c_tilde",
        known={
            "the order is exchanged: return i first, then c_tilde": (c_tilde, i),
            "the two squashing functions are exchanged: i is a share in (0, 1)": (np.tanh(a_i), sigmoid(a_c)),
            "c_tilde went through the logistic function; the 'th' of D1.18 is tanh": (i, sigmoid(a_c)),
            "'th' of D1.18 was read as a threshold; it is tanh": (i, (a_c > 0).astype(float)),
            "both read W_i, U_i, b_i": (i, np.tanh(a_i)),
            "i is already multiplied in: that is done on the next slide": (i, i * c_tilde),
            "the biases are missing": (sigmoid(a_i - b_i), np.tanh(a_c - b_c)),
            "U_i and U_c are transposed": (sigmoid(x @ W_i + h @ U_i.T + b_i), np.tanh(x @ W_c + h @ U_c.T + b_c)),
        },
    )


@E08_2.case("at both ends of the squashing functions")
def _(answer, draw):
    m, n = draw.sizes()
    x, h = draw.normal(2, m), draw.normal(2, n)
    W_i, U_i, W_c, U_c = draw.normal(m, n), draw.normal(n, n), draw.normal(m, n), draw.normal(n, n)
    b = far(n)
    expect(
        answer.input_gate_and_candidate(x, h, W_i, U_i, b, W_c, U_c, -b),
        (sigmoid(x @ W_i + h @ U_i + b), np.tanh(x @ W_c + h @ U_c - b)),
        "i for a bias of +800 or -800, c_tilde for a bias of +800 or -800",
    )


E08_3 = Exercise(
    "E08.3",
    "Cell state",
    slides=("D1.19", "D3.21", "D4.40", "D5.8", "D5.11"),
    names=("new_cell_state",),
    hints=(
        "The star on the slides multiplies entry by entry. Two products are added, and nothing squashes the sum.",
        "f * c + i * c_tilde, as a new array.",
    ),
)


@E08_3.case("values")
def _(answer, draw):
    (n,) = draw.sizes(1)
    c, c_tilde = draw.normal(2, n, scale=2.0), draw.uniform(-1, 1, 2, n)
    f, i = draw.uniform(0, 1, 2, n), draw.uniform(0, 1, 2, n)
    expect(
        answer.new_cell_state(f, c, i, c_tilde),
        f * c + i * c_tilde,
        "c",
        known={
            "the gates are exchanged: f belongs to the old state, i to the candidate": i * c + f * c_tilde,
            "the state was squashed; the conveyor has no tanh": np.tanh(f * c + i * c_tilde),
            "the input gate is missing": f * c + c_tilde,
            "the forget gate is missing (this is the cell of 1997)": c + i * c_tilde,
            "the old state is lost": i * c_tilde,
            "1 - f stands in place of i; an LSTM learns i by itself": f * c + (1 - f) * c_tilde,
            "1 - f came to the old state: f = 1 means keep": (1 - f) * c + i * c_tilde,
        },
    )


@E08_3.case("f = 1 and i = 0 keep c to the last bit")
def _(answer, draw):
    (n,) = draw.sizes(1)
    c, c_tilde = draw.normal(2, n, scale=2.0), draw.uniform(-1, 1, 2, n)
    obtained = answer.new_cell_state(np.ones((2, n)), c, np.zeros((2, n)), c_tilde)
    expect(obtained, c, "c for f = 1 and i = 0", tolerance=0.0)


@E08_3.case("f = 0 and i = 1 replace c to the last bit")
def _(answer, draw):
    (n,) = draw.sizes(1)
    c, c_tilde = draw.normal(2, n, scale=2.0), draw.uniform(-1, 1, 2, n)
    obtained = answer.new_cell_state(np.zeros((2, n)), c, np.ones((2, n)), c_tilde)
    expect(obtained, c_tilde, "c for f = 0 and i = 1", tolerance=0.0)


E08_4 = Exercise(
    "E08.4",
    "Output",
    slides=("D1.20", "D3.22", "D4.38", "D5.12"),
    names=("cell_output",),
    hints=(
        "The gate o is a fourth layer on x and the previous h. What it lets through is tanh(c), c being the new state.",
        "o = sigmoid(x @ W_o + h @ U_o + b_o); return o, o * np.tanh(c).",
    ),
)


@E08_4.case("values")
def _(answer, draw):
    m, n = draw.sizes()
    x, h, c = draw.normal(2, m), draw.normal(2, n), draw.normal(2, n, scale=2.0)
    W, U, b = draw.normal(m, n), draw.normal(n, n), draw.normal(n)
    o = sigmoid(x @ W + h @ U + b)
    no_bias = sigmoid(x @ W + h @ U)
    transposed = sigmoid(x @ W + h @ U.T + b)
    on_state = sigmoid(x @ W + c @ U + b)
    expect(
        answer.cell_output(x, h, c, W, U, b),
        (o, o * np.tanh(c)),
        "o, h",
        known={
            "the order is exchanged: return o first, then h": (o * np.tanh(c), o),
            "c was multiplied by tanh(c), as the words of D3.22 have it; tanh is applied to c": (o, o * c * np.tanh(c)),
            "the tanh around c is missing": (o, o * c),
            "tanh went around the product; it belongs to c alone": (o, np.tanh(o * c)),
            "tanh went around o; it belongs to c": (o, np.tanh(o) * c),
            "c went through the logistic function; tanh is due": (o, o * sigmoid(c)),
            "the previous h was squashed; the new state c is due": (o, o * np.tanh(h)),
            "the gate o reads the state c; it reads the previous h": (on_state, on_state * np.tanh(c)),
            "the bias b_o is missing": (no_bias, no_bias * np.tanh(c)),
            "the recurrent matrix is transposed": (transposed, transposed * np.tanh(c)),
        },
    )


@E08_4.case("a shut gate")
def _(answer, draw):
    m, n = draw.sizes()
    x, h, c = draw.normal(2, m), draw.normal(2, n), draw.normal(2, n, scale=2.0)
    W, U, b = draw.normal(m, n), draw.normal(n, n), np.full(n, -800.0)
    expect(answer.cell_output(x, h, c, W, U, b), (np.zeros((2, n)), np.zeros((2, n))), "o, h")


@E08_4.case("a large state")
def _(answer, draw):
    m, n = draw.sizes()
    x, h, c = draw.normal(2, m), draw.normal(2, n), draw.normal(2, n, scale=1000.0)
    W, U, b = draw.normal(m, n), draw.normal(n, n), draw.normal(n)
    o = sigmoid(x @ W + h @ U + b)
    expect(answer.cell_output(x, h, c, W, U, b), (o, o * np.tanh(c)), "o, h for c of the order of 1000")
