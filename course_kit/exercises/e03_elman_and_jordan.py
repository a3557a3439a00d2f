"""Notebook 03: the Elman and the Jordan network. What is written in NumPy is here; the Keras cells are imported."""

from functools import partial

import numpy as np

from course_kit.checking import Exercise, expect, require
from course_kit.exercises.elman_jordan_cells import E03_3, E03_4, T, weights
from course_kit.reference.activations import identity, sigmoid, softmax
from course_kit.reference.elman import elman_forward, elman_step
from course_kit.reference.jordan import jordan_forward

__all__ = ["E03_1", "E03_2", "E03_3", "E03_4", "E03_5"]

SQUASHINGS = {"identity": identity, "tanh": np.tanh, "sigmoid": sigmoid, "softmax": softmax}


E03_1 = Exercise(
    "E03.1",
    "Elman step",
    slides=("D1.5", "D2.8"),
    names=("elman_step", "elman_forward"),
    hints=(
        "Two lines: the new h from x and the previous h, then y from the new h. elman_forward calls elman_step for "
        "each t and hands the new h on.",
        "h = np.tanh(x @ W + h @ U + b_h); y = h @ V + b_y. In the loop: y, h = elman_step(x[:, t], h, ...), and "
        "np.stack(list, axis=1) puts the steps on the second axis.",
    ),
)


@E03_1.case("one step")
def _(answer, draw):
    m, n, o = draw.sizes(3)
    x, h0 = draw.normal(2, m), draw.normal(2, n)
    W, U, b_h, V, b_y = p = weights(draw, m, n, o, n)
    y, h = elman_step(x, h0, *p)
    expect(
        answer.elman_step(x, h0, *p),
        (y, h),
        "y, h",
        known={
            "the two came in the order h, y: the output comes first": (h, y),
            "the bias b_h is missing": elman_step(x, h0, W, U, 0 * b_h, V, b_y),
            "the bias b_y is missing": (h @ V, h),
            "the recurrent matrix U is transposed": elman_step(x, h0, W, U.T, b_h, V, b_y),
            "the previous h was not used": elman_step(x, 0 * h0, *p),
            "tanh is missing": elman_step(x, h0, *p, sigma_h=identity),
            "tanh was put on y as well; here the output is linear": (np.tanh(y), h),
            "y was read from the previous h, and it reads the new one": (h0 @ V + b_y, h),
        },
    )


@E03_1.case("all seven steps")
def _(answer, draw):
    m, n, o = draw.sizes(3)
    x, h0 = draw.normal(2, T, m), draw.normal(2, n)
    p = weights(draw, m, n, o, n)
    y, h = elman_forward(x, h0, *p)
    alone = [elman_step(x[:, t], h0, *p) for t in range(T)]
    expect(
        answer.elman_forward(x, h0, *p),
        (y, h),
        "y, h",
        known={
            "the two came in the order h, y: the output comes first": (h, y),
            "every step started from h0: hand the new h on to the next step": tuple(
                np.stack(a, axis=1) for a in zip(*alone, strict=True)
            ),
            "the first step started from zeros, not from h0": elman_forward(x, 0 * h0, *p),
            "only the last step came back, and all are due": (y[:, -1], h[:, -1]),
            "time is on the first axis, and the batch belongs there": (y.swapaxes(0, 1), h.swapaxes(0, 1)),
            "the steps came back in reverse": (y[:, ::-1], h[:, ::-1]),
        },
    )


@E03_1.case("other lengths and widths")
def _(answer, draw):
    for N, steps, m, n, o in ((1, 1, 1, 3, 1), (3, 11, 4, 1, 2)):
        x, h0, p = draw.normal(N, steps, m), draw.normal(N, n), weights(draw, m, n, o, n)
        expect(answer.elman_forward(x, h0, *p), elman_forward(x, h0, *p), "y, h")


E03_2 = Exercise(
    "E03.2",
    "Context units",
    slides=("D2.8",),
    names=("elman_with_context",),
    hints=(
        "Read, compute, copy: at each step the hidden layer reads the context, and only then do the context units "
        "take over the new h.",
        "context = h0 to begin with; in the loop note context, h = np.tanh(x[:, t] @ W + context @ U + b_h), "
        "then context = h @ np.eye(n): one link of weight 1 from each hidden unit to its own context unit.",
    ),
)


def context_run(x, h0, W, U, b_h, V, b_y, update):
    """y, h and context of an Elman network whose context units become ``update(context, h)`` after each step."""
    context, hs, contexts = h0, [], []
    for t in range(x.shape[1]):
        contexts.append(context)
        hs.append(np.tanh(x[:, t] @ W + context @ U + b_h))
        context = update(context, hs[-1])
    h = np.stack(hs, axis=1)
    return h @ V + b_y, h, np.stack(contexts, axis=1)


def with_context(answer, x, h0, p) -> tuple:
    """The student's y, h, context: three of them, whatever they are."""
    obtained = answer.elman_with_context(x, h0, *p)
    count = len(obtained) if isinstance(obtained, tuple | list) else 1
    require(count == 3, f"elman_with_context returned {count} value(s), and 3 are due: y, h, context.")
    return tuple(obtained)


@E03_2.case("the same y and h as without context units")
def _(answer, draw):
    m, n, o = draw.sizes(3)
    x, h0, p = draw.normal(2, T, m), draw.normal(2, n), weights(draw, m, n, o, n)
    expect(
        with_context(answer, x, h0, p)[:2],
        elman_forward(x, h0, *p),
        "y, h",
        known={
            "each hidden unit has one link, to its own context unit; yours lead from every one to every one "
            "(ones instead of the identity matrix)": context_run(x, h0, *p, lambda c, h: h @ np.ones((n, n)))[:2],
            "nothing is copied into the context units: they stay at h0": context_run(x, h0, *p, lambda c, h: c)[:2],
            "the context units add up all that came; a copy forgets what was there": context_run(
                x, h0, *p, lambda c, h: c + h
            )[:2],
            "the context units start from zeros, and they start from h0": elman_forward(x, 0 * h0, *p),
        },
    )


@E03_2.case("the context is the previous h")
def _(answer, draw):
    m, n, o = draw.sizes(3)
    x, h0, p = draw.normal(2, T, m), draw.normal(2, n), weights(draw, m, n, o, n)
    _, own, context = with_context(answer, x, h0, p)
    h = elman_forward(x, h0, *p)[1]
    expect(own, h, "h")
    expect(
        context,
        np.concatenate([h0[:, None], own[:, :-1]], axis=1),
        "context",
        tolerance=0,  # a link of weight 1 changes no bit
        known={
            "the context at step t is what the hidden layer reads at t; yours is already the new h": own,
            "the context of the first step is h0, and yours is zero": np.concatenate(
                [0 * h0[:, None], own[:, :-1]], axis=1
            ),
            "every step shows the last h: the same array was kept each time (keep h.copy())": np.repeat(
                own[:, -1:], T, axis=1
            ),
        },
    )


@E03_2.case("cut in two, the context carried over")
def _(answer, draw):
    m, n, o = draw.sizes(3)
    x, h0, p = draw.normal(2, T, m), draw.normal(2, n), weights(draw, m, n, o, n)
    y, h = elman_forward(x, h0, *p)
    first = with_context(answer, x[:, :4], h0, p)
    expect(first[1], h[:, :4], "h of the first four steps")
    second = with_context(answer, x[:, 4:], first[1][:, -1], p)
    expect(second[:2], (y[:, 4:], h[:, 4:]), "y of the last three steps, h of the last three steps")


E03_5 = Exercise(
    "E03.5",
    "When are they the same?",
    slides=("D1.5",),
    names=("sigma_y", "jordan_readout"),
    hints=(
        "The Jordan network feeds back y where the Elman network feeds back h. What must y be, so that nobody notices?",
        "y must be h itself: a linear output, V the identity matrix, b_y zero.",
    ),
)


def jordan_run(x, y0, W, U, b_h, sigma_y, V, b_y):
    """The hidden states of a Jordan network; what is asked for comes last."""
    return jordan_forward(x, y0, W, U, b_h, V, b_y, sigma_y=sigma_y)[1]


@E03_5.case("the output activation")
def _(answer, draw):
    again = "h has been through tanh already; {} changes it once more before it is fed back"
    expect(
        answer["sigma_y"],
        "identity",
        "sigma_y",
        reveal=False,
        known={again.format(name): name for name in ("tanh", "sigmoid", "softmax")},
    )


@E03_5.case("twenty random inputs")
def _(answer, draw):
    name = answer["sigma_y"]
    require(isinstance(name, str) and name in SQUASHINGS, f"sigma_y must be one of {', '.join(SQUASHINGS)}.")
    for n, m in (draw.sizes(), draw.sizes()):
        x, h0, (W, U, b_h, _, _) = draw.normal(20, T, m), draw.normal(20, n), weights(draw, m, n, n, n)
        h = elman_forward(x, h0, W, U, b_h, np.eye(n), np.zeros(n))[1]
        jordan_h = partial(jordan_run, x, h0, W, U, b_h, SQUASHINGS[name])
        obtained = answer.jordan_readout(n)
        require(isinstance(obtained, tuple | list) and len(obtained) == 2, "jordan_readout must return V, b_y.")
        for label, value, shape in zip(("V", "b_y"), obtained, ((n, n), (n,)), strict=True):
            fits = isinstance(value, np.ndarray) and value.shape == shape
            require(fits, f"for n={n}, {label} must be an array of shape {shape}.")
        expect(
            jordan_h(*obtained),
            h,
            "h of the Jordan network",
            known={
                "V of ones adds all units up: y must be h unit by unit": jordan_h(np.ones((n, n)), np.zeros(n)),
                "with V = 0 nothing is fed back": jordan_h(np.zeros((n, n)), np.zeros(n)),
                "b_y is added to h before it is fed back; it must be 0": jordan_h(np.eye(n), np.ones(n)),
                "the sign is turned": jordan_h(-np.eye(n), np.zeros(n)),
            },
        )
