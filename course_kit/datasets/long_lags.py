"""Tasks that ask for something seen long ago, with the sizes of the papers that set them.

Unless said otherwise the paper is S. Hochreiter, J. Schmidhuber, "Long Short-Term Memory", Neural Computation 9 (1997),
1735-1780, and the section is named. Every generator takes the number of sequences and a seed and returns `Sequences`.
Where the paper leaves something open, our choice is said.
"""

import numpy as np

from course_kit.datasets.sequences import Sequences, at_least, filled, one_hot

SOLVED_WITHIN = 0.04  # absolute error at the end that counts as right, sections 5.4 and 5.5


def adding(count: int, length: int = 100, *, seed: int) -> Sequences:
    """Section 5.4: remember two marked numbers among many, and give their sum at the end.

    A step is a pair: a number in [-1, 1], and a marker. Two pairs have the marker 1, one among the first ten and one
    among the first length/2 - 1 others; the first and the last pair have -1, the rest 0. The target is
    0.5 + (X1 + X2)/4. A sequence has ``length`` to ``length + length/10`` steps; the paper takes 100, 500 and 1000.
    A mark that falls on the first pair leaves its -1 there, and its number counts as 0.
    """
    return _marked_numbers(count, length, seed, low=-1.0, target=lambda marked: 0.5 + marked.sum() / 4)


def multiplication(count: int, length: int = 100, *, seed: int) -> Sequences:
    """Section 5.5: as `adding`, with numbers in [0, 1] and their product as the target.

    A mark on the first pair counts as the factor 1.
    """
    return _marked_numbers(count, length, seed, low=0.0, target=lambda marked: marked.prod())


def _marked_numbers(count, length, seed, low, target) -> Sequences:
    (count,) = at_least(1, count=count)
    (length,) = at_least(20, length=length)  # so that ten pairs lie in the first half
    rng = np.random.default_rng(seed)
    sequences, targets = [], []
    for _ in range(count):
        steps = rng.integers(length, length + length // 10, endpoint=True)
        pairs = np.zeros((steps, 2), dtype=np.float32)
        pairs[:, 0] = rng.uniform(low, 1.0, steps)
        first = rng.integers(10)
        second = rng.choice(np.delete(np.arange(length // 2), first))  # length/2 - 1 pairs are left to choose from
        pairs[[first, second], 1] = 1.0
        pairs[[0, -1], 1] = -1.0
        sequences.append(pairs)
        targets.append(target(pairs[pairs[:, 1] == 1.0, 0].astype(np.float64)))
    x, lengths = filled(sequences)
    return Sequences(x, np.array(targets, dtype=np.float32)[:, np.newaxis], lengths)


# places of the symbols that matter, counted from 1 as the paper does
TEMPORAL_ORDER = {
    2: (((10, 20), (50, 60)), ("Q", "R", "S", "U")),
    3: (((10, 20), (33, 43), (66, 76)), ("Q", "R", "S", "U", "V", "A", "B", "C")),
}


def temporal_order(count: int, relevant: int = 2, *, seed: int) -> Sequences:
    """Section 5.6: name the order in which X and Y came, far apart, among a, b, c and d.

    ``relevant`` is 2 (task 6a: XX is Q, XY R, YX S, YY U) or 3 (task 6b: XXX Q, XXY R, XYX S, XYY U, YXX V, YXY A,
    YYX B, YYY C). A sequence starts with E, ends with B, and has 100 to 110 steps.
    """
    if relevant not in TEMPORAL_ORDER:
        raise ValueError(f"relevant must be 2 or 3, the number of symbols that matter. Got {relevant!r}.")
    (count,) = at_least(1, count=count)
    symbols, (places, classes) = tuple("abcdEBXY"), TEMPORAL_ORDER[relevant]
    rng = np.random.default_rng(seed)
    sequences, answers = [], []
    for _ in range(count):
        codes = rng.integers(4, size=rng.integers(100, 110, endpoint=True))
        codes[0], codes[-1] = symbols.index("E"), symbols.index("B")
        bits = rng.integers(2, size=relevant)
        for (low, high), bit in zip(places, bits, strict=True):
            codes[rng.integers(low, high, endpoint=True) - 1] = symbols.index("X") + bit
        sequences.append(one_hot(codes, len(symbols)))
        answers.append(int("".join(map(str, bits)), 2))
    x, lengths = filled(sequences)
    return Sequences(x, one_hot(np.array(answers), len(classes)), lengths, symbols, classes)


def long_lag(count: int, lag: int = 100, regular: bool = True, *, seed: int) -> Sequences:
    """Section 5.2, tasks 2a and 2b: the last symbol is the first one again, ``lag`` steps later.

    The sequences are (y, a_1, ..., a_{p-1}, y) and (x, a_1, ..., a_{p-1}, x) with p = ``lag``; the targets are the next
    symbol at every step, so one step less than there are symbols. With ``regular=False`` (2b) the symbols in between
    are drawn from a_1 ... a_{p-1} with repetition, so that only the last one can be known.
    """
    (count,) = at_least(1, count=count)
    (lag,) = at_least(2, lag=lag)
    rng = np.random.default_rng(seed)
    between = np.tile(np.arange(lag - 1), (count, 1)) if regular else rng.integers(lag - 1, size=(count, lag - 1))
    ends = lag - 1 + rng.integers(2, size=(count, 1))
    steps = one_hot(np.concatenate([ends, between, ends], axis=1), lag + 1)
    symbols = (*(f"a{i}" for i in range(1, lag)), "x", "y")
    return Sequences(steps[:, :-1], steps[:, 1:], np.full(count, lag), symbols, symbols)


def distracted_lag(count: int, lag: int = 100, distractors: int = 100, *, seed: int) -> Sequences:
    """Section 5.2, task 2c: tell after the trigger e what the second symbol was, x or y.

    (b, y, a_.., ..., a_.., e) with q + k symbols among a_1 ... a_p: q = ``lag``, p = ``distractors``, and k is drawn by
    going on with probability 9/10. The paper takes q up to 1000 and p from 50 to 1000. The last symbol, x or y, is the
    target, so a sequence here has q + k + 3 steps. (The paper prints a mean of q + 14 for its q + k + 4 symbols; its
    own sum, with a mean k of 9, gives q + 13.)
    """
    count, lag, distractors = at_least(1, count=count, lag=lag, distractors=distractors)
    rng = np.random.default_rng(seed)
    e, b, x, _ = range(distractors, distractors + 4)
    answers = rng.integers(2, size=count)
    sequences = []
    for answer in answers:
        more = rng.geometric(0.1) - 1
        codes = [b, x + answer, *rng.integers(distractors, size=lag + more), e]
        sequences.append(one_hot(np.array(codes), distractors + 4))
    block, lengths = filled(sequences)
    symbols = (*(f"a{i}" for i in range(1, distractors + 1)), "e", "b", "x", "y")
    return Sequences(block, one_hot(answers, 2), lengths, symbols, ("x", "y"))


NOISE = {"3a": (False, (1.0, 0.0), 0.0), "3b": (True, (1.0, 0.0), 0.0), "3c": (False, (0.2, 0.8), 0.1)}


def two_sequences(count: int, length: int = 100, informative: int = 3, task: str = "3a", *, seed: int) -> Sequences:
    """Section 5.3: the class shows in the first ``informative`` numbers, 1 or -1; noise follows on the same line.

    The noise has mean 0 and variance 0.2. In task "3b" it lies on the first numbers too. In "3a" and "3b" the target is
    1 for the first class and 0 for the second; in "3c" it is 0.2 and 0.8, with noise of variance 0.1. ``informative``
    is 1 or 3 in the paper, ``length`` (to ``length + length/10``) 100 or 1000.
    """
    if task not in NOISE:
        raise ValueError(f"task must be '3a', '3b' or '3c'. Got {task!r}.")
    count, length, informative = at_least(1, count=count, length=length, informative=informative)
    if informative >= length:
        raise ValueError(f"informative must be less than the length, {length}. Got {informative}.")
    noisy_signal, targets, target_variance = NOISE[task]
    rng = np.random.default_rng(seed)
    second = rng.integers(2, size=count)
    sequences = []
    for is_second in second:
        steps = rng.integers(length, length + length // 10, endpoint=True)
        line = rng.normal(scale=np.sqrt(0.2), size=(steps, 1))
        signal = -1.0 if is_second else 1.0
        line[:informative] = signal + (line[:informative] if noisy_signal else 0.0)
        sequences.append(line)
    x, lengths = filled(sequences)
    y = np.array(targets)[second] + rng.normal(scale=np.sqrt(target_variance), size=count)
    return Sequences(x, y.astype(np.float32)[:, np.newaxis], lengths)
