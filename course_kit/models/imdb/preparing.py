"""What is counted in the training reviews before a net is trained: vocabulary, n-grams and their weights, vectors."""

from collections import Counter
from dataclasses import dataclass

import numpy as np
import tensorflow as tf

from course_kit.datasets.imdb.reviews import Reviews
from course_kit.models.imdb import ngrams
from course_kit.models.imdb.batches import Numbers
from course_kit.models.imdb.reading import ReviewReader, gram_keys, tokens
from course_kit.models.imdb.recipe import Recipe
from course_kit.models.imdb.vectors import word_vectors

AT_ONCE = 500  # reviews that are read at a time
LEAST = 2  # a word that stands only once in all reviews is unknown


@dataclass(frozen=True)
class Prepared:
    """All that comes from the training reviews by counting."""

    reader: ReviewReader
    numbers: Numbers
    weights: ngrams.Weights
    vectors: np.ndarray


def prepare(recipe: Recipe, train: Reviews) -> Prepared:
    """Count. No chance in it: the same reviews give the same numbers.

    Raises:
        ValueError: if the reviews are not of both kinds, or too few.
    """
    if len(train) < ngrams.FOLDS or len(set(train.labels.tolist())) < 2:
        raise ValueError(f"at least {ngrams.FOLDS} reviews of both kinds are needed to train. Got {len(train)}.")
    reader = ReviewReader(recipe.vocabulary, recipe.segment, recipe.most, name="reader")
    words = _vocabulary(train)
    reader.learn(words, np.zeros(0, np.int64))
    number, lengths = _flat(reader, train.texts)
    review = np.repeat(np.arange(len(train)), lengths)
    keys = gram_keys(tf.constant(number), tf.constant(lengths), reader.words).numpy()
    reader.learn(words, ngrams.table(keys, review, recipe.grams))
    grams = reader.find(keys).numpy()
    if reader.grams:
        has = ngrams.occurrence(grams, review, (len(train), reader.grams + 1))
        weights = ngrams.weights(has, train)
    else:
        weights = ngrams.none(train)
    vectors = word_vectors(number, review, recipe.vocabulary, recipe.vectors)
    return Prepared(reader, _cut(recipe, number, grams, lengths), weights, vectors)


def read(reader: ReviewReader, recipe: Recipe, texts) -> Numbers:
    """Other reviews as numbers, by what was counted."""
    number, lengths = _flat(reader, texts)
    keys = gram_keys(tf.constant(number), tf.constant(lengths), reader.words)
    return _cut(recipe, number, reader.find(keys).numpy(), lengths)


def _vocabulary(train: Reviews) -> list[str]:
    """Words that stand at least twice, the most frequent first, those of equal frequency by the alphabet."""
    frequency = Counter()
    for start in range(0, len(train), AT_ONCE):
        frequency.update(tokens(list(train.texts[start : start + AT_ONCE])).flat_values.numpy().tolist())
    kept = [(-count, word) for word, count in frequency.items() if count >= LEAST]
    return [word.decode() for _, word in sorted(kept)]


def _flat(reader: ReviewReader, texts) -> tuple[np.ndarray, np.ndarray]:
    found = [reader.numbers(tf.constant(texts[start : start + AT_ONCE])) for start in range(0, len(texts), AT_ONCE)]
    return np.concatenate([n.numpy() for n, _ in found]), np.concatenate([length.numpy() for _, length in found])


def _cut(recipe: Recipe, number: np.ndarray, grams: np.ndarray, lengths: np.ndarray) -> Numbers:
    """The first and the last half of the words that are read, of each review."""
    total = np.repeat(lengths, lengths)
    place = np.arange(len(number)) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    kept = (place < recipe.most // 2) | (place >= total - recipe.most // 2)
    words = np.where(number < recipe.vocabulary, number, 1).astype(np.int32)
    starts = np.concatenate([[0], np.cumsum(np.minimum(lengths, recipe.most))])
    return Numbers(words[kept], grams[kept], starts)
