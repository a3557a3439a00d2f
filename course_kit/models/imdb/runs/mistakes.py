"""The reviews that a model is most certain about and wrong, cut into stretches by what they did to it."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from course_kit.models.imdb.runs.scores import Part
from course_kit.models.imdb.runs.words import Piece, logit, what_mattered

EACH = 5  # mistakes of either kind
STRENGTHS = (0.25, 0.5, 0.75)  # shares of the largest change in the review, from which a stretch is marked 1, 2, 3
LEAST = 0.02  # a change of the logit below this is marked in no review
BREAK = "<br />"


@dataclass(frozen=True)
class Stretch:
    """Text with one mark. ``strength`` is 0 (none) to 3; ``towards`` is "positive", "negative" or ""."""

    text: str
    strength: int = 0
    towards: str = ""
    change: float = 0.0


@dataclass(frozen=True)
class Mistake:
    """A review, what it is, the probability of "positive" that it got, and its text in stretches."""

    file: str
    positive: bool
    probability: float
    stretches: tuple[Stretch, ...]

    def strongest(self, towards: str, most: int = 5) -> list[Stretch]:
        """The marked stretches that pushed most towards a label."""
        marked = [s for s in self.stretches if s.strength and s.towards == towards]
        return sorted(marked, key=lambda s: -abs(s.change))[:most]


def most_certain_mistakes(part: Part, threshold: float, predict: Callable, each: int = EACH) -> list[Mistake]:
    """Up to ``each`` negative reviews taken for positive, then as many of the other kind, the most certain first."""
    wrong = (part.probabilities.astype(np.float64) >= threshold) != part.reviews.labels.astype(bool)
    distance = np.abs(logit(part.probabilities) - logit(np.array([threshold])))
    rows = []
    for label in (0, 1):
        of_kind = np.flatnonzero(wrong & (part.reviews.labels == label))
        rows += of_kind[np.argsort(-distance[of_kind], kind="stable")][:each].tolist()
    texts = [part.reviews.texts[row] for row in rows]
    return [
        Mistake(
            part.reviews.files[row],
            bool(part.reviews.labels[row]),
            float(part.probabilities[row]),
            stretches(text, pieces),
        )
        for row, text, pieces in zip(rows, texts, what_mattered(predict, texts), strict=True)
    ]


def stretches(text: str, pieces: list[Piece]) -> tuple[Stretch, ...]:
    """The whole text in order: marked pieces, and what stands between them.

    >>> [s.text for s in stretches("not good", [Piece(0, 3, -2.0), Piece(4, 8, 0.1)])]
    ['not', ' ', 'good']
    """
    largest = max((abs(piece.change) for piece in pieces), default=0.0)
    found, at = [], 0
    for piece in pieces:
        if piece.start > at:
            found.append(Stretch(_shown(text[at : piece.start])))
        size = abs(piece.change)
        strength = sum(size >= share * largest for share in STRENGTHS) if size >= LEAST else 0
        towards = ("positive" if piece.change > 0 else "negative") if strength else ""
        found.append(Stretch(_shown(text[piece.start : piece.stop]), strength, towards, piece.change))
        at = piece.stop
    if at < len(text):
        found.append(Stretch(_shown(text[at:])))
    return tuple(found)


def _shown(text: str) -> str:
    """The archive's line breaks as such, and no character that a page may not hold."""
    text = text.replace(BREAK, "\n").replace("<br>", "\n").replace("<br/>", "\n")
    return "".join(c if c in "\t\n" or c.isprintable() else "\ufffd" if ord(c) < 160 else c for c in text)
