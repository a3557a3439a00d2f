"""Batches hold each review once, beside others of like length."""

import numpy as np
import pytest

from course_kit.models.imdb.batches import Numbers, batches_of, dataset

RNG = np.random.default_rng(2)
LENGTHS = RNG.integers(0, 50, 90)


def numbers() -> Numbers:
    starts = np.concatenate([[0], np.cumsum(LENGTHS)])
    words = RNG.integers(1, 9, starts[-1]).astype(np.int32)
    return Numbers(words, RNG.integers(0, 6, (starts[-1], 3)).astype(np.int32), starts)


@pytest.mark.parametrize("rng", (None, np.random.default_rng(0)))
def test_each_review_is_in_one_batch(rng):
    """Of at most the size asked for."""
    found = batches_of(LENGTHS, 16, 8, rng)
    assert sorted(np.concatenate(found).tolist()) == list(range(90))
    assert max(map(len, found)) <= 16


def test_little_is_padded():
    """At most a third more than without any shuffling, far less than all at the longest."""
    rng = np.random.default_rng(0)
    area = lambda batches: sum(len(b) * -(-max(int(LENGTHS[b].max()), 1) // 8) * 8 for b in batches)  # noqa: E731
    assert area(batches_of(LENGTHS, 16, 8, rng)) < 1.34 * area(batches_of(LENGTHS, 16, 8))
    assert area(batches_of(LENGTHS, 16, 8, rng)) < 0.8 * 90 * 56


@pytest.mark.parametrize("folded", (False, True))
def test_what_the_net_reads_is_each_reviews_own(folded):
    """Words, features by the review's own fold, and label of each row."""
    n, labels, fold = numbers(), RNG.integers(0, 2, 90), RNG.integers(0, 3, 90)
    known = RNG.normal(size=(3, 6, 2) if folded else (6, 2)).astype("float32")
    seen = 0
    for (words, features), truth in dataset(n, labels, known, fold if folded else None, np.arange(90), 8, size=16):
        assert words.shape[1] % 8 == 0 and features.shape == (*words.shape, 6)
        for row, rest, label in zip(words.numpy(), features.numpy(), truth.numpy(), strict=True):
            length = int((row > 0).sum())
            owners = [
                k for k in range(90)
                if LENGTHS[k] == length and np.array_equal(n.words[n.starts[k] : n.starts[k + 1]], row[:length])
            ]  # fmt: skip
            table = [known[fold[k]] if folded else known for k in owners]
            grams = [n.grams[n.starts[k] : n.starts[k + 1]] for k in owners]
            assert any(
                np.array_equal(t[g].reshape(length, 6), rest[:length]) and label[0] == labels[k]
                for t, g, k in zip(table, grams, owners, strict=True)
            )
            seen += 1
    assert seen == 90


def test_each_pass_has_an_order_of_its_own():
    """With an rng; without one both are the same."""
    n, known = numbers(), np.zeros((6, 0), "float32")
    for orders, same in ((map(np.random.default_rng, (0, 1)), False), (None, True)):
        batches = dataset(n, np.zeros(90), known, None, np.arange(90), 8, orders, 16)
        first, second = ([words.numpy().tobytes() for (words,), _ in batches] for _ in range(2))
        assert (first == second) is same
