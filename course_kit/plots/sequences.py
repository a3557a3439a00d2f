"""Notebook 01: order, padding, dependence, and what a vector forgets."""

from collections.abc import Callable
from functools import partial

import numpy as np

from course_kit.plots.ask import NothingToDraw, ask, figure_of
from course_kit.plots.show import OKABE_ITO, Shown, new_figure, show
from course_kit.reference.elman import elman_forward
from course_kit.reference.padding import pad_and_mask as due_table

BLACK, ORANGE, SKY, GREEN, BLUE, VERMILION = OKABE_ITO[:6]
PAIR = ({"color": BLUE, "linestyle": "-", "marker": "o"}, {"color": VERMILION, "linestyle": "--", "marker": "s"})
# The tens digit says which sequence, the ones digit which step.
SEQS = [[11, 12, 13], [21, 22, 23, 24, 25, 26, 27], [31, 32, 33, 34, 35], [41]]


@figure_of("E01.1")
def two_orders(bag: Callable, pair, read_along: Callable, words: list[str]) -> Shown:
    """The two sentences as bags, and as the notebook's net reads them."""
    if len(pair) != 2 or not all(0 < len(s) < 30 for s in pair):
        raise NothingToDraw("pair must hold two sentences.")
    bags = [ask(bag, list(s), len(words), shapes=((len(words),),))[0] for s in pair]
    scores = [np.asarray(read_along(list(s)), dtype=float) for s in pair]
    figure, (left, right) = new_figure(1, 2, width=8.6, height=3.4, width_ratios=(2, 3))
    rows = np.arange(len(words))
    for k, style in enumerate(PAIR):
        left.barh(
            rows + 0.2 - 0.4 * k,
            bags[k],
            height=0.36,
            color=style["color"],
            hatch="" if k == 0 else "//",
            edgecolor="white",
        )
        right.plot(np.arange(1, len(scores[k]) + 1), scores[k], label=" ".join(words[i] for i in pair[k]), **style)
    left.set(
        yticks=rows,
        yticklabels=words,
        xticks=range(int(max(map(np.max, bags))) + 1),
        xlabel="times in the sentence",
        title="the bags",
    )
    left.invert_yaxis()
    right.set(xlabel="words read", ylabel="score", title="the net, word by word")
    figure.legend(*right.get_legend_handles_labels(), loc="outside lower center", fontsize=9)
    same = "equal" if np.array_equal(*bags) else "different"
    apart = abs(scores[0][-1] - scores[1][-1])
    return show(
        figure,
        f"Left, how often each word occurs in the two sentences, a pair of bars a word: the bags are {same}. Right, "
        f"the score of the net after each word of both: at the end they differ by {apart:.3f}.",
        f"The bags are {same}. The scores of the net are {apart:.3f} apart after the last word.",
    )


@figure_of("E01.2")
def tables(pad_and_mask: Callable, maxlen: int = 5) -> Shown:
    """Four sequences padded and cut in the four ways; hatched where the mask says that nothing is."""
    figure, axes = new_figure(2, 2, width=8.4, height=4.6)
    wrong = 0
    for row, padding in enumerate(("pre", "post")):
        for column, truncating in enumerate(("pre", "post")):
            seqs, shape = [list(s) for s in SEQS], (len(SEQS), maxlen)
            table, mask = ask(partial(pad_and_mask, seqs), maxlen, padding, truncating, shapes=(shape, shape))
            due = due_table(SEQS, maxlen, padding, truncating)
            ax = axes[row, column]
            ax.imshow(mask != 0, cmap="Blues", vmin=0, vmax=3, aspect="auto")
            for (k, t), value in np.ndenumerate(table):
                ax.text(t, k, f"{value:.0f}", ha="center", va="center", color=BLACK if mask[k, t] else "#777777")
                if not mask[k, t]:
                    ax.fill([t - 0.5, t + 0.5, t + 0.5, t - 0.5], [k - 0.5, k - 0.5, k + 0.5, k + 0.5], fill=False,
                            hatch="///", edgecolor="#CCCCCC", linewidth=0)  # fmt: skip
                if value != due[0][k, t] or (mask[k, t] != 0) != due[1][k, t]:
                    ax.plot([t - 0.4, t + 0.4], [k + 0.4, k - 0.4], color=VERMILION, linewidth=2)
                    wrong += 1
            ax.set(title=f'padding="{padding}", truncating="{truncating}"', yticks=range(4), xticks=range(maxlen))
            ax.set_yticklabels([f"length {len(s)}" for s in SEQS])
    return show(
        figure,
        "Four tables of the same four sequences, of lengths 3, 7, 5 and 1, one for each way to pad and to cut, with "
        f"maxlen {maxlen}. Places that the mask calls empty are hatched. {wrong} entries are wrong and crossed out.",
        f"maxlen = {maxlen}. Shaded: real, says the mask. Hatched: put in. In 27 the 2 is the sequence and the 7 the "
        f"step. Crossed out: {wrong} wrong entries.",
    )


@figure_of("E01.3")
def dependence(mutual_information: Callable, text: str, shuffled: str) -> Shown:
    """Mutual information against the gap, and against the length of the text."""
    gaps = (1, 2, 3, 4, 5, 6, 8, 10, 13, 16, 20, 25, 30)
    lengths = tuple(n for n in (300, 1000, 3000, 10_000, 30_000, 100_000) if n <= len(text))
    figure, (left, right) = new_figure(1, 2, width=8.6, height=3.4, sharey=True)
    styles = ({"color": BLUE, "marker": "o"}, {"color": VERMILION, "marker": "s", "linestyle": "--"})
    ends = []
    for name, t, style in zip(("real text", "shuffled"), (text, shuffled), styles, strict=True):
        by_gap = [float(ask(mutual_information, t, g, shapes=((),))[0]) for g in gaps]
        by_length = [float(ask(mutual_information, t[:n], 1, shapes=((),))[0]) for n in lengths]
        left.plot(gaps, by_gap, label=name, **style)
        right.plot(lengths, by_length, label=name, **style)
        ends.append((by_gap[0], by_gap[-1], by_length[0], by_length[-1]))
    left.set(xlabel="gap between the two characters", ylabel="mutual information, nats", yscale="log")
    right.set(xlabel="characters in the text (gap 1)", xscale="log")
    left.legend()
    right.legend(loc="lower left")
    (near, far, _, _), (s_near, _, short, long) = ends
    return show(
        figure,
        f"Left, mutual information against the gap, on a logarithmic scale: for real text it falls from {near:.2f} "
        f"nats at gap 1 to {far:.3f} at gap 30, for shuffled text it stays near {s_near:.3f}. Right, against the "
        f"length of the text: for shuffled text it falls from {short:.2f} to {long:.3f}, for real text it settles.",
        f"Left: what a character tells of a later one, from {near:.2f} nats to {far:.3f}. Right: the shuffled text, "
        "where there is nothing to tell, seems to tell something as long as it is short.",
    )


@figure_of("E01.6")
def same_vector(features: Callable, collision: Callable, sequences: list, labels: list) -> Shown:
    """The two sequences that collide, their features, and a recurrent net that keeps them apart."""
    (rows,) = ask(features, [s.copy() for s in sequences], shapes=((len(sequences), 3),))
    (found,) = ask(collision, [s.copy() for s in sequences], list(labels), shapes=((2,),))
    if not all(0 <= k < len(sequences) for k in found):
        raise NothingToDraw(f"{tuple(found)} are no two of the {len(sequences)} sequences.")
    figure, (left, middle, right) = new_figure(1, 3, width=9.6, height=3.3)
    weights = (
        np.array([[1.0, 0.6]]),
        np.array([[0.7, 0.5], [-0.5, 0.7]]),
        np.zeros(2),
        np.array([[1.0], [1.0]]),
        np.zeros(1),
    )
    ends, named = [], [f"{int(k)}: {labels[int(k)]}" for k in found]
    for k, name, style in zip(found.astype(int), named, PAIR, strict=True):
        s = sequences[k]
        y = elman_forward(s[None], np.zeros((1, 2)), *weights)[0][0, :, 0]
        left.plot(np.arange(1, len(s) + 1), s[:, 0], label=name, **style)
        right.plot(np.arange(1, len(y) + 1), y, label=name, **style)
        ends.append(y[-1])
    place = np.arange(3)
    for k, name, style in zip(found.astype(int), named, PAIR, strict=True):
        shift, hatch = (-0.2, "") if name == named[0] else (0.2, "//")
        bars = middle.bar(place + shift, rows[k], 0.38, color=style["color"], hatch=hatch, edgecolor="white")
        middle.bar_label(bars, fmt="%.2g", fontsize=8)
    left.set(title="two sequences", xlabel="step")
    middle.set(title="their features", xticks=place, xticklabels=("mean", "last", "count"))
    right.set(title="a recurrent net reads them", xlabel="step")
    figure.legend(*left.get_legend_handles_labels(), loc="outside lower center", ncols=2, fontsize=9)
    gap = float(np.abs(rows[int(found[0])] - rows[int(found[1])]).max())
    return show(
        figure,
        f"Three panels on the sequences {named[0]} and {named[1]}. Left, their values by step. Middle, mean, last "
        f"and count of both; the largest difference is {gap:.2g}. Right, the output of a recurrent net after each "
        f"step; the last outputs are {ends[0]:.2f} and {ends[1]:.2f}.",
        f"Largest difference of the features: {gap:.2g}. Last outputs of the net: {ends[0]:.2f} and {ends[1]:.2f}.",
    )
