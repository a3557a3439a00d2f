"""``course-kit imdb compare|train|evaluate|tune``: parses, calls one function, prints. Loads no Keras to parse.

Each module of `SUBCOMMANDS` has ``add(actions)``, which adds its sub-parsers with ``set_defaults(run=function)``;
``function(arguments, corpus, console)`` gets the reviews of ``--data``, whose source has been printed, and returns the
exit code.
"""

import argparse

from rich.console import Console

from course_kit.datasets import imdb
from course_kit.models.imdb import compare_command, run_command, tune_command

SUBCOMMANDS = (compare_command, run_command, tune_command)
DATA = (
    "the reviews: .tar.gz, .tar.xz, unpacked folder or imdb.npz; kit for the small made-up corpus (default: "
    "COURSE_KIT_IMDB, else Keras' cache)"
)


def add(verbs: argparse._SubParsersAction) -> None:
    """The verb and its actions, each with ``--data``."""
    verb = verbs.add_parser("imdb", help="tell good film reviews from bad ones: compare, train, evaluate, tune")
    actions = verb.add_subparsers(dest="action", required=True, metavar="ACTION")
    for subcommand in SUBCOMMANDS:
        subcommand.add(actions)
    for action in actions.choices.values():
        action.add_argument("--data", metavar="PATH", help=DATA)


def run(arguments: argparse.Namespace, console: Console) -> int:
    """Load the reviews, say what they are, call the action.

    Returns:
        int, the exit code: 0 when done, 1 when the work found something wrong, 2 when the reviews cannot be had.
    """
    try:
        corpus = imdb.load(arguments.data)
    except imdb.ImdbError as error:
        console.print(str(error), style="red", markup=False, highlight=False, soft_wrap=True)
        return 2
    console.print(corpus.source, markup=False, highlight=False, soft_wrap=True)
    return arguments.run(arguments, corpus, console)
