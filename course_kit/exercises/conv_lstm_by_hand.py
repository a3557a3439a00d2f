"""Notebook 15, the convolutional LSTM: E15.1. ``e15_lstm_variants`` collects the exercises of the notebook."""

import numpy as np

from course_kit.checking import Exercise, expect
from course_kit.reference.activations import sigmoid
from course_kit.reference.conv_lstm import conv2d, conv_lstm_step
from course_kit.reference.counts import conv_lstm2d, parameters
from course_kit.reference.lstm import lstm_step

E15_1 = Exercise(
    "E15.1",
    "ConvLSTM",
    slides=("D1.28",),
    names=("conv_lstm_count", "conv_lstm_step", "on_one_pixel"),
    hints=(
        "Take the LSTM of notebook 08 line by line and put conv2d(x, W) where x @ W stood, conv2d(h, U) where h @ U "
        "stood; nothing else changes, and the blocks are cut out of the last axis.",
        "a = conv2d(x, W) + conv2d(h, U) + b; a_i, a_f, a_c, a_o = np.split(a, 4, axis=-1); then as ever. The kernels "
        "are (k, k, c, 4f) and (k, k, f, 4f), the bias (4f,). On one pixel all neighbours are zeros of the padding, so "
        "only the middle of each kernel acts: W[k // 2, k // 2].",
    ),
)


@E15_1.case(
    "the count",
    hint="Three tensors: a kernel from c channels, one from f channels, each k wide and k high and into 4f channels, "
    "and a bias for each of the 4f.",
)
def _(answer, draw):
    for given in ((3, 3, 8), *((2 * draw.integer(1, 3) + 1, *draw.sizes(2, low=2, high=40)) for _ in range(4))):
        k, c, f = given
        known = {
            "the bias is missing": 4 * k**2 * (c + f) * f,
            "the bias is that of one block: each of the four has one": 4 * k**2 * (c + f) * f + f,
            "the factor 4 is missing: there are four blocks": k**2 * (c + f) * f + f,
            "k stands where k^2 is due: a kernel has k rows and k columns": 4 * (k * (c + f) * f + f),
            "the kernel over the state is missing": 4 * (k**2 * c * f + f),
            "the state goes through a kernel as well, not through a plain matrix": 4 * ((k**2 * c + f) * f + f),
            "there are three blocks here; i, f, c and o are four": 3 * (k**2 * (c + f) * f + f),
            "peepholes are in it; here they are left out, as in Keras": 4 * (k**2 * (c + f) * f + f) + 3 * f,
        }
        due = parameters(conv_lstm2d(k, k, c, f))
        expect(answer.conv_lstm_count(*given), due, f"conv_lstm_count{given}", tolerance=0, known=known)


def deal(draw):
    """x, h, c, W, U, b of a step on pictures that are higher than wide, with a kernel of 3 x 3."""
    C, F = draw.sizes(2, low=3, high=6)
    rows, columns = 5, 4
    kernels = draw.normal(3, 3, C, 4 * F, scale=0.5), draw.normal(3, 3, F, 4 * F, scale=0.5)
    pictures = draw.normal(2, rows, columns, C), draw.normal(2, rows, columns, F), draw.normal(2, rows, columns, F)
    return (*pictures, *kernels, draw.normal(4 * F))


def step_of_a_kind(x, h, c, W, U, b, kind):
    """A step that goes wrong in one way."""
    a = conv2d(x, W) + conv2d(h, U) + b
    a_i, a_f, a_c, a_o = np.split(a, 4, axis=-1)
    if kind == "f, i":
        a_i, a_f = a_f, a_i
    if kind == "i, f, o, c":
        a_c, a_o = a_o, a_c
    new = sigmoid(a_f) * c + sigmoid(a_i) * np.tanh(a_c)
    h = sigmoid(a_o) * np.tanh(c if kind == "old" else new)
    return (new, h) if kind == "exchanged" else (h, new)


def expected_step(x, h, c, W, U, b):
    return conv_lstm_step(x, h, c, W, U, b, np.zeros((3, U.shape[2])))


@E15_1.case("one step on pictures")
def _(answer, draw):
    x, h, c, W, U, b = given = deal(draw)
    middle = np.zeros_like(U)
    middle[1, 1] = U[1, 1]
    known = {
        "the bias is missing": expected_step(x, h, c, W, U, 0 * b),
        "the state is not read: conv2d(h, U) is missing": expected_step(x, h, c, W, 0 * U, b),
        "h goes through the middle of U only: its neighbours count as well": expected_step(x, h, c, W, middle, b),
        "h is shown from the old cell state; it shows the new one": step_of_a_kind(*given, "old"),
        "the blocks were read as f, i, c, o; they are i, f, c, o": step_of_a_kind(*given, "f, i"),
        "the blocks were read as i, f, o, c; they are i, f, c, o": step_of_a_kind(*given, "i, f, o, c"),
        "h and c are exchanged: return h first": step_of_a_kind(*given, "exchanged"),
        "a kernel is mirrored: as in Keras, W[0, 0] meets the neighbour above and to the left": expected_step(
            x, h, c, W[::-1, ::-1], U[::-1, ::-1], b
        ),
    }
    expect(answer.conv_lstm_step(*given), expected_step(*given), "h, c", known=known)


@E15_1.case(
    "on one pixel it is an LSTM",
    hint="Draw the 3 x 3 kernel over a single pixel: eight of its nine weights lie on zeros. Which one does not?",
)
def _(answer, draw):
    C, F = draw.sizes(2, low=3, high=6)
    k = 2 * draw.integer(1, 3) + 1
    W, U, b = draw.normal(k, k, C, 4 * F), draw.normal(k, k, F, 4 * F), draw.normal(4 * F)
    known = {
        "the kernel was summed up; its edge meets zeros only": (W.sum(axis=(0, 1)), U.sum(axis=(0, 1))),
        "the kernel was averaged; its edge meets zeros only": (W.mean(axis=(0, 1)), U.mean(axis=(0, 1))),
        "this is the corner of the kernel; on one pixel the corner meets a zero": (W[0, 0], U[0, 0]),
        "the kernel was flattened: a matrix from c, or f, channels into 4f is due": (
            W.reshape(-1, 4 * F),
            U.reshape(-1, 4 * F),
        ),
    }
    middle = W[k // 2, k // 2], U[k // 2, k // 2]
    expect(answer.on_one_pixel(W, U), middle, "W, U of the LSTM", known=known)
    x, h, c = draw.normal(2, C), draw.normal(2, F), draw.normal(2, F)
    due = tuple(state[:, np.newaxis, np.newaxis] for state in lstm_step(x, h, c, *middle, b))
    pictures = tuple(vectors[:, np.newaxis, np.newaxis] for vectors in (x, h, c))
    expect(answer.conv_lstm_step(*pictures, W, U, b), due, "h, c on 1 x 1 pictures")
