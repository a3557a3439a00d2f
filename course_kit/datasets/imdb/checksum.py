"""The public files that the loader knows by their checksums."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from course_kit.datasets.imdb.reviews import ImdbError

ALGORITHMS = {32: "md5", 40: "sha1", 64: "sha256"}  # by the length of the digest in hexadecimal


@dataclass(frozen=True)
class Public:
    """A file on the web: its name, address, size in bytes and SHA-1."""

    name: str
    url: str
    size: int
    sha1: str


# The size is what the server announces. The SHA-1 stands in Dive into Deep Learning and MXNet, the MD5 of the same
# file, 7c2ac02c03563afcf9b574c7e56c153a, in torchtext and PaddleNLP.
PUBLIC = Public(
    name="aclImdb_v1.tar.gz",
    url="https://ai.stanford.edu/~amaas/data/sentiment/aclImdb_v1.tar.gz",
    size=84_125_825,
    sha1="01ada507287d82875905620988597833ad4e0903",
)
KERAS_NPZ = "69664113be75683a8fe16e3ed0ab59fda8886cb3cd7ada244f7d9544e4676b9f"  # SHA-256 in keras.datasets.imdb
KERAS_INDEX = "bfafd718b763782e994055a2d397834f"  # MD5, in the same file


def require(path: Path, expected: str, advice: str) -> None:
    """The file at ``path`` has this checksum, or `ImdbError` with what to do."""
    with path.open("rb") as file:
        obtained = hashlib.file_digest(file, ALGORITHMS[len(expected)]).hexdigest()
    require_digest(path.name, obtained, expected, advice)


def require_digest(name: str, obtained: str, expected: str, advice: str) -> None:
    """The digest that was found is the one that was expected."""
    if obtained != expected:
        kind = {"md5": "MD5", "sha1": "SHA-1", "sha256": "SHA-256"}[ALGORITHMS[len(expected)]]
        raise ImdbError(
            f"{name} must have the {kind} {expected[:12]}... Got {obtained[:12]}...: it is cut off or changed. "
            f"{advice[0].upper()}{advice[1:]}."
        )
