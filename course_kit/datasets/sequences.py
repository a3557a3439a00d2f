"""What the task generators hand out: sequences of unequal length in one block, filled up with zeros at the end."""

import operator
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Sequences:
    """Inputs and targets of a task.

    Args:
        x: (N, T, m), float32; zeros after the end of a sequence.
        y: the targets; (N, ...) where the task asks once, at the end, (N, T, ...) where it asks at every step.
        lengths: (N,), steps of each sequence.
        symbols: what each column of x stands for, in tasks whose inputs are symbols.
        classes: what each column of y stands for, in tasks that classify.
    """

    x: np.ndarray
    y: np.ndarray
    lengths: np.ndarray
    symbols: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.x)

    @property
    def mask(self) -> np.ndarray:
        """(N, T), True where there is a step, as Keras' `mask`."""
        return np.arange(self.x.shape[1]) < self.lengths[:, np.newaxis]

    def read(self, k: int) -> list[str]:
        """Sequence ``k`` as the symbols that its columns stand for."""
        return [self.symbols[column] for column in self.x[k, : self.lengths[k]].argmax(axis=1)]


def filled(sequences: list[np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """Arrays (T_k, m) as one block (N, T, m) in float32, and their lengths."""
    lengths = np.array([len(sequence) for sequence in sequences])
    block = np.zeros((len(sequences), lengths.max(), *sequences[0].shape[1:]), dtype=np.float32)
    for row, sequence in zip(block, sequences, strict=True):
        row[: len(sequence)] = sequence
    return block, lengths


def one_hot(codes: np.ndarray, width: int) -> np.ndarray:
    """A row for each code with a 1 in its column."""
    return np.eye(width, dtype=np.float32)[codes]


def at_least(least: int, **sizes: object) -> list[int]:
    """The sizes as ints, or the rule that one of them breaks.

    >>> at_least(1, count=0)
    Traceback (most recent call last):
    ValueError: count must be an integer of at least 1. Got 0.
    """
    checked = []
    for name, value in sizes.items():
        try:
            number = operator.index(value)
        except TypeError:
            number = None
        if number is None or isinstance(value, bool) or number < least:
            raise ValueError(f"{name} must be an integer of at least {least}. Got {value!r}.")
        checked.append(number)
    return checked
