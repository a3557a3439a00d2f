"""Reviews as numbers of words, the way that ``keras.datasets.imdb`` hands them out, from the raw texts.

The file behind ``load_data()`` holds no words and no punctuation: somebody made it in 2015 with Keras' own tokeniser.
What that did is redone here, so that a program written for ``load_data()`` runs on the archive:

    lower case; !"#$%&()*+,-./:;<=>?@[\\]^_`{|}~ and tab and newline become blanks, the apostrophe stays; split at
    blanks (so ``<br />`` becomes the word "br", the seventh most frequent);
    the words of the training reviews are ranked by how often they stand there, the first has the rank 1;
    a review is 1, "start", then rank + 3 of each word; where that reaches ``num_words`` it is 2, "unknown";
    a word that no training review has is left out, without a 2 in its place (the docstring of ``load_data`` says so).

The 25,000 training reviews have 88,582 words so, as is known of the original. Words that occur equally often have
their ranks in the order in which they come up; in Keras' file that order is another, so its numbers are these but for
ties: review 0 there begins 1, 14, 22, 16, 43, 530, 973, 1622, 1385, 65, and here 1, 14, 22, 16, 43, 530, 972, ...
"""

from collections import Counter
from collections.abc import Iterable, Sequence

import numpy as np

FILTERED = '!"#$%&()*+,-./:;<=>?@[\\]^_`{|}~\t\n'
BLANKS = str.maketrans(FILTERED, " " * len(FILTERED))
PAD, START, UNKNOWN = 0, 1, 2
INDEX_FROM = 3


def words(text: str) -> list[str]:
    """The words of a review.

    >>> words("Well... <br />it's <i>so-so</i>!")
    ['well', 'br', "it's", 'i', 'so', 'so', 'i']
    """
    return [word for word in text.lower().translate(BLANKS).split(" ") if word]


def ranks(texts: Iterable[str]) -> dict[str, int]:
    """The rank of every word of these texts, 1 for the most frequent.

    >>> ranks(["a dull film", "a film"])
    {'a': 1, 'film': 2, 'dull': 3}
    """
    count = Counter(word for text in texts for word in words(text))
    return {word: rank for rank, (word, _) in enumerate(count.most_common(), start=1)}


def numbers(text: str, rank: dict[str, int], num_words: int) -> list[int]:
    """A review as ``load_data(num_words=num_words)`` has it.

    >>> numbers("A film, a dull one!", {"a": 1, "film": 2, "dull": 3}, num_words=6)
    [1, 4, 5, 4, 2]
    """
    found = (rank[word] + INDEX_FROM for word in words(text) if word in rank)
    return [START, *(number if number < num_words else UNKNOWN for number in found)]


def padded(texts: Sequence[str], rank: dict[str, int], num_words: int, steps: int) -> np.ndarray:
    """(N, steps) numbers: the last ``steps`` of each review, with zeros in front of a shorter one.

    That is what ``keras.utils.pad_sequences(..., maxlen=steps)`` does.
    """
    table = np.full((len(texts), steps), PAD, dtype=np.int32)
    for row, text in zip(table, texts, strict=True):
        kept = numbers(text, rank, num_words)[-steps:]
        row[steps - len(kept) :] = kept
    return table
