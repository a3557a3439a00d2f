"""Figures of notebook 13 about the window with fixed weights: what it does to an impulse, at the ends, to a series."""

import numpy as np

from course_kit.plots.ask import ask, figure_of
from course_kit.plots.show import OKABE_ITO, Shown, new_figure, show, styles
from course_kit.reference.local_attention import fixed_window

BLACK, ORANGE, SKY, GREEN, BLUE, VERMILION = OKABE_ITO[:6]
CIRCLE = {"marker": "o", "ms": 8, "mfc": "none", "mec": "black", "ls": "none"}
WEIGHTS = np.array([0.05, 0.1, 0.2, 0.25, 0.4])
STEPS = 240


def series(seed: int = 13) -> np.ndarray:
    """A made-up series (240,): a slow wave, a faster one, a jump of 2 at step 120, and noise."""
    t = np.arange(STEPS)
    noise = np.random.default_rng(seed).normal(scale=0.5, size=STEPS)
    return np.sin(2 * np.pi * t / 120) + 0.5 * np.sin(2 * np.pi * t / 12) + 2.0 * (t >= STEPS // 2) + noise


@figure_of("E13.1")
def window(average) -> Shown:
    """What the window makes of one impulse, of a constant and of a ramp."""
    T, at = 13, 6
    impulse, ramp = np.zeros((1, T, 1)), np.linspace(0, 1, T).reshape(1, T, 1)
    impulse[0, at] = 1.0
    figure, (left, right) = new_figure(1, 2, width=9.0, height=3.2)
    (o,) = ask(average, impulse, WEIGHTS, shapes=((1, T, 1),))
    left.vlines(range(T), 0, o[0, :, 0], color=BLUE, lw=3)
    left.plot(range(T), fixed_window(impulse[0], WEIGHTS)[:, 0], **CIRCLE)
    left.axvline(at, color="0.6", ls=":")
    left.text(at + 0.1, 0.47, "the impulse", fontsize=8, color="0.3")
    left.set(xlabel="step k", ylabel="$o_k$", ylim=(-0.03, 0.52), title="one impulse at step 6")
    for style, h, name in zip(styles(), (np.ones((1, T, 1)), ramp), ("constant 1", "ramp from 0 to 1"), strict=False):
        (o,) = ask(average, h, WEIGHTS, shapes=((1, T, 1),))
        right.plot(range(T), h[0, :, 0], color="0.75", lw=4)
        right.plot(range(T), o[0, :, 0], label=f"$o$ of a {name}", **style)
        ends = [0, 1, T - 2, T - 1]
        right.plot(ends, fixed_window(h[0], WEIGHTS)[ends, 0], **CIRCLE)
    right.set(xlabel="step k", title="a constant and a ramp, with their ends", ylim=(-0.05, 1.25))
    right.legend(fontsize=8, loc="center right")
    return show(
        figure,
        alt="Drawn from your answer, with the weights 0.05, 0.1, 0.2, 0.25, 0.4. Left: the output for a single impulse "
        "at step 6. If right, bars at the steps 4 to 8 that reach the circles: 0.4, 0.25, 0.2, 0.1 and 0.05, the "
        "weights in reverse. Right: the outputs for a constant and for a ramp, drawn over the thick grey inputs. If "
        "right, the constant is level to both ends and the ramp runs through the circles at its ends.",
        caption="Your window. Left, the bars belong into the circles: an impulse shows the weights backwards. Right, "
        "the constant belongs level, and the ramp into the circles at the ends.",
    )


def _gains(average, n: int):
    """How much is left of a wave, by its period, measured with the answer to an impulse."""
    T = 256
    impulse = np.zeros((1, T, 1))
    impulse[0, T // 2] = 1.0
    (o,) = ask(average, impulse, np.full(2 * n + 1, 1 / (2 * n + 1)), shapes=((1, T, 1),))
    periods = np.geomspace(2, 128, 300)
    waves = np.exp(-2j * np.pi * np.arange(T) / periods[:, None])
    return periods, np.abs(waves @ o[0, :, 0])


def _smoothed(average, widths) -> Shown:
    h = series()
    figure, (left, right) = new_figure(1, 2, width=9.5, height=3.4, width_ratios=(3, 2))
    left.plot(h, color="0.8", lw=1, label="series")
    # black first and strong: a wide window must not vanish behind a narrow one
    for style, n in zip(styles(), widths, strict=False):
        a = np.full(2 * n + 1, 1 / (2 * n + 1))
        (o,) = ask(average, h.reshape(1, STEPS, 1), a, shapes=((1, STEPS, 1),))
        left.plot(o[0, :, 0], label=f"n = {n}: {2 * n + 1} steps", **style)
        right.plot(*_gains(average, n), **style)
    left.set(xlabel="step k", ylabel="value", ylim=(-2.6, 6.2))
    left.legend(fontsize=8, loc="upper left", ncols=2)
    right.set(xscale="log", xlabel="period of a wave, steps", ylabel="share of it that is left", ylim=(0, 1.05))
    right.set_xticks([2, 4, 8, 16, 32, 64, 128], ["2", "4", "8", "16", "32", "64", "128"])
    right.grid(alpha=0.3)
    noise = "; ".join(
        f"n = {n}: {_left_of(average, n, 12):.2f} of a wave of 12 steps, {_left_of(average, n, 120):.2f} of one of 120"
        for n in widths
    )
    return show(
        figure,
        alt="Drawn from your answer. Left: a noisy series with a slow wave, a fast wave and a jump, and its moving "
        "averages; the wider the window, the smoother the line and the more the jump is smeared out. Right: how much "
        f"of a wave is left, against its period. {noise}.",
        caption="Moving averages with equal weights. Left, a made-up series of waves, a jump and noise. Right, how "
        "much of a wave of each period passes: long waves do, short ones do not.",
    )


def _left_of(average, n, period) -> float:
    periods, gains = _gains(average, n)
    return float(gains[np.argmin(np.abs(periods - period))])


@figure_of("E13.1")
def smoothing(average, n: int) -> Shown:
    """The series and its average over 2n + 1 steps."""
    return _smoothed(average, (n,))


@figure_of("E13.1")
def smoothing_still(average) -> Shown:
    """The same for three windows at once."""
    return _smoothed(average, (1, 6, 20))
