"""Open what a stranger named: regular files only, bounded, no link followed, no pipe waited for."""

import os
import stat
from contextlib import contextmanager
from pathlib import Path

# What a spreadsheet takes for the start of a formula, or strips to find one (OWASP, "CSV injection").
FORMULA = ("=", "+", "-", "@", "\t", "\r")


class Unreadable(ValueError):
    """A file is not read; the text is the sentence for its row."""


@contextmanager
def opened(path: Path, limit: int):
    """A binary file object of a regular file of at most ``limit`` bytes. Raises ``Unreadable``."""
    kinds = {stat.S_IFLNK: "a symbolic link", stat.S_IFDIR: "a folder", stat.S_IFIFO: "a pipe"}
    name = printable(path.name)
    try:
        kind = stat.S_IFMT(os.lstat(path).st_mode)
        if kind != stat.S_IFREG:
            raise Unreadable(f"{name} is {kinds.get(kind, 'a device')}, not a file")
        # Between lstat and here the name may have been put on something else: a link fails, a pipe does not block.
        file = os.fdopen(os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK), "rb")
    except OSError as error:
        raise Unreadable(f"{name} cannot be read: {error.strerror}") from None
    with file:
        status = os.fstat(file.fileno())
        if not stat.S_ISREG(status.st_mode):
            raise Unreadable(f"{name} is not a file")
        if status.st_size > limit:
            raise Unreadable(too_large(name, status.st_size, limit))
        yield file


def read(path: Path, limit: int) -> bytes:
    """The content of a regular file. Raises ``Unreadable``."""
    with opened(path, limit) as file:
        try:
            content = file.read(limit + 1)
        except OSError as error:
            raise Unreadable(f"{printable(path.name)} cannot be read: {error.strerror}") from None
    if len(content) > limit:
        raise Unreadable(too_large(path.name, len(content), limit))
    return content


def too_large(name: str, size: int, limit: int) -> str:
    most = f"at most {limit // 2**20} MB are read: clear the outputs and hand it in again"
    return f"{printable(name)} has {size / 2**20:.1f} MB, and {most}"


def printable(name: str) -> str:
    """``name`` with line breaks, control characters and broken bytes written out, so that it stays one field."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in name)
