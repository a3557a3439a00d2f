"""Words to numbers and back."""

from collections.abc import Iterable, Sequence

import numpy as np

PAD, START, END, UNKNOWN = range(4)
SPECIAL = ("<pad>", "<s>", "</s>", "<unk>")


class Vocabulary:
    """Numbers for words, after four that are no words: padding, start, end, unknown.

    Args:
        words: The words, each once, in the order of their numbers 4, 5, ...

    Raises:
        ValueError: a word comes twice, or is one of the four.

    >>> v = Vocabulary(["two", "roubles"])
    >>> v.encode([["two", "roubles"], ["two"]]).tolist()
    [[4, 5, 2], [4, 2, 0]]
    >>> v.decode([4, 5, 2, 0])
    ['two', 'roubles']
    """

    def __init__(self, words: Sequence[str]):
        self.words = list(words)
        self._numbers = {word: k for k, word in enumerate((*SPECIAL, *self.words))}
        if len(self._numbers) != len(self):
            raise ValueError("words must differ from each other and from <pad>, <s>, </s> and <unk>. Got one twice.")

    @classmethod
    def of(cls, sentences: Iterable[Sequence[str]]) -> "Vocabulary":
        """The vocabulary of a text, in alphabetical order."""
        return cls(sorted({word for sentence in sentences for word in sentence}))

    def __len__(self) -> int:
        return len(SPECIAL) + len(self.words)

    def unknown(self, words: Sequence[str]) -> list[str]:
        """Those of the words that have no number."""
        return [word for word in words if word not in self._numbers]

    def encode(self, sentences: Sequence[Sequence[str]]) -> np.ndarray:
        """(N, T) int32: each sentence with its end, then padding up to the longest."""
        rows = [[*(self._numbers.get(word, UNKNOWN) for word in sentence), END] for sentence in sentences]
        block = np.full((len(rows), max(map(len, rows), default=1)), PAD, dtype=np.int32)
        for k, row in enumerate(rows):
            block[k, : len(row)] = row
        return block

    def word(self, number: int) -> str:
        """The word of a number."""
        return SPECIAL[number] if number < len(SPECIAL) else self.words[number - len(SPECIAL)]

    def decode(self, numbers: Iterable[int]) -> list[str]:
        """The words up to the end, which is left out."""
        words = []
        for number in numbers:
            if number in (END, PAD):
                break
            words.append(self.word(number))
        return words


def shifted(targets: np.ndarray) -> np.ndarray:
    """What the decoder reads while it is taught: the start, then the target without its last column.

    >>> shifted(np.array([[4, 5, 2], [4, 2, 0]])).tolist()
    [[1, 4, 5], [1, 4, 2]]
    """
    return np.concatenate([np.full((len(targets), 1), START, dtype=targets.dtype), targets[:, :-1]], axis=1)
