"""The figure of notebook 22's item 4: a tagger's curve, and the one number that is read from it."""

import numpy as np

from course_kit.plots.ask import ask, figure_of
from course_kit.plots.show import OKABE_ITO, Shown, new_figure, show


def made_up_jets(tops: int = 4000, others: int = 40_000) -> tuple[np.ndarray, np.ndarray]:
    """Scores of no real tagger: two bell curves, 2.33 apart, so that rejection at 50 % is near the paper's 100."""
    rng = np.random.default_rng(2204)
    scores = np.concatenate([rng.normal(2.33, 1.0, tops), rng.normal(0.0, 1.0, others)])
    return scores, np.arange(tops + others) < tops


@figure_of("E22.4")
def curve(rejection) -> Shown:
    """Scores of both sorts of jets, and rejection against efficiency by the student's function."""
    scores, is_top = made_up_jets()
    efficiencies = np.array([0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9])
    values = np.array([float(ask(rejection, scores, is_top, float(e), shapes=((),))[0]) for e in efficiencies])
    figure, (left, right) = new_figure(1, 2, width=9.0, height=3.4)
    for part, name, colour, style in ((is_top, "top", OKABE_ITO[5], "-"), (~is_top, "background", OKABE_ITO[4], "--")):
        left.hist(scores[part], bins=60, density=True, histtype="step", label=name, color=colour, ls=style, lw=1.5)
    cut = float(np.median(scores[is_top]))
    left.axvline(cut, color="black", lw=1, ls=":")
    left.annotate("half of the tops\npass this cut", (cut, 0.3), (cut + 0.6, 0.36), fontsize=8)
    left.set(xlabel="score", ylabel="density", ylim=(0, 0.5))
    left.legend(fontsize=8, loc="upper left")
    shown = np.where(np.isfinite(values) & (values > 0), values, np.nan)
    right.semilogy(efficiencies, shown, marker="o", ms=4, color=OKABE_ITO[0], label="your function")
    for level, name, style in ((100, "LSTM, 1711.09059", "--"), (45, "dense, 1704.02124", ":")):
        right.plot(0.5, level, marker="*", ms=11, ls="", color=OKABE_ITO[5 if level == 100 else 4], label=name)
        right.axhline(level, lw=0.8, ls=style, color="grey")
    right.set(xlabel="signal efficiency", ylabel="background rejection")
    right.legend(fontsize=8)
    right.grid(alpha=0.3)
    listed = ", ".join(f"{e:g}: {v:.4g}" for e, v in zip(efficiencies, values, strict=True))
    return show(
        figure,
        alt="Left: densities of made-up scores of top jets and of background, with the cut that half of the tops "
        "pass. Right, "
        f"from your function: rejection over efficiency, on a logarithmic axis: {listed}; stars at 0.5 mark the "
        "papers' 100 and 45.",
        caption="Made-up scores, put apart so that the rejection at 50 % comes near the paper's. The whole curve "
        "falls from "
        "left to right; a curve that rises, or lies below 1, has the two kinds of jets exchanged or is not inverted.",
    )
