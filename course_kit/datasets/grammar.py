"""Strings of Reber's grammar: alone, embedded in a frame that must close as it opened, and in one endless stream.

The graph is that of A. S. Reber, "Implicit learning of artificial grammars", Journal of Verbal Learning and Verbal
Behavior 6 (1967), 855-863, in the letters used since A. Cleeremans, D. Servan-Schreiber, J. L. McClelland, "Finite
state automata and simple recurrent networks", Neural Computation 1 (1989), 372-381. Each of two ways is taken with
probability 1/2. The embedded grammar is section 5.1 of Hochreiter & Schmidhuber 1997 (256 strings to train, 256 others
to test); the continual one is that of F. A. Gers, J. Schmidhuber, F. Cummins, "Learning to Forget: Continual
Prediction with LSTM", Neural Computation 12 (2000), 2451-2471: streams that are never reset, there ended by the first
wrong prediction, here as long as asked.
"""

import numpy as np

from course_kit.datasets.sequences import Sequences, at_least, filled, one_hot

ALPHABET = "BTPSXVE"
GRAPH = {  # node: (symbol, next node) for each way out; the string ends at node 7
    0: (("B", 1),),
    1: (("T", 2), ("P", 3)),
    2: (("S", 2), ("X", 4)),
    3: (("T", 3), ("V", 5)),
    4: (("X", 3), ("S", 6)),
    5: (("P", 4), ("V", 6)),
    6: (("E", 7),),
}
END = 7


def reber_string(rng: np.random.Generator) -> tuple[str, list[str]]:
    """One string, and after each of its symbols the symbols that may come next ("" after the last)."""
    string, after, node = "", [], 0
    while node != END:
        ways = GRAPH[node]
        symbol, node = ways[rng.integers(len(ways))]
        string += symbol
        after.append("".join(s for s, _ in GRAPH.get(node, ())))
    return string, after


def embedded_string(rng: np.random.Generator) -> tuple[str, list[str]]:
    """B, then T or P, a string of the grammar, the same T or P again, E; and what may come next after each."""
    frame = "TP"[rng.integers(2)]
    inner, after = reber_string(rng)
    return f"B{frame}{inner}{frame}E", ["TP", "B", *after[:-1], frame, "E", ""]


def reber(count: int, *, seed: int) -> Sequences:
    """Strings of the plain grammar; the target at every step is 1 for each symbol that may come next.

    As nothing follows the last E, a string of L symbols has L - 1 steps.

    >>> task = reber(2, seed=1)
    >>> "".join(task.read(0)), task.y[0, 0].astype(int).tolist()  # after B come T or P
    ('BTXS', [0, 1, 1, 0, 0, 0, 0])
    """
    return _strings(count, reber_string, seed)


def embedded_reber(count: int, *, seed: int) -> Sequences:
    """Strings of the embedded grammar, as `reber`: the second symbol from the end has to be remembered."""
    return _strings(count, embedded_string, seed)


def _strings(count, draw, seed) -> Sequences:
    (count,) = at_least(1, count=count)
    rng = np.random.default_rng(seed)
    drawn = [draw(rng) for _ in range(count)]
    x, lengths = filled([_columns(string)[:-1] for string, _ in drawn])
    y, _ = filled([_may_follow(after)[:-1] for _, after in drawn])
    return Sequences(x, y, lengths, tuple(ALPHABET), tuple(ALPHABET))


def continual_reber(count: int, length: int = 1000, *, seed: int) -> Sequences:
    """Streams of ``length`` symbols: embedded strings one after the other, nothing said about where one ends.

    After the last E of a string comes the first B of the next.
    """
    count, length = at_least(1, count=count, length=length)
    rng = np.random.default_rng(seed)
    x, y = np.zeros((2, count, length, len(ALPHABET)), dtype=np.float32)
    for k in range(count):
        stream, following = "", []
        while len(stream) < length:
            string, after = embedded_string(rng)
            stream += string
            following += [*after[:-1], "B"]
        x[k], y[k] = _columns(stream[:length]), _may_follow(following[:length])
    return Sequences(x, y, np.full(count, length), tuple(ALPHABET), tuple(ALPHABET))


def _columns(string: str) -> np.ndarray:
    return one_hot(np.array([ALPHABET.index(symbol) for symbol in string]), len(ALPHABET))


def _may_follow(after: list[str]) -> np.ndarray:
    return np.array([[symbol in symbols for symbol in ALPHABET] for symbols in after], dtype=np.float32)
