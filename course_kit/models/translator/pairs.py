"""The written-out pairs as the network takes them: words in batches of one length, the target language in front."""

from collections.abc import Iterator, Sequence

import numpy as np

from course_kit.datasets.written_out import LANGUAGES, Pair, pairs, tokens
from course_kit.models.translator.vocabulary import Vocabulary, shifted

HELD_OUT_SEED = 1  # of the held-out pairs that are reported; 2 while training


def source_words(text: str, language: str) -> list[str]:
    """The words of an English text, after a mark for the language into which it is to go.

    One network serves several languages by such a mark (Johnson et al., arXiv 1611.04558, 2016).

    >>> source_words("twenty-one", "ru")
    ['<ru>', 'twenty', 'one']
    """
    return [f"<{language}>", *tokens(text)]


def drawn(count: int, part: str, seed: int, languages: Sequence[str] = tuple(LANGUAGES)) -> list[tuple[str, Pair]]:
    """`count` pairs for each language, with their language."""
    return [(language, pair) for language in languages for pair in pairs(count, language, part=part, seed=seed)]


def words_of(found: list[tuple[str, Pair]]) -> tuple[list[list[str]], list[list[str]]]:
    """Sources and targets as words."""
    return [source_words(p.source, language) for language, p in found], [tokens(p.target) for _, p in found]


class Batches:
    """Batches of sentences of about one length, so that little is padding; drawn anew for each epoch.

    Args:
        sources, targets: lists of words.
        source_vocabulary, target_vocabulary: Vocabulary.
        size: of a batch.
        steps: batches in an epoch; they are drawn with replacement.
        seed: of the drawing. Batch k of epoch e is the same whenever it is asked for, so a run that was stopped goes on
            as if it had not been.
    """

    def __init__(
        self, sources, targets, source_vocabulary: Vocabulary, target_vocabulary: Vocabulary, size, steps, seed
    ):
        self.x, self.y = source_vocabulary.encode(sources), target_vocabulary.encode(targets)
        self.size, self.steps, self.seed = size, steps, seed
        self.order = np.lexsort(((self.y > 0).sum(axis=1), (self.x > 0).sum(axis=1)))

    def epoch(self, number: int) -> Iterator[tuple[dict[str, np.ndarray], np.ndarray]]:
        """The batches of one epoch: what encoder and decoder read, and what the decoder should write."""
        rng = np.random.default_rng([self.seed, number])
        near = min(8 * self.size, len(self.order))  # neighbours in length, of which a batch takes some
        for _ in range(self.steps):
            first = np.clip(rng.integers(len(self.order)) - near // 2, 0, len(self.order) - near)
            rows = rng.choice(self.order[first : first + near], self.size, replace=near < self.size)
            x, y = (block[rows] for block in (self.x, self.y))
            x, y = x[:, : (x > 0).sum(axis=1).max()], y[:, : (y > 0).sum(axis=1).max()]
            yield {"source": x, "target": shifted(y)}, y
