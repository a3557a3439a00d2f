"""What the character models are worth on text that none of them has seen, in one table.

    python -m course_kit.models.characters.compare [--out build/characters] [--text PATH]

Perplexity a character of counted models (Witten and Bell's smoothing) and of the two LSTMs, and the share of words that
the mirror turns round. What is done is kept in ``--out``; a run that was stopped goes on there.
"""

import argparse
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from course_kit.datasets.text import Text, TextError, load
from course_kit.models.characters import mirror, saved
from course_kit.models.characters.batches import encode
from course_kit.models.characters.ngrams import Ngrams
from course_kit.quiet import quiet_tensorflow

ORDERS = {1: "unigram", 2: "bigram", 3: "trigram"}
HIGHEST = 8  # the best of the orders 4 to 8 is shown as well: counting can do more than the slides' three
OUT = Path("build/characters")


def counted(text: Text) -> list[dict]:
    """Rows of the models that count: name, nats a held-out character, how many numbers they keep."""
    symbols = text.symbols
    V, ids, held_out = len(symbols), encode(text.train, symbols), encode(text.held_out, symbols)
    rows = [{"model": "uniform", "nats": float(np.log(V)), "numbers": 0}]
    highest = min(HIGHEST, int(62 / np.log2(V)))
    further = []
    for order in range(1, highest + 1):
        model = Ngrams(ids, V, order)
        kept = sum(len(level.groups) for level in model.levels)
        row = {"model": ORDERS.get(order, f"{order}-gram"), "nats": model.nats(held_out), "numbers": kept}
        (rows if order in ORDERS else further).append(row)
    if further:
        best = min(further, key=lambda row: row["nats"])
        rows.append({**best, "model": f"{best['model']}, the best of orders 4 to {highest}"})
    return rows


def trained(text: Text, out: Path, pairs: bool, say: Callable[[str], None]) -> dict:
    """The row of an LSTM; its weights are kept as characters.npz or pairs.npz in ``out``."""
    from course_kit.models.characters import training

    plan = training.PAIRS if pairs else training.Plan()
    name = f"LSTM({plan.n}), {'pairs as inputs' if pairs else 'characters as inputs'}"
    say(name)
    began = time.perf_counter()
    net = training.train(text, plan, out / "work", say)
    seconds = time.perf_counter() - began
    saved.save(net, out / ("pairs.npz" if pairs else "characters.npz"))
    numbers = sum(getattr(net, array).size for array in saved.SHAPES)
    return {"model": name, "nats": training.nats(net, text.held_out), "numbers": numbers, "seconds": seconds}


def mirrored(text: Text, out: Path, say: Callable[[str], None]) -> dict:
    """The row of the mirror; its weights are kept as mirror.npz in ``out``."""
    from course_kit.models.characters import mirror_training

    say("mirror")
    began = time.perf_counter()
    net = mirror_training.train(text, mirror_training.MirrorPlan(), out / "work", say)
    seconds = time.perf_counter() - began
    mirror.save(net, out / "mirror.npz")
    found = mirror.score(net, text.held_out, mirror.words_of(text.train))
    numbers = sum(getattr(net, array).size for array in mirror.SHAPES)
    return {"model": "mirror", **vars(found), "numbers": numbers, "seconds": seconds}


def run(text: Text, out: Path, say: Callable[[str], None] = print) -> dict[str, list[dict]]:
    """All rows. Those that an earlier run into ``out`` made from this text are taken over."""
    work = {
        "counted": lambda: counted(text),
        "lstm": lambda: [trained(text, out, False, say)],
        "mirror": lambda: [mirrored(text, out, say)],
        "pairs": lambda: [trained(text, out, True, say)],
    }
    kept = out / "rows.json"
    done = json.loads(kept.read_text(encoding="utf-8")) if kept.exists() else {}
    if done.get("source") != text.source:
        done = {"source": text.source}
    for name, make in work.items():
        if name not in done:
            done[name] = make()
            out.mkdir(parents=True, exist_ok=True)
            kept.write_text(json.dumps(done, indent=1), encoding="utf-8")
    return {name: done[name] for name in work}


def table(rows: dict[str, list[dict]]) -> str:
    """The rows as Markdown."""
    lines = ["| model | nats a character | perplexity | numbers kept | trained, s |", "| --- " * 5 + "|"]
    for row in [*rows["counted"], *rows["lstm"], *rows["pairs"]]:
        seconds = f"{row['seconds']:.0f}" if "seconds" in row else ""
        lines.append(
            f"| {row['model']} | {row['nats']:.3f} | {np.exp(row['nats']):.2f} | {row['numbers']:,} | {seconds} |"
        )
    (m,) = rows["mirror"]
    return "\n".join(
        [
            *lines,
            "",
            f"Mirror, {m['numbers']:,} numbers, trained in {m['seconds']:.0f} s: {m['exact']:.2%} of the "
            f"{m['words']:,} held-out words turned round exactly; {m['new_exact']:.2%} of the {m['new_words']} "
            "different ones among them that the training text does not have.",
        ]
    )


def main(argv: list[str] | None = None) -> int:
    """Make the table and print it."""
    parser = argparse.ArgumentParser(prog="python -m course_kit.models.characters.compare", description=__doc__)
    parser.add_argument("--out", type=Path, default=OUT, help=f"folder for rows and weights (default {OUT})")
    parser.add_argument("--text", metavar="PATH", help="a text file, text8 or a zip (default: Python's topics)")
    parser.add_argument("--limit", type=int, help="use only so many characters")
    arguments = parser.parse_args(argv)
    try:
        text = load(arguments.text, limit=arguments.limit)
    except TextError as error:
        print(error, file=sys.stderr)
        return 2
    print(text.source, flush=True)
    quiet_tensorflow()
    try:
        rows = run(text, arguments.out, lambda line: print(line, flush=True))
    except KeyboardInterrupt:
        print("stopped; the same command goes on from here")
        return 1
    print(table(rows))
    return 0


if __name__ == "__main__":
    sys.exit(main())
