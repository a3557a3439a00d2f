"""Figures of notebook 17 about penalties on weights: the objective of one weight, shrinkage, and paths."""

import numpy as np

from course_kit.plots.ask import NothingToDraw, ask, figure_of
from course_kit.plots.show import OKABE_ITO, Shown, new_figure, show, styles
from course_kit.reference.weight_decay import shrink

LAMBDAS = (0.0, 0.05, 0.2, 0.5)
KINDS = {"l2": "L2: lam w²", "l1": "L1: lam |w|"}
DOT = {"marker": "o", "ms": 7, "ls": "none", "color": "black"}
CIRCLE = {"marker": "o", "ms": 7, "mfc": "none", "mec": "black", "ls": "none"}
# Eight examples of one feature; two of them lie on the wrong side.
FEATURE = np.array([-2.0, -1.5, -1.0, -0.6, 0.6, 1.0, 1.5, 2.0])
LABEL = np.array([0.0, 0.0, 0.0, 1.0, 0.0, 1.0, 1.0, 1.0])


@figure_of("E17.4")
def one_weight(objective) -> Shown:
    """Both objectives of a logistic regression with one weight, against that weight."""
    grid = np.linspace(-1.0, 3.0, 401)
    figure, axes = new_figure(1, 2, width=9.0, height=3.6, sharey=True)
    said = []
    for panel, (kind, name) in zip(axes, KINDS.items(), strict=True):
        style = styles()
        for lam in LAMBDAS:
            curve = []
            for w in grid:
                q = 1 / (1 + np.exp(-w * FEATURE))
                weights = {"kernel": np.array([[w]]), "bias": np.array([1.0])}
                curve.append(float(ask(objective, LABEL, q, weights, lam, kind, shapes=((),))[0]))
            lowest = int(np.argmin(curve))
            panel.plot(grid, curve, label=f"lam = {lam:g}", **next(style))
            panel.plot(grid[lowest], curve[lowest], **DOT)
            said.append(f"{kind} with lam {lam:g} at w = {grid[lowest]:.2f}")
        panel.set(xlabel="weight w", title=name, ylim=(0.2, 2.2))
        panel.axvline(0, color="0.7", lw=0.8)
    axes[0].set_ylabel("objective J")
    axes[1].legend(fontsize=8)
    return show(
        figure,
        alt="Drawn from your answer: the objective against a single weight, for lam 0, 0.05, 0.2 and 0.5, left "
        "with L2, right with L1, and a dot at each minimum. If right, the dots of L2 move towards 0 without "
        "reaching it and the curves of L1 have a kink at 0, where the dot of the largest lam lies. Minima: "
        f"{'; '.join(said)}.",
        caption="Cross-entropy plus penalty for a logistic regression with one weight. Dots are the minima of your "
        "objective.",
    )


def _shrinkage(shrink_l2, shrink_l1, lambdas) -> Shown:
    a = np.linspace(-3, 3, 241)
    figure, axes = new_figure(1, len(lambdas), width=3.1 * len(lambdas) + 1.2, height=3.5, sharey=True, squeeze=False)
    said = []
    for panel, lam in zip(axes[0], lambdas, strict=True):
        style = styles()
        panel.plot(a, a, color="0.8", lw=4, label="no penalty")
        for kind, function in (("l2", shrink_l2), ("l1", shrink_l1)):
            (w,) = ask(function, a, float(lam), shapes=(a.shape,))
            panel.plot(a, w, label=kind.upper(), **next(style))
            panel.plot(a[::40], shrink(a, lam, kind)[::40], **CIRCLE)
            said.append(f"lam {lam:g}, {kind}: {int((w == 0).sum())} of {len(a)} exactly 0")
        panel.set(xlabel="a, the weight without a penalty", title=f"lam = {lam:.1f}", ylim=(-3.2, 3.2))
        panel.axhline(0, color="0.7", lw=0.8)
    axes[0, 0].set_ylabel("w, the weight with it")
    axes[0, 0].legend(fontsize=8, loc="upper left")
    return show(
        figure,
        alt="Drawn from your answers: the weight with a penalty against the weight without. If right, the line of "
        "L2 is straight and less steep, that of L1 is 0 within lam of 0 and parallel to the diagonal beyond, and "
        f"both run through the circles. {'; '.join(said)}.",
        caption="What a penalty makes of a weight. L2 takes a share of it, L1 an amount. The circles are what is due.",
    )


@figure_of("E17.5")
def shrinkage(shrink_l2, shrink_l1, lam: float) -> Shown:
    """Both for one lam."""
    return _shrinkage(shrink_l2, shrink_l1, (lam,))


@figure_of("E17.5")
def shrinkage_still(shrink_l2, shrink_l1) -> Shown:
    """Both for three lam at once."""
    return _shrinkage(shrink_l2, shrink_l1, (0.2, 0.5, 1.5))


@figure_of("E17.5")
def paths(fit, empties_at) -> Shown:
    """The weights of a regression against lam."""
    rng = np.random.default_rng(25)
    X = np.linalg.qr(rng.normal(size=(40, 6)))[0]
    y = X @ np.array([3.0, -2.0, 1.0, 0.4, -0.2, 0.05]) + rng.normal(scale=0.1, size=40)
    lambdas = np.linspace(0, 4, 81)
    (empty,) = ask(empties_at, X, y, shapes=((),))
    if not 0 < empty < 1e3:
        raise NothingToDraw("empties_at must give a positive number.")
    figure, axes = new_figure(1, 2, width=9.0, height=3.4, sharey=True)
    said = []
    for panel, (kind, name) in zip(axes, KINDS.items(), strict=True):
        w = np.array([ask(fit, X, y, float(lam), kind, shapes=((6,),))[0] for lam in lambdas])
        for style, column in zip(styles(), w.T, strict=False):
            panel.plot(lambdas, column, **style)
        panel.set(xlabel="lam", title=name)
        panel.axhline(0, color="0.8", lw=0.8)
        said.append(f"{kind}: {int((w[20] == 0).sum())} of 6 weights are 0 at lam = 1, {int((w[-1] == 0).sum())} at 4")
    axes[1].axvline(float(empty), color=OKABE_ITO[5], ls="--", label=f"your empties_at: {float(empty):.2f}")
    axes[1].legend(fontsize=8)
    axes[0].set_ylabel("weight")
    return show(
        figure,
        alt="Drawn from your answers: six weights of a regression against lam from 0 to 4. If right, with L2 all "
        "approach 0 and none reaches it; with L1 each goes straight to 0 and stays, the last at the vertical "
        f"dashed line at {float(empty):.2f}. {'; '.join(said)}.",
        caption="Six weights as the penalty grows. The dashed line is where your empties_at says that L1 has made "
        "all of them 0.",
    )
