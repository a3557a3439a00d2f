"""What may be asked of a worker and what it answers, whatever the student's code does meanwhile."""

import numpy as np
import pytest

from course_kit.checking.answer import Foreign
from course_kit.grading.reply import Fault, parse
from course_kit.grading.wire import WireError


def defined(worker, code: str):
    """The worker, after a cell that must run."""
    reply = worker.cell(code, 1)
    assert reply.state == "value", reply
    return worker


def test_call_gets_arrays_and_gives_arrays(worker):
    """Positional and keyword arguments, of all plain kinds."""
    defined(worker, "def f(x, y=0, *, z):\n    return {'sum': x + y, 'kinds': [type(v).__name__ for v in (x, y, z)]}")
    reply = worker.call("f", np.arange(3.0), 1.5, z=(1, "a"))
    assert np.array_equal(reply.value["sum"], np.arange(3.0) + 1.5)
    assert reply.value["kinds"] == ["ndarray", "float", "tuple"]
    assert reply.changed == ()


CHANGES = [
    ("x += 1", ("1",)),
    ("y[0] = 5", ("2",)),
    ("x += 1; z.append(1)", ("1", "z")),
    ("y[1][0] = np.nan", ("2",)),
    ("x = x + 1", ()),
    ("x[0] = x[0]", ()),
]


@pytest.mark.parametrize(("statement", "changed"), CHANGES)
def test_arguments_changed_in_place_are_named(worker, statement, changed):
    """By their place from 1 or their keyword; arrays inside a list too; NaN is equal to itself here."""
    defined(worker, f"import numpy as np\ndef f(x, y, z):\n    {statement}")
    assert worker.call("f", np.array([1.0, np.nan]), [1, np.zeros(2)], z=[]).changed == changed


def test_callers_array_is_never_reached(worker):
    """The worker's change of its copy changes nothing here."""
    defined(worker, "def f(x):\n    x += 1")
    array = np.zeros(2)
    worker.call("f", array)
    assert not array.any()


def test_value_is_answered_and_none_is_a_value(worker):
    """What is no plain data comes as its type's name."""
    defined(worker, "a, b = 0.25, None\ndef f(): pass")
    assert worker.value("a").value == 0.25
    assert worker.value("b").state == "value"
    assert worker.value("b").value is None
    assert worker.value("f").value == Foreign("builtins.function")


def test_missing_name_is_an_answer_of_its_own(worker):
    """For a call, a value and a probe."""
    probe = "def run(names):\n    return names['Cell']"
    for reply in (worker.call("Cell"), worker.value("Cell"), worker.probe(probe, "run")):
        assert (reply.state, reply.name) == ("missing", "Cell")


def test_stub_that_is_still_none_is_untouched(worker):
    """A class or function that the stub has set to None cannot be called."""
    defined(worker, "Cell = None")
    probe = "def run(names):\n    return names['Cell']"
    for reply in (worker.call("Cell"), worker.probe(probe, "run")):
        assert (reply.state, reply.name) == ("untouched", "Cell")


def test_calling_what_is_no_function_says_so(worker):
    """The sentence that the notebook has for it too."""
    defined(worker, "f = 3")
    error = worker.call("f").error
    assert (error.type, error.message) == ("TypeError", "f must be a function. Got int.")


def test_probe_runs_beside_the_students_objects_and_leaves_nothing_there(worker):
    """Its own names are its own; what it returns is plain."""
    defined(worker, "import numpy as np\nclass Cell:\n    def __init__(self, n): self.W = np.ones((n, n))")
    probe = """
def run(names, n, extra):
    helper = 1
    return [names["Cell"](n).W.sum() + extra, "Cell" in names, "Other" in names]
"""
    assert worker.probe(probe, "run", 3, 0.5).value == [9.5, True, False]
    assert worker.names().value == ["Cell"]


def test_error_in_a_call_keeps_the_students_line(worker):
    """Cell, line, function and the text of the line, though the cell was long ago."""
    defined(worker, "import numpy as np\n\ndef f(x):\n    y = x\n    return y @ np.ones(7)   # wrong\n")
    worker.cell("z = 1", 2)
    fault = worker.call("f", np.ones(3)).error
    assert (fault.type, fault.cell, fault.line, fault.function) == ("ValueError", 1, 5, "f")
    assert fault.source == "return y @ np.ones(7)   # wrong"
    assert "size 7 is different from 3" in fault.message


def test_error_in_a_cell_leaves_what_was_defined_before_it(worker):
    """And the worker goes on."""
    reply = worker.cell("a = 1\nb = a / 0\nc = 2", 4)
    assert reply.error == Fault("ZeroDivisionError", "division by zero", 4, 2, "", "b = a / 0")
    assert worker.names().value == ["a"]


ONLY_THIS_CELL = [
    ("import sys; sys.exit('bye')", "SystemExit"),
    ("exit()", "SystemExit"),
    ("raise KeyboardInterrupt", "KeyboardInterrupt"),
    ("def f(): f()\nf()", "RecursionError"),
    ("input('name? ')", "EOFError"),
    ("import no_such_package", "ModuleNotFoundError"),
    ("x = = 1", "SyntaxError"),
    ("  x = 1\n y = 2", "IndentationError"),
    ("return 3", "SyntaxError"),
    ("x = 1\0", "SyntaxError"),
    ("raise type('Own', (Exception,), {'__str__': lambda self: 1 / 0})", "Own"),
    ("raise BaseExceptionGroup('many', [SystemExit(), ValueError()])", "BaseExceptionGroup"),
    ("raise GeneratorExit", "GeneratorExit"),
    ("import os; os.close(0); os.close(1); os.close(2); 1 / 0", "ZeroDivisionError"),
    ("import sys; sys.stdout = sys.stderr = None; sys.setrecursionlimit(200); 1 / 0", "ZeroDivisionError"),
]


@pytest.mark.parametrize(("source", "kind"), ONLY_THIS_CELL, ids=[source[:24] for source, _ in ONLY_THIS_CELL])
def test_error_ends_its_cell_only(worker, source, kind):
    """The next cell runs."""
    assert worker.cell(source, 1).error.type == kind
    assert worker.cell("x = 1", 2).state == "value"
    assert worker.value("x").value == 1


def test_syntax_error_names_its_line(worker):
    """As the student would see it."""
    fault = worker.cell("x = 1\ny = = 2", 3).error
    assert (fault.cell, fault.line, fault.source) == (3, 2, "y = = 2")


def test_magics_and_top_level_await_are_notes(worker):
    """The rest of the cell runs."""
    reply = worker.cell("%matplotlib inline\n!pip install x\nx = 1", 1)
    assert reply.state == "value"
    assert reply.notes == (
        "line 1 is ignored when graded: %matplotlib inline",
        "line 2 is ignored when graded: !pip install x",
    )
    reply = worker.cell("import asyncio\ny = await asyncio.sleep(0, 'slept')", 2)
    assert len(reply.notes) == 1
    assert worker.value("y").value == "slept"


def test_cell_runs_as_in_a_notebook(worker):
    """As ``__main__``, with what Jupyter adds, one namespace for all cells."""
    defined(worker, "who = __name__\ndisplay(1)\nget_ipython().run_line_magic('x', '')\nclass C: pass")
    worker.cell("import pickle\nback = pickle.loads(pickle.dumps(C())).__class__ is C", 2)
    assert worker.value("who").value == "__main__"
    assert worker.value("back").value is True


QUIET = [
    "from course_kit import check, hint, progress\ncheck('E08.1'); hint('E08.1', 1); progress()",
    "from course_kit import plots\nplots.gates(1, 2).show()",
    "import course_kit.plots as p\np.anything['x'](y=1)",
    "from course_kit.datasets import load\nfor x in load('imdb'): pass",
    "import course_kit.a.b.c\ncourse_kit.a.b.c.d()",
    "from course_kit.checking import *\nimport course_kit\nwith course_kit.quiet(): pass",
    "from course_kit.cells import ElmanCell\nclass Mine(ElmanCell):\n    pass",
]


@pytest.mark.parametrize("code", QUIET)
def test_course_kit_is_there_and_does_nothing(worker, code):
    """Whatever of it a notebook uses."""
    assert worker.cell(code, 1).error is None


def test_quiet_course_kit_is_no_answer(worker):
    """A student who answers with it has answered with nothing plain."""
    defined(
        worker, "from course_kit.reference import lstm_step\nimport course_kit.cells as cells\npath = cells.__path__"
    )
    assert isinstance(worker.call("lstm_step", np.ones(3)).value, Foreign)
    assert worker.value("path").value == []


def test_output_is_kept_by_request_and_cut_in_the_middle(worker, numpy_server):
    """What cells print is told from what calls print; a flood stops nobody; stderr is there too."""
    worker.cell("import sys\nprint('héllo')\nprint('there', file=sys.stderr)\ndef f(): print('secret')", 1)
    assert worker.take_output() == "héllo\nthere\n"
    worker.call("f")
    assert worker.output == "secret\n"
    worker.take_output()
    worker.cell("print('first')\nfor _ in range(200):\n    print('x' * 100_000)\nprint('last')", 2)
    text, half = worker.output, numpy_server.limits.output_bytes // 2
    assert text.startswith("first\nxxx")
    assert text.endswith("xxx\nlast\n")
    assert len(text) == 2 * half + len(f"\n[{20_000_000 + 200 + 11 - 2 * half} bytes left out]\n")


def test_output_printed_before_the_end_is_kept(worker):
    """The last words of a process that ended itself."""
    from course_kit.grading.server import WorkerDied

    with pytest.raises(WorkerDied):
        worker.cell("print('going')\nimport os; os._exit(3)", 1)
    worker.close()
    assert worker.output == "going\n"


def test_answer_too_large_is_an_error_in_words(worker):
    """And the worker goes on."""
    defined(worker, "import numpy as np\ndef f(): return np.zeros(2**24)")
    fault = worker.call("f").error
    assert (fault.type, fault.cell) == ("WireError", None)
    assert "at most" in fault.message
    assert worker.value("f").state == "value"


def test_answer_that_cannot_be_read_is_an_error(worker):
    """Of a class whose objects refuse to be looked at."""
    defined(worker, "class M(type):\n    __module__ = property(lambda c: 1 / 0)\nclass C(metaclass=M): pass\nx = [C()]")
    assert worker.value("x").error.type == "ZeroDivisionError"


BAD_RECORDS = [
    None,
    [],
    {},
    {"id": 2, "state": "value"},
    {"id": 1},
    {"id": 1, "state": "right"},
    {"id": 1, "state": ["value"]},
    {"id": 1, "state": "value", "changed": "12"},
    {"id": 1, "state": "value", "notes": [1]},
    {"id": 1, "state": "missing", "name": None},
    {"id": 1, "state": "error"},
    {"id": 1, "state": "error", "error": {"type": "E"}},
]


FAULT = dict.fromkeys(("type", "message", "function", "source"), "")
BAD_RECORDS += [{"id": 1, "state": "error", "error": FAULT | {"line": line}} for line in ("1", -1, 2**70, 1.0, True)]


def test_texts_of_a_reply_are_bounded():
    """Each becomes a line of a gradebook."""
    record = {"id": 1, "state": "error", "notes": ["x" * 10_000] * 5000, "error": dict.fromkeys(FAULT, "y" * 10**6)}
    reply = parse(record, 1)
    assert (len(reply.notes), len(reply.notes[0]), len(reply.error.message)) == (1000, 4000, 4000)


@pytest.mark.parametrize("record", BAD_RECORDS, ids=repr)
def test_record_that_is_no_reply_is_refused(record):
    """The judge's front sees Reply objects of the right types, or WireError."""
    with pytest.raises(WireError):
        parse(record, 1)
