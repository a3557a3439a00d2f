"""Files that are whole or not there: each is written beside its place and moved there when it is complete."""

import csv
import errno
import fcntl
import io
import json
import os
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path


class RunError(Exception):
    """What the user should do instead, in one sentence."""


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """The path to write to; it becomes ``path`` when the block ends, and is gone if it fails. The ending stays."""
    part = path.with_name(f".{path.stem}.part{path.suffix}")
    try:
        yield part
        with part.open("rb") as file:
            os.fsync(file.fileno())
        os.replace(part, path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def write_bytes(path: Path, content: bytes) -> None:
    with replacing(path) as part:
        part.write_bytes(content)


def write_json(path: Path, content: dict) -> None:
    write_bytes(path, (json.dumps(content, indent=2, ensure_ascii=False, allow_nan=False) + "\n").encode())


def write_csv(path: Path, rows: Iterable[dict]) -> None:
    """A column for each key, in the order in which they first come; what a row lacks stays empty."""
    rows = list(rows)
    text = io.StringIO()
    writer = csv.DictWriter(text, list(dict.fromkeys(key for row in rows for key in row)), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    write_bytes(path, text.getvalue().encode())


def read_json(path: Path) -> dict | None:
    """The object in a file, or None if there is no file.

    Raises:
        RunError: the file holds something else.
    """
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except ValueError:
        content = None
    if not isinstance(content, dict):
        raise RunError(f"{path} must hold a JSON object. It does not: delete it, or name another folder.")
    return content


@contextmanager
def alone(folder: Path, wait: bool = False) -> Iterator[None]:
    """One process at a time works in the folder. A lock that a killed process held is free.

    Raises:
        RunError: another one does, and this one is not to wait.
    """
    folder.mkdir(parents=True, exist_ok=True)
    lock = os.open(folder / ".lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise RunError(f"another process is working in {folder}: wait for it, or name another folder.") from None
        yield
    finally:
        os.close(lock)


def sentence(error: OSError, folder: Path) -> str:
    """What a failed write means to the user."""
    hidden = re.search(r"errno = ([0-9]+)", str(error))  # in h5py's texts
    number = int(hidden[1]) if hidden else error.errno
    if number in (errno.ENOSPC, errno.EDQUOT):
        return f"{folder} must have room. The disk is full: make room and run this again to go on."
    reason = os.strerror(number) if number else (str(error).splitlines() or [type(error).__name__])[0]
    return f"{error.filename or folder} must be readable and writable. That failed: {reason}."
