"""Aidan Gomez's numerical example of one LSTM training step (slide D1.27), a single unit, gate by gate.

Everything is a number or a short vector, in his order a, i, f, o (a is the candidate): x (T, m), labels (T,), W (m, 4),
U (4,), b (4,). The unit starts from out = state = 0, and L = sum_t (out_t - label_t)^2 / 2.

The slide gives only the reference, and the stored copies of the page have lost their formulas, so weights, inputs and
labels are recalled. Every result in the course is computed from them here.
"""

import numpy as np

from course_kit.reference.activations import sigmoid

W = np.array([[0.45, 0.95, 0.70, 0.60], [0.25, 0.80, 0.45, 0.40]])
U = np.array([0.15, 0.80, 0.10, 0.25])
B = np.array([0.20, 0.65, 0.15, 0.10])
X = np.array([[1.0, 2.0], [0.5, 3.0]])
LABELS = np.array([0.5, 1.25])

SIX = ("a", "i", "f", "o", "state", "out")


def step(x, out, state, W, U, b) -> tuple[float, ...]:
    """a, i, f, o, state, out after reading x (m,), from out and state of the step before."""
    z = x @ W + out * U + b
    a, (i, f, o) = np.tanh(z[0]), sigmoid(z[1:])
    state = f * state + a * i
    return tuple(float(v) for v in (a, i, f, o, state, o * np.tanh(state)))


def forward(x, W, U, b) -> list[dict[str, float]]:
    """The six numbers of every step, by name."""
    steps, out, state = [], 0.0, 0.0
    for row in x:
        steps.append(dict(zip(SIX, step(row, out, state, W, U, b), strict=True)))
        out, state = steps[-1]["out"], steps[-1]["state"]
    return steps


def loss(x, labels, W, U, b) -> float:
    """L, half the squared distance to the labels."""
    return float(sum(0.5 * (s["out"] - label) ** 2 for s, label in zip(forward(x, W, U, b), labels, strict=True)))


def backward_step(label, now, before, later, W, U) -> tuple:
    """Delta, d_out, d_state, d_gates (4,), dx (m,), Delta_out for the step before.

    now and before hold the six numbers of this step and the one before; later holds Delta_out, d_state and f of the
    step after, zeros at the end.
    """
    a, i, f, o, state, out = (now[name] for name in SIX)
    Delta = out - label
    d_out = Delta + later["Delta_out"]
    d_state = d_out * o * (1 - np.tanh(state) ** 2) + later["d_state"] * later["f"]
    d_gates = np.array(
        [
            d_state * i * (1 - a**2),
            d_state * a * i * (1 - i),
            d_state * before["state"] * f * (1 - f),
            d_out * np.tanh(state) * o * (1 - o),
        ]
    )
    return Delta, d_out, d_state, d_gates, W @ d_gates, float(U @ d_gates)


NOTHING = {name: 0.0 for name in SIX}
NO_LATER = {"Delta_out": 0.0, "d_state": 0.0, "f": 0.0}


def backward(x, labels, W, U, b, truncated: bool = False) -> list[tuple]:
    """The six results of `backward_step` for every step; truncated: nothing comes from a later step (tau = 1)."""
    steps, results, later = forward(x, W, U, b), [], NO_LATER
    for t in reversed(range(len(x))):
        results.append(backward_step(labels[t], steps[t], steps[t - 1] if t else NOTHING, later, W, U))
        if not truncated:
            later = {"Delta_out": results[-1][5], "d_state": results[-1][2], "f": steps[t]["f"]}
    return results[::-1]


def gradients(x, labels, W, U, b, truncated: bool = False) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """dW (m, 4), dU (4,), db (4,)."""
    d_gates = np.stack([r[3] for r in backward(x, labels, W, U, b, truncated)])
    out = np.array([s["out"] for s in forward(x, W, U, b)])
    return x.T @ d_gates, out[:-1] @ d_gates[1:], d_gates.sum(axis=0)


def largest_out(t: int) -> float:
    """No unit that starts at 0 gets beyond this at step t = 0, 1, ...: each step adds |a i| < 1, so |state| < t + 1."""
    return float(np.tanh(t + 1))


def floor(label: float, bound: float = 1.0) -> float:
    """What half the squared distance to `label` cannot fall below if |out| stays below `bound`."""
    return 0.5 * max(0.0, abs(label) - bound) ** 2
