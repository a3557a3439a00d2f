"""Notebook 05, the way back: E05.3, E05.4, E05.5 and E05.8. ``e05_bptt_by_hand`` collects the exercises."""

import numpy as np

from course_kit.checking import Exercise, expect, require
from course_kit.exercises.bptt_slips import (
    ANY_VALUE,
    DIFFERENCES,
    GRADIENT,
    deal,
    error_slips,
    expect_choice,
    recurrent_slips,
    sum_over_steps,
    sum_slips,
)
from course_kit.reference import bptt

E05_3 = Exercise(
    "E05.3",
    "Output weights",
    slides=("D1.11", "D4.14", "D4.15"),
    names=("output_error", "grad_readout"),
    hints=(
        "The error is the derivative of one entry's (y - y')^2 / 2 with respect to y. For one row and one step, "
        "dL_t/dV[j, k] is h_t[j] times delta_y_t[k]: an outer product.",
        'output_error is y - target; np.einsum("btn,bto->tno", h, delta_y) is the outer product of each step, summed '
        "over the rows, and its sum over axis 0 is the total.",
    ),
)


@E05_3.case("output error")
def _(answer, draw):
    for kind in ("squared error", "cross-entropy"):
        net = deal(draw, kind=kind)
        difference = net.y - net.target
        known = {
            "the sign is turned: it is prediction minus target": -difference,
            "there is no factor 2: the 1/2 in the loss takes it away": 2 * difference,
            "the loss is a sum over rows, not a mean": difference / 2,
            "the loss is a sum over outputs, not a mean": difference / difference.shape[2],
            "that is dL/dy of the cross-entropy: the softmax still has to be passed": -net.target / net.y,
        }
        expect(
            answer.output_error(net.y, net.target), net.delta_y, f"delta_y for {kind}", tolerance=GRADIENT, known=known
        )


@E05_3.case("sum over the steps")
def _(answer, draw):
    net = deal(draw)
    steps = bptt.step_gradients(net.delta_y, net.cache)["V"]
    early = np.einsum("btn,bto->tno", bptt.previous(net.h, 0 * net.h0), net.delta_y)
    known = {
        "dL/dV is the last step's term alone; it is the sum over the steps": (steps, steps[-1]),
        "dL/dV is the mean over the steps; it is their sum": (steps, steps.mean(axis=0)),
        "the mean over the rows was taken, and the sum is due": (steps / 2, steps.sum(axis=0) / 2),
        "h_{t-1} stands where h_t is due: the read-out sees the new state": (early, early.sum(axis=0)),
        "the sign is turned": (-steps, -steps.sum(axis=0)),
    }
    obtained = answer.grad_readout(net.delta_y, net.h)
    expect(obtained, (steps, steps.sum(axis=0)), "dL_t/dV, dL/dV", tolerance=GRADIENT, known=known)


@E05_3.case("another step's target does not matter")
def _(answer, draw):
    net = deal(draw)
    s = draw.integer(1, 5)
    moved = net.delta_y.copy()
    moved[:, s] += draw.normal(*moved[:, s].shape)
    due = bptt.step_gradients(net.delta_y, net.cache)["V"]
    before, after = answer.grad_readout(net.delta_y, net.h), answer.grad_readout(moved, net.h)
    for obtained in (before, after):
        expect(obtained, (due, due[0]), "dL_t/dV, dL/dV", tolerance=ANY_VALUE)
    expect(
        np.delete(after[0], s, axis=0),
        np.delete(before[0], s, axis=0),
        f"dL_t/dV of the other steps, when only the target of step {s} moved,",
        tolerance=GRADIENT,
    )


E05_4 = Exercise(
    "E05.4",
    "Through time",
    slides=("D1.11", "D4.11", "D4.16", "D4.17", "D5.6"),
    names=("errors_through_time", "grad_recurrent"),
    hints=(
        "A change of a_t reaches the losses by two roads: through y_t at once, and through a_{t+1}. Go from the last "
        "step to the first and keep what the step after has left.",
        "delta_h_t = (delta_y_t @ V.T + delta_h_{t+1} @ U.T) * (1 - h_t**2), with 0 beyond the last step; then dL/dU "
        "is the sum over t of h_{t-1}.T @ delta_h_t, where h_{-1} is h0.",
    ),
)


def expect_errors(obtained, net):
    """Compare delta_h and name the first wrong step on the way back."""
    given = (net.delta_y, net.h, net.U, net.V)
    due = bptt.errors_through_time(*given)
    expect(obtained, due, "delta_h", tolerance=ANY_VALUE)
    far = np.abs(obtained - due).max(axis=(0, 2)) > GRADIENT * np.maximum(1.0, np.abs(due).max(axis=(0, 2)))
    where = f" (on the way back the first wrong step is t = {np.flatnonzero(far)[-1]})" if far.any() else ""
    expect(obtained, due, f"delta_h{where}", tolerance=GRADIENT, known=error_slips(net))


@E05_4.case("T = 7")
def _(answer, draw):
    net = deal(draw)
    expect_errors(answer.errors_through_time(net.delta_y, net.h, net.U, net.V), net)
    obtained = answer.grad_recurrent(net.delta_y, net.h, net.h0, net.U, net.V)
    due = bptt.gradients(net.delta_y, net.cache)["U"]
    expect(obtained, due, "dL/dU", tolerance=GRADIENT, known=recurrent_slips(net))


@E05_4.case("T = 1 and T = 2")
def _(answer, draw):
    for T in (1, 2):
        net = deal(draw, T=T)
        expect_errors(answer.errors_through_time(net.delta_y, net.h, net.U, net.V), net)
        obtained = answer.grad_recurrent(net.delta_y, net.h, net.h0, net.U, net.V)
        due = bptt.gradients(net.delta_y, net.cache)["U"]
        expect(obtained, due, f"dL/dU for T = {T}", tolerance=GRADIENT, known=recurrent_slips(net))


@E05_4.case("a copy of U for every step")
def _(answer, draw):
    net = deal(draw, T=4)

    def loss_of_copies(copies):
        h, total = net.h0, 0.0
        for t, copy in enumerate(copies):
            h = np.tanh(net.x[:, t] @ net.weights["W"] + h @ copy + net.weights["b_h"])
            total += 0.5 * ((h @ net.V + net.weights["b_y"] - net.target[:, t]) ** 2).sum()
        return total

    due = bptt.central_differences(loss_of_copies, np.stack([net.U] * 4)).sum(axis=0)
    obtained = answer.grad_recurrent(net.delta_y, net.h, net.h0, net.U, net.V)
    expect(obtained, due, "dL/dU (the sum of central differences over the copies)", tolerance=DIFFERENCES)


@E05_4.case("x_0 and the last loss")
def _(answer, draw):
    net = deal(draw)
    last = np.zeros_like(net.delta_y)
    last[:, -1] = net.delta_y[:, -1]

    def last_loss(x_0):
        return net.losses(x=np.concatenate([x_0[:, None], net.x[:, 1:]], axis=1))[-1]

    delta_h = answer.errors_through_time(last, net.h, net.U, net.V)
    expect(delta_h, net.h, "delta_h", tolerance=ANY_VALUE)
    due = bptt.central_differences(last_loss, net.x[:, 0])
    expect(delta_h[:, 0] @ net.weights["W"].T, due, "d(last loss)/dx_0, from your delta_h_0,", tolerance=DIFFERENCES)


E05_5 = Exercise(
    "E05.5",
    "The rest",
    slides=("D1.11", "D4.13"),
    names=("grad_rest", "misprinted_bias", "right_bias"),
    hints=(
        "Each weight meets its own input where it enters: W meets x_t, a bias meets 1. b_h enters at a_t, b_y beyond "
        "the read-out. On the slide, hold the five names against D4's two formulas.",
        "With delta_h = errors_through_time(...): dL/dW sums x_t.T @ delta_h_t, dL/db_h sums delta_h and dL/db_y sums "
        "delta_y, over rows and steps. On the slide: which name is in neither formula, and which bias of the formulas "
        "is missing?",
    ),
)


@E05_5.case("values")
def _(answer, draw):
    net = deal(draw)
    due = bptt.gradients(net.delta_y, net.cache)
    obtained = answer.grad_rest(net.delta_y, net.x, net.h, net.U, net.V)
    expect(obtained, (due["W"], due["b_h"], due["b_y"]), "dL/dW, dL/db_h, dL/db_y", tolerance=ANY_VALUE)
    slips = error_slips(net) | sum_slips(bptt.errors_through_time(net.delta_y, net.h, net.U, net.V))
    W_slips = {sentence: sum_over_steps(net.x, errors) for sentence, errors in slips.items()}
    b_h_slips = {sentence: errors.sum(axis=(0, 1)) for sentence, errors in slips.items()}
    b_y_slips = {sentence: errors.sum(axis=(0, 1)) for sentence, errors in sum_slips(net.delta_y).items()}
    expect(obtained[0], due["W"], "dL/dW", tolerance=GRADIENT, known=W_slips)
    expect(obtained[1], due["b_h"], "dL/db_h", tolerance=GRADIENT, known=b_h_slips)
    expect(obtained[2], due["b_y"], "dL/db_y", tolerance=GRADIENT, known=b_y_slips)


@E05_5.case("central differences, softmax and cross-entropy")
def _(answer, draw):
    net = deal(draw, kind="cross-entropy")
    due = tuple(
        bptt.central_differences(lambda w, name=name: net.losses(**{name: w}).sum(), net.weights[name])
        for name in ("W", "b_h", "b_y")
    )
    obtained = answer.grad_rest(net.delta_y, net.x, net.h, net.U, net.V)
    expect(obtained, due, "dL/dW, dL/db_h, dL/db_y", tolerance=DIFFERENCES)


@E05_5.case("the misprint")
def _(answer, draw):
    letters = ("U", "V", "W", "b_x", "b_h", "b_y")
    in_formula = "{} is a parameter of the network: it stands in one of D4's two formulas"
    known = {in_formula.format(name): name for name in ("b_h", "U", "V", "W")}
    known["b_y is not among the five derivatives that the slide prints"] = "b_y"
    expect_choice(answer["misprinted_bias"], "b_x", "misprinted_bias", letters, known)
    known = {f"dL/d{name} is on the slide already": name for name in ("b_h", "U", "V", "W")}
    known["b_x stands in neither formula of the network"] = "b_x"
    expect_choice(answer["right_bias"], "b_y", "right_bias", letters, known)


E05_8 = Exercise(
    "E05.8",
    "Do not touch the caller's arrays",
    slides=("D4.13",),
    names=("backward",),
    hints=(
        "The recursion is that of E05.4 with dh_t in the place of delta_y_t @ V.T. Then look for +=, *= and for "
        "writing into a slice of anything that came in as an argument; a dict's copy() still holds the same arrays.",
        "Make a new array for the errors, delta_h = np.zeros_like(h), and fill it: delta_h[:, t] = "
        "(dh[:, t] + later @ U.T) * (1 - h[:, t] ** 2). Then dL/dx = delta_h @ W.T and dL/dh0 = delta_h[:, 0] @ U.T.",
    ),
)


def call_twice(names, dh, cache):
    """Runs where the student's function lives: two calls on the same arrays, and the arrays afterwards."""
    import copy

    first = copy.deepcopy(names["backward"](dh, cache))
    if first is None:
        return None
    try:
        second = names["backward"](dh, cache)
    except Exception as error:
        second = f"{type(error).__name__}: {error}"
    return {"first": first, "second": second, "afterwards": {"dh": dh, **cache}}


def call_backward_twice(answer, draw):
    """What was dealt, what the probe brought back, and the gradients due."""
    net = deal(draw)
    net.dh = net.delta_y @ net.V.T
    net.given = {name: net.cache[name] for name in ("x", "h0", "h", "W", "U")}
    found = answer.probe(call_twice, net.dh, net.given)
    require(isinstance(found, dict) and len(found) == 3, "backward could not be called twice.")
    return net, found, bptt.layer_gradients(net.dh, net.cache)


@E05_8.case("five gradients")
def _(answer, draw):
    net, found, due = call_backward_twice(answer, draw)
    delta_h = bptt.errors_through_time(net.delta_y, net.h, net.U, net.V)
    known = {f"dL/dU: {sentence}": {**due, "U": value} for sentence, value in recurrent_slips(net).items()} | {
        "dL/dh0: the way from a_0 to h_{-1} leads through U": {**due, "h0": delta_h[:, 0]},
        "dL/dh0: U is not transposed on the way back": {**due, "h0": delta_h[:, 0] @ net.U},
        "W and U are exchanged": {**due, "W": due["U"], "U": due["W"]},
        "x and W are exchanged": {**due, "W": due["x"], "x": due["W"]},
    }
    expect(found["first"], due, "gradients", tolerance=GRADIENT, known=known)


@E05_8.case("the caller's arrays")
def _(answer, draw):
    net, found, _ = call_backward_twice(answer, draw)
    given, after = {"dh": net.dh, **net.given}, found["afterwards"]
    require(isinstance(after, dict), "backward could not be called twice.")
    other = sorted(given.keys() ^ after.keys())
    require(not other, f"backward adds or removes entries of the caller's cache: {', '.join(other)}.")
    for name, array in given.items():
        what = "the caller's dh" if name == "dh" else f"the caller's cache['{name}']"
        known = {f"{what} was written into": after[name]}
        expect(after[name], array, f"{what}, after two calls,", tolerance=0.0, known=known)


@E05_8.case("a second call on the same arrays")
def _(answer, draw):
    _, found, due = call_backward_twice(answer, draw)
    second = found["second"]
    require(not isinstance(second, str), f"the second call on the same arrays raised {second}")
    sentence = "something was kept from the first call: in the arrays, in a global name or in a default argument"
    expect(second, due, "second call: gradients", tolerance=GRADIENT, known={sentence: second})
