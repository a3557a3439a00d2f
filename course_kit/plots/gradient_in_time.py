"""Figures of notebook 06 on time: gradients of five networks, training logs, and how far back a network sees."""

import numpy as np

from course_kit.plots.ask import NothingToDraw, ask, figure_of
from course_kit.plots.show import OKABE_ITO, Shown, new_figure, show, styles
from course_kit.reference.explosion import first_bad_step

CIRCLE = {"marker": "o", "ms": 9, "mfc": "none", "mec": "black", "ls": "none"}


def measured(gradient_norms, networks, inputs) -> dict[str, dict[str, np.ndarray]] | None:
    """The student's curves (T,), mean over the batch, by network and input; None, and why, where none come.

    Args:
        gradient_norms: function of a Keras layer and x.
        networks: dict from name to layer.
        inputs: dict from name to x (N, T, m).
    """
    together = np.concatenate(list(inputs.values()))  # rows do not act on each other, and one call is faster
    found = {}
    try:
        for name, layer in networks.items():
            (norms,) = ask(gradient_norms, layer, together, shapes=(together.shape[:2],))
            parts = np.split(norms, np.cumsum([len(x) for x in inputs.values()])[:-1])
            found[name] = {title: part.mean(axis=0) for title, part in zip(inputs, parts, strict=True)}
        return found
    except NothingToDraw as nothing:
        print(f"No curves. {nothing}".strip())
        return None


@figure_of("E06.5")
def against_time(curves, names) -> Shown:
    """||dh_T/dx_t|| over t, one panel for each input and one curve for each network.

    Args:
        curves: as `measured` gives them.
        names: dict from the network's key to its label.
    """
    titles = list(next(iter(curves.values())))
    figure, panels = new_figure(1, len(titles), width=9.5, height=3.8, sharey=True)
    said = []
    for axes, title in zip(np.ravel(panels), titles, strict=True):
        for (key, by_input), style in zip(curves.items(), styles(), strict=False):
            mean = by_input[title]
            axes.plot(np.arange(1, len(mean) + 1), np.where(mean > 0, mean, np.nan), label=names[key], **style)
            said.append(f"{title}, {names[key]}: {mean[0] / mean[-1]:.2g}")
        axes.set(title=f"{title} input", xlabel="step t of the input", yscale="log")
    np.ravel(panels)[0].set_ylabel(r"$\|\partial h_T/\partial x_t\|$")
    np.ravel(panels)[-1].legend(fontsize=8, loc="center left", bbox_to_anchor=(1.0, 0.5))
    return show(
        figure,
        alt="Drawn from your answer: norm of the derivative of the last state by the input of step t, over t, "
        f"logarithmic, one panel an input. Ratio of the first step to the last: {'; '.join(said)}.",
        caption="How much the last state owes to each input, before any training. A curve that falls to the left is a "
        "network that does not see its beginning.",
    )


@figure_of("E06.6")
def logs(exploded, training_logs) -> Shown:
    """Training logs with the step that the student's function calls bad.

    Args:
        exploded: function of loss and norm, both (steps,).
        training_logs: dict from title to (loss, norm).
    """
    figure, panels = new_figure(2, 3, width=9.5, height=5.0)
    said, blue, orange = [], OKABE_ITO[4], OKABE_ITO[1]
    for axes, (title, (loss, norm)) in zip(np.ravel(panels), training_logs.items(), strict=False):
        found, due = float(ask(exploded, loss, norm, shapes=((),))[0]), first_bad_step(loss, norm)
        steps = np.arange(len(norm))
        axes.plot(steps, np.where(np.isfinite(norm), norm, np.nan), color=blue, lw=1, label="gradient norm")
        axes.plot(steps, loss, color=orange, ls="--", lw=1.5, label="loss")
        lost = steps[~(np.isfinite(norm) & np.isfinite(loss))]
        top = axes.get_xaxis_transform()
        axes.plot(lost, np.full(len(lost), 0.05), "x", color="black", ms=3, transform=top, label="not finite")
        if found >= 0:
            axes.axvline(found, color=OKABE_ITO[5], ls=":", lw=2, label="your first bad step")
        if due >= 0:
            axes.plot(due, 0.95, transform=top, label="by the rule", **CIRCLE)
        axes.set_yscale("log")
        axes.set_title(f"{title}: {f'step {found:.0f}' if found >= 0 else 'none'}", fontsize=10)
        said.append(f"{title}: your step {found:.0f}, by the rule {due}")
    for axes in panels[1]:
        axes.set_xlabel("step")
    handles = {}
    for axes in np.ravel(panels):
        handles |= dict(zip(*reversed(axes.get_legend_handles_labels()), strict=True))
    figure.legend(handles.values(), handles, loc="outside lower center", ncols=5, fontsize=8)
    return show(
        figure,
        alt="Six panels, each a training log over its steps, logarithmic: gradient norm, loss, a dotted line at the "
        f"step that your function calls bad and a circle where the rule says so. {'; '.join(said)}; "
        "-1 stands for none.",
        caption="Six logs and your verdicts. The dotted line belongs under the circle; where there is no circle there "
        "must be no line.",
    )


@figure_of("E06.7")
def memory(memory_length, share_of_the_last) -> Shown:
    """Influence over distance with the student's memory length, and the share of the last ten steps over rho."""
    figure, (left, right) = new_figure(1, 2, width=9.0, height=3.5)
    distance = np.arange(0, 61)
    for rho, style in zip((0.5, 0.9, 0.98), styles(), strict=False):
        length = float(ask(memory_length, rho, shapes=((),))[0])
        left.plot(distance, rho**distance, label=rf"$\rho$ = {rho:g}: {length:.3g} steps", **style)
        if np.isfinite(length):
            left.plot([length] * 2, [0, np.exp(-1)], lw=1, color=style["color"])
        left.plot(-1 / np.log(rho), np.exp(-1), **CIRCLE)
    left.axhline(np.exp(-1), color="0.7", lw=0.8)
    left.set(xlabel="distance d in steps", ylabel=r"what is left, $\rho^d$", ylim=(0, 1.02))
    left.legend(fontsize=8, title="memory length", title_fontsize=8)
    rhos = np.linspace(0.5, 1.1, 61)
    for (k, K), style in zip(((1, 60), (10, 60), (30, 60)), styles(), strict=False):
        shares = [ask(share_of_the_last, float(rho), k, K, shapes=((),))[0] for rho in rhos]
        right.plot(rhos, shares, label=f"last {k} of {K}", **style)
        right.plot(1.0, k / K, **CIRCLE)
    right.set(xlabel=r"$\rho$", ylabel="share of the sum", ylim=(0, 1.02))
    right.legend(fontsize=8)
    if not left.lines or not right.lines:
        raise NothingToDraw("")
    return show(
        figure,
        alt="Drawn from your answers. Left: rho to the power d over the distance d for rho = 0.5, 0.9 and 0.98; "
        "vertical lines at your memory lengths, which belong under the circles at the height 1/e: 1.44, 9.49 and 49.5 "
        "steps. Right: the share that the last 1, 10 and 30 of 60 steps have in the sum, over rho from 0.5 to 1.1; if "
        "right, falling curves through the circles at rho = 1, where the share is k/60.",
        caption="Left: your memory lengths belong under the circles. Right: at rho = 0.9 the last ten of sixty steps "
        "have two thirds of the sum.",
    )
