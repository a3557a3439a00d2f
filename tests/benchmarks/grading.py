"""Seconds per submission: ``python -m tests.benchmarks.grading`` grades 40 copies of a notebook of three exercises.

Wall seconds are those of the whole batch, warm, divided by the copies; the template's start stands on a line of its
own. Processor seconds are the median over the submissions of the judge's thread and of every worker with all that it
started, from the fork to its end (the keeper's figure), and the template's share. A keeper's own milliseconds are
counted nowhere. Each figure is the median of three rounds.
"""

import argparse
import os
import platform
import re
import statistics
import sys
import tempfile
import time
from importlib.metadata import version
from pathlib import Path
from types import ModuleType

import nbformat
from rich.console import Console
from rich.table import Table

from course_kit.authoring.source import read, sources, text
from course_kit.checking import Exercise, State, find, registry
from course_kit.grading.judge import Judge
from course_kit.grading.running import Progress, grade_all
from course_kit.grading.server import WorkerServer
from course_kit.grading.store import Store
from course_kit.grading.submissions import find_submissions
from tests.grading_front import e99_three
from tests.grading_front.conftest import notebook

COPIES, ROUNDS = 40, 3
# A Keras layer that is called once, as in the assignment on which nbgrader's and otter's costs were measured.
LAYER = "import keras\nclass Double(keras.layers.Layer):\n    def call(self, inputs):\n        return 2 * inputs"
SHARED = re.compile("^import numpy|^def sigmoid|^import keras$|^from keras import", re.MULTILINE)


def answered(ids: tuple[str, ...]) -> str:
    """A notebook file with the given exercises solved, what they share with others, and their checks."""
    wanted = [s for s in sources() if s.stem[:2] in {id[1:3] for id in ids}]
    cells = [cell for source in wanted for cell in read(source) if cell.kind == "code"]
    kept = [
        nbformat.v4.new_code_cell(cell.source, id=f"cell-{number}")
        for number, cell in enumerate(cells)
        if SHARED.search(cell.source) or (cell.exercise in ids and {"solution", "check"} & set(cell.tags))
    ]
    return text(nbformat.v4.new_notebook(cells=kept))


def notebooks() -> dict[str, tuple[list[Exercise], str]]:
    """For each kind of work three exercises, and the text of a notebook that answers them."""
    numpy_alone, keras_cell = ("E08.1", "E08.2", "E08.4"), ("E08.1", "E08.4", "E03.3")
    small = [e99_three.E99_1, e99_three.E99_2, e99_three.E99_3]
    return {
        "NumPy (E08.1, E08.2, E08.4)": ([find(id) for id in numpy_alone], answered(numpy_alone)),
        "NumPy, a value, a Keras layer called": (small, notebook(double=LAYER)),
        "NumPy twice, a Keras cell traced (E03.3)": ([find(id) for id in keras_cell], answered(keras_cell)),
    }


def course_of(exercises: list[Exercise]) -> None:
    """From here on the course has one notebook, 99, with these exercises."""
    module = ModuleType("course_kit.exercises.e99_benchmark")
    vars(module).update({f"exercise_{place}": exercise for place, exercise in enumerate(exercises)})
    sys.modules[module.__name__] = module
    registry.notebook_exercises.cache_clear()
    registry.notebooks = lambda: {"99": "e99_benchmark"}


def template_seconds() -> float:
    """Processor seconds of the template itself, which is the only child of this process."""
    children = [pid for path in Path("/proc/self/task").glob("*/children") for pid in path.read_text().split()]
    fields = [Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split() for pid in children]
    return sum(int(f[11]) + int(f[12]) for f in fields) / os.sysconf("SC_CLK_TCK")


def batch(server: WorkerServer, folder: Path, jobs: int) -> tuple[float, float, float]:
    """Wall and processor seconds per submission, and the median wall seconds of one, from its reading to its row."""
    submissions = find_submissions(folder)
    started, cpu = time.perf_counter(), template_seconds()
    with tempfile.TemporaryDirectory() as out, Store(Path(out)) as store:
        store.begin(1, "")
        keyed = {f"{place:064d}": submission for place, submission in enumerate(submissions)}
        grade_all(Judge(server, seed=1), keyed.items(), jobs, store, Progress(0, len(keyed), 0), lambda _: None)
        wall = time.perf_counter() - started
        results = list(store.results(keyed, {}))
    cpu = (template_seconds() - cpu) / len(results) + statistics.median(r.cpu_seconds for r in results)
    for result in results:
        if len(result.outcomes) != 3 or any(o.state is not State.RIGHT for o in result.outcomes):
            raise SystemExit(f"the benchmark's notebook must be right: {result}")
    return wall / len(results), cpu, statistics.median(r.seconds for r in results)


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--copies", type=int, default=COPIES)
    copies = arguments.parse_args().copies
    table = Table(
        "exercises", "workers", "wall s", "CPU s", "one submission, s", title=f"{copies} copies, {ROUNDS} rounds"
    )
    for name, (exercises, content) in notebooks().items():
        course_of(exercises)
        with tempfile.TemporaryDirectory() as place, WorkerServer() as server:
            start = server.wait_until_ready()
            for number in range(copies):
                (Path(place) / f"student{number:03d}").mkdir()
                (Path(place) / f"student{number:03d}" / "99.ipynb").write_text(content, encoding="utf-8")
            batch(server, Path(place), 1)
            for jobs in (1, 2):
                rounds = [batch(server, Path(place), jobs) for _ in range(ROUNDS)]
                table.add_row(
                    name, str(jobs), *(f"{statistics.median(column):.3f}" for column in zip(*rounds, strict=True))
                )
    console = Console()
    console.print(table)
    packages = ", ".join(f"{p} {version(p)}" for p in ("tensorflow", "keras", "numpy"))
    console.print(
        f"Python {platform.python_version()}, {packages}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}"
    )
    console.print(f"start of the template {start:.1f} s")


if __name__ == "__main__":
    main()
