"""The three calls of a student's notebook: ``check``, ``hint`` and ``progress``."""

import html
import sys
from collections.abc import Mapping
from dataclasses import dataclass

from course_kit.checking.answer import LocalAnswer
from course_kit.checking.outcome import COLOURS, Outcome, State
from course_kit.checking.registry import UnknownExercise, find, notebook_exercises
from course_kit.checking.run import run

_seen: dict[str, Outcome] = {}


def check(id: str, namespace: Mapping | None = None, seed: int = 0) -> Outcome | None:
    """Check your answer to an exercise.

    Args:
        id: str, for example "E08.1".
        namespace: mapping of names to objects; by default the names of the notebook that calls.
        seed: int, deals the inputs. Another seed deals other numbers.

    Returns:
        Outcome, shown as rich text in Jupyter and printed elsewhere; None for an unknown id, after a sentence
        that says which there are.
    """
    try:
        exercise = find(id)
    except UnknownExercise as error:
        print(error)
        return None
    outcome = run(exercise, LocalAnswer(sys._getframe(1).f_globals if namespace is None else namespace), seed)
    _seen[id] = outcome
    return _show(outcome)


@dataclass(frozen=True)
class Hint:
    """A sentence that Jupyter breaks between words; printed text it would break within them."""

    text: str

    def __str__(self) -> str:
        return self.text

    __repr__ = __str__

    def _repr_html_(self) -> str:
        return f'<div role="note">{html.escape(self.text)}</div>'


def hint(id: str, number: int = 1) -> Hint | None:
    """Hint ``number`` (1 or 2) of an exercise; None, after a sentence, for an id or a number that there is not."""
    try:
        exercise = find(id)
    except UnknownExercise as error:
        print(error)
        return None
    if number not in range(1, len(exercise.hints) + 1):
        print(f"{id} has hints 1 to {len(exercise.hints)}. Got {number!r}.")
        return None
    return _show(Hint(f"{id} hint {number} of {len(exercise.hints)}: {exercise.hints[number - 1]}"))


@dataclass(frozen=True)
class Progress:
    """States of the exercises of the notebooks that were checked in this session."""

    rows: tuple[tuple[str, str, State], ...]

    def __str__(self) -> str:
        if not self.rows:
            return 'nothing checked yet: run a check("E...") cell first'
        done = sum(state is State.RIGHT for _, _, state in self.rows)
        width = max(len(f"{id} {title}") for id, title, _ in self.rows)
        table = [f"{f'{id} {title}':{width}}  {state}" for id, title, state in self.rows]
        return "\n".join([*table, f"{done} of {len(self.rows)} right"])

    __repr__ = __str__

    def _repr_html_(self) -> str:
        if not self.rows:
            return f"<p>{html.escape(str(self))}</p>"
        rows = "".join(
            f'<tr><td style="text-align:left">{html.escape(id)}</td><td style="text-align:left">{html.escape(title)}'
            f'</td><td style="text-align:left;border-left:0.4em solid {COLOURS[state]}">{state}</td></tr>'
            for id, title, state in self.rows
        )
        done = sum(state is State.RIGHT for _, _, state in self.rows)
        head = '<tr><th scope="col">exercise</th><th scope="col">title</th><th scope="col">state</th></tr>'
        return f"<table><caption>{done} of {len(self.rows)} right</caption>{head}{rows}</table>"


def progress() -> Progress:
    """How far you are: every exercise of the notebooks you checked something of, with its last state."""
    numbers = sorted({id[1:3] for id in _seen})
    rows = tuple(
        (e.id, e.title, _seen[e.id].state if e.id in _seen else State.NOT_ATTEMPTED)
        for number in numbers
        for e in notebook_exercises(number)
    )
    return _show(Progress(rows))


def _show(result):
    """Jupyter shows what a cell ends with; elsewhere it must be printed."""
    ipython = sys.modules.get("IPython")
    if ipython is None or ipython.get_ipython() is None:
        print(result)
    return result
