"""Notebook 20, the dialogue of the slides: how varied its replies are, and what it remembers. E20.6 and E20.7."""

import numpy as np

from course_kit.checking import Exercise, expect, require
from course_kit.exercises.closed import one_of
from course_kit.reference.lstm import lstm_forward
from course_kit.reference.text_scores import distinct, rerank

# The machine's six replies on slides D5.15 and D5.16, in lower case and without punctuation.
REPLIES = [
    text.split()
    for text in (
        "как насчет привет",
        "ты действительно думаешь что я буду помнить об этом",
        "так почему тебе не все равно",
        "ты совсем не такой",
        "угу",
        "конечно дело в том что сейчас не лучшее время",
    )
]
WORDS = ["yes", "no", "so", "what", "i", "you", "it", "is", "not", "a", "good", "time"]

# E20.6

E20_6 = Exercise(
    "E20.6",
    "The impolite dialogue",
    slides=("D5.14", "D5.15", "D5.16", "D5.25"),
    names=("distinct", "rerank", "ignored", "unseen"),
    hints=(
        "distinct-n counts n-grams within a reply, never from one reply into the next: a reply of L words has L - n "
        "+ 1. A set of tuples holds each but once.",
        "grams = [tuple(r[k : k + n]) for r in replies for k in range(len(r) - n + 1)]; return len(set(grams)), "
        "len(grams). And np.argsort(-(log_p - weight * log_p_anyway)).",
    ),
)


def deal_replies(draw) -> list[list[str]]:
    return [[draw.choice(WORDS) for _ in range(L)] for L in (4, 1, 6, draw.integer(2, 7))]


def wrong_distinct(replies, n) -> dict:
    grams, all_grams = distinct(replies, n)
    joined = [word for reply in replies for word in reply]
    letters = ["".join(reply) for reply in replies]
    per_reply = sum(len({tuple(r[k : k + n]) for k in range(len(r) - n + 1)}) for r in replies)
    flat = {tuple(joined[k : k + n]) for k in range(len(joined) - n + 1)}
    return {
        "n-grams reach from one reply into the next": (len(flat), len(joined) - n + 1),
        "these are n-grams of letters; of words are due": tuple(
            sum(v) if k else len(set().union(*v))
            for k, v in enumerate(
                (
                    [{s[i : i + n] for i in range(len(s) - n + 1)} for s in letters],
                    [max(len(s) - n + 1, 0) for s in letters],
                )
            )
        ),
        "an n-gram that comes in two replies was counted twice: one set for all replies": (per_reply, all_grams),
        "all n-grams came first: the different ones are the first number": (all_grams, grams),
        "the second number is that of all n-grams, not of all words": (grams, len(joined)),
        "two counts are due, not their quotient": grams / max(all_grams, 1),
    }


@E20_6.case("the replies of the two slides")
def _(answer, draw):
    for n, due in ((1, (28, 32)), (2, (26, 26))):
        expect(
            answer.distinct(REPLIES, n), due, f"different, all (n = {n})", tolerance=0, known=wrong_distinct(REPLIES, n)
        )


@E20_6.case("other replies", hint="A reply of L words has L - n + 1 n-grams, and none if it is shorter than n.")
def _(answer, draw):
    replies = deal_replies(draw)
    for n in (1, 2, 3):
        known = wrong_distinct(replies, n)
        expect(answer.distinct(replies, n), distinct(replies, n), f"different, all (n = {n})", tolerance=0, known=known)


@E20_6.case(
    "the order after reranking",
    hint="np.argsort sorts upwards, and the best should come first: sort minus log_p - weight * log_p_anyway.",
)
def _(answer, draw):
    log_p, anyway = -draw.uniform(1, 6, 7), -draw.uniform(1, 9, 7)
    for weight in (0.0, 0.5, 1.0):
        value = log_p - weight * anyway
        known = {
            "the worst came first": np.argsort(value, kind="stable"),
            "the sign is wrong: what is said anyway must lose": rerank(log_p, anyway, -weight),
            "these are the ranks of the candidates; the candidates in their order are due": np.argsort(
                np.argsort(-value)
            ),
            "weight belongs to the reply by itself, ln P(reply)": np.argsort(-(weight * log_p - anyway), kind="stable"),
        }
        expect(
            answer.rerank(log_p, anyway, weight),
            rerank(log_p, anyway, weight),
            f"order for weight {weight}",
            known=known,
        )


@E20_6.case(
    "two questions",
    hint="ignored: what is said before it must end in a question mark. unseen: what cannot be seen by counting words?",
)
def _(answer, draw):
    ignored = one_of(answer["ignored"], "abcdef", "ignored")
    statement = "what came before is no question; look for the question marks on the person's side"
    known = {
        "to the question whether one is offended, 'uh-huh' is an answer: yes": "e",
        statement: ignored if ignored in ("a", "c", "d", "f") else "",
    }
    expect(ignored, "b", "ignored", reveal=False, known=known)
    unseen = one_of(answer["unseen"], "abcd", "unseen")
    known = {
        "repetition is what distinct-n does see": "a",
        "the length is a count too, and it is the denominator": "b",
        "the size of the vocabulary is what distinct-1 counts": "d",
    }
    expect(unseen, "c", "unseen", reveal=False, known=known)


# E20.7

E20_7 = Exercise(
    "E20.7",
    "It does not remember you",
    slides=("D5.15", "D5.16"),
    names=("turn_states",),
    hints=(
        "Two loops: over the turns, and over the words of a turn. What `carry` decides is where h and c are set to "
        "zero: before the first loop, or within it.",
        "h = c = zeros; for x in turns: if not carry: h = c = zeros; for t in range(x.shape[1]): h, c = "
        "lstm_step(x[:, t], h, c, W, U, b); then keep h.",
    ),
)


def states(turns, carry, W, U, b) -> np.ndarray:
    """h at the end of each turn, (K, N, n)."""
    h = c = np.zeros((len(turns[0]), U.shape[0]))
    kept = []
    for x in turns:
        if not carry:
            h = c = np.zeros_like(h)
        hs, cs = lstm_forward(x, h, c, W, U, b)
        h, c = hs[:, -1], cs[:, -1]
        kept.append(h)
    return np.stack(kept)


def deal_turns(draw):
    m, n = draw.sizes()
    turns = [draw.normal(2, T, m) for T in (3, 4, 2, 5)]
    return turns, (draw.normal(m, 4 * n), draw.normal(n, 4 * n, scale=0.7), draw.normal(4 * n))


def wrong_states(turns, carry, weights) -> dict:
    h_alone, h = [], np.zeros((2, weights[1].shape[0]))
    for x in turns:
        hs, _ = lstm_forward(x, h, np.zeros_like(h), *weights)
        h = hs[:, -1]
        h_alone.append(h)
    backwards = states(turns[::-1], carry, *weights)[::-1]
    return {
        "`carry` was read the wrong way round": states(turns, not carry, *weights),
        "h went on and c began at zero: both are the state": np.stack(h_alone),
        "the turns were read from the last to the first": backwards,
        "only the state after the last turn came back: one for each turn is due": states(turns, carry, *weights)[-1],
    }


@E20_7.case("carried and reset")
def _(answer, draw):
    turns, weights = deal_turns(draw)
    for carry in (True, False):
        known = wrong_states(turns, carry, weights)
        expect(
            answer.turn_states(turns, carry, *weights),
            states(turns, carry, *weights),
            f"h, carry = {carry}",
            known=known,
        )


@E20_7.case(
    "the same question twice",
    hint="Without carried state the second time must be like the first; with it, what came in between shows.",
)
def _(answer, draw):
    (question, other, *_), weights = deal_turns(draw)
    turns = [question, other, question]
    for carry in (False, True):
        obtained = answer.turn_states(turns, carry, *weights)
        expect(
            obtained, states(turns, carry, *weights), f"h, carry = {carry}", known=wrong_states(turns, carry, weights)
        )
        apart = float(np.abs(obtained[2] - obtained[0]).max())
        require(
            (apart > 1e-6) == carry, f"with carry = {carry} the answers to one question must be {'un' * carry}equal."
        )
    require(
        np.abs(obtained[0] - states([question], False, *weights)[0]).max() < 1e-12,
        "the first turn has nothing before it.",
    )


@E20_7.case("one long turn or many short ones", hint="With carried state it makes no difference where a turn ends.")
def _(answer, draw):
    turns, weights = deal_turns(draw)
    whole = answer.turn_states([np.concatenate(turns, axis=1)], True, *weights)
    due = states(turns, True, *weights)[-1:]
    expect(whole, due, "h after one long turn")
