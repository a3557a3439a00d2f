"""Figures of notebook 11 about the gated recurrent unit (GRU): its two conventions and where the reset acts."""

import numpy as np

from course_kit.plots.ask import ask, figure_of
from course_kit.plots.show import OKABE_ITO, Shown, new_figure, show, styles
from course_kit.reference.activations import sigmoid
from course_kit.reference.gru import gru_forward

BLACK, ORANGE, SKY, GREEN, BLUE, VERMILION = OKABE_ITO[:6]
CIRCLE = {"marker": "o", "ms": 8, "mfc": "none", "mec": "black", "ls": "none"}
DASH = (0, (6, 2))


def shares() -> Shown:
    """Which share of h_t is old and which is new, over the update gate, in both conventions."""
    gate = np.linspace(0, 1, 2)
    figure, panels = new_figure(1, 2, width=8.0, height=2.9, sharey=True)
    for axes, title, name, new, old in (
        (panels[0], r"D1.23: $h = (1-z)\,h_{t-1} + z\,\tilde h$", "z", r"new: $\tilde h$", 1 - gate),
        (panels[1], r"D4.44: $h = (1-u)\,g + u\,h_{t-1}$", "u", "new: $g$", gate),
    ):
        axes.fill_between(gate, 0, old, fc=SKY, hatch="//", ec="white", lw=0)
        axes.fill_between(gate, old, 1, fc="#F3D9A4", lw=0)
        for y, text in ((0.22, "old: $h_{t-1}$"), (0.78, new)):
            x = 0.28 if (y < 0.5) == (name == "z") else 0.72
            label = {"fc": "white", "ec": "none", "pad": 2}
            axes.text(x, y, text, ha="center", va="center", fontsize=12, bbox=label)
        axes.set(xlabel=f"gate {name}", title=title, xlim=(0, 1), ylim=(0, 1))
    panels[0].set_ylabel("share of $h_t$")
    return show(
        figure,
        alt="Two panels over a gate from 0 to 1, each split into the share of the old state and the share of the new "
        "candidate, which add up to 1. Left, D1.23: at z = 0 all is old, at z = 1 all is new. Right, D4.44: at "
        "u = 0 all is new, at u = 1 all is old.",
        caption="The same mixture with the gate turned round: z of D1.23 says how much is written, u of D4.44 how much "
        "is kept.",
    )


@figure_of("E11.2")
def conventions(slide_gru, from_keras, given, h_keras) -> Shown:
    """One unit of Keras' GRU, and the slide's with Keras' weights as they stand and with those of from_keras."""
    x, h0, W, U, b = given
    shape = (h_keras.shape,)
    converted = ask(from_keras, W, U, b, shapes=(W.shape, U.shape, b.shape))
    (kept,) = ask(slide_gru, x, h0, W, U, b, shapes=shape)
    (turned,) = ask(slide_gru, x, h0, *converted, shapes=shape)
    t = np.arange(1, x.shape[1] + 1)
    figure, (left, right) = new_figure(1, 2, width=9.0, width_ratios=(2, 1))
    left.plot(t, h_keras[0, :, 0], label="Keras", **CIRCLE)
    left.plot(t, turned[0, :, 0], "-", color=BLUE, label="yours, weights of from_keras")
    left.plot(t, kept[0, :, 0], ls=DASH, color=VERMILION, label="yours, Keras' weights as they stand")
    left.set(xlabel="step t", ylabel="h, unit 1", ylim=(-1.05, 1.75))
    left.legend(fontsize=8, loc="upper left")
    left.grid(alpha=0.3)
    sizes = [max(float(np.abs(h - h_keras).max()), 1e-17) for h in (turned, kept)]
    right.bar(["from_keras", "as they\nstand"], sizes, color=[BLUE, VERMILION], hatch="//", ec="white")
    for k, size in enumerate(sizes):
        right.text(k, size * 1.5, f"{size:.1e}", ha="center", va="bottom", fontsize=9)
    right.set(yscale="log", ylim=(1e-17, 1e2), ylabel="largest difference to Keras")
    return show(
        figure,
        alt="Drawn from your answers. Left: one unit over the steps; hollow circles are Keras. If right, the "
        "full line, your GRU with the weights of from_keras, runs through the circles, and the dashed line, with "
        "Keras' weights as they stand, does not. Right: the largest differences as bars on a logarithmic scale, "
        f"{sizes[0]:.1e} and {sizes[1]:.1e}.",
        caption="Your GRU and Keras'. With the block of z negated they are one network; with Keras' weights as they "
        "stand the slide's formula gives another one, and no error.",
    )


@figure_of("E11.3")
def retention(other_gru) -> Shown:
    """How long h_0 = 1 lasts for three biases b_u when nothing is written."""
    T, t = 60, np.arange(0, 61)
    x, h0, zeros = np.zeros((1, T, 1)), np.ones((1, 1)), np.zeros((1, 2))
    figure, axes = new_figure(width=8.0)
    for style, b_u in zip(styles(), (0.0, 2.0, 4.0), strict=False):
        b_ru = np.array([0.0, b_u])
        (h,) = ask(
            other_gru, x, h0, zeros, zeros, b_ru, np.zeros((1, 1)), np.zeros((1, 1)), np.zeros(1), shapes=((1, T, 1),)
        )
        axes.plot(t, np.concatenate([[1.0], h[0, :, 0]]), label=f"yours, $b_u$ = {b_u:g}", **style)
        axes.plot(t[::10], sigmoid(b_u) ** t[::10], **CIRCLE)
    axes.plot(t, (1 - sigmoid(4.0)) ** t, color=VERMILION, ls=":", lw=2.5, label="D1.23 with $b_z$ = 4")
    axes.axhline(0.5, color="0.6", lw=0.8)
    axes.set(xlabel="step t", ylabel="what is left of $h_0$ = 1")
    axes.legend(fontsize=8)
    return show(
        figure,
        alt="Drawn from your answer: what is left of a state of 1 over 60 steps with a candidate of 0, for biases "
        "b_u = 0, 2 and 4. If right, three decays through the hollow circles: with 0 it is gone in a few steps, "
        "with 2 half is left after 5 or 6 steps, with 4 after 38. A dotted curve, D1.23's form with a bias of 4, "
        "drops to nothing in one step.",
        caption="The bias of the update gate decides how long a GRU remembers, and the convention decides its sign: a "
        "bias that keeps in D4.44 and Keras erases in D1.23. Your curves belong through the circles.",
    )


@figure_of("E11.4")
def resets(gru) -> Shown:
    """How far the two forms are apart while what stands between them is switched on."""
    rng = np.random.default_rng(114)
    m, n, T = 3, 4, 7
    x, h0, W = rng.normal(size=(2, T, m)), rng.normal(size=(2, n)), rng.normal(size=(m, 3 * n))
    U, b = rng.normal(size=(n, 3 * n)), rng.normal(size=(2, 3 * n))
    steps = np.linspace(0, 1, 11)

    def weights(off_diagonal, recurrent_bias):
        scaled, biases = U.copy(), b.copy()
        scaled[:, 2 * n :] *= np.eye(n) + off_diagonal * (1 - np.eye(n))
        biases[1, 2 * n :] *= recurrent_bias
        return scaled, biases

    def apart(call, off_diagonal, recurrent_bias):
        U_s, b_s = weights(off_diagonal, recurrent_bias)
        before, after = call(x, h0, W, U_s, b_s[0] + b_s[1], False), call(x, h0, W, U_s, b_s, True)
        return np.abs(before - after).max()

    def yours(*given):
        return ask(gru, *given, shapes=((2, T, n),))[0]

    def due(x, h0, W, U, b, reset_after):
        return gru_forward(x, h0, W, U, b, reset_after=reset_after)

    figure, axes = new_figure(width=7.5)
    for style, label, turn in zip(
        styles(),
        (r"entries beside the diagonal of $U_h$", r"recurrent bias of the candidate, $b'_h$", "both"),
        ((1, 0), (0, 1), (1, 1)),
        strict=False,
    ):
        axes.plot(steps, [apart(yours, s * turn[0], s * turn[1]) for s in steps], label=label, **style)
        axes.plot(steps[::5], [apart(due, s * turn[0], s * turn[1]) for s in steps[::5]], **CIRCLE)
    axes.set(xlabel="share that is switched on", ylabel="largest difference of h")
    axes.legend(fontsize=8, title="switched on")
    axes.grid(alpha=0.3)
    return show(
        figure,
        alt="Drawn from your answer: the largest difference between reset before and reset after, while the entries "
        "beside the diagonal of U_h, the candidate's recurrent bias, or both are switched on from 0 to all. If "
        "right, three curves that start at 0 and rise through the hollow circles.",
        caption="The two forms agree at the left edge, where U_h is diagonal and the recurrent bias is 0, and nowhere "
        "else. Your curves belong through the circles.",
    )
