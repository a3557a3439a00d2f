"""Figures of a trace, as `course_kit.layers.trace` gives it: all units at a glance, or one unit in detail."""

from collections.abc import Sequence

import numpy as np

from course_kit.plots.show import Shown, new_figure, show, styles

GATES = ("i", "f", "o", "z", "r")  # between 0, closed, and 1, open
LETTERS = {"c_tilde": r"$\tilde c$", "h_tilde": r"$\tilde h$"}


def all_units(trace: dict[str, np.ndarray], row: int = 0, labels: Sequence[str] | None = None) -> Shown:
    """A map for each gate and value: steps to the right, units downwards.

    Args:
        trace: dict of arrays (N, T, n).
        row: int, which of the N sequences.
        labels: what was read at each step, in place of the step's number.
    """
    figure, panels = _panels(trace, height=1.25)
    said = []
    for axes, (name, series) in zip(panels, trace.items(), strict=True):
        values = series[row].T  # (n, T)
        gate = name in GATES
        largest = 1.0 if gate else max(float(np.abs(values).max()), 1e-12)
        image = axes.imshow(
            values,
            aspect="auto",
            interpolation="nearest",
            cmap="Greys" if gate else "cividis",  # lightness runs one way in both, so they survive a grey print
            vmin=0.0 if gate else -largest,
            vmax=largest,
        )
        axes.set(ylabel="unit", title=LETTERS.get(name, name) + (", gate" if gate else ""))
        axes.set_yticks(_some(len(values), 6))
        figure.colorbar(image, ax=axes, pad=0.01, ticks=[0, 1] if gate else [-largest, 0, largest], format="%.2g")
        said.append(f"{name} from {values.min():.2g} to {values.max():.2g}")
    _label_steps(panels, labels)
    units, steps = values.shape
    return show(
        figure,
        f"Maps over {steps} steps, one row of cells a unit ({units} in the last map), one map a quantity: "
        f"{'; '.join(said)}.",
        "Gates: white is closed, black is open. The others: dark is negative, light positive, as the scale at the "
        "right says.",
    )


def one_unit(trace: dict[str, np.ndarray], unit: int = 0, row: int = 0, labels: Sequence[str] | None = None) -> Shown:
    """Curves of one unit: its gates above, the rest below. A block's gate is shared by the cells of the block."""
    groups = ([name for name in trace if name in GATES], [name for name in trace if name not in GATES])
    groups = {title: names for title, names in zip(("gates", "values"), groups, strict=True) if names}
    figure, panels = _panels(groups, height=2.2)
    widest, said = max(series.shape[-1] for series in trace.values()), []
    for axes, (title, names) in zip(panels, groups.items(), strict=True):
        for name, style in zip(names, styles(), strict=False):
            shared = widest // trace[name].shape[-1]
            curve = trace[name][row, :, unit // shared]
            axes.plot(curve, label=LETTERS.get(name, name), marker=".", **style)
            said.append(f"{name} goes from {curve[0]:.2g} to {curve[-1]:.2g}")
        axes.set(ylabel=title, title=f"{title} of unit {unit}")
        if title == "gates":
            axes.set_ylim(-0.05, 1.05)
        else:
            axes.axhline(0.0, color="0.7", lw=0.8, zorder=0)
        axes.legend(fontsize=8, loc="center left", bbox_to_anchor=(1.0, 0.5))
    _label_steps(panels, labels)
    return show(
        figure,
        f"Curves of unit {unit} over {len(curve)} steps: {'; '.join(said)}.",
        "One unit at work. A gate at 0 lets nothing through, at 1 everything.",
    )


def _panels(rows, height):
    figure, panels = new_figure(len(rows), 1, width=8.5, height=0.9 + height * len(rows), sharex=True, squeeze=False)
    return figure, panels[:, 0]


def _label_steps(panels, labels):
    panels[-1].set_xlabel("what was read" if labels is not None else "step t")
    if labels is not None:
        panels[-1].set_xticks(range(len(labels)), labels)


def _some(count, most):
    """At most so many evenly spaced numbers below `count`."""
    return range(0, count, -(-count // most))
