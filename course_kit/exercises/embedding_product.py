"""Notebook 17, the embedding layer as a matrix product: E17.1."""

import numpy as np

from course_kit.checking import Exercise, expect
from course_kit.reference.embedding import embedding, embedding_gradient

E17_1 = Exercise(
    "E17.1",
    "Embedding is a matrix product",
    slides=("D2.17", "D3.23"),
    names=("one_hot", "embed", "embedding_gradient", "embedding_weights"),
    hints=(
        "Row w of the identity matrix is the one-hot vector of word w. The product of a one-hot row with E picks one "
        "row of E, and its gradient takes the way back.",
        "np.eye(V)[ids]; one_hot(ids, len(E)) @ E; and for the gradient the sum over n and t of "
        "one_hot[n, t, v] * g[n, t, j]: np.einsum('ntv,ntj->vj', one_hot(ids, V), g). D2.17: words times numbers a "
        "word.",
    ),
)


def deal(draw):
    """V, d, ids (2, 6) and E. One word occurs three times in different places, and at least two words do not."""
    V, d = draw.sizes(2, low=8, high=12)
    T = 6
    words = draw.rng.permutation(V)
    ids = words[draw.integers(0, V - 4, 2, T)]
    ids[0, 1] = ids[0, 4] = ids[1, 2] = words[0]
    return V, d, ids, draw.normal(V, d)


def ones(ids, V) -> np.ndarray:
    """1.0 where the word is, by comparing."""
    return (ids[..., None] == np.arange(V)).astype(float)


@E17_1.case("one-hot vectors", hint="np.eye(V) has the one-hot vectors as its rows; index it with ids.")
def _(answer, draw):
    V, _, ids, _ = deal(draw)
    expect(
        answer.one_hot(ids, V),
        ones(ids, V),
        "one-hot vectors",
        tolerance=0.0,
        known={
            "one-hot vectors of the words counted from 1: word 0 has its 1 in place 0": ones((ids - 1) % V, V),
            "vocabulary and time are exchanged: (N, T, V) is due": ones(ids, V).swapaxes(1, 2),
            "one vector a sequence: which words occur in it. One vector a word is due": ones(ids, V).max(axis=1),
            "one vector a sequence: how often each word occurs. One vector a word is due": ones(ids, V).sum(axis=1),
        },
    )


@E17_1.case("the product is the look-up", hint="One line: the one-hot vectors (N, T, V) times E (V, d).")
def _(answer, draw):
    V, _, ids, E = deal(draw)
    looked_up = embedding(ids, E)
    expect(
        answer.embed(ids, E),
        looked_up,
        "e",
        tolerance=0.0,
        known={
            "the vectors of each sequence were added up: one vector a word is due": looked_up.sum(axis=1),
            "the vectors of each sequence were averaged: one vector a word is due": looked_up.mean(axis=1),
            "the rows were counted from 1: word 0 has row 0": embedding((ids - 1) % V, E),
            "time and features are exchanged: (N, T, d) is due": looked_up.swapaxes(1, 2),
        },
    )


@E17_1.case(
    "the gradient of E, repeated words included",
    hint="A word that stands in three places moves the loss by three ways: its row of the gradient is the sum of three "
    "rows of g. With G[ids] += g NumPy writes each row once only; np.add.at, or the product with the one-hot array, "
    "adds.",
)
def _(answer, draw):
    V, d, ids, _ = deal(draw)
    g = draw.normal(*ids.shape, d)
    right = embedding_gradient(ids, g, V)
    counts = np.bincount(ids.ravel(), minlength=V)
    once = np.zeros((V, d))
    for word, row in zip(ids.ravel(), g.reshape(-1, d), strict=True):
        once[word] = row
    known = {
        "a word that occurs several times got the share of its last place only; the shares add up": once,
        "the shares of a word were averaged; they add up": right / np.maximum(counts, 1)[:, None],
        "the gradient was averaged over the batch; no mean was taken on the way forward": right / len(ids),
        "the gradient was averaged over all places; no mean was taken on the way forward": right / ids.size,
        "this is g itself, looked up: rows of E are due, one for each word": g,
        "only the first sequence was counted": embedding_gradient(ids[:1], g[:1], V),
        "every row of E got the whole gradient; a word that does not occur gets 0": np.tile(g.sum(axis=(0, 1)), (V, 1)),
    }
    expect(answer.embedding_gradient(ids, g, V), right, "dL/dE", known=known)


@E17_1.case("how many weights D2.17 has", hint="Embedding(5000, 32): a matrix with a row for each word, nothing else.")
def _(answer, draw):
    expect(
        answer["embedding_weights"],
        5000 * 32,
        "embedding_weights",
        tolerance=0.0,
        known={
            "an embedding has no bias: only E itself is counted": 5000 * 32 + 32,
            "an embedding has no bias, and none for each word either": 5000 * 32 + 5000,
            "an embedding does not depend on the length of the texts, maxlen = 80": 5000 * 32 * 80,
            "80 is the length of a text: the rows are the words of the vocabulary, 5000": 80 * 32,
            "dropout takes no weights away: all of E is trained, a part at a time": 4000 * 32,
        },
        reveal=False,
    )
