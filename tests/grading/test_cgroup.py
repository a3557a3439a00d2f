"""Control groups: where they are looked for, what is written into them, and that they go.

The kernel's own part is tested where it gives memory to version 2; elsewhere a folder plays the files' part, and a
real group shows that processes move into it and end with it.
"""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from course_kit.grading import cgroup
from course_kit.grading.cgroup import WorkerGroup
from course_kit.grading.limits import Limits
from course_kit.grading.server import WorkerDied, WorkerServer

pytestmark = pytest.mark.usefixtures("can_shut_in")

MIB = 2**20
MOUNT = "31 24 0:27 {root} {place} rw,nosuid shared:9 - cgroup2 cgroup2 rw,nsdelegate"
OWN = [
    ("0::/user.slice/a.scope\n", MOUNT.format(root="/", place="/sys/fs/cgroup"), "/sys/fs/cgroup/user.slice/a.scope"),
    ("4:memory:/x\n0::/\n", MOUNT.format(root="/", place="/sys/fs/cgroup/unified"), "/sys/fs/cgroup/unified"),
    ("0::/docker/ab/sub\n", MOUNT.format(root="/docker/ab", place="/sys/fs/cgroup"), "/sys/fs/cgroup/sub"),
    ("0::/elsewhere\n", MOUNT.format(root="/docker/ab", place="/sys/fs/cgroup"), None),
    ("4:memory:/x\n", MOUNT.format(root="/", place="/sys/fs/cgroup"), None),
    ("0::/a\n", "31 24 0:27 / /sys rw - sysfs sysfs rw", None),
]


@pytest.mark.parametrize(("groups", "mounts", "expected"), OWN)
def test_own_group_is_found_from_what_the_kernel_says(groups, mounts, expected):
    """On a host, beside version 1, in a container, and where there is none."""
    found = cgroup.own_group(groups, mounts)
    assert (found and str(found[0])) == expected


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A folder that plays the part of a group whose children have a limit on memory."""
    monkeypatch.setattr(cgroup, "_write", lambda path, text: path.name == "cgroup.kill" or path.write_text(text))
    (tmp_path / "cgroup.subtree_control").write_text("cpu memory pids\n")
    return tmp_path


def kernel_write(path: Path, text: str) -> None:
    """What the kernel makes of what is written into a group's files, as far as these tests ask."""
    if path.name == "cgroup.subtree_control":
        if text[1:] in (path.parent / "cgroup.controllers").read_text().split():
            path.write_text(f"{path.read_text()} {text[1:]}")
    elif path.name == "cgroup.procs":
        (path.parent / "moved").open("a").write(f"{text}\n")


# Below the top: the groups on the way to ours, each with what it hands on and whether we may write there; then where
# ours are to be made (a number of steps up from our own), or a piece of why not.
TREES = {
    "a user's scope, whose slice was handed over": (
        "memory",
        [("memory pids", False), ("memory", True), ("", True)],
        1,
    ),
    "root in a session": ("cpu memory", [("cpu memory", True), ("memory", True), ("", True)], 1),
    "a service that was handed its own group": ("memory", [("memory", False), ("memory", True)], 0),
    "a session of an ordinary user": ("memory", [("memory", False), ("", False)], "is not ours to divide"),
    "memory stays in version 1": ("hugetlb", [("", True)], "not in version 2"),
    "the top of a container": ("cpu memory pids", [], 0),
}


@pytest.mark.parametrize(("controllers", "way", "expected"), TREES.values(), ids=TREES)
def test_place_for_groups_is_the_nearest_that_divides_memory(tmp_path, monkeypatch, controllers, way, expected):
    """Nothing is moved but in a container's own top, where one group must hold what was there."""
    group, closed = tmp_path, set()
    for k, (handed_on, ours) in enumerate([("", not way), *way]):
        group = group / f"g{k}" if k else group
        group.mkdir(exist_ok=True)
        (group / "cgroup.controllers").write_text(controllers)
        (group / "cgroup.subtree_control").write_text(handed_on)
        (group / "cgroup.procs").write_text("1\n17\n")
        closed |= set() if ours else {group}
    monkeypatch.setattr(cgroup, "own_group", lambda groups, mounts: (group, tmp_path))
    monkeypatch.setattr(cgroup, "_write", kernel_write)
    monkeypatch.setattr(cgroup.os, "access", lambda path, mode: (path if path.is_dir() else path.parent) not in closed)
    if isinstance(expected, str):
        with pytest.raises(OSError, match=expected):
            cgroup.parent_group()
    else:
        assert cgroup.parent_group() == [group, *group.parents][expected]
    moved = tmp_path / cgroup.REST / "moved"
    assert (moved.read_text() if moved.exists() else "") == ("" if way else "1\n17\n")


def test_limits_are_written_and_figures_read(folder):
    """As the kernel's documentation of version 2 names them."""
    group = WorkerGroup(folder, memory=64 * MIB, processes=20)
    files = {"memory.max": "67108864", "memory.swap.max": "0", "memory.oom.group": "1", "pids.max": "20"}
    assert {name: (group.path / name).read_text() for name in files} == files
    for name, text in (
        ("memory.current", "1048576\n"),
        ("memory.peak", "2097152\n"),
        ("cpu.stat", "usage_usec 2500000\nuser_usec 1\n"),
        ("memory.events", "low 0\nhigh 0\nmax 3\noom 1\noom_kill 1\n"),
    ):
        (group.path / name).write_text(text)
    assert group.used() == (MIB, 2.5)
    assert group.peak() == 2 * MIB
    assert group.over()
    group.join()
    assert (group.path / "cgroup.procs").read_text() == "0"


def test_figures_that_are_not_there_are_zero(folder):
    """An older kernel has no peak; a group that is gone has nothing."""
    group = WorkerGroup(folder, memory=MIB, processes=20)
    assert (group.used(), group.peak(), group.over()) == ((0, 0.0), 0, False)


def test_groups_of_a_judge_that_was_killed_are_removed(folder, monkeypatch):
    """By the next one; those of one that lives stay."""
    ended = subprocess.Popen([sys.executable, "-c", "pass"])
    ended.wait()
    (folder / f"course-kit-{ended.pid}-1" / "7").mkdir(parents=True)
    (folder / f"course-kit-{os.getpid()}-99").mkdir()
    monkeypatch.setattr(cgroup, "_words", lambda path: ["memory"])
    monkeypatch.setattr(cgroup, "_write", lambda path, text: None)
    mine = cgroup.open_class(folder)
    assert sorted(p.name for p in folder.iterdir() if p.is_dir()) == sorted((f"course-kit-{os.getpid()}-99", mine.name))
    cgroup.close_class(mine)
    assert not mine.exists()


def real_group() -> Path | None:
    """A real group of version 2 in which this process may make others, with or without a limit on memory."""
    with open("/proc/self/cgroup") as groups, open("/proc/self/mountinfo") as mounts:
        found = cgroup.own_group(groups.read(), mounts.read())
    return found[0] if found and os.access(found[0], os.W_OK) else None


@pytest.mark.skipif(real_group() is None, reason="no group of version 2 is this user's: nothing could be made there")
def test_real_group_takes_a_process_in_and_ends_it(monkeypatch):
    """It is gone afterwards, and so is what ran in it."""
    written = cgroup._write

    def write(path: Path, text: str) -> None:
        if path.name in ("cgroup.procs", "cgroup.kill"):
            written(path, text)

    monkeypatch.setattr(cgroup, "_write", write)
    group = WorkerGroup(real_group(), memory=MIB, processes=20)
    pid = os.fork()
    if pid == 0:
        group.join()
        time.sleep(60)
        os._exit(0)
    until = time.monotonic() + 10
    while str(pid) not in (group.path / "cgroup.procs").read_text().split() and time.monotonic() < until:
        time.sleep(0.01)
    assert (group.path / "cgroup.procs").read_text().split() == [str(pid)]
    cgroup.remove(group.path)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == -signal.SIGKILL
    cgroup.remove(group.path)
    assert not group.path.exists()


def limited() -> str:
    """Why no group with a limit on memory can be had here, or ""."""
    try:
        cgroup.close_class(cgroup.open_class(cgroup.parent_group()))
    except OSError as error:
        return str(error)
    return ""


@pytest.mark.skipif(bool(limited()), reason=f"no limit on memory by a group: {limited()}; the keeper's watch is tested")
def test_memory_of_a_worker_is_bounded_by_its_group():
    """At once and in all its processes; the group is gone with the worker."""
    with WorkerServer(Limits(memory=128 * MIB, scratch_bytes=4 * MIB), preload=()) as server:
        groups = server._group
        worker = server.spawn()
        with pytest.raises(WorkerDied, match="GiB of memory"):
            worker.cell("import os\nfor _ in range(3): os.fork()\nheld = b'x' * 2**27\nimport time; time.sleep(9)", 1)
        assert worker.ended.peak_memory > 100 * MIB
        assert [p for p in groups.iterdir() if p.is_dir()] == []
    assert not groups.exists()


def test_machine_without_such_groups_watches_by_itself(monkeypatch):
    """No error, and the same end for the same reason."""

    def none():
        raise OSError("no control groups of version 2 are mounted")

    monkeypatch.setattr(cgroup, "parent_group", none)
    with WorkerServer(Limits(memory=128 * MIB), preload=()) as server:
        assert server._group is None
        with pytest.raises(WorkerDied, match="0.125 GiB of memory"):
            server.spawn().cell("import time\nheld = []\nwhile True: held.append(b'x' * 2**22); time.sleep(0.002)", 1)


def test_group_that_cannot_be_made_refuses_the_worker(monkeypatch, tmp_path):
    """In words, before any of the student's code runs."""
    monkeypatch.setattr(cgroup, "parent_group", lambda: tmp_path)
    monkeypatch.setattr(cgroup, "open_class", lambda parent: tmp_path / "gone")
    with WorkerServer(preload=()) as server, pytest.raises(Exception, match="No such file or directory"):
        server.spawn()
