"""Notebook 15: five layers after the LSTM. Its exercises, from four modules."""

from course_kit.exercises.conv_lstm_by_hand import E15_1
from course_kit.exercises.depth_and_grid import E15_2, E15_3
from course_kit.exercises.lanes_and_dense import E15_4, E15_5
from course_kit.exercises.which_variant import E15_6

__all__ = ["E15_1", "E15_2", "E15_3", "E15_4", "E15_5", "E15_6"]
