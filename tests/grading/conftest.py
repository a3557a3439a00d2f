"""Workers for the tests of the judge's back end: from a template with NumPy alone, which starts in 0.2 s."""

import os
from pathlib import Path

import pytest

from course_kit.grading import isolation
from course_kit.grading.limits import Limits
from course_kit.grading.server import WorkerServer

MIB = 2**20
SMALL = Limits(
    cell_seconds=10, call_seconds=10, memory=256 * MIB, processes=32, scratch_bytes=4 * MIB, scratch_files=64
)


@pytest.fixture(scope="session")
def can_shut_in():
    """Fails where no worker can be shut in: a judge that was not tested is no judge. To leave those tests out on such
    a machine one has to say so, COURSE_KIT_UNTESTED_SANDBOX=1, and pytest's summary lists each of them."""
    found = isolation.available()
    if found.level == "none":
        sentence = f"this machine cannot shut a submission in ({found.reason}); course-kit doctor says what it needs"
        if os.environ.get("COURSE_KIT_UNTESTED_SANDBOX") == "1":
            pytest.skip(f"{sentence}; left out since COURSE_KIT_UNTESTED_SANDBOX=1")
        pytest.fail(f"{sentence}; COURSE_KIT_UNTESTED_SANDBOX=1 leaves these tests out", pytrace=False)


@pytest.fixture(scope="session")
def numpy_server(can_shut_in):
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
