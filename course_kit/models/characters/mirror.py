"""Turn every word of a sentence round: "the quick brown fox" becomes "eht kciuq nworb xof".

The third problem of the assignment on D5.20. I. Sutskever, O. Vinyals, Q. V. Le, "Sequence to sequence learning with
neural networks" (arXiv 1409.3215): one LSTM reads and hands its h and c over, another one writes from them. Sentences
are cut at spaces and each word is read from zeros; nothing else tells the network where a word's letters are.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from course_kit.models.characters import files

END = 0  # ends the writing; stands behind a word, and is what the writer is first given
LONGEST = 16  # letters of a made-up word
SHAPES = {
    **{
        f"{half}_{name}": sizes
        for half in ("read", "write")
        for name, sizes in (("E", "v+ d"), ("W", "d 4n"), ("U", "n 4n"), ("b", "4n"))
    },
    "V": "n v+",
    "b_y": "v+",
}


@dataclass(frozen=True)
class MirrorNet:
    """Reader and writer, each an embedding E (V + 1, d) and an LSTM W, U, b in the order i, f, c, o; the writer's
    read-out V (n, V + 1), b_y (V + 1,). Number 0 is END, the letters follow in the order of ``symbols``."""

    read_E: np.ndarray
    read_W: np.ndarray
    read_U: np.ndarray
    read_b: np.ndarray
    write_E: np.ndarray
    write_W: np.ndarray
    write_U: np.ndarray
    write_b: np.ndarray
    V: np.ndarray
    b_y: np.ndarray
    symbols: str
    source: str = field(compare=False)

    def mirror(self, sentence: str) -> str:
        """The sentence with each word turned round, as far as the network can. Words of one length go together.

        Raises:
            ValueError: if a character is no letter of the network and no space.
        """
        words = sentence.split(" ")
        return " ".join(self.mirror_words(words))

    def mirror_words(self, words: list[str]) -> list[str]:
        """Each word turned round."""
        strange = sorted(set("".join(words)) - set(self.symbols))
        if strange:
            raise ValueError(f"words must be made of {self.symbols!r}. Got {''.join(strange)[:20]!r} in them.")
        found = dict.fromkeys(words, "")
        for length in sorted({len(w) for w in found} - {0}):
            group = [w for w in found if len(w) == length]
            found.update(zip(group, self._written(group), strict=True))
        return [found[w] for w in words]

    def _written(self, words: list[str]) -> list[str]:
        numbers = np.array([[self.symbols.index(c) + 1 for c in w] for w in words])
        h = c = np.zeros((len(words), len(self.read_U)), dtype=self.read_U.dtype)
        for t in range(numbers.shape[1]):
            h, c = _step(self.read_E[numbers[:, t]], h, c, self.read_W, self.read_U, self.read_b)
        last, out = np.full(len(words), END), []
        going = np.ones(len(words), dtype=bool)
        while going.any() and len(out) < numbers.shape[1] + 5:
            h, c = _step(self.write_E[last], h, c, self.write_W, self.write_U, self.write_b)
            last = np.where(going, (h @ self.V + self.b_y).argmax(axis=1), END)
            going = going & (last != END)
            out.append(last)
        return ["".join(self.symbols[k - 1] for k in row if k != END) for row in np.stack(out, axis=1)]


def _step(x, h, c, W, U, b):
    i, f, c_tilde, o = np.split(x @ W + h @ U + b, 4, axis=1)
    c = _sigmoid(f) * c + _sigmoid(i) * np.tanh(c_tilde)
    return _sigmoid(o) * np.tanh(c), c


def _sigmoid(a):
    return 0.5 * (1.0 + np.tanh(0.5 * a))


def arrays(words: list[str], symbols: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """What reader and writer are given, and what the writer must say: three arrays (N, T), T the longest word's + 1.

    The reader's rows are padded in front, so that its last step is the word's last letter; padding is END there, and
    is masked. The writer's first input is END; the targets end in END, and what follows is -1, which no loss counts.

    >>> [a.tolist() for a in arrays(["ab", "c"], "abc")]
    [[[0, 1, 2], [0, 0, 3]], [[0, 2, 1], [0, 3, 0]], [[2, 1, 0], [3, 0, -1]]]
    """
    T = max(map(len, words)) + 1
    read, given, due = (np.zeros((len(words), T), dtype=np.int32) for _ in range(3))
    due -= 1
    for row, word in enumerate(words):
        numbers = [symbols.index(c) + 1 for c in word]
        read[row, T - len(word) :] = numbers
        given[row, 1 : len(word) + 1] = numbers[::-1]
        due[row, : len(word) + 1] = [*numbers[::-1], END]
    return read, given, due


def save(net: MirrorNet, path: Path) -> None:
    """Write ``net`` as one small file."""
    files.write(path, {name: getattr(net, name) for name in SHAPES}, net.symbols, net.source)


def load(path: str | Path | None = None) -> MirrorNet:
    """The network of ``path``; None for the one that the kit ships.

    Raises:
        files.ModelError: if the file is missing, damaged or none of `save`.
    """
    return MirrorNet(**files.read(files.shipped("mirror.npz") if path is None else Path(path).expanduser(), SHAPES))


def words_of(text: str) -> list[str]:
    """The words, in order, as often as they occur."""
    return text.split()


def some_words(known: list[str], symbols: str, count: int, rng: np.random.Generator) -> list[str]:
    """``count`` words to learn from: half of them of the text, half thrown together from the letters of its words, so
    that letters must be remembered and not words."""
    letters = np.array([c for w in known for c in w])
    lengths = rng.integers(1, LONGEST + 1, count - count // 2)
    made = ["".join(rng.choice(letters, k)) for k in lengths]
    return [*(known[k] for k in rng.integers(0, len(known), count // 2)), *made]


@dataclass(frozen=True)
class Score:
    """The share of words that come back exactly turned round, of all words and of those that were never learned."""

    words: int
    exact: float
    new_words: int
    new_exact: float


def score(net: MirrorNet, held_out: str, learned: Iterable[str]) -> Score:
    """What ``net`` makes of the words of ``held_out``; ``learned`` are those of its training text."""
    words, learned = words_of(held_out), set(learned)
    right = np.array([w[::-1] == m for w, m in zip(words, net.mirror_words(words), strict=True)])
    new = sorted({w for w in words if w not in learned})
    right_new = np.array([w[::-1] == m for w, m in zip(new, net.mirror_words(new), strict=True)])
    return Score(len(words), float(right.mean()), len(new), float(right_new.mean()) if new else float("nan"))
