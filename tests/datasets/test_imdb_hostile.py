"""Archives that lie, are damaged or want to hurt: each is one clear error, and nothing is written anywhere."""

import gzip
import lzma
import random
import tarfile
import tracemalloc

import pytest

from course_kit.datasets import imdb
from tests.datasets.imdb_small import REVIEWS, packed, unpacked, urls


@pytest.fixture(autouse=True)
def no_reviews_elsewhere(monkeypatch, tmp_path):
    """Neither the environment nor the user's cache takes part."""
    monkeypatch.delenv("COURSE_KIT_IMDB", raising=False)
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "keras"))


def refusal(path) -> str:
    """The sentence with which a path is refused, and that reading it left no other file behind."""
    before = sorted(path.parent.rglob("*"))
    with pytest.raises(imdb.ImdbError) as caught:
        imdb.load(path, partial=True)
    assert sorted(path.parent.rglob("*")) == before
    sentence = str(caught.value)
    assert "\n" not in sentence
    assert sentence.endswith(".")
    return sentence


CONTENTS = {
    "not UTF-8": ({"train/pos/3_8.txt": b"caf\xe9 noir"}, "must be UTF-8. Got 0xe9 at byte 3 of train/pos/3_8.txt"),
    "empty": ({"test/pos/3_8.txt": ""}, "test/pos/3_8.txt is empty"),
    "blank": ({"test/pos/3_8.txt": " \n\t "}, "test/pos/3_8.txt is empty"),
    "100,000 words": ({"train/neg/3_2.txt": "a " * 100_000}, "train/neg/3_2.txt must have at most 131,072 bytes"),
    "stars against label": (
        {"train/neg/3_9.txt": "?"},
        "1 to 4 stars in neg and 7 to 10 in pos. Got train/neg/3_9.txt",
    ),
    "a number twice": ({"train/neg/0_2.txt": "again"}, "train/neg has two of number 0"),
    "films too few": (
        {"train/urls_neg.txt": urls(1, 2), "train/urls_pos.txt": urls(1, 2, 3)},
        "a line for each review. train/neg/10_2.txt has none",
    ),
    "films left blank": ({"train/urls_neg.txt": urls(1) + "\n" + urls(2)}, "Line 2 is empty"),
    "list endless": ({"train/urls_neg.txt": b"x" * 5_000_000}, "train/urls_neg.txt must have at most 4,194,304 bytes"),
}


@pytest.mark.parametrize("make", [packed, unpacked])
@pytest.mark.parametrize("files, sentence", CONTENTS.values(), ids=CONTENTS)
def test_bad_content_is_named(files, sentence, make, tmp_path):
    """The file that is wrong stands in the error, packed or not."""
    assert sentence in refusal(make(tmp_path / "a", REVIEWS | files))


def test_a_long_review_within_reason_is_whole(tmp_path):
    """Nothing is cut off: eight times the longest of the archive comes back to the letter."""
    text = "long " * 20_000

    corpus = imdb.load(packed(tmp_path / "a", REVIEWS | {"train/pos/3_8.txt": text}), partial=True)

    assert text in corpus.train.texts


def member(name: str, kind: bytes = tarfile.REGTYPE, target: str = "", size: int = 0) -> tarfile.TarInfo:
    made = tarfile.TarInfo(name)
    made.type, made.linkname, made.size = kind, target, size
    return made


TRICKS = {
    "up": (member("aclImdb/../../evil.txt"), "paths inside itself. Got 'aclImdb/../../evil.txt'"),
    "absolute": (member("/etc/evil"), "paths inside itself. Got '/etc/evil'"),
    "backslash": (member("aclImdb\\..\\evil"), "paths inside itself"),
    "symbolic link": (member("aclImdb/train/pos/9_9.txt", tarfile.SYMTYPE, "/etc/passwd"), "no links. Got 'aclImdb/tr"),
    "hard link": (member("aclImdb/train/pos/9_9.txt", tarfile.LNKTYPE, "aclImdb/train/pos/0_10.txt"), "no links"),
    "link elsewhere": (member("x", tarfile.SYMTYPE, "y"), "no links. Got 'x'"),
    "device": (member("aclImdb/zero", tarfile.CHRTYPE), "plain files and folders"),
    "pipe": (member("aclImdb/train/pos/9_9.txt", tarfile.FIFOTYPE), "plain files and folders"),
    "claims to be huge": (member("aclImdb/big", size=1 << 40), "must unpack to less than 4 GiB"),
}


@pytest.mark.parametrize("extra, sentence", TRICKS.values(), ids=TRICKS)
def test_tricks_of_archives_are_refused(extra, sentence, tmp_path):
    """Whatever else it holds, an archive with such a member is no archive of reviews."""
    archive = tmp_path / "a.tar.gz"
    with tarfile.open(packed(tmp_path / "plain.tar", REVIEWS, "w")) as tar, gzip.open(archive, "wb") as out:
        size = tar.getmembers()[-1].offset_data + 512  # the contents of the last file, in one block
        out.write((tmp_path / "plain.tar").read_bytes()[:size] + extra.tobuf() + bytes(1024))

    assert sentence in refusal(archive)


def test_a_header_of_many_megabytes_is_not_read(tmp_path):
    """It packs to almost nothing, and would lie in memory whole before any file is seen."""
    header = tarfile.TarInfo("x")
    header.type, header.size = tarfile.XHDTYPE, 64 << 20
    (tmp_path / "a").write_bytes(gzip.compress(header.tobuf(tarfile.GNU_FORMAT) + bytes(header.size), 1))

    tracemalloc.start()
    assert "It is cut off or damaged" in refusal(tmp_path / "a")
    assert tracemalloc.get_traced_memory()[1] < 8 << 20
    tracemalloc.stop()


@pytest.mark.parametrize("kind", ["link", "folder"])
def test_unpacked_reviews_are_plain_files(kind, tmp_path):
    """A link leads nowhere, a folder is no review."""
    strange = unpacked(tmp_path / "a", REVIEWS) / "aclImdb/train/pos/9_9.txt"
    strange.symlink_to("/etc/passwd") if kind == "link" else strange.mkdir()

    assert "train/pos/9_9.txt is none" in refusal(tmp_path / "a")


@pytest.mark.parametrize("mode", ["w:gz", "w:xz"])
def test_no_truncation_passes(mode, tmp_path):
    """Cut at whatever byte, even within the last ones, after all reviews, an archive is refused."""
    whole = packed(tmp_path / "whole", REVIEWS, mode).read_bytes()
    cut = tmp_path / "cut"

    for size in sorted({*range(6, len(whole), 13), *range(len(whole) - 20, len(whole))}):
        cut.write_bytes(whole[:size])
        assert "cut must be a whole archive. It is cut off or damaged" in refusal(cut)


@pytest.mark.parametrize("pack", [gzip.compress, lzma.compress])
def test_a_tar_cut_before_packing_is_not_whole(pack, tmp_path, monkeypatch):
    """The packer's checksum is right and the tar ends between two files: the number of reviews tells."""
    plain = packed(tmp_path / "plain.tar", REVIEWS, "w").read_bytes()
    (tmp_path / "a").write_bytes(pack(plain[: 512 * 8]))
    monkeypatch.setattr("course_kit.datasets.imdb.reviews.EACH", 1)

    with pytest.raises(imdb.ImdbError, match=r"must hold"):
        imdb.load(tmp_path / "a")


def test_damage_is_an_error_or_harmless(tmp_path):
    """300 archives with random bytes changed before packing: `ImdbError`, or reviews; nothing else escapes."""
    plain = packed(tmp_path / "plain.tar", REVIEWS, "w").read_bytes()
    draw, damaged, refused = random.Random(1), tmp_path / "damaged", 0

    for _ in range(300):
        content = bytearray(plain)
        for _ in range(draw.randint(1, 8)):
            content[draw.randrange(512 * 16)] = draw.randrange(256)
        damaged.write_bytes(gzip.compress(content, 1))
        try:
            imdb.load(damaged, partial=True)
        except imdb.ImdbError:
            refused += 1

    assert 100 < refused < 300


def test_the_public_name_needs_the_public_checksum(tmp_path):
    """Whatever is called aclImdb_v1.tar.gz must be it, also in the cache."""
    cached = tmp_path / "keras" / "datasets" / "aclImdb_v1.tar.gz"
    cached.parent.mkdir(parents=True)
    packed(cached, REVIEWS)

    assert "aclImdb_v1.tar.gz must have the SHA-1 01ada507287d..." in refusal(cached)
    with pytest.raises(imdb.ImdbError, match=r"01ada507287d\.\.\. Got .*Delete it and download it again"):
        imdb.load(partial=True)


def test_what_is_not_there_or_something_else_is_said(tmp_path):
    """No file, no folder, one folder of four missing, another format, no reviews."""
    half = unpacked(tmp_path / "half", {name: text for name, text in REVIEWS.items() if "test/neg" not in name})
    text = tmp_path / "notes.txt"
    text.write_text("PK")

    assert "No such file" in refusal(tmp_path / "nothing")
    assert "half must hold the folders train/neg, train/pos, test/neg, test/pos. There is no test/neg" in refusal(half)
    assert "must be a .tar.gz or .tar.xz. notes.txt is neither" in refusal(text)
    assert "There are none" in refusal(packed(tmp_path / "other.tar.gz", {"README": "about"}))
