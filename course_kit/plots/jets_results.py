"""Figures of notebook 22 about taggers of jets: their curves, and how much of a difference is chance."""

import numpy as np

from course_kit.datasets.compared_jets import by_tagger, compared_jets, rejection_of, unpacked
from course_kit.plots.ask import ask, figure_of
from course_kit.plots.show import OKABE_ITO, Shown, new_figure, show, styles

BY_PT, OTHERS = "LSTM, by pT", ("LSTM, substructure", "LSTM, random")


@figure_of("E22.11")
def known_how_well(rejection_error, background: int = 2400) -> Shown:
    """Rejections of 5 to 500 with their errors, for one test set and for one that is 25 times as large."""
    figure, axes = new_figure(width=7.5, height=3.6)
    told = []
    for style, size in zip(styles(), (background, 25 * background), strict=False):
        values = np.array([5.0, 10.0, 20.0, 50.0, 100.0, 200.0, 500.0])
        passed = np.maximum(np.round(size / values), 1)
        errors = np.array([float(ask(rejection_error, int(n), size, shapes=((),))[0]) for n in passed])
        axes.plot(
            size / passed, 100 * errors * passed / size, marker="o", ms=4, label=f"{size:,} background jets", **style
        )
        told.append(
            f"{size:,} jets: {', '.join(f'{100 * e * n / size:.0f} %' for e, n in zip(errors, passed, strict=True))}"
        )
    axes.set(xscale="log", yscale="log", xlabel="rejection", ylabel="error in per cent")
    axes.legend(fontsize=8)
    axes.grid(alpha=0.3, which="both")
    return show(
        figure,
        alt="From your function: the error of a rejection in per cent of it, for rejections of 5 to 500, on two "
        f"logarithmic axes. {'; '.join(told)}. If right, both rise like a root, one five times as high as the other.",
        caption="How well a rejection is known: better taggers are harder to measure, since less is left to count. A "
        "test set 25 times as large has a fifth of the error.",
    )


def curves(compared: dict | None = None) -> Shown:
    """Rejection over signal efficiency for each tagger, mean over the seeds, with the band of the counting error."""
    compared = compared_jets() if compared is None else compared
    background, efficiencies = compared["about"]["test"]["qcd"], compared["about"]["efficiencies"]
    figure, axes = new_figure(width=8.0, height=4.6)
    told = []
    for style, (tagger, runs) in zip(styles(), by_tagger(compared).items(), strict=False):
        counts = np.mean([run["passing"] for run in runs], axis=0)
        values, errors = np.array([rejection_of(float(n), background) if n else (np.nan, np.nan) for n in counts]).T
        axes.plot(efficiencies, values, label=tagger, lw=1.6, **style)
        axes.fill_between(
            efficiencies, np.maximum(values - errors, 1.0), values + errors, color=style["color"], alpha=0.12
        )
        half = efficiencies.index(0.5)
        told.append(f"{tagger} {values[half]:.0f} ± {errors[half]:.0f}")
    axes.set(yscale="log", xlabel="signal efficiency", ylabel="background rejection")
    axes.legend(fontsize=8)
    axes.grid(alpha=0.3, which="both")
    return show(
        figure,
        alt="Background rejection over signal efficiency, a falling curve a tagger on a logarithmic axis, with bands "
        f"of one counting error. At an efficiency of 0.5: {'; '.join(told)}.",
        caption=f"Rejection on the {background:,} background jets of the test, means over the seeds. A band is one "
        "counting error: to the left, where few jets are left, most curves cannot be told apart.",
    )


@figure_of("E22.12")
def differences(compare_orders, compared: dict | None = None) -> Shown:
    """By the student's function: how many more background jets pass the LSTM by pT than in another order."""
    compared = compared_jets() if compared is None else compared
    background = compared["about"]["test"]["qcd"]
    figure, axes = new_figure(width=7.5, height=2.8)
    told, names = [], []
    for place, (efficiency, other) in enumerate((e, other) for other in OTHERS for e in (0.5, 0.8)):
        one, second = unpacked(compared, BY_PT, efficiency), unpacked(compared, other, efficiency)
        difference, error, verdict = compare_orders(one, second)
        axes.errorbar(
            float(difference),
            place,
            xerr=2 * float(error),
            fmt="o",
            capsize=4,
            color=OKABE_ITO[4 if efficiency == 0.5 else 5],
        )
        names.append(f"{other[6:]}, {efficiency:.0%}")
        better = {"one": "by pT", "other": other[6:], "open": "open"}.get(verdict, str(verdict)[:20])
        told.append(f"{names[-1]}: {float(difference):+.1f} ± {float(error):.1f}, {better}")
    axes.axvline(0, color="black", lw=0.8)
    axes.set(yticks=range(len(names)), yticklabels=names, xlabel="more background jets pass by pT than in this order")
    axes.set_ylim(len(names) - 0.5, -0.5)
    return show(
        figure,
        alt="From your function: how many more background jets pass the LSTM that reads by pT than the one that reads "
        "in another order, at two efficiencies, with bars of two errors. Right of 0 the other order is better. "
        f"{'; '.join(told)}.",
        caption=f"Of {background:,} background jets; bars are two errors. Your verdicts: {'; '.join(told)}.",
    )
