"""Broken files: JSON bombs, wrong encodings, old and future formats, too many cells, and notebooks taken apart."""

import json
from pathlib import Path

from tests.grading_front.conftest import DOUBLE, GATE, MISPRINT, RIGHT, SETUP, notebook
from tests.hostile.case import FILE, Case, Make, answer, beside, text

WHOLE = notebook()


def cells(*found: dict | str, **top) -> str:
    """A notebook of raw cells, whatever they are."""
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": list(found), **top})


def code(source, **more) -> dict:
    return {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None, "source": source, **more}


def sparse(size: int) -> Make:
    """A notebook whose first output is so long; the zeros in it take no room on the disk."""

    def make(folder: Path, name: str) -> None:
        text(WHOLE[:-1])(folder, name)
        with open(folder / name / FILE, "r+b") as file:
            file.truncate(size)

    return make


def python2(source: str) -> dict:
    return {"cell_type": "code", "input": source, "outputs": [], "language": "python", "prompt_number": 1}


OLD = json.dumps(
    {"nbformat": 3, "nbformat_minor": 0, "metadata": {}, "worksheets": [{"cells": [python2(c) for c in RIGHT]}]}
)
IDS = cells(*(code(source, id="same") for source in RIGHT))
LINES = cells(*(code([line + "\n" for line in source.split("\n")]) for source in RIGHT))
ODD = cells(
    "text",
    5,
    None,
    [],
    {"cell_type": "code"},
    {"source": 7},
    code({"a": 1}),
    code([1, "x = 1\n", None]),
    *map(code, RIGHT),
)
OUTPUTS = [{"output_type": "display_data", "data": {"text/html": "<script>hostile()</script>"}, "metadata": None}, 5]
NO_ATTEMPT = "NNN"
BROKEN = "broken JSON in line 1"

CASES = [
    Case("empty", "an empty file", text(""), "CCC", "broken JSON", "broken JSON"),
    Case("cut", "half a download", text(WHOLE[: len(WHOLE) // 2]), "CCC", "it was cut off", "cut off", honest=4),
    Case(
        "page",
        "the page of a login instead of the file",
        text("<!DOCTYPE html><title>Log in</title>"),
        "CCC",
        BROKEN,
        BROKEN,
    ),
    Case(
        "deep",
        "brackets a quarter of a million deep",
        text("[" * 250_000),
        "CCC",
        "its JSON cannot be read",
        "cannot be read",
    ),
    Case(
        "wide",
        "five million empty lists",
        text("[" + "[]," * (5 * 10**6) + "[]]"),
        "CCC",
        "too many values",
        "too many values",
    ),
    Case(
        "digits", "a number of a million digits", text("1" * 10**6), "CCC", "its JSON cannot be read", "cannot be read"
    ),
    Case(
        "keys",
        "seven hundred thousand keys",
        text('{"cells": 1,' + ",".join(f'"{k}": {k}' for k in range(7 * 10**5)) + "}"),
        "CCC",
        "no list of cells",
        "no list of cells",
    ),
    Case("null", "null", text("null"), "CCC", "its JSON is no object", "no object"),
    Case(
        "latin",
        "no UTF-8",
        text(WHOLE.encode().replace(b"99", b"\xe9\xe9")),
        "CCC",
        "no UTF-8 text",
        "no UTF-8",
        honest=4,
    )
    if "99" in WHOLE
    else Case("latin", "no UTF-8", text(b'{"cells": "\xe9"}'), "CCC", "no UTF-8 text", "no UTF-8"),
    Case(
        "utf-16",
        "UTF-16, as some editors save",
        text(WHOLE.encode("utf-16")),
        "CCC",
        "no UTF-8 text",
        "no UTF-8",
        honest=4,
    ),
    Case("bom", "UTF-8 with a mark at the start", text(WHOLE.encode("utf-8-sig"))),
    Case("nul", "a NUL in a cell", beside("x = 1\0"), note="SyntaxError"),
    Case("nul-in-file", "NUL bytes in the file", text(WHOLE.encode() + bytes(99)), "CCC", BROKEN, BROKEN, honest=4),
    Case("old-format", "format 3", text(OLD)),
    Case("future-format", "format 99", text(cells(*map(code, RIGHT), nbformat=99, new={"fields": [1]}))),
    Case("no-cells", "no cells", text(cells()), NO_ATTEMPT, "gate is not defined"),
    Case(
        "cells-no-list",
        "cells that are no list",
        text(json.dumps({"cells": {"a": 1}})),
        "CCC",
        "no list of cells",
        "no list",
    ),
    Case(
        "many-cells",
        "a hundred thousand cells",
        text(cells(*[code("x = 1")] * 100_000)),
        "CCC",
        "too many values",
        "too many values",
    ),
    Case(
        "some-cells",
        "a thousand cells and one",
        text(cells(*[code("x = 1")] * 1001)),
        "CCC",
        "at most 1000 are run",
        "at most 1000",
    ),
    Case(
        "long-cell",
        "a cell of ten million letters",
        text(cells(code("x = 1\n" * (16 * 10**5)))),
        "CCC",
        "characters of code",
        "characters",
    ),
    Case(
        "outputs",
        "two hundred MB of outputs",
        sparse(200 * 2**20),
        "CCC",
        "at most 16 MB are read",
        "at most 16 MB",
        honest=4,
    ),
    Case("odd-cells", "cells that are no cells", text(ODD)),
    Case(
        "odd-outputs", "outputs that are no outputs", text(cells(*(code(source, outputs=OUTPUTS) for source in RIGHT)))
    ),
    Case("same-ids", "the same id for every cell", text(IDS)),
    Case("lines", "sources as lists of lines", text(LINES)),
    Case(
        "doubled-keys",
        "two lists of cells",
        text(cells(*map(code, RIGHT))[:-1] + ', "cells": []}'),
        NO_ATTEMPT,
        "gate is not defined",
        honest=4,
    ),
    Case(
        "markdown",
        "an answer turned into text",
        text(cells(code(SETUP), {"cell_type": "markdown", "source": GATE}, code(MISPRINT), code(DOUBLE))),
        "NRR",
        "gate is not defined",
        "gate",
    ),
    Case("deleted", "an answer's cell deleted", text(notebook(gate="")), "NRR", "gate is not defined"),
    Case(
        "renamed", "an answer renamed", text(notebook(gate=GATE.replace("gate", "Gate"))), "NRR", "Did you mean Gate?"
    ),
    Case(
        "doubled",
        "an answer twice, the second wrong",
        text(notebook([*RIGHT, GATE.replace(" + b", "")])),
        "WRR",
        "the bias is missing",
        "gate is defined in cells",
        honest=4,
    ),
    Case("copied-check", "a check's cell copied many times", text(notebook([*RIGHT, *['check("E99.1")'] * 50]))),
    Case(
        "magics",
        "magics, shell lines and help",
        beside("%matplotlib inline\n!rm -rf / --no-preserve-root\n%cd /\nnp.exp?\nx = !ls"),
        note="is ignored when graded",
    ),
    Case("cell-magic", "a cell of bash", beside("%%bash\ntouch /tmp/hostile-mark"), note="a cell of %%bash is not run"),
    Case("await", "await at the top level", beside("import asyncio\nawait asyncio.sleep(0)"), note="await"),
    Case(
        "await-forever",
        "awaits what never comes",
        beside("import asyncio\nawait asyncio.Event().wait()"),
        note="no answer within 6 s",
    ),
    Case("input", "asks for input", beside("name = input('Name? ')"), note="input() has nobody to ask"),
    Case(
        "password", "asks for a password at the terminal", beside("import getpass\ngetpass.getpass()"), note="EOFError"
    ),
    Case("syntax", "a syntax error", text(notebook(gate=GATE[:-1])), "CRR", "SyntaxError", "SyntaxError"),
    Case(
        "nested-code", "code nested deeper than a parser takes", beside("x = " + "(" * 5000 + ")" * 5000), note="Error"
    ),
    Case("minus", "a sign repeated a hundred thousand times", beside("x = " + "-" * 100_000 + "1"), note="Error"),
    Case("attributes", "a chain of fifty thousand attributes", beside("x = np" + ".a" * 50_000), note="Error"),
    Case(
        "long-import",
        "the import of a module a hundred thousand packages deep, which takes the parser a minute",
        beside("import " + "a." * 70_000 + "a"),
        note="the other cells ran without it",
    ),
    Case("sum", "a sum of sixty thousand terms", beside("x = " + "+".join("1" * 60_000)), note="Error"),
    Case(
        "indented",
        "two hundred levels of if",
        beside("\n".join(" " * k + "if 1:" for k in range(200)) + "\n" + " " * 200 + "pass"),
        note="Error",
    ),
    Case(
        "tabs",
        "tabs and spaces mixed",
        text(notebook(gate=GATE.replace("    ", "\t ") + "\n\treturn 1")),
        "CRR",
        "Error",
        "Error",
    ),
    Case("warnings", "a thousand warnings", beside("import warnings\nfor k in range(1000): warnings.warn(f'{k}')")),
    Case(
        "claims",
        "claims a score in the metadata",
        text(cells(*map(code, RIGHT[:3]), metadata={"nbgrader": {"score": 4, "points": 4}})),
        "RNN",
        "misprint is not defined",
    ),
    Case(
        "unknown-package",
        "imports what is not there",
        text(notebook(setup=f"{SETUP}\nimport lstmtools")),
        note="No module named 'lstmtools'",
    ),
    Case("answers-with-check", "an answer that is the kit's own", answer("check('E99.1')"), "WRR", "g is of type"),
    Case(
        "texts",
        "fifteen MB of text in which each line looks like a definition",
        text(cells({"cell_type": "markdown", "source": "a = 1\n" * (2 * 2**20)})),
        NO_ATTEMPT,
        "gate is not defined",
    ),
    Case(
        "doubled-often",
        "an answer nine hundred times",
        text(notebook([*RIGHT, *[GATE] * 900])),
        note="gate is defined in 901 cells: the last one counts",
    ),
    Case(
        "script-of-markers",
        "a Python file of three million cells",
        text("# %%\n" * (3 * 2**20), "99_three.py"),
        "CCC",
        "at most 1000000 are read",
        "at most 1000000 are read",
    ),
    Case("script", "honest work as a Python file", text("\n# %%\n".join(RIGHT), "99_three.py")),
    Case(
        "script-of-bytes",
        "a program with the name of a Python file",
        text(b"\x7fELF\x02\x01\x01" + bytes(99), "99_three.py"),
        NO_ATTEMPT,
        "gate is not defined",
        "SyntaxError",
    ),
]
