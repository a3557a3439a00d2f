"""Notebook 04: an ODE becomes an RNN. The field and its fit, E04.1 and E04.2, are here; the others are imported."""

from itertools import pairwise

import numpy as np

from course_kit.checking import Exercise, expect, require
from course_kit.exercises.ode_limits import E04_6
from course_kit.exercises.ode_recast import E04_3, E04_4, E04_5
from course_kit.reference.integrators import euler, rk4, walk
from course_kit.reference.ode_network import fit_output, random_units

__all__ = ["E04_1", "E04_2", "E04_3", "E04_4", "E04_5", "E04_6"]

BOX = np.array([-3.0, -4.0]), np.array([3.0, 4.0])
LADDER = (10, 20, 40, 80)


def van_der_pol(s, mu=1.0):
    x, v = s[..., 0], s[..., 1]
    return np.stack([v, mu * (1 - x**2) * v - x], axis=-1)


E04_1 = Exercise(
    "E04.1",
    "A vector field",
    slides=("D1.9",),
    names=("van_der_pol", "euler", "rk4"),
    hints=(
        "Take the columns apart, x = s[:, 0] and v = s[:, 1], and stack two new columns. Both integrators are one loop "
        "that collects the states, the start included.",
        "np.stack([v, mu * (1 - x**2) * v - x], axis=1). An Euler step is s + dt * g(s). In rk4, k1 = g(s), "
        "k2 = g(s + dt/2 * k1), k3 = g(s + dt/2 * k2), k4 = g(s + dt * k3), and s + dt/6 * (k1 + 2*k2 + 2*k3 + k4). "
        "Collect in a list and np.stack(path, axis=1).",
    ),
)


@E04_1.case("the field at random points")
def _(answer, draw):
    s, mu = draw.normal(5, 2, scale=1.5), draw.uniform(1.5, 3.0)
    x, v = s.T
    force = mu * (1 - x**2) * v - x
    expect(
        answer.van_der_pol(s, mu),
        van_der_pol(s, mu),
        "van_der_pol(s, mu)",
        known={
            "mu is not used": van_der_pol(s),
            "the two columns are exchanged: x' = v comes first": np.stack([force, v], axis=1),
            "x and v are exchanged: x is column 0": van_der_pol(s[:, ::-1], mu)[:, ::-1],
            "the sign of x in v' is wrong: the spring pulls back": np.stack([v, force + 2 * x], axis=1),
            "the square of x is missing": np.stack([v, mu * (1 - x) * v - x], axis=1),
            "the damping has the wrong sign: it is mu (1 - x^2) v": np.stack([v, -mu * (1 - x**2) * v - x], axis=1),
            "the pull of the spring, -x, is missing": np.stack([v, mu * (1 - x**2) * v], axis=1),
        },
    )


def integrate_probe(names, method, s, dt, steps, M):
    """The path by ``method`` of the field sin(s) M, or of the student's own field where M is None; and s afterwards."""
    import numpy as np

    field = names["van_der_pol"] if M is None else lambda s: np.sin(s) @ M
    path = names[method](field, s, dt, steps)
    return None if path is None else (path, s)


def path_of(answer, method, s, dt, steps, M=None):
    found = answer.probe(integrate_probe, method, s, dt, steps, M)
    path, after = found if isinstance(found, tuple | list) and len(found) == 2 else (found, s)
    require(np.array_equal(after, s), f"{method} changed the start s in place: write s = s + ..., not s += ...")
    return path


def slips(path):
    """What is easily done to any path."""
    return {
        "the start is missing: steps + 1 states are due": path[:, 1:],
        "the last state is missing: steps + 1 states are due": path[:, :-1],
        "only the last state came back": path[:, -1],
        "time came first: np.stack(path, axis=1) keeps the batch first": path.swapaxes(0, 1),
    }


@E04_1.case("Euler's steps")
def _(answer, draw):
    s, M, dt, steps = draw.normal(2, 3), draw.normal(3, 3), draw.uniform(0.05, 0.2), 7

    def g(s):
        return np.sin(s) @ M

    path = euler(g, s, dt, steps)
    expect(
        path_of(answer, "euler", s, dt, steps, M),
        path,
        "euler(g, s, dt, steps)",
        known={
            **slips(path),
            "dt is not used": euler(g, s, 1.0, steps),
            "every step starts from s": walk(lambda _, f: s + dt * g(s), s, steps),
            "the old state is not added": walk(lambda s, f: dt * g(s), s, steps),
        },
    )


@E04_1.case(
    "Runge-Kutta's steps",
    hint="Each slope is taken where the one before it leads: k2 and k3 half a step on, k4 a whole one. "
    "Their weights 1, 2, 2, 1 add to six.",
)
def _(answer, draw):
    s, M, dt, steps = draw.normal(2, 3), draw.normal(3, 3), draw.uniform(0.2, 0.4), 7

    def g(s):
        return np.sin(s) @ M

    def with_slopes(half, whole, weights, chained=True):
        def step(s, _):
            k1 = g(s)
            k2 = g(s + half * dt * k1)
            k3 = g(s + half * dt * (k2 if chained else k1))
            k4 = g(s + whole * dt * k3)
            return s + dt * sum(w * k for w, k in zip(weights, (k1, k2, k3, k4), strict=True))

        return walk(step, s, steps)

    def twice_dt(s, _):
        k1 = dt * g(s)
        k2 = dt * g(s + k1 / 2)
        k3 = dt * g(s + k2 / 2)
        k4 = dt * g(s + k3)
        return s + dt / 6 * (k1 + 2 * k2 + 2 * k3 + k4)

    right = np.array([1, 2, 2, 1]) / 6
    path = rk4(g, s, dt, steps)
    expect(
        path_of(answer, "rk4", s, dt, steps, M),
        path,
        "rk4(g, s, dt, steps)",
        known={
            **slips(path),
            "these are Euler's steps": euler(g, s, dt, steps),
            "this is the midpoint method: k2 alone was used": with_slopes(0.5, 1, (0, 1, 0, 0)),
            "the four slopes have equal weights; they are 1, 2, 2, 1 over 6": with_slopes(0.5, 1, np.full(4, 0.25)),
            "k2 and k3 are taken a whole step on; half a step is due": with_slopes(1, 1, right),
            "k4 is taken half a step on; a whole one is due": with_slopes(0.5, 0.5, right),
            "k3 starts from k1; it must use k2": with_slopes(0.5, 1, right, chained=False),
            "dt came in twice, with the slopes and with their mean": walk(twice_dt, s, steps),
            "the sum of the slopes is not divided by 6": with_slopes(0.5, 1, 6 * right),
        },
    )


@E04_1.case("the order of both", hint="Half the step must leave 1/16 of the error of rk4, and about half of Euler's.")
def _(answer, draw):
    s, dt, steps = np.array([[2.0, 0.0], [0.5, 1.0]]) + draw.uniform(-0.1, 0.1, 2, 2), 0.05, 40
    true = rk4(van_der_pol, s, dt / 16, 16 * steps)[:, -1]
    for method, order, room in (("rk4", 16.0, 2.0), ("euler", 2.0, 0.4)):
        coarse, fine = (path_of(answer, method, s, dt / k, k * steps) for k in (1, 2))
        for path, k in ((coarse, 1), (fine, 2)):
            right = (rk4 if method == "rk4" else euler)(van_der_pol, s, dt / k, k * steps)
            expect(path, right, f"{method} on your van_der_pol with mu = 1", tolerance=1e-8)
        ratio = np.linalg.norm(coarse[:, -1] - true) / np.linalg.norm(fine[:, -1] - true)
        require(abs(ratio - order) < room, f"half the step divides {method}'s error by {ratio:.3g}, not by {order:g}.")


E04_2 = Exercise(
    "E04.2",
    "Fit it with n tanh units",
    slides=("D1.8", "D1.9"),
    names=("net_field", "fit_output"),
    hints=(
        "Write H = tanh(s A + b), one row a point, one column a unit. With A and b fixed, C enters linearly: "
        "H C should be near the given values.",
        "net_field is np.tanh(s @ A + b) @ C. fit_output is "
        "np.linalg.lstsq(np.tanh(s @ A + b), values, rcond=None)[0].",
    ),
    limit=20.0,
)


@E04_2.case("the network's field")
def _(answer, draw):
    d, n = draw.sizes()
    s, A, b, C = draw.normal(2, d), draw.normal(d, n), draw.normal(n), draw.normal(n, d)
    H = np.tanh(s @ A + b)
    expect(
        answer.net_field(s, A, b, C),
        H @ C,
        "net_field(s, A, b, C)",
        known={
            "tanh is missing": (s @ A + b) @ C,
            "b is missing": np.tanh(s @ A) @ C,
            "tanh went around everything; the read-out is linear": np.tanh(H @ C),
            "the read-out C is missing": H,
            "b is added outside the tanh": (np.tanh(s @ A) + b) @ C,
        },
    )


@E04_2.case("the read-out of a small network")
def _(answer, draw):
    d, n = draw.sizes(2, low=2, high=6)
    s, A, b = draw.normal(200, d), draw.normal(d, n), draw.normal(n)
    values = draw.normal(200, d)

    def fit(H):
        return np.linalg.lstsq(H, values, rcond=None)[0]

    H, obtained = np.tanh(s @ A + b), answer.fit_output(s, values, A, b)
    require(not isinstance(obtained, tuple), "np.linalg.lstsq returns four things; C is the first of them, [0].")
    expect(
        obtained,
        fit(H),
        "C",
        tolerance=1e-8,
        known={
            "tanh is missing: the units are np.tanh(s @ A + b)": fit(s @ A + b),
            "b is missing": fit(np.tanh(s @ A)),
            "these are the fitted values, H C; the matrix C is due": H @ fit(H),
            "H.T @ values is not divided by anything: solve, do not multiply": H.T @ values,
        },
    )


@E04_2.case(
    "10, 20, 40, 80 units at points not fitted to",
    hint="The columns of H are nearly dependent when n = 80. H.T @ H squares that, and its solution loses the digits "
    "that were to be gained: np.linalg.lstsq works on H itself.",
)
def _(answer, draw):
    fitted, held_out = draw.uniform(-1, 1, 1500, 2) * BOX[1], draw.uniform(-1, 1, 500, 2) * BOX[1]
    errors = []
    for n in LADDER:
        A, b = random_units(n, *BOX, draw.rng)
        C = answer.fit_output(fitted, van_der_pol(fitted), A, b)
        expect(np.shape(C), (n, 2), f"the shape of C for {n} units")
        field = answer.net_field(held_out, A, b, C)
        best = np.tanh(held_out @ A + b) @ fit_output(fitted, van_der_pol(fitted), A, b)
        expect(field, best, f"the field of {n} units at points not fitted to", tolerance=1e-3)
        errors.append(np.sqrt(np.mean((field - van_der_pol(held_out)) ** 2)))
    listed = ", ".join(f"{n}: {e:.2g}" for n, e in zip(LADDER, errors, strict=True))
    require(all(b < a for a, b in pairwise(errors)), f"the error must fall with n. Got {listed}.")
    require(errors[-1] < 1e-3, f"with 80 units the error must be below 0.001. Got {listed}.")
