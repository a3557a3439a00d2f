"""Character models: an LSTM that continues a text, its form with pairs as inputs, one that mirrors words, and n-grams.

from course_kit.models.characters import saved          a trained model in a small file, without TensorFlow
from course_kit.models.characters import network        the Keras models
"""
