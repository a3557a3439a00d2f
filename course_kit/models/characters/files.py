"""Trained weights in one small .npz: float32 arrays and a line of JSON, no pickle."""

import json
import zipfile
from pathlib import Path

import numpy as np

from course_kit.datasets.shipped import require

DATA = Path(__file__).resolve().parents[3] / "data"
SHA256 = {
    "characters.npz": "3b17aec352e80324829d40cc487690fd53bac3079e66f6e9bc777ff296c3f1d2",
    "mirror.npz": "c5e51c64766c37586b90a4b8ce9cc21669f2809cd4c285bfc4bf8786140ec6e3",
}
MAKE = "python data/make_character_model.py"
LARGEST = 256 * 1024**2


class ModelError(ValueError):
    """A model file cannot be used; the message says what to do, in a sentence."""


def write(path: Path, arrays: dict[str, np.ndarray], symbols: str, source: str) -> None:
    """Write the file, whole or not at all. The same weights give the same bytes."""
    meta = json.dumps({"symbols": symbols, "source": source}, ensure_ascii=False).encode("utf-8")
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(path.name + ".part")
    with part.open("wb") as file:
        np.savez(file, meta=np.frombuffer(meta, dtype=np.uint8), **{k: a.astype(np.float32) for k, a in arrays.items()})
    part.replace(path)


def read(path: Path, shapes: dict[str, str]) -> dict:
    """The arrays, ``symbols`` and ``source`` of a file of `write`.

    Args:
        path: Path.
        shapes: for each array its sizes, "d 4n" being (d, 4n). A letter is the same number everywhere; v is the number
            of symbols, "v+" is v + 1, and "v*" is v or, with pairs, v * v.

    Raises:
        ModelError: if it cannot be read, is none of `write`, or its arrays do not fit together.
    """
    try:
        if path.stat().st_size > LARGEST:
            raise ModelError(f"{path.name} must be a model of at most {LARGEST >> 20} MiB. It is larger.")
        with np.load(path, allow_pickle=False) as file:
            meta = json.loads(file["meta"].tobytes().decode("utf-8"))
            found = {name: file[name].astype(np.float32) for name in shapes}
            symbols, source = meta["symbols"], meta["source"]
    except OSError as error:
        raise ModelError(f"{path} must be a model file that can be read. {error.strerror or error}.") from error
    except ModelError:
        raise
    except (KeyError, ValueError, TypeError, AttributeError, EOFError, zipfile.BadZipFile) as error:
        raise ModelError(f"{path.name} must be a model that `course-kit characters train` wrote. It is not.") from error
    if not (isinstance(symbols, str) and isinstance(source, str) and _fit(found, shapes, len(symbols))):
        raise ModelError(f"{path.name} must hold arrays that fit together. They do not: train it again.")
    return {**found, "symbols": symbols, "source": source}


def _fit(arrays: dict[str, np.ndarray], shapes: dict[str, str], v: int) -> bool:
    """Whether the arrays have such shapes, and only finite numbers."""
    known = {"v": v, "v+": v + 1}
    for name, letters in shapes.items():
        sizes = letters.split()
        if arrays[name].ndim != len(sizes):
            return False
        for size, letter in zip(arrays[name].shape, sizes, strict=True):
            if letter == "v*":
                if size not in (v, v * v):
                    return False
            elif letter.startswith("4"):
                if size != 4 * known.setdefault(letter[1:], size // 4):
                    return False
            elif size != known.setdefault(letter, size):
                return False
    return bool(v) and all(np.isfinite(a).all() for a in arrays.values())


def shipped(name: str) -> Path:
    """The kit's own file of that name. Raises ``ModelError`` unless it is there and whole."""
    try:
        return require(DATA / name, SHA256[name], f"`{MAKE}`")
    except (FileNotFoundError, ValueError) as error:
        raise ModelError(str(error)) from None
