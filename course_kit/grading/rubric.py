"""``course-kit rubric DIR --out scores.csv``: a form for the texts that a person reads, and a page to read them on.

The form has a row for each student and text, with three criteria to fill in; `course-kit grade --manual` takes it as it
stands, filled in or not. Nothing that was handed in is run: a text is read from the cell that holds it.
"""

import ast
import csv
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console

from course_kit.checking import Exercise, notebook_exercises
from course_kit.grading import files
from course_kit.grading.files import Unreadable, printable
from course_kit.grading.gradebook import csv_lines, put, safe
from course_kit.grading.latest import order
from course_kit.grading.marks import CRITERIA, FORM, MAX_TABLE_BYTES
from course_kit.grading.notebooks import CodeCell, NotANotebook, defining_cells, read_notebook, which_notebook
from course_kit.grading.report import write_page
from course_kit.grading.submissions import NoSubmissions, Submission, find_submissions
from course_kit.grading.watch import say

COLUMNS = ("student", "exercise", *CRITERIA, "comment", FORM)
DIGITS = 8


class RubricError(ValueError):
    """The form cannot be made; the text says what to do."""


@dataclass(frozen=True)
class Text:
    """What a student wrote for one exercise.

    Args:
        student: str.
        exercise: Exercise.
        parts: pairs of a heading, which may be empty, and a text; none where nothing was written.
        note: str, what a reader must know: that this is the cell's own text, for instance.
    """

    student: str
    exercise: Exercise
    parts: tuple[tuple[str, str], ...]
    note: str = ""

    @property
    def digest(self) -> str:
        """A short name of these words: others have another."""
        return hashlib.sha256(repr(self.parts).encode("utf-8", "surrogatepass")).hexdigest()[:DIGITS]


def texts(folder: Path) -> list[Text]:
    """The texts of a class, by exercise and student; of two files for one notebook those of the last.

    Raises:
        NoSubmissions: if the folder is none, or holds no student.
    """
    found: dict[tuple[str, str], Text] = {}
    for submission in sorted(find_submissions(folder), key=order):
        for text in _of(submission):
            found[text.exercise.id, text.student] = text
    return [found[key] for key in sorted(found)]


def _of(submission: Submission) -> Iterable[Text]:
    try:
        notebook = read_notebook(submission.read(), submission.percent)
    except (Unreadable, NotANotebook):
        return  # its row in the gradebook says why
    number, _ = which_notebook(submission.notebook, notebook)
    for exercise in notebook_exercises(number) if number else ():
        if exercise.by_hand:
            parts, note = written(exercise.prose, notebook.cells)
            yield Text(submission.student, exercise, parts, note)


def written(name: str, cells: Iterable[CodeCell]) -> tuple[tuple[tuple[str, str], ...], str]:
    """The text that cells give to ``name``, as headings with texts, and a note; nothing is run.

    >>> written("a", [CodeCell(1, "a = {'task': 'Tell ' 'jets apart.'}")])
    ((('task', 'Tell jets apart.'),), '')
    """
    found = defining_cells(name, cells)
    if not found:
        return (), ""
    try:
        value = ast.literal_eval(_assigned(name, found[-1]))
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return (("", found[-1].source),), "this is the cell itself: its text is computed, or cannot be read as Python"
    if value is None or value == "":
        return (), ""
    if isinstance(value, dict):
        return tuple((str(key), str(part)) for key, part in value.items()), ""
    return (("", str(value)),), ""


def _assigned(name: str, cell: CodeCell) -> ast.expr:
    """What the last plain assignment to ``name`` in a cell assigns."""
    values = [
        statement.value
        for statement in (cell.tree.body if cell.tree else ())
        if isinstance(statement, ast.Assign)
        and any(isinstance(target, ast.Name) and target.id == name for target in statement.targets)
    ]
    if not values:
        raise ValueError
    return values[-1]


def run(folder: Path, out: Path, console: Console) -> int:
    """Write the form and the page. Returns the exit code: 2 where nothing can be written."""
    out = Path(out)
    try:
        earlier = read_form(out) if out.exists() else {}
        found = texts(folder)
    except (RubricError, NoSubmissions) as error:
        say(console, str(error))
        return 2
    if not found:
        say(console, f"{folder} holds no notebook with a text that a person reads: that is notebook 22")
        return 2
    form = [text for text in found if text.parts]
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        put(out, csv_lines([COLUMNS], rows(form, earlier)))
        page = out.with_suffix(".html")
        write_page(page, "rubric.html", by_exercise=_by_exercise(found), criteria=CRITERIA, form=out.name)
    except OSError as error:
        say(console, f"{error.filename or out} cannot be written: {error.strerror}")
        return 2
    for text in form:
        row = earlier.get(_key(text))
        if row and marked(row) and row[FORM] not in ("", text.digest):
            changed = f"{text.student}'s text for {text.exercise.id} has changed since it was marked"
            say(console, f"{changed}: read it again, then empty the field {FORM} of that row")
    open_rows = sum(not marked(earlier.get(_key(text), {})) for text in form)
    say(console, f"read      {page}")
    say(console, f"fill in   {out}: {len(form)} texts, {open_rows} of them not marked yet")
    say(console, f"count in  course-kit grade {folder} --out GRADES --resume --manual {out}")
    return 0


def rows(form: Iterable[Text], earlier: dict[tuple[str, str], dict]) -> Iterable[tuple]:
    """The lines of the form; what was filled in stays, also of students whose text is no longer there."""
    left = dict(earlier)
    for text in form:
        row = left.pop(_key(text), None) or {}
        read = row.get(FORM) if marked(row) and row.get(FORM) else text.digest
        yield text.student, text.exercise.id, *(row.get(name, "") for name in (*CRITERIA, "comment")), read
    for row in left.values():
        if marked(row):
            yield tuple(row.get(name, "") for name in COLUMNS)


def marked(row: dict) -> bool:
    """Whether somebody filled in a row of the form."""
    return any(row.get(name, "").strip() for name in (*CRITERIA, "comment"))


def read_form(path: Path) -> dict[tuple[str, str], dict]:
    """The rows of a form that was made before, by student and exercise as they stand there. Raises ``RubricError``."""
    try:
        text = files.read(path, MAX_TABLE_BYTES).decode("utf-8-sig")
    except (Unreadable, UnicodeDecodeError) as error:
        raise RubricError(f"{path} cannot be used: {error}") from None
    first = text.partition("\n")[0]
    table = csv.DictReader(text.splitlines(), delimiter=max(",;\t", key=first.count))
    table.fieldnames = [(name or "").strip().lower() for name in table.fieldnames or ()]
    if not set(COLUMNS) <= set(table.fieldnames):
        raise RubricError(f"{path} is there and is no form of this command: name a new file")
    found = [{name: (row.get(name) or "").strip() for name in COLUMNS} for row in table]
    return {(row["student"], row["exercise"]): row for row in found}


def _key(text: Text) -> tuple[str, str]:
    return safe(text.student), text.exercise.id


def _by_exercise(found: list[Text]) -> list[tuple[Exercise, list[Text], list[str]]]:
    """Each exercise with the texts to read, and the students who wrote none."""
    exercises = {text.exercise.id: text.exercise for text in found}
    return [
        (
            exercise,
            [text for text in found if text.exercise.id == id and text.parts],
            [printable(text.student) for text in found if text.exercise.id == id and not text.parts],
        )
        for id, exercise in exercises.items()
    ]
