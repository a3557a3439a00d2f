"""Texts that a person reads: the checker looks at their form, so that nobody hands in an empty page by mistake."""

import re

from course_kit.checking import require

MOST_WORDS = 400


def text(obtained, what: str, least: int, numbers: int = 0) -> str:
    """``obtained`` as a text of at least so many words and numbers, or a sentence on what is lacking."""
    require(isinstance(obtained, str), f"{what} must be a text.")
    words = len(obtained.split())
    require(words >= least, f"{what} has {words} words; at least {least} are due.")
    require(words <= MOST_WORDS, f"{what} has {words} words; at most {MOST_WORDS} are read: say what matters.")
    found = len(re.findall(r"\d+(?:[.,]\d+)?", obtained))
    due = "a number" if numbers == 1 else f"{numbers} numbers"
    require(
        found >= numbers, f"{what} holds {found or 'no'} number{'s' * (found > 1)}; at least {due} must support it."
    )
    return obtained


def texts(obtained, keys: tuple[str, ...], what: str) -> dict:
    """``obtained`` as a dict with an entry for each of ``keys``, or a sentence on which is missing."""
    listed = ", ".join(f'"{key}"' for key in keys)
    require(isinstance(obtained, dict), f"{what} must be a dict with the entries {listed}.")
    missing = [key for key in keys if key not in obtained]
    require(not missing, f'{what} has no entry "{missing[0] if missing else ""}"; due are {listed}.')
    untouched = [key for key in keys if obtained[key] in (None, "")]
    require(not untouched, f'the entry "{untouched[0] if untouched else ""}" of {what} is empty.')
    return obtained
