"""The system-call filter, read instruction by instruction for both machines; test_sandbox.py meets it in the kernel."""

import re
import struct
from pathlib import Path

import pytest

from course_kit.grading import seccomp

ALLOWED, REFUSED = 0x7FFF0000, 0x00050000 | 1
NO_SUCH_CALL, NO_SUCH_FAMILY, ENDED = 0x00050000 | 38, 0x00050000 | 97, 0x80000000
ARCHITECTURE = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
HEADERS = {
    "x86_64": Path("/usr/include/x86_64-linux-gnu/asm/unistd_64.h"),
    "aarch64": Path("/usr/include/asm-generic/unistd.h"),
}
# From the two headers, by hand.
NUMBERS = {
    "x86_64": dict(read=0, mmap=9, clone=56, execve=59, socket=41, socketpair=53, prctl=157, clone3=435, mount=165),
    "aarch64": dict(
        read=63, mmap=222, clone=220, execve=221, socket=198, socketpair=199, prctl=167, clone3=435, mount=40
    ),
}


def verdict(machine: str, call: int, argument: int = 0, architecture: int | None = None) -> int:
    """What the filter says of a call: the four instructions that it is made of, as linux/filter.h describes them."""
    architecture = ARCHITECTURE[machine] if architecture is None else architecture
    data = struct.pack("<IIQQQQQQQ", call, architecture, 0, argument, 0, 0, 0, 0, 0)
    code = list(struct.iter_unpack("=HBBI", seccomp.program(machine)))
    at, accumulator = 0, 0
    while True:
        operation, if_true, if_false, value = code[at]
        at += 1
        match operation:
            case 0x20:  # load a word
                (accumulator,) = struct.unpack_from("<I", data, value)
            case 0x15 | 0x35 | 0x45:  # jump if equal, at least, or with a bit in common
                holds = {0x15: accumulator == value, 0x35: accumulator >= value, 0x45: bool(accumulator & value)}
                at += if_true if holds[operation] else if_false
            case 0x06:
                return value


CALLS = [
    ("read", 0, ALLOWED),
    ("mmap", 0, ALLOWED),
    ("execve", 0, ALLOWED),
    ("mount", 0, REFUSED),
    ("clone3", 0, NO_SUCH_CALL),
    ("clone", 0x3D0F00, ALLOWED),  # as glibc makes a thread
    ("clone", 17, ALLOWED),  # as it forks
    *(("clone", 17 | space, REFUSED) for space in (0x20000, *(1 << bit for bit in range(25, 31)))),
    ("prctl", 1, REFUSED),
    ("prctl", 15, ALLOWED),  # naming a thread
    *((call, family, ALLOWED) for call in ("socket", "socketpair") for family in (1, 2, 10)),
    *((call, family, NO_SUCH_FAMILY) for call in ("socket", "socketpair") for family in (0, 3, 16, 17, 38, 40, 2**31)),
]


@pytest.mark.parametrize("machine", ARCHITECTURE)
@pytest.mark.parametrize(("name", "argument", "expected"), CALLS)
def test_filter_answers_by_call_and_argument(machine, name, argument, expected):
    """Threads and forks yes, namespaces no; three families of sockets."""
    assert verdict(machine, NUMBERS[machine][name], argument) == expected


@pytest.mark.parametrize("machine", ARCHITECTURE)
def test_upper_half_of_an_argument_changes_nothing(machine):
    """The kernel takes 32 bits of these arguments too."""
    numbers = NUMBERS[machine]
    assert verdict(machine, numbers["socket"], 2**32 + 16) == NO_SUCH_FAMILY
    assert verdict(machine, numbers["prctl"], 2**32 + 1) == REFUSED
    assert verdict(machine, numbers["clone"], 2**32 + 0x10000000) == REFUSED


@pytest.mark.parametrize("machine", ARCHITECTURE)
def test_every_listed_call_is_refused_and_no_other(machine):
    """Over all numbers there are."""
    column = seccomp.MACHINES[machine][0]
    listed = {numbers[column] for numbers in seccomp.REFUSED.values()} - {None}
    assert {call for call in range(600) if verdict(machine, call, 1) == REFUSED} == listed | {NUMBERS[machine]["prctl"]}


@pytest.mark.parametrize("machine", ARCHITECTURE)
def test_call_by_another_architecture_ends_the_process(machine):
    """32-bit calls have other numbers: 40 is mount on one machine and sendfile on another."""
    for other in {*ARCHITECTURE.values(), 0x40000003} - {ARCHITECTURE[machine]}:
        assert verdict(machine, 0, architecture=other) == ENDED


def test_second_numbering_of_x86_is_closed():
    """x32: the same calls with a bit set."""
    for call in (0, 165, 272, 512, 547):
        assert verdict("x86_64", 0x40000000 | call) == NO_SUCH_CALL


def test_unknown_machine_is_refused_rather_than_left_open():
    """No filter is no sandbox."""
    with pytest.raises(OSError, match="no system-call filter is known for riscv64"):
        seccomp.program("riscv64")


@pytest.mark.parametrize("machine", HEADERS)
def test_numbers_are_those_of_the_kernels_headers(machine):
    """Every number in the table, where the headers are installed."""
    if not HEADERS[machine].exists():
        pytest.skip("the kernel's headers are not installed here; the numbers do not change between machines")
    defined = re.findall(r"#define __NR(?:3264)?_(\w+)\s+(\d+)", HEADERS[machine].read_text())
    known = {name: int(number) for name, number in defined}
    column = seccomp.MACHINES[machine][0]
    table = seccomp.REFUSED | {"clone": seccomp.CLONE, "clone3": seccomp.CLONE3, "prctl": seccomp.PRCTL}
    table |= {"socket": seccomp.SOCKET, "socketpair": seccomp.SOCKETPAIR}
    assert {name: numbers[column] for name, numbers in table.items()} == {name: known.get(name) for name in table}
