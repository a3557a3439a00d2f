"""Networks that settle or predict: Hopfield's, the bidirectional associative memory, the history compressor.

All are in scikit-learn's habits: arguments in the constructor, `fit` returns the object, what was learned ends in an
underscore. Everything but the training of an `ElmanPredictor` is NumPy: importing this costs no TensorFlow.
"""

from course_kit.memories.bam import BAM
from course_kit.memories.capacity import Capacity, capacity
from course_kit.memories.compressor import Compressed, HistoryCompressor, Surprise
from course_kit.memories.elman_predictor import ElmanPredictor
from course_kit.memories.hopfield import Hopfield, Trajectory
from course_kit.memories.modern import ModernHopfield
from course_kit.memories.predictors import MarkovPredictor, Predictor

__all__ = [
    "BAM",
    "Capacity",
    "Compressed",
    "ElmanPredictor",
    "HistoryCompressor",
    "Hopfield",
    "MarkovPredictor",
    "ModernHopfield",
    "Predictor",
    "Surprise",
    "Trajectory",
    "capacity",
]
