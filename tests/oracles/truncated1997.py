"""The truncated gradient as the LSTM paper computes it: forwards in time, no backpropagation (appendix A.1).

The only derivatives that are carried from step to step are those of a cell's state by the weights into the cell and
into its input gate. Numbers of equations are the paper's.
"""

import numpy as np
from scipy.special import expit


def truncated_gradient(x, y, s, gates, W, U, b, block_size, pull) -> list[np.ndarray]:
    """The gradient of sum(pull * outputs) by W, U and b, for blocks with gate recurrence and the paper's squashing.

    x (N, T, m) and pull (N, T, n), states as `course_kit.reference.lstm1997_blocks` has them.
    """
    weights = np.concatenate([W, U, b[np.newaxis]])  # everything that a unit sees, one row each, and a constant 1
    gradient = np.zeros_like(weights)
    for row in range(len(x)):
        gradient += _one_row(x[row], y[row], s[row], gates[row], weights, block_size, pull[row])
    m, seen = len(W), len(U)
    return [gradient[:m], gradient[m : m + seen], gradient[-1]]


def _one_row(x, y, s, gates, weights, block_size, pull):
    n = len(s)
    blocks = n // block_size
    gradient = np.zeros_like(weights)
    by_in, by_cell = np.zeros((n, len(weights))), np.zeros((n, len(weights)))  # derivatives of each state
    s = s.copy()
    for t in range(len(x)):
        seen = np.concatenate([x[t], y, gates, [1.0]])
        f = expit(seen @ weights)
        slope = f * (1 - f)  # f' of eq. 3; g = 4 f - 2 and h = 2 f - 1 (eqs 4, 5)
        y = np.empty(n)
        for c in range(n):
            y_in, y_out, cell = c // block_size, blocks + n + c // block_size, blocks + c  # columns
            by_in[c] += (4 * f[cell] - 2) * slope[y_in] * seen  # eq. 25
            by_cell[c] += 4 * slope[cell] * f[y_in] * seen  # eq. 27
            s[c] += f[y_in] * (4 * f[cell] - 2)  # eq. 9
            h = 2 * expit(s[c]) - 1
            h_slope = (1 - h**2) / 2
            y[c] = f[y_out] * h
            gradient[:, y_out] += pull[t, c] * h * slope[y_out] * seen  # eqs 21, 22
            gradient[:, y_in] += pull[t, c] * f[y_out] * h_slope * by_in[c]  # eqs 23, 26
            gradient[:, cell] += pull[t, c] * f[y_out] * h_slope * by_cell[c]  # eqs 23, 28
        gates = np.concatenate([f[:blocks], f[blocks + n :]])
    return gradient
