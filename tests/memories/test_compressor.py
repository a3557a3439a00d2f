"""The history compressor loses nothing, whatever it predicts with; what it passes on is what the twin says."""

import hashlib
import re

import numpy as np
import pytest
from sklearn.base import BaseEstimator, clone
from sklearn.exceptions import NotFittedError

from course_kit.memories import HistoryCompressor, MarkovPredictor, Surprise
from course_kit.reference import history_compressor as twin


class Stubborn(BaseEstimator):
    """Expects one code for ever."""

    def __init__(self, code=0):
        self.code = code

    def fit(self, sequences, symbols):
        return self

    def start(self):
        return None

    def expect(self, state):
        return self.code

    def advance(self, state, code):
        return None


class Capricious(Stubborn):
    """Expects whatever a hash of all that came says; now and then nothing."""

    def fit(self, sequences, symbols):
        self.symbols = symbols
        return self

    def start(self):
        return ()

    def expect(self, state):
        roll = hashlib.sha256(repr((self.code, state)).encode()).digest()[0]
        return None if roll % 5 == 0 else roll % self.symbols

    def advance(self, state, code):
        return (*state, int(code))


PREDICTORS = {
    "nothing expected": Stubborn(None),
    "one code expected": Stubborn(1),
    "the code of what is unknown expected": Stubborn(-1),
    "a whim": Capricious(3),
    "counts of none": MarkovPredictor(0),
    "counts of two": MarkovPredictor(2),
    "counts of five": MarkovPredictor(5),
}
TRAINING = ["abacabad" * 3, "abcabcabc", "dddd", "a"]


@pytest.fixture
def rng():
    return np.random.default_rng(1992)


@pytest.mark.parametrize("lower", PREDICTORS.values(), ids=PREDICTORS)
@pytest.mark.parametrize("upper", [None, *PREDICTORS.values()], ids=["no chunker", *PREDICTORS])
def test_nothing_is_lost(lower, upper, rng):
    """Training sequences, random ones, empty ones, and such with symbols that were not there before."""
    compressor = HistoryCompressor(clone(lower), None if upper is None else clone(upper)).fit(TRAINING)
    strings = ["", "z", "abz", "zzzabcabcabc", *TRAINING]
    strings += ["".join(rng.choice(list("abcdxyz"), size=n)) for n in range(1, 40)]

    for string in strings:
        small = compressor.compress(string)
        assert compressor.decompress(small) == string
        assert len(small) <= small.lengths[-1] <= len(string)
    assert compressor.inverse_transform(compressor.transform(strings)) == strings


def test_symbols_may_be_anything_that_can_be_looked_up():
    """Numbers, pairs, None, arrays of codes: what comes back is a list of the same."""
    for sequences in ([[1, 2, 1, 2, 3]], [[(0, "a"), None, (0, "a"), None]], [np.array([3, 1, 3, 1, 1])]):
        compressor = HistoryCompressor(MarkovPredictor(1), Stubborn(None)).fit(sequences)
        for x in (sequences[0], list(sequences[0])[::-1], [None, "new", None]):
            again = compressor.decompress(compressor.compress(x))
            assert isinstance(again, list)
            assert again == list(x)


def followed_most(history, texts, order):
    """What most often followed the end of `history`, found by regular expressions in the texts."""
    for back in range(min(order, len(history)), -1, -1):
        context = re.escape("".join(history[len(history) - back :]))
        found = "".join(m.group(1) for text in texts for m in re.finditer(f"(?={context}(.))", text))
        if found:
            first = "".join(dict.fromkeys("".join(texts)))  # codes are given in the order of first coming
            return max(first, key=found.count)
    return None


@pytest.mark.parametrize("order", [0, 1, 2, 4])
def test_what_is_passed_on_is_what_the_twin_passes_on(order, rng):
    """Symbols and times, with another way of counting; and the twin gets the sequence back."""
    compressor = HistoryCompressor(MarkovPredictor(order)).fit(TRAINING)
    for _ in range(20):
        x = "".join(rng.choice(list("abcd"), size=30))

        def predict(history):
            return followed_most(history, TRAINING, order)

        expected = twin.surprises(x, predict)

        assert [(s.time, s.symbol) for s in compressor.surprises(x)] == expected
        times = np.cumsum([lag for lag, _ in compressor.compress(x).events]) - 1
        assert list(zip(times, (symbol for _, symbol in compressor.compress(x).events), strict=True)) == expected
        assert "".join(twin.replay(expected, len(x), predict)) == x


def test_a_sequence_that_follows_a_rule_surprises_nobody_after_its_start():
    """x_t = x_{t-1} + 2 x_{t-2} + 1 modulo 5, of period 20: no surprises but in the first two symbols."""
    x = [0, 1]
    while len(x) < 80:
        x.append((x[-1] + 2 * x[-2] + 1) % 5)
    compressor = HistoryCompressor(MarkovPredictor(2)).fit([x])

    assert x[:20] == x[20:40] != x[10:30]
    assert all(surprise.time < 2 for surprise in compressor.surprises(x))
    assert compressor.surprises_ == [len(compressor.surprises(x))]


def test_a_report_says_what_was_expected_instead():
    """Time, symbol and expectation of each surprise."""
    compressor = HistoryCompressor(MarkovPredictor(1)).fit(["abcabcabc"])

    assert compressor.surprises("abcacb?a") == [
        Surprise(4, "c", "b"),
        Surprise(5, "b", "a"),
        Surprise(6, "?", "c"),
    ]
    assert HistoryCompressor(Stubborn(None)).fit(["ab"]).surprises("a") == [Surprise(0, "a", None)]


def test_a_second_level_takes_what_the_first_cannot():
    """The first symbol says what the last will be, 20 steps on: the lower level cannot know, the upper one does."""
    middle = "bcdefghijklmnopqrstu"
    X = [f"a{middle}a", f"x{middle}x"]
    one = HistoryCompressor(MarkovPredictor(1)).fit(X)
    two = HistoryCompressor(MarkovPredictor(1), MarkovPredictor(1)).fit(X)

    # the lower level expects a at the start and after u: only x surprises it, twice
    assert [one.compress(x).events for x in X] == [(), ((1, "x"), (21, "x"))]
    assert list(two.events_) == [(1, "x"), (21, "x")]
    assert [two.compress(x).events for x in X] == [(), ()]
    assert two.compress(X[1]).lengths == (22, 2)
    assert [two.decompress(two.compress(x)) for x in X] == X


def test_a_chunker_without_anything_to_read_stays_idle():
    """Where nothing surprises the first level, the second has no events, and new sequences still come back."""
    compressor = HistoryCompressor(Stubborn(0), MarkovPredictor()).fit(["aaaa"])

    assert compressor.surprises_ == [0]
    assert compressor.decompress(compressor.compress("aabaa")) == "aabaa"


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda: HistoryCompressor().fit("abc"), "X must be a list of sequences with a symbol in them. Got 'abc'."),
        (lambda: HistoryCompressor().fit([]), "X must be a list of sequences with a symbol in them. Got []."),
        (
            lambda: HistoryCompressor().fit(["", ""]),
            "X must be a list of sequences with a symbol in them. Got ['', ''].",
        ),
        (
            lambda: HistoryCompressor(imitate=True).fit(["ab"]),
            "imitate=True needs a chunker to imitate. Got chunker=None.",
        ),
        (
            lambda: HistoryCompressor(chunker=MarkovPredictor(), imitate=True).fit(["ab"]),
            "imitate=True needs an automatizer that can imitate and a chunker with an internal state, such as "
            "ElmanPredictor. Got MarkovPredictor and MarkovPredictor.",
        ),
        (lambda: HistoryCompressor(MarkovPredictor(-1)).fit(["ab"]), "order must be an integer of at least 0. Got -1."),
        (
            lambda: HistoryCompressor(MarkovPredictor(1.0)).fit(["ab"]),
            "order must be an integer of at least 0. Got 1.0.",
        ),
    ],
)
def test_wrong_use_gets_the_rule_and_what_came(call, sentence):
    """Exactly this sentence."""
    with pytest.raises(ValueError) as refusal:
        call()
    assert str(refusal.value) == sentence


def test_before_fit_there_is_nothing_to_compress_with():
    """scikit-learn's own error."""
    with pytest.raises(NotFittedError):
        HistoryCompressor().compress("abc")
    with pytest.raises(NotFittedError):
        MarkovPredictor().start()
