"""Figures of notebook 14: the loss and its floors, and the sixteen slopes side by side."""

import numpy as np

from course_kit.plots.ask import NothingToDraw, figure_of
from course_kit.plots.gomez_graph import LAYERS, one_step, there_and_back, two_steps
from course_kit.plots.lstm import CIRCLE
from course_kit.plots.show import OKABE_ITO, Shown, new_figure, show, styles
from course_kit.reference import gomez
from course_kit.reference.activations import sigmoid

GREEN, VERMILION = OKABE_ITO[3], OKABE_ITO[5]
__all__ = [
    "one_step",
    "out_of_reach",
    "slopes_of_the_last_step",
    "step_sizes",
    "there_and_back",
    "training",
    "truncation",
    "two_steps",
]

NUMBERS = [f"{name}[{k}]" for name in ("W_a", "W_i", "W_f", "W_o") for k in (0, 1)]
NUMBERS += [f"U_{g}" for g in LAYERS] + [f"b_{g}" for g in LAYERS]


def flat(dW, dU, db) -> np.ndarray:
    """The sixteen slopes in the order of NUMBERS."""
    dW, dU, db = (np.asarray(g, dtype=float) for g in (dW, dU, db))
    if (dW.shape, dU.shape, db.shape) != ((2, 4), (4,), (4,)):
        raise NothingToDraw("Shapes due: (2, 4), (4,) and (4,).")
    return np.concatenate([dW.T.ravel(), dU, db])


def _measured(name, index=0, step=1e-6) -> float:
    """Central difference of the loss at t = 1 when one number is moved and what lies above it follows."""
    first = gomez.forward(gomez.X, gomez.W, gomez.U, gomez.B)[0]
    ends = []
    for move in (step, -step):
        inputs = gomez.X[1] + (move * np.eye(2)[index] if name == "x" else 0.0)
        z = inputs @ gomez.W + first["out"] * gomez.U + gomez.B + (move * np.eye(4)[index] if name == "z" else 0.0)
        i, f, o = sigmoid(z[1:])
        state = f * first["state"] + np.tanh(z[0]) * i + (move if name == "state" else 0.0)
        out = o * np.tanh(state) + (move if name == "out" else 0.0)
        ends.append(0.5 * (out - gomez.LABELS[1]) ** 2)
    return float((ends[0] - ends[1]) / (2 * step))


@figure_of("E14.3")
def slopes_of_the_last_step(backward_last) -> Shown:
    """The student's slopes at t = 1 as bars, with circles from central differences."""
    first, second = gomez.forward(gomez.X, gomez.W, gomez.U, gomez.B)
    _, d_out, d_state, d_gates, dx, _ = backward_last(1.25, dict(second), dict(first), gomez.W.copy(), gomez.U.copy())
    yours = [float(d_out), float(d_state), *np.asarray(d_gates, float).reshape(4), *np.asarray(dx, float).reshape(2)]
    places = [("out", 0), ("state", 0), *(("z", k) for k in range(4)), ("x", 0), ("x", 1)]
    measured = [_measured(*place) for place in places]
    figure, (left, right) = new_figure(1, 2, width=8.5, height=3.4, width_ratios=(1, 3))
    names = ["out", "state", *LAYERS, "x[0]", "x[1]"]
    for axes, part in ((left, slice(0, 2)), (right, slice(2, 8))):
        k = np.arange(8)[part]
        axes.bar(k, yours[part], 0.6, color=OKABE_ITO[2], edgecolor="black", label="yours")
        axes.plot(k, measured[part], **CIRCLE, label="measured")
        axes.axhline(0, color="black", lw=0.8)
        axes.set_xticks(k, names[part])
    left.set(ylabel="slope of the loss")
    right.legend(fontsize=8, loc="lower right")
    return show(
        figure,
        alt="Bars of the slopes at t = 1, drawn from your answer: "
        + ", ".join(f"{n} {y:.5f}" for n, y in zip(names, yours, strict=True))
        + ". If right, each bar ends in a hollow circle, which is measured by differences of the loss.",
        caption="Your slopes at t = 1. Each bar belongs into its circle. Left and right have scales of their own.",
    )


@figure_of("E14.5")
def training(sum_up, update) -> Shown:
    """The loss over updates with the student's sums and update, and its two floors."""
    weights, losses = (gomez.W.copy(), gomez.U.copy(), gomez.B.copy()), []
    for _ in range(301):
        losses.append(gomez.loss(gomez.X, gomez.LABELS, *weights))
        d_gates = np.stack([r[3] for r in gomez.backward(gomez.X, gomez.LABELS, *weights)])
        out = np.array([s["out"] for s in gomez.forward(gomez.X, *weights)])
        slopes = sum_up(gomez.X.copy(), out, d_gates)
        weights = tuple(np.asarray(w, float) for w in update(*(w.copy() for w in weights), *slopes, 0.1))
        if not all(np.isfinite(w).all() for w in weights):
            break
    figure, axes = new_figure(width=7.5, height=3.4)
    axes.semilogx(np.arange(len(losses)) + 1, losses, label="your updates, step 0.1", **next(styles()))
    axes.plot([1, 2], [0.114910, 0.110881], **CIRCLE, label="before and after the first")
    axes.axhline(gomez.floor(1.25), color=GREEN, ls="--", label="floor for |out| < 1: 0.03125")
    axes.set(xlabel="updates made, plus 1", ylabel="loss", ylim=(0, max(0.13, min(max(losses), 0.6))))
    axes.legend(fontsize=8)
    return show(
        figure,
        alt=f"Drawn from your answers: the loss over 300 updates on a logarithmic axis, from "
        f"{losses[0]:.6f} before to {losses[1]:.6f} after the first and {losses[-1]:.4f} at the end. If right it falls "
        "through the two hollow circles, 0.114910 and 0.110881, and stays above the dashed floor at 0.03125.",
        caption="The example goes on. Your curve falls through the circles; the dashed line it never reaches.",
    )


@figure_of("E14.6")
def step_sizes(differences, tape_gradients) -> Shown:
    """How far the student's differences are from the slopes by hand, against their step; the tape as a line."""
    given = (gomez.X, gomez.LABELS, gomez.W, gomez.U, gomez.B)
    by_hand = flat(*gomez.gradients(*given))
    steps = np.logspace(-12, 0, 25)
    off = [np.abs(flat(*differences(*(g.copy() for g in given), h)) - by_hand).max() for h in steps]
    tape = np.abs(flat(*tape_gradients(*(g.copy() for g in given))) - by_hand).max()
    figure, axes = new_figure(width=7.5, height=3.4)
    style = styles()
    axes.loglog(steps, np.maximum(off, 1e-17), label="your differences", marker=".", **next(style))
    axes.axhline(max(tape, 1e-17), label="your tape", **next(style))
    axes.axhline(1e-8, color="0.6", lw=0.8)
    best = int(np.argmin(off))
    axes.set(xlabel="step of the difference", ylabel="largest distance from by hand", ylim=(3e-18, 3))
    axes.legend(fontsize=8)
    return show(
        figure,
        alt="Largest distance of sixteen slopes from those by hand against the step of the difference, both "
        f"logarithmic, drawn from your answers: lowest {off[best]:.0e} at {steps[best]:.0e}; your tape lies at "
        f"{tape:.0e}. If right, the differences form a V with its lowest point near 1e-5, and the tape lies below "
        "1e-15.",
        caption="Three ways to the same sixteen numbers. Right differences form a V; the tape belongs to the bottom.",
    )


@figure_of("E14.7")
def out_of_reach(loss_floor, largest_out) -> Shown:
    """The reach of out over the steps, and a long training with the two floors."""
    t = np.arange(6)
    reach = np.array([float(largest_out(int(k))) for k in t])
    rows, weights = [], (gomez.W, gomez.U, gomez.B)
    marks = np.unique(np.logspace(0, 3.9, 60).astype(int))
    for k in range(1, marks[-1] + 1):
        if k in marks:
            rows.append(gomez.loss(gomez.X, gomez.LABELS, *weights))
        slopes = gomez.gradients(gomez.X, gomez.LABELS, *weights)
        weights = tuple(w - 0.5 * g for w, g in zip(weights, slopes, strict=True))
    figure, (left, right) = new_figure(1, 2, width=9.0, height=3.5)
    left.fill_between(t, -reach, reach, color="0.88", label="your reach of out$_t$", step="mid")
    wide = np.array([s["out"] for s in gomez.forward(np.ones((6, 1)), np.full((1, 4), 30.0), np.zeros(4), np.zeros(4))])
    left.plot(t, wide, **CIRCLE, label="all gates wide open")
    left.plot([0, 1], gomez.LABELS, "x", color=VERMILION, ms=9, mew=2, label="the two labels")
    left.axhline(1.0, color="0.5", lw=0.8)
    left.set(xlabel="step t", ylabel="out", ylim=(-1.4, 1.4))
    left.legend(fontsize=8, loc="lower right")
    floors = [float(loss_floor(1.25, bound)) for bound in (1.0, float(largest_out(1)))]
    style = styles()
    right.semilogx(marks, rows, label="loss, step 0.5", **next(style))
    for value, name in zip(floors, ("|out| < 1", "two steps from 0"), strict=True):
        right.axhline(value, label=f"{name}: {value:.5f}", **next(style))
    right.set(xlabel="updates", ylabel="loss", ylim=(0.0, 0.12))
    right.legend(fontsize=8)
    return show(
        figure,
        alt="Left, drawn from your answer: how far out can get at the steps 0 to 5, "
        f"{', '.join(f'{r:.4f}' for r in reach)}; if right, the hollow circles of a unit with all gates open lie on "
        f"the edge. The label 0.5 lies inside, 1.25 outside. Right: the loss over {marks[-1]} updates ends at "
        f"{rows[-1]:.5f}; your two floors are {floors[0]:.5f} and {floors[1]:.5f}.",
        caption="Left, the circles belong onto the edge of the grey reach. Right, the loss comes to rest on the upper "
        "floor, not on the lower one.",
    )


@figure_of("E14.8")
def truncation(truncated_gradients) -> Shown:
    """The sixteen slopes in full and truncated."""
    given = (gomez.X, gomez.LABELS, gomez.W, gomez.U, gomez.B)
    full, cut = flat(*gomez.gradients(*given)), flat(*truncated_gradients(*(g.copy() for g in given)))
    right = flat(*gomez.gradients(*given, truncated=True))
    figure, axes = new_figure(width=9.0, height=3.6)
    places = np.arange(16)
    axes.bar(places - 0.2, full, 0.38, color=OKABE_ITO[2], edgecolor="black", label="full")
    axes.bar(places + 0.2, cut, 0.38, color=OKABE_ITO[1], edgecolor="black", hatch="//", label="yours, tau = 1")
    axes.plot(places + 0.2, right, **{**CIRCLE, "ms": 6})
    axes.axhline(0, color="black", lw=0.8)
    axes.set(ylabel="slope of the loss", xticks=places)
    axes.set_xticklabels([f"${n.split('[')[0]}$" + (f"[{n[-2]}]" if "[" in n else "") for n in NUMBERS], fontsize=8)
    axes.legend(fontsize=8)
    same = [NUMBERS[k] for k in range(16) if abs(full[k] - cut[k]) < 1e-12]
    return show(
        figure,
        alt="Bars of the sixteen slopes, full and with tau = 1, drawn from your answer. They agree in "
        f"{', '.join(same) or 'none'}. If right they agree in both weights of f, in all of U and in b_f, and the bars "
        "end in the hollow circles.",
        caption="Full and truncated. Your hatched bars belong into the circles.",
    )
