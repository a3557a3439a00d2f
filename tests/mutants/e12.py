"""Wrong answers to notebook 12 that its checks must refuse."""

from tests.mutants import Mutant


def backward(expression):
    return f"def backward_pass(x, W, U, b): return {expression}"


def both(h="one_way(x, *forward)", g="backward_pass(x, *backward)", concat="[h, g], axis=-1", ave="(h + g) / 2"):
    return (
        'def bidirectional(x, forward, backward, merge="concat"):\n'
        f"    h, g = {h}, {g}\n"
        f'    if merge == "concat": return np.concatenate({concat})\n'
        f'    return {{"sum": h + g, "ave": {ave}, "mul": h * g}}[merge]'
    )


def merged(expression):
    return f"def merged(h, g): return np.concatenate({expression}, axis=-1)"


def summary(h, g):
    return f"def summary(h, g): return np.concatenate([h[:, {h}], g[:, {g}]], axis=-1)"


def change(copy="x.copy()", at="t", result="alone.max(axis=(0, 2)), both.max(axis=(0, 2))"):
    return (
        "def change(x, forward, backward, t, delta):\n"
        "    before, y = one_way(x, *forward), bidirectional(x, forward, backward)\n"
        f"    moved = {copy}\n"
        f"    moved[:, {at}] += delta\n"
        "    alone = np.abs(one_way(moved, *forward) - before)\n"
        "    both = np.abs(bidirectional(moved, forward, backward) - y)\n"
        f"    return {result}"
    )


def norms(inner="W * slopes[t]", outer="U * slopes[t]", result="norms", order=""):
    return (
        "def sensitivity(x, W, U, b):\n"
        "    slopes = 1 - one_way(x[None], W, U, b)[0] ** 2\n"
        "    after, norms = np.eye(len(b)), np.empty(len(x))\n"
        "    for t in reversed(range(len(x))):\n"
        f"        norms[t] = np.linalg.norm(({inner}) @ after{order})\n"
        f"        after = ({outer}) @ after\n"
        f"    return {result}"
    )


def ends(expression):
    return f"def both_ends(x, forward, backward): return {expression}"


MUTANTS = {
    "E12.1": [
        Mutant("no second flip", backward("one_way(x[:, ::-1], W, U, b)"), says="the second flip is missing"),
        Mutant("no first flip", backward("one_way(x, W, U, b)[:, ::-1]"), says="only the states are"),
        Mutant("no flip", backward("one_way(x, W, U, b)"), says="this network reads from the start"),
        Mutant("batch flipped", backward("one_way(x[::-1], W, U, b)"), says="the batch was reversed"),
        Mutant("shared weights", both(g="backward_pass(x, *forward)"), says="both ways have the weights"),
        Mutant("exchanged weights", both("one_way(x, *backward)", "backward_pass(x, *forward)"), says="are exchanged"),
        Mutant("backward first", both(concat="[g, h], axis=-1"), says="the backward way stands first"),
        Mutant("along time", both(concat="[h, g], axis=1"), says="joined along time"),
        Mutant("mean not halved", both(ave="h + g"), says="this is the sum"),
        Mutant("flip lost in the merge", both(g="one_way(x[:, ::-1], *backward)"), says="not put back"),
    ],
    "E12.2": [
        Mutant("no turn", "def index_map(T): return np.arange(T)", says="position k was made when"),
        Mutant("from one", "def index_map(T): return np.arange(T, 0, -1)", says="times count from 0"),
        Mutant("as in the wild", merged("[h, g]"), says="g is not turned"),
        Mutant("h turned", merged("[h[:, ::-1], g]"), says="h was turned instead of g"),
        Mutant("units turned", merged("[h, g[..., ::-1]]"), says="the units of g were turned"),
        Mutant("last of the merged", summary(-1, 0), says="that state of g has read one step only"),
        Mutant("first of h", summary(0, -1), says="that state of h has read one step only"),
        Mutant("means", "def summary(h, g): return np.concatenate([h.mean(1), g.mean(1)], -1)", says="means over time"),
    ],
    "E12.3": [
        Mutant("in place", change(copy="x"), says="changed its argument"),
        Mutant("counted from one", change(at="t - 1"), says="another step was moved"),
        Mutant("exchanged", change(result="both.max(axis=(0, 2)), alone.max(axis=(0, 2))"), says="forward comes first"),
        Mutant(
            "backward alone",
            change(result="alone.max(axis=(0, 2)), both[..., both.shape[2] // 2:].max(axis=(0, 2))"),
            says="the backward way alone",
        ),
        Mutant(
            "signed",
            change().replace("np.abs", ""),
            says="the sign of a change counts here",
        ),
        Mutant("nothing moved", change(at="t:t"), says="change of forward differs"),
        Mutant(
            "patterns exchanged",
            "def pattern(T, kind):\n    a = np.ones((T, T))\n"
            '    return {"forward": np.triu(a), "backward": np.tril(a), "both": a}[kind]',
            says="rows and columns are exchanged",
        ),
        Mutant(
            "no diagonal",
            "def pattern(T, kind):\n    a = np.ones((T, T))\n"
            '    return {"forward": np.tril(a, -1), "backward": np.triu(a, 1), "both": a}[kind]',
            says="the diagonal is missing",
        ),
    ],
    "E12.4": [
        Mutant("the exchange rate", 'allowed = "abdeh"', says="tomorrow's exchange rate is what is asked for"),
        Mutant("live captions", 'allowed = "abceh"', says="nothing later exists"),
        Mutant("audio forgotten", 'allowed = "aeh"', says="lacks 1 of the tasks"),
        Mutant("all", 'allowed = "abcdefgh"', says="there is nothing to its right"),
        Mutant("no letter", 'allowed = "sentences"', says="must be made of the letters"),
        Mutant("other half", "def live(y): return y[..., y.shape[-1] // 2 :]", says="this is the backward half"),
        Mutant("half the times", "def live(y): return y[:, : y.shape[1] // 2]", says="first half of the times"),
        Mutant("everything", "def live(y): return y", says="the second half has read the future"),
        Mutant("as a file", 'delay = "a"', says="the end of the speech does not exist"),
        Mutant("not at all", 'delay = "b"', says="two seconds of the future do exist"),
        Mutant("corrected", 'delay = "d"', says="made anew for each t"),
    ],
    "E12.5": [
        Mutant("no slope", norms("W", "U"), says="the slope of tanh, 1 - h_t^2, is missing"),
        Mutant("no slope at the input", norms("W"), says="where x_t enters"),
        Mutant("transposed", norms(outer="U.T * slopes[t]"), says="U is transposed"),
        Mutant("slope on rows", norms(outer="U * slopes[t][:, None]"), says="multiplies the rows of U"),
        Mutant("no W", norms(inner="np.eye(len(b))"), says="W times the slope, is missing"),
        Mutant("largest stretch", norms(order=", 2"), says="these are largest stretches"),
        Mutant(
            "order of factors",
            norms().replace("(U * slopes[t]) @ after", "after @ (U * slopes[t])"),
            says="in the wrong order",
        ),
        Mutant("reversed", norms(result="norms[::-1]"), says="the order of time is reversed"),
        Mutant(
            "not turned back",
            ends("np.hypot(sensitivity(x, *forward), sensitivity(x[::-1], *backward))"),
            says="not put back",
        ),
        Mutant("forward alone", ends("sensitivity(x, *forward)"), says="this is the forward way alone"),
        Mutant(
            "norms added",
            ends("sensitivity(x, *forward) + sensitivity(x[::-1], *backward)[::-1]"),
            says="the squares are added",
        ),
    ],
}
