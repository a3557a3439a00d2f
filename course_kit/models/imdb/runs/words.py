"""Which words mattered: leave one out, and see how the model's logit changes.

Occlusion (Zeiler & Fergus, ECCV 2014, section 4.2, of patches of an image; Li, Monroe, Jurafsky, "Understanding neural
networks through representation erasure", 2016, of words) asks the model itself and needs nothing but its probabilities.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

BREAK_OR_WORD = re.compile(r"<br\s*/?>|((?:(?!<br\s*/?>)\S)+)")
PIECES = 160  # a review has no more: of a longer one, several neighbouring words are left out together
CERTAIN = 1e-7  # float32 knows no probability closer to 1 that differs from it by a rounding


@dataclass(frozen=True)
class Piece:
    """A stretch of a text, and the logit with it minus the logit without it: above 0, it speaks for "positive"."""

    start: int
    stop: int
    change: float


def pieces(text: str, most: int = PIECES) -> list[tuple[int, int]]:
    """The stretches that are left out one at a time: single words, or as many neighbours as it takes.

    >>> pieces("not a<br />good film", most=2)
    [(0, 5), (11, 20)]
    """
    words = [match.span() for match in BREAK_OR_WORD.finditer(text) if match[1]]
    size = max(1, -(-len(words) // most))
    return [(words[k][0], words[min(k + size, len(words)) - 1][1]) for k in range(0, len(words), size)]


def what_mattered(
    predict: Callable[[Sequence[str]], np.ndarray], texts: Sequence[str], most: int = PIECES
) -> list[list[Piece]]:
    """For each text its pieces, in order.

    Args:
        predict: texts to probabilities, (N,). It is called once.
        texts: strings.
        most: int, pieces at most a text.
    """
    spans = [pieces(text, most) for text in texts]
    asked = [t for text, cuts in zip(texts, spans, strict=True) for t in _without_each(text, cuts)]
    logits = logit(predict(asked)) if asked else np.empty(0)
    found, at = [], 0
    for cuts in spans:
        whole, without = logits[at], logits[at + 1 : at + 1 + len(cuts)]
        changes = (float(whole - w) for w in without)
        found.append([Piece(*cut, change) for cut, change in zip(cuts, changes, strict=True)])
        at += 1 + len(cuts)
    return found


def logit(probabilities: np.ndarray) -> np.ndarray:
    """log(p / (1 - p)), in float64, finite."""
    p = np.clip(np.asarray(probabilities, dtype=np.float64), CERTAIN, 1 - CERTAIN)
    return np.log(p) - np.log1p(-p)


def _without_each(text: str, cuts: list[tuple[int, int]]) -> list[str]:
    return [text, *(text[:start] + text[stop:] for start, stop in cuts)]
