"""Figures of notebook 09: they speak without eyes, look wrong for a wrong answer, and survive any answer."""

import numpy as np
import pytest

from course_kit.plots import carousel, clouds
from course_kit.reference import carousel as reference
from course_kit.reference.lstm1997 import lstm1997_forward


def no_forget(x, h0, c0, W, U, b):
    return lstm1997_forward(x, h0, c0, *(carousel.in_reference_order(a) for a in (W, U, b)))


def retention(*given):
    return np.cumprod(reference.forgetting_forward(*given)[2], axis=1)


BIAS = np.repeat([0.0, 1.0, 0.0, 0.0], 3)
# figure of one answer, the right answer, a wrong one
FIGURES = {
    "E09.1": (carousel.never_forgets, no_forget, lambda *given: tuple(0.9 * a for a in no_forget(*given))),
    "E09.2": (carousel.direct_and_total, reference.no_forget_derivatives, lambda x, c, *rest: (np.eye(len(c)),) * 2),
    "E09.3": (carousel.kept_by_a_run, retention, lambda *given: reference.forgetting_forward(*given)[2]),
    "E09.4": (lambda f: carousel.four_biases(f, reference.half_life), reference.bias_to_keep, lambda share, steps: 2.0),
    "E09.5": (
        lambda f: carousel.rounds(f, reference.fed_to_gates),
        reference.carousel,
        lambda e, f: reference.carousel(e, f**2),
    ),
    "E09.7": (lambda f: clouds.bias_blocks(BIAS, f), lambda bias: bias[3:6], lambda bias: bias[9:]),
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


def test_one_bias_is_drawn_for_the_slider():
    """The figure that the slider moves."""
    shown = carousel.one_bias(1.0, reference.half_life)

    assert shown.png
    assert "2.21 steps" in shown.alt


def test_norms_along_the_state_are_told():
    """The alt text has the values at the largest distance."""
    shown = carousel.along_the_state({"one": np.array([1e-3, 0.1, 1.0]), "two": np.ones(3)})

    assert shown.png
    assert "one 1.0e-03" in shown.alt


def test_bars_and_accuracies_are_told_and_none_gives_not_yet():
    """Ratios with a missing one are not drawn."""
    bars = {"near": {"A\nx": [0.1, 0.4], "B": [1.0]}, "far": {"A\nx": [1e-6, 1e-6], "B": [2.0]}}
    drawn = clouds.reach_bars(bars)
    curves = clouds.accuracies({"near": {"A\nx": np.array([[0.5, 1.0], [0.6, 0.7]])}, "far": {"A\nx": np.ones((1, 2))}})

    assert drawn.png and curves.png
    assert "near, A x: 2.0e-01" in drawn.alt
    assert "near, A x: 1.00, 0.70" in curves.alt
    assert clouds.reach_bars({"near": {"A": [None]}}).png is None
