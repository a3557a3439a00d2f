"""Notebook 22, item 4: a report on arXiv 1711.09059, with the number by which its taggers are compared."""

import numpy as np

from course_kit.checking import Exercise, expect
from course_kit.exercises.prose import text, texts

FACTS = ("task", "data", "order", "network", "baseline", "result")
OPINION = ("strengths", "weaknesses")

E22_4 = Exercise(
    "E22.4",
    "Report on 1711.09059 (item 4)",
    slides=("D1.33",),
    names=("rejection", "papers_ratio", "report"),
    hints=(
        "Two steps: the cut is the score that just lets the asked share of the top jets pass; then look how many of "
        "the others pass it.",
        "tops = np.sort(scores[is_top])[::-1]; cut = tops[ceil(efficiency * len(tops)) - 1]; "
        "1 / np.mean(scores[~is_top] >= cut), infinite when none passes.",
    ),
    prose="report",
    by_hand=1,
)


def pass_rate(scores: np.ndarray, cut: float) -> float:
    return float(np.mean(scores >= cut))


def cut_for(scores: np.ndarray, share: float) -> float:
    """The highest cut that at least ``share`` of the scores pass."""
    needed = int(np.ceil(share * len(scores) - 1e-9))
    return float(np.sort(scores)[::-1][needed - 1])


def inverse(share: float) -> float:
    return 1 / share if share else float("inf")


def jets(draw, tops: int, others: int, digits: int | None = None):
    """Scores of jets in a random order, and which of them are tops; rounded to ``digits`` they have ties."""
    scores = np.concatenate([draw.normal(tops) + 1.5, draw.normal(others)])
    scores = 1 / (1 + np.exp(-scores))
    is_top = np.arange(tops + others) < tops
    order = draw.rng.permutation(tops + others)
    return (scores if digits is None else np.round(scores, digits))[order], is_top[order]


def tagged(answer, scores, is_top, efficiency: float, what: str) -> None:
    top, other = scores[is_top], scores[~is_top]
    cut = cut_for(top, efficiency)
    known = {
        "the cut lets that share of the background pass; it is the tops that are asked for": inverse(
            pass_rate(top, cut_for(other, efficiency))
        ),
        "the cut lets that share of all jets pass; it is the tops alone that count": inverse(
            pass_rate(other, cut_for(scores, efficiency))
        ),
        "this is the share of background that passes; its inverse is due": pass_rate(other, cut),
        "this is the share of background that is stopped; 1 / eps_B is due": 1 - pass_rate(other, cut),
        "jets whose score is just the cut pass as well": inverse(float(np.mean(other > cut))),
        "the score itself was taken for the cut": inverse(pass_rate(other, efficiency)),
        "background is counted among all jets; eps_B is a share of the background": inverse(
            float(np.sum(other >= cut)) / len(scores)
        ),
    }
    expect(
        answer.rejection(scores, is_top, efficiency), inverse(pass_rate(other, cut)), what, tolerance=1e-9, known=known
    )


@E22_4.case("rejection at 50 %")
def _(answer, draw):
    scores, is_top = jets(draw, 2 * draw.integer(90, 150), draw.integer(400, 600))
    tagged(answer, scores, is_top, 0.5, "rejection at an efficiency of 0.5")


@E22_4.case("at other efficiencies, and with equal scores", hint="A jet passes when its score is at least the cut.")
def _(answer, draw):
    scores, is_top = jets(draw, 200, draw.integer(400, 600))
    for efficiency in (0.8, 0.25):
        tagged(answer, scores, is_top, efficiency, f"rejection at an efficiency of {efficiency}")
    scores, is_top = jets(draw, 100, 300, digits=1)
    tagged(answer, scores, is_top, 0.5, "rejection for scores rounded to one digit")


@E22_4.case("no background passes", hint="1 / 0 is infinite: return float('inf'), or let NumPy divide.")
def _(answer, draw):
    scores, is_top = jets(draw, 40, 60)
    scores = np.where(is_top, 0.9 + scores / 20, scores / 2)
    expect(answer.rejection(scores, is_top, 0.5), float("inf"), "rejection when no background passes")


@E22_4.case("the papers' two numbers", hint="Both abstracts name a background rejection at 50 % signal efficiency.")
def _(answer, draw):
    known = {
        "the ratio is upside down: how much better is the LSTM?": 45 / 100,
        "this is the difference; the ratio is due": 55,
    }
    expect(answer["papers_ratio"], 100 / 45, "papers_ratio", tolerance=5e-3, known=known, reveal=False)


@E22_4.case("the report has all its fields", hint="Facts in a sentence each; strengths and weaknesses in two or three.")
def _(answer, draw):
    found = texts(answer["report"], (*FACTS, *OPINION), "report")
    for key in FACTS:
        text(found[key], f'the entry "{key}" of report', least=8, numbers=int(key in ("baseline", "result")))
    for key in OPINION:
        text(found[key], f'the entry "{key}" of report', least=25)
