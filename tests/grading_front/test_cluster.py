"""A scheduler and two workers on this machine: the same gradebook as at home, also when one of them dies."""

import csv
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from course_kit.checking import State
from course_kit.grading.cluster import ClusterError
from course_kit.grading.judge import grade_class

ROOT = Path(__file__).parents[2]

SAMPLE = ROOT / "data" / "sample_class"


class Cluster:
    """A scheduler and its workers, each a process of its own."""

    def __init__(self, place: Path):
        self.place, self.workers = place, []
        told = place / "scheduler.json"
        self.scheduler = self._start(
            "dask_scheduler", "--port", "0", "--host", "127.0.0.1", "--no-dashboard", "--scheduler-file", told
        )
        until = time.monotonic() + 60
        while not told.exists():
            assert time.monotonic() < until, "the scheduler did not start"
            time.sleep(0.1)
        self.address = json.loads(told.read_text())["address"]

    def add_worker(self) -> None:
        options = ("--no-nanny", "--nthreads", "1", "--no-dashboard", "--memory-limit", "0")
        self.workers.append(self._start("dask_worker", self.address, *options, "--local-directory", self.place))

    def _start(self, program: str, *arguments) -> subprocess.Popen:
        with open(self.place / f"{program}{len(self.workers)}.log", "wb") as log:
            command = [sys.executable, "-m", f"distributed.cli.{program}", *map(str, arguments)]
            return subprocess.Popen(command, stdout=log, stderr=log, cwd=ROOT)

    def close(self) -> None:
        for process in (*self.workers, self.scheduler):
            process.kill()
            process.wait()


@pytest.fixture
def cluster(tmp_path):
    made = Cluster(tmp_path)
    yield made
    made.close()


def rows(out: Path) -> list[dict]:
    with open(out / "gradebook.csv", newline="", encoding="utf-8") as file:
        return [{k: v for k, v in row.items() if k != "seconds"} for row in csv.DictReader(file)]


@pytest.fixture(scope="module")
def at_home(tmp_path_factory):
    """The sample class graded on this machine."""
    out = tmp_path_factory.mktemp("home")
    grade_class(SAMPLE, out, seed=5, jobs=2)
    return out


def test_gradebook_is_that_of_a_local_run_though_a_worker_dies(cluster, tmp_path, at_home):
    """Byte for byte but for the seconds; one of two workers is killed when the first result is there."""
    cluster.add_worker()
    cluster.add_worker()
    done = []

    def kill_one(progress):
        done.append(progress.done)
        if progress.done == 1:
            os.kill(cluster.workers[0].pid, signal.SIGKILL)

    result = grade_class(SAMPLE, tmp_path / "far", seed=5, cluster=cluster.address, progress=kill_one)

    assert result.complete and max(done) == len(result.submissions)
    assert rows(at_home) == rows(tmp_path / "far")
    for name in ("summary.csv",):
        assert (at_home / name).read_bytes() == (tmp_path / "far" / name).read_bytes()
    assert not [s for s in result.submissions if s.machine]
    assert [o for s in result.submissions for o in s.outcomes if o.state is State.RIGHT]


def test_no_scheduler_is_one_sentence(tmp_path, monkeypatch):
    """Nothing listens there."""
    monkeypatch.setattr("course_kit.grading.cluster.WAIT_SECONDS", 1.0)

    with pytest.raises(ClusterError, match="no Dask scheduler answers at tcp://127.0.0.1:9"):
        grade_class(SAMPLE, tmp_path / "out", seed=5, cluster="tcp://127.0.0.1:9")


def test_no_worker_is_one_sentence(cluster, tmp_path, monkeypatch):
    """A scheduler alone grades nothing."""
    monkeypatch.setattr("course_kit.grading.cluster.WAIT_SECONDS", 3.0)

    with pytest.raises(ClusterError, match="has no worker"):
        grade_class(SAMPLE, tmp_path / "out", seed=5, cluster=cluster.address)


def test_another_version_of_the_kit_is_refused(cluster, tmp_path, monkeypatch):
    """Two versions would give two gradebooks."""
    cluster.add_worker()
    monkeypatch.setattr("course_kit.grading.cluster.code", lambda number: "of another kit")

    with pytest.raises(ClusterError, match="another version of the kit"):
        grade_class(SAMPLE, tmp_path / "out", seed=5, cluster=cluster.address)
