"""What a hostile submission is: one row of a table, and the hand that writes its files."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.grading_front.conftest import DOUBLE, GATE, RIGHT, notebook

FILE = "99_three.ipynb"
# The exercises of tests/grading_front/e99_three.py: gate (1 point), misprint (1), Double (2).
POINTS = (1, 1, 2)
WORDS = {"R": "right", "W": "wrong", "C": "could not run", "N": "not attempted"}
CANARY = "canary-" + "".join(chr(code) for code in (55, 102, 51, 97)) * 4  # what no one may bring to light
MARK = "hostile-mark"  # how every file is called that a submission tries to leave somewhere

Make = Callable[[Path, str], None]


@dataclass(frozen=True)
class Case:
    """One hostile submission.

    Args:
        name: str, the student's, unless the case is about names.
        tries: str, what it does, in words.
        make: writes its files into the class's folder, given that and its name.
        states: str, a letter for each of the three exercises; empty where nothing of it can be read.
        message: str, a piece of the first message that is not "right".
        note: str, a piece of the notes on the file; "" means that there is none.
        student: str, the name in the gradebook if it is another.
        honest: int, the points that the honest part of the work deserves, if they are more than were given.
        family: str, filled in by the table.
    """

    name: str
    tries: str
    make: Make
    states: str = "RRR"
    message: str = ""
    note: str = ""
    student: str = ""
    honest: int | None = None
    family: str = ""

    @property
    def points(self) -> int:
        return sum(points for points, state in zip(POINTS, self.states, strict=False) if state == "R")


def text(content: str | bytes, file: str = FILE) -> Make:
    """A student's folder with one file in it."""

    def make(folder: Path, name: str) -> None:
        path = folder / name / file
        path.parent.mkdir(parents=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)

    return make


def beside(code: str) -> Make:
    """Honest work, and one cell more that runs before it."""
    return text(notebook([RIGHT[0], code, *RIGHT[1:]]))


def after(code: str) -> Make:
    """Honest work, and one cell more that runs after it."""
    return text(notebook([*RIGHT, code]))


def in_gate(code: str) -> Make:
    """The attack runs when the judge calls ``gate``, which gives the right answer if it comes to its end."""
    body = "\n".join(f"    {line}" for line in code.strip("\n").split("\n"))
    head, last = GATE.split("\n")
    return text(notebook(gate=f"{head}\n{body}\n{last}"))


def in_double(code: str) -> Make:
    """The same in the call of the class ``Double``, which may take ten seconds and not two."""
    body = "\n".join(f"        {line}" for line in code.strip("\n").split("\n"))
    head, signature, last = DOUBLE.split("\n")
    return text(notebook(double=f"{head}\n{signature}\n{body}\n{last}"))


def answer(expression: str) -> Make:
    """``gate`` answers with an expression."""
    return text(notebook(gate=f"def gate(x, W, b):\n    return {expression}"))
