"""``python -m course_kit.models.translator train|evaluate|translate``: parses, calls, prints."""

import argparse
import os
import sys
import time
from pathlib import Path

from course_kit.quiet import quiet_tensorflow


def main(arguments: list[str] | None = None) -> int:
    """Returns the exit code: 0 done, 1 stopped, 2 a model that cannot be had."""
    parser = argparse.ArgumentParser(prog="python -m course_kit.models.translator", description=__doc__.split(":")[0])
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    train = actions.add_parser("train", help="teach a translator and evaluate it; a run that was stopped goes on")
    train.add_argument("--model", type=Path, default=Path("translator.keras"), metavar="FILE", help="where it goes")
    train.add_argument("--epochs", type=int, metavar="N", help="of 200 batches (default 20)")
    train.add_argument("--units", type=int, metavar="N", help="of each layer (default 56)")
    train.add_argument("--seed", type=int, default=0)
    evaluate = actions.add_parser("evaluate", help="exact match and chrF on held-out pairs, beside baselines")
    evaluate.add_argument("--model", type=Path, metavar="FILE", help="a trained model (default: the kit's own)")
    evaluate.add_argument("--count", type=int, default=500, metavar="N", help="held-out pairs for each language")
    one = actions.add_parser("translate", help="translate a text")
    one.add_argument("text")
    one.add_argument("--to", choices=("ru", "pl"), default="ru")
    one.add_argument("--model", type=Path, metavar="FILE", help="a trained model (default: the kit's own)")
    chosen = parser.parse_args(arguments)
    quiet_tensorflow()
    try:
        return {"train": _train, "evaluate": _evaluate, "translate": _translate}[chosen.action](chosen)
    except (FileNotFoundError, ValueError) as error:
        print(error, file=sys.stderr)
        return 2


def _train(chosen) -> int:
    from course_kit.models.translator import evaluation, training, translating

    numbers = {name: getattr(chosen, name) for name in ("epochs", "units") if getattr(chosen, name)}
    plan = training.Plan(seed=chosen.seed, **numbers)
    work = chosen.model.with_name(chosen.model.name + ".work")
    began = time.perf_counter()
    try:
        model = training.train(plan, work, _say)
    except KeyboardInterrupt:
        _say(f"stopped; the same command goes on from {work}")
        return 1
    seconds = time.perf_counter() - began
    translating.save(model, chosen.model)
    _say(f"{chosen.model}: trained in {seconds:.0f} s, load {os.getloadavg()[0]:.1f}")
    evaluation.evaluate(model, say=_say)
    return 0


def _evaluate(chosen) -> int:
    from course_kit.models.translator import evaluation, translating

    evaluation.evaluate(translating.load(chosen.model), chosen.count, _say)
    return 0


def _translate(chosen) -> int:
    from course_kit.models.translator import translating

    found = translating.translate([chosen.text], chosen.to, translating.load(chosen.model))[0]
    _say(f"{found.text}   (ln P = {found.log_p:.3f})")
    return 0


def _say(line: str) -> None:
    print(line, flush=True)


if __name__ == "__main__":
    raise SystemExit(main())
