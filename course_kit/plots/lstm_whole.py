"""Figures of notebook 08 for the whole cell: orders, notations, the misprint, the conveyor, the gates at work."""

import numpy as np

from course_kit.datasets.bracket import one_hot, strings
from course_kit.plots.ask import figure_of
from course_kit.plots.lstm import BAND, CIRCLE, numbers
from course_kit.plots.show import Shown, new_figure, show, styles
from course_kit.reference.gate_order import reorder as place
from course_kit.reference.lstm import lstm_forward as whole
from course_kit.reference.lstm import lstm_gates


@figure_of("E08.5")
def against_keras(forward, reorder, x, h0, c0, W, U, b, h_keras) -> Shown:
    """The student's h over that of Keras, and what each gate order costs with and without conversion."""
    figure, (curves, bars) = new_figure(1, 2, width=9.0)
    h = forward(x, h0, c0, W, U, b)[0]
    for k, style in zip(range(3), styles(), strict=False):
        curves.plot(h[0, :, k], label=f"unit {k}", **style)
        curves.plot(h_keras[0, :, k], **CIRCLE)
    curves.set(
        xlabel="step t", ylabel="h of the first example", title="lines: yours, circles: Keras", ylim=(-1.05, 1.05)
    )
    curves.legend(fontsize=8)
    orders = ("fico", "ifou", "giof")
    for offset, label, converted, hatch, colour in (
        (-0.2, "taken as they stand", False, "//", "#E69F00"),
        (0.2, "after your reorder", True, "", "#0072B2"),
    ):
        errors = []
        for order in orders:
            printed = [place(a, "ifco", order) for a in (W, U, b)]
            used = [reorder(a, order, "ifco") for a in printed] if converted else printed
            errors.append(np.abs(forward(x, h0, c0, *used)[0] - h_keras).max())
        places = np.arange(len(orders)) + offset
        bars.bar(places, np.maximum(errors, 3e-17), 0.38, label=label, hatch=hatch, color=colour, edgecolor="black")
    bars.set(yscale="log", ylim=(1e-17, 1e4), xticks=range(3), xticklabels=[", ".join(o) for o in orders])
    bars.set(xlabel="order on the slides", ylabel="largest |h - h of Keras|")
    bars.legend(fontsize=8, loc="upper left")
    return show(
        figure,
        alt="Drawn from your answers. Left: three units of your h over seven steps as lines, Keras' as circles; if "
        "right, the lines pass through the circles. Right, on a logarithmic scale, the largest difference to "
        "Keras for weights in three gate orders: taken as they stand about 1; if reorder is right, below 1e-14 "
        "after conversion.",
        caption="Your cell and Keras. Left, the lines belong into the circles. Right, the plain bars belong below "
        "1e-14, where only rounding is left after conversion. The hatched ones show what an unnoticed order "
        "costs.",
    )


@figure_of("E08.6")
def notations(to_pair, to_concatenated) -> Shown:
    """Where the entries of M go; the number says from where to where, the sign whether from h or from x."""
    n, m = 2, 3
    M = np.array(
        [[s * (10 * (k + 1) + r + 1) for s, k in [(1, 0), (1, 1), (-1, 0), (-1, 1), (-1, 2)]] for r in range(n)]
    )
    M = M.astype(float)
    W, U = to_pair(M)
    back = to_concatenated(W, U)
    figure, axes = new_figure(1, 4, width=9.5, height=2.8, width_ratios=(5, 2, 2, 5))
    for panel, matrix, title in zip(
        axes, (M, W, U, back), ("M on the slide", "your W", "your U", "your M, back"), strict=True
    ):
        numbers(panel, matrix, title, 30)
    for panel in (axes[0], axes[3]):
        panel.axvline(n - 0.5, color="black", lw=2)
        panel.set(
            xticks=range(n + m), xticklabels=["h1", "h2", "x1", "x2", "x3"], yticks=range(n), yticklabels=["u1", "u2"]
        )
    for panel, letter in ((axes[1], "x"), (axes[2], "h")):
        panel.set_xticklabels([f"u{k + 1}" for k in panel.get_xticks()])
        panel.set_yticklabels([f"{letter}{k + 1}" for k in panel.get_yticks()])
    return show(
        figure,
        alt="Drawn from your answers: the slide's matrix M with two rows, the units u1 and u2, and five columns, "
        "h1, h2, x1, x2, x3. Entries from h are positive, those from x negative; 21 leads from source 2 to unit "
        "1. If right, your W holds the negative ones in three rows and two columns, your U the positive ones, "
        "11 12 above 21 22, and the last matrix is M again.",
        caption="Where the entries go. The first digit is the source, the second the unit; entries from x are "
        "negative. W belongs all negative, U all positive, the first digit counts the rows, and the last "
        "matrix equals the first.",
    )


@figure_of("E08.7")
def misprint(wiki_gates) -> Shown:
    """i against f, as the wiki prints them and as they are meant."""
    rng = np.random.default_rng(8)
    x, h = rng.normal(size=(400, 3)), rng.uniform(-1, 1, (400, 2))
    W_f, U_f, W_i, U_i = (rng.normal(size=s) for s in ((3, 2), (2, 2), (3, 2), (2, 2)))
    zero, one = np.zeros(2), np.ones(2)
    i_meant, f_meant, _, _ = lstm_gates(
        x, h, *(np.hstack([a, b, a, a]) for a, b in ((W_i, W_f), (U_i, U_f))), np.zeros(8)
    )
    figure, panels = new_figure(1, 3, width=9.5, sharex=True, sharey=True)
    printed = [wiki_gates(x, h, W_f, U_f, zero, W_i, U_i, b_i) for b_i in (zero, 2 * one)]
    for axes, f, i, title in zip(
        panels,
        (printed[0][0], printed[1][0], f_meant),
        (printed[0][1], printed[1][1], i_meant),
        (
            "your gates as printed,\n$b_i = b_f$",
            "your gates as printed,\n$b_i = b_f + 2$",
            "as meant: weights\nof its own",
        ),
        strict=True,
    ):
        axes.plot(f[:, 0], i[:, 0], ".", ms=3, color="#0072B2")
        axes.set(xlabel="f", title=title, xlim=(-0.03, 1.03), ylim=(-0.03, 1.03))
    panels[0].set_ylabel("i")
    return show(
        figure,
        alt="Three scatter plots of the input gate against the forget gate for 400 random inputs. Drawn from your "
        "answer, if right: with equal biases all points lie on the diagonal, with another bias of i on one "
        "curve above it. The third, of the cell as it is meant, is a cloud that fills the square.",
        caption="What the misprint does. As printed, i is a function of f: your points belong on the diagonal, then "
        "on one curve. In the cell as meant the two are free of each other.",
    )


@figure_of("E08.8")
def conveyor(ride, gain_and_offset) -> Shown:
    """c_K over the size of c_0: gates frozen, and gates that react."""
    rng = np.random.default_rng(5)
    m, n, T = 3, 2, 6
    x, h0, c0 = rng.normal(size=(1, T, m)), np.zeros((1, n)), np.ones((1, n))
    W, U, b = rng.normal(size=(m, 4 * n)), 2.5 * rng.normal(size=(n, 4 * n)), rng.normal(size=4 * n)
    b[n : 2 * n] += 2.0  # long memory, so that c_0 still matters at the end
    h, c = whole(x, h0, c0, W, U, b)
    before = np.concatenate([h0[:, None], h[:, :-1]], axis=1)
    i, f, c_tilde, _ = (
        np.stack(g, axis=1) for g in zip(*(lstm_gates(x[:, t], before[:, t], W, U, b) for t in range(T)), strict=True)
    )
    u, sizes = i * c_tilde, np.linspace(-4, 4, 81)
    gain, offset = gain_and_offset(f, u)
    frozen = np.concatenate([ride(a * c0, f, u) for a in sizes])
    live = np.concatenate([whole(x, h0, a * c0, W, U, b)[1][:, -1] for a in sizes])
    figure, panels = new_figure(1, n, width=9.0)
    for k, axes in enumerate(panels):
        first, second = styles(), styles()
        axes.plot(sizes, live[:, k], label="gates react", **next(second) | {"color": "#D55E00", "linestyle": "--"})
        axes.plot(sizes, frozen[:, k], label="gates frozen (your ride)", **next(first))
        some = np.array([-4.0, -2.0, 0.0, 1.0, 2.0, 4.0])
        axes.plot(some, (some[:, None] * gain * c0 + offset)[:, k], label="your gain and offset", **CIRCLE)
        axes.plot(1, c[0, -1, k], "x", color="black", ms=11, label="the real run")
        axes.set(xlabel="size of $c_0$", ylabel=f"$c_K$ of unit {k}")
    panels[0].legend(fontsize=8)
    return show(
        figure,
        alt="Drawn from your answers, a panel for each of two units: the last state against the size of the first. "
        "If right: with the gates frozen a straight line, on which the circles of your gain and offset lie, and "
        "which passes through the cross of the real run at size 1. With gates that react, a dashed curve that "
        "bends.",
        caption="The conveyor. With frozen gates the last state belongs on a straight line through the circles and "
        "the cross. The dashed curve is the same cell when its gates may react: it meets the line at the "
        "cross, and bends.",
    )


@figure_of("E08.9")
def gates(gate_traces, best_unit, counts, quantities, weights, string: str) -> Shown:
    """The trained cell on a bracket string: the unit that counts, the other units, and the gates of the first."""
    sample = strings(20, 60, seed=2)
    counted = np.concatenate([quantities(s)[counts] for s in sample])
    states = np.concatenate([gate_traces(one_hot(s), weights.W, weights.U, weights.b)[3] for s in sample])
    unit = int(best_unit(states, counted))
    slope, level = np.polyfit(counted, states[:, unit], 1)
    correlation = np.corrcoef(states[:, unit], counted)[0, 1]
    f, i, o, c = gate_traces(one_hot(string), weights.W, weights.U, weights.b)
    t = np.arange(len(string))
    figure, (top, middle, bottom) = new_figure(3, 1, width=9.0, height=7.5, sharex=True, height_ratios=(5, 4, 4))
    top.step(
        t, slope * quantities(string)[counts] + level, where="mid", color="black", lw=1, label=f"{counts}, to scale"
    )
    top.plot(t, c[:, unit], color="#D55E00", lw=2.5, label=f"c of unit {unit}")
    top.set(ylabel="c", title=f"unit {unit} and what it counts: correlation {correlation:.3f}, over 20 strings")
    for style, k in zip(styles(), (k for k in range(c.shape[1]) if k != unit), strict=False):
        middle.plot(t, c[:, k], label=f"c of unit {k}", **style)
    middle.set(ylabel="c of the others")
    bottom.axhspan(0, 1, **BAND)
    for style, name, gate in zip(styles(), "fio", (f, i, o), strict=False):
        bottom.plot(t, gate[:, unit], label=f"{name} of unit {unit}", **style)
    bottom.set(ylabel="gates", xticks=t, xticklabels=list(string), xlabel="symbol read")
    for axes in (top, middle, bottom):
        axes.legend(fontsize=8, loc="center left", bbox_to_anchor=(1.0, 0.5))
    return show(
        figure,
        alt=f"Drawn from your answers, three panels over the string {string}. Top: the cell state of the unit you "
        "found and, as a staircase scaled to it, what you say it counts; their correlation is "
        f"{correlation:.3f}. If right, the curve hugs the staircase after the first few symbols. Middle: the "
        "states of the other five units. Bottom: the gates of the unit; if right, f stays between 0.9 and 1, i "
        "between 0.2 and 0.5, o between 0.7 and 1.",
        caption="The trained cell at work. The thick line belongs close to the staircase, symbol by symbol.",
    )
