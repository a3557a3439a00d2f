"""Figures of notebook 15 of what was trained: a film of moving squares, and every run of the five tasks."""

from collections.abc import Mapping

import numpy as np

from course_kit.plots.show import OKABE_ITO, Shown, new_figure, show

MARKERS = ("o", "s", "^")


def film(frames: np.ndarray) -> Shown:
    """The pictures (T, side, side, 1) of one film, side by side, the last one in a frame: it is to be foreseen."""
    figure, panels = new_figure(1, len(frames), width=9.0, height=1.6)
    for t, (axes, picture) in enumerate(zip(panels, frames, strict=True), 1):
        axes.imshow(picture[:, :, 0], cmap="Greys", vmin=0, vmax=1)
        axes.set(xticks=[], yticks=[])
        axes.set_title(f"{t}" if t < len(frames) else f"{t}?", fontsize=9)
    for spine in panels[-1].spines.values():
        spine.set(color=OKABE_ITO[5], linewidth=3)
    black = [int((picture > 0.5).sum()) for picture in frames]
    return show(
        figure,
        alt=f"{len(frames)} pictures of 8 x 8 pixels: two black squares of 2 x 2 move and bounce off the edges. "
        f"The last is framed. Black pixels: {', '.join(map(str, black))}.",
        caption="One film. What is the picture after the last? Where squares meet, fewer pixels are black.",
    )


def all_runs(record: Mapping) -> Shown:
    """Every run of `course_kit.models.variants`: a panel a task, a row a network, a point a seed, a bar at the mean."""
    tasks = list(dict.fromkeys(run["task"] for run in record["runs"]))
    figure, panels = new_figure(-(-len(tasks) // 2), 2, width=10.0, height=2.1 * (-(-len(tasks) // 2)) + 0.4)
    told = []
    for axes, task in zip(panels.flat, tasks, strict=False):
        runs = [run for run in record["runs"] if run["task"] == task]
        nets = list(dict.fromkeys(run["net"] for run in runs))
        labels = []
        for row, net in enumerate(nets):
            own = [run for run in runs if run["net"] == net]
            scores = [run["score"] for run in own]
            colour = OKABE_ITO[4] if row == 0 else OKABE_ITO[5] if row == 1 else OKABE_ITO[0]
            axes.plot(scores, [row] * len(scores), MARKERS[row % 3], color=colour, ms=6, alpha=0.6)
            axes.plot([np.mean(scores)] * 2, [row - 0.3, row + 0.3], color=colour, lw=2.5)
            labels.append(f"{net}\n{own[0]['parameters']:,} parameters")
            told.append(f"{task}, {net}: {np.mean(scores):.3g} ({min(scores):.3g} to {max(scores):.3g})")
        guess = record["guesses"][task]
        worst = max(run["score"] for run in runs)
        edge = 1.12 * guess if worst > guess / 3 else 1.6 * worst
        if edge > guess:
            axes.axvline(guess, color="0.5", ls=":", lw=1.5)
        else:
            note = {"transform": axes.transAxes, "ha": "right", "va": "center", "fontsize": 8, "color": "0.35"}
            axes.text(0.98, 0.5, f"without memory:\n{guess:.2f}, far to the right", **note)
        axes.set(title=task, xlabel=record["measures"][task], xlim=(-0.03 * edge, edge), ylim=(len(nets) - 0.5, -0.5))
        axes.xaxis.label.set_fontsize(9)
        axes.set_yticks(range(len(nets)), labels, fontsize=8)
        axes.title.set_fontsize(10)
        axes.grid(alpha=0.3, axis="x")
    for axes in list(panels.flat)[len(tasks) :]:
        axes.set_axis_off()
    return show(
        figure,
        alt="A panel for each task and in it a row for each network: a point for each of three seeds and a bar at the "
        "mean; 0 is perfect, a dotted line or a note is what an answer without memory gets. Mean and range: "
        f"{'; '.join(told)}.",
        caption="Every run, a point a seed, a bar at the mean; further left is better. Dotted: what remembers nothing. "
        "The first row of each panel is the paper's layer, the second an LSTM with no fewer parameters.",
    )
