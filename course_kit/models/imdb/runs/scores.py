"""The numbers of a run, from labels and probabilities."""

from dataclasses import dataclass

import numpy as np

from course_kit.datasets.imdb import Reviews
from course_kit.evaluation import best_threshold, f1_at

NUMBERS = ("f1", "precision", "recall", "accuracy")


@dataclass(frozen=True)
class Part:
    """Reviews that were predicted: "validation" or "test"."""

    name: str
    reviews: Reviews
    probabilities: np.ndarray  # (N,)


def scores(part: Part, threshold: float) -> dict:
    """F1, precision, recall, accuracy and the four counts of "probability at least ``threshold``"."""
    labels = part.reviews.labels.astype(bool)
    chosen = part.probabilities.astype(np.float64) >= threshold  # as in f1_at: float32 rounds the threshold
    counts = {
        "true_positives": int(np.count_nonzero(chosen & labels)),
        "false_positives": int(np.count_nonzero(chosen & ~labels)),
        "false_negatives": int(np.count_nonzero(~chosen & labels)),
        "true_negatives": int(np.count_nonzero(~chosen & ~labels)),
    }
    tp, fp, fn, tn = counts.values()
    return {
        "reviews": len(labels),
        "f1": f1_at(labels, part.probabilities, threshold),
        "precision": tp / (tp + fp) if tp + fp else 0.0,
        "recall": tp / (tp + fn) if tp + fn else 0.0,
        "accuracy": (tp + tn) / len(labels),
        **counts,
    }


def metrics(parts: list[Part], fixed: float) -> dict:
    """The content of metrics.json: the threshold, chosen on validation if there is one, and the scores at it."""
    validation = next((part for part in parts if part.name == "validation"), None)
    if validation is None:
        chosen = {"threshold": fixed, "threshold_from": "the recipe"}
    else:
        best, _ = best_threshold(validation.reviews.labels, validation.probabilities)
        chosen = {"threshold": best, "threshold_from": "validation"}
    return chosen | {part.name: scores(part, chosen["threshold"]) for part in parts}


def differences(obtained: dict, expected: dict) -> list[str]:
    """In words, the scores that differ between two contents of metrics.json. Only what both have is compared."""
    return [
        f"the {name} {number} is {obtained[name][number]:.6f}, metrics.json says {expected[name][number]:.6f}"
        for name in ("validation", "test")
        for number in NUMBERS
        if name in obtained and name in expected and abs(obtained[name][number] - expected[name][number]) > 1e-9
    ]


def precision_recall(part: Part) -> tuple[np.ndarray, np.ndarray]:
    """Precision and recall at every threshold, the highest first."""
    order = np.argsort(-part.probabilities, kind="stable")
    sorted_, hits = part.probabilities[order], np.cumsum(part.reviews.labels[order])
    ends = np.flatnonzero(np.append(sorted_[1:] < sorted_[:-1], True))
    return hits[ends] / (ends + 1), hits[ends] / max(hits[-1], 1)
