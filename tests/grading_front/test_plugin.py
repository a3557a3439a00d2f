"""``pytest --submissions DIR`` as a pytest user expects it; and pytest without it as if the kit were not there."""

import json
import subprocess
import sys
import zipfile
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.grading_front.conftest import GATE, hand_in, notebook

pytest_plugins = "pytester"
ROOT = Path(__file__).parents[2]

# The course of three exercises, and workers that are ready at once, in the pytest that is tested.
CONFTEST = f"""
import sys
from functools import partial
sys.path.insert(0, {str(ROOT)!r})
import tests.grading_front.e99_three as three
from course_kit.checking import registry
sys.modules["course_kit.exercises.e99_three"] = three
registry.notebooks = lambda: {{"99": "e99_three"}}

def pytest_configure(config):
    from course_kit.grading import pytest_items
    from course_kit.grading.server import WorkerServer
    pytest_items.WorkerServer = partial(WorkerServer, preload=("numpy",))
"""
LOOP = "def gate(x, W, b):\n    while True: pass"


@pytest.fixture
def grade(pytester, sandbox):
    """Runs pytest beside a class of three: ada right, bea wrong, cyd in a loop. And a test that is no submission."""
    pytester.makeconftest(CONFTEST)
    pytester.makepyfile(test_other="def test_other(): pass")
    hand_in(pytester.path / "class", "ada", notebook())
    hand_in(
        pytester.path / "class",
        "bea",
        notebook(gate=GATE.replace(" + b", ""), setup="import numpy as np\nimport lstmtools"),
    )
    hand_in(pytester.path / "class", "bea", "{", name="99_broken.ipynb")
    hand_in(pytester.path / "class", "cyd", notebook(gate=LOOP))
    (pytester.path / "class" / "dan").mkdir()

    def call(*arguments):
        return pytester.runpytest_subprocess(
            "--submissions", "class", "--kit-seed", "3", "--kit-sandbox", sandbox, *arguments
        )

    return call


ITEMS = [f"{s}::99_three::{c}" for s in ("ada", "bea", "cyd") for c in (
    "E99.1::values", "E99.1::a shut gate", "E99.2::the letter", "E99.3::values"
)]  # fmt: skip


def test_only_the_submissions_are_collected(grade):
    """Items are student::notebook::exercise::case; what cannot be read or found has one too."""
    found = grade("--collect-only", "-q").stdout.lines

    items = [line for line in found if "::" in line]
    assert sorted([*ITEMS, "bea::99_broken::readable", "dan::dan::readable"]) == sorted(items)


def test_path_that_is_named_is_collected_as_well(grade):
    """Somebody may want both."""
    found = grade("--collect-only", "-q", "test_other.py").stdout

    found.fnmatch_lines(["test_other.py::test_other", "ada::99_three::E99.1::values"])


def test_failing_item_prints_its_message_and_no_traceback(grade):
    """Not attempted, wrong and could not run fail; what was not looked at is skipped."""
    result = grade()

    result.assert_outcomes(passed=8, failed=5, skipped=1)
    result.stdout.fnmatch_lines(
        [
            "submissions: */class, kit seed 3",
            "*_ bea::99_three::E99.1::values *_*",
            "E99.1 Gate, values: wrong",
            "*recognised: the bias is missing*",
            "*Captured notes call*",
            "cell 1: ModuleNotFoundError: No module named 'lstmtools' (line 2)",
            "E99.1 Gate, values: could not run",
            "gate: no answer within 1 s: look for a loop that does not end",
            "no notebook (.ipynb) was found in the folder: it is empty",
            "submissions ran under isolation: *",
        ]
    )
    result.stdout.no_fnmatch_line("*Traceback*")
    result.stdout.no_fnmatch_line("*course_kit/*.py:*")


def test_selection_and_exit_at_the_first_failure(grade):
    """-k, -x and --lf do what they do everywhere."""
    grade("-k", "ada and E99.1").assert_outcomes(passed=2, deselected=12)
    grade("-x", "-k", "three").assert_outcomes(passed=4, failed=1, deselected=2)
    grade("--lf").assert_outcomes(failed=1, deselected=13)


def test_workers_of_xdist_deal_the_same_numbers(pytester, sandbox):
    """-n does not break, and the seed that is drawn is one for all workers: the same mistake gets the same message."""
    pytester.makeconftest(CONFTEST)
    for student in ("ada", "bea"):
        hand_in(pytester.path / "class", student, notebook(gate=GATE.replace(" + b", "")))
    options = (
        "--kit-sandbox",
        sandbox,
        "-n",
        "2",
        "--dist",
        "loadfile",
        "-k",
        "values and E99.1",
        "--junitxml",
        "out.xml",
    )

    result = pytester.runpytest_subprocess("--submissions", "class", *options)

    result.assert_outcomes(failed=2)
    result.stdout.fnmatch_lines_random(["[[]gw0[]]*", "[[]gw1[]]*"])
    cases = list(ElementTree.parse(pytester.path / "out.xml").iter("testcase"))
    assert {"ada.99_three.E99.1", "bea.99_three.E99.1"} == {case.get("classname") for case in cases}
    assert 1 == len({failure.text.splitlines()[-1] for case in cases for failure in case.iter("failure")})


def test_workers_of_xdist_grade_a_notebook_once(grade):
    """Without a word on distribution a student's items stay in one process; the isolation is told at the end."""
    result = grade("-n", "2", "-v")

    seen = {}
    for line in result.stdout.lines:
        if line.startswith("[gw") and "::" in line:
            seen.setdefault(line.split()[-1] if "[" not in line.split()[-1] else "", set())
            student = line.split(" ", 4)[-1].partition("::")[0]
            seen.setdefault(student, set()).add(line[:5])
    assert {1} == {len(seen[student]) for student in ("ada", "bea", "cyd", "dan")}
    assert 1 < len(set.union(*seen.values()))
    result.assert_outcomes(passed=8, failed=5, skipped=1)
    result.stdout.fnmatch_lines(["submissions ran under isolation: *"])


SELECTIONS = {
    "a case": ("ada::99_three::E99.1::values", {"passed": 1, "deselected": 13}),
    "an exercise": ("bea::99_three::E99.1", {"failed": 2, "deselected": 12}),
    "a notebook": ("ada::99_three", {"passed": 4, "deselected": 10}),
}


@pytest.mark.parametrize("id,outcomes", SELECTIONS.values(), ids=SELECTIONS)
def test_id_that_pytest_printed_can_be_given_back(grade, id, outcomes):
    """Somebody copies a line of the failures and runs that alone; also in processes of xdist."""
    grade(id).assert_outcomes(**outcomes)


def test_id_goes_along_to_the_processes_of_xdist(grade):
    """They deselect what this one does."""
    grade("ada::99_three", "-n", "2").assert_outcomes(passed=4)


def test_id_that_nobody_has_is_wrong_use(grade):
    """As with a test that is not there."""
    result = grade("zoe::99_three")

    assert 4 == result.ret
    assert "not found among the submissions: zoe::99_three" in result.stdout.str() + result.stderr.str()


def test_failures_of_all_kinds_are_in_the_junit_file(grade, pytester):
    """One testcase an item, its failure with the message, the skipped one with its reason."""
    grade("--junitxml", "out.xml")

    suite = next(ElementTree.parse(pytester.path / "out.xml").iter("testsuite"))
    assert ("14", "5", "1", "0") == tuple(suite.get(k) for k in ("tests", "failures", "skipped", "errors"))
    failures = {c.get("classname") + "." + c.get("name"): c.find("failure") for c in suite.iter("testcase")}
    assert "the bias is missing" in failures["bea.99_three.E99.1.values"].text
    assert failures["ada.99_three.E99.1.values"] is None


def test_platform_s_zip_is_graded_as_it_is(pytester, sandbox):
    """``--submissions moodle.zip``: nobody unpacks."""
    pytester.makeconftest(CONFTEST)
    with zipfile.ZipFile(pytester.path / "moodle.zip", "w") as archive:
        archive.writestr("Ada Lovelace_12_assignsubmission_file/99_three.ipynb", notebook())

    result = pytester.runpytest_subprocess("--submissions", "moodle.zip", "--kit-sandbox", sandbox, "-v")

    result.assert_outcomes(passed=4)
    result.stdout.fnmatch_lines(["Ada Lovelace_12::99_three::E99.1::values PASSED*"])


def test_plugin_can_be_switched_off(pytester):
    """With ``-p no:course_kit`` its options are unknown, and tests run."""
    pytester.makepyfile("def test_one(): pass")

    off = pytester.runpytest_subprocess("-p", "no:course_kit", "--submissions", "class")
    assert 4 == off.ret
    assert "unrecognized arguments: --submissions" in off.stderr.str()
    pytester.runpytest_subprocess("-p", "no:course_kit").assert_outcomes(passed=1)


WRONG_USE = {
    "no such folder": (("--submissions", "nowhere"), 4, "there is no such folder"),
    "an empty folder": (("--submissions", "empty"), 2, "holds no submission"),
    "a seed below zero": (("--submissions", "empty", "--kit-seed", "-1"), 4, "a whole number of at least 0. Got -1."),
    "no number": (("--submissions", "class", "--kit-seed", "x"), 4, "invalid int value"),
}


@pytest.mark.parametrize("arguments,code,sentence", WRONG_USE.values(), ids=WRONG_USE)
def test_wrong_use_is_a_sentence(pytester, arguments, code, sentence):
    """As with pytest's own options."""
    pytester.mkdir("empty")

    result = pytester.runpytest_subprocess(*arguments)

    assert code == result.ret
    assert sentence in result.stdout.str() + result.stderr.str()
    assert "Traceback" not in result.stdout.str()


def test_machine_without_a_sandbox_runs_nothing(pytester):
    """The session ends with the sentence and the option that asks for none."""
    pytester.makeconftest(
        CONFTEST
        + """
    class Refusing(WorkerServer):
        def spawn(self):
            from course_kit.grading.server import WorkerRefused
            raise WorkerRefused("own network: Operation not permitted")
    pytest_items.WorkerServer = partial(Refusing, preload=())
"""
    )
    hand_in(pytester.path / "class", "ada", notebook())

    result = pytester.runpytest_subprocess("--submissions", "class")

    assert 2 == result.ret
    assert "own network: Operation not permitted" in result.stdout.str()
    assert "--kit-sandbox none" in result.stdout.str()


def test_project_that_does_not_use_it_pays_nothing():
    """Loading the plugin imports itself and the two packages around it, and nothing else of ours or anybody's."""
    script = (
        "import sys, json, pytest\nbefore = set(sys.modules)\nimport course_kit.grading.plugin\n"
        "print(json.dumps(sorted(set(sys.modules) - before)))"
    )

    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)

    assert ["course_kit", "course_kit.grading", "course_kit.grading.plugin"] == json.loads(done.stdout)


def test_other_tests_run_as_ever(pytester):
    """Without the option nothing of the grading is imported, and a folder of notebooks is not looked at."""
    pytester.makepyfile(
        """
        import sys

        def test_nothing_was_imported():
            assert "course_kit.grading.pytest_items" not in sys.modules
            assert "course_kit.grading.judge" not in sys.modules
        """
    )
    hand_in(pytester.path / "class", "ada", notebook())

    pytester.runpytest_subprocess().assert_outcomes(passed=1)
