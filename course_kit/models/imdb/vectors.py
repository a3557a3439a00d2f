"""Word vectors from the training reviews alone: which words stand near which."""

import numpy as np
from scipy import sparse
from sklearn.utils.extmath import randomized_svd

WINDOW = 5
SMOOTHED = 0.75  # contexts' counts to this power: rare contexts weigh less (Levy, Goldberg & Dagan 2015, section 3.2)


def word_vectors(words: np.ndarray, review: np.ndarray, vocabulary: int, size: int) -> np.ndarray:
    r"""Truncated singular value decomposition of the positive pointwise mutual information.

    $$P_{wc} = \max\left(0, \log \frac{\#(w, c) \sum_{c'} \#(c')^{0.75}}{\#(w) \#(c)^{0.75}}\right) \approx
    U_d \Sigma_d V_d^\top$$

    and the vectors are the rows of $U_d \Sigma_d^{1/2}$, scaled to a root mean square of 0.5. $\#(w, c)$ sums 1 /
    distance over all pairs at most five words apart in a review.

    Args:
        words: (M,) integers, the words of all reviews one after the other; 0 and 1 count as no word.
        review: (M,), the review of each, ascending.
        vocabulary: int, words from this number on count as no word.
        size: int, d.

    Returns:
        (vocabulary, size) float32; zero rows for words that have no neighbours.

    Source: O. Levy, Y. Goldberg, "Neural word embedding as implicit matrix factorization", NIPS 2014, section 5.
    """
    near = sparse.csr_matrix((vocabulary, vocabulary), dtype=np.float64)
    for apart in range(1, WINDOW + 1):
        left, right = words[:-apart], words[apart:]
        same = (review[:-apart] == review[apart:]) & _known(left, vocabulary) & _known(right, vocabulary)
        count = np.full(np.count_nonzero(same), 1.0 / apart)
        near += sparse.csr_matrix((count, (left[same], right[same])), shape=near.shape)
    near = (near + near.T).tocoo()
    if not near.nnz:
        return np.zeros((vocabulary, size), np.float32)
    total = np.bincount(near.row, near.data, vocabulary)
    smooth = total**SMOOTHED
    information = np.log(near.data * smooth.sum() / (total[near.row] * smooth[near.col]))
    kept = information > 0
    matrix = sparse.csr_matrix((information[kept], (near.row[kept], near.col[kept])), shape=near.shape)
    rank = min(size, vocabulary - 1)
    u, s, _ = randomized_svd(matrix, rank, n_iter=5, random_state=0)
    vectors = np.zeros((vocabulary, size), np.float32)
    vectors[:, :rank] = u * np.sqrt(s)
    return vectors * np.float32(0.5 / max(np.sqrt(np.mean(vectors**2)), 1e-12))


def _known(words: np.ndarray, vocabulary: int) -> np.ndarray:
    return (words > 1) & (words < vocabulary)
