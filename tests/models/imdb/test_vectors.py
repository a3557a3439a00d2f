"""Word vectors against a dense computation."""

import numpy as np

from course_kit.models.imdb.vectors import word_vectors


def test_their_products_are_the_information_cut_to_its_rank():
    """U S V' of NumPy on a matrix filled pair by pair; the products of rows fix the vectors up to a rotation."""
    rng = np.random.default_rng(0)
    words, review = rng.integers(0, 14, 600), np.sort(rng.integers(0, 30, 600))
    vocabulary, size = 12, 4
    near = np.zeros((vocabulary, vocabulary))
    for a in range(600):
        for b in range(600):
            if 1 <= abs(a - b) <= 5 and review[a] == review[b] and 1 < min(words[a], words[b]) and max(
                words[a], words[b]
            ) < vocabulary:  # fmt: skip
                near[words[a], words[b]] += 1 / abs(a - b)
    total = near.sum(1)
    with np.errstate(divide="ignore", invalid="ignore"):
        information = np.log(near * (total**0.75).sum() / np.outer(total, total**0.75))
    u, s, _ = np.linalg.svd(np.where(near > 0, np.maximum(information, 0), 0))
    due = u[:, :size] * np.sqrt(s[:size])
    due *= 0.5 / np.sqrt(np.mean(due**2))
    found = word_vectors(words, review, vocabulary, size)
    np.testing.assert_allclose(found @ found.T, due @ due.T, atol=0.02)
    assert found.shape == (vocabulary, size) and np.abs(found[:2]).max() < 1e-12


def test_reviews_of_one_word_have_no_neighbours():
    """Zero vectors, not a division by zero."""
    assert not word_vectors(np.arange(2, 8), np.arange(6), 10, 3).any()
