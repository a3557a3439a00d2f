"""Notebook 02, one unit with a memory: E02.3 and E02.4. ``e02_from_regression_to_recurrence`` collects them."""

import numpy as np

from course_kit.checking import Exercise, expect, require
from course_kit.reference.activations import sigmoid
from course_kit.reference.elman import elman_forward

E02_3 = Exercise(
    "E02.3",
    "Feed the neuron its own output",
    slides=("D4.8",),
    names=("feedback",),
    hints=(
        "Two numbers are carried from step to step, h and y. Both the new h and, through it, the new y are made "
        "from the old ones.",
        "In the loop: h = np.tanh(w * y + u * h + b_h), then y = sigmoid(v * h + b_y), then keep both. The old y "
        "stands on the right of the first line, the new h on the right of the second.",
    ),
)

STEPS = 20


def feedback_run(y_0, h_0, w, u, v, b_h, b_y, f_h=np.tanh, f_y=sigmoid, slip=""):
    """y and h of STEPS steps; ``slip`` picks a known wrong order."""
    y, h, ys, hs = y_0, h_0, [], []
    for _ in range(STEPS):
        new = f_h(w * y + u * h + b_h)
        y = f_y(v * (h if slip == "old h" else new) + b_y)
        h = new
        ys.append(y)
        hs.append(h)
        if slip == "not carried":
            y, h = y_0, h_0
    return np.array(ys), np.array(hs)


@E02_3.case("twenty steps")
def _(answer, draw):
    y_0, h_0, b_h, b_y = start = [float(k) for k in draw.normal(4)]
    # Large enough that the 20 steps do not all lie at the fixed point.
    w, u, v = (float(k) for k in (draw.uniform(1, 2), -draw.uniform(1.2, 2), draw.uniform(2, 3)))
    y, h = feedback_run(y_0, h_0, w, u, v, b_h, b_y)
    expect(
        answer.feedback(y_0, h_0, w, u, v, b_h, b_y, STEPS),
        (y, h),
        "y, h",
        known={
            "the two came in the order h, y: the output comes first": (h, y),
            "y was made from the old h; it is made from the new one": feedback_run(
                *start[:2], w, u, v, b_h, b_y, slip="old h"
            ),
            "w and u are exchanged: w is for the old y, u for the old h": feedback_run(*start[:2], u, w, v, b_h, b_y),
            "these are the slide's letters: there w is for the old h, v for the old y, u for the output": feedback_run(
                *start[:2], v, w, u, b_h, b_y
            ),
            "b_h and b_y are exchanged": feedback_run(*start[:2], w, u, v, b_y, b_h),
            "the biases are missing": feedback_run(*start[:2], w, u, v, 0.0, 0.0),
            "nothing is carried: every step starts from y_0 and h_0": feedback_run(
                *start[:2], w, u, v, b_h, b_y, slip="not carried"
            ),
            "the output is not squashed": feedback_run(*start[:2], w, u, v, b_h, b_y, f_y=lambda a: a),
            "the output is squashed by tanh, and the logistic function is due": feedback_run(
                *start[:2], w, u, v, b_h, b_y, f_y=np.tanh
            ),
            "h is squashed by the logistic function, and tanh is due": feedback_run(
                *start[:2], w, u, v, b_h, b_y, f_h=sigmoid
            ),
            "the start stands in front and the last step is missing: the first entry is y_1, h_1": (
                np.concatenate([[y_0], y[:-1]]),
                np.concatenate([[h_0], h[:-1]]),
            ),
        },
    )


@E02_3.case(
    "each of the two memories alone", hint="With u = 0 only the old y is remembered, with w = 0 only the old h."
)
def _(answer, draw):
    y_0, h_0, b_h, b_y = (float(k) for k in draw.normal(4))
    w, u, v = (float(k) for k in draw.uniform(1, 2, 3))
    for name, weights in (("u = 0", (w, 0.0, v)), ("w = 0", (0.0, u, v))):
        expect(
            answer.feedback(y_0, h_0, *weights, b_h, b_y, STEPS),
            feedback_run(y_0, h_0, *weights, b_h, b_y),
            f"y for {name}, h for {name}",
        )


E02_4 = Exercise(
    "E02.4",
    "Let the world in",
    slides=("D4.9",),
    names=("scalar_rnn", "keras_weights"),
    hints=(
        "The loop of E02.3 with x_t in the place of the old y; the read-out is linear here, and each row of x has "
        "its own h.",
        "for t in range(x.shape[1]): h = np.tanh(w * x[:, t] + u * h + b_h); the y are v * h + b_y. For Keras the "
        "kernels are np.array([[w]]), np.array([[u]]), np.array([[v]]) and the biases np.array([b_h]), "
        "np.array([b_y]).",
    ),
)


def scalar_run(x, h_0, w, u, v, b_h, b_y):
    """y and h (N, T) from the twin with all matrices 1 by 1."""
    one = np.ones((1, 1))
    y, h = elman_forward(x[..., None], h_0[:, None], w * one, u * one, np.array([b_h]), v * one, np.array([b_y]))
    return y[..., 0], h[..., 0]


@E02_4.case("values")
def _(answer, draw):
    x, h_0 = draw.normal(2, 7), draw.normal(2)
    w, u, v, b_h, b_y = p = [float(k) for k in draw.normal(5)]
    y, h = scalar_run(x, h_0, *p)
    expect(
        answer.scalar_rnn(x, h_0, *p),
        (y, h),
        "y, h",
        known={
            "the two came in the order h, y: the output comes first": (h, y),
            "w and u are exchanged: w is for x, u for the old h": scalar_run(x, h_0, u, w, v, b_h, b_y),
            "these are the slide's letters: there w is for the old h, v for x and u for the output": scalar_run(
                x, h_0, v, w, u, b_h, b_y
            ),
            "the start h_0 was not used": scalar_run(x, 0 * h_0, *p),
            "the bias b_h is missing": scalar_run(x, h_0, w, u, v, 0.0, b_y),
            "the bias b_y is missing": (v * h, h),
            "the output is squashed; it is linear here": (np.tanh(y), h),
            "the state is not carried: every step starts from h_0": (
                v * np.tanh(w * x + u * h_0[:, None] + b_h) + b_y,
                np.tanh(w * x + u * h_0[:, None] + b_h),
            ),
            "the old h was not used": scalar_run(x, h_0, w, 0.0, v, b_h, b_y),
            "steps and examples are exchanged: x is (N, T)": (y.T, h.T),
        },
    )


@E02_4.case("one step, and five rows")
def _(answer, draw):
    p = [float(k) for k in draw.normal(5)]
    for N, T in ((2, 1), (5, 11)):
        x, h_0 = draw.normal(N, T), draw.normal(N)
        expect(answer.scalar_rnn(x, h_0, *p), scalar_run(x, h_0, *p), "y, h")


@E02_4.case(
    "the weights as Keras wants them",
    hint="A kernel is a matrix, also if it has one row and one column; a bias is a vector.",
)
def _(answer, draw):
    w, u, v, b_h, b_y = p = [float(k) for k in draw.normal(5)]
    due = [np.array([[w]]), np.array([[u]]), np.array([b_h]), np.array([[v]]), np.array([b_y])]
    names = "kernel of SimpleRNN, recurrent_kernel, bias of SimpleRNN, kernel of Dense, bias of Dense"
    obtained = answer.keras_weights(*p)
    expect(
        obtained,
        due,
        names,
        known={
            "w and u are exchanged": [due[1], due[0], *due[2:]],
            "the order is kernel, recurrent_kernel, bias, and then the same of Dense": [
                due[k] for k in (0, 1, 3, 2, 4)
            ],
            "b_h and b_y are exchanged": [due[0], due[1], due[4], due[3], due[2]],
        },
    )
    for name, own, right in zip(names.split(", "), obtained, due, strict=True):
        same_shape(own, right, name)


def same_shape(obtained, due: np.ndarray, name: str) -> None:
    """``expect`` takes a number for an array of one entry; Keras does not."""
    shape = obtained.shape if isinstance(obtained, np.ndarray) else ()
    require(shape == due.shape, f"{name} has shape {shape}, and Keras wants {due.shape}.")
