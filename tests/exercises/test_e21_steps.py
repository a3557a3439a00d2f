"""E21.7: points by steps, held-out labels for the judge, validation labels for a student's copy."""

import numpy as np
import pytest

from course_kit.checking import LocalAnswer, State, run
from course_kit.checking.compare import require
from course_kit.checking.exercise import Exercise
from course_kit.exercises import held_out_labels, steps_above_the_line
from course_kit.exercises.handed_in_runs import judged, read
from course_kit.exercises.steps_above_the_line import E21_7, STEPS
from course_kit.plots import imdb_results
from tests.exercises.test_proofs import namespace
from tests.mutants.e21 import WORSE


def outcome(worse: float = 0.0):
    names = dict(namespace("21", solved=True))
    if worse:
        exec(WORSE.format(share=worse), names)
    return run(E21_7, LocalAnswer(names), to_the_end=True)


def test_every_step_is_a_point():
    """Worse probabilities reach fewer steps, and the points say how many."""
    points = [outcome(share).points for share in (0.0, 0.1, 0.15, 0.9)]

    assert 3 == points[0] and 0 == points[-1]
    assert points == sorted(points, reverse=True)
    assert any(0 < p < 3 for p in points)


def test_no_step_counts_while_something_else_is_wrong():
    """Three steps with a threshold that was not chosen on validation are worth nothing."""
    names = dict(namespace("21", solved=True))
    names["my_model"] = {**names["my_model"], "thresholds": [0.4, 0.4, 0.999]}

    found = run(E21_7, LocalAnswer(names), to_the_end=True)

    assert (State.WRONG, 0) == (found.state, found.points)


def test_students_copy_judges_validation_reviews(monkeypatch):
    """Without labels the same steps are put to the validation reviews, and the shipped answer passes them."""
    monkeypatch.setattr(held_out_labels, "LABELS", None)

    where, scores, line = judged(read(namespace("21", solved=True)["my_model"]))

    assert ("validation reviews", held_out_labels.LINE_VALIDATION) == (where, line)
    assert scores.min() > line + STEPS[-1]
    assert State.RIGHT == outcome().state


def test_shipped_answer_keeps_a_distance_from_the_last_step():
    """All three seeds pass it with a hundredth to spare, so that another machine's rounding does not decide."""
    where, scores, line = judged(read(namespace("21", solved=True)["my_model"]))

    assert "held-out reviews" == where
    assert scores.min() > line + STEPS[-1] + 0.01


@pytest.mark.parametrize("right,points", [((), 0), ((1,), 0), ((0,), 0), ((0, 1), 1), ((0, 2), 2), ((0, 1, 2), 3)])
def test_points_of_steps(right, points):
    """A step counts when it and all that are no steps are right, whatever the other steps are."""
    exercise = Exercise("E99.1", "t", (), ("a",), ("h", "h"), points=3)
    for number, worth in enumerate((0, 1, 2)):
        exercise.case(str(number), points=worth)(lambda answer, draw, n=number: require(n in right, "no"))

    assert points == run(exercise, LocalAnswer({"a": 1}), to_the_end=True).points


def test_figure_draws_the_steps_that_are_graded():
    """Figures may not import exercises, so both have the numbers."""
    assert STEPS == imdb_results.STEPS


def test_vocabulary_and_length_are_the_notebooks():
    """The judge builds the model for the reviews that the notebook has."""
    reviews = namespace("21", solved=True)["reviews"]

    assert steps_above_the_line.VOCABULARY == reviews.vocabulary
    assert np.shape(reviews.ids["held_out"]) == (800, steps_above_the_line.LENGTH)
