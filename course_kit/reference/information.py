"""How much a character says of the one that stands `gap` places after it (slide D3.4), from counts, in nats.

I = sum_ab p(a, b) ln( p(a, b) / (p(a) p(b)) ),   p(a) = sum_b p(a, b),   p(b) = sum_a p(a, b)
"""

import numpy as np


def pair_counts(text: str, gap: int = 1) -> np.ndarray:
    """How often character a is followed by character b, `gap` places on: one row and one column a character."""
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4")
    alphabet, k = np.unique(codes, return_inverse=True)
    counts = np.zeros((len(alphabet), len(alphabet)))
    np.add.at(counts, (k[:-gap], k[gap:]), 1.0)
    return counts


def mutual_information(text: str, gap: int = 1) -> float:
    """Mutual information of the characters of all pairs (text[t], text[t + gap]), in nats."""
    p = pair_counts(text, gap)
    p /= p.sum()
    independent = np.outer(p.sum(axis=1), p.sum(axis=0))
    seen = p > 0  # 0 ln 0 is 0
    return float((p[seen] * np.log(p[seen] / independent[seen])).sum())
