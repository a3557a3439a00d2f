"""Archives: paths that lead out, bombs, links, devices, sizes that lie, too many files, what is no archive."""

import io
import stat
import struct
import zipfile
import zlib
from pathlib import Path

from tests.grading_front.conftest import notebook
from tests.hostile.case import FILE, Case, Make

GOOD = notebook().encode()
LEADS_OUT = "which leads out of it: nothing in it was read"


def archive(*members: tuple[str, bytes], mode: int = 0) -> bytes:
    """A zip of members; ``mode`` is the file type that the last one says it has."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as made:
        for k, (name, content) in enumerate(members, 1):
            info = zipfile.ZipInfo(name)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = (mode | 0o644) << 16 if mode and k == len(members) else 0o644 << 16
            made.writestr(info, content)
    return data.getvalue()


def zipped(content: bytes) -> Make:
    def make(folder: Path, name: str) -> None:
        (folder / f"{name}.zip").write_bytes(content)

    return make


def lying(size: int) -> bytes:
    """A zip whose headers give another size than its content has."""
    data = bytearray(archive((FILE, b"x" * 10**6)))
    for signature, at in ((b"PK\3\4", 22), (b"PK\1\2", 24)):
        struct.pack_into("<I", data, data.find(signature) + at, size)
    return bytes(data)


def overlapping(count: int) -> bytes:
    """A zip of many names for the same bytes, as in the bombs that need no recursion."""
    name, packed = FILE.encode(), zlib.compress(b" " * 15 * 2**20, 9)[2:-4]
    crc = zlib.crc32(b" " * 15 * 2**20)
    head = struct.pack("<4s5H3I2H", b"PK\3\4", 20, 0, 8, 0, 0, crc, len(packed), 15 * 2**20, len(name), 0) + name
    entries = b""
    for k in range(count):
        other = f"{k:02}{FILE[2:]}".encode()
        entries += (
            struct.pack(
                "<4s6H3I5H2I", b"PK\1\2", 20, 20, 0, 8, 0, 0, crc, len(packed), 15 * 2**20, len(other), 0, 0, 0, 0, 0, 0
            )
            + other
        )
    end = struct.pack("<4s4H2IH", b"PK\5\6", 0, 0, count, count, len(entries), len(head) + len(packed), 0)
    return head + packed + entries + end


def locked() -> bytes:
    data = bytearray(archive((FILE, GOOD)))
    for signature, at in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
        data[data.find(signature) + at] |= 1
    return bytes(data)


CASES = [
    Case("good", "honest work in a zip", zipped(archive((FILE, GOOD)))),
    Case(
        "slip",
        "a name that leads out",
        zipped(archive((FILE, GOOD), ("../../victim-0/99_three.ipynb", GOOD))),
        "",
        "",
        LEADS_OUT,
        honest=4,
    ),
    Case(
        "slip-back",
        "the same with Windows' slashes",
        zipped(archive((FILE, GOOD), ("..\\..\\victim-0\\99_three.ipynb", GOOD))),
        "",
        "",
        LEADS_OUT,
        honest=4,
    ),
    Case("absolute", "an absolute name", zipped(archive(("/etc/99_three.ipynb", GOOD))), "", "", LEADS_OUT, honest=4),
    Case("drive", "a name on a drive", zipped(archive(("C:\\99_three.ipynb", GOOD))), "", "", LEADS_OUT, honest=4),
    Case(
        "link",
        "a link to the passwords",
        zipped(archive((FILE, b"/etc/shadow"), mode=stat.S_IFLNK)),
        "",
        "",
        "holds a symbolic link",
    ),
    Case("device", "a device", zipped(archive((FILE, b""), mode=stat.S_IFCHR)), "CCC", "broken JSON", "broken JSON"),
    Case(
        "bomb",
        "a gigabyte of zeros in a megabyte",
        zipped(archive((FILE, bytes(2**30)))),
        "CCC",
        "at most 16 MB are read",
        "at most 16 MB",
    ),
    Case("size-that-lies", "a megabyte that says it is a byte", zipped(lying(1)), "CCC", "", "archive is damaged"),
    Case("size-too-small", "a gigabyte by its header", zipped(lying(2**30)), "CCC", "at most 16 MB", "at most 16 MB"),
    Case(
        "overlapping", "a hundred names for the same 15 MB", zipped(overlapping(100)), "", "", "at most 60 are graded"
    ),
    Case(
        "many",
        "twenty thousand members",
        zipped(archive(*((f"folder/{k}.txt", b"") for k in range(20_000)))),
        "",
        "",
        "holds too many files",
    ),
    Case(
        "nested",
        "a zip in a zip in a zip",
        zipped(archive(("a.zip", archive(("b.zip", archive((FILE, GOOD))))))),
        "",
        "",
        "no notebook",
        honest=4,
    ),
    Case("locked", "a password", zipped(locked()), "CCC", "protected by a password", "password", honest=4),
    Case(
        "cut",
        "half a download",
        zipped(archive((FILE, GOOD))[:-40]),
        "",
        "",
        "not a zip archive, or it was cut off",
        honest=4,
    ),
    Case("no-archive", "a text with the ending of an archive", zipped(b"hello" * 99), "", "", "not a zip archive"),
    Case("nothing", "an archive of nothing", zipped(archive()), "", "", "no notebook (.ipynb) was found"),
    Case(
        "comment",
        "an end of an archive inside its comment",
        zipped(archive((FILE, GOOD))[:-2] + struct.pack("<H", 22) + b"PK\5\6" + bytes(18)),
        "",
        "",
        "no notebook (.ipynb) was found",
        honest=4,
    ),
    Case("name-of-lines", "a member's name of two lines and markup", zipped(archive(("99_a\n<b>.ipynb", GOOD)))),
    Case("mac", "what a Mac adds", zipped(archive((FILE, GOOD), ("__MACOSX/._99_three.ipynb", b"\0\5")))),
]
