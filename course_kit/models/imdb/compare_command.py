"""``course-kit imdb compare``: the whole table of baselines and tuned models."""

import argparse
import logging
from pathlib import Path

from rich.console import Console
from rich.table import Table

from course_kit.datasets.imdb import Corpus

DONE, STOPPED, WRONG_USE = 0, 1, 2


def add(actions: argparse._SubParsersAction) -> None:
    """The sub-parser of ``compare``."""
    compare = actions.add_parser(
        "compare", help="train every model of the table and write the table; the same command goes on after a kill"
    )
    compare.add_argument(
        "--out",
        type=Path,
        default=Path("build/imdb-compare"),
        metavar="DIR",
        help="table and probabilities (default build/imdb-compare)",
    )
    compare.add_argument("--rows", type=names, default=(), metavar="NAMES", help="wiki-keras1,tfidf (default: all)")
    compare.add_argument("--seeds", type=seeds, default=(0, 1, 2), metavar="N,N", help="default 0,1,2")
    compare.set_defaults(run=run)


def names(text: str) -> tuple[str, ...]:
    """An argument type: names parted by commas."""
    return tuple(name.strip() for name in text.split(",") if name.strip())


def seeds(text: str) -> tuple[int, ...]:
    """An argument type: whole numbers parted by commas, none twice."""
    parts = [part.strip() for part in text.split(",")]
    if not all(part.isdecimal() for part in parts) or len({int(part) for part in parts}) < len(parts):
        raise argparse.ArgumentTypeError(f"different whole numbers from 0 on are due, as 0,1,2. Got {text}.")
    return tuple(int(part) for part in parts)


def run(arguments: argparse.Namespace, corpus: Corpus, console: Console) -> int:
    """Make the table and print it.

    Returns:
        int, the exit code: 0 when the table is complete, 1 when it was stopped or the machine failed, 2 for wrong use.
    """
    from course_kit.models.imdb.compare import compare
    from course_kit.models.imdb.rows import UnknownRow
    from course_kit.models.imdb.runs.files import RunError, sentence

    def say(text: str, style: str | None = None) -> None:
        console.print(text, style=style, markup=False, highlight=False, soft_wrap=True)

    # TensorFlow counts the graphs of one function over all models, and warns of the fifth
    logging.getLogger("tensorflow").setLevel(logging.ERROR)
    try:
        table = compare(corpus, arguments.out, arguments.rows, arguments.seeds, say)
    except (UnknownRow, RunError) as error:
        say(str(error), "red")
        return WRONG_USE
    except OSError as error:
        say(sentence(error, arguments.out), "red")
        return STOPPED
    except KeyboardInterrupt:
        say(f"stopped. What is done lies in {arguments.out}: the same command goes on")
        return STOPPED
    console.print(shown(table))
    say(f"{arguments.out / 'table.md'} and table.json hold this table, {arguments.out / 'runs'} the probabilities.")
    return DONE


def shown(table: dict) -> Table:
    """The table for the screen."""
    from course_kit.models.imdb.table import f1_text

    screen = Table(title=table["source"], title_justify="left")
    screen.add_column("row")
    for name in ("F1", "accuracy", "trained", "stored", "seconds", "runs"):
        screen.add_column(name, justify="right", no_wrap=True)
    for row in table["rows"]:
        numbers = (f"{row['accuracy_mean']:.4f}", f"{row['parameters']:,}", f"{row['stored']:,}")
        screen.add_row(row["name"], f1_text(row), *numbers, f"{row['seconds_mean']:.0f}", str(len(row["seeds"])))
    return screen
