"""Notebook 19, what counting can do: E19.2, E19.5 and E19.11."""

from itertools import pairwise

import numpy as np

from course_kit.checking import Exercise, expect, require
from course_kit.reference.ngrams import conditional_entropy, ngram_tables, smoothed

E19_2 = Exercise(
    "E19.2",
    "What must be beaten",
    slides=("D5.20",),
    names=("uniform_nats", "bigram_nats"),
    hints=(
        "Count the pairs first: n[a, b] is how often b stood right behind a. What a pair costs is -ln of its share in "
        "its row, and the mean is over pairs as they occur, not over cells of the table.",
        "n = np.zeros((S, S)); np.add.at(n, (ids[:-1], ids[1:]), 1); q = n / n.sum(axis=1, keepdims=True); the "
        "answer is "
        "-sum over n > 0 of n * ln(q), divided by n.sum().",
    ),
)


def chained(draw, S: int, length: int) -> np.ndarray:
    """A sequence with habits: each symbol has some that follow it often."""
    P = np.exp(draw.normal(S, S, scale=1.5))
    P /= P.sum(axis=1, keepdims=True)
    ids = [0]
    for u in draw.uniform(0, 1, length - 1):
        ids.append(min(int((np.cumsum(P[ids[-1]]) < u).sum()), S - 1))
    return np.array(ids)


@E19_2.case("knowing nothing", hint="S equal shares of 1 / S: what does each symbol cost?")
def _(answer, draw):
    for S in (27, draw.integer(2, 100)):
        expect(
            answer.uniform_nats(S),
            float(np.log(S)),
            f"uniform_nats({S})",
            tolerance=1e-9,
            known={
                "these are bits: nats are due, the natural logarithm": float(np.log2(S)),
                "the sign is turned; a loss is positive": -float(np.log(S)),
                "this is the perplexity; its logarithm is due": float(S),
            },
        )


def pair_forms(ids, S: int) -> dict[str, float]:
    """Wrong ways to the number."""
    n = np.zeros((S, S))
    for a, b in pairwise(ids):
        n[a, b] += 1
    joint = n[n > 0] / n.sum()
    share = n / np.maximum(n.sum(axis=1, keepdims=True), 1)
    column = n / np.maximum(n.sum(axis=0), 1)
    alone = n.sum(axis=0)[n.sum(axis=0) > 0] / n.sum()
    right = conditional_entropy(ids, S)
    return {
        "these are bits: nats are due, the natural logarithm": right / np.log(2),
        "this is the cost of both symbols of a pair; the first one is known already": float(
            -(joint * np.log(joint)).sum()
        ),
        "this is the unigram number: the symbol before was not used": float(-(alone * np.log(alone)).sum()),
        "the shares are taken down the columns: what stood before b. Divide each row by its sum": float(
            -(n[n > 0] * np.log(column[n > 0])).sum() / n.sum()
        ),
        "every pair of the table counts once; a pair counts as often as it occurs": float(-np.log(share[n > 0]).mean()),
        "the sign is turned; a loss is positive": -right,
        "the sum over the text is not divided by the number of pairs": right * (len(ids) - 1),
        "divided by the number of symbols; there is one pair less": right * (len(ids) - 1) / len(ids),
        "this is the perplexity; its logarithm is due": float(np.exp(right)),
    }


@E19_2.case("the pairs of a text")
def _(answer, draw):
    S = draw.integer(4, 8)
    ids = chained(draw, S, 60)
    expect(
        answer.bigram_nats(ids, S), conditional_entropy(ids, S), "bigram_nats", tolerance=1e-9, known=pair_forms(ids, S)
    )


@E19_2.case(
    "pairs that never came, and a symbol that never came",
    hint="0 ln 0 is 0: leave out the cells with n = 0 before you take the logarithm, and rows without any count.",
)
def _(answer, draw):
    ids = np.array([0, 1, 0, 2] * draw.integer(3, 9) + [0])
    expect(answer.bigram_nats(ids, 5), conditional_entropy(ids, 5), "bigram_nats", tolerance=1e-9)
    expect(answer.bigram_nats(np.array([3, 1] * 6), 4), 0.0, "bigram_nats of 3 1 3 1 3 1", tolerance=1e-9)


E19_5 = Exercise(
    "E19.5",
    "Better than bigrams?",
    slides=("D5.18",),
    names=("cross_entropy", "perplexity", "verdict"),
    hints=(
        "-ln of softmax is: the logarithm of the sum of exponentials, minus the score of the symbol that came. Take "
        "the "
        "mean over all places of the batch.",
        "a = logits - logits.max(-1, keepdims=True); nats = np.log(np.exp(a).sum(-1)) - np.take_along_axis(a, targets"
        "[..., None], -1)[..., 0]; nats.mean(). perplexity is np.exp(nats). verdict compares nats with nats.",
    ),
)


def mean_nats(logits, targets) -> float:
    top = logits.max(axis=-1, keepdims=True)
    log_p = logits - top - np.log(np.exp(logits - top).sum(axis=-1, keepdims=True))
    return float(-np.take_along_axis(log_p, targets[..., None], axis=-1).mean())


def scored(draw, scale: float = 2.0):
    S = draw.integer(4, 9)
    return draw.normal(2, 7, S, scale=scale), draw.integers(0, S - 1, 2, 7)


@E19_5.case("the loss")
def _(answer, draw):
    logits, targets = scored(draw)
    p = np.exp(logits) / np.exp(logits).sum(axis=-1, keepdims=True)
    due = mean_nats(logits, targets)
    expect(
        answer.cross_entropy(logits, targets),
        due,
        "cross_entropy",
        tolerance=1e-9,
        known={
            "these are bits: nats are due, the natural logarithm": due / np.log(2),
            "the sum over the batch is due as a mean: divide by N T": due * targets.size,
            "summed over time; the mean is over all places": due * targets.shape[1],
            "the softmax was taken twice": mean_nats(p, targets),
            "the scores were taken for probabilities; the softmax is missing": float(
                -np.take_along_axis(logits, targets[..., None], axis=-1).mean()
            ),
            "the mean was taken before the logarithm": float(
                -np.log(np.take_along_axis(p, targets[..., None], axis=-1).mean())
            ),
            "this is the entropy of the predictions; what came was not used": float(-(p * np.log(p)).sum(-1).mean()),
            "the sign is turned": -due,
        },
    )


@E19_5.case("large scores", hint="exp(1000) is too large for a float: take the largest score off first.")
def _(answer, draw):
    logits, targets = scored(draw, scale=400.0)
    expect(answer.cross_entropy(logits, targets), mean_nats(logits, targets), "cross_entropy", tolerance=1e-9)


@E19_5.case("perplexity")
def _(answer, draw):
    for nats in (0.0, float(np.log(27)), float(draw.uniform(0.5, 3.0, 1)[0])):
        known = {
            "2 to the power of nats: the base belongs to bits": float(2**nats),
            "this is nats again": nats,
            "nats in bits: the exponential is due": nats / float(np.log(2)),
        }
        expect(answer.perplexity(nats), float(np.exp(nats)), f"perplexity({nats:.4f})", tolerance=1e-9, known=known)


@E19_5.case("below the bar or not", hint="Loss and bar are both in nats. verdict returns a dict with three entries.")
def _(answer, draw):
    logits, targets = scored(draw)
    nats = mean_nats(logits, targets)
    for bar in (nats - 0.01, nats + 0.01, np.exp(nats) - 0.05):
        due = {"nats": nats, "perplexity": float(np.exp(nats)), "below": bool(nats < bar)}
        known = {
            "the perplexity was compared with a bar in nats": {**due, "below": bool(np.exp(nats) < bar)},
            "below is True where the loss is above the bar: smaller is better": {**due, "below": not due["below"]},
        }
        obtained = answer.verdict(logits, targets, float(bar))
        expect(obtained, due, f"verdict with the bar {bar:.3f}", tolerance=1e-9, known=known)


E19_11 = Exercise(
    "E19.11",
    "Never seen is not impossible",
    slides=("D5.20",),
    names=("smoothed", "ngram_tables"),
    hints=(
        "In smoothed everything happens along the last axis: total and kinds are sums over it, kept as an axis of 1. "
        "Where total is 0 the shorter context's distribution is all there is.",
        "total = n.sum(-1, keepdims=True); kinds = (n > 0).sum(-1, keepdims=True); (n + kinds * lower) / (total + "
        "kinds), "
        "and lower where total is 0. Then one = smoothed(n1, 1 / S), two = smoothed(n2, one), three = smoothed(n3, "
        "two).",
    ),
)


def plain_share(n, lower):
    total = n.sum(axis=-1, keepdims=True)
    return np.where(total > 0, n / np.maximum(total, 1), 0.0) + 0 * lower


@E19_11.case("a hand-made case")
def _(answer, draw):
    n, lower = np.array([[3, 1, 0, 0], [0, 0, 0, 0], [0, 5, 0, 0]]), np.array([0.4, 0.3, 0.2, 0.1])
    due = np.array([[3.8 / 6, 1.6 / 6, 0.4 / 6, 0.2 / 6], lower, [0.4 / 6, 5.3 / 6, 0.2 / 6, 0.1 / 6]])
    total, kinds = n.sum(axis=1, keepdims=True), (n > 0).sum(axis=1, keepdims=True)
    known = {
        "these are plain shares: what never came got 0, and one such character makes the loss infinite": plain_share(
            n, lower
        ),
        "a context that never came has no counts at all: hand its shorter one's distribution on": np.where(
            total > 0, due, 0.0
        ),
        "one was added to each count (Laplace); here the share of the unseen is t(c), spread by the shorter context": (
            n + 1
        )
        / (total + 4),
        "t(c) counts the different symbols that came, not those that did not": np.where(
            total > 0, (n + (4 - kinds) * lower) / np.maximum(total + 4 - kinds, 1), lower
        ),
        "t(c) was taken for n(c): half of everything goes to the shorter context": np.where(
            total > 0, (n + total * lower) / np.maximum(2 * total, 1), lower
        ),
        "the numerator has its share of lower, the divisor lacks t(c)": np.where(
            total > 0, (n + kinds * lower) / np.maximum(total, 1), lower
        ),
    }
    expect(answer.smoothed(n, lower), due, "P", known=known)


@E19_11.case(
    "random counts, each context with a lower row of its own", hint="lower may be (S, S) as well: broadcast it."
)
def _(answer, draw):
    S = draw.integer(3, 6)
    n = draw.integers(0, 3, S, S, S) * (draw.uniform(0, 1, S, S, 1) > 0.3)
    lower = np.exp(draw.normal(S, S))
    lower /= lower.sum(axis=1, keepdims=True)
    due = smoothed(n, lower)
    turned = smoothed(n, lower[:, None, :])
    known = {"the shorter context of (a, b) is b, the nearer one; yours is a": turned}
    expect(answer.smoothed(n, lower), due, "P", known=known)


@E19_11.case("unigrams, bigrams and trigrams of a text")
def _(answer, draw):
    S = draw.integer(4, 6)
    ids = chained(draw, S, 80)
    one, two, three = ngram_tables(ids, S + 1)
    obtained = answer.ngram_tables(ids, S + 1)
    require(
        isinstance(obtained, tuple | list) and len(obtained) == 3,
        "ngram_tables must return three tables: one, two, three.",
    )
    for name, table, due in zip(("one", "two", "three"), obtained, (one, two, three), strict=True):
        expect(table, due, name, known=_table_slips(name, due, ids, S + 1, two))
        expect(table.sum(axis=-1), np.ones(due.shape[:-1]) if due.ndim > 1 else 1.0, f"{name}: sum over the last axis")


def _table_slips(name, due, ids, S, two) -> dict:
    if name == "one":
        share = np.bincount(ids, minlength=S) / len(ids)
        return {"a symbol that never came has the probability 0: mix with 1 / S": share}
    if name == "two":
        return {"rows and columns are exchanged: the last axis is the symbol that follows": due.T}
    return {"this is the bigram table again, once for each symbol": np.broadcast_to(two, due.shape).copy()}
