"""Wrong answers to notebook 13."""

from tests.mutants import Mutant

WINDOW = """
def window_average(h, a):
    {refuse}
    T, n = h.shape[1], len(a) // 2
    {weights}
    o = np.zeros(h.shape)
    for k in range(T):
        seen = [i for i in range(2 * n + 1) if 0 <= k + i - n < T]
        o[:, k] = sum(a[i] * h[:, k + i - n] for i in seen){norm}
    return {result}
"""
REFUSE = 'if abs(np.sum(a) - 1) > 1e-6: raise ValueError("sum")'


def window(refuse=REFUSE, weights="", norm=" / sum(a[i] for i in seen)", result="o"):
    return WINDOW.format(refuse=refuse, weights=weights, norm=norm, result=result)


CONTENT = """
def content_attention(h, n):
    mask = window_mask(h.shape[1], n)
    scores = {scores}
    scores = {masked}
    e = np.exp(scores - scores.max(axis={axis}, keepdims=True))
    A = e / e.sum(axis={axis}, keepdims=True)
    {after}
    return {result}
"""


def content(
    scores="h @ h.swapaxes(1, 2) / np.sqrt(h.shape[2])",
    masked="np.where(mask, scores, -np.inf)",
    axis="-1",
    after="",
    result="A @ h, A",
):
    return CONTENT.format(scores=scores, masked=masked, axis=axis, after=after, result=result)


def mask(rule):
    return f"def window_mask(T, n):\n    k = np.arange(T)\n    j = k[:, None] - k[None, :]\n    return {rule}"


def superposition(line):
    return f"def superposition_error(system, x, y, a, b):\n    return {line}"


def shift(line):
    return f"def shift_error(system, x, s, margin):\n    T = x.shape[1]\n    return {line}"


def verdict(**changes):
    right = {"fixed": "both", "content": "shift", "position": "superposition", "frozen": "superposition"}
    return f"verdict = {right | changes}"


def moved(line):
    return f"def shift_address(w, s):\n    n = len(s) // 2\n    return {line}"


def sharper(line):
    return f"def sharpen(w, gamma):\n    return {line}"


MUTANTS = {
    "E13.1": [
        Mutant("reversed", window(weights="a = a[::-1]"), says="the weights run the wrong way round"),
        Mutant("zeros beyond the ends", window(norm=""), says="the sum of the weights falls short of 1"),
        Mutant(
            "first and last repeated",
            "def window_average(h, a):\n    n = len(a) // 2\n    p = np.pad(h, [(0, 0), (n, n), (0, 0)], mode='edge')\n"
            "    return sum(a[i] * p[:, i : i + h.shape[1]] for i in range(len(a)))",
            says="the first and the last step were repeated",
        ),
        Mutant(
            "in a circle",
            "def window_average(h, a):\n    n = len(a) // 2\n"
            "    return sum(a[i] * np.roll(h, n - i, axis=1) for i in range(len(a)))",
            says="continued at the other end",
        ),
        Mutant("whole windows only", window(norm="", result="o[:, n:T - n]"), says="all T are due"),
        Mutant(
            "equal weights", window(weights="a = np.full(len(a), 1 / len(a))"), says="all weights were taken as equal"
        ),
        Mutant("no refusal", window(refuse=""), says="so raise a ValueError"),
        Mutant("another error", window(refuse="assert abs(np.sum(a) - 1) < 1e-6"), says="'AssertionError'"),
        Mutant(
            "refuses rounding",
            window(refuse="if abs(np.sum(a) - 1) > 1e-12: raise ValueError()"),
            says="allow for 1e-6",
        ),
        Mutant(
            "numpy.convolve same",
            "def window_average(h, a):\n"
            "    return np.stack([[np.convolve(f, a[::-1], 'same') for f in x.T] for x in h]).swapaxes(1, 2)",
            says="beyond the ends zeros were added",
        ),
    ],
    "E13.2": [
        Mutant("mask inverted", mask("abs(j) > n"), says="the mask is the other way round"),
        Mutant("edges missing", mask("abs(j) < n"), says="the edges of the window are missing"),
        Mutant("looks back", mask("(0 <= j) & (j <= n)"), says="the window looks back only"),
        Mutant("no window", content(masked="scores"), says="the window is missing"),
        Mutant("no root", content(scores="h @ h.swapaxes(1, 2)"), says="not divided by the root of m"),
        Mutant("by m", content(scores="h @ h.swapaxes(1, 2) / h.shape[2]"), says="divided by m, not by its root"),
        Mutant("other axis", content(axis="1"), says="the softmax ran over the wrong axis"),
        Mutant("zero scores", content(masked="scores * mask"), says="exp(0) is 1"),
        Mutant("cut off after", content(masked="scores", after="A = A * mask"), says="cut off after the softmax"),
        Mutant("no content", content(scores="0 * (h @ h.swapaxes(1, 2))"), says="the scores are missing"),
        Mutant("transposed", content(result="A.swapaxes(1, 2) @ h, A"), says="o was taken with A transposed"),
        Mutant("exchanged", content(result="A, A @ h"), says="o has shape"),
        Mutant(
            "overflow",
            content().replace("np.exp(scores - scores.max(axis=-1, keepdims=True))", "np.exp(scores)"),
            says="look for an overflow",
        ),
    ],
    "E13.3": [
        Mutant(
            "no factors", superposition("np.abs(system(x + y) - system(x) - system(y)).max()"), says="the factors are"
        ),
        Mutant(
            "exchanged",
            superposition("np.abs(system(a * x + b * y) - b * system(x) - a * system(y)).max()"),
            says="a and b are exchanged",
        ),
        Mutant(
            "mean",
            superposition("np.abs(system(a * x + b * y) - a * system(x) - b * system(y)).mean()"),
            says="the mean came back",
        ),
        Mutant(
            "with the ends",
            shift("np.abs(system(np.roll(x, s, axis=1)) - np.roll(system(x), s, axis=1)).max()"),
            says="the ends were compared as well",
        ),
        Mutant(
            "no s in front",
            shift("np.abs(system(np.roll(x, s, axis=1)) - np.roll(system(x), s, axis=1))[:, margin:T - margin].max()"),
            says="compared as well: leave s + margin out",
        ),
        Mutant(
            "not shifted back",
            shift("np.abs(system(np.roll(x, s, axis=1)) - system(x))[:, s + margin:T - margin].max()"),
            says="the output was not shifted",
        ),
        Mutant(
            "features",
            shift(
                "np.abs(system(np.roll(x, s, axis=2)) - np.roll(system(x), s, axis=2))[:, s + margin:T - margin].max()"
            ),
            says="time is axis 1",
        ),
        Mutant("the slide's word", verdict(fixed="neither"), says="what could a test find"),
        Mutant("attention neither", verdict(content="neither"), says="look again at content weights"),
        Mutant("position", verdict(position="shift"), says="look again at weights by position"),
        Mutant("frozen", verdict(frozen="shift"), says="do they still look at the data"),
        Mutant("no option", verdict(frozen="yes"), says='each verdict must be one of "both"'),
        Mutant("one name missing", 'verdict = {"fixed": "both"}', says="lacks the entries"),
    ],
    "E13.4": [
        Mutant(
            "wrong way",
            moved("sum(s[n + d] * np.roll(w, -d, axis=-1) for d in range(-n, n + 1))"),
            says="it moved the wrong way",
        ),
        Mutant(
            "not in a circle",
            moved("np.stack([np.convolve(one, s, 'same') for one in w])"),
            says="indices count in a circle",
        ),
        Mutant(
            "no middle", moved("sum(s[i] * np.roll(w, i, axis=-1) for i in range(len(s)))"), says="the middle of s is"
        ),
        Mutant(
            "all axes",
            moved("sum(s[n + d] * np.roll(w, d) for d in range(-n, n + 1))"),
            says="rolled as one long row",
        ),
        Mutant("not normalised", sharper("w ** gamma"), says="no longer add up to 1"),
        Mutant("one sum for all", sharper("w ** gamma / (w ** gamma).sum()"), says="each has its own"),
        Mutant(
            "softmax",
            sharper("np.exp(gamma * w) / np.exp(gamma * w).sum(axis=-1, keepdims=True)"),
            says="it is the power w**gamma",
        ),
        Mutant(
            "underflow",
            sharper("w ** gamma / (w ** gamma).sum(axis=-1, keepdims=True)"),
            says="division by 0",
        ),
        Mutant("window as it is", "def kernel_of_window(a): return a", says="a is not yet turned round"),
        Mutant("turned by one", "def kernel_of_window(a): return np.roll(a, 1)", says="turned in a circle by one"),
        Mutant(
            "squared", "def kernel_of_window(a): return a[::-1] ** 2 / (a ** 2).sum()", says="only the order changes"
        ),
    ],
}
