"""Rows that train nothing, for tests of what is done with rows."""

from dataclasses import dataclass

import numpy as np

from course_kit.models.imdb.rows import Run

CALLS = []  # (name, seed) of every run, in order


@dataclass(frozen=True)
class Fake:
    """Right about every review but those whose number is below ``wrong`` plus the seed.

    What it calls positive has exactly its threshold as probability.
    """

    name: str
    wrong: int
    seeds: bool = True
    fails: str = ""
    setting: int = 0
    epochs: int = 7

    @property
    def what(self) -> str:
        return f"{self.name} with setting {self.setting}, {self.epochs} epochs"

    def run(self, train, test_texts, seed, folder):
        CALLS.append((self.name, seed))
        folder.mkdir(parents=True, exist_ok=True)
        half_done = folder / "half"
        resumed = half_done.exists()
        half_done.touch()
        if self.fails == f"killed at {seed}" and not resumed:
            raise KeyboardInterrupt
        truth = np.repeat([0.0, 1.0], len(test_texts) // 2)
        probabilities = np.abs(truth - (np.arange(len(truth)) < self.wrong + seed)) * 0.4 + 0.3
        if self.fails == "NaN":
            probabilities[0] = np.nan
        if self.fails == "short":
            probabilities = probabilities[1:]
        return Run(probabilities, 0.7, 10, 20, 1.5, {"resumed": resumed})

    def short(self):
        return Fake(self.name, self.wrong, self.seeds, self.fails, self.setting, epochs=1)


ROWS = (Fake("coin", 100), Fake("rule", 10, seeds=False))
