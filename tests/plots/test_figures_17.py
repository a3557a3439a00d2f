"""Figures of notebook 17: they speak without eyes, look wrong for a wrong answer, and survive any answer."""

import numpy as np
import pytest

from course_kit.plots import dropout as drops
from course_kit.plots import embedding as words
from course_kit.plots import penalties, slider
from course_kit.reference import embedding as twin
from course_kit.reference.dropout import elman_dropout, inverted_dropout, masks_in_time
from course_kit.reference.weight_decay import cross_entropy, penalty, shrink

TEXTS = ["the film is not good at all the", "not the best film but good fun is", "the plot is thin the cast is good"]
ALL = sorted({w for text in TEXTS for w in text.split()})
IDS = np.array([[ALL.index(w) for w in text.split()] for text in TEXTS])
OTHERS = {f"{letter}: {letter}": np.ones((3, 8, 16)) for letter in "abc"}
KEEP = masks_in_time(np.random.default_rng(0).uniform(size=(3, 7, 6)), 0.2, False)


def one_hot(ids, V):
    return np.eye(V)[ids]


def embed(ids, E):
    return E[ids]


def dropout(x, keep, p, training):
    return inverted_dropout(x, keep, p) if training else x


def variance_of_last(x, W, U, b, keep_x, p):
    S, T, _ = keep_x.shape
    h = elman_dropout(np.stack([x] * S), np.zeros((S, 1)), W, U, b, keep_x, p, np.ones((S, T, 1)), 0.0)
    return h[:, -1].var(axis=0)


def objective(y, q, weights, lam, kind):
    return cross_entropy(y, q) + penalty(weights, lam, kind)


def shrink_l2(a, lam):
    return shrink(a, lam, "l2")


def shrink_l1(a, lam):
    return shrink(a, lam, "l1")


def fit(X, y, lam, kind):
    return shrink(X.T @ y, lam, kind)


def empties_at(X, y):
    return np.abs(X.T @ y).max()


def drop_words(ids, E, keep, p, training):
    return twin.drop_words(ids, E, keep, p) if training else E[ids]


def last_only(ids, g, V):
    gradient = np.zeros((V, g.shape[2]))
    gradient[ids] = g
    return gradient


# figure of an answer, the right answer, wrong ones
FIGURES = {
    "one-hot": ("E17.1", lambda f: words.product(f, embed), one_hot, (lambda ids, V: np.eye(V)[ids - 1],)),
    "product": ("E17.1", lambda f: words.product(one_hot, f), embed, (lambda ids, E: E[ids - 1],)),
    "rows": ("E17.1", words.trained_rows, twin.embedding_gradient, (last_only,)),
    "mean": (
        "E17.2",
        drops.mean_and_spread,
        dropout,
        (lambda x, keep, p, training: keep * x, lambda x, keep, p, training: inverted_dropout(x, keep, p)),
    ),
    "masks": ("E17.3", lambda f: drops.masks(f, KEEP), masks_in_time, (lambda u, p, fresh: (u >= p) * 1.0,)),
    "variance": (
        "E17.3",
        lambda f: drops.variance(masks_in_time, f, 0.2),
        variance_of_last,
        (lambda *given: np.sqrt(variance_of_last(*given)),),
    ),
    "still": (
        "E17.3",
        lambda f: drops.variance_still(f, variance_of_last),
        masks_in_time,
        (lambda u, p, fresh: (u >= p) * 1.0,),
    ),
    "objective": (
        "E17.4",
        penalties.one_weight,
        objective,
        (lambda y, q, weights, lam, kind: cross_entropy(y, q) + penalty(weights, lam, "l2"),),
    ),
    "shrinkage": (
        "E17.5",
        lambda f: penalties.shrinkage(shrink_l2, f, 0.5),
        shrink_l1,
        (lambda a, lam: a * (np.abs(a) > lam), lambda a, lam: a - lam * np.sign(a)),
    ),
    "shrinkage, still": (
        "E17.5",
        lambda f: penalties.shrinkage_still(f, shrink_l1),
        shrink_l2,
        (lambda a, lam: a / (1 + lam),),
    ),
    "paths": (
        "E17.5",
        lambda f: penalties.paths(f, empties_at),
        fit,
        (lambda X, y, lam, kind: shrink(X.T @ y, lam, "l2"),),
    ),
    "dropped": (
        "E17.6",
        lambda f: words.dropped(f, TEXTS, IDS, OTHERS),
        drop_words,
        (lambda ids, E, keep, p, training: E[ids] * (np.arange(8) % 3 > 0)[:, None],),
    ),
}


@pytest.mark.parametrize("name", FIGURES)
def test_wrong_answer_gives_another_picture(name):
    """The picture is drawn from the answer, not from the reference."""
    _, figure, right, wrongs = FIGURES[name]

    shown = figure(right)

    assert shown.png and len(shown.alt) > 100 and len(shown.caption) > 40
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


@pytest.mark.parametrize("number", [0.0, -1.0, np.nan, np.inf])
def test_path_needs_a_positive_number(number):
    """Where the last weight goes is a number greater than 0."""
    assert penalties.paths(fit, lambda X, y: number).png is None


def test_minima_are_said():
    """The text alternative has the weight at which each objective is lowest; only L1 reaches 0."""
    shown = penalties.one_weight(objective)

    assert "l1 with lam 0.5 at w = 0.00" in shown.alt
    assert "l2 with lam 0.5 at w = 0.33" in shown.alt


def test_sliders_start_with_the_still_figures():
    """Where no widget runs, three values stand side by side."""
    still = drops.variance_still(masks_in_time, variance_of_last)
    shrunk = penalties.shrinkage_still(shrink_l2, shrink_l1)

    slid = slider(lambda p: drops.variance(masks_in_time, variance_of_last, p), still, p=(0.1, 0.8, 0.1, 0.2))

    assert slid.alt == still.alt and all(f"p = {p}" in still.alt for p in (0.2, 0.5, 0.8))
    assert all(f"lam {lam}" in shrunk.alt for lam in (0.2, 0.5, 1.5))
