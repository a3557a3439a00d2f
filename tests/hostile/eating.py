"""Eats memory (one process and many), disk, inodes, descriptors, output, and what no process is charged for."""

from tests.hostile.case import Case, after, beside, in_double, in_gate

MEMORY = "killed by signal 9 after using more than 0.5 GiB of memory"
CHILDREN = """
import os, time
for _ in range(8):
    if os.fork() == 0:
        held = b"x" * (150 * 2**20)
        time.sleep(99)
time.sleep(99)
"""
RELAY = """
import os, time
held = b""
while True:
    held += b"x" * (40 * 2**20)
    if os.fork(): os._exit(0)
"""

CASES = [
    Case(
        "memory",
        "fills memory bit by bit",
        after("import time\nheld = []\nwhile True: held.append(b'x' * 2**23); time.sleep(0.005)"),
        note=MEMORY,
    ),
    Case(
        "memory-in-call",
        "the same in a call",
        in_double("held = []\nwhile True: held.append(bytearray(b'x' * 2**22))"),
        "RRC",
        MEMORY,
    ),
    Case("memory-at-once", "asks for a terabyte", in_gate("bytearray(2**40)"), "CRR", "MemoryError"),
    Case("memory-of-many", "eight children that hold 150 MiB each", in_double(CHILDREN), "RRC", MEMORY),
    Case(
        "memory-of-many-hidden",
        "the same with processes that nobody may look at",
        in_double(CHILDREN.replace("held =", "__import__('ctypes').CDLL(None).prctl(4, 0, 0, 0, 0); held =")),
        "RRC",
        MEMORY,
    ),
    Case(
        "memory-shared",
        "a shared mapping",
        in_double(
            "import mmap\nheld = mmap.mmap(-1, 2**30)\n"
            "for k in range(0, 2**30, 2**20):\n    held[k : k + 2**20] = b'x' * 2**20"
        ),
        "RRC",
        MEMORY,
    ),
    Case(
        "memory-of-sockets",
        "fills the buffers of thousands of sockets, which are in no process's account",
        in_double("""
import os, socket, time
for _ in range(20):
    if os.fork() == 0:
        held = []
        while True:
            try:
                pair = socket.socketpair()
                held.append(pair)
                pair[0].setblocking(False)
                while True: pair[0].send(bytes(65536))
            except BlockingIOError:
                continue
            except OSError:
                time.sleep(99)
time.sleep(99)
"""),
        "RRC",
        MEMORY,
    ),
    Case(
        "memory-of-large-buffers",
        "asks for larger buffers of its sockets",
        in_gate("import socket\nsocket.socket(socket.AF_UNIX).setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 2**26)"),
        "CRR",
        "PermissionError",
    ),
    Case(
        "memory-of-page-tables",
        "a page here and there, so that the tables weigh more than the pages",
        beside("""
import mmap, os, time
for _ in range(30):
    if os.fork() == 0:
        try:
            held = mmap.mmap(-1, 2**31, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS | mmap.MAP_NORESERVE)
            for k in range(0, 2**31, 2**21): held[k]
        except OSError: pass
        time.sleep(99)
"""),
    ),
    Case(
        "disk",
        "fills the disk",
        beside("file = open('big', 'wb')\nwhile True: file.write(bytes(2**20))"),
        note="OSError",
    ),
    Case(
        "disk-many-files",
        "fills the disk with files below the limit of one",
        beside("for k in range(10**6): open(f'/tmp/{k}', 'wb').write(bytes(2**20))"),
        note="No space left on device",
    ),
    Case(
        "inodes",
        "makes files without end",
        beside("for k in range(10**6): open(f'/tmp/{k}', 'x').close()"),
        note="No space left on device",
    ),
    Case(
        "folders",
        "folders within folders without end",
        beside("import os\nwhile True: os.mkdir('d'); os.chdir('d')"),
        note="OSError",
    ),
    Case(
        "descriptors",
        "opens files without end",
        beside("import os\nheld = []\nwhile True: held.append(os.dup(1))"),
        note="Too many open files",
    ),
    Case(
        "pipes",
        "fills pipes without end",
        beside("import os\nwhile True:\n    os.write(os.pipe()[1], bytes(4096))"),
        note="Too many open files",
    ),
    Case("output", "prints without end", beside("while True: print('x' * 10**6)"), note="no answer within 6 s"),
    Case(
        "output-in-call",
        "prints in a call what it was given",
        in_gate("print(x, W, b)\nfor _ in range(100): print('x' * 10**6)"),
    ),
    Case(
        "output-of-a-child",
        "a child prints for as long as it lives",
        beside("import os\nif os.fork() == 0:\n    while True: os.write(1, b'y' * 65536)"),
    ),
    Case(
        "queues",
        "System V queues, which outlive a process",
        in_gate("import ctypes\nif ctypes.CDLL(None).msgget(0, 0o1600) == -1: raise PermissionError('no queue')"),
        "CRR",
        "no queue",
    ),
    Case(
        "shared-memory",
        "System V shared memory, which outlives a process",
        in_gate(
            "import ctypes\nif ctypes.CDLL(None).shmget(0, 2**30, 0o1600) == -1: raise PermissionError('no segment')"
        ),
        "CRR",
        "no segment",
    ),
    Case(
        "posix-shared-memory",
        "POSIX shared memory that nobody unlinks",
        beside(
            "from multiprocessing import shared_memory, resource_tracker\nresource_tracker.register = lambda *a: None\n"
            "held = shared_memory.SharedMemory('hostile-mark', create=True, size=2**20)"
        ),
    ),
    Case(
        "semaphores",
        "POSIX semaphores",
        beside("import multiprocessing\nheld = [multiprocessing.Lock() for _ in range(9)]"),
    ),
]
