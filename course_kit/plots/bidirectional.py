"""Figures of notebook 12. Hollow circles mark where a right answer must pass."""

import numpy as np

from course_kit.plots.ask import ask, figure_of
from course_kit.plots.lstm import CIRCLE
from course_kit.plots.show import Shown, new_figure, show, styles
from course_kit.plots.slider import Slid, slider
from course_kit.reference.bidirectional import bidirectional_forward, from_the_end, one_way

FORWARD, BACKWARD = "#0072B2", "#D55E00"


def unrolled() -> Shown:
    """Two chains over one sequence, drawn by code: what is read, who hands on to whom, what is merged."""
    figure, axes = new_figure(width=7.5, height=3.4)
    arrow = {"arrowstyle": "-|>", "shrinkA": 11, "shrinkB": 11, "lw": 1.3}
    rows = {"x": 0.0, "h": 1.0, "g": 2.0, "y": 3.0}
    colours = {"x": "0.9", "h": "#BBDDF2", "g": "#F5CDB4", "y": "0.9"}
    for t in range(5):
        for name, row in rows.items():
            axes.text(
                t, row, f"${name}_{t}$", ha="center", va="center", bbox={"boxstyle": "circle", "fc": colours[name]}
            )
        for row, bend, colour in ((1.0, 0.0, FORWARD), (2.0, 0.35, BACKWARD)):
            link = {**arrow, "color": colour, "connectionstyle": f"arc3,rad={bend}"}
            axes.annotate("", (t, row), (t, 0.0), arrowprops={**link, "lw": 0.8})
        for row, bend in ((1.0, -0.35), (2.0, 0.0)):
            axes.annotate(
                "",
                (t, 3.0),
                (t, row),
                arrowprops={**arrow, "color": "0.5", "connectionstyle": f"arc3,rad={bend}", "lw": 0.8},
            )
        if t < 4:
            axes.annotate("", (t + 1, 1.0), (t, 1.0), arrowprops={**arrow, "color": FORWARD})
            axes.annotate("", (t, 2.0), (t + 1, 2.0), arrowprops={**arrow, "color": BACKWARD, "linestyle": "--"})
    for row, label in ((0.0, "read"), (1.0, "forward"), (2.0, "backward"), (3.0, "merged")):
        axes.text(-0.6, row, label, ha="right", va="center")
    axes.set(xlim=(-1.5, 4.5), ylim=(-0.45, 3.45))
    axes.axis("off")
    return show(
        figure,
        alt="A network drawn over five steps. Bottom row: inputs x 0 to x 4. Second row: states h 0 to h 4, joined by "
        "arrows to the right. Third row: states g 0 to g 4, joined by dashed arrows to the left. Each input goes to "
        "the h and the g above it, and both go to the output y of the same time in the top row. No arrow joins h and "
        "g.",
        caption="Two networks over one sequence. Between them there is no arrow: they meet only in the output.",
    )


def _deal(T=12, m=2, n=2, seed=12):
    rng = np.random.default_rng(seed)
    ways = [[rng.normal(size=s, scale=0.8) for s in ((m, n), (n, n), (n,))] for _ in range(2)]
    return rng.normal(size=(1, T, m)), *ways


@figure_of("E12.1")
def by_hand(bidirectional) -> Shown:
    """The student's merged output and the twin's, for the four ways to merge."""
    x, forward, backward = _deal()
    figure, panels = new_figure(1, 4, width=10.5, height=2.9, sharex=True)
    worst = 0.0
    for axes, merge in zip(panels, ("concat", "sum", "ave", "mul"), strict=True):
        due = bidirectional_forward(x, forward, backward, merge)
        (y,) = ask(bidirectional, x, forward, backward, merge, shapes=(due.shape,))
        worst = max(worst, float(np.abs(y - due).max()))
        for style, k in zip(styles(), range(y.shape[2]), strict=False):
            axes.plot(y[0, :, k], **style)
            axes.plot(due[0, :, k], **{**CIRCLE, "ms": 5})
        axes.set(xlabel="time t", xticks=range(0, 12, 3), title=f'"{merge}", {y.shape[2]} wide')
    return show(
        figure,
        alt="Drawn from your answer: four panels over 12 steps, the outputs merged by concat, four lines, and by sum, "
        "ave and mul, two lines each, with circles where a right answer passes. If right, every line runs through its "
        f"circles. The largest difference is {worst:.1e}.",
        caption=f"Your bidirectional network. The lines belong into the circles; the largest difference is "
        f"{worst:.1e}.",
    )


@figure_of("E12.2")
def not_a_flip(index_map, merged, summary) -> Shown:
    """Where the outputs of go_backwards belong, and what a single pulse in the input shows of the two ways."""
    T, at = 12, 3
    (times,) = ask(index_map, T, shapes=((T,),))
    x, forward, backward = np.zeros((1, T, 1)), *([[[w]], [[0.85]], [0.0]] for w in (1.0, -1.0))
    forward, backward = ([np.array(a) for a in way] for way in (forward, backward))
    x[0, at] = 1.0
    h, g = one_way(x, *forward), one_way(x[:, ::-1], *backward)
    (y,) = ask(merged, h, g, shapes=((1, T, 2),))
    (last,) = ask(summary, h, g, shapes=((1, 2),))
    figure, (places, pulse) = new_figure(1, 2, width=9.5, height=3.4, width_ratios=(2, 3))
    places.plot(np.arange(T), times, "s", color=BACKWARD, label="your index_map")
    places.plot(np.arange(T), T - 1 - np.arange(T), **CIRCLE)
    places.set(xlabel="position in the output of go_backwards", ylabel="time it belongs to")
    places.legend(fontsize=8)
    pulse.axvline(at, color="0.8", lw=6, zorder=0, label="the only input")
    pulse.plot(y[0, :, 0], color=FORWARD, marker=".", label="forward half")
    pulse.plot(y[0, :, 1], color=BACKWARD, ls="--", marker=".", label="backward half")
    pulse.plot(T - 1, h[0, -1, 0], **CIRCLE)
    pulse.plot(0, g[0, -1, 0], **CIRCLE)
    pulse.plot([T - 1, 0], last[0], "x", color="black", ms=9, label="your summary")
    pulse.set(xlabel="time t", ylabel="your merged output")
    pulse.legend(fontsize=8)
    return show(
        figure,
        alt="Drawn from your answers. Left: the time that each of 12 positions belongs to; if right, squares inside "
        "the circles, falling from 11 to 0. Right: a sequence with one pulse at time 3. If right, the forward half is "
        "zero before the pulse and answers from it on to the right, the backward half is zero after the pulse and "
        "answers to the left, and the two crosses of the summary lie in the circles at time 11 and time 0.",
        caption="Your repair, seen by a single pulse at time 3. Blue belongs to its right, orange to its left; the "
        "crosses belong into the circles.",
    )


@figure_of("E12.3")
def who_sees_what(change, pattern) -> Shown:
    """Change over time when one step is moved, and the three patterns."""
    T = 12
    x, forward, backward = _deal(T)
    delta = np.array([0.5, -0.5])
    figure, panels = new_figure(1, 5, width=11.5, height=2.9, width_ratios=(3, 3, 2, 2, 2))
    for axes, t in zip(panels, (T - 1, 5), strict=False):
        alone, both = ask(change, x, forward, backward, t, delta, shapes=((T,), (T,)))
        axes.axvline(t, color="0.85", lw=6, zorder=0)
        axes.semilogy(np.maximum(both, 1e-17), "s--", ms=4, color=BACKWARD, label="bidirectional")
        axes.semilogy(np.maximum(alone, 1e-17), ".-", color=FORWARD, label="forward")
        axes.set(xlabel="time of the state", xticks=range(0, 12, 3), title=f"step {t} moved", ylim=(3e-18, 10))
    panels[0].set_ylabel("largest change")
    panels[1].legend(fontsize=8, loc="lower right")
    for axes, kind in zip(panels[2:], ("forward", "backward", "both"), strict=True):
        (matrix,) = ask(pattern, 6, kind, shapes=((6, 6),))
        axes.imshow(matrix, cmap="Greys", vmin=0, vmax=1.4)
        out, into = np.nonzero(_seen(x[:, :6], forward, backward, kind))
        axes.plot(into, out, "o", ms=6, mfc="none", mec="#E69F00", mew=1.5)
        axes.set(title=kind, xlabel="input time", xticks=range(6), yticks=range(6))
    panels[2].set_ylabel("output time")
    return show(
        figure,
        alt="Drawn from your answers. Two curves against the time of the state, logarithmic, when step 11 and when "
        "step 5 of 12 is moved. If right, the forward change is zero, drawn at the bottom, at every time before the "
        "moved step, and the bidirectional change is above 0.0001 at the moved step and falls away from it on both "
        "sides. Then three 6 by 6 patterns, with circles where trying finds a dependence; if right, the lower "
        "triangle for forward, the upper one for backward, all for both.",
        caption="Who sees a moved step (grey line). Exact zeros are drawn at the bottom. Patterns: dark where, by "
        "your answer, the output of a row sees the input of a column; circles, where trying finds it.",
    )


@figure_of("E12.4")
def leak(bidirectional, live) -> Shown:
    """Forecast of a random walk's next move: from the past, and from a network that has read the answer."""
    rng = np.random.default_rng(46)
    T, n = 4000, 12
    moves = rng.normal(size=T)
    ways = [
        (rng.normal(size=(1, n)) * 0.5, np.linalg.qr(rng.normal(size=(n, n)))[0] * 0.9, rng.normal(size=n) * 0.1)
        for _ in range(2)
    ]
    (y,) = ask(bidirectional, moves[None, :, None], *ways, "concat", shapes=((1, T, 2 * n),))
    features = {"live": np.asarray(live(y), dtype=float)[0], "both ends": y[0]}
    figure, panels = new_figure(1, 2, width=8.5, height=3.6, sharex=True, sharey=True)
    half, said = T // 2, []
    for axes, (label, f) in zip(panels, features.items(), strict=True):
        f, target = np.c_[f[:-1], np.ones(T - 1)], moves[1:]
        read_out = np.linalg.solve(f[:half].T @ f[:half] + 1e-3 * np.eye(f.shape[1]), f[:half].T @ target[:half])
        guess, true = f[half:] @ read_out, target[half:]
        share = 1 - np.mean((guess - true) ** 2) / true.var()
        said.append(f"{label} {100 * share:.0f} %")
        axes.plot(true[:600], guess[:600], ".", ms=3, color=FORWARD if label == "live" else BACKWARD)
        axes.plot([-3, 3], [-3, 3], color="0.6", lw=1, ls=":")
        axes.set(
            title=f"{label}: explains {100 * share:.0f} %", xlabel="the next move", xlim=(-3.5, 3.5), ylim=(-3.5, 3.5)
        )
    panels[0].set_ylabel("its forecast")
    return show(
        figure,
        alt="Drawn from your answers: forecasts of a random walk's next move against the move itself, on the half of "
        "the series that was not fitted to. If right, the forecasts from what may be used live lie on a level band "
        "around 0 and explain nothing; those from both ends lie close to the diagonal. Explained: "
        + ", ".join(said)
        + ".",
        caption="A forecast of what cannot be forecast, a random walk's next move. Explained on the second half of the "
        "series: " + ", ".join(said) + ". The right-hand one has read the answer.",
    )


def end_weighs_more(sensitivity, both_ends) -> Shown | Slid:
    """Norms over time for one direction and for two, with a slider for the scale of U."""

    @figure_of("E12.5")
    def drawn(sensitivity, both_ends, scales) -> Shown:
        return _sensitivities(sensitivity, both_ends, scales)

    still = drawn(sensitivity, both_ends, (0.7, 0.95, 1.3))
    if still.png is None:
        return still
    return slider(lambda scale: drawn(sensitivity, both_ends, (scale,)), still, scale=(0.5, 1.5, 0.05, 0.95))


def _sensitivities(sensitivity, both_ends, scales) -> Shown:
    T, m, n = 60, 3, 12
    rng = np.random.default_rng(5)
    x = rng.normal(size=(T, m))
    rotations = [np.linalg.qr(rng.normal(size=(n, n)))[0] for _ in range(2)]
    kernels = [rng.normal(size=(m, n), scale=0.15) for _ in range(2)]
    figure, panels = new_figure(1, len(scales), width=2.0 + 3.0 * len(scales), height=3.4, sharey=True, squeeze=False)
    said = []
    for axes, scale in zip(panels[0], scales, strict=True):
        ways = [(W, scale * U, np.zeros(n)) for W, U in zip(kernels, rotations, strict=True)]
        (one,) = ask(sensitivity, x, *ways[0], shapes=((T,),))
        (two,) = ask(both_ends, x, *ways, shapes=((T,),))
        axes.semilogy(two, "--", color=BACKWARD, lw=2.5, label="two directions")
        axes.semilogy(one, color=FORWARD, label="one direction")
        there = [_slow(x, *ways[0], t) for t in (0, T - 1)]
        back = [_slow(x[::-1], *ways[1], T - 1 - t) for t in (0, T - 1)]
        axes.plot([0, T - 1], there, **CIRCLE)
        axes.plot([0, T - 1], np.hypot(there, back), **{**CIRCLE, "marker": "D"})
        axes.set(xlabel="time t of the input", title=f"U = {scale:g} x rotation")
        said.append(
            f"scale {scale:g}: first over last {one[0] / one[-1]:.1e}, with two directions {two[0] / two[-1]:.2g}"
        )
    panels[0, 0].set_ylabel("sensitivity of the summary to $x_t$")
    panels[0, 0].legend(fontsize=8)
    return show(
        figure,
        alt="Drawn from your answers: norms over 60 steps, logarithmic, a panel for each size of U. If right, the "
        "line of one direction passes through the circles at both ends, that of two directions through the diamonds; "
        "for a small U it rises steadily to the last step, and the "
        "line of two directions is high at both ends and sags in the middle. " + "; ".join(said) + ".",
        caption="How much the summary hangs on each input. " + "; ".join(said) + ".",
    )


def _seen(x, forward, backward, kind) -> np.ndarray:
    """Which output (row) moves when an input (column) does, by trying."""
    there, back = lambda x: one_way(x, *forward), lambda x: from_the_end(x, backward)
    ways = {"forward": [there], "backward": [back], "both": [there, back]}[kind]
    moves = 0.5 * np.eye(x.shape[1])[:, :, None]  # in row t, step t is moved
    return sum(np.abs(way(x + moves) - way(x)).max(axis=2) for way in ways).T > 0


def _slow(x, W, U, b, t) -> float:
    """The norm at one time by steps in the imaginary direction: no formula, and no digits lost in a difference."""
    moved = np.stack([x.astype(complex)] * x.shape[1])
    for j in range(x.shape[1]):
        moved[j, t, j] += 1e-30j
    return float(np.linalg.norm(one_way(moved, W, U, b)[:, -1].imag / 1e-30))
