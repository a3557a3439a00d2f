"""Write a run's figures: ``gradebook.csv`` and ``summary.csv`` for people, ``results.json`` for programs."""

import csv
import io
import json
import math
import os
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path

from course_kit.checking import Outcome, State
from course_kit.grading.at_a_glance import best_outcomes, by_student, exercises_of
from course_kit.grading.files import printable
from course_kit.grading.results import ClassResult, SubmissionResult

GRADEBOOK = ("student", "notebook", "exercise", "state", "points", "max", "seconds", "message")
# What a spreadsheet takes for the start of a formula, or strips to find one (OWASP, "CSV injection").
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def write_gradebook(result: ClassResult, out: Path) -> Path:
    """Write the three files into ``out``. Returns the path of ``gradebook.csv``.

    Each file is put in place when it is whole, so that a reader, or a kill, never meets half of one.
    """
    out = Path(out)
    out.mkdir(parents=True, exist_ok=True)
    _put(out / "gradebook.csv", _csv([GRADEBOOK, *(row for s in result.submissions for row in _rows(s))]))
    _put(out / "summary.csv", _csv(_summary(result)))
    _put(out / "results.json", json.dumps(_plain(asdict(result)), indent=1, allow_nan=False) + "\n")
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
    """A line a student: the better of two answers to one exercise counts; an empty field means no file."""
    asked: dict[str, Outcome] = exercises_of(result)
    yield ("student", "points", "max", "notes", *asked)
    for student, submissions in by_student(result).items():
        best = best_outcomes(submissions)
        yield (
            student,
            sum(o.points for o in best.values()),
            sum(o.max_points for o in asked.values()),
            sum(len(s.notes) for s in submissions),
            *(best[id].points if id in best else "" for id in asked),
        )


def _csv(rows: Iterable[tuple]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([safe(field) for field in row] for row in rows)
    return text.getvalue()


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


def _put(path: Path, text: str) -> None:
    part = path.with_name(path.name + ".part")
    with part.open("w", encoding="utf-8", newline="\n") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    os.replace(part, path)
