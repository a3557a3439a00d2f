"""Keras' own form of the reviews: imdb.npz, numbers of words, and the list of words beside it."""

import hashlib
import io
import json
import zipfile
from pathlib import Path

import numpy as np

from course_kit.datasets.imdb.checksum import KERAS_INDEX, KERAS_NPZ, require_digest
from course_kit.datasets.imdb.reviews import HALVES, Corpus, ImdbError, Reviews, described, require_whole

INDEX = "imdb_word_index.json"


def read_npz(path: Path, partial: bool = False, sha256: str = KERAS_NPZ, index_md5: str = KERAS_INDEX) -> Corpus:
    """The reviews of Keras' imdb.npz as words in lower case, parted by spaces; punctuation and film are lost.

    Its arrays of lists are pickles, and a pickle can run anything: it is opened only if its bytes, the same that were
    read, have the SHA-256 of Keras' own file.

    Args:
        sha256, index_md5: the checksums of the two files; others only for files whose maker you know.
    """
    index = path.with_name(INDEX)
    if not index.is_file():
        raise ImdbError(
            f"{INDEX} must lie beside {path.name}, to say which word a number stands for. It is not there: "
            "`keras.datasets.imdb.get_word_index()` fetches it."
        )
    content = path.read_bytes()
    obtained = hashlib.sha256(content).hexdigest()
    require_digest(path.name, obtained, sha256, "delete it and let `keras.datasets.imdb.load_data()` fetch it again")
    try:
        with np.load(io.BytesIO(content), allow_pickle=True) as file:
            arrays = {name: file[name] for half in HALVES for name in (f"x_{half}", f"y_{half}")}
    except (KeyError, ValueError, zipfile.BadZipFile) as error:
        raise ImdbError(f"{path.name} must hold x_train, y_train, x_test, y_test. It does not.") from error
    words = _words(index, index_md5)
    train, test = (_reviews(half, arrays[f"x_{half}"], arrays[f"y_{half}"], words) for half in HALVES)
    name = f"Keras' {path.name} (lower case, no punctuation)"
    if not partial:
        require_whole(train, test, path.name)
    return Corpus(train, test, described(train, test, name))


def _words(path: Path, md5: str) -> dict[int, str]:
    content = path.read_bytes()
    advice = "delete it and let `keras.datasets.imdb.get_word_index()` fetch it again"
    require_digest(path.name, hashlib.md5(content).hexdigest(), md5, advice)
    return {number: word for word, number in json.loads(content).items()}


def _reviews(half: str, x: np.ndarray, y: np.ndarray, words: dict[int, str]) -> Reviews:
    # Keras counts the words from 1 and moves the numbers only when load_data hands them out
    order = np.argsort(y, kind="stable")
    try:
        texts = tuple(" ".join(words[number] for number in x[k]) for k in order)
    except KeyError as error:
        raise ImdbError(f"every number of a review must stand in {INDEX}. {error.args[0]} does not.") from error
    return Reviews(texts, y[order].astype(np.int64), tuple(f"{half}/{k}" for k in order))
