"""``course-kit imdb train`` and ``evaluate`` on the kit's corpus: what lies in the folder, and what is refused."""

import csv
import json

import numpy as np
import pytest
from sklearn.metrics import f1_score

from course_kit.datasets import imdb as data
from tests.models.imdb.commands import TINY, imdb

FILES = [
    ".lock",
    "config.json",
    "confusion.png",
    "history.csv",
    "learning.png",
    "metrics.json",
    "model.keras",
    "precision-recall.png",
    "probabilities.npz",
    "report.html",
]


def names(folder) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def contents(folder) -> dict:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_the_folder_has_everything_and_nothing_else(finished_run):
    """No state, no half of a file; every output names the corpus as what it is."""
    folder, printed = finished_run

    assert names(folder) == FILES
    for text in (printed, (folder / "config.json").read_text(), (folder / "report.html").read_text()):
        assert "NOT IMDB" in text
    config = json.loads((folder / "config.json").read_text())
    assert (config["recipe"]["units"], config["seed"], config["all"]) == (3, 0, False)
    assert "one side" in config["split"]
    assert {"Python", "keras", "tensorflow", "numpy", "course-kit"} == set(config["versions"])
    with (folder / "history.csv").open() as file:
        assert [float(row["val_f1"]) > 0 for row in csv.DictReader(file)] == [True, True]


def test_metrics_are_those_of_the_probabilities(finished_run):
    """By scikit-learn, at the threshold that is best on validation; the reviews are those of the split and the test."""
    folder, _ = finished_run
    metrics, corpus = json.loads((folder / "metrics.json").read_text()), data.load("kit")
    with np.load(folder / "probabilities.npz") as stored:
        for name, reviews in (("validation", data.split(corpus.train).validation), ("test", corpus.test)):
            probabilities, labels = stored[f"{name}_probabilities"].astype(float), stored[f"{name}_labels"]
            chosen = probabilities >= metrics["threshold"]
            np.testing.assert_allclose(metrics[name]["f1"], f1_score(labels, chosen))
            assert metrics[name]["accuracy"] == np.mean(chosen == labels)
            assert tuple(stored[f"{name}_files"]) == reviews.files
            np.testing.assert_array_equal(labels, reviews.labels)
            if name == "validation":
                at_each = [f1_score(labels, probabilities >= p) for p in np.unique(probabilities)]
                np.testing.assert_allclose(metrics[name]["f1"], max(at_each))


def test_the_saved_model_takes_raw_reviews(finished_run):
    """Loaded without custom objects it gives the probabilities that were kept."""
    import keras

    import course_kit.models.imdb.net  # noqa: F401, registers the layers

    folder, _ = finished_run
    model = keras.models.load_model(folder / "model.keras")
    test = data.load("kit").test

    obtained = model.predict(list(test.texts[:50]), verbose=0)

    assert obtained.shape == (50, 1)
    with np.load(folder / "probabilities.npz") as stored:
        np.testing.assert_allclose(obtained[:, 0], stored["test_probabilities"][:50], atol=1e-5)


def test_evaluate_makes_all_of_it_again(run):
    """From config, history and model alone; the same numbers, and the mistakes with their words."""
    before = contents(run)
    for name in FILES:
        if name not in (".lock", "config.json", "history.csv", "model.keras", "metrics.json"):
            (run / name).unlink()

    code, printed = imdb("evaluate", run, "--data", "kit")

    assert code == 0, printed
    after = contents(run)
    assert after["metrics.json"] == before["metrics.json"]
    assert sorted(after) == FILES
    assert b"<mark class=" in after["report.html"]
    assert after["report.html"].count(b"<img ") == 3
    assert after["report.html"].count(b'alt="') == 3


def test_evaluate_tells_a_number_that_is_another_one(run):
    """Which, and both values; exit code 1; the folder stays as it is."""
    metrics = json.loads((run / "metrics.json").read_text())
    old, metrics["test"]["f1"] = metrics["test"]["f1"], 0.99
    (run / "metrics.json").write_text(json.dumps(metrics))
    before = contents(run)

    code, printed = imdb("evaluate", run, "--data", "kit")

    assert code == 1
    assert f"the test f1 is {old:.6f}, metrics.json says 0.990000; nothing in {run} was changed" in printed
    assert contents(run) == before


def test_a_finished_run_is_not_trained_again(run):
    """The same command shows its scores and changes no file."""
    before = contents(run)

    code, printed = imdb("train", "--out", run, "--epochs", 2, *TINY)

    assert code == 0
    assert "nothing is trained again" in printed
    assert "validation  f1 " in printed
    assert contents(run) == before


OTHER = {
    "recipe": (("--batch", 32), "of another recipe (batch 64, not 32)"),
    "seed": (("--seed", 1), "with seed 0, not 1"),
    "all": (("--all",), "with all False, not True"),
    "patience": (("--patience", 9), "with patience 2, not 9"),
}


@pytest.mark.parametrize("more, sentence", OTHER.values(), ids=OTHER)
def test_another_run_in_the_same_folder_is_refused(more, sentence, run):
    """One sentence with the first difference; nothing is lost."""
    before = contents(run)

    code, printed = imdb("train", "--out", run, "--epochs", 2, *TINY, *more)

    assert code == 2
    assert f"{run} holds a run {sentence}: name another folder, or delete it." in printed
    assert contents(run) == before


def test_other_reviews_are_refused(run, monkeypatch):
    """Neither gone on with nor evaluated on: the scores would not be comparable."""
    corpus = data.load("kit")
    other = data.Corpus(corpus.train.take(np.arange(100)), corpus.test, "others.")
    monkeypatch.setattr(data, "load", lambda *_: other)

    for arguments in (("train", "--out", run, "--epochs", 2, *TINY), ("evaluate", run, "--data", "kit")):
        code, printed = imdb(*arguments)
        assert code == 2
        assert f"{run} holds a run on other reviews" in printed


def test_what_is_no_run_is_told(tmp_path, run):
    """No folder, an empty one, one whose training has not ended, a model that is none."""
    (tmp_path / "empty").mkdir()
    (tmp_path / "begun").mkdir()
    (tmp_path / "begun" / "config.json").write_text("{}")
    (run / "model.keras").write_bytes(b"PK")

    for folder, sentence in (
        (tmp_path / "none", "is no folder"),
        (tmp_path / "empty", "It has no config.json"),
        (tmp_path / "begun", "the training has not ended"),
        (run, "model.keras must be the model of a run. It cannot be loaded"),
    ):
        code, printed = imdb("evaluate", folder, "--data", "kit")
        assert code == 2
        assert sentence in printed


def test_a_wrong_recipe_is_told(tmp_path):
    """A value, a file that is not there, one that is no recipe: exit code 2, and no folder."""
    (tmp_path / "notes.json").write_text('{"colour": "blue"}')

    for more, sentence in (
        (("--units", -3), "units must be a positive integer. Got -3."),
        (("--patience", 0), "patience must be a positive integer. Got 0."),
        (("--recipe", tmp_path / "none.json"), "none.json must be a recipe"),
        (("--recipe", tmp_path / "notes.json"), 'must hold fields of a recipe. Got "colour"'),
    ):
        code, printed = imdb("train", "--out", tmp_path / "run", *TINY, *more)
        assert code == 2
        assert sentence in printed
        assert not (tmp_path / "run").exists()


def test_a_recipe_comes_from_a_file_and_the_command_line_wins(run, tmp_path):
    """All training reviews without validation, threshold from the recipe, the test set left unread."""
    code, printed = imdb(
        "train", "--data", "kit", "--recipe", run / "config.json", "--out", tmp_path / "all", "--all", "--no-test",
        "--epochs", 1, "--threshold", 0.4,
    )  # fmt: skip

    assert code == 0, printed
    config, metrics = (json.loads((tmp_path / "all" / f"{name}.json").read_text()) for name in ("config", "metrics"))
    assert config["recipe"] == json.loads((run / "config.json").read_text())["recipe"] | {"epochs": 1, "threshold": 0.4}
    assert metrics == {"threshold": 0.4, "threshold_from": "the recipe"}

    code, printed = imdb("evaluate", tmp_path / "all", "--data", "kit")
    assert code == 0, printed
    assert set(json.loads((tmp_path / "all" / "metrics.json").read_text())) == {"threshold", "threshold_from", "test"}
