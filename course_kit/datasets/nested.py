"""Brackets: of several kinds, nested, to be continued; and of one kind, some without a partner, to be tagged."""

import numpy as np

from course_kit.datasets.sequences import Sequences, at_least, one_hot


def nested(count: int, length: int = 20, kinds: int = 3, deepest: int = 6, *, seed: int) -> Sequences:
    """Strings of ``kinds`` kinds of brackets; at each step the next symbol is to be foreseen.

    While brackets are open, and fewer than ``deepest``, the next symbol opens with probability 1/2, each kind equally
    likely, and else closes the last one opened. Which kind that was must be known; whether it closes cannot be.
    x is (N, length, 2 kinds), one-hot, the opening kinds first; y, of the same shape, is x a step later.

    >>> task = nested(2, 12, kinds=2, deepest=3, seed=0)
    >>> ["".join("([)]"[task.symbols.index(s)] for s in task.read(k)) for k in range(2)]
    ['([])[(())][]', '()[][]()[]()']
    """
    count, length, kinds, deepest = at_least(1, count=count, length=length, kinds=kinds, deepest=deepest)
    rng = np.random.default_rng(seed)
    stack, depth = np.zeros((count, deepest), dtype=int), np.zeros(count, dtype=int)
    symbols, every = np.empty((count, length + 1), dtype=int), np.arange(count)
    for t in range(length + 1):
        opens = (depth == 0) | ((depth < deepest) & (rng.random(count) < 0.5))
        kind = rng.integers(kinds, size=count)
        last = stack[every, np.maximum(depth - 1, 0)]
        symbols[:, t] = np.where(opens, kind, kinds + last)
        stack[every[opens], depth[opens]] = kind[opens]
        depth += np.where(opens, 1, -1)
    names = tuple(f"open {k}" for k in range(kinds)) + tuple(f"close {k}" for k in range(kinds))
    x = one_hot(symbols, 2 * kinds)
    return Sequences(x[:, :-1], x[:, 1:], np.full(count, length), names, names)


def chance_of_next(task: Sequences, deepest: int = 6) -> np.ndarray:
    """The probability with which `nested` drew each of its targets, (N, length): no predictor can know more.

    >>> task = nested(1, 4, kinds=2, deepest=2, seed=0)  # [()], then [
    >>> chance_of_next(task, deepest=2).tolist()
    [[0.25, 1.0, 0.5, 0.5]]
    """
    kinds = task.x.shape[2] // 2
    opened, opens = (side[..., :kinds].sum(axis=2) for side in (task.x, task.y))
    depth = np.cumsum(2 * opened - 1, axis=1)
    may_open = np.where(depth == 0, 1.0, np.where(depth < deepest, 0.5, 0.0))
    return np.where(opens == 1, may_open / kinds, 1 - may_open)


def enclosed(count: int, length: int = 20, most: int = 4, *, seed: int) -> Sequences:
    """Random strings of "(", ")" and "x"; each symbol is tagged with the number of pairs around it, ``most`` at most.

    A bracket without a partner is no pair, and whether "(" has one shows later in the string: the tag at a step
    depends on both sides. A pair's own brackets lie inside it. x is (N, length, 3), y (N, length, most + 1).

    >>> task = enclosed(1, 12, seed=0)
    >>> "".join(task.read(0)), "".join(str(tag) for tag in task.y[0].argmax(axis=1))
    (')(((xx)))xx(', '012333321000')
    """
    count, length, most = at_least(1, count=count, length=length, most=most)
    codes = np.random.default_rng(seed).choice(3, p=(0.4, 0.4, 0.2), size=(count, length))
    tags = np.zeros((count, length), dtype=int)
    for string, row in zip(codes, tags, strict=True):
        opened = []
        for place, symbol in enumerate(string):
            if symbol == 0:
                opened.append(place)
            elif symbol == 1 and opened:
                row[opened.pop() : place + 1] += 1
    names = (*(str(k) for k in range(most)), f"{most} or more")
    y = one_hot(np.minimum(tags, most), most + 1)
    return Sequences(one_hot(codes, 3), y, np.full(count, length), tuple("()x"), names)
