"""Figures of notebook 20 about dialogue: how varied replies are, and what is remembered."""

import numpy as np

from course_kit.plots.ask import ask, figure_of
from course_kit.plots.show import Shown, new_figure, show, styles

WEIGHTS = (0.0, 0.25, 0.5, 0.75, 1.0, 1.5, 2.0, 3.0)


@figure_of("E20.6")
def diversity(distinct, rerank, remarks, proposed) -> Shown:
    """Distinct-1, distinct-2 and replies that fit, against the weight of the reranking.

    proposed: for each remark a list of (reply, ln P(reply | remark), ln P(reply)).
    """
    from course_kit.datasets.dialogue import known_answers

    shares = {"distinct-1": [], "distinct-2": []}
    fits = []
    for weight in WEIGHTS:
        chosen = []
        for answers in proposed:
            log_p, anyway = (np.array([a[k] for a in answers]) for k in (1, 2))
            (order,) = ask(rerank, log_p, anyway, weight, shapes=((len(answers),),))
            chosen.append(answers[int(order[0])][0])
        for n, name in ((1, "distinct-1"), (2, "distinct-2")):
            different, everything = distinct([reply.split() for reply in chosen], n)
            shares[name].append(float(different) / max(float(everything), 1.0))
        fits.append(float(np.mean([reply in known_answers(said) for said, reply in zip(remarks, chosen, strict=True)])))
    figure, axes = new_figure(1, 2, width=8.4, height=2.9, sharex=True)
    for style, (name, values) in zip(styles(), shares.items(), strict=False):
        axes[0].plot(WEIGHTS, values, marker="o", label=name, **style)
    axes[0].set(xlabel="weight lambda", ylabel="different / all", ylim=(0, 1.05))
    axes[0].legend(fontsize=8)
    axes[1].plot(WEIGHTS, fits, marker="s", color="black")
    axes[1].set(xlabel="weight lambda", ylabel="replies that fit", ylim=(-0.03, 1.05))
    for one in axes:
        one.grid(alpha=0.3)
    told = "; ".join(
        f"lambda {w}: distinct-1 {a:.2f}, distinct-2 {b:.2f}, fitting {c:.2f}"
        for w, a, b, c in zip(WEIGHTS, *shares.values(), fits, strict=True)
    )
    return show(
        figure,
        alt=f"Left distinct-1 and distinct-2 of the replies to {len(remarks)} remarks, by your functions, right the "
        f"share of replies that fit the remark, against the weight. {told}. If right, all rise at first.",
        caption="Reranking by your function: how varied the replies are (left), and how many of them are among those "
        "that the rules of the data allow (right; the dull one does not count).",
    )


@figure_of("E20.7")
def remembered(turn_states) -> Shown:
    """How far the state after one and the same question lies from the first time, with and without carried state."""
    rng = np.random.default_rng(207)
    m, n = 4, 6
    question, *others = (rng.normal(size=(1, T, m)) for T in (3, 4, 2))
    turns = [question, others[0], question, others[1], question]
    W, U, b = rng.normal(size=(m, 4 * n)), 0.7 * rng.normal(size=(n, 4 * n)), rng.normal(size=4 * n)
    figure, axes = new_figure(width=6.4, height=2.6)
    told = []
    for k, (style, carry) in enumerate(zip(styles(), (True, False), strict=False)):
        (h,) = ask(turn_states, [t.copy() for t in turns], carry, W, U, b, shapes=((5, 1, n),))
        apart = [float(np.linalg.norm(h[t] - h[0])) for t in (0, 2, 4)]
        name = "state carried" if carry else "state reset"
        axes.bar(
            np.arange(3) + 0.36 * k - 0.18,
            apart,
            0.34,
            label=name,
            color=style["color"],
            hatch="/" * (3 * k),
            edgecolor="grey",
        )
        told.append(f"{name}: " + ", ".join(f"{a:.2f}" for a in apart))
    axes.set(ylabel="distance to the first time", xticks=range(3))
    axes.set_xticklabels(["turn 1", "turn 3", "turn 5"])
    axes.legend(fontsize=8)
    return show(
        figure,
        alt="Distance of the state after one question to that after its first time, in turns 1, 3 and 5. "
        f"{'; '.join(told)}. If right, the bars are above 0 in turns 3 and 5 with carried state, and 0 everywhere "
        "without.",
        caption="The same question three times, other talk in between. By your function, the state after it moves "
        "only if the state is carried.",
    )


def memory(found: dict[str, dict[int, float]]) -> Shown:
    """Share of facts given back right against the turns since they were told."""
    figure, axes = new_figure(width=6.4, height=2.8)
    for style, (name, shares) in zip(styles(), found.items(), strict=False):
        axes.plot(list(shares), [100 * v for v in shares.values()], marker="o", label=f"state {name}", **style)
    axes.axvline(3, color="grey", linewidth=0.8)
    axes.text(3.05, 82, "longest distance\nin its lessons", fontsize=7)
    axes.set(xlabel="turns between telling and asking", ylabel="right answers, %", ylim=(-3, 104))
    axes.legend(fontsize=8)
    axes.grid(alpha=0.3)
    told = "; ".join(
        f"{name}: {', '.join(f'{100 * v:.0f}' for v in shares.values())}" for name, shares in found.items()
    )
    return show(
        figure,
        alt=f"Right answers in per cent when a fact is asked for 1 to 6 turns after it was told. {told}.",
        caption="What the trained responder gives back, by the number of turns since it was told.",
    )
