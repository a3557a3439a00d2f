"""Read notebooks out of a student's zip, in memory: nothing is unpacked to disk, nothing is read beyond a limit."""

import os
import stat
import struct
import zipfile
import zlib
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from course_kit.grading.files import Unreadable, opened, printable, too_large

MAX_ARCHIVE_BYTES = 64 * 2**20
# Some 15,000 members. zipfile reads the whole directory into objects before one can ask how long it is.
MAX_DIRECTORY_BYTES = 2**20
READABLE = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}


def notebooks(path: Path) -> list[str]:
    """Names of the notebooks in an archive, sorted. Raises ``Unreadable`` for an archive that no student makes."""
    found = set()
    with _archive(path) as archive:
        for info in archive.infolist():
            name = info.filename.replace("\\", "/")
            parts = PurePosixPath(name).parts
            if name.startswith("/") or name[1:2] == ":" or ".." in parts:
                leads_out = f"a file named {printable(info.filename)}, which leads out of it"
                raise Unreadable(f"the archive holds {leads_out}: nothing in it was read")
            if not name.lower().endswith(".ipynb") or any(p.startswith(".") or p == "__MACOSX" for p in parts):
                continue
            if stat.S_ISLNK(info.external_attr >> 16):
                raise Unreadable(f"the archive holds a symbolic link, {printable(name)}: nothing in it was read")
            found.add(info.filename)
    return sorted(found)


def read_member(path: Path, member: str, limit: int) -> bytes:
    """The content of one member, at most ``limit`` bytes. Raises ``Unreadable``."""
    with _archive(path) as archive:
        info = archive.getinfo(member)
        if info.flag_bits & 1:
            raise Unreadable("the archive is protected by a password: hand it in without one")
        if info.compress_type not in READABLE:
            raise Unreadable("the archive is compressed in an unusual way: make an ordinary zip")
        if info.file_size > limit:
            raise Unreadable(too_large(member, info.file_size, limit))
        # zipfile stops at the size declared, and limit + 1 would show one that lied.
        with archive.open(info) as file:
            content = file.read(limit + 1)
    if len(content) > limit:
        raise Unreadable(too_large(member, len(content), limit))
    return content


@contextmanager
def _archive(path: Path):
    with opened(path, MAX_ARCHIVE_BYTES) as file:
        _look_at_the_end(file)
        try:
            with zipfile.ZipFile(file) as archive:
                yield archive
        except Unreadable:
            raise
        except (zipfile.BadZipFile, zlib.error, EOFError, KeyError, RuntimeError, ValueError, OSError) as error:
            # NotImplementedError (an unknown zip version) is a RuntimeError.
            raise Unreadable(f"the archive is damaged ({printable(str(error))}): make it anew") from None


def _look_at_the_end(file) -> None:
    """Refuse an archive by the length of its directory, before ``zipfile`` reads that."""
    # The end record (APPNOTE.TXT 4.3.16): signature, ..., the directory's length at 12, a comment of up to 64 KB.
    size = file.seek(0, os.SEEK_END)
    file.seek(max(0, size - 22 - 0xFFFF - 20))
    tail = file.read()
    at = len(tail) - 22 if tail[-22:-18] == b"PK\5\6" else tail.rfind(b"PK\5\6")
    if at < 0 or len(tail) < at + 22:
        raise Unreadable("the file is not a zip archive, or it was cut off: make it anew")
    if tail[max(0, at - 20) : at].startswith(b"PK\6\7"):
        raise Unreadable("the archive is in the zip64 format, made for more than 4 GB: make an ordinary zip")
    if struct.unpack_from("<I", tail, at + 12)[0] > MAX_DIRECTORY_BYTES:
        raise Unreadable("the archive holds too many files: hand in the notebooks alone")
