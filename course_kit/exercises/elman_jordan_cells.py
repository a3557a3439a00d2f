"""Notebook 03, the Keras cells: E03.3 and E03.4. ``e03_elman_and_jordan`` collects the exercises of the notebook."""

import numpy as np

from course_kit.checking import Exercise, expect, require
from course_kit.exercises.cell_probes import elman_probe, jordan_probe
from course_kit.reference.activations import identity, sigmoid
from course_kit.reference.elman import elman_forward, elman_step
from course_kit.reference.jordan import jordan_forward, jordan_step

T = 7


def weights(draw, m: int, n: int, o: int, fed_back: int):
    """W, U, b_h, V, b_y; ``fed_back`` is the width of what is fed back. Mild enough not to saturate tanh."""
    return (
        draw.normal(m, n, scale=0.6),
        draw.normal(fed_back, n, scale=0.6),
        draw.normal(n, scale=0.5),
        draw.normal(n, o),
        draw.normal(o),
    )


E03_3 = Exercise(
    "E03.3",
    "Jordan cell",
    slides=("D1.5", "D2.9"),
    names=("MyJordanCell",),
    hints=(
        "What is fed back decides the width of the state: the output has output_units numbers, so recurrent_kernel has "
        "output_units rows, and the new state is the new y.",
        "In call: y = states[0]; h = ops.tanh(ops.matmul(inputs, self.kernel) + ops.matmul(y, self.recurrent_kernel) + "
        "self.bias); y = self.output_activation(ops.matmul(h, self.output_kernel) + self.output_bias); return y, [y]. "
        "In build: self.kernel = self.add_weight(name='kernel', shape=(input_shape[-1], self.units)), and so on.",
    ),
    limit=20.0,
)


@E03_3.case("sizes and weights")
def _(answer, draw):
    m, n, o = draw.sizes(3)
    p = weights(draw, m, n, o, o)
    shapes = {
        "kernel": f"({m}, {n})",
        "recurrent_kernel": f"({o}, {n})",
        "bias": f"({n},)",
        "output_kernel": f"({n}, {o})",
        "output_bias": f"({o},)",
        "state_size": str(o),
        "output_size": str(o),
    }
    fed_h = "it is y that is fed back, and y has output_units numbers; "
    expect(
        answer.probe(jordan_probe, "sizes", (m, n, o), None, draw.normal(2, T, m), draw.normal(2, o), p),
        shapes,
        f"for m={m}, units={n}, output_units={o}: size",
        known={
            fed_h + "state_size=units is Elman's": {**shapes, "state_size": str(n)},
            fed_h + "a recurrent_kernel (units, units) is Elman's": {**shapes, "recurrent_kernel": f"({n}, {n})"},
            fed_h + "state and recurrent_kernel are Elman's": {
                **shapes,
                "recurrent_kernel": f"({n}, {n})",
                "state_size": str(n),
            },
            "the recurrent_kernel is transposed": {**shapes, "recurrent_kernel": f"({n}, {o})"},
        },
    )


@E03_3.case("one step")
def _(answer, draw):
    m, n, o = draw.sizes(3)
    x, y0 = draw.normal(2, m), draw.normal(2, o)
    W, U, b_h, V, b_y = p = weights(draw, m, n, o, o)
    y, h = jordan_step(x, y0, *p, sigma_y=sigmoid)
    linear = h @ V + b_y

    def both(y):
        return y, [y]

    expect(
        answer.probe(jordan_probe, "step", (m, n, o), "sigmoid", x, y0, p),
        both(y),
        "y, new state",
        tolerance=1e-6,
        known={
            "the old y came back as the new state": (y, [y0]),
            "the hidden h came back as the new state; here it is y": (y, [h]),
            "the state is taken before the output activation": (y, [linear]),
            "the output activation is missing": both(linear),
            "the bias is missing": both(jordan_step(x, y0, W, U, 0 * b_h, V, b_y, sigma_y=sigmoid)[0]),
            "the output_bias is missing": both(sigmoid(h @ V)),
            "the previous y was not used": both(jordan_step(x, 0 * y0, *p, sigma_y=sigmoid)[0]),
            "tanh of the hidden layer is missing": both(jordan_step(x, y0, *p, sigma_h=identity, sigma_y=sigmoid)[0]),
        },
    )


@E03_3.case("seven steps in keras.layers.RNN")
def _(answer, draw):
    for activation, sigma_y in (("sigmoid", sigmoid), (None, identity)):
        m, n, o = draw.sizes(3)
        x, y0, p = draw.normal(2, T, m), draw.normal(2, o), weights(draw, m, n, o, o)
        expect(
            answer.probe(jordan_probe, "run", (m, n, o), activation, x, y0, p),
            jordan_forward(x, y0, *p, sigma_y=sigma_y)[0],
            f"y with output_activation={activation!r}",
            tolerance=1e-6,
            known={"the state was not carried from step to step": jordan_alone(x, y0, p, sigma_y)},
        )


def jordan_alone(x, y0, p, sigma_y):
    """y of steps that all start from y0."""
    return np.stack([jordan_step(x[:, t], y0, *p, sigma_y=sigma_y)[0] for t in range(T)], axis=1)


E03_4 = Exercise(
    "E03.4",
    "A cell others can reuse",
    slides=("D2.8",),
    names=("MyElmanCell",),
    hints=(
        "Three things make a cell reusable: the state it returns has the width state_size, the line above the class "
        "registers it, and get_config returns every argument of __init__.",
        "@keras.saving.register_keras_serializable(package='student') stands above the class; get_config returns "
        "{**super().get_config(), 'units': self.units, 'output_units': self.output_units, 'output_activation': "
        "keras.activations.serialize(self.output_activation)}; call returns y, [h].",
    ),
    limit=20.0,
)


@E03_4.case("seven steps in keras.layers.RNN")
def _(answer, draw):
    m, n, o = draw.sizes(3)
    x, h0, p = draw.normal(2, T, m), draw.normal(2, n), weights(draw, m, n, o, n)
    y, h = elman_forward(x, h0, *p, sigma_y=sigmoid)
    linear = elman_forward(x, h0, *p)[0]
    expect(
        answer.probe(elman_probe, "sizes", (m, n, o), "sigmoid", x, h0, None, [p]),
        {"state_size": str(n), "output_size": str(o)},
        f"for m={m}, units={n}, output_units={o}: size",
        known={
            "state_size=output_units is Jordan's; here it is h that is kept": {
                "state_size": str(o),
                "output_size": str(o),
            }
        },
    )
    expect(
        answer.probe(elman_probe, "run", (m, n, o), "sigmoid", x, h0, None, [p]),
        (y, h[:, -1]),
        "y, last state",
        tolerance=1e-6,
        known={
            "the output activation is missing": (linear, h[:, -1]),
            "the state was not carried: the cell returns the state it was given": (
                np.stack([elman_step(x[:, t], h0, *p, sigma_y=sigmoid)[0] for t in range(T)], axis=1),
                h0,
            ),
        },
    )


@E03_4.case("registered, and rebuilt from its configuration")
def _(answer, draw):
    sizes = m, n, o = draw.sizes(3)
    x, h0, p = draw.normal(2, T, m), draw.normal(2, n), weights(draw, m, n, o, n)
    register = 'put @keras.saving.register_keras_serializable(package="student") above the class'
    expect(
        answer.probe(elman_probe, "name", sizes, "sigmoid", x, h0, None, [p]),
        "student>MyElmanCell",
        "the name under which Keras knows the class",
        known={
            f"the class is not registered: {register}": "MyElmanCell",
            f"the package is not named: {register}": "Custom>MyElmanCell",
        },
    )
    keys = answer.probe(elman_probe, "config", sizes, "sigmoid", x, h0, None, [p])
    listed = isinstance(keys, list) and all(isinstance(k, str) for k in keys)
    require(listed, "get_config must return a dict.")
    lacking = [k for k in ("units", "output_units", "output_activation") if k not in keys]
    require(not lacking, f"get_config leaves out {', '.join(lacking)}, which __init__ takes.")
    lacking = [k for k in ("name", "dtype", "trainable") if k not in keys]
    require(not lacking, f"get_config leaves out {', '.join(lacking)}: begin with **super().get_config().")
    expect(
        answer.probe(elman_probe, "copy", sizes, "sigmoid", x, h0, None, [p]),
        elman_forward(x, h0, *p, sigma_y=sigmoid)[0],
        "y of the cell rebuilt by from_config",
        tolerance=1e-6,
        known={
            "the rebuilt cell has a linear output: get_config loses the output_activation that was chosen": (
                elman_forward(x, h0, *p)[0]
            )
        },
    )


@E03_4.case("in Bidirectional and stacked")
def _(answer, draw):
    sizes = m, n, o = draw.sizes(3)
    x, h0 = draw.normal(2, T, m), np.zeros((2, n))
    one, two = weights(draw, m, n, o, n), weights(draw, m, n, o, n)
    forth = elman_forward(x, h0, *one, sigma_y=sigmoid)[0]
    back = elman_forward(x[:, ::-1], h0, *two, sigma_y=sigmoid)[0][:, ::-1]
    expect(
        answer.probe(elman_probe, "two ways", sizes, "sigmoid", x, h0, None, [one, two]),
        np.concatenate([forth, back], axis=2),
        "y of Bidirectional(RNN(cell))",
        tolerance=1e-6,
        known={
            "the backward copy lost its output activation on the way through get_config": np.concatenate(
                [forth, elman_forward(x[:, ::-1], h0, *two)[0][:, ::-1]], axis=2
            )
        },
    )
    upper = weights(draw, o, n, o, n)
    expect(
        answer.probe(elman_probe, "stacked", sizes, "sigmoid", x, h0, None, [one, upper]),
        elman_forward(forth, h0, *upper, sigma_y=sigmoid)[0],
        "y of RNN([cell, cell])",
        tolerance=1e-6,
    )


@E03_4.case("a masked step repeats the state")
def _(answer, draw):
    m, n, o = draw.sizes(3)
    x, h0, p = draw.normal(2, T, m), draw.normal(2, n), weights(draw, m, n, o, n)
    mask = np.array([[1, 1, 0, 1, 1, 0, 0], [1, 0, 0, 1, 1, 1, 1]], dtype=bool)
    y, h, ys = np.zeros((2, o)), h0, []
    for t in range(T):
        kept, (new_y, new_h) = mask[:, t, None], elman_step(x[:, t], h, *p, sigma_y=sigmoid)
        y, h = np.where(kept, new_y, y), np.where(kept, new_h, h)
        ys.append(y)
    expect(
        answer.probe(elman_probe, "mask", (m, n, o), "sigmoid", x, h0, mask, [p]),
        (np.stack(ys, axis=1), h),
        "y, last state",
        tolerance=1e-6,
    )


@E03_4.case("saved and loaded")
def _(answer, draw):
    m, n, o = draw.sizes(3)
    x, h0, p = draw.normal(2, T, m), np.zeros((2, n)), weights(draw, m, n, o, n)
    y = elman_forward(x, h0, *p, sigma_y=sigmoid)[0]
    obtained = answer.probe(elman_probe, "file", (m, n, o), "sigmoid", x, h0, None, [p])
    labels = "y of the model, y of the model loaded from its .keras file"
    expect(obtained, (y, y), labels, tolerance=1e-6)
    expect(obtained[1], obtained[0], "y of the loaded model, against the model that was saved,", tolerance=0)
