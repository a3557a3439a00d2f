"""A class of hostile submissions, graded in one run with the victims: nothing they do changes what others get."""

import csv
import json
import os
import re
import subprocess
import sys
import tempfile
from html.parser import HTMLParser
from pathlib import Path

import pytest

from tests.hostile.case import CANARY
from tests.hostile.course import CASES, FAMILIES, VICTIMS
from tests.hostile.run import SEED

ROOT = Path(__file__).parents[2]
MOST = 4  # points of the notebook
pytestmark = pytest.mark.slow


def rows_of(graded, student: str) -> list[dict]:
    return [row for row in graded[0]["rows"] if row["student"] == student]


@pytest.mark.parametrize("name", CASES)
def test_case_has_its_score_and_message(graded, name):
    """Each exercise's state, a piece of the first message, a piece of the notes, and no note where none is due."""
    case = CASES[name]
    (row,) = rows_of(graded, case.student)
    notes = "; ".join(row["notes"])

    assert case.states == row["states"], row
    assert case.points == row["points"]
    assert case.message in row["message"]
    assert case.note in notes
    assert bool(case.note) == bool(notes), notes
    assert not row["machine"]


@pytest.mark.parametrize("name", VICTIMS)
def test_victims_keep_their_exact_score(graded, name):
    """Those beside an attack, those who are slow but legal, and those who need the processor."""
    (row,) = rows_of(graded, name)

    assert VICTIMS[name][1] == row["states"], row
    assert not row["notes"]


def test_class_has_what_the_issue_asks_for():
    """Sixty at least, in every family; what was given is never above what the honest part deserves."""
    assert len(CASES) >= 60
    assert set(FAMILIES) == {case.family for case in CASES.values()}
    for case in CASES.values():
        assert case.points <= (case.points if case.honest is None else case.honest) <= MOST


def test_every_submission_has_a_row_and_no_other(graded):
    """In the order of names; a name of two lines is one row."""
    with (graded[1] / "gradebook.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    written = {row["student"].removeprefix("'") for row in rows}
    expected = {case.student for case in CASES.values()} | set(VICTIMS)

    assert {name.strip() for name in expected} == {name.strip() for name in written}
    assert {row["student"] for row in graded[0]["rows"]} == expected
    for row in rows:
        assert None not in row and None not in row.values(), row


def test_no_field_is_a_formula_or_a_second_line(graded):
    """In whatever program the gradebook is opened."""
    for name in ("gradebook.csv", "summary.csv"):
        with (graded[1] / name).open(newline="", encoding="utf-8") as file:
            fields = [field for row in csv.reader(file) for field in row]
        assert not [f for f in fields if f.startswith(("=", "+", "-", "@")) and not re.fullmatch(r"-?[\d.]+", f)]
        assert not [f for f in fields if re.search(r"[\x00-\x1f\x7f\x9b\u202e]", f)]


def test_nothing_is_left_on_the_machine(graded):
    """No process, mount, file, hook, control group, System V object or descriptor, and nobody reached a server."""
    assert graded[0]["changed"] == {}
    assert graded[0]["submissions untouched"]
    assert graded[0]["reached"] == 0


def test_nothing_was_found_by_those_who_looked(graded):
    """The looking cases print what they find; the canary is in a victim's notebook and in the judge's environment."""
    for row in graded[0]["rows"]:
        if row["student"].startswith(("reads-", "writes-")):
            assert "found" not in row["output"], row["output"][:500]
            assert CANARY[:11] not in row["output"]


def test_secrets_stand_on_no_page(graded):
    """The seed and a victim's own text."""
    for path in sorted(graded[1].rglob("*.html")):
        content = path.read_text(encoding="utf-8")
        assert str(SEED) not in content, path.name
        assert CANARY not in content or path.name == "victim-0.html", path.name


class Tags(HTMLParser):
    """Collects what a browser would run."""

    def __init__(self):
        super().__init__()
        self.live, self.script = [], False

    def handle_starttag(self, tag, attrs):
        self.script = tag == "script"
        self.live += [f"{tag} {name}" for name, _ in attrs if name.startswith("on")]
        self.live += [f"{tag} {name}={v}" for name, v in attrs if name in ("src", "href") and "hostile()" in (v or "")]
        self.live += [tag] if tag in ("img", "iframe", "object", "embed", "base", "form") else []

    def handle_data(self, data):
        if self.script and "hostile(" in data:
            self.live.append(data[:60])

    def handle_endtag(self, tag):
        self.script = False


def test_pages_hold_no_live_markup(graded):
    """Names, errors, types, keys, outputs and cells with script in them are shown as text."""
    pages = sorted(graded[1].rglob("*.html"))

    assert len(pages) > len({case.student for case in CASES.values()})
    for path in pages:
        tags = Tags()
        tags.feed(path.read_text(encoding="utf-8"))
        assert tags.live == [], path.name


@pytest.mark.skipif(os.geteuid() != 0, reason="not root: the whole class was already graded as an ordinary user")
def test_same_holds_for_an_ordinary_user():
    """The families that ask the kernel, graded by one who is not root."""
    families = ("ends", "eats", "reads", "writes")
    user = [sys.executable, ROOT / "tests/grading/ordinary_user.py"]
    # pytest keeps its own folders closed to all other users.
    with tempfile.TemporaryDirectory(prefix="hostile-", ignore_cleanup_errors=True) as folder:
        os.chmod(folder, 0o777)
        command = [*user, sys.executable, "-m", "tests.hostile.run", folder, *families]
        subprocess.run(command, cwd=ROOT, check=True, timeout=500)
        found = json.loads(Path(folder, "run.json").read_text())

    assert "user namespace" in found["isolation"]
    assert found["changed"] == {}
    assert found["reached"] == 0
    rows = {row["student"]: row for row in found["rows"]}
    for name, (_, states) in VICTIMS.items():
        assert states == rows[name]["states"], rows[name]
    for case in CASES.values():
        if case.family in families:
            assert (case.states, case.points) == (rows[case.student]["states"], rows[case.student]["points"]), case.name
            assert "found" not in rows[case.student]["output"] and CANARY[:11] not in rows[case.student]["output"]
