"""A worker: takes a recipe from the study, trains it, says what its F1 on validation is, until there are enough."""

import gc
import os
import time
from collections.abc import Callable
from dataclasses import dataclass, replace

import keras
import optuna
from optuna.exceptions import StorageInternalError
from optuna.trial import TrialState

from course_kit.datasets.imdb import Split
from course_kit.models.imdb.recipe import Recipe
from course_kit.models.imdb.runs.files import RunError
from course_kit.models.imdb.search.interrupts import Interrupts
from course_kit.models.imdb.search.space import space, start, suggested
from course_kit.models.imdb.search.storage import WORKER, Database, Journal
from course_kit.models.imdb.training import train

ASKED = "asked"  # the study's attribute with what all its trials have in common
FAILURES = 3  # in a row: it is not the recipe
DONE = (TrialState.COMPLETE, TrialState.PRUNED)
WAIT = 1.0  # seconds between two looks at the trials of others
# A trial is given up after an epoch in which it is worse than the median of the others at that epoch.
BEFORE_PRUNING, FIRST_EPOCHS = 5, 1


class TrialsFail(Exception):
    """One after the other: the sentence says how the last one did."""


@dataclass(frozen=True)
class Asked:
    """What a study searches: the same for all its workers.

    Args:
        base: the recipe whose fields are searched.
        fixed: names of the fields that are not.
        seed: of every trial's training.
        reviews: the fingerprint of the reviews.
        source: their sentence.
    """

    base: Recipe
    fixed: frozenset[str]
    seed: int
    reviews: str
    source: str

    def attribute(self) -> dict:
        own = {"seed": self.seed, "reviews": self.reviews, "source": self.source, "fixed": sorted(self.fixed)}
        return {**own, "recipe": self.base.config()}


class Report(keras.callbacks.Callback):
    """After each epoch: F1 on validation into the study, which may say that it is enough.

    Raises:
        optuna.TrialPruned: from within `fit`.
    """

    def __init__(self, trial: optuna.Trial, epochs: int, say: Callable[[str], None], interrupts: Interrupts):
        super().__init__()
        self.trial, self.epochs, self.say, self.interrupts = trial, epochs, say, interrupts

    def on_epoch_end(self, epoch, logs=None):
        f1 = float(logs["val_f1"])
        self.say(f"trial {self.trial.number}, epoch {epoch + 1} of {self.epochs}: F1 {f1:.4f}")
        with self.interrupts.listening(False):
            self.trial.report(f1, epoch)
            enough = self.trial.should_prune()
        if enough:
            raise optuna.TrialPruned(f"given up after epoch {epoch + 1}")


def joined(store: Journal | Database, name: str, asked: Asked) -> optuna.Study:
    """The study of this name: made, or that which is there.

    Raises:
        RunError: the one that is there searches something else.
    """
    pruner = optuna.pruners.MedianPruner(n_startup_trials=BEFORE_PRUNING, n_warmup_steps=FIRST_EPOCHS)
    own = {"storage": store.storage, "pruner": pruner, "sampler": optuna.samplers.TPESampler()}
    try:
        study = optuna.create_study(study_name=name, direction="maximize", **own)
    except optuna.exceptions.DuplicatedStudyError:
        study = optuna.load_study(study_name=name, **own)
    else:
        study.enqueue_trial(start(asked.base, space(asked.base, asked.fixed)))
        study.set_user_attr(ASKED, asked.attribute())
        return study
    for _ in range(50):  # whoever made it may not have said yet what it is
        if there := study.user_attrs.get(ASKED):
            break
        time.sleep(0.1)
    for key, value in asked.attribute().items():
        if key != "source" and (there or {}).get(key) != value:
            raise RunError(f"the study {name} searches with {_other(key, there, value)}: name another with --study.")
    return study


def work(
    store: Journal | Database,
    study: optuna.Study,
    asked: Asked,
    parts: Split,
    trials: int,
    say: Callable[[str], None],
    interrupts: Interrupts,
    stop: Callable[[], bool] = lambda: False,
) -> int:
    """Train until the study has ``trials`` that ended; those that failed do not count.

    While as many are under way elsewhere as are missing, wait: one whose worker dies is taken over.

    Args:
        interrupts: it listens while a net trains and while it waits.
        stop: asked before each trial.

    Returns:
        how many this worker trained.

    Raises:
        TrialsFail: the last three did.
        KeyboardInterrupt: the trial under way is marked as failed.
    """

    def f1(trial: optuna.Trial) -> float:
        return _f1(trial, store.name, asked, parts, say, interrupts)

    trained, failures, waiting = 0, 0, False
    while not stop():
        interrupts.check()
        store.take_over(study)
        states = [trial.state for trial in study.get_trials(deepcopy=False)]
        missing = trials - sum(state in DONE for state in states)
        if missing <= 0:
            break
        if states.count(TrialState.RUNNING) >= missing:
            if not waiting:
                say("waiting for the trials of other workers")
            waiting = True
            with interrupts.listening():
                time.sleep(WAIT)
            continue
        waiting = False
        try:
            study.optimize(f1, n_trials=1, callbacks=[_said(say)])
        except (OSError, MemoryError, StorageInternalError):
            raise
        except Exception as error:  # whatever a recipe can break
            failures += 1
            say(f"a trial failed: {_line(error)}")
            if failures == FAILURES:
                raise TrialsFail(f"{FAILURES} trials in a row failed, the last one so: {_line(error)}") from error
        else:
            trained, failures = trained + 1, 0
        finally:
            keras.utils.clear_session()
            gc.collect()
    return trained


def parent_is_gone() -> Callable[[], bool]:
    """Says whether the process that started this one has ended."""
    parent = os.getppid()
    return lambda: os.getppid() != parent


def recipe_of(asked: Asked, params: dict, threshold: float | None = None) -> Recipe:
    """The recipe of a trial."""
    return replace(asked.base, **params, **({} if threshold is None else {"threshold": threshold}))


def _f1(trial: optuna.Trial, worker: str, asked: Asked, parts: Split, say, interrupts: Interrupts) -> float:
    trial.set_user_attr(WORKER, worker)
    recipe = recipe_of(asked, suggested(trial, space(asked.base, asked.fixed)))
    report = Report(trial, recipe.epochs, say, interrupts)
    with interrupts.listening():
        trained = train(recipe, parts.train, parts.validation, asked.seed, callbacks=[report], progress=False)
    best = max(trained.history, key=lambda row: row["val_f1"])
    trial.set_user_attr("epoch", int(best["epoch"]))
    trial.set_user_attr("threshold", float(best["val_threshold"]))
    trial.set_user_attr("seconds", float(trained.seconds))
    return float(best["val_f1"])


def _said(say: Callable[[str], None]) -> Callable:
    def after(study: optuna.Study, trial: optuna.trial.FrozenTrial) -> None:
        if trial.state == TrialState.PRUNED:
            say(f"trial {trial.number} was given up after epoch {trial.last_step + 1}")
        elif trial.state == TrialState.COMPLETE:
            best = study.best_trial
            say(f"trial {trial.number}: F1 {trial.value:.4f}; best so far {best.value:.4f}, trial {best.number}")

    return after


def _other(key: str, there: dict | None, value: object) -> str:
    if there is None:
        return "unknown settings"
    if key == "reviews":
        return f"other reviews ({there['source'].rstrip('.')})"
    if key == "recipe":
        name = next(name for name in {**value, **there[key]} if value.get(name) != there[key].get(name))
        return f"{name} {there[key].get(name)}, not {value.get(name)}"
    return f"{key} {there.get(key)}, not {value}"


def _line(error: Exception) -> str:
    lines = str(error).strip().splitlines()
    return lines[0] if lines else type(error).__name__
