"""Notebook 09: forgetting and the carousel. The forget gate, E09.3-E09.5, is here; the others are imported."""

import numpy as np

from course_kit.checking import Exercise, expect
from course_kit.exercises.clouds_and_france import E09_6, E09_7, expect_relative
from course_kit.exercises.direct_and_total import E09_2
from course_kit.exercises.lstm_1997 import E09_1
from course_kit.reference import carousel
from course_kit.reference.activations import sigmoid

__all__ = ["E09_1", "E09_2", "E09_3", "E09_4", "E09_5", "E09_6", "E09_7"]

T = 7

E09_3 = Exercise(
    "E09.3",
    "With forgetting",
    slides=("D4.41", "D4.42"),
    names=("direct_derivative", "retention"),
    hints=(
        "With h_{t-1} held, f_t is a constant factor of c_{t-1}. Over several steps the chain rule multiplies the "
        "factors, and the gates of each step come from the h of the step before.",
        "direct_derivative is sigmoid of the last of the four blocks. retention is your loop of E09.1 with a fourth "
        "block f and c = f * c + i * g; collect f and return np.cumprod(np.stack(fs, axis=1), axis=1).",
    ),
)


def deal_forgetting(draw):
    """x (2, T, m), h0, c0 (2, n) and W, U, b in the order g, i, o, f."""
    m, n = draw.sizes()
    x, h0, c0 = draw.normal(2, T, m), draw.normal(2, n, scale=0.5), draw.normal(2, n)
    return x, h0, c0, draw.normal(m, 4 * n), draw.normal(n, 4 * n), draw.normal(4 * n)


@E09_3.case("direct derivative", hint="Stack the blocks as D4.41 does: g, i, o, f. With h_{t-1} held only f_t is left.")
def _(answer, draw):
    x, h, _, W, U, b = deal_forgetting(draw)
    x = x[:, 0]
    a_g, a_i, a_o, a_f = np.split(x @ W + h @ U + b, 4, axis=1)
    f = sigmoid(a_f)
    expect(
        answer.direct_derivative(x, h, W, U, b),
        f,
        "dc_t/dc_{t-1}",
        tolerance=1e-10,
        known={
            "that is 1, as in 1997; now f_t stands before c_{t-1}": np.ones_like(f),
            "the block was taken where Keras keeps f, second; D4.41 puts f last": sigmoid(a_i),
            "the first block was taken; D4.41 puts f last": sigmoid(a_g),
            "the third block was taken; D4.41 puts f last": sigmoid(a_o),
            "that is the derivative of the gate itself; f_t is the factor of c_{t-1} and is not differentiated": f
            * (1 - f),
            "the logistic function is missing": a_f,
            "the bias is missing": sigmoid(np.split(x @ W + h @ U, 4, axis=1)[3]),
            "1 - f came back": 1 - f,
        },
    )


@E09_3.case("retention of a cell that runs")
def _(answer, draw):
    given = x, h0, c0, W, U, b = deal_forgetting(draw)
    _, c, f = carousel.forgetting_forward(*given)
    right = np.cumprod(f, axis=1)
    held = [carousel.forgetting_forward(x[:, t : t + 1], h0, c0, W, U, b)[2] for t in range(T)]
    from_zeros = carousel.forgetting_forward(x, 0 * h0, 0 * c0, W, U, b)[2]
    backwards = np.cumprod(f[:, ::-1], axis=1)[:, ::-1]
    expect(
        answer.retention(*given),
        right,
        "retention",
        tolerance=1e-10,
        known={
            "these are the gates themselves; the chain rule multiplies them": f,
            "the gates were added; the chain rule multiplies": np.cumsum(f, axis=1),
            "that is dc_T/dc_t, from each step to the end; from the start to each step is due": backwards,
            "only the last step came back: all T are due": right[:, -1],
            "the mean gate was raised to a power; the gates differ from step to step": f.mean(axis=1, keepdims=True)
            ** np.arange(1, T + 1)[:, None],
            "the gates of every step were computed from h0: carry h and c": np.cumprod(
                np.concatenate(held, axis=1), axis=1
            ),
            "it starts from zeros, not from h0 and c0": np.cumprod(from_zeros, axis=1),
            "a share of c_0 is due, not the state itself": c,
        },
    )


@E09_3.case("with the gates of a run frozen")
def _(answer, draw):
    given = deal_forgetting(draw)
    c0 = given[2]
    _, c, f = carousel.forgetting_forward(*given)
    written = c - f * np.concatenate([c0[:, None], c[:, :-1]], axis=1)  # i g of each step
    ends = []
    for start in (c0 + 1.0, c0):
        state, states = start, []
        for t in range(T):
            state = f[:, t] * state + written[:, t]
            states.append(state)
        ends.append(np.stack(states, axis=1))
    expect(
        answer.retention(*given),
        ends[0] - ends[1],
        "what is left of 1 put into c_0 while all gates stay",
        tolerance=1e-10,
    )


E09_4 = Exercise(
    "E09.4",
    "High initial b_f",
    slides=("D3.14", "D4.42"),
    names=("bias_to_keep", "half_life"),
    hints=(
        "At zero input the gate is sigmoid(b_f) at every step, and what is left after steps of them is "
        "sigmoid(b_f)**steps. Set that equal to the share and solve for b_f.",
        "q = share ** (1 / steps), b_f = np.log(q / (1 - q)); half_life is np.log(0.5) / np.log(sigmoid(b_f)).",
    ),
)


@E09_4.case("half of it over 60 steps")
def _(answer, draw):
    expect(
        answer.bias_to_keep(0.5, 60),
        carousel.bias_to_keep(0.5, 60),
        "b_f",
        tolerance=1e-3,
        reveal=False,
        known={
            "that is the gate, f; b_f goes into the logistic function": 0.5 ** (1 / 60),
            "the sign is wrong: that gate is nearly shut": -carousel.bias_to_keep(0.5, 60),
            "that keeps half for a single step": 0.0,
            "the gate is raised to the power of the steps; dividing the share by them is no inverse of that": float(
                np.log(1 - 0.5 / 60) - np.log(0.5 / 60)
            ),
            "ln(steps) is near, and only near": float(np.log(60)),
        },
    )


@E09_4.case("any share, any number of steps")
def _(answer, draw):
    for share, steps in ((0.9, 7), (float(draw.uniform(0.1, 0.9)), draw.integer(20, 400)), (0.01, 3)):
        q = share ** (1 / steps)
        expect(
            answer.bias_to_keep(share, steps),
            carousel.bias_to_keep(share, steps),
            f"b_f to keep {share:.3g} over {steps} steps",
            tolerance=1e-6,
            known={
                "the half is built in: use the share": carousel.bias_to_keep(0.5, steps),
                "the 60 is built in: use the steps": carousel.bias_to_keep(share, 60),
                "that is the gate, f; b_f goes into the logistic function": q,
                "the logarithm is to base 10": float(np.log10(q / (1 - q))),
            },
        )


@E09_4.case(
    "half-life",
    hint="half_life is the way back: for which number of steps is sigmoid(b_f)**steps a half? It need not be whole.",
)
def _(answer, draw):
    for b_f in (1.0, 0.0, float(draw.uniform(-2, 6)), carousel.bias_to_keep(0.5, 60)):
        f = float(sigmoid(b_f))
        right = carousel.half_life(b_f)
        expect(
            answer.half_life(b_f),
            right,
            f"the half-life for b_f = {b_f:.4g}",
            tolerance=1e-6,
            known={
                "that is 1/(1 - f), after which 1/e is left": 1 / (1 - f),
                "that is -1/ln f, after which 1/e is left": float(-1 / np.log(f)),
                "the number of steps came out negative: ln f is negative, and so is ln 1/2": -right,
                "rounded to whole steps; the exact number is due": float(np.ceil(right)),
                "rounded to the nearest whole step; the exact number is due": float(np.round(right)),
                "sigma was not taken: the gate is sigma(b_f)": float(np.log(0.5) / np.log(b_f)) if b_f > 0 else np.inf,
            },
        )


E09_5 = Exercise(
    "E09.5",
    "Error carousel",
    slides=("D1.27", "D3.14", "D4.39", "D4.40"),
    names=("carousel", "fed_to_gates"),
    hints=(
        "Go from the last step to the first. At c_t two errors meet: e_t, which enters there, and what comes round "
        "from c_{t+1}, times the gate that led from c_t to c_{t+1}.",
        "dc = np.zeros((T + 1, n)); for t in range(T, 0, -1): dc[t] += e[t - 1]; dc[t - 1] = f[t - 1] * dc[t], where "
        "f[t - 1] is f_t. The gates get dc * i * (1 - g**2), dc * g * i * (1 - i), dc * c_before * f * (1 - f).",
    ),
)


def deal_errors(draw):
    (n,) = draw.sizes(1)
    return draw.normal(T, n), draw.uniform(0.1, 0.95, T, n)


@E09_5.case("values")
def _(answer, draw):
    e, f = deal_errors(draw)
    dc = carousel.carousel(e, f)
    last_only = np.vstack([0 * e[:-1], e[-1:]])
    shifted = np.zeros_like(dc)
    for t in range(T, 0, -1):  # the gate of the wrong step on the way from t to t - 1
        shifted[t] += e[t - 1]
        shifted[t - 1] = f[max(t - 2, 0)] * shifted[t]
    forth = np.zeros_like(dc)
    for t in range(1, T + 1):
        forth[t] = f[t - 1] * forth[t - 1] + e[t - 1]
    expect(
        answer.carousel(e, f),
        dc,
        "dL/dc",
        known={
            "only the last error was sent back; every e_t enters at its own c_t": carousel.carousel(last_only, f),
            "the gate is one step off: from c_t to c_{t-1} it is f_t": shifted,
            "it was run forwards; an error goes from the last step to the first": forth,
            "dL/dc_0 is left out: T + 1 rows are due": dc[1:],
            "the rows run from the end to the start; row 0 is dL/dc_0": dc[::-1],
            "the gates are left out: that is the carousel of 1997, with f = 1": carousel.carousel(e, np.ones_like(f)),
            "e_0 does not exist: e[0] is e_1 and enters at c_1": np.vstack([dc[:1] + e[:1], dc[1:]]),
        },
    )


@E09_5.case("f = 1 for a hundred steps, to the last bit")
def _(answer, draw):
    n, steps = draw.integer(2, 5), 100
    e = np.zeros((steps, n))
    e[-1] = 1.0
    expect(answer.carousel(e, np.ones((steps, n))), np.ones((steps + 1, n)), "dL/dc for f = 1", tolerance=0.0)


@E09_5.case("f = 0.9 for a hundred steps")
def _(answer, draw):
    n, steps = draw.integer(2, 5), 100
    e = np.zeros((steps, n))
    e[-1] = 1.0
    due = np.tile(0.9 ** np.arange(steps, -1, -1.0)[:, None], (1, n))
    expect_relative(answer.carousel(e, np.full((steps, n), 0.9)), due, "dL/dc for f = 0.9", tolerance=1e-12)


@E09_5.case(
    "what the gates are fed",
    hint="Each is dL/dc_t times the derivative of f c_{t-1} + i g with respect to g, i or f, times the slope of the "
    "squashing: 1 - g^2 for tanh, s (1 - s) for sigma.",
)
def _(answer, draw):
    (n,) = draw.sizes(1)
    dc, c_before, g = draw.normal(T, n), draw.normal(T, n, scale=2.0), draw.uniform(-1, 1, T, n)
    i, f = draw.uniform(0.1, 0.9, T, n), draw.uniform(0.1, 0.9, T, n)
    d_g, d_i, d_f = right = carousel.fed_to_gates(dc, c_before, g, i, f)
    expect(
        answer.fed_to_gates(dc, c_before, g, i, f),
        right,
        "d_g, d_i, d_f",
        known={
            "the slopes of the squashings are missing: the error before sigma and tanh is due": (
                dc * i,
                dc * g,
                dc * c_before,
            ),
            "the order is i, g, f; return d_g, d_i, d_f": (d_i, d_g, d_f),
            "the slope of tanh is 1 - g^2": (dc * i * g * (1 - g), d_i, d_f),
            "the slope of sigma is s (1 - s)": (d_g, dc * g * (1 - i**2), dc * c_before * (1 - f**2)),
            "the candidate is gated by i: d_g has the factor i": (dc * (1 - g**2), d_i, d_f),
            "f multiplies c_{t-1}: d_f has that factor": (d_g, d_i, dc * f * (1 - f)),
        },
    )
