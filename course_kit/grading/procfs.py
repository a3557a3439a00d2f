"""The worker's own /proc. A container hides parts of its /proc, and then the kernel lets no user mount a whole one.

Then the worker gets its own entry of the outer one and a few files on the machine, which TensorFlow and the C library
read; the rest would show the command line of whoever grades.
"""

import errno
import os

from . import linux

MACHINE = ("cpuinfo", "meminfo", "stat", "uptime", "version", "filesystems")
SETTINGS = ("sys/vm/overcommit_memory", "sys/kernel/osrelease", "sys/kernel/cap_last_cap")
FLAGS = linux.MS_NOSUID | linux.MS_NODEV | linux.MS_NOEXEC


def mount_own(old_root: str) -> bool:
    """Put a /proc into the root that this process just moved to. Returns whether it is a whole one."""
    os.mkdir("/proc")
    try:
        # Read-only: a process could otherwise take back that it is the first to go when memory runs out.
        linux.mount("proc", "/proc", "proc", FLAGS | linux.MS_RDONLY)
        return True
    except OSError as error:
        if error.errno not in (errno.EPERM, errno.EACCES):
            raise
    outer = f"{old_root}/proc"
    os.mkdir("/proc/self")
    linux.mount(f"{outer}/{os.readlink(f'{outer}/self')}", "/proc/self", flags=linux.MS_BIND)
    os.symlink("self", "/proc/thread-self")
    os.symlink("self/mounts", "/proc/mounts")
    for name in (*MACHINE, *SETTINGS):
        if os.path.exists(f"{outer}/{name}"):
            os.makedirs(os.path.dirname(f"/proc/{name}"), exist_ok=True)
            open(f"/proc/{name}", "x").close()
            linux.mount(f"{outer}/{name}", f"/proc/{name}", flags=linux.MS_BIND)
    return False
