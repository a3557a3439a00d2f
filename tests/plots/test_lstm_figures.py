"""Figures of notebook 08: they speak without eyes, look wrong for a wrong answer, and survive any answer."""

import numpy as np
import pytest

from course_kit.datasets.bracket import bracket_lstm
from course_kit.plots import lstm, lstm_whole
from course_kit.reference.gate_order import reorder, to_concatenated, to_pair
from course_kit.reference.lstm import lstm_forward
from tests.exercises.test_proofs import namespace

RNG = np.random.default_rng(0)
SIZES = ((2, 7, 4), (2, 3), (2, 3), (4, 12), (3, 12), (12,))
GIVEN = tuple(RNG.normal(size=s) for s in SIZES)
KERAS = lstm_forward(*GIVEN)[0]


def right(name):
    return namespace("08", solved=True)[name]


# figure, right arguments, and the same with one wrong answer among them
FIGURES = {
    "E08.1": (lstm.forget_gate, "forget_gate", lambda x, h, W, U, b: 1 - right("forget_gate")(x, h, W, U, b)),
    "E08.2": (
        lstm.input_gate_and_candidate,
        "input_gate_and_candidate",
        lambda *a: right("input_gate_and_candidate")(*a)[::-1],
    ),
    "E08.3": (lstm.cell_state, "new_cell_state", lambda f, c, i, c_tilde: np.tanh(f * c + i * c_tilde)),
    "E08.4": (lstm.cell_output, "cell_output", lambda x, h, c, W, U, b: (c, c * np.tanh(c))),
    "E08.5": (
        lambda answer: lstm_whole.against_keras(answer, reorder, *GIVEN, KERAS),
        "lstm_forward",
        lambda x, h, c, W, U, b: lstm_forward(x, h, c, W[:, ::-1], U, b),
    ),
    "E08.6": (lambda answer: lstm_whole.notations(answer, to_concatenated), "to_pair", lambda M: to_pair(M)[::-1]),
    "E08.7": (lstm_whole.misprint, "wiki_gates", lambda x, h, W, U, b, V, X, d: (np.tanh(x @ W), np.tanh(x @ V))),
    "E08.8": (
        lambda answer: lstm_whole.conveyor(answer, right("gain_and_offset")),
        "ride",
        lambda c_0, f, u: np.tanh(f[:, 0] * c_0),
    ),
    "E08.9": (
        lambda answer: lstm_whole.gates(answer, right("best_unit"), "d", right("quantities"), bracket_lstm(), "((x)x)"),
        "gate_traces",
        lambda x, W, U, b: right("gate_traces")(x, W, -U, b),
    ),
}


@pytest.mark.parametrize("exercise", FIGURES)
def test_wrong_answer_gives_another_picture(exercise):
    """The picture is drawn from the answer, not from the reference."""
    figure, name, wrong = FIGURES[exercise]

    shown, spoilt = figure(right(name)), figure(wrong)

    assert shown.png and spoilt.png
    assert shown.png != spoilt.png
    assert len(shown.alt) > 100


@pytest.mark.parametrize("exercise", FIGURES)
def test_untouched_answer_gives_not_yet(exercise):
    """A stub that returns None puts a sentence in the figure's place."""
    shown = FIGURES[exercise][0](lambda *args: None)

    assert shown.png is None
    assert f"when {exercise} is answered" in shown.caption


@pytest.mark.parametrize("exercise", FIGURES)
@pytest.mark.parametrize("answer", [lambda *args: 1 / 0, lambda *args: "no array", lambda *args: np.zeros(99)])
def test_broken_answer_gives_a_sentence(exercise, answer):
    """An answer that cannot be drawn stops no "run all": the figure says so and sends back to the check."""
    shown = FIGURES[exercise][0](answer)

    assert shown.png is None
    assert f'See what check("{exercise}") says' in shown.caption
