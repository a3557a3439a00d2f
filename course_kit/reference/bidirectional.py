"""Bidirectional network (slides D1.24, D4.45-46): two networks read the same sequence, one of them from its end.

    forward    h_t = tanh(x_t W + h_{t-1} U + b)          from h_{-1} = 0, t = 0 ... T-1
    backward   g_t = tanh(x_t W' + g_{t+1} U' + b')       from g_T = 0, t = T-1 ... 0
    output     y_t = merge(h_t, g_t), each at its own time

Row vectors: x (N, T, m), h and g (N, T, n). ``forward`` and ``backward`` hold the weights (W, U, b) of one way.

M. Schuster, K. K. Paliwal, "Bidirectional recurrent neural networks", IEEE Transactions on Signal Processing 45 (1997),
2673-2681.
"""

from collections.abc import Callable, Sequence

import numpy as np

Weights = Sequence[np.ndarray]

MERGES: dict[str, Callable] = {
    "concat": lambda h, g: np.concatenate([h, g], axis=-1),
    "sum": lambda h, g: h + g,
    "ave": lambda h, g: (h + g) / 2,
    "mul": lambda h, g: h * g,
}


def one_way(x: np.ndarray, W: np.ndarray, U: np.ndarray, b: np.ndarray) -> np.ndarray:
    """All states (N, T, n) of a plain recurrent network that reads x from its first step on."""
    h, states = np.zeros((len(x), len(b))), []
    for t in range(x.shape[1]):
        h = np.tanh(x[:, t] @ W + h @ U + b)
        states.append(h)
    return np.stack(states, axis=1)


def from_the_end(x: np.ndarray, weights: Weights, run: Callable = one_way) -> np.ndarray:
    """All states (N, T, n) of a network that reads x from its last step on; state t stands at time t."""
    return run(x[:, ::-1], *weights)[:, ::-1]


def bidirectional_forward(
    x: np.ndarray, forward: Weights, backward: Weights, merge: str = "concat", run: Callable = one_way
) -> np.ndarray:
    """Both ways over x, merged at each time: (N, T, 2n) for "concat", else (N, T, n)."""
    return MERGES[merge](run(x, *forward), from_the_end(x, backward, run))


def bidirectional_summary(x: np.ndarray, forward: Weights, backward: Weights, run: Callable = one_way) -> np.ndarray:
    """The state of each way when it has read everything, (N, 2n): forwards at the last time, backwards at the first."""
    return np.concatenate([run(x, *forward)[:, -1], from_the_end(x, backward, run)[:, 0]], axis=-1)


def sensitivity_norms(x: np.ndarray, W: np.ndarray, U: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Frobenius norm of dh_{T-1}/dx_t for each t, (T,), of one sequence x (T, m)."""
    h = one_way(x[None], W, U, b)[0]
    slope = 1 - h**2
    norms = np.empty(len(x))
    after = np.eye(len(b))  # dh_{T-1}/dh_t, row: entry of h_t, column: entry of h_{T-1}
    for t in reversed(range(len(x))):
        norms[t] = np.linalg.norm((W * slope[t]) @ after)
        after = (U * slope[t]) @ after
    return norms


def summary_sensitivity_norms(x: np.ndarray, forward: Weights, backward: Weights) -> np.ndarray:
    """The same, (T,), for the summary of both ways: Frobenius norm of d[h_{T-1}, g_0]/dx_t."""
    return np.hypot(sensitivity_norms(x, *forward), sensitivity_norms(x[::-1], *backward)[::-1])
