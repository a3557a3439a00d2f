"""A notebook of three exercises for the tests of the judge: a function, a closed question, a class (by a probe)."""

import numpy as np

from course_kit.checking import Exercise, expect

E99_1 = Exercise(
    "E99.1",
    "Gate",
    slides=(),
    names=("gate",),
    hints=("Add three terms, then squash.", "sigmoid(x @ W + b)"),
    limit=1.0,
)


def sigmoid(a):
    return 1 / (1 + np.exp(-a))


@E99_1.case("values")
def _(answer, draw):
    m, n = draw.sizes()
    x, W, b = draw.normal(2, m), draw.normal(m, n), draw.normal(n)
    expect(answer.gate(x, W, b), sigmoid(x @ W + b), "g", known={"the bias is missing": sigmoid(x @ W)})


@E99_1.case("a shut gate")
def _(answer, draw):
    m, n = draw.sizes()
    x, W, b = draw.normal(2, m), draw.normal(m, n), np.full(n, -800.0)
    with np.errstate(over="ignore"):
        expect(answer.gate(x, W, b), sigmoid(x @ W + b), "g for a bias of -800")


E99_2 = Exercise(
    "E99.2", "Misprint", slides=(), names=("misprint",), hints=("Read the slide again.", "It is one of i, f, o.")
)


@E99_2.case("the letter")
def _(answer, draw):
    expect(answer["misprint"], "i", "misprint", reveal=False)


E99_3 = Exercise(
    "E99.3",
    "Layer",
    slides=(),
    names=("Double",),
    hints=("call returns twice its input.", "return 2 * inputs"),
    points=2,
)


def probe(names, x):
    import numpy

    layer = names["Double"]()
    value = layer(numpy.asarray(x, "float32"))
    return None if value is None else numpy.asarray(value)


@E99_3.case("values")
def _(answer, draw):
    x = draw.normal(2, 3)
    expect(answer.probe(probe, x), 2 * x, "y", tolerance=1e-6)
