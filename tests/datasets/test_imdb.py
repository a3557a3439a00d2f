"""The same reviews from every form in which they may lie about, found in the documented order, and named."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from course_kit.datasets import imdb
from course_kit.datasets.imdb import keras_npz
from tests.datasets.imdb_small import LEFT_OUT, REVIEWS, packed, unpacked, urls


@pytest.fixture(autouse=True)
def no_reviews_elsewhere(monkeypatch, tmp_path):
    """Neither the environment nor the user's cache takes part."""
    monkeypatch.delenv("COURSE_KIT_IMDB", raising=False)
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "keras"))


FORMS = {
    "gz": lambda folder: packed(folder / "a.tar.gz", REVIEWS | LEFT_OUT),
    "xz": lambda folder: packed(folder / "a.tar.xz", REVIEWS | LEFT_OUT, "w:xz"),
    "xz under another name": lambda folder: packed(folder / "reviews", REVIEWS, "w:xz"),
    "backwards": lambda folder: packed(folder / "a.tgz", dict(reversed((REVIEWS | LEFT_OUT).items()))),
    "folder": lambda folder: unpacked(folder, REVIEWS | LEFT_OUT),
    "folder itself": lambda folder: unpacked(folder, REVIEWS | LEFT_OUT) / "aclImdb",
}


@pytest.mark.parametrize("make", FORMS.values(), ids=FORMS)
def test_every_form_gives_the_same_reviews(make, tmp_path):
    """Negative ones first, each label by number (10 after 1), contents to the letter, the rest left out."""
    corpus = imdb.load(make(tmp_path), partial=True)

    for half, reviews in (("train", corpus.train), ("test", corpus.test)):
        expected = {name: text for name, text in REVIEWS.items() if name.startswith(half)}
        assert dict(zip(reviews.files, reviews.texts, strict=True)) == expected
        assert list(reviews.files) == list(expected)
        assert reviews.labels.tolist() == ["/pos/" in name for name in expected]
        assert reviews.groups is None


@pytest.mark.parametrize("make", [packed, unpacked])
def test_films_come_from_the_lists_of_addresses(make, tmp_path):
    """Line k counted from 0 belongs to number k, and a film has one group whatever the label."""
    lists = {"train/urls_neg.txt": urls(*[50] * 9, 50, 60), "train/urls_pos.txt": urls(60, 7, 50)}

    corpus = imdb.load(make(tmp_path / "a", REVIEWS | lists), partial=True)

    groups = dict(zip(corpus.train.files, corpus.train.groups, strict=True))
    expected = dict(zip(corpus.train.files, (50, 50, 60, 60, 7, 50), strict=True))
    assert [[groups[a] == groups[b] for a in groups] for b in groups] == [
        [expected[a] == expected[b] for a in groups] for b in groups
    ]
    assert corpus.test.groups is None


def test_a_part_is_refused_unless_asked_for_and_then_named(tmp_path):
    """Six reviews are never taken for IMDB."""
    archive = packed(tmp_path / "a.tar.gz", REVIEWS)

    with pytest.raises(imdb.ImdbError, match=r"12,500 reviews in train/neg\. Got 3"):
        imdb.load(archive)

    assert imdb.load(archive, partial=True).source.startswith("a part of IMDB")


def test_the_whole_is_named_as_such(tmp_path, monkeypatch):
    """With as many reviews as the archive has, here one, the source is IMDB."""
    monkeypatch.setattr("course_kit.datasets.imdb.reviews.EACH", 1)
    one_each = [name for name in REVIEWS if "/0_" in name]

    corpus = imdb.load(packed(tmp_path / "a.tar.gz", {name: REVIEWS[name] for name in one_each}))

    assert corpus.source == "IMDB (Maas et al. 2011): 2 training and 2 test reviews, from a.tar.gz."


def test_the_caller_comes_before_the_environment_and_that_before_the_cache(tmp_path, monkeypatch):
    """What is named wins; what is named and missing is an error, not the next one."""
    named, variable = packed(tmp_path / "named.tar.gz", REVIEWS), packed(tmp_path / "variable.tar.gz", REVIEWS)
    unpacked(tmp_path / "keras" / "datasets", REVIEWS)

    assert "aclImdb" in imdb.load(partial=True).source
    monkeypatch.setenv("COURSE_KIT_IMDB", str(variable))
    assert "variable.tar.gz" in imdb.load(partial=True).source
    assert "named.tar.gz" in imdb.load(named, partial=True).source

    variable.unlink()
    with pytest.raises(imdb.ImdbError, match=r"variable\.tar\.gz must be a file or folder"):
        imdb.load(partial=True)


@pytest.mark.parametrize("folder", ["", "aclImdb_v1", "aclImdb_v1_extracted"])
def test_what_keras_unpacked_is_found(folder, tmp_path):
    """Older and newer versions of `keras.utils.get_file` name the folder differently."""
    unpacked(tmp_path / "keras" / "datasets" / folder, REVIEWS)

    assert 6 == len(imdb.load(partial=True).train)


def test_nothing_is_downloaded_unless_asked(monkeypatch):
    """Without the reviews the error names all ways to them, and no connection is made."""
    monkeypatch.setattr("urllib.request.urlopen", lambda *_, **__: pytest.fail("a connection was made"))

    with pytest.raises(imdb.ImdbError, match=r"COURSE_KIT_IMDB.*download=True.*kit"):
        imdb.load()


def test_kit_is_taken_only_by_name(monkeypatch):
    """By argument or environment; its source denies being IMDB."""
    monkeypatch.setenv("COURSE_KIT_IMDB", "kit")

    assert imdb.load().source == imdb.load("kit").source
    assert imdb.load("kit").source.startswith("NOT IMDB")


WORDS = {"the": 1, "film": 2, "dull": 3, "was": 4, "fine": 5}


def small_npz(folder: Path, x=None) -> Path:
    """Files as Keras has them: arrays of lists, and words numbered from 1."""
    x = [[1, 2, 4, 5], [3, 2], [5]] if x is None else x
    lists = np.empty(len(x), dtype=object)
    lists[:] = x
    folder.mkdir(parents=True, exist_ok=True)
    y = np.array([1, 0, 1][: len(x)])
    np.savez(folder / "imdb.npz", x_train=lists, y_train=y, x_test=lists[:1], y_test=y[:1])
    (folder / "imdb_word_index.json").write_text(str(WORDS).replace("'", '"'))
    return folder / "imdb.npz"


def sums(npz: Path) -> dict[str, str]:
    def line(tool: str, file: Path) -> str:
        return subprocess.run([tool, file], capture_output=True, text=True, check=True).stdout.split()[0]

    return {"sha256": line("sha256sum", npz), "index_md5": line("md5sum", npz.with_name("imdb_word_index.json"))}


def test_keras_numbers_become_words_again(tmp_path):
    """Negative ones first; a name says where in Keras' array a review stands."""
    npz = small_npz(tmp_path)

    corpus = keras_npz.read_npz(npz, partial=True, **sums(npz))

    assert corpus.train.texts == ("dull film", "the film was fine", "fine")
    assert corpus.train.labels.tolist() == [0, 1, 1]
    assert corpus.train.files == ("train/1", "train/0", "train/2")
    assert corpus.test.texts == ("the film was fine",)
    assert "no punctuation" in corpus.source


class Trap:
    """Unpickled, it makes a folder."""

    def __init__(self, path):
        self.path = str(path)

    def __reduce__(self):
        return os.mkdir, (self.path,)


def test_a_strange_npz_is_never_unpickled(tmp_path):
    """The trap works where it is sprung, and Keras' SHA-256 keeps it shut."""
    npz = small_npz(tmp_path / "keras" / "datasets", x=[Trap(tmp_path / "sprung")])

    with pytest.raises(imdb.ImdbError, match=r"imdb\.npz must have the SHA-256 69664113be75"):
        imdb.load(partial=True)
    assert not (tmp_path / "sprung").exists()

    np.load(npz, allow_pickle=True)["x_train"]
    assert (tmp_path / "sprung").exists()


def test_npz_needs_its_words(tmp_path):
    """A missing list, another list, and a number that stands for no word."""
    npz = small_npz(tmp_path, x=[[6]])
    right = sums(npz)
    with pytest.raises(imdb.ImdbError, match=r"6 does not"):
        keras_npz.read_npz(npz, partial=True, **right)
    with pytest.raises(imdb.ImdbError, match=r"json must have the MD5"):
        keras_npz.read_npz(npz, partial=True, sha256=right["sha256"])

    npz.with_name("imdb_word_index.json").unlink()
    with pytest.raises(imdb.ImdbError, match=r"must lie beside imdb\.npz"):
        imdb.load(npz)


def test_needs_no_tensorflow(tmp_path):
    """Loading and splitting cost no seven seconds."""
    code = (
        "import sys; from course_kit.datasets import imdb; imdb.split(imdb.load('kit').train); "
        "assert not {'tensorflow', 'keras', 'rich'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


@pytest.mark.skipif("COURSE_KIT_IMDB" not in os.environ, reason="the real archive is not part of the repository")
def test_the_real_archive():
    """50,000 reviews; the folds are those of docs/imdb-log.md, where the films are not known."""
    corpus = imdb.load(WHERE)

    assert corpus.source.startswith("IMDB (Maas et al. 2011): 25,000 training and 25,000 test reviews")
    assert max(map(len, corpus.train.texts + corpus.test.texts)) == 13_704
    assert min(map(len, corpus.train.texts + corpus.test.texts)) == 32
    if corpus.train.groups is None:
        numbers = np.array([int(Path(file).name.split("_")[0]) for file in corpus.train.files])
        assert np.array_equal(imdb.folds(corpus.train), numbers * 10 // 12_500)


WHERE = os.environ.get("COURSE_KIT_IMDB")  # read before the fixture takes it away
