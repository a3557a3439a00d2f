"""The README says what is there: its tables are made from the code, its examples run."""

import re
from pathlib import Path

import pytest

from course_kit.authoring.systems import SYSTEMS, replaced

README = Path(__file__).parents[1] / "README.md"
PAGE = README.read_text(encoding="utf-8")


def test_tables_are_what_the_code_gives():
    """`python -m course_kit.authoring.systems` was run."""
    assert replaced(PAGE) == PAGE


@pytest.mark.parametrize("line", sorted({s.use for s in SYSTEMS}))
def test_import_line_works(line):
    """What the table offers can be had."""
    exec(line, {})


@pytest.mark.parametrize("system", SYSTEMS, ids=lambda s: s.name)
def test_no_row_is_empty(system):
    """Each system has its slides, its source, an import line and what it agrees with."""
    assert all((system.name, system.slides, system.source, system.use, system.proof))


def test_examples_run(capsys):
    """The student's example is wrong in the way that the comment says; the modeller's prints its counts."""
    student, modeller = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)

    exec(student, {})
    assert "E08.1 Forget gate: wrong" in (said := capsys.readouterr().out)
    assert "the bias b_f is missing" in said

    exec(modeller, {})
    table = capsys.readouterr().out
    assert "165" in table
    assert "agrees" in table


def test_links_lead_somewhere():
    """No picture or page is missing."""
    targets = re.findall(r"\]\(([^)#]+)\)", PAGE)

    assert [] == [t for t in targets if not (README.parent / t).exists()]
