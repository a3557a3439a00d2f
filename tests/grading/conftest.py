"""Workers for the tests of the judge's back end: from a template with NumPy alone, which starts in 0.2 s."""

from pathlib import Path

import pytest

from course_kit.grading.limits import Limits
from course_kit.grading.server import WorkerServer

MIB = 2**20
SMALL = Limits(
    cell_seconds=10, call_seconds=10, memory=256 * MIB, processes=32, scratch_bytes=4 * MIB, scratch_files=64
)


@pytest.fixture(scope="session")
def numpy_server():
    """A server of shut-in workers with small limits."""
    with WorkerServer(SMALL, preload=("numpy",)) as server:
        yield server


@pytest.fixture
def worker(numpy_server):
    """A worker of the test's own."""
    worker = numpy_server.spawn()
    yield worker
    worker.close()


@pytest.fixture
def ask(worker):
    """Run code in the worker and bring back what it called ``answer``."""

    def run(code: str):
        reply = worker.cell(code, 1)
        assert reply.state == "value", reply
        return worker.value("answer").value

    return run


def children(pid: int) -> list[int]:
    """The pids of the processes below ``pid``."""
    try:
        tasks = list(Path(f"/proc/{pid}/task").iterdir())
        direct = [int(child) for task in tasks for child in (task / "children").read_text().split()]
    except OSError:
        return []
    return [*direct, *(below for child in direct for below in children(child))]
