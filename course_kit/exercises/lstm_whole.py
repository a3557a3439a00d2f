"""Notebook 08, the whole cell: E08.5. ``e08_lstm_gate_by_gate`` collects the exercises of the notebook."""

import numpy as np

from course_kit.checking import Exercise, expect
from course_kit.exercises.closed import one_of
from course_kit.reference.elman import elman_forward
from course_kit.reference.gate_order import reorder
from course_kit.reference.lstm import lstm_forward, lstm_gates, lstm_step

T = 7

E08_5 = Exercise(
    "E08.5",
    "The whole cell, in Keras order",
    slides=("D1.20", "D2.12", "D3.16", "D3.18", "D4.30", "D4.41", "D5.7", "D5.13"),
    names=("lstm_forward", "reorder", "carried"),
    hints=(
        "Split into four blocks and give them names, in each step of the loop and in reorder. What must be carried is "
        "what the formulas have with the index t-1.",
        "a_i, a_f, a_c, a_o = np.split(x[:, t] @ W + h @ U + b, 4, axis=1). In the loop over t: "
        "c = f * c + i * c_tilde, then h = o * np.tanh(c); collect both and np.stack(..., axis=1). "
        'In reorder write "c" for "g" and "u", keep the blocks in a dict, and join them as new has it.',
    ),
)


def unroll(step, x, h, c):
    """h and c of all steps, for a ``step`` that may be a wrong one."""
    states = []
    for t in range(x.shape[1]):
        h, c = step(x[:, t], h, c)
        states.append((h, c))
    return tuple(np.stack(s, axis=1) for s in zip(*states, strict=True))


def deal_lstm(draw):
    """x (2, T, m), h0, c0 (2, n), W, U, b: all different, none zero."""
    m, n = draw.sizes()
    x, h0, c0 = draw.normal(2, T, m), draw.normal(2, n, scale=0.5), draw.normal(2, n)
    return x, h0, c0, draw.normal(m, 4 * n), draw.normal(n, 4 * n), draw.normal(4 * n)


def wrong_forms(x, h0, c0, W, U, b):
    """What the usual slips make of the whole cell."""

    def with_gates(rule):
        def step(x, h, c):
            return rule(*lstm_gates(x, h, W, U, b), c)

        return unroll(step, x, h0, c0)

    def squashed(i, f, c_tilde, o, c):
        kept = np.tanh(f * c + i * c_tilde)
        return o * kept, kept

    def read_as(order):
        return lstm_forward(x, h0, c0, *(reorder(a, order, "ifco") for a in (W, U, b)))

    h, c = lstm_forward(x, h0, c0, W, U, b)
    return {
        "the blocks were read in the order i, f, o, c; Keras has i, f, c, o": read_as("ifoc"),
        "the blocks were read in the order f, i, c, o; Keras has i, f, c, o": read_as("fico"),
        "the blocks were read in the order g, i, o, f of D4.41; Keras has i, f, c, o": read_as("giof"),
        "the state is not carried: every step starts from h0 and c0": unroll(
            lambda x, h, c: lstm_step(x, h0, c0, W, U, b), x, h0, c0
        ),
        "it starts from zeros, not from h0 and c0": lstm_forward(x, 0 * h0, 0 * c0, W, U, b),
        "h looks at the old cell state; c must be renewed first": with_gates(
            lambda i, f, g, o, c: (o * np.tanh(c), f * c + i * g)
        ),
        "tanh(c) is handed on as the state; it belongs into h only": with_gates(squashed),
        "the tanh around c is missing": with_gates(lambda i, f, g, o, c: (o * (f * c + i * g), f * c + i * g)),
        "the bias is missing": lstm_forward(x, h0, c0, W, U, 0 * b),
        "h and c are exchanged: return h first": (c, h),
        "only the last step came back: all T steps are due": (h[:, -1], c[:, -1]),
        "time came first: stack along axis 1, so that the batch stays first": (h.swapaxes(0, 1), c.swapaxes(0, 1)),
    }


@E08_5.case("values")
def _(answer, draw):
    given = deal_lstm(draw)
    expect(answer.lstm_forward(*given), lstm_forward(*given), "h, c", known=wrong_forms(*given))


@E08_5.case(
    "in two pieces", hint="Both h0 and c0 must be where the loop starts; nothing may be kept between two calls."
)
def _(answer, draw):
    x, h0, c0, W, U, b = deal_lstm(draw)
    h, c = lstm_forward(x, h0, c0, W, U, b)
    at = draw.integer(2, T - 2)
    pieces = (
        answer.lstm_forward(x[:, :at], h0, c0, W, U, b),
        answer.lstm_forward(x[:, at:], h[:, at - 1], c[:, at - 1], W, U, b),
    )
    expect(pieces[0], (h[:, :at], c[:, :at]), f"h, c of the first {at} steps")
    expect(pieces[1], (h[:, at:], c[:, at:]), f"h, c of steps {at} to {T - 1}, started from the state at step {at - 1}")


@E08_5.case("a plain recurrent network inside")
def _(answer, draw):
    x, h0, c0, W, U, b = deal_lstm(draw)
    n = len(b) // 4
    b = np.concatenate([np.full(n, 800.0), np.full(n, -800.0), b[2 * n : 3 * n], np.full(n, 800.0)])
    W_c, U_c, b_c = (np.split(a, 4, axis=-1)[2] for a in (W, U, b))
    _, h = elman_forward(x, h0, W_c, U_c, b_c, np.zeros((n, 1)), np.zeros(1), sigma_h=lambda a: np.tanh(np.tanh(a)))
    before = np.concatenate([h0[:, None], h[:, :-1]], axis=1)
    c = np.tanh(x @ W_c + before @ U_c + b_c)
    expect(answer.lstm_forward(x, h0, c0, W, U, b), (h, c), "h, c for i = o = 1, f = 0")


@E08_5.case(
    "gate orders",
    hint="Split into four along the last axis, name each block by its letter in old, join them in the order of new.",
)
def _(answer, draw):
    _, _, _, W, U, b = deal_lstm(draw)
    for old, new in [("ifou", "ifco"), ("giof", "ifco"), ("fico", "giof"), ("ifco", "ifou"), ("ifco", "ifco")]:
        for name, stacked in (("W", W), ("U", U), ("b", b)):
            expect(
                answer.reorder(stacked, old, new),
                reorder(stacked, old, new),
                f'reorder({name}, "{old}", "{new}")',
                tolerance=0.0,
                known={
                    "nothing was moved": stacked,
                    "this is the way back, from new to old": reorder(stacked, new, old),
                },
            )


@E08_5.case("what is carried", hint="Look for what the six formulas have with the index t-1.")
def _(answer, draw):
    expect(
        one_of(answer["carried"], "abcd", "carried"),
        "c",
        "carried",
        reveal=False,
        known={
            "h alone does not do: c_t = f c_{t-1} + i c_tilde needs the old c": "a",
            "c alone does not do: the four layers read the old h": "b",
            "the gates are computed anew in each step and not kept": "d",
        },
    )
