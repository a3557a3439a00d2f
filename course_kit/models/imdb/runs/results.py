"""What a trained model gives: written into the run's folder, the same by ``train`` and by ``evaluate``."""

import csv
from collections.abc import Callable
from functools import partial
from pathlib import Path

import keras
import numpy as np

from course_kit.datasets.imdb import Corpus
from course_kit.models.imdb.runs import record
from course_kit.models.imdb.runs.figures import confusion, learning_curves, precision_and_recall
from course_kit.models.imdb.runs.files import RunError, read_json, replacing, write_bytes, write_json
from course_kit.models.imdb.runs.mistakes import most_certain_mistakes
from course_kit.models.imdb.runs.report import write_report
from course_kit.models.imdb.runs.scores import Part, differences, metrics
from course_kit.models.imdb.training import predict

MODEL, HISTORY, METRICS = "model.keras", "history.csv", "metrics.json"


def evaluate(folder: Path, corpus: Corpus, test: bool, say: Callable[[str], None]) -> tuple[dict, list[str]]:
    """Compute all of a run's results from its model, and write them unless they contradict those that are there.

    Returns:
        the metrics, and in words the numbers that differ from metrics.json.

    Raises:
        RunError: no run, an unfinished one, or one on other reviews.
    """
    config = read_json(folder / record.NAME)
    if config is None:
        raise RunError(f"{folder} must be the folder of a run. It has no {record.NAME}.")
    if not (folder / MODEL).exists():
        raise RunError(f"{folder} must hold {MODEL}. It does not: the training has not ended; run it again to go on.")
    if config.get("reviews") != record.fingerprint(corpus):
        raise RunError(f"{folder} holds a run on other reviews: {config.get('source', 'unknown')}")
    return results(folder, config, corpus, test, say)


def results(folder: Path, config: dict, corpus: Corpus, test: bool, say: Callable[[str], None]) -> tuple[dict, list]:
    """Predict validation, if the run has one, and test, if it is to be read; write probabilities, figures, report and,
    last, metrics.json. If a number of metrics.json is another now, nothing is written.
    """
    model = loaded(folder / MODEL)
    validation = record.parted(corpus, config["all"]).validation
    parts = []
    for name, reviews in (("validation", validation), ("test", corpus.test if test else corpus.test.take([]))):
        if len(reviews):
            say(f"predicting {len(reviews):,} {name} reviews")
            parts.append(Part(name, reviews, predict(model, reviews.texts, progress=True)))
    found = metrics(parts, config["recipe"]["threshold"])
    there = read_json(folder / METRICS)
    if there is not None and (other := differences(found, there)):
        return found, other
    say("looking for the words that mattered in the most certain mistakes")
    ask = partial(predict, model)
    mistakes = most_certain_mistakes(parts[0], found["threshold"], ask) if parts else []
    figures = {"learning": learning_curves(_history(folder))}
    if parts:
        figures["precision-recall"] = precision_and_recall(parts, found)
        figures["confusion"] = confusion(parts, found)
    _write_probabilities(folder / "probabilities.npz", parts)
    for name, figure in figures.items():
        write_bytes(folder / f"{name}.png", figure.png)
    write_report(folder / "report.html", config, found, figures, mistakes)
    write_json(folder / METRICS, found)
    return found, []


def loaded(path: Path) -> keras.Model:
    """The model of a run.

    Raises:
        RunError: the file is none.
    """
    try:
        return keras.models.load_model(path)
    except (OSError, ValueError, KeyError) as error:
        reason = (str(error).strip().splitlines() or [type(error).__name__])[0]
        raise RunError(f"{path} must be the model of a run. It cannot be loaded: {reason}") from error


def _write_probabilities(path: Path, parts: list[Part]) -> None:
    arrays = {}
    for part in parts:
        arrays |= {f"{part.name}_probabilities": part.probabilities, f"{part.name}_labels": part.reviews.labels}
        arrays[f"{part.name}_files"] = np.array(part.reviews.files)
    with replacing(path) as beside:
        np.savez_compressed(beside, **arrays)


def _history(folder: Path) -> list[dict]:
    with (folder / HISTORY).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
