"""Translate texts with a trained model, by default the one that the kit ships."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import keras
import numpy as np

from course_kit.datasets.shipped import require
from course_kit.datasets.written_out import LANGUAGES, joined
from course_kit.models.translator import model as network
from course_kit.models.translator import responder
from course_kit.models.translator.pairs import source_words
from course_kit.models.translator.writing import Writer

DATA = Path(__file__).resolve().parents[3] / "data"
SHA256 = {
    "translator.keras": "d450621c9513a765de8543d9ef840922c9a2285a3917d951b363e1808923d158",
    "responder.keras": "b3bf83826398631b545bad5b0161eb10affec56666e97ef6a11b8b4c59dfa790",
}
LIMIT = 24  # words of a translation; the longest of the pairs has 12 and the end


@dataclass(frozen=True)
class Translation:
    """text: the translation; source, words: what was read and written, word by word, the ends included;
    attention (words, source): each row adds up to 1; log_p: ln P; score: with length and coverage."""

    text: str
    source: tuple[str, ...]
    words: tuple[str, ...]
    attention: np.ndarray
    log_p: float
    score: float


def load(path: str | Path | None = None) -> network.EncoderDecoder:
    """A trained translator; None for the kit's own.

    Raises:
        FileNotFoundError: if the file is not there.
        ValueError: if the kit's own file is not what it ships.
    """
    return keras.saving.load_model(_shipped("translator.keras") if path is None else path, compile=False)


def load_responder(path: str | Path | None = None) -> responder.Responder:
    """A trained responder; None for the kit's own. Raises as `load`."""
    return keras.saving.load_model(_shipped("responder.keras") if path is None else path, compile=False)


def save(model: network.EncoderDecoder, path: str | Path) -> None:
    """Write a trained model, without what its optimiser kept: a third of the size."""
    bare = type(model).from_config(model.get_config())
    bare.build(None)
    bare.set_weights(model.get_weights())
    bare.save(path)


def _shipped(name: str) -> Path:
    return require(DATA / name, SHA256[name], "`python data/make_translator.py`")


def translate(
    texts: Sequence[str], to: str = "ru", model: network.EncoderDecoder | Writer | None = None, **how
) -> list[Translation]:
    """Translate English numbers, amounts, measures and dates.

    Args:
        texts: in the words of `course_kit.datasets.written_out`; what is no such word is read as "unknown".
        to: "ru" or "pl".
        model: a trained model, or a `Writer` of one; None for the kit's own.
        how: of `beam_search`: width, alpha, beta; width 1 is greedy.

    Raises:
        ValueError: if the language is not there, or `texts` is one text and no list.
    """
    if to not in LANGUAGES:
        raise ValueError(f"to must be one of {', '.join(LANGUAGES)}. Got {to!r}.")
    if isinstance(texts, str):
        raise ValueError("texts must be a list of texts. Got one text: put it into brackets.")
    if not texts:
        return []
    writer = _own() if model is None else model if isinstance(model, Writer) else Writer(model)
    sources = [source_words(text, to) for text in texts]
    found = writer.write(writer.read(sources), **{"limit": LIMIT, **how})
    return [_translation(writer, source, best[0]) for source, best in zip(sources, found, strict=True)]


@lru_cache(maxsize=1)
def _own() -> Writer:
    return Writer(load())


def _translation(writer, source, best) -> Translation:
    words = [writer.model.target.word(number) for number in best.words]
    return Translation(
        joined(words),
        (*source, "</s>"),
        (*words, "</s>") if best.ended else tuple(words),
        best.attention,
        best.log_p,
        best.score,
    )
