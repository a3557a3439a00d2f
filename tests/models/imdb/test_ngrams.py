"""What n-grams say, against counting by hand."""

from collections import Counter

import numpy as np
import pytest
from scipy.special import expit

from course_kit.datasets.imdb import folds
from course_kit.datasets.imdb.reviews import Reviews
from course_kit.models.imdb import ngrams

RNG = np.random.default_rng(3)
WORDS = RNG.integers(2, 9, 400)
REVIEW = np.sort(RNG.integers(0, 40, 400))
LABELS = np.repeat([0, 1], 20)
REVIEWS = Reviews(("",) * 40, LABELS, tuple(f"train/{'neg' if k < 20 else 'pos'}/{k}_1.txt" for k in range(40)))


def grams_of(number: int, order: int) -> list[tuple]:
    words = WORDS[REVIEW == number].tolist()
    return [tuple(words[k : k + order]) for k in range(len(words) - order + 1)]


def keys() -> np.ndarray:
    found = np.full((400, 3), -1, np.int64)
    for at in range(400):
        for order in range(3):
            if at >= order and REVIEW[at - order] == REVIEW[at]:
                found[at, order] = sum(int(WORDS[at - back]) * 10**back for back in range(order + 1))
    return found


def key(gram: tuple) -> int:
    return int("".join(map(str, gram)))


@pytest.mark.parametrize("orders", (0, 1, 2, 3))
def test_the_table_holds_what_two_reviews_have(orders):
    """Against a Counter of sets."""
    counted = Counter(g for n in range(40) for order in range(1, orders + 1) for g in set(grams_of(n, order)))
    due = sorted(key(gram) for gram, count in counted.items() if count >= 2)
    assert ngrams.table(keys(), REVIEW, orders).tolist() == due


def occurrence():
    table = ngrams.table(keys(), REVIEW, 3)
    numbers = np.searchsorted(table, keys())
    found = np.where(table[np.minimum(numbers, len(table) - 1)] == keys(), numbers + 1, 0)
    return table, ngrams.occurrence(found, REVIEW, (40, len(table) + 1))


def test_log_ratios_are_those_counted_by_hand():
    """p and q count reviews, not occurrences."""
    table, has = occurrence()
    ratios = ngrams.log_ratios(has, LABELS)
    sets = [{key(g) for order in (1, 2, 3) for g in grams_of(n, order)} for n in range(40)]
    for place, name in enumerate(table.tolist()):
        p, q = (sum(name in sets[n] for n in range(40) if LABELS[n] == label) for label in (1, 0))
        assert ratios[place + 1] == pytest.approx(np.log((p + 1) / (q + 1)), abs=1e-6)
    assert ratios[0] == 0


def test_a_folds_weights_do_not_see_its_labels():
    """With the labels of one fold turned round, its own weights stay and all others change."""
    _, has = occurrence()
    fold = folds(REVIEWS, ngrams.FOLDS)
    turned = np.where(fold == 4, 1 - LABELS, LABELS)
    before = ngrams.weights(has, REVIEWS)
    with_turned = [ngrams.features(has[fold != k], turned[fold != k]) for k in range(ngrams.FOLDS)]
    assert np.array_equal(before.fold, fold)
    for k in range(ngrams.FOLDS):
        assert np.array_equal(before.held_out[k], with_turned[k]) == (k == 4)


def test_an_ngram_of_one_review_says_nothing_in_its_own_fold():
    """Held out, at least two other reviews must have it."""
    table, has = occurrence()
    counts = np.asarray(has.sum(0)).ravel()
    rare = int(np.flatnonzero(counts == 2)[0])
    owner = int(has[:, rare].nonzero()[0][0])
    weights = ngrams.weights(has, REVIEWS)
    assert not weights.held_out[weights.fold[owner], rare].any()
    assert len(table) + 1 == weights.all.shape[0]


def test_logistic_weights_are_the_minimum_of_the_penalised_loss():
    """The gradient of sum log(1 + exp(-y s)) + |w|^2 / (2 C), bias in the penalty as liblinear has it, is near 0."""
    _, has = occurrence()
    ratios = ngrams.log_ratios(has, LABELS)
    scaled = has.multiply(ratios).toarray().astype(float)
    found = ngrams.logistic_weights(has, LABELS, ratios) / 10
    w = np.divide(found, ratios, out=np.zeros_like(found), where=ratios != 0).astype(float)
    y = 2 * LABELS - 1

    def gradient(w, bias):
        pull = -y * expit(-y * (scaled @ w + bias))
        return np.append(ngrams.INVERSE_PENALTY * scaled.T @ pull + w, ngrams.INVERSE_PENALTY * pull.sum() + bias)

    bias = min(np.linspace(-1, 1, 2001), key=lambda b: abs(gradient(w, b)[-1]))
    assert np.abs(gradient(w, bias)).max() < 0.05 * np.abs(gradient(0 * w, 0.0)).max()
