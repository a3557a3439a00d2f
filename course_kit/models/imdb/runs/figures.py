"""The figures of a run: how it learnt, what each threshold would give, what it takes for what."""

import numpy as np

from course_kit.models.imdb.runs.scores import Part, precision_recall
from course_kit.plots import Shown, new_figure, show, styles

LIGHT = "#56B4E9"  # Okabe and Ito's sky blue, on which black can be read


def learning_curves(history: list[dict]) -> Shown:
    """Loss, and F1 on validation if there is one, by epoch; a line for each net.

    Args:
        history: a dict an epoch, with `epoch`, `loss` and perhaps `net`, `val_loss` and `val_f1`. At least one.
    """
    figure, (left, right) = new_figure(1, 2, width=8.0)
    nets, said = _by_net(history), []
    for net, rows in enumerate(nets):
        epochs, of_net = np.arange(1, len(rows) + 1), f"net {net + 1}: " if len(nets) > 1 else ""
        style, told = styles(), []
        for key, label in (("loss", "training"), ("val_loss", "validation")):
            if values := _column(rows, key):
                left.plot(epochs, values, label=None if net else label, marker="o", **next(style))
                told.append(f"the {label} loss goes from {values[0]:.3f} to {values[-1]:.3f}")
        if f1 := _column(rows, "val_f1"):
            best = int(np.argmax(f1))
            right.plot(epochs, f1, marker="o", **next(style))
            right.plot(epochs[best], f1[best], "o", markersize=11, markerfacecolor="none", markeredgecolor="black")
            told.append(f"F1 on validation is best in epoch {best + 1}, {f1[best]:.3f}, and {f1[-1]:.3f} in the last")
        said.append(f"{of_net}{', '.join(told)}")
    left.set(xlabel="epoch", ylabel="binary cross-entropy")
    left.xaxis.get_major_locator().set_params(integer=True)
    left.legend()
    if right.lines:
        right.set(xlabel="epoch", ylabel="F1 on validation, at its best threshold")
        right.xaxis.get_major_locator().set_params(integer=True)
    else:
        right.set_axis_off()
        right.text(0.5, 0.5, "no validation:\ntrained on all reviews", ha="center", va="center")
        said.append("there is no validation")
    alt = f"Two plots over {max(map(len, nets))} epochs: {'; '.join(said)}."
    caption = (
        "How it learnt; a ring around the epoch that is kept. Where the loss on validation rises and that on training "
        "falls, reviews are learnt by heart."
    )
    return show(figure, alt, caption)


def precision_and_recall(parts: list[Part], metrics: dict) -> Shown:
    """Precision against recall at every threshold, the chosen one marked."""
    figure, axes = new_figure(width=5.6, height=4.0)
    said = []
    for part, style in zip(parts, styles(), strict=False):
        precision, recall = precision_recall(part)
        at = metrics[part.name]
        axes.plot(recall, precision, label=f"{part.name}, F1 {at['f1']:.3f}", **style)
        axes.plot(at["recall"], at["precision"], "o", color=style["color"], markersize=9, markerfacecolor="white")
        said.append(
            f"on {part.name} precision is {at['precision']:.3f} and recall {at['recall']:.3f} there (F1 {at['f1']:.3f})"
        )
    axes.set(xlabel="recall", ylabel="precision", xlim=(0, 1.02), ylim=(None, 1.02))
    axes.legend(loc="lower left")
    alt = (
        f"Precision against recall for {' and '.join(part.name for part in parts)}. The threshold "
        f"{metrics['threshold']:.3f} is marked by a circle: {'; '.join(said)}."
    )
    caption = f"What each threshold gives; the circle is {metrics['threshold']:.3f}, from {metrics['threshold_from']}."
    return show(figure, alt, caption)


def confusion(parts: list[Part], metrics: dict) -> Shown:
    """The four counts of each part, as squares."""
    figure, all_axes = new_figure(1, len(parts), width=3.6 * len(parts), height=3.2, squeeze=False)
    said = []
    for part, axes in zip(parts, all_axes[0], strict=True):
        at = metrics[part.name]
        counts = np.array(
            [[at["true_negatives"], at["false_positives"]], [at["false_negatives"], at["true_positives"]]]
        )
        axes.imshow(counts / counts.sum(), cmap=_cmap(), vmin=0, vmax=0.6)
        for row in range(2):
            for column in range(2):
                weight = "bold" if row == column else "normal"
                axes.text(column, row, f"{counts[row, column]:,}", ha="center", va="center", weight=weight)
        words = ["negative", "positive"]
        axes.set(xticks=(0, 1), yticks=(0, 1), xticklabels=words, yticklabels=words, title=part.name)
        axes.set(xlabel="taken for", ylabel="is")
        said.append(
            f"{part.name}: {counts[0, 0]:,} negative reviews are taken for negative and {counts[0, 1]:,} for positive, "
            f"{counts[1, 1]:,} positive ones for positive and {counts[1, 0]:,} for negative"
        )
    return show(figure, f"Tables of four counts. {'. '.join(said)}.", "What is taken for what; bold is right.")


def _column(history: list[dict], key: str) -> list[float]:
    return [float(row[key]) for row in history] if all(row.get(key) not in (None, "") for row in history) else []


def _by_net(history: list[dict]) -> list[list[dict]]:
    nets: dict = {}
    for row in history:
        nets.setdefault(row.get("net"), []).append(row)
    return list(nets.values())


def _cmap():
    from matplotlib.colors import LinearSegmentedColormap

    return LinearSegmentedColormap.from_list("counts", ["#FFFFFF", LIGHT])
