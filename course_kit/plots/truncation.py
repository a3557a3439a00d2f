"""Figures of notebook 07 on less than the whole sequence: looking back tau steps, and pieces."""

import numpy as np

from course_kit.plots.ask import ask, figure_of
from course_kit.plots.show import OKABE_ITO, Shown, new_figure, show, styles
from course_kit.reference import bptt
from course_kit.reference.bptt_truncated import truncated

CIRCLE = {"marker": "o", "ms": 9, "mfc": "none", "mec": "black", "ls": "none"}


def example(rho, T, size=0.1, seed=3, n=6):
    """A network with a recurrent kernel of spectral radius rho, run forward: the cache and delta_y, one sequence."""
    rng = np.random.default_rng(seed)
    U = rng.normal(size=(n, n))
    weights = {
        "W": 0.4 * rng.normal(size=(2, n)),
        "U": U * rho / np.abs(np.linalg.eigvals(U)).max(),
        "b_h": np.zeros(n),
        "V": rng.normal(size=(n, 1)),
        "b_y": np.zeros(1),
    }
    x, h0 = size * rng.normal(size=(1, T, 2)), 0.3 * rng.normal(size=(1, n))
    y, cache = bptt.forward(x, h0, **weights)
    return cache, bptt.output_error(y, np.sin(np.arange(T))[None, :, None]), weights


@figure_of("E07.2")
def error(truncated_gradient) -> Shown:
    """How far the truncated gradient is from the full one, over tau, for three spectral radii."""
    T = 40
    taus = np.array([1, 2, 3, 5, 8, 12, 16, 20, 25, 30, 35, 40])
    figure, (left, right) = new_figure(1, 2, width=9.0, height=3.6)
    said = []
    for rho, style in zip((0.5, 0.9, 1.1), styles(), strict=False):
        cache, delta_y, _ = example(rho, T)
        full = bptt.gradients(delta_y, cache)["U"]
        arguments = (delta_y, cache["h"], cache["h0"], cache["U"], np.asarray(cache["V"]))
        found = [ask(truncated_gradient, *arguments, int(tau), shapes=(full.shape,))[0] for tau in taus]
        off = np.array([np.linalg.norm(g - full) / np.linalg.norm(full) for g in found])
        cosines = [np.sum(g * full) / (np.linalg.norm(g) * np.linalg.norm(full) or 1.0) for g in found]
        turned = np.degrees(np.arccos(np.clip(cosines, -1, 1)))
        left.plot(taus, np.maximum(off, 1e-17), label=rf"$\rho$ = {rho:g}", marker=".", **style)
        right.plot(taus, turned, label=rf"$\rho$ = {rho:g}", marker=".", **style)
        due = [truncated(bptt.gradients, delta_y, cache, 1, int(tau))["U"] - full for tau in taus[:-1:2]]
        left.plot(taus[:-1:2], [np.linalg.norm(d) / np.linalg.norm(full) for d in due], **CIRCLE)
        said.append(f"radius {rho:g}: {off[0]:.2g} at tau = 1, {off[5]:.2g} at 12, {off[-1]:.1g} at 40")
    left.axhspan(1e-17, 1e-12, color="0.92", zorder=0)
    left.text(1, 1e-14, "rounding", fontsize=8)
    left.set(xlabel=r"look-back $\tau$", ylabel=r"$\|g_\tau - g\|\ /\ \|g\|$", yscale="log")
    right.set(xlabel=r"look-back $\tau$", ylabel="angle to the full gradient, degrees", ylim=(-2, None))
    right.legend(fontsize=8)
    return show(
        figure,
        alt="Drawn from your answer, for recurrent kernels of spectral radius 0.5, 0.9 and 1.1 and T = 40. Left: "
        "relative "
        f"error of the truncated gradient over tau, logarithmic: {'; '.join(said)}. If right, all three pass through "
        "the circles and end "
        "in "
        "the grey band of rounding errors at tau = 40. Right: the angle between the two gradients, which falls to 0.",
        caption="How much is lost by looking back tau steps only. Left, the curves belong through the circles, and "
        "at tau = 40 every curve must be in the grey "
        "band.",
    )


@figure_of("E07.3")
def in_pieces(states_in_pieces, reaches) -> Shown:
    """Which step each loss reaches, over the true sizes of the paths, and the states of one unit."""
    T, k = 12, 4
    cache, delta_y, weights = example(0.95, T, size=0.5, seed=5)
    sizes = np.full((T, T), np.nan)
    for t in range(T):
        parts = bptt.path_contributions(delta_y, cache, t)
        sizes[t, : t + 1] = np.linalg.norm(parts, axis=(1, 2))
    (mask,) = ask(reaches, T, k, shapes=((T, T),))
    run = (weights["W"], weights["U"], weights["b_h"])
    (h,) = ask(states_in_pieces, cache["x"], cache["h0"], *run, k, shapes=(cache["h"].shape,))
    parts = [bptt.forward(cache["x"][:, s : s + k], cache["h0"], **weights)[1]["h"] for s in range(0, T, k)]
    figure, (left, right) = new_figure(1, 2, width=9.5, height=3.8, width_ratios=(1, 1.25))
    with np.errstate(divide="ignore"):
        image = left.imshow(np.log10(np.where(sizes > 0, sizes, np.nan)), cmap="cividis")
    figure.colorbar(image, ax=left, label="log10 of the path's size", shrink=0.85)
    rows, columns = np.nonzero(mask)
    left.plot(columns, rows, "s", mfc="none", mec="white", ms=8, mew=1.5)
    for cut in range(k, T, k):
        for line in (left.axhline, left.axvline):
            line(cut - 0.5, color=OKABE_ITO[5], lw=1)
    left.set(xlabel="step s that is reached", ylabel="loss of step t", xticks=range(0, T, 2), yticks=range(0, T, 2))
    steps = np.arange(T)
    right.plot(steps, cache["h"][0, :, 0], color="0.7", lw=5, label="in one run")
    right.plot(steps, h[0, :, 0], "o-", color="black", ms=4, lw=1, label="yours, in pieces")
    right.plot(steps, np.concatenate(parts, axis=1)[0, :, 0], "--", color=OKABE_ITO[5], label="reset before each piece")
    for cut in range(k, T, k):
        right.axvline(cut - 0.5, color=OKABE_ITO[5], lw=1)
    right.set(xlabel="step", ylabel="state of unit 0")
    right.legend(fontsize=8)
    return show(
        figure,
        alt="Drawn from your answers, 12 steps in pieces of 4. Left: a triangle of squares, loss t downwards, step s "
        "to "
        "the right, coloured by the size of the path from t to s; white frames mark what your function says is "
        "reached. "
        "If right, the frames fill three triangles along the diagonal and cross none of the red lines. Right: a state "
        "over time; your dots, if right, lie on the thick grey line of the run in one go, while the dashed line of a "
        "run "
        "with resets leaves it after each red line.",
        caption="Left, framed: where a gradient still goes. The coloured squares without a frame are what is given up. "
        "Right: your states belong on the thick grey line.",
    )
