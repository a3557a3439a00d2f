"""Notebook 04, the recurrent network: E04.3, E04.4, E04.5. ``e04_universal_approximation`` collects the notebook."""

import numpy as np

from course_kit.checking import Exercise, expect, require
from course_kit.exercises.closed import one_of
from course_kit.reference.integrators import euler, rk4, walk
from course_kit.reference.ode_network import OdeNetwork

BOX = (-3.0, -4.0), (3.0, 4.0)


def van_der_pol(s):
    x, v = s[..., 0], s[..., 1]
    return np.stack([v, (1 - x**2) * v - x], axis=-1)


def deal_network(draw, d=3, n=5):
    """A network with nothing in common with an oscillator; its field is of the order of 1."""
    return OdeNetwork(draw.normal(d, n), draw.normal(n), draw.normal(n, d, scale=0.5))


def good_network(draw):
    return OdeNetwork.fit(van_der_pol, *BOX, units=80, seed=draw.seed())


E04_3 = Exercise(
    "E04.3",
    "Recast as an RNN",
    slides=("D1.7", "D1.9"),
    names=("recast", "to_hidden", "to_state", "run_hidden"),
    hints=(
        "Differentiate u = s A + b: u' = s' A, and s' is tanh(u) C. What multiplies tanh(u) from the right is a "
        "product of two matrices, (n, n).",
        "recast returns C @ A; to_hidden is s @ A + b; to_state is (u - b) @ np.linalg.pinv(A); a step of run_hidden "
        "is u + dt * np.tanh(u) @ U, collected with the start in front, np.stack(path, axis=1).",
    ),
)


@E04_3.case("the recurrent kernel")
def _(answer, draw):
    d, n = draw.sizes()
    A, C = draw.normal(d, n), draw.normal(n, d)
    expect(
        answer.recast(A, C),
        C @ A,
        "U",
        known={
            "A @ C leads from the system's state back to it, (d, d); the other order leads from unit to unit": A @ C,
            "U is transposed: unit i feeds unit j through row i, column j": (C @ A).T,
            "a tanh is not part of the kernel": np.tanh(C @ A),
        },
    )


@E04_3.case("there and back")
def _(answer, draw):
    network = deal_network(draw)
    s = draw.normal(2, 3)
    u = network.hidden(s)
    expect(
        answer.to_hidden(s, network.A, network.b),
        u,
        "to_hidden(s, A, b)",
        known={
            "tanh is applied already: u is the units' argument": np.tanh(u),
            "b is missing": s @ network.A,
        },
    )
    expect(
        answer.to_state(u, network.A, network.b),
        s,
        "to_state(u, A, b)",
        tolerance=1e-8,
        known={
            "b is not taken off": u @ np.linalg.pinv(network.A),
            "A.T is not the inverse of A": (u - network.b) @ network.A.T,
            "tanh was undone, but u never went through it": network.state(np.arctanh(np.clip(u, -0.99, 0.99))),
        },
    )


@E04_3.case("unit by unit")
def _(answer, draw):
    n, dt = 4, draw.uniform(0.1, 0.3)
    u, U = draw.normal(2, n), draw.normal(n, n)
    due = np.zeros((2, 2, n))
    due[:, 0] = u
    for example in range(2):
        for j in range(n):
            pulls = [np.tanh(u[example, i]) * U[i, j] for i in range(n)]
            due[example, 1, j] = u[example, j] + dt * sum(pulls)
    one = [lambda u: np.tanh(u @ U), lambda u: np.tanh(u) @ U.T, lambda u: u @ U]
    inside, turned, linear = (euler(g, u, dt, 1) for g in one)
    expect(
        answer.run_hidden(u, U, dt, 1),
        due,
        "run_hidden(u, U, dt, 1)",
        known={
            "tanh went around the product: here each unit is squashed before the matrix": inside,
            "U is transposed": turned,
            "tanh is missing": linear,
            "the start is missing: steps + 1 states are due": due[:, 1:],
            "time came first: np.stack(path, axis=1) keeps the batch first": due.swapaxes(0, 1),
            "dt is not used": euler(lambda u: np.tanh(u) @ U, u, 1.0, 1),
            "the old u is not added": walk(lambda u, f: dt * np.tanh(u) @ U, u, 1),
        },
    )


@E04_3.case("the trajectory maps back")
def _(answer, draw):
    network, s, dt, steps = deal_network(draw), draw.normal(2, 3), 0.05, 60
    U = answer.recast(network.A, network.C)
    u = answer.run_hidden(answer.to_hidden(s, network.A, network.b), U, dt, steps)
    expect(np.shape(u), (2, steps + 1, 5), "the shape of the hidden trajectory")
    expect(
        answer.to_state(u, network.A, network.b),
        euler(network.field, s, dt, steps),
        "the hidden trajectory mapped back (N, steps + 1, d)",
        tolerance=1e-7,
    )


E04_4 = Exercise(
    "E04.4",
    "Simulate",
    slides=("D1.8", "D1.9"),
    names=("simulate", "largest_distance"),
    hints=(
        "Everything is there: to_hidden, recast, rk4 with the field u -> tanh(u) U, to_state. The distance of two "
        "points is the root of a sum of squares over the last axis.",
        "U = recast(A, C); u = rk4(lambda u: np.tanh(u) @ U, to_hidden(s, A, b), dt, steps); return to_state(u, A, b). "
        "np.linalg.norm(path - true, axis=-1).max().",
    ),
    limit=20.0,
)


@E04_4.case("a random network")
def _(answer, draw):
    network, s, dt, steps = deal_network(draw), draw.normal(2, 3), draw.uniform(0.1, 0.2), 20
    path = network.simulate(s, dt, steps)
    U = network.kernels()[1]
    hidden = rk4(lambda u: np.tanh(u) @ U, network.hidden(s), dt, steps)
    expect(
        answer.simulate(s, network.A, network.b, network.C, dt, steps),
        path,
        "simulate(s, A, b, C, dt, steps)",
        tolerance=1e-8,
        known={
            "these are Euler's steps; rk4 is due": euler(network.field, s, dt, steps),
            "this is the hidden trajectory: map it back with to_state": hidden,
            "tanh went around the product; it is np.tanh(u) @ U": network.state(
                rk4(lambda u: np.tanh(u @ U), network.hidden(s), dt, steps)
            ),
            "tanh(u) came back: map u itself back with to_state": np.tanh(hidden),
            "b was forgotten on the way back": hidden @ np.linalg.pinv(network.A),
            "only the last state came back": path[:, -1],
            "the start is missing": path[:, 1:],
        },
    )


@E04_4.case("the largest distance")
def _(answer, draw):
    path, true = draw.normal(2, 9, 3), draw.normal(2, 9, 3)
    gap = path - true
    far = np.linalg.norm(gap, axis=-1)
    expect(
        answer.largest_distance(path, true),
        far.max(),
        "largest_distance(path, true)",
        known={
            "this is the largest entry; the distance joins the entries of a point": np.abs(gap).max(),
            "this is the last distance, not the largest": far[:, -1].max(),
            "this is a mean, not the largest": far.mean(),
            "the root is missing": (far**2).max(),
            "this is the norm of everything; one distance for each state is due, then the largest": np.sqrt(
                (gap**2).sum()
            ),
        },
    )


@E04_4.case("eighty units follow van der Pol to t = 10")
def _(answer, draw):
    network, dt, steps = good_network(draw), 0.02, 500
    s = np.array([[2.0, 0.0], [0.1, 0.2], [-1.0, 2.0]]) + draw.uniform(-0.1, 0.1, 3, 2)
    true = rk4(van_der_pol, s, dt / 2, 2 * steps)[:, ::2]
    path = answer.simulate(s, network.A, network.b, network.C, dt, steps)
    expect(np.shape(path), true.shape, "the shape of the path")
    far = np.linalg.norm(path - true, axis=-1).max()
    require(far < 1e-2, f"the path must stay within 0.01 of the true one. It is {far:.2g} away.")


E04_5 = Exercise(
    "E04.5",
    "Push it",
    slides=("D1.9",),
    names=("simulate_forced", "kernel"),
    hints=(
        "Differentiate u = s A + b once more, now with s' = tanh(u) C + f. What does f become? And a Runge-Kutta "
        "step from k to k + 1 wants the force at three times: rows 2k, 2k + 1 and 2k + 2 of f.",
        "u' = tanh(u) U + f W with W = A. Let p = f @ W; then k1 = g(u) + p[2*k], k2 = g(u + dt/2 * k1) + p[2*k + 1], "
        "k3 = g(u + dt/2 * k2) + p[2*k + 1], k4 = g(u + dt * k3) + p[2*k + 2], with g(u) = np.tanh(u) @ U.",
    ),
    limit=20.0,
)


@E04_5.case("the input kernel")
def _(answer, draw):
    expect(
        one_of(answer["kernel"], "abcd", "kernel"),
        "b",
        "kernel",
        reveal=False,
        known={
            "f (d,) cannot be added to u' (n,) as it is": "a",
            "C is (n, d), it leads from the units to the system; the force goes the other way": "c",
            "C A is (n, n), it multiplies tanh(u); f has d entries": "d",
        },
    )


@E04_5.case("a random network, a random force")
def _(answer, draw):
    network, s, dt, steps = deal_network(draw), draw.normal(2, 3), draw.uniform(0.1, 0.2), 12
    f = draw.normal(2 * steps + 1, 3)
    path = network.simulate(s, dt, steps, f)

    def reading(rows):
        """The path if step k reads the force in the three ``rows(k)``."""
        states = [s]
        for k in range(steps):
            states.append(rk4(network.field, states[-1], dt, 1, f[list(rows(k))])[:, 1])
        return np.stack(states, axis=1)

    expect(
        answer.simulate_forced(s, f, network.A, network.b, network.C, dt),
        path,
        "simulate_forced(s, f, A, b, C, dt)",
        tolerance=1e-8,
        known={
            "the force is not used": network.simulate(s, dt, steps),
            "the force of the start is held for the whole step; the slopes want it at three times": reading(
                lambda k: (2 * k, 2 * k, 2 * k)
            ),
            "the rows of f are half steps: step k starts at row 2k": reading(lambda k: (k, k + 1, k + 2)),
            "these are Euler's steps": euler(network.field, s, dt, steps, f),
            "there are two rows a step: (len(f) - 1) // 2 steps are due, not len(f) - 1": np.zeros((2, 2 * steps, 3)),
            "this is the hidden trajectory: map it back with to_state": network.hidden(path),
        },
    )


@E04_5.case("no force")
def _(answer, draw):
    network, s, dt, steps = deal_network(draw), draw.normal(2, 3), draw.uniform(0.1, 0.2), 12
    nothing = np.zeros((2 * steps + 1, 3))
    expect(
        answer.simulate_forced(s, nothing, network.A, network.b, network.C, dt),
        network.simulate(s, dt, steps),
        "the path with f = 0, which is that of E04.4",
        tolerance=1e-9,
    )


@E04_5.case("eighty units follow the forced oscillator to t = 10")
def _(answer, draw):
    network, dt, steps = good_network(draw), 0.02, 500
    s, omega = np.array([[2.0, 0.0]]), draw.uniform(1.5, 2.0)
    f = np.zeros((2 * steps + 1, 2))
    f[:, 1] = np.cos(omega * np.arange(2 * steps + 1) * dt / 2)
    true = rk4(van_der_pol, s, dt, steps, f)
    path = answer.simulate_forced(s, f, network.A, network.b, network.C, dt)
    expect(np.shape(path), true.shape, "the shape of the path")
    far = np.linalg.norm(path - true, axis=-1).max()
    require(far < 1e-2, f"the path must stay within 0.01 of the true one. It is {far:.2g} away.")
