"""Scores that mean what they say: F1 of a whole set, with a threshold that was chosen elsewhere."""

from course_kit.evaluation.f1 import BestThreshold, BinaryF1, best_threshold, f1_at

__all__ = ["BestThreshold", "BinaryF1", "best_threshold", "f1_at"]
