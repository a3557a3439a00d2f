"""Compare taggers on the same jets, and the orders in which a network may read a jet.

``python -m course_kit.models.jets_compared`` trains each network of `TAGGERS` with three seeds, measures it and three
taggers without a network on the jets that nobody has learned from, and writes ``data/jets.json``. A run that stands in
the file is not made again, and a training that was stopped goes on from its last epoch.
"""

import argparse
import json
import logging
import shutil
import time
from collections.abc import Iterable
from pathlib import Path

import keras
import numpy as np
from rich.console import Console

from course_kit.datasets import compared_jets, jets
from course_kit.datasets.shipped import digest
from course_kit.evaluation.rejection import passing, rejection
from course_kit.models.jets import (
    CONSTITUENTS,
    boosted_trees,
    dense_tagger,
    features,
    lstm_tagger,
    mass_likelihood,
    tau_32,
)
from course_kit.models.resuming import Resume, whole

# Without a network; each gives the scores of jets from those to learn from and those to judge.
PLAIN = {
    "mass": mass_likelihood,
    "tau_32": lambda train, judged: -tau_32(judged),
    "mass and tau_32": boosted_trees,
}
# Network and order.
TAGGERS = {
    "dense, by pT": (dense_tagger, "pT"),
    "dense, substructure": (dense_tagger, "substructure"),
    "LSTM, by pT": (lstm_tagger, "pT"),
    "LSTM, substructure": (lstm_tagger, "substructure"),
    "LSTM, random": (lstm_tagger, "random"),
}
SEEDS = (0, 1, 2)
# By the loss on the validation jets: the dense network's rises after 10 epochs, the LSTM's still fell after 15.
EPOCHS = {dense_tagger: 10, lstm_tagger: 30}
RATE, BATCH = 2e-3, 100
EFFICIENCIES = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)
COMPARED_AT = (0.5, 0.8)


def train(tagger: str, learned: jets.Jets, seed: int, epochs: int, folder: Path) -> keras.Model:
    """The network after ``epochs`` with Adam, its rate falling to zero along a cosine; state kept in ``folder``."""
    build, order = TAGGERS[tagger]
    keras.utils.set_random_seed(seed)
    model = build()
    rate = keras.optimizers.schedules.CosineDecay(RATE, epochs * -(-len(learned) // BATCH))
    model.compile(keras.optimizers.Adam(rate, clipnorm=1.0), "binary_crossentropy")
    resume = Resume(folder / f"{''.join(c for c in tagger if c.isalnum())}-{seed}" / "state.npz")
    begun = resume.restore(model)
    x = features(learned, order, seed=seed)
    model.fit(x, learned.label, batch_size=BATCH, epochs=epochs, initial_epoch=begun, verbose=0, callbacks=[resume])
    return model


def measured(labels: np.ndarray, scores: np.ndarray) -> dict:
    """Area under the curve, how much background passes at each of `EFFICIENCIES`, and which of it at `COMPARED_AT`."""
    from sklearn.metrics import roc_auc_score

    return {
        "auc": round(float(roc_auc_score(labels, scores)), 5),
        "passing": [rejection(labels, scores, efficiency).passing for efficiency in EFFICIENCIES],
        "passes": {str(e): compared_jets.packed(passing(labels, scores, e)) for e in COMPARED_AT},
    }


def run_of(tagger: str, seed: int, parts: tuple[jets.Jets, ...], epochs: int | None, folder: Path) -> dict:
    """What one tagger gives: `measured`, the area on the validation jets, parameters, epochs, and seconds."""
    learned, validation, test = parts
    started = time.perf_counter()
    if tagger in PLAIN:
        score, parameters, epochs = (lambda judged: PLAIN[tagger](learned, judged)), None, None
    else:
        build, order = TAGGERS[tagger]
        epochs = epochs or EPOCHS[build]
        model = train(tagger, learned, seed, epochs, folder)
        parameters = model.count_params()

        def score(judged):
            return model.predict(features(judged, order, seed=seed), batch_size=500, verbose=0)[:, 0]

    seconds = time.perf_counter() - started
    return {
        "tagger": tagger,
        "seed": seed,
        "parameters": parameters,
        "epochs": epochs,
        "seconds": round(seconds, 1),
        "validation_auc": measured(validation.label, score(validation))["auc"],
        **measured(test.label, score(test)),
    }


def about(parts: tuple[jets.Jets, ...], source: str) -> dict:
    """The jets: how many of them in which part, and of which file."""
    kinds = [{"top": int(part.label.sum()), "qcd": int((part.label == jets.QCD).sum())} for part in parts]
    return {
        "jets": source,
        "constituents": CONSTITUENTS,
        "efficiencies": list(EFFICIENCIES),
        **dict(zip(("train", "validation", "test"), kinds, strict=True)),
    }


def compare(
    path: Path,
    work: Path,
    console: Console,
    source: Path = jets.PATH,
    seeds: Iterable[int] = SEEDS,
    epochs: int | None = None,
) -> dict:
    """Run what does not stand in ``path`` yet, and write it there after each run.

    Args:
        path: the JSON file.
        work: folder for the state of a training.
        console: is told of each run.
        source: the jets; only the kit's own are checked by their SHA-256.
        seeds: three by default; taggers without a network have the first one only.
        epochs: of each network; None for `EPOCHS`.

    Returns:
        dict, what stands in the file.
    """
    parts = jets.split(jets.load(source, jets.SHA256 if source == jets.PATH else None))
    result = {"about": about(parts, digest(source)), "runs": []}
    if path.exists():
        found = json.loads(path.read_text(encoding="utf-8"))
        if found["about"] == result["about"]:
            result = found
    done = {(run["tagger"], run["seed"]) for run in result["runs"]}
    seeds = list(seeds)
    folder = work / result["about"]["jets"][:12] / f"{epochs or 'all'}"
    due = [(tagger, seeds[0]) for tagger in PLAIN] + [(tagger, seed) for seed in seeds for tagger in TAGGERS]
    for tagger, seed in due:
        if (tagger, seed) in done:
            continue
        run = run_of(tagger, seed, parts, epochs, folder)
        result["runs"].append(run)
        whole(path, lambda part: part.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8"))
        console.print(f"{tagger}, seed {seed}: {run['seconds']:.0f} s, area {run['auc']:.4f}", soft_wrap=True)
    shutil.rmtree(folder, ignore_errors=True)
    return result


def main(argv: list[str] | None = None) -> int:
    """The command. Returns 0 when all runs stand in the file, 1 when it was stopped or there are no jets."""
    parser = argparse.ArgumentParser(prog="python -m course_kit.models.jets_compared", description=__doc__)
    parser.add_argument("--jets", type=Path, default=jets.PATH, metavar="NPZ")
    parser.add_argument("--out", type=Path, default=compared_jets.PATH, metavar="JSON")
    parser.add_argument("--work", type=Path, default=Path("build/jets_compared"), help="where a training is kept")
    parser.add_argument("--seeds", type=int, nargs="+", default=SEEDS)
    parser.add_argument("--epochs", type=int, help="of every network, for a trial")
    arguments, console = parser.parse_args(argv), Console()
    logging.getLogger("tensorflow").setLevel(logging.ERROR)  # it warns of each model's own predict
    try:
        result = compare(arguments.out, arguments.work, console, arguments.jets, arguments.seeds, arguments.epochs)
    except KeyboardInterrupt:
        console.print(f"stopped; the same command goes on; what is finished stands in {arguments.out}", soft_wrap=True)
        return 1
    except (OSError, ValueError) as error:
        console.print(str(error), soft_wrap=True, markup=False)
        return 1
    console.print(compared_jets.table(result), soft_wrap=True, markup=False, highlight=False)
    console.print(f"{arguments.out}: SHA-256 {digest(arguments.out)}", soft_wrap=True)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
