"""Several real workers on one study, in PostgreSQL and in a journal file; one is killed, another stopped by Ctrl-C."""

import csv
import json
import signal
import time

import optuna
import pytest
from optuna.storages import JournalStorage, RDBStorage, RetryHeartbeatStaleTrialCallback
from optuna.storages.journal import JournalFileBackend
from optuna.trial import TrialState

from course_kit.models.imdb.recipe import Recipe
from tests.models.imdb.commands import TINY, started

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore::optuna.exceptions.ExperimentalWarning")]
FIXED = (*TINY, "--epochs", 1, "--vocabulary", 200, "--heartbeat", 1)
LONG = 1800  # seconds; a busy machine takes its time, and a worker that hangs is killed
DONE = (TrialState.COMPLETE, TrialState.PRUNED)


@pytest.fixture
def where(kind, request, tmp_path):
    """What ``--storage`` gets, and Optuna's own view of it."""
    if kind == "journal":
        path = tmp_path / "lab" / "study.journal"
        return str(path), lambda: JournalStorage(JournalFileBackend(str(path)))
    url = request.getfixturevalue("database")
    return url, lambda: RDBStorage(url)


def trials(storage, name: str) -> list:
    """All trials so far; none before the study is made."""
    try:
        return optuna.load_study(study_name=name, storage=storage()).get_trials(deepcopy=False)
    except (KeyError, OSError):
        return []


def of(worker, found, states) -> list:
    return [t for t in found if f"-{worker.pid}" in t.user_attrs.get("worker", "") and t.state in states]


def until(condition, *workers) -> None:
    begun = time.monotonic()
    while not condition():
        assert time.monotonic() - begun < LONG
        for worker in workers:
            assert worker.poll() is None, worker.communicate()[0]
        time.sleep(0.1)


@pytest.mark.parametrize("kind", ["journal", "postgresql"])
def test_two_workers_share_a_study_and_one_is_killed(where, tmp_path):
    """Both train for it, none is done twice, the trial of the dead one is tried again, and all the rest is done."""
    storage, view = where
    arguments = ("tune", "--out", tmp_path / "out", "--storage", storage, "--study", "two", "--trials", 4, *FIXED)
    (tmp_path / "lab").mkdir()

    killed, other = started(*arguments), started(*arguments)
    running = (TrialState.RUNNING,)
    try:
        until(lambda: of(killed, found := trials(view, "two"), DONE) and of(killed, found, running), killed, other)
        killed.send_signal(signal.SIGKILL)
        killed.communicate()
        printed = other.communicate(timeout=LONG)[0]
    finally:
        killed.kill()
        other.kill()

    assert other.returncode == 0, printed
    found = trials(view, "two")
    assert len([t for t in found if t.state in DONE]) in (4, 5)  # two may begin the last one at the same time
    assert of(killed, found, DONE)
    assert of(other, found, DONE)
    (lost,) = [t for t in found if t.state == TrialState.FAIL]
    assert of(killed, [lost], (TrialState.FAIL,))
    (again,) = [t for t in found if RetryHeartbeatStaleTrialCallback.retried_trial_number(t) == lost.number]
    assert again.state in DONE
    assert lost.params.items() <= again.params.items()
    assert of(other, [again], DONE)
    tried = [tuple(sorted(t.params.items())) for t in found if t.state in DONE]
    assert len(set(tried)) == len(tried)

    best = json.loads((tmp_path / "out" / "best.json").read_text())
    assert best["f1"] == max(t.value for t in found if t.state == TrialState.COMPLETE)
    assert best["source"].startswith("NOT IMDB")
    assert Recipe(**best["recipe"]).units == 3
    with (tmp_path / "out" / "trials.csv").open() as file:
        assert [int(row["trial"]) for row in csv.DictReader(file)] == [t.number for t in found]


@pytest.mark.parametrize("kind", ["journal"])
def test_ctrl_c_ends_with_what_was_done_and_the_command_goes_on(where, tmp_path):
    """Exit code 1, files of the trials so far, the interrupted one marked; again, and it is complete."""
    storage, view = where
    arguments = ("tune", "--out", tmp_path / "out", "--storage", storage, "--study", "stopped", "--trials", 3, *FIXED)
    (tmp_path / "lab").mkdir()

    first = started(*arguments)
    running = (TrialState.RUNNING,)
    try:
        until(lambda: of(first, found := trials(view, "stopped"), DONE) and of(first, found, running), first)
        first.send_signal(signal.SIGINT)
        printed = first.communicate(timeout=LONG)[0]
    finally:
        first.kill()
    assert first.returncode == 1, printed
    assert "stopped: the same command goes on from here" in printed
    assert "Traceback" not in printed
    states = [t.state for t in trials(view, "stopped")]
    assert states.count(TrialState.FAIL) <= 1
    assert TrialState.RUNNING not in states
    assert (tmp_path / "out" / "best.json").exists()

    second = started(*arguments)
    printed = second.communicate(timeout=LONG)[0]

    assert second.returncode == 0, printed
    assert [t.state in DONE for t in trials(view, "stopped")].count(True) == 3


@pytest.mark.parametrize("kind", ["journal"])
def test_one_command_can_be_several_workers(where, tmp_path):
    """`--jobs 2`: both train, the command ends when all is done, and its table has all of it."""
    storage, view = where
    (tmp_path / "lab").mkdir()
    arguments = ("--storage", storage, "--study", "jobs", "--trials", 4, "--jobs", 2, *FIXED)

    command = started("tune", "--out", tmp_path / "out", *arguments)
    printed = command.communicate(timeout=LONG)[0]

    assert command.returncode == 0, printed
    found = trials(view, "jobs")
    assert len({trial.user_attrs["worker"] for trial in found}) == 2
    with (tmp_path / "out" / "trials.csv").open() as file:
        assert [row["state"] in ("complete", "pruned") for row in csv.DictReader(file)] == [True] * len(found)
