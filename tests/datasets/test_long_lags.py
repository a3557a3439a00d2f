"""The tasks of the 1997 paper and the copying tasks: every target worked out again from the input alone."""

import numpy as np
import pytest

from course_kit.datasets.copying import answering, copy, copy_memory
from course_kit.datasets.long_lags import (
    adding,
    distracted_lag,
    long_lag,
    multiplication,
    temporal_order,
    two_sequences,
)
from course_kit.datasets.sequences import Sequences

TASKS = {
    "adding": lambda seed: adding(40, 100, seed=seed),
    "multiplication": lambda seed: multiplication(40, 100, seed=seed),
    "temporal order of two": lambda seed: temporal_order(40, seed=seed),
    "temporal order of three": lambda seed: temporal_order(40, 3, seed=seed),
    "long lag": lambda seed: long_lag(40, 20, seed=seed),
    "long lag without regularities": lambda seed: long_lag(40, 20, regular=False, seed=seed),
    "distracted lag": lambda seed: distracted_lag(40, 30, 7, seed=seed),
    "two sequences": lambda seed: two_sequences(40, seed=seed),
    "copy": lambda seed: copy(40, seed=seed),
    "copy memory": lambda seed: copy_memory(40, 30, seed=seed),
}
every_task = pytest.mark.parametrize("make", TASKS.values(), ids=TASKS)


@every_task
def test_a_seed_gives_one_draw(make):
    """The same seed the same arrays, another seed others."""
    one, again, other = make(3), make(3), make(4)

    assert np.array_equal(one.x, again.x)
    assert np.array_equal(one.y, again.y)
    assert one.x.shape != other.x.shape or not np.array_equal(one.x, other.x)


@every_task
def test_sequences_end_where_their_length_says(make):
    """Nothing but zeros after the end, something at the last step of the longest, a mask of as many steps."""
    task = make(5)

    assert (task.x.dtype, task.y.dtype) == (np.float32, np.float32)
    assert len(task) == len(task.x) == len(task.y) == len(task.lengths) == 40
    assert not task.x[~task.mask].any()
    assert task.lengths.max() == task.x.shape[1]
    assert np.array_equal(task.mask.sum(axis=1), task.lengths)


@pytest.mark.parametrize("length", [20, 100, 500])
@pytest.mark.parametrize(("make", "low"), [(adding, -1), (multiplication, 0)])
def test_marked_numbers_are_where_the_paper_says(make, low, length):
    """Two marks, one in the first ten pairs, both in the first half; -1 at both ends; lengths T to T + T/10."""
    task = make(400, length, seed=7)

    assert set(task.lengths) <= set(range(length, length + length // 10 + 1))
    assert {length, length + length // 10} <= set(task.lengths)
    for pairs, steps in zip(task.x, task.lengths, strict=True):
        marks = np.flatnonzero(pairs[:, 1] == 1)
        assert pairs[0, 1] == pairs[steps - 1, 1] == -1
        assert np.count_nonzero(pairs[:, 1]) == 2 + len(marks)
        assert len(marks) in (1, 2)  # one where the first pair was to be marked
        assert marks.max() < length // 2
        assert len(marks) == 1 or marks.min() < 10
        assert low <= pairs[:steps, 0].min()
        assert pairs[:, 0].max() <= 1


def test_adding_and_multiplication_give_what_was_marked():
    """0.5 + (X1 + X2)/4, and X1 X2, from the marked pairs in plain Python."""
    task = adding(300, seed=1)
    for pairs, target in zip(task.x, task.y, strict=True):
        marked = [float(value) for value, marker in pairs if marker == 1]
        assert target[0] == pytest.approx(0.5 + sum(marked) / 4, abs=1e-7)
        assert 0 <= target[0] <= 1
    task = multiplication(300, seed=1)
    for pairs, target in zip(task.x, task.y, strict=True):
        marked = [float(value) for value, marker in pairs if marker == 1]
        assert target[0] == pytest.approx(marked[0] * (marked[1] if len(marked) == 2 else 1), abs=1e-7)


def test_the_marks_of_adding_are_spread_evenly():
    """Each of the first ten pairs is marked first about as often; the lag to the end is at least half the length."""
    task = adding(4000, 100, seed=2)
    first = np.array([np.flatnonzero(pairs[:, 1] == 1)[0] for pairs in task.x])

    assert np.bincount(first, minlength=10)[1:10].min() > 300
    assert all(steps - np.flatnonzero(p[:, 1] == 1)[-1] > 50 for p, steps in zip(task.x, task.lengths, strict=True))


RULES = {
    2: {"XX": "Q", "XY": "R", "YX": "S", "YY": "U"},
    3: {"XXX": "Q", "XXY": "R", "XYX": "S", "XYY": "U", "YXX": "V", "YXY": "A", "YYX": "B", "YYY": "C"},
}
PLACES = {2: [(10, 20), (50, 60)], 3: [(10, 20), (33, 43), (66, 76)]}


@pytest.mark.parametrize("relevant", [2, 3])
def test_temporal_order_follows_the_rules_of_the_paper(relevant):
    """E first, B last, X or Y at the places and nowhere else, the class by the table; every class occurs."""
    task = temporal_order(500, relevant, seed=9)
    for k in range(500):
        symbols = task.read(k)
        found = [(i, s) for i, s in enumerate(symbols, start=1) if s in "XY"]
        assert 100 <= len(symbols) <= 110
        assert (symbols[0], symbols[-1]) == ("E", "B")
        assert len(found) == relevant
        assert all(low <= i <= high for (i, _), (low, high) in zip(found, PLACES[relevant], strict=True))
        assert set(symbols[1:-1]) - set("XY") <= set("abcd")
        answer = task.classes[task.y[k].argmax()]
        assert answer == RULES[relevant]["".join(s for _, s in found)]
        assert task.y[k].sum() == 1
    assert task.y.sum(axis=0).min() > 500 / 2**relevant / 2


def test_the_regular_long_lag_has_two_sequences():
    """(x, a1, ..., x) and (y, a1, ..., y), about half and half; the target is always the next symbol."""
    task = long_lag(200, 100, seed=3)
    strings = [[*task.read(k), task.symbols[task.y[k, -1].argmax()]] for k in range(200)]
    middle = [f"a{i}" for i in range(1, 100)]

    assert all(s in (["x", *middle, "x"], ["y", *middle, "y"]) for s in strings)
    assert 70 < sum(s[0] == "x" for s in strings) < 130
    assert np.array_equal(task.y[:, :-1], task.x[:, 1:])
    assert task.x.shape == (200, 100, 101)


def test_the_irregular_long_lag_can_be_known_at_its_end_alone():
    """What lies between is drawn anew, from all symbols, with repetitions."""
    task = long_lag(300, 20, regular=False, seed=3)
    strings = [[*task.read(k), task.symbols[task.y[k, -1].argmax()]] for k in range(300)]

    assert all(s[0] == s[-1] and s[0] in "xy" for s in strings)
    assert {symbol for s in strings for symbol in s[1:-1]} == {f"a{i}" for i in range(1, 20)}
    assert len({tuple(s[1:-1]) for s in strings}) == 300


def test_a_distracted_lag_is_at_least_as_long_as_it_says():
    """b, x or y, q or more of the p distractors, e; their mean number is q + 9, as the paper's sum gives."""
    task = distracted_lag(3000, 50, 7, seed=8)
    between = []
    for k in range(3000):
        symbols = task.read(k)
        assert (symbols[0], symbols[-1]) == ("b", "e")
        assert symbols[1] == task.classes[task.y[k].argmax()]
        assert {s[0] for s in symbols[2:-1]} == {"a"}
        between.append(len(symbols) - 3)
    assert min(between) == 50
    assert np.mean(between) == pytest.approx(50 + 9, abs=5 * np.sqrt(90 / 3000))  # variance 0.9/0.1^2
    assert task.symbols == ("a1", "a2", "a3", "a4", "a5", "a6", "a7", "e", "b", "x", "y")


@pytest.mark.parametrize("informative", [1, 3])
def test_two_sequences_show_their_class_first_and_only_first(informative):
    """3a: exactly +-1 and targets 1 and 0; the noise has variance 0.2 and mean 0."""
    task = two_sequences(2000, 100, informative, seed=6)
    signal = task.x[:, :informative, 0]
    noise = task.x[:, informative:100, 0]

    assert np.array_equal(np.unique(signal), [-1, 1])
    assert np.array_equal(task.y[:, 0], (signal[:, 0] + 1) / 2)
    assert np.array_equal(signal.min(axis=1), signal.max(axis=1))
    assert noise.var() == pytest.approx(0.2, rel=0.01)
    assert abs(noise.mean()) < 0.005
    assert abs(np.corrcoef(noise.sum(axis=1), task.y[:, 0])[0, 1]) < 0.08
    assert {100, 110} <= set(task.lengths) <= set(range(100, 111))


def test_two_sequences_with_noise_on_signal_or_target():
    """3b: mean +-1 and variance 0.2 in the signal. 3c: targets 0.2 (first class) and 0.8, variance 0.1."""
    b, c = (two_sequences(4000, 100, 3, task, seed=6) for task in ("3b", "3c"))
    first = b.y[:, 0] == 1

    assert b.x[first, :3].mean() == pytest.approx(1, abs=0.02)
    assert b.x[~first, :3].mean() == pytest.approx(-1, abs=0.02)
    assert b.x[first, :3].var() == pytest.approx(0.2, rel=0.05)
    first = c.x[:, 0, 0] == 1
    assert (c.y[first].mean(), c.y[~first].mean()) == pytest.approx((0.2, 0.8), abs=0.03)
    assert c.y[first].var() == pytest.approx(0.1, rel=0.1)


def test_copy_asks_for_what_was_read():
    """Bits, then the mark alone, then nothing in and the same bits out; all lengths from 1 to 20 occur."""
    task = copy(400, seed=2)
    lengths = task.lengths // 2

    assert task.x.shape[2] == 9
    assert set(lengths) == set(range(1, 21))
    for x, y, n in zip(task.x, task.y, lengths, strict=True):
        assert np.array_equal(x[:n, :8], y[n + 1 : 2 * n + 1])
        assert np.array_equal(x[n], [0] * 8 + [1])
        assert not x[n + 1 :].any()
        assert not y[: n + 1].any()
        assert not x[:n, 8].any()
    assert task.x[:, :, :8].sum() == pytest.approx(4 * lengths.sum(), rel=0.05)
    asked = answering(task)
    assert np.array_equal(asked.sum(axis=1), lengths)
    assert not task.y[~asked].any()


def test_copy_takes_other_sizes():
    """Longer sequences of fewer bits, to see whether what was learned goes on."""
    task = copy(5, bits=3, shortest=50, longest=50, seed=0)

    assert task.x.shape == (5, 101, 4)


def test_copy_memory_waits_and_repeats():
    """Ten symbols, blanks, the mark where the answer begins, and the same ten at the end."""
    task = copy_memory(50, 30, seed=1)
    for k in range(50):
        read, asked = task.read(k), [task.classes[c] for c in task.y[k].argmax(axis=1)]
        assert len(read) == len(asked) == 50
        assert asked == ["blank"] * 40 + read[:10]
        assert read[10:] == ["blank"] * 29 + ["mark"] + ["blank"] * 10
        assert set(read[:10]) <= {f"a{i}" for i in range(8)}


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda: adding(0, seed=1), "count must be an integer of at least 1. Got 0."),
        (lambda: adding(3, 10, seed=1), "length must be an integer of at least 20. Got 10."),
        (lambda: temporal_order(3, 4, seed=1), "relevant must be 2 or 3, the number of symbols that matter. Got 4."),
        (lambda: long_lag(3, 1, seed=1), "lag must be an integer of at least 2. Got 1."),
        (lambda: two_sequences(3, task="3d", seed=1), "task must be '3a', '3b' or '3c'. Got '3d'."),
        (lambda: two_sequences(3, 5, 5, seed=1), "informative must be less than the length, 5. Got 5."),
        (lambda: copy(3, longest=2, shortest=4, seed=1), "longest must be an integer of at least 4. Got 2."),
        (lambda: copy_memory(3, "9", seed=1), "delay must be an integer of at least 1. Got '9'."),
    ],
)
def test_wrong_sizes_get_the_rule_and_what_came(call, sentence):
    """Exactly this sentence."""
    with pytest.raises(ValueError) as refusal:
        call()
    assert str(refusal.value) == sentence


def test_reading_goes_by_the_length():
    """A shorter sequence is read to its own end."""
    task = Sequences(np.eye(2, dtype=np.float32)[[[0, 1], [1, 0]]], np.zeros(2), np.array([2, 1]), ("p", "q"))

    assert (task.read(0), task.read(1)) == (["p", "q"], ["q"])
