"""Notebook files of every age and state give numbered code cells, or a sentence."""

import json
import warnings

import pytest

from course_kit.checking import registry
from course_kit.checking.exercise import Exercise
from course_kit.grading.notebooks import (
    CodeCell,
    NotANotebook,
    Notebook,
    answer_cells,
    cells_that_show,
    notes_on_names,
    read_notebook,
    which_notebook,
)


def exercise(*names):
    return Exercise("E08.1", "Title", slides=(), names=names, hints=("a", "b"))


def cells(*sources):
    return tuple(CodeCell(number, source) for number, source in enumerate(sources, 1))


def code(source, **more):
    return {"cell_type": "code", "source": source, **more}


V3 = {
    "nbformat": 3,
    "worksheets": [{"cells": [{"cell_type": "code", "input": ["a = 1\n", "b = 2"], "language": "python"}]}],
}
READABLE = {
    "format 4": ({"nbformat": 4, "cells": [code("a = 1\nb = 2")]}, "utf-8"),
    "lines in a list": ({"nbformat": 4, "cells": [code(["a = 1\n", "b = 2"])]}, "utf-8"),
    "format 3": (V3, "utf-8"),
    "a format to come": ({"nbformat": 9, "cells": [code("a = 1\nb = 2", novelty={})]}, "utf-8"),
    "byte order mark": ({"nbformat": 4, "cells": [code("a = 1\nb = 2")]}, "utf-8-sig"),
    "cells that are no cells": ({"cells": [None, 3, {"cell_type": "code"}, code("a = 1\nb = 2"), code(7)]}, "utf-8"),
}


@pytest.mark.parametrize("data,encoding", READABLE.values(), ids=READABLE)
def test_notebook_is_read(data, encoding):
    """Whatever wrote the file, its one code cell comes out."""
    found = read_notebook(json.dumps(data).encode(encoding))

    assert (CodeCell(1, "a = 1\nb = 2"),) == found.cells


UNREADABLE = {
    "no UTF-8": (b'{"cells": "\xff"}', "it is no UTF-8 text (byte 11)"),
    "UTF-16": ("{}".encode("utf-16"), "it is no UTF-8 text (byte 0)"),
    "cut off": (b'{"cells": [{"cell_type": "code",\n', "broken JSON in line 2 (it was cut off)"),
    "a merge conflict": (b'{\n<<<<<<< HEAD\n"cells": []}', "broken JSON in line 2;"),
    "empty": (b"", "broken JSON in line 1 (it was cut off)"),
    "an essay": (b"Dear Sir", "broken JSON in line 1;"),
    "a list": (b"[]", "its JSON is no object"),
    "no cells": (b"{}", "it has no list of cells"),
    "cells that are no list": (b'{"cells": {"a": 1}}', "it has no list of cells"),
    "brackets without end": (b"[" * 100_000, "its JSON cannot be read"),
    "a number without end": (b"[" + b"1" * 5000 + b"]", "its JSON cannot be read"),
    "100,000 cells": (json.dumps({"cells": [code("1")] * 100_000}).encode(), "has 100000 code cells; at most 1000"),
    "code without end": (
        json.dumps({"cells": [code("1" * 1000)] * 400}).encode(),
        "has 400000 characters of code; at most 150000 are run",
    ),
}


@pytest.mark.parametrize("content,sentence", UNREADABLE.values(), ids=UNREADABLE)
def test_what_is_no_notebook_is_a_sentence(content, sentence):
    """No traceback of ours, whatever the bytes are."""
    with pytest.raises(NotANotebook) as caught:
        read_notebook(content)

    assert sentence in str(caught.value)


def test_cells_are_numbered_as_jupyter_does():
    """Empty cells and text get no number, so that cell 2 is the one with [2] after Restart and Run All."""
    text = {"cell_type": "markdown", "source": "# Title"}
    found = read_notebook(json.dumps({"cells": [code("a"), text, code("  \n"), code("b")]}).encode())

    assert [(1, "a"), (2, "b")] == [(c.number, c.source) for c in found.cells]
    assert ("# Title",) == found.texts


CHECKS_05 = Notebook(cells("check('E05.1')", 'check("E05.2")\ncheck("E08.1")'), ())
NAMES = {
    "as handed out": ("08_lstm_gate_by_gate", None, "08"),
    "a copy": ("08_lstm_gate_by_gate (1)", None, "08"),
    "the number alone": ("08", None, "08"),
    "renamed, by its checks": ("homework", CHECKS_05, "05"),
    "the number of another course": ("77_homework", CHECKS_05, "05"),
    "a year is no number": ("2024_homework", CHECKS_05, "05"),
    "checks before a number inside": ("anna-08", CHECKS_05, "05"),
    "a number inside": ("anna-08", Notebook((), ()), "08"),
    "two numbers inside": ("anna-08-05", Notebook((), ()), None),
    "nothing at all": ("homework", Notebook((), ()), None),
}


@pytest.mark.parametrize("stem,notebook,number", NAMES.values(), ids=NAMES)
def test_which_notebook_a_file_is(monkeypatch, stem, notebook, number):
    """The name's start, then the checks, then a number in the name; else a note."""
    monkeypatch.setattr(registry, "notebooks", lambda: {"05": "e05_bptt", "08": "e08_lstm"})

    obtained, note = which_notebook(stem, notebook)

    assert number == obtained
    assert bool(note) == (number is None)


def test_name_that_contradicts_the_checks_is_noted(monkeypatch):
    """A file saved over another is graded by its name, and one can see that."""
    monkeypatch.setattr(registry, "notebooks", lambda: {"05": "e05_bptt", "08": "e08_lstm"})
    only_05 = Notebook(cells('check("E05.1")'), ())

    assert which_notebook("08_lstm", only_05)[0] == "08"
    assert "its checks are of notebook 05" in which_notebook("08_lstm", only_05)[1]


DEFINITIONS = {
    "a function": "def f(x):\n    return x",
    "an async function": "async def f(x):\n    return x",
    "a class": "class f:\n    pass",
    "a value": "f = 3",
    "with its type": "f: int = 3",
    "unpacked": "e, (f, g) = 1, (2, 3)",
    "imported": "from somewhere import g as f",
    "in a block": "if True:\n    with open('x') as y:\n        f = 1",
    "with a decorator": "@cache\ndef f(x):\n    return x",
    "in a cell with a syntax error": "def f(x):\n    return (x",
    "under a magic": "%%time\nf = 3",
}


@pytest.mark.parametrize("source", DEFINITIONS.values(), ids=DEFINITIONS)
def test_defining_cell_is_found(source):
    """The student's cell for an exercise is the one that defines its name, however it does."""
    notebook = Notebook(cells("import numpy", source, "print(f)"), ())

    assert source == answer_cells(exercise("f"), notebook)


NO_DEFINITIONS = ("f(3)", "def g():\n    f = 3", "x = lambda f: f", "obj.f = 3", "# f = 3", "'''\nf = 3\n'''")


@pytest.mark.parametrize("source", NO_DEFINITIONS)
def test_what_defines_nothing_is_not_taken_for_it(source):
    """A use, a local name, a comment are no definition."""
    assert "" == answer_cells(exercise("f"), Notebook(cells(source), ()))


def test_last_definition_counts_and_is_noted():
    """The feedback quotes what was graded."""
    notebook = Notebook(cells("f = None", "g = 1", "f = 2"), ())

    assert "g = 1\n\nf = 2" == answer_cells(exercise("f", "g"), notebook)
    assert ["f is defined in cells 1 and 3: the last one counts"] == notes_on_names([exercise("f", "g")], notebook)


def test_answer_that_became_text_is_noted():
    """A code cell turned into Markdown is a common accident."""
    notebook = Notebook(cells("x = 1"), ("def f(x):\n    return x",))

    assert ["the cell that defines f is no code cell: turn it into one"] == notes_on_names([exercise("f")], notebook)


def test_cells_that_only_show_are_known():
    """A figure fails where the kit is not at hand; an answer in the same cell is still one."""
    found = cells(
        "from course_kit import check\nfrom course_kit.plots import lstm as draw",
        "def f(x):\n    return x",
        'check("E08.1")',
        "draw.gates(f)[0]",
        "f = draw.best",
        "print(f(3))",
    )

    assert {3, 4} == cells_that_show([exercise("f")], found)


def test_hostile_source_stays_harmless():
    """What no parser takes defines nothing and warns nobody."""
    sources = ("-" * 100_000 + "1", "a" + ".b" * 90_000, "(" * 10_000, "f = '\\d'", "\0", "x = 1" + "+1" * 90_000)
    with warnings.catch_warnings():
        warnings.simplefilter("error")

        assert "f = '\\d'" == answer_cells(exercise("f"), Notebook(cells(*sources), ()))
