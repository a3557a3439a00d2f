"""The student's work as a check sees it: functions to call, values to read, and nothing else.

``LocalAnswer`` serves the notebook, where the student's objects are at hand. The judge has its own, which asks
another process; a case cannot tell them apart, so the same check answers the student and the gradebook.
"""

import copy
import difflib
import linecache
import re
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np

HERE = str(Path(__file__).resolve().parent.parent)
NUMERIC_KINDS = "biufc"


@dataclass(frozen=True)
class Foreign:
    """Stands for a value that is no plain data: a tensor, a function, a generator, an object array."""

    type_name: str
    shape: tuple[int, ...] | None = None

    @property
    def is_tensor(self) -> bool:
        return self.type_name.split(".")[0] in {"tensorflow", "keras", "torch", "jax", "jaxlib"}


class AnswerError(Exception):
    """The answer could not be had; ``str(error)`` is the sentence for the student."""


class NotDefined(AnswerError):
    """The student's notebook has no such name."""

    def __init__(self, name: str, similar: str | None = None):
        self.name = name
        advice = f" Did you mean {similar}?" if similar else ""
        super().__init__(f"{name} is not defined: run the cell that defines it.{advice}")


class Untouched(AnswerError):
    """The stub still stands: None came back."""

    def __init__(self, name: str, called: bool):
        self.name = name
        super().__init__(
            f"{name} returned None: replace the stub's last line, or add the missing return."
            if called
            else f"{name} is still None: replace it by your answer."
        )


class ChangedArguments(AnswerError):
    """The student's function wrote into the arrays that it was given."""

    def __init__(self, name: str, positions: tuple[str, ...]):
        self.name, self.positions = name, positions
        super().__init__(
            f"{name} changed its argument {', '.join(positions)} in place: the caller's arrays must stay as they "
            "were. Make a new array (a + b instead of a += b, or a.copy())."
        )


class StudentError(AnswerError):
    """The student's own code raised; where and what is kept."""

    def __init__(self, type_name: str, message: str, where: str = "", line: str = ""):
        message = without_keras_wrapping(message)
        self.type_name, self.message, self.where, self.line = type_name, message, where, line
        place = f" in {where}" if where else ""
        code = f": `{line}`" if line else ""
        super().__init__(f"{type_name}{place}{code}: {message}" if message else f"{type_name}{place}{code}")


class Lost(AnswerError):
    """No answer came: too slow, or the process ended. Only the judge meets it."""


class Answer:
    """What a case may do with the student's work.

    ``answer.forget_gate(x, h)`` calls a function, ``answer["misprint"]`` reads a value, ``answer.probe(f, ...)``
    runs our self-contained function ``f(names, ...)`` beside the student's objects and brings back plain data.
    """

    def call(self, name: str, *args, **kwargs):
        """Call ``name`` and return its value as plain data. Raises ``AnswerError`` with a sentence."""
        raise NotImplementedError

    def value(self, name: str):
        """The value of ``name`` as plain data. Raises ``AnswerError`` with a sentence."""
        raise NotImplementedError

    def probe(self, function: Callable, *args):
        """Run ``function(names, *args)`` where the student's objects live; it must import what it uses itself."""
        raise NotImplementedError

    def __getattr__(self, name: str):
        if name.startswith("_"):
            raise AttributeError(name)
        return partial(self.call, name)

    def __getitem__(self, name: str):
        return self.value(name)


class LocalAnswer(Answer):
    """The student's work in this very process: ``namespace`` is the notebook's global names."""

    def __init__(self, namespace: Mapping):
        self._namespace = namespace

    def _find(self, name: str):
        if name not in self._namespace:
            raise NotDefined(name, closest(name, self._namespace))
        return self._namespace[name]

    def call(self, name: str, *args, **kwargs):
        function = self._find(name)
        if function is None:
            raise Untouched(name, called=False)
        if not callable(function):
            raise StudentError("TypeError", f"{name} must be a function. Got {type(function).__name__}.")
        # The student gets copies: the arrays of the case, and constants of the reference, stay what they are.
        given, named = copy.deepcopy((args, kwargs))
        result = self._guarded(function, *given, **named)
        changed = [
            *changed_positions(args, given),
            *(k for k in kwargs if differs(kwargs[k], named[k])),
        ]
        if changed:
            raise ChangedArguments(name, tuple(changed))
        if result is None:
            raise Untouched(name, called=True)
        return plain(result)

    def value(self, name: str):
        value = self._find(name)
        if value is None:
            raise Untouched(name, called=False)
        return plain(value)

    def probe(self, function: Callable, *args):
        result = self._guarded(function, Names(self._namespace), *copy.deepcopy(args))
        if result is None:
            raise Untouched("the answer", called=True)
        return plain(result)

    def _guarded(self, function, *args, **kwargs):
        try:
            return function(*args, **kwargs)
        except AnswerError:
            raise
        except KeyboardInterrupt:
            raise StudentError("KeyboardInterrupt", "you stopped the check") from None
        except (Exception, SystemExit) as error:
            raise describe_error(error) from error


class Names:
    """The student's names as a probe sees them: ``names["ElmanCell"]``."""

    def __init__(self, namespace: Mapping):
        self._namespace = namespace

    def __getitem__(self, name: str):
        if name not in self._namespace:
            raise NotDefined(name, closest(name, self._namespace))
        if self._namespace[name] is None:
            raise Untouched(name, called=False)
        return self._namespace[name]


def closest(name: str, defined) -> str | None:
    """The defined public name most like ``name``, if any is near."""
    public = [n for n in defined if isinstance(n, str) and not n.startswith("_")]
    flat = {n.replace("_", "").lower(): n for n in public}
    found = difflib.get_close_matches(name.replace("_", "").lower(), flat, n=1, cutoff=0.8)
    return flat[found[0]] if found else None


def plain(value, depth: int = 0):
    """``value`` with everything that is no plain data replaced by ``Foreign``; arrays are copied."""
    if value is None or isinstance(value, bool | int | float | complex | str | Foreign):
        return value
    if isinstance(value, np.ndarray | np.generic):
        array = np.array(value)
        return array if array.dtype.kind in NUMERIC_KINDS else Foreign(f"array of dtype {array.dtype}", array.shape)
    if depth < 8 and isinstance(value, list | tuple):
        return (
            type(value)(plain(v, depth + 1) for v in value)
            if type(value) in (list, tuple)
            else tuple(plain(v, depth + 1) for v in value)
        )
    if depth < 8 and isinstance(value, dict) and all(isinstance(k, str) for k in value):
        return {k: plain(v, depth + 1) for k, v in value.items()}
    kind = type(value)
    shape = getattr(value, "shape", None)
    try:
        shape = tuple(int(s) for s in shape)
    except (TypeError, ValueError):
        shape = None
    return Foreign(f"{kind.__module__}.{kind.__qualname__}", shape)


def differs(before, after) -> bool:
    """Whether an argument changed: arrays byte by byte, containers entry by entry, the rest by value."""
    if type(before) is not type(after):
        return True
    if isinstance(before, np.ndarray):
        return before.shape != after.shape or before.tobytes() != after.tobytes()
    if isinstance(before, list | tuple):
        return len(before) != len(after) or any(differs(b, a) for b, a in zip(before, after, strict=True))
    if isinstance(before, dict):
        return before.keys() != after.keys() or any(differs(before[k], after[k]) for k in before)
    if isinstance(before, float) and before != before:
        return after == after  # a NaN is still that NaN
    return bool(before != after)


def changed_positions(before, after) -> list[str]:
    return [str(k + 1) for k, (b, a) in enumerate(zip(before, after, strict=True)) if differs(b, a)]


def without_keras_wrapping(message: str) -> str:
    """An error's text without what Keras and TensorFlow put around it: colours, the calling layer, its arguments."""
    message = re.sub(r"\x1b\[[0-9;]*m", "", message)
    message = re.sub(r"Exception encountered when calling [^\n]*\n+", "", message)
    message = re.split(r"\n\s*Arguments received by ", message)[0]
    message = re.sub(r"\{\{function_node [^}]*\}\}\s*", "", message)
    return " ".join(message.split())


def describe_error(error: BaseException) -> StudentError:
    """The student's exception with the last line that is theirs."""
    frames = traceback.extract_tb(error.__traceback__)
    own = [f for f in frames if not f.filename.startswith(HERE) and "site-packages" not in f.filename]
    where, line = "", ""
    if own:
        last = own[-1]
        where = f"line {last.lineno} of {last.name}" if last.name != "<module>" else f"line {last.lineno}"
        line = (last.line or linecache.getline(last.filename, last.lineno or 0)).strip()
    return StudentError(type(error).__name__, str(error).strip()[:500], where, line)
