"""What the figures share."""

import keras
import numpy as np

from course_kit.plots.show import LINES, OKABE_ITO, new_figure

FIGURES = {}  # name of a system: function that draws it
BLACK, ORANGE, SKY, GREEN, BLUE, RED, PINK, _ = OKABE_ITO
DIVERGING = "PuOr"  # purple to orange: told apart with every common colour vision


def figure_of(system: str):
    """Decorator for the function that draws a system."""

    def register(draw):
        FIGURES[system] = draw
        return draw

    return register


def panels(rows=1, columns=1, height=2.7, width=7.2, **how):
    return new_figure(rows, columns, width=width, height=height, **how)


def line(axes, y, label=None, k=0, x=None, **how):
    """One of several curves, told apart by colour and by dash."""
    style = {"color": OKABE_ITO[k], "linestyle": LINES[k % len(LINES)], "label": label, **how}
    axes.plot(np.arange(len(y)) if x is None else x, y, **style)


def square(axes, values, label=None, k=0):
    """A quantity that is given and jumps."""
    axes.step(np.arange(len(values)), values, where="mid", color=OKABE_ITO[k], label=label, lw=1.2)


def legend(axes, **how):
    axes.legend(fontsize=8, frameon=False, **how)


def image(figure, axes, values, bar=None, cmap="cividis", **how):
    """A map, with a scale at its side if `bar` names it."""
    drawn = axes.imshow(values, aspect="auto", interpolation="nearest", cmap=cmap, **how)
    if bar is not None:
        figure.colorbar(drawn, ax=axes, pad=0.02, label=bar)
    return drawn


def set_by_hand(layer, width, **weights):
    """A layer whose weights are zero but for those given by name, each whole."""
    layer.build((None, None, width))
    chosen = [weights.get(w.name, np.zeros(w.shape)) for w in layer.weights]
    layer.set_weights(chosen)
    return layer


def array(tensor) -> np.ndarray:
    return keras.ops.convert_to_numpy(tensor)
