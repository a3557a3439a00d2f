"""Wrong answers to notebook 20."""

from tests.mutants import Mutant

ARRAYS = """
def teaching_arrays(strings):
    S = max(len(s) for s in strings)
    read, given, due = (np.zeros((len(strings), S + k), dtype=int) for k in (0, 1, 1))
    for row, string in enumerate(strings):
        digits = [int(d) + {offset} for d in string]
        backwards = {backwards}
        read[row, : len(digits)] = digits
        given[row, : len(digits) + 1] = {given}
        due[row, : len(digits) + {end}] = {due}
    return {result}
"""


def arrays(
    offset="1",
    backwards="digits[::-1]",
    given="[11, *backwards]",
    end="1",
    due="[*backwards, 12]",
    result="read, given, due",
):
    return ARRAYS.format(offset=offset, backwards=backwards, given=given, end=end, due=due, result=result)


def final(line):
    return f"""
def final_state(x, lengths, W, U, b):
    h = c = np.zeros((len(x), len(U)))
    hs, cs = [], []
    for t in range(x.shape[1]):
        h, c = lstm_step(x[:, t], h, c, W, U, b)
        hs.append(h)
        cs.append(c)
    rows, last = np.arange(len(x)), np.asarray(lengths) - 1
    hs, cs = np.stack(hs, axis=1), np.stack(cs, axis=1)
    return {line}
"""


ATTEND = """
def attend(q, x, mask, W_q, W_k, v):
    s = {scores}
    s = {masked}
    s = s - s.max(axis={axis}, keepdims=True)
    e = np.exp(s)
    p = e / e.sum(axis={axis}, keepdims=True)
    {after}
    return {result}
"""


def attention(
    scores="np.tanh((q @ W_q)[:, :, None] + (x @ W_k)[:, None]) @ v",
    masked="np.where(mask[:, None], s, -np.inf)",
    axis="-1",
    after="",
    result="p @ x, p",
):
    return ATTEND.format(scores=scores, masked=masked, axis=axis, after=after, result=result)


def widths(line):
    return f"def input_widths(d, layers):\n    return {line}"


def count(line):
    return f"""
def count_weights(d, layers, V_s, V_t):
    lstm = lambda m: 4 * d * (m + d + 1)
    encoder, decoder = [d, 2 * d] + [d] * (layers - 2), [d] + [2 * d] * (layers - 1)
    stacks = lstm(d) + sum(map(lstm, encoder)) + sum(map(lstm, decoder))
    attention = 2 * d * d + d
    return {line}
"""


BEAM = """
def beam_search(log_p, width, limit, alpha):
    beam, finished = [([], 0.0)], []
    for _ in range(limit):
        longer = [(w + [b], s + log_p[w[-1] if w else 0, b]) for w, s in beam for b in range(len(log_p))]
        kept = sorted(longer, key=lambda one: one[1], reverse=True)[:{width}]
        finished += [({words}, s / {penalty}) for w, s in kept if w[-1] == 0]
        beam = [one for one in kept if one[0][-1] != 0]
        {stop}
    {rest}
    return max(finished, key=lambda one: one[1], default=([], -np.inf))
"""


def beam(width="width", words="w[:-1]", penalty="((5 + len(w)) / 6) ** alpha", stop="", rest=""):
    return BEAM.format(width=width, words=words, penalty=penalty, stop=stop, rest=rest)


def distinct(
    grams="[tuple(r[k : k + n]) for r in replies for k in range(len(r) - n + 1)]", result="len(set(g)), len(g)"
):
    return f"def distinct(replies, n):\n    g = {grams}\n    return {result}"


def rerank(line):
    return f"def rerank(log_p, log_p_anyway, weight):\n    return {line}"


TURNS = """
def turn_states(turns, carry, W, U, b):
    h = c = np.zeros((len(turns[0]), len(U)))
    ends = []
    for x in turns:
        {begin}
        for t in range(x.shape[1]):
            h, c = lstm_step(x[:, t], h, c, W, U, b)
        ends.append(h)
    return {result}
"""


def turns(begin="h, c = (h, c) if carry else (0 * h, 0 * c)", result="np.stack(ends)"):
    return TURNS.format(begin=begin, result=result)


def hold(line):
    return f"def held_out(source):\n    return {line}"


def leak(line):
    return f"def leaked(train, test):\n    seen = {{same_reading(s) for s in train}}\n    return {line}"


CHRF = """
def chrf(texts, references):
    P, R = [], []
    for n in range(1, {top}):
        c = w = r = 0
        for text, reference in zip(texts, references):
            a, b = pieces({text}, n), pieces({reference}, n)
            c, w, r = c + {common}, w + a.total(), r + b.total()
        P.append(c / w)
        R.append(c / r)
    P, R = np.mean(P), np.mean(R)
    return {result} if P + R > 0 else 0.0
"""


def f_score(
    top="7", text="text", reference="reference", common="(a & b).total()", result="100 * 5 * P * R / (4 * P + R)"
):
    return CHRF.format(top=top, text=text, reference=reference, common=common, result=result)


def encoder(
    backward="lstm(x[:, ::-1], *backward)[:, ::-1]",
    order="[f, g]",
    first="y = lstm(y, *upper[0])",
    rest="lstm(y, *weights) + y",
):
    return f"""
def encode(x, both, upper):
    forward, backward = both
    f, g = lstm(x, *forward), {backward}
    y = np.concatenate({order}, axis=-1)
    {first}
    for weights in upper[1:]:
        y = {rest}
    return y
"""


MUTANTS = {
    "E20.1": [
        Mutant("no shift", arrays(given="[*backwards, 12]"), "it would only have to copy"),
        Mutant("not reversed", arrays(backwards="digits"), "they must be reversed"),
        Mutant("no end", arrays(end="0", due="backwards"), "nothing teaches the decoder to stop"),
        Mutant("swapped", arrays(result="read, due, given"), "input and target are swapped"),
        Mutant("reads padding", final("hs[:, -1], cs[:, -1]"), "padding was read too"),
        Mutant(
            "one step late",
            final("hs[rows, np.minimum(last + 1, 6)], cs[rows, np.minimum(last + 1, 6)]"),
            "one step too many",
        ),
        Mutant("c first", final("cs[rows, last], hs[rows, last]"), "h and c are swapped"),
    ],
    "E20.2": [
        Mutant("no mask", attention(masked="s"), "padding got weight too"),
        Mutant("mask after", attention(masked="s", after="p = p * mask[:, None]"), "after the softmax"),
        Mutant("other axis", attention(masked="s", axis="1", after="p = p * mask[:, None]"), "over the words that ask"),
        Mutant(
            "no tanh",
            attention(scores="((q @ W_q)[:, :, None] + (x @ W_k)[:, None]) @ v"),
            "the hyperbolic tangent is missing",
        ),
        Mutant(
            "dot product", attention(scores="(q @ W_q) @ (x @ W_k).swapaxes(1, 2)"), "these scores are dot products"
        ),
        Mutant("keys as values", attention(result="p @ (x @ W_k), p"), "not of the x_j W_k"),
        Mutant("weights first", attention(result="p, p @ x"), "return a, then p"),
    ],
    "E20.3": [
        Mutant(
            "encoder narrow", widths("[d] * layers, [d] + [2 * d] * (layers - 1)"), "reads both halves of the first"
        ),
        Mutant(
            "encoder wide",
            widths("[d] + [2 * d] * (layers - 1), [d] + [2 * d] * (layers - 1)"),
            "only the bottom layer of the encoder",
        ),
        Mutant("no context", widths("[d, 2 * d] + [d] * (layers - 2), [d] * layers"), "read the context too"),
        Mutant(
            "bottom gets context",
            widths("[d, 2 * d] + [d] * (layers - 2), [2 * d] * layers"),
            "asks and gets no context",
        ),
        Mutant("no v", count("(V_s + V_t) * d + stacks + attention - d + (2 * d + 1) * V_t"), "the vector v"),
        Mutant(
            "one half",
            count("(V_s + V_t) * d + stacks - lstm(d) + attention + (2 * d + 1) * V_t"),
            "consists of two LSTMs",
        ),
        Mutant(
            "paper's read-out",
            count("(V_s + V_t) * d + stacks + attention + (d + 1) * V_t"),
            "and the context, 2d numbers",
        ),
    ],
    "E20.4": [
        Mutant("inverse", "def length_penalty(L, alpha):\n    return (6 / (5 + L)) ** alpha", "this is its inverse"),
        Mutant("plain power", "def length_penalty(L, alpha):\n    return L**alpha", "without the 5 and the 6"),
        Mutant(
            "half a power", "def length_penalty(L, alpha):\n    return (5 + L) / 6**alpha", "divided before the power"
        ),
        Mutant(
            "no cut",
            "def coverage_penalty(P, beta):\n    return beta * np.log(P.sum(axis=0)).sum()",
            "sums must be cut off at 1",
        ),
        Mutant(
            "rows",
            "def coverage_penalty(P, beta):\n    return beta * np.log(np.minimum(P.sum(axis=1), 1)).sum()",
            "must run over the written ones",
        ),
        Mutant(
            "times lp",
            "def score(log_p, P, alpha, beta):\n    lp = length_penalty(len(P), alpha)\n"
            "    return log_p * lp + coverage_penalty(P, beta)",
            "divides the logarithm",
        ),
        Mutant(
            "all divided",
            "def score(log_p, P, alpha, beta):\n    lp = length_penalty(len(P), alpha)\n"
            "    return (log_p + coverage_penalty(P, beta)) / lp",
            "cp is not divided by lp",
        ),
    ],
    "E20.5": [
        Mutant("always greedy", beam(width="1"), "this is what greedy search finds"),
        Mutant("always all", beam(width="10**6"), "a beam of this width does not find it"),
        Mutant("stops early", beam(stop="if finished: break"), "stopped at the first sentence"),
        Mutant("no penalty", beam(penalty="1"), "not divided by the length penalty"),
        Mutant("end not counted", beam(penalty="((4 + len(w)) / 6) ** alpha"), "the end counts as a word"),
        Mutant("end returned", beam(words="w"), "leave it out"),
    ],
    "E20.6": [
        Mutant(
            "across replies",
            distinct(
                "(lambda f: [tuple(f[k : k + n]) for k in range(len(f) - n + 1)])([w for r in replies for w in r])"
            ),
            "from one reply into the next",
        ),
        Mutant("quotient", distinct(result="len(set(g)) / len(g)"), "two counts are due"),
        Mutant("swapped", distinct(result="(len(g), len(set(g)))"), "the different ones are the first"),
        Mutant("worst first", rerank("np.argsort(log_p - weight * log_p_anyway)"), "the worst came first"),
        Mutant("rewards dull", rerank("np.argsort(-(log_p + weight * log_p_anyway))"), "what is said anyway must lose"),
        Mutant(
            "ranks",
            rerank("np.argsort(np.argsort(-(log_p - weight * log_p_anyway)))"),
            "these are the ranks of the candidates",
        ),
        Mutant("uh-huh", "ignored = 'e'", "'uh-huh' is an answer"),
        Mutant("a statement", "ignored = 'f'", "what came before is no question"),
        Mutant("repetition", "unseen = 'a'", "repetition is what distinct-n does see"),
        Mutant("no option", "unseen = 'relevance'", "must be one of"),
    ],
    "E20.7": [
        Mutant(
            "the wrong way round", turns(begin="h, c = (0 * h, 0 * c) if carry else (h, c)"), "read the wrong way round"
        ),
        Mutant("always carried", turns(begin=""), "read the wrong way round"),
        Mutant(
            "c reset", turns(begin="h, c = (h, 0 * c) if carry else (0 * h, 0 * c)"), "h went on and c began at zero"
        ),
        Mutant("last only", turns(result="ends[-1]"), "one for each turn is due"),
    ],
    "E20.8": [
        Mutant("as spelled", hold("zlib.crc32(source.encode()) % 10 == 0"), "as it is spelled"),
        Mutant("other way round", hold("zlib.crc32(same_reading(source).encode()) % 10 != 0"), "other way round"),
        Mutant("chance", hold("bool(np.random.random() < 0.1)"), "depend on nothing but the source"),
        Mutant("hyphens stay", hold("zlib.crc32(source.lower().encode()) % 10 == 0"), "held_out"),
        Mutant("compares spelling", leak("sum(s in set(train) for s in test)"), "as they are spelled"),
        Mutant(
            "counts training",
            leak("sum(same_reading(s) in {same_reading(t) for t in test} for s in train)"),
            "of the test sources",
        ),
        Mutant("share", leak("sum(same_reading(s) in seen for s in test) / len(test)"), "count them"),
    ],
    "E20.9": [
        Mutant(
            "a count",
            "def exact_match(texts, references):\n    return sum(a == b for a, b in zip(texts, references))",
            "a count came back",
        ),
        Mutant("beta 1", f_score(result="100 * 2 * P * R / (P + R)"), "beta = 2, not 1"),
        Mutant("swapped", f_score(result="100 * 5 * P * R / (P + 4 * R)"), "precision and recall are swapped"),
        Mutant(
            "blanks",
            f_score(text="text.replace(' ', '_')", reference="reference.replace(' ', '_')"),
            "blanks were left in",
        ),
        Mutant("up to 5", f_score(top="6"), "n goes from 1 to 6"),
        Mutant(
            "not clipped",
            f_score(common="sum(a[g] for g in a if g in b)"),
            "the smaller count is common",
        ),
        Mutant("from 0 to 1", f_score(result="5 * P * R / (4 * P + R)"), "from 0 to 100"),
    ],
    "E20.10": [
        Mutant("not turned back", encoder(backward="lstm(x[:, ::-1], *backward)"), "turned round again"),
        Mutant("both forwards", encoder(backward="lstm(x, *backward)"), "both halves read forwards"),
        Mutant("halves swapped", encoder(order="[g, f]"), "the backward half came first"),
        Mutant("no links", encoder(rest="lstm(y, *weights)"), "the residual links are missing"),
    ],
}
