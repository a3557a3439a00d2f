"""Wrong answers to notebook 19."""

from tests.mutants import Mutant
from tests.mutants.assignment19 import WORDS
from tests.mutants.characters19 import BATCHES, GRAPHS, NETWORKS


def one(signature, value):
    return f"def {signature}:\n    return {value}"


def pairs(body):
    return "def bigram_nats(ids, S):\n    n = np.zeros((S, S))\n    np.add.at(n, (ids[:-1], ids[1:]), 1)\n" + body


OVERFLOW = "(np.log(np.exp(logits).sum(-1)) - np.take_along_axis(logits, targets[..., None], -1)[..., 0]).mean()"
SHARE = "    q = n / np.maximum(n.sum(axis=1, keepdims=True), 1)\n    k = n > 0\n"


def loss(value):
    return (
        "def cross_entropy(logits, targets):\n    a = logits - logits.max(axis=-1, keepdims=True)\n"
        "    p = np.exp(a) / np.exp(a).sum(axis=-1, keepdims=True)\n"
        f"    came = np.take_along_axis(p, targets[..., None], axis=-1)[..., 0]\n    return {value}"
    )


def verdict(below):
    return (
        "def verdict(logits, targets, bar):\n    nats = float(cross_entropy(logits, targets))\n"
        f'    return {{"nats": nats, "perplexity": float(np.exp(nats)), "below": {below}}}'
    )


def tempered(value):
    return (
        "def tempered(logits, tau):\n    if tau == 0:\n        return np.eye(len(logits))[logits.argmax()]\n"
        f"    soft = lambda a: np.exp(a - a.max()) / np.exp(a - a.max()).sum()\n    return {value}"
    )


def draws(body):
    return f"def draws(logits, tau, count, seed):\n    {body}"


def smoothed(value):
    return (
        "def smoothed(n, lower):\n    total = n.sum(axis=-1, keepdims=True)\n"
        "    kinds = (n > 0).sum(axis=-1, keepdims=True)\n"
        f"    return {value}"
    )


def tables(returned):
    return f"""
right_tables = ngram_tables
def ngram_tables(ids, S):
    one, two, three = right_tables(ids, S)
    return {returned}
"""


MUTANTS = {
    **BATCHES,
    **GRAPHS,
    **NETWORKS,
    **WORDS,
    "E19.2": [
        Mutant("bits", one("uniform_nats(S)", "np.log2(S)"), "these are bits"),
        Mutant("perplexity", one("uniform_nats(S)", "float(S)"), "its logarithm is due"),
        Mutant("pairs in bits", pairs(SHARE + "    return -(n[k] * np.log2(q[k])).sum() / n.sum()"), "these are bits"),
        Mutant(
            "joint", pairs("    q = n[n > 0] / n.sum()\n    return -(q * np.log(q)).sum()"), "the first one is known"
        ),
        Mutant(
            "columns",
            pairs(
                "    q = n / np.maximum(n.sum(axis=0), 1)\n    k = n > 0\n"
                "    return -(n[k] * np.log(q[k])).sum() / n.sum()"
            ),
            "down the columns",
        ),
        Mutant("cells", pairs(SHARE + "    return -np.log(q[k]).mean()"), "as often as it occurs"),
        Mutant("sum", pairs(SHARE + "    return -(n[k] * np.log(q[k])).sum()"), "not divided by the number"),
        Mutant("by symbols", pairs(SHARE + "    return -(n[k] * np.log(q[k])).sum() / len(ids)"), "one pair less"),
        Mutant(
            "nan",
            pairs("    q = n / n.sum(axis=1, keepdims=True)\n    return -(n * np.log(q)).sum() / n.sum()"),
            "NaN",
        ),
    ],
    "E19.5": [
        Mutant("bits", loss("-np.log2(came).mean()"), "these are bits"),
        Mutant("sum", loss("-np.log(came).sum()"), "divide by N T"),
        Mutant("early mean", loss("-np.log(came.mean())"), "before the logarithm"),
        Mutant("overflow", one("cross_entropy(logits, targets)", OVERFLOW), "look for an overflow"),
        Mutant("base 2", one("perplexity(nats)", "2.0**nats"), "the base belongs to bits"),
        Mutant("unlike units", verdict("bool(np.exp(nats) < bar)"), "compared with a bar in nats"),
        Mutant("larger is better", verdict("nats > bar"), "smaller is better"),
        Mutant("a tuple", one("verdict(logits, targets, bar)", "(1.0, 2.0, True)"), "a dict is due"),
    ],
    "E19.4": [
        Mutant("multiplied", tempered("soft(logits * tau)"), "divided by it"),
        Mutant("ignored", tempered("soft(logits)"), "tau was not used"),
        Mutant("probabilities", tempered("soft(soft(logits) / tau)"), "divide the scores"),
        Mutant("not normalised", one("tempered(logits, tau)", "np.exp(logits / tau)"), "not normalised"),
        Mutant("best", one("pick(p, u)", "int(p.argmax())"), "whatever u"),
        Mutant("from 1", one("pick(p, u)", "int((np.cumsum(p) <= u).sum()) + 1"), "counted from 1"),
        Mutant(
            "no seed",
            draws("return np.random.default_rng().choice(len(logits), count, p=tempered(logits, tau))"),
            "differ",
        ),
        Mutant(
            "one seed",
            draws("return np.random.default_rng(0).choice(len(logits), count, p=tempered(logits, tau))"),
            "is the seed used",
        ),
        Mutant(
            "cold",
            draws("return np.random.default_rng(seed).choice(len(logits), count, p=tempered(logits, 1.0))"),
            "the temperature was not used",
        ),
    ],
    "E19.11": [
        Mutant("plain", smoothed("np.where(total > 0, n / np.maximum(total, 1), 0.0) + 0 * lower"), "plain shares"),
        Mutant("Laplace", smoothed("(n + 1) / (total + n.shape[-1])"), "(Laplace)"),
        Mutant(
            "nothing for new contexts",
            smoothed("np.where(total > 0, (n + kinds * lower) / np.maximum(total + kinds, 1), 0.0)"),
            "hand its shorter one's",
        ),
        Mutant(
            "total for kinds",
            smoothed("np.where(total > 0, (n + total * lower) / np.maximum(2 * total, 1), lower)"),
            "t(c) was taken for n(c)",
        ),
        Mutant("transposed", tables("one, two.T, three"), "the last axis is the symbol that follows"),
        Mutant("no trigrams", tables("one, two, np.stack([two] * S)"), "the bigram table again"),
        Mutant("plain unigrams", tables("np.bincount(ids, minlength=S) / len(ids), two, three"), "mix with 1 / S"),
        Mutant("two tables", tables("one, two"), "three tables"),
    ],
}
