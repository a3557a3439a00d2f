"""Figures of notebook 11: they speak without eyes, look wrong for a wrong answer, and survive any answer."""

import numpy as np
import pytest

from course_kit.plots import gru, gru_claims, gru_diagram, peephole
from course_kit.reference.gru import gru_forward
from course_kit.reference.lstm import lstm_step
from course_kit.reference.peephole import peephole_step

RNG = np.random.default_rng(0)
GIVEN = tuple(RNG.normal(size=s) for s in ((2, 12, 4), (2, 3), (4, 9), (3, 9), (9,)))
KERAS = gru_forward(*GIVEN)


def slide_gru(*given):
    return gru_forward(*given, "write")


def from_keras(*weights):
    return tuple(a * np.repeat([-1.0, 1.0, 1.0], 3) for a in weights)


def stacked(W_ru, U_ru, b_ru, W_g, U_g, b_g):
    n = len(b_g)
    return tuple(np.concatenate([p[..., n:], p[..., :n], g], -1) for p, g in ((W_ru, W_g), (U_ru, U_g), (b_ru, b_g)))


def other_gru(x, h0, *weights):
    return gru_forward(x, h0, *stacked(*weights))


def either(x, h0, W, U, b, reset_after):
    return gru_forward(x, h0, W, U, b, reset_after=reset_after)


def submitted(number):
    return 2000 + int(number[:2]), int(number[2:4])


# figure of an answer, the right answer, a wrong one
FIGURES = {
    "E11.1": (peephole.clock, peephole_step, lambda x, h, c, W, U, b, p: lstm_step(x, h, c, W, U, b)),
    "E11.2": (
        lambda answer: gru.conventions(answer, from_keras, GIVEN, KERAS),
        slide_gru,
        lambda *given: gru_forward(*given),
    ),
    "E11.3": (gru.retention, other_gru, lambda x, h0, *w: gru_forward(x, h0, *stacked(*w), "write")),
    "E11.4": (gru.resets, either, lambda x, h0, W, U, b, after: either(x, h0, W, U, b[0] if after else b, False)),
    "E11.6": (gru_claims.timeline, submitted, lambda number: (int("20" + number[2:4]), int(number[:2]))),
}


@pytest.mark.parametrize("exercise", FIGURES)
def test_wrong_answer_gives_another_picture(exercise):
    """The picture is drawn from the answer, not from the reference."""
    figure, right, wrong = FIGURES[exercise]

    shown, spoilt = figure(right), figure(wrong)

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


def test_clock_strikes_every_ten_steps():
    """The hand-made weights do what the text of the notebook says of them."""
    W, U, b, p = peephole.clock_weights(10)
    h, c, strikes = np.zeros((1, 1)), np.zeros((1, 1)), []
    for t in range(1, 37):
        h, c = peephole_step(np.zeros((1, 1)), h, c, W, U, b, p)
        strikes += [t] if h[0, 0] > 0.5 else []

    assert [10, 20, 30] == strikes


def test_times_are_drawn_in_units_of_the_lstm():
    """Medians are said in the text alternative, and a call beyond the edge is counted."""
    times = {"LSTM": [1.0, 1.0, 9.0], "GRU": [0.7, 0.75, 0.8], "GRU, reset before": [1.0, 1.1, 1.2]}

    shown = gru_claims.timing({"training, n = 32": times})

    assert shown.png
    assert "training, n = 32, GRU: 0.75" in shown.alt


@pytest.mark.parametrize("measured", [{"training": None}, {"training": None, "prediction": None}])
def test_untouched_measure_gives_not_yet(measured):
    """While measure returns None there are no times."""
    assert "when E11.5 is answered" in gru_claims.timing(measured).caption


@pytest.mark.parametrize("measured", [{"training": {"LSTM": []}}, {"training": 3.0}, {"training": {"GRU": [1.0]}}])
def test_broken_times_give_a_sentence(measured):
    """Whatever measure returned, "run all" goes on."""
    assert 'See what check("E11.5") says' in gru_claims.timing(measured).caption


@pytest.mark.parametrize("draw", [peephole.cell_diagram, gru_diagram.cell_diagram, gru.shares])
def test_figure_without_an_answer(draw):
    """The figures that no answer feeds."""
    assert draw().png and len(draw().alt) > 100
