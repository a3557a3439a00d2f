"""The embedding layer (slide D3.23) and Keras 1's way of dropping words in it (slide D2.17).

    e_t = onehot(x_t) @ E        E (V, d), ids (N, T) with entries 0 to V - 1, result (N, T, d)

Looked up here, row by row; the product with the one-hot array is what a student writes.

Y. Gal and Z. Ghahramani, "A theoretically grounded application of dropout in recurrent neural networks",
arXiv 1512.05287 (2015), drop word types: whole rows of E. Keras 1's Embedding(dropout=p) did so.
"""

import numpy as np


def embedding(ids: np.ndarray, E: np.ndarray) -> np.ndarray:
    """Row ids[n, t] of E for each place.

    >>> embedding(np.array([[1, 0, 1]]), np.array([[5.0, 6.0], [7.0, 8.0]])).tolist()
    [[[7.0, 8.0], [5.0, 6.0], [7.0, 8.0]]]
    """
    return np.stack([np.stack([E[word] for word in row]) for row in ids])


def embedding_gradient(ids: np.ndarray, g: np.ndarray, V: int) -> np.ndarray:
    """dL/dE (V, d) from g = dL/de (N, T, d): each row collects what arrives where its word stands.

    >>> embedding_gradient(np.array([[2, 2]]), np.array([[[1.0], [10.0]]]), 4).tolist()
    [[0.0], [0.0], [11.0], [0.0]]
    """
    gradient = np.zeros((V, g.shape[2]))
    for row, arrived in zip(ids, g, strict=True):
        for word, share in zip(row, arrived, strict=True):
            gradient[word] += share
    return gradient


def drop_words(ids: np.ndarray, E: np.ndarray, keep: np.ndarray, p: float) -> np.ndarray:
    """Embedding in training with the words of keep (V,) == 0 dropped wherever they stand, the others over 1 - p.

    >>> drop_words(np.array([[1, 0, 1]]), np.array([[4.0], [8.0]]), np.array([1.0, 0.0]), 0.2).tolist()
    [[[0.0], [5.0], [0.0]]]
    """
    return embedding(ids, np.stack([row / (1 - p) if kept else 0 * row for row, kept in zip(E, keep, strict=True)]))
