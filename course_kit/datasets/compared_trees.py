"""What four networks made of propositional formulas: the runs of ``python -m course_kit.models.trees_compared``."""

import json
from pathlib import Path

from course_kit.datasets.shipped import require

PATH = Path(__file__).resolve().parents[2] / "data" / "trees.json"
SHA256 = "82f697bccd5fa931ad5fe74aa2befd377e2eec4709d02443005b17d0fedc9a09"


def compared_trees(path: Path = PATH) -> dict:
    """The runs that the kit ships.

    Returns:
        dict with ``about``, the formulas, and ``runs``, one a network and seed: ``network``, ``seed``, ``units``,
        ``parameters``, ``epochs``, ``learned`` (the share right of the formulas learned from), ``accuracy`` (the share
        right of others, by number of operators) and ``seconds``.

    Raises:
        FileNotFoundError: if the file is not there.
        ValueError: if it is not the file that the kit ships.
    """
    require(path, SHA256, "`python -m course_kit.models.trees_compared` (some minutes)")
    return json.loads(path.read_text(encoding="utf-8"))
