"""Notebook 20: encoder and decoder, Google's translator, the dialogue of the slides."""

from course_kit.exercises.beam_scores import E20_4, E20_5
from course_kit.exercises.encoder_decoder_pair import E20_1, E20_2
from course_kit.exercises.gnmt_on_paper import E20_3, E20_10
from course_kit.exercises.honest_translation import E20_8, E20_9
from course_kit.exercises.impolite_dialogue import E20_6, E20_7

__all__ = ["E20_1", "E20_2", "E20_3", "E20_4", "E20_5", "E20_6", "E20_7", "E20_8", "E20_9", "E20_10"]
