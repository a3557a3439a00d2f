"""Figures of notebook 22 about jets themselves: how they lie before and after, and in which order they are read."""

import numpy as np

from course_kit.datasets import jets
from course_kit.plots.ask import ask, figure_of
from course_kit.plots.show import OKABE_ITO, Shown, new_figure, show
from course_kit.reference import jet_preprocessing as twin

PICTURED = 300  # jets of each kind in a mean picture
EDGES = np.linspace(-1.0, 1.0, 41)


@figure_of("E22.9")
def upright(prepared_jet, kept: jets.Jets | None = None) -> Shown:
    """One top's constituents and the mean of many tops and of many others, before and after the student's function."""
    tops, others = some_of_each(kept)
    pictures, after = [], []
    for found in (tops, others):
        done = [by_student(prepared_jet, jet) for jet in found]
        after.append(done)
        pictures.append((image(found), image(done)))
    figure, axes = new_figure(2, 3, width=9.0, height=6.0, sharex=True, sharey=True)
    for row, (jet, label) in enumerate(((tops[0], "before"), (after[0][0], "after"))):
        axes[row, 0].scatter(
            jet[:, 1], jet[:, 2], s=400 * jet[:, 0] / jet[:, 0].max(), color=OKABE_ITO[4], alpha=0.6, ec="black", lw=0.4
        )
        axes[row, 0].set(title=f"one top, {label}", ylabel="phi")
        for column, kind in enumerate(("top", "other")):
            panel = axes[row, 1 + column]
            panel.imshow(
                np.log10(pictures[column][row].T + 1e-5),
                extent=(-1, 1, -1, 1),
                origin="lower",
                cmap="cividis",
                vmin=-5,
                vmax=-1,
            )
            panel.set_title(f"mean of {len(tops)} {kind}s, {label}")
    for panel in axes.flat:
        panel.axhline(0, lw=0.5, color="grey")
        panel.axvline(0, lw=0.5, color="grey")
        panel.set(xlim=(-1, 1), ylim=(-1, 1), aspect="equal")
    for panel in axes[1]:
        panel.set_xlabel("eta")
    below, right = ([share_where(image(done), *side) for done in after] for side in ((1, False), (0, True)))
    return show(
        figure,
        alt="Above, a jet before your function: its constituents as dots, larger with pT, around its axis, and the "
        "mean pictures of many tops and others, both of them round. Below, after it. If right, the largest dot is near "
        "the origin, the mean pictures have a streak straight below the origin. Of the pT that is not "
        f"near the origin, {below[0]:.2f} (tops) and {below[1]:.2f} (others) lie below, and {right[0]:.2f} and "
        f"{right[1]:.2f} on the right.",
        caption="Jets before (above) and after your function (below); colours are the logarithm of the share of pT. "
        "The second group is straight below the first, at a distance that differs from jet to jet. What is elsewhere "
        "lies more on the right than on the left in tops, and hardly so in others.",
    )


def some_of_each(kept: jets.Jets | None) -> tuple[list[np.ndarray], list[np.ndarray]]:
    """Jets of both kinds with two groups at least, without their empty rows, float64."""
    kept = jets.load() if kept is None else kept
    found = []
    for kind in (jets.TOP, jets.QCD):
        rows = kept.constituents[kept.label == kind][:PICTURED].astype(float)
        found.append([jet[jet[:, 0] > 0] for jet in rows])
    return tuple([jet for jet in part if len(twin.groups(jet)) > 1] for part in found)


def by_student(prepared_jet, jet: np.ndarray) -> np.ndarray:
    first, second = twin.groups(jet)[:2, 1:]
    return ask(prepared_jet, jet.copy(), first, second, shapes=(jet.shape,))[0]


def image(found: list[np.ndarray]) -> np.ndarray:
    """Mean share of pT in each cell, (40, 40), eta first."""
    total = sum(
        np.histogram2d(jet[:, 1], jet[:, 2], (EDGES, EDGES), weights=jet[:, 0] / jet[:, 0].sum())[0] for jet in found
    )
    return total / len(found)


def share_where(picture: np.ndarray, axis: int, positive: bool, core: float = 0.15) -> float:
    """Of what is farther than ``core`` from the origin, the share on one side of an axis."""
    middle = (EDGES[1:] + EDGES[:-1]) / 2
    places = np.stack(np.meshgrid(middle, middle, indexing="ij"))
    far = np.hypot(*places) > core
    side = places[axis] > 0 if positive else places[axis] < 0
    return float(picture[far & side].sum() / picture[far].sum())


def three_parts(seed: int = 5) -> tuple[np.ndarray, list[tuple[int, int]], np.ndarray]:
    """A made-up jet of three sprays, (15, 3), its merges by anti-kt, and the pT of all nodes."""
    rng = np.random.default_rng(seed)
    centres = np.array([[0.0, 0.0], [0.15, -0.6], [0.55, 0.15]])
    places = np.repeat(centres, 5, axis=0) + rng.normal(0, 0.07, (15, 2))
    particles = np.column_stack([rng.exponential(25, 15) + 2, places])
    rows, nodes, merges, pt = list(particles), list(range(15)), [], list(particles[:, 0])
    while len(nodes) > 1:
        i, j = twin.next_merge(np.array([rows[node] for node in nodes]), R=3.0)
        one, other = nodes[i], nodes[j]
        total = pt[one] + pt[other]
        rows.append(np.array([total, *((pt[one] * rows[one][1:] + pt[other] * rows[other][1:]) / total)]))
        merges.append((one, other))
        pt.append(total)
        nodes = [node for node in nodes if node not in (one, other)] + [len(pt) - 1]
    return particles, merges, np.array(pt)


@figure_of("E22.10")
def walks(depth_first) -> Shown:
    """A jet of three sprays, read hardest first and in the order of the student's walk."""
    particles, merges, pt = three_parts()
    order = ask(lambda: depth_first(merges, pt), shapes=((len(particles),),))[0].astype(int)
    if sorted(order) != list(range(len(particles))):
        raise ValueError("each of the constituents belongs in the list once")
    figure, axes = new_figure(1, 2, width=9.0, height=3.8, sharey=True)
    lengths = []
    for panel, name, places in zip(axes, ("by pT", "your walk"), (np.argsort(-particles[:, 0]), order), strict=True):
        x, y = particles[places, 1], particles[places, 2]
        lengths.append(float(np.hypot(np.diff(x), np.diff(y)).sum()))
        panel.plot(x, y, color=OKABE_ITO[5], lw=1.0)
        panel.scatter(x, y, s=6 * particles[places, 0], color=OKABE_ITO[2], ec="black", lw=0.5, zorder=2)
        for number, at in enumerate(zip(x, y, strict=True), start=1):
            panel.annotate(str(number), at, xytext=(4, 4), textcoords="offset points", fontsize=8)
        panel.set(title=f"{name}: way of {lengths[-1]:.1f}", xlabel="eta")
    axes[0].set_ylabel("phi")
    return show(
        figure,
        alt="Fifteen constituents in three sprays, joined by a line in the order in which they are read. Left, "
        f"hardest first: the line jumps between the sprays, its length is {lengths[0]:.1f}. Right, your walk: "
        f"{lengths[1]:.1f}. If right, it is much shorter and leaves a spray only when all of it is met.",
        caption="The same constituents, read in two orders. By pT the line jumps from spray to spray; the walk through "
        "the clustering finishes one before it goes to the next.",
    )
