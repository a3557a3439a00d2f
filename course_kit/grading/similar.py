"""``course-kit similar DIR``: pairs of submissions that share what hardly anybody else in the class wrote.

A piece that half of the class has says nothing; one that two have and nobody else is worth a look. What the exercise
gave, and what its published solution has, is taken out. The list is where to look, never a verdict.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

from course_kit.authoring.source import ROOT, edition, sources, text
from course_kit.checking import notebook_exercises
from course_kit.grading.files import Unreadable
from course_kit.grading.gradebook import csv_lines, put
from course_kit.grading.notebooks import NotANotebook, Notebook, defining_cells, read_notebook, which_notebook
from course_kit.grading.pieces import Piece, every, pieces
from course_kit.grading.report import one_line
from course_kit.grading.submissions import NoSubmissions, Submission, find_submissions
from course_kit.grading.watch import say

MOST_OWNERS = 12  # a piece that more share makes no pair; it may still add to one
LEAST = 12.0  # bits below which a pair is not listed
COLUMNS = ("bits", "notebook", "first", "second", "share", "pieces", "rarest shared line", "exercises", "paths")
SENTENCE = "Where to look, and no verdict: people who learn together write alike, and so do those who read one book."


@dataclass(frozen=True)
class Work:
    """What one submission has of its own, by exercise."""

    student: str
    path: str
    notebook: str
    exercises: dict[str, tuple[Piece, ...]]

    @property
    def keys(self) -> set[str]:
        return {piece.key for found in self.exercises.values() for piece in every(found)}

    @property
    def size(self) -> int:
        return sum(len(found) for found in self.exercises.values())


@dataclass(frozen=True)
class Pair:
    """Two submissions for one notebook.

    Args:
        bits: float, how unlikely it is that both have the shared pieces, were each picked on its own: a piece that
            one in eight of the others has counts three, and what more than half have nothing.
        shared: tuple of Piece, rarest first, none inside another.
        share: float, the part of the smaller one's pieces that is shared, 0 to 1.
        exercises: ids of the exercises with shared pieces.
    """

    first: Work
    second: Work
    bits: float
    shared: tuple[Piece, ...]
    share: float
    exercises: tuple[str, ...]


def similar(folder: Path, starter: Path | None = None) -> list[Pair]:
    """The pairs in ``folder``, the most unlikely first. ``starter`` has the notebooks that were handed out, where they
    are not the kit's own. Raises ``NoSubmissions``."""
    read = [found for submission in find_submissions(folder) if (found := _read(submission))]
    numbers = {number for _, number, _ in read}
    given = _given(starter, numbers)
    works: dict[str, list[Work]] = defaultdict(list)
    for submission, number, notebook in read:
        own = _own(notebook, number, given.get(number, set()))
        works[number].append(Work(submission.student, submission.path, number, own))
    solved = _editions(numbers, solved=True)
    found = [pair for number, those in works.items() for pair in _pairs(those, solved.get(number, set()))]
    return sorted(found, key=lambda pair: (-pair.bits, pair.first.path, pair.second.path))


def run(folder: Path, console: Console, out: Path | None = None, starter: Path | None = None, top: int = 20) -> int:
    """Print the first ``top`` pairs, write all of them to ``out``. Returns the exit code."""
    try:
        found = similar(folder, starter)
        if out:
            put(out, csv_lines([COLUMNS], (_row(pair) for pair in found)))
    except NoSubmissions as error:
        say(console, str(error))
        return 2
    except OSError as error:
        say(console, f"{error.filename} cannot be read or written: {error.strerror}")
        return 2
    if not found:
        say(console, "no two submissions share anything that is rare in this class")
        return 0
    shown = Table(caption=SENTENCE, caption_justify="left")
    for name in COLUMNS[:7]:
        shown.add_column(name, justify="right" if name in ("bits", "share", "pieces") else "left")
    for pair in found[:top]:
        bits, number, first, second, share, count, line = _row(pair)[:7]
        names = (Text(one_line(name, 32)) for name in (first, second))
        shown.add_row(f"{bits:.0f}", number, *names, f"{100 * share:.0f} %", f"{count:g}", Text(one_line(line, 60)))
    console.print(shown)
    if len(found) > top:
        say(console, f"and {len(found) - top} pairs more{f' in {out}' if out else ': --out FILE writes them all'}")
    return 0


def _row(pair: Pair) -> tuple:
    return (
        round(pair.bits, 1),
        pair.first.notebook,
        pair.first.student,
        pair.second.student,
        round(pair.share, 3),
        len(pair.shared),
        pair.shared[0].line,
        " ".join(pair.exercises),
        f"{pair.first.path} | {pair.second.path}",
    )


def _pairs(works: list[Work], solved: set[str]) -> Iterable[Pair]:
    """Pairs of different students' different files that share a piece that few have."""
    owners: dict[str, list[int]] = defaultdict(list)
    for place, work in enumerate(works):
        for key in work.keys - solved:
            owners[key].append(place)
    people = len({work.student for work in works})
    bits = {}
    for key, own in owners.items():
        having = len({works[place].student for place in own})
        if having > 1 and (rare := -math.log2((having - 1) / (people + 1))) >= 1:
            bits[key] = rare
    least = min(LEAST, 3 * math.log2(people + 1))  # in a class of four nothing is as rare as in one of a hundred
    near = Counter(pair for key in bits if len(owners[key]) <= MOST_OWNERS for pair in combinations(owners[key], 2))
    for a, b in near:
        first, second = works[a], works[b]
        if first.student == second.student or first.path == second.path:
            continue
        theirs = second.keys
        shared = {id: _shared(found, theirs, bits) for id, found in first.exercises.items()}
        all_shared = {piece.key: piece for found in shared.values() for piece in found}
        total = sum(bits[key] for key in all_shared)
        if total >= least:
            rarest = tuple(sorted(all_shared.values(), key=lambda piece: -bits[piece.key]))
            share = min(1.0, len(all_shared) / max(1, min(first.size, second.size)))
            yield Pair(first, second, total, rarest, share, tuple(id for id, found in shared.items() if found))


def _shared(found: Iterable[Piece], theirs: set[str], bits: dict[str, float]) -> list[Piece]:
    """The largest pieces that the other has too, and nothing of what is inside them again."""
    shared = []
    for piece in found:
        if piece.key in theirs and piece.key in bits:
            shared.append(piece)
        else:
            shared += _shared(piece.inner, theirs, bits)
    return shared


def _read(submission: Submission) -> tuple[Submission, str, Notebook] | None:
    try:
        notebook = read_notebook(submission.read(), submission.percent)
    except (Unreadable, NotANotebook):
        return None
    number, _ = which_notebook(submission.notebook, notebook)
    return (submission, number, notebook) if number else None


def _own(notebook: Notebook, number: str, given: set[str]) -> dict[str, tuple[Piece, ...]]:
    """The pieces of the cells that answer each exercise; a cell that answers two is told of the first."""
    found, seen = {}, set()
    for exercise in notebook_exercises(number):
        cells = {cells[-1] for name in exercise.names if (cells := defining_cells(name, notebook.cells))}
        own: list[Piece] = []
        for cell in sorted(cells - seen, key=lambda cell: cell.number):
            own += [piece for piece in _pieces(cell) if piece.key not in given]
        seen |= cells
        if own:
            found[exercise.id] = tuple(own)
    return found


def _pieces(cell) -> tuple[Piece, ...]:
    try:
        return pieces(cell.tree) if cell.tree else ()
    except RecursionError:
        return ()  # an expression nested a thousand deep is nobody's handwriting


def _given(starter: Path | None, numbers: set[str]) -> dict[str, set[str]]:
    """The keys of everything that was handed out, by notebook."""
    if starter is None:
        return _editions(numbers, solved=False)
    return _keys((path.stem, path.read_bytes()) for path in sorted(starter.rglob("*.ipynb")))


def _editions(numbers: set[str], solved: bool) -> dict[str, set[str]]:
    """The same of the kit's own notebooks, with or without their solutions."""
    known = sources() if (ROOT / "notebooks" / "src").is_dir() else []
    return _keys((s.stem, text(edition(s, solved=solved)).encode()) for s in known if s.stem[:2] in numbers)


def _keys(notebooks: Iterable[tuple[str, bytes]]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for stem, content in notebooks:
        notebook = read_notebook(content)
        number, _ = which_notebook(stem, notebook)
        if number:
            found[number] |= {piece.key for cell in notebook.cells for piece in every(_pieces(cell))}
    return found
