"""Where the reviews are: what the caller names, the environment, Keras' cache, the web; in this order."""

import os
from pathlib import Path

from course_kit.datasets.imdb.archive import read_archive, read_folder
from course_kit.datasets.imdb.checksum import PUBLIC
from course_kit.datasets.imdb.download import fetch, keras_cache
from course_kit.datasets.imdb.keras_npz import read_npz
from course_kit.datasets.imdb.kit import KIT, read_kit
from course_kit.datasets.imdb.reviews import Corpus, ImdbError

VARIABLE = "COURSE_KIT_IMDB"
# In the cache: the archive, what keras.utils.get_file makes of it (older and newer Keras), Keras' own form.
CACHED = (PUBLIC.name, "aclImdb", "aclImdb_v1/aclImdb", "aclImdb_v1_extracted/aclImdb", "imdb.npz")


def load(where: str | Path | None = None, *, download: bool = False, partial: bool = False) -> Corpus:
    """The reviews, from the first of these that is there; what is named and cannot be read is an error.

    1. ``where``: a `.tar.gz` or `.tar.xz`, the unpacked folder, Keras' imdb.npz, or "kit" for the small corpus that
       the kit makes itself;
    2. the environment variable COURSE_KIT_IMDB, the same;
    3. Keras' cache;
    4. the web, if ``download``.

    Args:
        partial: whether to take fewer than the 50,000 reviews; `source` says so.

    Raises:
        ImdbError: with what to do, in a sentence.
    """
    where = where or os.environ.get(VARIABLE)
    if where is None or where == "":
        where = _cached() or (fetch() if download else None)
    if where is None:
        raise ImdbError(
            f"IMDB must be named: a path, {VARIABLE}, or a copy in {keras_cache()}. There is none: get {PUBLIC.url}, "
            f'or say download=True (80 MB), or "{KIT}" for the small made-up corpus.'
        )
    if where == KIT:
        return read_kit()
    path = Path(where).expanduser()
    try:
        return _read(path, partial)
    except OSError as error:
        raise ImdbError(f"{path} must be a file or folder that can be read. {error.strerror or error}.") from error


def _cached() -> Path | None:
    return next((keras_cache() / name for name in CACHED if (keras_cache() / name).exists()), None)


def _read(path: Path, partial: bool) -> Corpus:
    if path.is_dir():
        return read_folder(path, partial)
    return read_npz(path, partial) if path.suffix == ".npz" else read_archive(path, partial)
