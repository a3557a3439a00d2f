"""Batches of reviews of like length, so that little is padded."""

from dataclasses import dataclass

import numpy as np
import tensorflow as tf

from course_kit.models.imdb.reading import ORDERS


@dataclass(frozen=True)
class Numbers:
    """N reviews as numbers, one after the other, each cut to the words that are read.

    Args:
        words: (M,) int32.
        grams: (M, 3) int32, numbers in the table of n-grams, 0 where it has none.
        starts: (N + 1,), where each review begins and the last one ends.
    """

    words: np.ndarray
    grams: np.ndarray
    starts: np.ndarray

    def __len__(self) -> int:
        return len(self.starts) - 1

    @property
    def lengths(self) -> np.ndarray:
        return np.diff(self.starts)


def batches_of(lengths: np.ndarray, size: int, segment: int, rng: np.random.Generator | None = None) -> list:
    """Rows of reviews with about the same number of segments.

    Args:
        lengths: (N,).
        size: int, reviews a batch; the last may be smaller.
        rng: shuffles within like lengths and the order of the batches; None keeps the order of lengths.

    Returns:
        list of index arrays, which hold each row once.
    """
    pieces = np.ceil(lengths / segment)
    if rng is not None:
        pieces = pieces + rng.random(len(lengths)) * 1.5  # neighbours in length change places
    order = np.argsort(pieces, kind="stable")
    found = [order[start : start + size] for start in range(0, len(order), size)]
    if rng is not None:
        rng.shuffle(found)
    return found


def padded(numbers: Numbers, rows: np.ndarray, segment: int) -> tuple[np.ndarray, np.ndarray]:
    """words (B, T) and grams (B, T, 3), T the smallest multiple of the segment that all fit into."""
    longest = max(int(numbers.lengths[rows].max()), 1)
    steps = -(-longest // segment) * segment
    words = np.zeros((len(rows), steps), np.int32)
    grams = np.zeros((len(rows), steps, ORDERS), np.int32)
    for place, row in enumerate(rows):
        part = slice(numbers.starts[row], numbers.starts[row + 1])
        words[place, : part.stop - part.start] = numbers.words[part]
        grams[place, : part.stop - part.start] = numbers.grams[part]
    return words, grams


def dataset(numbers: Numbers, labels, known, fold, rows, segment: int, orders=None, size: int = 64) -> tf.data.Dataset:
    """Pairs of what the net reads and labels `(B, 1)`, in a new order at each pass if there are `orders`.

    Args:
        labels: (N,).
        known: (K + 1, F), what is known of each n-gram; or (folds, K + 1, F), of which each review gets its own fold's.
        fold: (N,), or None where `known` has no folds.
        rows: (n,), the reviews to go through.
        orders: iterator of random generators, one for each pass; None keeps the order of lengths.
        size: int, reviews a batch.
    """
    width = ORDERS * known.shape[-1]

    def generate():
        for chosen in batches_of(numbers.lengths[rows], size, segment, None if orders is None else next(orders)):
            chosen = rows[chosen]
            words, grams = padded(numbers, chosen, segment)
            inputs = (words,)
            if width:
                found = known[grams] if fold is None else known[fold[chosen][:, None, None], grams]
                inputs += (found.reshape(*words.shape, width),)
            yield inputs, labels[chosen].astype(np.float32)[:, None]

    shapes = (tf.TensorSpec((None, None), tf.int32),)
    if width:
        shapes += (tf.TensorSpec((None, None, width), tf.float32),)
    made = tf.data.Dataset.from_generator(generate, output_signature=(shapes, tf.TensorSpec((None, 1), tf.float32)))
    return made.apply(tf.data.experimental.assert_cardinality(-(-len(rows) // size))).prefetch(2)
