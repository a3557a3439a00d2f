"""``course-kit characters train|sample|mirror``: parses, calls one function, prints. Loads no Keras to parse."""

import argparse
import os
import shutil
import sys
from pathlib import Path

import numpy as np
from rich.console import Console

from course_kit.datasets.text import CHARACTERS, Text, TextError, load
from course_kit.models.characters.files import ModelError

OUT = Path("characters.npz")


def add(verbs: argparse._SubParsersAction) -> None:
    """The verb and its actions."""
    verb = verbs.add_parser("characters", help="a network that writes text: train, sample, mirror")
    actions = verb.add_subparsers(dest="action", required=True, metavar="ACTION")

    train = actions.add_parser("train", help="learn from a text; a run that was stopped goes on")
    train.add_argument("--text", metavar="PATH", help="UTF-8 file, or zip with one (default: Python's own topics)")
    train.add_argument("--model", type=Path, default=OUT, metavar="FILE", help=f"where it goes (default {OUT})")
    train.add_argument("--characters", choices=CHARACTERS, default="letters", help="which are kept (default letters)")
    train.add_argument("--limit", type=int, metavar="N", help="use only the first N characters")
    train.add_argument("--pairs", action="store_true", help="read pairs of characters")
    train.add_argument("--units", type=_positive, metavar="N", help="units of the LSTM (default 192)")
    train.add_argument("--epochs", type=_positive, metavar="N", help="how often the text is read (default 12)")
    train.add_argument("--seed", type=int, default=0)
    train.set_defaults(run=_train)

    sample = actions.add_parser("sample", help="write, character by character")
    sample.add_argument("--model", type=Path, metavar="FILE", help="a trained model (default: the kit's own)")
    sample.add_argument("--prompt", default="", metavar="TEXT", help="what it reads first")
    sample.add_argument("--temperature", type=_temperature, default=0.7, metavar="T", help="0 and up (default 0.7)")
    sample.add_argument("--length", type=int, default=400, metavar="N", help="0: until Ctrl-C (default 400)")
    sample.add_argument("--seed", type=int, help="the same one writes the same text")
    sample.set_defaults(run=_sample)

    mirror = actions.add_parser("mirror", help="turn every word of a sentence round, by a network")
    mirror.add_argument("sentence")
    mirror.set_defaults(run=_mirror)


def run(arguments: argparse.Namespace, console: Console) -> int:
    """Call the action. Returns the exit code: 0 done, 1 stopped, 2 a text or a model that cannot be had."""
    try:
        return arguments.run(arguments, console)
    except (TextError, ModelError) as error:
        console.print(str(error), style="red", markup=False, highlight=False, soft_wrap=True)
        return 2


def _train(arguments: argparse.Namespace, console: Console) -> int:
    def say(line: str) -> None:
        console.print(line, markup=False, highlight=False, soft_wrap=True)

    text = load(arguments.text, characters=arguments.characters, limit=arguments.limit)
    say(text.source)
    # Keras takes seconds to load: the text is looked at first.
    from course_kit.quiet import quiet_tensorflow

    quiet_tensorflow()
    from course_kit.models.characters import saved, training

    plan = training.plan(arguments.pairs, arguments.seed, n=arguments.units, epochs=arguments.epochs)
    work = arguments.model.with_name(arguments.model.name + ".work")
    try:
        net = training.train(text, plan, work, say)
    except KeyboardInterrupt:
        say(f"stopped; the same command goes on from {work}")
        return 1
    saved.save(net, arguments.model)
    shutil.rmtree(work, ignore_errors=True)
    _compare(net, text, say)
    say(f"{arguments.model}: try `course-kit characters sample --model {arguments.model}`")
    return 0


def _compare(net, text: Text, say) -> None:
    """Held-out perplexity beside those of counted models."""
    from course_kit.models.characters import training
    from course_kit.models.characters.compare import counted

    rows = [(row["model"], row["nats"]) for row in counted(text)]
    for name, nats in [*rows, ("this model", training.nats(net, text.held_out))]:
        say(f"{nats:7.3f} nats a held-out character, perplexity {np.exp(nats):6.2f}: {name}")


def _sample(arguments: argparse.Namespace, console: Console) -> int:
    from course_kit.models.characters import sampling, saved

    net = saved.load(arguments.model)
    length = arguments.length if arguments.length > 0 else None
    prompt = sampling.readable(net, arguments.prompt)
    text = sampling.stream(net, prompt, temperature=arguments.temperature, seed=arguments.seed, length=length)
    try:
        sys.stdout.write(prompt)
        for character in text:
            sys.stdout.write(character)
            sys.stdout.flush()
        sys.stdout.write("\n")
        sys.stdout.flush()
    except KeyboardInterrupt:
        sys.stdout.write("\n")
    except BrokenPipeError:
        # Whoever read has gone, as `head` does; Python would complain once more while it closes.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0


def _mirror(arguments: argparse.Namespace, console: Console) -> int:
    from course_kit.models.characters import mirror

    net = mirror.load()
    try:
        console.print(net.mirror(arguments.sentence.lower()), markup=False, highlight=False, soft_wrap=True)
    except ValueError as error:
        raise ModelError(str(error)) from error
    return 0


def _positive(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"a whole number of at least 1 is due. Got {text}.")
    return int(text)


def _temperature(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = float("nan")
    if not (np.isfinite(value) and value >= 0):
        raise argparse.ArgumentTypeError(f"a number of at least 0 is due. Got {text}.")
    return value
