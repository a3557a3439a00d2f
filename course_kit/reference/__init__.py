"""NumPy float64 twins of the kit's networks: slow, readable, sharing no code with `course_kit.cells`.

Row vectors, batch first: x (N, T, m), states (N, n). Each file opens with its equations and shapes.
"""

from course_kit.reference.activations import identity, sigmoid, softmax
from course_kit.reference.elman import elman_forward, elman_step
from course_kit.reference.jordan import jordan_forward, jordan_step
from course_kit.reference.lstm import lstm_forward, lstm_gates, lstm_step
from course_kit.reference.lstm1997 import lstm1997_forward, lstm1997_step
from course_kit.reference.peephole import peephole_forward, peephole_step

__all__ = [
    "elman_forward",
    "elman_step",
    "identity",
    "jordan_forward",
    "jordan_step",
    "lstm1997_forward",
    "lstm1997_step",
    "lstm_forward",
    "lstm_gates",
    "lstm_step",
    "peephole_forward",
    "peephole_step",
    "sigmoid",
    "softmax",
]
