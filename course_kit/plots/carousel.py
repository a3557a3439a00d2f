"""Figures of notebook 09 up to the error carousel. Hollow circles mark where a right answer must pass."""

import numpy as np

from course_kit.plots.ask import figure_of
from course_kit.plots.lstm import CIRCLE, numbers
from course_kit.plots.show import OKABE_ITO, Shown, new_figure, not_yet, show, styles
from course_kit.reference.activations import sigmoid
from course_kit.reference.carousel import forgetting_forward
from course_kit.reference.lstm1997 import lstm1997_forward, lstm1997_step

__all__ = [
    "along_the_state",
    "direct_and_total",
    "four_biases",
    "kept_by_a_run",
    "never_forgets",
    "not_yet",
    "one_bias",
    "rounds",
]


def in_reference_order(stacked):
    """From g, i, o of D4.35 to i, c, o of the reference."""
    g, i, o = np.split(stacked, 3, axis=-1)
    return np.concatenate([i, g, o], axis=-1)


@figure_of("E09.1")
def never_forgets(forward) -> Shown:
    """Three states over 40 steps with circles where they must lie, and how full the cell is after 400."""
    rng = np.random.default_rng(1997)
    m, n, T = 3, 4, 400
    x, zero = rng.normal(size=(50, T, m)), np.zeros((50, n))
    W, U, b = 0.8 * rng.normal(size=(m, 3 * n)), 0.5 * rng.normal(size=(n, 3 * n)), 0.3 * rng.normal(size=3 * n)
    c = np.asarray(forward(x, zero, zero, W, U, b)[1])
    _, right = lstm1997_forward(x, zero, zero, *(in_reference_order(a) for a in (W, U, b)))
    figure, (left, middle) = new_figure(1, 2, width=9.0)
    t = np.arange(1, 41)
    for k, style in zip(range(3), styles(), strict=False):
        left.plot(t, c[0, :40, k], label=f"unit {k}", **style)
        left.plot(t[::3], right[0, :40:3, k], **{**CIRCLE, "ms": 6})
    left.set(xlabel="step t", ylabel="cell state c", title="yours; circles: where it must lie")
    left.legend(fontsize=8)
    steps, style = np.arange(1, T + 1), styles()
    middle.plot(steps, np.sqrt(np.square(c).mean(axis=(0, 2))), label="size of c (root mean square)", **next(style))
    middle.set(xlabel="step t", ylabel="size of c", title="50 sequences of noise")
    full = np.mean(np.abs(np.tanh(c)) > 0.99, axis=(0, 2))
    other = middle.twinx()
    next(style)
    other.plot(steps, full, label="share with |tanh c| > 0.99", **{**next(style), "color": OKABE_ITO[5]})
    other.set(ylabel="share of saturated units", ylim=(0, 1))
    middle.legend(
        *(a + b for a, b in zip(*(p.get_legend_handles_labels() for p in (middle, other)), strict=True)),
        fontsize=8,
        loc="upper left",
    )
    return show(
        figure,
        alt="Drawn from your answer. Left: the states of three units over 40 steps; if right, the lines pass through "
        "the hollow circles. Right: over 400 steps of random input the size of c grows from 0 to "
        f"{np.sqrt(np.square(c[:, -1]).mean()):.1f}, and the share of units whose tanh(c) is beyond 0.99 to "
        f"{full[-1]:.2f}.",
        caption="Your cell of 1997. Left, the lines belong through the circles. Right, what is never forgotten piles "
        "up.",
    )


@figure_of("E09.2")
def direct_and_total(derivatives) -> Shown:
    """The student's two matrices beside central differences of the new state."""
    rng = np.random.default_rng(3)
    m, n = 2, 3
    x, c, o = rng.normal(size=m), 0.7 * rng.normal(size=n), np.array([0.9, 0.6, 0.8])
    W, U, b = rng.normal(size=(m, 3 * n)), 2.5 * rng.normal(size=(n, 3 * n)), 0.3 * rng.normal(size=3 * n)
    weights = [in_reference_order(a) for a in (W, U, b)]

    def new_state(c, h):
        return lstm1997_step(x[None], h[None], c[None], *weights)[1][0]

    held, moves = o * np.tanh(c), 1e-6 * np.eye(n)
    through = np.stack(
        [new_state(c + e, o * np.tanh(c + e)) - new_state(c - e, o * np.tanh(c - e)) for e in moves], axis=1
    )
    alone = np.stack([new_state(c + e, held) - new_state(c - e, held) for e in moves], axis=1)
    direct, total = (np.asarray(a).reshape(n, n) for a in derivatives(x, c, o, W, U, b))
    figure, panels = new_figure(1, 4, width=10.0, height=3.0)
    for axes, matrix, title in zip(
        panels,
        (direct, alone / 2e-6, total, through / 2e-6),
        ("your direct", "measured,\n$h_{t-1}$ held", "your total", "measured,\n$h_{t-1}$ follows"),
        strict=True,
    ):
        numbers(axes, np.round(matrix, 3) + 0.0, title, 1.5)
        axes.set(xlabel="entry of $c_{t-1}$")
    panels[0].set_ylabel("entry of $c_t$")
    return show(
        figure,
        alt="Four matrices of three rows and columns, entry of the new state against entry of the old one. Drawn from "
        "your answer: the first, your direct derivative, belongs equal to the second, which is measured with "
        "h_{t-1} held and has 1 on the diagonal and 0 elsewhere. The third, your total derivative, belongs equal to "
        f"the fourth, measured with h_{{t-1}} following, whose diagonal is {_listed(np.diag(through) / 2e-6)}.",
        caption="Your two derivatives, each beside what central differences find. The pairs belong equal.",
    )


def along_the_state(curves: dict[str, np.ndarray]) -> Shown:
    """Norms of d(last state)/d(state t) against the distance, at every tenth step.

    Args:
        curves: dict from network to norms, the first at the largest distance, the last at distance 0.
    """
    figure, axes = new_figure(width=7.5, height=3.6)
    axes.axhline(1.0, color="0.7", lw=0.8, zorder=0)
    said = []
    for (name, norms), style in zip(curves.items(), styles(), strict=False):
        distance = 10 * np.arange(len(norms))[::-1]
        axes.semilogy(distance, norms, label=name, marker=".", **style)
        said.append(f"{name} {norms[0]:.1e}")
    axes.set(xlabel="steps back from the end", ylabel=r"norm of $\partial$ last / $\partial$ earlier state")
    axes.legend(fontsize=8, loc="center left", bbox_to_anchor=(1.0, 0.5))
    return show(
        figure,
        alt=f"Norm of the derivative of the last state with respect to an earlier one against the distance, on a "
        f"logarithmic scale. All start at 1. After {distance[0]} steps: {'; '.join(said)}.",
        caption="How a change of the state arrives after many steps, along the direct path alone and in total.",
    )


def _listed(values) -> str:
    return ", ".join(f"{v:.2f}" for v in values)


@figure_of("E09.3")
def kept_by_a_run(retention) -> Shown:
    """What is left of c_0 in the same LSTM with three forget biases, on one random sequence."""
    rng = np.random.default_rng(41)
    m, n, T = 3, 4, 60
    x, h0, c0 = rng.normal(size=(1, T, m)), np.zeros((1, n)), rng.normal(size=(1, n))
    W, U, b = 0.5 * rng.normal(size=(m, 4 * n)), 0.5 * rng.normal(size=(n, 4 * n)), np.zeros(4 * n)
    t = np.arange(1, T + 1)
    figure, axes = new_figure(width=7.5, height=3.6)
    said = []
    for style, b_f in zip(styles(), (0.0, 1.0, 4.4551), strict=False):
        bias = np.concatenate([b[: 3 * n], np.full(n, b_f)])
        kept = np.asarray(retention(x, h0, c0, W, U, bias))[0, :, 0]
        right = np.prod(forgetting_forward(x, h0, c0, W, U, bias)[2][0, :, 0])
        axes.semilogy(t, kept, label=f"$b_f$ = {b_f:g}", **style)
        axes.semilogy(t, sigmoid(b_f) ** t, color=style["color"], lw=0.7, alpha=0.6)
        axes.plot(T, right, clip_on=False, **CIRCLE)
        said.append(f"{kept[-1]:.2g} for b_f = {b_f:g}")
    axes.set(xlabel="step t", ylabel="share of $c_0$ that is left", title="unit 0 of an LSTM on random input")
    axes.grid(alpha=0.3)
    axes.legend(fontsize=8)
    return show(
        figure,
        alt="Drawn from your answer: what is left of c_0 in one unit over 60 steps, on a logarithmic scale, for three "
        f"forget biases. At step 60 it is {'; '.join(said)}. If right, the curves end in the hollow circles. Thin "
        "lines show the bias alone, sigmoid(b_f) to the power t.",
        caption="What a running LSTM keeps. Your curves belong into the circles at the right; the thin straight lines "
        "are the bias alone, without input.",
    )


@figure_of("E09.4")
def four_biases(bias_to_keep, half_life) -> Shown:
    """Retention over 100 steps for four biases, the last one the student's for half over 60 steps."""
    return _retention((0.0, 1.0, 3.0, float(bias_to_keep(0.5, 60))), half_life)


@figure_of("E09.4")
def one_bias(b_f, half_life) -> Shown:
    """Retention over 100 steps for one bias."""
    return _retention((float(b_f),), half_life)


def _retention(biases, half_life) -> Shown:
    t = np.arange(101)
    figure, axes = new_figure(width=7.5, height=3.4)
    axes.axhline(0.5, color="0.7", lw=0.8, zorder=0)
    said = []
    for style, b_f in zip(styles(), biases, strict=False):
        life = float(half_life(b_f))
        said.append(f"{life:.3g} steps for b_f = {b_f:.4g}")
        axes.plot(t, sigmoid(b_f) ** t, label=f"$b_f$ = {b_f:.4g}, f = {sigmoid(b_f):.4f}", **style)
        if 0 <= life <= 100:
            axes.plot(life, 0.5, marker="x", ms=9, mew=2, color=style["color"])
    if len(biases) > 1:
        axes.plot(60, 0.5, **CIRCLE)
    axes.set(xlabel="steps t", ylabel="share left, $f^t$", ylim=(-0.02, 1.05))
    axes.legend(fontsize=8, loc="center left", bbox_to_anchor=(1.0, 0.5))
    circle = " The last curve belongs through the hollow circle at 60 steps and one half." if len(biases) > 1 else ""
    return show(
        figure,
        alt="The share left of a stored value over 100 steps at zero input. Crosses stand at your half-lives: "
        f"{'; '.join(said)}. If right, each cross lies where its curve meets the level 0.5.{circle}",
        caption="f to the power t. Each cross, your half-life, belongs onto its own curve." + circle,
    )


@figure_of("E09.5")
def rounds(carousel, fed_to_gates) -> Shown:
    """A unit error on its way back over 100 steps, and how much of it all rounds together feed the forget gate."""
    T = 100
    e = np.zeros((T, 1))
    e[-1] = 1.0
    figure, (left, right) = new_figure(1, 2, width=9.5, height=3.6)
    for style, f in zip(styles(), (1.0, 0.99, 0.9), strict=False):
        dc = np.asarray(carousel(e.copy(), np.full((T, 1), f)))[:, 0]
        left.semilogy(np.arange(T, -1, -1), np.where(dc > 0, dc, np.nan), label=f"f = {f:g}", **style)
        left.plot(T, f**T, clip_on=False, **CIRCLE)
    left.set(
        xlabel="steps back from the end", ylabel=r"$\partial L/\partial c_t$", title="one unit of error at the end"
    )
    left.legend(fontsize=8)
    biases, fed = np.linspace(-2, 9, 45), []
    for b_f in biases:
        f = np.full((T, 1), sigmoid(b_f))
        dc = np.asarray(carousel(e.copy(), f))[1:]
        fed.append(
            np.asarray(fed_to_gates(dc, np.ones((T, 1)), np.full((T, 1), 0.5), np.full((T, 1), 0.5), f)[2]).sum()
        )
    right.plot(biases, fed, label="yours", **next(styles()))
    f = sigmoid(biases[::6])
    right.plot(biases[::6], f * (1 - f**T), **CIRCLE, label=r"$f\,(1 - f^{100})$")
    right.set(xlabel="$b_f$", ylabel="sum of $d_f$ over 100 steps", title="what the forget gate is fed, c = 1")
    right.legend(fontsize=8)
    return show(
        figure,
        alt="Drawn from your answers. Left, on a logarithmic scale: an error of 1 on its way back over 100 steps; if "
        "right, level at 1 for f = 1, down to 0.37 for f = 0.99 and to 2.7e-5 for f = 0.9, into the hollow circles. "
        "Right: the error that the forget gate is fed in all 100 steps together against b_f; if right, a hill through "
        f"the circles, highest near b_f = {biases[int(np.argmax(fed))]:.2g} with {max(fed):.2f}.",
        caption="The carousel. Left, the lines belong into the circles. Right, an open gate carries the error far, but "
        "learns little from it: the hill belongs through the circles.",
    )
