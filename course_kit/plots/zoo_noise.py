"""Figures of notebook 16 about noise: how spoilt a picture may be for a Hopfield network to mend it."""

import numpy as np

from course_kit.plots.ask import ask, figure_of
from course_kit.plots.show import OKABE_ITO, Shown, new_figure, show
from course_kit.plots.zoo_patterns import letters, picture, spoil

STORED = "ATX"


def settled(sweep, W, s, rng) -> np.ndarray:
    """Where a state comes to rest under the student's sweep, or is after five sweeps."""
    for _ in range(5):
        (new,) = ask(sweep, W, s, rng.permutation(len(s)), shapes=(s.shape,))
        if np.array_equal(new, s):
            break
        s = new
    return s


@figure_of("E16.1")
def spoilt_by(hebb, sweep, wrong: int) -> Shown:
    """The three letters with `wrong` points turned over, and where the student's network takes them."""
    stored, rng = letters(STORED), np.random.default_rng(165)
    (W,) = ask(hebb, stored, shapes=((64, 64),))
    figure, axes = new_figure(2, 3, width=4.6, height=3.4)
    told = []
    for k, (name, pattern) in enumerate(zip(STORED, stored, strict=True)):
        start = spoil(pattern, wrong, rng)
        end = settled(sweep, W, start, rng)
        off = int((end != pattern).sum())
        told.append(f"{name}: {off if off < 64 else '64, its negative'}")
        picture(axes[0, k], start, f"{wrong} wrong")
        picture(axes[1, k], end, f"{off} wrong")
    return show(
        figure,
        alt=f"Drawn from your answers: the letters A, T and X with {wrong} of 64 points turned over, and below each "
        f"where it comes to rest. Points wrong there: {'; '.join(told)}.",
        caption=f"{wrong} points of 64 turned over. Wrong at rest: {'; '.join(told)}.",
    )


@figure_of("E16.1")
def spoilt_more(hebb, sweep) -> Shown:
    """Share of the letters that come back whole, come back as negatives, or end elsewhere, against the noise."""
    stored, rng, trials = letters(STORED), np.random.default_rng(166), 20
    (W,) = ask(hebb, stored, shapes=((64, 64),))
    noise = list(range(0, 65, 4))
    shares = np.zeros((3, len(noise)))
    for k, wrong in enumerate(noise):
        for pattern in stored:
            for _ in range(trials):
                end = settled(sweep, W, spoil(pattern, wrong, rng), rng)
                agree = int((end == pattern).sum())
                shares[0 if agree == 64 else 1 if agree == 0 else 2, k] += 1 / (trials * len(stored))
    figure, axes = new_figure(width=7.0, height=3.6)
    names = ("the letter", "its negative", "something else")
    bottom = np.zeros(len(noise))
    for name, row, colour, hatch in zip(names, shares, OKABE_ITO[4:7], ("", "//", ".."), strict=True):
        axes.bar(noise, row, 3.4, bottom=bottom, label=name, color=colour, hatch=hatch, ec="white")
        bottom += row
    axes.set(xlabel="points turned over, of 64", ylabel="share of 60 recalls", ylim=(0, 1))
    axes.legend(fontsize=8, loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=3, title="ends at", frameon=False)
    told = "; ".join(f"{w} turned over: {s:.2f}" for w, s in zip(noise, shares[0], strict=True))
    return show(
        figure,
        alt="Drawn from your answers: bars over the number of points turned over, 0 to 64, with the shares of recalls "
        "that end at the letter, at its negative, or elsewhere. If right, nearly all come back up to about a quarter, "
        f"and with more than half turned over the negative comes. The letter itself: {told}.",
        caption="How much noise the three letters bear, 20 recalls of each. With all points turned over the start is "
        "the negative, which is a rest as well.",
    )
