"""Processor seconds per submission beside two other graders: ``python -m tests.benchmarks.rivals``.

The same notebooks (a NumPy function, a closed answer, a Keras layer that is called) are graded by this kit, by
``nbgrader autograde`` in one batch, and by ``otter run`` one by one, in turns, each round all three. The others get
environments of their own under ``build/rivals``, made on the first run with what ``REQUIREMENTS`` names. Processor
seconds are those of the started command and of all that it started, its own start included.
"""

import argparse
import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import time
import venv
from pathlib import Path

import nbformat
from rich.console import Console
from rich.table import Table

from course_kit.authoring.source import ROOT
from tests.benchmarks import grading
from tests.grading_front.conftest import GATE, MISPRINT, SETUP

PLACE = ROOT / "build" / "rivals"
REQUIREMENTS = {
    "nbgrader": ["nbgrader==0.9.6", "tensorflow==2.21.0"],
    "otter": ["otter-grader==7.0.0", "ipykernel", "tensorflow==2.21.0"],
}
ANSWERS = {"E1": GATE, "E2": MISPRINT, "E3": grading.LAYER}
TESTS = {
    "E1": "rng = np.random.default_rng(1)\n"
    "x, W, b = rng.normal(size=(2, 4)), rng.normal(size=(4, 3)), rng.normal(size=3)\n"
    "assert np.allclose(gate(x, W, b), 1 / (1 + np.exp(-(x @ W + b))))",
    "E2": 'assert misprint == "i"',
    "E3": 'assert np.allclose(Double()(np.ones((2, 3), "float32")), 2)',
}


def environment(name: str) -> Path:
    """The folder of the programs of a rival's environment, made if it is not there."""
    folder = PLACE / f"venv-{name}"
    if not (folder / "made").exists():
        print(f"making an environment for {name}; this takes a minute or two")
        venv.create(folder, with_pip=True, clear=True)
        subprocess.run([folder / "bin" / "pip", "install", "--quiet", *REQUIREMENTS[name]], check=True)
        (folder / "made").touch()
    return folder / "bin"


def cell(source: str, name: str, **roles) -> dict:
    """A code cell with nbgrader's metadata, which the other two do not look at."""
    data = {"schema_version": 3, "grade_id": name, "grade": False, "locked": False, "solution": False, "task": False}
    return nbformat.v4.new_code_cell(source, id=name, metadata={"nbgrader": data | roles})


def written(path: Path, solved: bool) -> None:
    """The assignment as it is handed out, or handed in."""
    cells = [nbformat.v4.new_code_cell(SETUP, id="setup")]
    for name, answer in ANSWERS.items():
        body = answer if solved else f"### BEGIN SOLUTION\n{answer}\n### END SOLUTION"
        cells.append(cell(body, name, solution=True))
        cells.append(cell(TESTS[name], f"{name}-test", grade=True, locked=True, points=1))
    path.parent.mkdir(parents=True, exist_ok=True)
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": kernel}), path)


def cost(command: list, folder: Path) -> tuple[float, float, str]:
    """Wall and processor seconds of a command and its children, and its output. Stops the benchmark if it fails."""
    before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    path = f"{Path(command[0]).parent}{os.pathsep}{os.environ['PATH']}"  # nbgrader looks for alembic there
    quiet = os.environ | {"TF_CPP_MIN_LOG_LEVEL": "3", "PATH": path}
    done = subprocess.run([str(part) for part in command], cwd=folder, env=quiet, capture_output=True, text=True)
    after, wall = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter() - started
    if done.returncode:
        raise SystemExit(f"{command[0]} failed in {folder}:\n{done.stdout[-1000:]}{done.stderr[-2000:]}")
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, done.stdout


def nbgrader_round(copies: int) -> tuple[float, float]:
    """One batch of ``nbgrader autograde``, per submission."""
    bin, folder = environment("nbgrader"), PLACE / "nbgrader"
    shutil.rmtree(folder, ignore_errors=True)
    written(folder / "source" / "ps1" / "99.ipynb", solved=False)
    (folder / "nbgrader_config.py").write_text('c = get_config()\nc.CourseDirectory.course_id = "course"\n')
    cost([bin / "nbgrader", "generate_assignment", "ps1"], folder)
    for number in range(copies):
        written(folder / "submitted" / f"student{number:03d}" / "ps1" / "99.ipynb", solved=True)
    wall, cpu, _ = cost([bin / "nbgrader", "autograde", "ps1", "--create"], folder)
    points = "import nbgrader.api as a; g = a.Gradebook('sqlite:///gradebook.db'); "
    points += "print([s.score for s in g.assignment_submissions('ps1')])"
    found = subprocess.run(
        [bin / "python", "-c", points], cwd=folder, capture_output=True, text=True, check=True
    ).stdout
    if json.loads(found) != [3.0] * copies:
        raise SystemExit(f"nbgrader must find all right. Got {found}")
    return wall / copies, cpu / copies


def otter_round(copies: int) -> tuple[float, float]:
    """``otter run`` for each submission."""
    bin, folder = environment("otter"), PLACE / "otter"
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "tests").mkdir(parents=True)
    for name, test in TESTS.items():
        case = "\n".join(f">>> {line}" for line in test.splitlines())
        suite = {
            "cases": [{"code": case, "hidden": False, "locked": False}],
            "scored": True,
            "setup": "",
            "teardown": "",
            "type": "doctest",
        }
        (folder / "tests" / f"{name}.py").write_text(
            f"OK_FORMAT = True\ntest = {{'name': {name!r}, 'points': 1, 'suites': [{suite!r}]}}\n"
        )
    cost([bin / "otter", "generate", "-t", "tests", "--no-environment"], folder)
    archive = next(folder.glob("*.zip"))
    written(folder / "99.ipynb", solved=True)
    walls, cpus, _ = zip(
        *(cost([bin / "otter", "run", "-a", archive, "-o", ".", "99.ipynb"], folder) for _ in range(copies)),
        strict=True,
    )
    results = json.loads((folder / "results.json").read_text())
    if sum(test.get("score", 0) for test in results["tests"]) != 3:
        raise SystemExit(f"otter must find all right. Got {results['tests']}")
    return statistics.mean(walls), statistics.mean(cpus)


def kit_round(copies: int) -> dict[str, tuple[float, float]]:
    """This kit on a class of as many, by a command of its own: with its start, as theirs counts, and without."""
    folder = PLACE / "kit"
    shutil.rmtree(folder, ignore_errors=True)
    for number in range(copies):
        written(folder / "submitted" / f"student{number:03d}" / "99.ipynb", solved=True)
    command = [sys.executable, "-m", "tests.benchmarks.rivals", "--grade", folder / "submitted"]
    wall, cpu, said = cost(command, ROOT)
    return {"this kit, warm": tuple(json.loads(said)), "this kit, start included": (wall / copies, cpu / copies)}


def grade(folder: Path) -> None:
    """What ``kit_round`` starts: the course of three exercises, graded by one worker; prints the warm costs."""
    from course_kit.grading.server import WorkerServer
    from tests.grading_front import e99_three

    grading.course_of([e99_three.E99_1, e99_three.E99_2, e99_three.E99_3])
    with WorkerServer() as server:
        server.wait_until_ready()
        wall, cpu, _ = grading.batch(server, folder, 1)
    print(json.dumps([wall, cpu]))


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--rounds", type=int, default=3)
    arguments.add_argument("--copies", type=int, default=40, help="submissions of the kit's batch")
    arguments.add_argument("--nbgrader", type=int, default=40, help="submissions of nbgrader's batch")
    arguments.add_argument("--otter", type=int, default=4, help="runs of otter, each by itself")
    arguments.add_argument("--grade", type=Path, help=argparse.SUPPRESS)
    chosen = arguments.parse_args()
    if chosen.grade:
        return grade(chosen.grade)
    for name in REQUIREMENTS:
        environment(name)
    found: dict[str, list] = {}
    for _ in range(chosen.rounds):
        costs = kit_round(chosen.copies)
        costs["nbgrader, one batch"] = nbgrader_round(chosen.nbgrader)
        costs["otter run"] = otter_round(chosen.otter)
        for name, pair in costs.items():
            found.setdefault(name, []).append(pair)
    medians = {
        name: [statistics.median(column) for column in zip(*rounds, strict=True)] for name, rounds in found.items()
    }
    table = Table("grader", "wall s", "CPU s", title=f"a submission, median of {chosen.rounds} rounds")
    for name, (wall, cpu) in medians.items():
        table.add_row(name, f"{wall:.3f}", f"{cpu:.3f}")
    Console().print(table)
    for kit in ("this kit, warm", "this kit, start included"):
        times = {name: medians[name][1] / medians[kit][1] for name in ("nbgrader, one batch", "otter run")}
        print(f"{kit}: " + ", ".join(f"{name} takes {ratio:.0f} times its CPU" for name, ratio in times.items()))
    print(
        f"the kit's batch has {chosen.copies} submissions, nbgrader's {chosen.nbgrader}; load {os.getloadavg()[0]:.1f}"
    )


if __name__ == "__main__":
    main()
