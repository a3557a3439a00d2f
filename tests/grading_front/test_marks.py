"""Marks by hand and lateness are counted in, told to the student, and exported as each platform takes them."""

import csv
import json
import time

import pytest

from course_kit.checking import Message, Outcome, State
from course_kit.grading.class_result import ClassResult
from course_kit.grading.exports import write_exports
from course_kit.grading.gradebook import write_gradebook
from course_kit.grading.handed_in import Owner
from course_kit.grading.marks import Marks, MarksError, Policy, read_marks, read_policy
from course_kit.grading.report import write_report
from course_kit.grading.results import SubmissionResult
from tests.grading import pages

DAY = 86400.0
WRONG = Message("f differs in 6 of 6 entries", "0.412734", "0.518077", "[0, 0]", 0.187, 1e-12, "<b>the bias is missing")


def outcome(id, points, most=2):
    state = State.RIGHT if points else State.WRONG
    return Outcome(
        id, "Gate", state, points, most, message=None if points else WRONG, hint="Look." if not points else ""
    )


def submission(student="ada", owner=None, ids=("E08.1", "E08.2"), points=(2, 0), **more):
    outcomes = tuple(outcome(id, p) for id, p in zip(ids, points, strict=True))
    return SubmissionResult(student, "08_lstm", f"{student}/08.ipynb", outcomes, owner=owner, **more)


def table(tmp_path, text):
    path = tmp_path / "scores.csv"
    path.write_text(text, encoding="utf-8")
    return path


HEADER = "student,exercise,points,late_days,comment\n"
# rows, policy, points, judged, manual, deducted
FINALS = {
    "nothing": ("", Policy(), (2, 2, 0, 0)),
    "an exercise marked by hand": ("ada,E08.2,1.5,,nearly", Policy(), (3.5, 2, 1.5, 0)),
    "an exercise taken back": ("ada,E08.1,0,,copied", Policy(), (0, 2, -2, 0)),
    "the last of two marks": ("ada,E08.2,1,,\nada,E08.2,2,,", Policy(), (4, 2, 2, 0)),
    "an exercise of no file": ("ada,E09.1,1,,", Policy(), (3, 2, 1, 0)),
    "a bonus on the total": ("ada,,0.5,,for the talk", Policy(), (2.5, 2, 0.5, 0)),
    "a bonus is not reduced": ("ada,,1,2,", Policy(percent=10), (2.6, 2, 1, 0.4)),
    "two days late": ("ada,08,,2,", Policy(percent=10), (1.6, 2, 0, 0.4)),
    "late for another notebook": ("ada,09,,2,", Policy(percent=10), (2, 2, 0, 0)),
    "no policy": ("ada,,,3,", Policy(), (2, 2, 0, 0)),
    "never below the floor": ("ada,,,30,", Policy(percent=10, most=50), (1, 2, 0, 1)),
    "late, and marked by hand": ("ada,E08.2,2,1,", Policy(percent=25), (3, 2, 2, 1)),
    "somebody else": ("bea,,7,,", Policy(), (2, 2, 0, 0)),
}


@pytest.mark.parametrize("rows,policy,expected", FINALS.values(), ids=FINALS)
def test_points_are_what_the_table_and_the_clock_make_of_them(tmp_path, rows, policy, expected):
    """By hand: judged + manual - deducted; a deduction takes a share of the notebook's own points."""
    marks = read_marks(table(tmp_path, HEADER + rows + "\n"), policy)

    final = marks.final([submission()])

    assert expected == (final.points, final.judged, final.manual, final.deducted)
    assert final.points == pytest.approx(final.judged + final.manual - final.deducted)


CLOCK = {
    "in time": (Owner("ada", "gradescope", when=1000.0), 0),
    "a second late": (Owner("ada", "gradescope", when=1001.0), 1),
    "a day and a second late": (Owner("ada", "gradescope", when=1001.0 + DAY), 2),
    "Canvas says late": (Owner("ada", "canvas", late=True), 1),
    "nothing known": (None, 0),
}


@pytest.mark.parametrize("owner,days", CLOCK.values(), ids=CLOCK)
def test_begun_days_are_counted_from_the_platform_s_clock(owner, days):
    """The table goes before the clock; a file that does not count is not late either."""
    marks = Marks((), Policy({"08": 1000.0}, percent=10))

    assert days == marks.final([submission(owner=owner)]).late_days
    assert 0 == marks.final([submission(owner=owner, counts=False)]).late_days


def test_student_is_found_by_the_platform_s_number_or_address(tmp_path):
    """The table may be one that the platform made; and a name that nobody has is told."""
    marks = read_marks(table(tmp_path, HEADER + "12345,,1,,\na@x.org,,2,,\nzoe,,3,,\n"))

    finals = [marks.final([submission("Ada_12345", Owner("Ada_12345", "moodle", "12345"))]).manual]
    finals += [marks.final([submission("a", Owner("a", "gradescope", "", "Ada", "a@x.org"))]).manual]

    assert [1, 2] == finals
    assert [("zoe", 4)] == [(row.student, row.line) for row in marks.unused()]


FORMATS = {
    "as Excel saves it in half of Europe": "\ufeffstudent;points\nada;1\n",
    "tabs": "student\tpoints\nada\t1\n",
    "capitals and blanks": "Student , Points\nada , 1\n",
    "Windows' lines and an empty one": "student,points\r\n\r\nada,1\r\n,\r\n",
}


@pytest.mark.parametrize("text", FORMATS.values(), ids=FORMATS)
def test_table_is_read_as_people_save_it(tmp_path, text):
    """Separators, byte order marks and blanks do not matter."""
    assert 1 == read_marks(table(tmp_path, text)).final([submission()]).manual


BAD = {
    "no columns": ("ada,1\n", "needs a first line of the columns student"),
    "an unknown column": ("student,points,grade\n", "has a column grade; the columns are"),
    "no number": (HEADER + "ada,,much,,\n", "line 2: points must be a number"),
    "a comma for a point": (HEADER + 'ada,,"1,5",,\n', "with a point and no comma. Got 1,5."),
    "NaN": (HEADER + "ada,,nan,,\n", "points must be a number"),
    "infinity": (HEADER + "ada,,inf,,\n", "points must be a number"),
    "early": (HEADER + "ada,,,-1,\n", "late_days must be at least 0. Got -1."),
    "no exercise": (HEADER + "ada,LSTM,1,,\n", "an exercise is E08.3, a notebook 08"),
    "nobody": (HEADER + ",E08.1,1,,\n", "the student is missing"),
    "an empty file": ("", "needs a first line"),
}


@pytest.mark.parametrize("text,sentence", BAD.values(), ids=BAD)
def test_bad_table_is_one_sentence_with_its_line(tmp_path, text, sentence):
    """Nothing is graded on a table that was misread."""
    with pytest.raises(MarksError) as error:
        read_marks(table(tmp_path, text))

    assert sentence in str(error.value)


def test_policy_is_read_from_the_command_line(monkeypatch):
    """A date alone ends with its day; a zone is minded; what is no date is refused."""
    monkeypatch.setenv("TZ", "UTC")
    time.tzset()
    policy = read_policy(["08=2026-03-02T12:00+02:00", "2026-03-02"], 10)

    assert {"08": 1772445600.0, "": 1772495999.0} == policy.due
    for due in ("8=2026-03-02", "tomorrow", "08="):
        with pytest.raises(MarksError, match="--due takes"):
            read_policy([due], 10)
    with pytest.raises(MarksError, match="from 0 to 100"):
        read_policy([], 101)


CLASS = (
    submission("Ada_12345", Owner("Ada_12345", "moodle", "12345", "Ada Lovelace"), notes=("cell 3: NameError",)),
    submission("ongbea_7", Owner("ongbea_7", "canvas", "7", "ongbea", late=True), points=(2, 2)),
    submission("c@x.org", Owner("c@x.org", "gradescope", "100", "=Cyd", "c@x.org"), seconds=1.5),
    submission("dan"),
)


def result(**more):
    marks = Marks((), Policy(percent=50))
    return ClassResult(CLASS, 1, "namespaces", "2026-03-02T14:05:09+01:00", 1.0, marks=marks, **more)


def rows(path):
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_moodle_finds_its_columns(tmp_path):
    """Identifier, grade and date as its own worksheet has them; the feedback is HTML there, so it is escaped."""
    ada, bea, cyd, dan = rows(write_exports(result(), tmp_path) / "moodle.csv")

    assert ("Participant 12345", "Ada Lovelace", "2", "4") == tuple(
        ada[name] for name in ("Identifier", "Full name", "Grade", "Maximum grade")
    )
    assert {"Last modified (grade)", "Email address"} < ada.keys()
    assert ("", "2") == (bea["Identifier"], bea["Grade"])
    assert ("c@x.org", "'=Cyd") == (cyd["Email address"], cyd["Full name"])
    assert "dan" == dan["Full name"]
    assert "&lt;b&gt;the bias is missing" in ada["Feedback comments"]
    assert "E08.1 right" in ada["Feedback comments"]


def test_canvas_finds_its_columns(tmp_path):
    """The header and the row of possible points as its importer looks for them, a student by its number."""
    folder = write_exports(result(), tmp_path, title="LSTM (4711)")
    head, possible, _, bea, _, dan = list(csv.reader((folder / "canvas.csv").open(encoding="utf-8")))

    assert ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", "LSTM (4711)"] == head
    assert ("Points Possible", "4") == (possible[0], possible[-1])
    assert ["ongbea", "7", "", "", "", "2"] == bea
    assert ["dan", "", "", "dan", "", "2"] == dan


def test_gradescope_gets_a_file_a_student(tmp_path):
    """Scores of the tests, their sum after the deduction, and nothing printed by the student's code."""
    folder = write_exports(result(), tmp_path) / "gradescope"
    names = sorted(p.name for p in folder.iterdir())
    bea = json.loads((folder / "ongbea_7.json").read_text())

    assert 4 == len(names)
    assert (2.0, "visible", "hidden") == (bea["score"], bea["visibility"], bea["stdout_visibility"])
    assert [(2.0, 2, "passed")] * 2 == [(t["score"], t["max_score"], t["status"]) for t in bea["tests"]]
    assert "1 day late" in bea["output"]
    dan = json.loads((folder / "dan.json").read_text())
    assert ["passed", "failed"] == [t["status"] for t in dan["tests"]]
    assert "0.412734" in dan["tests"][1]["output"]


def test_terse_exports_leave_the_numbers_out(tmp_path):
    """As the pages do; the sentence and the hint stay."""
    folder = write_exports(result(), tmp_path, terse=True)

    for path in (folder / "moodle.csv", folder / "gradescope" / "dan.json"):
        text = path.read_text()
        assert "0.412734" not in text
        assert "the bias is missing" in text


def test_departed_student_has_no_export(tmp_path):
    """A file of last week's run would be uploaded with this week's."""
    write_exports(result(), tmp_path)
    write_exports(ClassResult(CLASS[:1], 1, "x", "2026", 1.0), tmp_path)

    assert 1 == len(list((tmp_path / "exports" / "gradescope").iterdir()))


def test_student_and_instructor_read_the_same_points(tmp_path):
    """Summary, index and feedback page, with the reason."""
    write_gradebook(result(), tmp_path)
    write_report(result(), tmp_path)

    bea = rows(tmp_path / "summary.csv")[1]
    page = pages.read((tmp_path / "feedback" / "ongbea_7.html").read_text(encoding="utf-8"))
    index = pages.read((tmp_path / "index.html").read_text(encoding="utf-8"))

    assert ("2", "4", "0", "1", "2") == tuple(bea[k] for k in ("points", "judged", "manual", "late_days", "deducted"))
    assert "notebook 08 came 1 day late: 2 points less" in page.words
    assert "by the checks: 4 points" in page.words
    assert "2" == index.one("table", id="grades").one("tbody").all("tr")[1].all("td")[0].words
    assert not pages.faults((tmp_path / "feedback" / "ongbea_7.html").read_text(encoding="utf-8"))
