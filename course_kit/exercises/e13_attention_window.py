"""Notebook 13: the weighted moving average of a slide, and what it leads to. Its exercises, from three modules."""

from course_kit.exercises.attention_windows import E13_1, E13_2
from course_kit.exercises.filter_or_attention import E13_3
from course_kit.exercises.ntm_addresses import E13_4

__all__ = ["E13_1", "E13_2", "E13_3", "E13_4"]
