"""Figures of notebook 16 about the bidirectional associative memory (BAM): letters and digits recall each other."""

import numpy as np

from course_kit.plots.ask import ask, figure_of
from course_kit.plots.show import Shown, new_figure, show, styles
from course_kit.plots.zoo_patterns import LETTERS, digits, letters, picture, spoil


def handwritten() -> np.ndarray:
    """The first of scikit-learn's pictures of each digit, (10, 64)."""
    x, classes = digits()
    return np.stack([x[classes == k][0] for k in range(10)])


@figure_of("E16.2")
def both_ways(correlate, resonate, resonate_from_b) -> Shown:
    """Three letters paired with three digits, recalled from spoilt letters and from spoilt digits."""
    a, b, rng = letters("TXU"), handwritten()[[0, 1, 7]], np.random.default_rng(162)
    (M,) = ask(correlate, a, b, shapes=((64, 64),))
    figure, axes = new_figure(3, 7, width=8.6, height=4.2, width_ratios=(1, 1, 1, 0.4, 1, 1, 1))
    wrong = 0
    for k, (row, letter, digit) in enumerate(zip(axes, a, b, strict=True)):
        spoilt, blurred = spoil(letter, 10, rng), spoil(digit, 10, rng)
        there = ask(resonate, M, spoilt, -np.ones(64), shapes=((64,), (64,)))
        back = ask(resonate_from_b, M, blurred, shapes=((64,), (64,)))
        row[3].axis("off")
        for one, units, title in zip(
            (*row[:3], *row[4:]),
            (spoilt, *there, blurred, *back),
            ("a at the start", "a at rest", "b at rest", "b at the start", "a at rest", "b at rest"),
            strict=True,
        ):
            picture(one, units, "" if k else title)
        wrong += sum(int((x != y).sum()) for x, y in zip((*there, *back), (letter, digit) * 2, strict=True))
    return show(
        figure,
        alt="Drawn from your answers, three rows. Left: a spoilt letter T, X or U, and the letter and the handwritten "
        "digit 0, 1 or 7 at rest. Right: a spoilt digit, and again letter and digit at rest. If right, all "
        f"pictures at rest are whole and belong together. Points wrong at rest: {wrong} of 768.",
        caption="Three pairs of a letter and a digit in one matrix. Left the letter is given, right the digit, each "
        "with ten points turned over.",
    )


def share_exact(a: np.ndarray, b: np.ndarray) -> float:
    """Of the pairs stored together, the share that comes back whole from a alone."""
    from course_kit.memories import BAM

    memory = BAM().fit(a, b)
    first, second = memory.recall(a)
    return float(np.mean(np.all(first == a, axis=1) & np.all(second == b, axis=1)))


def pair_shares(counts=range(1, 11), choices: int = 40) -> dict[str, list[float]]:
    """Share of pairs recalled without a mistake when so many are stored, for pictures and for random pairs."""
    rng = np.random.default_rng(163)
    a, b = letters("".join(LETTERS)), handwritten()
    shares = {"letters and digits": [], "random pairs": []}
    for count in counts:
        chosen = [(rng.permutation(10)[:count], rng.permutation(10)[:count]) for _ in range(choices)]
        shares["letters and digits"].append(float(np.mean([share_exact(a[i], b[k]) for i, k in chosen])))
        made = [rng.choice([-1.0, 1.0], (2, count, 64)) for _ in range(choices)]
        shares["random pairs"].append(float(np.mean([share_exact(*pair) for pair in made])))
    return shares


def how_many_pairs() -> Shown:
    """Share of pairs recalled without a mistake against how many are stored, for pictures and for random pairs."""
    counts = range(1, 11)
    shares = pair_shares(counts)
    figure, axes = new_figure(width=7.0, height=2.9)
    for style, (name, values) in zip(styles(), shares.items(), strict=False):
        axes.plot(counts, values, label=name, marker="o", ms=3, **style)
    axes.set(xlabel="pairs stored", ylabel="share recalled exactly", ylim=(-0.03, 1.03), xticks=list(counts))
    axes.legend(fontsize=8)
    axes.grid(alpha=0.3)
    told = "; ".join(f"{name}: {', '.join(f'{v:.2f}' for v in values)}" for name, values in shares.items())
    return show(
        figure,
        alt="Share of the stored pairs that come back without a wrong point, for 1 to 10 pairs of 64 and 64 units, "
        f"means over 40 choices. {told}.",
        caption="How many pairs a matrix of 64 x 64 holds, recalled from the first side. Pictures have much in "
        "common, and their curve falls first.",
    )
