"""A system-call filter, assembled by hand.

The bindings of libseccomp on PyPI need a system library (pyseccomp) or have no wheel for aarch64 and no second
maintainer (mephi42-seccomp, looked at in 2026). What is needed here is a list of refusals, three looks at an
argument and a guard for the architecture: a hundred instructions of classic BPF without a loop.

The kernel's namespaces, uid and empty capability sets are the walls; this closes doors in them that no student's
code needs: mounting, new namespaces, tracing, keys, io_uring, and memory that no limit counts.
"""

import ctypes
import platform
import struct

from . import linux

EPERM, ENOSYS, EAFNOSUPPORT = 1, 38, 97

# name: (x86_64, aarch64), from the kernel's asm/unistd_64.h and asm-generic/unistd.h; None where there is no such call.
REFUSED = {
    # other roots, other namespaces
    "mount": (165, 40), "umount2": (166, 39), "pivot_root": (155, 41), "chroot": (161, 51),
    "setns": (308, 268), "unshare": (272, 97), "open_tree": (428, 428), "move_mount": (429, 429),
    "fsopen": (430, 430), "fsconfig": (431, 431), "fsmount": (432, 432), "fspick": (433, 433),
    "mount_setattr": (442, 442), "name_to_handle_at": (303, 264), "open_by_handle_at": (304, 265),
    # other processes
    "ptrace": (101, 117), "process_vm_readv": (310, 270), "process_vm_writev": (311, 271),
    "process_madvise": (440, 440), "kcmp": (312, 272), "pidfd_getfd": (438, 438),
    # the kernel's wide and rarely needed surfaces
    "bpf": (321, 280), "perf_event_open": (298, 241), "userfaultfd": (323, 282),
    "io_uring_setup": (425, 425), "io_uring_enter": (426, 426), "io_uring_register": (427, 427),
    "add_key": (248, 217), "request_key": (249, 218), "keyctl": (250, 219),
    "fanotify_init": (300, 262), "lookup_dcookie": (212, 18), "personality": (135, 92),
    "modify_ldt": (154, None), "uselib": (134, None), "ustat": (136, None), "sysfs": (139, None),
    # the machine itself
    "reboot": (169, 142), "kexec_load": (246, 104), "kexec_file_load": (320, 294),
    "init_module": (175, 105), "finit_module": (313, 273), "delete_module": (176, 106),
    "swapon": (167, 224), "swapoff": (168, 225), "acct": (163, 89), "syslog": (103, 116),
    "quotactl": (179, 60), "quotactl_fd": (443, 443), "vhangup": (153, 58),
    "settimeofday": (164, 170), "clock_settime": (227, 112), "clock_adjtime": (305, 266),
    "adjtimex": (159, 171), "iopl": (172, None), "ioperm": (173, None),
    # memory that is in no process's account
    "memfd_create": (319, 279), "memfd_secret": (447, 447), "shmget": (29, 194), "mq_open": (240, 180),
    "msgget": (68, 186), "semget": (64, 190), "io_setup": (206, 0),
    # a session of one's own is a share of the processors of one's own, where the kernel groups by session
    "setsid": (112, 157),
}  # fmt: skip
CLONE = (56, 220)
CLONE3 = (435, 435)
PRCTL = (157, 167)
SOCKET = (41, 198)
SOCKETPAIR = (53, 199)
SETSOCKOPT = (54, 208)

# linux/audit.h
MACHINES = {"x86_64": (0, 0xC000003E), "aarch64": (1, 0xC00000B7)}
X32_BIT = 0x40000000  # x86_64 answers to a second numbering above this bit
FAMILIES = (1, 2, 10)  # unix, inet, inet6
SOL_SOCKET = 1
BUFFER_SIZES = (7, 8, 32, 33)  # SO_SNDBUF, SO_RCVBUF and what root may: 4 MiB a socket, in no process's account
NEW_NAMESPACES = (
    linux.CLONE_NEWNS | linux.CLONE_NEWCGROUP | linux.CLONE_NEWUTS | linux.CLONE_NEWIPC
    | linux.CLONE_NEWUSER | linux.CLONE_NEWPID | linux.CLONE_NEWNET
)  # fmt: skip

# linux/bpf_common.h, linux/filter.h, linux/seccomp.h
LOAD, EQUAL, AT_LEAST, ANY_BIT, RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
# offsets in struct seccomp_data; little end first
NUMBER_AT, MACHINE_AT, FIRST_ARGUMENT_AT, SECOND_ARGUMENT_AT, THIRD_ARGUMENT_AT = 0, 4, 16, 24, 32
ALLOW, KILL, REFUSE = 0x7FFF0000, 0x80000000, 0x00050000
FILTER_MODE = 2


def _instruction(code: int, value: int, if_true: int = 0, if_false: int = 0) -> bytes:
    return struct.pack("=HBBI", code, if_true, if_false, value)


def _answer(value: int) -> bytes:
    return _instruction(RETURN, value)


def program(machine: str) -> bytes:
    """The filter for ``machine`` ("x86_64" or "aarch64") as the kernel reads it."""
    if machine not in MACHINES:
        raise OSError(ENOSYS, f"no system-call filter is known for {machine}")
    column, audit = MACHINES[machine]
    code = [
        _instruction(LOAD, MACHINE_AT),
        _instruction(EQUAL, audit, if_true=1),
        _answer(KILL),
        _instruction(LOAD, NUMBER_AT),
    ]
    if machine == "x86_64":
        code += [_instruction(AT_LEAST, X32_BIT, if_false=1), _answer(REFUSE | ENOSYS)]
    # glibc falls back to clone, whose flags a filter can read; clone3 hides them behind a pointer.
    code += [_instruction(EQUAL, CLONE3[column], if_false=1), _answer(REFUSE | ENOSYS)]
    for numbers in REFUSED.values():
        if numbers[column] is not None:
            code += [_instruction(EQUAL, numbers[column], if_false=1), _answer(REFUSE | EPERM)]
    code += [
        _instruction(EQUAL, CLONE[column], if_false=4),
        _instruction(LOAD, FIRST_ARGUMENT_AT),
        _instruction(ANY_BIT, NEW_NAMESPACES, if_false=1),
        _answer(REFUSE | EPERM),
        _answer(ALLOW),
        # A worker that forgets to die with its keeper would outlive the grading.
        _instruction(EQUAL, PRCTL[column], if_false=4),
        _instruction(LOAD, FIRST_ARGUMENT_AT),
        _instruction(EQUAL, linux.PR_SET_PDEATHSIG, if_false=1),
        _answer(REFUSE | EPERM),
        _answer(ALLOW),
        _instruction(EQUAL, SETSOCKOPT[column], if_false=9),
        _instruction(LOAD, SECOND_ARGUMENT_AT),
        _instruction(EQUAL, SOL_SOCKET, if_false=6),
        _instruction(LOAD, THIRD_ARGUMENT_AT),
        *(_instruction(EQUAL, size, if_true=3 - k) for k, size in enumerate(BUFFER_SIZES[:-1])),
        _instruction(EQUAL, BUFFER_SIZES[-1], if_false=1),
        _answer(REFUSE | EPERM),
        _answer(ALLOW),
        _instruction(EQUAL, SOCKET[column], if_true=1),
        _instruction(EQUAL, SOCKETPAIR[column], if_false=len(FAMILIES) + 2),
        _instruction(LOAD, FIRST_ARGUMENT_AT),
    ]
    for k, family in enumerate(FAMILIES):
        code.append(_instruction(EQUAL, family, if_true=len(FAMILIES) - k))
    code += [_answer(REFUSE | EAFNOSUPPORT), _answer(ALLOW)]
    return b"".join(code)


def install() -> None:
    """Put this process and all it will start under the filter. Needs ``no_new_privs``."""
    code = program(platform.machine())
    buffer = ctypes.create_string_buffer(code, len(code))
    # struct sock_fprog: number of instructions, then their address
    head = struct.pack("@HP", len(code) // 8, ctypes.addressof(buffer))
    fprog = ctypes.create_string_buffer(head, len(head))
    linux.prctl(linux.PR_SET_SECCOMP, FILTER_MODE, ctypes.addressof(fprog))
