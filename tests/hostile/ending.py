"""Ends, kills, stops, forks, loops, sleeps, crashes, holds the interpreter, ignores signals, leaves processes."""

from tests.hostile.case import Case, beside, in_gate

BURN = """
import os
for _ in range(60):
    try:
        if os.fork() == 0:
            while True: pass
    except OSError:
        break
"""
SIGNALS = """
import signal
for number in signal.valid_signals():
    try: signal.signal(number, signal.SIG_IGN)
    except (OSError, ValueError): pass
signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
"""
DAEMON = """
import os, time
if os.fork() == 0:
    try: os.setsid()
    except OSError: pass
    os.setpgid(0, 0)
    if os.fork() == 0:
        time.sleep(999)
    os._exit(0)
"""
SLOW = "no answer within 3 s: look for a loop that does not end"

CASES = [
    Case("exits", "os._exit in a cell", beside("import os; os._exit(0)"), note="ended by os._exit(0)"),
    Case("exits-in-call", "os._exit in a call", in_gate("import os; os._exit(0)"), "CRR", "ended by os._exit(0)"),
    Case("exits-politely", "sys.exit in a call", in_gate("import sys; sys.exit('passed')"), "CRR", "SystemExit"),
    Case("quits", "exit() in a cell", beside("exit()"), note="SystemExit"),
    Case("interrupts", "raises KeyboardInterrupt in a call", in_gate("raise KeyboardInterrupt"), "CRR", "KeyboardInt"),
    Case(
        "kills",
        "kill -9 of everything, its group, its parent and itself",
        beside("""
import os
for pid in (-1, 0, os.getppid(), os.getpid(), 1, *range(2, 400)):
    try: os.kill(pid, 9)
    except OSError: pass
"""),
    ),
    Case(
        "stops",
        "SIGSTOP to everything in reach",
        beside("""
import os, signal
for pid in (-1, 0, 1, os.getpid(), os.getppid()):
    try: os.kill(pid, signal.SIGSTOP)
    except OSError: pass
"""),
    ),
    Case("aborts", "abort() in a call", in_gate("import os; os.abort()"), "CRR", "killed by signal"),
    Case("crashes", "reads address 0 in a cell", beside("import ctypes; ctypes.string_at(0)"), note="signal 11"),
    Case("crashes-in-call", "the same in a call", in_gate("import ctypes; ctypes.string_at(0)"), "CRR", "signal 11"),
    Case(
        "becomes-sleep", "execs another program", in_gate("import os; os.execv('/bin/sleep', ['sleep', '99'])"), "CRR"
    ),
    Case(
        "closes",
        "closes every descriptor, the channel too",
        beside("import os; os.closerange(0, 99)"),
        note="its code broke the worker's loop",
    ),
    Case("forks", "forks and lets both return", beside("import os; os.fork(); os.fork()")),
    Case("forks-in-call", "the same in a call", in_gate("import os; os.fork()")),
    Case(
        "fork-bomb",
        "forks without end; each child forks too",
        in_gate("""
import os, time
while True:
    try: os.fork()
    except OSError: time.sleep(0.01)
"""),
        "CRR",
        SLOW,
    ),
    Case("burns", "sixty processes that burn, and neighbours starve", in_gate(BURN + "while True: pass"), "CRR", SLOW),
    Case(
        "burns-in-sessions",
        "the same, each in a session of its own, where the kernel shares by session",
        in_gate(
            BURN.replace("while True", "__import__('ctypes').CDLL(None).setsid()\n            while True")
            + "while True: pass"
        ),
        "CRR",
        SLOW,
    ),
    Case(
        "threads",
        "threads without end",
        beside("import threading, time\nwhile True: threading.Thread(target=time.sleep, args=(99,)).start()"),
        note="RuntimeError: can't start new thread",
    ),
    Case("loops", "an endless loop in a cell", beside("while True: pass"), note="no answer within 6 s"),
    Case("sleeps", "sleeps in a call", in_gate("import time; time.sleep(999)"), "CRR", SLOW),
    Case(
        "holds",
        "holds the interpreter in C code, where no Python signal handler runs",
        in_gate("import re; re.match(r'(a+)+$', 'a' * 60 + 'b')"),
        "CRR",
        SLOW,
    ),
    Case("ignores", "ignores and blocks every signal, and loops", in_gate(SIGNALS + "while True: pass"), "CRR", SLOW),
    Case("reads-on", "waits on its own channel for what never comes", in_gate("import os; os.read(3, 1)"), "CRR", SLOW),
    Case("daemon", "leaves a daemon, as daemons are made", beside(DAEMON)),
    Case(
        "grandchildren",
        "leaves processes that start others when they are orphaned",
        in_gate("""
import os, time
if os.fork() == 0:
    for _ in range(50):
        if os.fork():
            os._exit(0)
        time.sleep(0.02)
    time.sleep(999)
"""),
    ),
    Case(
        "thread-that-stays",
        "leaves a thread that is no daemon, and an atexit hook that never returns",
        beside("""
import atexit, threading, time
threading.Thread(target=time.sleep, args=(999,)).start()
atexit.register(time.sleep, 999)
"""),
    ),
    Case(
        "del-forever",
        "an object whose end never ends",
        in_gate("""
class Last:
    def __del__(self):
        while True: pass
Last()
"""),
        "CRR",
        SLOW,
    ),
]
