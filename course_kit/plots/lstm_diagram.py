"""The LSTM cell as a diagram, drawn by code: layers below, conveyor above."""

from course_kit.plots.show import OKABE_ITO, Shown, new_figure, show

LAYERS = (  # x, what the layer is called, its squashing, where its output goes
    (2.0, "$f_t$", r"$\sigma$", "forget"),
    (3.6, "$i_t$", r"$\sigma$", "input"),
    (5.2, r"$\tilde c_t$", "tanh", "candidate"),
    (6.8, "$o_t$", r"$\sigma$", "output"),
)
CONVEYOR, BUS = 5.0, 1.0  # heights of the two long lines
BLACK, BLUE, ORANGE = OKABE_ITO[0], OKABE_ITO[4], OKABE_ITO[5]


def cell_diagram() -> Shown:
    """The cell of slides D1.16-D1.20."""
    figure, axes = new_figure(width=8.0, height=4.6)
    draw_cell(axes)
    return show(
        figure,
        alt="Diagram of one LSTM step. Along the top a thick line, the conveyor, leads from the old cell state c of "
        "t-1 to the new one, c of t: on it a multiplication by the forget gate f, then an addition. Along the "
        "bottom a line carries x of t and h of t-1 to four layers, three logistic ones, f, i and o, and one "
        "with tanh, the candidate. The product of i and the candidate goes up to the addition. Behind it a "
        "branch takes the new state through tanh to a multiplication by o, which gives h of t. Nothing but one "
        "multiplication and one addition lies on the conveyor.",
        caption="One step of the cell. Round nodes work entry by entry and have no weights; the four boxes at the "
        "bottom are layers with weights W, U, b of their own. On the thick line, the conveyor, there is no "
        "layer and no squashing.",
    )


def draw_cell(axes) -> None:
    """The cell's lines and boxes on ``axes``, 10 wide and 6 high."""
    axes.set(xlim=(-0.6, 10.6), ylim=(-0.1, 6.0))
    axes.set_axis_off()
    _conveyor(axes)
    _layers(axes)
    _output(axes)


def _conveyor(axes) -> None:
    arrow(axes, (0.3, CONVEYOR), (9.6, CONVEYOR), color=BLUE, width=3.5)
    axes.text(0.2, CONVEYOR, "$c_{t-1}$", ha="right", va="center", fontsize=13)
    axes.text(9.7, CONVEYOR, "$c_t$", ha="left", va="center", fontsize=13)
    node(axes, 2.0, CONVEYOR, r"$\times$")
    node(axes, 4.4, CONVEYOR, "$+$")


def _layers(axes) -> None:
    axes.plot([0.3, 6.8], [BUS, BUS], color=BLACK, lw=1.5)
    axes.text(0.2, BUS, "$h_{t-1}$", ha="right", va="center", fontsize=13)
    arrow(axes, (0.9, 0.15), (0.9, BUS))
    axes.text(0.9, 0.1, "$x_t$", ha="center", va="top", fontsize=13)
    for x, name, squash, role in LAYERS:
        arrow(axes, (x, BUS), (x, 1.66))
        axes.text(
            x,
            1.9,
            squash,
            ha="center",
            va="center",
            fontsize=12,
            bbox={"boxstyle": "square,pad=0.35", "fc": "#FFF3D6", "ec": BLACK},
        )
        axes.text(x + 0.12, 2.42, name, ha="left", va="center", fontsize=12, color=ORANGE)
        axes.text(x, 0.62, role, ha="center", va="center", fontsize=9)
    arrow(axes, (2.0, 2.13), (2.0, CONVEYOR - 0.24))
    node(axes, 4.4, 3.4, r"$\times$")
    for x, side in ((3.6, -0.22), (5.2, 0.22)):
        axes.plot([x, x], [2.13, 3.4], color=BLACK, lw=1.5)
        arrow(axes, (x, 3.4), (4.4 + side, 3.4))
    arrow(axes, (4.4, 3.62), (4.4, CONVEYOR - 0.24))


def _output(axes) -> None:
    axes.plot([8.4, 8.4], [CONVEYOR, 4.37], color=BLACK, lw=1.5)
    axes.text(
        8.4,
        4.15,
        "tanh",
        ha="center",
        va="center",
        fontsize=11,
        bbox={"boxstyle": "round,pad=0.3,rounding_size=0.5", "fc": "white", "ec": BLACK},
    )
    arrow(axes, (8.4, 3.93), (8.4, 3.22))
    node(axes, 8.4, 3.0, r"$\times$")
    axes.plot([6.8, 6.8], [2.13, 3.0], color=BLACK, lw=1.5)
    arrow(axes, (6.8, 3.0), (8.18, 3.0))
    axes.plot([8.4, 8.4], [2.78, BUS], color=BLACK, lw=1.5)
    arrow(axes, (8.4, BUS), (9.6, BUS))
    axes.text(9.7, BUS, "$h_t$", ha="left", va="center", fontsize=13)


def arrow(axes, start, end, color=BLACK, width=1.5) -> None:
    """An arrow from ``start`` to ``end``."""
    axes.annotate(
        "",
        xy=end,
        xytext=start,
        arrowprops={"arrowstyle": "-|>", "color": color, "lw": width, "shrinkA": 0, "shrinkB": 0},
    )


def node(axes, x, y, sign) -> None:
    """A round node that works entry by entry."""
    axes.plot(x, y, "o", ms=19, mfc="white", mec=BLACK, zorder=3)
    axes.text(x, y - 0.01, sign, ha="center", va="center", fontsize=14, zorder=4)
