"""Recurrent networks from the lecture slide to the gradebook.

Students use ``check``, ``hint`` and ``progress``; modellers ``course_kit.cells`` and ``course_kit.params``;
instructors the ``course-kit`` command and ``pytest --submissions``. Importing the package imports neither
TensorFlow nor Keras: they cost seconds and the NumPy exercises do without.
"""

__all__ = ["check", "hint", "progress"]


def __getattr__(name: str):
    """The students' three calls, imported when first used: pytest loads this package in every project."""
    if name in __all__:
        from course_kit import checking

        return getattr(checking, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
