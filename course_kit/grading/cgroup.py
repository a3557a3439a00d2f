"""A control group (version 2) for each worker where the machine lets us make one: it counts all memory, the kernel's
for sockets and page tables too, in every process at every moment, and shares the processors out fairly.

Else the keeper looks at its worker's processes ten times a second, which misses what is in no process's account.
"""

import itertools
import os
import time
from contextlib import suppress
from pathlib import Path

WANTED = ("memory", "cpu", "pids")
REST = "course-kit-rest"  # where a container's own processes go: a group with groups below it may hold none
_numbers = itertools.count(1)


def own_group(groups: str, mounts: str) -> tuple[Path, Path] | None:
    """This process's group as a directory, and the topmost directory that can be seen.

    ``groups`` and ``mounts`` are the texts of /proc/self/cgroup and /proc/self/mountinfo.
    """
    paths = [line[3:] for line in groups.splitlines() if line.startswith("0::")]
    for line in mounts.splitlines():
        fields, _, kind = line.partition(" - ")
        if paths and kind.startswith("cgroup2 "):
            root, place = fields.split()[3:5]
            inside = os.path.relpath(paths[0], root)
            if not inside.startswith(".."):
                return Path(place, inside), Path(place)
    return None


def parent_group() -> Path:
    """The nearest group above this process in which groups with a limit on memory may be made.

    Raises:
        OSError: there is none; its text says why.
    """
    with open("/proc/self/cgroup") as groups, open("/proc/self/mountinfo") as mounts:
        found = own_group(groups.read(), mounts.read())
    if found is None:
        raise OSError("no control groups of version 2 are mounted")
    group, top = found
    if "memory" not in _words(top / "cgroup.controllers") and "memory" not in _words(group / "cgroup.controllers"):
        raise OSError("the memory controller is not in version 2 of the control groups")
    for above in (group, *group.parents):
        if "memory" in _words(above / "cgroup.subtree_control") and os.access(above, os.W_OK | os.X_OK):
            return above
        if above == top:
            break
    if group == top and os.access(group / "cgroup.subtree_control", os.W_OK):
        _make_room(group)
        return group
    raise OSError(f"{group} is not ours to divide")


def _words(path: Path) -> list[str]:
    with suppress(OSError):
        return path.read_text().split()
    return []


def _write(path: Path, text: str) -> None:
    """Write into a file of the kernel's, which is there or not: none is made. Raises OSError."""
    file = os.open(path, os.O_WRONLY)
    try:
        os.write(file, text.encode())
    finally:
        os.close(file)


def _make_room(group: Path) -> None:
    """A container's top group holds its processes: move them one below, then let groups have limits."""
    rest = group / REST
    rest.mkdir(exist_ok=True)
    for pid in _words(group / "cgroup.procs"):
        with suppress(OSError):  # it has ended
            _write(rest / "cgroup.procs", pid)
    _allow(group)
    if "memory" not in _words(group / "cgroup.subtree_control"):
        raise OSError(f"{group} cannot be divided")


def _allow(group: Path) -> None:
    for name in WANTED:
        with suppress(OSError):  # a controller that is not there
            _write(group / "cgroup.subtree_control", f"+{name}")


def open_class(parent: Path) -> Path:
    """A group for all workers of a server. Raises OSError."""
    for old in parent.glob("course-kit-*-*"):  # of a judge that was killed
        if not Path("/proc", old.name.split("-")[2]).exists():
            close_class(old)
    group = parent / f"course-kit-{os.getpid()}-{next(_numbers)}"
    group.mkdir()
    try:
        _allow(group)
        if "memory" not in _words(group / "cgroup.subtree_control"):
            raise OSError(f"{group} got no limit on memory")
    except OSError:
        group.rmdir()
        raise
    return group


def close_class(group: Path) -> None:
    """Remove a group with what is below it; what still runs there is ended."""
    for below in (*(p for p in group.glob("*") if p.is_dir()), group):
        remove(below)


def remove(group: Path, seconds: float = 2.0) -> None:
    """End what runs in a group and remove it; a process that is ending keeps it for a moment."""
    until = time.monotonic() + seconds
    with suppress(OSError):
        _write(group / "cgroup.kill", "1")  # since Linux 5.14; the end of a process tree does it as well
    while group.is_dir() and time.monotonic() < until:
        with suppress(OSError):
            group.rmdir()
            return
        time.sleep(0.01)


class WorkerGroup:
    """The group of one worker, made and removed by its keeper."""

    def __init__(self, above: Path, memory: int, processes: int):
        self.path = above / str(os.getpid())
        self.path.mkdir()
        try:
            self._set("memory.max", memory)
        except OSError:
            self.path.rmdir()
            raise
        for name, value in (("memory.swap.max", 0), ("memory.oom.group", 1), ("pids.max", processes)):
            with suppress(OSError):  # a kernel without swap, or a machine without this controller
                self._set(name, value)

    def _set(self, name: str, value: int) -> None:
        _write(self.path / name, str(value))

    def join(self) -> None:
        """Move the calling process, which has one thread, into the group. Raises OSError."""
        self._set("cgroup.procs", 0)

    def used(self) -> tuple[int, float]:
        """Bytes now, and processor seconds up to now."""
        return self._number("memory.current"), self._number("cpu.stat", "usage_usec") / 1e6

    def peak(self) -> int:
        return self._number("memory.peak")

    def over(self) -> bool:
        """Whether the kernel ended a process here for want of memory."""
        return self._number("memory.events", "oom_kill") > 0

    def _number(self, name: str, key: str = "") -> int:
        words = _words(self.path / name)
        with suppress(ValueError, IndexError):
            return int(words[words.index(key) + 1] if key else words[0])
        return 0
