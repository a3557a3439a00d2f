"""What one submission uses beyond its share: processors, sockets, processor time of one answer and of all."""

import os
import time
from contextlib import suppress
from pathlib import Path

import pytest

from course_kit.grading import fairness
from course_kit.grading.limits import Limits
from course_kit.grading.server import WorkerDied, WorkerServer

from .conftest import MIB, SMALL, children

pytestmark = pytest.mark.usefixtures("can_shut_in")


def nicenesses(pids) -> list[int]:
    found = []
    for pid in pids:
        with suppress(OSError):
            found.append(os.getpriority(os.PRIO_PROCESS, pid))
    return found


def crowd(worker, count: int) -> None:
    worker.cell(f"import os\nfor _ in range({count}):\n    if os.fork() == 0:\n        while True: pass", 1)


def test_crowd_goes_behind_and_does_not_come_back():
    """More processes that run at once than there are cores: all of them, and what they start."""
    with WorkerServer(Limits(processes=200), preload=()) as server:
        server.spawn().close()
        before = set(children(os.getpid()))
        worker = server.spawn()
        crowd(worker, fairness.crowd() + 10)
        until = time.monotonic() + 10
        while time.monotonic() < until:
            worker.cell("niceness = os.nice(0)", 2)
            if worker.value("niceness").value == fairness.BEHIND:
                break
            time.sleep(0.1)
        assert worker.value("niceness").value == fairness.BEHIND
        found = nicenesses(set(children(os.getpid())) - before)
        assert found.count(fairness.BEHIND) > fairness.crowd()
        assert len(found) - found.count(fairness.BEHIND) == 1  # the keeper
        refused = worker.cell("os.setpriority(os.PRIO_PROCESS, 0, 0)", 3)
        assert refused.error.type == "PermissionError"


def test_few_that_run_keep_their_share():
    """Training uses a thread a core."""
    with WorkerServer(Limits(processes=200), preload=()) as server:
        worker = server.spawn()
        crowd(worker, len(os.sched_getaffinity(0)))
        worker.cell("import time\ntime.sleep(0.5)\nniceness = os.nice(0)", 2)
        assert worker.value("niceness").value == os.nice(0)


def test_running_threads_are_counted():
    """This very thread runs while it counts; a process that is gone counts nothing."""
    assert fairness.running([os.getpid()]) >= 1
    assert fairness.running([2**22 + 1]) == 0


def test_one_answer_has_a_limit_of_processor_time(numpy_server):
    """The whole tree's; the next answer begins anew."""
    with WorkerServer(Limits(call_seconds=30, call_cpu_seconds=0.6), preload=()) as server:
        worker = server.spawn()
        burn = "import time\ndef f(seconds):\n    until = time.process_time() + seconds\n"
        burn += "    while time.process_time() < until: pass\n    return 1"
        worker.cell(burn, 1)
        for _ in range(4):
            assert worker.call("f", 0.2).value == 1
        with pytest.raises(WorkerDied, match=r"using more than 0.6 s of processor time for one answer"):
            worker.call("f", 9.0)
        assert worker.ended.kind == "cpu"


def test_deadline_of_an_answer_scales_its_processor_time():
    """An exercise that may take twice as long may use twice as much."""
    with WorkerServer(Limits(call_seconds=1, call_cpu_seconds=0.3), preload=()) as server:
        worker = server.spawn()
        worker.cell("def f():\n    while True: pass", 1)
        with pytest.raises(WorkerDied, match=r"more than 3 s of processor time for one answer"):
            worker.call("f", deadline=10.0)


def test_keepers_own_time_is_counted(numpy_server):
    """A worker that does nothing has cost something: its fork, its sandbox, and the watching."""
    worker = numpy_server.spawn()
    assert worker.kill().cpu_seconds > 0.001


def test_buffers_of_sockets_count_as_memory(worker):
    """256 MiB here; a socket may hold twice the machine's default."""
    code = """
import socket, os, time
for _ in range(12):
    if os.fork() == 0:
        held = []
        try:
            while True: held.append(socket.socketpair())
        except OSError: time.sleep(99)
time.sleep(99)
"""
    size = int(Path("/proc/sys/net/core/wmem_default").read_text())
    assert 12 * 2 * SMALL.open_files * size > SMALL.memory > 64 * MIB
    with pytest.raises(WorkerDied, match="0.25 GiB of memory"):
        worker.cell(code, 1)


def test_submission_s_processor_time_is_for_all_its_workers():
    """What the first has used is not there for the second."""
    with WorkerServer(Limits(cpu_seconds=5), preload=()) as server:
        worker = server.spawn(cpu_seconds=0.4)
        with pytest.raises(WorkerDied, match=r"more than 0.4 s of processor time"):
            worker.cell("while True: pass", 1)


def test_child_that_comes_back_from_a_fork_answers_nothing(worker):
    """Only the process that was asked does."""
    worker.cell("import os\nmine = os.getpid()\nchild = os.fork()", 1)
    assert worker.cell("x = os.getpid() == mine", 2).state == "value"
    assert worker.value("x").value is True
