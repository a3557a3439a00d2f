"""Figures of notebook 12: they speak without eyes, look wrong for a wrong answer, and survive any answer."""

import numpy as np
import pytest

from course_kit.plots import bidirectional as plots
from tests.exercises.test_proofs import namespace


def right(name):
    return namespace("12", solved=True)[name]


# figure, name of the answer, a wrong one
FIGURES = {
    "E12.1": (
        plots.by_hand,
        "bidirectional",
        lambda x, forward, backward, merge: right("bidirectional")(x, backward, forward, merge),
    ),
    "E12.2": (
        lambda answer: plots.not_a_flip(right("index_map"), answer, right("summary")),
        "merged",
        lambda h, g: np.concatenate([h, g], axis=-1),
    ),
    "E12.3": (lambda answer: plots.who_sees_what(right("change"), answer), "pattern", lambda T, kind: np.eye(T)),
    "E12.4": (lambda answer: plots.leak(right("bidirectional"), answer), "live", lambda y: y),
    "E12.5": (
        lambda answer: plots.end_weighs_more(answer, right("both_ends")),
        "sensitivity",
        lambda x, W, U, b: right("sensitivity")(x, W, U, b)[::-1],
    ),
}


def still(shown):
    """The figure that stands where no slider does."""
    return getattr(shown, "still", shown)


@pytest.mark.parametrize("exercise", FIGURES)
def test_wrong_answer_gives_another_picture(exercise):
    """The picture is drawn from the answer, not from the reference."""
    figure, name, wrong = FIGURES[exercise]

    shown, spoilt = still(figure(right(name))), still(figure(wrong))

    assert shown.png and spoilt.png
    assert shown.png != spoilt.png
    assert len(shown.alt) > 100 and shown.caption


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


def test_the_slider_moves_the_size_of_the_kernel():
    """The still figure has three sizes of U, the slider any."""
    slid = FIGURES["E12.5"][0](right("sensitivity"))

    assert "scale 0.7" in slid.caption
    assert slid.draw(scale=0.6).png


def test_the_drawing_of_both_ways_has_its_text():
    """It is drawn from nothing but code."""
    assert "dashed arrows to the left" in plots.unrolled().alt


def test_a_random_walk_is_forecast_only_by_who_has_read_on():
    """What the notebook says of the leak: nothing from the past, over 90 % from both ends."""
    alt = plots.leak(right("bidirectional"), right("live")).alt
    live, both = (float(part.split()[0]) for part in alt.split("Explained: live ")[1].split(", both ends "))

    assert live < 1
    assert both > 90
