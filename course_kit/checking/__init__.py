"""Ask, compare, answer: what stands behind ``check("E08.1")`` in a notebook and behind the judge."""

from course_kit.checking.answer import Answer, Foreign, LocalAnswer
from course_kit.checking.compare import expect, require
from course_kit.checking.draw import Draw
from course_kit.checking.exercise import Case, Exercise
from course_kit.checking.notebook import check, hint, progress
from course_kit.checking.outcome import Message, Outcome, State
from course_kit.checking.registry import all_exercises, find, notebook_exercises
from course_kit.checking.run import run

__all__ = [
    "Answer",
    "Case",
    "Draw",
    "Exercise",
    "Foreign",
    "LocalAnswer",
    "Message",
    "Outcome",
    "State",
    "all_exercises",
    "check",
    "expect",
    "find",
    "hint",
    "notebook_exercises",
    "progress",
    "require",
    "run",
]
