"""The slide inventory: the 159 slides of the five lectures, the notebooks, and the exercise that each slide becomes."""

from functools import cache
from pathlib import Path

PATH = Path(__file__).with_name("slides.yaml")


@cache
def inventory() -> dict[str, dict]:
    """The inventory by id.

    Returns:
        dict with ``exercises`` ("E08.1" to its entry), ``slides`` ("D1.17" to its entry) and ``notebooks`` ("08" to its
        entry); the entries are those of ``slides.yaml``.
    """
    import yaml

    data = yaml.load(PATH.read_text(encoding="utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    return {
        "exercises": {e["id"]: e for e in data["exercises"]},
        "slides": {f"{s['document']}.{s['slide']}": s for s in data["slides"]},
        "notebooks": {n["id"]: n for n in data["notebooks"]},
    }


def exercises_of(slide: str) -> tuple[str, ...]:
    """The exercises that a slide ("D1.17") becomes: its own first, then those that come back to it."""
    entry = inventory()["slides"][slide]
    return (entry["exercise"], *entry["also"])
