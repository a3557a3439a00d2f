"""One source, two editions; a rebuild changes no byte; a broken source is refused with its place."""

import itertools

import nbformat
import pytest

from course_kit.authoring import source
from course_kit.authoring.source import SourceError, edition, read, sources, stale, text

HEAD = "# %% [markdown]\n# # Title\n\n"
STUB = '# %% tags=["stub", "E99.1"]\ndef f(x):\n    return None  # replace this line\n\n'
SOLVED = '# %% tags=["solution", "E99.1"]\ndef f(x):\n    return 2 * x\n\n'
ANSWER = '# %% [markdown] tags=["solution", "E99.1"]\n# Because.\n\n'
CHECK = '# %% tags=["check", "E99.1"]\ncheck("E99.1")\n'


def written(tmp_path, content):
    path = tmp_path / "99_test.py"
    path.write_text(content, encoding="utf-8")
    return path


def code(notebook):
    return [c.source for c in notebook.cells]


def test_student_edition_has_no_solution(tmp_path):
    """Neither the code nor the answer in words."""
    made = edition(written(tmp_path, HEAD + STUB + SOLVED + ANSWER + CHECK), solved=False)

    assert ["# Title", "def f(x):\n    return None  # replace this line", 'check("E99.1")'] == code(made)


def test_solution_edition_has_no_stub(tmp_path):
    """The solved notebook reads as if the student had written it."""
    made = edition(written(tmp_path, HEAD + STUB + SOLVED + ANSWER + CHECK), solved=True)

    assert ["# Title", "def f(x):\n    return 2 * x", "Because.", 'check("E99.1")'] == code(made)


def test_rebuild_changes_no_byte(tmp_path):
    """Cell ids and metadata come from the source alone."""
    path = written(tmp_path, HEAD + STUB + SOLVED + CHECK)

    assert text(edition(path, solved=False)) == text(edition(path, solved=False))


@pytest.mark.parametrize("path", sources(), ids=lambda p: p.stem)
@pytest.mark.parametrize("solved", [False, True], ids=["student", "solution"])
def test_edition_is_a_valid_notebook_without_outputs(path, solved):
    """What is committed can be opened, and holds no output."""
    made = nbformat.reads(text(edition(path, solved)), as_version=4)

    nbformat.validate(made)
    assert all(c.execution_count is None and not c.outputs for c in made.cells if c.cell_type == "code")


def test_committed_notebooks_are_what_their_sources_give():
    """Nobody edits a generated file."""
    assert [] == stale()


def test_stale_names_file_and_command(tmp_path, monkeypatch):
    """An edited, a missing and a left-over notebook are each named."""
    monkeypatch.setattr(source, "SOURCES", tmp_path / "src")
    monkeypatch.setattr(source, "STUDENT", tmp_path)
    (tmp_path / "src").mkdir()
    written(tmp_path / "src", HEAD)
    (tmp_path / "98_left.ipynb").write_text("{}")

    assert [
        "99_test.ipynb is missing: run `course-kit notebooks build`",
        "98_left.ipynb has no source in notebooks/src",
    ] == (stale())
    (tmp_path / "99_test.ipynb").write_text("{}")
    assert stale()[0].startswith("99_test.ipynb is not what notebooks/src/99_test.py gives")


BROKEN = {
    "unknown tag": (HEAD + '# %% tags=["stubb"]\n1\n', "cell 2: unknown tag 'stubb'"),
    "stub without id": (HEAD + '# %% tags=["stub"]\n1\n', "cell 2: a stub carries its exercise's id"),
    "stub without solution": (HEAD + STUB, "E99.1 needs exactly one stub and one solution"),
    "two stubs": (HEAD + STUB + STUB + SOLVED, "E99.1 needs exactly one stub and one solution"),
    "two solutions": (HEAD + STUB + SOLVED + SOLVED, "E99.1 needs exactly one stub and one solution"),
}


@pytest.mark.parametrize("content,sentence", BROKEN.values(), ids=BROKEN)
def test_broken_source_is_refused(content, sentence, tmp_path):
    """The sentence names the file, the cell and the rule."""
    with pytest.raises(SourceError, match=r"99_test\.py") as caught:
        read(written(tmp_path, content))

    assert sentence in str(caught.value)


@pytest.mark.parametrize("path", sources(), ids=lambda p: p.stem)
def test_one_title_and_headings_in_order(path):
    """A screen reader's outline has one H1 and skips no level."""
    levels = [
        len(line) - len(line.lstrip("#"))
        for cell in read(path)
        if cell.kind == "markdown"
        for line in cell.source.splitlines()
        if line.startswith("#")
    ]

    assert 1 == levels.count(1)
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels))
