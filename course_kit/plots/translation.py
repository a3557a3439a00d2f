"""Figures of notebook 20 about encoder, attention and decoder."""

import numpy as np

from course_kit.plots.ask import NothingToDraw, ask, figure_of
from course_kit.plots.show import OKABE_ITO, Shown, new_figure, not_yet, show

DIGITS = "2017"
SIGNS = ("", *"0123456789", "start", "end")


@figure_of("E20.1")
def teaching(teaching_arrays) -> Shown:
    """The three arrays for one string, as rows of cells."""
    L = len(DIGITS)
    arrays = ask(teaching_arrays, [DIGITS, "31"], shapes=((2, L), (2, L + 1), (2, L + 1)))
    rows = [[_sign(number) for number in array[0]] for array in arrays]
    figure, axes = new_figure(width=7.0, height=2.4)
    names = ("encoder reads", "decoder reads", "decoder should write")
    for k, (row, name, colour) in enumerate(zip(rows, names, (OKABE_ITO[3], OKABE_ITO[2], OKABE_ITO[1]), strict=True)):
        axes.text(-0.7, -k, name, ha="right", va="center", fontsize=9)
        for t, sign in enumerate(row):
            axes.add_patch(_box((t - 0.42, -k - 0.36), 0.84, 0.72, facecolor=colour, edgecolor="black", alpha=0.75))
            axes.text(t, -k, sign, ha="center", va="center", fontsize=10)
    axes.set(xlim=(-3.2, L + 0.6), ylim=(-2.6, 0.6))
    axes.axis("off")
    told = "; ".join(f"{name}: {' '.join(row)}" for name, row in zip(names, rows, strict=True))
    return show(
        figure,
        alt=f"Drawn from your arrays for the string {DIGITS}, three rows of signs. {told}. If right, the last row is "
        "the string backwards and an end, and the row above it is the same, one place to the right, after a start.",
        caption=f"Teacher forcing for {DIGITS}, from your arrays. At each place the decoder sees the middle row's sign "
        "and should write the one below it.",
    )


def _sign(number: float) -> str:
    return SIGNS[int(number)] if number == int(number) and 0 <= number < len(SIGNS) else f"{number:g}?"


def _box(corner, width, height, **kwargs):
    from matplotlib.patches import Rectangle

    return Rectangle(corner, width, height, **kwargs)


def by_length(right: dict[int, float] | None) -> Shown:
    """Share of whole strings that are reversed without a mistake, by their length."""
    if right is None:
        return not_yet("E20.1")
    figure, axes = new_figure(width=6.0, height=2.6)
    axes.bar(list(right), [100 * share for share in right.values()], color=OKABE_ITO[2], edgecolor="black", hatch="//")
    axes.set(xlabel="digits of the string", ylabel="reversed without a mistake, %", ylim=(0, 105), xticks=list(right))
    axes.grid(alpha=0.3, axis="y")
    told = ", ".join(f"{length}: {100 * share:.0f} %" for length, share in right.items())
    return show(
        figure,
        alt=f"Share of fresh strings that come out whole, by the number of digits. {told}.",
        caption="An encoder and a decoder of 64 units with nothing but a state between them: fresh strings, each right "
        "digit given to the decoder.",
    )


@figure_of("E20.2")
def heat_map(attend, arrays, theirs, source, words) -> Shown:
    """Attention of a translated sentence, from the student's function.

    arrays: q (1, T, n), x (1, S, n), mask (1, S), W_q, W_k, v; theirs: the network's weights (T, S).
    """
    q, x, mask, W_q, W_k, v = (np.asarray(a, dtype=float) if k != 2 else np.asarray(a) for k, a in enumerate(arrays))
    T, S, n = q.shape[1], x.shape[1], x.shape[2]
    _, p = ask(attend, q, x, mask, W_q, W_k, v, shapes=((1, T, n), (1, T, S)))
    figure, axes = new_figure(width=7.2, height=0.9 + 0.36 * T)
    image = axes.imshow(p[0], cmap="cividis", vmin=0, vmax=1, aspect="auto")
    axes.set_xticks(range(S), source, rotation=40, ha="right", fontsize=8)
    axes.set_yticks(range(T), words, fontsize=8)
    for i, j in zip(*np.nonzero(p[0] > 0.15), strict=True):
        axes.text(
            j,
            i,
            f"{p[0, i, j]:.2f}".lstrip("0"),
            ha="center",
            va="center",
            fontsize=7,
            color="white" if p[0, i, j] < 0.5 else "black",
        )
    figure.colorbar(image, ax=axes, label="weight", fraction=0.04)
    most = "; ".join(f"{word} at {source[int(row.argmax())]}" for word, row in zip(words, p[0], strict=True))
    return show(
        figure,
        alt="Attention weights computed by your function: a row for each word that is written, a column for each word "
        f"that is read. Each row's largest weight: {most}. Largest difference to the network's own weights: "
        f"{np.abs(p[0] - np.asarray(theirs)).max():.1e}.",
        caption="What the trained translator looks at (columns) while it writes (rows). Your attention, the network's "
        f"states and weights; its own attention differs by {np.abs(p[0] - np.asarray(theirs)).max():.1e} at most.",
    )


@figure_of("E20.3")
def layers(input_widths) -> Shown:
    """The two stacks with the widths in them."""
    d, depth = 8, 8
    found = input_widths(d, depth)
    encoder, decoder = (_widths(side, depth) for side in found) if len(found) == 2 else _wrong(found)
    figure, axes = new_figure(width=7.4, height=5.0)
    for column, (name, widths) in enumerate((("encoder", encoder), ("decoder", decoder))):
        for level, width in enumerate(widths, 1):
            x, span = 5.2 * column, 0.16 * min(width, 32)
            both = column == 0 and level == 1
            axes.add_patch(
                _box(
                    (x, level - 0.34), span, 0.5, facecolor=OKABE_ITO[2 if column else 3], edgecolor="black", alpha=0.7
                )
            )
            kind = "both ends" if both else "forwards"
            axes.text(x + 0.08, level - 0.09, f"{level}: reads {width:g}", va="center", fontsize=8)
            if column == 0:
                axes.text(x - 0.15, level - 0.09, kind, va="center", ha="right", fontsize=7)
            if level >= 3:
                axes.annotate(
                    "",
                    (x + 3.0, level + 0.2),
                    (x + 3.0, level - 0.5),
                    arrowprops={"arrowstyle": "->", "linestyle": "--"},
                )
        axes.text(5.2 * column, 0.15, name, fontsize=10, fontweight="bold")
    axes.annotate("", (3.4, 8.0), (5.15, 1.2), arrowprops={"arrowstyle": "<->"})
    axes.text(4.5, 4.3, "asks", fontsize=9, color=OKABE_ITO[5])
    axes.set(xlim=(-1.4, 9.2), ylim=(-0.1, depth + 0.7))
    axes.axis("off")
    return show(
        figure,
        alt=f"Two stacks of {depth} boxes, as wide as what a layer reads, for d = {d}, from your lists. Encoder from "
        f"the bottom: {', '.join(f'{w:g}' for w in encoder)}. Decoder: {', '.join(f'{w:g}' for w in decoder)}. Dashed "
        "arrows mark residual links from the third layer on. If right, the encoder has one wide box, the second, and "
        "the decoder seven, all but the bottom one.",
        caption=f"The translator of the slide with d = {d}; boxes as wide as what your lists say that a layer reads. "
        "Dashed: residual links. The bottom layer of the decoder asks the top of the encoder.",
    )


def _widths(side, depth: int) -> list[float]:
    widths = [float(w) for w in side]
    if len(widths) != depth:
        raise NothingToDraw(f"{depth} widths are due for each side. Got {len(widths)}.")
    return widths


def _wrong(found):
    raise NothingToDraw(f"Two lists are due. Got {len(found)}.")


@figure_of("E20.10")
def top_of_encoder(encode, vectors, both, upper, theirs, words) -> Shown:
    """The top of the encoder by the student's function and by Keras, and the difference."""
    (mine,) = ask(encode, vectors, both, upper, shapes=(np.shape(theirs),))
    mine, theirs = mine[0].T, np.asarray(theirs)[0].T  # (n, S)
    figure, axes = new_figure(1, 3, width=8.4, height=3.4, sharey=True)
    top = np.abs(theirs).max()
    panels = (("yours", mine, top), ("Keras", theirs, top), ("difference, $10^{-6}$", 1e6 * (mine - theirs), 1.0))
    for one, (title, block, size) in zip(axes, panels, strict=True):
        image = one.imshow(block, cmap="PuOr", vmin=-size, vmax=size, aspect="auto")
        one.set_title(title, fontsize=9)
        one.set_xticks(range(len(words)), words, rotation=60, ha="right", fontsize=7)
        figure.colorbar(image, ax=one, fraction=0.05)
    axes[0].set_ylabel("unit")
    apart = np.abs(mine - theirs).max()
    return show(
        figure,
        alt=f"Three pictures of {mine.shape[0]} units at {mine.shape[1]} words: the top of the encoder by your "
        f"function, by Keras, and their difference in millionths. Largest difference {apart:.1e}; if right it is below "
        "1e-5 and the third picture is nearly blank.",
        caption=f"The top of the trained encoder for one sentence. Your function and Keras differ by {apart:.1e} at "
        "most.",
    )
