"""Notebooks from their sources: student and solution editions, and the proof that they run."""
