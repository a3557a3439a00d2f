"""Notebook 21, reviews as rows of numbers: E21.3, which 80 words, and E21.8, from numbers back to words."""

import numpy as np

from course_kit.checking import Exercise, expect
from course_kit.exercises.closed import some_of
from course_kit.reference.padding import pad_and_mask

E21_3 = Exercise(
    "E21.3",
    "Which 80 words?",
    slides=("D2.16",),
    names=("kept_places", "pad_like_keras", "comment_says_wrong"),
    hints=(
        'pad_sequences has padding="pre" and truncating="pre" by default: both happen in front, so the end of a review '
        "is what is kept and what the network reads last.",
        "kept_places: np.arange(length - maxlen, length), with -1 where that is negative. pad_like_keras: look up "
        "these places, 0 for -1.",
    ),
)


def places(length: int, maxlen: int) -> np.ndarray:
    at = np.arange(length - maxlen, length)
    return np.where(at < 0, -1, at)


@E21_3.case("kept places of three reviews")
def _(answer, draw):
    maxlen = draw.integer(5, 9)
    for length in (maxlen + draw.integer(2, 9), maxlen, draw.integer(1, maxlen - 1)):
        first = np.where(np.arange(maxlen) < length, np.arange(maxlen), -1)
        behind = np.concatenate([places(length, maxlen)[places(length, maxlen) >= 0], np.full(maxlen, -1)])[:maxlen]
        known = {
            "the first words were kept; pad_sequences keeps the last ones": first,
            "the padding stands behind; pad_sequences pads in front": behind,
            "where there is no word, -1 is due": np.maximum(places(length, maxlen), 0),
            "the places go backwards": places(length, maxlen)[::-1],
        }
        known = {sentence: value for sentence, value in known.items() if len(value) == maxlen}
        what = f"kept_places({length}, {maxlen})"
        expect(answer.kept_places(length, maxlen), places(length, maxlen), what, tolerance=0, known=known)


@E21_3.case("padded reviews", hint="A row of maxlen numbers for each review: the last maxlen words, zeros in front.")
def _(answer, draw):
    maxlen = draw.integer(5, 9)
    lengths = (maxlen + 4, 2, maxlen, maxlen + 1, 1)
    seqs = [[int(k) for k in draw.integers(1, 99, length)] for length in lengths]
    right, _ = pad_and_mask(seqs, maxlen, "pre", "pre")
    sides = {
        "the reviews are cut behind: the first words were kept": ("pre", "post"),
        "the zeros stand behind; they belong in front": ("post", "pre"),
        "both are turned: cut behind and padded behind": ("post", "post"),
    }
    known = {sentence: pad_and_mask(seqs, maxlen, *side)[0] for sentence, side in sides.items()}
    expect(answer.pad_like_keras(seqs, maxlen), right, "pad_like_keras(reviews, maxlen)", tolerance=0, known=known)


@E21_3.case("an empty review", hint="A review without a word is all padding, and the functions must not fall over it.")
def _(answer, draw):
    expect(answer.kept_places(0, 4), np.full(4, -1), "kept_places(0, 4)", tolerance=0)
    seqs = [[], [3, 1, 4, 1, 5]]
    expect(answer.pad_like_keras(seqs, 4), np.array([[0, 0, 0, 0], [1, 4, 1, 5]]), "pad_like_keras", tolerance=0)


@E21_3.case("the comment on the slide", hint="Which statements hold for pad_sequences(X, maxlen=80)? Try them out.")
def _(answer, draw):
    expect(
        some_of(answer["comment_says_wrong"], "abcde", "comment_says_wrong"),
        "abd",
        "comment_says_wrong",
        known={
            "pad_sequences cuts in front, so the last 80 words stay: (d) is wrong, too": "ab",
            'there are no spaces, the filling is the number 0: (a) is wrong, "with spaces"': "bd",
            "zeros come in front, not behind: (b) is wrong, too": "ad",
            "the statements that are wrong are asked for, not the right ones": "ce",
        },
        reveal=False,
    )


E21_8 = Exercise(
    "E21.8",
    "Read a review",
    slides=("D2.16",),
    names=("decode", "encode", "words_kept"),
    hints=(
        "Keras keeps 0 for padding, 1 for the start of a review and 2 for an unknown word, and moves the numbers of "
        "the word index up by index_from = 3: word number r of the index stands in the data as r + 3.",
        'names = {rank + 3: word for word, rank in word_index.items()}; names |= {0: "<pad>", 1: "<start>", 2: "<unk>"}'
        "; and a word becomes 2 if rank + 3 >= num_words: the limit is put on the moved number.",
    ),
)
# fmt: off
WORDS = (
    "the", "film", "was", "not", "as", "good", "book", "a", "plot", "dull", "witty", "cast", "and", "nobody",
    "laughed", "at", "end", "in", "this", "kitchen", "train", "letter", "usher", "critic", "agree", "do",
    "very", "with",
)
# fmt: on
MARKS = {0: "<pad>", 1: "<start>", 2: "<unk>"}


def index_of(draw) -> dict[str, int]:
    """A word index as Keras' own: the most frequent word has number 1."""
    order = draw.rng.permutation(len(WORDS))
    return {WORDS[k]: rank for rank, k in enumerate(order, 1)}


def decoded(ids, index, shift=3, marks=MARKS) -> str:
    names = {rank + shift: word for word, rank in index.items()} | marks
    return " ".join(names.get(int(k), "<unk>") for k in ids)


def encoded(words, index, num_words, shift=3, start=True, moved=True) -> list[int]:
    ids = []
    for word in words:
        rank = index.get(word)
        seen = rank is not None and rank + (shift if moved else 0) < num_words
        ids.append(rank + shift if seen else 2)
    return [1, *ids] if start else ids


@E21_8.case("numbers to words")
def _(answer, draw):
    index = index_of(draw)
    for pads in (0, 3):
        review = [WORDS[k] for k in draw.integers(0, len(WORDS) - 1, 9)]
        ids = [0] * pads + [1, *(index[w] + 3 for w in review)]
        ids[pads + 4] = 2
        known = {
            "index_from was left out: the words stand 3 places off": decoded(ids, index, shift=0),
            "the words are moved by 1 or 2 places; index_from is 3": decoded(ids, index, shift=1),
            "the words are moved by 2 places; index_from is 3": decoded(ids, index, shift=2),
            "the start is missing; 1 is <start>": decoded([k for k in ids if k != 1], index),
            "the padding is missing; 0 is <pad>": decoded([k for k in ids if k != 0], index) if pads else "",
            "the unknown word is missing; 2 is <unk>": decoded([k for k in ids if k != 2], index),
            "the moved numbers are right, the marks 0, 1, 2 are missing": decoded([k for k in ids if k > 2], index),
        }
        expect(answer.decode(ids, index), decoded(ids, index), "decode(ids, word_index)", known=known)


@E21_8.case("words to numbers", hint="A 1 in front, rank + 3 for a word, 2 where rank + 3 is num_words or more.")
def _(answer, draw):
    index = index_of(draw)
    ranked, border = sorted(index, key=index.get), draw.integer(8, 20)
    num_words = border + 3
    # words just below the border, on it, and beyond it but with a rank below num_words
    review = [ranked[k - 1] for k in (border - 1, border, border + 2, 1, 4, 25, border - 3)] + ["unheard"]
    review = [review[k] for k in draw.rng.permutation(len(review))]
    right = encoded(review, index, num_words)
    known = {
        "the start, 1, is missing in front": right[1:],
        "the words were not moved by index_from = 3": encoded(review, index, num_words - 3, shift=0),
        "unknown words are left out; each becomes a 2": [k for k in right if k != 2],
        "the limit was put on the number in the index; Keras puts it on the moved one": encoded(
            review, index, num_words, moved=False
        ),
        "the word whose number is num_words stayed; the numbers must be below it": encoded(
            review, index, num_words + 1
        ),
    }
    expect(
        answer.encode(review, index, num_words), right, "encode(words, word_index, num_words)", tolerance=0, known=known
    )


@E21_8.case("there and back", hint="decode(encode(words)) must give the words again, <start> in front.")
def _(answer, draw):
    index = index_of(draw)
    review = [WORDS[k] for k in draw.integers(0, len(WORDS) - 1, 7)]
    back = answer.decode(encoded(review, index, 10_000), index)
    expect(back, " ".join(["<start>", *review]), "decode of an encoded review")
    expect(answer.encode([], index, 100), [1], "encode of an empty review", tolerance=0)


@E21_8.case("how many words are left", hint="Which ranks r satisfy r + 3 < 5000?")
def _(answer, draw):
    expect(
        answer["words_kept"],
        4996,
        "words_kept",
        tolerance=0,
        known={
            "three numbers are taken by padding, start and unknown, but a fourth, 3, stands for nothing": 4997,
            "of the 5000 numbers four stand for no word": 5000,
            "the last number is 4999, not 5000": 4999,
        },
        reveal=False,
    )
