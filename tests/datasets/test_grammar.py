"""Reber strings against a regular expression, and their lengths against a linear system."""

import re

import numpy as np
import pytest

from course_kit.datasets.grammar import ALPHABET, continual_reber, embedded_reber, embedded_string, reber, reber_string

# Written from the figure, without the table of the module: once on the lower branch (P..., or X after the upper one)
# a string goes T* V, and then leaves by V or PS or comes round again by PX.
LOWER = "(?:T*VPX)*T*V(?:V|PS)"
REBER = re.compile(f"B(?:TS*X(?:S|X{LOWER})|P{LOWER})E")
EMBEDDED = re.compile(f"B(?:T{REBER.pattern}T|P{REBER.pattern}P)E")

# Strings that others print as belonging to the grammar, and as not
GOOD = ["BTXSE", "BPVVE", "BTSSXXTVVE", "BPVPXVPSE", "BTSXSE", "BPTVPXTTVVE"]
BAD = ["BTSSPXSE", "BPTVVB", "BTXXVVSE", "BTE", "TXSE", "BPVVEE", ""]


@pytest.fixture
def rng():
    return np.random.default_rng(1967)


def test_the_expression_knows_printed_strings():
    """The oracle itself: examples from the literature."""
    assert all(REBER.fullmatch(string) for string in GOOD)
    assert not any(REBER.fullmatch(string) for string in BAD)
    assert EMBEDDED.fullmatch("BTBPVVETE")
    assert not EMBEDDED.fullmatch("BTBPVVEPE")


def test_every_string_belongs_and_every_short_string_comes(rng):
    """3000 drawn strings are accepted; all accepted words of up to nine letters are among them."""
    drawn = {reber_string(rng)[0] for _ in range(3000)}
    words, short = [""], set()
    for _ in range(9):
        words = [w + s for w in words for s in ALPHABET if any(d.startswith(w + s) for d in [*drawn, *GOOD])]
        short |= {w for w in words if REBER.fullmatch(w)}

    assert all(REBER.fullmatch(string) for string in drawn)
    assert short <= drawn
    assert len(short) > 20


def test_embedded_strings_close_as_they_opened(rng):
    """1000 of them; T and P about equally often."""
    drawn = [embedded_string(rng)[0] for _ in range(1000)]

    assert all(EMBEDDED.fullmatch(string) for string in drawn)
    assert 400 < sum(string[1] == "T" for string in drawn) < 600


@pytest.mark.parametrize(("draw", "pattern"), [(reber_string, REBER), (embedded_string, EMBEDDED)])
def test_what_may_follow_is_what_does_follow(draw, pattern, rng):
    """After every beginning, the allowed symbols are those with which accepted strings go on."""
    drawn = [draw(rng) for _ in range(6000)]
    follows = {}
    for string, _ in drawn:
        for t in range(1, len(string)):
            follows.setdefault(string[:t], set()).add(string[t])
    seen = 0
    for string, after in drawn:
        assert after[-1] == ""
        assert len(after) == len(string)
        for t in range(1, len(string)):
            assert follows[string[:t]] <= set(after[t - 1])
            if t < 6:  # often enough drawn to have gone every way
                assert follows[string[:t]] == set(after[t - 1])
                seen += 1
    assert seen > 10_000


def test_mean_length_is_that_of_the_markov_chain():
    """Steps to absorption from the fundamental matrix of the graph as drawn in the figure: 8, and 12 in the frame."""
    # nodes: after B, after T, after P, after TX, after PV; the way out leads to the last letter E
    ways = np.array([[0, 1, 1, 0, 0], [0, 1, 0, 1, 0], [0, 0, 1, 0, 1], [0, 0, 1, 0, 0], [0, 0, 0, 1, 0]]) / 2
    letters = 1 + np.linalg.solve(np.eye(5) - ways, np.ones(5))[0] + 1
    plain, framed = reber(6000, seed=1), embedded_reber(6000, seed=1)

    assert letters == pytest.approx(8)
    assert plain.lengths.mean() + 1 == pytest.approx(letters, abs=0.15)
    assert framed.lengths.mean() + 1 == pytest.approx(letters + 4, abs=0.15)


def test_the_arrays_hold_the_strings():
    """One-hot inputs without the last E; targets with a 1 for each symbol that may come; padding empty."""
    task = embedded_reber(300, seed=5)
    for k in range(300):
        string = "".join(task.read(k))
        assert EMBEDDED.fullmatch(f"{string}E")
        for t in range(1, len(string)):
            assert task.y[k, t - 1, ALPHABET.index(string[t])] == 1
        last = task.y[k, task.lengths[k] - 1]
        assert last[ALPHABET.index("E")] == last.sum() == 1
        assert task.y[k, task.lengths[k] - 2].sum() == 1  # the one that has to be remembered
    assert not task.x[~task.mask].any()
    assert not task.y[~task.mask].any()
    assert set(task.y[task.mask].sum(axis=1)) == {1, 2}


def test_a_stream_is_embedded_strings_without_a_gap():
    """All of it but the last, unfinished string; E is followed by B at the frame's end; as long as asked."""
    task = continual_reber(5, 1000, seed=3)
    assert task.x.shape == task.y.shape == (5, 1000, 7)
    for k in range(5):
        stream = "".join(task.read(k))
        whole = re.match(f"(?:{EMBEDDED.pattern})*", stream).group()
        assert len(stream) - len(whole) < 80
        assert len(re.findall(EMBEDDED.pattern, whole)) > 60
        assert all(task.y[k, t - 1, ALPHABET.index(stream[t])] == 1 for t in range(1, 1000))
        ends = [m.end() for m in re.finditer(EMBEDDED.pattern, whole)]
        assert all(task.y[k, end - 1].tolist() == [1, 0, 0, 0, 0, 0, 0] for end in ends)


def test_a_seed_gives_one_draw_and_sizes_are_checked():
    """The same seed the same strings; a length that is none gets a sentence."""
    assert np.array_equal(continual_reber(2, 50, seed=1).x, continual_reber(2, 50, seed=1).x)
    assert reber(20, seed=1).lengths.tolist() != reber(20, seed=2).lengths.tolist()
    with pytest.raises(ValueError, match=r"^length must be an integer of at least 1. Got 0.$"):
        continual_reber(1, 0, seed=1)
