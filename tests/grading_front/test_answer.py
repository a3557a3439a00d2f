"""A check cannot tell the student's own process from a worker: both answers agree, and what is lost is said."""

import numpy as np
import pytest

from course_kit.checking import Foreign, LocalAnswer
from course_kit.checking.answer import AnswerError, Lost
from course_kit.grading import session as session_module
from course_kit.grading.answer import NotInNotebook, RemoteAnswer
from course_kit.grading.notebooks import CodeCell
from course_kit.grading.reply import Fault, Reply
from course_kit.grading.session import Session

SOURCE = """\
import numpy as np
nothing = None
number, word, flag, pair = 3, "i", True, (1, 2.5)
table, small = {"a": [1, 2]}, np.float32(0.1); smalls = (np.int64(5), [np.float32(2)])
def twice(x, by=2): return by * x
def returns_none(x): pass
def spoils(x, y):
    y += 1
    return x
def fails(x):
    return x[99]
def gives_function(x): return twice
def gives_objects(x): return np.array([object()])
class Cell:
    def __init__(self, units): self.units = units
"""


def probe(names, units):
    return names["Cell"](units).units


def probe_of_nothing(names):
    return None


def probe_of_missing(names):
    return names["Layer"]


def probe_that_fails(names):
    return names["fails"]([1])


@pytest.fixture
def remote(server):
    """Answers from a worker that has run ``SOURCE``."""
    session = Session(server, [CodeCell(1, SOURCE)])
    yield RemoteAnswer(session, 5.0)
    session.close()


@pytest.fixture
def local():
    """Answers from this process, where ``SOURCE`` ran too."""
    names = {}
    exec(compile(SOURCE, "<cell>", "exec"), names)
    return LocalAnswer(names)


QUESTIONS = {
    "a call": lambda a: a.twice(np.arange(3.0)),
    "a keyword": lambda a: a.twice(2, by=5),
    "a number": lambda a: a["number"],
    "a text": lambda a: a["word"],
    "true": lambda a: a["flag"],
    "a tuple": lambda a: a["pair"],
    "a dict": lambda a: a["table"],
    "a scalar of NumPy's": lambda a: a["small"],
    "scalars in a tuple": lambda a: a["smalls"],
    "a function as value": lambda a: a["twice"],
    "objects": lambda a: a.gives_objects(1),
    "None": lambda a: a["nothing"],
    "nothing returned": lambda a: a.returns_none(1),
    "None called": lambda a: a.nothing(1),
    "a number called": lambda a: a.number(1),
    "an argument changed": lambda a: a.spoils(np.zeros(2), np.zeros(2)),
    "a keyword changed": lambda a: a.spoils(np.zeros(2), y=np.zeros(2)),
    "a probe": lambda a: a.probe(probe, 4),
    "a probe of nothing": lambda a: a.probe(probe_of_nothing),
}


def told(question, answer):
    """The value, or the kind of error and its sentence."""
    try:
        return question(answer)
    except AnswerError as error:
        return type(error), str(error)


@pytest.mark.parametrize("question", QUESTIONS.values(), ids=QUESTIONS)
def test_remote_answer_is_the_local_one(question, remote, local):
    """Value by value and sentence by sentence."""
    expected = told(question, local)
    obtained = told(question, remote)

    assert type(expected) is type(obtained)
    np.testing.assert_equal(obtained, expected)


def test_function_is_foreign(remote):
    """What is no plain data comes as its type's name."""
    assert Foreign("builtins.function") == remote.gives_function(1)


WHERE = {
    "a call": lambda a: a.fails(np.zeros(2)),
    "a probe": lambda a: a.probe(probe_that_fails),
}


@pytest.mark.parametrize("question", WHERE.values(), ids=WHERE)
def test_student_s_error_keeps_its_line(question, remote):
    """Line and cell of the last line that is the student's, and its text."""
    kind, sentence = told(question, remote)

    assert kind.__name__ == "StudentError"
    assert sentence.startswith("IndexError in line 11 of cell 1: `return x[99]`: ")


MISSING = {
    "a similar name": (lambda a: a.Twice(1), "Twice is not defined in the notebook. Did you mean twice?"),
    "in a probe": (lambda a: a.probe(probe_of_missing), "Layer is not defined in the notebook. Its cell is missing"),
    "a value": (lambda a: a["misprint"], "misprint is not defined in the notebook. Its cell is missing"),
}


@pytest.mark.parametrize("question,sentence", MISSING.values(), ids=MISSING)
def test_missing_name_is_not_attempted(question, sentence, remote):
    """The sentence offers the nearest name."""
    kind, told_sentence = told(question, remote)

    assert kind is NotInNotebook
    assert told_sentence.startswith(sentence)


BROKEN = {
    "a syntax error": ("def f(x):\n    return (x", "SyntaxError in line 2 of cell 2: `return (x`: "),
    "a missing import": ("import lstmtools\ndef f(x):\n    return x", "ModuleNotFoundError in line 1 of cell 2"),
    "the end of Python": ("import sys\nsys.exit(3)\ndef f(x):\n    return x", "SystemExit in line 2 of cell 2"),
    "a NUL character": ("f = '\0'", "in cell 2"),
}


@pytest.mark.parametrize("source,sentence", BROKEN.values(), ids=BROKEN)
def test_cell_that_failed_is_named_where_its_name_is_missed(server, source, sentence):
    """Not "is not defined": the student sees why the cell gave nothing. The stub above it does not hide that."""
    for above in ("x = 1", "f = None"):
        session = Session(server, [CodeCell(1, above), CodeCell(2, source)])
        kind, obtained = told(lambda a: a.f(1), RemoteAnswer(session, 5.0))
        session.close()

        assert kind.__name__ == "StudentError"
        assert sentence in obtained


LOST = {
    "a loop": ("while True: pass", "f: no answer within 0.3 s: look for a loop that does not end"),
    "the process ended": ("import os; os._exit(3)", "f: the process was ended by os._exit(3)"),
    "a crash": ("import ctypes; ctypes.string_at(0)", "f: the process was killed by signal 11"),
}


@pytest.mark.parametrize("body,sentence", LOST.values(), ids=LOST)
def test_lost_answer_costs_only_itself(server, body, sentence):
    """The next question is answered by a fresh process in which the cells ran again."""
    cells = [
        CodeCell(1, "count = 0"),
        CodeCell(2, f"def f(x):\n    {body}"),
        CodeCell(3, "count += 1\ndef g(x): return x"),
    ]
    session = Session(server, cells)
    answer = RemoteAnswer(session, 0.3)

    assert (Lost, sentence) == told(lambda a: a.f(1), answer) or sentence in told(lambda a: a.f(1), answer)[1]
    assert 7 == answer.g(7)
    assert 1 == answer["count"]
    session.close()


def test_cell_that_ends_the_process_is_left_out(server):
    """Cells before and after it count; what it defines says what happened."""
    cells = [CodeCell(1, "a = 1"), CodeCell(2, "import os\nb = 2\nos._exit(1)"), CodeCell(3, "c = 3")]
    session = Session(server, cells)
    answer = RemoteAnswer(session, 5.0)

    assert (1, 3) == (answer["a"], answer["c"])
    assert "b is defined in cell 2: the process was ended by os._exit(1)" in told(lambda a: a["b"], answer)[1]
    assert ["cell 2: the process was ended by os._exit(1); the other cells ran without it"] == session.notes()
    session.close()


def test_notebook_of_nothing_but_ends_is_given_up(server):
    """Each such cell costs all others again, so there is an end to it."""
    cells = [CodeCell(k, "import os; os._exit(1)") for k in range(1, 9)]
    session = Session(server, cells)

    assert "cells 1, 2, 3 ended the process" in told(lambda a: a["b"], RemoteAnswer(session, 5.0))[1]
    session.close()


def test_whole_notebook_has_one_budget(server, monkeypatch):
    """Fresh workers do not bring fresh time."""
    limits = type(server.limits)(total_seconds=0.5)
    monkeypatch.setattr(server, "limits", limits)
    session = Session(server, [CodeCell(1, "def f(x):\n    while True: pass")])
    answer = RemoteAnswer(session, 0.3)
    sentences = [told(lambda a: a.f(1), answer)[1] for _ in range(3)]
    session.close()

    assert "no answer within 0.3 s" in sentences[0]
    assert "the 0.5 s for the whole notebook are used up" in sentences[2]


def test_notes_are_short_and_few(server):
    """A thousand failing cells, or one failing at length, do not fill the gradebook."""
    cells = [CodeCell(k, "raise ValueError('long ' * 1000)") for k in range(1, 40)]
    session = Session(server, cells)
    session.start()
    notes = session.notes()
    session.close()

    assert session_module.MAX_NOTES + 1 == len(notes)
    assert "and 19 notes more" == notes[-1]
    assert max(map(len, notes)) <= len("cell 39: ") + session_module.MAX_NOTE


CELL_NOTES = {
    "magic": ("%matplotlib inline\na = 1", "cell 1: line 1 is ignored when graded: %matplotlib inline"),
    "shell": ("!pip install x", "cell 1: line 1 is ignored when graded: !pip install x"),
    "input": ("a = input('your name')", "cell 1: input() has nobody to ask when the notebook is graded"),
    "exit": ("exit()", "cell 1: "),
    "import": ("import lstmtools", "cell 1: ModuleNotFoundError: No module named 'lstmtools' (line 1)"),
    "warning": ("import warnings\nwarnings.warn('old')", None),
    "stderr": ("import sys\nprint('x', file=sys.stderr)", None),
}


@pytest.mark.parametrize("source,note", CELL_NOTES.values(), ids=CELL_NOTES)
def test_what_a_cell_does_is_a_note(server, source, note):
    """Notes, and warnings not even that; the next cell runs all the same."""
    session = Session(server, [CodeCell(1, source), CodeCell(2, "b = 2")])
    obtained = RemoteAnswer(session, 5.0)["b"]
    session.close()

    assert 2 == obtained
    assert (note is None) == (not session.notes())
    assert note is None or session.notes()[0].startswith(note)


def test_output_is_what_the_cells_printed(server):
    """What a call prints may hold the inputs dealt, and is not kept."""
    session = Session(
        server, [CodeCell(1, "print('from a cell')\ndef f(x):\n    print('from a call', x)\n    return x")]
    )
    RemoteAnswer(session, 5.0).f(3)
    session.close()

    assert "from a cell\n" == session.output


class Lying:
    """A session whose worker answers what a hostile one may: any text, of any length."""

    cells = ()
    faults, lost = {}, {}

    def __init__(self, reply):
        self.reply = reply

    def ask(self, message, seconds):
        return Reply("value", value=["x" * 50] * 100_000) if message["op"] == "names" else self.reply


LONG = "x" * 10**6
LIES = {
    "a missing name": Reply("missing", name=LONG),
    "an untouched name": Reply("untouched", name=LONG),
    "changed arguments": Reply("value", changed=(LONG,) * 1000),
    "an error": Reply("error", error=Fault(LONG, LONG, 1, 1, LONG, LONG)),
    "an error nowhere": Reply("error", error=Fault(LONG, LONG, -5, 10**30, LONG, LONG)),
}


@pytest.mark.parametrize("reply", LIES.values(), ids=LIES)
def test_sentence_on_a_lie_is_short(reply):
    """What the worker claims is quoted, and never at its length."""
    _, sentence = told(lambda a: a.f(1), RemoteAnswer(Lying(reply), 1.0))

    assert len(sentence) < 1000
