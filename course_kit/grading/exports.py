"""The gradebook as learning platforms take it: CSV for Moodle and Canvas, a JSON file a student for Gradescope."""

import html
import json
from collections.abc import Iterable, Iterator
from pathlib import Path

from course_kit.checking import Outcome, State
from course_kit.grading.at_a_glance import by_student, exercises_of
from course_kit.grading.class_result import ClassResult
from course_kit.grading.gradebook import csv_lines, put
from course_kit.grading.marks import Final
from course_kit.grading.pages import Pages
from course_kit.grading.report import feedback_name
from course_kit.grading.results import SubmissionResult, counted

# As Moodle's own worksheet names them (mod/assign/feedback/offline): it looks for the first, the grade and its date.
MOODLE = (
    "Identifier",
    "Full name",
    "Email address",
    "Grade",
    "Maximum grade",
    "Last modified (grade)",
    "Feedback comments",
)
# As Canvas' own export has them; it finds a student by ID, and else by SIS Login ID.
CANVAS = ("Student", "ID", "SIS User ID", "SIS Login ID", "Section")
MOST_LETTERS = 4000  # of feedback in one field


def write_exports(result: ClassResult, out: Path, terse: bool = False, title: str = "course-kit") -> Path:
    """Write ``exports/moodle.csv``, ``exports/canvas.csv`` and ``exports/gradescope/<student>.json``.

    Args:
        result: ClassResult; its marks are counted.
        out: Path, a folder.
        terse: bool. True leaves obtained and expected numbers out of what students will read.
        title: str, the name of the assignment in Canvas: "Notebook 08 (4711)" is the one that has that number there.

    Returns:
        Path of the folder.
    """
    folder = Path(out) / "exports"
    pages = Pages(Path(out), "exports/gradescope")
    most = sum(o.max_points for o in exercises_of(result).values())
    put(folder / "moodle.csv", csv_lines([MOODLE], (_moodle(s, f, most, terse) for s, f in _finals(result))))
    canvas = [(*CANVAS, title), ("Points Possible", "", "", "", "", most)]
    put(folder / "canvas.csv", csv_lines(canvas, (_canvas(s, f) for s, f in _finals(result))))
    for submissions, final in _finals(result):
        name = feedback_name(submissions[0].student).removesuffix(".html") + ".json"
        put(pages.add(name), [json.dumps(_gradescope(submissions, final, terse), indent=1), "\n"], at_once=False)
    pages.forget_the_others()
    return folder


def _finals(result: ClassResult) -> Iterator[tuple[list[SubmissionResult], Final]]:
    for _, submissions in by_student(result):
        yield submissions, result.final(submissions)


def _moodle(submissions: list[SubmissionResult], final: Final, most: float, terse: bool) -> tuple:
    student, known = submissions[0].student, submissions[0].owner
    email = known.email if known else student if "@" in student else ""
    identifier = f"Participant {known.id}" if known and known.platform == "moodle" else ""
    # Moodle takes the field for HTML.
    text = html.escape("; ".join(_lines(submissions, final, terse))[:MOST_LETTERS], quote=False)
    return identifier, (known.name if known else "") or student, email, final.points, most, "", text


def _canvas(submissions: list[SubmissionResult], final: Final) -> tuple:
    student, known = submissions[0].student, submissions[0].owner
    if known and known.platform == "canvas":
        return known.name or student, known.id, "", "", "", final.points
    return (known.name if known else "") or student, "", "", student, "", final.points


def _gradescope(submissions: list[SubmissionResult], final: Final, terse: bool) -> dict:
    """A student's results as an autograder gives them to Gradescope."""
    tests = [_test(outcome, final, terse) for outcome in counted(submissions).values()]
    notes = [note for s in submissions for note in s.notes]
    return {
        "score": final.points,
        "execution_time": round(sum(s.seconds for s in submissions), 3),
        "output": "\n".join([*final.remarks, *notes])[:MOST_LETTERS],
        "output_format": "text",
        "visibility": "visible",
        "stdout_visibility": "hidden",
        "tests": tests,
    }


def _test(outcome: Outcome, final: Final, terse: bool) -> dict:
    return {
        "name": f"{outcome.exercise} {outcome.title}",
        "number": outcome.exercise.removeprefix("E"),
        "score": final.exercises.get(outcome.exercise, outcome.points),
        "max_score": outcome.max_points,
        "status": "passed" if outcome.state is State.RIGHT else "failed",
        "output": "\n".join(_told(outcome, terse))[:MOST_LETTERS],
        "output_format": "text",
        "visibility": "visible",
    }


def _lines(submissions: list[SubmissionResult], final: Final, terse: bool) -> Iterable[str]:
    for outcome in counted(submissions).values():
        told = "" if outcome.state is State.RIGHT else f" ({'; '.join(_told(outcome, terse))})"
        yield f"{outcome.exercise} {outcome.state}{told}"
    yield from final.remarks


def _told(outcome: Outcome, terse: bool) -> list[str]:
    message = outcome.message
    if outcome.state is State.RIGHT or not message:
        return [str(outcome.state)]
    if not terse:
        return message.lines() + ([f"hint: {outcome.hint}"] if outcome.hint else [])
    return [text for text in (message.sentence, message.known, outcome.hint) if text]
