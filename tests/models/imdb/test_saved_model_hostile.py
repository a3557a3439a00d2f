"""Reviews that nobody expects, through a saved model; and data that cannot be had, at each command."""

import lzma
from pathlib import Path

import numpy as np
import pytest

from tests.datasets.imdb_small import REVIEWS, packed
from tests.models.imdb.commands import imdb

STRANGE = {
    "empty": "",
    "blank": " \n\t ",
    "only what is no word": "—… ♥ 漢字 \x00 <br />",
    "100,000 words": "not good at all " * 25_000,
    "one word of 100,000 letters": "a" * 100_000,
    "100,000 marks": "!" * 100_000,
}


@pytest.fixture(scope="module")
def model(finished_run):
    from course_kit.models.imdb.runs.results import loaded

    return loaded(finished_run[0] / "model.keras")


@pytest.mark.parametrize("text", STRANGE.values(), ids=STRANGE)
def test_any_review_has_a_probability(text, model):
    """Alone, and among others, whose probabilities it does not change."""
    from course_kit.models.imdb.training import predict

    usual = ["It seemed witty to me.", "I agree with the critic."]

    alone, among = predict(model, [text]), predict(model, [usual[0], text, usual[1]])

    assert alone.shape == (1,)
    assert 0 <= alone[0] <= 1
    np.testing.assert_allclose(among[1], alone[0], atol=1e-5)
    np.testing.assert_allclose(among[[0, 2]], predict(model, usual), atol=1e-5)


def test_what_mattered_in_any_review_can_be_asked(model):
    """An empty one has no words, a very long one has stretches of many; all changes are finite."""
    from functools import partial

    from course_kit.models.imdb.runs.words import what_mattered
    from course_kit.models.imdb.training import predict

    found = what_mattered(partial(predict, model), ["", STRANGE["100,000 words"], "one"], most=8)

    assert [len(pieces) for pieces in found] == [0, 8, 1]
    assert all(np.isfinite(piece.change) for pieces in found for piece in pieces)


def truncated(path: Path) -> None:
    packed(path, REVIEWS, "w:xz")
    path.write_bytes(path.read_bytes()[:-40])


DATA = {
    "truncated": ("a.tar.xz", truncated, "must be a whole archive. It is cut off or damaged"),
    "checksum": ("aclImdb_v1.tar.gz", lambda p: packed(p, REVIEWS), "must have the SHA-1 01ada507287d..."),
    "not UTF-8": (
        "a.tar.gz",
        lambda p: packed(p, REVIEWS | {"train/pos/3_8.txt": b"caf\xe9"}),
        "a review must be UTF-8. Got 0xe9 at byte 3 of train/pos/3_8.txt",
    ),
    "empty review": ("a.tar.gz", lambda p: packed(p, REVIEWS | {"test/pos/3_8.txt": ""}), "test/pos/3_8.txt is empty"),
    "100,000 words": (
        "a.tar.gz",
        lambda p: packed(p, REVIEWS | {"train/neg/3_2.txt": "a " * 100_000}),
        "train/neg/3_2.txt must have at most 131,072 bytes",
    ),
    "a part": ("a.tar.gz", lambda p: packed(p, REVIEWS), "must hold 12,500 reviews in train/neg. Got 3"),
    "not there": ("a.tar.gz", lambda p: None, "must be a file or folder that can be read"),
    "no archive": ("a.tar.gz", lambda p: p.write_bytes(lzma.compress(b"")[:5]), "must be a .tar.gz or .tar.xz"),
}
ACTIONS = {
    "train": ("train", "--out", "out"),
    "evaluate": ("evaluate", "out"),
    "compare": ("compare", "--out", "out"),
    "tune": ("tune", "--out", "out", "--trials", 1),
}


@pytest.mark.parametrize("action", ACTIONS.values(), ids=ACTIONS)
@pytest.mark.parametrize("name, make, sentence", DATA.values(), ids=DATA)
def test_reviews_that_cannot_be_had_stop_every_command(name, make, sentence, action, tmp_path, monkeypatch):
    """One sentence, exit code 2, no folder, no other file."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "keras"))
    make(tmp_path / name)
    before = sorted(tmp_path.rglob("*"))

    code, printed = imdb(*action, "--data", tmp_path / name)

    assert code == 2
    assert sentence in printed
    assert len(printed.splitlines()) == 1
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.parametrize("action", ACTIONS.values(), ids=ACTIONS)
def test_without_reviews_and_network_it_is_said_where_to_put_them(action, tmp_path, monkeypatch):
    """No command asks the web, and none takes the kit's corpus instead."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "keras"))
    monkeypatch.delenv("COURSE_KIT_IMDB", raising=False)

    code, printed = imdb(*action)

    assert code == 2
    assert "IMDB must be named: a path, COURSE_KIT_IMDB, or a copy in" in printed
    assert list(tmp_path.iterdir()) == []
