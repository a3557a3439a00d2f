"""Figures of notebook 05 on paths: the unrolled network, the printed formula, the contributions, calls and training."""

import copy

import numpy as np

from course_kit.plots.ask import figure_of
from course_kit.plots.show import OKABE_ITO, Shown, new_figure, show, styles

FORTH, BACK = OKABE_ITO[4], OKABE_ITO[5]


def on_copies(function):
    """``function`` on copies of its arguments: an answer that writes into them must not spoil the notebook's arrays."""
    return lambda *args: function(*copy.deepcopy(args))


def unrolled(T: int = 4) -> Shown:
    """The network as a deep one: a column a step, what flows forward and what comes back."""
    figure, axes = new_figure(width=8.0, height=4.6)
    rows = {"x": 0.0, "h": 1.3, "y": 2.6, "L": 3.7}

    def arrow(start, end, back, name="", apart=0.1):
        along = np.subtract(end, start) / np.hypot(*np.subtract(end, start))
        side = (apart if back else -apart) * np.array([-along[1], along[0]])
        first, last = np.array(start) + 0.27 * along + side, np.array(end) - 0.27 * along + side
        first, last = (last, first) if back else (first, last)
        style = {"color": BACK, "ls": "--"} if back else {"color": FORTH, "ls": "-"}
        axes.annotate("", last, first, arrowprops={"arrowstyle": "-|>", "lw": 1.6, **style})
        if name:
            beside = (first + last) / 2 + 0.14 * np.array([along[1], -along[0]]) + side
            axes.text(*beside, name, color=FORTH, ha="center", va="center")

    for t in range(T):
        for letter, height in rows.items():
            axes.text(t, height, f"${letter}_{t}$", size=14, ha="center", va="center",
                      bbox={"boxstyle": "circle,pad=0.25", "fc": "white", "ec": "black"})  # fmt: skip
        arrow((t, rows["x"]), (t, rows["h"]), False, "$W$", apart=0.0)
        for back in (False, True):
            arrow((t - 1, rows["h"]), (t, rows["h"]), back, "" if back else "$U$")
            arrow((t, rows["h"]), (t, rows["y"]), back, "" if back else "$V$")
            arrow((t, rows["y"]), (t, rows["L"]), back)
    axes.text(-1, rows["h"], "$h_{-1}$", size=14, ha="center", va="center", bbox={"boxstyle": "circle", "fc": "0.9"})
    axes.plot([], [], color=FORTH, label="forward: states, outputs, losses")
    axes.plot([], [], color=BACK, ls="--", label="backward: derivatives of L")
    axes.legend(loc="upper left", bbox_to_anchor=(0.0, 1.0), frameon=False)
    axes.set(xlim=(-1.9, T - 0.4), ylim=(-0.5, 4.8))
    axes.axis("off")
    return show(
        figure,
        f"Diagram of {T} columns, one for each step. In a column the input x_t leads by W to the state h_t, by V to "
        "the output y_t and on to the loss L_t. By U each state leads to the next, from h_{-1} on the left. Dashed "
        "arrows run back along V and U, from every loss down and then leftwards through all earlier states.",
        f"The network unrolled. The same W, U and V stand in every column. Follow the dashed arrows from L_{T - 1}: "
        f"they cross U {T - 1} times before they reach h_0.",
    )


@figure_of("E05.6")
def formula(printed_formula, total_gradient, given, losses_of_u) -> Shown:
    """The sum of losses and its last term against u, each with the two slopes as tangents."""
    printed, total, u = float(printed_formula(*given)), float(total_gradient(*given)), given[3]
    grid = np.linspace(u - 0.5, u + 0.5, 101)
    values = np.array([losses_of_u(g) for g in grid])  # (101, T)
    here = losses_of_u(u)
    figure, axes = new_figure(1, 2, width=8.5, height=3.7)
    for ax, curve, height, title in (
        (axes[0], values.sum(axis=1), here.sum(), "the sum of all losses"),
        (axes[1], values[:, -1], here[-1], "its last term alone"),
    ):
        style = styles()
        ax.plot(grid, curve, label="loss", **next(style))
        for name, tangent in (("printed formula", printed), ("total gradient", total)):
            near = np.abs(grid - u) < 0.26
            ax.plot(
                grid[near], height + tangent * (grid[near] - u), label=f"slope {tangent:.4f}, {name}", **next(style)
            )
        ax.plot(u, height, "o", mfc="none", mec="black", ms=8)
        ax.set(xlabel="u", ylabel="loss", title=title)
    figure.legend(*axes[0].get_legend_handles_labels(), loc="outside lower center", ncols=3, fontsize=9)
    return show(
        figure,
        f"Two curves of the loss against u around u = {u}: all losses on the left, the last on the right. At u each "
        f"has two lines through it, of slope {printed:.4f} (printed formula) and {total:.4f} (total gradient).",
        "A gradient is right for a curve if its line touches it. See which line touches which curve.",
    )


@figure_of("E05.7")
def contributions(path_contributions, delta_y, cache, t, measured) -> Shown:
    """The share of each path in dL_t/dU, their sum, what is measured, and the size of each share."""
    parts = np.asarray(on_copies(path_contributions)(delta_y, *(cache[k] for k in ("h", "h0", "U", "V")), t))
    parts = parts.reshape(t + 1, *measured.shape)
    maps = [*((f"k = {k}", part) for k, part in enumerate(parts)), ("sum", parts.sum(axis=0)), ("measured", measured)]
    figure, _ = new_figure(width=9.0, height=4.6)
    figure.clear()
    above, below = figure.subfigures(2, 1, height_ratios=(1, 1.2))
    limit = max(np.abs(m).max() for _, m in maps)
    for ax, (name, part) in zip(above.subplots(1, len(maps)), maps, strict=True):
        image = ax.imshow(part, cmap="PuOr", vmin=-limit, vmax=limit)
        ax.set(title=name, xticks=[], yticks=[])
    above.colorbar(image, ax=above.axes, shrink=0.8)
    ax = below.subplots()
    sizes = np.sqrt(np.square(parts).sum(axis=(1, 2)))
    bars = ax.bar(range(len(parts)), sizes, color=OKABE_ITO[2], edgecolor="black", hatch="//")
    ax.bar_label(bars, [f"{size:.3g}" for size in sizes])
    ax.set(xlabel="k, the step at which U was used", ylabel="size of the share", xticks=range(len(parts)))
    ax.margins(y=0.15)
    return show(
        figure,
        f"Above: heat maps of the contributions of k = 0 to {t}, their sum and the measured dL_{t}/dU. Below: bars "
        f"of their sizes, {', '.join(f'{size:.3g}' for size in sizes)}.",
        "Above: the map of the sum must look like the measured one beside it. Below: what each path is worth.",
    )


@figure_of("E05.8")
def calls(backward, buggy_backward, dh, cache) -> Shown:
    """dL/dU of six calls on the same arrays, by your function and by the one that writes into them."""
    figure, axes = new_figure(width=7.0, height=3.2)
    listed = []
    for name, function, style in (
        ("buggy_backward", buggy_backward, {"color": BACK, "linestyle": "--", "marker": "s"}),
        ("your backward", backward, {"color": FORTH, "linestyle": "-", "marker": "o"}),
    ):
        given = copy.deepcopy((dh, cache))
        sizes = [float(np.sqrt(np.square(function(*given)["U"]).sum())) for _ in range(6)]
        axes.plot(range(1, 7), sizes, mfc="none", label=name, **style)
        listed.append(f"{name}: {', '.join(f'{size:.3g}' for size in sizes)}")
    axes.set(xlabel="call on the same arrays", ylabel="size of dL/dU", ylim=(0, None))
    axes.legend()
    return show(
        figure,
        f"Size of dL/dU over six calls. {'; '.join(listed)}.",
        "The same arrays must give the same gradient every time. Both agree on the first call; yours must stay level.",
    )


@figure_of("E05.8")
def against_tape(backward, dh, cache, read_out, by_tape) -> Shown:
    """The largest difference between every gradient by hand and GradientTape's."""
    by_hand = {**on_copies(backward)(dh, cache), **read_out}
    off = {name: float(np.abs(by_hand[name] - slope).max()) for name, slope in by_tape.items()}
    figure, axes = new_figure(width=7.0, height=2.8)
    names = [f"dL/d{name}" for name in off]
    bars = axes.barh(names, np.maximum(list(off.values()), 1e-17), color=OKABE_ITO[2], edgecolor="black", hatch="//")
    axes.bar_label(bars, [f"{value:.1e}" for value in off.values()], padding=3)
    axes.set(xscale="log", xlim=(1e-17, 1e3), xlabel="largest difference between by hand and GradientTape")
    axes.invert_yaxis()
    return show(
        figure,
        f"Largest differences: {', '.join(f'dL/d{name} {value:.1e}' for name, value in off.items())}.",
        f"By hand and by GradientTape: the largest difference of all is {max(off.values()):.1e}; rounding gives 1e-15.",
    )


@figure_of("E05.8")
def training(learn, backward, y, target) -> Shown:
    """The loss over the updates of ``learn(backward)``, and an output before and after beside its target."""
    course, learned = learn(backward)
    figure, (left, right) = new_figure(1, 2, width=8.5, height=3.2)
    left.semilogy(course, **next(styles()))
    left.set(xlabel="updates", ylabel="loss L")
    named = (("target", target), ("before", y), ("after", learned))
    for (name, values), style in zip(named, styles(), strict=False):
        right.plot(values[0, :, 0], marker="o", mfc="none", label=name, **style)
    right.set(xlabel="step t", ylabel="first output of the first row")
    right.legend(fontsize=8)
    return show(
        figure,
        f"Left: loss over {len(course)} updates, from {course[0]:.3g} to {course[-1]:.2g}. Right: target, output "
        "before and output after the updates, over the steps.",
        "Left: the loss must fall. Right: after the updates the output must follow the target, the input of two steps "
        "before.",
    )
