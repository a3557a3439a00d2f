"""How good translations are, on held-out pairs: exact match and chrF, beside baselines that no network needs."""

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from sacrebleu.metrics import CHRF

from course_kit.datasets.written_out import KINDS, LANGUAGES, Pair, joined, pairs, tokens
from course_kit.models.translator.pairs import HELD_OUT_SEED
from course_kit.models.translator.translating import translate
from course_kit.models.translator.writing import Writer


@dataclass(frozen=True)
class Score:
    """exact: share of translations that are the reference letter for letter. chrf: 0 to 100."""

    name: str
    language: str
    exact: float
    chrf: float
    seconds: float
    texts: list[str]

    def __str__(self) -> str:
        return (
            f"{self.name:28s} en-{self.language}  exact {self.exact:.4f}  chrF {self.chrf:6.2f}  {self.seconds:5.1f} s"
        )


def score(name: str, language: str, texts: list[str], expected: list[str], seconds: float = 0.0) -> Score:
    """Compare translations with references.

    >>> print(score("copy", "ru", ["two", "три"], ["два", "три"]).exact)
    0.5
    """
    exact = float(np.mean([a == b for a, b in zip(texts, expected, strict=True)]))
    return Score(name, language, exact, CHRF().corpus_score(texts, [expected]).score, seconds, texts)


def word_for_word(training: list[Pair]) -> dict[str, str]:
    """A dictionary from pairs: for each source word the target word that keeps it company most faithfully.

    That is the one with the largest Dice coefficient 2 n(s, t) / (n(s) + n(t)), n counting sentences.
    """
    alone, company = (Counter(), Counter()), Counter()
    for pair in training:
        source, target = set(tokens(pair.source)), set(tokens(pair.target))
        alone[0].update(source)
        alone[1].update(target)
        company.update((s, t) for s in source for t in target)
    best: dict[str, tuple[float, str]] = {}
    for (s, t), together in company.items():
        dice = 2 * together / (alone[0][s] + alone[1][t])
        best[s] = max(best.get(s, (0.0, "")), (dice, t))
    return {s: t for s, (_, t) in best.items()}


def evaluate(model, count: int = 500, say: Callable[[str], None] = print) -> list[Score]:
    """Translate held-out pairs of each language in several ways.

    Args:
        model: EncoderDecoder or `Writer` of one.
        count: pairs for each language.
        say: is told each result.

    Returns:
        Scores of the copy, of `word_for_word`, of greedy search and of beams.
    """
    writer = model if isinstance(model, Writer) else Writer(model)
    ways = {
        "greedy": {"width": 1},
        "beam 4, alpha 0": {"width": 4, "alpha": 0.0},
        "beam 4, alpha 0.2": {"width": 4, "alpha": 0.2},
        "beam 4, alpha 0.2, beta 0.2": {"width": 4, "alpha": 0.2, "beta": 0.2},
    }
    scores = []
    for language in LANGUAGES:
        test = pairs(count, language, part="held out", seed=HELD_OUT_SEED)
        sources, expected = [p.source for p in test], [p.target for p in test]
        dictionary = word_for_word(pairs(10_000, language, seed=0))
        by_word = [joined([dictionary.get(word, word) for word in tokens(source)]) for source in sources]
        found = [score("copy", language, sources, expected), score("word for word", language, by_word, expected)]
        for name, how in ways.items():
            began = time.perf_counter()
            texts = [t.text for t in translate(sources, language, writer, **how)]
            found.append(score(name, language, texts, expected, time.perf_counter() - began))
        for one in found:
            say(str(one))
        say(by_kind(test, found[-2].texts))
        scores += found
    return scores


def by_kind(test: list[Pair], texts: list[str]) -> str:
    """Exact match for each kind of pair, in a line."""
    parts = []
    for kind in KINDS:
        right = [pair.target == text for pair, text in zip(test, texts, strict=True) if pair.kind == kind]
        parts.append(f"{kind} {sum(right)} of {len(right)}")
    return "  right: " + ", ".join(parts)
