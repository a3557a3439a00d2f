"""F1 of the whole set, whatever the batches, and the threshold at which it is best."""

import keras
import numpy as np
from keras import ops


def f1_at(labels, probabilities, threshold: float = 0.5) -> float:
    """F1 = 2 TP / (2 TP + FP + FN) of "probability at least ``threshold``".

    Args:
        labels: array of 0 and 1.
        probabilities: array of as many numbers, whatever its shape.
        threshold: float.

    Returns:
        float in [0, 1]; 0 where nothing is positive, neither in truth nor by the model, as scikit-learn has it.

    >>> round(f1_at([1, 1, 0, 0], [0.9, 0.4, 0.6, 0.1]), 3)
    0.5
    """
    labels, probabilities = _pair(labels, probabilities)
    chosen = probabilities >= threshold
    both = np.count_nonzero(chosen & labels)
    some = np.count_nonzero(chosen) + np.count_nonzero(labels)
    return float(2.0 * both / some) if some else 0.0


def best_threshold(labels, probabilities) -> tuple[float, float]:
    """The threshold with the largest F1 on these data, which must not be the data that the F1 is reported on.

    It lies midway between two neighbouring probabilities (the first gap of several that are equally good), so that a
    change in the last digit changes no decision.

    Args:
        labels: array of 0 and 1, at least one of them 1.
        probabilities: array of as many numbers.

    Returns:
        threshold, F1.

    Raises:
        ValueError: if no label is 1: then every threshold has F1 = 0.

    >>> best_threshold([1, 1, 0, 0], [0.9, 0.4, 0.6, 0.1])
    (0.25, 0.8)
    """
    labels, probabilities = _pair(labels, probabilities)
    if not labels.any():
        raise ValueError("a threshold needs at least one positive label to be chosen by. Got none.")
    order = np.argsort(-probabilities, kind="stable")
    sorted_, hits = probabilities[order], np.cumsum(labels[order])
    count = np.arange(1, len(labels) + 1)
    # A threshold can stand only where the probability falls, or below all of them.
    ends = np.flatnonzero(np.append(sorted_[1:] < sorted_[:-1], True))
    scores = 2.0 * hits[ends] / (count[ends] + hits[-1])
    at = ends[int(np.argmax(scores))]
    below = sorted_[at + 1] if at + 1 < len(sorted_) else sorted_[at] - 1e-6
    return float((sorted_[at] + below) / 2.0), float(scores.max())


def _pair(labels, probabilities) -> tuple[np.ndarray, np.ndarray]:
    labels, probabilities = np.ravel(labels), np.ravel(probabilities).astype(float)
    if labels.shape != probabilities.shape:
        raise ValueError(f"as many probabilities as labels are due. Got {probabilities.size} and {labels.size}.")
    if not np.isin(labels, (0, 1)).all():
        raise ValueError("labels must be 0 or 1.")
    if not np.isfinite(probabilities).all():
        raise ValueError("probabilities must be finite numbers. Got a NaN or an infinity: has the training exploded?")
    return labels.astype(bool), probabilities


@keras.saving.register_keras_serializable(package="course_kit")
class BinaryF1(keras.metrics.Metric):
    """F1 as a metric for ``compile``: counts are summed over the batches, the ratio is taken once.

    The mean of the F1 of batches, which Keras 1 reported and Keras 2 took out, is another number.

    Args:
        threshold: float, a probability at or above it is a positive.
        name, dtype: as in Keras.

    Shapes:
        ``y_true`` and ``y_pred`` of the same size, ``(N,)`` or ``(N, 1)``; ``sample_weight`` of as many or None.

    Source: van Rijsbergen, Information Retrieval (1979), chapter 7; equal to ``sklearn.metrics.f1_score``.

    >>> metric = BinaryF1()
    >>> for y, p in (([1, 1], [0.9, 0.4]), ([0, 0], [0.6, 0.1])):
    ...     metric.update_state(y, p)
    >>> round(float(metric.result()), 3)
    0.5
    """

    def __init__(self, threshold: float = 0.5, name: str = "f1", dtype=None):
        super().__init__(name=name, dtype=dtype)
        self.threshold = threshold
        self.both = self.add_weight(name="true_positives", initializer="zeros")
        self.chosen = self.add_weight(name="predicted_positives", initializer="zeros")
        self.positive = self.add_weight(name="actual_positives", initializer="zeros")

    def update_state(self, y_true, y_pred, sample_weight=None):
        true = ops.cast(ops.reshape(y_true, (-1,)), self.dtype)
        chosen = ops.cast(ops.reshape(y_pred, (-1,)) >= self.threshold, self.dtype)
        if sample_weight is not None:
            weight = ops.cast(ops.reshape(sample_weight, (-1,)), self.dtype)
            self.both.assign_add(ops.sum(weight * true * chosen))
            self.chosen.assign_add(ops.sum(weight * chosen))
            self.positive.assign_add(ops.sum(weight * true))
            return
        self.both.assign_add(ops.sum(true * chosen))
        self.chosen.assign_add(ops.sum(chosen))
        self.positive.assign_add(ops.sum(true))

    def result(self):
        return ops.divide_no_nan(2.0 * self.both, self.chosen + self.positive)

    def get_config(self):
        return {**super().get_config(), "threshold": self.threshold}


class BestThreshold(keras.callbacks.Callback):
    """After each epoch, F1 on validation data at its best threshold: ``val_best_f1`` and ``val_threshold`` in the logs.

    Put it before ``EarlyStopping`` and ``ModelCheckpoint`` that look at ``val_best_f1`` (``mode="max"``).

    Args:
        inputs: what ``model.predict`` takes.
        labels: array of 0 and 1.
        batch_size: int, as for ``predict``.

    Attributes:
        threshold: float, that of the last epoch; None before.
        f1: float, that of the last epoch.
    """

    def __init__(self, inputs, labels, batch_size: int = 256):
        super().__init__()
        self.inputs, self.labels, self.batch_size = inputs, np.ravel(labels), batch_size
        self.threshold: float | None = None
        self.f1 = 0.0

    def on_epoch_end(self, epoch, logs=None):
        probabilities = self.model.predict(self.inputs, batch_size=self.batch_size, verbose=0)
        self.threshold, self.f1 = best_threshold(self.labels, probabilities)
        if logs is not None:
            logs["val_best_f1"], logs["val_threshold"] = self.f1, self.threshold
