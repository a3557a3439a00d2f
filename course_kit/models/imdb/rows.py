"""A row of the comparison: one way to tell good reviews from bad ones, and what one training of it gave."""

import importlib
import importlib.util
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import numpy as np

from course_kit.datasets.imdb import Reviews

# Each has ROWS. Whoever asks for the rows pays for what these import.
MODULES = ("course_kit.models.imdb.baselines", "course_kit.models.imdb.tuned")


@dataclass(frozen=True)
class Run:
    """One training and its predictions.

    Args:
        probabilities: (N,), of "positive", for the N test reviews in their order.
        threshold: float, fixed before the test reviews were seen; positive is what reaches it.
        parameters: int, numbers that were trained.
        stored: int, all numbers that a prediction needs: those, and tables that were counted or held still.
        seconds: float, of the training with its preparation, without the predictions.
        notes: dict, whatever else is worth keeping, as JSON takes it.
    """

    probabilities: np.ndarray
    threshold: float
    parameters: int
    stored: int
    seconds: float
    notes: dict = field(default_factory=dict)


class Row(Protocol):
    """What `compare` asks of a row.

    Attributes:
        name: str, short, for ``--rows`` and for the names of files.
        what: str, one line: the source and every setting that was chosen, since a run is used again as long as it is
            the same.
        seeds: bool, False where nothing is drawn at random, so that one run is enough.
    """

    name: str
    what: str
    seeds: bool

    def run(self, train: Reviews, test_texts: Sequence[str], seed: int, folder: Path) -> Run:
        """Train on all of ``train``, predict. What a killed run needs to go on is kept in ``folder``."""

    def short(self) -> "Row":
        """The same in short, for the kit's small corpus."""


class UnknownRow(ValueError):
    """A name that no row has: one sentence with the names that there are."""


def all_rows() -> dict[str, Row]:
    """Every row by its name, in the order of the table."""
    found = [importlib.import_module(name) for name in MODULES if importlib.util.find_spec(name)]
    return {row.name: row for module in found for row in module.ROWS}


def chosen_rows(names: Sequence[str] = ()) -> list[Row]:
    """The rows of these names in the order of the table; all if there are none.

    Raises:
        UnknownRow: if a name is no row's.
    """
    rows = all_rows()
    for name in names:
        if name not in rows:
            raise UnknownRow(f"a row must be one of {', '.join(rows)}. Got {name!r}.")
    return [row for row in rows.values() if not names or row.name in names]
