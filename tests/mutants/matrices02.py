"""Wrong answers to notebook 02, E02.5 to E02.8."""

from tests.mutants import Mutant

UNROLLED = """
def unrolled(T, m, n):
    x, h0 = keras.Input((T, m)), keras.Input((n,))
    from_input, from_state = {first}, {second}
    h, hs = h0, []
    for t in range(T):
        {inside}
        h = {step}
        hs.append(h)
    return keras.Model([x, h0], {result})
"""
DENSE, PLAIN = "keras.layers.Dense(n)", "keras.layers.Dense(n, use_bias=False)"
STEP = "ops.tanh(from_input(x[:, t]) + from_state(h))"


def unrolled(first=DENSE, second=PLAIN, inside="pass", step=STEP, result="ops.stack(hs, axis=1)") -> str:
    return UNROLLED.format(first=first, second=second, inside=inside, step=step, result=result)


RNN = """
def rnn_forward(x, h0, W, U, b, return_sequences):
    h, hs = h0, []
    for t in range(x.shape[1]):
        h = {step}
        hs.append(h)
    return {result}
"""


def rnn(step="np.tanh(x[:, t] @ W + h @ U + b)", result="np.stack(hs, axis=1) if return_sequences else h") -> str:
    return RNN.format(step=step, result=result)


CHANGE = """
def last_change(x, delta, h0, W, U, b):
    other = x.copy()
    {change}
    dense = np.tanh(other[:, {at}] @ W + b) - np.tanh(x[:, {at}] @ W + b)
    h = rnn_forward(other, h0, W, U, b, True)[:, {at}] - rnn_forward(x, h0, W, U, b, True)[:, {at}]
    return {result}
"""


def change(change="other[:, 0] += delta", at="-1", result="dense, h") -> str:
    return CHANGE.format(change=change, at=at, result=result)


TICK = """
def tick(s, x, U, b, inputs):
    u = np.zeros(s.shape)
    u[:, {inputs}] = x
    return {new}
"""


def tick(new="sigmoid(s @ U + b + u)", inputs="inputs") -> str:
    return TICK.format(new=new, inputs=inputs)


RUN = """
def run(s_0, x, U, b, inputs):
    s, kept = s_0, []
    for t in range(x.shape[1]):
        {before}
        s = tick({s}, x[:, {t}], U, b, inputs)
        {after}
    return {result}
"""


def run(before="pass", s="s", t="t", after="kept.append(s)", result="np.stack(kept, axis=1)") -> str:
    return RUN.format(before=before, s=s, t=t, after=after, result=result)


MUTANTS = {
    "E02.5": [
        Mutant("not tied", unrolled(inside=f"from_input, from_state = {DENSE}, {PLAIN}"), "they are not tied"),
        Mutant("one of two tied", unrolled(inside=f"from_state = {PLAIN}"), "the layer of h is new in each step"),
        Mutant("two biases", unrolled(second=DENSE), "one bias is enough"),
        Mutant("last only", unrolled(result="h"), "only the last h came back"),
        Mutant("start not used", unrolled(step=STEP.replace("(h)", "(h if t else 0 * h)")), "the start h0 is not used"),
        Mutant("from h0 each time", unrolled(step=STEP.replace("(h)", "(h0)")), "every step starts from h0"),
        Mutant("no tanh", unrolled(step="from_input(x[:, t]) + from_state(h)"), "tanh is missing"),
        Mutant(
            "first input only", unrolled(step=STEP.replace("x[:, t]", "x[:, 0]")), "every step reads the first input"
        ),
        Mutant(
            "the recurrent layer itself",
            "def unrolled(T, m, n):\n    x, h0 = keras.Input((T, m)), keras.Input((n,))\n"
            "    return keras.Model([x, h0], keras.layers.SimpleRNN(n, return_sequences=True)(x, initial_state=h0))",
            "the model holds SimpleRNN",
        ),
        Mutant(
            "tanh twice",
            unrolled(
                f"{DENSE[:-1]}, activation='tanh')",
                f"{PLAIN[:-1]}, activation='tanh')",
                step=STEP.replace("ops.tanh", ""),
            ),
            "it belongs around their sum",
        ),
    ],
    "E02.6": [
        Mutant("transposed", rnn("np.tanh(x[:, t] @ W + h @ U.T + b)"), "the recurrent matrix U is transposed"),
        Mutant("no bias", rnn("np.tanh(x[:, t] @ W + h @ U)"), "the bias is missing"),
        Mutant("from h0 each time", rnn("np.tanh(x[:, t] @ W + h0 @ U + b)"), "every step started from h0"),
        Mutant("time first", rnn(result="np.stack(hs) if return_sequences else h"), "time is on the first axis"),
        Mutant("always all", rnn(result="np.stack(hs, axis=1)"), "return_sequences was not looked at"),
        Mutant("always the last", rnn(result="h"), "only the last step came back"),
        Mutant(
            "first instead of last", rnn(result="np.stack(hs, axis=1) if return_sequences else hs[0]"), "the first step"
        ),
        Mutant(
            "writes into h0",
            "right = rnn_forward\ndef rnn_forward(x, h0, *rest):\n    h = right(x, h0, *rest)\n"
            "    h0[...] = 0\n    return h",
            "in place",
        ),
        Mutant("units learned", 'learned = "bef"', "it decides the shapes of the weights"),
        Mutant("bias not learned", 'learned = "e"', "the entries of b are learned, too"),
        Mutant("no letter", 'learned = "weights"', "must be made of the letters"),
    ],
    "E02.7": [
        Mutant("every step", change("other += delta[:, None]"), "delta was added to every step"),
        Mutant("last step", change("other[:, -1] += delta"), "delta was added to the last step"),
        Mutant("put in place", change("other[:, 0] = delta"), "it is to be added"),
        Mutant("first output", change(at="0"), "these are the first outputs"),
        Mutant("old minus new", change(result="-dense, -h"), "the sign is turned"),
        Mutant("sizes", change(result="np.abs(dense), np.abs(h)"), "these are absolute values"),
        Mutant("exchanged", change(result="h, dense"), "the dense layer comes first"),
        Mutant("in place", change("other = x; other[:, 0] += delta"), "in place"),
    ],
    "E02.8": [
        Mutant("transposed", tick("sigmoid(s @ U.T + b + u)"), "U is transposed"),
        Mutant(
            "one after the other",
            tick().replace(
                "return sigmoid(s @ U + b + u)",
                "s = s.copy()\n    for k in range(s.shape[1]):\n"
                "        s[:, k] = sigmoid(s @ U[:, k] + b[k] + u[:, k])\n    return s",
            ),
            "all must hear the old activations",
        ),
        Mutant("signal outside", tick("sigmoid(s @ U + b) + u"), "they belong inside"),
        Mutant(
            "signal for all",
            tick("sigmoid(s @ U + b + x.sum(axis=1, keepdims=True))"),
            "only the input nodes hear them",
        ),
        Mutant("inputs sorted", tick(inputs="sorted(inputs)"), "x[:, k] is for node inputs[k]"),
        Mutant("no bias", tick("sigmoid(s @ U + u)"), "the bias is missing"),
        Mutant("tanh", tick("np.tanh(s @ U + b + u)"), "tanh stands in the place"),
        Mutant("from s_0 each time", run(s="s_0"), "every tick started from s_0"),
        Mutant("before instead of after", run(before="kept.append(s)", after="pass"), "the last tick is missing"),
        Mutant("first signal only", run(t="0"), "every tick heard the first signal"),
        Mutant("last only", run(result="s"), "only the last tick came back"),
        Mutant(
            "roles by kind",
            "def roles(n, inputs, outputs):\n"
            "    hidden = n - len(inputs) - len(outputs)\n"
            "    return ['input'] * len(inputs) + ['hidden'] * hidden + ['output'] * len(outputs)",
            "entry k belongs to node k",
        ),
        Mutant(
            "roles exchanged",
            "right = roles\ndef roles(n, inputs, outputs): return right(n, outputs, inputs)",
            "input and output are exchanged",
        ),
    ],
}
