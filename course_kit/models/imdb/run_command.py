"""``course-kit imdb train`` and ``evaluate``: a folder for each training, and all of it computed again from there."""

import argparse
import dataclasses
import shlex
import sys
from pathlib import Path

from rich.console import Console

from course_kit.datasets.imdb import Corpus
from course_kit.models.imdb.recipe import Recipe

DONE, WRONG, WRONG_USE = 0, 1, 2


def add(actions: argparse._SubParsersAction) -> None:
    """The sub-parsers of both."""
    train = actions.add_parser("train", help="train one model; after a kill the same command goes on")
    train.add_argument("--out", type=Path, required=True, metavar="RUN", help="folder of this run alone")
    train.add_argument("--seed", type=int, default=0, help="of weights, dropouts and order (default 0)")
    train.add_argument("--all", action="store_true", help="train on all training reviews, without validation")
    train.add_argument("--no-test", action="store_true", help="leave the test reviews unread")
    train.add_argument(
        "--patience", type=int, default=2, metavar="N", help="stop after N epochs without a better F1 (default 2)"
    )
    train.add_argument("--recipe", type=Path, metavar="FILE", help="best.json of tune, or a run's config.json")
    add_fields(train)
    train.set_defaults(run=run_train)

    evaluate = actions.add_parser("evaluate", help="compute a run's results again from its model")
    evaluate.add_argument("run_folder", type=Path, metavar="RUN")
    evaluate.add_argument("--no-test", action="store_true", help="leave the test reviews unread")
    evaluate.set_defaults(run=run_evaluate)


def add_fields(parser: argparse.ArgumentParser) -> None:
    """An option for each field of a recipe; absent from the namespace unless given."""
    group = parser.add_argument_group("the recipe")
    for field in dataclasses.fields(Recipe):
        group.add_argument(
            f"--{field.name.replace('_', '-')}",
            dest=field.name,
            type=type(field.default),
            default=argparse.SUPPRESS,
            metavar="N" if isinstance(field.default, int) else "X",
            help=f"default {field.default}",
        )


def given(arguments: argparse.Namespace) -> dict:
    """The fields of the recipe that stand on the command line."""
    return {f.name: getattr(arguments, f.name) for f in dataclasses.fields(Recipe) if hasattr(arguments, f.name)}


def say(console: Console, text: str, style: str | None = None) -> None:
    """A line on the screen, as it is."""
    console.print(text, style=style, markup=False, highlight=False, soft_wrap=True)


def run_train(arguments: argparse.Namespace, corpus: Corpus, console: Console) -> int:
    """Train into a folder.

    Returns:
        int, the exit code: 0 when the run is finished, 1 when it was stopped or the machine failed, 2 for wrong use.
    """
    from course_kit.models.imdb.runs.files import RunError, alone, sentence
    from course_kit.models.imdb.runs.record import read_recipe
    from course_kit.quiet import quiet_tensorflow

    folder = arguments.out
    try:
        fields = {} if arguments.recipe is None else read_recipe(arguments.recipe)
        recipe = Recipe(**(fields | given(arguments)))
        if arguments.patience < 1:
            raise ValueError(f"patience must be a positive integer. Got {arguments.patience}.")
    except (RunError, ValueError, TypeError) as error:
        say(console, str(error), "red")
        return WRONG_USE
    quiet_tensorflow()
    from course_kit.models.imdb.runs.training import train

    try:
        with alone(folder):
            found = train(
                folder,
                corpus,
                recipe,
                arguments.seed,
                arguments.all,
                not arguments.no_test,
                arguments.patience,
                shlex.join(["course-kit", *sys.argv[1:]]),
                lambda text: say(console, text),
            )
    except RunError as error:
        say(console, str(error), "red")
        return WRONG_USE
    except OSError as error:
        say(console, sentence(error, folder), "red")
        return WRONG
    except KeyboardInterrupt:
        say(console, f"stopped: the same command goes on from what is in {folder}")
        return WRONG
    show(console, found, folder, corpus)
    return DONE


def run_evaluate(arguments: argparse.Namespace, corpus: Corpus, console: Console) -> int:
    """Compute the results of a folder's model again.

    Returns:
        int, the exit code: 0 when they are what they were, 1 when a number differs or the machine failed, 2 for wrong
        use.
    """
    from course_kit.models.imdb.runs.files import RunError, alone, sentence
    from course_kit.quiet import quiet_tensorflow

    folder = arguments.run_folder
    if not folder.is_dir():
        say(console, f"RUN must be the folder of a run. {folder} is no folder.", "red")
        return WRONG_USE
    quiet_tensorflow()
    from course_kit.models.imdb.runs.results import evaluate

    try:
        with alone(folder):
            found, other = evaluate(folder, corpus, not arguments.no_test, lambda text: say(console, text))
    except RunError as error:
        say(console, str(error), "red")
        return WRONG_USE
    except OSError as error:
        say(console, sentence(error, folder), "red")
        return WRONG
    show(console, found, folder, corpus)
    if other:
        more = f" (and {len(other) - 1} more numbers differ)" if len(other) > 1 else ""
        say(console, f"{other[0]}{more}; nothing in {folder} was changed", "red")
        return WRONG
    return DONE


def show(console: Console, metrics: dict, folder: Path, corpus: Corpus) -> None:
    """The scores, under the sentence of what they were measured on."""
    say(console, corpus.source)
    say(console, f"threshold {metrics['threshold']:.4f}, from {metrics['threshold_from']}")
    for name in ("validation", "test"):
        if scores := metrics.get(name):
            numbers = "  ".join(f"{key} {scores[key]:.4f}" for key in ("f1", "precision", "recall", "accuracy"))
            say(console, f"{name:10}  {numbers}  ({scores['reviews']:,} reviews)")
    say(console, f"report      {folder / 'report.html'}")
