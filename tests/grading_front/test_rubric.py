"""The form for what a person reads: made from what was handed in, filled in, and counted by the gradebook."""

import csv
import re

import pytest
from rich.console import Console

from course_kit.authoring.source import edition, sources, text
from course_kit.checking import Outcome, State
from course_kit.cli import main
from course_kit.grading import rubric
from course_kit.grading.marks import MarksError, read_marks
from course_kit.grading.notebooks import CodeCell
from course_kit.grading.results import SubmissionResult
from tests.grading import pages
from tests.grading_front.conftest import hand_in, notebook

HEADER = "student,exercise,correctness,numbers,clarity,comment,text\n"
COMPARISON = 'comparison = {"recurrent": "Reads 36 words " "in 36 steps.", "recursive": "<b>Twelve</b>", "tensor": "7"}'


def control_work(*cells: str) -> str:
    return notebook(
        cells,
    )


def make(folder, out):
    console = Console(width=200, record=True)
    code = rubric.run(folder, out, console)
    return code, console.export_text()


def table(path) -> dict:
    with path.open(encoding="utf-8", newline="") as file:
        return {(row["student"], row["exercise"]): row for row in csv.DictReader(file)}


@pytest.fixture
def room(tmp_path):
    """Three students: two texts, none, and a name and a text that a spreadsheet and a browser would act on."""
    folder = tmp_path / "class"
    hand_in(
        folder, "ada", control_work(COMPARISON, 'report = {"task": "Tell jets apart.", "data": ""}'), "22_work.ipynb"
    )
    hand_in(folder, "bea", control_work("comparison = None", "report = None"), "22_work.ipynb")
    hand_in(folder, "=cyd", control_work('comparison = "</p><script>alert(1)</script>" * 3'), "22_work.ipynb")
    return folder


def test_form_has_a_row_for_each_text(room, tmp_path):
    """Who wrote nothing has no row and is named on the page; nothing of a text is markup there."""
    code, told = make(room, tmp_path / "scores.csv")
    page = (tmp_path / "scores.html").read_text(encoding="utf-8")
    ada = next(s for s in pages.read(page).all("section") if [h.words for h in s.all("h3")] == ["ada"])

    assert 0 == code
    assert {("'=cyd", "E22.3"), ("ada", "E22.3"), ("ada", "E22.4")} == set(table(tmp_path / "scores.csv"))
    assert [] == pages.faults(page)
    assert [] == pages.read(page).all("script")
    assert "Reads 36 words in 36 steps." in ada.words
    assert "<b>Twelve</b>" in ada.words
    assert "Nothing to read from: =cyd, bea." in pages.read(page).words
    assert "correctness 50 %, numbers 25 %, clarity 25 %" in pages.read(page).words
    assert "3 texts, 3 of them not marked yet" in told


def test_text_that_is_computed_is_shown_as_its_cell():
    """No line of a student's is run to read a text."""
    cells = [CodeCell(1, 'comparison = "old"'), CodeCell(2, "comparison = open('/etc/passwd').read()")]

    parts, note = rubric.written("comparison", cells)

    assert (("", "comparison = open('/etc/passwd').read()"),) == parts
    assert "computed" in note
    assert ((), "") == rubric.written("report", cells)


def fill(path, **marks):
    """Fill in rows by student and exercise: ``ada_3="100,50,75"``."""
    lines = path.read_text(encoding="utf-8").splitlines()
    for place, given in marks.items():
        student, number = place.split("_")
        lines = [re.sub(rf"^({student},E22\.{number}),,,", rf"\1,{given}", line) for line in lines]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def test_second_form_keeps_what_was_filled_in(room, tmp_path):
    """A late student comes in, a changed text is told, and a mark of somebody who left is not thrown away."""
    out = tmp_path / "scores.csv"
    make(room, out)
    fill(out, ada_3="100,50,75")
    hand_in(room, "dan", control_work(COMPARISON), "22_work.ipynb")
    _, quiet = make(room, out)
    hand_in(room, "ada", control_work(COMPARISON.replace("36", "37")), "22_work.ipynb")
    _, told = make(room, out)

    assert "has changed" not in quiet
    assert "ada's text for E22.3 has changed since it was marked" in told
    assert "100" == table(out)["ada", "E22.3"]["correctness"]
    assert ("dan", "E22.3") in table(out)
    assert ("ada", "E22.4") not in table(out)  # it was not marked, and its text is gone


WRONG_USE = {
    "another table": (lambda t: (t / "scores.csv").write_text("student,points\nada,1\n"), "name a new file"),
    "no folder": (lambda t: (t / "class").rename(t / "elsewhere"), "is not a folder"),
    "another notebook": (lambda t: [p.rename(p.with_name("08_lstm.ipynb")) for p in t.rglob("22_work.ipynb")],
                         "holds no notebook with a text that a person reads"),
}  # fmt: skip


@pytest.mark.parametrize("spoil,sentence", WRONG_USE.values(), ids=WRONG_USE)
def test_wrong_use_is_one_line_and_writes_nothing(room, tmp_path, spoil, sentence):
    """Exit code 2, and a table of the instructor's own is left alone."""
    spoil(tmp_path)
    before = sorted(p.name for p in tmp_path.iterdir())

    code, told = make(tmp_path / "class", tmp_path / "scores.csv")

    assert (2, 1) == (code, len(told.splitlines()))
    assert sentence in told
    assert before == sorted(p.name for p in tmp_path.iterdir())


def result(student="ada", points=1):
    state = State.RIGHT if points else State.WRONG
    outcome = Outcome("E22.3", "Comparison (item 3)", state, points, 2)
    return SubmissionResult(student, "22_control_work", f"{student}/22.ipynb", (outcome,))


def read(tmp_path, rows):
    path = tmp_path / "form.csv"
    path.write_text(HEADER + rows, encoding="utf-8")
    return read_marks(path)


FINALS = {
    "all": ("ada,E22.3,100,100,100,,0a", 1, 2.0),
    "half of correctness": ("ada,E22.3,50,100,100,,0a", 1, 1.75),
    "numbers alone": ("ada,E22.3,0,100,0,,0a", 1, 1.25),
    "clarity alone": ("ada,E22.3,0,0,100,,0a", 1, 1.25),
    "words without the computed part": ("ada,E22.3,80,40,60,,0a", 0, 0.65),
    "not filled in": ("ada,E22.3,,,,,0a", 1, 1.0),
    "a comment before the marks": ("ada,E22.3,,,,read again,0a", 1, 1.0),
}


@pytest.mark.parametrize("row,judged,points", FINALS.values(), ids=FINALS)
def test_words_are_counted_beside_the_checks(tmp_path, row, judged, points):
    """By hand: the judge's point, and 0.5, 0.25 and 0.25 of the other."""
    final = read(tmp_path, row + "\n").final([result(points=judged)])

    assert (points, judged) == (final.points, final.judged)


def test_name_of_a_formula_finds_its_student(tmp_path):
    """The ' before =cyd keeps a spreadsheet from computing, and is no part of the name."""
    marks = read(tmp_path, "'=cyd,E22.3,100,100,100,good,0a\n")

    assert 2.0 == marks.final([result("=cyd")]).points
    assert [] == marks.unused()


BAD = {
    "one criterion alone": ("ada,E22.3,50,,,,", "numbers is missing: a text has all of correctness, numbers, clarity"),
    "more than all": ("ada,E22.3,50,101,3,,", "numbers must be a number from 0 to 100. Got 101."),
    "less than nothing": ("ada,E22.3,-1,1,3,,", "correctness must be a number from 0 to 100. Got -1."),
    "a word": ("ada,E22.3,good,1,3,,", "correctness must be a number"),
    "nothing to read there": ("ada,E08.1,50,50,50,,", "E08.1 has no words that a person reads: give points instead"),
    "no such exercise": ("ada,E98.7,50,50,50,,", "E98.7 has no words"),
    "the total": ("ada,,50,50,50,,", "the total has no words"),
}


@pytest.mark.parametrize("row,sentence", BAD.values(), ids=BAD)
def test_bad_row_is_one_sentence(tmp_path, row, sentence):
    """Nothing is counted on a row that was misread."""
    with pytest.raises(MarksError) as error:
        read(tmp_path, row + "\n")

    assert f"line 2: {sentence}" in str(error.value)


@pytest.fixture(scope="module")
def graded(tmp_path_factory, sandbox):
    """Notebook 22 handed in solved, partly wrong and untouched; graded once, with TensorFlow."""
    folder = tmp_path_factory.mktemp("control_work")
    source = next(s for s in sources() if s.stem.startswith("22"))
    solved = text(edition(source, solved=True))
    partly = solved.replace("return 2 * d * d + d", "return 2 * d * d").replace("TFFT FTFF", "TFFT FTFT")
    assert 2 == sum(a != b for a, b in zip(solved.splitlines(), partly.splitlines(), strict=True))
    hand_in(folder / "class", "ada", solved, f"{source.stem}.ipynb")
    hand_in(folder / "class", "bea", partly, f"{source.stem}.ipynb")
    hand_in(folder / "class", "cyd", text(edition(source, solved=False)), f"{source.stem}.ipynb")
    grade = ["grade", str(folder / "class"), "--out", str(folder / "grades"), "--sandbox", sandbox]
    assert 0 == main([*grade, "--seed", "5"])
    return folder, grade


def summary(folder) -> dict:
    with (folder / "grades" / "summary.csv").open(encoding="utf-8", newline="") as file:
        return {row["student"]: row for row in csv.DictReader(file)}


def test_control_work_is_graded_as_a_whole(graded, capsys):
    """What is computed by the judge, and the prose by the form that the gradebook takes over as it stands."""
    folder, grade = graded
    most = int(summary(folder)["ada"]["max"])
    by_checks = {name: float(row["points"]) for name, row in summary(folder).items()}
    assert 0 == main(["rubric", str(folder / "class"), "--out", str(folder / "scores.csv")])
    assert 0 == main([*grade, "--resume", "--manual", str(folder / "scores.csv")])
    unmarked = {name: float(row["points"]) for name, row in summary(folder).items()}
    fill(folder / "scores.csv", ada_3="100,100,100", ada_4="100,50,100", bea_3="50,0,40", bea_4="80,80,80")
    assert 0 == main([*grade, "--resume", "--manual", str(folder / "scores.csv")])
    final = summary(folder)
    page = pages.read((folder / "grades" / "feedback" / "bea.html").read_text(encoding="utf-8")).words

    assert {"ada": most - 2, "bea": most - 4, "cyd": 0} == by_checks  # two texts are worth a point each
    assert by_checks == unmarked
    assert {"ada": most - 0.125, "bea": most - 4 + 1.15, "cyd": 0} == {
        name: pytest.approx(float(row["points"])) for name, row in final.items()
    }
    assert "had not changed" in " ".join(capsys.readouterr().out.split())
    assert "E22.3: 0.35 of 1 point for your words, correctness 50, numbers 0, clarity 40" in page
    assert "the bias is missing" in page
