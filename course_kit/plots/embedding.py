"""Figures of notebook 17 about words: the embedding as a product, the rows it trains, the words it drops."""

import numpy as np

from course_kit.plots.ask import ask, figure_of
from course_kit.plots.show import OKABE_ITO, Shown, new_figure, show
from course_kit.reference.embedding import drop_words, embedding_gradient

VERMILION = OKABE_ITO[5]
SENTENCE = ["the", "cat", "saw", "the", "dog"]
VOCABULARY = ("and", "bird", "cat", "dog", "mouse", "saw", "the")
TEXT = ["the", "dog", "and", "the", "cat", "saw", "the", "bird", "and", "the", "bird", "saw", "the", "cat"]
LARGER = (*VOCABULARY, "house", "river", "stone", "tree", "window")
DROPPED = ("film", "not", "the")


def numbers(words, vocabulary) -> np.ndarray:
    """The number of each word in the vocabulary, as a batch of one sequence."""
    return np.array([[vocabulary.index(w) for w in words]])


def _write_values(axes, values) -> None:
    for (row, column), value in np.ndenumerate(values):
        axes.text(column, row, f"{value:.1f}", ha="center", va="center", fontsize=7)


@figure_of("E17.1")
def product(one_hot, embed) -> Shown:
    """One-hot rows, the matrix, and their product, each as a picture."""
    ids, V, T, d = numbers(SENTENCE, VOCABULARY), len(VOCABULARY), len(SENTENCE), 4
    E = np.random.default_rng(3).normal(size=(V, d)).round(1)
    (picked,) = ask(one_hot, ids, V, shapes=((1, T, V),))
    (e,) = ask(embed, ids, E, shapes=((1, T, d),))
    figure, (left, middle, right) = new_figure(1, 3, width=9.5, height=3.4, width_ratios=(V, d, d))
    left.imshow(picked[0], cmap="Greys", vmin=0, vmax=1)
    left.set_xticks(range(V), VOCABULARY, rotation=45)
    left.set_yticks(range(T), SENTENCE)
    for row, (word, vector) in enumerate(zip(ids[0], picked[0], strict=True)):
        if not np.array_equal(vector, np.eye(V)[word]):
            left.add_patch(_frame(row, V))
    left.set(title="onehot(x), (T, V)", xlabel="word of the vocabulary", ylabel="word of the text")
    for axes, values, names, title in (
        (middle, E, VOCABULARY, "E, (V, d)"),
        (right, e[0], SENTENCE, "e = onehot(x) E, (T, d)"),
    ):
        axes.imshow(values, cmap="RdBu", vmin=-4, vmax=4)
        _write_values(axes, values)
        axes.set_yticks(range(len(names)), names)
        axes.set(title=title, xlabel="feature", xticks=range(d))
    for row, (word, vector) in enumerate(zip(ids[0], e[0], strict=True)):
        if not np.array_equal(vector, E[word]):
            right.add_patch(_frame(row, d))
    return show(
        figure,
        alt="Drawn from your answer. Left, five one-hot rows for the text 'the cat saw the dog', each with a "
        "single black square in the column of its word if right, with a red frame if wrong. Middle, the matrix E "
        "with seven rows of four numbers. Right, the product, five rows of four numbers; rows that are not the row "
        "of their word in E have a red frame. If right there is no frame, and both rows of 'the' are the same.",
        caption="One-hot vectors times E. Each black square picks one row of the matrix. A row in a red frame is "
        "not that of its word.",
    )


def _frame(row: int, width: int):
    from matplotlib.patches import Rectangle

    return Rectangle((-0.5, row - 0.5), width, 1, fill=False, edgecolor=VERMILION, lw=3)


@figure_of("E17.1")
def trained_rows(embedding_gradient_of) -> Shown:
    """Which rows of E a text moves, and how far."""
    ids, V, d = numbers(TEXT, LARGER), len(LARGER), 3
    g = np.abs(np.random.default_rng(5).normal(1.0, 0.3, size=(1, len(TEXT), d)))
    (gradient,) = ask(embedding_gradient_of, ids, g, V, shapes=((V, d),))
    lengths, due = np.abs(gradient).sum(axis=1), np.abs(embedding_gradient(ids, g, V)).sum(axis=1)
    figure, axes = new_figure(width=8.0, height=3.2)
    axes.bar(range(V), lengths, color=OKABE_ITO[2])
    axes.plot(range(V), due, marker="o", ms=9, mfc="none", mec="black", ls="none", label="due")
    for place, count in enumerate(np.bincount(ids[0], minlength=V)):
        axes.annotate(
            f"{count} times", (place, due[place]), (0, 8), textcoords="offset points", ha="center", fontsize=8
        )
    axes.set_xticks(range(V), LARGER, rotation=30)
    axes.set(ylabel="sum of |dL/dE| in the row", ylim=(-0.5, 1.2 * max(due.max(), lengths.max())), xlabel="row of E")
    axes.legend()
    return show(
        figure,
        alt="Drawn from your answer: a bar for each of twelve words, the size of the gradient of its row of E for "
        "a text of 14 words. If right the bars reach the circles: 'the' stands five times and has the highest, "
        "'and', 'bird', 'cat' and 'saw' stand twice, 'dog' once; mouse, house, river, stone, tree and window do "
        "not occur and have 0.",
        caption=f"The rows of E that the text '{' '.join(TEXT)}' trains. Bars are your gradient, circles are what "
        "is due.",
    )


@figure_of("E17.6")
def dropped(drop, texts, ids, others) -> Shown:
    """Which words, or parts of words, four sorts of dropout take out of a text."""
    words = sorted({w for text in texts for w in text.split()})
    keep = np.array([w not in DROPPED for w in words], dtype=float)
    E = 1.0 + np.random.default_rng(1).uniform(size=(len(words), 16))
    (mine,) = ask(drop, ids, E, keep, 0.2, True, shapes=((*ids.shape, 16),))
    shown = {
        f"your drop_words, told to drop {', '.join(DROPPED)}": mine,
        **{k: v for k, v in others.items() if k[1] == ":"},
    }
    figure, axes = new_figure(len(shown), 1, width=9.0, height=6.4)
    for panel, (name, out) in zip(axes, shown.items(), strict=True):
        share = (np.asarray(out) == 0).mean(axis=2)
        panel.imshow(share, cmap="Greys", vmin=0, vmax=1.3, aspect="auto")
        for row, text in enumerate(texts):
            for place, word in enumerate(text.split()):
                dark = share[row, place] > 0.6
                panel.text(place, row, word, ha="center", va="center", fontsize=9, color="white" if dark else "black")
        panel.set(xticks=[], yticks=range(len(texts)), title=name)
        panel.title.set_fontsize(10)
    right = np.array_equal(mine, drop_words(ids, E, keep, 0.2))
    axes[-1].set_xlabel("place in the text")
    return show(
        figure,
        alt="Four panels, each a grid of three short reviews with a word in each square, darker where more of its "
        "numbers were dropped. First, drawn from your answer: "
        + (
            "the words film, not and the are dark wherever they stand, all others white. "
            if right
            else f"it is not as it should be, which is the words {', '.join(DROPPED)} dark wherever they stand. "
        )
        + "Second, Dropout: all squares are more or less grey. Third, SpatialDropout1D: all words of a review are "
        "equally grey. Fourth, noise_shape (None, None, 1): single squares are dark.",
        caption="What is missing from three texts under four sorts of dropout. The darker a word, the more of its "
        "numbers are 0.",
    )
