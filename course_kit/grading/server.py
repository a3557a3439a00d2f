"""The judge's end of the warm template: start it once, get a worker from it in milliseconds, leave nothing behind."""

import itertools
import json
import os
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from . import cgroup, link
from .limits import Limits
from .link import Worker, WorkerDied, WorkerRefused, WorkerTimeout
from .wire import WireError

__all__ = ["ServerError", "WireError", "Worker", "WorkerDied", "WorkerRefused", "WorkerServer", "WorkerTimeout"]

HERE = Path(__file__).resolve().parent
PRELOAD = ("numpy", "tensorflow", "keras", "matplotlib.pyplot")
START_SECONDS = 300.0  # 3-4 s on a quiet machine; minutes where the libraries come over a cold network file system
READY_SECONDS = 20.0  # 0.03 s on a quiet machine
MOST_FAILURES = 3  # ends of a template without a worker between them
ENVIRONMENT = {
    "PATH": "/usr/bin:/bin",
    "LANG": "C.UTF-8",
    "PYTHONHASHSEED": "0",  # a set of texts is gone through in the same order each time it is graded
    "KERAS_BACKEND": "tensorflow",
    "KERAS_HOME": "/dev/null/keras",  # the instructor's own keras.json is not the course's
    "MPLBACKEND": "Agg",
    "CUDA_VISIBLE_DEVICES": "-1",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    # One thread each: workers run side by side, and a library that starts threads at import could not be forked.
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "TF_NUM_INTRAOP_THREADS": "1",
    "TF_NUM_INTEROP_THREADS": "1",
    # Huge pages for malloc: two forks and their ends cost 25 ms instead of 44 ms (measured, TensorFlow 2.21).
    "GLIBC_TUNABLES": "glibc.malloc.hugetlb=1",
}


class ServerError(Exception):
    """The template could not be started or refuses to fork; the text says why."""


class _Template:
    """One running template process and the socket to it."""

    def __init__(self, preload: Iterable[str]):
        self.control, far = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self.log = tempfile.TemporaryFile()  # noqa: SIM115, closed with the template
        inherited = {name: os.environ[name] for name in ("HOME", "LD_LIBRARY_PATH") if name in os.environ}
        with far:
            self.process = subprocess.Popen(
                # As "-I", but that would leave PYTHONHASHSEED out too; the environment is ours, line by line.
                [sys.executable, "-s", "-P", str(HERE / "template.py"), str(far.fileno()), *preload],
                stdin=subprocess.DEVNULL,
                stdout=self.log,
                stderr=self.log,
                pass_fds=[far.fileno()],
                env=ENVIRONMENT | inherited,
                cwd="/",
                start_new_session=True,  # Ctrl-C is the judge's to handle
            )
        self.ready = False
        self.numbers = itertools.count(1)

    def wait_until_ready(self) -> None:
        if not self.ready:
            self._receive(START_SECONDS, "start")
            self.ready = True

    def fork(self, order: dict, descriptors: list[int]) -> None:
        """Have a keeper forked that gets ``descriptors``. Raises OSError if the template is gone."""
        number = next(self.numbers)
        socket.send_fds(self.control, [json.dumps(order | {"number": number}).encode()], descriptors)
        # An answer to another order is one that Ctrl-C kept somebody from reading.
        while (answer := self._receive(READY_SECONDS, "fork")).get("number") != number:
            pass
        if "refused" in answer:
            raise ServerError(answer["refused"])

    def _receive(self, seconds: float, what: str) -> dict:
        if not link.readable(self.control, seconds):
            self.process.kill()
            raise ServerError(f"the worker template did not {what} within {seconds:g} s")
        data = self.control.recv(65536)
        if not data:
            raise BrokenPipeError(self.last_words())
        return json.loads(data)

    def last_words(self) -> str:
        size = self.log.seek(0, os.SEEK_END)
        self.log.seek(max(0, size - 2000))
        return self.log.read().decode("utf-8", "replace").strip()

    def close(self) -> None:
        self.control.close()
        if not self.ready:  # it would see the end of its socket after its imports only
            self.process.kill()
        try:
            # It waits for its keepers first.
            self.process.wait(2 * link.END_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.log.close()


class WorkerServer:
    """Gives out workers, each a fork of one warm process that has TensorFlow imported.

    Use it as a context manager; entering starts the template and does not wait for it. It may be used from several
    threads, with one thread for each worker.

    Args:
        limits: Limits of each worker.
        sandbox: "auto" shuts each worker in and fails where the machine does not allow it; "none" does not.
        hide: directories that no worker may see even if they lie inside a directory of libraries, as the
            submissions might. The course kit's own is always among them.
        preload: modules that the template imports.
    """

    def __init__(
        self,
        limits: Limits | None = None,
        sandbox: str = "auto",
        *,
        hide: Iterable[str | os.PathLike] = (),
        preload: Iterable[str] = PRELOAD,
    ):
        if sandbox not in ("auto", "none"):
            raise ValueError(f'sandbox must be "auto" or "none". Got {sandbox!r}.')
        if not sys.platform.startswith("linux"):
            raise ServerError("workers need Linux; elsewhere grade inside a Linux container")
        self.limits = limits or Limits()
        self.sandbox = sandbox
        self.hide = sorted({path for given in (*_own_directories(), *hide) for path in _both_paths(given)})
        self.preload = tuple(preload)
        self._template: _Template | None = None
        self._workers: set[Worker] = set()
        self._lock = threading.Lock()
        self._failures, self._reason = 0, ""
        self._group: Path | None = None

    def __enter__(self) -> "WorkerServer":
        with self._lock:
            with suppress(OSError):  # then the keepers watch by themselves
                self._group = cgroup.open_class(cgroup.parent_group())
            self._template = _Template(self.preload)
        return self

    def __exit__(self, *_) -> None:
        self.close()

    def wait_until_ready(self) -> float:
        """Wait for the template's imports; returns how long that took from here. Raises ServerError."""
        started = time.monotonic()
        with self._lock:
            self._running_template()
        return time.monotonic() - started

    def spawn(self, cpu_seconds: float | None = None) -> Worker:
        """A new worker, shut in and waiting; ``cpu_seconds`` is what is left of its submission's processor time.

        Raises:
            ServerError: the template cannot be started, or ended at one fork after another.
            WorkerRefused: the machine refuses a part of the sandbox; nothing is ever run without it unasked.
        """
        with self._lock:
            self._workers = {worker for worker in self._workers if not worker.closed}
            worker = self._forked(replace(self.limits, cpu_seconds=cpu_seconds or self.limits.cpu_seconds))
            self._workers.add(worker)
        try:
            worker.wait_until_ready(READY_SECONDS)
        except BaseException:
            worker.close()
            raise
        self._failures = 0
        return worker

    def close(self) -> None:
        """End all workers and the template; afterwards no process of theirs is left. No thread may still use one."""
        with self._lock:
            for worker in self._workers:
                worker.dismiss()
            for worker in self._workers:
                worker.close()
            self._workers.clear()
            if self._template:
                self._template.close()
                self._template = None
            if self._group:
                cgroup.close_class(self._group)
                self._group = None

    def _running_template(self) -> _Template:
        """The template, ready; a new one if the old one has ended."""
        while self._failures < MOST_FAILURES:
            if self._template is None:
                raise ServerError("the worker server is not running: use it in a with statement")
            try:
                self._template.wait_until_ready()
                return self._template
            except OSError as error:
                self._another_template(error)
        raise ServerError(f"the worker template ended {MOST_FAILURES} times in a row: {self._reason}")

    def _another_template(self, error: OSError) -> None:
        """Start one in the place of one that has ended. No more than some in a row: each costs its imports."""
        self._failures, self._reason = self._failures + 1, str(error) or "it said nothing"
        self._template.close()
        self._template = _Template(self.preload) if self._failures < MOST_FAILURES else None

    def _forked(self, limits: Limits) -> Worker:
        group = str(self._group) if self._group else None
        order = {"limits": limits.as_dict(), "sandbox": self.sandbox, "hide": self.hide, "group": group}
        while True:
            template = self._running_template()
            try:
                return _fork_worker(template, order, limits)
            except OSError as error:  # it died since the last worker
                self._another_template(error)


def _fork_worker(template: _Template, order: dict, limits: Limits) -> Worker:
    channel, workers_end = socket.socketpair()
    control, keepers_end = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    output, writing_end = os.pipe()
    try:
        template.fork(order, [keepers_end.fileno(), workers_end.fileno(), writing_end])
    except BaseException:  # Ctrl-C too: a keeper that was forked meanwhile sees its socket end
        channel.close()
        control.close()
        os.close(output)
        raise
    finally:
        workers_end.close()
        keepers_end.close()
        os.close(writing_end)
    return Worker(channel, output, control, limits)


def _own_directories() -> list[Path]:
    """The course kit's package, and the repository around it if there is one."""
    package = HERE.parent
    return [package, package.parent] if (package.parent / "pyproject.toml").exists() else [package]


def _both_paths(path: str | os.PathLike) -> list[str]:
    return [os.path.abspath(path), os.path.realpath(path)]
