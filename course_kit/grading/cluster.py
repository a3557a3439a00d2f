"""Grade on a Dask cluster: the same jobs, each worker process with a warm template of its own.

A submission travels to a worker as bytes and comes back as a record; gradebook and reports are written where the run
was started. What a worker's death interrupts, the scheduler gives to another.
"""

import asyncio
import atexit
import threading
from collections.abc import Iterable
from concurrent.futures import CancelledError
from dataclasses import asdict, replace
from pathlib import Path

from course_kit.grading.files import Unreadable
from course_kit.grading.fingerprint import code
from course_kit.grading.handed_in import Submission
from course_kit.grading.limits import Limits
from course_kit.grading.results import SubmissionResult, from_record
from course_kit.grading.server import WorkerServer
from course_kit.grading.session import Stopped

WAIT_SECONDS = 30.0  # for the scheduler to answer and the first worker to be there


class ClusterError(Exception):
    """The cluster cannot be used; the text says what to do."""


class ClusterJudge:
    """Grades submissions on a cluster; does what ``Judge`` does, and is used as it is.

    Args:
        address: str, the scheduler's, "tcp://host:8786".
        seed, terse: as for ``Judge``.
        limits: Limits of each submission.
        sandbox: "auto" or "none", on every worker.
        hide: paths that no submission may see where a worker's machine has them.

    Raises:
        ClusterError: no scheduler or no worker there, or one with another version of the kit.
        ServerError, WorkerRefused: if a worker cannot shut a submission in.
    """

    def __init__(
        self, address: str, seed: int, limits: Limits, sandbox: str, hide: Iterable[Path], terse: bool = False
    ):
        try:
            from distributed import Client
        except ImportError:
            raise ClusterError("--cluster needs Dask: pip install distributed, here and on every worker") from None
        self.about = {
            "seed": seed,
            "terse": terse,
            "limits": limits.as_dict(),
            "sandbox": sandbox,
            "hide": [str(path) for path in hide],
        }
        self._waiting: set = set()
        self._lock = threading.Lock()
        self._stopped = False
        try:
            self.client = Client(address, timeout=WAIT_SECONDS, set_as_default=False)
        except (OSError, ValueError) as error:
            raise ClusterError(f"no Dask scheduler answers at {address}: {_line(error)}") from None
        try:
            self.isolation = self._ready(address)
        except BaseException:
            self.client.close()
            raise

    def __enter__(self) -> "ClusterJudge":
        return self

    def __exit__(self, *_) -> None:
        self.stop()
        self.client.close()

    @property
    def jobs(self) -> int:
        """How many submissions the cluster takes at a time."""
        return sum(self.client.nthreads().values())

    def grade(self, submission: Submission) -> SubmissionResult:
        """As ``Judge.grade``; waits for the cluster."""
        from distributed import KilledWorker

        try:
            content, problem = submission.read(), ""
        except Unreadable as refusal:
            content, problem = b"", str(refusal)
        bare = replace(submission, source=None, problem=problem)
        with self._lock:
            if self._stopped:
                raise Stopped
            future = self.client.submit(grade_here, bare, content, self.about, pure=False)
            self._waiting.add(future)
        try:
            return from_record(future.result())
        except KilledWorker:
            lost = f"{self.client.scheduler.address}: every worker that was given this submission died"
            return _failed(submission, lost)
        except CancelledError:
            raise Stopped from None
        finally:
            with self._lock:
                self._waiting.discard(future)

    def stop(self) -> None:
        """Take back what is still waiting."""
        with self._lock:
            self._stopped = True
            self.client.cancel(list(self._waiting), force=True)

    def _ready(self, address: str) -> str:
        """Start every worker's template. Returns the isolation, which is the same on all of them."""
        from distributed import TimeoutError as Late

        try:
            self.client.wait_for_workers(1, timeout=WAIT_SECONDS)
        except (Late, TimeoutError):
            raise ClusterError(f"the scheduler at {address} has no worker: start one with `dask worker`") from None
        found = self.client.run(open_here, self.about)
        other = sorted(worker for worker, (kit, _) in found.items() if kit != code(None))
        if other:
            raise ClusterError(
                f"{other[0]} has another version of the kit, of Python or of Keras: install the same there"
            )
        kinds = sorted({isolation for _, isolation in found.values()})
        if len(kinds) > 1:
            raise ClusterError(f"the workers differ in what protects them: {'; '.join(kinds)}")
        return kinds[0]


# What follows runs in a worker's process.

_open: dict = {"about": None, "server": None, "judge": None}
_lock = threading.Lock()


async def open_here(about: dict) -> tuple[str, str]:
    """Have a warm template for runs ``about`` in this process. Returns the kit's fingerprint and the isolation."""

    def isolation() -> str:
        trial = judge_here(about).server.spawn()
        trial.close()
        return trial.isolation

    # Elsewhere, since a worker that does not answer for some seconds is taken for dead.
    return code(None), await asyncio.to_thread(isolation)


def grade_here(submission: Submission, content: bytes, about: dict) -> dict:
    """Grade a submission whose content travelled with it. Returns the record."""
    source = None if submission.problem else lambda most: content
    return asdict(judge_here(about).grade(replace(submission, source=source)))


def judge_here(about: dict):
    """This process's judge; a run with another seed or other limits gets a new one."""
    from course_kit.grading.judge import Judge

    with _lock:
        if _open["about"] != about:
            close_here()
            hide = [Path(path) for path in about["hide"]]
            server = WorkerServer(limits=Limits(**about["limits"]), sandbox=about["sandbox"], hide=hide)
            server.__enter__()
            _open.update(about=about, server=server, judge=Judge(server, about["seed"], about["terse"]))
        return _open["judge"]


@atexit.register
def close_here() -> None:
    """End this process's template."""
    if _open["server"] is not None:
        _open["judge"].stop()
        _open["server"].__exit__(None, None, None)
    _open.update(about=None, server=None, judge=None)


def _failed(submission: Submission, sentence: str) -> SubmissionResult:
    from course_kit.grading.judge import MACHINE

    notes = (f"{MACHINE}: {sentence}",)
    return SubmissionResult(
        submission.student, submission.notebook, submission.path, (), notes=notes, machine=True, owner=submission.owner
    )


def _line(error: Exception) -> str:
    return str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
