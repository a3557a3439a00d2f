"""What notebook 05 deals, and the wrong forms of backpropagation through time that it knows by name."""

from types import SimpleNamespace

import numpy as np

from course_kit.checking import expect, require
from course_kit.reference import bptt
from course_kit.reference.activations import identity, softmax

GRADIENT = 1e-10  # slides.yaml: what a gradient may differ from GradientTape's
DIFFERENCES = 1e-6  # slides.yaml: what it may differ from central differences
ANY_VALUE = np.inf  # as a tolerance: kind, shape and finiteness are looked at, values are not


def deal(draw, T=7, rows=2, sizes=None, kind="squared error"):
    """A network with inputs and targets, run forward: no two sizes alike, no bias and no start at 0.

    It has x, h0, h, W, U, V, y, target, delta_y, the cache, the five weights by name and ``losses(name=array)``.
    """
    m, n, o = sizes or draw.sizes(3)
    weights = {
        "W": draw.normal(m, n, scale=0.5),
        "U": draw.normal(n, n, scale=1.0 / np.sqrt(n)),
        "b_h": draw.normal(n, scale=0.5),
        "V": draw.normal(n, o),
        "b_y": draw.normal(o),
    }
    x, h0, target = draw.normal(rows, T, m), draw.normal(rows, n), draw.normal(rows, T, o)
    sigma_y, loss = identity, bptt.squared_error
    if kind == "cross-entropy":
        sigma_y, loss, target = softmax, bptt.cross_entropy, np.eye(o)[draw.integers(0, o - 1, rows, T)]
    y, cache = bptt.forward(x, h0, **weights, sigma_y=sigma_y)

    def losses(**changed):
        """L_t (T,) after some of x, h0 and the weights were replaced."""
        given = {"x": x, "h0": h0, **weights, **changed}
        return loss(bptt.forward(**given, sigma_y=sigma_y)[0], target)

    delta_y = bptt.output_error(y, target)
    return SimpleNamespace(**cache, cache=cache, weights=weights, target=target, y=y, delta_y=delta_y, losses=losses)


def expect_choice(obtained, right, what, options, known):
    """Compare the answer to a closed question; one that is no option is told the options."""
    listed = ", ".join(f'"{option}"' for option in options)
    is_option = not isinstance(obtained, str) or obtained.strip() in options
    require(is_option, f"{what} is to be one of {listed}.")
    expect(obtained, right, what, reveal=False, known=known)


def total_of(L_t):
    """(L_t, L): the losses and their sum."""
    return L_t, L_t.sum()


def loss_slips(terms):
    """Wrong forms of (L_t, L) from the terms (N, T, o) that are to be summed."""
    L_t = terms.sum(axis=(0, 2))
    return {
        "the mean over rows and outputs was taken, and the sum is due": total_of(terms.mean(axis=(0, 2))),
        "the mean over the rows was taken, and the sum is due": total_of(terms.sum(axis=2).mean(axis=0)),
        "L is the loss of the last step alone; it is the sum over the steps": (L_t, L_t[-1]),
        "L is the mean over the steps; it is their sum": (L_t, L_t.mean()),
    }


def slipped(delta_y, h, U, V, slope=lambda h: 1.0 - h**2, carry=lambda dh, delta, U: delta @ U.T):
    """delta_h by the recursion, with another derivative of tanh or another thing handed to the step before."""
    delta_h, later = np.empty_like(h), 0.0
    for t in reversed(range(h.shape[1])):
        dh = delta_y[:, t] @ V.T + later
        delta_h[:, t] = dh * slope(h[:, t])
        later = carry(dh, delta_h[:, t], U)
    return delta_h


def error_slips(net):
    """Wrong forms of delta_h."""
    given = (net.delta_y, net.h, net.U, net.V)
    last = np.zeros_like(net.delta_y)
    last[:, -1] = net.delta_y[:, -1]
    return {
        "nothing comes back from step t+1: the recursion is missing": slipped(*given, carry=lambda dh, d, U: 0.0 * d),
        "the derivative of tanh, 1 - h_t^2, is missing": slipped(*given, slope=np.ones_like),
        "what comes back from step t+1 lacks that step's derivative of tanh, 1 - h_{t+1}^2": slipped(
            *given, carry=lambda dh, d, U: dh @ U.T
        ),
        "tanh was applied twice: h_t is tanh(a_t) already, so the derivative is 1 - h_t^2": slipped(
            *given, slope=lambda h: 1.0 - np.tanh(h) ** 2
        ),
        "h (1 - h) is the derivative of the logistic function, not of tanh": slipped(*given, slope=lambda h: h - h * h),
        "U is not transposed on the way back": slipped(*given, carry=lambda dh, d, U: d @ U),
        "only the last loss is sent back: every step adds its own delta_y_t": slipped(last, *given[1:]),
        "the loop runs from the first step to the last; the error goes from the last to the first": slipped(
            net.delta_y[:, ::-1], net.h[:, ::-1], net.U, net.V
        )[:, ::-1],
    }


def sum_slips(errors):
    """Wrong forms of errors (N, T, n) whose sum over rows and steps is due."""
    last = np.zeros_like(errors)
    last[:, -1] = errors[:, -1]
    return {
        "only the last step is there; the sum is over all steps": last,
        "the mean over the rows was taken, and the sum is due": errors / errors.shape[0],
        "the mean over the steps was taken, and the sum is due": errors / errors.shape[1],
    }


def sum_over_steps(inputs, errors):
    """sum_t inputs_t^T errors_t, over the rows as well: the gradient of a kernel."""
    return np.einsum("btm,btn->mn", inputs, errors)


def recurrent_slips(net):
    """Wrong forms of dL/dU: those of the sum over the steps, and those of delta_h."""
    delta_h = bptt.errors_through_time(net.delta_y, net.h, net.U, net.V)
    before = bptt.previous(net.h, net.h0)
    right = sum_over_steps(before, delta_h)
    return {
        "the matrix is transposed": right.T,
        "h_t stands where h_{t-1} is due: U meets the old state": sum_over_steps(net.h, delta_h),
        "h_{-1} is taken as 0, and it is h0: the first step has its term too": sum_over_steps(
            bptt.previous(net.h, 0 * net.h0), delta_h
        ),
        "only the last step's term is there; it is a sum over the steps": sum_over_steps(
            before[:, -1:], delta_h[:, -1:]
        ),
        "the mean over the rows was taken, and the sum is due": right / net.h.shape[0],
        "the mean over the steps was taken, and the sum is due": right / net.h.shape[1],
        "the sign is turned": -right,
        **{sentence: sum_over_steps(before, errors) for sentence, errors in error_slips(net).items()},
    }


def path_slips(net, t):
    """Wrong forms of the contributions (t + 1, n, n) to dL_t/dU."""
    right = bptt.path_contributions(net.delta_y, net.cache, t)
    before = bptt.previous(net.h, net.h0)
    whole = bptt.errors_through_time(net.delta_y, net.h, net.U, net.V)

    def paths(carry=lambda dh, d, U: d @ U.T, states=before):
        alone = np.zeros_like(net.delta_y)
        alone[:, t] = net.delta_y[:, t]
        errors = slipped(alone, net.h, net.U, net.V, carry=carry)
        return np.einsum("btm,btn->tmn", states, errors)[: t + 1]

    return {
        "the order is turned: entry 0 is the longest path, k = 0": right[::-1],
        "each entry is transposed": right.transpose(0, 2, 1),
        "the entries are running sums: each path stands for itself": right.cumsum(axis=0),
        "the errors of all losses are in it, and only L_t is to be split": np.einsum("btm,btn->tmn", before, whole)[
            : t + 1
        ],
        "h_k stands where h_{k-1} is due: U meets the old state": paths(states=net.h),
        "U is not transposed on the way back": paths(carry=lambda dh, d, U: d @ U),
        "a Jacobian is U and the derivative of tanh: 1 - h^2 is missing from it": paths(
            carry=lambda dh, d, U: dh @ U.T
        ),
        "h_{-1} is taken as 0, and it is h0": paths(states=bptt.previous(net.h, 0 * net.h0)),
        "every path has one Jacobian too many: the path k = t has none": one_jacobian_more(net, t),
    }


def one_jacobian_more(net, t):
    """Contributions of a loop that goes back one step before it writes the term down."""
    dh, before, parts = net.delta_y[:, t] @ net.V.T, bptt.previous(net.h, net.h0), []
    for k in reversed(range(t + 1)):
        slope = 1.0 - net.h[:, k] ** 2
        dh = dh * slope @ net.U.T
        parts.append(before[:, k].T @ (dh * slope))
    return np.stack(parts[::-1])


def scalar_slips(delta_y, h, h0, u, v):
    """Wrong values of the printed formula of slide D1.12, for one unit."""
    immediate, total = bptt.state_derivatives(h, h0, u)
    jacobians = u * (1.0 - h**2)
    K = len(h) - 1

    def formula(parts, first=1, last=0):
        return delta_y[K] * v * sum(jacobians[k + first : K + 1 + last].prod() * parts[k] for k in range(K + 1))

    return {
        "dh_k/du is the immediate derivative, h_{k-1} held: with the total one every path is counted more than once": (
            formula(total)
        ),
        "the product starts at j = k+1: with j = k there is one Jacobian too many": formula(immediate, first=0),
        "the product ends at j = K: one Jacobian is missing": formula(immediate, last=-1),
        "the products are missing": delta_y[K] * v * immediate.sum(),
        "that is the gradient of the sum of all losses: the printed formula has dQ/dy_K alone": float(
            (delta_y * v * total).sum()
        ),
    }
