"""The public archive, packed or unpacked. A packed one is read as a stream and never unpacked onto the disk."""

import gzip
import lzma
import re
import tarfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import numpy as np

from course_kit.datasets.imdb.checksum import PUBLIC, require
from course_kit.datasets.imdb.reviews import (
    FOLDERS,
    HALVES,
    LABELS,
    Corpus,
    ImdbError,
    Reviews,
    described,
    require_whole,
)

REVIEW = re.compile(r"(train|test)/(neg|pos)/([0-9]{1,9})_([0-9]{1,2})\.txt")
URLS = re.compile(r"(train|test)/urls_(neg|pos)\.txt")
FILM = re.compile(r"/title/(tt[0-9]+)")
# The longest of the 50,000 reviews has 13,704 bytes and 2,470 words (counted), a list of URLs about 600,000 bytes.
LONGEST, LONGEST_LIST = 128 * 1024, 4 * 1024**2
UNPACKED = 4 * 1024**3  # bytes in all; the public archive has about an eighth of it, so more is a trap
OPENERS = {b"\x1f\x8b": gzip.open, b"\xfd7zXZ\x00": lzma.open}
BROKEN = (EOFError, tarfile.TarError, lzma.LZMAError, zlib.error, gzip.BadGzipFile)


def read_archive(path: Path, partial: bool = False) -> Corpus:
    """The reviews of a `.tar.gz` or `.tar.xz`, by whatever name; one named as the public one must be the public one."""
    if path.name == PUBLIC.name:
        require(path, PUBLIC.sha1, f"delete it and download it again from {PUBLIC.url}")
    with path.open("rb") as file:
        start = file.read(6)
    opener = next((opener for magic, opener in OPENERS.items() if start.startswith(magic)), None)
    if opener is None:
        raise ImdbError(f"an archive of reviews must be a .tar.gz or .tar.xz. {path.name} is neither.")
    try:
        with opener(path, "rb") as file:
            return _corpus(_members(file, path.name), path.name, partial)
    except ImdbError:
        raise
    except (*BROKEN, ValueError) as error:  # a damaged header makes tarfile raise all sorts
        raise ImdbError(f"{path.name} must be a whole archive. It is cut off or damaged: copy it again.") from error


def read_folder(path: Path, partial: bool = False) -> Corpus:
    """The reviews of an unpacked archive: the folder with `train` and `test` in it, or the one around `aclImdb`."""
    root = path / "aclImdb" if (path / "aclImdb").is_dir() else path
    for folder in FOLDERS:
        if not (root / folder).is_dir():
            raise ImdbError(f"{path.name or path} must hold the folders {', '.join(FOLDERS)}. There is no {folder}.")
    return _corpus(_files(root), path.name or str(path), partial)


def _members(file: BinaryIO, archive: str) -> Iterator[tuple[str, bytes]]:
    """Names from `train` or `test` on, and contents, of the files that count."""
    unpacked = 0
    with tarfile.open(fileobj=_Sips(file), mode="r:") as tar:
        while (member := tar.next()) is not None:
            tar.members.clear()  # it would keep a record of each: 24 MB for 50,000 (measured)
            unpacked += member.size
            if unpacked > UNPACKED:
                raise ImdbError(f"{archive} must unpack to less than {UNPACKED >> 30} GiB. It holds more.")
            parts = member.name.split("/")
            if member.name.startswith("/") or ".." in parts or "\\" in member.name:
                raise ImdbError(f"{archive} must hold paths inside itself. Got {member.name[:100]!r}.")
            if not (member.isfile() or member.isdir()):
                raise ImdbError(f"{archive} must hold plain files and folders, no links. Got {member.name[:100]!r}.")
            if member.isfile() and (name := _counts("/".join(parts[-3:])) or _counts("/".join(parts[-2:]))):
                _require_size(name, member.size)
                yield name, tar.extractfile(member).read()
        # reading to the end is what checks the packer's own checksum; a tar ends in zeros, damage does not
        if any(any(block) for block in iter(lambda: file.read(1 << 20), b"")):
            raise tarfile.ReadError("something follows the end")


class _Sips:
    """A file that gives no more at once than a list of films is long: headers of a hostile tar ask for gigabytes."""

    def __init__(self, file: BinaryIO):
        self.file, self.seek, self.tell = file, file.seek, file.tell

    def read(self, size: int) -> bytes:
        if size > LONGEST_LIST:
            raise tarfile.ReadError("too much at once")
        return self.file.read(size)


def _files(root: Path) -> Iterator[tuple[str, bytes]]:
    for folder in (*FOLDERS, *HALVES):
        for path in (root / folder).iterdir():
            if name := _counts(f"{folder}/{path.name}"):
                if path.is_symlink() or not path.is_file():
                    raise ImdbError(f"a review must be a plain file, no link and no folder. {name} is none.")
                _require_size(name, path.stat().st_size)
                yield name, path.read_bytes()


def _counts(name: str) -> str:
    return name if REVIEW.fullmatch(name) or URLS.fullmatch(name) else ""


def _require_size(name: str, size: int) -> None:
    limit = LONGEST if REVIEW.fullmatch(name) else LONGEST_LIST
    if size > limit:
        raise ImdbError(f"{name} must have at most {limit:,} bytes. Got {size:,}: it is none of the public archive's.")


def _corpus(files: Iterator[tuple[str, bytes]], name: str, partial: bool) -> Corpus:
    found: dict[tuple[str, str], dict[int, tuple[str, str]]] = {(h, lab): {} for h in HALVES for lab in LABELS}
    films: dict[tuple[str, str], list[str]] = {}
    for file, content in files:
        if lists := URLS.fullmatch(file):
            films[lists.groups()] = _films(file, content)
            continue
        half, label, number, stars = REVIEW.fullmatch(file).groups()
        if not (1 <= int(stars) <= 4 if label == "neg" else 7 <= int(stars) <= 10):
            raise ImdbError(f"a review must have 1 to 4 stars in neg and 7 to 10 in pos. Got {file}.")
        if int(number) in found[half, label]:
            raise ImdbError(f"a number must stand for one review. {half}/{label} has two of number {number}.")
        found[half, label][int(number)] = file, _text(file, content)
    train, test = (_reviews(half, found, films) for half in HALVES)
    if not (len(train) and len(test)):
        raise ImdbError(f"{name} must hold reviews named as train/pos/17_9.txt, and some in test. There are none.")
    if not partial:
        require_whole(train, test, name)
    return Corpus(train, test, described(train, test, name))


def _text(file: str, content: bytes) -> str:
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        wrong = f"0x{content[error.start]:02x} at byte {error.start}"
        raise ImdbError(f"a review must be UTF-8. Got {wrong} of {file}: unpack or copy it again.") from error
    if not text.strip():
        raise ImdbError(f"a review must have words in it. {file} is empty: unpack or copy it again.")
    return text


def _films(file: str, content: bytes) -> list[str]:
    """Line k, counted from 0, is the address of the film of review number k (README of the archive)."""
    films = []
    for line in content.decode("utf-8", errors="replace").splitlines():
        if not line.strip():
            raise ImdbError(f"every line of {file} must be the address of a film. Line {len(films) + 1} is empty.")
        title = FILM.search(line)
        films.append(title[1] if title else line.strip())
    return films


def _reviews(half: str, found: dict, films: dict) -> Reviews:
    rows = [
        (code, number, *found[half, label][number])
        for code, label in enumerate(LABELS)
        for number in sorted(found[half, label])
    ]
    groups = None
    if all((half, label) in films for label in LABELS):
        for code, number, file, _ in rows:
            if number >= len(films[half, LABELS[code]]):
                raise ImdbError(f"a list of films must have a line for each review. {file} has none in {half}.")
        titles = [films[half, LABELS[code]][number] for code, number, *_ in rows]
        groups = np.unique(titles, return_inverse=True)[1]
    return Reviews(
        texts=tuple(text for *_, text in rows),
        labels=np.array([code for code, *_ in rows], dtype=np.int64),
        files=tuple(file for *_, file, _ in rows),
        groups=groups,
    )
