"""The runs of `course_kit.models.variants` that the kit ships: five tasks, the layers of slide D1.28, three seeds."""

import json
from pathlib import Path

from course_kit.datasets.shipped import require

PATH = Path(__file__).resolve().parents[2] / "data" / "variants.json"
SHA256 = "1344b6cb8fe46b8f13a8954637dce6879d228babf57509ac1935ff51173d0f99"


def variant_runs() -> dict:
    """The record: "runs", a list of dicts (task, net, seed, parameters, score, seconds, ...), and "guesses" and
    "measures" (what a score is, in words) by task.

    Raises:
        FileNotFoundError: if the file is not there.
        ValueError: if it is not the file that the kit ships.
    """
    require(PATH, SHA256, "`python -m course_kit.models.variants --out data/variants.json` (minutes)")
    return json.loads(PATH.read_text(encoding="utf-8"))
