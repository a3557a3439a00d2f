"""The numbers of notebook 16, printed: ``python -m course_kit.plots.zoo_figures`` (about a minute on two cores)."""

import time

import numpy as np

from course_kit.plots import zoo_compressor, zoo_memories, zoo_pairs, zoo_reservoir
from course_kit.plots.zoo_patterns import digits, prototypes
from course_kit.quiet import quiet_tensorflow


def capacity_lines(sizes=(50, 200, 800)) -> list[str]:
    """Hopfield, random patterns: shares at least 95 % right and exact, at each load."""
    lines = ["Hopfield, loads P/n                 " + "  ".join(f"{load:.2f}" for load in zoo_memories.LOADS)]
    for n in sizes:
        found = zoo_memories.capacities(n)
        lines.append(f"  n = {n:3d}, at least 95 % right       " + "  ".join(f"{v:.2f}" for v in found.recalled))
        lines.append(f"  n = {n:3d}, every unit right          " + "  ".join(f"{v:.2f}" for v in found.exact))
    return lines


def digits_lines() -> list[str]:
    """scikit-learn's digits: share that ends at the right prototype, for each rule and number of digits stored."""
    (x, classes), kinds = digits(), (2, 3, 4, 6, 8, 10)
    stored = prototypes(x, classes)
    found = [zoo_memories.own_prototype(count, x, classes, stored) for count in kinds]
    lines = ["digits stored                       " + "  ".join(f"{count:4d}" for count in kinds)]
    return lines + [f"  {name:34s}" + "  ".join(f"{one[name]:.2f}" for one in found) for name in found[0]]


def pairs_lines() -> list[str]:
    """BAM: share of pairs recalled exactly, for 1 to 10 stored."""
    lines = ["BAM, pairs stored                   " + "  ".join(f"{count:4d}" for count in range(1, 11))]
    return lines + [
        f"  {name:34s}" + "  ".join(f"{v:.2f}" for v in row) for name, row in zoo_pairs.pair_shares().items()
    ]


def reservoir_lines() -> list[str]:
    """Echo state network: NRMSE after 84 steps of Mackey-Glass, five seeds."""
    errors, _, _ = zoo_reservoir.errors_84()
    told = ", ".join(f"{e:.5f}" for e in errors)
    return [
        f"echo state network, Mackey-Glass 17, NRMSE84 of five seeds: {told}; median {np.median(errors):.5f}",
        f"  Jaeger 2001: {zoo_reservoir.JAEGER}; best before: {zoo_reservoir.BEFORE}",
    ]


def compressor_lines(lags=(5, 20), seeds=(0, 1, 2)) -> list[str]:
    """Long lag: last symbols missed, of two a seed."""
    lines = []
    for lag in lags:
        alone, two, after = zoo_compressor.missed_ends(lag, seeds)
        lines.append(
            f"{lag} symbols between, last symbols missed of {2 * len(seeds)}: Elman net alone {alone}, "
            f"two levels together {two}, Elman net after imitation {after}"
        )
    return lines


def main() -> None:
    quiet_tensorflow()
    for made in (capacity_lines, digits_lines, pairs_lines, reservoir_lines, compressor_lines):
        start = time.perf_counter()
        lines = made()
        print("\n".join(lines))
        print(f"  ({time.perf_counter() - start:.1f} s)\n", flush=True)


if __name__ == "__main__":
    main()
