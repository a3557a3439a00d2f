"""GRU (slides D1.23, D2.13, D4.44), blocks stacked in Keras' order z, r, c_tilde.

    z, r = sigmoid(x W + h U + b), each with its own block
    c_tilde = tanh(x W + (r h) U + b)      (reset before the product: the slides)
    h_t = z h_{t-1} + (1 - z) c_tilde      (update="keep": D4.44, Keras; z is the share that is kept)
    h_t = (1 - z) h_{t-1} + z c_tilde      (update="write": D1.23; z is the share that is written)

Negating the weights of z turns one into the other, since 1 - sigmoid(a) = sigmoid(-a).

With reset_after=True, which no slide has and Keras has by default, b is (2, 3n), a row for x W and a row for h U:

    z, r = sigmoid(x W + b[0] + h U + b[1])
    c_tilde = tanh(x W + b[0] + r (h U + b[1]))

Row vectors: x (N, m), h (N, n); W (m, 3n), U (n, 3n), b (3n,).
"""

import numpy as np

from course_kit.reference.activations import sigmoid


def gru_step(
    x: np.ndarray,
    h: np.ndarray,
    W: np.ndarray,
    U: np.ndarray,
    b: np.ndarray,
    update: str = "keep",
    reset_after: bool = False,
) -> np.ndarray:
    """One step: x_t and the previous h give h_t."""
    if update not in ("keep", "write"):
        raise ValueError(f'update must be "keep" or "write". Got {update!r}.')
    x, h = np.asarray(x, dtype=np.float64), np.asarray(h, dtype=np.float64)
    b_x, b_h = b if reset_after else (b, np.zeros_like(b))
    a_z, a_r, a_c = np.split(x @ W + b_x, 3, axis=1)  # each (N, n)
    U_z, U_r, U_c = np.split(U, 3, axis=1)  # each (n, n)
    b_z, b_r, b_c = np.split(b_h, 3)
    z = sigmoid(a_z + h @ U_z + b_z)
    r = sigmoid(a_r + h @ U_r + b_r)
    past = r * (h @ U_c + b_c) if reset_after else (r * h) @ U_c
    c_tilde = np.tanh(a_c + past)
    kept = z if update == "keep" else 1 - z
    return kept * h + (1 - kept) * c_tilde


def gru_forward(
    x: np.ndarray,
    h0: np.ndarray,
    W: np.ndarray,
    U: np.ndarray,
    b: np.ndarray,
    update: str = "keep",
    reset_after: bool = False,
) -> np.ndarray:
    """All steps of x (N, T, m) from h0 (N, n): h (N, T, n)."""
    N, T, _ = np.shape(x)
    hs, h = np.empty((N, T, U.shape[0])), h0
    for t in range(T):
        h = hs[:, t] = gru_step(x[:, t], h, W, U, b, update, reset_after)
    return hs
