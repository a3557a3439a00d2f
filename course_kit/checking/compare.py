"""Compare an answer with what is expected: type, then shape, then values, each with its sentence."""

from collections.abc import Mapping

import numpy as np

from course_kit.checking.answer import Foreign
from course_kit.checking.outcome import Message


class Mismatch(Exception):
    """The answer is wrong; ``message`` says how."""

    def __init__(self, message: Message):
        self.message = message
        super().__init__(" ".join(message.lines()))


def require(condition, sentence: str, known: str = "") -> None:
    """Raise ``Mismatch`` with ``sentence`` unless ``condition`` holds."""
    if not condition:
        raise Mismatch(Message(sentence, known=known))


def expect(
    obtained,
    expected,
    what: str,
    *,
    tolerance: float = 1e-12,
    known: Mapping[str, object] | None = None,
    reveal: bool = True,
) -> None:
    """Raise ``Mismatch`` unless ``obtained`` is ``expected``.

    Args:
        obtained: plain data from the student.
        expected: array, number, bool, str, or a tuple, list or dict of such.
        what: str, how the value is called in the message: "f", "dL/dW".
        tolerance: float; an entry may differ by ``tolerance * max(1, |expected|)``.
        known: maps the sentence of a known wrong form to the value that it gives; the message names a match.
        reveal: False for a closed question, where the expected value must not be told.
    """
    try:
        _compare(obtained, expected, what, tolerance, reveal)
    except Mismatch as mismatch:
        for sentence, wrong in (known or {}).items():
            if _same(obtained, wrong, tolerance):
                named = Message(**{**mismatch.message.__dict__, "known": sentence})
                raise Mismatch(named) from None
        raise


def _same(obtained, wrong, tolerance) -> bool:
    try:
        _compare(obtained, wrong, "", tolerance, reveal=False)
    except Mismatch:
        return False
    return True


def _compare(obtained, expected, what, tolerance, reveal) -> None:
    if isinstance(obtained, np.generic):
        obtained = obtained.item()
    if isinstance(obtained, Foreign):
        _refuse_foreign(obtained, expected, what)
    if isinstance(expected, tuple | list):
        _compare_sequence(obtained, expected, what, tolerance, reveal)
    elif isinstance(expected, dict):
        _compare_dict(obtained, expected, what, tolerance, reveal)
    elif isinstance(expected, str | bool):
        _compare_closed(obtained, expected, what, reveal)
    elif isinstance(expected, np.ndarray):
        _compare_arrays(_as_array(obtained, expected, what), expected, what, tolerance, reveal)
    else:
        _compare_arrays(_as_number(obtained, expected, what), np.asarray(expected), what, tolerance, reveal)


def _refuse_foreign(obtained: Foreign, expected, what) -> None:
    due = _describe(expected)
    if obtained.is_tensor:
        raise Mismatch(
            Message(f"{what} is a tensor ({obtained.type_name}), and {due} is due: convert it with numpy.asarray(...).")
        )
    raise Mismatch(Message(f"{what} is of type {obtained.type_name}, and {due} is due."))


def _compare_closed(obtained, expected, what, reveal) -> None:
    kind = "True or False" if isinstance(expected, bool) else "a text"
    if isinstance(expected, bool) and isinstance(obtained, np.ndarray) and obtained.size == 1:
        obtained = obtained.item()
    if type(obtained) is not type(expected):
        raise Mismatch(Message(f"{what} is {_describe(obtained)}, and {kind} is due."))
    left, right = (obtained.strip(), expected.strip()) if isinstance(expected, str) else (obtained, expected)
    if left != right:
        raise Mismatch(
            Message(
                f"{what} is not right.",
                obtained=_short(obtained),
                expected=_short(expected) if reveal else "",
            )
        )


def _compare_sequence(obtained, expected, what, tolerance, reveal) -> None:
    if not isinstance(obtained, tuple | list):
        raise Mismatch(
            Message(f"{what} is {_describe(obtained)}, and {len(expected)} values are due: return them as a tuple.")
        )
    if len(obtained) != len(expected):
        raise Mismatch(Message(f"{what} has {len(obtained)} entries, and {len(expected)} are due."))
    names = [n.strip() for n in what.split(",")]
    labels = names if len(names) == len(expected) else [f"{what}[{k}]" for k in range(len(expected))]
    for label, o, e in zip(labels, obtained, expected, strict=True):
        _compare(o, e, label, tolerance, reveal)


def _compare_dict(obtained, expected, what, tolerance, reveal) -> None:
    if not isinstance(obtained, dict):
        raise Mismatch(Message(f"{what} is {_describe(obtained)}, and a dict is due."))
    for kind, keys in (
        ("lacks", expected.keys() - obtained.keys()),
        ("has", obtained.keys() - expected.keys()),
    ):
        if keys:
            word = "the entries" if kind == "lacks" else "entries that were not asked for:"
            raise Mismatch(Message(f"{what} {kind} {word} {_listed(keys)}."))
    for key in expected:
        _compare(obtained[key], expected[key], f"{what}[{key!r}]", tolerance, reveal)


def _listed(keys) -> str:
    """Some of the keys, in order, cut to a readable length."""
    names = sorted(str(key)[:40] for key in keys)
    return ", ".join(names[:5]) + (f" and {len(names) - 5} more" if len(names) > 5 else "")


def _as_number(obtained, expected, what) -> np.ndarray:
    """A number, also from a scalar array or one of a single entry, where nothing can be misread."""
    if isinstance(obtained, np.ndarray) and obtained.size == 1 and obtained.dtype.kind in "biuf":
        return obtained.reshape(())
    if isinstance(obtained, bool) or not isinstance(obtained, int | float):
        raise Mismatch(Message(f"{what} is {_describe(obtained)}, and one number is due."))
    if isinstance(obtained, int) and abs(obtained) > 2**63:
        raise Mismatch(Message(f"{what} is an integer of {obtained.bit_length()} bits: far too large."))
    return np.asarray(obtained)


def _as_array(obtained, expected: np.ndarray, what) -> np.ndarray:
    if isinstance(obtained, list | tuple):
        raise Mismatch(
            Message(f"{what} is a {type(obtained).__name__}, and an array is due: return numpy.array(...) of it.")
        )
    if isinstance(obtained, int | float) and not isinstance(obtained, bool) and expected.size == 1:
        obtained = np.asarray(obtained)
    if not isinstance(obtained, np.ndarray):
        raise Mismatch(Message(f"{what} is {_describe(obtained)}, and {_describe(expected)} is due."))
    if obtained.dtype.kind == "c" and expected.dtype.kind != "c":
        raise Mismatch(Message(f"{what} has complex entries, and real ones are due."))
    if expected.size == 1 and obtained.size == 1:
        obtained = obtained.reshape(expected.shape)
    if obtained.shape != expected.shape:
        turned = obtained.ndim == 2 and obtained.T.shape == expected.shape
        raise Mismatch(
            Message(
                f"{what} has shape {obtained.shape}, and {expected.shape} is due.",
                known="the array is transposed" if turned else "",
            )
        )
    return obtained


def _compare_arrays(obtained: np.ndarray, expected: np.ndarray, what, tolerance, reveal) -> None:
    if obtained.dtype.kind == "f" and not np.isfinite(obtained).all() and np.isfinite(expected).all():
        index = tuple(int(k) for k in np.argwhere(~np.isfinite(obtained))[0])
        bad = "NaN (not a number)" if np.isnan(obtained[index]) else "infinity"
        where = f" at {list(index)}" if index else ""
        raise Mismatch(Message(f"{what} holds {bad}{where}: look for an overflow, a log of 0 or a division by 0."))
    with np.errstate(all="ignore"):
        difference = np.abs(np.asarray(obtained, dtype=_wide(obtained)) - np.asarray(expected, dtype=_wide(expected)))
        # Beside an expected infinity the relative tolerance is infinite, and every number would be near.
        near = np.isfinite(expected) & (difference <= tolerance * np.maximum(1.0, np.abs(expected)))
        wrong = ~(near | (obtained == expected))  # infinity equals infinity, though their difference is NaN
    if not wrong.any():
        return
    index = tuple(int(k) for k in np.argwhere(wrong)[0])
    size = expected.size
    raise Mismatch(
        Message(
            f"{what} differs in {int(wrong.sum())} of {size} entries" if size > 1 else f"{what} differs",
            obtained=_short(obtained[index]),
            expected=_short(expected[index]) if reveal else "",
            index=str(list(index)) if index else "",
            difference=float(difference.max()) if reveal else None,
            tolerance=tolerance if reveal else None,
        )
    )


def _wide(array: np.ndarray):
    return complex if array.dtype.kind == "c" else float


def _short(value) -> str:
    if isinstance(value, str):
        return repr(value if len(value) <= 60 else value[:57] + "...")
    if isinstance(value, bool | np.bool_):
        return str(bool(value))
    if isinstance(value, int | np.integer):
        return str(int(value))
    return f"{value:.6g}"


def _describe(value) -> str:
    """A value's kind in words, for a sentence."""
    if isinstance(value, np.ndarray):
        return f"an array of shape {value.shape}" if value.ndim else "a number"
    if isinstance(value, Foreign):
        return f"a {value.type_name}"
    names = {bool: "True or False", int: "a number", float: "a number", str: "a text", type(None): "None"}
    return names.get(type(value), f"a {type(value).__name__}")
