"""Wrong answers to items 1 to 3 of notebook 22."""

from tests.mutants import Mutant


def one(signature, value):
    return f"def {signature}:\n    return {value}"


def node(value):
    return one("recursive_node(c1, c2, W, b)", value)


def tensor(value):
    return f"def tensor_node(c1, c2, V, W, b):\n    x = np.concatenate([c1, c2])\n    return {value}"


def scheme(name, old, *new):
    """The solution's drawing with one arrow replaced; ``new`` may be empty or several."""
    return f"{name} = [arrow for arrow in {name} if arrow != {old!r}] + {list(new)!r}"


ROOT = """
def recursive_root(x, pairs, W, b):
    nodes = list(x)
    for left, right in {pairs}:
        nodes.append(recursive_node(nodes[left], nodes[right], W, b))
    return nodes[{last}]
"""
CHAIN = "[(len(x) + j - 1 if j else 0, j + 1) for j in range(len(x) - 1)]"
DRAWING = """
def tree_drawing(pairs, T):
    names = [f"x{{k}}" for k in range(T)] + [f"p{{j}}" for j in range(len(pairs))]
    return {value}
"""
RIGHT = '[(names[child], f"p{j}") for j, pair in enumerate(pairs) for child in pair]'
LEANING = (
    '[("x0", "p0"), ("x1", "p0")] + [e for j in range(1, T - 1) '
    'for e in ((f"p{j - 1}", f"p{j}"), (f"x{j + 1}", f"p{j}"))]'
)
TREE_LSTM = """
def tree_lstm_node(x, h, c, W, U, b):
    def sigmoid(a):
        return 0.5 * (1.0 + np.tanh(0.5 * a))
    n = U.shape[0]
    a_i, a_f, a_c, a_o = np.split(x @ W + {b}, 4)
    s_i, s_f, s_c, s_o = np.split({inside} @ U, 4)
    f = {forget}
    c_new = sigmoid(a_i + s_i) * np.tanh(a_c + s_c) + {kept}
    return {result}
"""
OUT = "sigmoid(a_o + s_o) * np.tanh(c_new)"


def tree_lstm(b="b", inside="h.sum(axis=0)", forget="sigmoid(a_f + h @ U[:, n : 2 * n])", kept="(f * c).sum(axis=0)",
              result=f"{OUT}, c_new"):  # fmt: skip
    return TREE_LSTM.format(b=b, inside=inside, forget=forget, kept=kept, result=result)


def costs(parameters="parameters", adds="adds"):
    return f"""
right_costs = costs
def costs(network, d, T):
    parameters, adds = right_costs(network, d, T)
    steps = T if network == "recurrent" else T - 1
    return {parameters}, {adds}
"""


def lengths(value):
    return f"""
right_lengths = path_lengths
def path_lengths(pairs, T):
    due = right_lengths(pairs, T)
    return {value}
"""


TREES = {
    "E22.1": [
        Mutant("no bias", node("np.tanh(np.concatenate([c1, c2]) @ W)"), "the bias is missing"),
        Mutant("no tanh", node("np.concatenate([c1, c2]) @ W + b"), "tanh is missing"),
        Mutant("exchanged", node("np.tanh(np.concatenate([c2, c1]) @ W + b)"), "the children are exchanged"),
        Mutant("added", node("np.tanh((c1 + c2) @ W[:len(c1)] + b)"), "they are joined"),
        Mutant("always a chain", ROOT.format(pairs=CHAIN, last=-1), "this is the root of a chain"),
        Mutant("first node", ROOT.format(pairs="pairs", last="len(x)"), "the root is the last"),
        Mutant("all nodes", ROOT.format(pairs="pairs", last=":"), "a list, and an array is due"),
        Mutant("arrow missing", scheme("recursive_scheme", ("b", "add1")), "an arrow into add1 is missing, from b"),
        Mutant(
            "children not joined",
            scheme("recursive_scheme", ("c2", "join1"), ("c2", "matmul1")),
            "the arrow c2 → matmul1 does not belong there",
        ),
        Mutant(
            "bias outside",
            'recursive_scheme = [("c1", "join1"), ("c2", "join1"), ("join1", "matmul1"), ("W", "matmul1"), '
            '("matmul1", "tanh1"), ("tanh1", "add1"), ("b", "add1"), ("add1", "p")]',
            "the bias is added behind tanh",
        ),
        Mutant(
            "turned round", "recursive_scheme = [(b, a) for a, b in recursive_scheme]", "leads into c1, which is given"
        ),
        Mutant("a loop", 'recursive_scheme = [*recursive_scheme, ("tanh1", "add1")]', "goes round in a circle"),
        Mutant("dead end", 'recursive_scheme = [*recursive_scheme, ("add1", "tanh7")]', "nothing leads on from tanh7"),
        Mutant("other names", 'recursive_scheme = [*recursive_scheme, ("x", "join1")]', "has a node 'x'"),
        Mutant("no pairs", 'recursive_scheme = "c1 -> join"', "must be a list of pairs"),
        Mutant("one child", DRAWING.format(value=RIGHT + "[1:]"), "has no leaf x0"),
        Mutant("downwards", DRAWING.format(value=f"[(b, a) for a, b in {RIGHT}]"), "leads into a leaf"),
        Mutant("another tree", DRAWING.format(value=LEANING), "has just x2 and x3 below it"),
        Mutant("bias not counted", one("recursive_parameters(d)", "2 * d * d"), "the bias is missing"),
        Mutant("one child counted", one("recursive_parameters(d)", "d * d + d"), "it has 2d rows"),
    ],
    "E22.2": [
        Mutant(
            "no linear part", tensor("np.tanh(np.einsum('i,ijk,j->k', x, V, x))"), "the linear part x W + b is missing"
        ),
        Mutant("no bias", tensor("np.tanh(np.einsum('i,ijk,j->k', x, V, x) + x @ W)"), "the bias is missing"),
        Mutant("no product", tensor("np.tanh(x @ W + b)"), "this is the recursive network"),
        Mutant("no tanh", tensor("np.einsum('i,ijk,j->k', x, V, x) + x @ W + b"), "tanh is missing"),
        Mutant(
            "tanh inside", tensor("np.einsum('i,ijk,j->k', x, V, x) + np.tanh(x @ W + b)"), "around the linear part"
        ),
        Mutant(
            "c1 times c2",
            tensor("np.tanh(np.einsum('i,ijk,j->k', c1, V[:len(c1), len(c1):], c2) + x @ W + b)"),
            "each child also meets itself",
        ),
        Mutant("once only", tensor("np.tanh(np.einsum('i,ijk->k', x, V) + x @ W + b)"), "multiplied with x once"),
        Mutant(
            "another axis",
            tensor("np.tanh(np.einsum('i,ijk,j->k', x, V[:, :, ::-1], x) + x @ W + b)"),
            "p differs",
        ),
        Mutant(
            "recursive root",
            "def tensor_root(x, pairs, V, W, b):\n    return recursive_root(x, pairs, W, b)",
            "V was not used",
        ),
        Mutant("same scheme", "tensor_scheme = recursive_scheme", "this is the scheme of E22.1"),
        Mutant(
            "children one by one",
            scheme("tensor_scheme", ("join1", "bilinear1"), ("c1", "bilinear1"), ("c2", "bilinear1")),
            "it takes the joined x, twice",
        ),
        Mutant("V left out", scheme("tensor_scheme", ("V", "bilinear1")), "an arrow into bilinear1 is missing, from V"),
        Mutant("small slices", one("tensor_parameters(d)", "d**3 + 2 * d**2 + d"), "not of (d, d)"),
        Mutant("tensor alone", one("tensor_parameters(d)", "4 * d**3"), "W and b are there as well"),
    ],
    "E22.3": [
        Mutant("one node", costs(adds="adds // steps"), "those of one node; all count"),
        Mutant("counted each time", costs(parameters="parameters * steps"), "all nodes share them"),
        Mutant("no bias", costs(parameters="parameters - d"), "the bias is missing among the parameters"),
        Mutant("exchanged", costs("adds", "parameters"), "parameters come first"),
        Mutant("T nodes", costs(adds="adds // steps * T"), "has T - 1 nodes"),
        Mutant("T - 1 steps", costs(adds="adds // steps * (T - 1)"), "takes T steps"),
        Mutant(
            "no second product",
            costs(adds="adds - 2 * d * d * (T - 1) * (network == 'tensor')"),
            "there is a second product",
        ),
        Mutant("root not counted", lengths("[k - 1 for k in due]"), "the root counts as well"),
        Mutant("leaf counted", lengths("[k + 1 for k in due]"), "the leaf counts as a node"),
        Mutant("height", lengths("[max(due)] * T"), "the height of the tree for every leaf"),
        Mutant("wrong order", lengths("due[::-1]"), "leaf 0 comes first"),
        Mutant("one text", "comparison = 'They are all good.'", "must be a dict with the entries"),
        Mutant("two texts", 'comparison = {k: v for k, v in comparison.items() if k != "tensor"}', 'no entry "tensor"'),
        Mutant("short", 'comparison = comparison | {"tensor": "It is 2 times better."}', "has 5 words; at least 25"),
        Mutant("no number", 'comparison = comparison | {"tensor": "word " * 40}', "holds no number"),
        Mutant("empty", 'comparison = comparison | {"recursive": ""}', 'the entry "recursive" of comparison is empty'),
        Mutant("a novel", 'comparison = comparison | {"tensor": "word 1 " * 900}', "at most 400 are read"),
    ],
    "E22.7": [
        Mutant("one gate", tree_lstm(forget="sigmoid(a_f + s_f)"), "each child has its own"),
        Mutant("nothing kept", tree_lstm(kept="0 * a_c"), "nothing of the children's c is kept"),
        Mutant("averaged", tree_lstm(inside="h.mean(axis=0)", kept="(f * c).mean(axis=0)"), "h differs"),
        Mutant("no bias", tree_lstm(b="0 * b"), "the bias is missing"),
        Mutant("exchanged", tree_lstm(result=f"c_new, {OUT}"), "return h, then c"),
        Mutant(
            "first child",
            "right = tree_lstm_node\n" + one("tree_lstm_node(x, h, c, W, U, b)", "right(x, h[:1], c[:1], W, U, b)"),
            "only the first child was used",
        ),
        Mutant("leaf fails", tree_lstm(inside="(h[0] + h[1:].sum(axis=0))"), "IndexError", state="could not run"),
    ],
    "E22.8": [
        Mutant("weak", "and_weights = (np.array([[1.0], [1.0]]), np.array([-1.0]))", "|p| must be at least 0.9"),
        Mutant("or", "and_weights = (np.array([[4.0], [4.0]]), np.array([4.0]))", "and false is due"),
        Mutant("plain lists", "and_weights = ([[4.0], [4.0]], [-4.0])", "must be an array of numbers of shape (2, 1)"),
        Mutant("not equal", "xor_weights = (-xor_weights[0], *xor_weights[1:])", "xor of 1 and 1 is"),
        Mutant("a gentle one", "xor_weights = (xor_weights[0] / 2.6, *xor_weights[1:])", "|p| must be at least 0.9"),
        Mutant("without V", "xor_weights = and_weights", "must be a tuple of 3 arrays"),
        Mutant("infinite", "xor_weights = (xor_weights[0] * np.inf, *xor_weights[1:])", "not finite"),
        Mutant("xor alone", 'not_without = "c"', "one more cannot"),
        Mutant("implication too", 'not_without = "cde"', "what a line can part"),
        Mutant("the others", 'not_without = "ab"', "these can be had"),
        Mutant("a number", "not_without = 3", "not_without"),
    ],
}
