"""What each n-gram of the training reviews says about their labels, for a review by the other reviews alone.

A ratio that was counted with a review's own label in it tells the label; a net that trains on such ratios learns to
trust them and fails on new reviews. So the training reviews are parted into folds, and each fold's ratios come from
the other folds. New reviews get the ratios of all.
"""

from dataclasses import dataclass

import numpy as np
from scipy import sparse
from sklearn.linear_model import LogisticRegression

from course_kit.datasets.imdb.reviews import Reviews
from course_kit.datasets.imdb.split import folds

LEAST = 2  # an n-gram that fewer reviews have says nothing
SMOOTHING = 1.0
FOLDS = 10
INVERSE_PENALTY = 0.5
FEATURES = 2


@dataclass(frozen=True)
class Weights:
    """What the net reads beside the words.

    Args:
        fold: (N,), the fold of each training review.
        held_out: (FOLDS, K + 1, F), for each fold the features of each n-gram by the other folds' reviews; row 0, for
            an n-gram that the table has not, is zero.
        all: (K + 1, F), by all reviews.
    """

    fold: np.ndarray
    held_out: np.ndarray
    all: np.ndarray


def table(keys: np.ndarray, review: np.ndarray, orders: int) -> np.ndarray:
    """The n-grams that at least `LEAST` reviews have, as sorted keys.

    Args:
        keys: (M, 3) int64, `reading.gram_keys`, -1 where there is none.
        review: (M,), the review that each word belongs to.
        orders: int, 1 to 3: n-grams up to this length.
    """
    found = []
    for order in range(orders):
        there = keys[:, order] >= 0
        key, owner = keys[there, order], review[there]
        by_key = np.argsort(key, kind="stable")  # and by review among equal keys, as reviews ascend
        key, owner = key[by_key], owner[by_key]
        first = np.append(True, key[1:] != key[:-1])
        fresh = first | np.append(True, owner[1:] != owner[:-1])  # the n-gram's first time in this review
        reviews = np.add.reduceat(fresh, np.flatnonzero(first), dtype=np.int64) if len(key) else np.zeros(0)
        found.append(key[first][reviews >= LEAST])
    return np.sort(np.concatenate(found)) if found else np.zeros(0, np.int64)


def occurrence(grams: np.ndarray, review: np.ndarray, shape: tuple[int, int]) -> sparse.csr_matrix:
    """(N, K + 1), 1 where a review has an n-gram, however often; column 0 is empty."""
    column = grams.ravel()
    rows = np.repeat(review, grams.shape[1])[column > 0]
    has = sparse.csr_matrix((np.ones(len(rows), np.float32), (rows, column[column > 0])), shape=shape)
    has.sum_duplicates()
    has.data[:] = 1
    return has


def log_ratios(has: sparse.csr_matrix, labels: np.ndarray) -> np.ndarray:
    """(K + 1,): log((p + 1) / (q + 1)), p and q the numbers of positive and of negative reviews that have the n-gram.

    0 where fewer than `LEAST` of these reviews have it.
    Source: S. Wang and C. D. Manning, "Baselines and bigrams", ACL 2012, section 2.1, without the two norms.
    """
    positive = np.asarray(has[labels == 1].sum(0)).ravel()
    negative = np.asarray(has[labels == 0].sum(0)).ravel()
    ratios = np.log((positive + SMOOTHING) / (negative + SMOOTHING)).astype(np.float32)
    ratios[positive + negative < LEAST] = 0
    return ratios


def weights(has: sparse.csr_matrix, reviews: Reviews) -> Weights:
    """The features of each n-gram for each fold of the training reviews, and for new ones.

    Args:
        has: (N, K + 1), `occurrence` in the training reviews.
        reviews: the N training reviews.
    """
    fold = folds(reviews, FOLDS)
    held_out = [features(has[fold != number], reviews.labels[fold != number]) for number in range(FOLDS)]
    return Weights(fold, np.stack(held_out), features(has, reviews.labels))


def logistic_weights(has: sparse.csr_matrix, labels: np.ndarray, ratios: np.ndarray) -> np.ndarray:
    """(K + 1,): what a logistic regression adds to a review's logit for each n-gram, in tenths.

    Its inputs are the log ratios of the n-grams that a review has (`log_ratios`), C = 0.5 as validation had it best.
    The ratio counts an n-gram by itself; the regression knows that `not` and `not good` come together.
    Source: Wang & Manning 2012, section 2.3, with logistic loss.
    """
    model = LogisticRegression(C=INVERSE_PENALTY, solver="liblinear", dual=True, tol=1e-2, max_iter=300, random_state=0)
    model.fit(has.multiply(ratios).tocsr(), labels)
    return (10 * model.coef_[0] * ratios).astype(np.float32)


def none(reviews: Reviews) -> Weights:
    """No features at all, for a net that reads the words alone."""
    return Weights(folds(reviews, FOLDS), np.zeros((FOLDS, 1, 0), np.float32), np.zeros((1, 0), np.float32))


def features(has: sparse.csr_matrix, labels: np.ndarray) -> np.ndarray:
    """(K + 1, 2) float32: log ratio and logistic weight of each n-gram by these reviews."""
    ratios = log_ratios(has, labels)
    return np.stack([ratios, logistic_weights(has, labels, ratios)], 1)
