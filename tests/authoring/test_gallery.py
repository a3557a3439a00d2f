"""The gallery is what its generator says; every system that the kit has is in it, with a picture and words."""

import ast
import re

import pytest
from PIL import Image

from course_kit.authoring import gallery
from course_kit.authoring.systems import SYSTEMS

ENTRIES = gallery.entries()
PAGE = gallery.PAGE.read_text(encoding="utf-8")
every_entry = pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.system)


def test_the_page_is_what_the_generator_writes():
    """`python docs/make_gallery.py` was run."""
    assert gallery.page() == PAGE


def test_every_system_with_an_import_line_has_its_section():
    """And the page has none besides, in the order of the table."""
    there = [s.name for s in SYSTEMS]

    assert [entry.system for entry in ENTRIES] == there == re.findall(r"^## (.*)$", PAGE, re.MULTILINE)


@every_entry
def test_a_section_has_all_that_it_should(entry):
    """Import line, equation, parameters, figure with words; the links at the top lead to it."""
    section = PAGE.split(f"\n## {entry.system}\n")[1].split("\n## ")[0]

    ast.parse(re.search(r"```python\n(.*?)\n```", section, re.DOTALL)[1])
    assert section.count("$$") == 2 and "\n\n$$\n" in section
    assert ("Parameters: none" in section) == (entry.count is None)
    assert f"![{entry.alt}](gallery/{entry.picture})" in section
    assert len(entry.alt) > 60 and len(entry.shows) > 30
    assert f"(#{gallery.anchor(entry.system)})" in PAGE


@every_entry
def test_a_picture_is_there_and_small(entry):
    """A PNG of under 60 kB, wide enough to be read."""
    path = gallery.FOLDER / entry.picture

    with Image.open(path) as picture:
        assert picture.format == "PNG" and picture.width >= 500
    assert path.stat().st_size < 60_000


def test_no_picture_lies_about_unused():
    """The folder has the pictures of the page and nothing else."""
    assert {path.name for path in gallery.FOLDER.iterdir()} == {entry.picture for entry in ENTRIES}


@every_entry
def test_equations_are_balanced(entry):
    """Braces, brackets that LaTeX sizes, environments; nothing that GitHub would take for Markdown."""
    equation = entry.equation

    assert equation.count("{") == equation.count("}")
    assert equation.count(r"\left") - equation.count(r"\leftarrow") == equation.count(r"\right") - equation.count(
        r"\rightarrow"
    )
    assert equation.count(r"\begin{aligned}") == equation.count(r"\end{aligned}")
    assert "\n\n" not in equation.strip() and "$" not in equation and "`" not in equation


STATED = {
    "Hopfield network": lambda n: n * (n - 1) // 2,
    "Bidirectional associative memory": lambda n, p: n * p,
    "History compressor": lambda m, n_1, k, n_2: n_1 * (2 * m + n_1 + 1) + m + n_2 * (2 * k + n_2 + 1) + k,
    "Character model": lambda V, d, n: V * d + 4 * n * (n + d + 1) + (n + 1) * V,
    "Jet tagger": lambda n, d: 4 * n * (n + 3 + 1) + (n + 1) * d + (d + 1),
    "IMDB_LSTM": lambda m, n: 2 * 4 * n * (n + m + 1) + 2 * 2 * n + 1,
    "Translator in GNMT's shape": lambda n, m, V_s, V_t: (
        (V_s + V_t) * m + 3 * 4 * n * (n + m + 1) + 46 * n * n + 17 * n + V_t * (2 * n + 1)
    ),
}


def test_formulas_that_are_written_by_hand_give_the_numbers_beside_them():
    """All others are printed by `course_kit.params`, whose own tests hold formula and number together."""
    by_hand = {e.system: e.count() for e in ENTRIES if e.count and isinstance(e.count(), gallery.Stated)}

    assert {*by_hand} == {*STATED}
    for system, stated in by_hand.items():
        assert STATED[system](**stated.numbers) == stated.value
