"""Figures of notebook 15: they speak without eyes, look wrong for a wrong answer, and survive any answer."""

import numpy as np
import pytest

from course_kit.datasets.moving_squares import moving_squares
from course_kit.plots import variants, variants_dense, variants_runs
from tests.exercises.test_proofs import namespace


def right(name):
    return namespace("15", solved=True)[name]


def no_link(x, h, c, c_below, lstm, gate):
    return right("lstm_step")(x, h, c, *lstm)


def one_dimension_only(h_1, h_2, m_1, m_2, W_1, W_2, b_1, b_2):
    return right("grid_block")(h_1, h_2, m_1, m_2, W_1, W_1, b_1, b_1)


def first_lane(x, h, c, W, U, b):
    h, c = right("array_lstm_step")(x, h, c, W, U, b)
    return h / c.shape[1], c


# figure of an answer, its name, a wrong one
FIGURES = {
    "E15.1": (variants.walk, "conv_lstm_step", lambda x, h, c, W, U, b: (0.5 * h + x, c)),
    "E15.2": (lambda answer: variants.let_up(answer, (-8.0, -1.0, 2.0)), "depth_gated_layer", no_link),
    "E15.3": (lambda answer: variants.mirror(answer, right("mirrored")), "grid_block", one_dimension_only),
    "E15.4": (variants.lanes, "array_lstm_step", first_lane),
    "E15.5": (
        lambda answer: variants_dense.widths(answer, right("dense_bilstm_count")),
        "input_widths",
        lambda m, n, L: [m + n * k for k in range(L)],
    ),
}
DICTS = {"papers": "bedac", "ideas": "sptrq"}


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


def test_right_answers_show_what_the_text_says():
    """The letter goes six places less one, the two maps mirror each other, three lanes start at three times tanh(1)."""
    walked = variants.walk(right("conv_lstm_step"))
    mirrored = variants.mirror(right("grid_block"), right("mirrored"))
    lanes = variants.lanes(right("array_lstm_step"))

    assert "weight above left: 5 points, from (5, 5) on" in walked.alt
    assert "weight in the middle: 5 points, from (0, 0) on" in walked.alt
    assert float(mirrored.alt.rsplit(" ", 1)[1].rstrip(".")) < 1e-12
    assert "largest h 2.28" in lanes.alt


def papers_and_ideas(**changed):
    return [dict(zip(variants_dense.NUMBERS, {**DICTS, **changed}[name], strict=True)) for name in DICTS]


def test_time_line_is_drawn_from_the_answers():
    """Each line has the student's name and idea; exchanged letters show."""
    shown, spoilt = (variants_dense.when(*papers_and_ideas(**c)) for c in ({}, {"ideas": "pstrq"}))

    assert "1802.00889 dense BiLSTM, all layers below" in shown.alt
    assert shown.png != spoilt.png
    assert "1506.04214 ConvLSTM, depth with a memory" in spoilt.alt


@pytest.mark.parametrize("answer", [None, 3, {"1506.04214": "b"}])
def test_time_line_needs_both_dicts(answer):
    """Whatever stands there, "run all" goes on."""
    assert variants_dense.when(answer, {}).png is None


def test_film_and_runs_are_drawn():
    """The figures that no answer feeds: a film, and runs whose means are said in the text alternative."""
    runs = [
        {"task": task, "net": net, "seed": seed, "parameters": 10, "score": score + seed}
        for task in ("one", "two", "three")
        for net, score in (("new", 1.0), ("LSTM", 2.0))
        for seed in range(3)
    ]

    film = variants_runs.film(moving_squares(1, seed=0).x[0])
    tasks = ("one", "two", "three")
    record = {"runs": runs, "guesses": dict.fromkeys(tasks, 9.0), "measures": dict.fromkeys(tasks, "errors")}
    shown = variants_runs.all_runs(record)

    assert film.png and "6 pictures" in film.alt
    assert shown.png and "two, LSTM: 3 (2 to 4)" in shown.alt
