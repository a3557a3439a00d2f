"""Wrong answers to notebook 19: the assignment's three problems."""

from tests.mutants import Mutant


def one(signature, value):
    return f"def {signature}:\n    return {value}"


STEP = """
def lstm_step(x, h, c, K, b):
    m, n = x.shape[1], h.shape[1]
    {a}
    i, f, c_tilde, o = np.split(a, 4, axis=1)
    i, f, o = (0.5 * (1 + np.tanh(0.5 * gate)) for gate in (i, f, o))
    c_new = f * c + i * np.tanh(c_tilde)
    return {result}
"""


def gates(a="a = np.concatenate([x, h], axis=1) @ K + b", result="o * np.tanh(c_new), c_new"):
    return STEP.format(a=a, result=result)


def stack(order, above="x", below="m"):
    return f"""
def stack_gates(parts):
    above, below, b = (np.concatenate([parts[g + k] for g in {order!r}], axis=-1) for k in {above + below + "b"!r})
    return np.concatenate([above, below]), b
"""


def logits(
    state="h = o * np.tanh(c)", enter="E[pairs[:, t]] * keep_in[:, t] / (1 - p)", out="h * keep_out[:, t] / (1 - p)"
):
    return f"""
def pair_logits(pairs, E, W, U, b, V, b_y, keep_in, keep_out, p):
    h = c = np.zeros((len(pairs), len(U)))
    out = []
    for t in range(pairs.shape[1]):
        i, f, c_tilde, o = np.split(({enter}) @ W + h @ U + b, 4, axis=1)
        i, f, o = (0.5 * (1 + np.tanh(0.5 * gate)) for gate in (i, f, o))
        c = f * c + i * np.tanh(c_tilde)
        {state}
        out.append(({out}) @ V + b_y)
    return np.stack(out, axis=1)
"""


def pairs(value):
    return one("pairs_and_targets(ids, S)", value)


def arrays(change, returned="read, given, due"):
    return f"""
right_arrays = mirror_arrays
def mirror_arrays(words, symbols):
    read, given, due = right_arrays(words, symbols)
    {change}
    return {returned}
"""


def said(begin="last, out = 0, []", handed="h, c = h, c", test="if last == 0:\n            break", fed="last"):
    return f"""
def transcribe(numbers, reader, writer, limit):
    def advance(k, h, c, E, W, U, b):
        i, f, c_tilde, o = np.split(E[k] @ W + h @ U + b, 4)
        i, f, o = (0.5 * (1 + np.tanh(0.5 * gate)) for gate in (i, f, o))
        c = f * c + i * np.tanh(c_tilde)
        return o * np.tanh(c), c

    h = c = np.zeros(len(reader[2]))
    for k in numbers:
        h, c = advance(k, h, c, *reader)
    {handed}
    *cell, V, b_y = writer
    {begin}
    while len(out) < limit:
        h, c = advance({fed}, h, c, *cell)
        last = int((h @ V + b_y).argmax())
        {test}
        out.append(last)
    return out
"""


WORDS = {
    "E19.8": [
        Mutant("i, f, o, c", stack("ifoc"), "i, f, o, c"),
        Mutant("f first", stack("fico"), "i comes first"),
        Mutant("state above", stack("ifco", "m", "x"), "the input's come first"),
        Mutant("two products", gates("a = x @ K[:m] + h @ K[m:] + b"), "a product of their own"),
        Mutant(
            "eight products",
            gates(
                "cut = lambda k: slice(k * n, k * n + n)\n    "
                "a = np.hstack([x @ K[:m, cut(k)] + h @ K[m:, cut(k)] for k in range(4)]) + b"
            ),
            "this is where the assignment starts",
        ),
        Mutant("np.dot twice", gates("a = np.dot(x, K[:m]) + np.dot(h, K[m:]) + b"), "a product of their own"),
        Mutant("no bias", gates("a = np.concatenate([x, h], axis=1) @ K"), "the bias is missing"),
        Mutant("exchanged", gates(result="c_new, o * np.tanh(c_new)"), "exchanged"),
        Mutant("old c", gates(result="o * np.tanh(c), c_new"), "h differs"),
    ],
    "E19.9": [
        Mutant("the other way round", pairs("(ids[:-2] + ids[1:-1] * S, ids[2:])"), "the other way round"),
        Mutant("no overlap", pairs("(ids[:-2:2] * S + ids[1:-1:2], ids[2::2])"), "do not overlap"),
        Mutant("known target", pairs("(ids[:-2] * S + ids[1:-1], ids[1:-1])"), "which is known"),
        Mutant("state dropped", logits("h = o * np.tanh(c) * keep_out[:, t] / (1 - p)", out="h"), "dropped as well"),
        Mutant(
            "not scaled",
            logits(enter="E[pairs[:, t]] * keep_in[:, t]", out="h * keep_out[:, t]"),
            "was not made larger",
        ),
        Mutant("not on the way in", logits(enter="E[pairs[:, t]]"), "on the way in"),
        Mutant("not on the way out", logits(out="h"), "on the way out"),
        Mutant("letter a", 'left_alone = "a"', "passes once"),
        Mutant("letter d", 'left_alone = "d"', "upwards once"),
    ],
    "E19.10": [
        Mutant("all of it", one("mirrored(sentence)", "sentence[::-1]"), "the whole sentence"),
        Mutant("order of words", one("mirrored(sentence)", "' '.join(sentence.split()[::-1])"), "not the letters"),
        Mutant("copying", arrays("given = np.maximum(due, 0)"), "it would only copy"),
        Mutant("never stops", arrays("due = np.where(due == 0, -1, due)"), "never stop"),
        Mutant("many ends", arrays("due = np.maximum(due, 0)"), "one more end sign"),
        Mutant(
            "padded behind",
            arrays("read = np.stack([np.concatenate([r[r > 0], r[r == 0]]) for r in read])"),
            "Pad in front",
        ),
        Mutant("only h", said(handed="c = 0 * c"), "c goes with it"),
        Mutant("nothing handed over", said(handed="h = c = 0 * h"), "starts from zeros"),
        Mutant("not read back", said(fed="0"), "is not given back"),
        Mutant("no end", said(test="pass"), "after its end sign"),
    ],
}
