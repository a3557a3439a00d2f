"""Counting aloud, letter by letter: "forty-nine fifty fifty-one ..."."""

import numpy as np

from course_kit.datasets.sequences import Sequences, at_least, one_hot

ONES = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
TEENS = ("ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen")
TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
ALPHABET = " -" + "".join(sorted(set("".join((*ONES, *TEENS, *TENS)))))


def in_words(number: int) -> str:
    """A number from 0 to 99 in English.

    >>> in_words(7), in_words(42), in_words(90)
    ('seven', 'forty-two', 'ninety')
    """
    if number < 20:
        return (*ONES, *TEENS)[number]
    return TENS[number // 10 - 2] + (f"-{ONES[number % 10]}" if number % 10 else "")


def counting_aloud(count: int, length: int = 40, *, seed: int) -> Sequences:
    """Someone counts from a random number on, and after 99 from 0 again; which letter comes next?

    x is (N, length, letters), one-hot, from the first letter of the first number; y, of the same shape, is x a step
    later. From the second number on every letter is certain for whoever remembers the number before: see `certain`.

    >>> "".join(counting_aloud(1, 40, seed=3).read(0))
    'eighty-one eighty-two eighty-three eight'
    """
    count, length = at_least(1, count=count, length=length)
    words = [in_words(number) + " " for number in range(100)]
    codes = np.array([ALPHABET.index(letter) for letter in "".join(words)])
    firsts = np.cumsum([0, *map(len, words[:-1])])
    start = firsts[np.random.default_rng(seed).integers(100, size=count)]
    x = one_hot(codes[(start[:, np.newaxis] + np.arange(length + 1)) % len(codes)], len(ALPHABET))
    return Sequences(x[:, :-1], x[:, 1:], np.full(count, length), tuple(ALPHABET), tuple(ALPHABET))


def certain(task: Sequences) -> np.ndarray:
    """(N, length), True where the target belongs to the second number or a later one."""
    return np.cumsum(task.x[..., ALPHABET.index(" ")], axis=1) > 0
