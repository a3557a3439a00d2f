"""Wrong answers to notebook 11."""

from tests.mutants import Mutant

STEP = """
def peephole_step(x, h, c, W, U, b, p):
    a_i, a_f, a_c, a_o = np.split(x @ W + h @ U + b, 4, axis=1)
    p_i, p_f, p_o = {rows}
    old = c
    i, f = sigmoid(a_i + p_i * c), sigmoid(a_f + p_f * c)
    c = f * c + i * np.tanh(a_c)
    o = {o}
    return o * np.tanh(c), c
"""
CELL = """
class MyPeepholeLSTMCell(keras.layers.Layer):
    def __init__(self, units, **kwargs):
        super().__init__(**kwargs)
        self.units, self.state_size, self.output_size = units, [units, units], units

    def build(self, input_shape):
        self.kernel = self.add_weight(name="kernel", shape=(input_shape[-1], 4 * self.units))
        self.recurrent_kernel = self.add_weight(name="recurrent_kernel", shape=(self.units, 4 * self.units))
        self.bias = self.add_weight(name="bias", shape=(4 * self.units,), initializer="zeros")
        self.peephole_kernel = self.add_weight(name="peephole_kernel", shape={shape}, initializer="zeros")

    def call(self, inputs, states):
        h, c = states
        old = c
        a = ops.matmul(inputs, self.kernel) + ops.matmul(h, self.recurrent_kernel) + self.bias
        a_i, a_f, a_c, a_o = ops.split(a, 4, axis=-1)
        p_i, p_f, p_o = self.peephole_kernel[0], self.peephole_kernel[1], self.peephole_kernel[-1]
        i, f = ops.sigmoid(a_i + p_i * c), ops.sigmoid(a_f + p_f * c)
        c = f * c + i * ops.tanh(a_c)
        h = ops.sigmoid(a_o + p_o * {seen}) * ops.tanh(c)
        return h, {states}
"""
GRU = """
def {name}:
    {unpack}
    n = len(U)
    h, hs = {start}, []
    for t in range(x.shape[1]):
        a_z, a_r, a_h = np.split(x[:, t] @ W + b, 3, axis=1)
        {z} = sigmoid(a_z + h @ U[:, :n])
        {r} = sigmoid(a_r + h @ U[:, n:2 * n])
        U_h = U[:, 2 * n:]
        h_tilde = np.tanh(a_h + {past})
        h = {h}
        hs.append(h)
    return {result}
"""


def step(rows="p", o="sigmoid(a_o + p_o * c)"):
    return STEP.format(rows=rows, o=o)


def cell(shape="(3, self.units)", seen="c", states="[h, c]"):
    return CELL.format(shape=shape, seen=seen, states=states)


def gru(
    name="slide_gru(x, h0, W, U, b)",
    unpack="",
    start="h0",
    z="z",
    r="r",
    past="(r * h) @ U_h",
    h="(1 - z) * h + z * h_tilde",
    result="np.stack(hs, axis=1)",
):
    return GRU.format(name=name, unpack=unpack, start=start, z=z, r=r, past=past, h=h, result=result)


def other(**kwargs):
    """The GRU of D4.44; its weights, r before u, are put into one stack first."""
    unpack = "W, U, b = (np.concatenate([p, g], axis=-1) for p, g in ((W_ru, W_g), (U_ru, U_g), (b_ru, b_g)))"
    return gru(
        **{
            "name": "other_gru(x, h0, W_ru, U_ru, b_ru, W_g, U_g, b_g)",
            "unpack": unpack,
            "z": "r",
            "r": "z",
            "h": "z * h + (1 - z) * h_tilde",
            **kwargs,
        }
    )


def both(past="r * (h @ U_h + b_h[2 * n:])", x="b[0]", h="b[1]", new="z * h + (1 - z) * np.tanh(a[:, 2 * n:] + past)"):
    return f"""
def gru(x, h0, W, U, b, reset_after):
    n = len(U)
    b_x, b_h = ({x}, {h}) if reset_after else (b, 0 * b)
    U_h, h, hs = U[:, 2 * n:], h0, []
    for t in range(x.shape[1]):
        a, p = x[:, t] @ W + b_x, h @ U + b_h
        z, r = sigmoid(a[:, :n] + p[:, :n]), sigmoid(a[:, n:2 * n] + p[:, n:2 * n])
        past = {past} if reset_after else (r * h) @ U_h
        h = {new}
        hs.append(h)
    return np.stack(hs, axis=1)
"""


def agree(lines):
    return f"def make_them_agree(U, b):\n    n = len(U)\n    U, b = U.copy(), b.copy()\n    {lines}\n    return U, b"


def measuring(body):
    return f"def measure(runs, repeats=7, clock=time.perf_counter):\n{body}"


DIAGONAL = "U[:, 2 * n:] *= np.eye(n)"
NO_BIAS = "b[1, 2 * n:] = 0"
WARM_UP = "    for run in runs.values(): run()\n"
EMPTY = "    times = {name: [] for name in runs}\n"
ROUNDS = "    for _ in range(repeats):\n        for name, run in runs.items():\n"
TIMED = "            start = clock(); run(); times[name].append(clock() - start)\n"
RETURN = "    return times\n"

MUTANTS = {
    "E11.1": [
        Mutant("o sees the old state", step(o="sigmoid(a_o + p_o * old)"), says="o looks at the old cell state"),
        Mutant("plain LSTM", step(rows="0 * p"), says="this is the plain LSTM"),
        Mutant("rows f, i, o", step(rows="p[1], p[0], p[2]"), says="the rows of p are i, f, o"),
        Mutant("rows i, o, f", step(rows="p[0], p[2], p[1]"), says="the rows of p were read as i, o, f"),
        Mutant("after the sigmoid", step(o="sigmoid(a_o) + p_o * c"), says="a gate stays below 1"),
        Mutant("one row for all", step(rows="p[0], p[0], p[0]"), says="h differs"),
        Mutant(
            "exchanged results",
            step().replace("return o * np.tanh(c), c", "return c, o * np.tanh(c)"),
            says="return h first",
        ),
        Mutant("full matrix", cell(shape="(self.units, 3 * self.units)"), says="joins every unit with every other"),
        Mutant("four rows", cell(shape="(4, self.units)"), says="the candidate needs no peephole"),
        Mutant("Keras cell sees the old state", cell(seen="old"), says="o looks at the old cell state"),
        Mutant("Keras cell loses its state", cell(states="states"), says="the state was not carried"),
        Mutant(
            "Keras cell returns h alone", cell().replace("return h, [h, c]", "return h"), says="call returned one value"
        ),
        Mutant("one state", cell(states="c"), says="call returned h and one state"),
        Mutant("turned peepholes", cell(shape="(self.units, 3)"), says="a row for each gate"),
        Mutant("Keras cell exchanges its states", cell(states="[c, h]"), says="the new states are exchanged"),
        Mutant(
            "no weight made",
            cell().replace("        self.peephole_kernel = self.add_weight", "        self.add_weight"),
            says="no attribute 'peephole_kernel'",
            state="could not run",
        ),
    ],
    "E11.2": [
        Mutant("Keras' sign", gru(h="z * h + (1 - z) * h_tilde"), says="This is the GRU of D4.44 and of Keras"),
        Mutant("reset after", gru(past="r * (h @ U_h)"), says="the reset gate came after the product"),
        Mutant("no reset", gru(past="h @ U_h"), says="the reset gate is missing"),
        Mutant("gates exchanged", gru(z="r", r="z"), says="the blocks of the two gates are exchanged"),
        Mutant("last step only", gru(result="h"), says="all T steps are due"),
        Mutant("from zeros", gru(start="0 * h0"), says="it starts from zeros"),
        Mutant("reset everywhere", gru(h="(1 - z) * (r * h) + z * h_tilde"), says="it belongs inside the candidate"),
        Mutant("as they stand", "def from_keras(W, U, b): return W, U, b", says="nothing was changed"),
        Mutant("all negated", "def from_keras(W, U, b): return -W, -U, -b", says="only z is meant"),
        Mutant(
            "in place",
            "def from_keras(W, U, b):\n    for a in (W, U, b): a[..., :len(U)] *= -1\n    return W, U, b",
            says="changed its argument",
        ),
        Mutant(
            "no bias",
            "def from_keras(W, U, b):\n    s = np.repeat([-1., 1., 1.], len(U))\n    return W * s, U * s, b",
            says="the bias was left out",
        ),
        Mutant(
            "the slide believed",
            'printed = {"D1.23": "1406.1078", "D4.44": "1412.3555"}',
            says="does not print its form",
        ),
        Mutant("one paper", 'printed = {"D1.23": "1406.1078", "D4.44": "1406.1078"}', says="This is the slip"),
        Mutant("no number", 'printed = {"D1.23": "Chung", "D4.44": "Cho"}', says="must be '1406.1078' or '1412.3555'"),
        Mutant("half an answer", 'printed = {"D1.23": "1412.3555"}', says="lacks the entries D4.44"),
    ],
    "E11.3": [
        Mutant("D1.23", other(h="(1 - z) * h + z * h_tilde"), says="This is the GRU of D1.23"),
        Mutant("u first", other(z="z", r="r"), says="the blocks of the two gates are exchanged"),
        Mutant("reset after", other(past="r * (h @ U_h)"), says="the reset gate came after the product"),
        Mutant("logistic candidate", other().replace("np.tanh", "sigmoid"), says="tanh is due"),
        Mutant(
            "slide order",
            "def stack_for_keras(W_ru, U_ru, b_ru, W_g, U_g, b_g):\n"
            "    return tuple(np.concatenate(p, axis=-1) for p in ((W_ru, W_g), (U_ru, U_g), (b_ru, b_g)))",
            says="still that of the slide",
        ),
        Mutant(
            "negated",
            "_right = stack_for_keras\n"
            "def stack_for_keras(*given):\n"
            "    return tuple(a * np.repeat([-1.0, 1.0, 1.0], a.shape[-1] // 3) for a in _right(*given))",
            says="nothing is to be negated",
        ),
    ],
    "E11.4": [
        Mutant("one form for both", both(past="(r * h) @ U_h + b_h[2 * n:]"), says="r still multiplies h before"),
        Mutant("bias outside", both(past="r * (h @ U_h) + b_h[2 * n:]"), says="added outside of r"),
        Mutant("rows exchanged", both(x="b[1]", h="b[0]"), says="the two rows of b are exchanged"),
        Mutant("no second bias", both(h="0 * b[1]"), says="the second bias b[1] is missing"),
        Mutant(
            "write",
            both(new="(1 - z) * h + z * np.tanh(a[:, 2 * n:] + past)"),
            says="z and 1 - z are exchanged",
        ),
        Mutant("bias kept", agree(DIAGONAL), says="the recurrent bias b[1, 2n:] is still there"),
        Mutant("U kept", agree(NO_BIAS), says="it must be diagonal"),
        Mutant("all zero", agree(f"U[:, 2 * n:] = 0; {NO_BIAS}"), says="its diagonal may stay"),
        Mutant("whole bias", agree(f"{DIAGONAL}; b[1] = 0"), says="its parts for z and r may stay"),
        Mutant("every block", agree(f"U *= np.tile(np.eye(n), 3); {NO_BIAS}"), says="only U_h meets r"),
        Mutant(
            "in place",
            agree(f"{DIAGONAL}; {NO_BIAS}").replace("U, b = U.copy(), b.copy()", "pass"),
            says="changed its argument",
        ),
    ],
    "E11.5": [
        Mutant("no warm-up", measuring(EMPTY + ROUNDS + TIMED + RETURN), says="the call to warm up"),
        Mutant(
            "in blocks",
            measuring(
                EMPTY
                + "    for name, run in runs.items():\n        run()\n        for _ in range(repeats):\n"
                + TIMED
                + RETURN
            ),
            says="all calls of one function came in one block",
        ),
        Mutant(
            "warm-up timed",
            measuring(EMPTY + ROUNDS.replace("repeats", "repeats + 1") + TIMED + RETURN),
            says="the warm-up was timed as well",
        ),
        Mutant(
            "own clock",
            measuring(WARM_UP + EMPTY + ROUNDS + TIMED.replace("clock()", "time.perf_counter()") + RETURN),
            says="not those of the clock",
        ),
        Mutant(
            "one start",
            measuring(
                WARM_UP + EMPTY + "    start = clock()\n" + ROUNDS + TIMED.replace("start = clock(); ", "") + RETURN
            ),
            says="the start must be read anew",
        ),
        Mutant(
            "one number each",
            measuring(
                WARM_UP + EMPTY + ROUNDS + TIMED + "    return {name: [np.median(own)] for name, own in times.items()}"
            ),
            says="has 1 entries",
        ),
        Mutant(
            "medians",
            measuring(
                WARM_UP + EMPTY + ROUNDS + TIMED + "    return {name: np.median(own) for name, own in times.items()}"
            ),
            says="measure returned a dict of numbers",
        ),
        Mutant(
            "mean",
            "def summary(times): return {'median': np.mean(times), 'fastest': min(times), 'slowest': max(times)}",
            says="one slow call moves it",
        ),
        Mutant(
            "unsorted",
            "def summary(times):\n"
            "    return {'median': times[len(times) // 2], 'fastest': min(times), 'slowest': max(times)}",
            says="were not sorted",
        ),
        Mutant("per cent", "def saved_and_gained(l, g): return 100 * (1 - g / l), 100 * (l / g - 1)", says="per cent"),
        Mutant("exchanged", "def saved_and_gained(l, g): return l / g - 1, 1 - g / l", says="the two are exchanged"),
        Mutant("twice the same", "def saved_and_gained(l, g): return 1 - g / l, 1 - g / l", says="both say the same"),
    ],
    "E11.6": [
        Mutant("the slide's year", "first_year = 2015", says="that is what D4.43 says"),
        Mutant("the LSTM's", "first_year = 1997", says="1997 is the year of the LSTM"),
        Mutant("the number", "first_year = 1406", says="not a year"),
        Mutant(
            "exchanged",
            "def submitted(n):\n    d = n.replace('arXiv:', '')\n    return int(d[2:4]), 2000 + int(d[:2])",
            says="year and month are exchanged",
        ),
        Mutant(
            "no century",
            "def submitted(n):\n    d = n.replace('arXiv:', '')\n    return int(d[:2]), int(d[2:4])",
            says="the century is missing",
        ),
        Mutant("learnt by heart", "def submitted(n): return 2014, 6", says="differs"),
        Mutant(
            "prefix forgotten",
            "def submitted(n): return 2000 + int(n[:2]), int(n[2:4])",
            says="ValueError",
            state="could not run",
        ),
    ],
}
