"""Counted models against a case worked by hand, sums of 1, and counting with dicts in fractions."""

from collections import Counter
from fractions import Fraction

import numpy as np
import pytest

from course_kit.reference.ngrams import conditional_entropy, counts, cross_entropy, ngram_tables, smoothed

TEXT = np.array([0, 1, 0, 2, 0, 1, 1, 0, 1, 3, 0, 1, 0])


def by_fractions(ids, S: int, context: tuple, symbol: int) -> Fraction:
    """Witten and Bell's P by recursion over dicts, exactly."""
    k = len(context)
    groups = Counter(tuple(ids[t : t + k + 1]) for t in range(len(ids) - k))
    lower = by_fractions(ids, S, context[1:], symbol) if k else Fraction(1, S)
    n = sum(v for g, v in groups.items() if g[:-1] == context)
    kinds = sum(1 for g in groups if g[:-1] == context)
    return (groups[(*context, symbol)] + kinds * lower) / (n + kinds) if n else lower


@pytest.mark.parametrize("order", [1, 2, 3])
def test_tables_are_what_fractions_give(order):
    """Every entry, contexts that never came included."""
    S = 5  # symbol 4 never comes
    table = ngram_tables(TEXT, S, order)[-1]

    for index in np.ndindex(*table.shape):
        due = by_fractions(TEXT.tolist(), S, index[:-1], index[-1])
        assert table[index] == pytest.approx(float(due), abs=1e-14)


def test_by_hand():
    """aab: n(a) = 2, n(b) = 1, two kinds; after a came a once, b once."""
    one, two = ngram_tables(np.array([0, 0, 1]), 3, 2)

    assert one.tolist() == pytest.approx([(2 + 2 / 3) / 5, (1 + 2 / 3) / 5, (2 / 3) / 5])
    assert two[0].tolist() == pytest.approx([(1 + 2 * one[0]) / 4, (1 + 2 * one[1]) / 4, 2 * one[2] / 4])
    assert two[2].tolist() == one.tolist()


def test_rows_sum_to_one_and_nothing_is_impossible():
    """For random counts, zero rows among them."""
    rng = np.random.default_rng(0)
    n = rng.integers(0, 3, (6, 5)) * (rng.random((6, 1)) > 0.4)
    lower = rng.dirichlet(np.ones(5))

    p = smoothed(n, lower)

    assert np.abs(p.sum(axis=1) - 1).max() < 1e-14
    assert p.min() > 0


def test_cross_entropy_is_the_mean_by_hand():
    """ids[1:] are paid for, each by the longest context that it has."""
    tables = ngram_tables(TEXT, 5, 3)
    ids = np.array([1, 0, 4])

    due = -(np.log(tables[1][1, 0]) + np.log(tables[2][1, 0, 4])) / 2

    assert cross_entropy(tables, ids) == pytest.approx(due)


def test_conditional_entropy_of_a_coin_and_of_a_clock():
    """After 0 comes 1 or 2 as often, and 0 after both: half the pairs cost ln 2. A clock costs nothing."""
    coin = np.array([0, 1, 0, 2] * 8 + [0])

    assert conditional_entropy(coin, 3) == pytest.approx(np.log(2) / 2)
    assert conditional_entropy(np.array([0, 1, 2] * 9), 4) == 0.0
    assert counts(coin, 3, 2)[0].tolist() == [0, 8, 8]


def test_smoothing_costs_more_on_the_text_itself_and_less_on_another():
    """What is kept back for the unseen is missing where all was seen."""
    rng = np.random.default_rng(1)
    ids, other = rng.integers(0, 6, 60), rng.integers(0, 6, 60)
    tables = ngram_tables(ids, 6, 2)

    assert cross_entropy(tables, ids) > conditional_entropy(ids, 6)
    assert np.isfinite(cross_entropy(tables, other))
