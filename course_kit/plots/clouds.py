"""Figures of notebook 09 on short and long memory: gradients that reach a word, trainings, and Keras' bias."""

import numpy as np

from course_kit.plots.ask import ask, figure_of
from course_kit.plots.lstm import CIRCLE
from course_kit.plots.show import OKABE_ITO, Shown, new_figure, not_yet, show, styles

SEEDS = (1, 2, 3)  # of the trainings; from here, so that the quiet kit of the grader trains none
HATCHES = ("//", "", "..", "xx", "\\\\")


def reach_bars(ratios: dict[str, dict[str, list]]) -> Shown:
    """How much of the gradient at the last word arrives at the decisive one, near and far, with the spread over seeds.

    Args:
        ratios: dict from panel title to dict from network to ratios, one a seed.
    """
    if any(r is None for series in ratios.values() for values in series.values() for r in values):
        return not_yet("E09.6")
    figure, panels = new_figure(1, len(ratios), width=9.0, height=3.6, sharey=True)
    said = []
    for axes, (title, series) in zip(np.atleast_1d(panels), ratios.items(), strict=True):
        for k, (name, values) in enumerate(series.items()):
            middle = float(np.exp(np.mean(np.log(values))))
            axes.bar(k, middle, 0.7, bottom=0, color=OKABE_ITO[k + 1], hatch=HATCHES[k], edgecolor="black")
            axes.plot([k] * len(values), values, "k_", ms=10)
            axes.text(k, max(values) * 2, f"{middle:.1e}", ha="center", fontsize=8)
            said.append(f"{title}, {name}: {middle:.1e}".replace("\n", " "))
        axes.axhline(1.0, color="0.6", lw=0.8)
        axes.set(yscale="log", title=title, xticks=range(len(series)))
        axes.set_xticklabels(series, fontsize=8)
    np.atleast_1d(panels)[0].set_ylabel("gradient, decisive word : last word")
    low, high = np.atleast_1d(panels)[0].get_ylim()
    np.atleast_1d(panels)[0].set_ylim(low / 3, max(high, 1.0) * 10)
    return show(
        figure,
        alt="Bars on a logarithmic scale: how large the gradient at the decisive word is against that at the last "
        f"word, geometric mean over the seeds, which are short strokes. {'; '.join(said)}.",
        caption="How much of the gradient reaches the decisive word. Strokes are single seeds; the bar is their "
        "geometric mean.",
    )


def accuracies(curves: dict[str, dict[str, np.ndarray]], chance: float = 0.5) -> Shown:
    """Accuracy over the epochs for each network: a line a seed.

    Args:
        curves: dict from panel title to dict from network to accuracies (seeds, epochs).
    """
    figure, panels = new_figure(1, len(curves), width=9.0, height=3.4, sharey=True)
    said = []
    for axes, (title, series) in zip(np.atleast_1d(panels), curves.items(), strict=True):
        axes.axhline(chance, color="0.6", lw=0.8)
        for k, ((name, values), style) in enumerate(zip(series.items(), styles(), strict=False)):
            colour = {"color": OKABE_ITO[(0, 5, 4, 3)[k % 4]], "linestyle": style["linestyle"]}
            values = np.atleast_2d(values)
            for j, line in enumerate(values):
                axes.plot(np.arange(1, len(line) + 1), line, label=name if j == 0 else None, **colour)
            label = name.replace("\n", " ")
            said.append(f"{title}, {label}: " + ", ".join(f"{v:.2f}" for v in values[:, -1]))
        axes.set(xlabel="epoch", title=title, ylim=(0.4, 1.03), xticks=range(1, values.shape[1] + 1))
    np.atleast_1d(panels)[0].set_ylabel("accuracy on fresh stories")
    np.atleast_1d(panels)[-1].legend(fontsize=8, loc="center left", bbox_to_anchor=(1.0, 0.5))
    return show(
        figure,
        alt="Accuracy on stories not trained on over the epochs, a line for each seed, chance at "
        f"{chance:g}. Last epoch: {'; '.join(said)}.",
        caption="Accuracy while training, a line a seed. The level line is guessing.",
    )


@figure_of("E09.7")
def bias_blocks(bias, forget_bias) -> Shown:
    """Keras' bias vector as it stands, and what the student reads as b_f."""
    bias = np.asarray(bias, dtype=float)
    n = len(bias) // 4
    # Read from indices and not from values, so that a wrong block shows even where all values are alike.
    (read,) = ask(forget_bias, np.arange(4.0 * n), shapes=((n,),))
    places = read.astype(int)
    figure, axes = new_figure(width=8.0, height=2.8)
    axes.bar(np.arange(4 * n), bias, 0.8, color=OKABE_ITO[2], edgecolor="black", label="bias of a new LSTM")
    axes.plot(places, np.full(len(places), 0.5), "x", ms=9, mew=2, color=OKABE_ITO[5], label="what you read as $b_f$")
    axes.plot(np.arange(n, 2 * n), np.full(n, 0.5), **CIRCLE)
    for k, name in enumerate(("i", "f", "c", "o")):
        axes.axvline(k * n - 0.5, color="0.5", lw=0.8)
        axes.text((k + 0.5) * n - 0.5, 1.12, name, ha="center", fontsize=12)
    axes.set(xlabel="index in the bias vector", ylabel="value", ylim=(-0.1, 1.3), xlim=(-0.6, 4 * n - 0.4))
    axes.legend(fontsize=8, loc="center left", bbox_to_anchor=(1.0, 0.5))
    found = ", ".join(map(str, places[:12]))
    return show(
        figure,
        alt=f"The {4 * n} entries of a new LSTM's bias in four blocks i, f, c, o. The block of f stands at 1, the "
        f"others at 0. Crosses mark the entries that you read: {found}. If right, they lie in the hollow circles, "
        f"entries {n} to {2 * n - 1}.",
        caption="The bias of a new keras.layers.LSTM. Your crosses belong into the circles.",
    )
