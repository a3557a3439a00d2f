"""A student's work in another process, as the checks see it: replies become values, or the checks' own errors."""

import inspect
import textwrap
from collections.abc import Callable
from dataclasses import replace
from functools import cache

from course_kit.checking.answer import (
    Answer,
    AnswerError,
    ChangedArguments,
    Lost,
    NotDefined,
    StudentError,
    Untouched,
    closest,
    plain,
)
from course_kit.grading.notebooks import defining_cells
from course_kit.grading.reply import Fault, Reply
from course_kit.grading.session import Session, short

# What a worker says of itself may be of any length; names in a message, and names to compare with, are not.
MOST_LETTERS, MOST_NAMES = 60, 2000


class NotInNotebook(NotDefined):
    """No cell that ran defines the name."""

    def __init__(self, name: str, similar: str | None = None):
        super().__init__(name, similar)
        advice = f" Did you mean {similar}?" if similar else " Its cell is missing, or was renamed."
        self.args = (f"{name} is not defined in the notebook.{advice}",)


class RemoteAnswer(Answer):
    """The student's work in the worker of ``session``; a question may take ``seconds``.

    ``terse`` leaves out the text of an error that the student's code met with inputs of ours.
    """

    def __init__(self, session: Session, seconds: float, terse: bool = False):
        self._session = session
        self._seconds = seconds
        self._terse = terse

    def call(self, name: str, *args, **kwargs):
        reply = self._ask(name, {"op": "call", "name": name, "args": list(args), "kwargs": kwargs})
        if reply.changed:
            raise ChangedArguments(name, tuple(place[:MOST_LETTERS] for place in reply.changed[:9]))
        if reply.value is None:
            raise Untouched(name, called=True)
        return plain(reply.value)  # NumPy's scalars as the notebook's checks see them

    def value(self, name: str):
        reply = self._ask(name, {"op": "value", "name": name})
        if reply.value is None:
            raise self._why_not(name) or Untouched(name, called=False)
        return plain(reply.value)

    def probe(self, function: Callable, *args):
        source = _source(function)
        reply = self._ask(
            "the answer", {"op": "probe", "source": source, "function": function.__name__, "args": list(args)}
        )
        if reply.value is None:
            raise Untouched("the answer", called=True)
        return plain(reply.value)

    def _ask(self, subject: str, message: dict) -> Reply:
        try:
            reply = self._session.ask(message, self._seconds)
        except Lost as lost:
            raise Lost(f"{subject}: {lost}") from None
        if reply.state == "error":
            raise _student_error(replace(reply.error, message="") if self._terse else reply.error)
        name = reply.name[:MOST_LETTERS]
        if reply.state == "missing":
            raise self._why_not(name) or NotInNotebook(name, self._similar(name))
        if reply.state == "untouched":
            raise self._why_not(name) or Untouched(name, called=False)
        return reply

    def _why_not(self, name: str) -> AnswerError | None:
        """What stopped the cell that should have defined ``name``, if one did."""
        cells = defining_cells(name, self._session.cells)
        number = cells[-1].number if cells else None
        if number in self._session.faults:
            return _student_error(self._session.faults[number], number)
        if number in self._session.lost:
            return Lost(f"{name} is defined in cell {number}: {self._session.lost[number]}")
        return None

    def _similar(self, name: str) -> str | None:
        try:
            found = self._session.ask({"op": "names"}, self._seconds).value
        except Lost:
            return None
        if not isinstance(found, list):
            return None
        return closest(name, [n for n in found[:MOST_NAMES] if isinstance(n, str) and len(n) <= MOST_LETTERS])


def _student_error(fault: Fault, cell: int | None = None) -> StudentError:
    """The student's own error. ``cell`` is where it was met, if the error itself does not say."""
    fault = short(fault)
    number = cell if fault.cell is None else fault.cell
    line = f"line {fault.line} of " if fault.line else ""
    where = "" if number is None else f"{line}cell {number}"
    return StudentError(fault.type, fault.message, where, fault.source)


@cache
def _source(function: Callable) -> str:
    return textwrap.dedent(inspect.getsource(function))
