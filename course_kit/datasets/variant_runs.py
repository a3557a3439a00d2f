"""The runs of `course_kit.models.variants` that the kit ships: five tasks, the layers of slide D1.28, three seeds."""

import hashlib
import json
from pathlib import Path

PATH = Path(__file__).resolve().parents[2] / "data" / "variants.json"
SHA256 = "1344b6cb8fe46b8f13a8954637dce6879d228babf57509ac1935ff51173d0f99"


def variant_runs() -> dict:
    """The record: "runs", a list of dicts (task, net, seed, parameters, score, seconds, ...), and "guesses" and
    "measures" (what a score is, in words) by task.

    Raises:
        FileNotFoundError: if the file is not there.
        ValueError: if it is not the file that the kit ships.
    """
    if not PATH.exists():
        raise FileNotFoundError(
            f"data/{PATH.name} must lie in {PATH.parent}. It is not there: copy it from the course kit, or make it "
            "with `python -m course_kit.models.variants --out data/variants.json` (minutes)."
        )
    content = PATH.read_bytes()
    found = hashlib.sha256(content).hexdigest()
    if found != SHA256:
        raise ValueError(
            f"data/{PATH.name} must have the SHA-256 {SHA256[:12]}... of data/README.md. Got {found[:12]}...: it was "
            "damaged or made anew; copy the kit's own file."
        )
    return json.loads(content)
