"""Trees, associative memories, the echo state network, the history compressor."""

import numpy as np

from course_kit.datasets.dynamics import mackey_glass
from course_kit.layers import ChildSumTreeLSTM, EchoState, RecursiveNetwork, RecursiveTensorNetwork, encode_trees
from course_kit.memories import BAM, HistoryCompressor, Hopfield, MarkovPredictor
from docs.gallery_figures.base import DIVERGING, array, figure_of, image, legend, line, panels

WORDS = ("the", "old", "man", "saw", "the", "dog")
TREE = ((1, (2, 3)), (4, (5, 6)))


def drawn_tree(axes, tree, values, names):
    """A tree with a value in the colour of each node; nodes come in post-order."""
    places, order = [], []

    def walk(node):
        if isinstance(node, tuple):
            children = [walk(child) for child in node]
            x = np.mean([places[k][0] for k in children])
            y = max(places[k][1] for k in children) + 1
            for k in children:
                order.append((len(places), k))
            places.append((x, y))
        else:
            places.append((sum(1 for _, y in places if y == 0), 0))
        return len(places) - 1

    walk(tree)
    for parent, child in order:
        axes.plot(*zip(places[parent], places[child], strict=True), color="0.6", zorder=0)
    xs, ys = zip(*places, strict=True)
    drawn = axes.scatter(xs, ys, c=values, s=260, cmap=DIVERGING, vmin=-1, vmax=1, edgecolors="0.3")
    leaves = [k for k, (_, y) in enumerate(places) if y == 0]
    for k, name in zip(leaves, names, strict=True):
        axes.text(places[k][0], -0.55, name, ha="center", fontsize=9)
    axes.set(ylim=(-0.9, max(ys) + 0.5), xlim=(-0.6, len(leaves) - 0.4))
    axes.axis("off")
    return drawn, places, order


@figure_of("Recursive network")
def recursive():
    """Three numbers of every node of one tree."""
    rng = np.random.default_rng(0)
    words = np.vstack([np.zeros(3), rng.uniform(-0.9, 0.9, (6, 3))]).astype("float32")
    trees = encode_trees([TREE])
    layer = RecursiveNetwork(3, return_nodes=True)
    layer.build((None, None, 3))
    layer.set_weights([rng.normal(size=(6, 3)), np.zeros(3)])
    nodes = array(layer(words[trees.tokens], trees.children, trees.levels))[0]
    figure, axes = panels(1, 3, height=2.8)
    for k in range(3):
        drawn, *_ = drawn_tree(axes[k], TREE, nodes[:, k], WORDS)
        axes[k].set_title(f"number {k + 1} of each node", fontsize=9)
    figure.colorbar(drawn, ax=axes, pad=0.01)
    return figure


@figure_of("Recursive tensor network")
def tensor():
    """A parent of two numbers: a sum that is squashed, and one in which they multiply each other."""
    side = np.linspace(-1, 1, 41)
    first, second = (g.ravel() for g in np.meshgrid(side, side))
    leaves = np.stack([first, second], axis=1)[..., None].astype("float32")  # trees of two leaves
    slots = np.concatenate([leaves, np.zeros((len(leaves), 1, 1), "float32")], axis=1)
    children = np.tile(np.array([[[-1, -1], [-1, -1], [0, 1]]], dtype="int32"), (len(leaves), 1, 1))
    plain, product = RecursiveNetwork(1), RecursiveTensorNetwork(1)
    for layer in (plain, product):
        layer.build((None, None, 1))
    plain.set_weights([np.array([[1.5], [1.5]]), np.zeros(1)])
    V = np.zeros((2, 2, 1))
    V[0, 1, 0] = 3.0
    product.set_weights([np.zeros((2, 1)), np.zeros(1), V])
    figure, axes = panels(1, 2, height=3.0, width=6.4)
    for one, layer, title in ((axes[0], plain, "recursive network"), (axes[1], product, "tensor network")):
        p = array(layer(slots, children)).reshape(41, 41)
        drawn = one.imshow(p, origin="lower", extent=(-1, 1, -1, 1), cmap=DIVERGING, vmin=-1, vmax=1)
        one.set(xlabel="left child", ylabel="right child", title=title)
    figure.colorbar(drawn, ax=axes, label="parent")
    return figure


@figure_of("Tree-LSTM, child-sum and N-ary")
def tree_lstm():
    """Each child has a forget gate of its own."""
    rng = np.random.default_rng(4)
    words = np.vstack([np.zeros(2), rng.normal(size=(6, 2))]).astype("float32")
    trees = encode_trees([TREE])
    layer = ChildSumTreeLSTM(1, return_nodes=True)
    layer.build((None, None, 2))
    W, U, b = (1.5 * rng.normal(size=w.shape) for w in layer.get_weights())
    U[0, 1], b[:] = 6.0, (1, 0, 0, 2)  # the sign of a child's h decides how much of it is kept
    layer.set_weights([W, U, b])
    h = array(layer(words[trees.tokens], trees.children, trees.levels, inputs_mask=trees.mask))[0]
    figure, axes = panels(height=3.2)
    drawn, places, order = drawn_tree(axes, TREE, h[:, 0], WORDS)
    for parent, child in order:
        # columns i, f, u, o; a node above the words has no word of its own
        f = 1 / (1 + np.exp(-(h[child, 0] * U[0, 1] + b[1])))
        (x, y), (a, c) = places[parent], places[child]
        axes.plot((x, a), (y, c), color="#0072B2", lw=0.5 + 7 * f, alpha=0.45, zorder=0, solid_capstyle="butt")
        axes.text((x + a) / 2 + 0.06, (y + c) / 2, f"{f:.2f}", fontsize=8)
    figure.colorbar(drawn, ax=axes, pad=0.01, label="h")
    return figure


LETTERS = {
    "Т": "11111 00100 00100 00100 00100 00100",
    "Х": "10001 01010 00100 00100 01010 10001",
    "О": "01110 10001 10001 10001 10001 01110",
}


@figure_of("Hopfield network")
def hopfield():
    """A letter comes back out of noise while the energy falls."""
    patterns = np.array([[1 if k == "1" else -1 for k in rows.replace(" ", "")] for rows in LETTERS.values()])
    memory = Hopfield(random_state=0).fit(patterns)
    noisy = patterns[1].copy()
    noisy[np.random.default_rng(3).permutation(30)[:7]] *= -1
    way = memory.trajectory(noisy)
    figure, axes = panels(1, 4, height=2.4, width=7.6, width_ratios=[1, 1, 1, 2.4])
    middle = len(way.states) // 2
    for one, k, title in zip(
        axes, (0, middle, len(way.states) - 1), ("start", f"{middle} changes", "end"), strict=False
    ):
        one.imshow(way.states[k].reshape(6, 5), cmap="cividis", vmin=-1, vmax=1)
        one.set(title=title, xticks=[], yticks=[])
    line(axes[3], way.energies, k=4, marker="o", ms=4)
    axes[3].set(xlabel="changes of one unit", ylabel="energy E")
    return figure


@figure_of("Bidirectional associative memory")
def bam():
    """Kosko's two pairs in one matrix; part of a first side brings back both sides."""
    a, b = np.array([[1, 0, 1, 0, 1, 0], [1, 1, 1, 0, 0, 0]]), np.array([[1, 1, 0, 0], [1, 0, 1, 0]])
    memory = BAM(coding="binary").fit(a, b)
    probe = np.array([[0, 1, 1, 0, 0, 0]])
    first, second = memory.recall(probe)
    figure, axes = panels(1, 4, height=2.6, width=7.6, width_ratios=[1.5, 0.55, 0.55, 0.55])
    M = (2 * a - 1).T @ (2 * b - 1)
    image(figure, axes[0], M, cmap=DIVERGING, vmin=-2, vmax=2)
    for (i, j), value in np.ndenumerate(M):
        axes[0].text(j, i, value, ha="center", va="center", fontsize=8, color="white" if abs(value) > 1 else "black")
    axes[0].set(title="couplings M", xlabel="second side", ylabel="first side")
    for one, column, title in zip(axes[1:], (probe[0], first[0], second[0]), ("probe", "first", "second"), strict=True):
        one.imshow(column[:, None], cmap="cividis", vmin=0, vmax=1)
        for k, value in enumerate(column):
            one.text(0, k, value, ha="center", va="center", color="black" if value else "white")
        one.set(title=title, xticks=[], yticks=[])
    return figure


@figure_of("Echo state network")
def echo_state():
    """It was told the next value of a chaotic series 2000 times, and goes on by itself."""
    x = mackey_glass(2600)[np.newaxis, :, np.newaxis]
    layer = EchoState(200, 1, leak=0.3, spectral_radius=1.25, seed=1, dtype="float64")
    layer.fit(x[:, :1999], x[:, 1:2000], washout=100, ridge=1e-10)
    goes_on = layer.generate(x[:, :2000], 500)[0, :, 0]
    figure, axes = panels()
    steps = np.arange(-60, 500)
    axes.plot(steps, x[0, 1940:2500, 0], color="0.7", lw=3, label="Mackey-Glass series")
    line(axes, goes_on, "the network, fed with its own outputs", 5, lw=1.2, linestyle="--")
    axes.axvline(0, color="0.4", lw=0.8)
    axes.set(xlabel="steps on its own", ylim=(0.2, 1.75))
    legend(axes, ncols=2, loc="upper center")
    return figure


@figure_of("History compressor")
def compressor():
    """What the lower level did not foresee goes up; all else can be left out."""
    text = "abcabcabcabcxabcabcabyabcabcabc"
    machine = HistoryCompressor(MarkovPredictor(order=1)).fit(["abcabcabc"])
    surprises = {s.time for s in machine.surprises(text)}
    small = machine.compress(text)
    assert machine.decompress(small) == text
    figure, axes = panels(height=1.9)
    for t, symbol in enumerate(text):
        known = t not in surprises
        axes.text(
            t, 0, symbol, ha="center", va="center", color="0.6" if known else "#D55E00", fontsize=11 if known else 13
        )
        if not known:
            axes.annotate("", (t, 0.8), (t, 0.22), arrowprops={"arrowstyle": "->", "color": "#D55E00"})
            axes.text(t, 1.0, symbol, ha="center", va="center", fontsize=12)
    axes.text(-1.2, 1.0, "level 2", ha="right", va="center", fontsize=9)
    axes.text(-1.2, 0.0, "level 1", ha="right", va="center", fontsize=9)
    axes.set(xlim=(-5, len(text)), ylim=(-0.5, 1.4))
    axes.axis("off")
    return figure
