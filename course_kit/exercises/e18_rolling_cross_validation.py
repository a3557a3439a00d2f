"""Notebook 18: validation on time series, one horizon at a time."""

from course_kit.exercises.errors_apart import E18_3, E18_4
from course_kit.exercises.gru_in_the_loop import E18_6
from course_kit.exercises.leaks import E18_5, E18_8, E18_9
from course_kit.exercises.rolling_folds import E18_1, E18_2
from course_kit.exercises.splitter_habits import E18_7

__all__ = ["E18_1", "E18_2", "E18_3", "E18_4", "E18_5", "E18_6", "E18_7", "E18_8", "E18_9"]
