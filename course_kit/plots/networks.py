"""The Elman and the Jordan network: how they are wired, and what they do with one pulse."""

from collections.abc import Callable
from functools import partial

import numpy as np

from course_kit.plots.ask import NothingToDraw, ask, figure_of
from course_kit.plots.show import OKABE_ITO, Shown, new_figure, show, styles
from course_kit.reference.activations import identity, sigmoid, softmax
from course_kit.reference.elman import elman_forward
from course_kit.reference.jordan import jordan_forward

BLACK, _, _, GREEN, BLUE, VERMILION = OKABE_ITO[:6]
EXPECTED = {"color": "#CCCCCC", "linewidth": 6, "solid_capstyle": "butt"}
YOURS = ({"color": BLACK, "linestyle": "--"}, {"color": VERMILION, "linestyle": "-."})

SQUASHINGS = {"identity": identity, "tanh": np.tanh, "sigmoid": sigmoid, "softmax": softmax}
STEPS, PULSE = 24, 4
X = np.zeros((1, STEPS, 1))
X[0, PULSE, 0] = 1.0
# A turn by 0.7 with a loss of a tenth a step: an echo that swings and fades.
TURN = 0.92 * np.array([[np.cos(0.7), np.sin(0.7)], [-np.sin(0.7), np.cos(0.7)]])
H0 = np.array([[0.5, -0.4]])
ELMAN = (np.array([[1.6, 0.2]]), TURN, np.array([0.06, -0.04]), np.array([[1.0], [0.3]]), np.array([0.25]))
Y0 = np.array([[1.1]])
JORDAN = (ELMAN[0], np.array([[0.62, 0.35]]), *ELMAN[2:])


def diagrams() -> Shown:
    """Both networks side by side: the same three layers, and a context fed from another place."""
    figure, axes = new_figure(1, 2, width=8.6, height=4.2)
    for ax, name, fed in zip(
        axes, ("Elman: the context copies $h$", "Jordan: the context copies $y$"), "hy", strict=True
    ):
        ax.set(xlim=(-2.9, 3.2), ylim=(-0.7, 4.7), title=name)
        ax.axis("off")
        width = "n" if fed == "h" else "o"
        _box(ax, 1.2, 0, "input $x_t$", "$m$")
        _box(ax, -1.2, 0, f"context ${fed}_{{t-1}}$", f"${width}$")
        _box(ax, 1.2, 2, "hidden $h_t$", "$n$")
        _box(ax, 1.2, 4, "output $y_t$", "$o$")
        _arrow(ax, (1.2, 0.24), (1.2, 1.76), "$W$", (1.3, 1.0))
        _arrow(ax, (-0.9, 0.24), (0.9, 1.76), "$U$", (-0.3, 1.1))
        _arrow(ax, (1.2, 2.24), (1.2, 3.76), "$V$", (1.3, 3.0))
        start = 2 if fed == "h" else 4
        ax.plot([0.6, -1.5, -1.5], [start, start, 0.6], color=VERMILION, linestyle="--")
        _arrow(ax, (-1.5, 0.62), (-1.5, 0.24), "fixed weight 1,\none step later", (-2.2, start + 0.42), dashed=True)
    return show(
        figure,
        "Two wiring diagrams. In both the input x reaches the hidden layer h through W, the context reaches it through "
        "U, and the hidden layer reaches the output y through V. In the Elman network a dashed arrow of fixed weight 1 "
        "leads from the hidden layer to the context, in the Jordan network from the output to the context.",
        "The same three layers. Only the start of the dashed arrow differs: the context is as wide as what it copies.",
    )


def _box(ax, x: float, y: float, text: str, width: str) -> None:
    ax.text(
        x,
        y,
        text,
        ha="center",
        va="center",
        bbox={"boxstyle": "round,pad=0.45", "facecolor": "white", "edgecolor": BLACK},
    )
    ax.text(x + 0.85, y, width, ha="left", va="center", color=BLUE)


def _arrow(ax, start, end, label: str, place, dashed: bool = False) -> None:
    style = {"arrowstyle": "-|>", "color": VERMILION if dashed else BLACK, "linestyle": "--" if dashed else "-"}
    ax.annotate("", end, start, arrowprops={**style, "shrinkA": 0, "shrinkB": 0})
    ax.text(*place, label, color=style["color"], va="center", fontsize=9 if dashed else 11)


@figure_of("E03.1")
def echo(elman_forward_of_student: Callable) -> Shown:
    """Hidden and output traces of the student's Elman network after one pulse, over what the equations give."""
    y, h = ask(elman_forward_of_student, X.copy(), H0.copy(), *ELMAN, shapes=((1, STEPS, 1), (1, STEPS, 2)))
    true_y, true_h = elman_forward(X, H0, *ELMAN)
    figure, (top, bottom) = new_figure(2, 1, width=7.4, height=4.6, sharex=True)
    _compare(top, h[0], true_h[0], ("$h_1$", "$h_2$"))
    _compare(bottom, y[0], true_y[0], ("$y$",))
    _finish(top, "hidden state")
    _finish(bottom, "output", "step $t$")
    return show(
        figure,
        "Two panels over 24 steps. Top: two hidden units swing and fade, jump at the pulse at step 4, and swing again. "
        "Bottom: the output does the same. The curves of elman_forward lie on wide grey bands if it is right.",
        "One pulse at step 4 (dotted), and the echo that the hidden state keeps. Coloured: your elman_forward; grey: "
        "the equations. They must lie on each other.",
    )


def _compare(ax, obtained, expected, names, band: str = "the equations") -> None:
    t = np.arange(len(obtained))
    ax.plot(t, expected, **EXPECTED)
    ax.plot([], [], label=band, **EXPECTED)
    for k, (name, style) in enumerate(zip(names, YOURS, strict=False)):
        ax.plot(t, obtained[:, k], label=f"{name}, yours", **style)


def _finish(ax, ylabel: str, xlabel: str = "") -> None:
    ax.axvline(PULSE, color="#777777", linestyle=":", linewidth=1)
    ax.set(xlabel=xlabel, ylabel=ylabel)
    ax.legend(loc="upper right", fontsize=8)


@figure_of("E03.2")
def context_shift(elman_with_context: Callable) -> Shown:
    """Hidden layer and context units as two tables of numbers: the lower is the upper, one step to the right."""
    T, n = 8, 2
    x, shapes = X[:, PULSE - 2 : PULSE - 2 + T], ((1, T, 1), (1, T, n), (1, T, n))
    _, h, context = ask(elman_with_context, x.copy(), H0.copy(), *ELMAN, shapes=shapes)
    figure, axes = new_figure(2, 1, width=7.4, height=3.4, sharex=True)
    due = np.concatenate([H0[:, None], h[:, :-1]], axis=1)
    for ax, values, name in zip(axes, (h[0], context[0]), ("hidden $h_t$", "context at $t$"), strict=True):
        ax.imshow(values.T, cmap="PuOr", vmin=-2, vmax=2, aspect="auto")
        for (t, unit), value in np.ndenumerate(values):
            ax.text(t, unit, f"{value:+.3f}", ha="center", va="center", fontsize=9)
        ax.set(yticks=range(n), yticklabels=[f"unit {k + 1}" for k in range(n)], title=name)
    for t, unit in np.argwhere(context[0] != due[0]):
        axes[1].plot([t - 0.48, t + 0.48], [unit - 0.45, unit + 0.45], color=VERMILION, linewidth=2)
    axes[1].set(xlabel="step $t$", xticks=range(T))
    wrong = int((context != due).sum())
    return show(
        figure,
        "Two tables of numbers over 8 steps, the hidden units above, the context units below. "
        f"{wrong} of {context.size} context entries differ from the hidden entry one step earlier and are crossed out.",
        "Read a number above and find it below, one column further right; the first column below is the start. "
        "An entry that is not a copy is crossed out.",
    )


@figure_of("E03.3")
def two_echoes(cell_class: type) -> Shown:
    """Output of the student's Jordan cell after one pulse, beside the Elman network with the same W and V."""
    (y,) = ask(run_cell, cell_class, JORDAN, X, Y0, shapes=((1, STEPS, 1),))
    true_y = jordan_forward(X, Y0, *JORDAN)[0]
    elman_y = elman_forward(X, H0, *ELMAN)[0]
    figure, (top, bottom) = new_figure(2, 1, width=7.4, height=4.6, sharex=True)
    _compare(top, y[0], true_y[0], ("Jordan: $y$",))
    _finish(top, "output")
    bottom.plot(np.arange(STEPS), elman_y[0, :, 0], color=BLUE, linestyle="-.", label="Elman: $y$")
    _finish(bottom, "output", "step $t$")
    return show(
        figure,
        "Two panels over 24 steps, a pulse at step 4. Top: the output of the Jordan network falls to its rest value, "
        "jumps at the pulse and falls again without swinging. Bottom: the output of the Elman network swings.",
        "The same pulse, the same W and V. Top: your Jordan cell over the equations (grey); one number is fed back. "
        "Bottom: the Elman network; two are fed back, and so it can swing.",
    )


def run_cell(cell_class: type, weights, x, state, mask=None, **config):
    """All outputs of a student's Keras cell with given weights; None if it is untouched."""
    import keras

    cell = cell_class(weights[0].shape[1], weights[3].shape[1], dtype="float64", **config)
    cell.build((len(x), x.shape[-1]))
    for name, value in zip(
        ("kernel", "recurrent_kernel", "bias", "output_kernel", "output_bias"), weights, strict=True
    ):
        if hasattr(cell, name):
            getattr(cell, name).assign(value)
    tensor = keras.ops.convert_to_tensor
    if cell.call(tensor(x[:, 0]), [tensor(state)]) is None:
        return None
    layer = keras.layers.RNN(cell, return_sequences=True, dtype="float64")
    mask = None if mask is None else tensor(mask)
    return keras.ops.convert_to_numpy(layer(tensor(x), initial_state=[tensor(state)], mask=mask))


@figure_of("E03.4")
def reused(cell_class: type) -> Shown:
    """The student's Elman cell, a copy made from its configuration, and the same cell under a mask."""

    def copied(units, output_units, **config):
        return cell_class.from_config(cell_class(units, output_units, **config).get_config())

    mask = np.ones((1, STEPS), dtype=bool)
    mask[0, 9:14] = False
    run = partial(run_cell, weights=ELMAN, x=X, state=H0, output_activation="sigmoid")
    (own,) = ask(run, cell_class, shapes=((1, STEPS, 1),))
    (copy,) = ask(run, copied, shapes=((1, STEPS, 1),))
    (masked,) = ask(partial(run, mask=mask), cell_class, shapes=((1, STEPS, 1),))
    figure, ax = new_figure(width=7.4, height=3.4)
    t = np.arange(STEPS)
    ax.axvspan(8.5, 13.5, color="#EEEEEE")
    ax.plot(t, own[0, :, 0], color=BLUE, label="your cell")
    ax.plot(t, copy[0, :, 0], color=VERMILION, linestyle="none", marker="o", fillstyle="none", label="its copy")
    ax.plot(t, masked[0, :, 0], color=GREEN, linestyle="--", label="steps 9 to 13 masked")
    _finish(ax, "output, squashed by sigmoid", "step $t$")
    return show(
        figure,
        "One output over 24 steps. Circles of the copy sit on the line of the original. The masked run is flat from "
        "step 9 to 13 and then goes on where it stopped, so it lags behind.",
        "The circles (a copy rebuilt from get_config) must sit on the line. Over the grey steps, which are masked, the "
        "dashed line must stand still; afterwards it goes on with the state it had.",
    )


@figure_of("E03.5")
def same_network(jordan_readout: Callable, sigma_y: str | None) -> Shown:
    """Hidden traces of a Jordan network with the student's read-out, over those of the Elman network."""
    if sigma_y is None:
        raise NothingToDraw("")
    if sigma_y not in SQUASHINGS:
        raise NothingToDraw(f"sigma_y must be one of {', '.join(SQUASHINGS)}.")
    V, b_y = ask(jordan_readout, 2, shapes=((2, 2), (2,)))
    W, U, b_h, *_ = ELMAN
    h = jordan_forward(X, H0, W, U, b_h, V, b_y, sigma_y=SQUASHINGS[sigma_y])[1]
    true_h = elman_forward(X, H0, *ELMAN)[1]
    figure, ax = new_figure(width=7.4, height=3.2)
    _compare(ax, h[0], true_h[0], ("Jordan: $h_1$", "Jordan: $h_2$"), band="Elman")
    _finish(ax, "hidden state", "step $t$")
    return show(
        figure,
        "Two hidden units over 24 steps: the curves of the Jordan network lie on the grey bands of the Elman network "
        f"if the read-out is right. The largest difference here is {np.abs(h - true_h).max():.2g}.",
        f"Grey: Elman. Coloured: Jordan with your read-out. Largest difference {np.abs(h - true_h).max():.2g}.",
    )


def decay(outputs: dict[float, np.ndarray]) -> Shown:
    """Outputs (T,) of Jordan networks that differ in the weight of the context's link to itself."""
    figure, ax = new_figure(width=7.4, height=3.2)
    style = styles()
    for alpha, y in outputs.items():
        ax.plot(np.arange(len(y)), y, label=f"$\\alpha$ = {alpha}", **next(style))
    _finish(ax, "output", "step $t$")
    return show(
        figure,
        "Output over 24 steps after a pulse at step 4, for several weights of the self-link. The larger the weight, "
        "the slower the way back to zero.",
        "A context that keeps a share of itself remembers the pulse longer.",
    )
