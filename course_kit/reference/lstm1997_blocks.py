"""LSTM of 1997 with the memory blocks and the gate recurrence of the paper (section 4, appendix A.1, eqs 7-9).

Block j has s cells, one input gate and one output gate. With everything in the hidden layer one step ago,
q = [cell outputs, input gates, output gates], and net = x W + q U + b:

    y_in_j = sigmoid(net_in_j),  y_out_j = sigmoid(net_out_j)
    s_c = s_c + y_in_j g(net_c),  y_c = y_out_j h(s_c)          for each cell c of block j

Columns of W, U and b: b input gates, n = b s cells (block after block), b output gates. Row vectors: x (N, m), cell
outputs and states (N, n), gates (N, 2b); W (m, n + 2b), U (n + 2b, n + 2b), b (n + 2b,). The paper's inputs act one
step later than here.
"""

import numpy as np

from course_kit.reference.activations import sigmoid


def lstm1997_blocks_step(
    x: np.ndarray,
    y: np.ndarray,
    s: np.ndarray,
    gates: np.ndarray,
    W: np.ndarray,
    U: np.ndarray,
    b: np.ndarray,
    block_size: int,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """One step: x_t and the previous cell outputs, states and gates give the new ones."""
    x, y, s, gates = (np.asarray(a, dtype=np.float64) for a in (x, y, s, gates))
    N, n = s.shape
    blocks = n // block_size
    net = x @ W + np.concatenate([y, gates], axis=1) @ U + b
    y_new, s_new, gates_new = np.empty((N, n)), np.empty((N, n)), np.empty((N, 2 * blocks))
    for j in range(blocks):
        y_in, y_out = sigmoid(net[:, j]), sigmoid(net[:, blocks + n + j])
        gates_new[:, j], gates_new[:, blocks + j] = y_in, y_out
        for cell in range(j * block_size, (j + 1) * block_size):
            s_new[:, cell] = s[:, cell] + y_in * (4 * sigmoid(net[:, blocks + cell]) - 2)
            y_new[:, cell] = y_out * (2 * sigmoid(s_new[:, cell]) - 1)
    return y_new, s_new, gates_new


def lstm1997_blocks_forward(
    x: np.ndarray,
    y0: np.ndarray,
    s0: np.ndarray,
    gates0: np.ndarray,
    W: np.ndarray,
    U: np.ndarray,
    b: np.ndarray,
    block_size: int,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """All steps of x (N, T, m): cell outputs and states (N, T, n), gates (N, T, 2b)."""
    steps, state = [], (y0, s0, gates0)
    for t in range(np.shape(x)[1]):
        state = lstm1997_blocks_step(x[:, t], *state, W, U, b, block_size)
        steps.append(state)
    y, s, gates = (np.stack(series, axis=1) for series in zip(*steps, strict=True))
    return y, s, gates
