"""Figures of notebook 07: they speak without eyes, look wrong for a wrong answer, and survive any answer."""

import numpy as np
import pytest

from course_kit.plots import taming, truncation
from tests.exercises.test_proofs import namespace


def right(name):
    return namespace("07", solved=True)[name]


def calling(name):
    return lambda *args, **kwargs: right(name)(*args, **kwargs)


# figure, right answer, wrong answer
FIGURES = {
    "E07.1": (
        lambda answer: taming.clipped(right("clip_by_value"), right("clip_by_norm"), answer),
        "clip_by_global_norm",
        lambda gradients, theta: right("clip_by_value")(gradients, theta),
    ),
    "E07.2": (
        truncation.error,
        "truncated_gradient",
        lambda delta_y, h, h0, U, V, tau: right("truncated_gradient")(delta_y, h, h0, U, V, tau + 1),
    ),
    "E07.3": (
        lambda answer: truncation.in_pieces(right("states_in_pieces"), answer),
        "reaches",
        lambda T, k: np.tri(T, dtype=bool),
    ),
    "E07.4": (
        lambda answer: taming.starts(answer, right("scaled"), right("linear_gradient_norms")),
        "orthogonal",
        lambda A: A / np.linalg.norm(A, 2),
    ),
    "E07.5": (
        lambda answer: taming.skip(right("skip_step"), answer, right("skip_product_norm")),
        "skip_jacobian",
        lambda x, h, W, U, b: right("skip_jacobian")(x, h, W, U, b) - np.eye(len(U)),
    ),
}


@pytest.mark.parametrize("exercise", FIGURES)
def test_wrong_answer_gives_another_picture(exercise):
    """The picture is drawn from the answer, not from the reference."""
    figure, name, wrong = FIGURES[exercise]

    shown, spoilt = figure(calling(name)), figure(wrong)

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


def test_claims_are_drawn():
    """Thick lines follow the claims; an answer that is no five letters gives a sentence."""
    claimed, other = taming.remedies("eebvv"), taming.remedies("bbbbb")

    assert claimed.png != other.png and "circles" in claimed.alt
    assert taming.remedies(None).png is None
    assert "five letters" in taming.remedies("ev").caption
    assert "circles" not in taming.evidence().alt


def test_remedies_do_what_the_text_says():
    """Below 1e-3 or above: the evidence for E07.6 holds in the numbers drawn."""
    vanishing, by_remedy = taming.remedied(0.5)
    assert vanishing[-1] < 1e-20
    helped = {name for name, curve in by_remedy.items() if curve[-1] > 1e-3}
    assert helped == {"careful start", "skip", "architecture"}

    exploding, by_remedy = taming.remedied(2.5)
    assert exploding[-1] > 1e6
    for name in ("skip", "architecture"):
        assert by_remedy[name][-1] > 10 * by_remedy[name][50]
    assert by_remedy["threshold"].max() == 10.0 and by_remedy["careful start"].max() == 1.0
    assert np.isnan(by_remedy["pieces"][10:]).all()
