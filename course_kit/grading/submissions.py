"""Find what the students handed in, and read it without trusting a name, a size or a link.

Three layouts, also mixed in one folder: ``DIR/<student>/<notebook>.ipynb``, nbgrader's
``DIR/<student>/<assignment>/<notebook>.ipynb``, and ``DIR/<student>.zip``.
"""

import os
from dataclasses import dataclass
from pathlib import Path

from course_kit.grading import archives, files
from course_kit.grading.files import Unreadable, printable

# A notebook with forty figures in it has about 4 MB; parsing JSON takes up to twenty times the file's size in memory.
MAX_NOTEBOOK_BYTES = 16 * 2**20
MAX_NOTEBOOKS = 60
# What Jupyter, macOS and editors leave behind; nobody handed it in.
LEFT_BEHIND = {".ipynb_checkpoints", "__MACOSX", "__pycache__"}


class NoSubmissions(ValueError):
    """The folder cannot be graded; the text says what to give instead."""


@dataclass(frozen=True)
class Submission:
    """One notebook of one student, found but not yet read.

    Args:
        student: str, the folder's or archive's name, printable.
        notebook: str, the file's name without its ending; empty where nothing was found.
        path: str, relative to the folder that is graded, printable.
        file: Path to open.
        member: str, the name inside the archive, if ``file`` is one.
        problem: str, why nothing can be read; empty if all is well so far.
    """

    student: str
    notebook: str
    path: str
    file: Path
    member: str = ""
    problem: str = ""

    def read(self) -> bytes:
        """The file's content. Raises ``Unreadable``."""
        if self.problem:
            raise Unreadable(self.problem)
        if self.member:
            return archives.read_member(self.file, self.member, MAX_NOTEBOOK_BYTES)
        return files.read(self.file, MAX_NOTEBOOK_BYTES)


def find_submissions(folder: Path) -> list[Submission]:
    """Everything that was handed in, sorted by student and path; a student without a notebook has an entry too.

    Raises:
        NoSubmissions: if the folder is none, or holds no student.
    """
    folder = Path(folder)
    if not folder.is_dir():
        raise NoSubmissions(f"{folder} is not a folder: give the one that holds a folder or a zip for each student")
    found: list[Submission] = []
    loose: list[str] = []
    for entry in sorted(os.scandir(folder), key=lambda e: e.name):
        path = folder / entry.name
        stem, ending = path.stem, path.suffix.lower()
        if entry.name.startswith(".") or entry.name in LEFT_BEHIND:
            continue
        if entry.is_symlink():
            sentence = f"{printable(entry.name)} is a symbolic link, and links are not followed"
            found.append(_nothing(stem if ending == ".zip" else entry.name, path, folder, sentence))
        elif entry.is_dir():
            found += _in_folder(path, folder)
        elif ending == ".zip":
            found += _in_archive(path, folder)
        elif ending == ".ipynb":
            loose.append(entry.name)
    if loose and not found:
        raise NoSubmissions(
            f"{folder} holds notebooks ({printable(loose[0])}) and no student's folder: give the folder above it, "
            "or put each student's notebooks into a folder of their own"
        )
    if not found:
        raise NoSubmissions(f"{folder} holds no submission: neither a student's folder nor a zip")
    sentence = "a notebook outside a student's folder belongs to nobody: put it into one"
    found += [_nothing(Path(name).stem, folder / name, folder, sentence) for name in loose]
    return sorted(found, key=lambda s: (s.student, s.path))


def _in_folder(student: Path, root: Path) -> list[Submission]:
    """The notebooks of a student's folder and of the folders in it."""
    notebooks, others = [], []
    try:
        folders = [student, *(student / e.name for e in sorted(os.scandir(student), key=lambda e: e.name) if _inner(e))]
        for folder in folders:
            for entry in sorted(os.scandir(folder), key=lambda e: e.name):
                if entry.name.startswith(".") or entry.name in LEFT_BEHIND or _inner(entry):
                    continue
                (notebooks if entry.name.lower().endswith(".ipynb") else others).append(folder / entry.name)
    except OSError as error:
        return [_nothing(student.name, student, root, f"the folder cannot be read: {error.strerror}")]
    if not notebooks:
        listed = ", ".join(printable(p.name) for p in others[:3])
        instead = f"; it holds {listed}{' and more' if len(others) > 3 else ''}" if others else ": it is empty"
        return [_nothing(student.name, student, root, f"no notebook (.ipynb) was found in the folder{instead}")]
    if len(notebooks) > MAX_NOTEBOOKS:
        sentence = f"the folder holds {len(notebooks)} notebooks; at most {MAX_NOTEBOOKS} are graded"
        return [_nothing(student.name, student, root, sentence)]
    name = printable(student.name)
    return [Submission(name, printable(p.stem), printable(str(p.relative_to(root))), p) for p in notebooks]


def _inner(entry: os.DirEntry) -> bool:
    """Whether it is a folder to look into; a folder named like a notebook is none."""
    hidden = entry.name.startswith(".") or entry.name in LEFT_BEHIND or entry.name.lower().endswith(".ipynb")
    return entry.is_dir(follow_symlinks=False) and not hidden


def _in_archive(path: Path, root: Path) -> list[Submission]:
    student = printable(path.stem)
    try:
        members = archives.notebooks(path)
    except Unreadable as refusal:
        return [_nothing(path.stem, path, root, str(refusal))]
    if not members:
        return [_nothing(path.stem, path, root, "no notebook (.ipynb) was found in the archive")]
    if len(members) > MAX_NOTEBOOKS:
        sentence = f"the archive holds {len(members)} notebooks; at most {MAX_NOTEBOOKS} are graded"
        return [_nothing(path.stem, path, root, sentence)]
    return [
        Submission(student, printable(Path(m).stem), f"{printable(path.name)}/{printable(m)}", path, m) for m in members
    ]


def _nothing(student: str, path: Path, root: Path, problem: str) -> Submission:
    return Submission(printable(student), "", printable(str(path.relative_to(root))), path, problem=problem)
