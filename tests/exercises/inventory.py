"""The slide inventory, by id."""

from functools import cache
from pathlib import Path

import yaml

PATH = Path(__file__).parents[2] / "course_kit" / "exercises" / "slides.yaml"


@cache
def inventory() -> dict:
    data = yaml.load(PATH.read_text(encoding="utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    return {
        "exercises": {e["id"]: e for e in data["exercises"]},
        "slides": {f"{s['document']}.{s['slide']}": s for s in data["slides"]},
        "notebooks": data["notebooks"],
    }
