"""Read notebooks out of a zip, in memory: nothing is unpacked to disk, nothing is read beyond a limit."""

import os
import stat
import struct
import threading
import time
import zipfile
import zlib
from contextlib import contextmanager
from functools import cached_property, partial
from pathlib import Path, PurePosixPath

from course_kit.grading.files import Unreadable, opened, printable, too_large

MAX_ARCHIVE_BYTES = 64 * 2**20
# Some 15,000 members. zipfile reads the whole directory into objects before one can ask how long it is.
MAX_DIRECTORY_BYTES = 2**20
# A platform's download of a whole class, which the instructor has made: 2,000 students with 100 files each.
MAX_CLASS_BYTES = 64 * 2**30
MAX_CLASS_DIRECTORY_BYTES = 32 * 2**20
READABLE = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
UTF8 = 0x800  # the flag of a name that is UTF-8 (APPNOTE.TXT 4.4.4)
# What a damaged or hostile archive makes zipfile raise; NotImplementedError (an unknown zip version) is a RuntimeError.
DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, KeyError, RuntimeError, ValueError, OSError, struct.error)


def notebooks(file) -> list[str]:
    """Names of the notebooks in an archive, sorted. Raises ``Unreadable`` for an archive that no student makes.

    Args:
        file: binary file object.
    """
    found = set()
    with _archive(file) as archive:
        for info in archive.infolist():
            name = info.filename.replace("\\", "/")
            parts = PurePosixPath(name).parts
            if leads_out(name):
                escape = f"a file named {printable(info.filename)}, which leads out of it"
                raise Unreadable(f"the archive holds {escape}: nothing in it was read")
            if not is_notebook(name) or any(p.startswith(".") or p == "__MACOSX" for p in parts):
                continue
            if stat.S_ISLNK(info.external_attr >> 16):
                raise Unreadable(f"the archive holds a symbolic link, {printable(name)}: nothing in it was read")
            found.add(info.filename)
    return sorted(found)


def read_member(file, member: str, limit: int) -> bytes:
    """The content of one member, at most ``limit`` bytes. Raises ``Unreadable``."""
    with _archive(file) as archive:
        return _content(archive, archive.getinfo(member), limit)


def member_time(file, member: str) -> float:
    """When a member was last changed, as its archive says; an archive knows no time zone."""
    with _archive(file) as archive:
        return _time(archive.getinfo(member))


def is_notebook(name: str) -> bool:
    """Whether a file's name is that of a notebook, or of a notebook in the percent format: 08_lstm.py."""
    stem, _, ending = PurePosixPath(name).name.rpartition(".")
    return ending.lower() == "ipynb" or (ending.lower() == "py" and stem[:2].isdecimal() and not stem[2:3].isdecimal())


def leads_out(name: str) -> bool:
    """Whether a member's name would be a place outside the folder that it is unpacked into."""
    return name.startswith("/") or name[1:2] == ":" or ".." in PurePosixPath(name).parts


def true_name(info: zipfile.ZipInfo) -> str:
    """A member's name. Some programs write UTF-8 and do not say so; zipfile then takes it for the DOS code page."""
    if info.flag_bits & UTF8 or info.filename.isascii():
        return info.filename
    try:
        return info.filename.encode("cp437").decode("utf-8")
    except UnicodeError:
        return info.filename


class ClassArchive:
    """The zip of a whole class, opened once and read by several threads.

    ``members`` maps each file's name, with slashes, to a function that reads it up to a limit, and its time.
    """

    def __init__(self, path: Path):
        self._path = path
        self._reading = threading.Lock()

    @cached_property
    def members(self) -> dict[str, tuple]:
        try:
            infos = [i for i in self._zip.infolist() if not i.is_dir()]
        except DAMAGED as error:
            raise Unreadable(f"the archive is damaged ({printable(str(error))}): download it anew") from None
        return {true_name(i).replace("\\", "/"): (partial(self._read, i), _time(i)) for i in infos}

    @cached_property
    def _zip(self) -> zipfile.ZipFile:
        with opened(self._path, MAX_CLASS_BYTES) as file:
            _look_at_the_end(file, MAX_CLASS_DIRECTORY_BYTES, large=True)
        return zipfile.ZipFile(self._path)

    def _read(self, info: zipfile.ZipInfo, limit: int) -> bytes:
        if stat.S_ISLNK(info.external_attr >> 16):
            raise Unreadable(f"{printable(info.filename)} is a symbolic link, not a file")
        with self._reading:
            try:
                return _content(self._zip, info, limit)
            except Unreadable:
                raise
            except DAMAGED as error:
                raise Unreadable(f"{printable(info.filename)} is damaged in the archive ({error})") from None


def _content(archive: zipfile.ZipFile, info: zipfile.ZipInfo, limit: int) -> bytes:
    if info.flag_bits & 1:
        raise Unreadable("the archive is protected by a password: hand it in without one")
    if info.compress_type not in READABLE:
        raise Unreadable("the archive is compressed in an unusual way: make an ordinary zip")
    if info.file_size > limit:
        raise Unreadable(too_large(info.filename, info.file_size, limit))
    # zipfile stops at the size declared, and limit + 1 would show one that lied.
    with archive.open(info) as file:
        content = file.read(limit + 1)
    if len(content) > limit:
        raise Unreadable(too_large(info.filename, len(content), limit))
    return content


def _time(info: zipfile.ZipInfo) -> float:
    try:
        return time.mktime((*info.date_time, 0, 0, -1))
    except (ValueError, OverflowError):  # the 31st of February, hour 31
        return 0.0


@contextmanager
def _archive(file):
    _look_at_the_end(file, MAX_DIRECTORY_BYTES)
    try:
        with zipfile.ZipFile(file) as archive:
            yield archive
    except Unreadable:
        raise
    except DAMAGED as error:
        raise Unreadable(f"the archive is damaged ({printable(str(error))}): make it anew") from None


def _look_at_the_end(file, most: int, large: bool = False) -> None:
    """Refuse an archive by the length of its directory, before ``zipfile`` reads that."""
    # The end record (APPNOTE.TXT 4.3.16): signature, ..., the directory's length at 12, a comment of up to 64 KB.
    size = file.seek(0, os.SEEK_END)
    file.seek(max(0, size - 22 - 0xFFFF - 76))
    tail = file.read()
    at = len(tail) - 22 if tail[-22:-18] == b"PK\5\6" else tail.rfind(b"PK\5\6")
    if at < 0 or len(tail) < at + 22:
        raise Unreadable("the file is not a zip archive, or it was cut off: make it anew")
    length = struct.unpack_from("<I", tail, at + 12)[0]
    if tail[max(0, at - 20) : at].startswith(b"PK\6\7"):
        if not large:
            raise Unreadable("the archive is in the zip64 format, made for more than 4 GB: make an ordinary zip")
        # The end record of zip64 (4.3.14) lies before its locator, the directory's length at 40.
        if tail[max(0, at - 76) : at - 20].startswith(b"PK\6\6"):
            length = struct.unpack_from("<Q", tail, at - 76 + 40)[0]
    if length > most:
        raise Unreadable("the archive holds too many files: hand in the notebooks alone")
