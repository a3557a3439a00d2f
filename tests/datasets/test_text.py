"""Texts: the default, files plain and packed, the two alphabets, and every error in a sentence."""

import platform
import random
import zipfile

import pytest

from course_kit.datasets import text as texts
from course_kit.datasets.text import TextError, cleaned, load

WORDS = "the quick brown fox jumps over a lazy dog while many zebras view it"


@pytest.fixture
def book(tmp_path):
    rng = random.Random(0)
    path = tmp_path / "book.txt"
    path.write_text(" ".join(rng.choice(WORDS.split()) for _ in range(800)) + "\n", encoding="utf-8")
    return path


def test_default_is_this_pythons_topics():
    """Letters and spaces, a tenth held out, and the source names the version and both sizes."""
    text = load()

    assert len(text.train) > 9 * len(text.held_out) - 10 > 90_000
    assert " " in text.symbols and set("etaoin") <= set(text.symbols) and not set("AZ.,\n1") & set(text.symbols)
    assert "  " not in text.train + text.held_out
    for part in (platform.python_version(), f"{len(text.train):,}", f"{len(text.held_out):,}", "held out"):
        assert part in text.source


def test_topics_have_no_paragraph_twice():
    """A text whose end repeats its beginning has no held-out part."""
    paragraphs = [" ".join(p.split()) for p in texts.topics().split("\n\n")]

    assert len(paragraphs) == len(set(paragraphs)) > 1000


def test_held_out_follows_what_is_learned_from(book):
    """Both parts together are the cleaned text."""
    text = load(book, held_out=0.25)

    whole = cleaned(book.read_text(encoding="utf-8"))
    assert text.train + text.held_out == whole
    assert len(text.held_out) == len(whole) // 4
    assert text.source.startswith("book.txt: letters and spaces only")


def test_zip_gives_what_the_plain_file_gives(book, tmp_path):
    """As text8 comes: packed or not."""
    packed = tmp_path / "text8.zip"
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file:
        file.write(book, "text8")

    assert load(packed).train == load(book).train
    assert "text8.zip" in load(packed).source


def test_limit_takes_the_beginning_and_says_so(book):
    """The first characters, counted after cleaning."""
    text = load(book, limit=2000)

    assert text.train + text.held_out == load(book).train[:2000]
    assert text.source.startswith("the first 2,000 of ")


ALPHABETS = {
    "letters": ("It's 3 o'clock,\n Ёлка!", "letters", "it s o clock ёлка"),
    "all": ("It's 3!", "all", "It's 3!"),
    "line ends": ("a\r\nb", "all", "a\nb"),
}


@pytest.mark.parametrize("raw,characters,due", ALPHABETS.values(), ids=ALPHABETS)
def test_alphabets(raw, characters, due):
    """Letters of any script in the one, everything in the other."""
    assert cleaned(raw, characters) == due


@pytest.mark.parametrize("characters", ["letters", "all"])
def test_rare_characters_become_spaces(characters):
    """What comes once in more than 20,000 characters is not in the vocabulary."""
    found = cleaned("ab " * 10_000 + "ß" + " ab" * 10, characters)

    assert set(found) == {"a", "b", " "}


@pytest.fixture
def broken(tmp_path, book):
    """Files that cannot be read as one text."""
    (tmp_path / "latin.txt").write_bytes("déjà vu ".encode("latin-1") * 300)
    (tmp_path / "short.txt").write_text("too short")
    (tmp_path / "one.txt").write_text("a" * 3000)
    with zipfile.ZipFile(tmp_path / "two.zip", "w") as file:
        file.writestr("a", "x" * 3000)
        file.writestr("b", "y" * 3000)
    whole = tmp_path / "cut.zip"
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as file:
        file.write(book, "text8")
    content = bytearray(whole.read_bytes())
    content[60:90] = b"\x00" * 30
    whole.write_bytes(content)
    return tmp_path


SENTENCES = {
    "missing": ("nowhere.txt", {}, "No such file"),
    "a folder": (".", {}, "must be a text file"),
    "not UTF-8": ("latin.txt", {}, "Got 0xe9 at byte 1"),
    "short": ("short.txt", {}, "at least 1000 characters"),
    "one letter": ("one.txt", {}, "at least 1000 characters"),
    "two files": ("two.zip", {}, "must hold one text file"),
    "damaged": ("cut.zip", {}, "must be a whole zip"),
    "alphabet": ("book.txt", {"characters": "digits"}, "letters, all"),
    "share": ("book.txt", {"held_out": 0.9}, "at most 0.5"),
    "limit": ("book.txt", {"limit": 3}, "at least 1000"),
}


@pytest.mark.parametrize("name,arguments,says", SENTENCES.values(), ids=SENTENCES)
def test_error_is_one_sentence(name, arguments, says, broken):
    """It says the rule and what came."""
    with pytest.raises(TextError, match=says) as caught:
        load(broken / name, **arguments)

    assert "\n" not in str(caught.value)


def test_a_zip_that_unpacks_to_too_much_is_refused(book, tmp_path, monkeypatch):
    """And so is a plain file of that size."""
    monkeypatch.setattr(texts, "LARGEST", 1000)
    packed = tmp_path / "bomb.zip"
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file:
        file.write(book, "text8")

    for path in (packed, book):
        with pytest.raises(TextError, match="at most 1,000 bytes"):
            load(path)
