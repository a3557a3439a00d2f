"""The references of notebook 21 against scikit-learn, SciPy and Keras."""

import keras
import numpy as np
import pytest
from scipy.optimize import minimize
from sklearn import metrics
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression

from course_kit.reference import bag_of_ngrams, hard_gates, scores


@pytest.mark.parametrize("seed", range(5))
def test_scores_are_scikit_learns(seed):
    """Counts, F1 and recall of random decisions."""
    deal = np.random.default_rng(seed)
    y, chosen = (deal.uniform(size=60) < 0.4).astype(int), (deal.uniform(size=60) < 0.5).astype(int)
    (_, fp), (fn, tp) = metrics.confusion_matrix(y, chosen)

    assert (tp, fp, fn) == scores.counts(y, chosen)
    assert scores.f1(y, chosen) == pytest.approx(metrics.f1_score(y, chosen), abs=1e-12)
    assert scores.recall(y, chosen) == pytest.approx(metrics.recall_score(y, chosen), abs=1e-12)


def test_best_threshold_is_that_of_scikit_learns_curve():
    """No other threshold has a larger F1."""
    deal = np.random.default_rng(3)
    y = (deal.uniform(size=80) < 0.4).astype(int)
    p = np.round(deal.uniform(size=80), 2)  # with ties
    precision, recall, _ = metrics.precision_recall_curve(y, p)
    best = np.max(2 * precision * recall / np.maximum(precision + recall, 1e-12))

    threshold, found = scores.best_f1(y, p)

    assert found == pytest.approx(best, abs=1e-12)
    assert metrics.f1_score(y, p >= threshold) == pytest.approx(best, abs=1e-12)


def test_counter_example_of_keras_issue_4592():
    """Recall 0.25 by batches of two, 0.5 in truth."""
    y, chosen = np.array([1, 1, 0, 0]), np.array([1, 0, 0, 0])

    assert 0.25 == scores.by_batch(scores.recall, y, chosen, 2)
    assert 0.5 == scores.recall(y, chosen)


def test_hard_gate_of_keras_3_is_keras():
    """The one of the three that Keras 3 still has under its name; the old one has another slope."""
    a = np.linspace(-4, 4, 81)
    theirs = keras.ops.convert_to_numpy(keras.activations.hard_sigmoid(keras.ops.convert_to_tensor(a)))

    np.testing.assert_allclose(theirs, hard_gates.keras3_hard_gate(a), atol=1e-7)
    assert np.abs(hard_gates.keras1_gate(a) - theirs).max() == pytest.approx(1 / 12, abs=1e-3)


@pytest.mark.parametrize("which", hard_gates.GATES)
def test_step_is_that_of_keras_lstm(which):
    """One step of keras.layers.LSTM with each gate as its recurrent activation."""
    deal = np.random.default_rng(1)
    x, h, c = deal.normal(size=(2, 3)), deal.normal(size=(2, 4)), deal.normal(size=(2, 4))
    weights = [deal.normal(size=s) for s in ((3, 16), (4, 16), (16,))]
    activation = {
        "keras 1": lambda a: keras.ops.clip(0.2 * a + 0.5, 0.0, 1.0),
        "keras 3": "sigmoid",
        "keras 3 hard": "hard_sigmoid",
    }[which]
    cell = keras.layers.LSTMCell(4, recurrent_activation=activation, dtype="float64")
    cell.build((2, 3))
    cell.set_weights(weights)
    _, states = cell(keras.ops.convert_to_tensor(x), [keras.ops.convert_to_tensor(s) for s in (h, c)])

    found = hard_gates.step(x, h, c, *weights, hard_gates.GATES[which])

    for theirs, ours in zip(states, found, strict=True):
        np.testing.assert_allclose(keras.ops.convert_to_numpy(theirs), ours, atol=1e-7)


TEXTS = ["a b c a b", "c b a", "b b b", "a c a c b a", "c c", "a b a b"]


def test_bag_is_count_vectorizers():
    """The same columns, the same zeros and ones."""
    table = CountVectorizer(ngram_range=(1, 3), binary=True, token_pattern=r"\w+")
    theirs = table.fit_transform(TEXTS).toarray()
    columns = [tuple(name.split()) for name in table.get_feature_names_out()]

    found = bag_of_ngrams.bag([text.split() for text in TEXTS], columns)

    np.testing.assert_array_equal(theirs, found)
    assert set(columns) == set().union(*(bag_of_ngrams.grams(text.split(), 3) for text in TEXTS))


@pytest.mark.parametrize("lam", [0.3, 1.0, 4.0])
def test_logistic_regression_is_scikit_learns(lam):
    """One convex minimum, two ways to it; and a third that knows the loss alone."""
    deal = np.random.default_rng(2)
    X, y = deal.normal(size=(50, 6)), (deal.uniform(size=50) < 0.4).astype(int)
    learner = LogisticRegression(C=1 / lam, tol=1e-10, max_iter=10_000).fit(X, y)

    w, b = bag_of_ngrams.fit_logistic(X, y, lam)

    np.testing.assert_allclose(np.append(learner.coef_[0], learner.intercept_), np.append(w, b), atol=1e-4)

    def loss(wb):
        return np.logaddexp(0, -(2 * y - 1) * (X @ wb[:-1] + wb[-1])).sum() + lam / 2 * wb[:-1] @ wb[:-1]

    np.testing.assert_allclose(minimize(loss, np.zeros(7)).x, np.append(w, b), atol=1e-3)
