"""Notebook 02, the network with matrices: E02.6 and E02.7. ``e02_from_regression_to_recurrence`` collects them."""

import math

import numpy as np

from course_kit.checking import Exercise, expect, require
from course_kit.exercises.closed import some_of
from course_kit.reference.activations import identity
from course_kit.reference.elman import elman_forward
from course_kit.reference.jacobians import elman_jacobians, product

T = 7

E02_6 = Exercise(
    "E02.6",
    "Matrix RNN",
    slides=("D1.4", "D1.7", "D3.9", "D3.11", "D3.16", "D4.10", "D4.30"),
    names=("rnn_forward", "learned"),
    hints=(
        "One line in a loop over the second axis of x. Keep every h in a list; what comes back is their stack or "
        "the last one.",
        "h = np.tanh(x[:, t] @ W + h @ U + b); at the end np.stack(hs, axis=1) if return_sequences else hs[-1].",
    ),
)


def states(x, h0, W, U, b, squash=np.tanh) -> np.ndarray:
    """All h (N, T, n)."""
    n = len(U)
    return elman_forward(x, h0, W, U, b, np.eye(n), np.zeros(n), sigma_h=squash)[1]


def deal(draw, N: int = 2, steps: int = T):
    """x, h0, W, U, b: mild enough that tanh does not saturate."""
    m, n = draw.sizes()
    return (
        draw.normal(N, steps, m),
        draw.normal(N, n),
        draw.normal(m, n, scale=0.6),
        draw.normal(n, n, scale=0.6),
        draw.normal(n, scale=0.5),
    )


def wrong_forms(x, h0, W, U, b) -> dict:
    """All h (N, T, n) of known wrong forms."""
    return {
        "the bias is missing": states(x, h0, W, U, 0 * b),
        "the recurrent matrix U is transposed": states(x, h0, W, U.T, b),
        "h0 was not used": states(x, 0 * h0, W, U, b),
        "every step started from h0: hand the new h on": np.tanh(x @ W + (h0 @ U)[:, None] + b),
        "the previous h was not used": np.tanh(x @ W + b),
        "tanh is missing": states(x, h0, W, U, b, identity),
        "the steps were taken from the last to the first": states(x[:, ::-1], h0, W, U, b),
        "the steps came back in reverse": states(x, h0, W, U, b)[:, ::-1],
    }


@E02_6.case("all steps")
def _(answer, draw):
    deck = deal(draw)
    h = states(*deck)
    expect(
        answer.rnn_forward(*deck, True),
        h,
        "h",
        known={
            **wrong_forms(*deck),
            "only the last step came back, and all are due": h[:, -1],
            "time is on the first axis, and the batch belongs there": h.swapaxes(0, 1),
            "h0 stands in front and the last step is missing": np.concatenate([deck[1][:, None], h[:, :-1]], axis=1),
        },
    )


@E02_6.case("the last step alone", hint="With return_sequences=False the last h is due, of shape (N, n).")
def _(answer, draw):
    for N, steps in ((2, T), (3, 1)):
        deck = deal(draw, N, steps)
        h = states(*deck)
        expect(
            answer.rnn_forward(*deck, False),
            h[:, -1],
            "h for return_sequences=False",
            known={
                "all steps came back; return_sequences was not looked at": h,
                "the first step came back": h[:, 0],
                "there is an axis of length 1 too many": h[:, -1:],
                **{sentence: wrong[:, -1] for sentence, wrong in wrong_forms(*deck).items()},
            },
        )


@E02_6.case("unit by unit")
def _(answer, draw):
    x, h0, W, U, b = deck = deal(draw, 3, 4)
    obtained = answer.rnn_forward(*deck, True)
    expect(obtained, states(*deck), "h")
    for row in range(3):
        h = h0[row].tolist()
        for t in range(4):
            # D1.5 written for one unit after the other: sums of products of numbers, no matrix.
            h = [
                math.tanh(
                    math.fsum(x[row, t, i] * W[i, k] for i in range(W.shape[0]))
                    + math.fsum(h[j] * U[j, k] for j in range(len(U)))
                    + b[k]
                )
                for k in range(len(U))
            ]
            expect(obtained[row, t], np.array(h), f"h of example {row} at step {t}, against sums written out")


@E02_6.case(
    "set or learned", hint="What does training change? Everything else was there before it and is the same after it."
)
def _(answer, draw):
    letters = some_of(answer["learned"], "abcdef", "learned")
    if isinstance(letters, str):
        for given, why in {
            "a": "how the layers are joined is set before training",
            "b": "the number of units is set: it decides the shapes of the weights",
            "c": "return_sequences is an argument of the layer",
            "d": "tanh stays tanh, however long one trains",
        }.items():
            require(given not in letters, "learned holds something that is set by hand.", known=why)
        for trained, why in {
            "e": "the entries of W and U are learned",
            "f": "the entries of b are learned, too",
        }.items():
            require(trained in letters, "learned lacks something that training changes.", known=why)
    expect(letters, "ef", "learned", reveal=False)


E02_7 = Exercise(
    "E02.7",
    "Memory or none",
    slides=("D4.11", "D5.4"),
    names=("last_change",),
    hints=(
        "Run both nets twice, on x and on a copy of x whose first step has delta added, and subtract: new minus "
        "old. Of the outputs, look at the last step only.",
        "other = x.copy(); other[:, 0] += delta; the dense layer's last output is np.tanh(x[:, -1] @ W + b), the "
        "recurrent net's rnn_forward(x, h0, W, U, b, False).",
    ),
)


def with_first(x, delta) -> np.ndarray:
    other = x.copy()
    other[:, 0] = x[:, 0] + delta
    return other


def changes(x, delta, h0, W, U, b) -> tuple[np.ndarray, np.ndarray]:
    """Change of the last output of the dense layer, and of the recurrent net, when delta is added to x_0."""
    difference = states(with_first(x, delta), h0, W, U, b) - states(x, h0, W, U, b)
    return np.zeros_like(h0), difference[:, -1]


def deal_change(draw):
    """x, delta, h0, W, U, b: U turns without loss, so that seven steps later the change is still there to be seen."""
    m, n = draw.sizes()
    x, h0 = draw.normal(2, T, m, scale=0.5), draw.normal(2, n, scale=0.5)
    U = np.linalg.qr(draw.normal(n, n))[0]
    return x, draw.normal(2, m), h0, draw.normal(m, n, scale=0.4), U, draw.normal(n, scale=0.2)


@E02_7.case("the change of the last output")
def _(answer, draw):
    x, delta, h0, W, U, b = deck = deal_change(draw)
    zero, change = changes(*deck)
    everywhere, last, put = x + delta[:, None], x.copy(), x.copy()
    last[:, -1] += delta
    put[:, 0] = delta

    def other(x_new):
        dense = np.tanh(x_new[:, -1] @ W + b) - np.tanh(x[:, -1] @ W + b)
        return dense, states(x_new, h0, W, U, b)[:, -1] - states(x, h0, W, U, b)[:, -1]

    new = with_first(x, delta)
    dense_first = np.tanh(new[:, 0] @ W + b) - np.tanh(x[:, 0] @ W + b)
    all_steps = states(new, h0, W, U, b) - states(x, h0, W, U, b)
    expect(
        answer.last_change(*deck),
        (zero, change),
        "change of the dense layer, change of the recurrent net",
        known={
            "delta was added to every step": other(everywhere),
            "delta was added to the last step": other(last),
            "delta was put in the place of x_0; it is to be added": other(put),
            "the sign is turned: new minus old is due": (zero, -change),
            "these are absolute values": (zero, np.abs(change)),
            "these are the first outputs; the last ones are due": (dense_first, all_steps[:, 0]),
            "the order is turned: the dense layer comes first": (change, zero),
            "delta was added to h0 or the first step left out": (zero, states(x, h0, W, U, b)[:, -1] * 0),
        },
    )


@E02_7.case("exactly zero for the dense layer, and not for the other")
def _(answer, draw):
    for _ in range(3):
        deck = deal_change(draw)
        obtained = answer.last_change(*deck)
        expect(obtained, changes(*deck), "change of the dense layer, change of the recurrent net")
        expect(obtained[0], np.zeros_like(deck[2]), "change of the dense layer", tolerance=0)
        reach = float(np.abs(obtained[1]).max())
        require(reach > 1e-3, f"the recurrent net's last output changes by {reach:.2g} only.")


@E02_7.case("a small change, by the chain rule")
def _(answer, draw):
    x, delta, h0, W, U, b = deal_change(draw)
    h = states(x, h0, W, U, b)
    small = 1e-4
    there, back = (answer.last_change(x, sign * small * delta, h0, W, U, b) for sign in (1, -1))
    for obtained, sign in ((there, 1), (back, -1)):
        expect(
            obtained,
            changes(x, sign * small * delta, h0, W, U, b),
            "change of the dense layer, change of the recurrent net",
        )
    first = (delta @ W) * (1 - h[:, 0] ** 2)
    slope = np.einsum("kab,kb->ka", product(elman_jacobians(h[:, 1:], U)), first)
    expect((there[1] - back[1]) / (2 * small), slope, "the change per unit of delta", tolerance=1e-6)
