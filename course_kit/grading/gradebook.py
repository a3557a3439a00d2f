"""Write a run's figures: ``gradebook.csv`` and ``summary.csv`` for people, ``results.json`` for programs."""

import csv
import io
import json
import math
import os
from collections.abc import Iterable, Iterator
from dataclasses import asdict, fields
from itertools import chain
from pathlib import Path

from course_kit.checking import Outcome, State
from course_kit.grading.at_a_glance import by_student, exercises_of
from course_kit.grading.class_result import ClassResult
from course_kit.grading.files import FORMULA, printable
from course_kit.grading.results import SubmissionResult

GRADEBOOK = ("student", "notebook", "exercise", "state", "points", "max", "seconds", "message")


def write_gradebook(result: ClassResult, out: Path) -> Path:
    """Write the three files into ``out``. Returns the path of ``gradebook.csv``.

    Each file is put in place when it is whole, so that a reader, or a kill, never meets half of one.
    """
    out = Path(out)
    out.mkdir(parents=True, exist_ok=True)
    put(out / "gradebook.csv", csv_lines([GRADEBOOK], (row for s in result.submissions for row in _rows(s))))
    put(out / "summary.csv", csv_lines(_summary(result)))
    put(out / "results.json", _json(result))
    return out / "gradebook.csv"


def _rows(submission: SubmissionResult) -> Iterable[tuple]:
    """A row for every exercise; one row, too, for a submission of which no exercise is known."""
    about = (submission.student, submission.notebook)
    for o in submission.outcomes:
        message = "; ".join(o.message.lines()) if o.message and o.state is not State.RIGHT else ""
        yield (*about, o.exercise, str(o.state), o.points, o.max_points, f"{o.seconds:.3f}", message)
    if not submission.outcomes:
        yield (*about, "", str(State.COULD_NOT_RUN), 0, 0, f"{submission.seconds:.3f}", "; ".join(submission.notes))


def _summary(result: ClassResult) -> Iterable[tuple]:
    """A line a student: points are those of the judge, and what people and the clock added; an empty field means
    that there is no file."""
    asked: dict[str, Outcome] = exercises_of(result)
    yield ("student", "points", "max", "notes", "judged", "manual", "late_days", "deducted", *asked)
    for student, submissions in by_student(result):
        final = result.final(submissions)
        yield (
            student,
            final.points,
            sum(o.max_points for o in asked.values()),
            sum(len(s.notes) for s in submissions),
            final.judged,
            final.manual,
            final.late_days,
            final.deducted,
            *(final.exercises.get(id, "") for id in asked),
        )


def csv_lines(*tables: Iterable[tuple]) -> Iterator[str]:
    """Rows as the lines of a CSV file, one at a time."""
    for row in chain(*tables):
        text = io.StringIO()
        csv.writer(text, lineterminator="\n").writerow([safe(field) for field in row])
        yield text.getvalue()


def _json(result: ClassResult) -> Iterator[str]:
    """The run's own facts, then a line for each submission."""
    about = {f.name: getattr(result, f.name) for f in fields(result) if f.name not in ("submissions", "marks")}
    yield json.dumps(_plain(about))[:-1] + ', "submissions": [\n'
    for place, submission in enumerate(result.submissions):
        yield (",\n" if place else "") + json.dumps(_plain(asdict(submission)), allow_nan=False)
    yield "\n]}\n"


def safe(field) -> str:
    """A field on one line that no spreadsheet takes for a formula.

    >>> safe("=1+1"), safe("two\\nlines"), safe(0.5)
    ("'=1+1", 'two lines', '0.5')
    """
    if not isinstance(field, str):
        return f"{field:g}"
    line = printable(" ".join(field.split()))
    return f"'{line}" if line.startswith(FORMULA) else line


def _plain(value):
    """JSON knows no infinity and no NaN, and a difference may be one."""
    if isinstance(value, dict):
        return {str(k): _plain(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(v) for v in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def put(path: Path, text: Iterable[str], at_once: bool = True) -> None:
    """Write a file beside ``path``, then put it there: a reader never meets half of one. ``at_once`` waits for the
    disk, so that a power cut does not either; for a file a student that is too much."""
    part = path.with_name(path.name + ".part")
    with part.open("w", encoding="utf-8", newline="\n") as file:
        file.writelines(text)
        if at_once:
            file.flush()
            os.fsync(file.fileno())
    os.replace(part, path)
