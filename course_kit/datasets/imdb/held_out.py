"""The kit's held-out reviews: texts without labels, which the judge of notebook 21 has."""

import gzip
import hashlib
from collections.abc import Sequence
from pathlib import Path

from course_kit.datasets.imdb.kit import PATH as KIT_PATH
from course_kit.datasets.imdb.reviews import ImdbError

PATH = KIT_PATH.with_name("reviews_held_out.txt.gz")


def held_out(path: Path = PATH) -> tuple[str, ...]:
    """800 made-up reviews of the sort of `load("kit")`, in no order that would tell the labels. Not IMDB.

    Raises:
        ImdbError: the file is not there, or no gzip of lines.
    """
    advice = "copy it from the course kit"
    try:
        texts = tuple(gzip.decompress(path.read_bytes()).decode("utf-8").splitlines())
    except FileNotFoundError:
        raise ImdbError(f"data/{path.name} must lie in {path.parent}. It is not there: {advice}.") from None
    except (OSError, EOFError, ValueError) as error:
        raise ImdbError(f"data/{path.name} must be lines of text, packed by gzip. It is damaged: {advice}.") from error
    if not texts or not all(text.strip() for text in texts):
        raise ImdbError(f"data/{path.name} must have a review in each line. It has not: {advice}.")
    return texts


def digest(texts: Sequence[str]) -> str:
    """Sixteen letters that say which texts these are, so that probabilities for others are told."""
    return hashlib.sha256("\n".join(texts).encode()).hexdigest()[:16]
