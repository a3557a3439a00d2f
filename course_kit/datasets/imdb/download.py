"""The public archive from the web: with progress, going on where it was interrupted, and checked before it counts."""

import errno
import http.client
import os
import shutil
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from course_kit.datasets.imdb.checksum import PUBLIC, Public, require
from course_kit.datasets.imdb.reviews import ImdbError

BLOCK = 1 << 16
TIMEOUT = 30.0  # seconds without a byte


def keras_cache() -> Path:
    """Where Keras puts what it downloads."""
    return Path(os.environ.get("KERAS_HOME") or Path.home() / ".keras") / "datasets"


def fetch(into: str | Path | None = None, origin: Public = PUBLIC, timeout: float = TIMEOUT) -> Path:
    """The public archive as a file in the folder ``into`` (Keras' cache if None), downloaded if it is not there.

    Until it is whole and its checksum is right it is called `....part`; an interrupted download goes on from there.

    Raises:
        ImdbError: no network, no room, an interruption, or another file than expected.
    """
    folder = keras_cache() if into is None else Path(into)
    path, part = folder / origin.name, folder / f"{origin.name}.part"
    if path.exists():
        require(path, origin.sha1, "delete it and run this again")
        return path
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _require_room(folder, origin.size - (part.stat().st_size if part.exists() else 0))
        _complete(part, origin, timeout)
        try:
            require(part, origin.sha1, "what came was deleted; run this again")
        except ImdbError:
            part.unlink()  # going on from wrong bytes would end wrong every time
            raise
        os.replace(part, path)
    except OSError as error:
        raise ImdbError(_sentence(error, folder, origin)) from error
    return path


def _complete(part: Path, origin: Public, timeout: float) -> None:
    """Append to the file what it lacks."""
    with part.open("ab") as file:
        if file.tell() > origin.size:
            file.truncate(0)
            file.seek(0)
        if file.tell() == origin.size:
            return
        try:
            _receive(file, origin, timeout)
        except (urllib.error.URLError, http.client.HTTPException, ConnectionError, TimeoutError) as error:
            raise ImdbError(_no_network(error, file.tell(), origin)) from error
        file.flush()
        os.fsync(file.fileno())


def _receive(file: BinaryIO, origin: Public, timeout: float) -> None:
    here = file.tell()
    request = urllib.request.Request(origin.url, headers={"User-Agent": "course-kit", "Accept-Encoding": "identity"})
    if here:
        request.add_header("Range", f"bytes={here}-")
    with urllib.request.urlopen(request, timeout=timeout) as response:
        goes_on = response.status == 206 and response.headers.get("Content-Range", "").startswith(f"bytes {here}-")
        if here and not goes_on:  # this server always starts anew
            file.truncate(0)
            file.seek(0)
        with _progress(origin) as shown:
            shown(file.tell())
            while file.tell() < origin.size and (block := response.read(min(BLOCK, origin.size - file.tell()))):
                file.write(block)
                shown(file.tell())
    if file.tell() < origin.size:
        raise ConnectionError("the server closed the connection")


class _progress:
    """A bar on standard error that is told how many bytes are there."""

    def __init__(self, origin: Public):
        from rich.console import Console
        from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

        columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TimeRemainingColumn())
        self.bar = Progress(*columns, console=Console(stderr=True))
        self.task = self.bar.add_task(origin.name, total=origin.size)

    def __enter__(self) -> Callable[[int], None]:
        self.bar.start()
        return lambda count: self.bar.update(self.task, completed=count)

    def __exit__(self, *_: object) -> None:
        self.bar.stop()


def _require_room(folder: Path, needed: int) -> None:
    if shutil.disk_usage(folder).free < needed:
        raise OSError(errno.ENOSPC, "No space left on device")


def _no_network(error: Exception, received: int, origin: Public) -> str:
    reason = getattr(error, "reason", None) or error
    if isinstance(error, urllib.error.HTTPError):
        reason = f"HTTP {error.code} {error.reason}"
    if received:
        state = f"{received:,} of {origin.size:,} bytes came and are kept ({reason}): run this again to go on"
    else:
        state = f"nothing came ({reason})"
    return (
        f"{origin.name} must come from {origin.url}. {state[0].upper()}{state[1:]}, or get the file elsewhere and give "
        "its path or set COURSE_KIT_IMDB to it."
    )


def _sentence(error: OSError, folder: Path, origin: Public) -> str:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return (
            f"{folder} must have room for {origin.name}, {origin.size:,} bytes. The disk is full: make room and run "
            "this again; what came is kept."
        )
    return f"{origin.name} must be written to {folder}. That failed: {error.strerror or error}; name another folder."
