"""Ctrl-C at the worst moments of a search: it waits until the study is written, and the same command goes on."""

import signal
from types import SimpleNamespace

import optuna
import pytest
from optuna.storages.journal import JournalFileSymlinkLock
from optuna.trial import TrialState

from course_kit.models.imdb.search import storage, work
from course_kit.models.imdb.search.interrupts import Interrupts
from tests.models.imdb.commands import imdb

pytestmark = pytest.mark.filterwarnings("ignore::optuna.exceptions.ExperimentalWarning")


@pytest.fixture(autouse=True)
def heard():
    """The tests may be run by a shell that ignores Ctrl-C."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def ctrl_c() -> None:
    signal.raise_signal(signal.SIGINT)


def test_it_is_heard_at_once_where_the_worker_listens():
    """And the handler from before is back afterwards."""
    done = []
    with pytest.raises(KeyboardInterrupt), Interrupts() as interrupts, interrupts.listening():
        ctrl_c()
        done.append("not reached")
    assert not done
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


@pytest.mark.parametrize("ends", ["check", "listening", "the end of a pause"])
def test_elsewhere_it_waits(ends):
    """What is under way is done; the next moment of listening, or of checking, ends the work."""
    done = []
    with Interrupts() as interrupts:
        if ends == "the end of a pause":
            with pytest.raises(KeyboardInterrupt), interrupts.listening(), interrupts.listening(False):
                ctrl_c()
                done.append("written")
        else:
            ctrl_c()
            done.append("written")
            with pytest.raises(KeyboardInterrupt):
                interrupts.check() if ends == "check" else interrupts.listening().__enter__()
    assert done == ["written"]


def test_a_second_one_is_heard_at_once():
    """A database that does not answer must not hold the user."""
    with Interrupts():
        ctrl_c()
        with pytest.raises(KeyboardInterrupt):
            ctrl_c()


def test_a_job_that_ignores_it_goes_on_ignoring_it():
    """As a shell's background job does."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with Interrupts() as interrupts:
        ctrl_c()
        interrupts.check()
    assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN


@pytest.mark.parametrize("moment", ["acquire", "release"])
@pytest.mark.parametrize("which", range(1, 12, 2))
def test_ctrl_c_in_the_lock_of_the_journal(moment, which, monkeypatch, tmp_path):
    """Whichever write it meets: no trial left running, no lock behind, the files are there, the rest is done later."""

    def train(recipe, train, validation, seed, callbacks, progress):
        for callback in callbacks:
            callback.on_epoch_end(0, {"val_f1": recipe.dropout})
        return SimpleNamespace(history=[{"epoch": 0, "val_f1": recipe.dropout, "val_threshold": 0.5}], seconds=1.0)

    locked, times = getattr(JournalFileSymlinkLock, moment), []

    def interrupted(self):
        times.append(moment)
        if len(times) == which:
            ctrl_c()
        return locked(self)

    monkeypatch.setattr(work, "train", train)
    monkeypatch.setattr(JournalFileSymlinkLock, moment, interrupted)
    arguments = ("tune", "--data", "kit", "--out", tmp_path, "--trials", 4)

    code, printed = imdb(*arguments)

    assert code == 1, printed
    assert "stopped: the same command goes on from here" in printed
    assert len(times) >= which
    assert (tmp_path / "trials.csv").exists()
    assert not list(tmp_path.glob("study.journal.lock*"))
    with storage.Journal(tmp_path / "study.journal") as store:
        states = [t.state for t in optuna.load_study(study_name="imdb", storage=store.storage).trials]
    assert TrialState.RUNNING not in states
    monkeypatch.setattr(JournalFileSymlinkLock, moment, locked)
    assert imdb(*arguments)[0] == 0
