"""Notebook 09, the cell of 1997: E09.1. ``e09_forgetting_and_the_carousel`` collects the exercises of the notebook."""

import numpy as np

from course_kit.checking import Exercise, expect
from course_kit.exercises.closed import some_of
from course_kit.reference.carousel import no_forget_gates
from course_kit.reference.lstm1997 import lstm1997_forward

T = 7
KERAS = 1e-6  # slides.yaml: what a Keras cell may differ by

E09_1 = Exercise(
    "E09.1",
    "LSTM without forgetting (1997)",
    slides=("D4.33", "D4.34", "D4.35", "D4.36", "D4.37"),
    names=("no_forget_forward", "NoForgetLSTMCell", "gates"),
    hints=(
        "One product gives all three blocks; split it into g, i, o. First the new c, then h, which looks at the new c. "
        "The cell in Keras is the body of your loop with ops in place of np.",
        "a_g, a_i, a_o = np.split(x[:, t] @ W + h @ U + b, 3, axis=1); c = c + sigmoid(a_i) * np.tanh(a_g); "
        "h = sigmoid(a_o) * np.tanh(c). In Keras ops.matmul, ops.split(a, 3, axis=-1), ops.sigmoid, ops.tanh; "
        "state_size = [units, units]; return h, [h, c].",
    ),
    limit=20.0,
)


def in_reference_order(stacked):
    """From g, i, o of D4.35 to i, c, o."""
    g, i, o = np.split(stacked, 3, axis=-1)
    return np.concatenate([i, g, o], axis=-1)


def no_forget(x, h0, c0, W, U, b):
    """h, c of all steps, the blocks in the order g, i, o."""
    return lstm1997_forward(x, h0, c0, *(in_reference_order(a) for a in (W, U, b)))


def deal_1997(draw):
    """x (2, T, m), h0, c0 (2, n), W, U, b: all different, none zero."""
    m, n = draw.sizes()
    x, h0, c0 = draw.normal(2, T, m), draw.normal(2, n, scale=0.5), draw.normal(2, n)
    return x, h0, c0, draw.normal(m, 3 * n), draw.normal(n, 3 * n), draw.normal(3 * n)


def unroll(rule, x, h0, c0, W, U, b):
    """h and c of all steps for a ``rule(g, i, o, c) -> h, c`` that may be a wrong one."""
    h, c, states = h0, c0, []
    for t in range(x.shape[1]):
        h, c = rule(*no_forget_gates(x[:, t], h, W, U, b), c)
        states.append((h, c))
    return tuple(np.stack(s, axis=1) for s in zip(*states, strict=True))


def wrong_forms(x, h0, c0, W, U, b):
    """What the usual slips make of the cell of 1997."""

    def with_rule(rule):
        return unroll(rule, x, h0, c0, W, U, b)

    def read_as(*order):
        """The blocks taken for others: order[k] stands where g, i, o belongs."""
        return no_forget(x, h0, c0, *(np.concatenate([np.split(a, 3, -1)[k] for k in order], -1) for a in (W, U, b)))

    def show(o, c):
        return o * np.tanh(c), c

    h, c = no_forget(x, h0, c0, W, U, b)
    alone = [no_forget(x[:, t : t + 1], h0, c0, W, U, b) for t in range(x.shape[1])]
    return {
        "the blocks were read in the order i, g, o, which is Keras' without f; D4.35 stacks g, i, o": read_as(1, 0, 2),
        "i and o are exchanged; D4.35 stacks g, i, o": read_as(0, 2, 1),
        "the blocks were read in the order o, i, g; D4.35 stacks g, i, o": read_as(2, 1, 0),
        "1 - i forgets the old state; in 1997 nothing is forgotten, the old c is added as it is": with_rule(
            lambda g, i, o, c: show(o, (1 - i) * c + i * g)
        ),
        "the old state is lost; c_t = c_{t-1} + i g": with_rule(lambda g, i, o, c: show(o, i * g)),
        "the input gate is missing": with_rule(lambda g, i, o, c: show(o, c + g)),
        "the output gate is missing": with_rule(lambda g, i, o, c: (np.tanh(c + i * g), c + i * g)),
        "h looks at the old state; c must be renewed first": with_rule(lambda g, i, o, c: (o * np.tanh(c), c + i * g)),
        "the state was squashed; tanh belongs into h only": with_rule(lambda g, i, o, c: show(o, np.tanh(c + i * g))),
        "tanh(c) was handed on as the state; it belongs into h only": with_rule(
            lambda g, i, o, c: (o * np.tanh(c + i * g), np.tanh(c + i * g))
        ),
        "the tanh around c is missing in h": with_rule(lambda g, i, o, c: (o * (c + i * g), c + i * g)),
        "g went through the logistic function; it is content, and tanh is due": with_rule(
            lambda g, i, o, c: show(o, c + i * (1 + np.tanh(np.arctanh(g) / 2)) / 2)
        ),
        "the bias is missing": no_forget(x, h0, c0, W, U, 0 * b),
        "U is not used: the previous h is left out": no_forget(x, h0, c0, W, 0 * U, b),
        "it starts from zeros, not from h0 and c0": no_forget(x, 0 * h0, 0 * c0, W, U, b),
        "the state is not carried: every step starts from h0 and c0": tuple(
            np.concatenate(s, axis=1) for s in zip(*alone, strict=True)
        ),
        "h and c are exchanged: return h first": (c, h),
        "only the last step came back: all T steps are due": (h[:, -1], c[:, -1]),
    }


@E09_1.case("values")
def _(answer, draw):
    given = deal_1997(draw)
    expect(answer.no_forget_forward(*given), no_forget(*given), "h, c", known=wrong_forms(*given))


@E09_1.case(
    "gates of the cell",
    hint="A gate multiplies something by a share between 0 and 1. Which of the three blocks go through sigma?",
)
def _(answer, draw):
    expect(
        some_of(answer["gates"], "fgio", "gates"),
        "io",
        "gates",
        reveal=False,
        known={
            "D4.38 speaks of three gates and of forgetting, but the cell of D4.37 has no f: it comes on D4.41": "fio",
            "g is no share between 0 and 1: it is the content that the gate i lets in": "gio",
            "that is the cell of D4.41": "fgio",
            "o is a gate as well: it multiplies tanh(c)": "i",
        },
    )


@E09_1.case(
    "weights of NoForgetLSTMCell",
    hint="Three blocks of n columns each: kernel (m, 3n), recurrent_kernel (n, 3n), bias (3n,); two states of n.",
)
def _(answer, draw):
    m, n = draw.sizes()
    due = {
        "kernel": f"({m}, {3 * n})",
        "recurrent_kernel": f"({n}, {3 * n})",
        "bias": f"({3 * n},)",
        "state_size": f"[{n}, {n}]",
        "weights": str(3 * (n * n + m * n + n)),
    }
    four = {
        "kernel": f"({m}, {4 * n})",
        "recurrent_kernel": f"({n}, {4 * n})",
        "bias": f"({4 * n},)",
        "state_size": f"[{n}, {n}]",
        "weights": str(4 * (n * n + m * n + n)),
    }
    given = deal_sized(draw, m, n)
    expect(
        answer.probe(no_forget_probe, "sizes", n, *given),
        due,
        f"for m={m}, units={n}: size",
        known={
            "that is a cell with four blocks; without f there are three": four,
            "there are two states, h and c: state_size is [units, units]": {**due, "state_size": str(n)},
        },
    )


@E09_1.case(
    "NoForgetLSTMCell in keras.layers.RNN",
    hint="call does one step: the body of your loop, with ops in place of np; states is [h, c], and h, [h, c] go back.",
)
def _(answer, draw):
    m, n = draw.sizes()
    given = deal_sized(draw, m, n)
    known = wrong_forms(*given)
    expect(
        answer.probe(no_forget_probe, "run", n, *given),
        at_the_end(no_forget(*given)),
        "h of all steps, last h, last c",
        tolerance=KERAS,
        known={k: at_the_end(v) for k, v in known.items() if np.ndim(v[0]) == 3},
    )


def at_the_end(states):
    h, c = states
    return h, h[:, -1], c[:, -1]


def deal_sized(draw, m, n):
    x, h0, c0 = draw.normal(2, T, m), draw.normal(2, n, scale=0.5), draw.normal(2, n)
    return x, h0, c0, draw.normal(m, 3 * n), draw.normal(n, 3 * n), draw.normal(3 * n)


def no_forget_probe(names, task, n, x, h0, c0, W, U, b):
    """What NoForgetLSTMCell has ("sizes") and what it gives in keras.layers.RNN ("run")."""
    import math

    import keras

    tensor, plain = keras.ops.convert_to_tensor, keras.ops.convert_to_numpy
    cell = names["NoForgetLSTMCell"](n, dtype="float64")
    cell.build((len(x), x.shape[2]))
    weights = {name: getattr(cell, name, None) for name in ("kernel", "recurrent_kernel", "bias")}
    step = [tensor(x[:, 0]), [tensor(h0), tensor(c0)]]
    if all(w is None for w in weights.values()) and cell.call(*step) is None:
        return None  # the stub
    if task == "sizes":
        found = {name: "missing" if w is None else str(tuple(w.shape)) for name, w in weights.items()}
        size = getattr(cell, "state_size", None)
        size = str(list(size) if isinstance(size, list | tuple) else size)
        count = sum(math.prod(v.shape) for v in cell.trainable_variables)
        return {**found, "state_size": size, "weights": str(count)}
    for w, value in zip(weights.values(), (W, U, b), strict=True):
        w.assign(value)
    # call() and not the cell itself: Keras wraps an error in a text that hides the student's line.
    if cell.call(*step) is None:
        return None
    layer = keras.layers.RNN(cell, return_sequences=True, return_state=True, dtype="float64")
    found = layer(tensor(x), initial_state=[tensor(h0), tensor(c0)])
    return [plain(a) for a in found]
