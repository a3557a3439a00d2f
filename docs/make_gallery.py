"""Make the gallery: ``python docs/make_gallery.py [NAME ...]`` draws the figures of all systems, or of those named, and
writes the page.

The page's text comes from `course_kit.authoring.gallery`; a test holds the page to it. Takes a few minutes: some
figures show a network that has learned something.
"""

import io
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))  # the figures lie beside this file and not in the package

from PIL import Image

from course_kit.authoring import gallery
from docs.gallery_figures import classic, further, gated, memories, models, training  # noqa: F401  (they fill the table)
from docs.gallery_figures.base import FIGURES

LARGEST = 60_000  # bytes of a picture


def save(system: str, path: Path) -> int:
    """Draw one figure with a palette of 64 colours, which is enough for lines and maps; return its size."""
    buffer = io.BytesIO()
    FIGURES[system]().savefig(buffer, format="png", dpi=100)
    Image.open(buffer).convert("RGB").quantize(64).save(path, optimize=True)
    return path.stat().st_size


def main(names: list[str]) -> None:
    unknown = set(names) - {entry.system for entry in gallery.entries()}
    if unknown:
        raise SystemExit(f"the gallery has no {sorted(unknown)[0]!r}: give the names of systems, or none for all")
    for entry in gallery.entries():
        if not names or entry.system in names:
            size = save(entry.system, gallery.FOLDER / entry.picture)
            print(f"{size:>7}  {entry.picture}")
            if size > LARGEST:
                raise SystemExit(f"{entry.picture} must not be larger than {LARGEST} bytes. Got {size}.")
    gallery.write()


if __name__ == "__main__":
    main(sys.argv[1:])
