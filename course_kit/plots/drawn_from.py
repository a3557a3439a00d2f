"""A figure that is drawn from a student's functions must survive whatever these do."""

import functools
from collections.abc import Callable

from course_kit.plots.show import Shown, not_yet


class _Untouched(Exception):
    """A student's function returned None."""


def drawn_from(exercise: str) -> Callable:
    """Decorator for a figure that calls the answer to ``exercise``.

    Where a function among the arguments returns None, or an argument is None, "not yet" stands in the figure's
    place; where the answer raises or cannot be drawn, a sentence does, so that "run all cells" goes on.
    """

    def decorate(figure: Callable[..., Shown]) -> Callable[..., Shown]:
        @functools.wraps(figure)
        def draw(*args) -> Shown:
            if any(a is None for a in args):
                return not_yet(exercise)
            try:
                return figure(*(_asked(a) if callable(a) else a for a in args))
            except _Untouched:
                return not_yet(exercise)
            except Exception as error:
                # Keras puts several lines around an error; the check has them all.
                first = str(error).strip().split("\n")[0]
                text = (
                    f"No figure: your answer cannot be drawn ({type(error).__name__}: {first}). "
                    f'See what check("{exercise}") says.'
                )
                return Shown(text, text)

        return draw

    return decorate


def _asked(function: Callable) -> Callable:
    def ask(*args):
        result = function(*args)
        if result is None:
            raise _Untouched
        return result

    return ask
