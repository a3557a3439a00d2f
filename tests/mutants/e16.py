"""Wrong answers to notebook 16."""

from tests.mutants import Mutant

SWEEP = """
def sweep(W, s, order):
    {copy}
    old = s.copy()
    for i in {order}:
        field = {field}
        {change}
    return s
"""
CHANGE = "s[i] = 1.0 if field > 0 else -1.0 if field < 0 else s[i]"
RESONATE = """
def resonate(M, a, b):
    a, b = a.copy(), b.copy()
    while True:
        new_b = {b}
        new_a = {a}
        {stop}
        if np.array_equal(new_a, a) and np.array_equal(new_b, b):
            return {result}
        a, b = new_a, new_b
"""
RESERVOIR = """
def reservoir(x, h0, W, U, b, a):
    h, hs = {start}, []
    for t in range(x.shape[1]):
        h = {h}
        hs.append(h)
    return {result}
"""


def sweep(copy="s = s.copy()", order="order", field="W[i] @ s", change=CHANGE):
    return SWEEP.format(copy=copy, order=order, field=field, change=change)


def resonate(b="unit(a @ M, b)", a="unit(new_b @ M.T, a)", stop="pass", result="(a, b)"):
    return RESONATE.format(b=b, a=a, stop=stop, result=result)


def reservoir(start="h0", h="(1 - a) * h + a * np.tanh(x[:, t] @ W + h @ U + b)", result="np.stack(hs, axis=1)"):
    return RESERVOIR.format(start=start, h=h, result=result)


def read_out(H="H - H.mean(axis=0)", Y="Y - Y.mean(axis=0)", ridge="ridge", b_y="Y.mean(axis=0) - H.mean(axis=0) @ V"):
    return (
        "def read_out(H, Y, ridge):\n"
        f"    A, B = {H}, {Y}\n"
        f"    V = np.linalg.solve(A.T @ A + ({ridge}) * np.eye(H.shape[1]), A.T @ B)\n"
        f"    return V, {b_y}"
    )


def surprises(shown="sequence[:t]", differs="!=", gives="(t, x)"):
    return (
        "def surprises(sequence, predict):\n"
        f"    return [{gives} for t, x in enumerate(sequence) if predict(list({shown})) {differs} x]"
    )


def replay(loop):
    return (
        "def replay(passed_on, length, predict):\n"
        "    known, sequence = dict(passed_on), []\n"
        "    for t in range(length):\n"
        f"        {loop}\n"
        "    return sequence"
    )


MUTANTS = {
    "E16.1": [
        Mutant("diagonal", "def hebb(X): return X.T @ X / X.shape[1]", says="a unit must not vote for itself"),
        Mutant(
            "mean of patterns",
            "def hebb(X):\n    W = X.T @ X / len(X)\n    np.fill_diagonal(W, 0)\n    return W",
            says="divided by the number of patterns",
        ),
        Mutant("patterns with patterns", "def hebb(X): return X @ X.T / X.shape[1]", says="units with units, (n, n)"),
        Mutant("all at once", sweep(field="W[i] @ old"), says="all units looked at once"),
        Mutant("own order", sweep(order="range(len(s))"), says="not in the order that was given"),
        Mutant("against the field", sweep(field="-W[i] @ s"), says="the sign is turned round"),
        Mutant("np.sign", sweep(change="s[i] = np.sign(field)"), says="became 0; it keeps its value"),
        Mutant("at 0 up", sweep(change="s[i] = 1.0 if field >= 0 else -1.0"), says="became 1; it keeps its value"),
        Mutant("in place", sweep(copy="pass"), says="changed its argument"),
        Mutant("every pair twice", "def energy(W, s): return -s @ W @ s", says="has every pair twice"),
        Mutant("uphill", "def energy(W, s): return s @ W @ s / 2", says="the sign is turned round"),
        Mutant("symmetric", "W_turning = np.array([[0.0, -1.0], [-1.0, 0.0]])", says="W_turning is symmetric"),
        Mutant("one way", "W_turning = np.array([[0.0, 1.0], [0.5, 0.0]])", says="is at rest"),
        Mutant("self", "W_turning = np.array([[1.0, 1.0], [-1.0, 1.0]])", says="zeros on the diagonal"),
        Mutant("words", "W_turning = 'none'", says="must be a square array"),
    ],
    "E16.2": [
        Mutant("last pair", "def correlate(a, b): return np.outer(a[-1], b[-1])", says="the pairs add up"),
        Mutant("mean", "def correlate(a, b): return a.T @ b / len(a)", says="with no division"),
        Mutant("turned", "def correlate(a, b): return b.T @ a", says="transposed"),
        Mutant("one round", resonate(stop="return new_a, new_b"), says="one round came back"),
        Mutant("half a round", resonate(stop="return a, new_b"), says="a listens to b in turn"),
        Mutant("exchanged", resonate(result="(b, a)"), says="shape"),
        Mutant("np.sign", resonate(b="np.sign(a @ M)", a="np.sign(new_b @ M.T)"), says="became 0; it keeps its value"),
        Mutant(
            "a speaks first",
            "def resonate_from_b(M, b): return resonate(M, -np.ones(len(M)), b)",
            says="what b knew was lost",
        ),
        Mutant(
            "sides exchanged",
            "def resonate_from_b(M, b): return resonate(M.T, b, -np.ones(len(M)))",
            says="shape",
        ),
        Mutant("half", "def bam_energy(M, a, b): return -a @ M @ b / 2", says="every coupling stands once"),
        Mutant("sign", "def bam_energy(M, a, b): return a @ M @ b", says="the sign is turned round"),
    ],
    "E16.3": [
        Mutant(
            "norm", "def scaled(U, radius): return U * radius / np.linalg.norm(U, 2)", says="the largest singular value"
        ),
        Mutant("multiplied", "def scaled(U, radius): return U * radius", says="not brought to it"),
        Mutant(
            "radius forgotten",
            "def scaled(U, radius): return U / np.abs(np.linalg.eigvals(U)).max()",
            says="the factor radius is missing",
        ),
        Mutant(
            "shares", reservoir(h="a * h + (1 - a) * np.tanh(x[:, t] @ W + h @ U + b)"), says="shares are exchanged"
        ),
        Mutant("no leak", reservoir(h="np.tanh(x[:, t] @ W + h @ U + b)"), says="the leak is missing"),
        Mutant(
            "inside", reservoir(h="np.tanh((1 - a) * h + a * (x[:, t] @ W + h @ U + b))"), says="also squeezes the old"
        ),
        Mutant("from zeros", reservoir(start="0 * h0"), says="it starts from zeros"),
        Mutant("last step", reservoir(result="h"), says="all T steps are due"),
        Mutant("no penalty", read_out(ridge="0"), says="the penalty is missing"),
        Mutant("uncentred", read_out(H="H", Y="Y", b_y="np.zeros(Y.shape[1])"), says="were not centred"),
        Mutant("mean of Y", read_out(b_y="Y.mean(axis=0)"), says="has to be taken off"),
        Mutant(
            "bias punished",
            "def read_out(H, Y, ridge):\n"
            "    A = np.c_[H, np.ones(len(H))]\n"
            "    V = np.linalg.solve(A.T @ A + ridge * np.eye(A.shape[1]), A.T @ Y)\n"
            "    return V[:-1], V[-1]",
            says="the bias is punished too",
        ),
        Mutant(
            "in place",
            "_r = read_out\ndef read_out(H, Y, ridge):\n    H -= H.mean(axis=0)\n    return _r(H, Y, ridge)",
            says="changed its argument",
        ),
    ],
    "E16.4": [
        Mutant("peeks", surprises(shown="sequence[:t + 1]"), says="before it had to foresee it"),
        Mutant("foreseen", surprises(differs="=="), says="those that were not are due"),
        Mutant("expected", surprises(gives="(t, predict(list(sequence[:t])))"), says="pass on what came"),
        Mutant("from 1", surprises(gives="(t + 1, x)"), says="times are counted from 0"),
        Mutant("exchanged", surprises(gives="(x, t)"), says="the number first"),
        Mutant(
            "only what was passed on",
            "def surprises(sequence, predict):\n"
            "    kept = []\n"
            "    for t, x in enumerate(sequence):\n"
            "        if predict([y for _, y in kept]) != x: kept.append((t, x))\n"
            "    return kept",
            says="only those that were passed on",
        ),
        Mutant("times", "def events(passed_on): return list(passed_on)", says="these are the times themselves"),
        Mutant(
            "from 0",
            "def events(passed_on):\n"
            "    return [(t - (passed_on[k - 1][0] if k else 0), x) for k, (t, x) in enumerate(passed_on)]",
            says="it counts from the time -1",
        ),
        Mutant(
            "left out",
            "_right = events\ndef events(passed_on): return [(lag - 1, x) for lag, x in _right(passed_on)]",
            says="a symbol that follows at once has the lag 1",
        ),
        Mutant("no past", replay("sequence.append(known.get(t, predict([])))"), says="with an empty past each time"),
        Mutant(
            "passed on alone",
            replay("sequence.append(known[t] if t in known else predict([x for k, x in passed_on if k < t]))"),
            says="the sequence differs at",
        ),
        Mutant("skips", replay("known.get(t) and sequence.append(known[t])"), says="symbols are due"),
        Mutant("predicts all", replay("sequence.append(predict(list(sequence)))"), says="that was passed on"),
    ],
}
