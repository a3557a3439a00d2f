"""A file of made-up jets, for tests: no physics, but every shape and type of the real one."""

from pathlib import Path

import numpy as np


def made_up(path: Path, count: int = 40, most: int = 8, seed: int = 0, **changed) -> Path:
    """``count`` jets, half of them tops, with 3 to ``most`` constituents, written to ``path``."""
    rng = np.random.default_rng(seed)
    numbers = rng.integers(3, most + 1, count)
    there = np.arange(most) < numbers[:, np.newaxis]
    constituents = np.dstack([-np.sort(-rng.exponential(60, (count, most))) + 1, rng.normal(0, 0.3, (count, most, 2))])
    order = np.full((count, most), 255, np.uint8)
    for row, number in zip(order, numbers, strict=True):
        row[:number] = rng.permutation(number)
    arrays = {
        "jet": np.column_stack(
            [rng.uniform(550, 650, count), rng.normal(size=count), rng.uniform(20, 300, count), numbers]
        ),
        "constituents": (constituents * there[..., np.newaxis]).astype(np.float16),
        "order": order,
        "tau": np.sort(rng.uniform(0.01, 0.4, (count, 3)))[:, ::-1],
        "label": np.arange(count) % 2,
    }
    np.savez(path, **(arrays | changed))
    return path
