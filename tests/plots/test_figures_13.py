"""Figures of notebook 13: they speak without eyes, look wrong for a wrong answer, and survive any answer."""

import numpy as np
import pytest

from course_kit.plots import attention, slider, windows
from course_kit.reference.activations import softmax
from course_kit.reference.local_attention import fixed_window

WORDS = ["the", "cat", "sat", "and", "the", "dog", "sat"]
STATES = np.random.default_rng(0).normal(size=(1, len(WORDS), 8))


def average(h, a):
    return np.stack([fixed_window(one, a) for one in h])


def reversed_average(h, a):
    return average(h, a[::-1])


def zeros_beyond(h, a):
    n = len(a) // 2
    longer = np.pad(h, [(0, 0), (n, n), (0, 0)])
    return sum(a[i] * longer[:, i : i + h.shape[1]] for i in range(len(a)))


def content(h, n):
    k = np.arange(h.shape[1])
    near = np.abs(k[:, None] - k) <= n
    A = softmax(np.where(near, h @ h.swapaxes(1, 2) / np.sqrt(h.shape[2]), -np.inf))
    return A @ h, A


def shift(w, s):
    return sum(s[1 + d] * np.roll(w, d, axis=-1) for d in (-1, 0, 1))


def sharpen(w, gamma):
    return w**gamma / (w**gamma).sum(axis=-1, keepdims=True)


# figure of an answer, the right answer, wrong ones
FIGURES = {
    "window": ("E13.1", windows.window, average, (reversed_average, zeros_beyond)),
    "smoothing": ("E13.1", lambda f: windows.smoothing(f, 6), average, (zeros_beyond,)),
    "still": ("E13.1", windows.smoothing_still, average, (zeros_beyond,)),
    "heat maps": (
        "E13.2",
        lambda f: attention.heat_maps(average, f, STATES, WORDS, 3),
        content,
        (lambda h, n: content(h, len(WORDS)), lambda h, n: content(0 * h, n)),
    ),
    "shift": ("E13.4", lambda f: attention.addresses(f, sharpen), shift, (lambda w, s: shift(w, s[::-1]),)),
    "sharpen": ("E13.4", lambda f: attention.addresses(shift, f), sharpen, (lambda w, gamma: w**gamma,)),
}


@pytest.mark.parametrize("name", FIGURES)
def test_wrong_answer_gives_another_picture(name):
    """The picture is drawn from the answer, not from the reference."""
    _, figure, right, wrongs = FIGURES[name]

    shown = figure(right)

    assert shown.png and len(shown.alt) > 100
    for wrong in wrongs:
        spoilt = figure(wrong)
        assert spoilt.png and spoilt.png != shown.png


@pytest.mark.parametrize("name", FIGURES)
def test_untouched_answer_gives_not_yet(name):
    """A stub that returns None puts a sentence in the figure's place."""
    exercise, figure, _, _ = FIGURES[name]

    shown = figure(lambda *args: None)

    assert shown.png is None
    assert f"when {exercise} is answered" in shown.caption


@pytest.mark.parametrize("name", FIGURES)
@pytest.mark.parametrize("answer", [lambda *args: 1 / 0, lambda *args: "no array", lambda *args: np.zeros(99)])
def test_broken_answer_gives_a_sentence(name, answer):
    """An answer that cannot be drawn stops no "run all": the figure says so and sends back to the check."""
    exercise, figure, _, _ = FIGURES[name]

    shown = figure(answer)

    assert shown.png is None
    assert f'See what check("{exercise}") says' in shown.caption


def test_gains_are_those_of_a_moving_average():
    """Measured with an impulse, they are the known formula |sin(w pi f) / (w sin(pi f))| of w equal weights."""
    periods, gains = windows._gains(average, 6)

    f = 1 / periods
    assert np.allclose(gains, np.abs(np.sin(13 * np.pi * f) / (13 * np.sin(np.pi * f))), rtol=0, atol=1e-12)


def test_slider_starts_with_the_still_figure():
    """Where no widget runs, three widths stand side by side."""
    still = windows.smoothing_still(average)

    slid = slider(lambda n: windows.smoothing(average, n), still, n=(0, 40, 1, 6))

    assert still.png and slid.alt == still.alt
    assert all(f"n = {n}" in still.alt for n in (1, 6, 20))


def test_errors_of_the_tests_are_said():
    """The text alternative has every number of the bars."""
    shown = attention.errors({"fixed": (1e-16, 0.0), "content": (1.5, 2e-15)})

    assert shown.png
    assert "content: 1.5e+00 and 2.0e-15" in shown.alt


@pytest.mark.parametrize("found", [{"fixed": (None, None)}, {"fixed": (0.1, None)}])
def test_untouched_tests_give_not_yet(found):
    """While a test returns None there is nothing to compare."""
    assert "when E13.3 is answered" in attention.errors(found).caption


@pytest.mark.parametrize("found", [{"fixed": ("x", 1.0)}, {"fixed": 3.0}, {}])
def test_broken_errors_give_a_sentence(found):
    """Whatever the tests returned, "run all" goes on."""
    assert 'See what check("E13.3") says' in attention.errors(found).caption
