"""Notebook 02: from a straight line to a recurrent network. E02.1 and E02.2 are here; the others are imported."""

import numpy as np

from course_kit.checking import Exercise, expect, require
from course_kit.exercises.fully_recurrent_net import E02_8
from course_kit.exercises.matrix_rnn import E02_6, E02_7
from course_kit.exercises.scalar_recurrence import E02_3, E02_4
from course_kit.exercises.unrolled_rnn import E02_5
from course_kit.reference.activations import sigmoid

__all__ = ["E02_1", "E02_2", "E02_3", "E02_4", "E02_5", "E02_6", "E02_7", "E02_8"]

ACTIVATIONS = {
    "linear": lambda a: a,
    "tanh": np.tanh,
    "sigmoid": sigmoid,
    "relu": lambda a: np.maximum(a, 0.0),
}

E02_1 = Exercise(
    "E02.1",
    "Regression to neuron",
    slides=("D4.6",),
    names=("regression", "neuron"),
    hints=(
        "The regression is a straight line. The neuron sends the line's value, and not x, through the activation.",
        "regression: b + w * x. neuron: activations[activation](regression(x, w, b)).",
    ),
)


@E02_1.case("the straight line")
def _(answer, draw):
    x, w, b = np.linspace(-3.0, 3.0, 13), float(draw.normal()), float(draw.normal())
    expect(
        answer.regression(x, w, b),
        b + w * x,
        "y",
        known={
            "w and b are exchanged": w + b * x,
            "b is missing": w * x,
            "b is subtracted": w * x - b,
            "b is multiplied by w, too": w * (x + b),
        },
    )


@E02_1.case("the neuron")
def _(answer, draw):
    x, w, b = np.linspace(-3.0, 3.0, 13), float(draw.normal()), float(draw.normal())
    for name, f in ACTIVATIONS.items():
        expect(
            answer.neuron(x, w, b, name),
            f(b + w * x),
            f'y of the neuron with activation="{name}"',
            known={
                "the activation is missing: this is the straight line": b + w * x,
                "the activation works on w x only; b belongs inside": b + f(w * x),
                "the activation works on x; it comes after the straight line": b + w * f(x),
                "the activation is tanh whatever was asked for": np.tanh(b + w * x),
                "the activation is applied twice": f(f(b + w * x)),
            },
        )


E02_2 = Exercise(
    "E02.2",
    "AR(1) in closed form",
    slides=("D4.7",),
    names=("ar_loop", "ar_closed", "settles_at"),
    hints=(
        "Write out y_3 from y_0: w^3 y_0 + b (w^2 + w + 1). The bracket is a geometric series, whose sum is (1 - "
        "w^t) / (1 - w), and t if w = 1.",
        "Loop: values = [y_0]; T times values.append(b + w * values[-1]). Closed: w**t * y_0 + b * s with s = t if "
        "w == 1 else (1 - w**t) / (1 - w). Limit: b / (1 - w) if abs(w) < 1 else np.inf.",
    ),
)


def ar_path(y_0: float, w: float, b: float, T: int) -> np.ndarray:
    values = [y_0]
    for _ in range(T):
        values.append(b + w * values[-1])
    return np.array(values)


WEIGHTS = ("between 0 and 1", "negative", "above 1", "exactly 1", "exactly -1")


def deal_weights(draw) -> dict[str, float]:
    values = (draw.uniform(0.3, 0.95), -draw.uniform(0.3, 0.95), draw.uniform(1.02, 1.1), 1.0, -1.0)
    return {name: float(w) for name, w in zip(WEIGHTS, values, strict=True)}


@E02_2.case("the loop")
def _(answer, draw):
    y_0, b = (float(v) for v in draw.normal(2))
    for name, w in deal_weights(draw).items():
        path = ar_path(y_0, w, b, 50)
        expect(
            answer.ar_loop(y_0, w, b, 50),
            path,
            f"y_0 ... y_50 for a w that is {name}",
            tolerance=1e-10,
            known={
                "the start y_0 itself is missing: T + 1 values are due": path[1:],
                "the last value is missing: T + 1 values are due": path[:-1],
                "b is missing": y_0 * w ** np.arange(51.0),
                "every value was made from y_0; each is made from the one before it": np.concatenate(
                    [[y_0], np.full(50, b + w * y_0)]
                ),
                "w and b are exchanged": ar_path(y_0, b, w, 50),
            },
        )


@E02_2.case(
    "the closed form",
    hint="Try t = 0 and t = 1 by hand. For w = 1 the formula divides 0 by 0: what does the loop do then?",
)
def _(answer, draw):
    y_0, b = (float(v) for v in draw.normal(2))
    for name, w in deal_weights(draw).items():
        t = np.arange(51)
        path = ar_path(y_0, w, b, 50)
        known = {}
        if w != 1:
            known["b is missing"] = y_0 * w ** t.astype(float)
            known["w to the power t is missing at y_0"] = path - w**t * y_0 + y_0
            s = (1 - w ** (t + 1.0)) / (1 - w)
            known["the series has one term too many: t terms, from w^0 to w^(t-1)"] = w**t * y_0 + b * s
            known["this is the limit, whatever t is"] = np.full(51, b / (1 - w))
        else:
            known["nothing is added for w = 1; b is added at each step"] = np.full(51, y_0)
        expect(
            answer.ar_closed(y_0, w, b, t),
            path,
            f"the closed form at t = 0 ... 50 for a w that is {name}",
            tolerance=1e-10,
            known=known,
        )
    picked = draw.integers(0, 50, 4)
    expect(
        answer.ar_closed(y_0, w, b, picked),
        ar_path(y_0, w, b, 50)[picked],
        "the closed form at four values of t in any order",
        tolerance=1e-10,
    )


@E02_2.case("where it settles", hint="It settles where y = b + w y, but only if each step brings it nearer.")
def _(answer, draw):
    b = float(draw.uniform(0.5, 2.0))
    for name, w in deal_weights(draw).items():
        obtained, what = answer.settles_at(w, b), f"settles_at for a w that is {name}"
        endless = is_infinite(obtained)
        if abs(w) < 1:
            require(not endless, f"{what} is infinite, and it does settle: it is |w| that counts, not its sign.")
            known = {"the sign of w is turned": b / (1 + w), "b is missing": 1 / (1 - w)}
            expect(obtained, b / (1 - w), what, tolerance=1e-10, known=known)
        else:
            stands = w != 1 and not endless and same(obtained, b / (1 - w))
            require(
                endless,
                f"{what} must be np.inf: it does not settle.",
                known="b / (1 - w) is where it would stand still, but it does not come there: that needs |w| < 1"
                if stands
                else "",
            )


def is_infinite(value) -> bool:
    number = isinstance(value, int | float) or (isinstance(value, np.ndarray) and value.size == 1)
    return bool(number and np.all(np.isinf(np.asarray(value, dtype=float))))


def same(value, number: float) -> bool:
    return (
        isinstance(value, int | float | np.ndarray) and np.size(value) == 1 and bool(np.all(np.isclose(value, number)))
    )
