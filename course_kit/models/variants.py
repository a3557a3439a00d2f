"""The layers of slide D1.28 beside plain LSTMs of as many parameters: three seeds each, one table.

    python -m course_kit.models.variants                     all five tasks, and the table
    python -m course_kit.models.variants --out FILE.json     where finished runs are kept; a second call goes on there

Each run draws its own training sequences, sees each of them once, and is scored on 500 others, the same for all. What a
run may use, and what it is scored by, stands in `variants_tasks`.
"""

import argparse
import json
import os
import platform
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from course_kit.quiet import quiet_tensorflow

quiet_tensorflow()

import keras  # noqa: E402

from course_kit.models.variants_tasks import LOSSES, TASKS, Task  # noqa: E402

SEEDS = (0, 1, 2)
ALL = tuple(TASKS.values())
TESTED, TEST_SEED = 500, 10_000


def train(task: Task, net: str, seed: int) -> dict:
    """One run.

    Returns:
        dict: task, net, seed, parameters, updates, batch, rate, score, and the seconds it took.

    Raises:
        RuntimeError: the network does not have the number of parameters that its formula gives.
    """
    started = time.perf_counter()
    chosen = task.net(net)
    keras.utils.set_random_seed(seed)
    seen, test = task.draw(task.updates * task.batch, seed), task.draw(TESTED, TEST_SEED)
    inputs = keras.Input(seen.x.shape[1:])
    model = keras.Model(inputs, chosen.build(inputs))
    if model.count_params() != chosen.parameters:
        raise RuntimeError(f"{net} must have {chosen.parameters} parameters. Got {model.count_params()}.")
    rate = keras.optimizers.schedules.PolynomialDecay(task.rate, task.updates, 0.0)
    model.compile(keras.optimizers.Adam(rate), LOSSES[task.loss]())
    model.fit(seen.x, seen.y, batch_size=task.batch, shuffle=False, verbose=0)
    score = task.score(keras.ops.convert_to_numpy(model(test.x)), test)
    return {
        **asked(task, net, seed),
        "score": round(score, 5),
        "seconds": round(time.perf_counter() - started, 1),
    }


def asked(task: Task, net: str, seed: int) -> dict:
    """What a run is, before it is run: two runs with the same are one."""
    settings = {"updates": task.updates, "batch": task.batch, "rate": task.rate}
    return {"task": task.name, "net": net, "seed": seed, "parameters": task.net(net).parameters, **settings}


def guess(task: Task) -> float:
    """The score of an answer that remembers nothing, on the test sequences."""
    return round(task.guess(task.draw(TESTED, TEST_SEED)), 5)


def run_all(out: Path, seeds: Sequence[int] = SEEDS, tasks: Sequence[Task] = ALL, say: Callable = print) -> dict:
    """Every run that is not in ``out`` yet; each is kept there as soon as it is done.

    Raises:
        ValueError: ``out`` is there and is no such file.
    """
    record = read(out)
    record["guesses"] |= {task.name: guess(task) for task in tasks}
    record["measures"] = {task.name: task.measure for task in ALL}
    write(out, record)
    due = [(task, net.name, seed) for task in tasks for net in task.nets for seed in seeds]
    for number, (task, net, seed) in enumerate(due, 1):
        if found(record, task, net, seed) is None:
            run = train(task, net, seed)
            record["runs"] = [r for r in record["runs"] if not same(r, task, net, seed)] + [run]
            record["made_with"] = {"keras": keras.__version__, "python": platform.python_version()}
            write(out, record)
            told = f"{run['score']:.4f}, {run['seconds']:.0f} s"
            say(f"{number:3d} of {len(due)}  {task.name}: {net}, seed {seed}: {told}")
    return record


def same(run: dict, task: Task, net: str, seed: int) -> bool:
    return (run["task"], run["net"], run["seed"]) == (task.name, net, seed)


def found(record: dict, task: Task, net: str, seed: int) -> dict | None:
    """The kept run with these settings; one with other settings is no such run."""
    due = asked(task, net, seed)
    return next((run for run in record["runs"] if {**run, **due} == run), None)


def read(out: Path) -> dict:
    """The record in ``out``, or an empty one."""
    if not out.exists():
        return {"guesses": {}, "runs": []}
    try:
        record = json.loads(out.read_text(encoding="utf-8"))
        if isinstance(record["runs"], list) and isinstance(record["guesses"], dict):
            return record
    except (ValueError, KeyError, TypeError):
        pass
    raise ValueError(f"{out} must be a record of these runs. Got something else: name another file.")


def write(out: Path, record: dict) -> None:
    """Whole or not at all: a kill in between leaves the file as it was."""
    out.parent.mkdir(parents=True, exist_ok=True)
    new = out.with_name(out.name + ".new")
    new.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
    os.replace(new, out)


def table(record: dict) -> str:
    """A line for each network: parameters, mean, smallest and largest score over the seeds."""
    lines = []
    for task in TASKS.values():
        scores = {net.name: scores_of(record, task.name, net.name) for net in task.nets}
        if not any(scores.values()):
            continue
        lines += ["", f"{task.name}: {task.measure}", f"  {'':18}{'parameters':>11}{'mean':>9}{'from':>9}{'to':>9}"]
        for net in task.nets:
            own = scores[net.name]
            if own:
                spread = f"{sum(own) / len(own):9.4f}{min(own):9.4f}{max(own):9.4f}"
                lines.append(f"  {net.name:18}{net.parameters:11,d}{spread}")
        lines.append(f"  {'remembers nothing':18}{'':11}{record['guesses'][task.name]:9.4f}")
    seconds = sum(run["seconds"] for run in record["runs"])
    return "\n".join([*lines[1:], "", f"{len(record['runs'])} runs, {seconds:.0f} s together"])


def scores_of(record: dict, task: str, net: str) -> list[float]:
    """The scores of a network, by seed."""
    runs = sorted((r for r in record["runs"] if (r["task"], r["net"]) == (task, net)), key=lambda r: r["seed"])
    return [run["score"] for run in runs]


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m course_kit.models.variants", description=__doc__.split("\n")[0])
    parser.add_argument("--out", type=Path, default=Path("variants.json"), help="where runs are kept (%(default)s)")
    parser.add_argument("--seeds", type=int, default=len(SEEDS), help="seeds a network (%(default)s)")
    given = parser.parse_args(arguments)
    if given.seeds < 1:
        parser.error(f"--seeds must be at least 1. Got {given.seeds}.")
    try:
        record = run_all(given.out, range(given.seeds), say=lambda line: print(line, flush=True))
    except ValueError as error:
        print(error, file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print(f"stopped; the finished runs are in {given.out}, and the same command goes on.", file=sys.stderr)
        return 1
    print(table(record))
    return 0


if __name__ == "__main__":
    sys.exit(main())
