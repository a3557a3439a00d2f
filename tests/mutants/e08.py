"""Wrong answers to notebook 08."""

from tests.mutants import Mutant

FORWARD = """
def lstm_forward(x, h0, c0, W, U, b):
    h, c, hs, cs = h0, c0, [], []
    for t in range(x.shape[1]):
        {gates} = np.split(x[:, t] @ W + h @ U + b, 4, axis=1)
        {step}
        hs.append(h)
        cs.append(c)
    return {result}
"""
GATES = "a_i, a_f, a_c, a_o"
NEW_C = "c = sigmoid(a_f) * c + sigmoid(a_i) * np.tanh(a_c)"
NEW_H = "h = sigmoid(a_o) * np.tanh(c)"
STACKED = "np.stack(hs, axis=1), np.stack(cs, axis=1)"


def forward(gates=GATES, step=f"{NEW_C}; {NEW_H}", result=STACKED):
    return FORWARD.format(gates=gates, step=step, result=result)


TRACES = """
def gate_traces(x, W, U, b):
    n = U.shape[0]
    h, c, kept = np.zeros(n), np.zeros(n), []
    for x_t in x:
        a_i, a_f, a_c, a_o = np.split(x_t @ W + h @ U + b, 4)
        i, f, o = sigmoid(a_i), sigmoid(a_f), sigmoid(a_o)
        old = c
        c = f * c + i * np.tanh(a_c)
        {h}
        kept.append(({kept}))
    return tuple(np.stack(trace) for trace in zip(*kept))
"""

MUTANTS = {
    "E08.1": [
        Mutant(
            "no bias",
            "def forget_gate(x, h, W_f, U_f, b_f): return sigmoid(x @ W_f + h @ U_f)",
            says="the bias b_f is missing",
        ),
        Mutant(
            "transposed U",
            "def forget_gate(x, h, W_f, U_f, b_f): return sigmoid(x @ W_f + h @ U_f.T + b_f)",
            says="the recurrent matrix is transposed",
        ),
        Mutant(
            "no sigmoid",
            "def forget_gate(x, h, W_f, U_f, b_f): return x @ W_f + h @ U_f + b_f",
            says="the logistic function is missing",
        ),
        Mutant(
            "share to forget",
            "def forget_gate(x, h, W_f, U_f, b_f): return 1 - sigmoid(x @ W_f + h @ U_f + b_f)",
            says="1 - f came back",
        ),
        Mutant(
            "overflow",
            "def forget_gate(x, h, W_f, U_f, b_f):\n    e = np.exp(x @ W_f + h @ U_f + b_f)\n    return e / (1 + e)",
            says="look for an overflow",
        ),
        Mutant(
            "slide's columns",
            "def forget_gate(x, h, W_f, U_f, b_f): return sigmoid(W_f @ x + U_f @ h + b_f)",
            says="mismatch in it",
            state="could not run",
        ),
    ],
    "E08.2": [
        Mutant(
            "exchanged squashings",
            "def input_gate_and_candidate(x, h, W_i, U_i, b_i, W_c, U_c, b_c):\n"
            "    return np.tanh(x @ W_i + h @ U_i + b_i), sigmoid(x @ W_c + h @ U_c + b_c)",
            says="the two squashing functions are exchanged",
        ),
        Mutant(
            "candidate first",
            "def input_gate_and_candidate(x, h, W_i, U_i, b_i, W_c, U_c, b_c):\n"
            "    return np.tanh(x @ W_c + h @ U_c + b_c), sigmoid(x @ W_i + h @ U_i + b_i)",
            says="return i first",
        ),
        Mutant(
            "th as a threshold",
            "def input_gate_and_candidate(x, h, W_i, U_i, b_i, W_c, U_c, b_c):\n"
            "    return sigmoid(x @ W_i + h @ U_i + b_i), np.heaviside(x @ W_c + h @ U_c + b_c, 0)",
            says="read as a threshold",
        ),
        Mutant(
            "one set of weights",
            "def input_gate_and_candidate(x, h, W_i, U_i, b_i, W_c, U_c, b_c):\n"
            "    a = x @ W_i + h @ U_i + b_i\n"
            "    return sigmoid(a), np.tanh(a)",
            says="both read W_i, U_i, b_i",
        ),
        Mutant(
            "gated too early",
            "def input_gate_and_candidate(x, h, W_i, U_i, b_i, W_c, U_c, b_c):\n"
            "    i = sigmoid(x @ W_i + h @ U_i + b_i)\n"
            "    return i, i * np.tanh(x @ W_c + h @ U_c + b_c)",
            says="i is already multiplied in",
        ),
    ],
    "E08.3": [
        Mutant(
            "exchanged gates",
            "def new_cell_state(f, c, i, c_tilde): return i * c + f * c_tilde",
            says="the gates are exchanged",
        ),
        Mutant(
            "squashed",
            "def new_cell_state(f, c, i, c_tilde): return np.tanh(f * c + i * c_tilde)",
            says="the conveyor has no tanh",
        ),
        Mutant(
            "1997",
            "def new_cell_state(f, c, i, c_tilde): return c + i * c_tilde",
            says="the forget gate is missing",
        ),
        Mutant(
            "tied gates",
            "def new_cell_state(f, c, i, c_tilde): return f * c + (1 - f) * c_tilde",
            says="1 - f stands in place of i",
        ),
        Mutant(
            "in place",
            "def new_cell_state(f, c, i, c_tilde):\n    c *= f\n    c += i * c_tilde\n    return c",
            says="changed its argument 2 in place",
        ),
        Mutant(
            "almost kept",
            "def new_cell_state(f, c, i, c_tilde): return f * c + i * c_tilde + 1e-13",
            says="c for f = 1 and i = 0",
        ),
    ],
    "E08.4": [
        Mutant(
            "gate on the state",
            "def cell_output(x, h, c, W_o, U_o, b_o):\n"
            "    o = sigmoid(x @ W_o + c @ U_o + b_o)\n"
            "    return o, o * np.tanh(c)",
            says="it reads the previous h",
        ),
        Mutant(
            "multiplied by tanh",
            "def cell_output(x, h, c, W_o, U_o, b_o):\n"
            "    o = sigmoid(x @ W_o + h @ U_o + b_o)\n"
            "    return o, o * c * np.tanh(c)",
            says="tanh is applied to c",
        ),
        Mutant(
            "no tanh",
            "def cell_output(x, h, c, W_o, U_o, b_o):\n    o = sigmoid(x @ W_o + h @ U_o + b_o)\n    return o, o * c",
            says="the tanh around c is missing",
        ),
        Mutant(
            "tanh around the product",
            "def cell_output(x, h, c, W_o, U_o, b_o):\n"
            "    o = sigmoid(x @ W_o + h @ U_o + b_o)\n"
            "    return o, np.tanh(o * c)",
            says="it belongs to c alone",
        ),
        Mutant(
            "only h",
            "def cell_output(x, h, c, W_o, U_o, b_o):\n    return sigmoid(x @ W_o + h @ U_o + b_o) * np.tanh(c)",
            says="2 values are due",
        ),
        Mutant(
            "old h shown",
            "def cell_output(x, h, c, W_o, U_o, b_o):\n"
            "    o = sigmoid(x @ W_o + h @ U_o + b_o)\n"
            "    return o, o * np.tanh(h)",
            says="the new state c is due",
        ),
    ],
    "E08.5": [
        Mutant("order of D3.18", forward(gates="a_i, a_f, a_o, a_c"), says="read in the order i, f, o, c"),
        Mutant("order of D1", forward(gates="a_f, a_i, a_c, a_o"), says="read in the order f, i, c, o"),
        Mutant("order of D4.41", forward(gates="a_c, a_i, a_o, a_f"), says="the order g, i, o, f of D4.41"),
        Mutant("h before c", forward(step=f"{NEW_H}; {NEW_C}"), says="h looks at the old cell state"),
        Mutant(
            "squashed state", forward(step=f"{NEW_C}; c = np.tanh(c); h = sigmoid(a_o) * c"), says="belongs into h only"
        ),
        Mutant(
            "not carried",
            forward(step=f"h, c = h0, c0; {GATES} = np.split(x[:, t] @ W + h @ U + b, 4, axis=1); {NEW_C}; {NEW_H}"),
            says="the state is not carried",
        ),
        Mutant("last step", forward(result="h, c"), says="only the last step came back"),
        Mutant("time first", forward(result="np.stack(hs), np.stack(cs)"), says="so that the batch stays first"),
        Mutant("c before h", forward(result="np.stack(cs, axis=1), np.stack(hs, axis=1)"), says="return h first"),
        Mutant(
            "zero start",
            forward(step=f"{NEW_C}; {NEW_H}").replace("h0, c0, [], []", "0 * h0, 0 * c0, [], []"),
            says="it starts from zeros",
        ),
        Mutant(
            "seven steps, whatever comes",
            forward().replace("range(x.shape[1])", "range(min(7, 7))"),
            says="IndexError",
            state="could not run",
        ),
        Mutant(
            "way back",
            "def reorder(stacked, old, new, right=reorder): return right(stacked, new, old)",
            says="this is the way back",
        ),
        Mutant("nothing moved", "def reorder(stacked, old, new): return stacked", says="nothing was moved"),
        Mutant(
            "rows split",
            "def reorder(stacked, old, new):\n"
            "    old, new = (order.replace('g', 'c').replace('u', 'c') for order in (old, new))\n"
            "    blocks = dict(zip(old, np.array_split(stacked, 4, axis=0)))\n"
            "    return np.concatenate([blocks[letter] for letter in new], axis=0)",
            says='reorder(W, "ifou", "ifco")',
        ),
        Mutant("h alone", 'carried = "a"', says="needs the old c"),
        Mutant("gates as well", 'carried = "d"', says="computed anew"),
        Mutant("in words", 'carried = "h and c"', says='carried must be one of "a", "b", "c", "d"'),
    ],
    "E08.6": [
        Mutant(
            "x first",
            "def to_pair(M):\n    m = M.shape[1] - M.shape[0]\n    return M[:, :m].T, M[:, m:].T",
            says="x was taken to come first",
        ),
        Mutant(
            "not transposed",
            "def to_pair(M):\n    n = M.shape[0]\n    return M[:, n:], M[:, :n]",
            says="the transposing is missing",
        ),
        Mutant(
            "U first", "def to_pair(M):\n    n = M.shape[0]\n    return M[:, :n].T, M[:, n:].T", says="return W first"
        ),
        Mutant(
            "back with x first",
            "def to_concatenated(W, U): return np.hstack([W.T, U.T])",
            says="x came first",
        ),
        Mutant("back as rows", "def to_concatenated(W, U): return np.vstack([U, W])", says="M stands on the left"),
        Mutant(
            "order of the slide",
            "def stack_for_keras(M_f, M_i, M_C, M_o):\n"
            "    pairs = [to_pair(M) for M in (M_f, M_i, M_C, M_o)]\n"
            "    return np.hstack([W for W, _ in pairs]), np.hstack([U for _, U in pairs])",
            says="the slide's order f, i, C, o was kept",
        ),
        Mutant(
            "below one another",
            "def stack_for_keras(M_f, M_i, M_C, M_o):\n"
            "    pairs = [to_pair(M) for M in (M_i, M_f, M_C, M_o)]\n"
            "    return np.vstack([W for W, _ in pairs]), np.vstack([U for _, U in pairs])",
            says="side by side",
        ),
    ],
    "E08.7": [
        Mutant("printed and meant", 'misprint = ("i", "W_i", "W_f")', says="the second entry is what the wiki prints"),
        Mutant("wrong line", 'misprint = ("f", "W_f", "W_i")', says="the forget gate's line is right"),
        Mutant("a text", 'misprint = "W_f"', says="3 values are due"),
        Mutant("misprint repaired", 'changed = "abcd"', says="its weights have not changed"),
        Mutant("too few", 'changed = "ab"', says="what the layers are applied to"),
        Mutant("no option", 'changed = "abx"', says="made of the letters a, b, c, d, e"),
        Mutant("no line", 'misprint = ("input", "W_f", "W_i")', says="the line must be one of"),
        Mutant("no weights", 'misprint = ("i", "Wf", "Wi")', says="weights must be one of W_f"),
        Mutant(
            "right cell",
            "def wiki_gates(x, h, W_f, U_f, b_f, W_i, U_i, b_i):\n"
            "    return sigmoid(x @ W_f + h @ U_f + b_f), sigmoid(x @ W_i + h @ U_i + b_i)",
            says="with its misprint, is asked for",
        ),
        Mutant(
            "half a misprint",
            "def wiki_gates(x, h, W_f, U_f, b_f, W_i, U_i, b_i):\n"
            "    return sigmoid(x @ W_f + h @ U_f + b_f), sigmoid(x @ W_f + h @ U_i + b_i)",
            says="takes U_f with it",
        ),
        Mutant(
            "one gate",
            "def wiki_gates(x, h, W_f, U_f, b_f, W_i, U_i, b_i):\n"
            "    f = sigmoid(x @ W_f + h @ U_f + b_f)\n"
            "    return f, f",
            says="only the weights are misprinted",
        ),
    ],
    "E08.8": [
        Mutant("nothing written", "def ride(c_0, f, u): return f.prod(axis=1) * c_0", says="u is left out"),
        Mutant(
            "squashed",
            "def ride(c_0, f, u):\n"
            "    c = c_0\n"
            "    for k in range(f.shape[1]):\n"
            "        c = np.tanh(f[:, k] * c + u[:, k])\n"
            "    return c",
            says="squashed on its way",
        ),
        Mutant(
            "clipped",
            "def ride(c_0, f, u):\n"
            "    c = c_0\n"
            "    for k in range(f.shape[1]):\n"
            "        c = np.clip(f[:, k] * c + u[:, k], -20, 20)\n"
            "    return c",
            says="times the first and",
        ),
        Mutant(
            "all states",
            "def ride(c_0, f, u):\n"
            "    states = [c_0]\n"
            "    for k in range(f.shape[1]):\n"
            "        states.append(f[:, k] * states[-1] + u[:, k])\n"
            "    return np.stack(states[1:], axis=1)",
            says="the last one is due",
        ),
        Mutant(
            "forgets what it writes",
            "def ride(c_0, f, u):\n"
            "    c = c_0\n"
            "    for k in range(f.shape[1]):\n"
            "        c = f[:, k] * (c + u[:, k])\n"
            "    return c",
            says="u_k comes after forgetting",
        ),
        Mutant(
            "nothing forgotten of u",
            "def gain_and_offset(f, u): return f.prod(axis=1), u.sum(axis=1)",
            says="what is written is forgotten, too",
        ),
        Mutant(
            "sum of gates",
            "def gain_and_offset(f, u): return f.sum(axis=1), ride(np.zeros_like(u[:, 0]), f, u)",
            says="they do not add",
        ),
    ],
    "E08.9": [
        Mutant(
            "order i, f",
            TRACES.format(h="h = o * np.tanh(c)", kept="i, f, o, c"),
            says="the order is i, f",
        ),
        Mutant(
            "old state",
            TRACES.format(h="h = o * np.tanh(c)", kept="f, i, o, old"),
            says="c is the state before the step",
        ),
        Mutant(
            "candidate for state",
            TRACES.format(h="h = o * np.tanh(c)", kept="f, i, o, np.tanh(a_c)"),
            says="the candidate came back",
        ),
        Mutant(
            "not carried",
            TRACES.format(h="kept.append((f, i, o, c)); c = np.zeros(n); continue", kept=""),
            says="the state is not carried",
        ),
        Mutant(
            "signed",
            "def best_unit(c, quantity):\n"
            "    return int(np.argmax([np.corrcoef(unit, quantity)[0, 1] for unit in c.T]))",
            says="a counter may run backwards",
        ),
        Mutant(
            "covariance",
            "def best_unit(c, quantity):\n"
            "    return int(np.argmax([abs(np.cov(unit, quantity)[0, 1]) for unit in c.T]))",
            says="the largest covariance",
        ),
        Mutant("learned by heart", "def best_unit(c, quantity): return 2", says="the unit differs"),
        Mutant("openings only", 'counts = "b"', says="look what a closing one does"),
        Mutant("symbols", 'counts = "a"', says="only grow in number"),
    ],
}
