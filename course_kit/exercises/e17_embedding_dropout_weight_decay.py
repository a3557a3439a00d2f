"""Notebook 17: the embedding layer, dropout, and penalties on weights. Its exercises, from four modules."""

from course_kit.exercises.dropped_in_time import E17_2, E17_3
from course_kit.exercises.dropped_words import E17_6
from course_kit.exercises.embedding_product import E17_1
from course_kit.exercises.weight_penalties import E17_4, E17_5

__all__ = ["E17_1", "E17_2", "E17_3", "E17_4", "E17_5", "E17_6"]
