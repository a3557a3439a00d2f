"""Compare numbers of very different size, where an absolute tolerance would let the small ones through."""

from collections.abc import Mapping

import numpy as np

from course_kit.checking import expect
from course_kit.checking.compare import Mismatch
from course_kit.checking.outcome import Message

ANY_VALUE = 1e300  # a tolerance for comparing type and shape alone


def number(obtained):
    """A NumPy scalar, as the judge may hand it over, as an array; everything else as it is."""
    if isinstance(obtained, list | tuple):
        return tuple(number(value) for value in obtained)
    return np.asarray(obtained) if isinstance(obtained, np.generic) else obtained


def expect_relative(
    obtained, expected, what: str, *, tolerance: float = 1e-12, known: Mapping[str, object] | None = None
) -> None:
    """Raise ``Mismatch`` unless every entry is within ``tolerance * |expected|``; arguments as those of ``expect``."""
    expect(obtained, expected, what, tolerance=ANY_VALUE)
    # Shape and type are right now; a number may have come as an array of one entry.
    found, due = np.asarray(obtained, dtype=float).reshape(np.shape(expected)), np.asarray(expected, dtype=float)
    wrong = ~_near(found, due, tolerance)
    if not wrong.any():
        return
    index = tuple(int(k) for k in np.argwhere(wrong)[0])
    matching = (sentence for sentence, value in (known or {}).items() if _matches(found, value, tolerance))
    share = _relative(found, due)[index]
    raise Mismatch(
        Message(
            f"{what} differs" + (f" in {int(wrong.sum())} of {due.size} entries" if due.size > 1 else ""),
            obtained=f"{found[index]:.7g}",
            expected=f"{due[index]:.7g} (relative difference {share:.1e}, tolerance {tolerance:.0e})",
            index=str(list(index)) if index else "",
            known=next(matching, ""),
        )
    )


def _matches(found, value, tolerance) -> bool:
    value = np.asarray(value, dtype=float)
    return value.shape in ((), found.shape) and bool(_near(found, value, tolerance).all())


def _near(found, due, tolerance):
    with np.errstate(all="ignore"):
        return (np.abs(found - due) <= tolerance * np.abs(due)) | (found == due)


def _relative(found, due):
    with np.errstate(all="ignore"):
        return np.abs(found - due) / np.abs(due)
