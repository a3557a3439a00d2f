"""Notebook 16: Hopfield, bidirectional associative memory, echo state network, history compressor."""

from course_kit.exercises.recalled_pairs import E16_2
from course_kit.exercises.reservoir_and_compressor import E16_3, E16_4
from course_kit.exercises.settling_net import E16_1

__all__ = ["E16_1", "E16_2", "E16_3", "E16_4"]
