"""Notebook 21, what the renaming does not show: E21.2, three gate functions."""

import numpy as np

from course_kit.checking import Exercise, expect
from course_kit.exercises.closed import one_of
from course_kit.reference.activations import sigmoid
from course_kit.reference.hard_gates import GATES, keras1_gate, keras3_hard_gate, step

E21_2 = Exercise(
    "E21.2",
    "Changed without a word",
    slides=("D2.18",),
    names=("gate_keras1", "gate_keras3", "hard_gate_keras3", "lstm_step", "same_as_2016"),
    hints=(
        "Each is one line of NumPy. The two hard ones are straight lines through (0, 1/2), cut off at 0 and 1, of "
        "slope 1/5 and 1/6; the third is the logistic function.",
        "np.clip(0.2 * a + 0.5, 0, 1), np.clip(a / 6 + 0.5, 0, 1) and 0.5 * (1 + np.tanh(a / 2)). In the step the gate "
        "function stands in three places; the candidate and the output keep tanh.",
    ),
)
GRID = np.linspace(-4.0, 4.0, 161)


@E21_2.case("three functions on a grid")
def _(answer, draw):
    a = np.sort(np.concatenate([GRID, draw.uniform(-5, 5, 20)]))
    names = {
        "the gate of Keras 1, 0.2 a + 0.5 cut off": keras1_gate(a),
        "the logistic function, Keras 3's default": sigmoid(a),
        "the hard_sigmoid of Keras 3, a/6 + 0.5 cut off": keras3_hard_gate(a),
        "the straight line, not cut off at 0 and 1": 0.2 * a + 0.5,
        "the other straight line, not cut off at 0 and 1": a / 6 + 0.5,
        "tanh, which goes from -1 to 1": np.tanh(a),
    }
    for name, right in (
        ("gate_keras1", keras1_gate(a)),
        ("gate_keras3", sigmoid(a)),
        ("hard_gate_keras3", keras3_hard_gate(a)),
    ):
        known = {f"this is {what}": value for what, value in names.items() if not np.array_equal(value, right)}
        expect(answer.call(name, a), right, f"{name}(a)", tolerance=1e-7, known=known)


@E21_2.case(
    "far from zero",
    hint="Written as 1 / (1 + exp(-a)) the logistic function overflows; 0.5 * (1 + tanh(a / 2)) cannot.",
)
def _(answer, draw):
    a = np.array([-900.0, -3.0, -2.5, 0.0, 2.5, 3.0, 900.0])
    expect(answer.gate_keras1(a), keras1_gate(a), "gate_keras1(a)", tolerance=1e-7)
    expect(answer.gate_keras3(a), sigmoid(a), "gate_keras3(a)", tolerance=1e-7)
    expect(answer.hard_gate_keras3(a), keras3_hard_gate(a), "hard_gate_keras3(a)", tolerance=1e-7)


@E21_2.case("one step of an LSTM under each", hint="Only the three gates change; the candidate and h keep their tanh.")
def _(answer, draw):
    m, n = draw.sizes()
    x, h, c = draw.normal(2, m), draw.normal(2, n), draw.normal(2, n)
    W, U, b = draw.normal(m, 4 * n), draw.normal(n, 4 * n), draw.normal(4 * n)
    for which, gate in GATES.items():
        a_i, a_f, a_c, a_o = np.split(x @ W + h @ U + b, 4, axis=1)
        squashed = gate(a_f) * c + gate(a_i) * gate(a_c)
        right = step(x, h, c, W, U, b, gate)
        expect(
            answer.lstm_step(x, h, c, W, U, b, which),
            right,
            f'h for "{which}", c for "{which}"'.replace(" for", " under"),
            tolerance=1e-7,
            known={
                **{
                    f'this is the step under "{other}"': step(x, h, c, W, U, b, function)
                    for other, function in GATES.items()
                    if other != which
                },
                "the candidate went through the gate function; it keeps tanh": (
                    gate(a_o) * np.tanh(squashed),
                    squashed,
                ),
                "c came first; return h, c": right[::-1],
            },
        )


@E21_2.case("how to get the gates of 2016 in Keras 3", hint="What does keras.layers.LSTM take as recurrent_activation?")
def _(answer, draw):
    expect(
        one_of(answer["same_as_2016"], "abcd", "same_as_2016"),
        "c",
        "same_as_2016",
        known={
            "the default of Keras 3 is the logistic function: at a = 2.5 it says 0.92 where Keras 1 said 1": "a",
            'the function called "hard_sigmoid" in Keras 3 has the slope 1/6, that of Keras 1 had 1/5': "b",
            "the argument activation belongs to the candidate and to the output; the gates have another": "d",
        },
        reveal=False,
    )
