"""What a student gets runs, installs, and gives no answer away; and no folder of somebody else's is touched."""

import json
import re

import pytest
from rich.console import Console

from course_kit.authoring.source import read, sources
from course_kit.grading import release as release_module
from course_kit.grading.release import MARKER, ReleaseError, release, run


@pytest.fixture(scope="module")
def handout(tmp_path_factory):
    folder = tmp_path_factory.mktemp("release") / "handout"
    release(folder)
    return folder


def everything(folder):
    return {p.relative_to(folder).as_posix(): p for p in folder.rglob("*") if p.is_file()}


def test_every_notebook_is_there(handout):
    """The student edition of each source, and nothing else among the notebooks."""
    assert [f"{s.stem}.ipynb" for s in sources()] == sorted(p.name for p in (handout / "notebooks").iterdir())


def test_no_solution_is_in_a_notebook(handout):
    """No solution cell, code or text, stands in any notebook, and every stub does."""
    for source in sources():
        cells = json.loads((handout / "notebooks" / f"{source.stem}.ipynb").read_text(encoding="utf-8"))["cells"]
        given = {"".join(cell["source"]) for cell in cells}
        for cell in read(source):
            if "solution" in cell.tags:
                assert not any(cell.source in text for text in given), cell.source
            if "stub" in cell.tags:
                assert cell.source in given


GIVES_AWAY = re.compile(r"notebooks/src|(^|/)tests/|mutants|sample_class|build/|solution|\.pyc$|__pycache__|\.git")


def test_no_file_gives_answers_away(handout):
    """No sources of the notebooks, no tests, no wrong answers, no sample class, no generator of it."""
    assert [] == [name for name in everything(handout) if GIVES_AWAY.search(name)]


def test_readme_says_what_the_kit_contains(handout):
    """The package judges with formulas that one can read; saying nothing of that would be a lie."""
    readme = (handout / "README.md").read_text(encoding="utf-8")

    for part in ("kit/course_kit/exercises", "kit/course_kit/reference", "pip install -r requirements.txt", "Hand in"):
        assert part in readme
    for folder in re.findall(r"`(kit/course_kit/\w+)`", readme):
        assert (handout / folder).is_dir()


def test_kit_is_installed_from_the_folder_itself(handout):
    """Package, metadata and shipped data lie where the requirements and the datasets look for them."""
    assert ["-c constraints.txt", "-e ./kit"] == (handout / "requirements.txt").read_text().splitlines()
    for name in (
        "kit/pyproject.toml",
        "kit/README.md",
        "kit/course_kit/__init__.py",
        "kit/course_kit/exercises/slides.yaml",
    ):
        assert name in everything(handout)
    pins = (handout / "constraints.txt").read_text().splitlines()
    assert any(pin.startswith("tensorflow==") for pin in pins)
    assert not any(pin.startswith("-") for pin in pins)


def test_notebooks_find_their_data(handout):
    """Every data file that the kit ships, but no generator, lies beside the package."""
    shipped = {p.name for p in (release_module.ROOT / "data").iterdir() if p.is_file() and p.suffix != ".py"}

    assert shipped == {p.name for p in (handout / "kit" / "data").iterdir()}


def test_labels_of_the_held_out_reviews_stay_here(handout):
    """Notebook 21 is judged by reviews whose labels no student has; the texts go out, and the module still works."""
    from course_kit.exercises import held_out_labels

    handed = everything(handout)
    module = handed["kit/course_kit/exercises/held_out_labels.py"].read_text(encoding="utf-8")
    names = {}
    exec(module, names)

    assert names["LABELS"] is None
    assert names["DIGEST"] == held_out_labels.DIGEST
    assert "kit/data/reviews_held_out.txt.gz" in handed
    pieces = [held_out_labels.LABELS[k : k + 16] for k in range(0, 200, 16)]
    assert not [name for name, path in handed.items() if any(p.encode() in path.read_bytes() for p in pieces)]


def test_no_release_without_knowing_where_the_labels_are():
    """A file of labels that was written by hand is not handed out by mistake."""
    with pytest.raises(ReleaseError, match="make it again"):
        release_module._without_labels(b'LABELS = "ff"\n')


def test_second_release_gives_the_same_bytes(tmp_path):
    """Twice into one folder is once; what somebody put beside it stays."""
    folder = tmp_path / "handout"
    release(folder)
    before = {name: path.read_bytes() for name, path in everything(folder).items()}
    (folder / "mine.txt").write_text("mine")
    (folder / "notebooks" / "08_old.ipynb").write_text("{}")
    marker = json.loads((folder / MARKER).read_text())
    (folder / MARKER).write_text(json.dumps([*marker, "notebooks/08_old.ipynb"]))

    release(folder)

    after = {name: path.read_bytes() for name, path in everything(folder).items()}
    assert after.pop("mine.txt") == b"mine"
    assert before == after


def test_foreign_folder_is_refused(tmp_path):
    """A folder that the kit did not make is left as it is."""
    (tmp_path / "thesis.tex").write_text("years of work")

    with pytest.raises(ReleaseError, match="was not made by `course-kit release`"):
        release(tmp_path)

    assert ["thesis.tex"] == [p.name for p in tmp_path.iterdir()]


def test_marker_cannot_lead_out_of_the_folder(tmp_path):
    """A marker that was tampered with removes nothing outside."""
    victim = tmp_path / "victim.txt"
    victim.write_text("x")
    folder = tmp_path / "handout"
    folder.mkdir()
    (folder / MARKER).write_text(json.dumps(["../victim.txt", str(victim)]))

    release(folder)

    assert victim.exists()


def test_wrong_use_is_one_line_and_code_2(tmp_path):
    """A file where a folder is due, a folder of somebody's, a place that cannot be written."""
    (tmp_path / "file").write_text("x")
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "x").write_text("x")
    for folder, sentence in (("file", "is a file"), ("full", "is not empty"), ("file/inside", "cannot be written")):
        console = Console(width=200, record=True)

        assert 2 == run(tmp_path / folder, console)
        assert sentence in console.export_text()
