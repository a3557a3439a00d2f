"""A training into a folder: begun, gone on with after a kill, or found finished."""

import shutil
from collections.abc import Callable
from pathlib import Path

from course_kit.datasets.imdb import Corpus
from course_kit.models.imdb.recipe import Recipe
from course_kit.models.imdb.runs import record
from course_kit.models.imdb.runs.files import RunError, read_json, replacing, write_csv, write_json
from course_kit.models.imdb.runs.results import HISTORY, METRICS, MODEL, results
from course_kit.models.imdb.runs.stopping import Patience
from course_kit.models.imdb.training import train as fit

STATE = "state"


def train(
    folder: Path,
    corpus: Corpus,
    recipe: Recipe,
    seed: int,
    everything: bool,
    test: bool,
    patience: int,
    command: str,
    say: Callable[[str], None],
) -> dict:
    """Train what is not trained yet, and write the results.

    Args:
        folder: of this run alone, held by the caller (`files.alone`).
        everything: whether to train on all training reviews, without validation.
        test: whether to read the test reviews, once.
        patience: epochs without a better F1 on validation after which training stops.
        say: shown one sentence at a time.

    Returns:
        the content of metrics.json.

    Raises:
        RunError: the folder holds another run.
    """
    parts = record.parted(corpus, everything)
    config = record.described(recipe, seed, everything, patience, corpus, parts.how, command)
    there = read_json(folder / record.NAME)
    if there is None:
        write_json(folder / record.NAME, config)
    else:
        record.require_same(folder, there, config)
        config = there
    found = read_json(folder / METRICS)
    if found is not None:
        say("this run is finished: nothing is trained again")
        return found
    if not (folder / MODEL).exists():
        _trained(folder, recipe, parts, seed, patience, say)
    found, _ = results(folder, config, corpus, test, say)
    shutil.rmtree(folder / STATE, ignore_errors=True)
    return found


def _trained(folder: Path, recipe: Recipe, parts, seed: int, patience: int, say: Callable[[str], None]) -> None:
    if (folder / STATE).exists():
        say("going on from what was kept")
    validation = parts.validation if len(parts.validation) else None
    callbacks = [Patience(folder / STATE / "patience.json", patience)] if validation else []
    try:
        trained = fit(recipe, parts.train, validation, seed, folder=folder / STATE, callbacks=callbacks)
    except ValueError as error:  # reviews that cannot be learnt from, a training that exploded
        raise RunError(f"the training cannot go on. {error}") from error
    say(f"trained in {trained.seconds:.0f} s")
    write_csv(folder / HISTORY, trained.history)
    with replacing(folder / MODEL) as path:
        trained.model.save(path)
