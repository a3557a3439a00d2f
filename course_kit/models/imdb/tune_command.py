"""``course-kit imdb tune``: search for the recipe with the largest F1 on validation."""

import argparse
from collections.abc import Callable
from contextlib import suppress
from multiprocessing import get_context
from pathlib import Path

from rich.console import Console

from course_kit.datasets.imdb import Corpus
from course_kit.models.imdb.recipe import Recipe
from course_kit.models.imdb.run_command import DONE, WRONG, WRONG_USE, add_fields, given, say

OUT = Path("build/imdb-tune")


def add(actions: argparse._SubParsersAction) -> None:
    """The sub-parser."""
    tune = actions.add_parser(
        "tune",
        help="search for the best recipe; after a kill, or on another machine, the same command joins in",
        description="A field of the recipe that is given here is fixed, the others are searched.",
    )
    tune.add_argument("--trials", type=int, required=True, metavar="N", help="until the study has so many in all")
    tune.add_argument("--out", type=Path, default=OUT, metavar="DIR", help=f"for best.json and figures (default {OUT})")
    tune.add_argument(
        "--storage",
        metavar="URL",
        help="database, as postgresql+psycopg://user@host/name, or journal file (default: study.journal in DIR)",
    )
    tune.add_argument("--study", default="imdb", metavar="NAME", help="its name in the storage (default imdb)")
    tune.add_argument("--jobs", type=int, default=1, metavar="N", help="workers of this command (default 1)")
    tune.add_argument("--seed", type=int, default=0, help="of every trial's training (default 0)")
    tune.add_argument(
        "--heartbeat",
        type=int,
        default=60,
        metavar="SECONDS",
        help="in a database: a worker silent for twice as long is taken for dead (default 60)",
    )
    add_fields(tune)
    tune.set_defaults(run=run)


def run(arguments: argparse.Namespace, corpus: Corpus, console: Console) -> int:
    """Join the study, or begin it, and work until it has its trials.

    Returns:
        int, the exit code: 0 when it has them, 1 when it was stopped or the machine failed, 2 for wrong use.
    """
    try:
        for name in ("trials", "jobs", "heartbeat"):
            if getattr(arguments, name) < 1:
                raise ValueError(f"{name} must be a positive integer. Got {getattr(arguments, name)}.")
        Recipe(**given(arguments))
    except ValueError as error:
        say(console, str(error), "red")
        return WRONG_USE
    others = [
        get_context("spawn").Process(target=_beside, args=(arguments, corpus, number), daemon=True)
        for number in range(2, arguments.jobs + 1)
    ]
    for other in others:
        other.start()
    return _worker(arguments, corpus, console, others)


def _beside(arguments: argparse.Namespace, corpus: Corpus, number: int) -> None:
    """A further worker of the same command."""
    with suppress(KeyboardInterrupt):
        _worker(arguments, corpus, Console(), prefix=f"worker {number}: ")


def _worker(arguments: argparse.Namespace, corpus: Corpus, console: Console, others=(), prefix: str = "") -> int:
    from course_kit.models.imdb.runs.files import RunError, sentence
    from course_kit.quiet import quiet_tensorflow

    quiet_tensorflow()
    from course_kit.models.imdb.search import storage
    from course_kit.models.imdb.search.interrupts import Interrupts
    from course_kit.models.imdb.search.work import StorageInternalError, TrialsFail

    def tell(text: str) -> None:
        say(console, f"{prefix}{text}")

    try:
        where = arguments.storage or str(arguments.out / "study.journal")
        with Interrupts() as interrupts, storage.opened(where, arguments.heartbeat) as store:
            return _in(store, arguments, corpus, tell, interrupts, others, bool(prefix))
    except RunError as error:
        say(console, f"{prefix}{error}", "red")
        return WRONG_USE
    except TrialsFail as error:
        say(console, f"{prefix}{error}", "red")
        return WRONG
    except StorageInternalError:
        say(console, f"{prefix}the study's database stopped answering: the same command goes on from here", "red")
        return WRONG
    except OSError as error:
        say(console, f"{prefix}{sentence(error, arguments.out)}", "red")
        return WRONG


def _in(store, arguments, corpus: Corpus, tell: Callable[[str], None], interrupts, others, beside: bool) -> int:
    """Work in the study; if this is no worker beside another one, write what it has found, also when stopped."""
    from course_kit.models.imdb.runs.record import fingerprint, parted
    from course_kit.models.imdb.search import work
    from course_kit.models.imdb.search.results import write

    fields = given(arguments)
    asked = work.Asked(Recipe(**fields), frozenset(fields), arguments.seed, fingerprint(corpus), corpus.source)
    study, code = work.joined(store, arguments.study, asked), DONE
    stop = work.parent_is_gone() if beside else lambda: False
    try:
        work.work(store, study, asked, parted(corpus, False), arguments.trials, tell, interrupts, stop)
    except KeyboardInterrupt:
        tell("stopped: the same command goes on from here")
        code = WRONG
    if beside:
        return code
    for other in others:
        other.join()
    best, names = write(study, asked, arguments.out)
    tell(asked.source)
    if best is None:
        tell("no trial has ended yet")
    else:
        threshold = best.user_attrs["threshold"]
        tell(f"best F1 on validation {best.value:.4f}, trial {best.number}, threshold {threshold:.4f}")
    tell(f"wrote {', '.join(names)} to {arguments.out}")
    return code
