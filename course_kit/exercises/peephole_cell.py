"""Notebook 11, the LSTM with peepholes: E11.1. ``e11_peephole_and_gru`` collects the exercises of the notebook."""

import numpy as np

from course_kit.checking import Exercise, expect, require
from course_kit.checking.answer import Untouched
from course_kit.reference.activations import sigmoid
from course_kit.reference.counts import lstm, parameters
from course_kit.reference.lstm import lstm_forward, lstm_step
from course_kit.reference.peephole import peephole_forward, peephole_step

T = 7

E11_1 = Exercise(
    "E11.1",
    "Peephole LSTM",
    slides=("D1.22",),
    names=("peephole_step", "MyPeepholeLSTMCell"),
    hints=(
        "Each of the three gates gets one more term before its logistic function: its own weight times the state, "
        "entry by entry. When o is computed, the new c is already there.",
        "p_i, p_f, p_o = p; i = sigmoid(a_i + p_i * c); f likewise; c = f * c + i * np.tanh(a_c); then "
        "o = sigmoid(a_o + p_o * c) with this new c; return o * np.tanh(c), c. In build of the Keras cell: "
        "self.peephole_kernel = self.add_weight(name='peephole_kernel', shape=(3, self.units)).",
    ),
    limit=20.0,
)


def sizes(draw) -> tuple[int, int]:
    """m and n, neither of them 3: there are three peepholes, and (n, 3) must not pass for (3, n)."""
    return draw.sizes(2, low=4, high=8)


def deal(draw, m: int, n: int):
    """W, U, b, p. The peepholes are large enough to be missed."""
    return draw.normal(m, 4 * n), draw.normal(n, 4 * n), draw.normal(4 * n), draw.normal(3, n, scale=1.5)


def step_of_a_kind(x, h, c, W, U, b, p, kind):
    """A step that goes wrong in one way."""
    a_i, a_f, a_c, a_o = np.split(x @ W + h @ U + b, 4, axis=1)
    p_i, p_f, p_o = p
    shown = np.tanh(c) if kind == "squashed" else c
    i, f = sigmoid(a_i + p_i * shown), sigmoid(a_f + p_f * shown)
    if kind == "candidate":
        a_c = a_c + p_i * c
    new = f * c + i * np.tanh(a_c)
    seen = {"old": c, "squashed": np.tanh(new)}.get(kind, new)
    o = sigmoid(a_o) + p_o * new if kind == "outside" else sigmoid(a_o + p_o * seen)
    h = o * np.tanh(new)
    return (new, h) if kind == "exchanged" else (h, new)


def wrong_steps(x, h, c, W, U, b, p) -> dict:
    """What the usual slips make of one step."""
    given = (x, h, c, W, U, b, p)
    return {
        "o looks at the old cell state; it sees the new one": step_of_a_kind(*given, "old"),
        "the peepholes are missing: this is the plain LSTM": lstm_step(x, h, c, W, U, b),
        "p_i and p_f are exchanged: the rows of p are i, f, o": peephole_step(*given[:-1], p[[1, 0, 2]]),
        "the rows of p were read as i, o, f": peephole_step(*given[:-1], p[[0, 2, 1]]),
        "the gates look at tanh(c); they see c as it is": step_of_a_kind(*given, "squashed"),
        "the candidate has no peephole: three gates look, the candidate does not": step_of_a_kind(*given, "candidate"),
        "p_o * c was added to o after the logistic function; a gate stays below 1": step_of_a_kind(*given, "outside"),
        "h and c are exchanged: return h first": step_of_a_kind(*given, "exchanged"),
        "the bias is missing": peephole_step(x, h, c, W, U, 0 * b, p),
        "the recurrent matrix is transposed": peephole_step(x, h, c, W, turned(U), b, p),
        "o has no peephole": peephole_step(*given[:-1], p * [[1], [1], [0]]),
        "only o has a peephole": peephole_step(*given[:-1], p * [[0], [0], [1]]),
    }


def turned(U):
    """Each block of U transposed."""
    return np.concatenate([block.T for block in np.split(U, U.shape[1] // U.shape[0], axis=1)], axis=1)


@E11_1.case("one step in NumPy")
def _(answer, draw):
    m, n = sizes(draw)
    given = (draw.normal(2, m), draw.normal(2, n), draw.normal(2, n, scale=2.0), *deal(draw, m, n))
    expect(answer.peephole_step(*given), peephole_step(*given), "h, c", known=wrong_steps(*given))


@E11_1.case(
    "a cell that sees nothing but its state",
    hint="Here x and h are 0, so each gate's argument is its bias plus its peephole's share.",
)
def _(answer, draw):
    m, n = sizes(draw)
    W, U, b, p = deal(draw, m, n)
    given = (np.zeros((2, m)), np.zeros((2, n)), draw.normal(2, n, scale=2.0), W, U, b, p)
    expect(answer.peephole_step(*given), peephole_step(*given), "h, c for x = 0 and h = 0", known=wrong_steps(*given))


@E11_1.case(
    "with p = 0 it is the LSTM", hint="With p = 0 nothing of the peepholes may be left: look at the other terms."
)
def _(answer, draw):
    m, n = sizes(draw)
    W, U, b, _ = deal(draw, m, n)
    x, h, c = draw.normal(2, m), draw.normal(2, n), draw.normal(2, n, scale=2.0)
    expect(answer.peephole_step(x, h, c, W, U, b, np.zeros((3, n))), lstm_step(x, h, c, W, U, b), "h, c for p = 0")


def peephole_probe(names, task, n, x, h0, c0, weights):
    """What MyPeepholeLSTMCell has ("sizes"), and what it gives in keras.layers.RNN ("run")."""
    import keras

    tensor, plain = keras.ops.convert_to_tensor, keras.ops.convert_to_numpy
    cell = names["MyPeepholeLSTMCell"](n, dtype="float64")
    cell.build((len(x), x.shape[2]))
    found = {}
    for name, value in zip(("kernel", "recurrent_kernel", "bias", "peephole_kernel"), weights, strict=True):
        if hasattr(cell, name):
            found[name] = str(tuple(getattr(cell, name).shape))
            if task != "sizes":
                getattr(cell, name).assign(value)
    if task == "sizes" and "peephole_kernel" in found:
        return {**found, "parameters": str(cell.count_params())}
    # call() and not the cell itself: Keras wraps an error in a text that hides the student's line.
    step = cell.call(tensor(x[:, 0]), [tensor(h0), tensor(c0)])
    if step is None:
        return None
    if task == "sizes":
        return {**found, "parameters": str(cell.count_params())}
    if not isinstance(step, tuple | list) or len(step) != 2:
        return "one value" if not isinstance(step, tuple | list) else f"{len(step)} values"
    if not isinstance(step[1], tuple | list) or len(step[1]) != 2:
        return "h and one state" if not isinstance(step[1], tuple | list) else f"h and {len(step[1])} states"
    inputs = keras.Input(x.shape[1:], dtype="float64")
    start = [keras.Input((n,), dtype="float64") for _ in "hc"]
    layer = keras.layers.RNN(cell, return_sequences=True, return_state=True, dtype="float64")
    # predict traces the cell as training does: what is not written with keras.ops fails here.
    model = keras.Model([inputs, *start], layer(inputs, initial_state=start))
    return [plain(a) for a in model.predict_on_batch([x, h0, c0])]


def look(answer, task, *given):
    """What the probe brings back; a stub is called by its name."""
    try:
        return answer.probe(peephole_probe, task, *given)
    except Untouched:
        raise Untouched("call of MyPeepholeLSTMCell", called=True) from None


@E11_1.case(
    "sizes and weights of the Keras cell",
    hint="In build, make one weight more: peephole_kernel, one number for each gate and unit, so (3, units).",
)
def _(answer, draw):
    m, n = sizes(draw)
    weights = deal(draw, m, n)
    four = parameters(lstm(m, n, True))
    shapes = {
        "kernel": f"({m}, {4 * n})",
        "recurrent_kernel": f"({n}, {4 * n})",
        "bias": f"({4 * n},)",
        "peephole_kernel": f"(3, {n})",
        "parameters": str(four + 3 * n),
    }

    def with_peepholes(shape):
        return {**shapes, "peephole_kernel": str(shape), "parameters": str(four + int(np.prod(shape)))}

    full = (
        "a peephole joins a state with a gate of its own unit, one number each; this joins every unit with every other"
    )
    expect(
        look(answer, "sizes", n, draw.normal(2, T, m), draw.normal(2, n), draw.normal(2, n), weights),
        shapes,
        f"for m={m}, units={n}: size",
        known={
            full: with_peepholes((n, 3 * n)),
            full + ", gate by gate": with_peepholes((3, n, n)),
            "the candidate needs no peephole: three gates look, so (3, units)": with_peepholes((4, n)),
            "the array is transposed: a row for each gate": with_peepholes((n, 3)),
            "one row serves all gates; each has its own weights": with_peepholes((1, n)),
            "one row serves all gates; each has weights of its own": with_peepholes((n,)),
        },
    )


@E11_1.case(
    "seven steps in keras.layers.RNN",
    hint="The same lines as in peephole_step, with ops.matmul, ops.split, ops.sigmoid and ops.tanh; "
    "return the new h and the list of the new h and c.",
)
def _(answer, draw):
    m, n = sizes(draw)
    x, h0, c0 = draw.normal(2, T, m), draw.normal(2, n), draw.normal(2, n)
    W, U, b, p = weights = deal(draw, m, n)

    def run(step):
        h, c, hs = h0, c0, []
        for t in range(T):
            h, c = step(x[:, t], h, c)
            hs.append(h)
        return np.stack(hs, axis=1), h, c

    hs, cs = peephole_forward(x, h0, c0, *weights)
    no_peepholes, _ = lstm_forward(x, h0, c0, W, U, b)
    stuck = np.stack([peephole_step(x[:, t], h0, c0, *weights)[0] for t in range(T)], axis=1)
    obtained = look(answer, "run", n, x, h0, c0, weights)
    require(
        not isinstance(obtained, str),
        f"call returned {obtained}; due are the output and the list of both new states: return h, [h, c].",
    )
    if isinstance(obtained, list) and len(obtained) == 3:
        obtained = tuple(obtained)
    expect(
        obtained,
        (hs, hs[:, -1], cs[:, -1]),
        "h of all steps, last h, last c",
        tolerance=1e-6,
        known={
            "o looks at the old cell state; it sees the new one": run(
                lambda x_t, h, c: step_of_a_kind(x_t, h, c, *weights, "old")
            ),
            "the peepholes are missing: this is the plain LSTM": (
                no_peepholes,
                no_peepholes[:, -1],
                lstm_forward(x, h0, c0, W, U, b)[1][:, -1],
            ),
            "the state was not carried: the cell returns the states it was given": (stuck, h0, c0),
            "the rows of peephole_kernel were read as f, i, o": run(
                lambda x_t, h, c: peephole_step(x_t, h, c, W, U, b, p[[1, 0, 2]])
            ),
            "the new states are exchanged: return h, [h, c]": exchanged_states(x, h0, c0, weights),
        },
    )


def exchanged_states(x, h0, c0, weights):
    """A cell that hands on [c, h]."""
    h, c, hs = h0, c0, []
    for t in range(T):
        new_h, new_c = peephole_step(x[:, t], h, c, *weights)
        hs.append(new_h)
        h, c = new_c, new_h
    return np.stack(hs, axis=1), h, c
