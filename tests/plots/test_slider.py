"""A slider redraws its figure; without widgets the still figure stands there."""

import sys

import pytest

from course_kit.plots import Shown, slider
from course_kit.plots.slider import WIDGET

STILL = Shown("three values of w", "three curves")


def drawn(w):
    return Shown(f"w is {w}", "one curve")


def test_moving_the_handle_draws_anew():
    """The figure is that of the slider's value."""
    box = slider(drawn, STILL, w=(0.0, 2.0, 0.5, 1.0)).widget()
    handle, page = box.children

    assert "w is 1.0" in page.value
    handle.value = 1.5
    assert "w is 1.5" in page.value


def test_four_whole_numbers_make_a_whole_slider():
    """A window width is never 2.5."""
    handle, _ = slider(drawn, STILL, w=(1, 9, 2, 3)).widget().children

    assert isinstance(handle.value, int)


def test_still_figure_stands_beside_the_widget():
    """A page without widgets shows the text/html of the bundle."""
    bundle = slider(drawn, STILL, w=(1, 9, 2, 3))._repr_mimebundle_()

    assert "three values of w" in bundle["text/html"]
    assert WIDGET in bundle


def test_without_ipywidgets_only_the_still_figure(monkeypatch):
    """The notebook runs on where the package is missing."""
    monkeypatch.setitem(sys.modules, "ipywidgets", None)

    assert {"text/plain", "text/html"} == set(slider(drawn, STILL, w=(1, 9, 2, 3))._repr_mimebundle_())


@pytest.mark.parametrize("ranges", [{}, {"w": (0, 1, 1, 2)}, {"w": (0, 1, 0, 1)}])
def test_bad_range_is_refused(ranges):
    """One sentence says what is due."""
    with pytest.raises(ValueError, match=r"parameter|start within its range"):
        slider(drawn, STILL, **ranges)
