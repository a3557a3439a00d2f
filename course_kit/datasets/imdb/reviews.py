"""What the readers of all forms hand out: texts, labels, names, films, and a sentence that says what it is."""

from collections import Counter
from dataclasses import dataclass

import numpy as np

EACH = 12_500  # reviews of each label in each half of the public archive
LABELS = ("neg", "pos")
HALVES = ("train", "test")
FOLDERS = tuple(f"{half}/{label}" for half in HALVES for label in LABELS)


class ImdbError(ValueError):
    """The reviews cannot be had: one sentence of what must be, one of what is, and what to do."""


@dataclass(frozen=True)
class Reviews:
    """N reviews, the negative ones first, each label in the order of the archive's numbers. Shuffle before training.

    Args:
        texts: N strings, as they stand in the file.
        labels: (N,), 0 negative, 1 positive.
        files: N names, `train/pos/17_9.txt`.
        groups: (N,), the same integer for reviews of the same film; None where the films are not known.
    """

    texts: tuple[str, ...]
    labels: np.ndarray
    files: tuple[str, ...]
    groups: np.ndarray | None = None

    def __len__(self) -> int:
        return len(self.texts)

    def take(self, rows: np.ndarray) -> "Reviews":
        """The reviews in these rows (indices, or N booleans)."""
        rows = np.arange(len(self))[rows]
        return Reviews(
            tuple(self.texts[k] for k in rows),
            self.labels[rows],
            tuple(self.files[k] for k in rows),
            None if self.groups is None else self.groups[rows],
        )


@dataclass(frozen=True)
class Corpus:
    """Reviews to train on, reviews to test with, and a sentence that says what they are, for every output."""

    train: Reviews
    test: Reviews
    source: str


def whole(train: Reviews, test: Reviews, name: str) -> bool:
    """Whether these are 12,500 reviews of each label in each half."""
    return not _missing(train, test, name)


def require_whole(train: Reviews, test: Reviews, name: str) -> None:
    """An F1 on half a test set is not comparable, so a part of the reviews is refused unless it was asked for."""
    if missing := _missing(train, test, name):
        raise ImdbError(missing)


def _missing(train: Reviews, test: Reviews, name: str) -> str:
    for half, reviews in zip(HALVES, (train, test), strict=True):
        counts = Counter(reviews.labels.tolist())
        for code, label in enumerate(LABELS):
            if counts[code] != EACH:
                return (
                    f"{name} must hold {EACH:,} reviews in {half}/{label}. Got {counts[code]:,}: it is not the whole "
                    "archive; take it whole, or say partial=True, and no result on it is IMDB's."
                )
    return ""


def described(train: Reviews, test: Reviews, name: str) -> str:
    """The `source` of reviews read from the file or folder ``name``."""
    counts = f"{len(train):,} training and {len(test):,} test reviews, from {name}"
    if whole(train, test, name):
        return f"IMDB (Maas et al. 2011): {counts}."
    return f"a part of IMDB (Maas et al. 2011), not comparable with results on the whole: {counts}."
