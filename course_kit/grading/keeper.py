"""The process between the template and one worker: it starts the worker, watches it, and says how it ended.

It is a fork of the clean template and runs no student's code. The worker is the first process of its own tree, so
ending it ends all that it started; it is ended when its judge, its template or its keeper is gone.
"""

import json
import os
import resource
import select
import shutil
import signal
import socket
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from typing import NoReturn

from . import fairness, linux, sandbox, worker
from .cgroup import WorkerGroup, remove
from .limits import Limits

END = -1.0  # an order of the judge's, as the end of its socket is
FEW_SOCKETS = 16
MOST_LOOKED_AT = 16  # processes; with more, a look would take so long that memory could be filled meanwhile
INTERVAL = 100  # ms between two looks; a process can take about 0.3 GiB of memory in this time


def keep(control: socket.socket, channel: int, output: int, order: dict, template: int) -> None:
    """Start a worker on ``channel`` and ``output``, stay until it ends, report its end on ``control``.

    ``order`` has the judge's ``limits``, ``sandbox``, ``hide`` and ``group``; ``template`` is the parent's pid.
    """
    limits, isolated = Limits(**order["limits"]), order["sandbox"] != "none"
    uid, home, group = None, None, None
    try:
        if order["group"]:
            # The scratch is memory, and counted here; a keeper that watches by itself does not see it.
            group = WorkerGroup(Path(order["group"]), limits.memory + limits.scratch_bytes, limits.processes)
        if isolated:
            uid = sandbox.own_uid()
            sandbox.new_process_tree(uid)
        else:
            home = tempfile.mkdtemp(prefix="course-kit-")
    except (sandbox.SandboxError, OSError) as error:
        if group:
            remove(group.path)
        _report(control, {"refused": str(error)})
        return
    linux.prctl(linux.PR_SET_PDEATHSIG, signal.SIGKILL)
    linux.prctl(linux.PR_SET_CHILD_SUBREAPER, 1)
    if os.getppid() != template:
        return
    alarm = _wake_at_end_of_child()
    shared = _memory(os.getpid())
    resident = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    # The worker sees the other end of this pipe break if the keeper dies before the worker has asked to die with it.
    life, own_end = os.pipe()
    started = time.monotonic()
    pid = os.fork()
    if pid == 0:
        worker.start(channel, output, life, own_end, limits, order["hide"], uid, home, group)
    for descriptor in (channel, output, life):
        os.close(descriptor)
    with suppress(OSError), open(f"/proc/{pid}/oom_score_adj", "w") as file:
        file.write("1000")  # if the machine runs out of memory, the worker goes first
    report = _watch(pid, control, alarm, limits, shared, group, isolated)
    report["peak"] = max(report["peak"], report.pop("largest") - resident)
    report["seconds"] = time.monotonic() - started
    _end_the_rest()
    if group:
        remove(group.path)
    report["cpu"] += time.process_time()  # this keeper's own part
    if home:
        shutil.rmtree(home, ignore_errors=True)
    _report(control, report)


def _report(control: socket.socket, report: dict) -> None:
    with suppress(OSError):  # the judge may be gone
        control.send(json.dumps(report).encode())


def _wake_at_end_of_child() -> socket.socket:
    """A socket that becomes readable when a child ends."""
    reading, writing = socket.socketpair()
    writing.setblocking(False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(writing.detach(), warn_on_full_buffer=False)
    return reading


def _watch(
    pid: int,
    control: socket.socket,
    alarm: socket.socket,
    limits: Limits,
    shared: int,
    group: WorkerGroup | None,
    isolated: bool,
) -> dict:
    poller = select.poll()
    poller.register(control, select.POLLIN)
    poller.register(alarm, select.POLLIN)
    because, peak, cpu, crowd = None, 0, 0.0, fairness.crowd()
    # Before the first question it may still be in the machine's network, whose sockets are not its own.
    until, allowed, asked = limits.cpu_seconds, 0.0, False
    while True:
        order = _order(control) if any(at == control.fileno() for at, _ in poller.poll(INTERVAL)) else None
        alarm_bytes = _drain(alarm)
        ended, status, usage = os.wait4(pid, os.WNOHANG) if alarm_bytes else (0, 0, None)
        if order == END:  # at once: looking at a hundred processes takes its time
            because = "judge"
        elif not ended:
            tree = _tree(pid)
            if group:
                memory, cpu = group.used()
            else:
                memory, cpu = _used(tree, shared, limits.memory)
                memory += _sockets(pid) if asked else 0
            peak = max(peak, memory)
            if order is None and fairness.running(tree) > crowd:
                fairness.put_behind(tree)
            most = limits.memory + (limits.scratch_bytes if group else 0)
            because = "memory" if memory > most else "cpu" if cpu > limits.cpu_seconds else None
            because = because or ("answer" if cpu > until else None)
            if order is not None:
                until, allowed, asked = cpu + order, order, isolated
        if not ended and because is not None:
            os.kill(pid, signal.SIGKILL)
            ended, status, usage = os.wait4(pid, 0)
        if ended:
            if group:
                _, cpu = group.used()
                peak = max(peak, group.peak())
                because = "memory" if because is None and group.over() else because
            return {
                "code": os.waitstatus_to_exitcode(status),
                "because": because,
                "allowed": allowed,
                "cpu": max(cpu, usage.ru_utime + usage.ru_stime),
                "peak": peak,
                "largest": usage.ru_maxrss * 1024,
            }


def _order(control: socket.socket) -> float:
    """What the judge says: the processor seconds that the next answer may use, or ``END``."""
    with suppress(OSError, ValueError):
        return float(control.recv(64))
    return END


def _drain(alarm: socket.socket) -> bytes:
    try:
        return alarm.recv(4096, socket.MSG_DONTWAIT)
    except BlockingIOError:
        return b""


def _used(tree: list[int], shared: int, limit: int) -> tuple[int, float]:
    """Memory beyond the template's and processor seconds of a worker's processes."""
    cpu = sum(_cpu(member) for member in tree)
    # An upper bound that costs microseconds: pages that forks share are counted once for each.
    memory = sum(max(0, _memory(member) - shared) for member in tree)
    if memory > limit and 1 < len(tree) <= MOST_LOOKED_AT:
        # Exact, in milliseconds for each process. A process that hides its pages keeps the upper bound.
        exact = [_proportional_memory(member) for member in tree]
        memory = max(0, sum(exact) - shared) if all(exact) else memory
    return memory, cpu


def _tree(pid: int) -> list[int]:
    """``pid`` and its descendants. Orphans are children of the worker, which is the first process of its tree."""
    found, waiting = [], [pid]
    while waiting:
        member = waiting.pop()
        found.append(member)
        with suppress(OSError):
            for task in os.listdir(f"/proc/{member}/task"):
                with suppress(OSError), open(f"/proc/{member}/task/{task}/children") as file:
                    waiting += map(int, file.read().split())
    return found


def _memory(pid: int) -> int:
    """Anonymous and shared memory and page tables in bytes; not the files mapped, nor what is only reserved."""
    return _sum_of_lines(f"/proc/{pid}/status", ("RssAnon:", "RssShmem:", "VmPTE:", "HugetlbPages:"))


def _proportional_memory(pid: int) -> int:
    """The same with each page divided by the number of processes that hold it; 0 where that may not be read."""
    return _sum_of_lines(f"/proc/{pid}/smaps_rollup", ("Pss_Anon:", "Pss_Shmem:"))


def _sum_of_lines(path: str, names: tuple[str, ...]) -> int:
    with suppress(OSError), open(path) as file:
        return sum(int(line.split()[1]) * 1024 for line in file if line.startswith(names))
    return 0


def _sockets(pid: int) -> int:
    """The memory that the sockets of a worker's own network may hold, which is in no process's account."""
    try:
        with open(f"/proc/{pid}/net/sockstat") as file, open("/proc/sys/net/core/wmem_default") as size:
            count = int(file.readline().split()[2])  # "sockets: used 3"
            return max(0, count - FEW_SOCKETS) * 2 * int(size.read())
    except (OSError, ValueError, IndexError):
        return 0


def _cpu(pid: int) -> float:
    """Seconds of a process and of its children that it has waited for."""
    with suppress(OSError), open(f"/proc/{pid}/stat") as file:
        fields = file.read().rpartition(")")[2].split()
        return sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")
    return 0.0


def _end_the_rest() -> None:
    """End what a worker without an own process tree left behind; its orphans came to the keeper."""
    while True:
        for member in _tree(os.getpid())[1:]:
            with suppress(OSError):
                os.kill(member, signal.SIGKILL)
        try:
            os.wait()
        except ChildProcessError:
            return


def run(control: socket.socket, channel: int, output: int, order: dict, template: int) -> NoReturn:
    """``keep`` as the whole life of a forked process."""
    try:
        keep(control, channel, output, order, template)
    except BaseException as error:
        _report(control, {"refused": f"keeper: {type(error).__name__}: {error}"[:500]})
    finally:
        os._exit(0)
