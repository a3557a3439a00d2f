"""Read a notebook file by hand: whatever stands in it, code cells with numbers come out, or a sentence.

``nbformat`` refuses what does not fit its schema; a grader must read that too, and must not be kept busy by it.
"""

import ast
import json
import re
import threading
import warnings
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from course_kit.checking import Exercise, registry
from course_kit.grading import percent

MAX_CELLS = 1000
# The longest notebook of the course has 30,000; a syntax tree takes some 500 bytes for each, and no other thread of
# the judge runs while it is made.
MAX_CODE = 150_000
# Python's parser puts a dotted name together piece by piece: one of a hundred thousand pieces takes it a minute.
LONG_CHAIN = re.compile(r"(?:\.[\s\\]*+\w++[\s\\]*+){100}")
MAX_SCRIPT = 1_000_000  # a file in the percent format holds text and code, and no outputs
MAX_QUOTED = 20_000
MOST_LISTED = 9
# A large notebook has 20,000. Parsing keeps every other thread of the judge waiting: a million take a second.
MAX_BRACKETS, MAX_COMMAS = 300_000, 3_000_000
CHECK = re.compile(r"""\bcheck\(\s*["']E(\d\d)\.\d+["']""")
CALLS = {"check", "hint", "progress"}
_PARSING = threading.Lock()


class NotANotebook(ValueError):
    """The file holds no notebook; the text is the sentence for its row."""


@dataclass(frozen=True)
class CodeCell:
    """A code cell. ``number`` is what Jupyter shows in its brackets after Restart and Run All."""

    number: int
    source: str

    @cached_property
    def tree(self) -> ast.Module | None:
        """The cell's syntax tree, None if it has none."""
        return parse(self.source)

    @cached_property
    def defines(self) -> frozenset[str]:
        """Names that the cell defines at its top level, as far as one can see even if it does not compile."""
        return frozenset(defined_names(self.tree) if self.tree else defined_by_eye(self.source))


@dataclass(frozen=True)
class Notebook:
    """What a notebook file holds: code cells, and the text of all others."""

    cells: tuple[CodeCell, ...]
    texts: tuple[str, ...]


def read_notebook(content: bytes, script: bool = False) -> Notebook:
    """The cells of a notebook in format 3 or 4, or of a ``script`` in the percent format. Raises ``NotANotebook``."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise NotANotebook(f"the file is not a notebook: it is no UTF-8 text (byte {error.start})") from None
    if script and len(text) > MAX_SCRIPT:
        raise NotANotebook(f"the file has {len(text)} characters; of a Python file at most {MAX_SCRIPT} are read")
    found = percent.cells(text) if script else list(_raw_cells(_json(text)))
    code = [text for kind, text in found if kind == "code" and text.strip()]
    if len(code) > MAX_CELLS:
        raise NotANotebook(f"the notebook has {len(code)} code cells; at most {MAX_CELLS} are run")
    length = sum(map(len, code))
    if length > MAX_CODE:
        raise NotANotebook(f"the notebook has {length} characters of code; at most {MAX_CODE} are run")
    return Notebook(
        cells=tuple(CodeCell(number, text) for number, text in enumerate(code, 1)),
        texts=tuple(_within(MAX_CODE, (text for kind, text in found if kind != "code"))),
    )


def _within(most: int, texts: Iterable[str]) -> Iterable[str]:
    """The first texts that have so many characters together, as far as they go."""
    for text in texts:
        yield text[:most]
        most -= len(text)
        if most <= 0:
            return


def _json(text: str):
    if text.count("[") + text.count("{") > MAX_BRACKETS or text.count(",") > MAX_COMMAS:
        raise NotANotebook("the file holds too many values for a notebook; clear the outputs and hand it in again")
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        cut = " (it was cut off)" if error.pos >= len(text.rstrip()) else ""
        raise NotANotebook(
            f"the file is not a notebook: broken JSON in line {error.lineno}{cut}; download it again and hand that in"
        ) from None
    except (ValueError, RecursionError):
        # Numbers of more than 4300 digits; brackets nested a thousand deep.
        raise NotANotebook("the file is not a notebook: its JSON cannot be read") from None


def _raw_cells(data) -> Iterable[tuple[str, str]]:
    """Kind and text of every cell. Format 3 keeps cells in worksheets and calls a code cell's text ``input``."""
    if not isinstance(data, dict):
        raise NotANotebook("the file is not a notebook: its JSON is no object")
    sheets = data["worksheets"] if isinstance(data.get("worksheets"), list) else [data]
    if not any(isinstance(sheet, dict) and isinstance(sheet.get("cells"), list) for sheet in sheets):
        raise NotANotebook("the file is not a notebook: it has no list of cells")
    for sheet in sheets:
        cells = sheet.get("cells") if isinstance(sheet, dict) else None
        for cell in cells if isinstance(cells, list) else ():
            if isinstance(cell, dict):
                text = cell.get("source", cell.get("input", ""))
                if isinstance(text, list):
                    text = "".join(line for line in text if isinstance(line, str))
                yield str(cell.get("cell_type")), text if isinstance(text, str) else ""


def which_notebook(stem: str, notebook: Notebook | None) -> tuple[str | None, str]:
    """The number of the course's notebook that a file is, and a note.

    The file's name decides if it starts with a number ("08_lstm (1)", "08"); else the exercises that its
    ``check`` calls name; else any number of a notebook in the name ("anna-08").
    """
    known = registry.notebooks()
    start = re.match(r"(\d\d)(?!\d)", stem)
    checked = [n for cell in notebook.cells for n in CHECK.findall(cell.source)] if notebook else []
    common = max(sorted(set(checked) & set(known)), key=checked.count, default=None)
    if start and start[1] in known:
        if common and start[1] not in checked:
            return start[1], (
                f"the file's name says notebook {start[1]}, its checks are of notebook {common}: it was graded as "
                f"{start[1]}; if that is wrong, rename it"
            )
        return start[1], ""
    if common:
        return common, ""
    inside = {n for n in re.findall(r"(?<!\d)\d\d(?!\d)", stem) if n in known}
    if len(inside) == 1:
        return inside.pop(), ""
    return None, "which notebook this is cannot be told: start the file's name with its number, as in 08_lstm.ipynb"


def defining_cells(name: str, cells: Iterable[CodeCell]) -> list[CodeCell]:
    """The cells that define ``name``, in order."""
    return [cell for cell in cells if name in cell.defines]


def answer_cells(exercise: Exercise, notebook: Notebook) -> str:
    """The student's own cells for an exercise: for each name the last one that defines it."""
    last = {found[-1] for name in exercise.names if (found := defining_cells(name, notebook.cells))}
    quoted = "\n\n".join(cell.source.strip("\n") for cell in sorted(last, key=lambda cell: cell.number))
    return quoted if len(quoted) <= MAX_QUOTED else f"{quoted[:MAX_QUOTED]}\n..."


def notes_on_names(exercises: Iterable[Exercise], notebook: Notebook) -> list[str]:
    """Sentences on answers that are not where one would look for them."""
    notes = []
    for name in dict.fromkeys(name for exercise in exercises for name in exercise.names):
        found = defining_cells(name, notebook.cells)
        if len(found) > 1:
            few = " and ".join(str(cell.number) for cell in found)
            listed = f"cells {few}" if len(found) < MOST_LISTED else f"{len(found)} cells"
            notes.append(f"{name} is defined in {listed}: the last one counts")
        elif not found and any(name in defined_by_eye(text) for text in notebook.texts):
            notes.append(f"the cell that defines {name} is no code cell: turn it into one")
    return notes


def cells_that_show(exercises: Iterable[Exercise], cells: Iterable[CodeCell]) -> set[int]:
    """Numbers of the cells that use the kit's checks, figures or data and answer nothing.

    The kit is not there when a notebook is graded, so an error in one of them is no news for anybody.
    """
    nodes = {cell.number: list(ast.walk(cell.tree)) for cell in cells if cell.tree}
    imports = [n for found in nodes.values() for n in found if isinstance(n, ast.ImportFrom)]
    ours = [n for n in imports if (n.module or "").split(".")[0] == "course_kit"]
    kit = {alias.asname or alias.name for n in ours for alias in n.names} - CALLS
    answers = {cell.number for e in exercises for name in e.names for cell in defining_cells(name, cells)}
    read = {
        number: {n.id for n in found if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)}
        for number, found in nodes.items()
    }
    checks = {cell.number for cell in cells if cell.tree and all(map(_is_check, cell.tree.body))}
    return {number for number, names in read.items() if kit & names} - answers | checks


def _is_check(statement: ast.stmt) -> bool:
    match statement:
        case ast.Expr(ast.Call(ast.Name(name))):
            return name in CALLS
    return False


def defined_names(tree: ast.Module) -> set[str]:
    """Names that a module defines at its top level, also inside an ``if`` or a ``with``."""
    found, left = set(), list(tree.body)
    while left:
        node = left.pop()
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            found.add(node.name)
        elif isinstance(node, ast.alias):
            found.add((node.asname or node.name).split(".")[0])
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            found.add(node.id)
        elif not isinstance(node, ast.Lambda):
            left += ast.iter_child_nodes(node)
    return found


def defined_by_eye(source: str) -> set[str]:
    """The same for what is no Python: a cell with an error, a cell of text."""
    pairs = re.findall(r"^(?:def|class)\s+(\w+)|^(\w+)\s*=(?!=)", source, re.MULTILINE)
    return {defined or assigned for defined, assigned in pairs}


def parse(source: str) -> ast.Module | None:
    """The syntax tree of a cell, None if it has none. What Python warns of in it is not the instructor's matter."""
    if LONG_CHAIN.search(source):
        return None
    # The lock keeps one thread from restoring the filters that another has set; parsing holds the interpreter anyway.
    with _PARSING, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return ast.parse(source)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return None
