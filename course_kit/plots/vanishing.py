"""Figures of notebook 06 on products: the table of slide D1.13, its floor in float32, Jacobians and their norms."""

import numpy as np

from course_kit.plots.ask import NothingToDraw, ask, figure_of
from course_kit.plots.show import OKABE_ITO, Shown, new_figure, show, styles
from course_kit.plots.slider import slider
from course_kit.reference.elman import elman_forward

CIRCLE = {"marker": "o", "ms": 9, "mfc": "none", "mec": "black", "ls": "none"}
NORMAL, SUBNORMAL = 2.0**-126, 2.0**-149  # the smallest float32 with all its digits, and the smallest of all
PRINTED = {0.5: 2.94e-39, 0.9: 1.39e-6, 1.1: 1.99e5, 1.5: 3.47e22}  # slide D1.13
STEPS = np.arange(0, 129, 4)


def powers(power_table, w):
    """|w^k| for k in STEPS, from the student's function: (steps, weights)."""
    w = np.asarray(w, dtype=float)
    return np.abs([ask(power_table, w, int(k), shapes=(w.shape,))[0] for k in STEPS])


def over_steps(axes, power_table, w):
    for g, weight, style in zip(powers(power_table, w).T, w, styles(), strict=False):
        axes.plot(STEPS, np.where(g > 0, g, np.nan), label=f"w = {weight:g}", **style)
    axes.axhspan(1e-50, NORMAL, color="0.92", zorder=0)
    axes.text(1, 1e-48, "below the smallest normal float32", fontsize=8)
    axes.set(xlabel="steps k", ylabel=r"$|w^k|$", yscale="log", ylim=(1e-50, 1e30))


@figure_of("E06.1")
def table(power_table) -> Shown:
    """w^k over k for the slide's four weights, with the printed values at k = 128."""
    figure, axes = new_figure(width=7.5, height=3.8)
    over_steps(axes, power_table, np.array(list(PRINTED)))
    axes.plot(np.full(4, 128), list(PRINTED.values()), label="the slide", **CIRCLE)
    axes.legend(fontsize=8, loc="center left", bbox_to_anchor=(1.0, 0.5))
    return show(
        figure,
        alt="Drawn from your answer: the size of w to the power k over k from 0 to 128, logarithmic. If right, four "
        "straight lines from 1 that end in the slide's circles: 2.94e-39 for w = 0.5, in the grey band below the "
        "smallest normal float32, 1.39e-6 for 0.9, 1.99e5 for 1.1, and 3.47e22 for 1.5.",
        caption="Your powers over the number of steps. Each line is straight and ends in a circle of the slide.",
    )


@figure_of("E06.1")
def one_weight(power_table, w) -> Shown:
    """w^k over k for one weight, between those of 0.9 and 1.1."""
    figure, axes = new_figure(width=7.5, height=3.8)
    over_steps(axes, power_table, np.array([w, 0.9, 1.1]))
    axes.legend(fontsize=8, loc="center left", bbox_to_anchor=(1.0, 0.5))
    end = float(abs(ask(power_table, np.array([w]), 128, shapes=((1,),))[0][0]))
    return show(
        figure,
        alt=f"The size of w to the power k over k from 0 to 128, logarithmic, for w = {w:g} beside 0.9 and 1.1; it "
        f"ends at {end:.3g}.",
        caption=f"w = {w:g}: after 128 steps the factor is {end:.3g}.",
    )


def movable_table(power_table):
    """The table, and a slider for w where one can be shown."""
    still = table(power_table)
    if still.png is None:
        return still
    return slider(lambda w: one_weight(power_table, w), still, w=(0.3, 1.7, 0.01, 0.95))


@figure_of("E06.2")
def floor(keras_gradient, numpy_gradient) -> Shown:
    """0.5^K in float32 as TensorFlow and as NumPy have it, around the smallest numbers there are."""
    K = np.array([112, 119, 126, 127, 128, 134, 142, 149, 150])
    by = {
        "Keras, float32": [ask(keras_gradient, 0.5, int(k), "float32", shapes=((),))[0] for k in K],
        "NumPy, float32": [ask(numpy_gradient, 0.5, int(k), shapes=((),))[0] for k in K],
    }
    bottom = 1e-50
    figure, axes = new_figure(width=8.0, height=3.8)
    axes.plot(K, 0.5**K, color="0.6", lw=1, label="exact")
    for line, text in ((NORMAL, "smallest normal"), (SUBNORMAL, "smallest of all")):
        axes.axhline(line, color="0.6", lw=0.8, ls=":")
        axes.text(111, line * 1.6, text, fontsize=8)
    for (label, g), marker, colour in zip(by.items(), ("s", "x"), (OKABE_ITO[5], OKABE_ITO[4]), strict=True):
        g = np.array(g, dtype=float)
        shown = np.where(g > 0, g, bottom * (30 if marker == "s" else 1))
        axes.plot(K, shown, marker, color=colour, mfc="none", ms=7, label=label, zorder=3)
    axes.axhspan(bottom / 30, bottom * 900, color="0.92", zorder=0)
    axes.text(111, bottom * 30, "exactly 0", fontsize=8)
    axes.set(xlabel="steps K", ylabel=r"$0.5^K$", yscale="log", ylim=(bottom / 30, 1e-31))
    axes.legend(fontsize=8, loc="center left", bbox_to_anchor=(1.0, 0.5))
    first = {label: next((int(k) for k, v in zip(K, g, strict=True) if v == 0), None) for label, g in by.items()}
    said = "; ".join(
        f"{label} gives exactly 0 " + (f"from K = {k} on" if k else "nowhere") for label, k in first.items()
    )
    return show(
        figure,
        alt="Drawn from your answers: 0.5 to the power K in float32 for K from 112 to 150, logarithmic. Both sets of "
        f"marks follow the exact line down to the smallest normal number, 2^-126. Then: {said} among the K drawn.",
        caption="Where float32 ends. Squares: the gradient from Keras. Crosses: the product in NumPy. In the grey "
        "band at the bottom a value is exactly 0.",
    )


@figure_of("E06.3")
def ellipses(jacobian_product) -> Shown:
    """What becomes of a small circle of changes of h_0: by nudging the network, and by the student's product."""
    rng = np.random.default_rng(5)
    W, b, x = rng.normal(size=(3, 2)), rng.normal(size=2, scale=0.2), 0.4 * rng.normal(size=(1, 8, 3))
    U, h0 = np.array([[0.9, 0.8], [-0.5, 0.7]]), np.array([[0.2, -0.3]])

    def states(start):
        rows = len(start)
        return elman_forward(np.repeat(x, rows, axis=0), start, W, U, b, np.eye(2), np.zeros(2))[1]

    h = states(h0)
    angles = np.linspace(0, 2 * np.pi, 97)
    circle, few = 1e-4 * np.stack([np.cos(angles), np.sin(angles)], axis=1), slice(0, 97, 8)
    figure, panels = new_figure(1, 4, width=9.0, height=3.3, sharex=True, sharey=True)
    for axes, T in zip(panels, (1, 2, 4, 8), strict=True):
        (product,) = ask(jacobian_product, h[:, :T], U, shapes=((1, 2, 2),))
        moved = states(h0 + circle)[:, T - 1] - h[0, T - 1]
        axes.plot(*(circle.T * 1e4), color="0.7", lw=0.8, label="change of $h_0$")
        axes.plot(*(product[0] @ circle.T * 1e4), color=OKABE_ITO[5], label="your product")
        axes.plot(*(moved[few].T * 1e4), label="measured", **{**CIRCLE, "ms": 4})
        axes.set(title=f"T = {T}", xlabel="unit 0", aspect="equal")
    panels[0].set_ylabel("unit 1")
    figure.legend(*panels[0].get_legend_handles_labels(), loc="outside lower center", ncols=3, fontsize=8)
    return show(
        figure,
        alt="Drawn from your answer, four panels for T = 1, 2, 4, 8 steps. A grey unit circle of changes of h_0, small "
        "circles for the changes of h_T measured by nudging a network of two units, and the ellipse that your product "
        "predicts. If right, the ellipse passes through all the small circles; it turns and shrinks with T.",
        caption="A circle of small changes of h_0 and what T steps make of it. Your ellipse belongs through the "
        "measured points. (Changes are drawn 10 000 times their size.)",
    )


@figure_of("E06.4")
def norms(norm_of_product, norm_bound, U_vanishes) -> Shown:
    """The bound against the norm for fifty products, and the powers of the student's matrix."""
    U = np.asarray(U_vanishes, dtype=float)
    if U.ndim != 2 or U.shape[0] != U.shape[1] or not np.isfinite(U).all():
        raise NothingToDraw("U_vanishes is no square matrix of finite numbers.")
    rng = np.random.default_rng(6)
    cases = [rng.normal(size=(rng.integers(2, 9), 3, 3), scale=rng.uniform(0.2, 1.5)) for _ in range(50)]
    pairs = np.array([[ask(f, J, shapes=((),))[0] for f in (norm_of_product, norm_bound)] for J in cases])
    figure, (left, right) = new_figure(1, 2, width=9.0, height=3.6)
    ends = np.array([pairs.min() / 2, pairs.max() * 2])
    left.fill_between(ends, ends, ends[0], color="0.92")
    left.plot(ends, ends, color="0.5", lw=0.8)
    left.plot(*pairs.T, "o", color=OKABE_ITO[4], ms=4)
    left.set(xlabel="norm of the product", ylabel="product of the norms", xscale="log", yscale="log")
    left.set_title("fifty random products", fontsize=10)
    k, floor_at = np.arange(0, 13), 1e-9
    others = {"your matrix": U, "0.9 times a rotation": 0.9 * rotation(0.5), "shear, radius 0.8": shear()}
    for (label, matrix), style in zip(others.items(), styles(), strict=False):
        lengths = np.array([np.linalg.norm(np.linalg.matrix_power(matrix, int(i)), 2) for i in k])
        right.plot(k, np.maximum(lengths, floor_at), marker="o", ms=3, label=label, **style)
        right.plot(k, np.linalg.norm(matrix, 2) ** k, **{**style, "lw": 0.7, "alpha": 0.6})
    right.axhline(1.0, color="0.7", lw=0.8)
    right.axhline(1e-6, color="0.7", lw=0.8, ls=":")
    right.set(xlabel="steps k", ylabel=r"$\|U^k\|_2$", yscale="log", ylim=(floor_at / 2, 1e6))
    right.set_title("thin: the bound $\\|U\\|^k$", fontsize=10)
    right.legend(fontsize=8, loc="center left", bbox_to_anchor=(1.0, 0.5))
    return show(
        figure,
        alt="Drawn from your answers. Left: product of the norms against norm of the product, fifty random cases; "
        "if right, all points lie above the diagonal, none in the grey triangle below it. Right: the norm of the k-th "
        "power of three matrices over k, with thin lines for their bounds. 0.9 times a rotation falls along its "
        "bound; a shear with spectral radius 0.8 first rises above 8 and then falls; yours, if right, has a bound that "
        "rises and falls below the dotted line at 1e-6 by k = 10. Values below 1e-9 are drawn at 1e-9.",
        caption="Left: no point may lie in the grey triangle. Right: your matrix starts above 1 and must be below the "
        "dotted line at k = 10, while its bound only rises.",
    )


def rotation(angle):
    return np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])


def shear():
    return np.array([[0.8, 4.0], [0.0, 0.8]])
