"""Figures of notebook 16 about Hopfield networks: recall, capacity, handwritten digits."""

from collections.abc import Sequence

import numpy as np

from course_kit.plots.ask import ask, figure_of
from course_kit.plots.show import OKABE_ITO, Shown, new_figure, show, styles
from course_kit.plots.zoo_patterns import digits, letters, picture, prototypes, spoil

BREAKDOWN = 0.138  # patterns a unit: Amit, Gutfreund, Sompolinsky, Phys. Rev. Lett. 55 (1985), 1530


@figure_of("E16.1")
def recall(hebb, sweep, energy) -> Shown:
    """Three stored letters, ten points of each turned over, and where the student's network takes them."""
    stored, rng = letters("ATX"), np.random.default_rng(161)
    n = stored.shape[1]
    (W,) = ask(hebb, stored, shapes=((n, n),))
    figure, axes = new_figure(3, 4, width=8.4, height=5.2, width_ratios=(1, 1, 1, 2.2))
    wrong = []
    for row, pattern in zip(axes, stored, strict=True):
        s = half = start = spoil(pattern, 10, rng)
        energies = [float(ask(energy, W, s, shapes=((),))[0])]
        order = [*rng.permutation(n), *rng.permutation(n)]
        for visit, unit in enumerate(order, start=1):
            (s,) = ask(sweep, W, s, np.array([unit]), shapes=((n,),))
            energies.append(float(ask(energy, W, s, shapes=((),))[0]))
            half = s if visit <= 32 else half
        wrong.append(int((s != pattern).sum()))
        ended = f"at rest: {wrong[-1]} wrong"
        for one, units, title in zip(row, (start, half, s), ("start: 10 wrong", "32 visits", ended), strict=False):
            picture(one, units, title)
        row[3].step(range(len(energies)), energies, where="post", color=OKABE_ITO[4])
        row[3].set(ylabel="E")
        row[3].grid(alpha=0.3)
    axes[-1][3].set_xlabel("visits")
    return show(
        figure,
        alt="Drawn from your answers, a row for each of the letters A, T and X: the start with ten points turned over, "
        "the state after 32 visits, the state after 128, and the energy over the visits. If right, the "
        "letters come back whole and the energy only falls, in steps, to a level. At the end "
        f"{wrong[0]}, {wrong[1]} and {wrong[2]} points are wrong.",
        caption="Recall from spoilt letters. The energy falls with each unit that changes and is level where none "
        "does. A line that rises, one that falls all at once, or a letter that stays spoilt means a wrong answer.",
    )


LOADS = (0.04, 0.08, 0.1, 0.12, 0.14, 0.16, 0.18, 0.22)


def capacities(n: int):
    """What a Hopfield network of n units recalls of random patterns at `LOADS`: `course_kit.memories.Capacity`."""
    from course_kit.memories import capacity

    return capacity(n, LOADS, trials=max(1, 800 // n), random_state=16)


def capacity_curve(sizes: Sequence[int]) -> Shown:
    """Shares of random patterns recalled, nearly and exactly, against the load, for several n."""
    figure, (left, right) = new_figure(1, 2, width=9.0, sharey=True)
    told = []
    for style, n in zip(styles(), sizes, strict=False):
        curve = capacities(n)
        left.plot(curve.loads, curve.recalled, label=f"n = {n}", marker="o", ms=3, **style)
        right.plot(curve.loads, curve.exact, label=f"n = {n}", marker="o", ms=3, **style)
        shares = ", ".join(f"{share:.2f}" for share in curve.recalled)
        told.append(f"n = {n}: {shares}")
    for axes, title in ((left, "at least 95 % of the units right"), (right, "every unit right")):
        axes.axvline(BREAKDOWN, color=OKABE_ITO[5], ls="--", lw=1.2, label="0.138")
        axes.set(xlabel="load P/n", title=title, xticks=(0.05, 0.1, 0.15, 0.2))
        axes.grid(alpha=0.3)
    left.set_ylabel("share of the patterns")
    left.legend(fontsize=8)
    return show(
        figure,
        alt="Share of stored random patterns at which recall ends, over the load P/n, with a line at 0.138, left "
        "with at most a twentieth of the units wrong, right with none. All curves fall, the larger n the more "
        f"steeply. Left, at the loads {', '.join(map(str, LOADS))}: {'; '.join(told)}.",
        caption="How much fits: recall that starts at each stored pattern itself. Near 0.138 n it breaks down on the "
        "left; on the right, without a single wrong unit, it does so earlier.",
    )


def own_prototype(kinds: int, x: np.ndarray, classes: np.ndarray, stored: np.ndarray) -> dict[str, float]:
    """Share of the digits 0 ... kinds - 1 that end at the prototype of their class, for each rule."""
    from course_kit.memories import Hopfield, ModernHopfield

    shown, due, kept = x[classes < kinds], classes[classes < kinds], stored[:kinds]
    shares = {}
    for name, ended in (
        ("Hebb", Hopfield(random_state=0).fit(kept).recall(shown)),
        ("pseudo-inverse", Hopfield(rule="pseudo_inverse", random_state=0).fit(kept).recall(shown)),
        ("modern (attention)", np.where(ModernHopfield().fit(kept).retrieve(shown) >= 0, 1, -1)),
    ):
        shares[name] = float(np.mean(np.all(ended == kept[due], axis=1)))
    shares["nearest prototype"] = float(np.mean((shown @ kept.T).argmax(axis=1) == due))
    return shares


def digits_recall() -> Shown:
    """Handwritten digits as starts: pictures of where three rules end, and how often that is the right prototype."""
    from course_kit.memories import Hopfield, ModernHopfield

    (x, classes), kinds = digits(), (2, 3, 4, 6, 8, 10)
    stored = prototypes(x, classes)
    start = np.stack([x[classes == k][1] for k in range(5)])
    kept = stored[:5]
    rows = {
        "start": start,
        "Hebb": Hopfield(random_state=0).fit(kept).recall(start),
        "pseudo-\ninverse": Hopfield(rule="pseudo_inverse", random_state=0).fit(kept).recall(start),
        "modern": ModernHopfield().fit(kept).retrieve(start),
    }
    figure, _ = new_figure(width=9.6, height=4.2)
    figure.clear()
    grid = figure.add_gridspec(4, 6, width_ratios=(1, 1, 1, 1, 1, 6))
    for r, (name, states) in enumerate(rows.items()):
        for k, units in enumerate(states):
            axes = figure.add_subplot(grid[r, k])
            picture(axes, units)
            if k == 0:
                axes.set_ylabel(name, fontsize=8, rotation=0, ha="right", va="center")
    axes, told = figure.add_subplot(grid[:, 5]), []
    found = [own_prototype(count, x, classes, stored) for count in kinds]
    for style, name in zip(styles(), found[0], strict=False):
        shares = [one[name] for one in found]
        axes.plot(kinds, shares, label=name, marker="o", ms=3, **style)
        told.append(f"{name} {', '.join(f'{share:.2f}' for share in shares)}")
    axes.set(xlabel="digits stored (0, 1, ...)", ylabel="recall ends at the right prototype", ylim=(-0.03, 1.03))
    axes.legend(fontsize=8)
    axes.grid(alpha=0.3)
    return show(
        figure,
        alt="Left: the handwritten digits 0 to 4 and where each ends, with prototypes of these five stored: by "
        "Hebb's rule in blots, by the pseudo-inverse and by the modern network at digits. Right: share of all "
        f"handwritten digits that end at the prototype of their class, for {', '.join(map(str, kinds))} digits stored: "
        f"{'; '.join(told)}.",
        caption="Digits by scikit-learn's writers as starts. Left, five prototypes stored. Right, how often the end is "
        "the right prototype, with more and more of them.",
    )
