"""Gradebook, summary and results: every submission has a row, and no text of a student's does anything in a table."""

import csv
import json
import math

import pytest

from course_kit.checking import Message, Outcome, State
from course_kit.grading import gradebook
from course_kit.grading.class_result import ClassResult
from course_kit.grading.gradebook import safe, write_gradebook
from course_kit.grading.results import SubmissionResult


def outcome(exercise="E08.1", state=State.RIGHT, points=1, message=None):
    return Outcome(exercise, "Forget gate", state, points, 1, message=message, seconds=0.0123)


def submission(student="ada", outcomes=(), notes=(), **more):
    return SubmissionResult(student, "08_lstm", f"{student}/08_lstm.ipynb", tuple(outcomes), tuple(notes), **more)


def written(tmp_path, *submissions):
    result = ClassResult(tuple(submissions), 7, "namespaces", "2026-03-02T14:05:09+01:00", 2.5)
    path = write_gradebook(result, tmp_path / "out")
    assert tmp_path / "out" / "gradebook.csv" == path
    return tmp_path / "out"


def rows(path):
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


WRONG = Message("f differs in 6 of 6 entries", obtained="1", expected="2", index="[0, 0]", known="the bias is missing")


def test_row_for_every_exercise(tmp_path):
    """The eight columns, and the message in one line; none for a right answer."""
    out = written(
        tmp_path,
        submission(outcomes=[outcome(message=Message("kept to itself")), outcome("E08.2", State.WRONG, 0, WRONG)]),
    )

    first, second = rows(out / "gradebook.csv")

    assert list(gradebook.GRADEBOOK) == list(first)
    assert {
        "student": "ada",
        "notebook": "08_lstm",
        "exercise": "E08.1",
        "state": "right",
        "points": "1",
        "max": "1",
        "seconds": "0.012",
        "message": "",
    } == first
    assert (
        "f differs in 6 of 6 entries; first at [0, 0]: obtained 1, expected 2; recognised: the bias is missing"
    ) == second["message"]


def test_submission_without_outcomes_has_a_row(tmp_path):
    """Whatever was handed in, the gradebook knows of it."""
    (row,) = rows(written(tmp_path, submission(notes=["it is empty"])) / "gradebook.csv")

    assert ("ada", "could not run", "0", "it is empty") == (row["student"], row["state"], row["points"], row["message"])


def test_file_that_counts_is_the_one_in_the_summary(tmp_path):
    """A line a student, a column an exercise, an empty field where there is no file."""
    twice = [
        submission(outcomes=[outcome()]),
        submission(outcomes=[outcome(points=0, state=State.WRONG)], counts=False),
    ]
    out = written(tmp_path, *twice, submission("bea", [outcome("E08.10")], notes=["a", "b"]))

    plain = {"points": "1", "max": "2", "judged": "1", "manual": "0", "late_days": "0", "deducted": "0"}
    assert [
        {"student": "ada", **plain, "notes": "0", "E08.1": "1", "E08.10": ""},
        {"student": "bea", **plain, "notes": "2", "E08.1": "", "E08.10": "1"},
    ] == rows(out / "summary.csv")


FORMULAS = ("=cmd|' /C calc'!A0", "+1", "-1", "@SUM(1)", "\t=1", "\r=1", " =1", "\n=1")


@pytest.mark.parametrize("text", FORMULAS)
def test_no_field_is_a_formula(tmp_path, text):
    """Neither a name nor a message starts as one, once blanks are gone."""
    out = written(tmp_path, submission(text, [outcome(state=State.WRONG, points=0, message=Message(text))]))

    for field in (*rows(out / "gradebook.csv")[0].values(), *rows(out / "summary.csv")[0].values()):
        assert not field.lstrip().startswith(("=", "+", "-", "@"))


def test_hostile_texts_stay_in_their_field(tmp_path):
    """Quotes, commas, line breaks, NUL and half a surrogate pair give one row all the same."""
    text = 'a",b\r\n"evil",right,9\0\ud800\u2028x'

    out = written(tmp_path, submission(text, [outcome(state=State.WRONG, points=0, message=Message(text))]))

    (row,) = rows(out / "gradebook.csv")
    assert ("wrong", "0") == (row["state"], row["points"])
    assert "\n" not in row["message"] + row["student"]


def test_numbers_are_not_touched():
    """A negative number of ours is a number."""
    assert ("-0.5", "3") == (safe(-0.5), safe(3))


def test_results_are_strict_json(tmp_path):
    """No NaN and no infinity, which JSON does not know; everything else is there."""
    message = Message("f differs", difference=math.inf, tolerance=math.nan)
    out = written(tmp_path, submission(outcomes=[outcome(state=State.WRONG, points=0, message=message)], seconds=1.5))

    def refuse(constant):
        raise AssertionError(constant)

    data = json.loads((out / "results.json").read_text(), parse_constant=refuse)
    assert (7, "namespaces", True) == (data["seed"], data["isolation"], data["complete"])
    assert "wrong" == data["submissions"][0]["outcomes"][0]["state"]
    assert data["submissions"][0]["outcomes"][0]["message"]["difference"] is None


def test_file_is_whole_or_the_old_one(tmp_path, monkeypatch):
    """A run that dies while it writes leaves the last run's files as they were."""
    out = written(tmp_path, submission())
    before = (out / "gradebook.csv").read_bytes()

    def die(descriptor):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(gradebook.os, "fsync", die)
    with pytest.raises(OSError):
        written(tmp_path, submission("bea"))

    assert before == (out / "gradebook.csv").read_bytes()
