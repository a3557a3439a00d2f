"""Notebook 05: backpropagation through time. Loss and update, E05.1-E05.2, are here; the others are imported."""

import numpy as np

from course_kit.checking import Exercise, expect, require
from course_kit.exercises.bptt_backward import E05_3, E05_4, E05_5, E05_8
from course_kit.exercises.bptt_paths import E05_6, E05_7
from course_kit.exercises.bptt_slips import ANY_VALUE, GRADIENT, deal, loss_slips, total_of
from course_kit.reference import bptt
from course_kit.reference.activations import softmax

__all__ = ["E05_1", "E05_2", "E05_3", "E05_4", "E05_5", "E05_6", "E05_7", "E05_8"]

E05_1 = Exercise(
    "E05.1",
    "Total loss",
    slides=("D1.10", "D4.12"),
    names=("squared_error", "cross_entropy", "forward_pass"),
    hints=(
        "Sum over rows and outputs, axes 0 and 2; the axis of the steps stays until the very end. forward returns y "
        "and h, in this order.",
        "L_t = 0.5 * ((y - target) ** 2).sum(axis=(0, 2)) and L = L_t.sum(); for probabilities it is "
        "-(target * np.log(y)).sum(axis=(0, 2)). forward_pass calls forward and then squared_error.",
    ),
)


@E05_1.case("squared error")
def _(answer, draw):
    (o,) = draw.sizes(1)
    y, target = draw.normal(2, 7, o), draw.normal(2, 7, o)
    right = total_of(bptt.squared_error(y, target))
    known = {
        "the factor 1/2 is missing": total_of(2 * right[0]),
        "the square is missing": total_of(0.5 * np.abs(y - target).sum(axis=(0, 2))),
        **loss_slips(0.5 * (y - target) ** 2),
    }
    expect(answer.squared_error(y, target), right, "L_t, L", known=known)


@E05_1.case("cross-entropy")
def _(answer, draw):
    (o,) = draw.sizes(1)
    y, target = softmax(2.0 * draw.normal(2, 7, o)), np.eye(o)[draw.integers(0, o - 1, 2, 7)]
    right = total_of(bptt.cross_entropy(y, target))
    rest = -((1 - target) * np.log(1 - y)).sum(axis=(0, 2))
    known = {
        "the minus sign is missing": total_of(-right[0]),
        "the logarithm is to base 2, and the natural one is due": total_of(right[0] / np.log(2.0)),
        "terms (1 - target) log(1 - y) were added: those belong to separate yes-or-no outputs": total_of(
            right[0] + rest
        ),
        **loss_slips(-target * np.log(y)),
    }
    obtained = answer.cross_entropy(y, target)
    L_t = obtained[0] if isinstance(obtained, tuple | list) and obtained else None
    infinite = isinstance(L_t, np.ndarray) and L_t.dtype.kind == "f" and np.isinf(L_t).any()
    require(not infinite, "L_t holds infinity, and no y is 0: the logarithm is taken of y, not of the target.")
    expect(obtained, right, "L_t, L", known=known)


@E05_1.case("forward pass")
def _(answer, draw):
    net = deal(draw)

    def four(**changed):
        y, cache = bptt.forward(net.x, **{"h0": net.h0, **net.weights, **changed})
        return cache["h"], y, *total_of(bptt.squared_error(y, net.target))

    known = {
        "h_{-1} is taken as 0, and it is h0": four(h0=0 * net.h0),
        "the bias b_y is missing": four(b_y=0 * net.weights["b_y"]),
        "the bias b_h is missing": four(b_h=0 * net.weights["b_h"]),
    }
    obtained = answer.forward_pass(net.x, net.target, net.h0, *net.weights.values())
    expect(obtained, four(), "h_t, y_t, L_t, L", known=known)


E05_2 = Exercise(
    "E05.2",
    "One update",
    slides=("D1.11",),
    names=("one_update", "predicted_change"),
    hints=(
        "First add the step gradients along their first axis, for each of the five weights; only then multiply or "
        "square.",
        "{name: w - eta * step_gradients[name].sum(axis=0) for name, w in weights.items()}; the predicted change is "
        "-eta times the sum of the squares of all entries of those five sums.",
    ),
)


def dealt_update(draw):
    net = deal(draw)
    return net, bptt.step_gradients(net.delta_y, net.cache)


@E05_2.case("new weights")
def _(answer, draw):
    net, steps = dealt_update(draw)
    eta = float(draw.uniform(0.01, 0.1))
    total = {name: g.sum(axis=0) for name, g in steps.items()}

    def moved(change):
        return {name: w + change(name) for name, w in net.weights.items()}

    known = {
        "the weights climb: the minus sign is missing": moved(lambda k: eta * total[k]),
        "only the last step's gradient was used": moved(lambda k: -eta * steps[k][-1]),
        "the mean over the steps was taken, and the sum is due": moved(lambda k: -eta * steps[k].mean(axis=0)),
        "the biases stayed where they were: the slide's set {U, W, V} leaves them out, but they learn as well": moved(
            lambda k: 0.0 if k in ("b_h", "b_y") else -eta * total[k]
        ),
        "the changes came back, and the new weights are due": {k: -eta * g for k, g in total.items()},
        "eta is missing": moved(lambda k: -total[k]),
    }
    expect(answer.one_update(net.weights, steps, eta), moved(lambda k: -eta * total[k]), "weights", known=known)


@E05_2.case("predicted change")
def _(answer, draw):
    _, steps = dealt_update(draw)
    eta = float(draw.uniform(0.01, 0.1))
    squares = {name: (g.sum(axis=0) ** 2).sum() for name, g in steps.items()}
    whole = sum(squares.values())
    known = {
        "the loss is to fall: the minus sign is missing": eta * whole,
        "each step's gradient was squared by itself: first add the steps, then square": -eta
        * sum((g**2).sum() for g in steps.values()),
        "the biases are left out": -eta * (squares["W"] + squares["U"] + squares["V"]),
        "that is -eta ||g||: the norm is squared in the formula": -eta * np.sqrt(whole),
        "eta enters once: the weights move by eta g, the slope along them is g": -(eta**2) * whole,
        "eta is missing": -whole,
    }
    expect(answer.predicted_change(steps, eta), -eta * whole, "the predicted change", tolerance=GRADIENT, known=known)


@E05_2.case("the loss falls as predicted")
def _(answer, draw):
    net, steps = dealt_update(draw)
    eta = 1e-6  # so small that the curvature of the loss does not show in two digits
    new = answer.one_update(net.weights, steps, eta)
    expect(new, net.weights, "weights", tolerance=ANY_VALUE)
    predicted = answer.predicted_change(steps, eta)
    expect(predicted, 0.0, "the predicted change", tolerance=ANY_VALUE)
    change = float(net.losses(**new).sum() - net.losses().sum())
    predicted = float(np.asarray(predicted).reshape(()))
    require(change < 0, f"with your new weights the loss changes by {change:.3g}, and it must fall.")
    require(
        abs(change - predicted) <= 0.01 * abs(change),
        f"with your new weights the loss changes by {change:.4g}, and you predict {predicted:.4g}: for so small a step "
        "the two agree to 1 %.",
    )
