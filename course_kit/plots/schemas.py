"""Notebook 01: the five schemas as drawings, as zero patterns of models, and as choices for ten tasks."""

from collections.abc import Callable

import numpy as np

from course_kit.plots.ask import NothingToDraw, figure_of
from course_kit.plots.show import OKABE_ITO, Shown, new_figure, not_yet, show

BLACK, ORANGE, SKY, GREEN, BLUE, VERMILION = OKABE_ITO[:6]
NAMES = ("one_to_one", "one_to_many", "many_to_one", "many_to_many_delayed", "many_to_many_aligned")
# Times of the inputs and of the outputs in the drawings.
TIMES = {
    "one_to_one": ((0,), (0,)),
    "one_to_many": ((0,), (0, 1, 2)),
    "many_to_one": ((0, 1, 2), (2,)),
    "many_to_many_delayed": ((0, 1, 2), (2, 3)),
    "many_to_many_aligned": ((0, 1, 2), (0, 1, 2)),
}
# What goes in and what comes out, with the time at which it does, for the ten tasks of E01.5.
TASKS = {
    "digit": (["image"], ["7"], (0,), (0,)),
    "caption": (["image"], ["a", "man", "plays"], (0,), (0, 1, 2)),
    "sentiment": (["not", "bad", "!"], ["+"], (0, 1, 2), (2,)),
    "emotion": (["pic", "pic", "pic"], ["joy"], (0, 1, 2), (2,)),
    "pixel": (["px", "px", "px"], ["px"], (0, 1, 2), (2,)),
    "translation": (["I", "am", "here"], ["estou", "aqui"], (0, 1, 2), (2, 3)),
    "speech": (["20ms", "20ms", "20ms"], ["y", "es"], (0, 1, 2), (2, 3)),
    "handwriting": (["pen", "pen", "pen"], ["pen", "pen"], (0, 1, 2), (2, 3)),
    "video_labels": (["pic", "pic", "pic"], ["cat", "cat", "dog"], (0, 1, 2), (0, 1, 2)),
    "next_frame": (["pic", "pic", "pic"], ["pic", "pic", "pic"], (0, 1, 2), (0, 1, 2)),
}


def _title(name: str) -> str:
    return {"many_to_many_delayed": "many to many,\ndelayed", "many_to_many_aligned": "many to many,\naligned"}.get(
        name, name.replace("_", " ")
    )


def _box(ax, x, y, text, color, edge=BLACK, linewidth=0.8):
    frame = {"boxstyle": "round,pad=0.3", "facecolor": color, "edgecolor": edge, "linewidth": linewidth}
    ink = "white" if color == BLUE else BLACK
    ax.text(x, y, text, ha="center", va="center", fontsize=8, color=ink, bbox=frame)


def _arrow(ax, start, end):
    ax.annotate("", end, start, arrowprops={"arrowstyle": "-|>", "color": BLACK, "shrinkA": 0, "shrinkB": 0})


def five_schemas() -> Shown:
    """The five drawings of D4.5: inputs below, the state in the middle, outputs above."""
    figure, axes = new_figure(1, 5, width=10.0, height=2.9, width_ratios=(1, 3, 3, 4, 3))
    for ax, (name, (inputs, outputs)) in zip(axes, TIMES.items(), strict=True):
        _net(ax, inputs, outputs)
        for t in inputs:
            _box(ax, t, 0, f"$x_{t + 1}$" if len(inputs) > 1 else "$x$", "#EEEEEE")
        for k, t in enumerate(outputs):
            _box(ax, t, 2, f"$y_{k + 1}$" if len(outputs) > 1 else "$y$", ORANGE)
        ax.set_title(_title(name), fontsize=10)
        ax.set(xlim=(-0.6, max(inputs + outputs) + 0.6), ylim=(-0.4, 2.4))
        ax.axis("off")
    return show(
        figure,
        "Five drawings with inputs below, states h in the middle and outputs above, time from left to right. One to "
        "one: one of each. One to many: one input, three states in a chain, an output at each. Many to one: three "
        "inputs, an output at the last state. Many to many, delayed: three inputs, two outputs that begin at the "
        "third state. Aligned: three inputs, an output at each.",
        "Time runs to the right. Grey: what goes in. Blue: the state, handed on from step to step. Orange: what is "
        "read off.",
    )


def _net(ax, inputs, outputs) -> None:
    """The states at all times of inputs and outputs, in a chain, with arrows from inputs and to outputs."""
    times = range(min(inputs + outputs), max(inputs + outputs) + 1)
    for t in times:
        _box(ax, t, 1, "$h$", BLUE)
        if t > times[0]:
            _arrow(ax, (t - 0.76, 1), (t - 0.24, 1))
    for t in inputs:
        _arrow(ax, (t, 0.25), (t, 0.76))
    for t in outputs:
        _arrow(ax, (t, 1.24), (t, 1.75))


def zero_patterns(models: dict[str, Callable], T: int = 5, S: int = 4, m: int = 3, n: int = 6, o: int = 2) -> Shown:
    """Size of the derivative of each output step by each input step of the student's models, from the tape."""
    try:
        found = {name: _pattern(models[name], arguments) for name, arguments in (
            ("one_to_one", (m, n, o)),
            ("one_to_many", (S, m, n, o)),
            ("many_to_one", (T, m, n, o)),
            ("many_to_many_delayed", (T, S, m, n, o)),
            ("many_to_many_aligned", (T, m, n, o)),
        )}  # fmt: skip
    except NothingToDraw:
        return not_yet("E01.4")
    except Exception as error:
        text = f'No figure: {type(error).__name__} while the models were tried. See what check("E01.4") says.'
        return Shown(text, text)
    figure, axes = new_figure(1, 5, width=10.0, height=2.8)
    said = []
    for ax, (name, sizes) in zip(axes, found.items(), strict=True):
        with np.errstate(divide="ignore"):
            logs = np.log10(sizes)
        image = ax.imshow(np.maximum(logs, -4), cmap="Blues", vmin=-4, vmax=0.5)
        for s, t in np.argwhere(sizes == 0):
            ax.text(t, s, "0", ha="center", va="center", fontsize=9)
        ax.set_title(_title(name), fontsize=10)
        # The same frame for all, so that the cells are of one size.
        ax.set(xlabel="input step", xticks=range(sizes.shape[1]), yticks=range(sizes.shape[0]))
        ax.set(xlim=(-0.5, T - 0.5), ylim=(T - 0.5, -0.5))
        ax.spines[["bottom", "right"]].set_visible(False)
        ax.tick_params(top=True, labeltop=True, bottom=False, labelbottom=False)
        ax.xaxis.set_label_position("top")
        said.append(f"{name.replace('_', ' ')}: {int((sizes == 0).sum())} of {sizes.size} derivatives are zero")
    axes[0].set_ylabel("output step")
    figure.colorbar(image, ax=axes, label="$\\log_{10}$ of the derivative", shrink=0.8)
    return show(
        figure,
        "Five tables, one a model, output steps downwards and input steps to the right, shaded by the size of the "
        "derivative. " + "; ".join(said) + ".",
        "Dark: this output depends strongly on this input. A printed 0 is an exact zero: that input cannot reach "
        "that output.",
    )


def _pattern(build: Callable, arguments) -> np.ndarray:
    """Largest absolute derivative of output step s by input step t, (S, T)."""
    from keras import ops

    from course_kit.gradients.autodiff import value_and_gradients

    model = build(*arguments)
    if model is None:
        raise NothingToDraw("")
    rng = np.random.default_rng(1)
    for weight in model.trainable_variables:
        weight.assign(rng.normal(size=weight.shape, scale=0.5).astype("float32"))
    x = rng.normal(size=(8, *model.input_shape[1:])).astype("float32")
    steps = model.output_shape[1] if len(model.output_shape) == 3 else None

    def at(s):
        def function(x):
            y = model(x)
            return ops.sum(y if s is None else y[:, s])

        (slope,) = value_and_gradients(function, [x])[1]
        return np.abs(slope).max(axis=(0, -1)) if slope.ndim == 3 else np.abs(slope).max(keepdims=True)[0]

    return np.stack([at(s) for s in (range(steps) if steps else (None,))])


@figure_of("E01.5")
def uses(chosen: dict) -> Shown:
    """Each task with its inputs and outputs at their times, and the arrows of the schema that the student chose."""
    if not isinstance(chosen, dict) or not all(chosen.get(task) in NAMES for task in TASKS):
        raise NothingToDraw("uses must name a schema for each of the ten tasks.")
    figure, axes = new_figure(2, 5, width=10.4, height=5.2)
    misfits = []
    for ax, (task, (goes_in, comes_out, inputs, outputs)) in zip(axes.flat, TASKS.items(), strict=True):
        due_in, due_out = TIMES[chosen[task]]
        _net(ax, due_in, due_out)
        for texts, times, due, y, color in (
            (goes_in, inputs, due_in, 0, "#EEEEEE"),
            (comes_out, outputs, due_out, 2, ORANGE),
        ):
            for text, t in zip(texts, times, strict=True):
                fits = t in due
                _box(ax, t, y, text, color, VERMILION if not fits else BLACK, 2.5 if not fits else 0.8)
            for t in set(due) - set(times):
                ax.text(t, y, "?", ha="center", va="center", color=VERMILION, fontsize=13, fontweight="bold")
        if set(inputs) != set(due_in) or set(outputs) != set(due_out):
            misfits.append(task)
        ax.set_title(f"{task}:\n{_title(chosen[task]).replace(chr(10), ' ')}", fontsize=9)
        ax.set(xlim=(-0.7, 3.7), ylim=(-0.5, 2.5))
        ax.axis("off")
    said = "Every box has its arrow" if not misfits else f"Something is left over in {', '.join(misfits)}"
    return show(
        figure,
        "Ten small drawings, one a task: what goes in below, what comes out above, and between them the arrows of "
        f"the schema you chose. {said}.",
        f"{said}. A thick frame: your schema has no arrow for this. A question mark: an arrow that leads nowhere.",
    )
