"""Scores of sentences and the search for the best one (slide D5.17), after Wu et al., arXiv 1609.08144, section 7.

    lp = ((5 + L) / 6)^alpha,   cp = beta sum_j log min(sum_i p_ij, 1),   score = log P / lp + cp

L counts the end. A toy language is a table log_p (V, V): log P of symbol b after symbol a; symbol 0 begins and ends a
sentence.
"""

from itertools import pairwise, product

import numpy as np


def length_penalty(L, alpha: float):
    """((5 + L) / 6)^alpha."""
    return ((5.0 + np.asarray(L)) / 6.0) ** alpha


def coverage_penalty(P: np.ndarray, beta: float) -> float:
    """P (T, S): weights of source words j for each written word i."""
    return float(beta * np.log(np.minimum(P.sum(axis=0), 1.0)).sum())


def sentence_log_p(log_p: np.ndarray, words) -> float:
    """ln P of a sentence and its end, in the toy language."""
    path = (0, *words, 0)
    return float(sum(log_p[a, b] for a, b in pairwise(path)))


def brute_force(log_p: np.ndarray, limit: int, alpha: float) -> tuple[list[int], float]:
    """The best of all sentences with at most `limit` symbols, the end included: the words and their score."""
    V = len(log_p)
    every = [words for L in range(limit) for words in product(range(1, V), repeat=L)]
    scores = [sentence_log_p(log_p, words) / length_penalty(len(words) + 1, alpha) for words in every]
    best = int(np.argmax(scores))
    return list(every[best]), float(scores[best])


def beam_search(log_p: np.ndarray, width: int, limit: int, alpha: float) -> tuple[list[int], float]:
    """The best sentence that a beam finds: the words without the end, and their score.

    At each step the `width` most probable of all continuations are kept; those that end leave the beam. Nothing is cut
    short: the search goes on to the limit or until the beam is empty. Without a finished sentence: ([], -inf).
    """
    beam, done = [((), 0.0)], []
    for _ in range(limit):
        longer = [
            ((*words, b), total + log_p[words[-1] if words else 0, b])
            for words, total in beam
            for b in range(len(log_p))
        ]
        kept = sorted(longer, key=lambda one: -one[1])[:width]
        done += [(words[:-1], total / length_penalty(len(words), alpha)) for words, total in kept if words[-1] == 0]
        beam = [one for one in kept if one[0][-1] != 0]
    words, score = max(done, key=lambda one: one[1], default=((), -np.inf))
    return list(words), float(score)
