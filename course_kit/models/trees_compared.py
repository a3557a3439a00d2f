"""Train four networks on the same formulas and see what they make of longer ones.

``python -m course_kit.models.trees_compared`` trains each network of `trees.NETWORKS` with three seeds on formulas of
one to six operators, tests it on others of 2 to 20, and writes ``data/trees.json``. A network and seed that stand in
the file are not trained again, so the command goes on where it was stopped.
"""

import argparse
import json
import os
import time
from collections.abc import Iterable
from pathlib import Path

import keras
import numpy as np
from rich.console import Console

from course_kit.datasets import compared_trees
from course_kit.datasets.formulas import Formula, formulas, height, words
from course_kit.datasets.shipped import digest
from course_kit.models.trees import NETWORKS, UNITS, accuracy, arrays, build, values

TRAINED_ON, TESTED_ON = (1, 2, 3, 4, 5, 6), (2, 4, 6, 8, 10, 12, 16, 20)
COUNT, TEST_COUNT = 1500, 500  # formulas of each number of operators, as far as there are so many
SEEDS = (0, 1, 2)
# The LSTM learns more slowly, and its epochs are cheap: it may go over the formulas five times as often.
EPOCHS = {"recursive net": 8, "tensor network": 8, "Tree-LSTM": 8, "LSTM": 40}
RATE, BATCH, CLIP = 0.01, 64, 1.0


def training_formulas(count: int = COUNT) -> list[Formula]:
    """Those that all networks learn from, shuffled once."""
    found = formulas(count, TRAINED_ON, seed=22)
    order = np.random.default_rng(22).permutation(len(found))
    return [found[place] for place in order]


def test_formulas(learned: Iterable[Formula], count: int = TEST_COUNT) -> dict[int, list[Formula]]:
    """Others, by their number of operators."""
    seen = frozenset(f.tree for f in learned)
    return {k: formulas(count, (k,), seed=2200 + k, unseen=seen) for k in TESTED_ON}


def train(network: str, learned: list[Formula], seed: int, epochs: int) -> keras.Model:
    """The network after ``epochs`` with Adam, its rate falling to zero along a cosine, gradients clipped."""
    keras.utils.set_random_seed(seed)
    model = build(network)
    steps = epochs * -(-len(learned) // BATCH)
    rate = keras.optimizers.schedules.CosineDecay(RATE, steps)
    model.compile(keras.optimizers.Adam(rate, clipnorm=CLIP), "binary_crossentropy")
    model.fit(arrays(network, learned), values(learned), batch_size=BATCH, epochs=epochs, verbose=0)
    return model


def run_of(network: str, seed: int, learned: list[Formula], tests: dict[int, list[Formula]], epochs: int) -> dict:
    """What one training gives: accuracy by number of operators, parameters, epochs, and seconds."""
    started = time.perf_counter()
    model = train(network, learned, seed, epochs)
    seconds = time.perf_counter() - started
    return {
        "network": network,
        "seed": seed,
        "units": UNITS[network],
        "parameters": model.count_params(),
        "epochs": epochs,
        "learned": accuracy(model, network, learned),
        "accuracy": {str(k): accuracy(model, network, test) for k, test in tests.items()},
        "seconds": round(seconds, 1),
    }


def about(learned: list[Formula], tests: dict[int, list[Formula]]) -> dict:
    """The formulas themselves: how many, how long, how high, and what a guess or a look at their words alone gets."""
    return {
        "trained_on": list(TRAINED_ON),
        "formulas": len(learned),
        "highest": max(height(f.tree) for f in learned),
        "tests": {
            str(k): {
                "formulas": len(test),
                "words": float(np.mean([len(words(f.tree)) for f in test])),
                "height": float(np.mean([height(f.tree) for f in test])),
                "guess": max(share := float(np.mean([f.value for f in test])), 1 - share),
            }
            for k, test in tests.items()
        },
    }


def compare(path: Path, console: Console, seeds: Iterable[int] = SEEDS, count: int = COUNT, shorter: int = 1) -> dict:
    """Train what does not stand in ``path`` yet, and write it there after each training.

    Args:
        path: the JSON file.
        console: is told of each training.
        seeds: three by default.
        count: formulas of each number of operators; fewer for a trial.
        shorter: divides the epochs, for a trial.

    Returns:
        dict, what stands in the file.
    """
    learned = training_formulas(count)
    tests = test_formulas(learned, min(count, TEST_COUNT))
    result = {"about": {**about(learned, tests), "shorter": shorter}, "runs": []}
    if path.exists():
        found = json.loads(path.read_text(encoding="utf-8"))
        if found["about"] == result["about"]:
            result = found
    done = {(run["network"], run["seed"]) for run in result["runs"]}
    for seed in seeds:
        for network in NETWORKS:
            if (network, seed) in done:
                continue
            run = run_of(network, seed, learned, tests, max(1, EPOCHS[network] // shorter))
            result["runs"].append(run)
            write(path, result)
            shares = " ".join(f"{k}: {share:.3f}" for k, share in run["accuracy"].items())
            console.print(
                f"{network}, seed {seed}: {run['seconds']:.0f} s, accuracy by operators {shares}", soft_wrap=True
            )
    return result


def write(path: Path, result: dict) -> None:
    """Put the file in place when it is whole."""
    part = path.with_name(path.name + ".part")
    part.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    os.replace(part, path)


def main(argv: list[str] | None = None) -> int:
    """The command. Returns 0 when all trainings stand in the file, 1 when it was stopped."""
    parser = argparse.ArgumentParser(prog="python -m course_kit.models.trees_compared", description=__doc__)
    parser.add_argument("--out", type=Path, default=compared_trees.PATH, metavar="JSON")
    out, console = parser.parse_args(argv).out, Console()
    try:
        compare(out, console)
    except KeyboardInterrupt:
        console.print(f"stopped; what is finished stands in {out}, and the same command goes on from there")
        return 1
    except OSError as error:
        console.print(f"{out} cannot be read or written: {error.strerror}")
        return 1
    console.print(f"{out}: SHA-256 {digest(out)}", soft_wrap=True)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
