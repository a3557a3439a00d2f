"""Figures of notebook 06: they speak without eyes, look wrong for a wrong answer, and survive any answer."""

import numpy as np
import pytest

from course_kit.plots import gradient_in_time, vanishing
from tests.exercises.test_proofs import namespace


def right(name):
    return namespace("06", solved=True)[name]


def numpy_keras(w, K, dtype):
    """What the answer to E06.2 gives on a machine that flushes, without a layer."""
    value = w**K
    return 0.0 if dtype == "float32" and value < 2.0**-126 else value


def curves(gradient_norms):
    x = np.zeros((2, 7, 3))
    return gradient_in_time.measured(gradient_norms, {"a": 0.9, "b": 0.5}, {"quiet": x, "busy": x})


def fading(rho, x):
    return np.tile(rho ** np.arange(x.shape[1])[::-1], (len(x), 1))


# figure, right answer, wrong answer
FIGURES = {
    "E06.1": (vanishing.table, lambda w, K: w**K, lambda w, K: w * K),
    "E06.2": (
        lambda answer: vanishing.floor(answer, right("numpy_gradient")),
        numpy_keras,
        lambda w, K, dtype: w**K,
    ),
    "E06.3": (vanishing.ellipses, lambda h, U: right("jacobian_product")(h, U), lambda h, U: np.stack([U] * len(h))),
    "E06.4": (
        lambda answer: vanishing.norms(answer, right("norm_bound"), right("U_vanishes")),
        lambda J: right("norm_of_product")(J),
        lambda J: 2 * right("norm_bound")(J),
    ),
    "E06.5": (
        lambda answer: gradient_in_time.against_time(curves(answer), {"a": "slow", "b": "fast"}),
        fading,
        lambda rho, x: fading(rho, x)[:, ::-1],
    ),
    "E06.6": (
        lambda answer: gradient_in_time.logs(answer, right("six_logs")()),
        lambda loss, norm: right("exploded")(loss, norm),
        lambda loss, norm: 5,
    ),
    "E06.7": (
        lambda answer: gradient_in_time.memory(answer, right("share_of_the_last")),
        lambda rho: -1 / np.log(rho),
        lambda rho: 1 / (1 - rho),
    ),
}


@pytest.mark.parametrize("exercise", FIGURES)
def test_wrong_answer_gives_another_picture(exercise):
    """The picture is drawn from the answer, not from the reference."""
    figure, answer, wrong = FIGURES[exercise]

    shown, spoilt = figure(answer), figure(wrong)

    assert shown.png and spoilt.png
    assert shown.png != spoilt.png
    assert len(shown.alt) > 100 and shown.caption


@pytest.mark.parametrize("exercise", FIGURES)
def test_untouched_answer_gives_not_yet(exercise):
    """A stub that returns None puts a sentence in the figure's place."""
    shown = FIGURES[exercise][0](lambda *args: None)

    assert shown.png is None
    assert f"when {exercise} is answered" in shown.caption


@pytest.mark.parametrize("exercise", [e for e in FIGURES if e != "E06.5"])
@pytest.mark.parametrize("answer", [lambda *args: 1 / 0, lambda *args: "no array", lambda *args: np.zeros(99)])
def test_broken_answer_gives_a_sentence(exercise, answer):
    """An answer that cannot be drawn stops no "run all": the figure says so and sends back to the check."""
    shown = FIGURES[exercise][0](answer)

    assert shown.png is None
    assert f'See what check("{exercise}") says' in shown.caption


@pytest.mark.parametrize("answer", [lambda *args: 1 / 0, lambda *args: np.zeros(99)])
def test_broken_curves_are_no_curves(answer, capsys):
    """Where no curves come from an answer, a sentence says why, and the figure waits."""
    assert curves(answer) is None
    assert "No curves." in capsys.readouterr().out


def test_slider_moves_the_weight():
    """The table can be moved, and its still figure says what it shows."""
    slid = vanishing.movable_table(lambda w, K: w**K)

    assert "four straight lines" in slid.alt
    assert "w = 1.2" in slid.draw(w=1.2).caption
    assert vanishing.movable_table(lambda w, K: None).png is None


def test_matrix_that_is_none_is_told():
    """U_vanishes may be anything."""
    shown = vanishing.norms(right("norm_of_product"), right("norm_bound"), 3.0)

    assert "no square matrix" in shown.caption
