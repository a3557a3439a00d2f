"""The sample class, graded as an instructor does it: every exercise of all eight has its state and its message."""

import csv
import importlib.util
import json
from functools import cache

import pytest
from rich.console import Console

from course_kit.authoring.source import ROOT
from course_kit.checking import State, notebook_exercises
from course_kit.grading import command, demo
from course_kit.grading.notebooks import read_notebook

FOLDER = ROOT / "data" / "sample_class"
ALL = tuple(e.id for e in notebook_exercises("08"))

# For each student: what is not right, and a piece of its message; the rest is right.
NOT_RIGHT = {
    "alder": {},
    "birch": {
        "E08.4": (State.WRONG, "the tanh around c is missing"),
        "E08.7": (State.WRONG, "the forget gate's line is right"),
        "E08.8": (State.NOT_ATTEMPTED, "ride returned None: replace the stub's last line"),
        "E08.9": (State.NOT_ATTEMPTED, "gate_traces returned None: replace the stub's last line"),
    },
    "cedar": {"E08.8": (State.COULD_NOT_RUN, "ride: no answer within 5 s: look for a loop that does not end")},
    "elm": {"E08.2": (State.COULD_NOT_RUN, "ModuleNotFoundError in line 1 of cell")},
    "hazel": {"E08.3": (State.NOT_ATTEMPTED, "new_cell_state is not defined in the notebook. Its cell is missing")},
    "linden": {"E08.1": (State.COULD_NOT_RUN, "SyntaxError in line 6 of cell")},
    "maple": {id: (State.NOT_ATTEMPTED, "None: replace") for id in ALL},
    "rowan": {"E08.6": (State.COULD_NOT_RUN, "2**17))`: Unable to allocate 128. GiB for an array")},
}
NOTES = {
    "elm": "No module named 'lstmtools'",
    "linden": "SyntaxError",
    "rowan": "MemoryError: Unable to allocate 128. GiB",
}


@cache
def generator():
    spec = importlib.util.spec_from_file_location("make_sample_class", ROOT / "data" / "make_sample_class.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def graded(tmp_path_factory, sandbox):
    """What the command printed, and the folder that it wrote."""
    out = tmp_path_factory.mktemp("eight") / "grades"
    console = Console(width=160, record=True)
    assert 0 == command.run(FOLDER, out, seed=11, sandbox=sandbox, console=console)
    return console.export_text(), out


def rows(out):
    with (out / "gradebook.csv").open(newline="", encoding="utf-8") as file:
        return {(row["student"], row["exercise"]): row for row in csv.DictReader(file)}


def test_files_are_what_the_generator_makes():
    """The committed class comes from the notebook's source, byte by byte."""
    made = generator().sample_class()

    assert set(made) == {p.relative_to(FOLDER).as_posix() for p in FOLDER.rglob("*") if p.is_file()}
    for name, content in made.items():
        again = "run `python data/make_sample_class.py`: the notebook's source has changed"
        assert content.encode() == (FOLDER / name).read_bytes(), again


def test_replacement_that_no_longer_fits_stops_the_generator():
    """A class in which a mistake has silently vanished would test nothing."""
    with pytest.raises(ValueError, match="must stand once"):
        generator().replaced("a = 1", [("b = 1", "b = 2")])


@pytest.mark.parametrize("student", NOT_RIGHT)
def test_every_exercise_has_its_state_and_message(graded, student):
    """Nothing costs more than what depends on it."""
    found = rows(graded[1])

    for id in ALL:
        state, message = NOT_RIGHT[student].get(id, (State.RIGHT, ""))
        row = found[student, id]
        assert state == row["state"], row
        assert ("1" if state is State.RIGHT else "0") == row["points"]
        assert message in row["message"]


@pytest.mark.parametrize("student", NOT_RIGHT)
def test_notes_tell_what_happened_to_the_file(graded, student):
    """A note where a cell failed, none where all went well."""
    submissions = json.loads((graded[1] / "results.json").read_text(encoding="utf-8"))["submissions"]
    (notes,) = [s["notes"] for s in submissions if s["student"] == student]

    assert bool(NOTES.get(student)) == bool(notes)
    assert NOTES.get(student, "") in " ".join(notes)


def test_score_that_was_printed_is_nobody_s(graded):
    """It stands in the output that is kept, and in no table; the file that was written is nowhere."""
    text, out = graded
    submissions = json.loads((out / "results.json").read_text(encoding="utf-8"))["submissions"]
    (maple,) = [s for s in submissions if s["student"] == "maple"]

    assert "E08.1 Forget gate: right" in maple["output"]
    assert "maple" in text
    assert {("maple", "0")} == {(r["student"], r["points"]) for r in rows(out).values() if r["student"] == "maple"}


def test_instructor_sees_the_class(graded):
    """Table, seed, isolation, files."""
    text, out = graded
    summary = list(csv.DictReader((out / "summary.csv").open(encoding="utf-8")))

    assert [9, 5, 8, 8, 8, 8, 0, 8] == [int(r["points"]) for r in summary]
    assert {"9"} == {r["max"] for r in summary}
    assert "✓ ✓ ✓ ✗ ✓ ✓ ✗ – –" in text
    assert {f"{student}.html" for student in NOT_RIGHT} == {p.name for p in (out / "feedback").iterdir()}


def test_notebooks_are_read_as_they_are_handed_in():
    """Forty cells or so, one fewer where one was deleted."""
    counts = {s: len(read_notebook((FOLDER / s / "08_lstm_gate_by_gate.ipynb").read_bytes()).cells) for s in NOT_RIGHT}

    assert counts["alder"] - 1 == counts["hazel"]
    assert {counts["alder"]} == {count for student, count in counts.items() if student != "hazel"}


def test_demo_builds_hands_out_and_grades(tmp_path, monkeypatch):
    """The demo is these three steps on the sample class, with the exit code of the grading."""
    graded = []
    monkeypatch.setattr(demo, "build", lambda: ["a", "b"])
    monkeypatch.setattr(demo.command, "run", lambda folder, out, **more: graded.append((folder, out)) or 0)
    console = Console(width=200, record=True)

    assert 0 == demo.run(tmp_path, console)
    assert [(FOLDER, tmp_path / "grades")] == graded
    assert (tmp_path / "handout" / "notebooks" / "08_lstm_gate_by_gate.ipynb").exists()
    assert str(tmp_path / "handout") in console.export_text()
