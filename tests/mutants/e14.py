"""Wrong answers to notebook 14."""

from tests.mutants import Mutant

FIRST = """
def first_step(x, W, b):
    z = {z}
    {a}
    {gates}
    state = {state}
    return {result}
"""
A, GATES = "a = np.tanh(z[0])", "i, f, o = sigmoid(z[1:])"
SIX = "a, i, f, o, state, o * np.tanh(state)"


def first(z="x @ W + b", a=A, gates=GATES, state="a * i", result=SIX):
    return FIRST.format(z=z, a=a, gates=gates, state=state, result=result)


STEP = """
def step(x, out, state, W, U, b):
    z = {z}
    a = np.tanh(z[0])
    i, f, o = sigmoid(z[1:])
    old = state
    state = {state}
    return {result}
"""


def step(z="x @ W + out * U + b", state="f * old + a * i", result=SIX):
    return STEP.format(z=z, state=state, result=result)


BACK = """
def {head}:
    a, i, f, o, squashed = now["a"], now["i"], now["f"], now["o"], np.tanh(now["state"])
    Delta = {Delta}
    d_out = {d_out}
    d_state = {d_state}
    d_gates = np.array([{d_gates}])
    return Delta, d_out, d_state, d_gates, W @ d_gates, {Delta_out}
"""
D_A, D_I = "d_state * i * (1 - a**2)", "d_state * a * i * (1 - i)"
D_F, D_O = 'd_state * before["state"] * f * (1 - f)', "d_out * squashed * o * (1 - o)"
SLOPE = "o * (1 - squashed**2)"


def back(
    head="backward_last(label, now, before, W, U)",
    Delta='now["out"] - label',
    d_out="Delta",
    d_state=f"d_out * {SLOPE}",
    d_gates=(D_A, D_I, D_F, D_O),
    Delta_out="U @ d_gates",
):
    return BACK.format(
        head=head, Delta=Delta, d_out=d_out, d_state=d_state, d_gates=", ".join(d_gates), Delta_out=Delta_out
    )


def anywhere(d_out='Delta + later["Delta_out"]', d_state=f'd_out * {SLOPE} + later["d_state"] * later["f"]'):
    return back(head="backward_step(label, now, before, later, W, U)", d_out=d_out, d_state=d_state)


SUMS = "def sum_up(x, out, d_gates): return {}, {}, {}"
DW, DU, DB = "x.T @ d_gates", "out[:-1] @ d_gates[1:]", "d_gates.sum(axis=0)"

DIFFERENCES = """
def differences(x, labels, W, U, b, step_size):
    weights, slopes = [W, U, b], []
    for k, w in enumerate(weights):
        slope = np.empty_like(w)
        for index in np.ndindex(w.shape):
            ends = []
            for move in {moves}:
                moved = w.copy()
                moved[index] += move
                ends.append(loss(x, labels, *weights[:k], moved, *weights[k + 1 :]))
            slope[index] = (ends[0] - ends[1]) / ({over})
        slopes.append(slope)
    return tuple(slopes)
"""

TAPE = """
def tape_gradients(x, labels, W, U, b):
    import keras
    import tensorflow as tf

    to_keras, from_keras = {orders}
    layer = keras.layers.LSTM(1, return_sequences=True, dtype="float64")
    layer.build((1, *x.shape))
    layer.set_weights([W[:, to_keras], U[None, to_keras], b[to_keras]])
    with tf.GradientTape() as tape:
        out = layer(x[None])[0, :, 0]
        L = {L}
    dW, dU, db = (np.asarray(g)[..., from_keras] for g in tape.gradient(L, layer.trainable_variables))
    return dW, dU[0], db
"""
HALF = "0.5 * tf.reduce_sum((out - labels) ** 2)"

TRUNCATED = """
def truncated_gradients(x, labels, W, U, b):
    steps = forward(x, W, U, b)
    d_gates, later = [], NO_LATER
    for t in reversed(range(len(x))):
        r = backward_step(labels[t], steps[t], steps[t - 1] if t else NOTHING, later, W, U)
        d_gates.insert(0, r[3])
        later = {later}
    dW, dU, db = sum_up(x, np.array([s["out"] for s in steps]), np.stack(d_gates))
    return dW, {dU}, db
"""
WHOLE = '{"Delta_out": r[5], "d_state": r[2], "f": steps[t]["f"]}'

MUTANTS = {
    "E14.1": [
        Mutant("Keras' order", first(a="i, f, _, o = sigmoid(z)", gates="a = np.tanh(z[2])"), says="Keras' order"),
        Mutant("sigma for a", first(a="a = sigmoid(z[0])"), says="a went through the logistic function"),
        Mutant("no bias", first(z="x @ W"), says="the bias is missing"),
        Mutant("no tanh", first(result="a, i, f, o, state, o * state"), says="tanh(state) is due"),
        Mutant("sum", first(state="a + i"), says="they multiply"),
        Mutant(
            "the numbers of the example",
            "def first_step(x, W, b): return 0.81775, 0.96083, 0.85195, 0.81757, 0.78573, 0.53631",
            says="differs",
        ),
    ],
    "E14.2": [
        Mutant("no past by U", step(z="x @ W + b"), says="out of the step before is left out"),
        Mutant("no old state", step(state="a * i"), says="the old state is lost"),
        Mutant("nothing forgotten", step(state="old + a * i"), says="the forget gate is missing"),
        Mutant("exchanged", step(state="i * old + a * f"), says="f and i are exchanged"),
        Mutant("state fed back", step(z="x @ W + state * U + b"), says="it is out that is fed back"),
        Mutant("old one shown", step(result="a, i, f, o, state, o * np.tanh(old)"), says="out shows the old state"),
    ],
    "E14.3": [
        Mutant("wrong sign", back(Delta='label - now["out"]'), says="Delta is label - out"),
        Mutant("no o", back(d_state="d_out * (1 - squashed**2)"), says="o is missing in d_state"),
        Mutant("no slope", back(d_state="d_out * o"), says="1 - tanh(state)^2 is missing"),
        Mutant(
            "no slopes",
            back(d_gates=("d_state * i", "d_state * a", 'd_state * before["state"]', "d_out * squashed")),
            says="the slopes of the squashings are missing",
        ),
        Mutant(
            "new state",
            back(d_gates=(D_A, D_I, 'd_state * now["state"] * f * (1 - f)', D_O)),
            says="f multiplies the old one",
        ),
        Mutant(
            "o behind the state",
            back(d_gates=(D_A, D_I, D_F, D_O.replace("d_out", "d_state"))),
            says="it comes from d_out",
        ),
        Mutant("no U", back(Delta_out="d_gates.sum()"), says="multiplied by its U"),
    ],
    "E14.4": [
        Mutant("as if last", anywhere(d_out="Delta", d_state=f"d_out * {SLOPE}"), says="nothing came back"),
        Mutant("no Delta_out", anywhere(d_out="Delta"), says="d_out lacks what comes back by way of U"),
        Mutant("no carousel", anywhere(d_state=f"d_out * {SLOPE}"), says="d_state lacks the carousel"),
        Mutant(
            "own f",
            anywhere(d_state=f'd_out * {SLOPE} + later["d_state"] * f'),
            says="the carousel passes the f of the later step",
        ),
        Mutant(
            "squashed carousel",
            anywhere(d_state=f'(d_out + later["d_state"] * later["f"]) * {SLOPE}'),
            says="it enters behind them",
        ),
    ],
    "E14.5": [
        Mutant("same step", SUMS.format(DW, "out @ d_gates", DB), says="a step reads out of the step before"),
        Mutant(
            "last step",
            SUMS.format("np.outer(x[-1], d_gates[-1])", "out[-2] * d_gates[-1]", "d_gates[-1]"),
            says="only",
        ),
        Mutant("means", SUMS.format(DW + " / len(x)", DU + " / len(x)", DB + " / len(x)"), says="the means came back"),
        Mutant("bias from 1", SUMS.format(DW, DU, "d_gates[1:].sum(axis=0)"), says="all steps share the bias"),
        Mutant(
            "uphill",
            "def update(W, U, b, dW, dU, db, rate): return W + rate * dW, U + rate * dU, b + rate * db",
            says="the weights climb",
        ),
        Mutant(
            "rate built in",
            "def update(W, U, b, dW, dU, db, rate): return W - 0.1 * dW, U - 0.1 * dU, b - 0.1 * db",
            says="differs",
        ),
        Mutant(
            "in place",
            "def update(W, U, b, dW, dU, db, rate):\n    W -= rate * dW\n    return W, U - rate * dU, b - rate * db",
            says="in place",
        ),
    ],
    "E14.6": [
        Mutant(
            "no half",
            "def loss(x, labels, W, U, b):\n"
            "    return sum((s['out'] - l) ** 2 for s, l in zip(forward(x, W, U, b), labels))",
            says="the factor 1/2 is missing",
        ),
        Mutant(
            "one-sided",
            DIFFERENCES.format(moves="(step_size, 0.0)", over="step_size"),
            says="one-sided differences",
        ),
        Mutant(
            "one step apart",
            DIFFERENCES.format(moves="(step_size, -step_size)", over="step_size"),
            says="up and down are two steps apart",
        ),
        Mutant(
            "step built in",
            DIFFERENCES.format(moves="(1e-5, -1e-5)", over="2e-5"),
            says="the step that was given was not used",
        ),
        Mutant(
            "unconverted gradients",
            TAPE.format(orders="[1, 2, 0, 3], [0, 1, 2, 3]", L=HALF),
            says="still in Keras' order",
        ),
        Mutant(
            "unconverted weights",
            TAPE.format(orders="[0, 1, 2, 3], [0, 1, 2, 3]", L=HALF),
            says="the weights went in unchanged",
        ),
        Mutant(
            "orders exchanged",
            TAPE.format(orders="[2, 0, 1, 3], [1, 2, 0, 3]", L=HALF),
            says="the two lists of indices are exchanged",
        ),
    ],
    "E14.7": [
        Mutant(
            "no half", "def loss_floor(label, bound): return max(0.0, abs(label) - bound) ** 2", says="the factor 1/2"
        ),
        Mutant(
            "also within reach",
            "def loss_floor(label, bound): return 0.5 * (abs(label) - bound) ** 2",
            says="a label within reach has no floor",
        ),
        Mutant(
            "positive labels only",
            "def loss_floor(label, bound): return 0.5 * max(0.0, label - bound) ** 2",
            says="labels may lie below -1",
        ),
        Mutant("1", "def largest_out(t): return 1.0", says="a lower one holds"),
        Mutant("one step late", "def largest_out(t): return np.tanh(t)", says="one step has been made already"),
        Mutant("training", 'reason = "b"', says="no weights reach 1.25"),
        Mutant("state", 'reason = "a"', says="1.51763"),
        Mutant("both labels", 'reason = "d"', says="could be asked for alone"),
    ],
    "E14.8": [
        Mutant("full", TRUNCATED.format(later=WHOLE, dU="dU"), says="that is the full gradient"),
        Mutant("no U", TRUNCATED.format(later="NO_LATER", dU="0 * dU"), says="dU was set to 0"),
        Mutant(
            "carousel left",
            TRUNCATED.format(later='{"Delta_out": 0.0, "d_state": r[2], "f": steps[t]["f"]}', dU="dU"),
            says="the carousel was not",
        ),
        Mutant(
            "state forgotten",
            "def truncated_gradients(x, labels, W, U, b):\n"
            "    total = [0 * W, 0 * U, 0 * b]\n"
            "    for t in range(len(x)):\n"
            "        s = forward(x[t : t + 1], W, U, b)\n"
            "        d = backward_step(labels[t], s[0], NOTHING, NO_LATER, W, U)[3]\n"
            "        total = [a + g for a, g in zip(total, sum_up(x[t : t + 1], np.array([0.0]), d[None]))]\n"
            "    return tuple(total)",
            says="each step was run from state 0",
        ),
        Mutant("everything", 'changed = {"W": "aifo", "U": "aifo", "b": "aifo"}', says="everything was named"),
        Mutant("U as well", 'changed = {"W": "aio", "U": "aio", "b": "aio"}', says="U has nothing to lose"),
        Mutant("a text", 'changed = "aio"', says="must be a dict"),
    ],
}
