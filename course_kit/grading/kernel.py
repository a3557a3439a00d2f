"""What this kernel allows, found out by trying each thing in a child process of its own."""

import os
import platform
import signal
import socket
import sys
from collections.abc import Callable

from course_kit.grading import cgroup, fairness, linux, sandbox, seccomp

NAMESPACES = {
    "process tree": linux.CLONE_NEWPID,
    "mounts": linux.CLONE_NEWNS,
    "network": linux.CLONE_NEWNET,
    "IPC": linux.CLONE_NEWIPC,
    "host name": linux.CLONE_NEWUTS,
}
MOST_WORDS = 500


def in_child(attempt: Callable[[], None]) -> str:
    """Run ``attempt`` in a fork. Returns "" if it went well, else the reason in words."""
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        words = b"it ended"
        try:
            attempt()
            words = b""
        except BaseException as error:
            words = (getattr(error, "strerror", None) or str(error) or type(error).__name__).encode()
        finally:
            os.write(writing, words[:MOST_WORDS])
            os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        words = pipe.read(MOST_WORDS).decode("utf-8", "replace")
    status = os.waitpid(pid, 0)[1]
    return words or (f"signal {status}" if status else "")


def own_user() -> str:
    """Whether a worker can be another user, or at least in a user namespace; "" if so."""

    def attempt() -> None:
        uid = sandbox.own_uid()
        if uid is None:
            linux.unshare(linux.CLONE_NEWUSER)
        else:
            os.setgroups([])
            os.setresgid(uid, uid, uid)
            os.setresuid(uid, uid, uid)

    return in_child(attempt)


def namespace(flag: int) -> str:
    """Whether one kind of namespace can be made; "" if so."""

    def attempt() -> None:
        if sandbox.own_uid() is None:
            linux.unshare(linux.CLONE_NEWUSER | flag)
        else:
            linux.unshare(flag)

    return in_child(attempt)


def system_call_filter() -> str:
    """Whether a filter can be set and holds; "" if so."""

    def attempt() -> None:
        linux.prctl(linux.PR_SET_NO_NEW_PRIVS, 1)
        seccomp.install()
        try:
            socket.socket(socket.AF_NETLINK, socket.SOCK_RAW)
        except OSError as error:
            if error.errno == seccomp.EAFNOSUPPORT:
                return
        raise OSError(0, "the filter was set and does not hold")

    return in_child(attempt)


def control_group() -> str:
    """Whether a group with a limit on memory can be made; "" if so."""

    def attempt() -> None:
        cgroup.close_class(cgroup.open_class(cgroup.parent_group()))

    return in_child(attempt)


def neighbours_protected() -> str:
    """Whether a keeper may put its worker behind others; "" if so."""

    def attempt() -> None:
        uid, (reading, writing) = sandbox.own_uid(), os.pipe()
        pid = os.fork()
        if pid == 0:
            if uid is not None:
                os.setresuid(uid, uid, uid)
            os.write(writing, b".")
            signal.pause()
        os.read(reading, 1)
        try:
            os.setpriority(os.PRIO_PROCESS, pid, fairness.BEHIND)
        finally:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)

    return in_child(attempt)


def children_listed() -> bool:
    """Whether /proc lists a process's children, by which the keeper finds what a worker started."""
    return os.path.exists(f"/proc/self/task/{os.getpid()}/children")


def words() -> str:
    """The system, kernel and machine."""
    return f"{platform.system()} {platform.release()} on {platform.machine()}, Python {sys.version.split()[0]}"
