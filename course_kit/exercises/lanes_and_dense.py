"""Notebook 15, more memory and wider inputs: E15.4, E15.5. ``e15_lstm_variants`` collects the exercises."""

import numpy as np

from course_kit.checking import Exercise, expect
from course_kit.reference.activations import sigmoid
from course_kit.reference.array_lstm import array_lstm_step
from course_kit.reference.counts import lstm, parameters
from course_kit.reference.dense_bilstm import bilstm, dense_bilstm_forward
from course_kit.reference.lstm import lstm_step

E15_4 = Exercise(
    "E15.4",
    "Array-LSTM",
    slides=("D1.28",),
    names=("array_lstm_step", "array_lstm_count"),
    hints=(
        "Cut a = x @ W + h @ U + b into four blocks of K n columns, and each block into K lanes of n. Every lane is "
        "an LSTM with its own memory; only h is shared, and it is a sum.",
        "a_i, a_f, a_c, a_o = (part.reshape(-1, K, n) for part in np.split(a, 4, axis=1)); c = sigmoid(a_f) * c + "
        "sigmoid(a_i) * np.tanh(a_c); h = (sigmoid(a_o) * np.tanh(c)).sum(axis=1). The count: W (m, 4Kn), U (n, 4Kn), "
        "b (4Kn,).",
    ),
)


def deal_array(draw, K: int):
    """x, h, c, W, U, b with K lanes."""
    m, n = draw.sizes(2, low=4, high=7)
    states = draw.normal(2, m), draw.normal(2, n), draw.normal(2, K, n)
    return (*states, draw.normal(m, 4 * K * n), draw.normal(n, 4 * K * n), draw.normal(4 * K * n))


def turned(weights, K: int):
    """The columns of (..., 4 K n) as they lie when the lanes come first and each holds its four gates."""
    n = weights.shape[-1] // (4 * K)
    blocks = weights.reshape(*weights.shape[:-1], K, 4, n)
    return np.swapaxes(blocks, -3, -2).reshape(weights.shape)


@E15_4.case("one step with several lanes")
def _(answer, draw):
    K = draw.integer(2, 3)
    x, h, c, W, U, b = given = deal_array(draw, K)
    new_h, new_c = due = array_lstm_step(*given)
    n = h.shape[1]
    o = sigmoid(x @ W + h @ U + b)[:, 3 * K * n :].reshape(-1, K, n)
    lanes_first = array_lstm_step(x, h, c, *(turned(a, K) for a in (W, U, b)))
    known = {
        "h is the mean of the lanes; it is their sum": (new_h / K, new_c),
        "h is the largest of the lanes; it is their sum": ((o * np.tanh(new_c)).max(axis=1), new_c),
        "h shows the first lane only; it is the sum of all": (o[:, 0] * np.tanh(new_c[:, 0]), new_c),
        "the memories were added up before the tanh: each lane has its own output gate": (
            o.sum(axis=1) * np.tanh(new_c.sum(axis=1)),
            new_c,
        ),
        "h shows the old memories; it shows the new ones": ((o * np.tanh(c)).sum(axis=1), new_c),
        "the columns were read lane by lane; they lie gate by gate, and in each gate lane by lane": lanes_first,
        "the bias is missing": array_lstm_step(x, h, c, W, U, 0 * b),
        "h and c are exchanged: return h first": (new_c, new_h),
    }
    expect(answer.array_lstm_step(*given), due, "h, c", known=known)


@E15_4.case("with one lane it is the LSTM", hint="With K = 1 the sum over the lanes has one term.")
def _(answer, draw):
    x, h, c, W, U, b = given = deal_array(draw, 1)
    new_h, new_c = lstm_step(x, h, c[:, 0], W, U, b)
    expect(answer.array_lstm_step(*given), (new_h, new_c[:, np.newaxis]), "h, c for K = 1")


@E15_4.case("the count", hint="Count the columns first: each tensor has 4 K n of them.")
def _(answer, draw):
    for _ in range(5):
        m, n, K = draw.sizes(3, low=2, high=40)
        one = parameters(lstm(m, n))
        known = {
            "this is one lane: each of the K has its own kernels and biases": one,
            "the kernels over h are K n wide at both ends; all lanes read the one h of n": 4
            * ((K * n) ** 2 + m * K * n + K * n),
            "the biases are missing": 4 * K * (n * n + m * n),
            "the biases are those of one lane": 4 * K * (n * n + m * n) + 4 * n,
            "a block for the attention over lanes is in it; the base has none": 5 * K * (n * n + m * n + n),
            "U has K^2 in it: h is the sum of the lanes, n wide": 4 * (K * K * n * n + K * m * n + K * n),
        }
        expect(answer.array_lstm_count(m, n, K), K * one, f"array_lstm_count({m}, {n}, {K})", tolerance=0, known=known)


E15_5 = Exercise(
    "E15.5",
    "Densely connected BiLSTM",
    slides=("D1.28",),
    names=("input_widths", "dense_bilstm_count", "dense_bilstm"),
    hints=(
        "A layer of n units each way gives 2n numbers a step, and they are put beside all that was there before. So "
        "the input of each layer is 2n wider than that of the layer below.",
        "input_widths: [m + 2 * n * k for k in range(L)]. The count of a layer that reads M numbers: 2 * 4 * (n * n + "
        "M * n + n). dense_bilstm: memory = x; for each layer h = bilstm(memory, *layer); "
        "memory = np.concatenate([memory, h], axis=2); return the last h.",
    ),
)


@E15_5.case("widths of the inputs")
def _(answer, draw):
    m, n = draw.sizes(2, low=3, high=30)
    for L in (5, 1, 2, 3, 4):  # with five layers each slip gives other numbers
        known = {
            "each layer adds n; a bidirectional one adds 2n": [m + n * k for k in range(L)],
            "this is a plain stack, in which a layer reads the one below alone": [m] + [2 * n] * (L - 1),
            "the first layer reads x alone: it is m wide": [m + 2 * n * k for k in range(1, L + 1)],
            "the input x is missing from the later layers": [m, *(2 * n * k for k in range(1, L))],
            "each layer doubles what is there; it adds 2n": [m * 2**k for k in range(L)],
        }
        expect(
            answer.input_widths(m, n, L),
            [m + 2 * n * k for k in range(L)],
            f"input_widths({m}, {n}, {L})",
            tolerance=0,
            known=known,
        )


@E15_5.case(
    "parameters of one to five layers", hint="Two LSTMs a layer, each from its width into n units; add them up."
)
def _(answer, draw):
    m, n = draw.sizes(2, low=3, high=30)
    for L in (5, 1, 2, 3, 4):
        widths = [m + 2 * n * k for k in range(L)]
        total = sum(2 * parameters(lstm(width, n)) for width in widths)
        known = {
            "one way only was counted: each layer has two LSTMs": total // 2,
            "all layers were counted as the first one": 2 * L * parameters(lstm(m, n)),
            "this is a plain stack, in which a layer reads the one below alone": 2 * parameters(lstm(m, n))
            + (L - 1) * 2 * parameters(lstm(2 * n, n)),
            "the biases are missing": total - 8 * n * L,
            "this is the last layer alone": 2 * parameters(lstm(widths[-1], n)),
            "this is the next layer as well": total + 2 * parameters(lstm(m + 2 * n * L, n)),
        }
        given = (m, n, L)
        expect(answer.dense_bilstm_count(*given), total, f"dense_bilstm_count{given}", tolerance=0, known=known)


def deal_layers(draw, m: int, n: int, L: int) -> list:
    """For each layer the weights (W, U, b) forwards and backwards, from m + 2 n l numbers into n."""
    return [
        tuple((draw.normal(m + 2 * n * k, 4 * n), draw.normal(n, 4 * n), draw.normal(4 * n)) for _ in range(2))
        for k in range(L)
    ]


def forward(x, layers):
    return dense_bilstm_forward(x, [(*there, *back) for there, back in layers])


def output_first(x, layers):
    """As `forward`, the new numbers before the old ones."""
    memory = x
    for there, back in layers:
        h = bilstm(memory, (*there, *back))
        memory = np.concatenate([h, memory], axis=2)
    return h


@E15_5.case(
    "the layer on top of all others",
    hint="Keep one array that grows: after each layer put its output to the right of what it has read.",
)
def _(answer, draw):
    m, n = draw.sizes(2, low=3, high=5)
    layers, x = deal_layers(draw, m, n, 3), draw.normal(2, 7, m)
    h, mean = forward(x, layers)
    memory = x
    for there, back in layers:
        memory = np.concatenate([memory, bilstm(memory, (*there, *back))], axis=2)
    known = {
        "this is all that was read and found; the output of the last layer is due": memory,
        "the mean over the steps was taken; here every step is asked for": mean,
        "the new numbers stand before the old ones; they come after them": output_first(x, layers),
        "forwards and backwards are exchanged": forward(x, [(back, there) for there, back in layers])[0],
    }
    expect(answer.dense_bilstm(x, layers), h, "y", known=known)
