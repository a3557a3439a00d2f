"""What four networks made of propositional formulas: the runs of ``python -m course_kit.models.trees_compared``."""

import hashlib
import json
from pathlib import Path

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
    if not path.exists():
        raise FileNotFoundError(
            f"data/{path.name} must lie in {path.parent}. It is not there: copy it from the course kit, or make it "
            "with `python -m course_kit.models.trees_compared` (some minutes)."
        )
    if (found := digest(path)) != SHA256:
        raise ValueError(
            f"data/{path.name} must have the SHA-256 {SHA256[:12]}... of data/README.md. Got {found[:12]}...: it was "
            "damaged or made anew; copy the kit's own file."
        )
    return json.loads(path.read_text(encoding="utf-8"))


def digest(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal."""
    return hashlib.sha256(path.read_bytes()).hexdigest()
