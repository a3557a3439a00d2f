"""Running a notebook: what is counted, and what is said when it goes wrong."""

import nbformat
import pytest

from course_kit.authoring.command import verdict
from course_kit.authoring.execute import Executed, execute, execute_all


def saved(tmp_path, *cells, name="one.ipynb"):
    made = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(c) for c in cells])
    path = tmp_path / name
    nbformat.write(made, path)
    return path


def test_checks_are_read_from_the_outputs(tmp_path):
    """The state that a check answered is found again, and all cells are counted."""
    path = saved(tmp_path, "from course_kit import check", 'check("E08.1")')

    executed, _ = execute(path)

    assert ({"E08.1": "not attempted"}, 2, "") == (executed.states, executed.cells, executed.failure)


@pytest.mark.parametrize(
    "cell,sentence",
    [
        ("1 / 0", "ZeroDivisionError"),
        ("import os; os._exit(3)", "Kernel died"),
        ("while True: pass", "timed out"),
    ],
    ids=["raises", "dies", "hangs"],
)
def test_failure_is_a_sentence(cell, sentence, tmp_path):
    """A notebook that raises, dies or hangs is reported, not raised."""
    executed, _ = execute(saved(tmp_path, "1", cell, "2"), limit=3)

    assert sentence.lower() in executed.failure.lower()


def test_executed_notebook_is_saved_and_the_original_left_alone(tmp_path):
    """Outputs go where ``save`` says."""
    path = saved(tmp_path, "6 * 7")
    before = path.read_bytes()

    list(execute_all([path], jobs=1, save=lambda p: tmp_path / "out" / p.name))

    assert before == path.read_bytes()
    assert "42" in (tmp_path / "out" / "one.ipynb").read_text()


VERDICTS = {
    "all right": ({"E08.1": "right"}, "", 5.0, ""),
    "one wrong": ({"E08.1": "wrong"}, "", 5.0, "not right: E08.1 wrong"),
    "silent": ({}, "", 5.0, "no answer from the checks of E08.1"),
    "failed": (
        {"E08.1": "right"},
        "ZeroDivisionError: division by zero",
        5.0,
        "ZeroDivisionError: division by zero",
    ),
    "slow": ({"E08.1": "right"}, "", 130.0, "took 130 s, over 120 s"),
}


@pytest.mark.parametrize("states,failure,seconds,sentence", VERDICTS.values(), ids=VERDICTS)
def test_verdict(states, failure, seconds, sentence, tmp_path):
    """A notebook passes only when every check answered as wanted, in time."""
    executed = Executed(tmp_path, seconds, 3, states, failure)

    assert sentence == verdict(executed, "right", {"E08.1"}, 120.0)
