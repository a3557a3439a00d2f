"""Notebook 12: reading from both ends. E12.1-E12.3 are here; the others are imported."""

import numpy as np

from course_kit.checking import Exercise, expect, require
from course_kit.exercises.both_ends import E12_4, E12_5
from course_kit.reference.bidirectional import MERGES, bidirectional_forward, from_the_end, one_way

__all__ = ["E12_1", "E12_2", "E12_3", "E12_4", "E12_5"]

T = 7


def deal(draw):
    """x (2, T, m) and two sets of weights that have nothing in common."""
    m, n = draw.sizes()
    ways = [(draw.normal(m, n), draw.normal(n, n, scale=0.6), draw.normal(n)) for _ in range(2)]
    return draw.normal(2, T, m), *ways


E12_1 = Exercise(
    "E12.1",
    "By hand",
    slides=("D1.24", "D4.45"),
    names=("backward_pass", "bidirectional"),
    hints=(
        "Reverse the axis of time, x[:, ::-1], run the network, and put its states back to their own times.",
        "backward_pass is one_way(x[:, ::-1], W, U, b)[:, ::-1]. bidirectional computes h = one_way(x, *forward) and "
        "g = backward_pass(x, *backward), then np.concatenate([h, g], axis=-1), h + g, (h + g) / 2 or h * g.",
    ),
)


@E12_1.case("the backward pass")
def _(answer, draw):
    x, _, weights = deal(draw)
    g = from_the_end(x, weights)
    expect(
        answer.backward_pass(x, *weights),
        g,
        "backward_pass(x, W, U, b)",
        known={
            "the second flip is missing: the states stand in the order of reading, not in that of time": g[:, ::-1],
            "x is not reversed in time, which is axis 1: this network reads from the start": one_way(x, *weights),
            "x is not reversed; only the states are": one_way(x, *weights)[:, ::-1],
            "the batch was reversed: time is axis 1, x[:, ::-1]": one_way(x[::-1], *weights),
            "the inputs of a step were reversed as well: time is axis 1, x[:, ::-1]": from_the_end(
                x[:, :, ::-1], weights
            ),
        },
    )


@E12_1.case(
    "four ways to merge",
    hint="Each way has weights of its own, and each state belongs to the time of the step that made it.",
)
def _(answer, draw):
    x, forward, backward = deal(draw)
    h, g = one_way(x, *forward), from_the_end(x, backward)
    for merge, join in MERGES.items():
        expect(
            answer.bidirectional(x, forward, backward, merge),
            bidirectional_forward(x, forward, backward, merge),
            f'bidirectional(x, forward, backward, "{merge}")',
            known={
                "the backward states are not put back to their own times": join(h, g[:, ::-1]),
                "both ways have the weights of the forward one": join(h, from_the_end(x, forward)),
                "the two sets of weights are exchanged": join(one_way(x, *backward), from_the_end(x, forward)),
                "the backward way stands first; the forward one is due first": join(g, h),
                "the second network reads from the start as well": join(h, one_way(x, *backward)),
                "this is the sum": h + g,
                "this is the mean": (h + g) / 2,
                "joined along time, not along units: axis=-1": np.concatenate([h, g], axis=1),
            },
        )


@E12_1.case("the same forwards and backwards")
def _(answer, draw):
    x, weights, _ = deal(draw)
    palindrome = np.concatenate([x, x[:, ::-1]], axis=1)
    y = bidirectional_forward(palindrome, weights, weights, "sum")
    expect(
        answer.bidirectional(palindrome, weights, weights, "sum"),
        y,
        'bidirectional(..., "sum") of a sequence that reads the same from both ends',
        tolerance=1e-10,
    )


E12_2 = Exercise(
    "E12.2",
    "go_backwards is not flip",
    slides=("D1.24",),
    names=("index_map", "merged", "summary"),
    hints=(
        "A layer with go_backwards=True reads the last step first, so what it puts out first belongs to the last time.",
        "index_map is np.arange(T)[::-1]. merged is np.concatenate([h, g[:, ::-1]], axis=-1). summary takes position "
        "T - 1 of both, np.concatenate([h[:, -1], g[:, -1]], axis=-1).",
    ),
)


@E12_2.case("which time each position belongs to")
def _(answer, draw):
    for length in draw.sizes(3, low=3, high=9):
        expect(
            answer.index_map(length),
            np.arange(length)[::-1],
            f"index_map({length})",
            tolerance=0.0,
            known={
                "position k was made when k + 1 steps had been read, from the end": np.arange(length),
                "times count from 0": np.arange(length, 0, -1),
                "this is off by one: position 0 belongs to the last time, T - 1": np.arange(length)[::-1] - 1,
            },
        )


@E12_2.case("merged", hint="Turn g along its axis of time, then put the two side by side along the last axis.")
def _(answer, draw):
    x, forward, backward = deal(draw)
    h, g = one_way(x, *forward), one_way(x[:, ::-1], *backward)
    expect(
        answer.merged(h, g),
        bidirectional_forward(x, forward, backward),
        "merged(h, g)",
        known={
            "g is not turned: h at time 0 stands beside g of time T - 1": np.concatenate([h, g], axis=-1),
            "h was turned instead of g": np.concatenate([h[:, ::-1], g], axis=-1),
            "the units of g were turned; time is axis 1": np.concatenate([h, g[..., ::-1]], axis=-1),
            "g stands first; h is due first": np.concatenate([g[:, ::-1], h], axis=-1),
        },
    )


@E12_2.case(
    "summary", hint="At which position of each array has its network read the whole sequence? g is in order of reading."
)
def _(answer, draw):
    x, forward, backward = deal(draw)
    h, g = one_way(x, *forward), one_way(x[:, ::-1], *backward)

    def pick(k, j):
        return np.concatenate([h[:, k], g[:, j]], axis=-1)

    expect(
        answer.summary(h, g),
        pick(-1, -1),
        "summary(h, g)",
        known={
            "that state of g has read one step only, the last: this is position T - 1 of the merged output": pick(
                -1, 0
            ),
            "that state of h has read one step only: this is position 0 of the merged output": pick(0, -1),
            "neither has read more than one step": pick(0, 0),
            "g stands first; h is due first": np.concatenate([g[:, -1], h[:, -1]], axis=-1),
            "these are means over time; one state of each is due": np.concatenate(
                [h.mean(axis=1), g.mean(axis=1)], axis=-1
            ),
        },
    )


E12_3 = Exercise(
    "E12.3",
    "Future influences past",
    slides=("D1.24", "D4.46"),
    names=("change", "pattern"),
    hints=(
        "Run both networks twice, with x and with a copy whose step t has delta added; then look at the differences, "
        "time by time. A state can change only if step t had been read when it was made.",
        "moved = x.copy(); moved[:, t] += delta; np.abs(one_way(moved, *forward) - one_way(x, *forward)) "
        ".max(axis=(0, 2)), and the same with bidirectional. The patterns are np.tril, np.triu and np.ones of (T, T).",
    ),
)


def changes(run, x, t, delta, size=np.abs):
    moved = x.copy()
    moved[:, t] += delta
    return size(run(moved) - run(x)).max(axis=(0, 2))


@E12_3.case("the last step is moved")
def _(answer, draw):
    compare_changes(answer, draw, T - 1)


@E12_3.case("a step in the middle is moved")
def _(answer, draw):
    compare_changes(answer, draw, draw.integer(2, T - 3))


def compare_changes(answer, draw, t):
    x, forward, backward = deal(draw)
    delta = draw.normal(x.shape[2])
    alone = changes(lambda x: one_way(x, *forward), x, t, delta)
    both = changes(lambda x: bidirectional_forward(x, forward, backward), x, t, delta)
    back = changes(lambda x: from_the_end(x, backward), x, t, delta)
    signed = tuple(
        changes(run, x, t, delta, np.positive)
        for run in (lambda x: one_way(x, *forward), lambda x: bidirectional_forward(x, forward, backward))
    )
    obtained = answer.change(x, forward, backward, t, delta)
    expect(
        obtained,
        (alone, both),
        "change of forward, change of bidirectional",
        known={
            "the two are exchanged: forward comes first": (both, alone),
            "the sign of a change counts here: take np.abs before the largest": signed,
            "the second is the backward way alone; both together are due": (alone, back),
            "another step was moved: times count from 0": tuple(
                changes(run, x, t - 1, delta)
                for run in (lambda x: one_way(x, *forward), lambda x: bidirectional_forward(x, forward, backward))
            ),
        },
    )
    require(not np.any(obtained[0][:t]), "the forward states before the moved step must not change at all.")


@E12_3.case(
    "the patterns", hint="Row: time of the output; column: time of the input. 1 where the first sees the second."
)
def _(answer, draw):
    length = draw.integer(4, 8)
    lower = np.tril(np.ones((length, length)))
    for kind, due, wrong in (
        ("forward", lower, lower.T),
        ("backward", lower.T, lower),
        ("both", np.ones_like(lower), np.eye(length)),
    ):
        expect(
            answer.pattern(length, kind),
            due,
            f'pattern({length}, "{kind}")',
            tolerance=0.0,
            known={
                "rows and columns are exchanged, or the direction of reading": wrong,
                "the diagonal is missing: a state sees the step at its own time": due - np.eye(length),
                "the concatenated output sees what either way sees: all": np.eye(length)[::-1],
            },
        )
