"""The process that runs one student's code: it executes cells, answers calls with plain data, and judges nothing.

Everything in here shares its memory with the student's code, which may change any of it. So nothing in here is
trusted by the judge: a worker can make its own answers wrong, and that is all it can do.
"""

import asyncio
import linecache
import os
import re
import select
import signal
import socket
import sys
import traceback
from collections.abc import Callable, Iterable
from contextlib import suppress
from types import ModuleType
from typing import NoReturn

from . import cells, sandbox, stub, wire
from .cgroup import WorkerGroup
from .limits import Limits

CHANNEL, LIFE = 3, 4  # descriptors of the worker, beside 0, 1 and 2
MAX_MESSAGE = 2000
BROKEN = 70  # exit code of a worker whose own loop fell over, as sysexits.h has it for software


class _Missing(Exception):
    """A name that the student has not defined, or (``untouched``) left at None as the stub has it."""

    def __init__(self, name: str, state: str):
        super().__init__(name)
        self.name, self.state = name, state


class Names:
    """The student's names as a probe sees them: ``names["JordanCell"]``."""

    def __init__(self, space: dict):
        self._space = space

    def __getitem__(self, name: str):
        if name not in self._space:
            raise _Missing(name, "missing")
        if self._space[name] is None:
            raise _Missing(name, "untouched")
        return self._space[name]

    def __contains__(self, name: str) -> bool:
        return name in self._space


class Student:
    """One student's namespace, and what may be asked of it. Each method returns a part of a reply."""

    def __init__(self):
        main = ModuleType("__main__")
        sys.modules["__main__"] = main
        self.space = vars(main)
        # Jupyter has these two without an import.
        self.space |= {"display": stub.QUIET, "get_ipython": stub.QUIET}
        self.given = frozenset(self.space)
        self.sources: dict[str, list[str]] = {}

    def cell(self, source: str, number: int) -> dict:
        """Run one notebook cell; what it defines stays."""
        filename = f"<cell {number}>"
        prepared, notes = cells.prepare(source)
        self.sources[filename] = source.split("\n")
        linecache.cache[filename] = (len(prepared), None, prepared.splitlines(keepends=True), filename)
        try:
            code, awaits = cells.compile_cell(prepared, filename)
            if awaits:
                notes.append("await at the top level works in a notebook and not in a Python file")
                asyncio.run(eval(code, self.space))
            else:
                exec(code, self.space)
        except BaseException as error:
            return {"state": "error", "error": self.describe(error), "notes": notes}
        return {"state": "value", "notes": notes}

    def call(self, name: str, args: list, kwargs: dict) -> dict:
        """Call an object by its name; says which arguments it changed, counted from 1, or by keyword."""

        def answer():
            function = Names(self.space)[name]
            if not callable(function):
                raise TypeError(f"{name} must be a function. Got {type(function).__name__}.")
            given = [*((str(k), a) for k, a in enumerate(args, 1)), *kwargs.items()]
            before = [wire.encode(argument) for _, argument in given]
            value = function(*args, **kwargs)
            changed = [
                place for (place, argument), was in zip(given, before, strict=True) if wire.encode(argument) != was
            ]
            return {"value": value, "changed": changed}

        return self.guarded(answer)

    def value(self, name: str) -> dict:
        """The value of a name; None is a value here."""

        def answer():
            if name not in self.space:
                raise _Missing(name, "missing")
            return {"value": self.space[name]}

        return self.guarded(answer)

    def probe(self, source: str, function: str, args: list) -> dict:
        """Run a function of ours beside the student's objects: ``function(names, *args)``."""

        def answer():
            space = {"__name__": "probe", "__builtins__": __builtins__}
            exec(compile(source, "<probe>", "exec", dont_inherit=True), space)
            return {"value": space[function](Names(self.space), *args)}

        return self.guarded(answer)

    def names(self) -> dict:
        """The public names that the student has defined, without modules."""
        found = [
            name
            for name, value in self.space.items()
            if name not in self.given and not name.startswith("_") and type(value) is not ModuleType
        ]
        return {"state": "value", "value": found}

    def guarded(self, answer: Callable[[], dict]) -> dict:
        try:
            return {"state": "value", **answer()}
        except _Missing as missing:
            return {"state": missing.state, "name": missing.name}
        except BaseException as error:  # SystemExit and KeyboardInterrupt end one answer, not the worker
            return {"state": "error", "error": self.describe(error)}

    def describe(self, error: BaseException) -> dict:
        """The student's error with the last line of it that is theirs."""
        cell, line, function = None, None, ""
        for frame, number in traceback.walk_tb(error.__traceback__):
            if frame.f_code.co_filename in self.sources:
                cell, line, function = frame.f_code.co_filename, number, frame.f_code.co_name
        if isinstance(error, SyntaxError) and error.filename in self.sources:
            cell, line, function = error.filename, error.lineno, ""
        try:
            message = error.msg if isinstance(error, SyntaxError) else str(error)
        except BaseException:  # the student's own class may refuse
            message = ""
        source = self.sources.get(cell, [])
        return {
            "type": type(error).__name__[:200],
            "message": str(message).strip()[:MAX_MESSAGE],
            "cell": int(re.sub(r"\D", "", cell)) if cell else None,
            "line": line,
            "function": "" if function == "<module>" else function,
            "source": source[line - 1].strip()[:200] if line and line <= len(source) else "",
        }


def serve(channel: socket.socket) -> None:
    """Answer requests one by one until the judge closes."""
    student, own_pid = Student(), os.getpid()
    reader = wire.FrameReader()
    streams = (sys.stdout, sys.stderr)  # the student's code may put others in their place, or close these
    while (received := wire.receive(channel, reader)) is not None:
        request = dict(received[0])
        number, operation = request.pop("id"), request.pop("op")
        reply = getattr(student, operation)(**request)
        if os.getpid() != own_pid:
            os._exit(0)  # the student's code has forked, and its child came back here
        for stream in streams:
            with suppress(Exception):
                stream.flush()
        channel.sendall(_encoded({"id": number, **reply}, student))
        del reply


def _encoded(reply: dict, student: Student) -> bytes:
    try:
        return wire.encode(reply)
    except BaseException as error:
        return wire.encode({"id": reply["id"], "state": "error", "error": student.describe(error)})


def start(
    channel: int,
    output: int,
    life: int,
    keepers_end: int,
    limits: Limits,
    hide: Iterable[str],
    uid: int | None,
    home: str | None,
    group: WorkerGroup | None,
) -> NoReturn:
    """The life of a worker, from the fork to the end: shut itself in, say so, serve. ``home`` means no sandbox."""
    try:
        os.close(keepers_end)
        nowhere = os.open(os.devnull, os.O_RDONLY)
        sandbox.keep_only([(nowhere, 0), (output, 1), (output, 2), (channel, CHANNEL), (life, LIFE)])
        connection = socket.socket(fileno=CHANNEL)
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        try:
            if group:
                group.join()
            isolation = sandbox.enter_nothing(limits, home) if home else sandbox.enter(limits, hide, uid)
        except BaseException as error:
            connection.sendall(wire.encode({"refused": str(error)}))
            os._exit(1)
        if select.select([LIFE], [], [], 0)[0]:
            os._exit(1)  # the keeper was gone before this process had asked to die with it
        os.close(LIFE)
        _settle(home or sandbox.HOME)
        connection.sendall(wire.encode({"ready": isolation}))
        serve(connection)
        os._exit(0)
    finally:
        os._exit(BROKEN)


def _settle(home: str) -> None:
    """Streams, environment and imports as a notebook has them."""
    text = {"buffering": 1, "encoding": "utf-8", "errors": "backslashreplace", "closefd": False}
    sys.stdin = sys.__stdin__ = open(0, **text)  # noqa: SIM115, these three live as long as the process
    sys.stdout = sys.__stdout__ = open(1, "w", **text)  # noqa: SIM115
    sys.stderr = sys.__stderr__ = open(2, "w", **text)  # noqa: SIM115
    os.environ.pop("LD_LIBRARY_PATH", None)
    os.environ |= {
        "HOME": home,
        "TMPDIR": "/tmp" if home == sandbox.HOME else home,
        "KERAS_HOME": f"{home}/.keras",
        "MPLCONFIGDIR": f"{home}/.matplotlib",
        "USER": "student",
        "LOGNAME": "student",
    }
    sys.argv = [""]
    sys.path[:] = ["", *(path for path in sys.path if os.path.isdir(path))]
    stub.install()
