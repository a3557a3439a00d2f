"""``course-kit imdb tune`` with a training that takes no time: the space, the course, the files, what is refused."""

import csv
import json
import sys
from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace

import numpy as np
import optuna
import pytest
from optuna.trial import TrialState, create_trial

from course_kit.models.imdb.recipe import Recipe
from course_kit.models.imdb.runs.record import read_recipe
from course_kit.models.imdb.search import results, space, storage, work
from tests.models.imdb.commands import imdb

pytestmark = [
    pytest.mark.filterwarnings("ignore::optuna.exceptions.ExperimentalWarning"),
    pytest.mark.filterwarnings("ignore:Heartbeat of storage is supposed to be used:UserWarning"),
]
DONE = (TrialState.COMPLETE, TrialState.PRUNED)


@pytest.fixture
def trainings(monkeypatch):
    """The recipes that were trained. F1 is best at a dropout of 0.3, in the second of three epochs."""
    trained = []

    def train(recipe, train, validation, seed, callbacks, progress):
        trained.append(recipe)
        history = []
        for epoch, step in enumerate((0.0, 0.05, 0.02)):
            f1 = 0.8 - (recipe.dropout - 0.3) ** 2 + step
            history.append({"epoch": epoch, "val_f1": f1, "val_threshold": 0.4 + epoch / 10})
            for callback in callbacks:
                callback.on_epoch_end(epoch, {"val_f1": f1})
        return SimpleNamespace(history=history, seconds=1.0)

    monkeypatch.setattr(work, "train", train)
    return trained


def tune(folder, trials, *more):
    return imdb("tune", "--data", "kit", "--out", folder, "--trials", trials, *more)


def of(folder, study: str = "imdb") -> list:
    with storage.Journal(folder / "study.journal") as store:
        return optuna.load_study(study_name=study, storage=store.storage).get_trials(deepcopy=False)


@pytest.mark.parametrize("fixed", [{}, {"most": 128}, {"segment": 96, "units": 7}, {"most": 640, "segment": 64}])
def test_every_suggested_recipe_is_valid(fixed):
    """300 random ones; what is fixed stays, what is searched varies, and the first one is the base."""
    base = Recipe(**fixed) if "most" in fixed or "segment" not in fixed else Recipe(**fixed, most=960)
    ranges = space.space(base, set(fixed))
    study = optuna.create_study(sampler=optuna.samplers.RandomSampler(seed=0))
    study.enqueue_trial(space.start(base, ranges))

    recipes = [replace(base, **space.suggested(study.ask(), ranges)) for _ in range(300)]

    assert recipes[0] == base
    assert not set(fixed) & set(ranges)
    for name in ranges:
        assert len({getattr(recipe, name) for recipe in recipes}) > 1 or name in ("segment", "most")


def test_it_goes_on_to_as_many_trials_as_are_asked(trainings, tmp_path):
    """The number is that of the whole study: again is no more work, a larger one is the rest."""
    for trials, count in ((3, 3), (3, 3), (5, 5)):
        code, printed = tune(tmp_path, trials)
        assert code == 0, printed
        assert len(trainings) == count
    assert len(of(tmp_path)) == 5
    assert trainings[0] == Recipe()


def test_best_json_is_a_recipe_with_its_threshold(trainings, tmp_path):
    """That of the best epoch of the best trial; `train --recipe` reads it; the corpus is named."""
    tune(tmp_path, 4, "--units", 5)

    best = json.loads((tmp_path / "best.json").read_text())
    recipe = Recipe(**read_recipe(tmp_path / "best.json"))
    nearest = min(trainings, key=lambda r: abs(r.dropout - 0.3))
    assert recipe == replace(nearest, threshold=0.5)
    assert recipe.units == 5
    assert (best["epoch"], best["on"]) == (1, "validation")
    np.testing.assert_allclose(best["f1"], 0.85 - (nearest.dropout - 0.3) ** 2)
    assert best["source"].startswith("NOT IMDB")


def test_all_trials_are_in_the_table_and_the_figures_are_there(trainings, tmp_path):
    """A row each with its parameters; figures from enough trials on."""
    tune(tmp_path, 2)
    assert not (tmp_path / "importance.png").exists()
    _, printed = tune(tmp_path, 6)

    with (tmp_path / "trials.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert [int(row["trial"]) for row in rows] == list(range(6))
    for row, recipe in zip(rows, trainings, strict=True):
        assert float(row["dropout"]) == recipe.dropout
        assert row["worker"]
    assert "wrote trials.csv, best.json, history.png, importance.png" in printed
    for name in ("history.png", "importance.png"):
        assert (tmp_path / name).read_bytes().startswith(b"\x89PNG")


def test_a_hopeless_trial_is_given_up(trainings, tmp_path, monkeypatch):
    """After five trials one that is worse than their median at its second epoch ends there, and counts."""

    def train(recipe, train, validation, seed, callbacks, progress):
        trainings.append(recipe)
        f1 = 0.8 + len(trainings) / 1000 if len(trainings) != 7 else 0.5
        for epoch in range(3):
            callbacks[0].on_epoch_end(epoch, {"val_f1": f1})
        return SimpleNamespace(history=[{"epoch": 2, "val_f1": f1, "val_threshold": 0.5}], seconds=1.0)

    monkeypatch.setattr(work, "train", train)
    code, printed = tune(tmp_path, 8)

    assert code == 0, printed
    assert [trial.number for trial in of(tmp_path) if trial.state == TrialState.PRUNED] == [6]
    assert "trial 6 was given up after epoch 2" in printed
    assert len(trainings) == 8


def test_one_failed_recipe_does_not_end_the_search(trainings, tmp_path, monkeypatch):
    """It is marked, told, and another one takes its place; three in a row end it, with the last one's sentence."""
    real, calls = work.train, iter(range(100))

    def breaks_at(numbers):
        def train(*arguments, **more):
            if next(calls) in numbers:
                raise ValueError("probabilities must be finite numbers.\nmore")
            return real(*arguments, **more)

        return train

    monkeypatch.setattr(work, "train", breaks_at({1}))
    code, printed = tune(tmp_path, 3)
    assert code == 0, printed
    assert "a trial failed: probabilities must be finite numbers." in printed
    assert [trial.state.name for trial in of(tmp_path)] == ["COMPLETE", "FAIL", "COMPLETE", "COMPLETE"]

    monkeypatch.setattr(work, "train", breaks_at(range(100)))
    code, printed = tune(tmp_path, 9)
    assert code == 1
    assert "3 trials in a row failed, the last one so: probabilities must be finite numbers." in printed
    assert "Traceback" not in printed


def test_a_trial_whose_worker_died_is_tried_again(trainings, tmp_path):
    """Its parameters, at most twice more; a live worker's trial is left alone."""
    tune(tmp_path, 1)
    with storage.Journal(tmp_path / "study.journal") as live:
        study = optuna.load_study(study_name="imdb", storage=live.storage)
        for name in ("gone-1-abc", live.name):
            trial = study.ask()
            trial.suggest_float("dropout", 0.0, 0.7)
            trial.set_user_attr(storage.WORKER, name)
        live.take_over(study)
        states = [trial.state for trial in study.get_trials()]
        assert states == [TrialState.COMPLETE, TrialState.FAIL, TrialState.RUNNING, TrialState.WAITING]
        live.take_over(study)
        assert len(study.get_trials()) == 4
        assert study.get_trials()[3].params == study.get_trials()[1].params

    code, printed = tune(tmp_path, 3)

    found = of(tmp_path)
    assert code == 0, printed
    assert sum(trial.state in DONE for trial in found) == 3
    assert found[3].state in DONE
    assert found[3].params["dropout"] == found[1].params["dropout"]
    assert list((tmp_path / "study.journal.workers").iterdir()) == []


@pytest.mark.parametrize("kind", [storage.Journal, storage.Database])
def test_a_worker_that_died_before_it_gave_its_name_is_noticed(kind, tmp_path, monkeypatch):
    """Its trial is left alone for a minute, and then fails: no other worker waits for it for ever."""
    with kind(tmp_path / "j" if kind is storage.Journal else f"sqlite:///{tmp_path}/s.db") as store:
        study = optuna.create_study(storage=store.storage)
        study.ask()
        store.take_over(study)
        assert [trial.state for trial in study.get_trials()] == [TrialState.RUNNING]
        monkeypatch.setattr(storage, "NAMELESS", timedelta(seconds=-1))
        store.take_over(study)
        assert study.get_trials()[0].state == TrialState.FAIL


def test_a_database_that_goes_away_is_told(trainings, tmp_path, monkeypatch):
    """One sentence, exit code 1; it is no failure of a recipe."""

    def gone(*_, **__):
        raise optuna.exceptions.StorageInternalError("An exception is raised during the commit.")

    tune(tmp_path, 1)
    monkeypatch.setattr(work, "train", gone)
    code, printed = tune(tmp_path, 2)

    assert code == 1
    assert "the study's database stopped answering: the same command goes on from here" in printed
    assert "in a row" not in printed


def test_a_journal_cut_within_a_line_is_read_again(trainings, tmp_path):
    """What a full disk or a kill left of the last line is dropped, not the study."""
    tune(tmp_path, 2)
    with (tmp_path / "study.journal").open("ab") as file:
        file.write(b'{"op_code":5,"wor')

    code, printed = tune(tmp_path, 3)

    assert code == 0, printed
    assert len(of(tmp_path)) == 3


OTHER = {
    "seed": (("--seed", 1), "seed 0, not 1"),
    "recipe": (("--epochs", 2), "fixed [], not ['epochs']"),
}


@pytest.mark.parametrize("more, sentence", OTHER.values(), ids=OTHER)
def test_another_search_under_the_same_name_is_refused(more, sentence, trainings, tmp_path):
    """Its trials could not be compared. Another name in the same storage is another study."""
    tune(tmp_path, 1)

    code, printed = tune(tmp_path, 2, *more)
    assert code == 2
    assert f"the study imdb searches with {sentence}: name another with --study." in printed
    assert len(trainings) == 1

    code, printed = tune(tmp_path, 2, *more, "--study", "other")
    assert code == 0, printed
    assert len(of(tmp_path, "other")) == 2


def test_a_missing_driver_names_what_to_install(tmp_path, monkeypatch):
    """One sentence, exit code 2, no traceback."""
    monkeypatch.setitem(sys.modules, "psycopg", None)

    code, printed = tune(tmp_path, 1, "--storage", "postgresql+psycopg://lab@127.0.0.1/none")

    assert code == 2
    expected = "a study in PostgreSQL needs psycopg, which is not installed: pip install course-kit[postgres]"
    assert expected in printed.splitlines()


BAD_URLS = {
    "nobody answers": ("postgresql+psycopg://lab:secret@127.0.0.1:1/x", "the study's database must answer."),
    "no such kind": ("nosuch://lab:secret@host/x", "--storage must be a path or a database's URL."),
    "no port": ("postgresql+psycopg://lab:secret@host:port/x", "--storage must be a path or a database's URL."),
    "no folder": ("sqlite:////nowhere/at/all.db", "the study's database must answer."),
}


@pytest.mark.parametrize("url, sentence", BAD_URLS.values(), ids=BAD_URLS)
def test_a_database_that_cannot_be_had_is_told(url, sentence, tmp_path):
    """One sentence without the password."""
    code, printed = tune(tmp_path, 1, "--storage", url)

    assert code == 2
    assert sentence in printed
    assert "secret" not in printed
    assert "Traceback" not in printed


@pytest.mark.parametrize("more, sentence", [(("--jobs", 0), "jobs must be"), (("--dropout", 2), "dropout must be in")])
def test_wrong_numbers_are_told(more, sentence, tmp_path):
    """The rule and what came, before anything is made."""
    code, printed = tune(tmp_path / "out", 1, *more)

    assert code == 2
    assert sentence in printed
    assert not (tmp_path / "out").exists()


def test_figures_of_a_search_say_what_they_show():
    """The best so far, the number of trials given up, and every importance stand in the text alternative."""
    study = optuna.create_study(direction="maximize")
    uniform = optuna.distributions.FloatDistribution(0.0, 1.0)
    for k, x in enumerate(np.linspace(0, 1, 12)):
        state = TrialState.PRUNED if k == 5 else TrialState.COMPLETE
        values = {"value": 0.8 + 0.1 * x} if state == TrialState.COMPLETE else {"intermediate_values": {0: 0.5}}
        params = {"rate": x, "dropout": (7 * x) % 1}
        study.add_trial(
            create_trial(params=params, distributions=dict.fromkeys(params, uniform), state=state, **values)
        )

    course, mattered = results.history(study.get_trials()), results.importance(study)

    assert "11 ended, 1 were given up early" in course.alt
    assert "from 0.8000 to 0.9000" in course.alt
    assert mattered.alt.startswith("Bars, the longest first: rate 0.")
    assert "dropout 0." in mattered.alt
