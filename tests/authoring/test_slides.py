"""Every slide has its exercise, every exercise its slides, and both stand in the notebooks."""

from functools import cache

import pytest
from rich.console import Console

from course_kit.authoring import slides
from course_kit.authoring.source import sources
from course_kit.exercises.inventory import exercises_of, inventory

BUILT = {s.stem[:2] for s in sources()}


@cache
def rows():
    return slides.coverage()


def test_inventory_has_the_159_slides():
    """24 to 50 slides a document, none twice."""
    assert 159 == len(inventory()["slides"])


@pytest.mark.parametrize("slide", inventory()["slides"])
def test_slide_is_covered_in_the_notebooks_that_are_there(slide):
    """The notebook has the exercise, names the slide in a tag and gives its original title."""
    row = next(r for r in rows() if r.slide == slide)

    assert row.exercises
    if all(e[1:3] in BUILT for e in row.exercises):
        assert "" == row.gap


def test_no_exercise_is_stray():
    """Inventory, exercise modules and notebooks know the same exercises."""
    assert [] == slides.stray()


def test_command_counts(capsys):
    """The last line is the count, the exit code says whether all are there."""
    code = slides.run(Console())

    whole = all(not r.gap for r in rows())
    assert f"of {len(rows())} slides have their exercises" in capsys.readouterr().out
    assert (0 if whole else 1) == code


TEXT = "Forget gate. Рекуррентные сети VII (3/6): Forget gate. LSTM: bramka zapominania LSTM (3/6): забвение"
TAGS = {"E08.1", "slide:D1.17"}
GAPS = {
    "no notebook": ({}, "notebook 08 is not there yet"),
    "not asked": ({"08": (TAGS - {"E08.1"}, TEXT)}, "notebook 08 does not ask E08.1"),
    "no tag": ({"08": (TAGS - {"slide:D1.17"}, TEXT)}, "notebook 08 has no cell tagged slide:D1.17"),
    "no title": ({"08": (TAGS, "Forget gate")}, "notebook 08 does not give its title"),
    "covered": ({"08": (TAGS, TEXT)}, ""),
}


@pytest.mark.parametrize("texts,sentence", GAPS.values(), ids=GAPS)
def test_gap_is_named(texts, sentence, monkeypatch):
    """Each way in which a slide can be missed has its sentence."""
    monkeypatch.setattr(slides, "notebook_texts", lambda: texts)
    row = next(r for r in slides.coverage() if r.slide == "D1.17")

    assert ("E08.1",) == exercises_of("D1.17")
    assert sentence == row.gap
