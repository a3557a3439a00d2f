"""Find what was handed in, and read it without trusting a name, a size or a link.

What may be given, and what may lie side by side in one folder:

* ``DIR/<student>/<notebook>.ipynb``, nbgrader's ``DIR/<student>/<assignment>/<notebook>.ipynb``, ``DIR/<student>.zip``;
* the download of a whole class from Moodle, Canvas or Gradescope, as the zip that it is or unpacked.
"""

import os
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path, PurePosixPath

from course_kit.grading import downloads, files
from course_kit.grading.archives import ClassArchive, is_notebook, leads_out
from course_kit.grading.files import Unreadable, printable
from course_kit.grading.handed_in import Item, Owner, Submission, in_archive, nothing, of_owner

__all__ = ["NoSubmissions", "Submission", "find_submissions"]

# What Jupyter, macOS and editors leave behind; nobody handed it in.
LEFT_BEHIND = {".ipynb_checkpoints", "__MACOSX", "__pycache__"}
MAX_FILES = 5000  # of one student
DEPTH = 3  # folders in a student's folder


class NoSubmissions(ValueError):
    """The folder cannot be graded; the text says what to give instead."""


def find_submissions(folder: Path) -> list[Submission]:
    """Everything that was handed in, sorted by student and path; a student without a notebook has an entry too.

    Raises:
        NoSubmissions: if the folder is none, or holds no student.
    """
    folder = Path(folder)
    try:
        if folder.is_file():
            found = _in_class_archive(folder)
        elif folder.is_dir():
            found = _in_class_folder(folder)
        else:
            raise NoSubmissions(f"{folder} is not a folder: give the one that holds a folder or a zip for each student")
    except Unreadable as error:
        raise NoSubmissions(f"{folder}: {error}") from None
    return sorted(found, key=lambda s: (s.student, s.path))


def _in_class_folder(folder: Path) -> list[Submission]:
    entries = sorted(os.scandir(folder), key=lambda e: e.name)
    if any(e.name == downloads.METADATA and not e.is_dir() for e in entries):
        return _gradescope_folder(folder)
    found: list[Submission] = []
    loose: list[str] = []
    uploads = _Uploads()
    for entry in entries:
        path = folder / entry.name
        stem, ending = path.stem, path.suffix.lower()
        if entry.name in LEFT_BEHIND:
            continue
        if entry.name.startswith("."):
            # A tool's own folder (.git) has no notebooks; one that has is somebody's, and nobody goes without a row.
            if entry.is_dir(follow_symlinks=False):
                found += [s for s in _in_folder(Owner(printable(entry.name)), path, folder) if s.notebook]
            continue
        if entry.is_symlink():
            sentence = f"{printable(entry.name)} is a symbolic link, and links are not followed"
            owner = Owner(printable(stem if ending == ".zip" else entry.name))
            found.append(nothing(owner, path, entry.name, sentence))
        elif entry.is_dir():
            if known := downloads.moodle_owner(entry.name):
                uploads.add_folder(known[0], path, folder)
            else:
                found += _in_folder(Owner(printable(entry.name)), path, folder)
        elif uploads.take(entry.name, _item(path, folder)):
            pass
        elif ending == ".zip":
            found += in_archive(Owner(printable(stem)), _item(path, folder))
        elif ending == ".ipynb":
            loose.append(entry.name)
    found += uploads.submissions(folder)
    if loose and not found:
        raise NoSubmissions(
            f"{folder} holds notebooks ({printable(loose[0])}) and no student's folder: give the folder above it, "
            "or put each student's notebooks into a folder of their own"
        )
    if not found:
        raise NoSubmissions(f"{folder} holds no submission: neither a student's folder nor a zip")
    sentence = "a notebook outside a student's folder belongs to nobody: put it into one"
    return found + [nothing(Owner(printable(Path(n).stem)), folder / n, n, sentence) for n in loose]


def _in_class_archive(path: Path) -> list[Submission]:
    """A platform's zip. Its names are only compared, and never become a place on the disk."""
    members = ClassArchive(path).members
    items = {name: Item(name, printable(name), path, read, modified) for name, (read, modified) in members.items()}
    lists = [name for name in items if PurePosixPath(name).name == downloads.METADATA and name.count("/") < 2]
    if lists:
        shortest = min(lists, key=len)
        root = shortest[: -len(downloads.METADATA)]
        owners = downloads.gradescope_owners(items[shortest].read(downloads.MAX_METADATA_BYTES))
        return _gradescope(owners, lambda name: _below(items, f"{root}{name}/"), path)
    uploads, folders = _Uploads(), {}
    for name, item in items.items():
        first, _, rest = name.partition("/")
        if leads_out(name):
            owner = Owner(printable(first))
            uploads.refused.append(nothing(owner, path, name, f"{printable(name)} leads out of the archive: not read"))
        elif _hidden(name) or uploads.take(first, item, rest):
            continue
        elif rest:
            folders.setdefault(first, []).append(item)
        elif name.lower().endswith(".zip"):
            uploads.refused += in_archive(Owner(printable(Path(name).stem)), item)
    found = uploads.submissions(path)
    for student, own in folders.items():
        found += of_owner(Owner(printable(student)), own, student, path)
    if not found:
        raise NoSubmissions(f"{path} holds no submission: neither a student's folder nor a zip")
    return found


class _Uploads:
    """Files whose names say whose they are, gathered by student."""

    def __init__(self):
        self._items: dict[Owner, list[Item]] = {}
        self.refused: list[Submission] = []

    def take(self, name: str, item: Item, rest: str = "") -> bool:
        """Whether ``name``, a file or the folder around ``rest``, is one that a platform made."""
        if known := downloads.moodle_owner(name):
            owner, own_name = known
            self._items.setdefault(owner, []).append(_renamed(item, rest or own_name, item.modified))
            return True
        if not rest and (known := downloads.canvas_owner(name)):
            owner, own_name, number = known
            self._items.setdefault(owner, []).append(_renamed(item, own_name, number))
            return True
        return False

    def add_folder(self, owner: Owner, path: Path, root: Path) -> None:
        try:
            self._items.setdefault(owner, []).extend(_files_in(path, root))
        except Unreadable as refusal:
            self.refused.append(nothing(owner, path, str(path.relative_to(root)), str(refusal)))

    def submissions(self, file: Path) -> list[Submission]:
        found = list(self.refused)
        for owner, items in self._items.items():
            found += of_owner(owner, items, owner.student, file)
        return found


def _gradescope_folder(folder: Path) -> list[Submission]:
    owners = downloads.gradescope_owners(files.read(folder / downloads.METADATA, downloads.MAX_METADATA_BYTES))
    return _gradescope(owners, lambda name: _files_in(folder / name, folder) if name == Path(name).name else (), folder)


def _gradescope(owners: dict[str, list[Owner]], items_of: Callable[[str], Iterable[Item]], file: Path):
    """A folder may be the work of a group: then each of them has its points."""
    found = []
    for name, people in owners.items():
        for owner in people:
            try:
                found += of_owner(owner, items_of(name), name, file)
            except Unreadable as refusal:
                found.append(nothing(owner, file, name, str(refusal)))
    if not found:
        raise NoSubmissions(f"{file} holds no submission: {downloads.METADATA} names nobody")
    return found


def _below(items: dict[str, Item], root: str) -> list[Item]:
    return [item for name, item in items.items() if name.startswith(root) and not _hidden(name) and not leads_out(name)]


def _hidden(name: str) -> bool:
    return any(part.startswith(".") or part in LEFT_BEHIND for part in PurePosixPath(name).parts)


def _in_folder(owner: Owner, path: Path, root: Path) -> list[Submission]:
    try:
        return of_owner(owner, _files_in(path, root), str(path.relative_to(root)), path)
    except Unreadable as refusal:
        return [nothing(owner, path, str(path.relative_to(root)), str(refusal))]


def _files_in(path: Path, root: Path, depth: int = DEPTH) -> list[Item]:
    """The files of a student's folder and of the folders in it. A folder named like a notebook is a bad file."""
    found = []
    if path.is_symlink():
        raise Unreadable(f"{printable(path.name)} is a symbolic link, and links are not followed")
    try:
        entries = sorted(os.scandir(path), key=lambda e: e.name)
    except OSError as error:
        raise Unreadable(f"the folder cannot be read: {error.strerror}") from None
    for entry in entries:
        if entry.name.startswith(".") or entry.name in LEFT_BEHIND:
            continue
        if entry.is_dir(follow_symlinks=False) and not is_notebook(entry.name):
            found += _files_in(path / entry.name, root, depth - 1) if depth else []
        else:
            found.append(_item(path / entry.name, root))
        if len(found) > MAX_FILES:
            raise Unreadable(f"the folder holds more than {MAX_FILES} files: hand in the notebooks alone")
    return found


def _item(path: Path, root: Path) -> Item:
    try:
        modified = os.lstat(path).st_mtime
    except OSError:
        modified = 0.0
    return Item(path.name, printable(str(path.relative_to(root))), path, partial(files.read, path), modified)


def _renamed(item: Item, name: str, modified: float) -> Item:
    return Item(name, item.path, item.file, item.read, modified)
