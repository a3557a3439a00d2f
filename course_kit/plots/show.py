"""Put a Matplotlib figure on the page with a text alternative and a caption.

Jupyter's own display of a figure carries no text alternative and nbconvert ignores one in the metadata, so the
figure is written as HTML: an ``img`` with ``alt`` inside a ``figure`` with a visible ``figcaption``.
"""

import base64
import html
import io
from collections.abc import Iterator
from itertools import cycle

# Okabe & Ito, "Color universal design" (2008): distinguishable with every common colour vision; black first.
OKABE_ITO = ("#000000", "#E69F00", "#56B4E9", "#009E73", "#0072B2", "#D55E00", "#CC79A7", "#F0E442")
LINES = ("-", "--", "-.", ":", (0, (5, 1, 1, 1, 1, 1)), (0, (1, 1)), (0, (8, 2)))


class Shown:
    """A figure on the page: rich in Jupyter, its caption elsewhere."""

    def __init__(self, caption: str, alt: str, png: bytes | None = None):
        self.caption, self.alt, self.png = caption, alt, png

    def _repr_html_(self) -> str:
        caption = html.escape(self.caption)
        if self.png is None:
            return f"<p><em>{caption}</em></p>"
        data = base64.b64encode(self.png).decode("ascii")
        return (
            f'<figure><img alt="{html.escape(self.alt)}" style="max-width:100%;background:white" '
            f'src="data:image/png;base64,{data}"><figcaption>{caption}</figcaption></figure>'
        )

    def __repr__(self) -> str:
        return f"[figure: {self.caption}]"


def new_figure(rows: int = 1, columns: int = 1, width: float = 7.0, height: float = 3.2, **kwargs):
    """A figure outside pyplot's state, and its axes: ``figure, axes = new_figure()``. Sizes in inches."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width, height), layout="constrained")
    return figure, figure.subplots(rows, columns, **kwargs)


def styles() -> Iterator[dict]:
    """Endless line styles that differ in colour and in dash: ``next(style)`` goes into ``axes.plot``."""
    return ({"color": c, "linestyle": line} for c, line in zip(cycle(OKABE_ITO), cycle(LINES), strict=False))


def show(figure, alt: str, caption: str) -> Shown:
    """Finish ``figure``.

    Args:
        figure: matplotlib Figure.
        alt: str, what one who cannot see it needs to know: axes, curves, what they do.
        caption: str, what to look at.

    Raises:
        ValueError: if a text is missing.
    """
    if not alt.strip() or not caption.strip():
        raise ValueError("a figure needs a text alternative and a caption")
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", dpi=110)
    return Shown(caption, alt, buffer.getvalue())


def not_yet(exercise: str) -> Shown:
    """What stands in a figure's place while the exercise that feeds it is untouched."""
    text = f"The figure appears when {exercise} is answered."
    return Shown(text, text)
