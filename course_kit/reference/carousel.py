"""What becomes of an error on its way back along the cell state (slides D1.27, D4.33-D4.42).

Blocks are stacked as on the slides of D4: g, i, o for the cell of 1997, g, i, o, f with the forget gate. Entry [a, b]
of a derivative is the change of the new state's entry a for a change of the old one's entry b, as in `jacobians`.
"""

import numpy as np

from course_kit.reference.activations import sigmoid


def no_forget_gates(x: np.ndarray, h: np.ndarray, W: np.ndarray, U: np.ndarray, b: np.ndarray):
    """g, i, o of D4.35 for rows: x (N, m), h (N, n), W (m, 3n), U (n, 3n), b (3n,)."""
    a_g, a_i, a_o = np.split(x @ W + h @ U + b, 3, axis=-1)
    return np.tanh(a_g), sigmoid(a_i), sigmoid(a_o)


def no_forget_derivatives(x, c, o, W, U, b) -> tuple[np.ndarray, np.ndarray]:
    """dc_t/dc_{t-1} of the cell of 1997, (n, n) twice: with h_{t-1} held, and through h_{t-1} = o_{t-1} tanh(c_{t-1}).

    One example: x (m,), c and o (n,), both of the step before; W (m, 3n), U (n, 3n), b (3n,).
    """
    g, i, _ = no_forget_gates(x, o * np.tanh(c), W, U, b)
    U_g, U_i, _ = np.split(U, 3, axis=1)
    by_h = (i * (1 - g**2))[:, None] * U_g.T + (g * i * (1 - i))[:, None] * U_i.T
    direct = np.eye(len(c))
    return direct, direct + by_h * (o * (1 - np.tanh(c) ** 2))


def forgetting_forward(x, h0, c0, W, U, b) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """h, c and f of the cell of D4.41, (N, T, n) each; W (m, 4n), U (n, 4n), b (4n,) in the order g, i, o, f."""
    h, c, series = h0, c0, []
    for t in range(x.shape[1]):
        a_g, a_i, a_o, a_f = np.split(x[:, t] @ W + h @ U + b, 4, axis=-1)
        f = sigmoid(a_f)
        c = f * c + sigmoid(a_i) * np.tanh(a_g)
        h = sigmoid(a_o) * np.tanh(c)
        series.append((h, c, f))
    return tuple(np.stack(s, axis=1) for s in zip(*series, strict=True))


def bias_to_keep(share: float, steps: float) -> float:
    """The b_f with sigmoid(b_f)^steps = share.

    >>> round(bias_to_keep(0.5, 60), 4)
    4.4551
    """
    rate = np.log(share) / steps  # log of the gate
    return float(rate - np.log(-np.expm1(rate)))


def half_life(b_f: float) -> float:
    """Steps after which half of a stored value is left, the gate standing at sigmoid(b_f).

    >>> round(half_life(1.0), 3)
    2.213
    """
    return float(np.log(2.0) / np.log1p(np.exp(-b_f)))


def carousel(e: np.ndarray, f: np.ndarray) -> np.ndarray:
    """dL/dc_t for t = 0 .. T, (T + 1, n), from e (T, n), the errors that enter at c_1 .. c_T, and f (T, n).

    dL/dc_t = e_t + f_{t+1} dL/dc_{t+1}; nothing enters at c_0 but what comes round.
    """
    dc = np.zeros((len(e) + 1, e.shape[1]))
    dc[-1] = e[-1]
    for t in range(len(e) - 1, -1, -1):
        dc[t] = f[t] * dc[t + 1] + (e[t - 1] if t else 0.0)
    return dc


def fed_to_gates(dc, c_before, g, i, f) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """dL/da of g, i and f, where a is what stands inside the squashing; all arrays of one shape."""
    return dc * i * (1 - g**2), dc * g * i * (1 - i), dc * c_before * f * (1 - f)
