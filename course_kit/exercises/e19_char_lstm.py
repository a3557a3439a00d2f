"""Notebook 19: a model that writes text character by character. Its exercises, from eight modules."""

from course_kit.exercises.char_batches import E19_1
from course_kit.exercises.char_counts import E19_2, E19_5, E19_11
from course_kit.exercises.char_model import E19_3
from course_kit.exercises.char_sampling import E19_4, E19_7
from course_kit.exercises.dataflow_graph import E19_6
from course_kit.exercises.gates_at_once import E19_8
from course_kit.exercises.mirrored_words import E19_10
from course_kit.exercises.pairs_as_inputs import E19_9

__all__ = ["E19_1", "E19_2", "E19_3", "E19_4", "E19_5", "E19_6", "E19_7", "E19_8", "E19_9", "E19_10", "E19_11"]
