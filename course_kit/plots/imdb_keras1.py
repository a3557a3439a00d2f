"""Figures of notebook 21 about the program of 2016: its parameters, and what its gates were."""

import numpy as np

from course_kit.plots.ask import NothingToDraw, ask, figure_of
from course_kit.plots.show import OKABE_ITO, Shown, new_figure, show, styles
from course_kit.reference.hard_gates import GATES

DUE = {"E": 160_000, "W": 12_800, "U": 40_000, "b": 400, "V": 100, "b_y": 1}
CIRCLE = {"marker": "o", "ms": 9, "mfc": "none", "mec": "black", "ls": "none"}
NAMES = {"keras 1": "gate_keras1", "keras 3": "gate_keras3", "keras 3 hard": "hard_gate_keras3"}


@figure_of("E21.1")
def parameters(wiki_model) -> Shown:
    """The parameters of the model, tensor by tensor, beside those of the slides."""
    model = wiki_model()
    model(np.zeros((1, 80), dtype="int32"))
    sizes = [int(np.prod(w.shape)) for w in model.trainable_weights]
    figure, axes = new_figure(width=7.0, height=3.0)
    axes.bar(np.arange(len(sizes)), sizes, color=OKABE_ITO[2])
    axes.plot(np.arange(6), list(DUE.values()), label="slides D2.17-D2.19", **CIRCLE)
    axes.set(yscale="log", ylabel="parameters", ylim=(0.5, 4e5), title=f"together {sum(sizes):,}")
    places = np.arange(max(len(sizes), 6))
    axes.set_xticks(places, [*DUE, *("?" for _ in places[6:])])
    axes.legend(fontsize=8)
    listed = ", ".join(f"{size:,}" for size in sizes)
    return show(
        figure,
        alt=f"Bars on a logarithmic axis, the parameters of your model tensor by tensor: {listed}; together "
        f"{sum(sizes):,}. Circles at those of the slides: 160,000 for the embedding, 12,800 and 40,000 and 400 for the "
        "LSTM, 100 and 1 for the output. If right each bar ends in its circle.",
        caption="Your model, tensor by tensor, and the numbers of the slides (circles). Three quarters stand in the "
        "embedding.",
    )


@figure_of("E21.2")
def gates(gate_keras1, gate_keras3, hard_gate_keras3) -> Shown:
    """The three gate functions and their differences from the first."""
    a = np.linspace(-5, 5, 401)
    functions = (gate_keras1, gate_keras3, hard_gate_keras3)
    drawn = {name: ask(f, a, shapes=(a.shape,))[0] for name, f in zip(GATES, functions, strict=True)}
    figure, (left, right) = new_figure(1, 2, width=9.0, height=3.3)
    style = styles()
    for name, values in drawn.items():
        look = next(style)
        left.plot(a, values, label=NAMES[name], **look)
        right.plot(a, values - drawn["keras 1"], label=NAMES[name], **look)
    for gate in GATES.values():
        left.plot(a[::40], gate(a[::40]), **{**CIRCLE, "ms": 6})
    left.set(xlabel="a", ylabel="gate")
    right.set(xlabel="a", ylabel="difference from Keras 1")
    left.legend(fontsize=8)
    apart = {name: float(np.abs(values - drawn["keras 1"]).max()) for name, values in drawn.items()}
    return show(
        figure,
        alt="Left, your three gate functions against a, with circles where they belong: two straight lines with cut "
        "ends and one smooth curve, all through 0.5 at a = 0. Right, their differences from the gate of Keras 1: "
        f"the logistic function up to {apart['keras 3']:.3f}, the hard one of Keras 3 up to "
        f"{apart['keras 3 hard']:.3f}. If right these are 0.076 and 0.083, and all circles lie on lines.",
        caption="Three functions that were all, at some time, the gate of keras.layers.LSTM or called hard_sigmoid "
        "(left), and how far they are from the gate of 2016 (right).",
    )


@figure_of("E21.2")
def drift(lstm_step, spread: float) -> Shown:
    """How far h drifts from that of 2016 when the same weights run under other gates, for weights of this spread."""
    return _drift(lstm_step, (spread,))


@figure_of("E21.2")
def drift_still(lstm_step) -> Shown:
    """The same for three spreads side by side."""
    return _drift(lstm_step, (0.5, 1.0, 2.0))


def _drift(lstm_step, spreads) -> Shown:
    T, N, m, n = 40, 16, 6, 10
    figure, axes = new_figure(1, len(spreads), width=3.0 * len(spreads) + 1.5, height=3.0, sharey=True, squeeze=False)
    said = []
    for panel, spread in zip(axes[0], spreads, strict=True):
        deal = np.random.default_rng(3)
        x = deal.normal(size=(T, N, m))
        W, U = (spread * deal.normal(size=(k, 4 * n)) / np.sqrt(k) for k in (m, n))
        b = np.zeros(4 * n)
        runs = {}
        for which in GATES:
            h = c = np.zeros((N, n))
            states = []
            for x_t in x:
                h, c = ask(lstm_step, x_t, h, c, W, U, b, which, shapes=((N, n), (N, n)))
                states.append(h)
            runs[which] = np.stack(states)
        if not all(np.isfinite(run).all() for run in runs.values()):
            raise NothingToDraw("The states are not finite.")
        style = styles()
        next(style)
        for which in ("keras 3", "keras 3 hard"):
            apart = np.abs(runs[which] - runs["keras 1"]).mean(axis=(1, 2))
            panel.plot(np.arange(1, T + 1), apart, label=which, **next(style))
            said.append(f"weights of spread {spread:g}, {which}: {apart[-10:].mean():.3f}")
        panel.set(xlabel="step", title=f"weights of spread {spread:g}")
    axes[0, 0].set_ylabel("mean |h - h of Keras 1|")
    axes[0, 0].legend(fontsize=8)
    return show(
        figure,
        alt="The mean distance between the state h under other gates and under those of Keras 1, same weights, against "
        f"the step, drawn from your lstm_step. Mean of the last ten steps: {'; '.join(said)}. If right the curves "
        "are nearly flat from the first steps on, and higher the larger the weights.",
        caption="The same weights under other gates: how far h is from what it was in 2016.",
    )
