"""A part of the training reviews set aside to choose with, such that no film is on both sides, or hardly one."""

import re
from dataclasses import dataclass

import numpy as np

from course_kit.datasets.imdb.reviews import LABELS, Reviews

NUMBER = re.compile(r"(?:train|test)/(?:neg|pos)/([0-9]+)_[0-9]+\.txt")
VALIDATION = (3, 7)  # of ten folds, as in docs/imdb-log.md, which counts from 1


@dataclass(frozen=True)
class Split:
    """Reviews to train on, reviews to choose with, and how they were parted, in one sentence."""

    train: Reviews
    validation: Reviews
    how: str


def split(reviews: Reviews) -> Split:
    """A fifth for validation: the fourth and the eighth of the ten `folds`, the same at every call."""
    chosen = np.isin(folds(reviews), VALIDATION)
    return Split(reviews.take(~chosen), reviews.take(chosen), _how(reviews))


def folds(reviews: Reviews, count: int = 10) -> np.ndarray:
    """(N,), which of ``count`` folds each review belongs to. No chance in it, unless there is nothing to go by.

    Where `groups` are known, whole films: the largest first, each into the fold that is smallest so far. Else, where
    the names have numbers: blocks of neighbouring numbers in each label, since the reviews of a film stand together; a
    film is cut only where a block ends (at most ``count`` - 1 films a label), though its negative and positive reviews
    can fall into different folds. Else at random with seed 0.

    Args:
        count: int, from 2 to the number of reviews.
    """
    if isinstance(count, bool) or not isinstance(count, int) or not 2 <= count <= len(reviews):
        raise ValueError(f"count must be an integer from 2 to the number of reviews, {len(reviews)}. Got {count!r}.")
    if reviews.groups is not None:
        return _by_group(reviews.groups, count)
    fold, order = np.empty(len(reviews), dtype=np.int64), _order(reviews)
    for label in range(len(LABELS)):
        rows = order[reviews.labels[order] == label]
        fold[rows] = np.arange(len(rows)) * count // max(len(rows), 1)
    return fold


def _by_group(groups: np.ndarray, count: int) -> np.ndarray:
    codes, sizes = np.unique(groups, return_counts=True)
    filled, fold_of = np.zeros(count, dtype=np.int64), {}
    for k in np.argsort(-sizes, kind="stable"):
        fold_of[codes[k]] = smallest = int(filled.argmin())
        filled[smallest] += sizes[k]
    return np.array([fold_of[code] for code in groups])


def _numbers(reviews: Reviews) -> list[int] | None:
    found = [NUMBER.fullmatch(file) for file in reviews.files]
    return [int(match[1]) for match in found] if all(found) else None


def _order(reviews: Reviews) -> np.ndarray:
    numbers = _numbers(reviews)
    if numbers is None:
        return np.random.default_rng(0).permutation(len(reviews))
    return np.argsort(numbers, kind="stable")


def _how(reviews: Reviews) -> str:
    if reviews.groups is not None:
        return "a fifth for validation, the reviews of one group (film, or pair of the kit's corpus) on one side."
    if _numbers(reviews) is not None:
        return "a fifth for validation, blocks of neighbouring review numbers, so that few films are on both sides."
    return "a fifth for validation, at random with seed 0: films and numbers are not known."
