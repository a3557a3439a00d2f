"""Notebook 09, Keras: E09.6 and E09.7. ``e09_forgetting_and_the_carousel`` collects the exercises of the notebook."""

import numpy as np

from course_kit.checking import Exercise, expect
from course_kit.exercises.closed import one_of
from course_kit.exercises.relative import expect_relative
from course_kit.reference import bptt, bptt_lstm

T = 7
RELATIVE = 1e-4  # slides.yaml: what a gradient ratio may differ by


E09_6 = Exercise(
    "E09.6",
    "Clouds and France",
    slides=("D1.15", "D3.12", "D3.13", "D4.28", "D4.29"),
    names=("word_gradients", "reach", "shown"),
    hints=(
        "x must be a tensor that the tape watches. y is one number an example; the gradient of their sum holds each "
        "example's own gradient, since rows do not act on each other. Take norms over the last axis only.",
        "x = tf.convert_to_tensor(x); with tf.GradientTape() as tape: tape.watch(x); y = tf.reduce_sum(layer(x) * "
        "readout); g = tape.gradient(y, x); return np.linalg.norm(g, axis=-1). reach is norms[:, place] / norms[:, -1] "
        "and norms[:, place] / norms.sum(axis=1).",
    ),
    limit=30.0,
)


def deal_words(draw, gates):
    """x (2, T, m), W, U, b, readout; ``gates`` is 4 for an LSTM, 1 for a SimpleRNN."""
    m, n = draw.sizes()
    x, readout = draw.normal(2, T, m), draw.normal(n)
    return (
        x,
        draw.normal(m, gates * n, scale=0.7),
        draw.normal(n, gates * n, scale=0.7),
        draw.normal(gates * n),
        readout,
    )


def input_gradients(kind, x, W, U, b, readout, all_steps=False):
    """dy/dx_t by hand, (N, T, m), for y = h_T . readout."""
    N, steps, n = len(x), x.shape[1], len(U)
    dh = np.zeros((N, steps, n))
    dh[:, slice(None) if all_steps else slice(-1, None)] = readout
    zero = np.zeros((N, n))
    if kind == "LSTM":
        return bptt_lstm.gradients(dh, bptt_lstm.forward(x, zero, zero, W, U, b)[1])["x"]
    cache = bptt.forward(x, zero, W, U, b, np.eye(n), np.zeros(n))[1]
    return bptt.layer_gradients(dh, cache)["x"]


def check_layer(answer, draw, kind, gates):
    x, W, U, b, readout = deal_words(draw, gates)
    gradients = input_gradients(kind, x, W, U, b, readout)
    norms = np.linalg.norm(gradients, axis=-1)
    plain = input_gradients(kind, x, W, U, b, np.ones_like(readout))
    expect_relative(
        answer.probe(word_gradients_probe, kind, x, [W, U, b], readout),
        norms,
        f"array of norms for {kind}",
        tolerance=RELATIVE,
        known={
            "the readout was not used: y is the sum of h_T times readout": np.linalg.norm(plain, axis=-1),
            "squares came back; a norm has the root": norms**2,
            "absolute values were added; the Euclidean norm is due": np.abs(gradients).sum(axis=-1),
            "the largest entry came back; the Euclidean norm is due": np.abs(gradients).max(axis=-1),
            "examples were mixed: the norm is taken over the inputs, the last axis, alone": np.tile(
                np.linalg.norm(gradients, axis=(0, 2)), (2, 1)
            ),
            "time runs backwards": norms[:, ::-1],
        },
    )


@E09_6.case("gradients of an LSTM")
def _(answer, draw):
    check_layer(answer, draw, "LSTM", 4)


@E09_6.case("gradients of a SimpleRNN")
def _(answer, draw):
    check_layer(answer, draw, "SimpleRNN", 1)


@E09_6.case(
    "ratio and share",
    hint="ratio compares with the last word, share with all words together; one number an example each.",
)
def _(answer, draw):
    x, W, U, b, readout = deal_words(draw, 4)
    norms = np.linalg.norm(input_gradients("LSTM", x, W, U, b, readout), axis=-1)
    place = draw.integer(0, T - 3)
    own, last, total = norms[:, place], norms[:, -1], norms.sum(axis=1)
    obtained = answer.reach(norms, place)
    expect(
        obtained,
        (own / last, own / total),
        "ratio, share",
        tolerance=RELATIVE,
        known={
            "the order is exchanged: return the ratio first": (own / total, own / last),
            "the ratio is upside down": (last / own, own / total),
            "the share is taken of the other words only": (own / last, own / (total - own)),
            "the sum ran over the examples, too; each has a share of its own": (own / last, own / norms.sum()),
            "the mean over examples came back; one number each is due": (
                (own / last).mean(),
                (own / total).mean(),
            ),
        },
    )
    expect_relative(obtained[0], own / last, "ratio", tolerance=RELATIVE)
    expect_relative(obtained[1], own / total, "share", tolerance=RELATIVE)


@E09_6.case(
    "what the accuracies show",
    hint="Which sentence agrees with all the bars, before training, and with all the accuracies in the text?",
)
def _(answer, draw):
    expect(
        one_of(answer["shown"], "abcd", "shown"),
        "c",
        "shown",
        reveal=False,
        known={
            "an LSTM with a higher b_f learned it in the same number of epochs": "a",
            "the bars say otherwise: in a SimpleRNN of either start most of the gradient is lost on the way": "b",
            "the gradients were measured before training, and they foretell who learns: nothing contradicts": "d",
        },
    )


def word_gradients_probe(names, kind, x, weights, readout):
    """What word_gradients finds in a Keras layer of the given weights."""
    import keras

    layer = getattr(keras.layers, kind)(len(weights[1]), dtype="float64")
    layer.build(x.shape)
    layer.set_weights(weights)
    return names["word_gradients"](layer, readout, x)


E09_7 = Exercise(
    "E09.7",
    "Where Keras keeps b_f",
    slides=("D4.42",),
    names=("forget_bias", "starting_bias"),
    hints=(
        "Keras stacks i, f, c, o. With n = len(bias) // 4 each block has n entries, and the first index is 0.",
        "bias[n : 2 * n]; and np.zeros(4 * n) with b_f written into [n : 2 * n].",
    ),
    limit=20.0,
)


@E09_7.case("values")
def _(answer, draw):
    (n,) = draw.sizes(1)
    bias = draw.normal(4 * n)
    i, f, c, o = np.split(bias, 4)
    expect(
        answer.forget_bias(bias),
        f,
        "b_f",
        tolerance=0.0,
        known={
            "that is the block of i, the first": i,
            "that is the block of the candidate, the third": c,
            "that is the last block, o: D4.41 puts f last, Keras does not": o,
            "every fourth entry was taken; a block is n entries in a row": bias[1::4],
            "n is a quarter of the length, not half of it": bias[len(bias) // 2 :],
        },
    )


@E09_7.case("the bias that Keras starts with")
def _(answer, draw):
    (n,) = draw.sizes(1)
    bias, b_f = answer.probe(keras_bias_probe, n, True)
    due = np.repeat([0.0, 1.0, 0.0, 0.0], n)
    expect(bias, due, "the bias of a new keras.layers.LSTM", tolerance=0.0)
    expect(b_f, np.ones(n), "b_f of a new keras.layers.LSTM", tolerance=0.0)
    _, b_f = answer.probe(keras_bias_probe, n, False)
    expect(b_f, np.zeros(n), "b_f with unit_forget_bias=False", tolerance=0.0)


@E09_7.case("a start of your own", hint="Zeros everywhere but in the block of f, which stands second in Keras.")
def _(answer, draw):
    (n,) = draw.sizes(1)
    b_f = float(draw.uniform(2, 6))
    due = np.repeat([0.0, b_f, 0.0, 0.0], n)
    expect(
        answer.starting_bias(n, b_f),
        due,
        "bias",
        tolerance=0.0,
        known={
            "all four blocks got b_f: that opens i and o as well": np.full(4 * n, b_f),
            "the last block got b_f: that opens o": np.repeat([0.0, 0.0, 0.0, b_f], n),
            "the first block got b_f: that opens i": np.repeat([b_f, 0.0, 0.0, 0.0], n),
            "only the block of f came back; 4n entries are due": np.full(n, b_f),
            "a single entry got b_f; every unit has a forget gate": np.eye(4 * n)[n] * b_f,
            "Keras' 1 was left in, too": np.repeat([0.0, b_f + 1, 0.0, 0.0], n),
        },
    )


def keras_bias_probe(names, n, unit_forget_bias):
    """The bias of a new LSTM, and what forget_bias reads in it."""
    import keras

    layer = keras.layers.LSTM(n, unit_forget_bias=unit_forget_bias)
    layer.build((None, None, 3))
    bias = keras.ops.convert_to_numpy(layer.cell.bias)
    b_f = names["forget_bias"](bias.copy())
    return None if b_f is None else (bias, b_f)
