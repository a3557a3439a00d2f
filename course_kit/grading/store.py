"""What is graded, on disk as soon as it is graded: a kill loses nothing finished, and memory stays flat.

``OUT/.course-kit/graded`` has a line for each result: the submission's fingerprint, a blank, the record as JSON. Lines
are only added; a line that a kill cut off is dropped when the file is next opened.
"""

import fcntl
import json
import os
import weakref
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, replace
from pathlib import Path

from course_kit.grading.results import SubmissionResult, from_record

FOLDER = ".course-kit"
KEY = 64  # letters of a fingerprint


class InUse(Exception):
    """Another run writes into the same folder."""

    def __init__(self, out: Path):
        super().__init__(f"another run is writing into {out}: wait for it, or name another folder")


class Store:
    """The results of the runs into ``out``, by fingerprint. Use it as a context manager; one process at a time.

    ``seed`` is the one under which they were made, None if there are none; ``isolation`` says how they ran.
    """

    def __init__(self, out: Path):
        self._folder = Path(out) / FOLDER
        self._path = self._folder / "graded"
        self._folder.mkdir(parents=True, exist_ok=True)
        self._lock = os.open(self._folder / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(self._lock)
            raise InUse(out) from None
        self._lines: dict[str, tuple[int, int]] = {}  # key -> offset, length
        self.seed: int | None = None
        self.isolation = ""
        self._file = self._opened()

    def __enter__(self) -> "Store":
        return self

    def __exit__(self, *_) -> None:
        self._file.close()
        if self.seed is None:  # nothing was graded: leave nothing behind
            for path in (self._path, self._folder / "lock"):
                path.unlink()
            for folder in (self._folder, self._folder.parent):
                with suppress(OSError):
                    folder.rmdir()
        os.close(self._lock)

    def __contains__(self, key: str) -> bool:
        return key in self._lines

    def begin(self, seed: int, isolation: str) -> None:
        """What is added from now on was made so. Results of another seed or under another protection are forgotten."""
        if (seed, isolation) != (self.seed, self.isolation):
            self.seed, self.isolation = seed, isolation
            self.keep(())

    def add(self, key: str, result: SubmissionResult) -> None:
        """Keep a result. Once this returns it survives the end of this process; a failure of ours only this run."""
        key = _for_now(key) if result.machine else key
        line = f"{key} {json.dumps(asdict(result))}\n".encode()
        offset = self._file.seek(0, os.SEEK_END)
        self._file.write(line)
        self._file.flush()
        self._lines[key] = (offset, len(line))

    def keep(self, keys: Iterable[str]) -> None:
        """Forget all others: departed students, older versions. The file is the old one or the new one, never half."""
        part = self._path.with_name("graded.part")
        lines: dict[str, tuple[int, int]] = {}
        with _private(part) as file:
            file.write(self._header())
            for key in keys:
                if key in self._lines:
                    offset, length = self._lines[key]
                    self._file.seek(offset)
                    lines[key] = (file.tell(), length)
                    file.write(self._file.read(length))
            file.flush()
            os.fsync(file.fileno())
        os.replace(part, self._path)
        self._file.close()
        self._file, self._lines = open(self._path, "r+b"), lines  # noqa: SIM115, closed on exit

    def results(self, keys: Iterable[str], more: Mapping[str, dict]) -> "StoredResults":
        """Those of ``keys`` that are there, in that order; ``more`` has what else is known of some, field by field."""
        there = {key: self._lines[at] for key in keys for at in (key, _for_now(key)) if at in self._lines}
        return StoredResults(self._path, list(there.values()), [more.get(key, {}) for key in there])

    def _header(self) -> bytes:
        return json.dumps({"seed": self.seed, "isolation": self.isolation}).encode() + b"\n"

    def _opened(self):
        if not self._path.exists():
            with _private(self._path) as file:
                file.write(self._header())
        file = open(self._path, "r+b")  # noqa: SIM115, closed on exit
        try:
            header = json.loads(file.readline())
            self.seed, self.isolation = header["seed"], header["isolation"]
        except (ValueError, KeyError, TypeError):
            file.truncate(0)
            file.seek(0)
            file.write(self._header())
            file.flush()
            return file
        whole = file.tell()
        for line in file:
            if not line.endswith(b"\n"):
                break
            self._lines[line[:KEY].decode("ascii", "replace")] = (whole, len(line))
            whole += len(line)
        file.truncate(whole)
        return file


class StoredResults(Sequence):
    """Results that are read when they are looked at, one at a time. They stay readable when the store goes on."""

    def __init__(self, path: Path, places: list[tuple[int, int]], more: list[dict]):
        self._places, self._more = places, more
        self._file = open(path, "rb")  # noqa: SIM115, closed with this object
        weakref.finalize(self, self._file.close)

    def __len__(self) -> int:
        return len(self._places)

    def __getitem__(self, place):
        if isinstance(place, slice):
            return tuple(self[k] for k in range(*place.indices(len(self))))
        offset, length = self._places[place]
        line = os.pread(self._file.fileno(), length, offset)
        result = from_record(json.loads(line[KEY + 1 :]))
        more = self._more[place]
        return replace(result, **more | {"notes": (*result.notes, *more.get("notes", ()))}) if more else result

    def __iter__(self) -> Iterator[SubmissionResult]:
        return (self[place] for place in range(len(self)))


def _for_now(key: str) -> str:
    """The key of a result that no later run finds."""
    return "!" + key[1:]


def _private(path: Path):
    """A new file that its owner alone can read: it names the seed."""
    return os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600), "w+b")
