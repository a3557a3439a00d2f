"""Figures of notebook 17 about dropout: its mean and spread, its masks over time, and what they do to a sum."""

import numpy as np

from course_kit.plots.ask import NothingToDraw, ask, figure_of
from course_kit.plots.show import OKABE_ITO, Shown, new_figure, show, styles

CIRCLE = {"marker": "o", "ms": 8, "mfc": "none", "mec": "black", "ls": "none"}
RATES = np.arange(0.0, 0.85, 0.1)
LENGTHS = (1, 2, 4, 8, 16, 32)
RUNS, SMALL = 4000, 1e-4


@figure_of("E17.2")
def mean_and_spread(dropout) -> Shown:
    """Mean and variance of the dropped values of 1, over many masks, against the rate."""
    x = np.ones((200, 100))
    uniform = np.random.default_rng(2).uniform(size=x.shape)
    means, variances, tested = [], [], []
    for p in RATES:
        (y,) = ask(dropout, x, (uniform >= p).astype(float), float(p), True, shapes=(x.shape,))
        (z,) = ask(dropout, x, (uniform >= p).astype(float), float(p), False, shapes=(x.shape,))
        means.append(y.mean())
        variances.append(y.var())
        tested.append(z.mean())
    figure, (left, right) = new_figure(1, 2, width=9.0, height=3.3)
    style = styles()
    left.plot(RATES, means, label="training, mean over masks", **next(style))
    left.plot(RATES, tested, label="inference", **next(style))
    left.plot(RATES, np.ones_like(RATES), label="the input", **CIRCLE)
    left.set(xlabel="rate p", ylabel="value", ylim=(0, max(2.0, 1.05 * max(means))))
    left.legend(fontsize=8, loc="lower left")
    right.plot(RATES, variances, color=OKABE_ITO[4], label="training, variance")
    right.plot(RATES, RATES / (1 - RATES), label="p / (1 - p)", **CIRCLE)
    right.set(xlabel="rate p", ylabel="variance of a value 1")
    right.legend(fontsize=8)
    return show(
        figure,
        alt="Drawn from your answer, for inputs of 1 and rates from 0 to 0.8. Left, the mean of the outputs in "
        "training and at inference; if right both stay on the circles at 1. Right, the variance in training; if "
        "right it follows the circles p / (1 - p): 0.25 at p = 0.2, 1 at 0.5, 4 at 0.8.",
        caption="Dropout of the value 1, with 20 000 masks for each rate. Lines are your function; they belong on "
        "the circles.",
    )


@figure_of("E17.3")
def masks(masks_in_time, from_keras) -> Shown:
    """Masks over time for three sequences: anew at each step, one for all, and Keras'."""
    N, T, m = from_keras.shape
    u = np.random.default_rng(4).uniform(size=(N, T, m))
    panels = {
        "a new mask at each step": None,
        "one mask for all steps": None,
        "read out of Keras' SimpleRNN": from_keras,
    }
    for name, fresh in zip(panels, (True, False), strict=False):
        (panels[name],) = ask(masks_in_time, u, 0.2, fresh, shapes=((N, T, m),))
    figure, axes = new_figure(N, 3, width=9.0, height=4.6, sharex=True, sharey=True)
    for column, (name, keep) in enumerate(panels.items()):
        axes[0, column].set_title(name, fontsize=10)
        axes[-1, column].set_xlabel("feature")
        for n in range(N):
            axes[n, column].imshow(1 - keep[n], cmap="Greys", vmin=0, vmax=1.4, aspect="auto")
            axes[n, column].set(xticks=range(m), yticks=range(0, T, 2))
            for line in np.arange(0.5, m - 1):
                axes[n, column].axvline(line, color="0.85", lw=0.5)
    for n in range(N):
        axes[n, 0].set_ylabel(f"sequence {n}\nstep t")
    return show(
        figure,
        alt="Three columns of masks for three sequences, steps from top to bottom, features from left to right, "
        "dark where a value is dropped. The first two are drawn from your answer: if right, the first has "
        "scattered dark squares, the second vertical stripes that differ from sequence to sequence. The third, "
        "read out of Keras, has such stripes too.",
        caption="Masks over time with p = 0.2. Dark means dropped. Left and middle from your function, right what "
        "Keras dealt.",
    )


def _lines(axes, masks_in_time, variance_of_last, p: float) -> dict:
    """Draw the variance of the sum against T, for both sorts; returns the values at the last T."""
    found = {}
    style = styles()
    for fresh, name in ((True, "a new mask at each step"), (False, "one mask for all steps")):
        values = []
        for T in LENGTHS:
            u = np.random.default_rng(T).uniform(size=(RUNS, T, 1))
            (keep,) = ask(masks_in_time, u, p, fresh, shapes=((RUNS, T, 1),))
            given = (np.ones((T, 1)), np.array([[SMALL]]), np.ones((1, 1)), np.zeros(1), keep, p)
            (variance,) = ask(variance_of_last, *given, shapes=((1,),))
            values.append(variance[0] / SMALL**2)
        if not min(values) > 0:
            raise NothingToDraw("A variance must be positive.")
        axes.plot(LENGTHS, values, label=name, **next(style))
        axes.plot(LENGTHS, [p / (1 - p) * (T if fresh else T**2) for T in LENGTHS], **CIRCLE)
        found[name] = values[-1]
    axes.set(xscale="log", yscale="log", xlabel="T", title=f"p = {p:.1f}")
    axes.set_xticks(LENGTHS, map(str, LENGTHS))
    axes.minorticks_off()
    return found


def _spread(masks_in_time, variance_of_last, rates) -> Shown:
    figure, axes = new_figure(1, len(rates), width=3.2 * len(rates) + 1.5, height=3.4, sharey=True, squeeze=False)
    said = []
    for panel, p in zip(axes[0], rates, strict=True):
        found = _lines(panel, masks_in_time, variance_of_last, p)
        said.append(f"p = {p:.1f}: " + ", ".join(f"{name} {value:.1f}" for name, value in found.items()))
    low, high = axes[0, 0].get_ylim()
    axes[0, 0].set(ylabel="variance of a sum of T ones", ylim=(min(low, 0.05), max(high, 8e3)))
    axes[0, 0].legend(fontsize=8, loc="upper left")
    return show(
        figure,
        alt="Drawn from your answers: the variance of a sum of T dropped ones against T, both axes logarithmic, "
        "for both sorts of masks, with circles at T p / (1 - p) and T^2 p / (1 - p). If right the lines run "
        f"through the circles, the one mask twice as steep. At T = 32, {'; '.join(said)}.",
        caption="The variance of a sum of T ones under dropout. Lines from 4000 runs of your functions; the "
        "circles are T p / (1 - p) and T² p / (1 - p).",
    )


@figure_of("E17.3")
def variance(masks_in_time, variance_of_last, p: float) -> Shown:
    """The variance against T for one rate."""
    return _spread(masks_in_time, variance_of_last, (p,))


@figure_of("E17.3")
def variance_still(masks_in_time, variance_of_last) -> Shown:
    """The same for three rates at once."""
    return _spread(masks_in_time, variance_of_last, (0.2, 0.5, 0.8))
