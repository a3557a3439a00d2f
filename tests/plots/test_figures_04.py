"""Figures of notebook 04: they speak without eyes, look wrong for a wrong answer, and survive any answer."""

import numpy as np
import pytest

from course_kit.plots import ode, ode_limits, ode_runs
from tests.exercises.test_proofs import namespace

T = np.arange(0.0, 30.0, 0.01)
DISTANCES = {"start + 1e-9": np.minimum(1e-9 * np.exp(0.9 * T), 20.0)}


def right(name):
    return namespace("04", solved=True)[name]


def recast(answer):
    network = ode_runs.fitted(10)
    others = (right(name) for name in ("to_hidden", "to_state", "run_hidden"))
    return ode.recast(answer, *others, network.A, network.b, network.C)


# figure, name of the answer, a wrong one
FIGURES = {
    "E04.1": (
        lambda answer: ode.vector_field(answer, right("euler"), right("rk4")),
        "van_der_pol",
        lambda s, mu=1.0: -s,
    ),
    "E04.2": (
        lambda answer: ode.fit(right("net_field"), answer, right("random_units")),
        "fit_output",
        lambda s, values, A, b: np.tanh(s @ A + b).T @ values,
    ),
    "E04.3": (recast, "recast", lambda A, C: (C @ A).T),
    "E04.4": (
        lambda answer: ode_runs.phase_portrait(answer, right("largest_distance")),
        "simulate",
        lambda s, A, b, C, dt, steps: np.zeros((len(s), steps + 1, 2)),
    ),
    "E04.5": (
        lambda answer: ode_runs.forced(answer, ode_runs.fitted(20)),
        "simulate_forced",
        lambda s, f, A, b, C, dt: right("simulate_forced")(s, 0 * f, A, b, C, dt),
    ),
    "E04.6": (
        lambda answer: ode_limits.growth(answer, right("horizon"), T, DISTANCES),
        "growth_rate",
        lambda t, distance, low, high: 0.3,
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


def test_a_network_with_a_slider_says_the_same_when_it_is_still():
    """The phase portrait moves with n; the still figure has four of them."""
    slid = FIGURES["E04.4"][0](right("simulate"))

    assert "n = 80" in slid.caption
    assert slid.draw(n=20).png


def test_outside_the_box_all_networks_are_equally_wrong():
    """What the caption says of the frame five times as large, measured."""
    frame = np.random.default_rng(1).uniform(-1, 1, (300, 2))
    frame = 5 * ode.HALF * frame / np.abs(frame).max(axis=1, keepdims=True)
    few, many = (
        np.sqrt(np.mean((ode_runs.fitted(n, seed=2).field(frame) - ode.oscillator(frame)) ** 2)) for n in (10, 160)
    )

    assert many > few / 4
    assert len(ode_limits.escape().alt) > 100
