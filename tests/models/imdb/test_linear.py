"""The linear rows, beside counts by hand and a minimiser that knows nothing of scikit-learn."""

import math
import re
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from scipy.optimize import minimize
from scipy.sparse import csr_matrix

from course_kit.datasets.imdb import Reviews
from course_kit.models.imdb.baselines import linear

TEXTS = (
    "Not good, not clever.<br />Dull",
    "dull and silly. Not good",
    "good and clever",
    "Good! Not dull, not silly",
    "it isn't silly; good and good",
)
LABELS = np.array([0, 0, 1, 1, 1])
TRAIN = Reviews(TEXTS, LABELS, tuple("abcde"))
NEW = ("not clever", "good and not silly", "unheard-of", "")


def grams(text: str) -> set[str]:
    """All runs of one to three tokens of a text."""
    tokens = re.sub(r"([!?.,;:()\"*])", r" \1 ", text.lower().replace("<br />", " ")).split()
    return {" ".join(tokens[k : k + n]) for n in (1, 2, 3) for k in range(len(tokens) - n + 1)}


def by_hand(least: int) -> dict[str, float]:
    """Each phrase's ratio, counted phrase by phrase."""
    counts = {g: [sum(g in grams(t) for t, y in zip(TEXTS, LABELS, strict=True) if y == k) for k in (0, 1)]
              for g in set().union(*map(grams, TEXTS))}  # fmt: skip
    counts = {g: (neg + 1, pos + 1) for g, (neg, pos) in counts.items() if neg + pos >= least}
    negative, positive = (sum(count[k] for count in counts.values()) for k in (0, 1))
    return {g: math.log((pos / positive) / (neg / negative)) for g, (neg, pos) in counts.items()}


def logistic(features: np.ndarray, labels: np.ndarray, C: float) -> tuple[np.ndarray, float]:
    """Weights and bias with the least penalised loss; the bias bears no penalty."""
    sign = 2.0 * labels - 1

    def loss(w):
        return C * np.logaddexp(0, -sign * (features @ w[:-1] + w[-1])).sum() + 0.5 * w[:-1] @ w[:-1]

    found = minimize(loss, np.zeros(features.shape[1] + 1), tol=1e-10)
    return found.x[:-1], found.x[-1]


def test_ratios_are_those_counted_by_hand():
    """Five reviews, phrase by phrase."""
    expected = by_hand(least=1)
    names = sorted(expected)
    present = csr_matrix(np.array([[float(name in grams(text)) for name in names] for text in TEXTS]))

    obtained = linear.log_ratios(present, LABELS)

    np.testing.assert_allclose([expected[name] for name in names], obtained, rtol=1e-5)
    assert expected["good and"] > 0 > expected["not good"]


@pytest.mark.parametrize("least", [1, 2])
def test_naive_bayes_grams_are_ratios_times_presence_in_a_logistic_regression(tmp_path, least):
    """Probabilities of new reviews; one without a known phrase has the bias alone."""
    ratios = by_hand(least)
    names = sorted(ratios)

    def features(texts):
        return np.array([[ratios[name] * (name in grams(text)) for name in names] for text in texts])

    weights, bias = logistic(features(TEXTS), LABELS, C=0.5)
    expected = 1 / (1 + np.exp(-(features(NEW) @ weights + bias)))

    run = linear.NaiveBayesGrams("nb", C=0.5, least=least).run(TRAIN, NEW, 0, tmp_path)

    np.testing.assert_allclose(expected, run.probabilities, atol=2e-3)
    assert (len(names) + 1, 2 * len(names) + 1) == (run.parameters, run.stored)


def test_tfidf_is_its_formula_in_a_logistic_regression(tmp_path):
    """(1 + log count) (1 + log((1 + N) / (1 + reviews with it))), each review divided by its length."""
    words = [re.findall(r"\w\w+", text.lower()) for text in TEXTS]
    pairs = [[*w, *(" ".join(p) for p in pairwise(w))] for w in words]
    having = {g: sum(g in p for p in pairs) for p in pairs for g in p}
    names = sorted(having)

    def row(phrases):
        x = np.array([(1 + math.log(n)) * (1 + math.log(6 / (1 + having[g]))) if (n := phrases.count(g)) else 0.0
                      for g in names])  # fmt: skip
        return x / max(np.linalg.norm(x), 1e-12)

    new = [re.findall(r"\w\w+", text.lower()) for text in NEW]
    weights, bias = logistic(np.array([row(p) for p in pairs]), LABELS, C=30.0)
    expected = [1 / (1 + math.exp(-(row([*w, *(" ".join(p) for p in pairwise(w))]) @ weights + bias))) for w in new]

    run = linear.ROWS[0].run(TRAIN, NEW, 0, tmp_path)

    np.testing.assert_allclose(expected, run.probabilities, atol=2e-3)
    assert len(names) + 1 == run.parameters


def test_the_description_has_every_setting():
    """A run is used again as long as the description is the same."""
    tfidf, grams_ = linear.ROWS
    for row, changes in (
        (tfidf, {"C": 7.0, "longest": 3, "least": 5, "logarithm": False}),
        (grams_, {"C": 7.0, "longest": 2, "least": 5}),
    ):
        assert all(replace(row, **{field: value}).what != row.what for field, value in changes.items())
        assert not row.seeds
