"""Figures of notebook 13 about weights that look at content, tests of a filter, and addresses that are moved."""

from collections.abc import Mapping, Sequence

import numpy as np

from course_kit.plots.ask import NothingToDraw, ask, figure_of
from course_kit.plots.show import OKABE_ITO, Shown, new_figure, show
from course_kit.plots.windows import WEIGHTS

BLUE, VERMILION = OKABE_ITO[4], OKABE_ITO[5]


@figure_of("E13.2")
def heat_maps(average, attention, h, words: Sequence[str], n: int) -> Shown:
    """Which step looks at which, with fixed weights and with weights from the content."""
    T = len(words)
    (fixed,) = ask(average, np.eye(T)[None], WEIGHTS, shapes=((1, T, T),))
    _, A = ask(attention, h, n, shapes=(h.shape, (1, T, T)))
    figure, panels = new_figure(1, 2, width=9.5, height=4.9, sharey=True)
    for axes, weights, reach, title in (
        (panels[0], fixed[0], len(WEIGHTS) // 2, "fixed weights of E13.1, n = 2"),
        (panels[1], A[0], n, f"weights from the content, n = {n}"),
    ):
        image = axes.imshow(weights, cmap="Greys", vmin=0, vmax=max(0.6, float(np.nanmax(weights))))
        axes.set_xticks(range(T), words, rotation=90, fontsize=9)
        axes.set(title=title, xlabel="step that is looked at")
        for k in range(T):
            near = np.clip([k - reach - 0.5, k + reach + 0.5], -0.5, T - 0.5)
            axes.plot(
                [*near, near[1], near[0], near[0]], [k - 0.5] * 2 + [k + 0.5] * 2 + [k - 0.5], color="0.8", lw=0.5
            )
    panels[0].set_yticks(range(T), words, fontsize=9)
    panels[0].set_ylabel("step k that looks")
    figure.colorbar(image, ax=panels, shrink=0.7, label="weight")
    sums = A[0].sum(axis=1)
    return show(
        figure,
        alt=f"Two maps of weights for the words {' '.join(words)}: rows look, columns are looked at. Left, fixed "
        "weights: a band along the diagonal, the same in each row but for the ends. Right, drawn from your answer. If "
        "right, nothing outside of the band, and inside it each word looks most at itself and at the same word "
        f"elsewhere in its window. The rows of your map add up to between {sums.min():.3f} and {sums.max():.3f}.",
        caption="Who looks at whom. Left, the fixed window: one stripe a diagonal. Right, your content weights: equal "
        "words find each other, wherever they stand in the window.",
    )


@figure_of("E13.3")
def errors(found: Mapping[str, tuple]) -> Shown:
    """What the two tests say of each system, on a logarithmic scale."""
    if any(e is None for pair in found.values() for e in pair):
        raise NothingToDraw("")
    values = np.array([[float(e) for e in pair] for pair in found.values()])
    drawn, y = np.maximum(values, 1e-17), np.arange(len(found))
    figure, axes = new_figure(width=8.0, height=3.0)
    for column, (name, colour, hatch) in enumerate((("superposition", BLUE, ""), ("shift", VERMILION, "///"))):
        place = y + (column - 0.5) * 0.36
        axes.barh(place, drawn[:, column], 0.34, left=1e-18, color=colour, hatch=hatch, ec="white", label=name)
        for k, value in zip(place, values[:, column], strict=True):
            axes.text(max(value, 1e-17) * 2, k, f"{value:.1e}", va="center", fontsize=8)
    axes.set(xscale="log", xlim=(1e-18, 1e4), xlabel="error of the test (0 is a filter's)")
    axes.axvline(1e-12, color="0.5", ls=":")
    axes.set_yticks(y, list(found))
    axes.invert_yaxis()
    axes.legend(fontsize=8, title="test", loc="center left", bbox_to_anchor=(1.0, 0.5))
    listed = "; ".join(f"{k}: {s:.1e} and {t:.1e}" for k, (s, t) in zip(found, values, strict=True))
    return show(
        figure,
        alt="Bars on a logarithmic scale, measured with your two tests: for each system its error in the superposition "
        f"test and in the shift test. {listed}. A dotted line at 1e-12 separates rounding from failure.",
        caption="Your tests on the four systems. Left of the dotted line a test is passed up to rounding; a filter "
        "passes both.",
    )


@figure_of("E13.4")
def addresses(shift, sharpen) -> Shown:
    """One address moved 24 times: by a clean kernel, by a blurred one, and by a blurred one with sharpening."""
    rows, steps, gamma = 12, 24, 2.0
    clean, blurred = np.array([0.0, 0.0, 1.0]), np.array([0.0, 0.2, 0.8])
    figure, panels = new_figure(1, 3, width=9.5, height=4.4, sharey=True)
    largest = []
    for axes, kernel, power, title in (
        (panels[0], clean, None, "kernel (0, 0, 1)"),
        (panels[1], blurred, None, "kernel (0, 0.2, 0.8)"),
        (panels[2], blurred, gamma, f"the same, sharpened, $\\gamma$ = {gamma:g}"),
    ):
        w = np.eye(rows)[[2]]
        path = [w]
        for _ in range(steps):
            (w,) = ask(shift, w, kernel, shapes=((1, rows),))
            if power:
                (w,) = ask(sharpen, w, power, shapes=((1, rows),))
            path.append(w)
        path = np.concatenate(path)
        largest.append(float(path[-1].max()))
        image = axes.imshow(path, cmap="Greys", vmin=0, vmax=1, aspect="auto")
        t = np.arange(steps + 1)
        axes.plot((t + 2) % rows, t, "o", ms=6, mfc="none", mec=VERMILION, ls="none", label="row 2 + t, in a circle")
        axes.set(xlabel="row of the memory", title=title)
        axes.title.set_fontsize(10)
    panels[0].set_ylabel("step t")
    panels[0].legend(fontsize=7, loc="center left", bbox_to_anchor=(0.0, 0.78), handletextpad=0.1)
    figure.colorbar(image, ax=panels, shrink=0.7, label="weight")
    return show(
        figure,
        alt="Three maps of one address over 24 steps, drawn from your answers; columns are rows of a memory of 12. If "
        "right: left, one black square a step, moving on by one row and coming in again at the other end, inside the "
        "circles; middle, the same path fading and spreading; right, with sharpening, black inside the circles all the "
        f"way. The largest weights at the end are {largest[0]:.2f}, {largest[1]:.2f} and {largest[2]:.2f}.",
        caption="An address on its way. A clean kernel moves it, a blurred one also smears it out, and sharpening "
        "after each move puts it together again. Your squares belong into the circles.",
    )
