"""Notebook 20, what a sentence is worth and how the best one is found: E20.4 and E20.5."""

import numpy as np

from course_kit.checking import Exercise, expect, require
from course_kit.reference import beam

# E20.4

E20_4 = Exercise(
    "E20.4",
    "Scores",
    slides=("D5.17",),
    names=("length_penalty", "coverage_penalty", "score"),
    hints=(
        "P has a row for each written word and a column for each source word. Coverage asks, of each column, how "
        "much it got in all, and cuts that off at 1.",
        "((5 + L) / 6) ** alpha; beta * np.log(np.minimum(P.sum(axis=0), 1)).sum(); log_p / lp + cp with L = len(P).",
    ),
)
LENGTHS = (1, 5, 10, 20)


@E20_4.case("lengths 1, 5, 10 and 20 with alpha = 0.2")
def _(answer, draw):
    for L in LENGTHS:
        known = {
            "the numbers are added and divided before the power: ((5 + L) / 6) ** alpha": (5.0 + L) / 6.0**0.2,
            "this is its inverse: the penalty grows with L": beam.length_penalty(L, -0.2),
            "this is L ** alpha, without the 5 and the 6": L**0.2,
            "the denominator is (5 + 1) ** alpha": (5.0 + L) ** 0.2,
        }
        expect(
            answer.length_penalty(L, 0.2),
            float(beam.length_penalty(L, 0.2)),
            f"lp for L = {L}",
            tolerance=1e-9,
            known=known,
        )


@E20_4.case("other alpha, and none", hint="With alpha = 0 the penalty is 1, with alpha = 1 it is (5 + L) / 6.")
def _(answer, draw):
    for alpha in (0.0, 1.0, float(draw.uniform(0.3, 0.9))):
        L = draw.integer(2, 40)
        expect(
            answer.length_penalty(L, alpha),
            float(beam.length_penalty(L, alpha)),
            f"lp for L = {L}, alpha = {alpha:.3g}",
            tolerance=1e-9,
        )


def deal_weights(draw, T: int, S: int) -> np.ndarray:
    """Attention of T written words to S source words, some of which get more than 1 in all and some less."""
    P = draw.uniform(0.05, 1.0, T, S) * np.linspace(3.0, 0.3, S)
    return P / P.sum(axis=1, keepdims=True)


def wrong_coverage(P, beta) -> dict:
    got = P.sum(axis=0)
    return {
        "sums must be cut off at 1: a word that got more is not worth more": beta * np.log(got).sum(),
        "the sums run over the source words; they must run over the written ones, axis 0": beta
        * np.log(np.minimum(P.sum(axis=1), 1.0)).sum(),
        "the logarithm is missing": beta * np.minimum(got, 1.0).sum(),
        "beta is missing": np.log(np.minimum(got, 1.0)).sum(),
        "the sign is wrong: what was left out costs": -beta * np.log(np.minimum(got, 1.0)).sum(),
        "the largest weight of a column was taken for their sum": beta * np.log(np.minimum(P.max(axis=0), 1.0)).sum(),
        "each weight was cut off by itself; sum first": beta * np.log(np.minimum(P, 1.0)).sum(),
    }


@E20_4.case("coverage of a given attention", hint="Column sums, cut off at 1, their logarithms, their sum, times beta.")
def _(answer, draw):
    for T, S in ((5, 4), (3, 6)):
        P, beta = deal_weights(draw, T, S), float(draw.uniform(0.1, 0.9))
        expect(
            answer.coverage_penalty(P, beta),
            beam.coverage_penalty(P, beta),
            "cp",
            tolerance=1e-9,
            known=wrong_coverage(P, beta),
        )


@E20_4.case("all source words covered", hint="What got 1 or more costs nothing: the logarithm of 1 is 0.")
def _(answer, draw):
    expect(
        answer.coverage_penalty(np.eye(4)[[0, 1, 2, 3, 3]], 0.7), 0.0, "cp where each word got 1 or 2", tolerance=1e-9
    )


@E20_4.case("the whole score", hint="score = log_p / lp + cp with L = len(P), since P has a row for each written word.")
def _(answer, draw):
    P, log_p, alpha, beta = deal_weights(draw, draw.integer(4, 9), 5), float(draw.uniform(-9, -2)), 0.6, 0.3
    lp, cp = beam.length_penalty(len(P), alpha), beam.coverage_penalty(P, beta)
    known = {
        "the penalty divides the logarithm, it does not multiply it": log_p * lp + cp,
        "cp is added, being negative": log_p / lp - cp,
        "cp is not divided by lp": (log_p + cp) / lp,
        "cp is missing": log_p / lp,
        "L is the number of written words, the rows of P": log_p / beam.length_penalty(P.shape[1], alpha) + cp,
    }
    expect(answer.score(log_p, P, alpha, beta), float(log_p / lp + cp), "score", tolerance=1e-9, known=known)


# E20.5

E20_5 = Exercise(
    "E20.5",
    "Beam search",
    slides=("D5.17",),
    names=("beam_search",),
    hints=(
        "Keep a list of (words, log P). Each round makes all continuations of all of them, sorts them and keeps "
        "`width`. Those that end with 0 go to a second list, with their score; the others stay.",
        "beam = [([], 0.0)]; in each of `limit` rounds: longer = [(w + [b], s + log_p[w[-1] if w else 0, b]) for w, "
        "s in beam for b in range(V)], sorted by s, cut to width. Score s / ((5 + len(w)) / 6) ** alpha with the 0 "
        "counted in len(w); return max over the finished, without its 0.",
    ),
)


def deal_language(draw, V: int = 4, flatness: float = 0.8) -> np.ndarray:
    """ln P of each symbol after each, (V, V); the end is likely enough to come before the limit."""
    a = draw.normal(V, V) / flatness
    a[:, 0] += 1.0
    return a - np.log(np.exp(a).sum(axis=1, keepdims=True))


def trap() -> np.ndarray:
    """A language in which the likeliest first symbol leads nowhere: greedy search writes 1 2, the best is 3."""
    P = np.array([[0.05, 0.5, 0.05, 0.4], [0.1, 0.2, 0.4, 0.3], [0.4, 0.3, 0.1, 0.2], [0.9, 0.04, 0.03, 0.03]])
    return np.log(P)


def wrong_beams(log_p, width, limit, alpha) -> dict:
    def variant(kept_first=False, no_penalty=False, without_end=False, unfinished=False):
        beam_, done = [((), 0.0)], []
        for _ in range(limit):
            longer = [((*w, b), s + log_p[w[-1] if w else 0, b]) for w, s in beam_ for b in range(len(log_p))]
            longer.sort(key=lambda one: -one[1])
            kept = longer[:width]
            done += [(w[:-1], s, len(w) - without_end) for w, s in kept if w[-1] == 0]
            beam_ = [one for one in kept if one[0][-1] != 0]
            if kept_first and done:
                break
        if unfinished:
            done += [(w, s, len(w)) for w, s in beam_]
        a = 0.0 if no_penalty else alpha
        scored = [(list(w), float(s / beam.length_penalty(L, a))) for w, s, L in done]
        return max(scored, key=lambda one: one[1], default=([], -np.inf))

    known = {
        "the search stopped at the first sentence that ended; a longer one may have the better score": variant(True),
        "the scores were not divided by the length penalty": variant(no_penalty=True),
        "the end counts as a word: L is one more than the words that are returned": variant(without_end=True),
        "a sentence that the limit cut off was taken for finished": variant(unfinished=True),
        "this is what greedy search finds, width 1": beam.beam_search(log_p, 1, limit, alpha),
        "this is the best sentence there is; a beam of this width does not find it": beam.brute_force(
            log_p, limit, alpha
        ),
    }
    words, score = beam.beam_search(log_p, width, limit, alpha)
    known["the words have the end 0 in them: leave it out"] = ([*words, 0], score)
    return known


def ask(answer, log_p, width, limit, alpha, what):
    """The answer's sentence is the beam's; returns it."""
    obtained = answer.beam_search(log_p, width, limit, alpha)
    expected = beam.beam_search(log_p, width, limit, alpha)
    if isinstance(obtained, (tuple, list)) and len(obtained) == 2 and isinstance(obtained[0], np.ndarray):
        obtained = (obtained[0].tolist(), obtained[1])
    require(
        not (isinstance(obtained, (tuple, list)) and len(obtained) == 2 and isinstance(obtained[0], tuple)),
        "the words must be a list of numbers. Got a tuple.",
    )
    known = {say: wrong for say, wrong in wrong_beams(log_p, width, limit, alpha).items() if wrong != expected}
    expect(obtained, expected, f"words, score ({what})", known=known)
    return obtained


@E20_5.case("width 1 is greedy", hint="With width 1 each round keeps the one likeliest symbol, until that is 0.")
def _(answer, draw):
    log_p = deal_language(draw)
    ask(answer, trap(), 1, 6, 0.2, "width 1, a trap")
    if np.isfinite(beam.beam_search(log_p, 1, 7, 0.2)[1]):  # greedy search may walk in a circle
        ask(answer, log_p, 1, 7, 0.2, "width 1")


@E20_5.case("width 2 gets out of the trap")
def _(answer, draw):
    ask(answer, trap(), 2, 6, 0.0, "width 2, a trap")
    ask(answer, deal_language(draw), 2, 6, 0.6, "width 2")


@E20_5.case(
    "a width that cuts nothing off finds what brute force finds", hint="Do not stop before `limit` rounds are over."
)
def _(answer, draw):
    for alpha in (0.0, 0.2, 1.0):
        log_p = deal_language(draw, V=3)
        obtained = ask(answer, log_p, 3**4, 4, alpha, f"width 81, alpha {alpha}")
        expect(tuple(obtained), beam.brute_force(log_p, 4, alpha), "words, score (brute force)")


@E20_5.case("the length decides", hint="Divide the logarithm of each finished sentence by its own length penalty.")
def _(answer, draw):
    log_p = np.log(np.array([[0.3, 0.7], [0.28, 0.72]]))
    ask(answer, log_p, 8, 6, 0.0, "alpha 0")
    ask(answer, log_p, 8, 6, 2.0, "alpha 2")
