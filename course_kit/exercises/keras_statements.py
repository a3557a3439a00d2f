"""Notebook 22, item 5: sixteen statements on Keras' recurrent layers, each with an experiment."""

import numpy as np

from course_kit.checking import Exercise, expect, require
from course_kit.exercises.keras_experiments import sixteen
from course_kit.reference import counts
from course_kit.reference.elman import elman_forward
from course_kit.reference.lstm import lstm_forward

# What is true, and what the experiment shows. The statements themselves stand in the notebook.
TRUTH = (
    (True, "1: one step gives tanh(x W + b)"),
    (False, "2: the bias has two rows, 2 times 3n, so there are 3n more parameters than on the slide"),
    (False, "3: the second quarter of the bias, that of the forget gate, is 1"),
    (True, "4: with weights stacked in this order the layer gives what the formulas give"),
    (False, "5: three arrays come back: the output, h and c, and the first two are equal"),
    (True, "6: with the update gate shut at 1 the state that comes out is the one that went in"),
    (False, "7: the second call starts where the first has ended"),
    (False, "8: both directions stand side by side, 2n numbers"),
    (True, "9: masked steps are skipped, so the result is that of the shorter sequence"),
    (False, "10: the first output belongs to the last input; nobody turns the outputs round"),
    (False, "11: outside training nothing is dropped"),
    (True, "12: all steps of a sequence have the same gaps"),
    (True, "13: unrolling writes the same steps down one by one"),
    (True, "14: one Dense layer is used at every step"),
    (True, "15: a list of cells is a stack: each cell reads what the one before gives"),
    (False, "16: the count has no room for peepholes: 4 (9 (m + n) n + n) with 3 by 3 kernels"),
)
T = 7

E22_5 = Exercise(
    "E22.5",
    "Keras Recurrent Layers (item 5)",
    slides=("D1.34",),
    names=("true_or_false",),
    hints=(
        "Run the experiment that stands below the statement, and put numbers of your own into it.",
        "Eight are true. The pages of SimpleRNN, LSTM, GRU, Bidirectional, TimeDistributed, ConvLSTM2D say the rest.",
    ),
    limit=60.0,
)


@E22_5.case("the sixteen answers")
def _(answer, draw):
    obtained = answer["true_or_false"]
    require(
        isinstance(obtained, str), 'true_or_false must be a text of sixteen letters T and F, "TTFF TFTF TTFF TFTF".'
    )
    letters = "".join(obtained.upper().split())
    require(set(letters) <= {"T", "F"}, f"true_or_false must be made of the letters T and F. Got {obtained[:40]!r}.")
    require(len(letters) == len(TRUTH), f"true_or_false has {len(letters)} letters; there are {len(TRUTH)} statements.")
    wrong = [k for k, (true, _) in enumerate(TRUTH) if (letters[k] == "T") != true]
    if wrong:
        # One at a time: who is told all places has all answers.
        more = f", and {len(wrong) - 1} of the others" if len(wrong) > 1 else ""
        require(False, f"your answer to statement {wrong[0] + 1} is wrong{more}.", known=TRUTH[wrong[0]][1])


@E22_5.case(
    "the sixteen experiments, run again", hint="A cell of the notebook has changed Keras: restart, and run all."
)
def _(answer, draw):
    m, n = draw.sizes()
    x, h0 = draw.normal(2, T, m), draw.normal(2, n)
    W, U, b = draw.normal(m, n), draw.normal(n, n, scale=0.5), draw.normal(n)
    W4, U4, b4 = draw.normal(m, 4 * n), draw.normal(n, 4 * n, scale=0.5), draw.normal(4 * n)
    x2 = np.concatenate([x, np.zeros((2, 2, m))], axis=1)

    def net(x, h0=0 * h0, W=W):
        return elman_forward(x, h0, W, U, b, np.eye(n), np.zeros(n))[1]

    zeros = np.zeros((2, n))
    h, c = (states[:, -1] for states in lstm_forward(x, zeros, zeros, W4, U4, b4))
    first = net(x)[:, -1]
    expected = [
        np.tanh(x[:, 0] @ W + b),
        counts.parameters(counts.gru(m, n, reset_after=True)),
        np.repeat([0.0, 1.0, 0.0, 0.0], n),
        lstm_forward(x, zeros, zeros, W4, U4, b4)[0],
        [h, h, c],
        h0,
        [first, net(x, first)[:, -1]],
        [2, 2 * n],
        first,
        net(x[:, ::-1]),
        first,
        [np.zeros((40, T, m)), np.array([0.0, 2.0])],
        first,
        3 * m + 3,
        net(net(x), W=U)[:, -1],
        4 * (9 * (m + n) * n + n),
    ]
    obtained = answer.probe(sixteen, x, x2, h0, W, U, b, W4, U4, b4)
    whole = isinstance(obtained, list) and len(obtained) == len(expected)
    require(whole, "the experiments gave no list of sixteen results.")
    for number, (mine, due) in enumerate(zip(obtained, expected, strict=True), 1):
        expect(mine, due, f"what Keras gives in experiment {number}", tolerance=1e-6)
