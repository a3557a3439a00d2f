"""A figure with sliders where a front end can show them, and a still figure that says the same where none can."""

from collections.abc import Callable

from course_kit.plots.show import Shown

WIDGET = "application/vnd.jupyter.widget-view+json"


class Slid:
    """A figure with sliders. ``alt`` and ``caption`` are those of the still figure."""

    def __init__(self, draw: Callable[..., Shown], still: Shown, ranges: dict[str, tuple]):
        self.draw, self.still, self.ranges = draw, still, ranges
        self.alt, self.caption = still.alt, still.caption

    def __repr__(self) -> str:
        return f"[figure with sliders: {self.caption}]"

    def _repr_mimebundle_(self, include=None, exclude=None) -> dict:
        bundle = {"text/plain": repr(self), "text/html": self.still._repr_html_()}
        widget = self.widget()
        if widget is not None:
            bundle[WIDGET] = {"version_major": 2, "version_minor": 0, "model_id": widget.model_id}
        return bundle

    def widget(self):
        """The live figure: a slider for each parameter and the figure below. None without ipywidgets."""
        try:
            import ipywidgets
        except ImportError:
            return None
        page = ipywidgets.HTML()
        sliders = {name: self._slider(ipywidgets, name) for name in self.ranges}

        def redraw(change=None):
            page.value = self.draw(**{name: s.value for name, s in sliders.items()})._repr_html_()

        for slider in sliders.values():
            slider.observe(redraw, names="value")
        redraw()
        return ipywidgets.VBox([*sliders.values(), page])

    def _slider(self, ipywidgets, name):
        low, high, step, value = self.ranges[name]
        whole = all(isinstance(v, int) for v in (low, high, step, value))
        kind = ipywidgets.IntSlider if whole else ipywidgets.FloatSlider
        # Drawing takes a tenth of a second, so a new figure is made when the handle comes to rest.
        return kind(value, min=low, max=high, step=step, description=name, continuous_update=False)


def slider(draw: Callable[..., Shown], still: Shown, **ranges: tuple) -> Slid:
    """Let the reader move the parameters of a figure.

    Args:
        draw: function of the named parameters that returns a figure (``plots.show(...)``).
        still: Shown, a figure that says the same without being moved, for instance several values side by side;
            it stands in the printed and the HTML edition, and wherever widgets do not run.
        ranges: for each parameter ``(low, high, step, value)``, value being where the handle starts;
            four ints give whole numbers.

    Returns:
        Slid, to be the last line of a notebook cell.

    Raises:
        ValueError: if no parameter is given, or a start lies outside its range.

    >>> from course_kit.plots import Shown
    >>> still = Shown("w = 0.9, 1.0 and 1.1", "three curves")
    >>> slider(lambda w: Shown(f"w = {w}", "a curve"), still, w=(0.9, 1.1, 0.01, 1.0))
    [figure with sliders: w = 0.9, 1.0 and 1.1]
    """
    if not ranges:
        raise ValueError("a slider needs a parameter: slider(draw, still, w=(low, high, step, value)). Got none.")
    for name, (low, high, step, value) in ranges.items():
        if not (low <= value <= high and step > 0):
            raise ValueError(
                f"{name} must start within its range, with a positive step. Got {(low, high, step, value)}."
            )
    return Slid(draw, still, ranges)
