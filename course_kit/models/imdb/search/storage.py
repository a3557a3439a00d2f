"""Where a study is kept: a journal file, or a database by its URL; and what becomes of the trials of dead workers.

A worker that is killed leaves a trial that says it is running. In a database each worker's heartbeat tells (Optuna's
own). Beside a journal file each worker holds a lock, which the system takes from it when it dies.
"""

import fcntl
import os
import secrets
import socket
import time
import warnings
from datetime import datetime, timedelta
from pathlib import Path

import optuna
from optuna.storages import BaseStorage, JournalStorage, RDBStorage, RetryHeartbeatStaleTrialCallback
from optuna.storages.journal import JournalFileBackend, JournalFileSymlinkLock
from optuna.trial import TrialState

from course_kit.models.imdb.runs.files import RunError

HEARTBEAT = 60  # seconds; a worker silent for twice as long is taken for dead
RETRIES = 2  # a trial whose workers died is tried again so many times
WORKER = "worker"  # the trial's attribute that names its worker
NAMELESS = timedelta(minutes=1)  # after which a running trial without the attribute has lost its worker
TRIES, PAUSE = 6, 0.5  # of workers that make the tables of a database at the same time

warnings.filterwarnings("ignore", category=optuna.exceptions.ExperimentalWarning)
optuna.logging.set_verbosity(optuna.logging.ERROR)


def is_url(where: str) -> bool:
    """Whether it names a database, not a file.

    >>> is_url("postgresql+psycopg://lab/studies"), is_url("runs/study.journal")
    (True, False)
    """
    return "://" in where


class Journal:
    """A study's journal file and its workers. Use it as a context manager."""

    def __init__(self, path: Path):
        self.path, self.workers = path, path.with_name(f"{path.name}.workers")
        self.name = f"{socket.gethostname()}-{os.getpid()}-{secrets.token_hex(4)}"
        self.retry = RetryHeartbeatStaleTrialCallback(max_retry=RETRIES)

    def __enter__(self) -> "Journal":
        self.workers.mkdir(parents=True, exist_ok=True)
        self._lock = os.open(self.workers / self.name, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        fcntl.flock(self._lock, fcntl.LOCK_EX)
        lock = JournalFileSymlinkLock(str(self.path))
        backend = JournalFileBackend(str(self.path), lock)
        lock.acquire()
        try:
            _drop_half_line(self.path)
        finally:
            lock.release()
        self.storage: BaseStorage = JournalStorage(backend)
        return self

    def __exit__(self, *_: object) -> None:
        (self.workers / self.name).unlink(missing_ok=True)
        os.close(self._lock)

    def take_over(self, study: optuna.Study) -> None:
        """Mark the running trials of dead workers as failed, and queue their recipes again."""
        for trial in study.get_trials(deepcopy=False, states=(TrialState.RUNNING,)):
            worker = trial.user_attrs.get(WORKER)
            dead = _nameless(trial) if worker is None else not self._alive(worker)
            if dead and _failed(study, trial.number):
                self.retry(study, trial)

    def _alive(self, worker: str) -> bool:
        path = self.workers / Path(worker).name
        try:
            lock = os.open(path, os.O_RDWR | os.O_CLOEXEC)
        except FileNotFoundError:
            return False
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        else:
            path.unlink(missing_ok=True)
            return False
        finally:
            os.close(lock)


class Database:
    """A study in a database. Use it as a context manager.

    Raises:
        RunError: the driver is not installed, or the database does not answer.
    """

    def __init__(self, url: str, heartbeat: int = HEARTBEAT):
        self.url, self.heartbeat = url, heartbeat
        self.name = f"{socket.gethostname()}-{os.getpid()}"

    def __enter__(self) -> "Database":
        self.storage: BaseStorage = self._opened()
        return self

    def __exit__(self, *_: object) -> None:
        self.storage.remove_session()

    def take_over(self, study: optuna.Study) -> None:
        """Mark the running trials of workers without a heartbeat as failed, and queue their recipes again."""
        optuna.storages.fail_stale_trials(study)
        for trial in study.get_trials(deepcopy=False, states=(TrialState.RUNNING,)):
            if _nameless(trial):  # killed before its first heartbeat
                _failed(study, trial.number)

    def _opened(self) -> RDBStorage:
        import sqlalchemy.exc

        for left in reversed(range(TRIES)):
            try:
                return RDBStorage(
                    self.url,
                    engine_kwargs={"pool_pre_ping": True},
                    heartbeat_interval=self.heartbeat,
                    heartbeat_stale_trial_callback=RetryHeartbeatStaleTrialCallback(max_retry=RETRIES),
                )
            except (sqlalchemy.exc.ArgumentError, sqlalchemy.exc.NoSuchModuleError, ValueError) as error:
                raise RunError(f"--storage must be a path or a database's URL. Got {self.shown}: {error}.") from error
            except ImportError as error:
                raise RunError(self._driver(error)) from error
            except sqlalchemy.exc.OperationalError as error:
                reason = str(error.orig).strip().splitlines()[0]
                raise RunError(f"the study's database must answer. {self.shown} does not: {reason}.") from error
            except (sqlalchemy.exc.ProgrammingError, sqlalchemy.exc.IntegrityError, sqlalchemy.exc.DataError):
                if not left:  # not another worker that makes the same tables
                    raise
                time.sleep(PAUSE)
        raise AssertionError("the last try returns or raises")

    @property
    def shown(self) -> str:
        """The URL without its password."""
        import sqlalchemy

        try:
            return sqlalchemy.make_url(self.url).render_as_string(hide_password=True)
        except (sqlalchemy.exc.ArgumentError, ValueError):
            return self.url.split("://")[0] + "://..."

    def _driver(self, error: ImportError) -> str:
        name = getattr(error.__cause__, "name", None) or "a driver"
        if self.url.startswith("postgres"):
            return f"a study in PostgreSQL needs {name}, which is not installed: pip install course-kit[postgres]"
        return f"a study in {self.shown} needs {name}, which is not installed: pip install {name}"


def opened(where: str, heartbeat: int = HEARTBEAT) -> "Journal | Database":
    """The storage that ``where`` names."""
    return Database(where, heartbeat) if is_url(where) else Journal(Path(where))


def _nameless(trial: optuna.trial.FrozenTrial) -> bool:
    """Whether the worker had no time to write its name, and never will."""
    if WORKER in trial.user_attrs:
        return False
    return datetime.now(trial.datetime_start.tzinfo) - trial.datetime_start > NAMELESS


def _failed(study: optuna.Study, number: int) -> bool:
    """Whether this worker, and no other one at the same time, marked the trial as failed."""
    try:
        study.tell(number, state=TrialState.FAIL)
    except (ValueError, RuntimeError):  # another worker was faster
        return False
    return True


def _drop_half_line(path: Path) -> None:
    """A full disk or a kill can end a journal within a line, after which Optuna could read none of it any more."""
    with path.open("r+b") as file:
        content = file.read()
        whole = content.rfind(b"\n") + 1
        if whole < len(content):
            file.truncate(whole)
