"""Notebook 22, item 4 continued: what may be concluded from rejections that were counted. E22.11 and E22.12."""

import numpy as np

from course_kit.checking import Exercise, expect

# E22.11

E22_11 = Exercise(
    "E22.11",
    "How well a rejection is known",
    slides=("D1.33",),
    names=("rejection_error", "background_needed", "paired_difference"),
    hints=(
        "n of N pass, each with the probability p: n has the variance N p (1 - p). And N/n is off by the same share as "
        "n is.",
        "The share is sqrt((1 - n/N) / n), so the error is N/n times it. With n = N/R the share is sqrt((R - 1) / N). "
        "Paired: a = (one & ~other).sum(), b = (other & ~one).sum(): a - b and sqrt(a + b).",
    ),
)


@E22_11.case("the error of a rejection")
def _(answer, draw):
    for _ in range(3):
        background = draw.integer(200, 4000)
        passed = draw.integer(background // 10, background // 2)
        value, share = background / passed, passed / background
        expect(
            answer.rejection_error(passed, background),
            value * np.sqrt((1 - share) / passed),
            "the error",
            known={
                "this is the relative error: multiply by the rejection": np.sqrt((1 - share) / passed),
                "the factor 1 - n/N is missing: were all to pass, nothing would be left to chance": value
                / np.sqrt(passed),
                "this is the error of the number that passes, n; that of N/n is due": np.sqrt(passed * (1 - share)),
                "this is the error of the share n/N; that of N/n is due": np.sqrt(share * (1 - share) / background),
                "this is the variance: take the root": value**2 * (1 - share) / passed,
                "the error was divided by the root of all background; only what passes was counted": value
                * np.sqrt((1 - share) / background),
            },
        )


@E22_11.case("how many jets it takes", hint="Put n = N/R into the relative error sqrt((1 - n/N) / n), and solve for N.")
def _(answer, draw):
    for _ in range(3):
        value, relative = draw.uniform(5, 200, 1)[0], draw.uniform(0.02, 0.3, 1)[0]
        expect(
            answer.background_needed(value, relative),
            (value - 1) / relative**2,
            "N",
            tolerance=1e-9,
            known={
                "so many must pass; R times as many are needed for that": (1 - 1 / value) / relative**2,
                "the factor 1 - n/N = 1 - 1/R is missing": value / relative**2,
                "the error falls with the root of the number: square it": (value - 1) / relative,
                "this is the relative error for N = 1": np.sqrt(value - 1),
            },
        )


def deal_passes(draw, seeds: int, count: int, one: float = 0.04, other: float = 0.06) -> tuple[np.ndarray, np.ndarray]:
    """Which of ``count`` jets pass two taggers, (seeds, count) bool each; about a tenth pass both in all seeds."""
    hard = draw.rng.random(count) < 0.1
    return tuple(hard | (draw.rng.random((seeds, count)) < share) for share in (one, other))


@E22_11.case(
    "two taggers on the same jets", hint="Jets on which both agree say nothing: count those on which they do not."
)
def _(answer, draw):
    for sides in ((0.04, 0.09), (0.09, 0.04)):
        one, other = (passes[0] for passes in deal_passes(draw, 1, 400, *sides))
        a, b = int((one & ~other).sum()), int((other & ~one).sum())
        right = (a - b, float(np.sqrt(a + b)))
        expect(
            answer.paired_difference(one, other),
            right,
            "difference, error",
            known={
                "the jets that pass both are in the error; on them the taggers agree": (
                    a - b,
                    float(np.sqrt(one.sum() + other.sum())),
                ),
                "the difference has the wrong sign: what passes the first less what passes the second": (
                    b - a,
                    right[1],
                ),
                "the error is the root of a + b": (a - b, a + b),
                "the error of a difference is not the difference of errors": (
                    a - b,
                    float(abs(np.sqrt(a) - np.sqrt(b))),
                ),
                "the error is sqrt(a + b), of those that pass only one": (a - b, float(np.sqrt(abs(a - b)))),
            },
        )


# E22.12

E22_12 = Exercise(
    "E22.12",
    "Which order won",
    slides=("D1.33",),
    names=("compare_orders", "more_seeds"),
    hints=(
        "Two causes make the difference uncertain, jets and seeds. Only one of them gets smaller with more seeds.",
        "d = one.sum(axis=1) - other.sum(axis=1); error = np.sqrt((one != other).sum(axis=1).mean() + d.var(ddof=1) / "
        'len(d)). If more passes the first by over two errors, "other" is better.',
    ),
)


def compared(one: np.ndarray, other: np.ndarray, mean_count=True, ddof=1, mean_scatter=True):
    """Mean difference and its error; the switches are the ways to get it wrong."""
    d = one.sum(axis=1) - other.sum(axis=1).astype(float)
    counts = (one != other).sum(axis=1)
    counted = counts.mean() / (1 if mean_count else len(counts))
    scatter = d.var(ddof=ddof) / (len(d) if mean_scatter else 1)
    return float(d.mean()), float(np.sqrt(counted + scatter))


def judged(difference: float, error: float) -> str:
    return "open" if abs(difference) <= 2 * error else ("other" if difference > 0 else "one")


def wrong_verdicts(difference: float, error: float) -> dict:
    verdict, less = judged(difference, error), "other" if difference > 0 else "one"
    turned = {"one": "other", "other": "one", "open": "open"}[verdict]
    return {
        "the verdict is upside down: where less background passes, more is rejected": (difference, error, turned),
        "the difference is within two errors, which is no verdict": (difference, error, less),
    }


@E22_12.case("difference and error")
def _(answer, draw):
    for sides in ((0.04, 0.06), (0.12, 0.03)):
        one, other = deal_passes(draw, 4, 500, *sides)
        difference, error = compared(one, other)
        d = one.sum(axis=1) - other.sum(axis=1).astype(float)
        counted = float((one != other).sum(axis=1).mean())
        wrong = {
            "the counting error was divided by the seeds, but all seeds are tested on the same jets": (
                compared(one, other, mean_count=False)[1]
            ),
            "this is the counting error alone; the seeds scatter as well": np.sqrt(counted),
            "this is the scatter of the seeds alone; the jets are a sample as well": np.sqrt(d.var(ddof=1) / len(d)),
            "the variance of the mean over S seeds is that of one seed, divided by S": (
                compared(one, other, mean_scatter=False)[1]
            ),
            "the variance of a sample is divided by S - 1: ddof=1": compared(one, other, ddof=0)[1],
            "the variance is due under the root, and the standard deviation stands there": np.sqrt(
                counted + d.std(ddof=1) / len(d)
            ),
            "the root is missing": error**2,
        }
        known = {
            sentence: (difference, float(value), judged(difference, float(value))) for sentence, value in wrong.items()
        }
        known["the sign is wrong: what passes the first less what passes the second"] = (
            -difference,
            error,
            judged(-difference, error),
        )
        known |= wrong_verdicts(difference, error)
        known["these are sums over the seeds; the mean is due"] = (
            difference * len(d),
            error,
            judged(difference * len(d), error),
        )
        expect(
            answer.compare_orders(one, other),
            (difference, error, judged(difference, error)),
            "difference, error, verdict",
            tolerance=1e-9,
            known=known,
        )


@E22_12.case(
    "the verdict",
    hint='"open" unless the difference is larger than two errors; then the tagger that less background passes.',
)
def _(answer, draw):
    for sides in ((0.02, 0.15), (0.15, 0.02), (0.06, 0.06)):
        one, other = deal_passes(draw, 3, 600, *sides)
        difference, error = compared(one, other)
        known = wrong_verdicts(difference, error)
        expect(
            answer.compare_orders(one, other),
            (difference, error, judged(difference, error)),
            "difference, error, verdict",
            tolerance=1e-9,
            known=known,
        )


@E22_12.case("what more seeds would do", hint="Look at the two terms under the root. Which one has S in it?")
def _(answer, draw):
    known = {
        "only one of the two terms falls with the number of seeds": "a",
        "the scatter of the seeds does become smaller, as 1/S": "c",
        "the difference itself is an estimate of the same number, with three seeds or with thirty": "d",
    }
    expect(answer["more_seeds"], "b", "more_seeds", known=known, reveal=False)
