"""Encoder, attention and counts of Google's translator (slide D5.17), after Wu et al., arXiv 1609.08144, section 3.

    s_ij = v . tanh(q_i W_q + x_j W_k),   p_ij = exp(s_ij) / sum_l exp(s_il),   a_i = sum_j p_ij x_j

q (N, T, n) asks, x (N, S, n) answers; mask (N, S) is True where a word is. W_q and W_k (n, n), v (n,).
An LSTM's weights are a triple W (m, 4n), U (n, 4n), b (4n,).
"""

import numpy as np

from course_kit.reference.activations import softmax
from course_kit.reference.lstm import lstm_forward

PAD, START, END = 0, 11, 12  # digits are 1 to 10


def teaching_arrays(strings: list[str]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """To reverse digits: what the encoder reads (N, S), the decoder reads and should write (N, S + 1).

    >>> [a.tolist() for a in teaching_arrays(["12", "7"])]
    [[[2, 3], [8, 0]], [[11, 3, 2], [11, 8, 0]], [[3, 2, 12], [8, 12, 0]]]
    """
    S = max(map(len, strings))
    read, given, due = (np.full((len(strings), S + k), PAD) for k in (0, 1, 1))
    for row, string in enumerate(strings):
        digits = [int(d) + 1 for d in string]
        read[row, : len(digits)] = digits
        given[row, : len(digits) + 1] = [START, *digits[::-1]]
        due[row, : len(digits) + 1] = [*digits[::-1], END]
    return read, given, due


def final_state(x, lengths, W, U, b) -> tuple[np.ndarray, np.ndarray]:
    """h and c (N, n) of an LSTM after the last real step of each row of x (N, S, m)."""
    zero = np.zeros((len(x), U.shape[0]))
    h, c = lstm_forward(x, zero, zero, W, U, b)
    rows, last = np.arange(len(x)), np.asarray(lengths) - 1
    return h[rows, last], c[rows, last]


def additive_attention(q, x, mask, W_q, W_k, v) -> tuple[np.ndarray, np.ndarray]:
    """The contexts a (N, T, n) and the weights p (N, T, S)."""
    s = np.tanh((q @ W_q)[:, :, None] + (x @ W_k)[:, None]) @ v  # (N, T, S)
    p = softmax(np.where(np.asarray(mask, dtype=bool)[:, None], s, -np.inf))
    return p @ x, p


def gnmt_encoder(x, both, upper) -> np.ndarray:
    """Top of the encoder (N, S, n): a first layer from both ends, one-way layers above, links from the third layer on.

    both: the weights of the two halves of the first layer, forward and backward; upper: those of the layers above.
    """

    def run(x, weights):
        zero = np.zeros((len(x), weights[1].shape[0]))
        return lstm_forward(x, zero, zero, *weights)[0]

    forward, backward = both
    x = np.concatenate([run(x, forward), run(x[:, ::-1], backward)[:, ::-1]], axis=-1)
    for level, weights in enumerate(upper, 2):
        x = run(x, weights) + (x if level > 2 else 0.0)
    return x


def gnmt_inputs(d: int, layers: int = 8) -> tuple[list[int], list[int]]:
    """Width of what each layer of encoder and decoder reads, from the bottom; all layers have d units, words d numbers.

    >>> gnmt_inputs(8, 4)
    ([8, 16, 8, 8], [8, 16, 16, 16])
    """
    return [d, 2 * d] + [d] * (layers - 2), [d] + [2 * d] * (layers - 1)


def gnmt_count(d: int, layers: int, source_words: int, target_words: int) -> int:
    """Weights: embeddings, LSTM layers (the encoder's first twice), attention, read-out of top layer and context."""

    def lstm(m):
        return 4 * d * (m + d + 1)

    encoder, decoder = gnmt_inputs(d, layers)
    stacks = lstm(encoder[0]) + sum(map(lstm, encoder)) + sum(map(lstm, decoder))
    attention = 2 * d * d + d
    return (source_words + target_words) * d + stacks + attention + (2 * d + 1) * target_words
