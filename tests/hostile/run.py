"""Grade the hostile class in one run, and look at what the machine was before and is after.

python -m tests.hostile.run DIR [FAMILY...]        grades into DIR, says what came out, and writes DIR/run.json
"""

import gc
import hashlib
import json
import os
import socket
import sys
import threading
import time
from collections import Counter
from contextlib import contextmanager, suppress
from pathlib import Path

from course_kit.checking import registry
from course_kit.grading.config import read_limits
from course_kit.grading.judge import grade_class
from course_kit.grading.results import SubmissionResult
from tests.grading.conftest import children
from tests.grading_front import e99_three
from tests.hostile.case import CANARY, MARK, WORDS
from tests.hostile.course import CASES, VICTIMS, write_class

HERE = Path(__file__).parent
SEED = 6_021_407_600_000_007  # long enough to be found on a page if it stands there
LETTERS = {word: letter for letter, word in WORDS.items()}
PLACES = (
    "/tmp",
    "/var/tmp",
    "/dev/shm",
    "/root",
    "/home",
    "/etc",
    "/run",
    "/",
    "/usr/local/bin",
    sys.prefix,
    sys.base_prefix,
)


@contextmanager
def three_exercises():
    """The course has one notebook, 99, with three exercises."""
    before = registry.notebooks
    registry.notebooks = lambda: {"99": "e99_three"}
    sys.modules["course_kit.exercises.e99_three"] = e99_three
    registry.notebook_exercises.cache_clear()
    try:
        yield
    finally:
        registry.notebooks = before
        del sys.modules["course_kit.exercises.e99_three"]
        registry.notebook_exercises.cache_clear()


class Listening:
    """Servers on this machine that count who reaches them."""

    def __init__(self):
        self.tcp, self.udp = socket.create_server(("127.0.0.1", 0)), socket.socket(type=socket.SOCK_DGRAM)
        self.port, self.reached = self.tcp.getsockname()[1], 0
        self.udp.bind(("127.0.0.1", self.port))
        self.unix = socket.socket(socket.AF_UNIX)
        self.unix.bind(f"\0hostile-{self.port}")
        self.unix.listen()
        for server in (self.tcp, self.unix):
            threading.Thread(target=self.accept, args=(server,), daemon=True).start()
        threading.Thread(target=self.receive, daemon=True).start()
        with socket.create_connection(("127.0.0.1", self.port)):  # from outside they can be reached
            pass
        while not self.reached:
            time.sleep(0.01)
        self.reached = 0

    def accept(self, server: socket.socket) -> None:
        while True:
            server.accept()[0].close()
            self.reached += 1

    def receive(self) -> None:
        while True:
            self.udp.recv(99)
            self.reached += 1


def machine() -> dict:
    """What a submission could leave on it."""
    ipc = [Path("/proc/sysvipc", name).read_text().count("\n") for name in ("shm", "msg", "sem")]
    mounts = Path("/proc/self/mountinfo").read_text().splitlines()
    groups = [line.split()[4] for line in mounts if " - cgroup2 " in line]
    return {
        "processes below us": children(os.getpid()),
        "mounts": len(mounts),
        "System V objects": ipc,
        "marks": sorted(str(path) for place in PLACES for path in Path(place).glob(f"*{MARK}*")),
        "hooks": sorted(str(p) for place in sys.path if place for p in Path(place).glob("*customize.py")),
        "groups": [str(p) for top in groups for p in Path(top).rglob(f"course-kit-{os.getpid()}-*")],
        "descriptors": descriptors(),
    }


def descriptors() -> list[str]:
    """What this process has open, but for the results of the run, which are read from their file."""
    gc.collect()  # results of other runs in this process hold their files until they are forgotten
    links = []
    for name in os.listdir("/proc/self/fd"):
        with suppress(OSError):  # the one that looks
            links.append(os.readlink(f"/proc/self/fd/{name}").split(":")[0])
    return sorted(link for link in links if "/grades/" not in link)


def contents(folder: Path) -> str:
    """A hash of every name and file below a folder."""
    found = hashlib.sha256()
    for top, below, names in sorted(os.walk(folder)):
        for name in sorted((*below, *names)):
            path = os.path.join(top, name)
            regular = os.path.isfile(path) and not os.path.islink(path) and os.path.getsize(path) < 2**26
            found.update(os.fsencode(os.path.relpath(path, folder)) + (Path(path).read_bytes() if regular else b""))
    return found.hexdigest()


def row(result: SubmissionResult) -> dict:
    """A submission as the tests look at it."""
    bad = [o.message for o in result.outcomes if o.state != "right" and o.message]
    return {
        "student": result.student,
        "states": "".join(LETTERS[o.state] for o in result.outcomes),
        "points": result.points,
        "message": f"{bad[0].sentence} {bad[0].known}" if bad else "",
        "notes": list(result.notes),
        "output": result.output,
        "machine": result.machine,
        "seconds": result.seconds,
    }


def run(folder: Path, families: tuple[str, ...] = ()) -> dict:
    """Write the class into ``folder``, grade it, and say what came out and what was left."""
    submissions, out, listening = folder / "class", folder / "grades", Listening()
    write_class(submissions, out, listening.port, families)
    before, hashed = machine(), contents(submissions)
    os.environ["COURSE_KIT_CANARY"] = CANARY
    started = time.monotonic()
    try:
        with three_exercises():
            limits = read_limits(HERE / "grading.toml")
            result = grade_class(submissions, out, SEED, jobs=2, limits=limits)
    finally:
        del os.environ["COURSE_KIT_CANARY"]
    seconds, after = time.monotonic() - started, machine()
    return {
        "rows": [row(s) for s in result.submissions],
        "isolation": result.isolation,
        "changed": {name: [before[name], after[name]] for name in before if before[name] != after[name]},
        "submissions untouched": contents(submissions) == hashed,
        "reached": listening.reached,
        "seconds": seconds,
    }


if __name__ == "__main__":
    place = Path(sys.argv[1])
    found = run(place, tuple(sys.argv[2:]))
    (place / "run.json").write_text(json.dumps(found))
    states = Counter(r["states"] for r in found["rows"])
    print(f"{len(CASES)} cases and {len(VICTIMS)} victims in {found['seconds']:.0f} s: {dict(states)}")
    print({name: value for name, value in found.items() if name != "rows"})
