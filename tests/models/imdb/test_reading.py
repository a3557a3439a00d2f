"""Reviews become the same numbers inside the model as by Python's own means."""

import re
import subprocess
import sys
from collections import Counter

import keras
import numpy as np
import pytest
import tensorflow as tf

from course_kit.datasets import imdb as data
from course_kit.models.imdb.reading import ReviewReader, gram_keys, tokens

TOKEN = re.compile(r"[a-z0-9]+(?:'[a-z]+)?|[!?.,;:()\"*]")


def by_regex(text: str) -> list[str]:
    return TOKEN.findall(re.sub("<br ?/?>", " ", text.lower().replace("\u2019", "'").replace("\u2018", "'")))


TEXTS = (
    "It isn't good...<br /><br />NOT at all!",
    "rock'n'roll, 'quoted', the actors' 10/10 (really) 'tis",
    "na\u00efve \u2014 caf\u00e9_au_lait; it\u2019s 3*4",
    "1'a2'b",
    "",
    "   ",
    "\u0444\u0438\u043b\u044c\u043c",
)


@pytest.mark.parametrize("text", TEXTS)
def test_tokens_are_those_of_a_regular_expression(text):
    """TensorFlow's string operations and Python's `re` find the same tokens."""
    assert [t.decode() for t in tokens([text])[0].numpy().tolist()] == by_regex(text)


def test_tokens_of_whole_reviews_are_those_of_a_regular_expression():
    """The kit's reviews too."""
    texts = data.load("kit").train.texts[:200]
    assert [[t.decode() for t in row] for row in tokens(list(texts)).to_list()] == [by_regex(t) for t in texts]


WORDS = ["the", "not", "good", "film", "."]
REVIEWS = ("the film not good .", "good good", "", "unheard of the film", "not the the film . good " * 5)


def reader(most: int = 64, segment: int = 4, vocabulary: int = 5) -> ReviewReader:
    """A reader that knows five words and four n-grams."""
    layer = ReviewReader(vocabulary, segment, most)
    layer.lookup.set_vocabulary(WORDS)
    number = {word: place + 2 for place, word in enumerate(WORDS)}
    base = len(WORDS) + 2
    grams = (("good",), ("not", "good"), ("the", "film"), ("the", "film", "."))
    keys = sorted(sum(number[w] * base**k for k, w in enumerate(reversed(gram))) for gram in grams)
    layer.learn(WORDS, np.array(keys, np.int64))
    return layer


def test_words_and_ngrams_have_the_numbers_that_a_search_by_hand_gives():
    """Against a dictionary of tuples, text by text."""
    layer = reader(vocabulary=7)
    words, grams = (part.numpy() for part in layer(tf.constant(REVIEWS)))
    keys, base = layer.keys.numpy(), len(WORDS) + 2
    digits = {}
    for place, key in enumerate(keys):
        gram = []
        while key:
            gram.insert(0, WORDS[key % base - 2])
            key //= base
        digits[tuple(gram)] = place + 1
    for row, text in enumerate(REVIEWS):
        found = text.split()
        assert words[row, : len(found)].tolist() == [WORDS.index(w) + 2 if w in WORDS else 1 for w in found]
        assert not words[row, len(found) :].any() and not grams[row, len(found) :].any()
        for place in range(len(found)):
            for order in range(3):
                gram = tuple(found[max(place - order, 0) : place + 1])
                due = digits.get(gram, 0) if len(gram) == order + 1 else 0
                assert grams[row, place, order] == due, (text, place, order)


def test_rare_words_share_a_number_but_keep_their_ngrams():
    """The vocabulary of vectors is smaller than that of n-grams."""
    words, grams = (part.numpy() for part in reader(vocabulary=3)(tf.constant(["not good"])))
    assert words[0, :2].tolist() == [1, 1]
    assert grams[0, 1].tolist()[:2] != [0, 0]


def test_of_a_long_review_both_ends_are_read():
    """The first and the last four tokens of twenty, with the n-grams they had in the whole text."""
    text = " ".join(["not good"] * 10)
    words, grams = (part.numpy() for part in reader(most=8, vocabulary=7)(tf.constant([text])))
    assert words.shape == (1, 8)
    assert words[0].tolist() == [3, 4] * 4
    assert grams[0, 4, 1] == 0 and grams[0, 5, 1] > 0  # good-not across the cut is no n-gram of the table


def test_length_is_a_multiple_of_the_segment():
    """Also where there is nothing to read."""
    for texts, steps in ((["", ""], 4), (["good"], 4), (["good " * 5], 8), (["good " * 8], 8)):
        assert reader()(tf.constant(texts))[0].shape[1] == steps


def test_keys_are_missing_where_a_text_begins_and_at_unknown_words():
    """No n-gram joins two texts."""
    keys = gram_keys(tf.constant([2, 3, 1, 4, 5], tf.int64), tf.constant([3, 2], tf.int64), 10).numpy()
    assert keys.tolist() == [[2, -1, -1], [3, 23, -1], [-1, -1, -1], [4, -1, -1], [5, 45, -1]]


def test_the_model_on_strings_reloads_in_a_fresh_process(tmp_path):
    """`load_model(path).predict([...])` without custom_objects gives the same numbers."""
    from course_kit.models import imdb

    recipe = imdb.Recipe(vocabulary=200, vectors=4, units=3, segment=8, most=32, epochs=1)
    model = imdb.train(recipe, data.load("kit").train.take(np.arange(0, 3000, 30)), progress=False).model
    model.save(tmp_path / "m.keras")
    texts = ["raw review", "", "Not bad, not bad at all!", "word " * 100_000]
    program = (
        "import sys, keras, numpy as np\nimport course_kit.models.imdb.net\n"
        "model = keras.models.load_model(sys.argv[1])\n"
        "np.save(sys.argv[2], model.predict(['raw review', '', 'Not bad, not bad at all!', 'word ' * 100_000]))"
    )
    subprocess.run([sys.executable, "-c", program, tmp_path / "m.keras", tmp_path / "p.npy"], check=True)
    np.testing.assert_allclose(np.load(tmp_path / "p.npy"), model.predict(texts, verbose=0), atol=1e-6)
    assert isinstance(model, keras.Model)
    with pytest.raises(ValueError, match="list of reviews"):
        model.predict("raw review")


def test_the_vocabulary_is_ordered_by_frequency():
    """Counted by Python's Counter."""
    from course_kit.models.imdb.preparing import _vocabulary

    train = data.load("kit").train.take(np.arange(0, 3000, 20))
    frequency = Counter(word for text in train.texts for word in by_regex(text))
    found = _vocabulary(train)
    assert set(found) == {word for word, count in frequency.items() if count >= 2}
    assert [frequency[word] for word in found] == sorted((frequency[w] for w in found), reverse=True)
