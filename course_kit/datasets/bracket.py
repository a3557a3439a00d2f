"""Bracket strings with a hidden depth, and a small LSTM that was trained to continue them.

A string is made of "(", ")" and the filler "x". At depth d, the number of brackets open, the next symbol is "x"
with probability 0.2; otherwise it opens with probability (8 - d) / 8 and closes with d / 8. So a string never
closes what is not open, never goes deeper than 8, and whoever wants to predict its next symbol well must know d.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from course_kit.datasets.shipped import require

ALPHABET = "()x"
DEEPEST = 8
FILLER = 0.2
PATH = Path(__file__).resolve().parents[2] / "data" / "bracket_lstm.npz"
SHA256 = "c0da30a15c80b81cd6ea8fde421f59390676ff61e5013e3cefc05469d7bd7f85"


@dataclass(frozen=True)
class BracketLSTM:
    """The weights of an LSTM layer and of the read-out above it, float64, in Keras' order i, f, c, o.

    W (3, 4n), U (n, 4n), b (4n,); the scores of the next symbol are h @ V + b_y with V (n, 3), b_y (3,).
    """

    W: np.ndarray
    U: np.ndarray
    b: np.ndarray
    V: np.ndarray
    b_y: np.ndarray


def bracket_lstm() -> BracketLSTM:
    """The trained cell that the kit ships.

    Raises:
        FileNotFoundError: if the file is not there.
        ValueError: if it is not the file that the kit ships.
    """
    require(PATH, SHA256, "`python data/make_bracket_lstm.py` (half a minute)")
    with np.load(PATH, allow_pickle=False) as file:
        return BracketLSTM(**{name: file[name].astype(np.float64) for name in ("W", "U", "b", "V", "b_y")})


def one_hot(string: str) -> np.ndarray:
    """A row for each symbol with a 1 in its column, (T, 3), columns in the order "(", ")", "x".

    >>> one_hot("(x)").tolist()
    [[1.0, 0.0, 0.0], [0.0, 0.0, 1.0], [0.0, 1.0, 0.0]]
    """
    strange = set(string) - set(ALPHABET)
    if strange:
        raise ValueError(f"a bracket string is made of ( ) and x. Got {''.join(sorted(strange))!r} in it.")
    return np.eye(len(ALPHABET))[[ALPHABET.index(symbol) for symbol in string]].reshape(-1, len(ALPHABET))


def depth(string: str) -> np.ndarray:
    """How many brackets are open after each symbol, (T,).

    >>> depth("((x)").tolist()
    [1, 2, 2, 1]
    """
    return np.cumsum([{"(": 1, ")": -1}.get(symbol, 0) for symbol in string], dtype=int)


def next_symbol(depths: np.ndarray) -> np.ndarray:
    """Probabilities of "(", ")" and "x" after each of ``depths``; one more axis, of 3, at the end.

    >>> next_symbol(np.array([0, 2])).round(2).tolist()
    [[0.8, 0.0, 0.2], [0.6, 0.2, 0.2]]
    """
    opens = (1 - FILLER) * (DEEPEST - np.asarray(depths)) / DEEPEST
    return np.stack([opens, 1 - FILLER - opens, np.full_like(opens, FILLER)], axis=-1)


def strings(count: int, length: int, seed: int) -> list[str]:
    """``count`` random strings of ``length`` symbols each.

    >>> strings(2, 12, seed=0)
    ['((x)(xx)x(()', '((x)x((()(()']
    """
    rng = np.random.default_rng(seed)
    depths, symbols = np.zeros(count, dtype=int), np.empty((count, length), dtype=int)
    for t in range(length):
        upto = np.cumsum(next_symbol(depths), axis=1)  # (count, 3)
        symbols[:, t] = (rng.random((count, 1)) > upto[:, :2]).sum(axis=1)
        depths += np.array([1, -1, 0])[symbols[:, t]]
    return ["".join(ALPHABET[k] for k in row) for row in symbols]
