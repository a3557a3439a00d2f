"""Figures for the notebooks. Each has a text alternative and a caption, and is readable without colour."""

from course_kit.plots.show import Shown, new_figure, not_yet, show, styles
from course_kit.plots.slider import slider

__all__ = ["Shown", "new_figure", "not_yet", "show", "slider", "styles"]
