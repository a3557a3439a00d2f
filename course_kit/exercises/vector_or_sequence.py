"""Notebook 01: one vector instead of a sequence, E01.6. ``e01_sequences_and_task_shapes`` collects the exercises."""

import numpy as np

from course_kit.checking import Exercise, expect, require
from course_kit.exercises.closed import some_of

E01_6 = Exercise(
    "E01.6",
    "Vector or sequence",
    slides=("D3.6", "D3.7"),
    names=("features", "collision", "lost"),
    hints=(
        "Three things a sequence, side by side: the mean over its steps, its last step, its number of steps. Then "
        "look for two rows of the table that are the same while the labels are not.",
        "np.concatenate([s.mean(axis=0), s[-1], [len(s)]]) for each s; for the collision two loops over i < j with "
        "np.abs(F[i] - F[j]).max() < 1e-9 and labels[i] != labels[j].",
    ),
)


def feature_matrix(sequences) -> np.ndarray:
    """Mean, last step and number of steps of each sequence (T, m): (N, 2m + 1)."""
    return np.stack([np.concatenate([s.mean(axis=0), s[-1], [len(s)]]) for s in sequences])


def stacked(sequences, *parts) -> np.ndarray:
    return np.stack([np.concatenate([np.atleast_1d(part(s)) for part in parts]) for s in sequences])


def mean(s):
    return s.mean(axis=0)


def last(s):
    return s[-1]


@E01_6.case("the features")
def _(answer, draw):
    (m,) = draw.sizes(1, 3, 5)
    sequences = [draw.normal(length, m) for length in (4, 1, 7, 2)]
    longest = max(len(s) for s in sequences)
    expect(
        answer.features([s.copy() for s in sequences]),
        feature_matrix(sequences),
        "the feature matrix",
        known={
            "the first step stands in the place of the last": stacked(sequences, mean, lambda s: s[0], len),
            "last comes before the mean; the order is mean, last, count": stacked(sequences, last, mean, len),
            "count comes first; the order is mean, last, count": stacked(sequences, len, mean, last),
            "the sum stands in the place of the mean": stacked(sequences, lambda s: s.sum(axis=0), last, len),
            "the mean is taken over the length of the longest sequence: zeros are no steps": stacked(
                sequences, lambda s: s.sum(axis=0) / longest, last, len
            ),
            "the count is the number of all entries; steps are due": stacked(sequences, mean, last, np.size),
            "the mean is one number; one a column is due": stacked(sequences, np.mean, last, len),
        },
    )


def collide(sequences, labels) -> tuple[int, int]:
    """The first i < j with equal features and different labels."""
    F = feature_matrix(sequences)
    return next(
        (i, j)
        for i in range(len(F))
        for j in range(i + 1, len(F))
        if np.abs(F[i] - F[j]).max() < 1e-9 and labels[i] != labels[j]
    )


@E01_6.case(
    "two that the features cannot tell apart",
    hint="All three must be equal, mean, last and count, and the labels different. Rounding may leave 1e-16 "
    "between two equal means.",
)
def _(answer, draw):
    for _ in range(3):
        m = draw.integer(2, 4)
        base = draw.normal(6, m)
        order = draw.rng.permutation(5)
        while (order == np.arange(5)).all():
            order = draw.rng.permutation(5)
        longer = np.concatenate([base, base])
        kinds = [
            (base, 0, "one"),
            (base[[*order, 5]], 1, "two"),  # same mean, last, count; other label: the collision
            (base[[4, 0, 1, 2, 3, 5]], 0, "same label"),  # equal features, but the label of the first is equal, too
            (longer, 1, "other count"),
            (base[[5, 0, 1, 2, 3, 4]], 1, "other last"),
            (base + 1e-4 * (np.arange(6) == 2)[:, None], 1, "other mean"),
            (draw.normal(4, m), 0, "unlike"),
        ]
        # "same label" must not collide with "two" before the asked pair does: it is put behind both.
        picked = draw.rng.permutation([0, 1, 3, 4, 5, 6]).tolist() + [2]
        sequences, labels = [kinds[k][0] for k in picked], [kinds[k][1] for k in picked]
        i, j = collide(sequences, labels)
        same = tuple(sorted((picked.index(0), picked.index(2))))
        expect(
            answer.collision([s.copy() for s in sequences], list(labels)),
            (i, j),
            "i, j",
            known={
                "the smaller index comes first": (j, i),
                "these two have equal features and equal labels; the labels must differ": same,
                "one of these has another count": tuple(sorted((picked.index(0), picked.index(3)))),
                "one of these has another last step": tuple(sorted((picked.index(0), picked.index(4)))),
                "the means of these two are near but not equal": tuple(sorted((picked.index(0), picked.index(5)))),
            },
        )


@E01_6.case(
    "what is lost",
    hint="For each letter ask: can I compute it from mean, last and count alone? The sum, for instance, is mean "
    "times count.",
)
def _(answer, draw):
    letters = some_of(answer["lost"], "abcdef", "lost")
    if isinstance(letters, str):
        for kept, why in {
            "a": "the number of steps is kept: it is the count",
            "b": "the last step is kept",
            "d": "the sum is kept: it is mean times count",
        }.items():
            require(kept not in letters, "lost holds something that can be had back from the features.", known=why)
        for gone, why in {
            "c": "turn all steps but the last round: mean, last and count stay as they were",
            "e": "the mean says nothing of how far the steps lie from it",
            "f": "the largest step may stand anywhere, and mean and last do not tell how large it is",
        }.items():
            require(gone in letters, "lost lacks something that cannot be had back from the features.", known=why)
    expect(letters, "cef", "lost", reveal=False)
