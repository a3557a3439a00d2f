"""Scores of written text: exact match, chrF (Popovic 2015, as sacrebleu computes it), distinct-n (Li et al. 2016)."""

from collections import Counter

import numpy as np


def exact_match(texts, references) -> float:
    """The share that is the reference letter for letter."""
    return sum(a == b for a, b in zip(texts, references, strict=True)) / len(texts)


def chrf(texts, references, order: int = 6, beta: float = 2.0) -> float:
    """chrF from 0 to 100 of a set of texts: precision and recall of character n-grams, blanks left out.

    The n-grams are counted over the whole set. An n for which text or reference has none is left out of the mean.

    >>> round(chrf(["abc"], ["abd"]), 4)  # n = 1: 2/3, n = 2: 1/2, n = 3: 0
    38.8889
    """
    precisions, recalls = [], []
    for n in range(1, order + 1):
        common = written = due = 0
        for text, reference in zip(texts, references, strict=True):
            a, b = (_grams("".join(t.split()), n) for t in (text, reference))
            common += (a & b).total()
            written += a.total() if b else 0  # sacrebleu's rule for references that are shorter than n
            due += b.total()
        if written and due:
            precisions.append(common / written)
            recalls.append(common / due)
    if not precisions:
        return 0.0
    P, R = np.mean(precisions), np.mean(recalls)
    return float(100 * (1 + beta**2) * P * R / (beta**2 * P + R)) if P + R > 0 else 0.0


def _grams(text: str, n: int) -> Counter:
    return Counter(text[k : k + n] for k in range(len(text) - n + 1))


def distinct(replies, n: int) -> tuple[int, int]:
    """How many different n-grams of words there are in the replies, and how many in all; none spans two replies.

    replies: lists of words.
    """
    grams = [tuple(words[k : k + n]) for words in replies for k in range(len(words) - n + 1)]
    return len(set(grams)), len(grams)


def rerank(log_p, log_p_anyway, weight: float) -> np.ndarray:
    """The order of candidates by ln P(reply | said) - weight ln P(reply), the best first."""
    return np.argsort(-(np.asarray(log_p) - weight * np.asarray(log_p_anyway)), kind="stable")
