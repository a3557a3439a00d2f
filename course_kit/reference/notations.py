"""Each document's formulas as it prints them, over a dict of its own symbols.

``s`` maps a symbol with its index to an array: ``s["W_f"]`` is D1's input matrix of the forget gate. Matrices are
given for row vectors, as everywhere in the kit: where a slide has U x, here stands x @ U. The squashing functions that
D4 leaves open (f_h, f_y, f tilde) are tanh, none and tanh, as in the other documents. What starts the sequence:
``h0`` (N, n), and for an LSTM the cell state ``s["c"]`` or ``s["C"]``. Each returns h, (N, T, n); the simple networks
also y.
"""

from collections.abc import Callable

import numpy as np

from course_kit.reference.activations import sigmoid


def _simple(W: str, U: str, b: str, V: str) -> Callable:
    """A simple network whose input, recurrent and output matrix have these letters."""

    def forward(s, x, h0):
        h, hs = h0, []
        for t in range(x.shape[1]):
            h = np.tanh(x[:, t] @ s[W] + h @ s[U] + s[b])
            hs.append(h)
        h = np.stack(hs, axis=1)
        return h, h @ s[V] + s["b_y"]

    return forward


d1_simple = _simple("U", "W", "b_h", "V")  # D1.7: h_k = sigma_h(U x_k + W h_{k-1} + b_h), y_k = sigma_y(V h_k + b_y)
d2_simple = _simple("W_h", "U_h", "b_h", "W_y")  # D2.8: h_t = sigma_h(W_h x_t + U_h h_{t-1} + b_h), y_t = ... W_y
d4_simple = _simple("V", "W", "b_h", "U")  # D4.10: h_t = f_h(V x_t + W h_{t-1} + b_h), y_t = f_y(U h_t + b_y)


def d1_lstm(s, x, h0):
    """D1.17-D1.20: separate W x and U h, candidate c~."""
    h, c, hs = h0, s["c"], []
    for t in range(x.shape[1]):
        x_t = x[:, t]
        f = sigmoid(x_t @ s["W_f"] + h @ s["U_f"] + s["b_f"])
        i = sigmoid(x_t @ s["W_i"] + h @ s["U_i"] + s["b_i"])
        c_tilde = np.tanh(x_t @ s["W_c"] + h @ s["U_c"] + s["b_c"])
        o = sigmoid(x_t @ s["W_o"] + h @ s["U_o"] + s["b_o"])
        c = f * c + i * c_tilde
        h = o * np.tanh(c)
        hs.append(h)
    return np.stack(hs, axis=1)


def joined_lstm(s, x, h0):
    """D2.14 and D5.9-D5.12: one matrix for [h, x], candidate C~, state C. D2 prints W_f in i; W_i is meant (E08.7)."""
    h, C, hs = h0, s["C"], []
    for t in range(x.shape[1]):
        hx = np.concatenate([h, x[:, t]], axis=1)
        f = sigmoid(hx @ s["W_f"] + s["b_f"])
        i = sigmoid(hx @ s["W_i"] + s["b_i"])
        C_tilde = np.tanh(hx @ s["W_C"] + s["b_C"])
        C = f * C + i * C_tilde
        o = sigmoid(hx @ s["W_o"] + s["b_o"])
        h = o * np.tanh(C)
        hs.append(h)
    return np.stack(hs, axis=1)


def d3_lstm(s, x, h0):
    """D3.18: the gate as an upper index, candidate u."""
    h, c, hs = h0, s["c"], []
    for t in range(x.shape[1]):
        x_t = x[:, t]
        i = sigmoid(x_t @ s["W_i"] + h @ s["U_i"] + s["b_i"])
        f = sigmoid(x_t @ s["W_f"] + h @ s["U_f"] + s["b_f"])
        o = sigmoid(x_t @ s["W_o"] + h @ s["U_o"] + s["b_o"])
        u = np.tanh(x_t @ s["W_u"] + h @ s["U_u"] + s["b_u"])
        c = i * u + f * c
        h = o * np.tanh(c)
        hs.append(h)
    return np.stack(hs, axis=1)


def d4_lstm(s, x, h0):
    """D4.33-D4.41: V x and W h, candidate g."""
    h, c, hs = h0, s["c"], []
    for t in range(x.shape[1]):
        x_t = x[:, t]
        g = np.tanh(x_t @ s["V_g"] + h @ s["W_g"] + s["b_g"])
        i = sigmoid(x_t @ s["V_i"] + h @ s["W_i"] + s["b_i"])
        o = sigmoid(x_t @ s["V_o"] + h @ s["W_o"] + s["b_o"])
        f = sigmoid(x_t @ s["V_f"] + h @ s["W_f"] + s["b_f"])
        c = f * c + i * g
        h = o * np.tanh(c)
        hs.append(h)
    return np.stack(hs, axis=1)


def d1_gru(s, x, h0):
    """D1.23: z is the share that is written."""
    h, hs = h0, []
    for t in range(x.shape[1]):
        x_t = x[:, t]
        z = sigmoid(x_t @ s["W_z"] + h @ s["U_z"] + s["b_z"])
        r = sigmoid(x_t @ s["W_r"] + h @ s["U_r"] + s["b_r"])
        h_tilde = np.tanh(x_t @ s["W_h"] + (r * h) @ s["U_h"] + s["b_h"])
        h = (1 - z) * h + z * h_tilde
        hs.append(h)
    return np.stack(hs, axis=1)


def d4_gru(s, x, h0):
    """D4.44: u is the share that is kept."""
    h, hs = h0, []
    for t in range(x.shape[1]):
        x_t = x[:, t]
        r = sigmoid(x_t @ s["V_r"] + h @ s["W_r"] + s["b_r"])
        u = sigmoid(x_t @ s["V_u"] + h @ s["W_u"] + s["b_u"])
        g = np.tanh(x_t @ s["V_g"] + (h * r) @ s["W_g"] + s["b_g"])
        h = (1 - u) * g + u * h
        hs.append(h)
    return np.stack(hs, axis=1)
