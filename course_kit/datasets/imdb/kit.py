"""The small corpus that the kit makes itself, for when IMDB is not at hand. Its `source` says that it is not IMDB."""

import gzip
import hashlib
from pathlib import Path

import numpy as np

from course_kit.datasets.imdb.checksum import require_digest
from course_kit.datasets.imdb.reviews import HALVES, Corpus, ImdbError, Reviews

KIT = "kit"  # the name it is asked for by
PATH = Path(__file__).resolve().parents[3] / "data" / "reviews.tsv.gz"
SHA256 = "9fab980d82499aca8a0ffa06c6cb55ea620e11a993810bb8e8aa72108506180f"


def read_kit(path: Path = PATH) -> Corpus:
    """Made-up reviews in which order decides: each has a twin of the same words with the opposite label.

    `groups` are the pairs of twins. How they are made stands at the top of data/make_reviews.py.
    """
    advice = "copy it from the course kit, or make it with `python data/make_reviews.py`"
    if not path.is_file():
        raise ImdbError(f"data/{path.name} must lie in {path.parent}. It is not there: {advice}.")
    content = path.read_bytes()
    require_digest(f"data/{path.name}", hashlib.sha256(content).hexdigest(), SHA256, advice)
    rows = [line.split("\t") for line in gzip.decompress(content).decode("utf-8").splitlines()]
    train, test = (_reviews(half, [row[1:] for row in rows if row[0] == half]) for half in HALVES)
    return Corpus(
        train,
        test,
        f"NOT IMDB: {len(train):,} training and {len(test):,} test reviews made up by the course kit "
        f"(data/{path.name}); no result on them is comparable with one on IMDB.",
    )


def _reviews(half: str, rows: list[list[str]]) -> Reviews:
    rows = sorted(rows, key=lambda row: int(row[0]))  # negative ones first, as in the archive
    return Reviews(
        texts=tuple(text for _, _, text in rows),
        labels=np.array([int(label) for label, _, _ in rows], dtype=np.int64),
        files=tuple(f"{half}/{pair}.{label}" for label, pair, _ in rows),
        groups=np.array([int(pair) for _, pair, _ in rows], dtype=np.int64),
    )
