"""Draw a figure from a student's work; where no values come, a sentence stands in the figure's place."""

from collections.abc import Callable
from functools import wraps
from types import FunctionType

import numpy as np

from course_kit.plots.show import Shown, not_yet


class NothingToDraw(Exception):
    """No values came; the text says why, and is empty for an untouched stub."""


def figure_of(exercise: str) -> Callable:
    """Decorator for a figure that shows the answer to ``exercise``; it survives whatever the answer does.

    Where an argument is None, or a function among the arguments returns None, "not yet" stands in the figure's place;
    where the answer raises or cannot be drawn, a sentence does, so that "run all cells" goes on.
    """

    def decorate(draw: Callable[..., Shown]) -> Callable[..., Shown]:
        @wraps(draw)
        def drawn(*args) -> Shown:
            if any(a is None for a in args):
                return not_yet(exercise)
            try:
                return draw(*(_not_none(a) if isinstance(a, FunctionType) else a for a in args))
            except NothingToDraw as nothing:
                reason = str(nothing)
            except Exception as error:
                reason = _first_line(error)
            return _sentence(exercise, reason) if reason else not_yet(exercise)

        return drawn

    return decorate


def _sentence(exercise: str, reason: str) -> Shown:
    text = f'No figure: {reason} See what check("{exercise}") says.'
    return Shown(text, text)


def _not_none(function: Callable) -> Callable:
    @wraps(function)
    def called(*args, **kwargs):
        result = function(*args, **kwargs)
        if result is None:
            raise NothingToDraw("")
        return result

    return called


def _first_line(error: Exception) -> str:
    """Keras puts several lines around an error; the check has them all."""
    return f"{type(error).__name__}: {str(error).strip().splitlines()[0] if str(error).strip() else ''}."


def ask(function: Callable, *args, shapes: tuple[tuple[int, ...], ...]) -> tuple[np.ndarray, ...]:
    """Call the student's ``function`` and return its arrays, one for each of ``shapes``.

    Raises:
        NothingToDraw: if it raises, returns None, or returns something of other shapes.
    """
    try:
        values = function(*args)
    except NothingToDraw:
        raise
    except Exception as error:
        raise NothingToDraw(_first_line(error)) from error
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
