"""A class is graded to its end, whatever is in it, and twice the same."""

import csv
import json
import os
import random
import signal
import subprocess
import sys
import time
from functools import partial
from pathlib import Path

import pytest

from course_kit.checking import State
from course_kit.grading import judge as judge_module
from course_kit.grading.judge import MACHINE, Judge, grade_class
from course_kit.grading.server import ServerError, WorkerServer
from course_kit.grading.submissions import find_submissions
from tests.grading_front.conftest import GATE, MISPRINT, RIGHT, SETUP, hand_in, notebook

ROOT = Path(__file__).parents[2]
R, W, C, N = State.RIGHT, State.WRONG, State.COULD_NOT_RUN, State.NOT_ATTEMPTED
LOOP = "def gate(x, W, b):\n    while True: pass"
# 8 MiB every 10 ms: slower than the keeper's look ten times a second, whatever the machine.
EATS = """\
import time
history = []
for step in range(999):
    history.append(np.ones((1024, 1024)))
    time.sleep(0.01)
misprint = 'i'"""

# content, states of the three exercises, a piece of the first bad message, a piece of the notes
CASES = {
    "right": (notebook(), (R, R, R), "", ""),
    "in another order": (notebook(RIGHT[::-1]), (R, R, R), "", ""),
    "a known wrong form": (notebook(gate=GATE.replace(" + b", "")), (W, R, R), "the bias is missing", ""),
    "a closed question wrong": (notebook(misprint="misprint = 'f'"), (R, W, R), "misprint is not right.", ""),
    "untouched": (
        notebook(gate="def gate(x, W, b):\n    return None", misprint="misprint = None", double="Double = None"),
        (N, N, N),
        "replace the stub's last line",
        "",
    ),
    "an endless loop in a call": (notebook(gate=LOOP), (C, R, R), "no answer within 1 s", ""),
    "an error at import": (notebook(setup=f"import lstmtools\n{SETUP}"), (C, R, R), "NameError", "lstmtools"),
    "a deleted cell": (notebook(misprint=""), (R, N, R), "misprint is not defined", ""),
    "a syntax error": (notebook(gate=GATE[:-1]), (C, R, R), "SyntaxError in line 2 of cell 2", "cell 2: SyntaxError"),
    "a score printed": (
        notebook([SETUP, "print('E99.1 Gate: right')", "import json\nprint(json.dumps({'score': 4}))"]),
        (N, N, N),
        "gate is not defined",
        "",
    ),
    "memory eaten": (
        notebook(misprint=EATS),
        (R, C, R),
        "more than 0.25 GiB of memory",
        "cell 4: the process was killed",
    ),
    "the checker replaced": (
        notebook(
            setup=f"{SETUP}\nimport sys\nsys.modules['course_kit'].check = lambda id: 'right'",
            misprint="misprint = 'o'",
        ),
        (R, W, R),
        "misprint is not right.",
        "",
    ),
    "numpy spoilt": (notebook(setup=f"{SETUP}\nnp.exp = lambda a: 0 * a"), (W, R, R), "g differs", ""),
    "an answer of the wrong kind": (notebook(gate="gate = 3"), (C, R, R), "gate must be a function", ""),
    "defined twice": (notebook([*RIGHT, "misprint = 'o'"]), (R, W, R), "", "cells 4 and 8"),
    "cut off": (notebook()[:-40], (C, C, C), "broken JSON", "broken JSON"),
}


@pytest.mark.usefixtures("three")
@pytest.mark.parametrize("content,states,message,note", CASES.values(), ids=CASES)
def test_submission_costs_what_depends_on_it(tmp_path, server, content, states, message, note):
    """Each exercise has its state, the first bad one its sentence, and notes cost nothing."""
    hand_in(tmp_path, "ada", content)
    (submission,) = find_submissions(tmp_path)

    result = Judge(server, seed=3).grade(submission)

    assert states == tuple(o.state for o in result.outcomes), result
    assert sum(p for p, s in zip((1, 1, 2), states, strict=True) if s is R) == result.points
    assert 4 == result.max_points
    bad = [o for o in result.outcomes if o.state is not R]
    assert message in (" ".join(bad[0].message.lines()) if bad else "")
    assert bool(note) == bool(result.notes)
    assert note in " ".join(result.notes)


@pytest.mark.usefixtures("three")
def test_student_s_own_cell_is_kept_for_the_feedback(tmp_path, server):
    """What the student wrote for each exercise, and what the notebook printed."""
    hand_in(tmp_path, "ada", notebook([*RIGHT, "print('done')"], misprint=f"# mine\n{MISPRINT}"))
    (submission,) = find_submissions(tmp_path)

    result = Judge(server, seed=3).grade(submission)

    assert f"# mine\n{MISPRINT}" == result.cells["E99.2"]
    assert "done\n" == result.output
    assert 0 < result.cpu_seconds
    assert 0 < result.seconds


@pytest.mark.usefixtures("three")
def test_huge_answer_does_not_fill_the_gradebook(tmp_path, server):
    """A hundred thousand keys where two were due give a message of a page."""
    huge = "def gate(x, W, b):\n    raise ValueError('x' * 10**6)"
    hand_in(tmp_path, "ada", notebook(gate=huge, misprint="misprint = {str(k) * 9: 1 for k in range(10**4)}"))
    (submission,) = find_submissions(tmp_path)

    result = Judge(server, seed=3).grade(submission)

    assert (C, W, R) == tuple(o.state for o in result.outcomes)
    assert len(json.dumps([o.as_dict() for o in result.outcomes])) < 20_000


@pytest.mark.usefixtures("three")
def test_file_that_is_no_notebook_of_the_course_has_a_row(tmp_path, server):
    """Nothing is run, and the sentence says what to do."""
    hand_in(tmp_path, "ada", notebook(["print('hello')"]), name="essay.ipynb")
    (submission,) = find_submissions(tmp_path)

    result = Judge(server, seed=3).grade(submission)

    assert () == result.outcomes
    assert "start the file's name with its number" in result.notes[0]


@pytest.fixture
def small(monkeypatch, sandbox):
    """``grade_class`` with workers that are ready at once; the arguments that this machine allows."""
    monkeypatch.setattr(judge_module, "WorkerServer", partial(WorkerServer, preload=("numpy",)))
    return {"sandbox": sandbox}


def plain(result):
    """All that must not depend on order, jobs or clock."""
    return [
        (s.student, s.path, s.notes, s.output, [(o.exercise, o.state, o.message, o.case_messages) for o in s.outcomes])
        for s in result.submissions
    ]


@pytest.mark.usefixtures("three")
def test_same_seed_same_result_in_any_order_and_number_of_jobs(tmp_path, small, monkeypatch):
    """One job and three, sorted and shuffled; and another seed deals other numbers."""
    for number, name in enumerate(("right", "a known wrong form", "a deleted cell", "a syntax error", "numpy spoilt")):
        hand_in(tmp_path / "class", f"student{number}", CASES[name][0])
    folder = tmp_path / "class"

    one = grade_class(folder, tmp_path / "1", seed=5, jobs=1, **small)
    three = grade_class(folder, tmp_path / "3", seed=5, jobs=3, **small)
    found = find_submissions(folder)
    random.Random(1).shuffle(found)
    monkeypatch.setattr(judge_module, "find_submissions", lambda folder: found)
    shuffled = grade_class(folder, tmp_path / "s", seed=5, jobs=2, **small)
    other = grade_class(folder, tmp_path / "o", seed=6, jobs=2, **small)

    assert plain(one) == plain(three) == sorted(plain(shuffled))
    assert plain(shuffled) != plain(other)
    assert [[o[1] for o in s[4]] for s in plain(shuffled)] == [[o[1] for o in s[4]] for s in plain(other)]


@pytest.mark.usefixtures("three")
def test_seed_is_drawn_and_kept(tmp_path, small):
    """Without a seed each run has its own, and the instructor can find it again."""
    hand_in(tmp_path / "class", "ada", notebook())

    seeds = {grade_class(tmp_path / "class", tmp_path / "out", **small).seed for _ in range(2)}

    assert 2 == len(seeds)
    assert json.loads((tmp_path / "out" / "results.json").read_text())["seed"] in seeds


@pytest.mark.usefixtures("three")
def test_our_own_failure_costs_no_other_student(tmp_path, small, monkeypatch):
    """A row says that it is the machine's fault."""
    for student in ("ada", "bea", "cyd"):
        hand_in(tmp_path / "class", student, notebook())
    real = judge_module.read_notebook
    calls = iter(range(9))
    monkeypatch.setattr(judge_module, "read_notebook", lambda *given: real(*given) if next(calls) != 1 else 1 / 0)

    result = grade_class(tmp_path / "class", tmp_path / "out", seed=1, jobs=1, **small)

    assert [4, 0, 4] == [s.points for s in result.submissions]
    assert result.submissions[1].notes[0].startswith(f"{MACHINE}: ZeroDivisionError")


@pytest.mark.usefixtures("three")
def test_machine_that_cannot_start_a_process_is_not_the_student_s_fault(tmp_path, server, monkeypatch):
    """Could not run, and a note to grade again."""
    hand_in(tmp_path, "ada", notebook())
    (submission,) = find_submissions(tmp_path)

    def refuse(cpu_seconds):
        raise ServerError("no memory left")

    monkeypatch.setattr(server, "spawn", refuse)
    result = Judge(server, seed=3).grade(submission)

    assert [C] * 3 == [o.state for o in result.outcomes]
    assert f"{MACHINE}: no memory left" in result.notes


@pytest.mark.usefixtures("three")
def test_interrupt_leaves_what_is_finished(tmp_path, small):
    """Ctrl-C after the first result: one row, marked as incomplete, and every file whole."""
    for student in ("ada", "bea", "cyd"):
        hand_in(tmp_path / "class", student, notebook())

    def progress(state):
        if state.done == 1:
            raise KeyboardInterrupt

    result = grade_class(tmp_path / "class", tmp_path / "out", seed=1, jobs=1, progress=progress, **small)

    assert not result.complete
    assert ["ada"] == [s.student for s in result.submissions]
    rows = list(csv.DictReader((tmp_path / "out" / "gradebook.csv").open()))
    assert [("ada", "right")] * 3 == [(r["student"], r["state"]) for r in rows]
    assert json.loads((tmp_path / "out" / "results.json").read_text())["complete"] is False


SCRIPT = """
import sys
from functools import partial
from pathlib import Path
import tests.grading_front.e99_three as three
from course_kit.checking import registry
from course_kit.grading import judge
from course_kit.grading.command import run
from course_kit.grading.server import WorkerServer

registry.notebooks = lambda: {"99": "e99_three"}
sys.modules["course_kit.exercises.e99_three"] = three
judge.WorkerServer = partial(WorkerServer, preload=("numpy",))
sys.exit(run(Path(sys.argv[1]), Path(sys.argv[2]), seed=1, jobs=2, sandbox=sys.argv[3]))
"""


def test_control_c_ends_the_command_in_a_moment(tmp_path, sandbox):
    """The signal goes to the whole terminal's group, as the keyboard sends it, while students' loops run."""
    hand_in(tmp_path / "class", "ada", notebook())
    for student in ("bea", "cyd", "dan"):
        hand_in(tmp_path / "class", student, notebook(misprint="while True: pass"))
    arguments = [sys.executable, "-c", SCRIPT, str(tmp_path / "class"), str(tmp_path / "out"), sandbox]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(
        arguments,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env=environment,
        start_new_session=True,
        # A shell starts what runs in the background deaf to the keyboard, and the tests may be run so.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    ) as process:
        first = process.stdout.readline()
        time.sleep(0.5)
        os.killpg(process.pid, signal.SIGINT)
        rest = process.stdout.read()
        code = process.wait(timeout=20)

    assert "1/4 ada 99_three: 4 of 4 points" in first
    assert "stopped: the gradebook holds the 1 graded so far" in rest
    assert "Traceback" not in rest
    assert 1 == code
    assert 3 == len(list(csv.DictReader((tmp_path / "out" / "gradebook.csv").open())))
    assert (tmp_path / "out" / "index.html").exists()


def test_judge_needs_no_tensorflow(tmp_path, sandbox):
    """Graded to the end in a fresh process, with not one module of TensorFlow or Keras in it."""
    hand_in(tmp_path / "class", "ada", notebook())
    script = SCRIPT.replace("sys.exit(run(", "run(").replace("sandbox=sys.argv[3]))", "sandbox=sys.argv[3])")
    script += "print(sorted({m.split('.')[0] for m in sys.modules} & {'tensorflow', 'keras', 'torch', 'jax'}))"
    arguments = [sys.executable, "-c", script, str(tmp_path / "class"), str(tmp_path / "out"), sandbox]

    done = subprocess.run(
        arguments, capture_output=True, text=True, check=True, env={**os.environ, "PYTHONPATH": str(ROOT)}
    )

    assert "[]" == done.stdout.splitlines()[-1]
    assert "4/4" in done.stdout
