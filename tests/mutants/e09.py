"""Wrong answers to notebook 09."""

from tests.mutants import Mutant

FORWARD = """
def no_forget_forward(x, h0, c0, W, U, b):
    h, c, hs, cs = h0, c0, [], []
    for t in range(x.shape[1]):
        {blocks} = np.split(x[:, t] @ W + h @ U + b, 3, axis=1)
        {step}
        hs.append(h)
        cs.append(c)
    return {result}
"""
BLOCKS = "a_g, a_i, a_o"
NEW_C, NEW_H = "c = c + sigmoid(a_i) * np.tanh(a_g)", "h = sigmoid(a_o) * np.tanh(c)"
STACKED = "np.stack(hs, axis=1), np.stack(cs, axis=1)"


def forward(blocks=BLOCKS, step=f"{NEW_C}; {NEW_H}", result=STACKED):
    return FORWARD.format(blocks=blocks, step=step, result=result)


CELL = """
class NoForgetLSTMCell(keras.layers.Layer):
    def __init__(self, units, **kwargs):
        super().__init__(**kwargs)
        self.units = units
        self.state_size = {size}

    def build(self, input_shape):
        m, n = input_shape[-1], self.units
        self.kernel = self.add_weight(name="kernel", shape=(m, {blocks} * n))
        self.recurrent_kernel = self.add_weight(name="recurrent_kernel", shape=(n, {blocks} * n))
        self.bias = self.add_weight(name="bias", shape=({blocks} * n,), initializer="zeros")

    def call(self, inputs, states):
        h, c = states
        a = ops.matmul(inputs, self.kernel) + ops.matmul(h, self.recurrent_kernel) + self.bias
        {step}
        return {result}
"""
SPLIT = "a_g, a_i, a_o = ops.split(a, 3, axis=-1)"


def cell(size="[units, units]", blocks=3, step=None, result="h, [h, c]"):
    step = step or f"{SPLIT}; c = c + ops.sigmoid(a_i) * ops.tanh(a_g); h = ops.sigmoid(a_o) * ops.tanh(c)"
    return CELL.format(size=size, blocks=blocks, step=step, result=result)


DERIVATIVES = """
def derivatives(x, c, o, W, U, b):
    a_g, a_i, _ = np.split(x @ W + (o * np.tanh(c)) @ U + b, 3)
    g, i = np.tanh(a_g), sigmoid(a_i)
    U_g, U_i, _ = np.split(U, 3, axis=1)
    by_h = (i * (1 - g**2))[:, None] * U_g.T + (g * i * (1 - i))[:, None] * U_i.T
    eye = np.eye(len(c))
    return {result}
"""
SLOPE = "(o * (1 - np.tanh(c) ** 2))"

RETENTION = """
def retention(x, h0, c0, W, U, b):
    h, c, fs, cs = h0, c0, [], []
    for t in range(x.shape[1]):
        a_g, a_i, a_o, a_f = np.split(x[:, t] @ W + {h} @ U + b, 4, axis=1)
        f = sigmoid(a_f)
        c = f * c + sigmoid(a_i) * np.tanh(a_g)
        h = sigmoid(a_o) * np.tanh(c)
        fs.append(f)
        cs.append(c)
    f = np.stack(fs, axis=1)
    return {result}
"""

CAROUSEL = """
def carousel(e, f):
    T, n = e.shape
    dc = np.zeros((T + 1, n))
    for t in range(T, 0, -1):
        dc[t] += {error}
        dc[t - 1] = {gate} * dc[t]
    return {result}
"""


def carousel(error="e[t - 1]", gate="f[t - 1]", result="dc"):
    return CAROUSEL.format(error=error, gate=gate, result=result)


WORDS = """
def word_gradients(layer, readout, x):
    import tensorflow as tf

    x = tf.convert_to_tensor(x)
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = tf.reduce_sum({y})
    g = tape.gradient(y, x)
    return {result}
"""

MUTANTS = {
    "E09.1": [
        Mutant("Keras' order", forward(blocks="a_i, a_g, a_o"), says="the blocks were read in the order i, g, o"),
        Mutant(
            "forgets",
            forward(step=f"c = (1 - sigmoid(a_i)) * c + sigmoid(a_i) * np.tanh(a_g); {NEW_H}"),
            says="1 - i forgets the old state",
        ),
        Mutant("old state shown", forward(step=f"{NEW_H}; {NEW_C}"), says="h looks at the old state"),
        Mutant(
            "squashed",
            forward(step=f"c = np.tanh(c + sigmoid(a_i) * np.tanh(a_g)); {NEW_H}"),
            says="the state was squashed",
        ),
        Mutant("no input gate", forward(step=f"c = c + np.tanh(a_g); {NEW_H}"), says="the input gate is missing"),
        Mutant("no output gate", forward(step=f"{NEW_C}; h = np.tanh(c)"), says="the output gate is missing"),
        Mutant("sigma for g", forward(step=f"c = c + sigmoid(a_i) * sigmoid(a_g); {NEW_H}"), says="it is content"),
        Mutant("last step", forward(result="h, c"), says="only the last step came back"),
        Mutant("c first", forward(result="np.stack(cs, axis=1), np.stack(hs, axis=1)"), says="h and c are exchanged"),
        Mutant("three gates", 'gates = "fio"', says="it comes on D4.41"),
        Mutant("g is a gate", 'gates = "gi o"', says="it is the content"),
        Mutant("no gate", 'gates = "xy"', says="must be made of the letters"),
        Mutant("one state", cell(size="units"), says="there are two states"),
        Mutant(
            "four blocks",
            cell(
                blocks=4,
                step="a_g, a_i, a_o, a_f = ops.split(a, 4, axis=-1); "
                "c = ops.sigmoid(a_f) * c + ops.sigmoid(a_i) * ops.tanh(a_g); h = ops.sigmoid(a_o) * ops.tanh(c)",
            ),
            says="a cell with four blocks",
        ),
        Mutant(
            "cell shows the old state",
            cell(step=f"{SPLIT}; h = ops.sigmoid(a_o) * ops.tanh(c); c = c + ops.sigmoid(a_i) * ops.tanh(a_g)"),
            says="h looks at the old state",
        ),
        Mutant(
            "cell with NumPy's names",
            cell(step=f"{SPLIT}; c = c + ops.sigm(a_i) * ops.tanh(a_g); h = ops.sigmoid(a_o) * ops.tanh(c)"),
            says="sigm",
            state="could not run",
        ),
    ],
    "E09.2": [
        Mutant("1, says the slide", DERIVATIVES.format(result="eye, eye"), says="both are the direct derivative"),
        Mutant(
            "transposed",
            DERIVATIVES.format(result=f"eye, (eye + by_h * {SLOPE}).T"),
            says="rows and columns are exchanged",
        ),
        Mutant(
            "the direct way left out",
            DERIVATIVES.format(result=f"eye, by_h * {SLOPE}"),
            says="the direct way was left out",
        ),
        Mutant("no dh/dc", DERIVATIVES.format(result="eye, eye + by_h"), says="dh_{t-1}/dc_{t-1} was left out"),
        Mutant("exchanged", DERIVATIVES.format(result=f"eye + by_h * {SLOPE}, eye"), says="the order is exchanged"),
        Mutant(
            "direct by differences",
            DERIVATIVES.format(result=f"eye + 1e-9, eye + by_h * {SLOPE}"),
            says="to the last bit",
        ),
        Mutant("all of it", 'claim = "a"', says="your own total derivative"),
        Mutant("shut gate", 'claim = "c"', says="whatever the gates do"),
        Mutant("cannot explode", 'claim = "D"', says="entries on its diagonal above 1"),
    ],
    "E09.3": [
        Mutant(
            "Keras' block",
            "def direct_derivative(x, h, W, U, b): return sigmoid(np.split(x @ W + h @ U + b, 4, axis=1)[1])",
            says="D4.41 puts f last",
        ),
        Mutant("still 1", "def direct_derivative(x, h, W, U, b): return np.ones_like(h)", says="as in 1997"),
        Mutant(
            "gate differentiated",
            "def direct_derivative(x, h, W, U, b):\n"
            "    f = sigmoid(np.split(x @ W + h @ U + b, 4, axis=1)[3])\n    return f * (1 - f)",
            says="is not differentiated",
        ),
        Mutant("gates", RETENTION.format(h="h", result="f"), says="these are the gates themselves"),
        Mutant("sum", RETENTION.format(h="h", result="np.cumsum(f, axis=1)"), says="the gates were added"),
        Mutant("last", RETENTION.format(h="h", result="f.prod(axis=1)"), says="only the last step came back"),
        Mutant(
            "to the end",
            RETENTION.format(h="h", result="np.cumprod(f[:, ::-1], axis=1)[:, ::-1]"),
            says="from each step to the end",
        ),
        Mutant("not carried", RETENTION.format(h="h0", result="np.cumprod(f, axis=1)"), says="carry h and c"),
        Mutant("state", RETENTION.format(h="h", result="np.stack(cs, axis=1)"), says="not the state itself"),
    ],
    "E09.4": [
        Mutant("the gate", "def bias_to_keep(share, steps): return share ** (1 / steps)", says="that is the gate, f"),
        Mutant(
            "wrong sign",
            "def bias_to_keep(share, steps):\n    q = share ** (1 / steps)\n    return np.log((1 - q) / q)",
            says="the sign is wrong",
        ),
        Mutant(
            "share over steps",
            "def bias_to_keep(share, steps):\n    q = 1 - share / steps\n    return np.log(q / (1 - q))",
            says="raised to the power of the steps",
        ),
        Mutant("a number", "def bias_to_keep(share, steps): return 4.4551", says="differs"),
        Mutant("1/(1-f)", "def half_life(b_f): return 1 / (1 - sigmoid(b_f))", says="after which 1/e is left"),
        Mutant(
            "whole steps",
            "def half_life(b_f): return np.ceil(np.log(0.5) / np.log(sigmoid(b_f)))",
            says="rounded to whole steps",
        ),
        Mutant("negative", "def half_life(b_f): return np.log(2) / np.log(sigmoid(b_f))", says="came out negative"),
    ],
    "E09.5": [
        Mutant("last error only", carousel(error="e[t - 1] * (t == T)"), says="only the last error was sent back"),
        Mutant("wrong gate", carousel(gate="f[max(t - 2, 0)]"), says="the gate is one step off"),
        Mutant("no row 0", carousel(result="dc[1:]"), says="dL/dc_0 is left out"),
        Mutant("of 1997", carousel(gate="1.0"), says="that is the carousel of 1997"),
        Mutant("backwards", carousel(result="dc[::-1]"), says="row 0 is dL/dc_0"),
        Mutant(
            "no slopes",
            "def fed_to_gates(dc, c_before, g, i, f): return dc * i, dc * g, dc * c_before",
            says="the slopes of the squashings are missing",
        ),
        Mutant(
            "slope of tanh everywhere",
            "def fed_to_gates(dc, c_before, g, i, f):\n"
            "    return dc * i * (1 - g**2), dc * g * (1 - i**2), dc * c_before * (1 - f**2)",
            says="the slope of sigma is s (1 - s)",
        ),
        Mutant(
            "no old state",
            "def fed_to_gates(dc, c_before, g, i, f):\n"
            "    return dc * i * (1 - g**2), dc * g * i * (1 - i), dc * f * (1 - f)",
            says="f multiplies c_{t-1}",
        ),
    ],
    "E09.6": [
        Mutant(
            "no readout",
            WORDS.format(y="layer(x)", result="np.linalg.norm(g, axis=-1)"),
            says="the readout was not used",
        ),
        Mutant(
            "squares",
            WORDS.format(y="layer(x) * readout", result="np.sum(np.square(g), axis=-1)"),
            says="squares came back",
        ),
        Mutant("tensor", WORDS.format(y="layer(x) * readout", result="tf.norm(g, axis=-1)"), says="is a tensor"),
        Mutant(
            "examples mixed",
            WORDS.format(y="layer(x) * readout", result="np.tile(np.linalg.norm(g, axis=(0, 2)), (len(x), 1))"),
            says="examples were mixed",
        ),
        Mutant(
            "upside down",
            "def reach(norms, place):\n    return norms[:, -1] / norms[:, place], norms[:, place] / norms.sum(axis=1)",
            says="the ratio is upside down",
        ),
        Mutant(
            "share over the batch",
            "def reach(norms, place): return norms[:, place] / norms[:, -1], norms[:, place] / norms.sum()",
            says="each has a share of its own",
        ),
        Mutant("LSTM cannot", 'shown = "a"', says="with a higher b_f learned it"),
        Mutant("no vanishing", 'shown = "b"', says="most of the gradient is lost"),
        Mutant("gradients are nothing", 'shown = "d"', says="they foretell who learns"),
    ],
    "E09.7": [
        Mutant(
            "third block", "def forget_bias(bias): n = len(bias) // 4; return bias[2 * n : 3 * n]", says="the third"
        ),
        Mutant("last block", "def forget_bias(bias): return bias[-(len(bias) // 4) :]", says="Keras does not"),
        Mutant("every fourth", "def forget_bias(bias): return bias[1::4]", says="every fourth entry"),
        Mutant("all open", "def starting_bias(n, b_f): return np.full(4 * n, b_f)", says="all four blocks"),
        Mutant("short", "def starting_bias(n, b_f): return np.full(n, b_f)", says="has shape"),
        Mutant(
            "one entry",
            "def starting_bias(n, b_f):\n    bias = np.zeros(4 * n)\n    bias[n] = b_f\n    return bias",
            says="a single entry got b_f",
        ),
        Mutant(
            "in place",
            "def forget_bias(bias):\n    n = len(bias) // 4\n    bias[:n] = 0\n    return bias[n : 2 * n]",
            says="in place",
        ),
    ],
}
