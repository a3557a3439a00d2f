"""Notebook 15, memory that goes up as well as on: E15.2, E15.3. ``e15_lstm_variants`` collects the exercises."""

import numpy as np

from course_kit.checking import Exercise, expect, require
from course_kit.reference.activations import sigmoid
from course_kit.reference.grid_lstm import grid_block
from course_kit.reference.lstm import lstm_step

E15_2 = Exercise(
    "E15.2",
    "Depth-gated RNN",
    slides=("D1.28",),
    names=("depth_gated_layer", "shut"),
    hints=(
        "First the gate d, from three things: the layer's input through a matrix, and two memories, each through its "
        "own weight a unit. Then one term more in the cell state, before the output looks at it.",
        "W_d, w_c, w_l, b_d = gate; d = sigmoid(x @ W_d + w_c * c + w_l * c_below + b_d); "
        "c = f * c + i * np.tanh(a_c) + d * c_below; h = o * np.tanh(c). To shut the gate: b_d far below zero, -1e3.",
    ),
)


def deal_layer(draw):
    """x, h, c, c_below, lstm, gate of a second layer; its input is as wide as itself."""
    (n,) = draw.sizes(1, low=4, high=7)
    states = [draw.normal(2, n) for _ in range(4)]
    lstm = draw.normal(n, 4 * n), draw.normal(n, 4 * n), draw.normal(4 * n)
    return (*states, lstm, (draw.normal(n, n), draw.normal(n), draw.normal(n), draw.normal(n)))


def gated_layer(x, h, c, below, lstm, gate):
    """h and c of an upper layer without peepholes; a test compares it with `reference.depth_gated`."""
    (W, U, b), (W_d, w_c, w_l, b_d) = lstm, gate
    a_i, a_f, a_c, a_o = np.split(x @ W + h @ U + b, 4, axis=1)
    d = sigmoid(x @ W_d + w_c * c + w_l * below + b_d)
    return shown(sigmoid(a_f) * c + sigmoid(a_i) * np.tanh(a_c) + d * below, a_o)


def shown(c, a_o):
    """h and c, where c is the new memory and a_o the argument of the output gate."""
    return sigmoid(a_o) * np.tanh(c), c


def wrong_layers(x, h, c, below, lstm, gate) -> dict:
    """What the usual slips make of it."""
    W_d, w_c, w_l, b_d = gate
    (W, U, b), given = lstm, (x, h, c, below, lstm)
    new_h, new_c = gated_layer(*given, gate)
    plain_h, plain_c = lstm_step(x, h, c, *lstm)
    a_o = np.split(x @ W + h @ U + b, 4, axis=1)[3]
    d = sigmoid(x @ W_d + w_c * c + w_l * below + b_d)
    return {
        "the link is missing: this is the plain LSTM": (plain_h, plain_c),
        "c has the new term, but h was computed without it": (plain_h, new_c),
        "c_below was added without its gate d": shown(plain_c + below, a_o),
        "d multiplies the layer's own old c; it lets in c_below": shown(plain_c + d * c, a_o),
        "d was added to c; it multiplies c_below": shown(plain_c + d, a_o),
        "w_c and w_l are exchanged: w_c meets the layer's own c, w_l that of the layer below": gated_layer(
            *given, (W_d, w_l, w_c, b_d)
        ),
        "the gate sees the new c; it sees the old one": shown(
            plain_c + sigmoid(x @ W_d + w_c * plain_c + w_l * below + b_d) * below, a_o
        ),
        "the gate reads h; it reads x, the layer's input": shown(
            plain_c + sigmoid(h @ W_d + w_c * c + w_l * below + b_d) * below, a_o
        ),
        "the gate does not look at c: w_c is missing": gated_layer(*given, (W_d, 0 * w_c, w_l, b_d)),
        "the gate does not look at c_below: w_l is missing": gated_layer(*given, (W_d, w_c, 0 * w_l, b_d)),
        "the gate has no bias: b_d is missing": gated_layer(*given, (W_d, w_c, w_l, 0 * b_d)),
        "h and c are exchanged: return h first": (new_c, new_h),
    }


@E15_2.case("one step of an upper layer")
def _(answer, draw):
    given = deal_layer(draw)
    expect(answer.depth_gated_layer(*given), gated_layer(*given), "h, c", known=wrong_layers(*given))


@E15_2.case(
    "a layer that only takes over",
    hint="Here the input and the forget gate are shut, so nothing but d * c_below may be left in c.",
)
def _(answer, draw):
    x, h, c, below, (W, U, _), gate = deal_layer(draw)
    n = len(gate[-1])
    lstm = 0 * W, 0 * U, np.repeat([-1e3, -1e3, 0.0, 1e3], n)
    open_gate = (0 * gate[0], 0 * gate[1], 0 * gate[2], np.full(n, 1e3))
    due = np.tanh(below), below
    obtained = answer.depth_gated_layer(x, h, c, below, lstm, open_gate)
    expect(obtained, due, "h, c with the gates i and f shut and d open")


@E15_2.case(
    "with the gate shut it is the LSTM",
    hint="Change b_d alone: so far below zero that no input of ordinary size can open the gate.",
)
def _(answer, draw):
    x, h, c, below, lstm, gate = deal_layer(draw)
    obtained = answer.shut(gate)
    require(
        isinstance(obtained, tuple | list) and len(obtained) == 4,
        "shut must return the four parts of a gate: W_d, w_c, w_l, b_d.",
    )
    expect(tuple(obtained[:3]), tuple(gate[:3]), "W_d, w_c, w_l")
    given = obtained[3]
    right_shape = isinstance(given, np.ndarray) and given.shape == gate[3].shape and given.dtype.kind in "if"
    require(right_shape, f"b_d must stay an array of {len(gate[3])} real numbers.")
    require(np.isfinite(given).all(), "b_d must hold finite numbers.")
    require(
        given.max() < 0,
        "the gate is not shut everywhere: some b_d is not negative.",
        "a logistic gate is open, not shut, far above zero" if given.min() > 20 else "",
    )
    large = 5 * x, h, 5 * c, 5 * below, lstm
    as_it_is = tuple(np.asarray(part, dtype=float) for part in obtained)
    expect(
        gated_layer(*large, as_it_is),
        lstm_step(5 * x, h, 5 * c, *lstm),
        "h, c of the layer with your gate, and the LSTM's",
    )


E15_3 = Exercise(
    "E15.3",
    "Grid LSTM",
    slides=("D1.28",),
    names=("grid_block", "mirrored"),
    hints=(
        "Two LSTMs that read the same: H is both hidden vectors side by side. Each has its own kernel and its own "
        "memory, and neither waits for the other.",
        "H = np.concatenate([h_1, h_2], axis=1); for each k: a_i, a_f, a_c, a_o = np.split(H @ W_k + b_k, 4, axis=1); "
        "m = sigmoid(a_f) * m_k + sigmoid(a_i) * np.tanh(a_c); h = np.tanh(sigmoid(a_o) * m). mirrored: the rows of W "
        "that read h_1 are to read h_2, and the other way round; the columns stay.",
    ),
)


def deal_block(draw):
    """h_1, h_2, m_1, m_2, W_1, W_2, b_1, b_2."""
    (d,) = draw.sizes(1, low=3, high=6)
    vectors = [draw.normal(2, d) for _ in range(4)]
    return (*vectors, *(draw.normal(2 * d, 4 * d) for _ in range(2)), *(draw.normal(4 * d) for _ in range(2)))


def block(h_1, h_2, m_1, m_2, W_1, W_2, b_1, b_2, **kwargs):
    hidden, memories = grid_block([h_1, h_2], [m_1, m_2], [W_1, W_2], [b_1, b_2], **kwargs)
    return (*hidden, *memories)


def swapped(W):
    """The two halves of the rows exchanged."""
    d = len(W) // 2
    return np.concatenate([W[d:], W[:d]])


@E15_3.case("one block: two pairs in, two pairs out")
def _(answer, draw):
    h_1, h_2, m_1, m_2, W_1, W_2, b_1, b_2 = given = deal_block(draw)
    new_h_1, new_h_2, new_m_1, new_m_2 = due = block(*given)
    known = {
        "h is o * tanh(m) as in an LSTM; in the paper's block the tanh is outside": block(*given, squashing="lstm"),
        "the second dimension reads the new h_1: that is the priority of section 3.2; here both read the old": block(
            *given, priority=1
        ),
        "the first dimension reads the new h_2; here both read the old": block(*given, priority=0),
        "both dimensions have W_1 and b_1": block(h_1, h_2, m_1, m_2, W_1, W_1, b_1, b_1),
        "H is [h_2, h_1]; it is [h_1, h_2]": block(h_1, h_2, m_1, m_2, swapped(W_1), swapped(W_2), b_1, b_2),
        "the memories are exchanged: m_1 belongs to W_1": block(h_1, h_2, m_2, m_1, W_1, W_2, b_1, b_2),
        "the biases are missing": block(h_1, h_2, m_1, m_2, W_1, W_2, 0 * b_1, 0 * b_2),
        "the values come in another order: h_1, h_2, m_1, m_2 are due": (new_h_1, new_m_1, new_h_2, new_m_2),
    }
    expect(answer.grid_block(*given), due, "h_1, h_2, m_1, m_2", known=known)


@E15_3.case(
    "symmetric weights and inputs, symmetric outputs",
    hint="If h_1 = h_2, m_1 = m_2 and both transforms have the same weights, nothing tells the dimensions apart.",
)
def _(answer, draw):
    h, _, m, _, W, _, b, _ = deal_block(draw)
    new_h, _, new_m, _ = block(h, h, m, m, W, W, b, b)
    obtained = answer.grid_block(h, h, m, m, W, W, b, b)
    expect(obtained, (new_h, new_h, new_m, new_m), "h_1, h_2, m_1, m_2 of a symmetric block")


@E15_3.case(
    "a kernel for the other side",
    hint="Write H = [h_1, h_2] above the rows of W: the upper half multiplies h_1. Which half is to multiply h_1 when "
    "the dimensions change places?",
)
def _(answer, draw):
    h_1, h_2, m_1, m_2, W, _, b, _ = deal_block(draw)
    known = {
        "W as it is: then both dimensions give h_1 the same part, and they do not change places": W,
        "the columns were exchanged; those are the gates, and they stay": np.roll(W, W.shape[1] // 2, axis=1),
        "the rows were turned round one by one; the two halves change places as they are": W[::-1],
    }
    due = swapped(W)
    expect(answer.mirrored(W), due, "mirrored(W)", known=known)
    there = block(h_1, h_2, m_1, m_2, W, due, b, b)
    obtained = answer.grid_block(h_2, h_1, m_2, m_1, W, due, b, b)
    expect(obtained, (there[1], there[0], there[3], there[2]), "h_1, h_2, m_1, m_2 with exchanged inputs")
