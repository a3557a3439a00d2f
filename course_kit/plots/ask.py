"""Ask the student's work for a figure's values; where none come, a sentence stands in the figure's place."""

from collections.abc import Callable
from functools import wraps

import numpy as np

from course_kit.plots.show import Shown, not_yet


class NothingToDraw(Exception):
    """No values came; the text says why, and is empty for an untouched stub."""


def figure_of(exercise: str) -> Callable:
    """Decorator: the figure shows the answer to ``exercise``; if none can be had, a sentence stands in its place."""

    def decorate(draw: Callable) -> Callable:
        @wraps(draw)
        def drawn(*args) -> Shown:
            try:
                return draw(*args)
            except NothingToDraw as nothing:
                if not str(nothing):
                    return not_yet(exercise)
                text = f"No figure yet. {nothing} The check of {exercise} says more."
                return Shown(text, text)

        return drawn

    return decorate


def ask(function: Callable, *args, shapes: tuple[tuple[int, ...], ...]) -> tuple[np.ndarray, ...]:
    """Call the student's ``function`` and return its arrays, one for each of ``shapes``.

    Raises:
        NothingToDraw: if it raises, returns None, or returns something of other shapes.
    """
    try:
        values = function(*args)
    except Exception as error:
        # Keras puts several lines around an error; the check has them all.
        first = str(error).strip().split("\n")[0]
        raise NothingToDraw(f"{type(error).__name__}: {first}") from error
    if values is None:
        raise NothingToDraw("")
    values = values if len(shapes) > 1 and isinstance(values, tuple | list) else (values,)
    try:
        arrays = tuple(np.asarray(v, dtype=float) for v in values)
    except (TypeError, ValueError):
        raise NothingToDraw("What came back are not numbers.") from None
    found = tuple(a.shape for a in arrays)
    if found != tuple(shapes):
        raise NothingToDraw(f"Shapes due: {_listed(shapes)}. Shapes that came: {_listed(found)}.")
    return arrays


def _listed(shapes) -> str:
    return " and ".join(map(str, shapes))
