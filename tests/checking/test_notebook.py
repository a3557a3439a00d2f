"""The three calls that a student makes."""

import pytest

from course_kit import check, hint, progress
from course_kit.checking import State
from course_kit.checking import notebook as student
from course_kit.checking.registry import UnknownExercise, find


@pytest.fixture(autouse=True)
def fresh(monkeypatch):
    monkeypatch.setattr(student, "_seen", {})


def test_check_finds_the_callers_names():
    """Without a namespace the names of the module that calls are looked at."""
    scope = {"__name__": "notebook"}
    exec(
        "from course_kit import check\ndef forget_gate(x, h, W, U, b): return x\noutcome = check('E08.1')",
        scope,
    )

    assert State.WRONG == scope["outcome"].state


def test_check_prints_outside_jupyter(capsys):
    """In a plain Python session the answer is printed."""
    check("E08.1", namespace={})

    assert capsys.readouterr().out.startswith("E08.1 Forget gate: not attempted\n  forget_gate is not defined")


BAD_IDS = {
    "no such exercise": ("E08.77", "notebook 08 has E08.1"),
    "no such notebook": ("E77.1", "E77.1 is of notebook 77"),
    "no id": ("forget gate", "an exercise is named like"),
    "no text": (8.1, "an exercise is named like"),
}


@pytest.mark.parametrize("id,sentence", BAD_IDS.values(), ids=BAD_IDS)
def test_unknown_id_gets_a_sentence(id, sentence, capsys):
    """A slip in the id is no traceback."""
    assert check(id, namespace={}) is None
    hint(id)

    assert 2 == capsys.readouterr().out.count(sentence)
    with pytest.raises(UnknownExercise):
        find(id)


def test_hints_come_in_two_steps(capsys):
    """The second says more; a third there is not."""
    for number in (1, 2, 3):
        hint("E08.1", number)

    one, two, three = capsys.readouterr().out.splitlines()
    assert one.startswith("E08.1 hint 1 of 2: ")
    assert two.startswith("E08.1 hint 2 of 2: ")
    assert "E08.1 has hints 1 to 2. Got 3." == three


def test_progress_counts_the_notebook(capsys):
    """All exercises of a notebook are listed once one was checked."""
    check("E08.1", namespace={})
    table = progress()

    assert ("E08.1", "Forget gate", State.NOT_ATTEMPTED) == table.rows[0]
    assert f"0 of {len(table.rows)} right" in str(table)
    assert "<table>" in table._repr_html_()


def test_progress_before_any_check(capsys):
    """It says what to do."""
    assert "nothing checked yet" in str(progress())
