"""From the files that a student handed in to the notebooks among them; somebody without one has an entry too."""

import io
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path, PurePosixPath

from course_kit.grading import archives
from course_kit.grading.files import Unreadable, printable

# A notebook with forty figures in it has about 4 MB; parsing JSON takes up to twenty times the file's size in memory.
MAX_NOTEBOOK_BYTES = 16 * 2**20
MAX_NOTEBOOKS = 60


@dataclass(frozen=True)
class Owner:
    """Who handed something in, as a learning platform knows them.

    Args:
        student: str, printable; the name in every table.
        platform: "moodle", "canvas", "gradescope" or "".
        id: str, the platform's number for the student, or "".
        name, email: str, as far as the platform says.
        when: float or None, when it was handed in, in seconds since 1970.
        late: bool, True when the platform says that this was too late.
    """

    student: str
    platform: str = ""
    id: str = ""
    name: str = ""
    email: str = ""
    when: float | None = None
    late: bool = False


@dataclass(frozen=True)
class Item:
    """A file among those that were handed in: ``name`` as the student knows it, ``path`` as the instructor does.

    ``read`` gives the content, at most so many bytes, or raises ``Unreadable``.
    """

    name: str
    path: str
    file: Path
    read: Callable[[int], bytes]
    modified: float = 0.0


@dataclass(frozen=True)
class Submission:
    """One notebook of one student, found but not yet read.

    Args:
        student: str, the folder's or archive's name, or the platform's, printable.
        notebook: str, the file's name without its ending; empty where nothing was found.
        path: str, relative to the folder that is graded, printable.
        file: Path on the disk: the notebook, or the archive that it is in.
        source: reads the content, at most so many bytes; None where there is nothing to read.
        problem: str, why nothing can be read; empty if all is well so far.
        modified: float, the file's own time, in seconds since 1970: it tells the later of two files.
        owner: Owner.
    """

    student: str
    notebook: str
    path: str
    file: Path
    source: Callable[[int], bytes] | None = None
    problem: str = ""
    modified: float = 0.0
    owner: Owner = field(default=Owner(""))

    @property
    def percent(self) -> bool:
        """Whether it is a Python file in the percent format."""
        return self.path.lower().endswith(".py")

    def read(self) -> bytes:
        """The file's content. Raises ``Unreadable``."""
        if self.problem or not self.source:
            raise Unreadable(self.problem)
        return self.source(MAX_NOTEBOOK_BYTES)


def of_owner(owner: Owner, items: Iterable[Item], path: str, file: Path, place: str = "folder") -> list[Submission]:
    """The notebooks among a student's files, and those in their zips; ``place`` says what the files were found in."""
    found, others = [], []
    for item in items:
        if archives.is_notebook(item.name):
            stem = PurePosixPath(item.name).name.rpartition(".")[0]
            found.append(
                Submission(owner.student, printable(stem), item.path, item.file, item.read, "", item.modified, owner)
            )
        elif item.name.lower().endswith(".zip"):
            found += in_archive(owner, item)
        else:
            others.append(item.name)
    found = [s for s in found if not (s.percent and _twin(s, found))]
    if not found:
        listed = ", ".join(printable(PurePosixPath(name).name) for name in others[:3])
        instead = f"; it holds {listed}{' and more' if len(others) > 3 else ''}" if others else ": it is empty"
        return [nothing(owner, file, path, f"no notebook (.ipynb) was found in the {place}{instead}")]
    if len(found) > MAX_NOTEBOOKS:
        sentence = f"the {place} holds {len(found)} notebooks; at most {MAX_NOTEBOOKS} are graded"
        return [nothing(owner, file, path, sentence)]
    return found


def in_archive(owner: Owner, item: Item) -> list[Submission]:
    """The notebooks in a student's own zip."""
    try:
        file = io.BytesIO(item.read(archives.MAX_ARCHIVE_BYTES))
        members = archives.notebooks(file)
        if not members:
            raise Unreadable("no notebook (.ipynb) was found in the archive")
        if len(members) > MAX_NOTEBOOKS:
            raise Unreadable(f"the archive holds {len(members)} notebooks; at most {MAX_NOTEBOOKS} are graded")
        times = [archives.member_time(file, member) for member in members]
    except Unreadable as refusal:
        return [nothing(owner, item.file, item.path, str(refusal))]
    found = []
    for member, modified in zip(members, times, strict=True):
        name = PurePosixPath(member.replace("\\", "/")).name
        path = f"{item.path}/{printable(member)}"
        read = partial(_from_zip, item, member)
        stem = printable(name.rpartition(".")[0])
        found.append(Submission(owner.student, stem, path, item.file, read, "", modified, owner))
    return [s for s in found if not (s.percent and _twin(s, found))]


def nothing(owner: Owner, file: Path, path: str, problem: str) -> Submission:
    """The entry of somebody of whom nothing can be graded."""
    return Submission(owner.student, "", printable(path), file, problem=problem, owner=owner)


def _from_zip(item: Item, member: str, limit: int) -> bytes:
    return archives.read_member(io.BytesIO(item.read(archives.MAX_ARCHIVE_BYTES)), member, limit)


def _twin(script: Submission, found: list[Submission]) -> bool:
    """Whether a script lies beside the notebook that it is paired with: Jupytext keeps both the same."""
    stem = script.path[: -len(".py")]
    return any(not s.percent and s.path[: -len(".ipynb")] == stem for s in found)
