"""``course-kit grade``: a table, where the files lie, and one line for every wrong use."""

from functools import partial

import pytest
from rich.console import Console

from course_kit.cli import main
from course_kit.grading import command
from course_kit.grading import judge as judge_module
from course_kit.grading.server import ServerError, WorkerRefused, WorkerServer
from tests.grading_front.conftest import GATE, hand_in, notebook


@pytest.fixture
def grade(tmp_path, monkeypatch, sandbox, three):
    """Grades ``tmp_path / "class"``; gives exit code and what was printed."""
    monkeypatch.setattr(judge_module, "WorkerServer", partial(WorkerServer, preload=("numpy",)))

    def call(folder=tmp_path / "class", out=tmp_path / "out", **more):
        console = Console(width=150, record=True)
        code = command.run(folder, out, **({"seed": 7, "jobs": 2, "sandbox": sandbox} | more), console=console)
        return code, console.export_text()

    return call


def test_table_says_who_has_what_and_where_to_look(tmp_path, grade):
    """Points, a sign for each exercise with its legend, the first trouble, seed, isolation, gradebook and report."""
    hand_in(tmp_path / "class", "ada", notebook())
    hand_in(tmp_path / "class", "bea", notebook(gate=GATE.replace(" + b", "")))
    (tmp_path / "class" / "cyd").mkdir()

    code, text = grade()

    assert 0 == code
    lines = [" ".join(line.replace("│", " ").split()) for line in text.splitlines()]
    assert "ada 4/4 ✓ ✓ ✓" in lines
    assert "bea 3/4 ✗ ✓ ✓ E99.1: the bias is missing" in lines
    assert "cyd 0/4 · · · no notebook (.ipynb) was found in the folder: it is empty" in lines
    assert "✓ right ✗ wrong ! could not run – not attempted · no file" in lines
    assert any("3 submissions in " in line and "seed 7" in line and "isolation: " in line for line in lines)
    assert str(tmp_path / "out" / "gradebook.csv") in text
    assert str(tmp_path / "out" / "index.html") in text
    assert (tmp_path / "out" / "feedback" / "bea.html").exists()


def test_name_that_looks_like_markup_is_printed_as_it_is(tmp_path, grade):
    """A student called [bold] is called so."""
    hand_in(tmp_path / "class", "[bold]ada[blink]", notebook())

    assert "[bold]ada[blink]" in grade()[1]


def test_large_class_is_cut(tmp_path, grade, monkeypatch):
    """The table ends somewhere; summary.csv has all."""
    monkeypatch.setattr(command, "MOST_ROWS", 1)
    for student in ("ada", "bea", "cyd"):
        (tmp_path / "class" / student).mkdir(parents=True)

    assert "and 2 students more in" in grade()[1]


WRONG_USE = {
    "a seed below zero": (lambda t: {"seed": -1}, "the seed must be a whole number of at least 0. Got -1."),
    "no such folder": (lambda t: {"folder": t / "nowhere"}, "is not a folder"),
    "an empty folder": (lambda t: (t / "class").mkdir() or {}, "holds no submission"),
    "an output among the students": (lambda t: {"folder": t, "out": t / "out"}, "would be taken for a student"),
    "a seed for a run that has one": (
        lambda t: {"seed": 3, "resume": True},
        "--resume goes on with the seed of the run that it resumes: leave --seed out",
    ),
    "no table of marks": (lambda t: {"manual": t / "scores.csv"}, "scores.csv cannot be read"),
    "no date": (lambda t: {"late": (["soon"], 10.0, 100.0)}, "--due takes 2026-03-02T23:59"),
    "an output that is a file": (
        lambda t: {"folder": hand_in(t / "class", "ada", "{}").parents[1], "out": hand_in(t / "o", "x", "{}")},
        "cannot be read or written",
    ),
}


@pytest.mark.parametrize("make,sentence", WRONG_USE.values(), ids=WRONG_USE)
def test_wrong_use_is_one_line_and_code_2(tmp_path, grade, make, sentence):
    """Nothing is graded, and the line says what to do."""
    code, text = grade(**make(tmp_path))

    assert 2 == code
    assert sentence in text.splitlines()[-1]
    assert "Traceback" not in text


class Refusing:
    """A server on a machine that allows nothing."""

    def __init__(self, error):
        self.error = error

    def __call__(self, **_):
        return self

    def __enter__(self):
        return self

    def __exit__(self, *_):
        pass

    def spawn(self):
        raise self.error


REFUSALS = {
    "no namespaces": (WorkerRefused("own network: Operation not permitted"), "--sandbox none"),
    "no Linux": (ServerError("workers need Linux"), "no submission could be run: workers need Linux"),
}


@pytest.mark.parametrize("error,sentence", REFUSALS.values(), ids=REFUSALS)
def test_machine_that_cannot_grade_safely_grades_nothing(tmp_path, grade, monkeypatch, error, sentence):
    """The sentence names what was refused and the way out; no file is written."""
    hand_in(tmp_path / "class", "ada", notebook())
    monkeypatch.setattr(judge_module, "WorkerServer", Refusing(error))

    code, text = grade()

    assert 2 == code
    assert str(error) in text
    assert sentence in text
    assert not (tmp_path / "out").exists()


def test_failure_of_ours_is_code_1(tmp_path, grade, monkeypatch):
    """A run that must be repeated does not look like a finished one."""
    hand_in(tmp_path / "class", "ada", notebook())
    monkeypatch.setattr(judge_module, "which_notebook", lambda *_: 1 / 0)

    code, text = grade()

    assert 1 == code
    assert "the grading machine failed, not the student" in text


def test_marks_are_counted_in_and_a_slip_in_a_name_is_told(tmp_path, grade):
    """The table on the terminal has the final points; the line of nobody is named."""
    hand_in(tmp_path / "class", "ada", notebook())
    (tmp_path / "scores.csv").write_text("student,points,late_days\nada,1,1\nzoe,2,\n")

    code, text = grade(manual=tmp_path / "scores.csv", late=([], 50.0, 100.0))

    assert 0 == code
    assert "3/4" in text
    assert "nobody in this class is called zoe: line 3 of the marks was not used" in text


def test_arguments_reach_the_grading(tmp_path, capsys):
    """Wrong ones, since these need no worker: each is told by the part that reads it."""
    (tmp_path / "class" / "ada").mkdir(parents=True)
    base = ["grade", str(tmp_path / "class"), "--out", str(tmp_path / "out")]
    for more, sentence in (
        (["--resume", "--seed", "3"], "leave --seed out"),
        (["--manual", "nowhere.csv"], "nowhere.csv cannot be used"),
        (["--due", "soon"], "--due takes"),
        (["--late-percent", "200"], "from 0 to 100"),
    ):
        assert 2 == main([*base, *more])
        assert sentence in capsys.readouterr().out
