"""Wrong answers to notebook 17."""

from tests.mutants import Mutant
from tests.mutants.penalties17 import PENALTIES

NETWORK = """
def elman_with_dropout(x, h0, W, U, b, keep_x, p_x, keep_h, p_h):
    h, hs = h0, []
    for t in range(x.shape[1]):
        seen, back = {seen}, {back}
        {step}
        hs.append(h)
    return {result}
"""
SEEN, BACK = "keep_x[:, t] * x[:, t] / (1 - p_x)", "keep_h[:, t] * h / (1 - p_h)"
STEP = "h = np.tanh(seen @ W + back @ U + b)"


def network(seen=SEEN, back=BACK, step=STEP, result="np.stack(hs, axis=1)"):
    return NETWORK.format(seen=seen, back=back, step=step, result=result)


def one(signature, value):
    return f"def {signature}:\n    return {value}"


def embedding_gradient(value):
    return one("embedding_gradient(ids, g, V)", value)


def dropout(training, inference="x"):
    return one("dropout(x, keep, p, training)", f"{training} if training else {inference}")


def masks(value):
    return one("masks_in_time(u, p, fresh)", value)


def variance(value, start="np.zeros((len(keep_x), len(U)))"):
    return f"""
def variance_of_last(x, W, U, b, keep_x, p):
    S, T, _ = keep_x.shape
    keep_h = np.ones((S, T, len(U)))
    h = elman_with_dropout(np.stack([x] * S), {start}, W, U, b, keep_x, p, keep_h, 0.0)
    return {value}
"""


def words(training, inference="E[ids]"):
    return one("drop_words(ids, E, keep, p, training)", f"{training} if training else {inference}")


def drops(value):
    return f"""
def drops_words(ids, out):
    zero = out == 0
    gone = zero.all(axis=2)
    whole = bool((gone == zero.any(axis=2)).all())
    return {value}
"""


MUTANTS = {
    "E17.1": [
        Mutant("counted from 1", one("one_hot(ids, V)", "np.eye(V)[ids - 1]"), "counted from 1"),
        Mutant("a bag of words", one("one_hot(ids, V)", "np.eye(V)[ids].sum(axis=1)"), "how often each word occurs"),
        Mutant("which words", one("one_hot(ids, V)", "np.eye(V)[ids].max(axis=1)"), "which words occur in it"),
        Mutant("exchanged", one("one_hot(ids, V)", "np.eye(V)[ids].swapaxes(1, 2)"), "are exchanged"),
        Mutant("averaged", one("embed(ids, E)", "E[ids].mean(axis=1)"), "were averaged"),
        Mutant("added up", one("embed(ids, E)", "E[ids].sum(axis=1)"), "were added up"),
        Mutant("no transposing", one("embed(ids, E)", "E[ids].swapaxes(1, 2)"), "time and features are exchanged"),
        Mutant(
            "the trap of +=",
            "def embedding_gradient(ids, g, V):\n    G = np.zeros((V, g.shape[2]))\n    G[ids] += g\n    return G",
            "the share of its last place only",
        ),
        Mutant(
            "mean of a word",
            embedding_gradient(
                "np.einsum('ntv,ntj->vj', np.eye(V)[ids], g) "
                "/ np.maximum(np.bincount(ids.ravel(), minlength=V), 1)[:, None]"
            ),
            "were averaged; they add up",
        ),
        Mutant(
            "mean of the batch",
            embedding_gradient("np.einsum('ntv,ntj->vj', np.eye(V)[ids], g) / len(ids)"),
            "averaged over the batch",
        ),
        Mutant("g itself", embedding_gradient("g"), "rows of E are due"),
        Mutant(
            "all rows", embedding_gradient("np.tile(g.sum(axis=(0, 1)), (V, 1))"), "a word that does not occur gets 0"
        ),
        Mutant("first sequence", embedding_gradient("np.eye(V)[ids[0]].T @ g[0]"), "only the first sequence"),
        Mutant("with a bias", "embedding_weights = 160032", "an embedding has no bias"),
        Mutant("length for vocabulary", "embedding_weights = 2560", "80 is the length of a text"),
        Mutant("dropped ones left out", "embedding_weights = 128000", "dropout takes no weights away"),
        Mutant("guessed", "embedding_weights = 5032", "embedding_weights differs"),
        Mutant("weights as text", "embedding_weights = '5000 * 32'", "one number is due"),
    ],
    "E17.2": [
        Mutant("not scaled", dropout("keep * x"), "was not scaled"),
        Mutant("scaled down", dropout("keep * x * (1 - p)"), "multiplied by 1 - p: divide by it"),
        Mutant("divided by p", dropout("keep * x / p"), "was divided by p"),
        Mutant("inverted mask", dropout("(1 - keep) * x / (1 - p)"), "the wrong ones were dropped"),
        Mutant("nothing dropped", dropout("x"), "nothing was dropped"),
        Mutant("share of the mask", dropout("keep * x / keep.mean()"), "the share of ones in this mask"),
        Mutant(
            "always in training",
            dropout("keep * x / (1 - p)", "keep * x / (1 - p)"),
            "values were dropped at inference",
        ),
        Mutant("the paper's inference", dropout("keep * x / (1 - p)", "x * (1 - p)"), "the paper's first form"),
        Mutant("in place", "def dropout(x, keep, p, training):\n    x *= keep\n    return x / (1 - p)", "in place"),
        Mutant("gradient unscaled", one("dropout_gradient(g, keep, p)", "keep * g"), "let through unscaled"),
        Mutant("gradient everywhere", one("dropout_gradient(g, keep, p)", "g"), "let through everywhere"),
        Mutant("gradient scaled only", one("dropout_gradient(g, keep, p)", "g / (1 - p)"), "scaled, and let through"),
    ],
    "E17.3": [
        Mutant(
            "0 and 1 exchanged",
            masks("(u < p) * 1.0 if fresh else np.repeat(u[:, :1] < p, u.shape[1], 1) * 1.0"),
            "0 and 1 are exchanged",
        ),
        Mutant("always anew", masks("(u >= p) * 1.0"), "with fresh=False that of the first step stays"),
        Mutant(
            "one for the batch",
            masks("(u >= p) * 1.0 if fresh else np.broadcast_to(u[:1, :1] >= p, u.shape) * 1.0"),
            "all sequences share one mask",
        ),
        Mutant(
            "not repeated", masks("(u >= p) * 1.0 if fresh else (u[:, :1] >= p) * 1.0"), "only the mask of one step"
        ),
        Mutant(
            "last step",
            masks("(u >= p) * 1.0 if fresh else np.repeat(u[:, -1:] >= p, u.shape[1], 1) * 1.0"),
            "the mask of the last step",
        ),
        Mutant(
            "kept below 1 - p",
            masks("(u < 1 - p) * 1.0 if fresh else np.repeat(u[:, :1] < 1 - p, u.shape[1], 1) * 1.0"),
            "as likely, but another mask",
        ),
        Mutant("never anew", masks("np.repeat(u[:, :1] >= p, u.shape[1], 1) * 1.0"), "each step has its own"),
        Mutant("no state's mask", network(back="h"), "the state's mask is missing"),
        Mutant("no input's mask", network(seen="x[:, t]"), "the input's mask is missing"),
        Mutant(
            "not scaled", network(seen="keep_x[:, t] * x[:, t]", back="keep_h[:, t] * h"), "what stays was not scaled"
        ),
        Mutant(
            "rates exchanged",
            network(seen=SEEN.replace("- p_x", "- p_h"), back=BACK.replace("- p_h", "- p_x")),
            "the two rates are exchanged",
        ),
        Mutant(
            "first masks",
            network(seen=SEEN.replace(", t] *", ", 0] *"), back=BACK.replace(", t]", ", 0]")),
            "the masks of the first step",
        ),
        Mutant(
            "new state dropped",
            network(back="h", step=STEP + "; h = keep_h[:, t] * h / (1 - p_h)"),
            "the new state was dropped",
        ),
        Mutant(
            "dropped h kept",
            network(step=STEP + "; h = keep_h[:, t] * h / (1 - p_h)"),
            "the dropped state was kept as h",
        ),
        Mutant("zoneout", network(step="h = np.tanh(seen @ W + back @ U + b) + (1 - keep_h[:, t]) * h"), "zoneout"),
        Mutant("not carried", network(back="keep_h[:, t] * h0 / (1 - p_h)"), "the state was not carried"),
        Mutant("last only", network(result="h"), "only the last state"),
        Mutant("standard deviation", variance("h[:, -1].std(axis=0)"), "this is the standard deviation"),
        Mutant("S - 1", variance("h[:, -1].var(axis=0, ddof=1)"), "divided by S - 1"),
        Mutant("over the units", variance("h[:, -1].var(axis=1)"), "the variance over the units"),
        Mutant("over time too", variance("h.var(axis=(0, 1))"), "over time and copies"),
        Mutant(
            "from a start of ones", variance("h[:, -1].var(axis=0)", "np.ones((len(keep_x), len(U)))"), "differs in"
        ),
        Mutant("a mask for the batch", "keras_rule = 'a'", "each sequence has its own"),
        Mutant("each step", "keras_rule = 'C'", "what a Dropout layer before the LSTM does"),
        Mutant("each gate", "keras_rule = 'd'", "Keras 1's way"),
        Mutant("no option", "keras_rule = 'same'", 'must be one of "a", "b", "c", "d"'),
    ],
    **PENALTIES,
    "E17.6": [
        Mutant("not scaled", words("(E * keep[:, None])[ids]"), "the kept rows were not scaled"),
        Mutant("scaled down", words("(E * keep[:, None] * (1 - p))[ids]"), "multiplied by 1 - p: divide"),
        Mutant("divided by p", words("(E * keep[:, None] / p)[ids]"), "divided by p"),
        Mutant("the wrong words", words("(E * (1 - keep)[:, None] / (1 - p))[ids]"), "the wrong words were dropped"),
        Mutant(
            "places",
            words("E[ids] * keep[np.arange(ids.size) % len(keep)].reshape(ids.shape)[..., None] / (1 - p)"),
            "places were dropped, not words",
        ),
        Mutant("nothing", words("E[ids]"), "the plain look-up"),
        Mutant(
            "always", words("(E * keep[:, None] / (1 - p))[ids]", "(E * keep[:, None] / (1 - p))[ids]"), "at inference"
        ),
        Mutant("whole vectors only", drops("whole"), "places dropped"),
        Mutant("always true", drops("True"), "single numbers dropped"),
        Mutant("always false", drops("False"), "rows of E dropped"),
        Mutant(
            "sequence by sequence",
            drops(
                "whole and all(len(set(g[i == w].tolist())) == 1 for i, g in zip(ids, gone) for w in set(i.tolist()))"
            ),
            "masks that differ from sequence to sequence",
        ),
        Mutant(
            "first sequence",
            drops("whole and all(len(set(gone[:2][ids[:2] == w].tolist())) < 2 for w in np.unique(ids))"),
            "drops_words for",
        ),
        Mutant("dropout", "in_keras3 = 'a'", "for each number of the output"),
        Mutant("spatial", "in_keras3 = 'b'", "the same features of all words"),
        Mutant("noise shape", "in_keras3 = 'c'", "drops places"),
        Mutant("no option", "in_keras3 = 'Dropout(0.2)'", "must be one of"),
    ],
}
