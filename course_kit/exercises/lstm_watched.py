"""Notebook 08, the cell at work: E08.8 and E08.9. ``e08_lstm_gate_by_gate`` collects the exercises."""

import numpy as np

from course_kit.checking import Exercise, expect
from course_kit.exercises.closed import one_of
from course_kit.reference.lstm import lstm_gates, lstm_step

T = 7

E08_8 = Exercise(
    "E08.8",
    "The conveyor is linear",
    slides=("D1.16", "D4.38"),
    names=("ride", "gain_and_offset"),
    hints=(
        "Write out three steps: c_3 = f_3 f_2 f_1 c_0 + f_3 f_2 u_1 + f_3 u_2 + u_3. What multiplies c_0? The rest is "
        "the offset.",
        "ride is a loop of c = f[:, t] * c + u[:, t]. The gain is f.prod(axis=1); the offset is what arrives when "
        "c_0 = 0.",
    ),
)


def conveyor(c, f, u):
    """The states after each step, (N, T, n)."""
    states = []
    for t in range(f.shape[1]):
        c = f[:, t] * c + u[:, t]
        states.append(c)
    return np.stack(states, axis=1)


def deal_frozen(draw):
    """c_0 (2, n), f in (0, 1) and u in (-1, 1), (2, T, n)."""
    (n,) = draw.sizes(1)
    return draw.normal(2, n), draw.uniform(0, 1, 2, T, n), draw.uniform(-1, 1, 2, T, n)


@E08_8.case("values")
def _(answer, draw):
    c_0, f, u = deal_frozen(draw)
    c = conveyor(c_0, f, u)
    squashed = c_0
    for t in range(T):
        squashed = np.tanh(f[:, t] * squashed + u[:, t])
    expect(
        answer.ride(c_0, f, u),
        c[:, -1],
        "c_K",
        known={
            "the state was squashed on its way; the conveyor has no tanh": squashed,
            "the state was squashed at the end; that is done for h only": np.tanh(c[:, -1]),
            "all states came back; the last one is due": c,
            "the first step is left out": conveyor(c_0, f[:, 1:], u[:, 1:])[:, -1],
            "the last step is left out": c[:, -2],
            "only the last step was made": f[:, -1] * c_0 + u[:, -1],
            "the steps were taken from the last to the first": conveyor(c_0, f[:, ::-1], u[:, ::-1])[:, -1],
            "f and u are exchanged": conveyor(c_0, u, f)[:, -1],
            "u is left out: what is written on the way arrives, too": np.prod(f, axis=1) * c_0,
            "u is multiplied by f as well; u_k comes after forgetting": conveyor(c_0, f, f * u)[:, -1],
        },
    )


@E08_8.case(
    "superposition", hint="Only sums and products with f may touch c_0 and u: no squashing, no clipping, no constant."
)
def _(answer, draw):
    c_0, f, u = deal_frozen(draw)
    d_0, v = draw.normal(*c_0.shape), draw.normal(*u.shape)
    a, b = draw.normal(2, scale=100.0)
    first, second = answer.ride(c_0, f, u), answer.ride(d_0, f, v)
    expect(first, conveyor(c_0, f, u)[:, -1], "c_K of the first start")
    expect(second, conveyor(d_0, f, v)[:, -1], "c_K of the second start")
    joint = answer.ride(a * c_0 + b * d_0, f, a * u + b * v)
    expect(joint, a * first + b * second, f"c_K for {a:.3g} times the first and {b:.3g} times the second")


@E08_8.case("gain and offset", hint="Gain is what multiplies c_0 in the end; the offset is what arrives from c_0 = 0.")
def _(answer, draw):
    c_0, f, u = deal_frozen(draw)
    gain, offset = np.prod(f, axis=1), conveyor(0 * c_0, f, u)[:, -1]
    expect(
        answer.gain_and_offset(f, u),
        (gain, offset),
        "gain, offset",
        known={
            "the order is exchanged: return the gain first": (offset, gain),
            "what is written is forgotten, too, by the gates of the later steps": (gain, u.sum(axis=1)),
            "u_k is not multiplied by its own f_k, only by the later ones": (gain, conveyor(0 * c_0, f, f * u)[:, -1]),
            "the offset is what arrives from c_0 = 0": (gain, conveyor(np.ones_like(c_0), f, u)[:, -1]),
            "the forget gates multiply along the way; they do not add": (f.sum(axis=1), offset),
            "the gain is the product over all steps, not the last gate": (f[:, -1], offset),
            "the products were taken over units; time is axis 1": (np.prod(f, axis=2), offset),
        },
    )


@E08_8.case("gates taken from a real run")
def _(answer, draw):
    m, n = draw.sizes()
    x, h, c_0 = draw.normal(2, T, m), draw.normal(2, n), draw.normal(2, n)
    W, U, b = draw.normal(m, 4 * n), draw.normal(n, 4 * n), draw.normal(4 * n)
    c, f, u = c_0, np.empty((2, T, n)), np.empty((2, T, n))
    for t in range(T):
        i, f[:, t], c_tilde, _ = lstm_gates(x[:, t], h, W, U, b)
        u[:, t] = i * c_tilde
        h, c = lstm_step(x[:, t], h, c, W, U, b)
    expect(answer.ride(c_0, f, u), c, "c_K of an LSTM whose gates were written down")


E08_9 = Exercise(
    "E08.9",
    "Watch the gates",
    slides=("D3.15", "D3.17", "D4.32", "D5.13"),
    names=("gate_traces", "best_unit", "counts"),
    hints=(
        "Start from zeros and keep, in each step, f, i, o and the new c. A counter may run backwards. What is counted, "
        "the table below the check tells.",
        "np.corrcoef(c[:, k], quantity)[0, 1] for each unit k; the index of the largest absolute value. "
        "Then compare the five correlations in the table: one is far ahead.",
    ),
)


def traces(x, W, U, b, carried=True):
    """f, i, o, c, c_tilde of all steps of one string from zeros, (T, n) each."""
    n = len(U)
    h, c, kept = np.zeros((1, n)), np.zeros((1, n)), []
    for t in range(len(x)):
        step = x[t : t + 1]
        i, f, c_tilde, o = lstm_gates(step, h, W, U, b)
        new_h, new_c = lstm_step(step, h, c, W, U, b)
        kept.append((f[0], i[0], o[0], new_c[0], c_tilde[0]))
        if carried:
            h, c = new_h, new_c
    return tuple(np.stack(trace) for trace in zip(*kept, strict=True))


@E08_9.case("traces")
def _(answer, draw):
    m, n = draw.sizes()
    x, W, U, b = draw.normal(T, m), draw.normal(m, 4 * n), draw.normal(n, 4 * n), draw.normal(4 * n)
    f, i, o, c, c_tilde = traces(x, W, U, b)
    expect(
        answer.gate_traces(x, W, U, b),
        (f, i, o, c),
        "f, i, o, c",
        known={
            "the order is i, f; return f, i, o, c": (i, f, o, c),
            "o and c are exchanged; return f, i, o, c": (f, i, c, o),
            "the candidate came back in place of the state": (f, i, o, c_tilde),
            "c is the state before the step; the new one is due": (f, i, o, np.vstack([np.zeros((1, n)), c[:-1]])),
            "h came back in place of c": (f, i, o, o * np.tanh(c)),
            "the state is not carried: every step starts from zeros": traces(x, W, U, b, carried=False)[:4],
            "units came first: time is the first axis": (f.T, i.T, o.T, c.T),
        },
    )


@E08_9.case("a string of brackets")
def _(answer, draw):
    n = draw.integer(4, 8)
    x = np.eye(3)[draw.integers(0, 2, 25)]
    W, U, b = draw.normal(3, 4 * n), draw.normal(n, 4 * n, scale=0.5), draw.normal(4 * n)
    # Rounding grows over 25 steps, hence the wider tolerance.
    expect(answer.gate_traces(x, W, U, b), traces(x, W, U, b)[:4], "f, i, o, c", tolerance=1e-10)


@E08_9.case(
    "the unit that goes with a quantity",
    hint="np.corrcoef(c[:, k], quantity)[0, 1] for each unit, then the largest absolute value.",
)
def _(answer, draw):
    for _ in range(3):
        quantity = np.cumsum(draw.integers(-1, 1, 200))
        spread, noise = quantity.std(), draw.normal(6, 200)
        units = {
            "right": 0.3 - 0.2 * quantity + 0.01 * spread * noise[0],
            "rising": quantity + 0.5 * spread * noise[1],
            "large": 20.0 * quantity + 60.0 * spread * noise[2],
            **{k: spread * noise[k] for k in (3, 4, 5)},
        }
        order = [list(units)[k] for k in draw.rng.permutation(len(units))]
        at = {name: k for k, name in enumerate(order)}
        expect(
            answer.best_unit(np.stack([units[name] for name in order], axis=1), quantity),
            at["right"],
            "the unit",
            known={
                "a counter may run backwards: compare absolute values of the correlation": at["rising"],
                "this unit has the largest covariance; divide by both spreads": at["large"],
            },
        )


@E08_9.case("what it counts", hint="Compare the correlations in the table below the check: one letter is far ahead.")
def _(answer, draw):
    expect(
        one_of(answer["counts"], "abcde", "counts"),
        "d",
        "counts",
        reveal=False,
        known={
            "the symbols read only grow in number; a unit that goes up and down fits another letter far better": "a",
            "the opening brackets only grow in number; look what a closing one does to the unit that fits best": "b",
            "the closing brackets only grow in number; look what an opening one does to the unit that fits best": "c",
            "the fillers only grow in number, and the unit that fits best hardly moves on x": "e",
        },
    )
