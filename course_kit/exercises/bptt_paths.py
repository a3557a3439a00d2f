"""Notebook 05, what slide D1.12 prints and the paths it counts: E05.6, E05.7. ``e05_bptt_by_hand`` collects them."""

import numpy as np

from course_kit.checking import Exercise, expect, require
from course_kit.exercises.bptt_slips import (
    ANY_VALUE,
    DIFFERENCES,
    GRADIENT,
    deal,
    expect_choice,
    path_slips,
    scalar_slips,
)
from course_kit.reference import bptt

E05_6 = Exercise(
    "E05.6",
    "What the slide's formula computes",
    slides=("D1.12", "D4.17"),
    names=("state_derivatives", "printed_formula", "total_gradient", "formula_computes"),
    hints=(
        "Write total_k with the help of total_{k-1}. Then see which losses each of the two expressions contains.",
        "total_k = immediate_k + u (1 - h_k^2) total_{k-1}. Printed: delta_y[K] * v * sum_k of prod_{j=k+1..K} of "
        "u (1 - h_j^2), times immediate_k. Total: sum_t of delta_y[t] * v * total_t.",
    ),
)


def deal_scalar(draw):
    """One unit, six steps (K = 5), and what the exercise hands over: delta_y, h, h0, u, v."""
    net = deal(draw, T=6, rows=1, sizes=(1, 1, 1))
    return net, (net.delta_y[0, :, 0], net.h[0, :, 0], net.h0.item(), net.U.item(), net.V.item())


@E05_6.case("immediate and total")
def _(answer, draw):
    _, (_, h, h0, u, _) = deal_scalar(draw)
    immediate, total = bptt.state_derivatives(h, h0, u)
    without_h0, total_without = bptt.state_derivatives(h, 0.0, u)
    known = {
        "the two are exchanged": (total, immediate),
        "h_{-1} is taken as 0, and it is h0": (without_h0, total_without),
        "total is the running sum of the immediate ones: the Jacobian u (1 - h_k^2) is missing": (
            immediate,
            immediate.cumsum(),
        ),
        "h_k stands where h_{k-1} is due": (h * (1 - h**2), total),
    }
    expect(answer.state_derivatives(h, h0, u), (immediate, total), "immediate, total", known=known)


@E05_6.case("two numbers")
def _(answer, draw):
    net, given = deal_scalar(draw)
    printed = bptt.printed_formula(net.delta_y, net.cache).item()
    total = bptt.gradients(net.delta_y, net.cache)["U"].item()
    expect(
        answer.printed_formula(*given), printed, "the printed formula", tolerance=GRADIENT, known=scalar_slips(*given)
    )
    delta_y, h, h0, u, v = given
    immediate, _ = bptt.state_derivatives(h, h0, u)
    known = {
        "that is the slope of the last loss alone; the total is the sum over all losses": printed,
        "only the direct paths are there: each loss also reaches the earlier steps": float(
            (delta_y * v * immediate).sum()
        ),
        "the mean over the steps was taken, and the sum is due": total / len(h),
    }
    expect(answer.total_gradient(*given), total, "the gradient of the sum", tolerance=GRADIENT, known=known)


@E05_6.case("central differences")
def _(answer, draw):
    net, given = deal_scalar(draw)
    slopes = bptt.central_differences(lambda u: net.losses(U=u), net.U)[:, 0, 0]
    expect(answer.total_gradient(*given), slopes.sum(), "the gradient of the sum", tolerance=DIFFERENCES)
    expect(answer.printed_formula(*given), slopes[-1], "the printed formula", tolerance=DIFFERENCES)


@E05_6.case("what the formula computes")
def _(answer, draw):
    known = {
        "move y'_0 in your example: the sum's gradient changes, the printed value does not": "a",
        "the product of Jacobians is in the formula: it follows the paths back to step 0": "c",
        "no mean is taken anywhere in the formula, and no loss but one is in it": "d",
    }
    expect_choice(answer["formula_computes"], "b", "formula_computes", "abcd", known)


E05_7 = Exercise(
    "E05.7",
    "Count the paths",
    slides=("D1.12", "D2.2", "D4.18"),
    names=("path_contributions", "jacobian_factors"),
    hints=(
        "Start at step t with delta_y_t alone. At each step k write down its term for U, then pass one Jacobian on the "
        "way to step k-1, and count them as you go.",
        "dh = delta_y[:, t] @ V.T; for k = t, ..., 0: da = dh * (1 - h_k**2), entry k is h_{k-1}.T @ da, and then "
        "dh = da @ U.T.",
    ),
)


@E05_7.case("five contributions")
def _(answer, draw):
    for t in (4, draw.integer(1, 3)):
        net = deal(draw)
        obtained = answer.path_contributions(net.delta_y, net.h, net.h0, net.U, net.V, t)
        due = bptt.path_contributions(net.delta_y, net.cache, t)
        expect(obtained, due, f"path_contributions for t = {t}", tolerance=GRADIENT, known=path_slips(net, t))


@E05_7.case("their sum")
def _(answer, draw):
    net = deal(draw)
    obtained = answer.path_contributions(net.delta_y, net.h, net.h0, net.U, net.V, 4)
    expect(obtained, np.zeros((5, *net.U.shape)), "path_contributions for t = 4", tolerance=ANY_VALUE)
    slope = bptt.central_differences(lambda U: net.losses(U=U)[4], net.U)
    expect(obtained.sum(axis=0), slope, "the sum of your contributions to dL_4/dU", tolerance=DIFFERENCES)


@E05_7.case("the path without a Jacobian")
def _(answer, draw):
    net = deal(draw)
    other = net.U + draw.normal(*net.U.shape)
    found = [answer.path_contributions(net.delta_y, net.h, net.h0, U, net.V, 4) for U in (net.U, other)]
    for contributions in found:
        expect(contributions, np.zeros((5, *net.U.shape)), "path_contributions for t = 4", tolerance=ANY_VALUE)
    expect(found[1][4], found[0][4], "contribution k = 4, when only U was replaced,", tolerance=GRADIENT)
    require(
        all(np.abs(found[1][k] - found[0][k]).max() > GRADIENT for k in range(4)),
        "the contributions k = 0 to 3 contain U, and yours stay the same when U alone is replaced.",
    )


@E05_7.case("how many Jacobians")
def _(answer, draw):
    known = {
        "entry 0 belongs to k = 0, the longest path": [0, 1, 2, 3, 4],
        "from h_4 to h_4 there is nothing to pass": [5, 4, 3, 2, 1],
        "count the arrows between h_k and h_4, not the steps between them": [3, 2, 1, 0, 0],
    }
    found = answer["jacobian_factors"]
    if isinstance(found, np.ndarray) and found.ndim == 1:
        found = found.tolist()
    expect(found, [4, 3, 2, 1, 0], "jacobian_factors", reveal=False, known=known)
