"""Figures of a trace, as `course_kit.layers.trace` gives it: all units at a glance, or one unit in detail."""

from collections.abc import Sequence

import numpy as np

from course_kit.plots.show import Shown, new_figure, show, styles

# between 0, closed, and 1, open: gates, shares and addresses
GATES = ("i", "f", "o", "z", "r", "d", "s", "g", "e", "w", "shift")
LETTERS = {"c_tilde": r"$\tilde c$", "h_tilde": r"$\tilde h$", "beta": r"$\beta$", "gamma": r"$\gamma$"}


def all_units(trace: dict[str, np.ndarray], row: int = 0, labels: Sequence[str] | None = None) -> Shown:
    """A map for each gate and value: steps to the right, units downwards.

    Args:
        trace: dict of arrays (N, T, n); the places of a picture (N, T, R, S, F) stand one after the other.
        row: int, which of the N sequences.
        labels: what was read at each step, in place of the step's number.
    """
    figure, panels = _panels(trace, height=1.25)
    said = []
    for axes, (name, series) in zip(panels, trace.items(), strict=True):
        values = _numbers(series)[row].T  # (n, T)
        gate = _is_gate(name)
        largest = 1.0 if gate else max(float(np.abs(values).max()), 1e-12)
        image = axes.imshow(
            values,
            aspect="auto",
            interpolation="nearest",
            cmap="Greys" if gate else "cividis",  # lightness runs one way in both, so they survive a grey print
            vmin=0.0 if gate else -largest,
            vmax=largest,
        )
        axes.set(ylabel="unit", title=_title(name) + (", gate" if gate else ""))
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
    """Curves of one unit: its gates above, the rest below, and so for each layer, lane, head or direction.

    A gate that is shared by several cells, as in a block, is shown for each of them. What is narrower otherwise, as an
    output, has no such unit and is left out.
    """
    widest = max(_numbers(series).shape[-1] for series in trace.values())
    groups, said = {}, []
    for name, series in trace.items():
        numbers, place = _numbers(series)[row], "/".join(name.split("/")[:-1])
        shared, rest = divmod(widest, numbers.shape[-1])
        if shared == 1 or (_is_gate(name) and rest == 0):
            curve = numbers[:, unit // shared]
            groups.setdefault((place, "gates" if _is_gate(name) else "values"), {})[name] = curve
            said.append(f"{name} goes from {curve[0]:.2g} to {curve[-1]:.2g}")
    figure, panels = _panels(groups, height=2.2)
    for axes, ((place, kind), curves) in zip(panels, groups.items(), strict=True):
        for (name, curve), style in zip(curves.items(), styles(), strict=False):
            letter = name.split("/")[-1]
            axes.plot(curve, label=LETTERS.get(letter, letter), marker=".", **style)
        axes.set(ylabel=kind, title=f"{kind} of unit {unit}" + (f", {place}" if place else ""))
        if kind == "gates":
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


def _numbers(series):
    """A quantity (N, T, ...) as (N, T, n)."""
    return series.reshape(*series.shape[:2], -1)


def _is_gate(name):
    return name.split("/")[-1] in GATES


def _title(name):
    """ "lane 1/c_tilde" with its letter."""
    *place, letter = name.split("/")
    return "/".join([*place, LETTERS.get(letter, letter)])


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
