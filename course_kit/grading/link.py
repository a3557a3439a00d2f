"""The judge's end of one worker: ask, wait no longer than allowed, and know how it ended."""

import errno
import itertools
import json
import os
import select
import socket
import time
from contextlib import suppress

from course_kit.checking.answer import Foreign

from . import ended, wire
from .ended import Ended
from .limits import Limits
from .output import Output
from .reply import Reply, parse

CHUNK = 65536
LATE_READS = 16  # more than a socket holds
# How long the end of a killed worker may take: a hundred large processes give their memory back first.
END_SECONDS = 20.0


class WorkerTimeout(Exception):
    """No whole answer came in time. The worker is gone."""


class WorkerDied(Exception):
    """The worker ended instead of answering; the text says how."""


class WorkerRefused(Exception):
    """The worker could not be set up: this machine refuses a part of the sandbox."""


class Worker:
    """One worker process. Made by ``WorkerServer.spawn``; used by one thread at a time.

    ``isolation`` says what it is shut in by; ``ended`` is None or how it ended; ``seconds`` what its answers took.
    """

    def __init__(self, channel: socket.socket, output: int, control: socket.socket, limits: Limits):
        self.limits = limits
        self.isolation = ""
        self.ended: Ended | None = None
        self.seconds = 0.0
        self._channel, self._output_end, self._control = channel, output, control
        self._output = Output(limits.output_bytes)
        self._reader = wire.FrameReader(Foreign)
        self._numbers = itertools.count(1)
        self._killed = False
        channel.setblocking(False)
        os.set_blocking(output, False)

    def request(self, message: dict, deadline: float | None = None) -> Reply:
        """Send one request and wait for its whole answer.

        Args:
            message: dict with "op" and its arguments: cell (source, number), call (name, args, kwargs), value
                (name), probe (source, function, args), names ().
            deadline: float, seconds for the whole answer; by default the limit for a cell or a call.

        Raises:
            WorkerTimeout: the deadline, or the limit for all answers, was passed.
            WorkerDied: it ended, now or before.
            WireError: the answer is not plain data within the limits, or the request is not.

        After each of these, but a WireError for the request, the worker is gone.
        """
        if self.ended:
            raise WorkerDied(self.ended.reason)
        number = next(self._numbers)
        frame = wire.encode({**message, "id": number})
        cell, limits = message["op"] == "cell", self.limits
        usual = limits.cell_seconds if cell else limits.call_seconds
        deadline = usual if deadline is None else deadline
        cpu = (limits.cell_cpu_seconds if cell else limits.call_cpu_seconds) * deadline / usual
        with suppress(OSError):  # the keeper is gone, which the exchange will tell
            self._control.send(f"{cpu:.3f}".encode())
        left = self.limits.total_seconds - self.seconds
        started = time.monotonic()
        try:
            record = self._exchange(frame, started + min(deadline, left))
            return parse(record, number)
        except TimeoutError:
            self.kill()
            if left < deadline:
                total = f"{self.limits.total_seconds:g} s"
                raise WorkerTimeout(f"all answers together took longer than {total}") from None
            raise WorkerTimeout(f"no answer within {deadline:g} s") from None
        except BaseException:  # a hostile frame, or Ctrl-C: what comes next on this socket means nothing
            self.kill()
            raise
        finally:
            self.seconds += time.monotonic() - started

    def cell(self, source: str, number: int, deadline: float | None = None) -> Reply:
        return self.request({"op": "cell", "source": source, "number": number}, deadline)

    def call(self, name: str, *args, deadline: float | None = None, **kwargs) -> Reply:
        return self.request({"op": "call", "name": name, "args": list(args), "kwargs": kwargs}, deadline)

    def value(self, name: str, deadline: float | None = None) -> Reply:
        return self.request({"op": "value", "name": name}, deadline)

    def probe(self, source: str, function: str, *args, deadline: float | None = None) -> Reply:
        return self.request({"op": "probe", "source": source, "function": function, "args": list(args)}, deadline)

    def names(self, deadline: float | None = None) -> Reply:
        return self.request({"op": "names"}, deadline)

    @property
    def output(self) -> str:
        """What was printed since the start or the last ``take_output``, the middle left out if it is long."""
        self._drain()
        return self._output.text()

    def take_output(self) -> str:
        """``output``, which is empty afterwards: so what cells print is told from what calls print."""
        text = self.output
        self._output.clear()
        return text

    def kill(self) -> Ended:
        """End the worker and all that it started, wait for that, and say how it ended."""
        if self.ended is None:
            self.dismiss()
            self._wait_for_report()
        return self.ended

    def dismiss(self) -> None:
        """Have the worker ended without waiting for it."""
        if self.ended is None and not self._killed:
            self._killed = True
            with suppress(OSError):
                self._control.send(b"end")

    def wait_until_ready(self, deadline: float) -> None:
        """Wait until the worker has shut itself in. Raises WorkerRefused or WorkerDied."""
        try:
            record = self._exchange(b"", time.monotonic() + deadline)
        except TimeoutError:
            self.kill()
            raise WorkerRefused(f"the worker was not ready within {deadline:g} s") from None
        except BaseException:
            self.kill()
            raise
        if "refused" in record:
            self.kill()
            raise WorkerRefused(record["refused"])
        self.isolation = record["ready"]

    @property
    def closed(self) -> bool:
        return self._output_end < 0

    def close(self) -> None:
        """Kill, and give back the descriptors. What it printed can still be read."""
        if not self.closed:
            self.kill()
            self._drain()
            self._channel.close()
            self._control.close()
            os.close(self._output_end)
            self._output_end = -1

    def _exchange(self, frame: bytes, until: float) -> object:
        """Send ``frame``, drain the output, return the next value. One deadline for all of it."""
        waiting = memoryview(frame)
        poller = select.poll()
        poller.register(self._channel, select.POLLIN | (select.POLLOUT if waiting else 0))
        poller.register(self._control, select.POLLIN)
        poller.register(self._output_end, select.POLLIN)
        while (left := until - time.monotonic()) > 0:
            for descriptor, event in poller.poll(left * 1000):
                if descriptor == self._output_end:
                    if not self._read_output():
                        poller.unregister(descriptor)
                elif descriptor == self._control.fileno():
                    return self._last_words()
                elif event & ~select.POLLOUT:
                    if not self._read_channel():
                        poller.unregister(descriptor)  # closed by the worker; its end is told by the keeper
                    elif found := self._reader.take():
                        return found[0]
                else:
                    waiting = self._send(waiting)
                    if not waiting:
                        poller.modify(descriptor, select.POLLIN)
        # The judge may have been held up by its other threads while the answer came.
        for _ in range(LATE_READS):
            if not readable(self._channel) or not self._read_channel():
                break
            if found := self._reader.take():
                return found[0]
        raise TimeoutError

    def _send(self, waiting: memoryview) -> memoryview:
        try:
            return waiting[self._channel.send(waiting[:CHUNK]) :]
        except BlockingIOError:
            return waiting
        except (BrokenPipeError, ConnectionResetError):
            return waiting[:0]

    def _read_channel(self) -> bool:
        try:
            data = self._channel.recv(CHUNK)
        except BlockingIOError:
            return True
        except ConnectionResetError:
            return False
        self._reader.feed(data)
        return bool(data)

    def _read_output(self) -> bool:
        """Take what is there; False when nobody can write any more."""
        try:
            data = os.read(self._output_end, CHUNK)
        except OSError as error:
            return error.errno == errno.EAGAIN
        self._output.add(data)
        return bool(data)

    def _drain(self) -> None:
        """Take what is in the pipe now: at most what it holds (1 MiB), so a flood does not keep us here."""
        for _ in range(2**20 // CHUNK):
            if self.closed or not readable(self._output_end) or not self._read_output():
                return

    def _last_words(self) -> object:
        """The worker has ended: the answer that it gave before, or WorkerDied."""
        self._wait_for_report()
        while readable(self._channel) and self._read_channel():
            pass
        if found := self._reader.take():
            return found[0]
        raise WorkerRefused(self.ended.reason) if self.ended.kind == "refused" else WorkerDied(self.ended.reason)

    def _wait_for_report(self) -> None:
        data = b""
        if readable(self._control, END_SECONDS):
            try:
                data = self._control.recv(CHUNK)
            except ConnectionResetError:
                # It ended before it read our wish that it end. The kernel tells that first, and then what it sent.
                data = self._control.recv(CHUNK)
        self.ended = ended.in_words(json.loads(data) if data else None, self.limits)


def readable(descriptor: int | socket.socket, seconds: float = 0.0) -> bool:
    """Whether there is something to read, or the end of it, within some seconds."""
    poller = select.poll()  # select.select ends at descriptor 1023
    poller.register(descriptor, select.POLLIN)
    return bool(poller.poll(seconds * 1000))
