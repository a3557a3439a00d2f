"""Figures of notebook 07 on factors: clipping, careful starts, skips, and the five remedies side by side."""

import numpy as np

from course_kit.plots.ask import NothingToDraw, ask, figure_of
from course_kit.plots.show import OKABE_ITO, Shown, new_figure, show, styles
from course_kit.reference import bptt_lstm
from course_kit.reference.elman import elman_forward
from course_kit.reference.jacobians import elman_jacobians, lstm_jacobians
from course_kit.reference.residual import residual_forward, residual_jacobians

CIRCLE = {"marker": "o", "ms": 9, "mfc": "none", "mec": "black", "ls": "none"}


@figure_of("E07.1")
def clipped(clip_by_value, clip_by_norm, clip_by_global_norm) -> Shown:
    """Gradients in all directions and what each of the three ways makes of them."""
    ways = {"by value": clip_by_value, "by norm": clip_by_norm, "by global norm": clip_by_global_norm}
    angles = np.linspace(0, 2 * np.pi, 25)[:-1] + 0.13
    figure, panels = new_figure(1, 3, width=9.5, height=3.6, sharex=True, sharey=True)
    said = []
    for axes, (title, clip) in zip(panels, ways.items(), strict=True):
        turned = []
        for angle in angles:
            before = 2.0 * np.array([np.cos(angle), np.sin(angle)])
            # The first array has two equal entries, so that its norm is not the size of one entry.
            gradient = [np.full(2, before[0]), before[1:]]
            after = clip([g.copy() for g in gradient], 1.0)
            shapes = [np.shape(g) for g in after] if isinstance(after, list | tuple) else None
            if shapes != [(2,), (1,)]:
                raise NothingToDraw(f"{title}: a list of arrays of shapes (2,) and (1,) is due.")
            end = np.array([float(after[0][0]), float(after[1][0])])
            axes.plot(*zip(before, end, strict=True), color="0.75", lw=1)
            axes.plot(*before, "o", color=OKABE_ITO[2], ms=3)
            axes.plot(*end, "o", color="black", ms=4)
            turned.append(abs(np.degrees(np.arctan2(*end[::-1]) - angle) + 180) % 360 - 180)
        axes.axhline(0, color="0.85", lw=0.8, zorder=0)
        axes.axvline(0, color="0.85", lw=0.8, zorder=0)
        axes.set(title=f"{title}: turned by up to {np.abs(turned).max():.0f}°", aspect="equal")
        axes.set_xlabel("entry of the first array")
        said.append(f"{title} turned by up to {np.abs(turned).max():.0f} degrees")
    panels[0].set_ylabel("entry of the second array")
    return show(
        figure,
        alt="Drawn from your answers, three panels: 24 gradients on a circle of radius 2 and, joined to each by a "
        "line, "
        f"what clipping at 1 makes of it: {'; '.join(said)}. If right, the clipped ones lie on a square, on a "
        "rectangle "
        "and on an ellipse, and only in the last panel do all lines point to the origin.",
        caption="Before (blue) and after (black) clipping at 1. A line that does not point to the origin belongs to a "
        "gradient that was turned. Only by the global norm is none turned.",
    )


def through_tanh(U, T, size, seed=1):
    """The norms of a gradient on its way back through T steps of a tanh network with quiet inputs, |g| = 1 at first."""
    rng = np.random.default_rng(seed)
    n = len(U)
    x = size * rng.normal(size=(1, T, n))
    h = elman_forward(x, np.zeros((1, n)), np.eye(n), U, np.zeros(n), np.eye(n), np.zeros(n))[1]
    g, found = np.ones(n) / np.sqrt(n), [1.0]
    for step in elman_jacobians(h, U)[0][::-1]:
        g = g @ step
        found.append(np.linalg.norm(g))
    return np.array(found)


@figure_of("E07.4")
def starts(orthogonal, scaled, linear_gradient_norms) -> Shown:
    """A gradient over a hundred linear steps back, for five starts, and through tanh for the orthogonal one."""
    rng = np.random.default_rng(8)
    n, K = 32, 100
    A, g = rng.normal(size=(n, n)), np.ones(n) / np.sqrt(n)
    (Q,) = ask(orthogonal, A, shapes=((n, n),))
    kernels = {"orthogonal": Q}
    for rho in (0.9, 1.0, 1.1):
        (kernels[f"radius {rho:g}"],) = ask(scaled, A, rho, shapes=((n, n),))
    figure, axes = new_figure(width=8.0, height=3.8)
    said = []
    for (label, U), style in zip(kernels.items(), styles(), strict=False):
        (norms,) = ask(linear_gradient_norms, U, g, K, shapes=((K + 1,),))
        axes.plot(np.where(norms > 0, norms, np.nan), label=label, **style)
        said.append(f"{label}: {norms[-1]:.2g}")
    for size, marker in ((0.05, "v"), (0.3, "^")):
        norms = through_tanh(Q, K, size)
        axes.plot(
            norms, color=OKABE_ITO[6], marker=marker, markevery=10, ms=4, label=f"orthogonal, tanh, inputs {size:g}"
        )
        said.append(f"orthogonal through tanh with inputs of {size:g}: {norms[-1]:.2g}")
    axes.plot(100, 1.0, clip_on=False, **CIRCLE)
    axes.set(xlabel="steps back", ylabel="norm of the gradient", yscale="log")
    axes.legend(fontsize=8, loc="center left", bbox_to_anchor=(1.0, 0.5))
    return show(
        figure,
        alt="Drawn from your answers: norm of a gradient over 100 steps back, logarithmic, 1 at first. After 100 steps "
        f"{'; '.join(said)}. If right, the orthogonal line is level and ends in the circle at 1, those of radius 0.9 "
        "and "
        "1.1 fall and rise as straight lines in the end, and those through tanh fall, the larger the inputs the "
        "faster.",
        caption="A gradient on its way back. The line of your orthogonal kernel is level and ends in the circle; with "
        "tanh (triangles) the same kernel does not hold it.",
    )


def kernel(gain, n=8, seed=2):
    q, r = np.linalg.qr(np.random.default_rng(seed).normal(size=(n, n)))
    return gain * q * np.sign(np.diag(r))


@figure_of("E07.5")
def skip(skip_step, skip_jacobian, skip_product_norm) -> Shown:
    """Norm of the Jacobian product over the steps, and its singular values after fifty, with and without the skip."""
    rng = np.random.default_rng(4)
    T, n = 50, 8
    x, W, b, h0 = 0.3 * rng.normal(size=(1, T, 3)), 0.5 * rng.normal(size=(3, n)), np.zeros(n), np.zeros((1, n))
    some = np.array([1, 2, 4, 7, 10, 15, 20, 25, 30, 35, 40, 45, 50])
    figure, (left, right) = new_figure(1, 2, width=9.5, height=3.8)
    said, style = [], styles()
    for gain in (0.5, 1.0):
        U, h, total = kernel(gain, n), h0, np.eye(n)
        with_skip = [ask(skip_product_norm, x[:, :t], h0, W, U, b, shapes=((1,),))[0][0] for t in some]
        for t in range(T):
            total = ask(skip_jacobian, x[:, t], h, W, U, b, shapes=((1, n, n),))[0][0] @ total
            (h,) = ask(skip_step, x[:, t], h, W, U, b, shapes=((1, n),))
        states = elman_forward(x, h0, W, U, b, np.eye(n), np.zeros(n))[1]
        plain, lengths = np.eye(n), []
        for step in elman_jacobians(states, U)[0]:
            plain = step @ plain
            lengths.append(np.linalg.norm(plain, 2))
        by_reference = residual_jacobians(residual_forward(x, h0, W, U, b), h0, U)[0]
        due = np.linalg.norm(np.linalg.multi_dot(by_reference[::-1]), 2)
        for label, t, norms, matrix in (
            (f"plain, kernel {gain:g}", np.arange(1, T + 1), lengths, plain),
            (f"skip, kernel {gain:g}", some, with_skip, total),
        ):
            look = next(style)
            left.plot(t, norms, label=label, **look)
            values = np.linalg.svd(matrix, compute_uv=False)
            right.plot(np.arange(1, n + 1), np.maximum(values, 1e-20), marker=".", label=label, **look)
            said.append(f"{label}: {norms[-1]:.2g}")
        left.plot(T, due, **CIRCLE)
    for axes in (left, right):
        axes.axhline(1.0, color="0.7", lw=0.8)
        axes.set_yscale("log")
    left.set(xlabel="steps", ylabel="norm of the Jacobian product")
    right.set(xlabel="number of the singular value", ylabel="singular values after 50 steps", xticks=range(1, n + 1))
    right.legend(fontsize=8, loc="center left", bbox_to_anchor=(1.0, 0.5))
    return show(
        figure,
        alt="Drawn from your answers, kernels of 0.5 and 1 times an orthogonal matrix. Left: 2-norm of the Jacobian "
        f"product over 50 steps, logarithmic; after 50: {'; '.join(said)}. If right, the curves with the skip end in "
        "the circles, above 1, while the plain ones fall. Right: the eight singular values of the products.",
        caption="With the skip nothing vanishes in the largest direction, and much grows. Left, your curves with the "
        "skip "
        "belong into the circles.",
    )


def back_norms(jacobians, keep=None):
    """2-norms of the last d factors' product, d = 0 .. T; only the first `keep` rows and columns, if given."""
    total, found = np.eye(jacobians.shape[-1]), [1.0]
    for step in jacobians[::-1]:
        total = total @ step
        found.append(np.linalg.norm(total[:keep, :keep], 2))
    return np.array(found)


def remedied(gain, T=100, n=16, piece=10, limit=10.0):
    """For a plain network with this kernel: norms over the distance, plain and after each of the slide's remedies."""
    rng = np.random.default_rng(0)
    x, W, zero = 0.2 * rng.normal(size=(1, T, 4)), rng.uniform(-0.5, 0.5, (4, n)), np.zeros((1, n))

    def plain(U):
        h = elman_forward(x, zero, W, U, np.zeros(n), np.eye(n), np.zeros(n))[1]
        return back_norms(elman_jacobians(h, U)[0])

    U, norms = kernel(gain, n), plain(kernel(gain, n))
    q, _ = np.linalg.qr(rng.normal(size=(4 * n, n)))
    W_lstm, b = rng.uniform(-0.3, 0.3, (4, 4 * n)), np.repeat([0.0, 4.0, 0.0, 0.0], n)
    cache = bptt_lstm.forward(x, zero, zero, W_lstm, 2.5 * gain * q.T, b)[1]
    cut = np.where(np.arange(T + 1) < piece, norms, np.nan)
    return norms, {
        "threshold": np.minimum(norms, limit),
        "pieces": cut,
        "careful start": plain(kernel(1.0, n)),
        "skip": back_norms(residual_jacobians(residual_forward(x, zero, W, U, np.zeros(n)), zero, U)[0]),
        "architecture": back_norms(lstm_jacobians(cache)[0]),
    }


def evidence() -> Shown:
    """Norms over the distance for a network that vanishes and one that explodes, and with each of the five remedies."""
    return side_by_side("", "Grey: the plain network. Lines: the same with each of the five remedies, tried alone.")


@figure_of("E07.6")
def remedies(against) -> Shown:
    """The evidence once more, with the student's claims: thick lines."""
    letters = "".join(against).lower() if isinstance(against, str | list | tuple) else ""
    if len(letters) != 5 or not set(letters) <= set("evb"):
        raise NothingToDraw("against must be five letters, each e, v or b.")
    caption = (
        "Thick: the remedies that you say help in this panel. Circles: those that do. Every thick line ends in one."
    )
    return side_by_side(letters, caption)


def side_by_side(letters: str, caption: str) -> Shown:
    figure, panels = new_figure(1, 2, width=9.8, height=4.0)
    said = []
    for axes, (title, gain, own) in zip(panels, (("vanishes", 0.5, "v"), ("explodes", 2.5, "e")), strict=True):
        norms, curves = remedied(gain)
        axes.plot(norms, color="0.75", lw=6, label="plain", zorder=0)
        for place, ((name, curve), style) in enumerate(zip(curves.items(), styles(), strict=False)):
            claim = letters[place] if letters else ""
            label = f"{name} (you: {claim})" if letters else name
            axes.plot(curve, label=label, **style, lw=2.5 if claim in (own, "b") else 1.2 if not letters else 0.8)
            last = int(np.flatnonzero(np.isfinite(curve))[-1])
            if letters and "eebvv"[place] in (own, "b"):
                axes.plot(last, curve[last], **CIRCLE)
            said.append(f"{title}, {name}: {curve[last]:.2g} at {last}")
        axes.axhline(1.0, color="0.7", lw=0.8)
        axes.set(title=f"a network that {title}", xlabel="distance in steps", yscale="log", ylim=(1e-12, 1e9))
    panels[0].set_ylabel("norm of the product")
    panels[1].legend(fontsize=8, loc="center left", bbox_to_anchor=(1.0, 0.5))
    thick = " Lines that you say help are thick, and circles mark the ends of those that do." if letters else ""
    return show(
        figure,
        alt="Two panels, norm of the Jacobian product over the distance from 0 to 100 steps, logarithmic, for a plain "
        f"network that vanishes and one that explodes, and with each of the five remedies; the line of pieces stops "
        f"where the pieces are cut. Ends: {'; '.join(said)}.{thick}",
        caption=caption,
    )
