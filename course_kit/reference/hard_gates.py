"""The gates of an LSTM in three versions of Keras (slide D2.18).

Keras 1, hard_sigmoid   clip(0.2 a + 0.5, 0, 1)     Keras 3, sigmoid   1 / (1 + exp(-a))
Keras 3, hard_sigmoid   clip(a / 6 + 0.5, 0, 1)

Sources: keras-team/keras at tag 1.2.2, keras/backend/tensorflow_backend.py; Keras 3's documentation of
`keras.activations.hard_sigmoid`.
"""

import numpy as np

from course_kit.reference.activations import sigmoid


def keras1_gate(a: np.ndarray) -> np.ndarray:
    """Slope 1/5: shut below -2.5, open above 2.5.

    >>> keras1_gate([-3.0, -1.0, 0.0, 3.0]).round(3).tolist()
    [0.0, 0.3, 0.5, 1.0]
    """
    return np.clip(0.2 * np.asarray(a, dtype=np.float64) + 0.5, 0.0, 1.0)


def keras3_hard_gate(a: np.ndarray) -> np.ndarray:
    """Slope 1/6: shut below -3, open above 3.

    >>> keras3_hard_gate([-3.0, -1.5, 0.0, 3.0]).tolist()
    [0.0, 0.25, 0.5, 1.0]
    """
    return np.clip(np.asarray(a, dtype=np.float64) / 6.0 + 0.5, 0.0, 1.0)


GATES = {"keras 1": keras1_gate, "keras 3": sigmoid, "keras 3 hard": keras3_hard_gate}


def step(x, h, c, W, U, b, gate) -> tuple[np.ndarray, np.ndarray]:
    """One step of an LSTM with the function ``gate``, blocks i, f, c, o; returns h, c, each (N, n)."""
    a_i, a_f, a_c, a_o = np.split(x @ W + h @ U + b, 4, axis=1)
    c = gate(a_f) * c + gate(a_i) * np.tanh(a_c)
    return gate(a_o) * np.tanh(c), c
