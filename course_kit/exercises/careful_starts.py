"""Notebook 07, factors near one: E07.4 and E07.5. ``e07_taming_gradients`` collects the exercises."""

import numpy as np

from course_kit.checking import Exercise, expect, require
from course_kit.exercises.closed import one_of
from course_kit.exercises.relative import ANY_VALUE, expect_relative
from course_kit.reference.bptt import central_differences
from course_kit.reference.jacobians import product
from course_kit.reference.residual import residual_forward, residual_jacobians, residual_step

ORTHOGONAL = 1e-6  # slides.yaml, E07.4
JACOBIAN = 1e-10  # slides.yaml, E07.5
STEPS = 50

E07_4 = Exercise(
    "E07.4",
    "Initialise with care",
    slides=("D4.21",),
    names=("orthogonal", "scaled", "linear_gradient_norms"),
    hints=(
        "np.linalg.qr splits A into an orthogonal and a triangular matrix. The spectral radius is the largest absolute "
        "eigenvalue, and it scales as the matrix does. On its way back a row gradient meets U transposed.",
        "orthogonal: q, r = np.linalg.qr(A); return q. scaled: A * rho / np.abs(np.linalg.eigvals(A)).max(). norms: "
        "start with np.linalg.norm(g), then K times g = g @ U.T.",
    ),
)


def radius(A):
    return float(np.abs(np.linalg.eigvals(A)).max())


@E07_4.case("orthogonal", hint="Print Q.T @ Q: it must be the identity.")
def _(answer, draw):
    n = draw.integer(3, 8)
    found = []
    for _ in range(2):
        A = draw.normal(n, n)
        r = np.linalg.qr(A)[1]
        Q = answer.orthogonal(A)
        expect(Q, A, "orthogonal(A)", tolerance=np.inf)
        Q = np.asarray(Q, dtype=float)
        gram = Q.T @ Q
        wrong = {
            "this is R, the triangular factor; Q is the other one": np.allclose(np.abs(Q), np.abs(r)),
            "the columns have length 1, but they are not at right angles to each other": np.allclose(np.diag(gram), 1),
            "A was divided by a norm: that makes it smaller, not orthogonal": np.allclose(Q * A[0, 0], A * Q[0, 0]),
        }
        known = next((sentence for sentence, holds in wrong.items() if holds), "")
        off = float(np.abs(gram - np.eye(n)).max())
        require(off <= ORTHOGONAL, f"Q.T @ Q differs from the identity by up to {off:.2g}.", known=known)
        found.append(Q)
    differ = np.abs(found[0] - found[1]).max() > 1e-3
    require(differ, "orthogonal(A) is the same for two different A: a random start is to come from A.")


@E07_4.case("a given spectral radius")
def _(answer, draw):
    for rho in (0.9, float(draw.uniform(0.3, 1.3))):
        A = draw.normal(6, 6)
        U, S = A * rho / radius(A), np.linalg.svd(A, compute_uv=False)
        known = {
            "the 2-norm was made rho; the spectral radius is the largest absolute eigenvalue": A * rho / S[0],
            "the Frobenius norm was made rho": A * rho / np.linalg.norm(A),
            "A was multiplied by rho; divide by the radius that it has": A * rho,
            "the largest entry was made rho": A * rho / np.abs(A).max(),
            "the largest real part was taken; eigenvalues are complex, take their absolute value": (
                A * rho / np.linalg.eigvals(A).real.max()
            ),
        }
        expect(answer.scaled(A, rho), U, f"scaled(A, {rho:.3g})", tolerance=1e-9, known=known)


def norms_back(U, g, K):
    found = [np.linalg.norm(g)]
    for _ in range(K):
        g = g @ U.T
        found.append(np.linalg.norm(g))
    return np.array(found)


@E07_4.case("a gradient on its way back")
def _(answer, draw):
    U, g, K = draw.normal(5, 5, scale=0.5), draw.normal(5), draw.integer(6, 12)
    due = norms_back(U, g, K)
    known = {
        "g was multiplied by U; on the way back it meets U transposed": norms_back(U.T, g, K),
        "the squares of the norms came back": due**2,
    }
    obtained = answer.linear_gradient_norms(U, g, K)
    expect(obtained, due, "linear_gradient_norms", tolerance=ANY_VALUE)
    expect_relative(obtained, due, "linear_gradient_norms", tolerance=1e-9, known=known)


@E07_4.case("constant over 100 steps", hint="With U of your orthogonal function no step may change the length of g.")
def _(answer, draw):
    A, g = draw.normal(8, 8), draw.normal(8)
    Q = answer.orthogonal(A)
    expect(Q, A, "orthogonal(A)", tolerance=np.inf)
    obtained = answer.linear_gradient_norms(np.asarray(Q, dtype=float), g, 100)
    due = np.full(101, np.linalg.norm(g))
    expect(obtained, due, "the norms over 100 steps with your orthogonal matrix", tolerance=ORTHOGONAL)


E07_5 = Exercise(
    "E07.5",
    "Skip connection",
    slides=("D4.25",),
    names=("skip_step", "skip_jacobian", "skip_product_norm", "skip_does"),
    hints=(
        "h_t = h_{t-1} + F is a sum, and so is its derivative: the first part gives the identity, the second what it "
        "gave without the skip. The slope of tanh is 1 - F^2, where F is the tanh and not the new state.",
        "F = np.tanh(x @ W + h @ U + b); skip_step: h + F; skip_jacobian: np.eye(n) + (1 - F**2)[:, :, None] * U.T; "
        "skip_product_norm: for each t total = skip_jacobian(x[:, t], h, ...) @ total, then h = skip_step(...); the "
        "2-norm of each total.",
    ),
)


def deal_skip(draw, steps):
    m, n = draw.sizes(high=5)
    x, h0 = draw.normal(2, steps, m, scale=0.5), draw.normal(2, n, scale=0.5)
    return x, h0, draw.normal(m, n, scale=0.6), draw.normal(n, n, scale=0.6), draw.normal(n, scale=0.3)


@E07_5.case("one step")
def _(answer, draw):
    x, h, W, U, b = deal_skip(draw, 1)
    x = x[:, 0]
    F, new = np.tanh(x @ W + h @ U + b), residual_step(x, h, W, U, b)
    known = {
        "the skip is missing: h_{t-1} is added": F,
        "the skip went inside the tanh; it goes around it": np.tanh(x @ W + h @ U + b + h),
        "x was added; the skip leads from the state to the state": F + x if x.shape == F.shape else F,
    }
    expect(answer.skip_step(x, h, W, U, b), new, "h_t", known=known)
    J, eye = residual_jacobians(new[:, None], h, U)[:, 0], np.eye(len(U))
    known = {
        "the identity is missing": J - eye,
        "1 - h_t^2 was taken of the new state; tanh gave F, the state is more": eye + (1 - new**2)[:, :, None] * U.T,
        "U is not transposed": eye + (1 - F**2)[:, :, None] * U,
        "the identity got the slope as well: it goes around the tanh": (1 - F**2)[:, :, None] * (eye + U.T),
        "ones were added in every place; the identity has them on the diagonal": J - eye + 1.0,
        "the result is transposed": np.swapaxes(J, 1, 2),
    }
    expect(answer.skip_jacobian(x, h, W, U, b), J, "dh_t/dh_{t-1}", tolerance=JACOBIAN, known=known)


@E07_5.case("a nudge of h", hint="Move one entry of h by 1e-5 in both directions and see what your skip_step does.")
def _(answer, draw):
    x, h, W, U, b = deal_skip(draw, 1)
    x = x[:, 0]
    slopes = np.stack(
        [
            central_differences(lambda start, r=r: residual_step(x[r : r + 1], start[None], W, U, b)[0], h[r])
            for r in range(2)
        ]
    )
    expect(answer.skip_jacobian(x, h, W, U, b), slopes, "dh_t/dh_{t-1}, against nudges,", tolerance=1e-6)


@E07_5.case("fifty steps", hint="One entry for each sequence: the 2-norm of J_T ... J_1, the last step leftmost.")
def _(answer, draw):
    x, h0, W, U, b = deal_skip(draw, STEPS)
    steps = residual_jacobians(residual_forward(x, h0, W, U, b), h0, U)
    total = product(steps)
    known = {
        "this is the Frobenius norm; the 2-norm is asked for": np.linalg.norm(total, axis=(1, 2)),
        "the first step stands on the left; the last one belongs there": np.linalg.norm(
            product(steps[:, ::-1]), 2, axis=(1, 2)
        ),
        "this is the product of the norms, a bound; the norm of the product is due": np.linalg.norm(
            steps, 2, axis=(2, 3)
        ).prod(axis=1),
        "this is the norm of the last step": np.linalg.norm(steps[:, -1], 2, axis=(1, 2)),
        "the identity is missing: this is the product of the parts through tanh": np.linalg.norm(
            product(steps - np.eye(len(U))), 2, axis=(1, 2)
        ),
    }
    due = np.linalg.norm(total, 2, axis=(1, 2))
    obtained = answer.skip_product_norm(x, h0, W, U, b)
    expect_relative(obtained, due, "skip_product_norm", tolerance=1e-8, known=known)


@E07_5.case("what a skip does", hint="Read the two curves of the figure at 50 steps.")
def _(answer, draw):
    known = {
        "the slide's heading says so, but in the figure the product with the skip grows": "a",
        "a factor I + F' is not near 1 in every direction: the figure shows growth over fifty steps": "c",
        "compare the two curves of the small kernel: without the skip nothing is left, with it all is": "d",
    }
    found = one_of(answer["skip_does"], "abcd", "skip_does")
    expect(found, "b", "skip_does", reveal=False, known=known)
