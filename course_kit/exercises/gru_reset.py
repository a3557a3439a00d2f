"""Notebook 11, the reset gate before or after the product: E11.4. ``e11_peephole_and_gru`` collects the exercises."""

import numpy as np

from course_kit.checking import Exercise, expect
from course_kit.exercises.gru_conventions import deal, unroll, wrong_forms
from course_kit.reference.activations import sigmoid
from course_kit.reference.gru import gru_forward

E11_4 = Exercise(
    "E11.4",
    "reset_after",
    slides=("D1.23", "D4.44"),
    names=("gru", "make_them_agree"),
    hints=(
        "Only the candidate differs. Before: r multiplies h, then U_h does. After: h is multiplied by U_h, its bias is "
        "added, and r multiplies the result.",
        "before: np.tanh(x_t @ W_h + b_h + (r * h) @ U_h); after: np.tanh(x_t @ W_h + b[0, 2n:] + r * (h @ U_h + "
        "b[1, 2n:])). A diagonal U_h gives each unit its own r on either side; what r multiplies besides is b[1, 2n:].",
    ),
)


def after_of_a_kind(x, h, W, U, b, kind):
    """A step of the form with reset_after=True that goes wrong in one way."""
    n = len(U)
    a, past = x @ W + b[0], h @ U + b[1]
    z, r = sigmoid(a[:, :n] + past[:, :n]), sigmoid(a[:, n : 2 * n] + past[:, n : 2 * n])
    inner = {
        "bias outside": a[:, 2 * n :] + r * (h @ U[:, 2 * n :]) + b[1, 2 * n :],
        "before": a[:, 2 * n :] + (r * h) @ U[:, 2 * n :] + b[1, 2 * n :],
        "r around all": r * (a[:, 2 * n :] + past[:, 2 * n :]),
    }[kind]
    return z * h + (1 - z) * np.tanh(inner)


@E11_4.case("reset before the product")
def _(answer, draw):
    x, h0, W, U, b = deal(draw)
    known = wrong_forms(x, h0, W, U, b, "keep")
    known["z and 1 - z are exchanged: here z keeps, as in Keras"] = gru_forward(x, h0, W, U, b, "write")
    del known["u and 1 - u are exchanged: on D4.44 u goes with the old h. This is the GRU of D1.23"]
    known["the reset gate came after the product; reset_after is False here"] = known.pop(
        "the reset gate came after the product with U_h; on the slide r multiplies h first"
    )
    expect(answer.gru(x, h0, W, U, b, False), gru_forward(x, h0, W, U, b), "h with reset_after=False", known=known)


@E11_4.case("reset after the product", hint="h @ U_h + b[1, 2n:] comes first, then r multiplies all of it.")
def _(answer, draw):
    x, h0, W, U, b = deal(draw, biases=2)

    def run(kind):
        return unroll(lambda x_t, h: after_of_a_kind(x_t, h, W, U, b, kind), x, h0)

    expect(
        answer.gru(x, h0, W, U, b, True),
        gru_forward(x, h0, W, U, b, reset_after=True),
        "h with reset_after=True",
        known={
            "the second bias was added outside of r; r multiplies h @ U_h + b[1]": run("bias outside"),
            "r still multiplies h before the product; reset_after is True here": run("before"),
            "r multiplies the input's share as well": run("r around all"),
            "the two rows of b are exchanged: b[0] goes with x, b[1] with h": gru_forward(
                x, h0, W, U, b[::-1], reset_after=True
            ),
            "the second bias b[1] is missing": gru_forward(x, h0, W, U, b * [[1], [0]], reset_after=True),
            "z and 1 - z are exchanged: here z keeps, as in Keras": gru_forward(
                x, h0, W, U, b, "write", reset_after=True
            ),
        },
    )


@E11_4.case(
    "weights on which both agree",
    hint="Two entries of the weights meet r: U_h, and the part of b[1] that belongs to the candidate. For which U_h is "
    "(r * h) @ U_h the same as r * (h @ U_h), whatever r and h?",
)
def _(answer, draw):
    *_, U, b = deal(draw, biases=2)
    n = len(U)
    diagonal, cut = U.copy(), b.copy()
    diagonal[:, 2 * n :] *= np.eye(n)
    cut[1, 2 * n :] = 0
    all_diagonal = U * np.tile(np.eye(n), 3)
    no_U_h, first_cut, last_cut = U.copy(), b.copy(), b.copy()
    no_U_h[:, 2 * n :] = 0
    first_cut[0, 2 * n :] = 0
    last_cut[:, 2 * n :] = 0
    expect(
        answer.make_them_agree(U, b),
        (diagonal, cut),
        "U, b",
        tolerance=0,
        known={
            "the recurrent bias b[1, 2n:] is still there: r multiplies it in one form and not in the other": (
                diagonal,
                b,
            ),
            "U_h is as it was; it must be diagonal": (U, cut),
            "nothing was changed": (U, b),
            "U_h was set to zero; its diagonal may stay": (no_U_h, cut),
            "all three blocks of U became diagonal; only U_h meets r": (all_diagonal, cut),
            "all of b[1] was set to zero; its parts for z and r may stay": (diagonal, b * [[1], [0]]),
            "the bias of the input was cut; it is b[1] that r multiplies": (diagonal, first_cut),
            "both biases of the candidate were cut; b[0] may stay": (diagonal, last_cut),
            "U_h became the identity; its diagonal may stay as it is": (
                np.concatenate([U[:, : 2 * n], np.eye(n)], axis=1),
                cut,
            ),
        },
    )


@E11_4.case(
    "both forms, on weights of that kind",
    hint="With a diagonal U_h and b[1, 2n:] = 0 both branches of your gru give the same; the first gets b[0] + b[1].",
)
def _(answer, draw):
    x, h0, W, U, b = deal(draw, biases=2)
    n = len(U)
    U[:, 2 * n :] *= np.eye(n)
    b[1, 2 * n :] = 0
    h = gru_forward(x, h0, W, U, b, reset_after=True)
    expect(answer.gru(x, h0, W, U, b, True), h, "h with reset_after=True")
    expect(answer.gru(x, h0, W, U, b[0] + b[1], False), h, "h with reset_after=False")
