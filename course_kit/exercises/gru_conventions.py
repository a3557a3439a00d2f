"""Notebook 11, the GRU as two slides and Keras have it: E11.2, E11.3. E11.4 is in ``gru_reset``."""

import numpy as np

from course_kit.checking import Exercise, expect, require
from course_kit.reference.activations import sigmoid
from course_kit.reference.gru import gru_forward, gru_step

T = 7


def deal(draw, biases: int = 1):
    """x (2, T, m), h0 (2, n), W, U, b in the order z, r, h; b (3n,), or (2, 3n) for two biases."""
    m, n = draw.sizes()
    b = draw.normal(3 * n) if biases == 1 else draw.normal(biases, 3 * n)
    return draw.normal(2, T, m), draw.normal(2, n), draw.normal(m, 3 * n), draw.normal(n, 3 * n), b


def blocks(stacked, order):
    """The blocks of the last axis of a stacked array, in another order: (1, 0, 2) exchanges the first two."""
    parts = np.split(stacked, 3, axis=-1)
    return np.concatenate([parts[k] for k in order], axis=-1)


def unroll(step, x, h):
    """h of all steps, for a ``step`` that may be a wrong one."""
    hs = []
    for t in range(x.shape[1]):
        h = step(x[:, t], h)
        hs.append(h)
    return np.stack(hs, axis=1)


def step_of_a_kind(x, h, W, U, b, update, kind):
    """A step that goes wrong in one way."""
    n = len(U)
    a, past = x @ W + b, h @ U[:, : 2 * n]
    z, r = sigmoid(a[:, :n] + past[:, :n]), sigmoid(a[:, n : 2 * n] + past[:, n:])
    U_h = U[:, 2 * n :]
    read = {"no reset": h @ U_h, "after": r * (h @ U_h), "z resets": (z * h) @ U_h, "1 - r": ((1 - r) * h) @ U_h}
    inner = a[:, 2 * n :] + read.get(kind, (r * h) @ U_h)
    if kind == "r around all":
        inner = r * (a[:, 2 * n :] + h @ U_h)
    tilde = inner if kind == "linear" else sigmoid(inner) if kind == "logistic" else np.tanh(inner)
    kept = z if update == "keep" else 1 - z
    return kept * (r * h if kind == "r keeps" else h) + (1 - kept) * tilde


def wrong_forms(x, h0, W, U, b, update: str) -> dict:
    """What the usual slips make of a whole run."""

    def run(kind):
        return unroll(lambda x_t, h: step_of_a_kind(x_t, h, W, U, b, update, kind), x, h0)

    other = "keep" if update == "write" else "write"
    h = gru_forward(x, h0, W, U, b, update)
    turned = np.concatenate([part.T for part in np.split(U, 3, axis=1)], axis=1)
    opposite = {
        "write": "z and 1 - z are exchanged: on D1.23 z goes with h_tilde. This is the GRU of D4.44 and of Keras",
        "keep": "u and 1 - u are exchanged: on D4.44 u goes with the old h. This is the GRU of D1.23",
    }[update]
    return {
        opposite: gru_forward(x, h0, W, U, b, other),
        "the reset gate came after the product with U_h; on the slide r multiplies h first": run("after"),
        "the reset gate is missing": run("no reset"),
        "the update gate was used to reset": run("z resets"),
        "1 - r stands in place of r": run("1 - r"),
        "r multiplies the input's share as well; it belongs to h alone": run("r around all"),
        "r also reached the h that is kept; it belongs inside the candidate": run("r keeps"),
        "the tanh of the candidate is missing": run("linear"),
        "the candidate went through the logistic function; tanh is due": run("logistic"),
        "the blocks of the two gates are exchanged": gru_forward(
            x, h0, *(blocks(a, (1, 0, 2)) for a in (W, U, b)), update
        ),
        "the biases are missing": gru_forward(x, h0, W, U, 0 * b, update),
        "the recurrent matrices are transposed": gru_forward(x, h0, W, turned, b, update),
        "the state is not carried: every step starts from h0": unroll(
            lambda x_t, _: gru_step(x_t, h0, W, U, b, update), x, h0
        ),
        "it starts from zeros, not from h0": gru_forward(x, 0 * h0, W, U, b, update),
        "only the last step came back: all T steps are due": h[:, -1],
        "time came first: stack along axis 1, so that the batch stays first": h.swapaxes(0, 1),
    }


# E11.2

E11_2 = Exercise(
    "E11.2",
    "The slide's GRU",
    slides=("D1.23", "D2.13"),
    names=("slide_gru", "from_keras", "printed"),
    hints=(
        "Compute z and r first, both from the old h. The candidate reads r * h where a plain network reads h, and z is "
        "the share of it that is written.",
        "z = sigmoid(x_t @ W_z + h @ U_z + b_z), r likewise; h_tilde = np.tanh(x_t @ W_h + (r * h) @ U_h + b_h); "
        "h = (1 - z) * h + z * h_tilde. Since 1 - sigmoid(a) = sigmoid(-a), from_keras changes the sign of the first n "
        "columns of W, U and b, and of nothing else.",
    ),
)


@E11_2.case("values")
def _(answer, draw):
    given = deal(draw)
    expect(answer.slide_gru(*given), gru_forward(*given, "write"), "h", known=wrong_forms(*given, "write"))


@E11_2.case(
    "in two pieces", hint="Whatever is carried must be in h: the second piece starts from the last h of the first."
)
def _(answer, draw):
    x, h0, W, U, b = deal(draw)
    h, at = gru_forward(x, h0, W, U, b, "write"), draw.integer(2, T - 2)
    expect(answer.slide_gru(x[:, :at], h0, W, U, b), h[:, :at], f"h of the first {at} steps")
    expect(answer.slide_gru(x[:, at:], h[:, at - 1], W, U, b), h[:, at:], f"h of the steps from {at} on")


@E11_2.case(
    "z driven to 0 and to 1",
    hint="A bias b_z of -800 makes z = 0 and h stays as it is; one of +800 makes z = 1 and h is replaced.",
)
def _(answer, draw):
    x, h0, W, U, b = deal(draw)
    n = len(U)
    for value, z in ((-800.0, 0), (800.0, 1)):
        driven = np.concatenate([np.full(n, value), b[n:]])
        expect(answer.slide_gru(x, h0, W, U, driven), gru_forward(x, h0, W, U, driven, "write"), f"h for z = {z}")


@E11_2.case(
    "weights from Keras",
    hint="Which gate's argument must change its sign so that 1 - z becomes z? Its block is the first of three.",
)
def _(answer, draw):
    *_, W, U, b = deal(draw)
    n = len(U)
    sign = np.repeat([-1.0, 1.0, 1.0], n)

    def turned(*signs):
        return tuple(a * np.repeat(signs, n) for a in (W, U, b))

    expect(
        answer.from_keras(W, U, b),
        (W * sign, U * sign, b * sign),
        "W, U, b",
        tolerance=0,
        known={
            "nothing was changed": (W, U, b),
            "everything was negated: only z is meant": turned(-1, -1, -1),
            "the block of r was negated; z is the first block": turned(1, -1, 1),
            "the block of the candidate was negated; z is the first block": turned(1, 1, -1),
            "both gates were negated: only z is meant": turned(-1, -1, 1),
            "the bias was left out: its block of z changes sign too": (W * sign, U * sign, b),
            "U was left out: its block of z changes sign too": (W * sign, U, b * sign),
            "only W was changed: the argument of z has three terms": (W * sign, U, b),
            "1 - W came back: it is the sign that changes": tuple(np.where(sign < 0, 1 - a, a) for a in (W, U, b)),
        },
    )


@E11_2.case(
    "what the papers print",
    hint="Compare the last line of each slide with the two papers' lines: which of h and h_tilde has the z?",
)
def _(answer, draw):
    right = {"D1.23": "1412.3555", "D4.44": "1406.1078"}
    obtained = answer["printed"]
    if isinstance(obtained, dict):
        for value in obtained.values():
            ok = isinstance(value, str) and value.strip() in right.values()
            require(ok, "each value of printed must be '1406.1078' or '1412.3555', as a text.")
    expect(
        obtained,
        right,
        "printed",
        reveal=False,
        known={
            "D1.23 cites 1406.1078, but prints z with the new h_tilde: the other paper's form. This is the slip": {
                "D1.23": "1406.1078",
                "D4.44": "1406.1078",
            },
            "D1.23 cites 1406.1078, and does not print its form; nor does D4.44 print the other's": {
                "D1.23": "1406.1078",
                "D4.44": "1412.3555",
            },
            "D4.44 keeps u of the old h: look at the table again": {"D1.23": "1412.3555", "D4.44": "1412.3555"},
        },
    )


# E11.3

E11_3 = Exercise(
    "E11.3",
    "The other GRU",
    slides=("D4.44",),
    names=("other_gru", "stack_for_keras"),
    hints=(
        "Two things differ from E11.2: which of the two states has the gate u, and that r is the first of the stacked "
        "pair.",
        "r, u = np.split(sigmoid(x_t @ W_ru + h @ U_ru + b_ru), 2, axis=1); g = np.tanh(x_t @ W_g + (r * h) @ U_g + "
        "b_g); h = (1 - u) * g + u * h. Keras wants u, r, g: split each of W_ru, U_ru, b_ru in two along the last axis "
        "and join the halves the other way round, with the one of g behind.",
    ),
)


def slide_order(W, U, b):
    """W_ru, U_ru, b_ru, W_g, U_g, b_g of D4.44 for weights in Keras' order z, r, h."""
    pairs = []
    for stacked in (W, U, b):
        z, r, h = np.split(stacked, 3, axis=-1)
        pairs.append((np.concatenate([r, z], axis=-1), h))
    return (*(pair for pair, _ in pairs), *(last for _, last in pairs))


@E11_3.case("values")
def _(answer, draw):
    x, h0, W, U, b = deal(draw)
    expect(
        answer.other_gru(x, h0, *slide_order(W, U, b)),
        gru_forward(x, h0, W, U, b),
        "h",
        known=wrong_forms(x, h0, W, U, b, "keep"),
    )


@E11_3.case("u driven to 1 and to 0", hint="A bias b_u of +800 makes u = 1 and h stays as it is.")
def _(answer, draw):
    x, h0, W, U, b = deal(draw)
    n = len(U)
    for value, u in ((800.0, 1), (-800.0, 0)):
        driven = np.concatenate([np.full(n, value), b[n:]])
        expect(answer.other_gru(x, h0, *slide_order(W, U, driven)), gru_forward(x, h0, W, U, driven), f"h for u = {u}")


@E11_3.case(
    "stacked for Keras",
    hint="Keras has the update gate first, then the reset gate, then the candidate; the slide has r before u.",
)
def _(answer, draw):
    *_, W, U, b = deal(draw)

    def in_order(*order):
        return tuple(blocks(a, order) for a in (W, U, b))

    negated = tuple(a * np.repeat([-1.0, 1.0, 1.0], len(U)) for a in (W, U, b))
    expect(
        answer.stack_for_keras(*slide_order(W, U, b)),
        (W, U, b),
        "W, U, b",
        tolerance=0,
        known={
            "the order is still that of the slide, r, u, g; Keras has u, r, g": in_order(1, 0, 2),
            "the order is g, u, r; Keras has u, r, g": in_order(2, 0, 1),
            "the order is g, r, u; Keras has u, r, g": in_order(2, 1, 0),
            "the order is u, g, r; Keras has u, r, g": in_order(0, 2, 1),
            "u changed its sign: D4.44 and Keras agree about it, nothing is to be negated": negated,
        },
    )
