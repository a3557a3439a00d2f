"""F1 of a whole set against scikit-learn's, in any batches; the best threshold against trying them all."""

import keras
import numpy as np
import pytest
from sklearn.metrics import f1_score

from course_kit.evaluation import BestThreshold, BinaryF1, best_threshold, f1_at


@pytest.fixture(params=range(5))
def data(request):
    """Labels and probabilities, with ties."""
    rng = np.random.default_rng(request.param)
    labels = rng.integers(0, 2, 200)
    return labels, np.round(np.clip(0.3 * labels + rng.normal(0.4, 0.2, 200), 0, 1), 2)


@pytest.mark.parametrize("sizes", [[200], [1] * 200, [3, 97, 100], [64, 64, 64, 8]], ids=str)
def test_metric_is_that_of_the_whole_set_in_any_batches(data, sizes):
    """Scikit-learn sees all at once."""
    labels, probabilities = data
    metric = BinaryF1(threshold=0.55)
    for piece in np.split(np.arange(200), np.cumsum(sizes)[:-1]):
        metric.update_state(labels[piece][:, None], probabilities[piece][:, None])

    assert float(metric.result()) == pytest.approx(f1_score(labels, probabilities >= 0.55), abs=1e-6)


def test_mean_over_batches_is_another_number():
    """Four examples in two batches: 1/3 on average, 0.4 in truth."""
    labels, probabilities = np.array([1, 1, 0, 1]), np.array([0.9, 0.1, 0.9, 0.2])
    by_batch = np.mean([f1_at(labels[:2], probabilities[:2]), f1_at(labels[2:], probabilities[2:])])

    assert by_batch == pytest.approx(1 / 3)
    assert f1_at(labels, probabilities) == pytest.approx(f1_score(labels, probabilities >= 0.5)) == pytest.approx(0.4)


def test_weights_count_examples(data):
    """An example of weight 2 stands twice."""
    labels, probabilities = data
    weight = 1 + np.arange(200) % 3
    metric = BinaryF1()
    metric.update_state(labels, probabilities, sample_weight=weight)

    assert float(metric.result()) == pytest.approx(
        f1_score(labels, probabilities >= 0.5, sample_weight=weight), abs=1e-6
    )


def test_metric_starts_anew_after_reset(data):
    """As between two epochs."""
    metric = BinaryF1()
    metric.update_state(*data)
    metric.reset_state()

    assert 0.0 == float(metric.result())


def test_metric_survives_its_config():
    """The threshold is in it."""
    assert 0.3 == BinaryF1.from_config(BinaryF1(threshold=0.3).get_config()).threshold


def test_best_threshold_is_the_best_of_all(data):
    """Every threshold that can differ is tried with scikit-learn."""
    labels, probabilities = data
    threshold, f1 = best_threshold(labels, probabilities)
    tried = [f1_score(labels, probabilities >= t, zero_division=0) for t in np.unique(probabilities)]

    assert f1 == pytest.approx(max(tried))
    assert f1_score(labels, probabilities >= threshold) == pytest.approx(f1)


def test_one_probability_for_all_still_has_a_threshold():
    """Then all are positive."""
    threshold, f1 = best_threshold([1, 0, 1], [0.5, 0.5, 0.5])

    assert threshold < 0.5 and f1 == pytest.approx(0.8)


BAD = {
    "no positive": (lambda: best_threshold([0, 0], [0.1, 0.2]), "at least one positive label"),
    "lengths": (lambda: f1_at([0, 1], [0.1]), "as many probabilities as labels"),
    "labels": (lambda: f1_at([0, 2], [0.1, 0.2]), "labels must be 0 or 1"),
    "nan": (lambda: f1_at([0, 1], [0.1, np.nan]), "has the training exploded"),
}


@pytest.mark.parametrize("call,sentence", BAD.values(), ids=BAD)
def test_bad_input_gets_a_sentence(call, sentence):
    """What is due, and what came."""
    with pytest.raises(ValueError, match=sentence):
        call()


def test_callback_reports_f1_and_threshold_of_each_epoch():
    """Both are in the history, and early stopping can look at them."""
    rng = np.random.default_rng(0)
    x = rng.normal(size=(200, 3))
    y = (x[:, :1] > 0.2).astype(int)
    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(1, activation="sigmoid")])
    model.compile("adam", "binary_crossentropy", metrics=[BinaryF1()])
    best = BestThreshold(x[:100], y[:100])
    stop = keras.callbacks.EarlyStopping("val_best_f1", mode="max", patience=5)

    history = model.fit(x[100:], y[100:], epochs=2, callbacks=[best, stop], verbose=0).history

    assert 2 == len(history["val_best_f1"])
    assert best.threshold == history["val_threshold"][-1]
    assert best.f1 == pytest.approx(f1_score(y[:100], model.predict(x[:100], verbose=0) >= best.threshold))
