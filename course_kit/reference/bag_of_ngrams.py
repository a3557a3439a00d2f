"""A bag of n-grams and logistic regression, the line that a network on texts has to pass (slide D1.35).

x_g = 1 if the n-gram g stands somewhere in the text, else 0
L(w, b) = sum_k log(1 + exp(-s_k (x_k w + b))) + lambda/2 |w|^2,   s_k = 1 for a positive text, -1 for a negative one
"""

import numpy as np

from course_kit.reference.activations import sigmoid


def grams(seq, longest: int) -> set[tuple[int, ...]]:
    """All runs of 1 to ``longest`` neighbours in a sequence.

    >>> sorted(grams([7, 8, 7], 2))
    [(7,), (7, 8), (8,), (8, 7)]
    """
    return {tuple(seq[k : k + n]) for n in range(1, longest + 1) for k in range(len(seq) - n + 1)}


def bag(seqs, columns: list) -> np.ndarray:
    """(N, V): 1 where a sequence has the n-gram of the column; n-grams without a column are left out."""
    place = {gram: k for k, gram in enumerate(columns)}
    longest = max(map(len, columns))
    x = np.zeros((len(seqs), len(columns)))
    for row, seq in enumerate(seqs):
        x[row, [place[g] for g in grams(seq, longest) if g in place]] = 1.0
    return x


def fit_logistic(X: np.ndarray, y: np.ndarray, lam: float) -> tuple[np.ndarray, float]:
    """The one minimum of L, by Newton's method: w (V,) and b. ``lam`` is positive, b is not penalised."""
    ones = np.column_stack([X, np.ones(len(X))])
    penalty = np.append(np.full(X.shape[1], lam), 0.0)
    wb = np.zeros(ones.shape[1])
    for _ in range(50):
        p = sigmoid(ones @ wb)
        gradient = ones.T @ (p - y) + penalty * wb
        hessian = (ones * (p * (1 - p))[:, None]).T @ ones + np.diag(penalty)
        change = np.linalg.solve(hessian, gradient)
        wb = wb - change
        if np.abs(change).max() < 1e-12:
            break
    return wb[:-1], float(wb[-1])
