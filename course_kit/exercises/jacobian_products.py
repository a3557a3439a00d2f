"""Notebook 06, products of Jacobians: E06.3 and E06.4. ``e06_vanishing_and_exploding`` collects the exercises."""

from dataclasses import dataclass

import numpy as np

from course_kit.checking import Exercise, expect, require
from course_kit.exercises.closed import one_of
from course_kit.reference.bptt import central_differences
from course_kit.reference.elman import elman_forward
from course_kit.reference.jacobians import elman_jacobians, product

T = 7
PRODUCT = 1e-10  # slides.yaml, E06.3
DIFFERENCES = 1e-6  # what central differences with a step of 1e-5 can give


@dataclass(frozen=True)
class Run:
    """Two sequences through a small network: h_0 (2, n), the states h_1 .. h_T (2, T, n), and what made them."""

    h0: np.ndarray
    h: np.ndarray
    U: np.ndarray
    last: object  # h_T as a function of h_0


def deal(draw):
    m, n = draw.sizes(high=5)
    x, h0 = draw.normal(2, T, m, scale=0.5), draw.normal(2, n, scale=0.5)
    W, b = draw.normal(m, n, scale=0.5), draw.normal(n, scale=0.3)
    U = draw.normal(n, n, scale=1.2 / np.sqrt(n))

    def states(start):
        return elman_forward(x, start, W, U, b, np.eye(n), np.zeros(n))[1]

    return Run(h0, states(h0), U, lambda start: states(start)[:, -1])


E06_3 = Exercise(
    "E06.3",
    "Jacobian product",
    slides=("D1.12", "D4.19"),
    names=("step_jacobian", "jacobian_product"),
    hints=(
        "h_t[a] depends on h_{t-1}[b] through U[b, a], and then through tanh, whose slope is 1 - h_t[a]^2. In the "
        "chain rule the last step stands on the left.",
        "step_jacobian: (1 - h**2)[:, :, None] * U.T. jacobian_product: start from the identity and for each t put "
        "step_jacobian(h[:, t], U) @ ... in front.",
    ),
)


@E06_3.case("one step")
def _(answer, draw):
    run = deal(draw)
    h, slope = run.h[:, 3], 1.0 - run.h[:, 3] ** 2
    known = {
        "U is not transposed: entry [a, b] is the change of the new unit a, and U[b, a] leads from b to a": slope[
            :, :, None
        ]
        * run.U,
        "the result is transposed: the new unit is the first index, the old one the second": np.swapaxes(
            elman_jacobians(h, run.U), 1, 2
        ),
        "the slope of tanh multiplies the columns; it belongs to the new unit, the first index": slope[:, None, :]
        * run.U.T,
        "the slope of tanh is missing": np.broadcast_to(run.U.T, (2, *run.U.shape)),
        "1 - tanh(h)^2 was taken of a state that is tanh(a) already; the slope is 1 - h^2": (1 - np.tanh(h) ** 2)[
            :, :, None
        ]
        * run.U.T,
        "the slope of tanh is 1 - h^2, not h^2": (h**2)[:, :, None] * run.U.T,
        "the slope of tanh is 1 - h^2, not 1 - h": (1 - h)[:, :, None] * run.U.T,
    }
    expect(answer.step_jacobian(h, run.U), elman_jacobians(h, run.U), "dh_t/dh_{t-1}", known=known)


@E06_3.case("the product")
def _(answer, draw):
    run = deal(draw)
    steps = elman_jacobians(run.h, run.U)
    total = product(steps)
    entrywise = steps.prod(axis=1)
    known = {
        "the first step stands on the left; a change passes it first, so it stands on the right": product(
            steps[:, ::-1]
        ),
        "the last step is left out": product(steps[:, :-1]),
        "the first step is left out: from h_0 to h_T there are T steps": product(steps[:, 1:]),
        "the product is transposed": np.swapaxes(total, 1, 2),
        "the Jacobians were multiplied entry by entry; the chain rule takes the matrix product": entrywise,
        "the Jacobians were added; the chain rule multiplies": steps.sum(axis=1),
        "only the last step came back": steps[:, -1],
        "U is not transposed": product((1.0 - run.h**2)[..., None] * run.U),
    }
    expect(answer.jacobian_product(run.h, run.U), total, "dh_T/dh_0", tolerance=PRODUCT, known=known)


@E06_3.case("a nudge of h_0", hint="Compare with the change of h_T when one entry of h_0 is moved by 1e-5.")
def _(answer, draw):
    run = deal(draw)
    n = len(run.U)
    slopes = np.empty((2, n, n))
    for row in range(2):
        one = central_differences(lambda start, row=row: run.last(np.tile(start, (2, 1)))[row], run.h0[row])
        slopes[row] = one
    expect(answer.jacobian_product(run.h, run.U), slopes, "dh_T/dh_0, against nudges,", tolerance=DIFFERENCES)


E06_4 = Exercise(
    "E06.4",
    "Norms decide, but not alone",
    slides=("D4.19",),
    names=("norm_of_product", "norm_bound", "U_vanishes", "norm_above_one"),
    hints=(
        "The norm on the slide carries an index 2: the largest factor by which a matrix stretches a vector. For the "
        "matrix look for one that sends every vector, after a few steps, to a place from which it is sent to zero.",
        "np.linalg.norm(J, 2), not np.linalg.norm(J). For U_vanishes try a triangular matrix with zeros on the "
        "diagonal and a large number beside it.",
    ),
)


def norms(jacobians, order=2):
    return np.linalg.norm(jacobians, ord=order, axis=(-2, -1))


def radii(jacobians):
    return np.abs(np.linalg.eigvals(jacobians)).max(axis=-1)


@E06_4.case("norms")
def _(answer, draw):
    run = deal(draw)
    J = elman_jacobians(run.h, run.U)[0]
    whole = product(J[None])[0]
    length = float(norms(whole))
    known = {
        "this is the Frobenius norm, NumPy's default; the slide's norm has the index 2": float(norms(whole, "fro")),
        "this is the largest eigenvalue; the norm is the largest singular value": float(radii(whole)),
        "the first step stands on the left; the last one belongs there": float(norms(product(J[None, ::-1])[0])),
        "this is the product of the norms; the norm of the product is due": float(norms(J).prod()),
        "this is the norm of the last step": float(norms(J[-1])),
    }
    expect(answer.norm_of_product(J), length, "norm_of_product", tolerance=PRODUCT, known=known)
    known = {
        "these are Frobenius norms, which bound as well, and less tightly; the slide's norm has the index 2": float(
            norms(J, "fro").prod()
        ),
        "the largest eigenvalues were multiplied; they bound nothing": float(radii(J).prod()),
        "the norms were added; a bound of a product is a product": float(norms(J).sum()),
        "this is the norm of the product; the product of the norms is due": length,
        "the largest norm was taken for every step; a tighter bound takes each step's own": float(norms(J).max() ** T),
    }
    expect(answer.norm_bound(J), float(norms(J).prod()), "norm_bound", tolerance=PRODUCT, known=known)


@E06_4.case("fifty random cases")
def _(answer, draw):
    for _ in range(50):
        J = draw.normal(draw.integer(2, 8), 3, 3, scale=draw.uniform(0.2, 1.5))
        length, bound = answer.norm_of_product(J), answer.norm_bound(J)
        expect((length, bound), (1.0, 1.0), "norm_of_product, norm_bound", tolerance=np.inf)
        length, bound = float(np.asarray(length).reshape(())), float(np.asarray(bound).reshape(()))
        require(
            length <= bound * (1 + 1e-9),
            f"norm_of_product is {length:.4g} and norm_bound {bound:.4g} for {len(J)} steps: the bound does not hold.",
        )
        expect(
            (length, bound),
            (float(norms(product(J[None])[0])), float(norms(J).prod())),
            "norm_of_product, norm_bound",
            tolerance=1e-8,  # the order in which matrices are multiplied may differ
        )


@E06_4.case("a norm above 1 that vanishes", hint="Its largest eigenvalue must be far below 1, its norm above 1.")
def _(answer, draw):
    U = answer["U_vanishes"]
    shape = U.shape if isinstance(U, np.ndarray) else (2, 2)
    square = len(shape) == 2 and shape[0] == shape[1] <= 100
    require(square, f"U_vanishes must be a square array, at most 100 by 100. Got one of shape {shape}.")
    expect(U, np.zeros(shape), "U_vanishes", tolerance=np.inf)
    U = np.asarray(U, dtype=float)
    norm, radius = float(norms(U)), float(radii(U))
    require(norm > 1.0, f"U_vanishes has the norm {norm:.4g}, and more than 1 is asked for.")
    with np.errstate(all="ignore"):
        after = float(norms(np.linalg.matrix_power(U, 10)))
    symmetric = "for a symmetric matrix the norm is the largest eigenvalue, so it cannot vanish; try a triangular one"
    require(
        after < 1e-6,
        f"U_vanishes has the norm {norm:.4g}, but after ten steps {after:.3g} is left, and less than 1e-6 is asked "
        f"for. Its largest eigenvalue is {radius:.3g}.",
        known=symmetric if np.array_equal(U, U.T) else "",
    )


@E06_4.case("what a norm above 1 says", hint="Your U_vanishes has a norm above 1.")
def _(answer, draw):
    known = {
        "your U_vanishes is a counter-example: every step's norm is above 1 and nothing explodes": "a",
        "if every norm is below 1 the bound goes to 0, so an explosion needs some norm above 1": "c",
        "the bound does say something: with all norms below 1 nothing can explode": "d",
    }
    found = one_of(answer["norm_above_one"], "abcd", "norm_above_one")
    expect(found, "b", "norm_above_one", reveal=False, known=known)
