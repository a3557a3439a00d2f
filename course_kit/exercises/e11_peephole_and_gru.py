"""Notebook 11: gates that look at the cell, and the gated recurrent unit. Its exercises, from four modules."""

from course_kit.exercises.gru_conventions import E11_2, E11_3
from course_kit.exercises.gru_measured import E11_5, E11_6
from course_kit.exercises.gru_reset import E11_4
from course_kit.exercises.peephole_cell import E11_1

__all__ = ["E11_1", "E11_2", "E11_3", "E11_4", "E11_5", "E11_6"]
