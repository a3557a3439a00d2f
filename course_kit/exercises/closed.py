"""Closed answers: whoever names no option is told which there are, before anything is said of right and wrong."""

from course_kit.checking import require


def one_of(obtained, options: str, what: str):
    """``obtained`` as one of the letters ``options``; what is no text is left to ``expect``."""
    if not isinstance(obtained, str):
        return obtained
    letter = obtained.strip().lower()
    listed = ", ".join(f'"{o}"' for o in options)
    require(len(letter) == 1 and letter in options, f"{what} must be one of {listed}. Got {obtained[:40]!r}.")
    return letter


def some_of(obtained, options: str, what: str):
    """``obtained`` as letters of ``options``, each once and in order; what is no text is left to ``expect``."""
    if not isinstance(obtained, str):
        return obtained
    letters = set(obtained.lower()) - set(" ,")
    listed = ", ".join(options)
    require(letters <= set(options), f"{what} must be made of the letters {listed}. Got {obtained[:40]!r}.")
    return "".join(sorted(letters))
