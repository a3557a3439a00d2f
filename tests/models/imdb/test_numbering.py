"""The numbers of words that ``keras.datasets.imdb`` hands out, made from raw reviews."""

import hashlib
import json
import re
from collections import Counter

import keras
import numpy as np
import pytest

from course_kit.datasets import imdb
from course_kit.datasets.imdb import keras_npz
from course_kit.models.imdb.baselines.numbering import numbers, padded, ranks, words

SPLIT = {
    "a line break is a word": ("Dull.<br /><br />Bad", ["dull", "br", "br", "bad"]),
    "the apostrophe stays": ("It's the director's 'cut'", ["it's", "the", "director's", "'cut'"]),
    "a hyphen parts": ("so-so", ["so", "so"]),
    "marks alone are nothing": ("!!! ... 10/10", ["10", "10"]),
    "tabs and newlines part": ("a\tb\nc", ["a", "b", "c"]),
    "letters of other alphabets stay": ("Café ДРАМА", ["café", "драма"]),
    "no other blank parts": ("no\xa0break\x85here", ["no\xa0break\x85here"]),
    "nothing": (" .  ", []),
}


@pytest.mark.parametrize(("text", "expected"), SPLIT.values(), ids=SPLIT)
def test_words_are_those_of_keras_tokeniser(text, expected):
    """Lower case, punctuation to blanks, split at blanks."""
    assert expected == words(text)


def test_the_format_rules_on_the_kits_reviews():
    """Start, unknown and ranks by a count that splits in another way."""
    texts = imdb.load("kit").train.texts
    count = Counter(word for text in texts for word in re.findall(r"[a-z0-9']+", text.lower()))
    rank = ranks(texts)

    assert set(count) == set(rank)
    assert sorted(rank.values()) == list(range(1, len(count) + 1))
    by_rank = sorted(rank, key=rank.get)
    assert [count[word] for word in by_rank] == sorted(count.values(), reverse=True)
    for text in texts[:40]:
        expected = [1]
        for word in re.findall(r"[a-z0-9']+", text.lower()):
            place = by_rank.index(word) + 1 + 3
            expected.append(place if place < 60 else 2)
        assert expected == numbers(text, rank, num_words=60)


def test_unknown_is_rare_and_unseen_is_nothing():
    """A word cut by num_words leaves a 2, a word that the training reviews lack leaves nothing."""
    rank = ranks(["good good film", "good film plot"])

    assert [1, 4, 2, 5] == numbers("Good plot, unheard-of film", rank, num_words=6)


def written_by_keras(folder, reviews: list[list[int]], index: dict[str, int]):
    """The two files that ``keras.datasets.imdb`` downloads, with their checksums."""
    lists = np.empty(len(reviews), dtype=object)
    lists[:] = reviews
    y = np.arange(len(reviews)) % 2
    np.savez(folder / "imdb.npz", x_train=lists, y_train=y, x_test=lists, y_test=y)
    (folder / "imdb_word_index.json").write_text(json.dumps(index))
    return {
        "sha256": hashlib.sha256((folder / "imdb.npz").read_bytes()).hexdigest(),
        "index_md5": hashlib.md5((folder / "imdb_word_index.json").read_bytes()).hexdigest(),
    }


def test_a_file_of_keras_comes_back_number_by_number(tmp_path):
    """Words out of imdb.npz, and back: what ``load_data(num_words=6)`` makes of the same file."""
    index = {"the": 1, "film": 2, "was": 3, "it's": 4, "br": 5}
    reviews = [[1, 2, 3, 4], [1, 2, 1, 3, 5], [2, 1, 1, 1, 2, 3], [4, 3, 2, 1]]  # the 7 times, film 5, was 4, ...
    corpus = keras_npz.read_npz(tmp_path / "imdb.npz", partial=True, **written_by_keras(tmp_path, reviews, index))

    rank = ranks(corpus.train.texts)
    obtained = {name: numbers(text, rank, 6) for name, text in zip(corpus.train.files, corpus.train.texts, strict=True)}

    assert index == rank
    for k, review in enumerate(reviews):
        shifted = [1] + [number + 3 for number in review]
        assert [number if number < 6 else 2 for number in shifted] == obtained[f"train/{k}"]


@pytest.mark.parametrize("steps", [3, 12, 80])
def test_padding_is_that_of_keras(steps):
    """The last steps are kept, zeros stand in front."""
    texts = imdb.load("kit").train.texts[:30]
    rank = ranks(texts)

    expected = keras.utils.pad_sequences([numbers(text, rank, 100) for text in texts], maxlen=steps)

    np.testing.assert_array_equal(expected, padded(texts, rank, 100, steps))
