"""Figures of notebook 18: they speak without eyes, look wrong for a wrong answer, and survive any answer."""

import numpy as np
import pytest

from course_kit.plots import forecast_leaks, forecasts, rolling
from tests.exercises.test_proofs import namespace


def right(name):
    return namespace("18", solved=True)[name]


class Greedy:
    """A splitter that trains on its test."""

    def __init__(self, **settings):
        self.settings = settings

    def split(self, X):
        return iter([(np.arange(9), np.arange(6, 9))])


class Untouched(Greedy):
    def split(self, X):
        return None


class Broken(Greedy):
    def split(self, X):
        return iter([1, 2])


def no_fold(n, *settings):
    return [(list(range(9)), [3])]


# figure of an answer, its name, a wrong one
FIGURES = {
    "E18.1": (rolling.expanding, "rolling_origin", no_fold),
    "E18.2": (rolling.one_out, "next_one_out", no_fold),
    "E18.3": (
        lambda answer: rolling.by_horizon(answer, right("mae_by_horizon")),
        "horizon_errors",
        lambda y, origins, forecasts: np.array([y[o : o + 11] for o in origins]) - forecasts,
    ),
    "E18.4": (
        lambda answer: rolling.crossing(right("mae_table"), answer),
        "flips_at",
        lambda period: period // 4,
    ),
    "E18.5": (
        lambda answer: forecast_leaks.scaler(answer, right("mean_scores")),
        "fold_scaling",
        lambda y, train, test: (y[train], y[test], y.mean(), y.std()),
    ),
    "E18.8": (
        lambda answer: forecast_leaks.border(right("table_of_windows"), right("needed_gap"), answer),
        "leaking_rows",
        lambda train, test, window, horizon: [3],
    ),
    "E18.9": (
        lambda answer: forecast_leaks.optimism(right("chosen_before"), answer),
        "chosen_after",
        lambda E: (0, float(E.min())),
    ),
    "E18.6": (
        forecasts.beside_naive,
        "rolling_gru",
        lambda y, o, h, *rest: {"forecasts": np.zeros((3, 3)), "naive": np.zeros((3, 3)), "seeds": [1, 2, 3]},
    ),
}


@pytest.mark.parametrize("exercise", sorted(FIGURES.keys() - {"E18.6"}))
def test_wrong_answer_gives_another_picture(exercise):
    """The picture is drawn from the answer, not from the reference. (E18.6 trains: its figure is in the notebook.)"""
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


SPLITTERS = {
    "one setting": lambda splitter: rolling.splitter_bars(splitter, 4, 1),
    "four settings": rolling.splitter_four,
}


@pytest.mark.parametrize("figure", SPLITTERS.values(), ids=SPLITTERS)
def test_splitter_is_drawn_as_it_is(figure):
    """The student's class: right, wrong, untouched, broken, and no class at all."""
    shown, spoilt = figure(right("RollingSplit")), figure(Greedy)

    assert shown.png and spoilt.png and shown.png != spoilt.png
    assert "when E18.7 is answered" in figure(Untouched).caption
    assert 'See what check("E18.7") says' in figure(Broken).caption
    assert "when E18.7 is answered" in figure(None).caption


def test_expanding_folds_are_told_in_words():
    """Whoever cannot see the bars reads them."""
    shown = rolling.expanding(right("rolling_origin"))

    assert "fold 0 trains on 0 to 7 and tests 9 to 11" in shown.alt


def test_wave_turns_where_the_text_says():
    """The crossing that the notebook speaks of: behind the sixth part of the period, and at two years for sunspots."""
    shown = rolling.crossing(right("mae_table"), right("flips_at"))

    assert "a wave of 60 days: naive is worse from h = 11 on" in shown.alt
    assert (
        "sunspots: naive is worse from h = 3 on" in shown.alt or "sunspots: naive is worse from h = 2 on" in shown.alt
    )


def test_leak_ends_at_the_gap_that_is_needed():
    """From horizon - 1 on the nearest neighbour foresees no random walk; without a gap it seems to."""
    found = forecast_leaks.neighbour_errors(right("table_of_windows"), 12, 8, (0, 7, 12))

    assert found[0, -1] < 0.6 * found[1, -1]
    assert abs(found[1, -1] / found[2, -1] - 1) < 0.1


def test_gap_curve_is_drawn_for_the_slider():
    """One position of the slider."""
    shown = forecast_leaks.gap_curve(right("table_of_windows"), 6, 2)

    assert shown.png
    assert "Window 6, gap 2" in shown.caption
