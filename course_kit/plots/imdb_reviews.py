"""Notebook 21: the kit's reviews as words and numbers, and figures of what padding and the vocabulary leave of them."""

import re
from collections import Counter
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from course_kit.datasets import imdb
from course_kit.plots.ask import NothingToDraw, ask, figure_of
from course_kit.plots.show import OKABE_ITO, Shown, new_figure, show
from course_kit.reference.padding import pad_and_mask

WORD = re.compile(r"[a-z']+")
LENGTH = 40  # the longest review has 39 words, and a start
PARTS = ("train", "validation", "test")
CIRCLE = {"marker": "o", "ms": 8, "mfc": "none", "mec": "black", "ls": "none"}


def words_of(text: str) -> list[str]:
    """The words of a review in lower case; punctuation is left out.

    >>> words_of("It isn't dull, it is WITTY.")
    ['it', "isn't", 'dull', 'it', 'is', 'witty']
    """
    return WORD.findall(text.lower())


@dataclass(frozen=True)
class KitReviews:
    """The corpus of the kit, split: ``words[part]`` lists of words, ``ids[part]`` (N, 40) numbers as Keras deals them.

    Parts are "train", "validation", "test", with ``labels[part]`` (N,), and "held_out", of which the judge has the
    labels. ``source`` goes beside every number.
    """

    texts: dict[str, tuple[str, ...]]
    labels: dict[str, np.ndarray]
    source: str
    length: int = LENGTH
    num_words: int | None = None  # as in Keras: numbers from here on become 2

    @cached_property
    def words(self) -> dict[str, list[list[str]]]:
        return {part: [words_of(text) for text in texts] for part, texts in self.texts.items()}

    @cached_property
    def index(self) -> dict[str, int]:
        """A word's rank in the training reviews, from 1, as Keras' get_word_index has it."""
        count = Counter(word for review in self.words["train"] for word in review)
        return {word: rank for rank, (word, _) in enumerate(count.most_common(), 1)}

    @property
    def vocabulary(self) -> int:
        """Rows that an embedding needs: the words, and 0 to 3 for padding, start, unknown and nothing."""
        return min(len(self.index) + 4, self.num_words or 10**9)

    @cached_property
    def ids(self) -> dict[str, np.ndarray]:
        return {
            part: pad_and_mask([self._numbers(r) for r in reviews], self.length, "pre", "pre")[0].astype("int32")
            for part, reviews in self.words.items()
        }

    def _numbers(self, review: list[str]) -> list[int]:
        ranks = (self.index.get(word, self.vocabulary) + 3 for word in review)
        return [1, *(number if number < self.vocabulary else 2 for number in ranks)]


def kit_reviews() -> KitReviews:
    """The kit's reviews, its training half split by twins. IMDB is not among them."""
    corpus = imdb.load("kit")
    parts = imdb.split(corpus.train)
    three = {"train": parts.train, "validation": parts.validation, "test": corpus.test}
    return KitReviews(
        texts={**{part: r.texts for part, r in three.items()}, "held_out": imdb.held_out()},
        labels={part: r.labels for part, r in three.items()},
        source=corpus.source,
    )


def real_reviews() -> KitReviews | None:
    """IMDB as the program of D2.16 reads it, 5000 numbers and 80 steps, where it is at hand; else a sentence and None.

    It is at hand if COURSE_KIT_IMDB names it or Keras' cache has it.
    """
    try:
        corpus = imdb.load()
    except imdb.ImdbError as error:
        print(f"The real reviews are not used: {error}")
        return None
    parts = imdb.split(corpus.train)
    three = {"train": parts.train, "validation": parts.validation, "test": corpus.test}
    reviews = KitReviews(
        texts={**{part: r.texts for part, r in three.items()}, "held_out": ()},
        labels={part: r.labels for part, r in three.items()},
        source=corpus.source,
        length=80,
        num_words=5000,
    )
    counts = np.array([len(words_of(text)) for text in corpus.train.texts])
    print(corpus.source)
    print(f"{np.median(counts):.0f} words in the median training review, {counts.max():,} in the longest.")
    print(f"{np.mean(counts > 79):.0%} lose their beginning: 80 steps hold the start and 79 words.")
    return reviews


LENGTHS, MAXLEN = (200, 110, 50), 80


@figure_of("E21.3")
def kept_words(kept_places) -> Shown:
    """Which words of three reviews are kept, and at which step the network reads them."""
    figure, axes = new_figure(3, 2, width=9.0, height=3.6, sharex="col")
    said = []
    for row, length in enumerate(LENGTHS):
        (at,) = ask(kept_places, length, MAXLEN, shapes=((MAXLEN,),))
        if not ((at >= -1) & (at < length)).all():
            raise NothingToDraw("A place must be -1 or that of a word.")
        at = at.astype(int)
        kept = np.zeros(length)
        kept[at[at >= 0]] = 1
        left, right = axes[row]
        left.bar(np.arange(length), 1, width=1, color=np.where(kept > 0, OKABE_ITO[4], "0.88"))
        left.set(yticks=[], xlim=(0, max(LENGTHS)), ylabel=f"{length} words")
        right.plot(np.flatnonzero(at >= 0), at[at >= 0], color=OKABE_ITO[4], lw=3)
        empty = np.flatnonzero(at < 0)
        right.plot(empty, np.zeros(len(empty)), color=OKABE_ITO[5], lw=3, ls=":")
        right.set(xlim=(0, MAXLEN), ylim=(-10, max(LENGTHS)), ylabel="word")
        said.append(f"of {length} words {int(kept.sum())} are kept, {len(empty)} steps are padding")
    axes[0, 0].set_title("the review, kept words dark", fontsize=10)
    axes[0, 1].set_title("what the network reads; dotted: padding", fontsize=10)
    axes[2, 0].set_xlabel("word of the review")
    axes[2, 1].set_xlabel("step of the network")
    return show(
        figure,
        alt=f"Drawn from your kept_places, with maxlen = {MAXLEN}: {'; '.join(said)}. If right, the dark words are the "
        "last ones of each review, the lines on the right rise to its last word at step 79, and the padding of the "
        "shortest review stands in front.",
        caption="Which 80 words of reviews of 200, 110 and 50 words are kept (left), and which word is read at which "
        "step (right).",
    )


@figure_of("E21.8")
def unknown_words(encode, reviews: KitReviews) -> Shown:
    """The share of unknown words against num_words, on the kit's validation reviews."""
    some = reviews.words["validation"][::6]
    limits = np.arange(4, reviews.vocabulary + 12, 12)
    words = sum(map(len, some))
    drawn, due = [], []
    for limit in limits:
        found = [encode(list(r), dict(reviews.index), int(limit)) for r in some]
        if not all(isinstance(ids, list | tuple | np.ndarray) for ids in found):
            raise NothingToDraw("A list of numbers is due for each review.")
        drawn.append(sum(int(np.sum(np.asarray(ids) == 2)) for ids in found) / words)
        due.append(sum(reviews.index.get(w, 10**6) + 3 >= limit for r in some for w in r) / words)
    figure, axes = new_figure(width=6.6, height=3.2)
    axes.plot(limits, drawn, color=OKABE_ITO[4], label="your encode")
    axes.plot(limits, due, label="rank + 3 is num_words or more", **CIRCLE)
    axes.set(xlabel="num_words", ylabel="share of unknown words", ylim=(-0.03, 1.03))
    axes.legend(fontsize=8)
    return show(
        figure,
        alt="The share of words that become 2, unknown, against num_words, drawn from your encode, circles where "
        f"it belongs. If right the line runs through the circles: {due[0]:.2f} at {limits[0]}, then falling "
        f"steeply to {due[len(due) // 4]:.2f} at {limits[len(due) // 4]} and to {due[-1]:.2f} at {limits[-1]}.",
        caption=f"How much of a review a small vocabulary leaves. {reviews.source}",
    )
