"""The kit's own corpus: made as told, and unsolvable for whoever does not look at the order."""

import gzip
import re
import runpy
import shutil
from collections import Counter

import numpy as np
import pytest
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression

from course_kit.datasets import imdb
from course_kit.datasets.imdb import kit


@pytest.fixture(scope="module")
def corpus():
    return imdb.load("kit")


def words(text: str) -> list[str]:
    return re.findall(r"[a-z']+", text.lower())


def test_the_generator_makes_the_file():
    """What is in the package is what data/make_reviews.py writes; packed sizes may differ with the version of zlib."""
    made = runpy.run_path(str(kit.PATH.with_name("make_reviews.py")))["table"]()

    assert made == gzip.decompress(kit.PATH.read_bytes())


def test_twins_have_the_same_words_and_opposite_labels(corpus):
    """2000 pairs: each word as often in both, the order different."""
    for half in (corpus.train, corpus.test):
        pairs: dict[int, list[tuple[int, str]]] = {}
        for group, label, text in zip(half.groups, half.labels, half.texts, strict=True):
            pairs.setdefault(group, []).append((label, text))
        for pair in pairs.values():
            (first, negative), (second, positive) = pair
            assert (first, second) == (0, 1)
            assert Counter(words(negative)) == Counter(words(positive))
            assert words(negative) != words(positive)


def test_a_bag_of_words_is_at_chance_and_order_is_not(corpus):
    """The same learner, counting words, then counting words and pairs of neighbours."""

    def accuracy(longest: int) -> float:
        bag = CountVectorizer(ngram_range=(1, longest))
        learner = LogisticRegression(max_iter=1000).fit(bag.fit_transform(corpus.train.texts), corpus.train.labels)
        score = learner.decision_function(bag.transform(corpus.test.texts)).round(9)
        return float(np.mean((score > 0) == corpus.test.labels))

    assert accuracy(1) == 0.5
    assert 0.7 < accuracy(2) < 0.9


def test_no_review_comes_twice_and_no_adjective_tells(corpus):
    """Train and test share no text, and every word is as frequent in both labels."""
    texts = corpus.train.texts + corpus.test.texts
    negative, positive = (
        Counter(word for k in np.flatnonzero(corpus.train.labels == label) for word in words(corpus.train.texts[k]))
        for label in (0, 1)
    )

    assert len(set(texts)) == len(texts) == 4000
    assert negative == positive


def test_a_split_never_parts_twins(corpus):
    """The pairs are the groups."""
    parts = imdb.split(corpus.train)

    assert not set(parts.train.groups) & set(parts.validation.groups)
    assert len(parts.validation) == 600
    assert parts.validation.labels.mean() == 0.5


def test_a_changed_or_missing_file_is_told(tmp_path):
    """As for all data of the kit, with the SHA-256 of data/README.md."""
    with pytest.raises(imdb.ImdbError, match=r"It is not there: copy it from the course kit"):
        kit.read_kit(tmp_path / "reviews.tsv.gz")

    changed = tmp_path / "reviews.tsv.gz"
    shutil.copy(kit.PATH, changed)
    changed.write_bytes(changed.read_bytes()[:-1])
    with pytest.raises(imdb.ImdbError, match=rf"must have the SHA-256 {kit.SHA256[:12]}"):
        kit.read_kit(changed)

    assert kit.SHA256 in kit.PATH.with_name("README.md").read_text(encoding="utf-8")
