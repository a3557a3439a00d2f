"""The held-out reviews: made as told, labels on the judge's side alone, the line recomputed."""

import gzip
import hashlib
import runpy

import numpy as np
import pytest

from course_kit.datasets import imdb
from course_kit.datasets.imdb.held_out import PATH, digest
from course_kit.exercises import held_out_labels
from course_kit.exercises.handed_in_runs import VALIDATION_LABELS, labels


@pytest.fixture(scope="module")
def maker():
    return runpy.run_path(str(PATH.with_name("make_held_out_reviews.py")))


def test_the_generator_makes_both_files(maker):
    """Texts, labels and the line of the n-gram model are what data/make_held_out_reviews.py writes."""
    texts, truth = maker["reviews"](maker["SEED"])

    assert texts == imdb.held_out()
    np.testing.assert_array_equal(truth, labels())
    assert digest(texts) == held_out_labels.DIGEST
    assert maker["LABELS"].read_text(encoding="utf-8") == maker["module"](texts, truth)


def test_another_seed_makes_other_reviews(maker):
    """An instructor's own held-out reviews are not the kit's."""
    texts, _ = maker["reviews"](22)

    assert len(set(texts) & set(imdb.held_out())) < len(texts) / 20


def test_held_out_reviews_are_new_and_balanced():
    """None is in the corpus that students have; half are positive; neighbours do not tell the label."""
    texts, corpus, truth = imdb.held_out(), imdb.load("kit"), labels()

    assert 800 == len(set(texts)) == len(texts)
    assert not {t.lower() for t in texts} & {t.lower() for t in corpus.train.texts + corpus.test.texts}
    assert 0.5 == truth.mean()
    assert abs(np.corrcoef(truth[1:], truth[:-1])[0, 1]) < 0.1


def test_validation_labels_are_those_of_the_split():
    """The judge's side cannot read the corpus, and knows the order of the labels."""
    np.testing.assert_array_equal(imdb.split(imdb.load("kit").train).validation.labels, VALIDATION_LABELS)


def test_a_missing_or_damaged_file_is_told(tmp_path):
    """One sentence, with what to do."""
    with pytest.raises(imdb.ImdbError, match="It is not there: copy it from the course kit"):
        imdb.held_out(tmp_path / PATH.name)
    for content in (
        b"no gzip",
        PATH.read_bytes()[:-9],
        gzip.compress(b"\xff"),
        gzip.compress(b""),
        gzip.compress(b"a\n\n"),
    ):
        (tmp_path / PATH.name).write_bytes(content)
        with pytest.raises(imdb.ImdbError, match="must"):
            imdb.held_out(tmp_path / PATH.name)


def test_the_list_of_data_has_it():
    """Size and SHA-256 as data/README.md says."""
    content = PATH.read_bytes()
    listed = PATH.with_name("README.md").read_text(encoding="utf-8")

    assert f"{len(content)} | `{hashlib.sha256(content).hexdigest()}`" in listed
