"""Figures of notebook 18 about forecasts: the net of E18.6 beside the naive one, and the whole comparison."""

import numpy as np

from course_kit.plots.ask import NothingToDraw, figure_of
from course_kit.plots.show import OKABE_ITO, Shown, new_figure, show, styles

NAMES = {"lstm": "LSTM", "gru": "GRU", "echo state": "echo state network"}


@figure_of("E18.6")
def beside_naive(rolling_gru) -> Shown:
    """Three origins and three horizons on sunspots: the student's GRU and the naive forecast beside it."""
    from course_kit.datasets.series import sunspots

    y, origins, horizons = sunspots().values, [276, 287, 298], [1, 5, 11]
    found = rolling_gru(y, origins, horizons, 22, 18, 40)
    if not isinstance(found, dict) or "forecasts" not in found:
        raise NothingToDraw("No dictionary with forecasts came.")
    at = np.array(origins)[:, None] + np.array(horizons) - 1
    forecasts, naive = (np.asarray(found[key], dtype=float) for key in ("forecasts", "naive"))
    if forecasts.shape != at.shape or naive.shape != at.shape:
        raise NothingToDraw(f"Shapes due: {at.shape}. Shapes that came: {forecasts.shape} and {naive.shape}.")
    gru, last = np.abs(y[at] - forecasts), np.abs(y[at] - naive)
    figure, (left, right) = new_figure(1, 2, width=9.6, height=3.6, width_ratios=(2, 1.2))
    left.plot(1700 + np.arange(220, len(y)), y[220:], color="0.6", lw=1.2, label="sunspots")
    for k, o in enumerate(origins):
        left.axvline(1700 + o - 0.5, color="0.4", ls=":", lw=0.8)
        left.plot(1700 + at[k], forecasts[k], "o", color=OKABE_ITO[4], label="your GRU" if k == 0 else None)
        left.plot(1700 + at[k], naive[k], "x", color=OKABE_ITO[5], label="naive" if k == 0 else None)
    left.set(xlabel="year", ylabel="sunspot number")
    left.legend(fontsize=8)
    right.axis("off")
    rows = [[f"{1700 + o}", *(f"{g:.0f} / {n:.0f}" for g, n in zip(gru[k], last[k], strict=True))]
            for k, o in enumerate(origins)]  # fmt: skip
    rows.append(["MAE", *(f"{g:.1f} / {n:.1f}" for g, n in zip(gru.mean(axis=0), last.mean(axis=0), strict=True))])
    drawn = right.table(rows, colLabels=["origin", *(f"h = {h}" for h in horizons)], loc="center", cellLoc="center")
    drawn.scale(1, 1.7)
    right.set_title("|error|: GRU / naive", fontsize=10, y=0.82)
    told = "; ".join(
        f"h = {h}: {g:.1f} and {n:.1f}" for h, g, n in zip(horizons, gru.mean(axis=0), last.mean(axis=0), strict=True)
    )
    return show(
        figure,
        alt="Drawn from your answer: sunspots since 1920 with three origins, forecasts of the GRU as dots and of the "
        f"naive one as crosses. Mean absolute errors of GRU and naive: {told}.",
        caption=f"Your GRU from three origins (dotted), horizons 1, 5 and 11. Errors of GRU and naive: {told}. Nine "
        "numbers are too few to rank anything; the table below has more.",
    )


def comparison(found: dict) -> Shown:
    """Mean absolute error against horizon of all methods, with the spread over seeds, for both series."""
    from course_kit.datasets.forecasts import errors

    figure, panels = new_figure(1, 2, width=10.4, height=4.4)
    told = []
    for axes, (name, result) in zip(panels, found.items(), strict=True):
        h = np.arange(1, result["horizon"] + 1)
        for style, method in zip(styles(), result["methods"], strict=False):
            mae = errors(result, method).mean(axis=1)  # (seeds, H)
            axes.plot(h, mae.mean(axis=0), label=NAMES.get(method, method), **style)
            if len(mae) > 1:
                axes.fill_between(h, mae.min(axis=0), mae.max(axis=0), color=style["color"], alpha=0.15, lw=0)
            ends = ", ".join(f"{mae.mean(axis=0)[k - 1]:.2f}" for k in result["shown"])
            told.append(f"{name}, {NAMES.get(method, method)} at h = {', '.join(map(str, result['shown']))}: {ends}")
        steps, unit = ("years", "sunspot number") if name == "sunspots" else ("months", "ppm")
        axes.set(xlabel=f"horizon h, {steps}", ylabel=f"MAE, {unit}", title=name, ylim=(0, None))
        axes.grid(alpha=0.3)
    figure.legend(*panels[0].get_legend_handles_labels(), fontsize=8, ncols=7, loc="outside lower center")
    return show(
        figure,
        alt="Mean absolute error by horizon, over twelve origins for sunspots and eight for CO2, by seven methods; "
        f"bands from the least to the largest of three seeds for the nets. {'; '.join(told)}.",
        caption="Seven methods, twelve and eight origins, one error per horizon. Bands: least to largest of three "
        "seeds.",
    )
