"""A course of a thousand: ``python -m tests.benchmarks.thousand [--students 1000] [--notebook 08]``.

Makes a mixed class (right, untouched and partly wrong notebooks, 3 % hostile), grades it with the command that an
instructor gives, notes time and memory, then grades it anew into another folder, kills that run with signal 9 in the
middle, resumes it, and compares the two gradebooks.
"""

import argparse
import csv
import importlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import nbformat
import numpy as np

from course_kit.authoring.source import ROOT, edition, sources

ATTACKS = (
    "import os; os._exit(0)",
    "import os, signal; os.kill(-1, signal.SIGKILL)",
    "while True: pass",
    "import os\nwhile True: os.fork()",
    "held = [bytearray(2**24) for _ in range(4096)]",
    "while True: print('x' * 4096)",
    "import ctypes; ctypes.string_at(0)",
    "import threading, time\nfor _ in range(9999): threading.Thread(target=time.sleep, args=(99,)).start()",
    "open('/tmp/large', 'wb').write(bytes(2**31))",
    "import sys; sys.setrecursionlimit(10**9)\ndef f(): f()\nf()",
)
SHARES = {"right": 0.45, "wrong": 0.37, "untouched": 0.15, "hostile": 0.03}


def write_class(folder: Path, students: int, number: str) -> dict[str, int]:
    """Write the class. Returns how many there are of each kind."""
    rng = np.random.default_rng(8)
    source = next(s for s in sources() if s.stem.startswith(number))
    mutants = importlib.import_module(f"tests.mutants.e{number}").MUTANTS
    kinds = rng.choice(list(SHARES), size=students, p=list(SHARES.values()))
    for k, kind in enumerate(kinds):
        notebook = edition(source, solved=kind != "untouched")
        wrong = rng.choice(list(mutants), size=2, replace=False) if kind == "wrong" else ()
        for cell in notebook.cells:
            for id in wrong:
                if cell.cell_type == "code" and {"solution", id} <= set(cell.metadata.get("tags", ())):
                    cell.source += "\n\n" + mutants[id][rng.integers(len(mutants[id]))].code
        if kind == "hostile":
            notebook.cells.insert(2, nbformat.v4.new_code_cell(ATTACKS[k % len(ATTACKS)], id="attack"))
        place = folder / f"student{k:04d}"
        place.mkdir(parents=True)
        nbformat.write(notebook, place / f"{source.stem}.ipynb")
    return {kind: int((kinds == kind).sum()) for kind in SHARES}


class Grading:
    """The command in a process of its own, watched."""

    def __init__(self, folder: Path, out: Path, *options: str):
        command = [sys.executable, "-m", "course_kit.cli", "grade", folder, "--out", out, "--jobs", "2", *options]
        self.started, self.peak, self.tree = time.monotonic(), 0, 0
        self.process = subprocess.Popen(list(map(str, command)), cwd=ROOT, stdout=subprocess.DEVNULL)
        threading.Thread(target=self.watch, daemon=True).start()

    def watch(self) -> None:
        """Largest memory of the controller, and of everything below it, shared pages counted once each."""
        while self.process.poll() is None:
            self.peak = max(self.peak, memory(self.process.pid, "VmRSS"))
            self.tree = max(self.tree, sum(proportional(pid) for pid in below(self.process.pid)))
            time.sleep(0.5)

    def wait(self) -> float:
        self.process.wait()
        return time.monotonic() - self.started


def memory(pid: int, field: str) -> int:
    """Bytes of a process; 0 when it is gone."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith(field)), 0)


def proportional(pid: int) -> int:
    """The same, with pages that several share divided among them."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:")), 0)


def below(pid: int) -> list[int]:
    """A process and all that it has started."""
    found = [pid]
    for one in found:
        for path in Path(f"/proc/{one}/task").glob("*/children"):
            try:
                found += map(int, path.read_text().split())
            except OSError:
                continue
    return found


def graded(out: Path) -> int:
    path = out / ".course-kit" / "graded"
    return max(path.read_bytes().count(b"\n") - 1, 0) if path.exists() else 0


def rows(out: Path) -> list[dict]:
    """The gradebook without its seconds."""
    with open(out / "gradebook.csv", newline="", encoding="utf-8") as file:
        return [{k: v for k, v in row.items() if k != "seconds"} for row in csv.DictReader(file)]


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--students", type=int, default=1000)
    arguments.add_argument("--notebook", default="08")
    chosen = arguments.parse_args()
    place = Path(tempfile.mkdtemp(prefix="thousand-"))
    try:
        kinds = write_class(place / "class", chosen.students, chosen.notebook)
        print(f"{chosen.students} submissions of notebook {chosen.notebook}: {kinds}", flush=True)
        whole = Grading(place / "class", place / "whole", "--seed", "7")
        seconds = whole.wait()
        found = rows(place / "whole")
        students = len({row["student"] for row in found})
        print(
            f"{seconds:.0f} s, {seconds / chosen.students:.3f} s a submission; "
            f"{len(found)} rows of {students} students; "
            f"controller at most {whole.peak / 2**20:.0f} MiB, with all processes {whole.tree / 2**20:.0f} MiB; "
            f"load {os.getloadavg()[0]:.1f}",
            flush=True,
        )
        cut = Grading(place / "class", place / "cut", "--seed", "7")
        while graded(place / "cut") < chosen.students // 2 and cut.process.poll() is None:
            time.sleep(0.2)
        cut.process.send_signal(signal.SIGKILL)
        cut.process.wait()
        before = graded(place / "cut")
        rest = Grading(place / "class", place / "cut", "--resume").wait()
        same = rows(place / "cut") == found
        print(f"killed after {before}, resumed in {rest:.0f} s; the same gradebook: {same}")
    finally:
        shutil.rmtree(place, ignore_errors=True)
    if not same:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
