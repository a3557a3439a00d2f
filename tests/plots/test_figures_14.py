"""Figures of notebook 14: they speak without eyes, look wrong for a wrong answer, and survive any answer."""

import numpy as np
import pytest

from course_kit.plots import gomez as figures
from course_kit.reference import gomez
from course_kit.reference.bptt import central_differences


def first_step(x, W, b):
    return gomez.step(x, 0.0, 0.0, W, np.zeros(4), b)


def backward_last(label, now, before, W, U):
    return gomez.backward_step(label, now, before, gomez.NO_LATER, W, U)


def sum_up(x, out, d_gates):
    return x.T @ d_gates, out[:-1] @ d_gates[1:], d_gates.sum(axis=0)


def update(W, U, b, dW, dU, db, rate):
    return W - rate * dW, U - rate * dU, b - rate * db


def differences(x, labels, W, U, b, step):
    return (
        central_differences(lambda w: gomez.loss(x, labels, w, U, b), W, step),
        central_differences(lambda w: gomez.loss(x, labels, W, w, b), U, step),
        central_differences(lambda w: gomez.loss(x, labels, W, U, w), b, step),
    )


def truncated(*given):
    return gomez.gradients(*given, truncated=True)


# figure of one answer, the right answer, a wrong one
FIGURES = {
    "E14.1": (figures.one_step, first_step, lambda x, W, b: first_step(x, W, 0 * b)),
    "E14.2": (
        lambda f: figures.two_steps(first_step, f),
        gomez.step,
        lambda x, out, state, W, U, b: gomez.step(x, 0.0, state, W, U, b),
    ),
    "E14.3": (
        figures.slopes_of_the_last_step,
        backward_last,
        lambda label, now, before, W, U: backward_last(label, before, now, W, U),
    ),
    "E14.4": (
        lambda f: figures.there_and_back(backward_last, f),
        gomez.backward_step,
        lambda label, now, before, later, W, U: backward_last(label, now, before, W, U),
    ),
    "E14.5": (lambda f: figures.training(sum_up, f), update, lambda W, U, b, dW, dU, db, rate: (W, U, b)),
    "E14.6": (
        lambda f: figures.step_sizes(f, gomez.gradients),
        differences,
        lambda *given: tuple(2 * g for g in differences(*given)),
    ),
    "E14.7": (lambda f: figures.out_of_reach(gomez.floor, f), gomez.largest_out, lambda t: 0.5),
    "E14.8": (figures.truncation, truncated, gomez.gradients),
}


@pytest.mark.parametrize("exercise", FIGURES)
def test_wrong_answer_gives_another_picture(exercise):
    """The picture is drawn from the answer, not from the reference."""
    figure, right, wrong = FIGURES[exercise]

    shown, spoilt = figure(right), figure(wrong)

    assert shown.png and spoilt.png
    assert shown.png != spoilt.png
    assert len(shown.alt) > 100
    assert shown.caption


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


def test_alt_texts_have_the_numbers():
    """What the figures of the example show is told."""
    assert "state 1.51763" in figures.two_steps(first_step, gomez.step).alt
    assert "state -0.05348" in figures.there_and_back(backward_last, gomez.backward_step).alt
    assert "0.03125 and 0.04089" in figures.out_of_reach(gomez.floor, gomez.largest_out).alt
    assert "W_f[0], W_f[1], U_a, U_i, U_f, U_o, b_f" in figures.truncation(truncated).alt
