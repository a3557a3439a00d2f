"""Notebook 17, whole words dropped by the embedding of Keras 1: E17.6."""

import numpy as np

from course_kit.checking import Exercise, expect
from course_kit.exercises.closed import one_of
from course_kit.reference.embedding import drop_words, embedding

E17_6 = Exercise(
    "E17.6",
    "Dropping words",
    slides=("D2.17",),
    names=("drop_words", "drops_words", "in_keras3"),
    hints=(
        "The dice are thrown for the rows of E, not for the places of the text. What is dropped is the row, so the "
        "word is gone wherever it stands in the batch.",
        "rows = E * keep[:, None] / (1 - p) if training else E; return rows[ids]. For drops_words: zero = (out == 0); "
        "gone = zero.all(axis=2) must be equal to zero.any(axis=2), and for each word of np.unique(ids) gone[ids == "
        "word] must be all True or all False.",
    ),
)
P = 0.2


def deal(draw):
    """ids (3, 7), E and keep: words 0 and 1 occur in every sequence, 0 is dropped, 1 is kept."""
    V, d = draw.sizes(2, low=8, high=12)
    ids = draw.integers(2, V - 1, 3, 7)
    ids[:, 1], ids[:, 4], ids[0, 6] = 0, 1, 0
    keep = (draw.uniform(0, 1, V) > 0.4).astype(float)
    keep[:4] = [0, 1, 0, 1]
    E = draw.normal(V, d)
    return ids, E + np.sign(E), keep  # no entry near 0: a zero is a dropped one


@E17_6.case("training: rows dropped, the others scaled")
def _(answer, draw):
    ids, E, keep = deal(draw)
    p = draw.uniform(0.1, 0.6, 1)[0]
    right = drop_words(ids, E, keep, p)
    by_place = keep[np.arange(ids.size) % len(keep)].reshape(*ids.shape, 1)
    known = {
        "the kept rows were not scaled: divide by 1 - p": embedding(ids, E * keep[:, None]),
        "the kept rows were multiplied by 1 - p: divide": embedding(ids, E * keep[:, None] * (1 - p)),
        "the kept rows were divided by p: divide by 1 - p, the share that is kept": embedding(
            ids, E * keep[:, None] / p
        ),
        "the wrong words were dropped: keep is 1 where a word stays": drop_words(ids, E, 1 - keep, p),
        "places were dropped, not words: keep belongs to the rows of E": embedding(ids, E) * by_place / (1 - p),
        "nothing was dropped: this is the plain look-up": embedding(ids, E),
        "the kept rows were scaled, and nothing was dropped": embedding(ids, E) / (1 - p),
    }
    expect(answer.drop_words(ids, E, keep, p, True), right, "e in training", known=known)


@E17_6.case("inference: nothing dropped, nothing scaled", hint="With training=False, the look-up of E17.1.")
def _(answer, draw):
    ids, E, keep = deal(draw)
    known = {
        "words were dropped at inference: with training=False all stay": drop_words(ids, E, keep, P),
        "the rows were scaled at inference; that was done in training": embedding(ids, E) * (1 - P),
        "the rows were divided by 1 - p at inference; that belongs to training": embedding(ids, E) / (1 - P),
    }
    expect(answer.drop_words(ids, E, keep, P, False), embedding(ids, E), "e at inference", tolerance=0.0, known=known)


def outputs(draw) -> tuple[np.ndarray, dict]:
    """What several sorts of dropout make of one batch, each in a way that shows its kind."""
    ids, E, keep = deal(draw)
    e, d = embedding(ids, E) / (1 - P), E.shape[1]
    words = drop_words(ids, E, keep, P)
    entries = np.ones_like(e)
    entries[0, :, 0] = entries[1, 3, 1] = entries[2, :2, 2] = 0.0
    features = np.ones((3, 1, d))
    features[0, 0, 1] = features[2, 0, 0] = 0.0
    places = np.ones(ids.shape)
    places[0, 1] = places[1, 4] = places[2, 0] = 0.0
    return ids, {
        "rows of E dropped": (words, True),
        "nothing dropped": (e, True),
        "single numbers dropped": (e * entries, False),
        "a feature dropped in a whole sequence": (e * features, False),
        "the same feature dropped everywhere": (e * (np.arange(d) != 1), False),
        "places dropped, so that a word stays in one and goes in another": (e * places[..., None], False),
    }


@E17_6.case(
    "telling it from other dropouts",
    hint="Two things must hold: each vector is all zeros or has no zero, and all vectors of a word share that fate.",
)
def _(answer, draw):
    ids, cases = outputs(draw)
    for name, (out, right) in cases.items():
        expect(answer.drops_words(ids, out), right, f"drops_words for {name}")


@E17_6.case(
    "the same word in two sequences",
    hint="A word's fate is the same in the whole batch: compare all its places, those in other sequences too.",
)
def _(answer, draw):
    ids, E, keep = deal(draw)
    out = drop_words(ids, E, keep, P)
    out[2] = embedding(ids[2:], E)[0] / (1 - P)
    expect(answer.drops_words(ids, out), False, "drops_words for masks that differ from sequence to sequence")


@E17_6.case("which layer of Keras 3", hint="The cell below this check puts the first three to your drops_words.")
def _(answer, draw):
    expect(
        one_of(answer["in_keras3"], "abcd", "in_keras3"),
        "d",
        "in_keras3",
        known={
            "Dropout throws dice for each number of the output; a word loses a fifth of its numbers": "a",
            "SpatialDropout1D drops the same features of all words of a sequence, and no word": "b",
            "a mask (N, T, 1) drops places: the same word can stay in one place and go in another": "c",
        },
        reveal=False,
    )
