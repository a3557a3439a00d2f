"""What a forked child does to itself before it runs a student's code.

The keeper gives the child a process tree of its own; the child then leaves the other namespaces, moves to a root that
holds libraries and nothing else, takes its limits, becomes nobody and closes the doors behind it. As root it becomes
an own uid (a user namespace would leave it root's reach over files); an ordinary user gets a user namespace.
"""

import fcntl
import math
import os
import resource
import socket
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import PurePosixPath

from . import linux, procfs, seccomp
from .limits import MIB, Limits

OLD_ROOT = "/.old"
HOME = "/tmp/home"
LIBRARIES = (
    "/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32",
    "/etc/ld.so.cache", "/etc/alternatives", "/etc/localtime", "/etc/fonts",
)  # fmt: skip
DEVICES = ("null", "zero", "full", "random", "urandom")
SIGNALS = 4096  # waiting ones; each timer holds one, and the machine's default lets 50 MiB of them be made
ADDRESS_SLACK = 2048 * MIB  # TensorFlow reserves 1.2 GiB of addresses for a fit that uses 0.1 GiB of memory
MOUNT_FLAGS = {
    "ro": linux.MS_RDONLY,
    "nosuid": linux.MS_NOSUID,
    "nodev": linux.MS_NODEV,
    "noexec": linux.MS_NOEXEC,
    "noatime": linux.MS_NOATIME,
    "nodiratime": linux.MS_NODIRATIME,
    "relatime": linux.MS_RELATIME,
}
# Uids from here on are given to nobody (systemd's list of uid ranges ends its containers one below).
FIRST_UID = 0x70000000


class SandboxError(Exception):
    """This machine refused a part of the sandbox; the text says which."""


@contextmanager
def _step(name: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise SandboxError(f"{name}: {error.strerror or error}") from None


def new_process_tree(uid: int | None) -> None:
    """Let the next child be the first of a new process tree. Called by the keeper, which has one thread.

    ``uid`` is the own uid that the child will take; without one it gets a user namespace, here and now.
    """
    with _step("own process tree"):
        if uid is not None:
            linux.unshare(linux.CLONE_NEWPID)
            return
        mine, gid = os.geteuid(), os.getegid()
        linux.unshare(linux.CLONE_NEWUSER | linux.CLONE_NEWPID)
        for name, text in (("setgroups", "deny"), ("uid_map", f"{mine} {mine} 1"), ("gid_map", f"{gid} {gid} 1")):
            with open(f"/proc/self/{name}", "w") as file:
                file.write(text)


def own_uid() -> int | None:
    """A uid that no other process has, for the worker of the calling keeper; None if this user has but its own."""
    if os.geteuid() != 0:
        return None
    with open("/proc/self/uid_map") as file:
        inside, _, count = max((tuple(map(int, line.split())) for line in file), key=lambda entry: entry[2])
    if count > FIRST_UID:
        return FIRST_UID + os.getpid()
    # In a container the last uids of its range are the least likely to be somebody.
    return inside + count - 1 - os.getpid() % (count // 2) if count > 10_000 else None


def keep_only(descriptors: Iterable[tuple[int, int]]) -> None:
    """Move descriptors to new numbers below 100 (pairs of old and new), and close all others."""
    # By way of high numbers, so that no move lands on one that is still to be moved.
    lifted = [(fcntl.fcntl(old, fcntl.F_DUPFD, 100), new) for old, new in descriptors]
    for high, new in lifted:
        os.dup2(high, new, inheritable=new < 3)
    kept = {new for _, new in lifted}
    for name in os.listdir("/proc/self/fd"):
        if int(name) not in kept:
            with suppress(OSError):
                os.close(int(name))


def enter(limits: Limits, hide: Iterable[str], uid: int | None) -> str:
    """Shut this process in: the first of a new process tree, with one thread. Returns what it is shut in by.

    Args:
        limits: Limits.
        hide: directories and files that stay out of sight even where a library's directory holds them.
        uid: the own uid to take as root, or None.

    Raises:
        SandboxError: the machine refuses a part.
    """
    # Before the namespaces: kill(0) reaches a process group even across process trees.
    os.setsid()
    with _step("own network, mount, IPC and host name spaces"):
        linux.unshare(linux.CLONE_NEWNS | linux.CLONE_NEWNET | linux.CLONE_NEWIPC | linux.CLONE_NEWUTS)
        socket.sethostname("student")
    whole = _change_root(limits, hide, os.getuid() if uid is None else uid, os.getgid() if uid is None else uid)
    os.chdir(HOME)
    _take_limits(limits)
    with _step("own uid"):
        linux.empty_bounding_set()
        if uid is not None:
            os.setgroups([])
            os.setresgid(uid, uid, uid)
            os.setresuid(uid, uid, uid)
        linux.clear_capabilities()
        linux.prctl(linux.PR_SET_NO_NEW_PRIVS, 1)
    with _step("death with its keeper"):
        # A change of uid forgets this, so it comes after.
        linux.prctl(linux.PR_SET_PDEATHSIG, 9)
    with _step("system-call filter"):
        seccomp.install()
    words = ["namespaces", "own uid" if uid is not None else "user namespace", "network off", "libraries only"]
    if not whole:
        words.append("no /proc but its own entry")
    return ", ".join([*words, "system-call filter"])


def enter_nothing(limits: Limits, home: str) -> str:
    """Level "none": limits and an empty directory, for a machine that allows no namespaces. No protection."""
    os.setsid()
    os.chdir(home)
    _take_limits(limits, processes=False)
    with _step("death with its keeper"):
        linux.prctl(linux.PR_SET_PDEATHSIG, 9)
    return "none: unsafe"


def layout(hide: Iterable[str]) -> list[tuple[str, bool]]:
    """Which directories to put into an empty root (True) or cover again (False), outer ones first."""
    wanted = dict.fromkeys((*LIBRARIES, sys.prefix, sys.base_prefix, sys.exec_prefix), True)
    wanted |= dict.fromkeys(hide, False)
    placed: dict[PurePosixPath, bool] = {}
    for path, show in sorted(wanted.items(), key=lambda entry: len(PurePosixPath(entry[0]).parts)):
        pure = PurePosixPath(path)
        shown = next((placed[above] for above in pure.parents if above in placed), False)
        if show != shown and os.path.lexists(path):
            placed[pure] = show
    return [(str(path), show) for path, show in placed.items()]


def _change_root(limits: Limits, hide: Iterable[str], uid: int, gid: int) -> bool:
    """Move to an own root. Returns whether it has a whole /proc."""
    os.umask(0o022)
    # Links are followed here, where they lead to what they mean.
    plan = [(path, show, os.path.realpath(path)) for path, show in layout(hide)]
    with _step("own root"):
        linux.mount("none", "/", flags=linux.MS_REC | linux.MS_PRIVATE)
        linux.mount("root", "/tmp", "tmpfs", linux.MS_NOSUID | linux.MS_NODEV, "size=1m,mode=755")
        os.mkdir(f"/tmp{OLD_ROOT}", 0o700)
        linux.pivot_root("/tmp", f"/tmp{OLD_ROOT}")
        os.chdir("/")
    with _step("devices and files of the own root"):
        _furnish(limits, uid, gid)
    with _step("libraries in the own root"):
        for path, show, real in plan:
            _place(path, real) if show else _cover(path)
    with _step("own /proc"):
        whole = procfs.mount_own(OLD_ROOT)
    with _step("read-only root"):
        linux.detach(OLD_ROOT)
        os.rmdir(OLD_ROOT)
        _make_read_only()
    return whole


def _place(path: str, real: str) -> None:
    source = OLD_ROOT + path
    os.makedirs(os.path.dirname(path), exist_ok=True)
    if path in LIBRARIES and os.path.islink(source):
        os.symlink(os.readlink(source), path)  # /bin is usr/bin almost everywhere
        return
    if os.path.isdir(OLD_ROOT + real):
        os.makedirs(path, exist_ok=True)
    else:
        open(path, "x").close()
    linux.mount(OLD_ROOT + real, path, flags=linux.MS_BIND | linux.MS_REC)


def _cover(path: str) -> None:
    if os.path.isdir(path):
        linux.mount("hidden", path, "tmpfs", options="size=1m,mode=755")
    else:
        linux.mount(f"{OLD_ROOT}/dev/null", path, flags=linux.MS_BIND)


def _furnish(limits: Limits, uid: int, gid: int) -> None:
    os.makedirs("/etc", exist_ok=True)
    for name, text in (
        ("passwd", f"student:x:{uid}:{gid}:student:{HOME}:/bin/sh\n"),
        ("group", f"student:x:{gid}:\n"),
        ("hosts", "127.0.0.1 localhost\n"),
    ):
        with open(f"/etc/{name}", "x") as file:
            file.write(text)
    os.mkdir("/dev")
    for name in DEVICES:
        open(f"/dev/{name}", "x").close()
        linux.mount(f"{OLD_ROOT}/dev/{name}", f"/dev/{name}", flags=linux.MS_BIND)
    for name, target in (("fd", ""), ("stdin", "/0"), ("stdout", "/1"), ("stderr", "/2")):
        os.symlink(f"/proc/self/fd{target}", f"/dev/{name}")
    os.symlink("/tmp/shm", "/dev/shm")
    os.mkdir("/tmp")
    size = f"size={limits.scratch_bytes},nr_inodes={limits.scratch_files},mode=700,uid={uid},gid={gid}"
    linux.mount("scratch", "/tmp", "tmpfs", linux.MS_NOSUID | linux.MS_NODEV, size)
    for path in (HOME, "/tmp/shm"):
        os.mkdir(path, 0o700)
        os.chown(path, uid, gid)


def _make_read_only() -> None:
    with open("/proc/self/mountinfo") as file:
        mounts = [line.split()[4:6] for line in file]
    for escaped, options in mounts:
        target = escaped.encode().decode("unicode_escape").encode("latin-1").decode()  # "\040" is a blank
        if target in ("/tmp", "/proc"):  # /proc is mounted so
            continue
        # Flags that the machine's owner set are locked for us: left out, the kernel refuses.
        flags = sum(MOUNT_FLAGS.get(option, 0) for option in options.split(","))
        flags |= linux.MS_RDONLY | linux.MS_NOSUID
        if not target.startswith("/dev/"):
            flags |= linux.MS_NODEV
        with suppress(FileNotFoundError):  # below a covered directory, where nobody gets
            linux.mount("none", target, flags=linux.MS_REMOUNT | linux.MS_BIND | flags)


def _take_limits(limits: Limits, processes: bool = True) -> None:
    with open("/proc/self/statm") as file:
        addresses = int(file.read().split()[0]) * resource.getpagesize()
    wanted = {
        resource.RLIMIT_AS: addresses + limits.memory + ADDRESS_SLACK,
        resource.RLIMIT_CPU: math.ceil(limits.cpu_seconds) + 1,  # the keeper is first, with a sentence
        resource.RLIMIT_FSIZE: limits.file_bytes,
        resource.RLIMIT_NOFILE: limits.open_files,
        resource.RLIMIT_CORE: 1,  # not 0: where crashes go to a program, only 1 keeps it from being started
        resource.RLIMIT_MSGQUEUE: 0,
        resource.RLIMIT_SIGPENDING: SIGNALS,
        # Where the one who grades may run things before all others, the students may not.
        resource.RLIMIT_RTPRIO: 0,
        resource.RLIMIT_NICE: 0,
    }
    if processes:
        wanted[resource.RLIMIT_NPROC] = limits.processes
    with _step("limits"):
        for name, value in wanted.items():
            hard = resource.getrlimit(name)[1]
            value = value if hard == resource.RLIM_INFINITY else min(value, hard)
            resource.setrlimit(name, (value, value))
