"""Notebook 21: the program of 2016 in Keras 3, and the highest F1 by honest means. Its exercises, from six modules."""

from course_kit.exercises.f1_of_the_whole import E21_4, E21_5
from course_kit.exercises.keras1_gates import E21_2
from course_kit.exercises.keras1_renamed import E21_1
from course_kit.exercises.ngram_line import E21_6
from course_kit.exercises.reviews_as_numbers import E21_3, E21_8
from course_kit.exercises.steps_above_the_line import E21_7

__all__ = ["E21_1", "E21_2", "E21_3", "E21_4", "E21_5", "E21_6", "E21_7", "E21_8"]
