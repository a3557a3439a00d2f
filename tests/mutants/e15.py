"""Wrong answers to notebook 15."""

from tests.mutants import Mutant

CONV = """
def conv_lstm_step(x, h, c, W, U, b):
    old = c
    a = conv2d(x, W) + {state} + b
    a_i, a_f, a_c, a_o = np.split(a, 4, axis=-1)
    c = sigmoid({f}) * c + sigmoid({i}) * np.tanh(a_c)
    h = sigmoid(a_o) * np.tanh({seen})
    return {result}
"""


def conv(state="conv2d(h, U)", f="a_f", i="a_i", seen="c", result="h, c"):
    return CONV.format(state=state, f=f, i=i, seen=seen, result=result)


def conv_count(formula):
    return f"def conv_lstm_count(k, c, f): return {formula}"


DEPTH = """
def depth_gated_layer(x, h, c, c_below, lstm, gate):
    W, U, b = lstm
    W_d, w_c, w_l, b_d = gate
    a_i, a_f, a_c, a_o = np.split(x @ W + h @ U + b, 4, axis=1)
    d = sigmoid({gate})
    plain = sigmoid(a_f) * c + sigmoid(a_i) * np.tanh(a_c)
    new = {new}
    h = sigmoid(a_o) * np.tanh({seen})
    return {result}
"""


def depth(gate="x @ W_d + w_c * c + w_l * c_below + b_d", new="plain + d * c_below", seen="new", result="h, new"):
    return DEPTH.format(gate=gate, new=new, seen=seen, result=result)


GRID = """
def grid_block(h_1, h_2, m_1, m_2, W_1, W_2, b_1, b_2):
    def one(H, m, W, b):
        a_i, a_f, a_c, a_o = np.split(H @ W + b, 4, axis=1)
        m = sigmoid(a_f) * m + sigmoid(a_i) * np.tanh(a_c)
        return {h}, m
    H = np.concatenate({H}, axis=1)
    h_1, m_1 = one(H, m_1, W_1, b_1)
    {between}
    h_2, m_2 = one(H, m_2, {second})
    return {result}
"""


def grid(h="np.tanh(sigmoid(a_o) * m)", H="[h_1, h_2]", between="pass", second="W_2, b_2", result="h_1, h_2, m_1, m_2"):
    return GRID.format(h=h, H=H, between=between, second=second, result=result)


ARRAY = """
def array_lstm_step(x, h, c, W, U, b):
    _, K, n = c.shape
    old = c
    a = x @ W + h @ U + b
    {cut}
    c = sigmoid(a_f) * c + sigmoid(a_i) * np.tanh(a_c)
    h = {h}
    return {result}
"""
GATES_FIRST = "a_i, a_f, a_c, a_o = (part.reshape(-1, K, n) for part in np.split(a, 4, axis=1))"
LANES_FIRST = "a_i, a_f, a_c, a_o = np.moveaxis(a.reshape(-1, K, 4, n), 2, 0)"


def array(cut=GATES_FIRST, h="(sigmoid(a_o) * np.tanh(c)).sum(axis=1)", result="h, c"):
    return ARRAY.format(cut=cut, h=h, result=result)


def array_count(formula):
    return f"def array_lstm_count(m, n, K): return {formula}"


def widths(formula):
    return f"def input_widths(m, n, L): return {formula}"


def dense_count(formula):
    return f"def dense_bilstm_count(m, n, L): return {formula}"


def dense(new="[memory, h]", result="h", layer="*layer"):
    return f"""
def dense_bilstm(x, layers):
    memory = x
    for layer in layers:
        h = bilstm(memory, {layer})
        memory = np.concatenate({new}, axis=2)
    return {result}
"""


PAPERS = {"1506.04214": "b", "1507.01526": "e", "1508.03790": "d", "1607.03085": "a", "1802.00889": "c"}


def papers(**changed):
    return f"papers = {PAPERS | {f'{k[1:5]}.{k[5:]}': v for k, v in changed.items()}}"


MUTANTS = {
    "E15.1": [
        Mutant("no bias counted", conv_count("4 * k**2 * (c + f) * f"), says="the bias is missing"),
        Mutant("one bias", conv_count("4 * k**2 * (c + f) * f + f"), says="each of the four has one"),
        Mutant("k once", conv_count("4 * (k * (c + f) * f + f)"), says="a kernel has k rows and k columns"),
        Mutant("plain state", conv_count("4 * ((k**2 * c + f) * f + f)"), says="not through a plain matrix"),
        Mutant("peepholes counted", conv_count("4 * (k**2 * (c + f) * f + f) + 3 * f"), says="peepholes are in it"),
        Mutant("state unread", conv(state="0 * conv2d(h, U)"), says="conv2d(h, U) is missing"),
        Mutant("state through a matrix", conv(state="h @ U[1, 1]"), says="its neighbours count as well"),
        Mutant("old cell state", conv(seen="old"), says="h is shown from the old cell state"),
        Mutant("f, i", conv(f="a_i", i="a_f"), says="the blocks were read as f, i, c, o"),
        Mutant("exchanged", conv(result="c, h"), says="return h first"),
        Mutant(
            "mirrored",
            "_given = conv2d\ndef conv2d(x, W): return _given(x, W[::-1, ::-1])\n" + conv(),
            says="a kernel is mirrored",
        ),
        Mutant("summed", "def on_one_pixel(W, U): return W.sum((0, 1)), U.sum((0, 1))", says="was summed up"),
        Mutant("corner", "def on_one_pixel(W, U): return W[0, 0], U[0, 0]", says="the corner of the kernel"),
    ],
    "E15.2": [
        Mutant("plain LSTM", depth(new="plain"), says="this is the plain LSTM"),
        Mutant("h without the link", depth(seen="plain"), says="h was computed without it"),
        Mutant("no gate", depth(new="plain + c_below"), says="without its gate d"),
        Mutant("own memory", depth(new="plain + d * c"), says="it lets in c_below"),
        Mutant("gate added", depth(new="plain + d"), says="it multiplies c_below"),
        Mutant("weights exchanged", depth(gate="x @ W_d + w_l * c + w_c * c_below + b_d"), says="w_c and w_l are exch"),
        Mutant("gate reads h", depth(gate="h @ W_d + w_c * c + w_l * c_below + b_d"), says="the gate reads h"),
        Mutant("no bias", depth(gate="x @ W_d + w_c * c + w_l * c_below"), says="b_d is missing"),
        Mutant("blind to below", depth(gate="x @ W_d + w_c * c + b_d"), says="w_l is missing"),
        Mutant("wide open", "def shut(gate): return *gate[:3], 0 * gate[3] + 1e3", says="is open, not shut"),
        Mutant("half shut", "def shut(gate): return *gate[:3], 0 * gate[3] - 3.0", says="differs in"),
        Mutant("nothing changed", "def shut(gate): return gate", says="not shut everywhere"),
        Mutant(
            "weights gone", "def shut(gate): return tuple(0 * g for g in gate[:3]) + (gate[3],)", says="W_d differs"
        ),
        Mutant("a number", "def shut(gate): return *gate[:3], -1e3", says="must stay an array"),
        Mutant("bias alone", "def shut(gate): return gate[3] - 1e3", says="four parts of a gate"),
        Mutant("infinite", "def shut(gate): return *gate[:3], gate[3] - np.inf", says="must hold finite numbers"),
    ],
    "E15.3": [
        Mutant("an LSTM's h", grid(h="sigmoid(a_o) * np.tanh(m)"), says="the tanh is outside"),
        Mutant("priority", grid(between="H = np.concatenate([h_1, h_2], axis=1)"), says="the priority of section 3.2"),
        Mutant("one kernel", grid(second="W_1, b_1"), says="both dimensions have W_1"),
        Mutant("H turned", grid(H="[h_2, h_1]"), says="H is [h_2, h_1]"),
        Mutant("pairs", grid(result="h_1, m_1, h_2, m_2"), says="another order"),
        Mutant("memories first", grid(result="m_1, m_2, h_1, h_2"), says="differs"),
        Mutant("W as it is", "def mirrored(W): return W", says="W as it is"),
        Mutant("columns", "def mirrored(W): return np.roll(W, W.shape[1] // 2, axis=1)", says="the columns were"),
        Mutant("row by row", "def mirrored(W): return W[::-1]", says="turned round one by one"),
    ],
    "E15.4": [
        Mutant("mean", array(h="(sigmoid(a_o) * np.tanh(c)).mean(axis=1)"), says="h is the mean of the lanes"),
        Mutant("maximum", array(h="(sigmoid(a_o) * np.tanh(c)).max(axis=1)"), says="h is the largest"),
        Mutant("first lane", array(h="(sigmoid(a_o) * np.tanh(c))[:, 0]"), says="the first lane only"),
        Mutant("summed too early", array(h="sigmoid(a_o).sum(1) * np.tanh(c.sum(1))"), says="before the tanh"),
        Mutant("old memories", array(h="(sigmoid(a_o) * np.tanh(old)).sum(axis=1)"), says="h shows the old memories"),
        Mutant("lanes first", array(cut=LANES_FIRST), says="read lane by lane"),
        Mutant("exchanged", array(result="c, h"), says="return h first"),
        Mutant("one lane counted", array_count("4 * (n * n + m * n + n)"), says="this is one lane"),
        Mutant("wide state", array_count("4 * ((K * n) ** 2 + m * K * n + K * n)"), says="all lanes read the one h"),
        Mutant("no bias counted", array_count("4 * K * (n * n + m * n)"), says="the biases are missing"),
        Mutant("attention counted", array_count("5 * K * (n * n + m * n + n)"), says="the base has none"),
    ],
    "E15.5": [
        Mutant("n a layer", widths("[m + n * l for l in range(L)]"), says="a bidirectional one adds 2n"),
        Mutant("plain stack", widths("[m] + [2 * n] * (L - 1)"), says="this is a plain stack"),
        Mutant("from one", widths("[m + 2 * n * l for l in range(1, L + 1)]"), says="the first layer reads x alone"),
        Mutant("x lost", widths("[m] + [2 * n * l for l in range(1, L)]"), says="the input x is missing"),
        Mutant(
            "one way counted",
            dense_count("sum(4 * n * (m + 2 * n * l + n + 1) for l in range(L))"),
            says="one way only was counted",
        ),
        Mutant("all alike", dense_count("8 * n * (m + n + 1) * L"), says="counted as the first one"),
        Mutant(
            "no bias", dense_count("sum(8 * n * (m + 2 * n * l + n) for l in range(L))"), says="the biases are missing"
        ),
        Mutant("all of it", dense(result="memory"), says="all that was read and found"),
        Mutant("mean", dense(result="h.mean(axis=1)"), says="the mean over the steps"),
        Mutant("new first", dense(new="[h, memory]"), says="the new numbers stand before"),
        Mutant("ways exchanged", dense(layer="*layer[::-1]"), says="forwards and backwards are exchanged"),
        Mutant("a stack", dense(new="[h]"), says="ValueError", state="could not run"),
    ],
    "E15.6": [
        Mutant("grid for radar", papers(_150604214="e"), says="about rain, seen by radar; e is Grid LSTM"),
        Mutant("array for dense", papers(_180200889="a"), says="it classifies sentences"),
        Mutant("unknown letter", papers(_160703085="f"), says='must be one of "a", "b"'),
        Mutant("names written out", papers(_150604214="ConvLSTM"), says='must be one of "a", "b"'),
        Mutant("four papers", f"papers = {dict(list(PAPERS.items())[:4])}", says="papers lacks 1802.00889"),
        Mutant("a list", "papers = ['b', 'e', 'd', 'a', 'c']", says="papers must be a dict"),
        Mutant("a number", papers(_150604214=3), says="is a number, and a text is due"),
        Mutant("ideas of others", "ideas = ideas | {'1508.03790': 'p'}", says="what makes a layer's depth a dimension"),
        Mutant("names for ideas", "ideas = dict(papers)", says='must be one of "p", "q"'),
    ],
}
