"""Nothing is graded twice that has not changed, and nothing that was finished is lost."""

import csv
import json
import os
import signal
import subprocess
import sys
import time
from functools import partial
from pathlib import Path

import pytest

from course_kit.grading import fingerprint, store
from course_kit.grading import judge as judge_module
from course_kit.grading.judge import grade_class
from course_kit.grading.limits import Limits
from course_kit.grading.results import SubmissionResult
from course_kit.grading.server import WorkerServer
from course_kit.grading.store import InUse, Store
from tests.grading_front import e99_three
from tests.grading_front.conftest import GATE, hand_in, notebook
from tests.grading_front.test_judge import ROOT, SCRIPT, plain

pytestmark = pytest.mark.usefixtures("three")
STUDENTS = ("ada", "bea", "cyd")


@pytest.fixture
def grade(tmp_path, monkeypatch, sandbox):
    """Grades ``tmp_path / "class"`` of three with seed 5; gives the result and who was graded this time."""
    monkeypatch.setattr(judge_module, "WorkerServer", partial(WorkerServer, preload=("numpy",)))
    fingerprint.code.cache_clear()
    for student in STUDENTS:
        hand_in(tmp_path / "class", student, notebook())

    def call(**options):
        graded = []

        def progress(state):
            if state.last:
                graded.append(state.last.student)

        options = {"seed": 5, "sandbox": sandbox, "jobs": 1, "progress": progress} | options
        return grade_class(tmp_path / "class", tmp_path / "out", **options), sorted(graded)

    yield call
    fingerprint.code.cache_clear()


def rows(out):
    with (out / "gradebook.csv").open(newline="", encoding="utf-8") as file:
        return list(csv.reader(file))


def test_second_run_grades_nothing(tmp_path, grade):
    """The same files, seed and kit: the same gradebook to the byte, and no worker is started."""
    first, graded = grade()
    before = (tmp_path / "out" / "gradebook.csv").read_bytes()
    second, again = grade()

    assert (list(STUDENTS), []) == (graded, again)
    assert (0, 3) == (first.reused, second.reused)
    assert first.isolation == second.isolation
    assert before == (tmp_path / "out" / "gradebook.csv").read_bytes()


CHANGES = {
    "one file": (lambda f: hand_in(f / "class", "bea", notebook(gate=GATE.replace(" + b", ""))), {}, ["bea"]),
    "a new student": (lambda f: hand_in(f / "class", "dan", notebook()), {}, ["dan"]),
    "the seed": (lambda f: None, {"seed": 6}, list(STUDENTS)),
    "the limits": (lambda f: None, {"limits": Limits(call_seconds=3)}, list(STUDENTS)),
    "terse feedback": (lambda f: None, {"terse": True}, list(STUDENTS)),
    "nothing but the file's date": (lambda f: os.utime(f / "class" / "ada" / "99_three.ipynb", (0, 0)), {}, []),
}


@pytest.mark.parametrize("change,options,expected", CHANGES.values(), ids=CHANGES)
def test_only_what_changed_is_graded_again(tmp_path, grade, change, options, expected):
    """A student's row depends on the file, the seed and the settings, and on nothing else of the run."""
    grade()
    change(tmp_path)

    _, graded = grade(**options)

    assert expected == graded


def test_changed_exercise_grades_again(tmp_path, grade, monkeypatch):
    """A line in the exercise's module, or in what it imports, is a line in the hash."""
    copy = tmp_path / "e99_three.py"
    copy.write_text(Path(e99_three.__file__).read_text())
    monkeypatch.setattr(e99_three, "__file__", str(copy))
    grade()
    copy.write_text(copy.read_text() + "\n# a change\n")
    fingerprint.code.cache_clear()

    assert list(STUDENTS) == grade()[1]


def test_hash_follows_imports_and_stays_inside_the_notebook():
    """The twin of the LSTM belongs to notebook 08; the explosion of gradients does not."""
    names = {path.name for path in fingerprint.closure(["course_kit.exercises.e08_lstm_gate_by_gate"])}

    assert {"lstm.py", "activations.py", "lstm_notations.py", "compare.py"} <= names
    assert not {"bptt.py", "e05_bptt_by_hand.py", "report.py", "cli.py"} & names


def test_every_judging_module_is_in_the_hash():
    """Relative imports, too: the worker's cells and wire."""
    names = {path.name for path in fingerprint.closure(fingerprint.JUDGING)}

    assert {"answer.py", "cells.py", "wire.py", "sandbox.py", "session.py", "run.py"} <= names


def test_departed_student_leaves_no_trace(tmp_path, grade):
    """Row, page and stored result are gone; what somebody else put into the folder stays."""
    grade()
    letter = tmp_path / "out" / "feedback" / "letter.html"
    letter.write_text("mine")
    (tmp_path / "class" / "bea" / "99_three.ipynb").unlink()
    (tmp_path / "class" / "bea").rmdir()
    grade()

    assert ["ada.html", "cyd.html", "letter.html"] == sorted(os.listdir(tmp_path / "out" / "feedback"))
    texts = [p.read_text() for p in (tmp_path / "out").rglob("*") if p.is_file()]
    assert not [text for text in texts if "bea" in text]


def test_resume_goes_on_with_the_seed(tmp_path, grade):
    """The seed that was drawn is found again, and nothing repeats; without --resume a new one is drawn."""
    first, _ = grade(seed=None)
    second, graded = grade(seed=None, resume=True)
    third, _ = grade(seed=None)

    assert [] == graded
    assert first.seed == second.seed != third.seed


def test_failure_of_the_machine_is_graded_again(tmp_path, grade, monkeypatch):
    """It has its row in the gradebook, and the next run tries again."""
    real = judge_module.read_notebook
    calls = iter(range(9))
    monkeypatch.setattr(judge_module, "read_notebook", lambda *given: real(*given) if next(calls) != 1 else 1 / 0)

    first, _ = grade()
    second, graded = grade()

    assert [False, True, False] == [s.machine for s in first.submissions]
    assert ["bea"] == graded
    assert not any(s.machine for s in second.submissions)


def test_results_stay_readable_when_the_folder_is_graded_anew(grade):
    """Who holds the first result is not told of the second."""
    first, _ = grade(seed=5)
    before = plain(first)
    grade(seed=6)

    assert before == plain(first)


def test_two_runs_into_one_folder_are_refused(tmp_path, grade):
    """The second says so, before it touches a file."""
    with Store(tmp_path / "out") as held:
        held.begin(1, "x")
        with pytest.raises(InUse, match="another run is writing into"):
            grade()


TORN = {
    "in the middle of a line": lambda data: data[:-20],
    "at its end": lambda data: data[:-1],
    "in the header": lambda data: data[:10],
    "everything": lambda data: b"",
    "with rubbish": lambda data: b"\x00\xff" * 50,
}


@pytest.mark.parametrize("cut", TORN.values(), ids=TORN)
def test_torn_store_loses_the_torn_line_alone(tmp_path, grade, cut):
    """Whatever a dying disk leaves, the run goes on from what is whole."""
    grade()
    path = tmp_path / "out" / store.FOLDER / "graded"
    path.write_bytes(cut(path.read_bytes()))

    result, graded = grade()

    assert [4, 4, 4] == [s.points for s in result.submissions]
    assert graded in (["cyd"], list(STUDENTS))


def test_result_added_after_a_torn_line_is_found_again(tmp_path):
    """Killed twice: the second time's results do not hang on to the first time's half line."""
    result = SubmissionResult("ada", "99_three", "ada/99_three.ipynb", ())
    with Store(tmp_path) as opened:
        opened.begin(1, "x")
        opened.add("a" * 64, result)
        opened.add("b" * 64, result)
    path = tmp_path / store.FOLDER / "graded"
    path.write_bytes(path.read_bytes()[:-20])
    with Store(tmp_path) as opened:
        opened.add("c" * 64, result)

    with Store(tmp_path) as opened:
        assert [True, False, True] == [letter * 64 in opened for letter in "abc"]
        assert [result, result] == list(opened.results(["a" * 64, "c" * 64], {}))


SLOW = f"{SCRIPT}\n".replace("seed=1, jobs=2, sandbox=sys.argv[3]", "jobs=2, sandbox=sys.argv[3], resume=True")


def test_kill_in_the_middle_loses_and_repeats_nothing(tmp_path, sandbox):
    """kill -9 after some results; the resumed run has the rows of one that was never killed, and grades the rest."""
    for k in range(12):
        hand_in(tmp_path / "class", f"s{k:02}", notebook(misprint="import time\ntime.sleep(0.2)\nmisprint = 'i'"))
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    arguments = [sys.executable, "-c", SLOW, str(tmp_path / "class"), str(tmp_path / "out"), sandbox]
    finished = []
    with subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True, env=environment) as process:
        while len(finished) < 4:
            finished.append(process.stdout.readline().split()[1])
        os.kill(process.pid, signal.SIGKILL)
        finished += [line.split()[1] for line in process.stdout if "points" in line]

    done = subprocess.run(arguments, capture_output=True, text=True, env=environment, check=True)

    again = [line.split()[1] for line in done.stdout.splitlines() if " of 4 points in " in line]
    kept = json.loads((tmp_path / "out" / "results.json").read_text())["reused"]
    assert not set(again) & set(finished)
    assert 12 == len(again) + kept
    assert kept >= 4
    assert {f"s{k:02}" for k in range(12)} == {row[0] for row in rows(tmp_path / "out")[1:]}
    time.sleep(0.5)
    assert not _processes_of(process.pid)


def _processes_of(pid: int) -> list[str]:
    """Processes whose session or parent was the killed one's."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if str(pid) in fields[1:4]:
            found.append(stat.parent.name)
    return found
