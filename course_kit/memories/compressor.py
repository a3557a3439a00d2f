"""History compression: a lower network predicts, and only what it did not expect goes on to a higher one."""

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from inspect import signature
from typing import Any

import numpy as np
from sklearn.base import BaseEstimator, TransformerMixin, clone
from sklearn.utils.validation import check_is_fitted

from course_kit.memories.predictors import UNSEEN, MarkovPredictor, Predictor, codes_of

Event = tuple[int, Hashable]  # how many steps after the event before, and what came


@dataclass(frozen=True)
class Surprise:
    """A symbol that came at step `time` where `expected` was expected; None where nothing was."""

    time: int
    symbol: Hashable
    expected: Hashable


@dataclass(frozen=True)
class Compressed:
    """What is left of a sequence.

    Args:
        events: what the highest level did not expect: pairs of how many steps after the one before, and what.
        lengths: how long the sequence was, and the stream of surprises that the level above it read.
        text: whether the sequence was a string.
    """

    events: tuple[Event, ...]
    lengths: tuple[int, ...]
    text: bool

    def __len__(self) -> int:
        return len(self.events)


class HistoryCompressor(TransformerMixin, BaseEstimator):
    """Keeps of a sequence what it could not predict, and when it came: the rest can be predicted again.

    Slide: D2.11 "Нейронный компрессор истории".

    The slide is prose: a block that keeps the essential past of a process in compressed form, a stack of recurrent
    networks that forms by itself. The lower network, the automatizer, learns to predict its next input. Where it fails,
    the input goes up, together with the time that passed since the last one. The higher network, the chunker, sees
    nothing else, so its stream is shorter and what belongs together stands closer in it; it learns to predict that
    stream in turn, and what it fails at too is what remains.

    Compression is lossless by construction: `decompress(compress(x)) == x` for every sequence, with whatever
    predictors, trained or not, and for symbols that were not there in `fit`.

    With `imitate=True` the automatizer is trained a second time, now also to give at each step the chunker's internal
    state, which stands still between surprises. So it has to keep what the chunker keeps, over lags that no error of
    its own would have taught it to bridge, and the chunker learns anew from what is left. The automatizer must then
    take `fit(..., imitate=...)` and the chunker have an `internal` state; `ElmanPredictor` does both.

    Args:
        automatizer: a `Predictor`, the lower network. Default: `MarkovPredictor()`.
        chunker: a `Predictor` for the stream of surprises; or None for one level alone, whose surprises remain.
        imitate: whether the automatizer learns what the chunker knows.

    Attributes:
        automatizer_, chunker_: the trained predictors.
        alphabet_: the symbols seen, in order.
        events_: the events seen by the chunker, pairs of lag and symbol, in order.
        surprises_: how many symbols of the training sequences the automatizer failed to predict, an entry for each time
            it was trained.

    Parameters:
        With Elman networks of n1 and n2 units, m symbols and k events: $n_1(m + n_1 + 1) + m(n_1 + 1)$ and
        $n_2(k + n_2 + 1) + k(n_2 + 1)$; imitation adds $n_2(n_1 + 1)$.

    Source:
        J. Schmidhuber, "Learning Complex, Extended Sequences Using the Principle of History Compression", Neural
        Computation 4 (1992), 234-242. There the networks learn at the same time, step by step; here one after the
        other, each from all sequences. There the time is an input beside the symbol; here an event is the two together.

    Example:

    >>> compressor = HistoryCompressor(MarkovPredictor(order=1)).fit(["abcabcabc"])
    >>> small = compressor.compress("abcabcabcxabc")  # it begins as expected; one symbol does not
    >>> small.events
    ((10, 'x'),)
    >>> compressor.decompress(small)
    'abcabcabcxabc'
    """

    def __init__(self, automatizer=None, chunker=None, imitate=False):
        self.automatizer = automatizer
        self.chunker = chunker
        self.imitate = imitate

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.input_tags.two_d_array, tags.input_tags.string, tags.no_validation = False, True, True
        return tags

    def fit(self, X: Sequence[Sequence[Hashable]], y=None) -> "HistoryCompressor":
        """Learn from sequences of symbols, strings for instance; `y` is not used."""
        if isinstance(X, str) or not len(X) or not any(len(sequence) for sequence in X):
            raise ValueError(f"X must be a list of sequences with a symbol in them. Got {X!r}.")
        if self.imitate:
            self._check_imitation()
        self.alphabet_, codes = _coded(X)
        self._train(X, codes)
        self.surprises_ = [self._failures(X)]
        if self.imitate:
            self._train(X, codes, imitate=[self._chunker_states(sequence) for sequence in X])
            self.surprises_.append(self._failures(X))
        return self

    def _check_imitation(self) -> None:
        if self.chunker is None:
            raise ValueError("imitate=True needs a chunker to imitate. Got chunker=None.")
        lower = MarkovPredictor() if self.automatizer is None else self.automatizer
        if "imitate" not in signature(lower.fit).parameters or not hasattr(self.chunker, "internal"):
            rule = "imitate=True needs an automatizer that can imitate and a chunker with an internal state"
            came = f"{type(lower).__name__} and {type(self.chunker).__name__}"
            raise ValueError(f"{rule}, such as ElmanPredictor. Got {came}.")

    def _train(self, X, codes: list[np.ndarray], imitate: list[np.ndarray] | None = None) -> None:
        """The automatizer on the sequences, then the chunker on what the automatizer did not expect."""
        automatizer = clone(MarkovPredictor() if self.automatizer is None else self.automatizer)
        more = {} if imitate is None else {"imitate": imitate}
        self.automatizer_: Predictor = automatizer.fit(codes, len(self.alphabet_), **more)
        if self.chunker is not None:
            self.events_, codes = _coded([_passed_on(self.automatizer_, x, self.alphabet_) for x in X])
            self.chunker_: Predictor = clone(self.chunker).fit(codes, max(1, len(self.events_)))

    def _failures(self, X) -> int:
        return sum(len(_passed_on(self.automatizer_, x, self.alphabet_)) for x in X)

    def _chunker_states(self, sequence: Sequence[Hashable]) -> np.ndarray:
        """(T, n2): after each symbol the internal state of the chunker, which moves with surprises alone."""
        state, states, last = self.chunker_.start(), [], -1
        for t, (symbol, code, expected) in enumerate(_followed(self.automatizer_, sequence, self.alphabet_)):
            if _surprises(code, expected):
                (code,) = codes_of([(t - last, symbol)], self.events_)
                state, last = self.chunker_.advance(state, code), t
            states.append(self.chunker_.internal(state))
        return np.array(states)

    @property
    def _levels(self) -> list[tuple[Predictor, dict]]:
        check_is_fitted(self, "automatizer_")
        lower = (self.automatizer_, self.alphabet_)
        return [lower] if self.chunker is None else [lower, (self.chunker_, self.events_)]

    def compress(self, x: Sequence[Hashable]) -> Compressed:
        """What of the sequence x no level expected, and when it came."""
        stream, lengths = x, []
        for predictor, alphabet in self._levels:
            lengths.append(len(stream))
            stream = _passed_on(predictor, stream, alphabet)
        return Compressed(tuple(stream), tuple(lengths), isinstance(x, str))

    def decompress(self, compressed: Compressed) -> Any:
        """The sequence: a string if it was one, else a list."""
        stream = compressed.events
        for (predictor, alphabet), length in zip(reversed(self._levels), reversed(compressed.lengths), strict=True):
            stream = _replayed(predictor, stream, length, list(alphabet), alphabet)
        return "".join(stream) if compressed.text else stream

    def transform(self, X: Sequence[Sequence[Hashable]]) -> list[Compressed]:
        """Each of the sequences compressed."""
        return [self.compress(x) for x in X]

    def inverse_transform(self, X: Sequence[Compressed]) -> list:
        """Each of them as it was."""
        return [self.decompress(compressed) for compressed in X]

    def surprises(self, x: Sequence[Hashable]) -> list[Surprise]:
        """What of x the automatizer did not expect, and what it expected instead."""
        followed, symbols = _followed(self._levels[0][0], x, self.alphabet_), list(self.alphabet_)
        return [
            Surprise(t, symbol, None if expected is None else symbols[expected])
            for t, (symbol, code, expected) in enumerate(followed)
            if _surprises(code, expected)
        ]


def _coded(sequences) -> tuple[dict[Hashable, int], list[np.ndarray]]:
    """The symbols of all sequences with their codes, in the order of their first coming, and the sequences as codes."""
    alphabet = {
        symbol: code for code, symbol in enumerate(dict.fromkeys(s for sequence in sequences for s in sequence))
    }
    return alphabet, [codes_of(sequence, alphabet) for sequence in sequences]


def _followed(predictor, sequence, alphabet) -> Iterator[tuple[Hashable, int, int | None]]:
    """Each symbol, its code, and the code that was expected."""
    state = predictor.start()
    for symbol, code in zip(sequence, codes_of(sequence, alphabet), strict=True):
        yield symbol, code, predictor.expect(state)
        state = predictor.advance(state, code)


def _surprises(code: int, expected: int | None) -> bool:
    return code == UNSEEN or code != expected


def _passed_on(predictor, sequence, alphabet) -> list[Event]:
    """The symbols that were not expected, each with the steps since the one before."""
    events, last = [], -1
    for t, (symbol, code, expected) in enumerate(_followed(predictor, sequence, alphabet)):
        if _surprises(code, expected):
            events.append((t - last, symbol))
            last = t
    return events


def _replayed(predictor, events, length, symbols, alphabet) -> list:
    """The sequence of that length of which these symbols were not expected."""
    times = np.cumsum([lag for lag, _ in events]) - 1
    came = dict(zip(times.tolist(), (symbol for _, symbol in events), strict=True))
    state, sequence = predictor.start(), []
    for t in range(length):
        symbol = came[t] if t in came else symbols[predictor.expect(state)]
        sequence.append(symbol)
        state = predictor.advance(state, codes_of([symbol], alphabet)[0])
    return sequence
