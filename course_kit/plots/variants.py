"""Figures of notebook 15 drawn from the student's steps: a picture that moves, a memory let up, a grid of blocks."""

import numpy as np

from course_kit.plots.ask import ask, figure_of
from course_kit.plots.show import Shown, new_figure, show, styles
from course_kit.reference.activations import sigmoid

OPEN, SHUT = 40.0, -40.0  # a gate's bias that leaves nothing to its inputs
LETTER = ("#..", "#..", "###")


def walking_kernels(row: int, column: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """W, U (3, 3, 1, 4) and b (4,) of one channel: h is what h was in that place of the kernel a step before."""
    W, U = np.zeros((2, 3, 3, 1, 4))
    W[1, 1, 0, 2] = U[row, column, 0, 2] = 20.0
    return W, U, np.array([OPEN, SHUT, 0.0, OPEN])


@figure_of("E15.1")
def walk(step) -> Shown:
    """A picture is shown once; the kernel over the state moves it, or leaves it where it is."""
    side, steps = 8, (1, 2, 4, 6)
    picture = np.zeros((1, side, side, 1))
    picture[0, :3, :3, 0] = [[symbol == "#" for symbol in row] for row in LETTER]
    figure, panels = new_figure(2, len(steps), width=8.0, height=4.3)
    lit = []
    for row, (name, place) in enumerate((("weight above left", (0, 0)), ("weight in the middle", (1, 1)))):
        h = c = np.zeros((1, side, side, 1))
        for t in range(1, max(steps) + 1):
            x = picture if t == 1 else 0 * picture
            h, c = ask(step, x, h, c, *walking_kernels(*place), shapes=(h.shape, c.shape))
            if t in steps:
                axes = panels[row, steps.index(t)]
                axes.imshow(h[0, :, :, 0], cmap="Greys", vmin=0, vmax=0.8)
                axes.set(xticks=[], yticks=[], title=f"h at step {t}")
                axes.title.set_fontsize(9)
        panels[row, 0].set_ylabel(name, fontsize=9)
        places = np.argwhere(h[0, :, :, 0] > 0.4)
        top = tuple(int(k) for k in places.min(axis=0)) if len(places) else "nowhere"
        lit.append(f"{name}: {len(places)} points, from {top} on")
    return show(
        figure,
        alt="Drawn from your step, two rows of four pictures of 8 x 8: the state h after 1, 2, 4 and 6 steps, when "
        "the letter L was shown once, at the upper left. If right, in the upper row the L moves one place down and one "
        "to the right at each step, in the lower row it stays. Black at the last step (row, column from 0): "
        f"{'; '.join(lit)}.",
        caption="The letter is input at the first step only. Above, U has one weight, on the neighbour above and to "
        "the left; below, on the middle. The state moves without input, and the convolution is what moves it.",
    )


@figure_of("E15.2")
def let_up(layer, biases) -> Shown:
    """The memory of an upper layer for several biases of the depth gate, beside the memory below it."""
    T = 40
    below = np.sin(np.arange(T) / 5.0) + 0.5
    x = np.cos(np.arange(T) / 2.0)
    lstm = np.array([[0.5, 0.0, 1.0, 0.0]]), np.array([[0.2, 0.0, 0.3, 0.0]]), np.array([0.0, 0.0, 0.0, 1.0])
    figure, axes = new_figure(width=8.0, height=3.4)
    axes.plot(below, color="0.6", lw=3, label="memory of the layer below")
    told = []
    for style, bias in zip(styles(), biases, strict=False):
        zero = np.zeros(1)
        gate = (np.zeros((1, 1)), zero, zero, np.array([float(bias)]))
        h = c = np.zeros((1, 1))
        cs = []
        for t in range(T):
            given = (np.array([[x[t]]]), h, c, np.array([[below[t]]]), lstm, gate)
            h, c = ask(layer, *given, shapes=((1, 1), (1, 1)))
            cs.append(c[0, 0])
        d = sigmoid(np.float64(bias))
        axes.plot(cs, label=f"memory of this layer, b_d = {bias:g} (d = {d:.3f})", **style)
        told.append(f"b_d {bias:g}: largest memory {max(cs):.2f}")
    axes.set(xlabel="step t", ylabel="c", ylim=(-2.2, 4.2))
    axes.legend(fontsize=8, ncols=2, loc="upper center")
    axes.grid(alpha=0.3)
    return show(
        figure,
        alt="Drawn from your layer: a memory below, a slow grey wave from -0.5 to 1.5, and the memory of the layer "
        "above it over 40 steps. If right, a shut gate (b_d = -8) leaves a small quick ripple around 0, and the more "
        f"the gate opens the more the slow wave shows through, enlarged. {'; '.join(told)}.",
        caption="The depth gate decides how much of the grey wave gets into the memory above. Here the gate is held by "
        "its bias alone; the forget gate of the upper layer is half open, so that what gets in adds up.",
    )


@figure_of("E15.3")
def mirror(block, mirrored) -> Shown:
    """Eight times eight blocks with mirrored kernels: the one map is the other one's mirror image."""
    d, size = 3, 8
    rng = np.random.default_rng(153)
    W, b = rng.normal(size=(2 * d, 4 * d)), rng.normal(size=4 * d)
    edge_h, edge_m = rng.normal(size=(size, 1, d)), rng.normal(size=(size, 1, d))
    (W_2,) = ask(mirrored, W, shapes=((2 * d, 4 * d),))
    right, right_m, up, up_m = list(edge_h), list(edge_m), list(edge_h), list(edge_m)
    maps = np.zeros((2, size, size))
    for row in range(size):
        for column in range(size):
            given = (right[row], up[column], right_m[row], up_m[column], W, W_2, b, b)
            new = ask(block, *given, shapes=((1, d),) * 4)
            right[row], up[column], right_m[row], up_m[column] = new
            maps[:, row, column] = new[0][0, 0], new[1][0, 0]
    apart = np.abs(maps[0] - maps[1].T).max()
    figure, panels = new_figure(1, 3, width=9.0, height=3.1)
    shown = (maps[0], "h_1, handed to the right"), (maps[1], "h_2, handed up"), (maps[0] - maps[1].T, "difference")
    for axes, (values, title) in zip(panels, shown, strict=True):
        image = axes.imshow(values, cmap="PuOr", vmin=-1, vmax=1, origin="lower")
        axes.set(xlabel="column", title=title)
        axes.title.set_fontsize(10)
    panels[0].set_ylabel("row")
    panels[2].set_title("h_1 less the mirror image of h_2", fontsize=10)
    figure.colorbar(image, ax=list(panels), shrink=0.8)
    return show(
        figure,
        alt="Drawn from your answers: three colour maps of 8 x 8 blocks, the first unit of h_1, that of h_2, and h_1 "
        "minus h_2 mirrored at the diagonal. If right, the second map is the mirror image of the first and the third "
        f"is of one colour, 0. Largest difference: {apart:.1e}.",
        caption="Each block hands h_1 to its right neighbour and h_2 to the one above. With the same weights seen from "
        f"the other side, the two maps are mirror images; largest difference {apart:.1e}.",
    )


@figure_of("E15.4")
def lanes(step) -> Shown:
    """Three lanes of one unit after one pulse: one forgets at once, one slowly, one hardly."""
    kept, T = (0.5, 0.9, 0.99), 40
    K = len(kept)
    W, b = np.zeros((1, 4 * K)), np.zeros(4 * K)
    W[0, :K], b[:K] = 2 * OPEN, SHUT  # the input gates open for the pulse
    b[K : 2 * K] = [np.log(f / (1 - f)) for f in kept]
    W[0, 2 * K : 3 * K] = 20.0
    b[3 * K :] = OPEN
    h, c = np.zeros((1, 1)), np.zeros((1, K, 1))
    hs, cs = [], []
    for t in range(T):
        h, c = ask(step, np.full((1, 1), float(t == 2)), h, c, W, np.zeros((1, 4 * K)), b, shapes=((1, 1), (1, K, 1)))
        hs.append(h[0, 0])
        cs.append(c[0, :, 0])
    figure, axes = new_figure(width=8.0, height=3.2)
    looks = styles()
    axes.plot(hs, lw=2.5, label="h, the sum of tanh over the lanes", **next(looks))
    for f, lane in zip(kept, np.transpose(cs), strict=True):
        axes.plot(lane, label=f"memory of the lane with f = {f:g}", **next(looks))
    axes.set(xlabel="step t", ylabel="c, h", ylim=(-0.1, 2.6))
    axes.legend(fontsize=8)
    axes.grid(alpha=0.3)
    return show(
        figure,
        alt="Drawn from your step: one unit with three lanes over 40 steps, a pulse at step 2. If right, the memories "
        "jump to 1 and fall by the factors 0.5, 0.9 and 0.99 a step; h jumps to 2.28, three times tanh(1), falls "
        f"quickly at first and slowly later. Yours: largest h {max(hs):.2f}, at the end {hs[-1]:.2f}.",
        caption="One pulse, one unit, three time constants: h tells whether something came just now and whether "
        "something came long ago.",
    )
