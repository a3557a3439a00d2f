"""The cell that an architecture search found (Zoph & Le 2017), as TensorFlow Addons had it.

Eight blocks, each with a part from x and a part from h (with the bias): sums in all but block 3, a product there.

    c_t = tanh(c_{t-1} + tanh(sigmoid(s_0) relu(s_1))) tanh(sigmoid(s_2) + relu(p_3))
    h_t = tanh(c_t tanh(tanh(tanh(s_4) sigmoid(s_5)) + sigmoid(tanh(s_6) + sigmoid(s_7)))) P

Row vectors: x (N, m), h (N, p), c (N, n); W (m, 8n), U (p, 8n), b (8n,), P (n, p) or None where p is n.
"""

import numpy as np

from course_kit.reference.activations import sigmoid


def nas_forward(x, h0, c0, W, U, b, P=None) -> tuple[np.ndarray, np.ndarray]:
    """All steps of x (N, T, m) from h0 (N, p) and c0 (N, n): h (N, T, p) and c (N, T, n)."""
    h, c, hs, cs, n = h0, c0, [], [], np.shape(c0)[1]
    for t in range(x.shape[1]):
        from_x, from_h = x[:, t] @ W, h @ U + b
        s = [from_x[:, k * n : (k + 1) * n] + from_h[:, k * n : (k + 1) * n] for k in range(8)]
        p_3 = from_x[:, 3 * n : 4 * n] * from_h[:, 3 * n : 4 * n]
        inner = np.tanh(sigmoid(s[0]) * np.maximum(s[1], 0))
        c = np.tanh(c + inner) * np.tanh(sigmoid(s[2]) + np.maximum(p_3, 0))
        gate = np.tanh(np.tanh(np.tanh(s[4]) * sigmoid(s[5])) + sigmoid(np.tanh(s[6]) + sigmoid(s[7])))
        h = np.tanh(c * gate)
        h = h if P is None else h @ P
        hs.append(h)
        cs.append(c)
    return np.stack(hs, axis=1), np.stack(cs, axis=1)
