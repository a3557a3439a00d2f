"""Notebook 01: sequences of different lengths in one table, E01.2. ``e01_sequences_and_task_shapes`` collects."""

import numpy as np

from course_kit.checking import Exercise, expect
from course_kit.reference.lstm import lstm_forward
from course_kit.reference.padding import masked_lstm, pad_and_mask

E01_2 = Exercise(
    "E01.2",
    "Pad and mask",
    slides=("D3.2",),
    names=("pad_and_mask",),
    hints=(
        "Two decisions a sequence, one after the other: which part is kept if it is too long (truncating), and on "
        "which side the zeros go if it is too short (padding). The word names the side where something is cut off "
        "or put in.",
        'kept = seq[-maxlen:] if truncating == "pre" else seq[:maxlen]; then write kept into padded[k, :len(kept)] for '
        '"post" and into padded[k, maxlen - len(kept):] for "pre", and True into the same places of the mask.',
    ),
)

SIDES = ("pre", "post")
OTHER = {"pre": "post", "post": "pre"}


def deal(draw, lengths, low: int = 1) -> list[list[int]]:
    return [[int(k) for k in draw.integers(low, 9, length)] for length in lengths]


def known(seqs, maxlen: int, padding: str, truncating: str) -> dict:
    padded, mask = pad_and_mask(seqs, maxlen, padding, truncating)
    p, t = OTHER[padding], OTHER[truncating]
    return {
        "padding and truncating are exchanged": pad_and_mask(seqs, maxlen, truncating, padding),
        f'padding="{padding}" puts the zeros on the other side': pad_and_mask(seqs, maxlen, p, truncating),
        f'truncating="{truncating}" cuts at the other end': pad_and_mask(seqs, maxlen, padding, t),
        "both sides are turned: pre is in front, post behind": pad_and_mask(seqs, maxlen, p, t),
        "the mask is turned: True is for what is real": (padded, ~mask),
        "the mask came first; return padded, mask": (mask, padded),
        "the mask was made from the numbers, and here 0 is a word: make it from the lengths": (padded, padded != 0),
        "the mask is True everywhere": (padded, np.ones_like(mask)),
    }


def ask(answer, seqs, maxlen: int, padding: str, truncating: str) -> None:
    what = f'padding="{padding}" and truncating="{truncating}"'
    expect(
        answer.pad_and_mask([list(s) for s in seqs], maxlen, padding, truncating),
        pad_and_mask(seqs, maxlen, padding, truncating),
        f"padded for {what}, mask for {what}".replace(" and ", " with "),
        tolerance=0,
        known=known(seqs, maxlen, padding, truncating),
    )


@E01_2.case("all four combinations")
def _(answer, draw):
    maxlen = draw.integer(4, 6)
    seqs = deal(draw, (maxlen + 3, 2, maxlen, maxlen - 1))
    for padding, truncating in (("pre", "post"), ("post", "pre"), ("pre", "pre"), ("post", "post")):
        ask(answer, seqs, maxlen, padding, truncating)


@E01_2.case(
    "a word whose number is 0",
    hint="A 0 that was put in and a 0 that was there look alike in the table. Write the mask where you write the "
    "numbers.",
)
def _(answer, draw):
    maxlen = draw.integer(5, 7)
    first, second = deal(draw, (maxlen - 2, 3))
    ask(answer, [[0, *first[1:]], [*second, 0], [0]], maxlen, *draw.choice((("pre", "post"), ("post", "pre"))))


@E01_2.case(
    "an empty sequence, and one place only",
    hint="seq[-0:] is the whole sequence, and padded[k, -0:] is the whole row: count from the front instead.",
)
def _(answer, draw):
    maxlen = draw.integer(4, 6)
    for padding in SIDES:
        ask(answer, [[], *deal(draw, (3, maxlen))], maxlen, padding, padding)
    ask(answer, deal(draw, (1, 5, 0, 2)), 1, "pre", "pre")


@E01_2.case("a masked LSTM reads the table as it reads the sequences")
def _(answer, draw):
    m, n = draw.sizes()
    vectors = draw.normal(10, m)
    W, U, b = draw.normal(m, 4 * n), draw.normal(n, 4 * n), draw.normal(4 * n)
    seqs = deal(draw, (3, 7, 1, 5), low=0)
    alone = np.stack([lstm_forward(vectors[s][None], *np.zeros((2, 1, n)), W, U, b)[0][0, -1] for s in seqs])
    for padding in SIDES:
        obtained = answer.pad_and_mask([list(s) for s in seqs], 9, padding, "pre")
        expect(obtained, pad_and_mask(seqs, 9, padding, "pre"), "padded, mask", tolerance=0)
        padded, mask = np.asarray(obtained[0]).astype(int), np.asarray(obtained[1]).astype(bool)
        expect(
            masked_lstm(vectors[padded], mask, W, U, b)[:, -1],
            alone,
            f'the last h of a masked LSTM, padding="{padding}"',
        )
