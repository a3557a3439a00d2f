"""Figures of notebook 16: they speak without eyes, look wrong for a wrong answer, and survive any answer."""

import numpy as np
import pytest

from course_kit.plots import (
    zoo_compressor,
    zoo_figures,
    zoo_memories,
    zoo_noise,
    zoo_pairs,
    zoo_patterns,
    zoo_reservoir,
)
from tests.exercises.test_proofs import namespace


def right(name):
    return namespace("16", solved=True)[name]


def all_at_once(W, s, order):
    return np.where(W @ s == 0, s, -np.sign(W @ s))


# figure of an answer, its name, a wrong one
FIGURES = {
    "E16.1": (lambda answer: zoo_memories.recall(right("hebb"), answer, right("energy")), "sweep", all_at_once),
    "E16.2": (
        lambda answer: zoo_pairs.both_ways(right("correlate"), answer, right("resonate_from_b")),
        "resonate",
        lambda M, a, b: (a, b),
    ),
    "E16.3": (
        lambda answer: zoo_reservoir.two_starts(answer, right("reservoir")),
        "scaled",
        lambda U, radius: U * radius,
    ),
    "E16.4": (
        lambda answer: zoo_compressor.passed_on(answer, right("replay")),
        "surprises",
        lambda sequence, predict: [(t, x) for t, x in enumerate(sequence) if predict(sequence[: t + 1]) != x],
    ),
}


# figures behind sliders: of an answer, the exercise, the answer's name, a wrong one
SLIDERS = {
    "noise": (lambda answer: zoo_noise.spoilt_by(right("hebb"), answer, 16), "E16.1", "sweep", all_at_once),
    "noise, still": (lambda answer: zoo_noise.spoilt_more(right("hebb"), answer), "E16.1", "sweep", all_at_once),
    "radius": (
        lambda answer: zoo_reservoir.one_radius(answer, right("reservoir"), 1.1, 0.5),
        "E16.3",
        "scaled",
        lambda U, radius: U * radius,
    ),
    "radius, still": (
        lambda answer: zoo_reservoir.border(answer, right("reservoir")),
        "E16.3",
        "scaled",
        lambda U, radius: U * radius,
    ),
}


@pytest.mark.parametrize("figure,exercise,name,wrong", SLIDERS.values(), ids=SLIDERS)
def test_slider_draws_the_answer(figure, exercise, name, wrong):
    """Right and wrong look different; an untouched or a broken answer gives a sentence."""
    shown = figure(right(name))

    assert shown.png and shown.png != figure(wrong).png
    assert len(shown.alt) > 100
    assert f"when {exercise} is answered" in figure(lambda *args: None).caption
    assert f'See what check("{exercise}") says' in figure(lambda *args: 1 / 0).caption


def test_letters_bear_a_quarter_of_noise():
    """What the notebook says of the bars."""
    shown = zoo_noise.spoilt_more(right("hebb"), right("sweep"))

    assert "16 turned over: 1.00" in shown.alt and "32 turned over: 0.00" in shown.alt


def test_printed_figures_are_those_of_the_pictures():
    """The command that prints the numbers computes what the figures draw."""
    told = zoo_pairs.how_many_pairs().alt
    row = zoo_figures.pairs_lines()[1].split("letters and digits")[1].split()

    assert f"letters and digits: {', '.join(row)}" in told


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


def test_right_answers_bring_everything_back():
    """What the text of the notebook says of the pictures: letters, pairs and sentence whole."""
    recalled = zoo_memories.recall(right("hebb"), right("sweep"), right("energy"))
    pairs = zoo_pairs.both_ways(right("correlate"), right("resonate"), right("resonate_from_b"))
    told = zoo_compressor.passed_on(right("surprises"), right("replay"))

    assert "0, 0 and 0 points are wrong" in recalled.alt
    assert "Points wrong at rest: 0 of" in pairs.alt
    assert "comes back the same sentence" in told.caption


def test_capacity_falls_behind_the_line():
    """Nearly all patterns below 0.138 n, few far above."""
    shown = zoo_memories.capacity_curve((100,))

    assert shown.png and "n = 100: 1.00, 1.00" in shown.alt


@pytest.mark.parametrize("draw", [zoo_memories.digits_recall, zoo_pairs.how_many_pairs])
def test_figure_without_an_answer(draw):
    """The figures that no answer feeds."""
    assert draw().png and len(draw().alt) > 100


def test_letters_and_digits_are_units():
    """Rows of 64 numbers, each -1 or 1, and no letter like another."""
    rows = zoo_patterns.letters("".join(zoo_patterns.LETTERS))
    x, classes = zoo_patterns.digits()

    assert rows.shape == (10, 64) and x.shape == (1797, 64)
    assert set(np.unique(rows)) == set(np.unique(x)) == {-1.0, 1.0}
    assert len(np.unique(rows, axis=0)) == 10
    assert zoo_patterns.prototypes(x, classes).shape == (10, 64)


def test_reservoir_of_the_notebook_is_of_the_order_of_the_literature():
    """One seed on four runs: below the best error before echo state networks."""
    errors, run, true = zoo_reservoir.errors_84(seeds=(11,), trials=4)

    assert errors[0] < zoo_reservoir.BEFORE
    assert np.abs(run[:84] - true[:84]).max() < 0.02


def test_two_levels_bridge_a_short_lag_without_loss():
    """One seed, five symbols between: what the two levels leave over is the first symbols alone."""
    assert zoo_compressor.missed_ends(5, (0,))[1] == 0
    assert zoo_compressor.long_lag((3,), (0,)).png
