"""What E21.7 and E22.6 hand in: probabilities of three runs as text, from which the judge counts F1 again.

A probability is one byte, p = byte / 255; the bytes of a run are a base64 text. The labels of the held-out reviews are
on the judge's side alone (`held_out_labels`): where they are not, the validation reviews take their place.
"""

import base64
import binascii
import math
from dataclasses import dataclass

import numpy as np

from course_kit.checking import require
from course_kit.exercises import held_out_labels
from course_kit.reference.scores import best_f1, f1

RUNS = 3
HELD_OUT = 800
# Row k of imdb.split(imdb.load("kit").train).validation: 300 negative reviews, then 300 positive ones.
VALIDATION_LABELS = np.repeat([0, 1], 300)
KEYS = ("for", "held_out", "validation", "thresholds", "weights", "validation_f1")
LONGEST = 100_000  # letters; 800 bytes are 1,068


@dataclass(frozen=True)
class Runs:
    """Three runs: held_out (3, 800), validation (3, 600), thresholds (3,), shapes of a net's weights."""

    held_out: np.ndarray
    validation: np.ndarray
    thresholds: np.ndarray
    weights: tuple[tuple[int, ...], ...]
    validation_f1: tuple[float, float]

    @property
    def parameters(self) -> int:
        return sum(math.prod(shape) for shape in self.weights)

    def scores(self, labels: np.ndarray, probabilities: np.ndarray) -> np.ndarray:
        """F1 of each run at its own threshold."""
        return np.array([f1(labels, p >= t) for p, t in zip(probabilities, self.thresholds, strict=True)])

    def best(self) -> np.ndarray:
        """The best F1 that each run could have on the validation reviews."""
        return np.array([best_f1(VALIDATION_LABELS, p)[1] for p in self.validation])


def labels() -> np.ndarray | None:
    """(800,) of the held-out reviews; None in a student's copy of the kit."""
    if held_out_labels.LABELS is None:
        return None
    packed = np.frombuffer(bytes.fromhex(held_out_labels.LABELS), dtype=np.uint8)
    return np.unpackbits(packed)[:HELD_OUT].astype(int)


def judged(runs: Runs) -> tuple[str, np.ndarray, float]:
    """What is judged in words, the F1 of the three runs there, and that of the n-gram model."""
    truth = labels()
    if truth is None:
        scores = runs.scores(VALIDATION_LABELS, runs.validation)
        return "validation reviews", scores, held_out_labels.LINE_VALIDATION
    return "held-out reviews", runs.scores(truth, runs.held_out), held_out_labels.LINE_HELD_OUT


def read(handed_in, name: str = "my_model") -> Runs:
    """The runs in a student's dict of plain data. Raises ``Mismatch`` with what is missing."""
    require(isinstance(handed_in, dict), f"{name} must be the dict that the cell above prints.")
    missing = [key for key in KEYS if key not in handed_in]
    require(not missing, f"{name} lacks {', '.join(missing)}: paste the whole dict that the cell above prints.")
    require(
        handed_in["for"] == held_out_labels.DIGEST,
        f"{name} belongs to other held-out reviews: train again with the reviews of this course.",
    )
    return Runs(
        held_out=_probabilities(handed_in["held_out"], HELD_OUT, f'{name}["held_out"]'),
        validation=_probabilities(handed_in["validation"], len(VALIDATION_LABELS), f'{name}["validation"]'),
        thresholds=_thresholds(handed_in["thresholds"], name),
        weights=_shapes(handed_in["weights"], name),
        validation_f1=_mean_and_spread(handed_in["validation_f1"], name),
    )


def _probabilities(texts, count: int, what: str) -> np.ndarray:
    good = isinstance(texts, list | tuple) and len(texts) == RUNS and all(isinstance(t, str) for t in texts)
    require(good, f"{what} must hold {RUNS} texts, one for each seed.")
    rows = []
    for text in texts:
        try:
            require(len(text) <= LONGEST, f"{what} must be made by the cell above: a text is too long.")
            content = base64.b64decode(text, validate=True)
        except (binascii.Error, ValueError):
            content = b""
        require(len(content) == count, f"{what} must hold {count} probabilities a seed. Got {len(content)}.")
        rows.append(np.frombuffer(content, dtype=np.uint8) / 255.0)
    return np.stack(rows)


def _numbers(values, count: int) -> bool:
    good = isinstance(values, list | tuple | np.ndarray) and np.shape(values) == (count,)
    return good and all(isinstance(v, int | float | np.number) and np.isfinite(v) for v in values)


def _thresholds(values, name: str) -> np.ndarray:
    require(_numbers(values, RUNS), f'{name}["thresholds"] must be {RUNS} numbers, one for each seed.')
    return np.array(values, dtype=float)


def _mean_and_spread(values, name: str) -> tuple[float, float]:
    require(_numbers(values, 2), f'{name}["validation_f1"] must be two numbers: mean and spread over the seeds.')
    return float(values[0]), float(values[1])


def _shapes(values, name: str) -> tuple[tuple[int, ...], ...]:
    good = isinstance(values, list | tuple) and 0 < len(values) <= 200
    good = good and all(isinstance(s, list | tuple) and len(s) <= 4 for s in values)
    good = good and all(isinstance(k, int) and not isinstance(k, bool) and 0 < k < 10**6 for s in values for k in s)
    require(good, f'{name}["weights"] must be a list of shapes, each a tuple of positive whole numbers.')
    return tuple(tuple(s) for s in values)
