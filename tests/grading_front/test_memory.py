"""The controller's memory does not grow with what the class wrote: results lie on disk, and are read one at a time."""

import shutil
import tracemalloc
from pathlib import Path

from course_kit.grading import judge
from course_kit.grading.results import SubmissionResult
from tests.grading.report_class import EXERCISES, outcome

HELD = 60_000  # letters of a notebook's output, and as many of its cells


class NoServer:
    """Stands for workers where only the controller is looked at."""

    def __init__(self, **_):
        pass

    def __enter__(self):
        return self

    def __exit__(self, *_):
        pass

    def spawn(self):
        return self

    def close(self):
        pass

    isolation = "none"


class Talkative:
    """A judge whose every result is long."""

    def __init__(self, *_):
        pass

    def stop(self):
        pass

    def grade(self, submission) -> SubmissionResult:
        state = ("right", "wrong")[hash(submission.student) % 2]
        outcomes = tuple(outcome(id, judge.State(state)) for id in EXERCISES)
        cells = dict.fromkeys(EXERCISES, "x" * (HELD // len(EXERCISES)))
        return SubmissionResult(
            submission.student, submission.notebook, submission.path, outcomes, ("a note",), cells, "y" * HELD
        )


def graded(folder: Path, count: int) -> Path:
    """A class of ``count`` graded into ``folder / "out"`` by that judge."""
    shutil.rmtree(folder, ignore_errors=True)
    for k in range(count):
        (folder / "class" / f"s{k:05}").mkdir(parents=True)
        (folder / "class" / f"s{k:05}" / "08_lstm.ipynb").write_text("{}")
    real = judge.WorkerServer, judge.Judge
    judge.WorkerServer, judge.Judge = NoServer, Talkative
    try:
        judge.grade_class(folder / "class", folder / "out", seed=1, jobs=2)
    finally:
        judge.WorkerServer, judge.Judge = real
    return folder / "out"


def peak(folder: Path, count: int) -> int:
    """Bytes of Python objects at the worst moment of such a run."""
    tracemalloc.start()
    try:
        graded(folder, count)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_memory_does_not_grow_with_the_class(tmp_path):
    """Each further submission of 120 KB costs the controller a few KB: its name, its place, its row of states."""
    peak(tmp_path / "warm", 10)

    each = (peak(tmp_path / "large", 250) - peak(tmp_path / "small", 50)) / 200

    assert each < HELD / 5
    assert (tmp_path / "large" / "out" / "results.json").stat().st_size > 250 * HELD
