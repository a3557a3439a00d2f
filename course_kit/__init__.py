"""Recurrent networks from the lecture slide to the gradebook.

Students use ``check``, ``hint`` and ``progress``; modellers ``course_kit.cells`` and ``course_kit.params``;
instructors the ``course-kit`` command and ``pytest --submissions``. Importing the package imports neither
TensorFlow nor Keras: they cost seconds and the NumPy exercises do without.
"""

from course_kit.checking import check, hint, progress

__all__ = ["check", "hint", "progress"]
