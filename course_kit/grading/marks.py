"""What people and the clock add to the judge's points: marks from a table, and a deduction for each day late."""

import csv
import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from course_kit.checking import Outcome, find
from course_kit.checking.registry import UnknownExercise
from course_kit.grading import files
from course_kit.grading.files import FORMULA, Unreadable
from course_kit.grading.results import SubmissionResult, counted

# The three criteria by which a text is read, and what each is worth of it.
CRITERIA = {"correctness": 0.5, "numbers": 0.25, "clarity": 0.25}
COLUMNS = ("student", "exercise", "points", "late_days", *CRITERIA, "comment")
FORM = "text"  # a column of `course-kit rubric`, which text was read; nothing is counted by it
MAX_TABLE_BYTES = 16 * 2**20
DAY = 86400.0


class MarksError(ValueError):
    """The marks cannot be used; the text says which line, and what is due."""


@dataclass(frozen=True)
class Row:
    """A line of the table. ``about`` is an exercise ("E08.3"), a notebook ("08") or "" for the student's total.

    ``share`` is what a reader gave for the exercise's words, 0 to 1, by the rubric; ``read`` says it in words.
    """

    student: str
    about: str
    points: float | None
    late_days: float | None
    comment: str
    line: int
    share: float | None = None
    read: str = ""


@dataclass(frozen=True)
class Policy:
    """What a day costs: ``percent`` of a notebook's points for each begun day after it was due, at most ``most``.

    ``due`` maps a notebook's number, or "" for all others, to seconds since 1970.
    """

    due: Mapping[str, float] = field(default_factory=dict)
    percent: float = 0.0
    most: float = 100.0


@dataclass(frozen=True)
class Final:
    """A student's points when all is counted.

    Args:
        points: float, what the student gets.
        judged: float, the judge's part of it.
        manual: float, what people added or took.
        deducted: float, what lateness cost.
        late_days: float, begun days late, all notebooks together.
        exercises: dict, points of each exercise before the deduction.
        remarks: sentences for the student, on what was added and taken.
    """

    points: float
    judged: float
    manual: float = 0.0
    deducted: float = 0.0
    late_days: float = 0.0
    exercises: Mapping[str, float] = field(default_factory=dict)
    remarks: tuple[str, ...] = ()


class Marks:
    """The rows of the table and the policy; ``final`` puts them to one student's outcomes."""

    def __init__(self, rows: Iterable[Row] = (), policy: Policy = Policy()):
        self.policy = policy
        self._rows: dict[str, list[Row]] = {}
        for row in rows:
            self._rows.setdefault(row.student, []).append(row)
        self._used: set[str] = set()

    def final(self, submissions: list[SubmissionResult]) -> Final:
        """The points of the student whose results these are."""
        outcomes = counted(submissions)
        rows = self._rows_of(submissions)
        exercises = {id: float(outcome.points) for id, outcome in outcomes.items()}
        judged, remarks = sum(exercises.values()), []
        for row in rows:
            if row.points is not None and row.about.startswith("E"):
                remarks.append(_changed(row, outcomes.get(row.about)))
                exercises[row.about] = row.points
            elif row.share is not None:
                most, outcome = find(row.about).by_hand, outcomes.get(row.about)
                exercises[row.about] = (float(outcome.points) if outcome else 0.0) + row.share * most
                given = f"{row.share * most:g} of {most} point{'s' * (most != 1)}"
                remarks.append(f"{row.about}: {given} for your words, {row.read}{_comment(row)}")
        manual = sum(exercises.values()) - judged
        days, deducted = 0.0, 0.0
        for number, late in self._days_late(submissions, rows).items():
            own = sum(points for id, points in exercises.items() if id[1:3] == number or not number)
            cost = max(0.0, own) * min(self.policy.most, self.policy.percent * late) / 100
            days, deducted = days + late, deducted + cost
            cause = f"notebook {number} came" if number else "this came"
            remarks.append(f"{cause} {late:g} day{'s' * (late != 1)} late: {cost:g} points less")
        for row in rows:
            if row.points is not None and not row.about.startswith("E"):
                manual += row.points
                remarks.append(f"{row.points:+g} points{_comment(row)}")
        points = round(judged + manual - deducted, 6)
        return Final(points, judged, round(manual, 6), round(deducted, 6), days, exercises, tuple(remarks))

    def unused(self) -> list[Row]:
        """Rows of students whom nobody asked about: a slip in a name."""
        return [row for student, rows in self._rows.items() if student not in self._used for row in rows]

    def _rows_of(self, submissions: list[SubmissionResult]) -> list[Row]:
        owners = [s.owner for s in submissions if s.owner]
        names = {s.student for s in submissions} | {text for o in owners for text in (o.id, o.email) if text}
        self._used |= names
        return sorted((row for name in names for row in self._rows.get(name, ())), key=lambda row: row.line)

    def _days_late(self, submissions: list[SubmissionResult], rows: list[Row]) -> dict[str, float]:
        """Days late by the number of the notebook. A row of the table goes before the clock."""
        late = {}
        for s in submissions:
            if not (s.counts and s.owner and s.outcomes):
                continue
            number = s.outcomes[0].exercise[1:3]
            due = self.policy.due.get(number, self.policy.due.get(""))
            if s.owner.when and due is not None:
                late[number] = max(0.0, math.ceil((s.owner.when - due) / DAY))
            elif s.owner.late:
                late[number] = 1.0  # the platform says late, and not how much
        late |= {
            row.about[1:3] if row.about[:1] == "E" else row.about: row.late_days
            for row in rows
            if row.late_days is not None
        }
        return {number: days for number, days in late.items() if days > 0}


def read_marks(path: Path | None, policy: Policy = Policy()) -> Marks:
    """The table at ``path``, a CSV file as people export it. Raises ``MarksError``."""
    if path is None:
        return Marks((), policy)
    try:
        text = files.read(Path(path), MAX_TABLE_BYTES).decode("utf-8-sig")
    except (Unreadable, UnicodeDecodeError) as error:
        raise MarksError(f"{path} cannot be used: {error}") from None
    first = text.partition("\n")[0]
    table = csv.DictReader(text.splitlines(), delimiter=max(",;\t", key=first.count))
    names = [(name or "").strip().lower() for name in table.fieldnames or ()]
    table.fieldnames = names
    if "student" not in names or not {"points", "late_days", *CRITERIA} & set(names):
        raise MarksError(f"{path} needs a first line of the columns {', '.join(COLUMNS)}. Got {first.strip()[:100]}.")
    if unknown := [name for name in names if name and name not in (*COLUMNS, FORM)]:
        raise MarksError(f"{path} has a column {unknown[0]}; the columns are {', '.join(COLUMNS)}")
    try:
        return Marks([row for fields in table if (row := _row(fields, table.line_num))], policy)
    except (ValueError, csv.Error) as error:
        raise MarksError(f"{path}, line {table.line_num}: {error}") from None


def read_policy(due: Iterable[str], percent: float, most: float = 100.0) -> Policy:
    """A policy from the command line: ``due`` holds "2026-03-02T23:59" or "08=2026-03-02". Raises ``MarksError``."""
    dates = {}
    for text in due:
        number, equals, when = text.rpartition("=")
        try:
            if equals and not re.fullmatch(r"\d\d", number):
                raise ValueError
            moment = datetime.fromisoformat(when)
        except ValueError:
            raise MarksError(f"--due takes 2026-03-02T23:59 or 08=2026-03-02T23:59. Got {text}.") from None
        if len(when) <= len("2026-03-02"):
            moment = moment.replace(hour=23, minute=59, second=59)  # a day is there until its end
        dates[number] = moment.astimezone().timestamp()
    if not 0 <= percent <= 100:
        raise MarksError(f"--late-percent must be a number from 0 to 100. Got {percent:g}.")
    return Policy(dates, percent, most)


def _row(fields: dict, line: int) -> Row | None:
    told = {name: (value or "").strip() for name, value in fields.items() if isinstance(value, str | None) and name}
    if not any(told.values()):
        return None
    if not told.get("student"):
        raise ValueError("the student is missing")
    about = told.get("exercise", "")
    if not re.fullmatch(r"(E\d\d\.\d+|\d\d)?", about):
        raise ValueError(f"an exercise is E08.3, a notebook 08, and empty means the total. Got {about[:40]}.")
    points, late = (_number(told.get(name, ""), name) for name in ("points", "late_days"))
    if late is not None and late < 0:
        raise ValueError(f"late_days must be at least 0. Got {late:g}.")
    share, read = _rubric(told, about, points)
    student, comment = (_without_guard(told.get(name, "")) for name in ("student", "comment"))
    return Row(student, about, points, late, files.printable(comment)[:500], line, share, read)


def _rubric(told: dict, about: str, points: float | None) -> tuple[float | None, str]:
    """What the three criteria of a line come to, and the same in words; None where none is filled in."""
    given = {name: _number(told.get(name, ""), name) for name in CRITERIA}
    if all(value is None for value in given.values()):
        return None, ""
    lacking = [name for name, value in given.items() if value is None]
    if lacking:
        raise ValueError(f"{lacking[0]} is missing: a text has all of {', '.join(CRITERIA)}, or none of them yet")
    if points is not None:
        raise ValueError("points and the three criteria exclude each other: give one or the other")
    for name, value in given.items():
        if not 0 <= value <= 100:
            raise ValueError(f"{name} must be a number from 0 to 100. Got {value:g}.")
    try:
        known = find(about).by_hand
    except UnknownExercise:
        known = 0
    if not known:
        raise ValueError(f"{about or 'the total'} has no words that a person reads: give points instead")
    share = sum(weight * given[name] / 100 for name, weight in CRITERIA.items())
    return share, ", ".join(f"{name} {value:g}" for name, value in given.items())


def _without_guard(text: str) -> str:
    """A name as it was before it got the ' that keeps a spreadsheet from taking it for a formula."""
    return text[1:] if text[:1] == "'" and text[1:].startswith(FORMULA) else text


def _number(text: str, name: str) -> float | None:
    if not text:
        return None
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise ValueError(f"{name} must be a number, with a point and no comma. Got {text[:40]}.")
    return value


def _changed(row: Row, outcome: Outcome | None) -> str:
    was = f" instead of {outcome.points:g}" if outcome else ""
    return f"{row.about}: {row.points:g} points{was}{_comment(row)}"


def _comment(row: Row) -> str:
    return f" ({row.comment})" if row.comment else ""
