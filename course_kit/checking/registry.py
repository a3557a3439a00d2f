"""Find exercises by their id. A notebook's module is imported when one of its exercises is first asked for."""

import importlib
import re
from functools import cache
from pathlib import Path

from course_kit.checking.exercise import Exercise

FOLDER = Path(__file__).resolve().parent.parent / "exercises"


class UnknownExercise(LookupError):
    """There is no exercise of that id; the text says which there are."""


@cache
def notebooks() -> dict[str, str]:
    """Maps a notebook's number to its module name: {"08": "e08_lstm_gate_by_gate"}."""
    return {path.stem[1:3]: path.stem for path in sorted(FOLDER.glob("e[0-9][0-9]_*.py"))}


@cache
def notebook_exercises(number: str) -> tuple[Exercise, ...]:
    """The exercises of notebook ``number`` ("08"), in order."""
    if number not in notebooks():
        raise UnknownExercise(f"there are no exercises for notebook {number}; there are for {', '.join(notebooks())}")
    module = importlib.import_module(f"course_kit.exercises.{notebooks()[number]}")
    found = [value for value in vars(module).values() if isinstance(value, Exercise)]
    return tuple(sorted(found, key=lambda e: int(e.id.split(".")[1])))


def all_exercises() -> tuple[Exercise, ...]:
    """All exercises of the course, in order."""
    return tuple(e for number in notebooks() for e in notebook_exercises(number))


def find(id: str) -> Exercise:
    """The exercise of that id. Raises ``UnknownExercise`` with a sentence that helps."""
    if not isinstance(id, str) or not re.fullmatch(r"E\d\d\.\d+", id):
        raise UnknownExercise(f'an exercise is named like "E08.1". Got {id!r}.')
    number = id[1:3]
    if number not in notebooks():
        raise UnknownExercise(f"{id} is of notebook {number}; there are exercises for {', '.join(notebooks())}.")
    for exercise in notebook_exercises(number):
        if exercise.id == id:
            return exercise
    raise UnknownExercise(f"notebook {number} has {', '.join(e.id for e in notebook_exercises(number))}. Got {id}.")
