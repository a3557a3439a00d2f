"""GRU, reset before the product (slides D1.23, D2.13, D4.44), blocks stacked in Keras' order z, r, c_tilde.

    z, r = sigmoid(x W + h U + b), each with its own block
    c_tilde = tanh(x W + (r h) U + b)
    h_t = z h_{t-1} + (1 - z) c_tilde      (update="keep": D4.44, Keras; z is the share that is kept)
    h_t = (1 - z) h_{t-1} + z c_tilde      (update="write": D1.23; z is the share that is written)

Negating the weights of z turns one into the other, since 1 - sigmoid(a) = sigmoid(-a).

Row vectors: x (N, m), h (N, n); W (m, 3n), U (n, 3n), b (3n,).
"""

import numpy as np

from course_kit.reference.activations import sigmoid


def gru_step(
    x: np.ndarray, h: np.ndarray, W: np.ndarray, U: np.ndarray, b: np.ndarray, update: str = "keep"
) -> np.ndarray:
    """One step: x_t and the previous h give h_t."""
    if update not in ("keep", "write"):
        raise ValueError(f'update must be "keep" or "write". Got {update!r}.')
    x, h = np.asarray(x, dtype=np.float64), np.asarray(h, dtype=np.float64)
    W_z, W_r, W_c = np.split(W, 3, axis=1)  # each (m, n)
    U_z, U_r, U_c = np.split(U, 3, axis=1)  # each (n, n)
    b_z, b_r, b_c = np.split(b, 3)
    z = sigmoid(x @ W_z + h @ U_z + b_z)
    r = sigmoid(x @ W_r + h @ U_r + b_r)
    c_tilde = np.tanh(x @ W_c + (r * h) @ U_c + b_c)
    kept = z if update == "keep" else 1 - z
    return kept * h + (1 - kept) * c_tilde


def gru_forward(
    x: np.ndarray, h0: np.ndarray, W: np.ndarray, U: np.ndarray, b: np.ndarray, update: str = "keep"
) -> np.ndarray:
    """All steps of x (N, T, m) from h0 (N, n): h (N, T, n)."""
    N, T, _ = np.shape(x)
    hs, h = np.empty((N, T, U.shape[0])), h0
    for t in range(T):
        h = hs[:, t] = gru_step(x[:, t], h, W, U, b, update)
    return hs
