"""What a step does to a small change of the state (slides D1.12, D4.17-D4.19), in formulas.

Entry [a, b] of a Jacobian is the change of the new state's entry a for a change of the old one's entry b, so that
with row vectors

    Elman:  dh_t/dh_{t-1} = diag(1 - h_t^2) U^T
    LSTM:   dh_t/dh_{t-1} = diag(tanh(c_t) o_t (1 - o_t)) U_o^T + diag(o_t (1 - tanh^2 c_t)) dc_t/dh_{t-1}
            dc_t/dh_{t-1} = diag(c_tilde_t i_t (1 - i_t)) U_i^T + diag(c_{t-1} f_t (1 - f_t)) U_f^T
                            + diag(i_t (1 - c_tilde_t^2)) U_c^T
            dc_t/dc_{t-1} = diag(f_t)          dh_t/dc_{t-1} = diag(o_t (1 - tanh^2 c_t) f_t)

and the derivative over several steps is the product, the last step leftmost.
"""

import numpy as np

from course_kit.reference.bptt import previous


def elman_jacobians(h: np.ndarray, U: np.ndarray) -> np.ndarray:
    """dh_t/dh_{t-1} for every step: (N, T, n, n) from h (N, T, n)."""
    return (1.0 - h**2)[..., :, None] * U.T


def lstm_jacobians(cache: dict) -> np.ndarray:
    """d(h_t, c_t)/d(h_{t-1}, c_{t-1}) for every step: (N, T, 2n, 2n) from the cache of `bptt_lstm.forward`."""
    i, f, c_tilde, o, c = (cache[name] for name in ("i", "f", "c_tilde", "o", "c"))
    U_i, U_f, U_c, U_o = np.split(cache["U"], 4, axis=1)
    squashed, before = np.tanh(c), previous(c, cache["c0"])

    def rows(factor, matrix):
        return factor[..., :, None] * matrix

    c_by_h = rows(c_tilde * i * (1 - i), U_i.T) + rows(before * f * (1 - f), U_f.T) + rows(i * (1 - c_tilde**2), U_c.T)
    c_by_c = rows(f, np.eye(c.shape[-1]))
    slope = o * (1 - squashed**2)
    h_by_h = rows(squashed * o * (1 - o), U_o.T) + rows(slope, c_by_h)
    return np.block([[h_by_h, rows(slope, c_by_c)], [c_by_h, c_by_c]])


def product(jacobians: np.ndarray) -> np.ndarray:
    """The derivative over all steps of (N, T, S, S): the last step's factor leftmost, (N, S, S)."""
    total = np.broadcast_to(np.eye(jacobians.shape[-1]), jacobians[:, 0].shape)
    for t in range(jacobians.shape[1]):
        total = jacobians[:, t] @ total
    return total
