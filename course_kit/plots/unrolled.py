"""Notebook 02, matrices: the network unrolled, who hears a change, and four nodes that all hear each other."""

from collections.abc import Callable

import numpy as np

from course_kit.plots.ask import NothingToDraw, ask, figure_of
from course_kit.plots.show import OKABE_ITO, Shown, new_figure, show
from course_kit.reference.elman import elman_forward
from course_kit.reference.fully_recurrent import fully_recurrent_forward
from course_kit.reference.jacobians import elman_jacobians

BLACK, ORANGE, SKY, GREEN, BLUE, VERMILION = OKABE_ITO[:6]
EXPECTED = {"color": "#CCCCCC", "linewidth": 6, "solid_capstyle": "butt"}
YOURS = (
    {"color": BLUE, "linestyle": "-"},
    {"color": VERMILION, "linestyle": "--"},
    {"color": GREEN, "linestyle": "-."},
)
ROLES = {"input": (SKY, "s"), "hidden": ("#DDDDDD", "o"), "output": (ORANGE, "^")}


def chain() -> Shown:
    """The loop on the left, the same network as a chain of four layers on the right."""
    figure, ax = new_figure(width=9.0, height=3.0)

    def box(x, y, text, color):
        frame = {"boxstyle": "round,pad=0.35", "facecolor": color, "edgecolor": BLACK}
        ax.text(x, y, text, ha="center", va="center", color="white" if color == BLUE else BLACK, bbox=frame)

    def arrow(start, end, label="", place=None, **style):
        ax.annotate(
            "", end, start, arrowprops={"arrowstyle": "-|>", "color": BLACK, "shrinkA": 0, "shrinkB": 0, **style}
        )
        if label:
            ax.text(*place, label, ha="center", va="center", fontsize=10)

    box(0, 0, "$x_t$", "#EEEEEE")
    box(0, 1, "$h_t$", BLUE)
    arrow((0, 0.2), (0, 0.8), "$W$", (0.2, 0.5))
    arrow((0.25, 1.06), (-0.25, 1.06), connectionstyle="arc3,rad=1.6")
    ax.text(0, 1.5, "$U$", ha="center")
    ax.text(1.1, 1, "=", ha="center", va="center", fontsize=20)
    box(2.0, 1, "$h_0$", SKY)
    for t in range(1, 5):
        x = 2.0 + 1.2 * t
        box(x, 0, f"$x_{t}$", "#EEEEEE")
        box(x, 1, f"$h_{t}$", BLUE)
        arrow((x, 0.2), (x, 0.8), "$W$", (x + 0.2, 0.5))
        arrow((x - 0.93, 1), (x - 0.27, 1), "$U$", (x - 0.6, 1.16))
        ax.text(x, 1.42, f"layer {t}", ha="center", fontsize=9)
    ax.set(xlim=(-0.8, 7.4), ylim=(-0.35, 1.95))
    ax.axis("off")
    return show(
        figure,
        "Left, a box h with an input x through W and an arrow U that leads from h back to h. Right, after an equals "
        "sign, the same as a chain: h_0, then four layers h_1 to h_4, each with its own input x_1 to x_4 through W "
        "and the layer before it through U. All W are one matrix, and so are all U.",
        "The loop on the left is the chain on the right. Four layers, each with its own x, and in all of them the "
        "same W and U.",
    )


@figure_of("E02.5")
def tied(unrolled: Callable) -> Shown:
    """Outputs of the student's unrolled model over the recurrent net, and its parameters against T."""
    m, n, T = 3, 2, 12
    rng = np.random.default_rng(4)
    x, h0 = rng.normal(size=(1, T, m)), rng.normal(size=(1, n))
    W, U, b = rng.normal(size=(m, n), scale=0.5), np.array([[0.6, -0.7], [0.7, 0.6]]), np.array([0.1, -0.1])
    model, counts = unrolled(T, m, n), []
    given = {W.shape: W, U.shape: U, b.shape: b, (m + n, n): np.concatenate([W, U])}
    for weight in model.trainable_variables:
        if tuple(weight.shape) in given:
            weight.assign(given[tuple(weight.shape)].astype("float32"))
    (h,) = ask(lambda: np.asarray(model([x.astype("float32"), h0.astype("float32")])), shapes=((1, T, n),))
    due = elman_forward(x, h0, W, U, b, np.eye(n), np.zeros(n))[1]
    steps = (1, 2, 3, 5, 8, 12)
    for length in steps:
        counts.append(unrolled(length, m, n).count_params())
    one = m * n + n * n + n
    figure, (left, right) = new_figure(1, 2, width=8.6, height=3.4, width_ratios=(3, 2))
    for k, style in zip(range(n), YOURS, strict=False):
        left.plot(np.arange(1, T + 1), due[0, :, k], **EXPECTED)
        left.plot(np.arange(1, T + 1), h[0, :, k], label=f"unit {k + 1}, unrolled", **style)
    left.set(xlabel="layer = step $t$", ylabel="$h_t$")
    left.legend(fontsize=8)
    right.plot(steps, counts, marker="o", label="yours", **YOURS[0])
    right.plot(steps, [k * one for k in steps], marker="s", label="weights of its own\nin every layer", **YOURS[1])
    right.set(xlabel="steps $T$", ylabel="parameters", ylim=(0, None), xticks=steps)
    right.legend(fontsize=8)
    return show(
        figure,
        f"Left, two units of the unrolled network over {T} layers, on grey bands of the recurrent one; the largest "
        f"difference is {np.abs(h - due).max():.1g}. Right, its number of parameters against T: {counts[0]} for T = "
        f"1 and {counts[-1]} for T = {T}; with weights of its own in every layer it would be {one} and {T * one}.",
        "Left: your unrolled network on the recurrent one (grey). Right: tied weights make a flat line.",
    )


@figure_of("E02.6")
def all_and_last(rnn_forward: Callable) -> Shown:
    """Three units that listen to a slow wave: all steps, and the one that return_sequences=False gives."""
    T, n = 40, 3
    x = np.sin(np.arange(T) / 4.0)[None, :, None]
    W, b = np.array([[0.9, -0.6, 0.3]]), np.array([0.1, 0.0, -0.2])
    U = np.array([[0.5, 0.6, 0.0], [-0.6, 0.5, 0.4], [0.2, 0.0, 0.9]])
    h0 = np.array([[0.8, -0.5, 0.2]])
    (h,) = ask(rnn_forward, x.copy(), h0.copy(), W, U, b, True, shapes=((1, T, n),))
    (last,) = ask(rnn_forward, x.copy(), h0.copy(), W, U, b, False, shapes=((1, n),))
    due = elman_forward(x, h0, W, U, b, np.eye(n), np.zeros(n))[1]
    figure, ax = new_figure(width=8.0, height=3.6)
    ax.plot(np.arange(T), x[0, :, 0], color=BLACK, linestyle=":", label="input")
    for k, style in zip(range(n), YOURS, strict=True):
        ax.plot(np.arange(T), due[0, :, k], **EXPECTED)
        ax.plot(np.arange(T), h[0, :, k], label=f"unit {k + 1}", **style)
        ax.plot(T - 1, last[0, k], "o", color=style["color"], markersize=9, fillstyle="none", markeredgewidth=2)
    ax.set(xlabel="step $t$", ylabel="$h_t$")
    ax.legend(fontsize=8, loc="center left", bbox_to_anchor=(1.0, 0.5))
    return show(
        figure,
        f"A sine wave as input, dotted, and three units over {T} steps, on grey bands: unit 1 nearly follows it, "
        "unit 3 lags behind, unit 2 answers against it. Three circles at the last step. Largest difference from the "
        f"equations {np.abs(h - due).max():.1g}, of the circles {np.abs(last - due[:, -1]).max():.1g}.",
        "Lines: return_sequences=True. Circles: return_sequences=False, which must be the ends of the lines. Grey: "
        "the equations.",
    )


@figure_of("E02.7")
def ripple(last_change: Callable) -> Shown:
    """How much the output t steps after a change of x_0 differs, for a net without and one with memory."""
    T, m, n = 25, 2, 3
    rng = np.random.default_rng(6)
    x, delta, h0 = rng.normal(size=(1, T, m)), np.array([[0.1, -0.07]]), rng.normal(size=(1, n))
    W, b = rng.normal(size=(m, n), scale=0.4), np.zeros(n)
    U = 0.95 * np.linalg.qr(rng.normal(size=(n, n)))[0]
    pairs = [
        ask(last_change, x[:, :k].copy(), delta, h0.copy(), W, U, b, shapes=((1, n), (1, n))) for k in range(1, T + 1)
    ]
    dense, recurrent = (np.array([np.abs(p[k]).max() for p in pairs]) for k in (0, 1))
    h = elman_forward(x, h0, W, U, b, np.eye(n), np.zeros(n))[1]
    slope, chain_rule = (delta @ W)[0] * (1 - h[0, 0] ** 2), []
    for t in range(T):
        slope = slope if t == 0 else elman_jacobians(h, U)[0, t] @ slope
        chain_rule.append(np.abs(slope).max())
    figure, ax = new_figure(width=7.8, height=3.6)
    lag = np.arange(T)
    ax.plot(lag, chain_rule, label="recurrent, by the chain rule", **EXPECTED)
    ax.plot(lag, recurrent, marker="o", label="recurrent, yours", **YOURS[0])
    ax.plot(lag, np.where(dense > 0, dense, np.nan), marker="s", label="dense, yours", **YOURS[1])
    ax.set_yscale("log")
    floor = 10 ** np.floor(np.log10(max(min(recurrent[recurrent > 0], default=1e-3), 1e-12)) - 0.5)
    zero = lag[dense == 0]
    ax.plot(zero, np.full(len(zero), floor), "x", color=VERMILION, label="dense: exactly 0")
    ax.set(xlabel="steps since the change of $x_0$", ylabel="largest change of the output")
    ax.legend(fontsize=8)
    return show(
        figure,
        "Largest change of the output against the steps since x_0 was changed, logarithmic. The dense layer: "
        f"{dense[0]:.2g} in that very step, and exactly 0 in {len(zero)} of the {T - 1} steps after it. The "
        f"recurrent net: {recurrent[0]:.2g} at first, {recurrent[-1]:.2g} after {T - 1} steps, near what the chain "
        "rule gives.",
        "Crosses: a change of exactly zero, which has no place on a logarithmic axis. Grey: the product of "
        "derivatives along the chain, for a small change.",
    )


@figure_of("E02.8")
def four_nodes(run: Callable, roles: Callable, U: np.ndarray, b: np.ndarray, inputs: list, outputs: list) -> Shown:
    """The net with its nodes' roles, their activations, and when each of them can know of a signal."""
    T, n = 6, len(U)
    named = roles(n, list(inputs), list(outputs))
    if len(named) != n or not set(named) <= set(ROLES):
        raise NothingToDraw('roles must give "input", "hidden" or "output" for each node.')
    x = np.zeros((1, T, len(inputs)))
    pulse = x.copy()
    pulse[:, 0] = 2.0
    s_0 = np.full((1, n), 0.5)
    with_pulse, without = (ask(run, s_0.copy(), a, U, b, list(inputs), shapes=((1, T, n),))[0][0] for a in (pulse, x))
    due = fully_recurrent_forward(s_0, pulse, U, b, inputs)[0]
    figure, (left, middle, right) = new_figure(1, 3, width=10.4, height=3.6, width_ratios=(3, 4, 3))
    angles = np.pi / 4 + np.pi / 2 * np.arange(n)[::-1]
    places = np.stack([np.cos(angles), np.sin(angles)], axis=1)
    for j in range(n):
        for k in range(n):
            if j != k:
                way = {"arrowstyle": "-|>", "color": BLUE if U[j, k] > 0 else VERMILION, "shrinkA": 13, "shrinkB": 13}
                way |= {"linestyle": "-" if U[j, k] > 0 else "--", "connectionstyle": "arc3,rad=0.18"}
                left.annotate("", places[k], places[j], arrowprops={**way, "linewidth": 0.4 + 1.1 * abs(U[j, k])})
        color, marker = ROLES[named[j]]
        left.plot(*places[j], marker, markersize=21, markerfacecolor=color, markeredgecolor=BLACK)
        left.text(*places[j], str(j), ha="center", va="center")
        left.text(*(1.42 * places[j]), named[j], ha="center", va="center", fontsize=9)
    left.set(xlim=(-1.75, 1.75), ylim=(-1.5, 1.5))
    left.axis("off")
    ticks = np.arange(1, T + 1)
    for k, style in zip(range(n), (*YOURS, {"color": BLACK, "linestyle": ":"}), strict=False):
        middle.plot(ticks, due[:, k], **EXPECTED)
        middle.plot(ticks, with_pulse[:, k], marker=".", label=f"node {k}", **style)
    middle.set(xlabel="after tick", ylabel="activation", title="a signal of 2 in the first tick", ylim=(0, 1))
    middle.legend(fontsize=8, ncols=2)
    change = np.abs(with_pulse - without)
    right.imshow(np.sqrt(change.T), cmap="Blues", vmin=0, vmax=0.8, aspect="auto")
    for (t, k), value in np.ndenumerate(change):
        small = f"{value:.0e}".replace("e-0", "e-")
        text = "0" if value == 0 else small if value < 0.005 else f"{value:.2f}".lstrip("0")
        right.text(t, k, text, ha="center", va="center", fontsize=8)
    right.set(xlabel="after tick", ylabel="node", title="what the signal changed", xticks=range(T), yticks=range(n))
    right.set_xticklabels(ticks)
    first = [next((int(ticks[t]) for t in range(T) if change[t, k] > 0), 0) for k in range(n)]
    return show(
        figure,
        f"Left, four nodes with arrows between all of them; roles by number: {', '.join(named)}. Middle, their "
        f"activations over {T} ticks on grey bands, largest difference from the equations "
        f"{np.abs(with_pulse - due).max():.1g}. Right, a table of what the signal changed; node by node the first "
        f"tick with a change is {', '.join(map(str, first))} (0: none).",
        "Blue arrows are positive weights, dashed ones negative. Grey: the equations. Right: 0 is exactly zero, the "
        "node has not heard of the signal yet.",
    )
