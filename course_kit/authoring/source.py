"""Read ``notebooks/src/NN_name.py`` (jupytext percent) and make the two editions of a notebook.

A cell's tags say what it is: ``stub`` (what the student starts from), ``solution`` (what the student must not
see: code, or a text with the answer to a question), ``check``, ``hint``, ``figure``. The student edition leaves
the solutions out, the solution edition the stubs. An exercise's stub and solution also carry its id.
"""

import re
from dataclasses import dataclass
from pathlib import Path

import jupytext
import nbformat

ROOT = Path(__file__).resolve().parent.parent.parent
SOURCES = ROOT / "notebooks" / "src"
STUDENT = ROOT / "notebooks"
SOLUTIONS = ROOT / "build" / "solutions"
ROLES = {"stub", "solution", "check", "hint", "figure", "setup"}
ID = re.compile(r"E\d\d\.\d+")


class SourceError(ValueError):
    """A notebook's source breaks a rule; the text names file and cell."""


@dataclass(frozen=True)
class Cell:
    """One cell of a source."""

    kind: str
    source: str
    tags: tuple[str, ...]

    @property
    def exercise(self) -> str | None:
        return next((t for t in self.tags if ID.fullmatch(t)), None)


def sources() -> list[Path]:
    """All sources, in order."""
    return sorted(SOURCES.glob("[0-9][0-9]_*.py"))


def read(path: Path) -> list[Cell]:
    """The cells of a source. Raises ``SourceError`` for a tag or a pairing that makes no sense."""
    notebook = jupytext.read(path, fmt="py:percent")
    cells = [Cell(c.cell_type, c.source, tuple(c.metadata.get("tags", ()))) for c in notebook.cells]
    for number, cell in enumerate(cells, 1):
        for tag in cell.tags:
            if tag not in ROLES and not ID.fullmatch(tag) and not tag.startswith("slide:"):
                raise SourceError(f"{path.name}, cell {number}: unknown tag {tag!r}; known: {', '.join(sorted(ROLES))}")
        if "stub" in cell.tags and cell.exercise is None:
            raise SourceError(f"{path.name}, cell {number}: a stub carries its exercise's id as a tag")
    stubs = [c.exercise for c in cells if "stub" in c.tags]
    solved = [c.exercise for c in cells if "solution" in c.tags and c.kind == "code"]
    for id in stubs:
        if stubs.count(id) > 1 or solved.count(id) != 1:
            raise SourceError(f"{path.name}: {id} needs exactly one stub and one solution cell")
    return cells


def edition(path: Path, solved: bool) -> nbformat.NotebookNode:
    """The student edition of a source, or the solved one."""
    leave_out = "stub" if solved else "solution"
    made = []
    for number, cell in enumerate(read(path)):
        if leave_out in cell.tags:
            continue
        make = nbformat.v4.new_markdown_cell if cell.kind == "markdown" else nbformat.v4.new_code_cell
        # The id comes from the place in the source, so that a rebuild changes no byte.
        node = make(cell.source, id=f"{path.stem[:2]}-{number:03d}")
        if cell.tags:
            node.metadata["tags"] = list(cell.tags)
        made.append(node)
    notebook = nbformat.v4.new_notebook(cells=made)
    notebook.metadata = {
        "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }
    nbformat.validate(notebook)
    return notebook


def text(notebook: nbformat.NotebookNode) -> str:
    """The bytes of the file, as text."""
    return nbformat.writes(notebook) + "\n"


def student_path(source: Path) -> Path:
    return STUDENT / f"{source.stem}.ipynb"


def solution_path(source: Path) -> Path:
    return SOLUTIONS / f"{source.stem}.ipynb"


def build() -> list[Path]:
    """Write all student editions, and the solved ones under ``build/solutions``. Returns the files written."""
    written = []
    for source in sources():
        for path, solved in ((student_path(source), False), (solution_path(source), True)):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text(edition(source, solved)), encoding="utf-8")
            written.append(path)
    return written


def stale() -> list[str]:
    """Sentences about student notebooks that differ from what their source gives; empty when all is well."""
    found = []
    for source in sources():
        path = student_path(source)
        if not path.exists():
            found.append(f"{path.name} is missing: run `course-kit notebooks build`")
        elif path.read_text(encoding="utf-8") != text(edition(source, solved=False)):
            found.append(f"{path.name} is not what notebooks/src/{source.name} gives: run `course-kit notebooks build`")
    known = {student_path(s) for s in sources()}
    found += [f"{p.name} has no source in notebooks/src" for p in sorted(STUDENT.glob("*.ipynb")) if p not in known]
    return found
