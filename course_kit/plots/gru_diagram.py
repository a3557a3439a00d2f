"""The gated recurrent unit of slide D1.23 as a diagram, drawn by code."""

from course_kit.plots.lstm_diagram import BLACK, BLUE, BUS, CONVEYOR, ORANGE, arrow, node
from course_kit.plots.show import Shown, new_figure, show

LAYERS = (  # x, name, squashing, role
    (2.2, "$r_t$", r"$\sigma$", "reset"),
    (4.4, r"$\tilde h_t$", "tanh", "candidate"),
    (6.8, "$z_t$", r"$\sigma$", "update"),
)
MIX = 5.6  # where z and the candidate meet


def cell_diagram() -> Shown:
    """One step of the cell, in the convention of D1.23."""
    figure, axes = new_figure(width=7.5, height=4.2)
    axes.set(xlim=(-0.6, 9.0), ylim=(0.3, 5.5))
    axes.set_axis_off()
    arrow(axes, (0.3, CONVEYOR), (8.2, CONVEYOR), color=BLUE, width=3.5)
    for x, y, text, side in (
        (0.2, CONVEYOR, "$h_{t-1}$", "right"),
        (8.3, CONVEYOR, "$h_t$", "left"),
        (0.2, BUS, "$x_t$", "right"),
    ):
        axes.text(x, y, text, ha=side, va="center", fontsize=13)
    _inputs(axes)
    _layers(axes)
    _mixture(axes)
    return show(
        figure,
        alt="Diagram of one GRU step. Along the top a thick line leads from the old state h of t-1 to the new one: on "
        "it a multiplication by 1 - z, then an addition. Below are three layers: the reset gate r and the update gate "
        "z, both logistic, read x of t and the old state; the candidate, with tanh, reads x of t and the product of r "
        "and the old state. The product of z and the candidate goes up to the addition. There is no second state and "
        "no output gate.",
        caption="One step of the GRU as D1.23 has it. Three layers where the LSTM has four, one line where it has two: "
        "the state is what is shown. In D4.44 and Keras the box '1-' stands on the way of the candidate instead.",
    )


def _inputs(axes) -> None:
    """x_t to all three layers, h of t-1 to the two gates and, through r, to the candidate."""
    axes.plot([0.3, 6.65], [BUS, BUS], color=BLACK, lw=1.5)
    axes.plot([1.1, 1.1], [CONVEYOR, 1.3], color=BLUE, lw=1.5)
    axes.plot([1.1, 4.2], [1.3, 1.3], color=BLUE, lw=1.5)
    axes.plot([4.6, 6.95], [1.3, 1.3], color=BLUE, lw=1.5)  # a gap where the candidate's x_t crosses
    axes.plot([4.2, 4.6], [1.3, 1.3], color=BLUE, lw=1.5, ls=":")
    for x, *_ in LAYERS:
        shift = 0.0 if x == 4.4 else 0.15
        arrow(axes, (x - shift, BUS), (x - shift, 1.66))
        if shift:
            arrow(axes, (x + shift, 1.3), (x + shift, 1.66), color=BLUE)
    node(axes, 2.2, 3.4, r"$\times$")
    arrow(axes, (2.2, 2.13), (2.2, 3.18))
    arrow(axes, (1.1, 3.4), (1.98, 3.4), color=BLUE)
    axes.plot([2.42, 3.3, 3.3], [3.4, 3.4, 1.9], color=BLACK, lw=1.5)
    arrow(axes, (3.3, 1.9), (3.96, 1.9))
    axes.text(2.5, 3.6, r"$r_t \odot h_{t-1}$", fontsize=11)


def _layers(axes) -> None:
    for x, name, squash, role in LAYERS:
        box = {"boxstyle": "square,pad=0.35", "fc": "#FFF3D6", "ec": BLACK}
        axes.text(x, 1.9, squash, ha="center", va="center", fontsize=12, bbox=box)
        axes.text(x + 0.12, 2.42, name, ha="left", va="center", fontsize=12, color=ORANGE)
        axes.text(x, 0.62, role, ha="center", va="center", fontsize=9)


def _mixture(axes) -> None:
    """The share of the candidate that is written, and the share of the old state that stays."""
    node(axes, MIX, 3.4, r"$\times$")
    node(axes, MIX, CONVEYOR, "$+$")
    node(axes, 4.0, CONVEYOR, r"$\times$")
    axes.plot([4.4, 4.4], [2.13, 3.4], color=BLACK, lw=1.5)
    arrow(axes, (4.4, 3.4), (MIX - 0.22, 3.4))
    axes.plot([6.8, 6.8], [2.13, 4.2], color=BLACK, lw=1.5)
    arrow(axes, (6.8, 3.4), (MIX + 0.22, 3.4))
    axes.plot([6.8, MIX + 0.15], [4.2, 4.2], color=BLACK, lw=1.5)
    axes.plot([MIX + 0.15, MIX - 0.15], [4.2, 4.2], color=BLACK, lw=1.5, ls=":")
    arrow(axes, (MIX - 0.15, 4.2), (4.32, 4.2))
    box = {"boxstyle": "square,pad=0.25", "fc": "white", "ec": BLACK}
    axes.text(4.0, 4.2, "$1-$", ha="center", va="center", fontsize=11, bbox=box)
    arrow(axes, (4.0, 4.42), (4.0, CONVEYOR - 0.24))
    arrow(axes, (MIX, 3.62), (MIX, CONVEYOR - 0.24))
