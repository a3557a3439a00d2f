"""Figures of notebook 05 up to the five gradients. Hollow circles mark where a right answer must lie.

"Measured" is what central differences of the loss give; the notebook hands it over.
"""

import numpy as np

from course_kit.plots.ask import figure_of
from course_kit.plots.bptt_paths import against_tape, calls, contributions, formula, on_copies, training, unrolled
from course_kit.plots.show import OKABE_ITO, Shown, new_figure, show, styles

__all__ = [
    "against_tape",
    "calls",
    "contributions",
    "formula",
    "losses",
    "readout",
    "step_size",
    "through_time",
    "training",
    "unrolled",
    "update",
]

CIRCLE = {"marker": "o", "ms": 8, "mfc": "none", "mec": "black", "ls": "none"}


@figure_of("E05.1")
def losses(forward_pass, squared_error, cross_entropy, given, y) -> Shown:
    """The loss of each step with its running sum, and what either loss says to a wrong prediction."""
    _, _, L_t, L = on_copies(forward_pass)(*given)
    target = given[1]
    figure, (left, right) = new_figure(1, 2, width=8.5, height=3.4)
    t = np.arange(len(L_t))
    left.bar(t, L_t, color=OKABE_ITO[2], edgecolor="black", hatch="//", label="your $L_t$")
    left.step(t, np.cumsum(L_t), where="mid", color="black", label="running sum")
    left.axhline(L, color=OKABE_ITO[5], ls="--", label="your $L$")
    distance = [np.square(y[:, k] - target[:, k]).sum() for k in t]
    left.plot(t, np.divide(distance, 2), **CIRCLE, label="half the squared distance")
    left.set(xlabel="step t", ylabel="loss", title="squared error")
    left.margins(y=0.45)  # room for the legend
    left.set_ylim(bottom=0)
    left.legend(fontsize=8, loc="upper left")
    p = np.linspace(0.01, 1, 100)
    guess = np.stack([p, 1 - p + 1e-12], axis=-1)[None]  # 1e-12 keeps the logarithm finite at p = 1
    sure = np.broadcast_to([1.0, 0.0], guess.shape)
    style = styles()
    for name, loss in (("squared error", squared_error), ("cross-entropy", cross_entropy)):
        right.plot(p, loss(guess, sure)[0], label=name, **next(style))
    right.set(xlabel="probability given to the right one of two classes", ylabel="$L_t$", title="two losses")
    right.legend(fontsize=8)
    return show(
        figure,
        f"Left: bars of the loss over {len(t)} steps, a staircase of their running sum and a dashed line at "
        f"{float(L):.3g}. Right: squared error and cross-entropy against the probability of the right class.",
        "Left: the staircase must end on the dashed line, and each bar in its circle. Right: both losses must fall "
        "to 0 where the right class gets probability 1; towards 0 only cross-entropy grows without bound.",
    )


@figure_of("E05.2")
def update(one_update, predicted_change, loss, step_gradients, weights) -> Shown:
    """The loss after one update against eta, with its prediction, and over many updates."""
    one_update = on_copies(one_update)
    steps, start = step_gradients(weights), float(loss(weights))
    etas = np.linspace(0, 0.06, 31)
    after = [float(loss(one_update(weights, steps, eta))) for eta in etas]
    predicted = [start + float(predicted_change(steps, eta)) for eta in etas]
    current, course = weights, [start]
    for _ in range(60):
        current = one_update(current, step_gradients(current), 0.02)
        course.append(float(loss(current)))
    figure, (left, right) = new_figure(1, 2, width=8.5, height=3.2)
    style = styles()
    left.plot(etas, after, label="loss after the update", **next(style))
    left.plot(etas, predicted, label="first-order prediction", **next(style))
    left.plot([0], [start], **CIRCLE, label="loss before")
    spread = max(max(after) - min(after), 0.1 * start)
    left.set(xlabel=r"$\eta$", ylabel="loss L", title="one update")
    left.set_ylim(min(after) - spread, max(after) + 0.3 * spread)
    left.legend(fontsize=8)
    right.plot(course, **next(styles()))
    right.set(xlabel="updates", ylabel="loss L", title=r"sixty updates, $\eta$ = 0.02", ylim=(0, None))
    return show(
        figure,
        f"Left: loss against eta from {start:.3g} at 0 to {after[-1]:.3g} at 0.06, with a straight line for the "
        f"prediction. Right: loss over 60 updates, from {course[0]:.3g} to {course[-1]:.3g}.",
        "Left: the line must touch the curve at the circle; further out the curve bends away. Right: the loss must "
        "fall.",
    )


def _agreement(axes, by_hand, measured, name):
    """Entries by hand against measured slopes: points on the diagonal agree."""
    ends = [min(measured.min(), by_hand.min()), max(measured.max(), by_hand.max())]
    axes.plot(ends, ends, color="0.6", lw=1, label="equal")
    axes.plot(measured.ravel(), by_hand.ravel(), "x", color=OKABE_ITO[5], label=f"entries of {name}")
    axes.set(xlabel="central differences", ylabel="by hand", title="by hand and measured")
    axes.legend(fontsize=8)


def _influence(figure, axes, sizes, rows, columns, title):
    """A heat map of how much step ``column`` hears of step ``row``."""
    image = axes.imshow(sizes, cmap="Greys", vmin=0)
    axes.set(xlabel=columns, ylabel=rows, title=title, xticks=range(len(sizes)), yticks=range(len(sizes)))
    for (row, column), value in np.ndenumerate(sizes):
        colour = "white" if value > 0.6 * sizes.max() else "black"
        axes.text(column, row, f"{value:.2g}", ha="center", va="center", color=colour, fontsize=8)
    figure.colorbar(image, ax=axes)


@figure_of("E05.3")
def readout(output_error, grad_readout, y, target, h, measured) -> Shown:
    """Whose error reaches which dL_t/dV, and dL/dV beside the measured slope."""
    grad_readout = on_copies(grad_readout)
    delta_y = np.asarray(on_copies(output_error)(y, target))
    T, steps = h.shape[1], np.asarray(grad_readout(delta_y, h)[0])
    sizes = np.zeros((T, T))
    for s in range(T):
        moved = delta_y.copy()
        moved[:, s] += 1.0
        sizes[s] = np.sqrt(np.square(np.asarray(grad_readout(moved, h)[0]) - steps).sum(axis=(1, 2)))
    figure, (left, right) = new_figure(1, 2, width=8.5, height=3.6)
    _influence(figure, left, sizes, "target of step s moves", "$dL_t/dV$ of step t", "who hears whom")
    _agreement(right, np.asarray(grad_readout(delta_y, h)[1]), measured, "dL/dV")
    return show(
        figure,
        f"Left: a {T} by {T} map of the change in dL_t/dV when the target of step s moves. Right: entries of dL/dV by "
        "hand against central differences, with the diagonal.",
        "Left: only the diagonal may be filled, for V has no chain through time. Right: the crosses must lie on the "
        "line.",
    )


@figure_of("E05.4")
def through_time(errors_through_time, grad_recurrent, delta_y, cache, measured) -> Shown:
    """How far back each loss is felt, and dL/dU beside the measured slope."""
    errors_through_time, grad_recurrent = on_copies(errors_through_time), on_copies(grad_recurrent)
    h, h0, U, V = (cache[k] for k in ("h", "h0", "U", "V"))
    T, sizes = h.shape[1], []
    for t in range(T):
        alone = np.zeros_like(delta_y)
        alone[:, t] = delta_y[:, t]
        sizes.append(np.sqrt(np.square(errors_through_time(alone, h, U, V)).sum(axis=(0, 2))))
    figure, (left, right) = new_figure(1, 2, width=8.5, height=3.6)
    sizes = np.array(sizes)
    _influence(figure, left, sizes, "loss of step t alone", "size of $dL_t/da_k$ at step k", "how far back")
    _agreement(right, np.asarray(grad_recurrent(delta_y, h, h0, U, V)), measured, "dL/dU")
    return show(
        figure,
        f"Left: a {T} by {T} map of the size of dL_t/da_k: row t, column k. Right: entries of dL/dU by hand against "
        "central differences, with the diagonal.",
        "Left: a triangle must appear, for a loss is felt at its own step and at all earlier ones, never at later "
        "ones. Right: the crosses must lie on the line.",
    )


def _differences(loss, w, step, central):
    """Slopes of ``loss`` at ``w``: (up - down) / (2 step), or (up - here) / step."""
    found = np.zeros_like(w)
    for index in np.ndindex(w.shape):
        shift = np.zeros_like(w)
        shift[index] = step
        found[index] = loss(w + shift) - (loss(w - shift) if central else loss(w))
    return found / (2 * step if central else step)


@figure_of("E05.5")
def step_size(grad_rest, delta_y, cache, loss) -> Shown:
    """How far differences are from your three gradients, against the step they take."""
    given = (cache[k] for k in ("x", "h", "U", "V"))
    by_hand = dict(zip(("W", "b_h", "b_y"), on_copies(grad_rest)(delta_y, *given), strict=True))
    steps, best = np.logspace(-14, 0, 43), []
    figure, axes = new_figure(width=7.5, height=4.0)
    style = styles()
    for name, central in (("W", False), ("W", True), ("b_h", True), ("b_y", True)):
        gradient = np.asarray(by_hand[name]).reshape(cache[name].shape)

        def loss_of(w, name=name):
            return loss(name, w)

        off = [np.abs(_differences(loss_of, cache[name], step, central) - gradient).max() for step in steps]
        off = np.maximum(np.array(off) / np.abs(gradient).max(), 1e-16)
        best.append(
            f"dL/d{name}, {'central' if central else 'one-sided'}: {off.min():.0e} at {steps[off.argmin()]:.0e}"
        )
        axes.loglog(steps, off, label=best[-1], **next(style))
    axes.set(xlabel="step of the difference", ylabel="largest relative distance from by hand", ylim=(1e-17, 1e2))
    axes.legend(title="lowest point", fontsize=8, loc="lower left")
    return show(
        figure,
        "Relative distance between gradients by hand and by differences against the step, from 1e-14 to 1, both axes "
        f"logarithmic. Lowest points: {'; '.join(best)}.",
        "Too large a step sees the curvature, too small a one sees rounding: a right gradient has a V. A wrong one has "
        "a curve that stays flat and high.",
    )
