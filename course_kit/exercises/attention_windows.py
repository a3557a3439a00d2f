"""Notebook 13, windows with fixed weights and with weights of their own for each step: E13.1 and E13.2."""

import numpy as np

from course_kit.checking import Exercise, expect, require
from course_kit.reference.activations import softmax
from course_kit.reference.local_attention import content_window, fixed_window

T = 7


def deal_weights(draw, n: int) -> np.ndarray:
    """2n + 1 positive weights with the sum 1, all different, the two sides unlike."""
    a = draw.uniform(0.2, 1.0, 2 * n + 1) * np.linspace(1.0, 2.0, 2 * n + 1)
    return a / a.sum()


def each(window, h, *args, **kwargs):
    """A window of the reference, which takes one sequence, for a batch."""
    return np.stack([window(one, *args, **kwargs) for one in h])


# E13.1

E13_1 = Exercise(
    "E13.1",
    "Weighted moving average",
    slides=("D1.25",),
    names=("window_average",),
    hints=(
        "The weight a[i] belongs to the step k + i - n, so a[n] to step k itself and a[0] to the earliest. Near an end "
        "some of these steps do not exist: leave them out, and divide by the sum of the weights that are left.",
        "For each k: seen = [i for i in range(2n + 1) if 0 <= k + i - n < T]; "
        "sum(a[i] * h[:, k + i - n] for i in seen) / sum(a[i] for i in seen). First of all: "
        "if abs(a.sum() - 1) > 1e-6: raise ValueError('...').",
    ),
)


def padded_average(h, a, mode):
    """The window on a sequence that goes on beyond its ends in one way or another."""
    n = len(a) // 2
    longer = np.pad(h, [(0, 0), (n, n), (0, 0)], mode=mode)
    return sum(a[i] * longer[:, i : i + h.shape[1]] for i in range(len(a)))


def wrong_windows(h, a) -> dict:
    """What the usual slips make of the window."""
    n = len(a) // 2
    right = each(fixed_window, h, a)
    valid = padded_average(h, a, "constant")[:, n : h.shape[1] - n]
    known = {
        "the weights run the wrong way round: a[0] belongs to the earliest step, h at k - n": each(
            fixed_window, h, a[::-1]
        ),
        "beyond the ends zeros were added; there the sum of the weights falls short of 1": padded_average(
            h, a, "constant"
        ),
        "beyond the ends zeros were added, and the weights run the wrong way round": padded_average(
            h, a[::-1], "constant"
        ),
        "beyond the ends the first and the last step were repeated; such steps are left out": padded_average(
            h, a, "edge"
        ),
        "beyond the ends the sequence was mirrored; such steps are left out": padded_average(h, a, "reflect"),
        "beyond the ends the sequence was continued at the other end; such steps are left out": padded_average(
            h, a, "wrap"
        ),
        "all weights were taken as equal": each(fixed_window, h, np.full(len(a), 1 / len(a))),
        "the window looks back only: a[n] belongs to step k itself": each(fixed_window, h, a, causal=True),
        "only the steps with a whole window came back: all T are due": valid,
        "nothing was averaged": h,
        "the window ran over the features; it runs over time, axis 1": each(lambda one: fixed_window(one.T, a).T, h),
        "only the last step came back: all T are due": right[:, -1],
    }
    return known


@E13_1.case("values, the ends included")
def _(answer, draw):
    n = draw.integer(1, 2)
    h, a = draw.normal(2, T, draw.sizes(1)[0]), deal_weights(draw, n)
    expect(answer.window_average(h, a), each(fixed_window, h, a), "o", known=wrong_windows(h, a))


@E13_1.case("away from the ends, by numpy.convolve", hint="numpy.convolve turns the second of its arguments round.")
def _(answer, draw):
    h, a = draw.normal(2, 12, 3), deal_weights(draw, 2)
    obtained = answer.window_average(h, a)
    expect(obtained, each(fixed_window, h, a), "o", known=wrong_windows(h, a))
    by_hand = np.stack([[np.convolve(f, a[::-1], "valid") for f in one.T] for one in h]).swapaxes(1, 2)
    expect(obtained[:, 2:-2], by_hand, "o away from the ends")


@E13_1.case(
    "a constant stays what it is",
    hint="At the ends the weights of the steps that exist must be divided by their sum.",
)
def _(answer, draw):
    n, level = draw.integer(1, 3), draw.normal(2, 1, 3)
    h = np.repeat(level, T, axis=1)
    a = deal_weights(draw, n)
    expect(answer.window_average(h, a), h, "o for a constant h", known=wrong_windows(h, a))


@E13_1.case("a window wider than the sequence", hint="Steps that do not exist are left out on both sides at once.")
def _(answer, draw):
    h, a = draw.normal(2, 3, 2), deal_weights(draw, 4)
    expect(answer.window_average(h, a), each(fixed_window, h, a), "o for 3 steps and 9 weights")


def refusal_probe(names, h, a):
    """What window_average does with weights that it must refuse: the error's name, or that there was none."""
    try:
        result = names["window_average"](h, a)
    except Exception as error:
        return type(error).__name__
    return None if result is None else "no error"


@E13_1.case("weights that do not add up to 1", hint="if abs(a.sum() - 1) > 1e-6: raise ValueError(...)")
def _(answer, draw):
    h, a = draw.normal(2, T, 3), deal_weights(draw, 1)
    for wrong in (1.5 * a, 0.9 * a, a * [1, 0, 1]):
        expect(
            answer.probe(refusal_probe, h, wrong),
            "ValueError",
            f"the response to weights of the sum {wrong.sum():.3g}",
            known={"they were taken as they are; the slide demands a sum of 1, so raise a ValueError": "no error"},
        )
    # rounding is no offence
    expect(
        answer.probe(refusal_probe, h, np.full(3, 1 / 3) + 1e-9),
        "no error",
        "the response to a sum of 1 + 3e-9",
        known={"such a sum is 1 up to rounding; allow for 1e-6": "ValueError"},
    )


# E13.2

E13_2 = Exercise(
    "E13.2",
    "Weights that look at content",
    slides=("D1.25",),
    names=("window_mask", "content_attention"),
    hints=(
        "All products at once are h @ h.swapaxes(1, 2), which is (N, T, T). Before the softmax over the last axis, "
        "what is outside of the window must become so small that nothing is left of it.",
        "scores = h @ h.swapaxes(1, 2) / np.sqrt(m); scores = np.where(mask, scores, -np.inf); e = np.exp(scores - "
        "scores.max(axis=-1, keepdims=True)); A = e / e.sum(axis=-1, keepdims=True); return A @ h, A. The mask is "
        "np.abs(k[:, None] - k[None, :]) <= n with k = np.arange(T).",
    ),
)


def masked(length: int, n: int) -> np.ndarray:
    k = np.arange(length)
    return np.abs(k[:, None] - k[None, :]) <= n


def attention(h, n, scale=True, axis=-1, mask=None):
    """o and A, if need be with a slip."""
    scores = h @ h.swapaxes(1, 2) / (np.sqrt(h.shape[2]) if scale else 1.0)
    mask = masked(h.shape[1], n) if mask is None else mask
    A = softmax(np.where(mask, scores, -np.inf), axis=axis)
    return A @ h, A


@E13_2.case("the mask of the window")
def _(answer, draw):
    for length, n in ((T, 2), (5, 0), (4, 6)):
        mask = masked(length, n)
        strict, back = masked(length, n - 1), np.tril(mask)
        obtained = answer.window_mask(length, n)
        if isinstance(obtained, np.ndarray) and obtained.dtype.kind in "biuf":
            obtained = obtained.astype(float)
        expect(
            obtained,
            mask.astype(float),
            f"window_mask({length}, {n})",
            tolerance=0,
            known={
                "the mask is the other way round: True where a step is seen": (~mask).astype(float),
                "the edges of the window are missing: |j - k| <= n": strict.astype(float),
                "the window looks back only": back.astype(float),
                "the window looks ahead only": back.T.astype(float),
            },
        )


@E13_2.case(
    "values",
    hint="Put -inf where the mask is False, then take the softmax over the last axis: a row adds up to 1.",
)
def _(answer, draw):
    (m,) = draw.sizes(1)
    h, n = draw.normal(2, T, m), 2
    o, A = attention(h, n)
    # the twin is one of loops over windows and shares no line with the matrices above
    require(np.allclose(o, each(content_window, h, 2 * n + 1), rtol=0, atol=1e-12), "the check contradicts itself")
    mask = masked(T, n)
    scores = h @ h.swapaxes(1, 2) / np.sqrt(m)
    after = softmax(scores) * mask
    zeros = softmax(scores * mask)
    level = np.stack([mask / mask.sum(axis=1, keepdims=True)] * 2)
    expect(
        answer.content_attention(h, n),
        (o, A),
        "o, A",
        known={
            "the window is missing: every step sees every other": attention(h, n, mask=np.ones((T, T), bool)),
            "the scores are not divided by the root of m": attention(h, n, scale=False),
            "the softmax ran over the wrong axis: each row must add up to 1": attention(h, n, axis=1),
            "the scores outside of the window became 0, and exp(0) is 1; make them -inf": (zeros @ h, zeros),
            "the weights outside of the window were cut off after the softmax, so rows fall short of 1": (
                after @ h,
                after,
            ),
            "all steps in the window have the same weight: the scores are missing": (level @ h, level),
            "the window looks back only": attention(h, n, mask=np.tril(mask)),
            "A came back transposed": (o, A.swapaxes(1, 2)),
            "o was taken with A transposed": (A.swapaxes(1, 2) @ h, A),
            "the order is exchanged: return o first": (A, o),
            "the scores were divided by m, not by its root": attention_scaled(h, mask, m),
        },
    )


def attention_scaled(h, mask, divisor):
    A = softmax(np.where(mask, h @ h.swapaxes(1, 2) / divisor, -np.inf))
    return A @ h, A


@E13_2.case(
    "large states",
    hint="Subtract from each row its largest score before exp: the quotient stays, the overflow goes.",
)
def _(answer, draw):
    h = draw.normal(2, T, 4, scale=100.0)
    expect(answer.content_attention(h, 1), attention(h, 1), "o, A for states of the order of 100", tolerance=1e-10)


@E13_2.case("a window of one step, and one of all", hint="With n = 0 a step sees itself alone, so o is h.")
def _(answer, draw):
    h = draw.normal(2, T, 4)
    expect(answer.content_attention(h, 0), (h, np.stack([np.eye(T)] * 2)), "o, A for n = 0")
    expect(answer.content_attention(h, T), attention(h, T), f"o, A for n = {T}, a window over everything,")
