"""What a worker's answer is once the judge has looked it over. It is what a student's process says, never a verdict."""

from dataclasses import dataclass

from .wire import WireError

STATES = ("value", "error", "missing", "untouched")
MAX_TEXT = 4000  # an honest worker stays below; the rest of a longer text is dropped
MAX_TEXTS = 1000
MAX_COUNT = 10**9


@dataclass(frozen=True)
class Fault:
    """An error of the student's code: ``cell`` and ``line`` count from 1 and are None where none of it is theirs."""

    type: str
    message: str
    cell: int | None
    line: int | None
    function: str
    source: str


@dataclass(frozen=True)
class Reply:
    """The answer to one request.

    Args:
        state: "value", "error", "missing" (no such name) or "untouched" (the name is None, as in the stub).
        value: plain data, copied; ``Foreign`` stands for all else.
        changed: the arguments that the call changed in place: "1" for the first, or a keyword.
        notes: sentences on what in a cell was put aside: magics, shell lines.
        name: the name that is missing or untouched.
        error: Fault, if the state is "error".
    """

    state: str
    value: object = None
    changed: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    name: str = ""
    error: Fault | None = None


def parse(record: object, number: int) -> Reply:
    """``record`` as the Reply to request ``number``. Raises WireError unless it is just that."""
    if type(record) is not dict or record.get("id") != number:
        raise WireError("an answer to something that was not asked")
    state = record.get("state")
    if state not in STATES:
        raise WireError("an answer in no known state")
    return Reply(
        state,
        record.get("value"),
        _texts(record.get("changed", [])),
        _texts(record.get("notes", [])),
        _text(record.get("name", "")),
        _fault(record.get("error")) if state == "error" else None,
    )


def _text(value: object) -> str:
    if type(value) is not str:
        raise WireError("no text where one is due in an answer")
    return value[:MAX_TEXT]


def _texts(values: object) -> tuple[str, ...]:
    if type(values) is not list:
        raise WireError("no list where one is due in an answer")
    return tuple(_text(value) for value in values[:MAX_TEXTS])


def _count(value: object) -> int | None:
    if value is not None and not (type(value) is int and 0 <= value <= MAX_COUNT):
        raise WireError("no number where one is due in an answer")
    return value


def _fault(record: object) -> Fault:
    if type(record) is not dict:
        raise WireError("no error where one is due in an answer")
    texts = {name: _text(record.get(name)) for name in ("type", "message", "function", "source")}
    return Fault(cell=_count(record.get("cell")), line=_count(record.get("line")), **texts)
