"""Figures of notebook 22 about recursive networks, tensor networks and Tree-LSTMs."""

import numpy as np

from course_kit.plots.ask import ask, figure_of
from course_kit.plots.show import OKABE_ITO, Shown, new_figure, show, styles
from course_kit.reference.elman import elman_forward

CHAIN, BALANCED = [(0, 1), (4, 2), (5, 3)], [(0, 1), (2, 3), (4, 5)]
GRID = np.linspace(-1.0, 1.0, 61)


@figure_of("E22.1")
def chain_and_tree(recursive_root) -> Shown:
    """The root over a chain beside the Elman network's last state, and over another tree of the same words."""
    rng, d = np.random.default_rng(221), 6
    x, W, b = rng.normal(size=(4, d)), rng.normal(scale=0.6, size=(2 * d, d)), rng.normal(scale=0.3, size=d)
    _, h = elman_forward(x[np.newaxis, 1:], x[:1], W[d:], W[:d], b, np.eye(d), np.zeros(d))
    (mine,), (other,) = (ask(recursive_root, x, pairs, W, b, shapes=((d,),)) for pairs in (CHAIN, BALANCED))
    figure, axes = new_figure(width=7.4, height=3.2)
    places = np.arange(d)
    for shift, values, name, colour, hatch in (
        (-0.27, h[0, -1], "Elman network, last state", OKABE_ITO[7], ""),
        (0.0, mine, "your root, chain", OKABE_ITO[4], "//"),
        (0.27, other, "your root, balanced tree", OKABE_ITO[1], ".."),
    ):
        axes.bar(places + shift, values, 0.25, label=name, color=colour, hatch=hatch, edgecolor="black")
    axes.axhline(0, color="black", lw=0.8)
    axes.set(xlabel="number of the state", ylabel="value", ylim=(-1.5, 1.1), xticks=places)
    axes.legend(fontsize=8, ncols=3, loc="lower center")
    gap, apart = float(np.abs(mine - h[0, -1]).max()), float(np.abs(mine - other).max())
    return show(
        figure,
        alt="Bars for the six numbers of a state, three for each: an Elman network's last state, your root over a "
        "chain, "
        f"your root over a balanced tree. The first two differ by at most {gap:.2g}, the last two by up to "
        f"{apart:.2g}.",
        caption="A chain is an Elman network: the first two bars of each group have one height if your answer is "
        "right. The "
        "third is the same words and weights under another tree.",
    )


def surfaces(node, strengths) -> Shown:
    """What one tensor node makes of its two children, d = 1, for products of several strengths."""
    return _surfaces(node, tuple(strengths))


@figure_of("E22.2")
def _surfaces(node, strengths) -> Shown:
    figure, axes = new_figure(1, len(strengths), width=3.0 * len(strengths) + 1, height=3.2, squeeze=False, sharey=True)
    W, b, told = np.array([[1.0], [1.0]]), np.zeros(1), []
    for one, v in zip(axes[0], strengths, strict=True):
        V = np.zeros((2, 2, 1))
        V[0, 1, 0] = v
        values = np.array([[float(ask(node, np.array([c]), np.array([e]), V, W, b, shapes=((1,),))[0][0])
                            for c in GRID[::3]] for e in GRID[::3]])  # fmt: skip
        image = one.contourf(GRID[::3], GRID[::3], values, levels=np.linspace(-1, 1, 11), cmap="PuOr")
        one.contour(GRID[::3], GRID[::3], values, levels=[0.0], colors="black", linewidths=1.5)
        one.set(title=f"v = {v:g}", xlabel="c1", aspect="equal")
        corners = ", ".join(f"{values[k, j]:.2f}" for k, j in ((0, 0), (0, -1), (-1, 0), (-1, -1)))
        told.append(f"v = {v:g}: {corners}")
    axes[0][0].set_ylabel("c2")
    figure.colorbar(image, ax=axes[0], label="p")
    return show(
        figure,
        alt="p of one node over the square of its children c1 and c2, from -1 to 1, for several strengths v of the "
        "product "
        "c1 c2, from your function. Values in the corners (-1, -1), (1, -1), (-1, 1), (1, 1): " + "; ".join(told) + ".",
        caption="Where is p positive? Without the product the border, the black line, is straight. The product bends "
        "it, and "
        "when it is strong, opposite corners belong together.",
    )


@figure_of("E22.3")
def costs_and_paths(costs, path_lengths) -> Shown:
    """Parameters over the width, and the longest way of a gradient over the number of words, from the student's "
    "answers."""
    figure, (left, right) = new_figure(1, 2, width=9.0, height=3.4)
    widths, sizes, told = (4, 8, 16, 32, 64), (2, 4, 8, 16, 32, 64), []
    for style, network in zip(styles(), ("recurrent", "recursive", "tensor"), strict=False):
        adds = [float(ask(costs, network, d, 16, shapes=((), ()))[1]) for d in widths]
        left.loglog(widths, adds, label=network, marker="o", ms=4, **style)
        told.append(f"{network}: {', '.join(f'{a:.3g}' for a in adds)}")
    ways = {
        "recurrent": list(sizes),
        "tree: a chain": [_longest(path_lengths, _chain(T), T) for T in sizes],
        "tree: balanced": [_longest(path_lengths, _balanced(T), T) for T in sizes],
    }
    for style, (name, lengths) in zip(styles(), ways.items(), strict=False):
        right.plot(sizes, lengths, label=name, marker="o", ms=4, **style)
        told.append(f"{name}: {', '.join(f'{length:g}' for length in lengths)}")
    left.set(xlabel="width d", ylabel="multiply-adds, 16 words")
    left.minorticks_off()
    left.set_xticks(widths, widths)
    right.set(xlabel="words T", ylabel="layers to the farthest word")
    for axes in (left, right):
        axes.legend(fontsize=8)
        axes.grid(alpha=0.3)
    return show(
        figure,
        alt="Left: multiply-adds for 16 words over the width d (4, 8, 16, 32, 64), both axes logarithmic; right: how "
        "many "
        f"layers lie between the root and the farthest word, over the number of words {sizes}. {'; '.join(told)}.",
        caption="What your answers say. Left, the tensor's line is steeper: it grows with the cube of the width. "
        "Right, a "
        "balanced tree's ways grow with the logarithm; a chain's as fast as the recurrent network's.",
    )


def _longest(path_lengths, pairs, T) -> float:
    (lengths,) = ask(path_lengths, pairs, T, shapes=((T,),))
    return float(lengths.max())


def _chain(T):
    return [(T + j - 1 if j else 0, j + 1) for j in range(T - 1)]


def _balanced(T):
    return [(2 * j, 2 * j + 1) for j in range(T - 1)]  # for powers of two


@figure_of("E22.7")
def remembered_children(tree_lstm_node) -> Shown:
    """Three children of which one says "forget me": what is left of each child's c."""
    n, told, rows = 3, [], []
    W, U, b = np.zeros((2, 4 * n)), np.zeros((n, 4 * n)), np.full(4 * n, -20.0)
    U[:, n : 2 * n] = -40.0  # the forget gates: a child with h = -1 in one unit keeps, one with 0 is shut
    for marked in range(3):
        h = np.full((3, n), 0.0)
        h[[k for k in range(3) if k != marked], 0] = -1.0
        _, c = ask(tree_lstm_node, np.zeros(2), h, np.eye(3), W, U, b, shapes=((n,), (n,)))
        rows.append(c)
        told.append(f"child {marked + 1}: {', '.join(f'{value:.2f}' for value in c)}")
    figure, axes = new_figure(width=4.6, height=3.2)
    image = axes.imshow(np.array(rows), vmin=0, vmax=1, cmap="Blues")
    for row, values in enumerate(rows):
        for column, value in enumerate(values):
            axes.text(column, row, f"{value:.2f}", ha="center", color="black" if value < 0.6 else "white")
    axes.set(xticks=range(3), yticks=range(3), xlabel="what is left of child", ylabel="its gate shut: child")
    axes.set_xticklabels((1, 2, 3))
    axes.set_yticklabels((1, 2, 3))
    figure.colorbar(image, ax=axes)
    return show(
        figure,
        alt="A square of nine numbers: in row k the k-th of three children asks to be forgotten; the columns say how "
        "much "
        f"of each child's cell state is left. {'; '.join(told)}.",
        caption="Each child has a gate of its own: right is a square of ones with zeros on the diagonal. With one "
        "gate for all "
        "three, each row has one number three times.",
    )


@figure_of("E22.8")
def gates_in_the_plane(and_weights, xor_weights) -> Shown:
    """The planes of the two operators, from the student's weights, with the four points."""
    (W, b), (V, W2, b2) = and_weights, xor_weights
    figure, axes = new_figure(1, 2, width=7.4, height=3.4)
    x = np.stack(np.meshgrid(GRID, GRID), axis=-1)  # (61, 61, 2): c1 along, c2 up
    squares = np.einsum("...i,ijk,...j->...k", x, np.asarray(V, float), x)
    planes = {
        "and, without a product": np.tanh(x @ np.asarray(W, float) + b)[..., 0],
        "xor, with a product": np.tanh(squares + x @ np.asarray(W2, float) + b2)[..., 0],
    }
    told = []
    for one, (name, values) in zip(axes, planes.items(), strict=True):
        one.contourf(GRID, GRID, values, levels=np.linspace(-1, 1, 11), cmap="PuOr")
        if values.min() < 0 < values.max():
            one.contour(GRID, GRID, values, levels=[0.0], colors="black", linewidths=1.5)
        for c1, c2, value in (
            (-1, -1, values[0, 0]),
            (1, -1, values[0, -1]),
            (-1, 1, values[-1, 0]),
            (1, 1, values[-1, -1]),
        ):
            sign = "T" if value > 0 else "F"
            one.text(0.88 * c1, 0.88 * c2, sign, ha="center", va="center", fontsize=12,
                     bbox={"boxstyle": "circle", "facecolor": "white"})  # fmt: skip
            told.append(f"{name.split(',')[0]} of ({c1}, {c2}) {value:.2f}")
        one.set(title=name, xlabel="a", ylabel="b", aspect="equal")
    return show(
        figure,
        alt=f"Two planes of a and b from -1 to 1 with the sign of p, from your weights. {', '.join(told)}.",
        caption="The black line parts true (T) from false (F). Right is one T in the corner (1, 1) on the left, and "
        "two Ts in "
        "opposite corners on the right, where no straight line can part them.",
    )
