"""Notebook 01: what a sequence is. Order and dependence, E01.1 and E01.3, are here; the others are imported."""

import math

import numpy as np

from course_kit.checking import Exercise, expect, require
from course_kit.exercises.padded_sequences import E01_2
from course_kit.exercises.task_schemas import E01_4
from course_kit.exercises.uses_of_schemas import E01_5
from course_kit.exercises.vector_or_sequence import E01_6
from course_kit.reference.elman import elman_forward
from course_kit.reference.information import mutual_information, pair_counts

__all__ = ["E01_1", "E01_2", "E01_3", "E01_4", "E01_5", "E01_6"]

WORDS = 8
# The net of the notebook: a formula and not a draw, so that both sides have it without sharing a file.
NET = (
    np.sin(np.arange(1.0, 1.0 + WORDS * 4)).reshape(WORDS, 4),
    0.8 * np.cos(np.arange(1.0, 17.0)).reshape(4, 4),
    np.zeros(4),
    np.array([[1.0], [-1.0], [0.5], [0.8]]),
    np.zeros(1),
)

E01_1 = Exercise(
    "E01.1",
    "Same words, other order",
    slides=("D3.5", "D3.7"),
    names=("bag", "pair", "other_order"),
    hints=(
        "A bag has one entry a word of the vocabulary, and the entry is how often the word occurs, be it 0 times. "
        "For the pair, think of a sentence in which somebody does something to somebody.",
        'np.bincount(tokens, minlength=size); numbers("the old man bites the dog") and the same with man and dog '
        "exchanged; tokens[1:] + tokens[:1] is another order of whatever is not one word repeated.",
    ),
)


def rnn_score(tokens) -> float:
    """What the notebook's net says of a sentence."""
    return float(elman_forward(np.eye(WORDS)[list(tokens)][None], np.zeros((1, 4)), *NET)[0][0, -1, 0])


def counts_of(tokens, size: int) -> np.ndarray:
    return np.array([list(tokens).count(k) for k in range(size)])


def numbers_of(value, size: int, what: str) -> list[int]:
    """``value`` as a list of word numbers, or a sentence that says what it is instead."""
    if isinstance(value, np.ndarray) and value.ndim == 1 and value.dtype.kind in "iu":
        value = [int(k) for k in value]
    whole = isinstance(value, list | tuple) and all(
        isinstance(k, int | np.integer) and not isinstance(k, bool) for k in value
    )
    require(whole, f"{what} must be a list of word numbers, such as [3, 0, 2].")
    bad = next((k for k in value if not 0 <= k < size), None)
    require(bad is None, f"{what} holds {str(bad)[:20]}, and there are the words 0 to {size - 1} only.")
    return [int(k) for k in value]


@E01_1.case("the bag")
def _(answer, draw):
    size = draw.integer(6, 9)
    tokens = [int(k) for k in draw.integers(0, size - 3, 9)] + [1, 1]  # the last two words do not occur
    counts = counts_of(tokens, size)
    expect(
        answer.bag(tokens, size),
        counts,
        "the bag",
        known={
            "each word is noted once; a bag counts how often it occurs": np.minimum(counts, 1),
            "these are shares, and counts are due": counts / len(tokens),
            "words that do not occur are left out; each needs its 0": counts[counts > 0],
            "words after the last one that occurs are left out; each needs its 0": counts[: max(tokens) + 1],
            "this is the sequence itself, sorted": np.sort(tokens),
        },
    )


@E01_1.case(
    "the pair",
    hint="Exchange who does it and whom it is done to. The words stay the same, so the bags do; the net reads in "
    "order.",
)
def _(answer, draw):
    pair = answer["pair"]
    if isinstance(pair, np.ndarray) and pair.ndim == 2:
        pair = list(pair)
    require(isinstance(pair, list | tuple) and len(pair) == 2, "pair must hold two lists of word numbers.")
    first, second = (numbers_of(s, WORDS, f"pair[{k}]") for k, s in enumerate(pair))
    require(min(len(first), len(second)) >= 5, "each sentence of the pair must have five words or more.")
    difference = counts_of(first, WORDS) - counts_of(second, WORDS)
    off = int(np.abs(difference).argmax())
    require(
        not difference.any(),
        f"the bags differ: word {off} occurs {first.count(off)} times in the first and {second.count(off)} times in "
        "the second.",
    )
    require(first != second, "the two sentences are the same; another order of the same words is due.")
    weights = draw.normal(WORDS)
    bags = [answer.bag(s, WORDS) for s in (first, second)]
    for own, sentence in zip(bags, (first, second), strict=True):
        expect(own, counts_of(sentence, WORDS), "the bag of a sentence of the pair")
    expect(float(bags[0] @ weights), float(bags[1] @ weights), "the score of a classifier of bags")
    apart = abs(rnn_score(first) - rnn_score(second))
    require(apart > 1e-3, f"the net's scores differ by {apart:.2g} only, and 0.001 is due: change more of the order.")


@E01_1.case(
    "another order of any sequence",
    hint="Turning round does nothing to a palindrome, sorting nothing to what is sorted. Move the first word to "
    "the end, and ask when that could give the same sequence.",
)
def _(answer, draw):
    a, b, c = (int(k) for k in draw.rng.permutation(WORDS)[:3])
    for tokens, kind in (
        ([int(k) for k in draw.integers(0, WORDS - 1, 6)] + [a, b], "the sequence dealt"),
        ([a, b, c, b, a], "this sequence is a palindrome: turning it round changes nothing"),
        (sorted([a, a, b, c]), "this sequence is sorted already: sorting changes nothing"),
        ([a, b, a, b], "this sequence repeats itself: exchanging its halves changes nothing"),
        ([a, b, c, a], "first and last word of this sequence are the same: exchanging them changes nothing"),
        ([a, a, b], "the first two words of this sequence are the same: exchanging them changes nothing"),
    ):
        obtained = numbers_of(answer.other_order(list(tokens)), WORDS, "other_order(...)")
        require(
            sorted(obtained) == sorted(tokens),
            f"other_order({tokens}) gave {str(obtained)[:60]}, which is not made of the same words.",
        )
        require(obtained != tokens, f"other_order({tokens}) gave the same sequence back.", known=kind)


E01_3 = Exercise(
    "E01.3",
    "Elements depend on each other",
    slides=("D3.4",),
    names=("mutual_information",),
    hints=(
        "Make a list of all pairs (text[t], text[t + gap]). The shares of the pairs are p(a, b); the shares of "
        "their first members are p(a), those of their second members p(b).",
        "pairs = list(zip(text, text[gap:])); with Counter: sum over the pairs that occur of count / N * "
        "np.log(count * N / (first[a] * second[b])), where N = len(pairs).",
    ),
    limit=10.0,
)


def chain(draw, length: int) -> str:
    """A text of four letters in which each letter prefers some successors."""
    odds = draw.uniform(0, 1, 4, 4) ** 3 + 0.02
    steps = np.cumsum(odds / odds.sum(axis=1, keepdims=True), axis=1)
    state, text = 0, []
    for u in draw.uniform(0, 1, length):
        state = min(int(np.searchsorted(steps[state], u)), 3)
        text.append("abé "[state])
    return "".join(text)


def known_information(text: str, gap: int) -> dict:
    p = pair_counts(text, gap)
    p /= p.sum()
    first, second = p.sum(axis=1), p.sum(axis=0)

    def h(shares):
        shares = shares[shares > 0]
        return float(-(shares * np.log(shares)).sum())

    right = mutual_information(text, gap)
    seen = p > 0
    forms = {
        "this is in bits: take the natural logarithm": right / math.log(2),
        "the sign is turned": -right,
        "this is the entropy of the pairs": h(p),
        "this is what is not known of the second, given the first; what is known of it is due": h(p) - h(first),
        "this is the entropy of a single character": h(first),
        "the logarithms are not weighted by p(a, b)": float(np.log(p[seen] / np.outer(first, second)[seen]).sum()),
        "the logarithms are weighted by p(a) p(b) instead of p(a, b)": float(
            (np.outer(first, second)[seen] * np.log(p[seen] / np.outer(first, second)[seen])).sum()
        ),
        "the end of the text is joined to its beginning; there is no such pair": mutual_information(
            text + text[:gap], gap
        ),
    }
    if gap > 1:
        forms["gap is not used: these are neighbours"] = mutual_information(text)
    return forms


@E01_3.case("values")
def _(answer, draw):
    for gap in (1, 3):
        text = chain(draw, 400)
        expect(
            answer.mutual_information(text, gap),
            mutual_information(text, gap),
            f"the mutual information at gap {gap}",
            tolerance=1e-9,
            known=known_information(text, gap),
        )


@E01_3.case("texts whose answer is known", hint="Leave out the pairs that do not occur: 0 times the log of 0 is 0.")
def _(answer, draw):
    period = draw.integer(2, 5)
    times = draw.integer(20, 30)
    cycle = "vwxyz"[:period]
    expect(
        answer.mutual_information(cycle * times + cycle[0], 1),
        math.log(period),
        f"the mutual information of a cycle of {period} letters (it is ln {period})",
        tolerance=1e-9,
        known={"this is in bits: take the natural logarithm": math.log2(period)},
    )
    expect(
        answer.mutual_information("z" * times, 1), 0.0, "the mutual information of one letter repeated", tolerance=1e-9
    )


@E01_3.case("real text, and the same text shuffled")
def _(answer, draw):
    from pydoc_data.topics import topics

    text = "\n".join(topics[name] for name in sorted(topics))
    start = draw.integer(0, len(text) - 20_000)
    text = text[start : start + 20_000]
    shuffled = "".join(draw.rng.permutation(list(text)))
    real, other = (answer.mutual_information(t, 1) for t in (text, shuffled))
    for obtained, t, name in ((real, text, "real text"), (other, shuffled, "shuffled text")):
        expect(
            obtained,
            mutual_information(t),
            f"the mutual information of {name}",
            tolerance=1e-9,
            known=known_information(t, 1),
        )
    require(float(other) < float(real), "the shuffled text must have the smaller mutual information.")
