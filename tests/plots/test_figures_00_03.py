"""Figures of notebooks 00 and 03: they speak without eyes, look wrong for a wrong answer, and survive any answer."""

import numpy as np
import pytest

from course_kit.plots import map as course
from course_kit.plots import networks, start_here
from tests.exercises.test_proofs import namespace


def right(name: str):
    """The solution's object of that name, from whichever of the two notebooks has it."""
    return next(names[name] for names in (namespace(n, solved=True) for n in ("00", "03")) if name in names)


def spoilt(name: str, document: str, **entries):
    answer = right(name)
    return {**answer, document: {**answer[document], **entries}}


def activation_lost():
    class Cell(right("MyElmanCell")):
        def get_config(self):
            return {**super().get_config(), "output_activation": None}

    return Cell


def old_output_kept():
    class Cell(right("MyJordanCell")):
        def call(self, inputs, states):
            return super().call(inputs, states)[0], states

    return Cell


# figure, names of the right answers, and a wrong one in the place of the first (as a function that makes it)
FIGURES = {
    "E00.1": (course.course_map, ("course_map",), lambda: spoilt("course_map", "D2", topic="translation")),
    "E00.2": (course.five_notations, ("rename",), lambda: spoilt("rename", "D4", u="1 - z")),
    "E00.3": (start_here.truth_table, ("related",), lambda: lambda role, skills: "ai_geek" in skills),
    "E00.4": (start_here.first_wrong_place, ("wrong", "first_wrong"), lambda: lambda x: x),
    "E03.1": (
        networks.echo,
        ("elman_forward",),
        lambda: lambda x, h0, W, U, *rest: right("elman_forward")(x, h0, W, 0 * U, *rest),
    ),
    "E03.2": (
        networks.context_shift,
        ("elman_with_context",),
        lambda: lambda *a: (*right("elman_forward")(*a), right("elman_forward")(*a)[1]),
    ),
    "E03.3": (networks.two_echoes, ("MyJordanCell",), old_output_kept),
    "E03.4": (networks.reused, ("MyElmanCell",), activation_lost),
    "E03.5": (networks.same_network, ("jordan_readout", "sigma_y"), lambda: lambda n: (-np.eye(n), np.zeros(n))),
}


@pytest.mark.parametrize("exercise", FIGURES)
def test_wrong_answer_gives_another_picture(exercise):
    """The picture is drawn from the answer, not from the reference."""
    figure, names, wrong = FIGURES[exercise]
    answers = [right(name) for name in names]

    shown, other = figure(*answers), figure(wrong(), *answers[1:])

    assert shown.png and other.png
    assert shown.png != other.png


@pytest.mark.parametrize("exercise", FIGURES)
def test_untouched_stub_gives_a_sentence(exercise):
    """Before the exercise is answered a sentence says that the figure will come."""
    figure, names, _ = FIGURES[exercise]
    shown = figure(*(namespace(exercise[1:3], solved=False)[name] for name in names))

    assert shown.png is None
    assert f"when {exercise} is answered" in shown.caption


@pytest.mark.parametrize("exercise", [e for e in FIGURES if e not in ("E00.1", "E00.2")])
@pytest.mark.parametrize("answer", [lambda *_: 1 / 0, lambda *_: "text", lambda *_: np.ones((3, 1, 4, 1, 5))])
def test_an_answer_that_cannot_be_drawn_gives_a_sentence(exercise, answer):
    """A figure cell never ends in an error of ours; it sends the student to the check."""
    figure, names, _ = FIGURES[exercise]
    shown = figure(answer, *(right(name) for name in names[1:]))

    assert shown.png is None
    assert f'See what check("{exercise}") says' in shown.caption


@pytest.mark.parametrize("answer", [3, [1], {"D1": 3}, {}])
@pytest.mark.parametrize("figure", [course.course_map, course.five_notations])
def test_a_map_that_cannot_be_read_gives_a_sentence(figure, answer):
    """The same for what is no function."""
    assert figure(answer).png is None


@pytest.mark.parametrize("figure", [course.slides_to_notebooks, networks.diagrams])
def test_figures_without_an_answer_have_a_text_alternative(figure):
    """What is drawn is also said."""
    shown = figure()

    assert shown.png
    assert len(shown.alt) > len(shown.caption) > 40
