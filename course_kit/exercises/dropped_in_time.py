"""Notebook 17, dropout, once and at every step: E17.2 and E17.3."""

import numpy as np

from course_kit.checking import Exercise, expect
from course_kit.exercises.closed import one_of
from course_kit.reference.dropout import elman_dropout, inverted_dropout, masks_in_time

T = 7

# E17.2

E17_2 = Exercise(
    "E17.2",
    "Dropout",
    slides=("D3.24",),
    names=("dropout", "dropout_gradient"),
    hints=(
        "keep holds 1 where a value stays and 0 where it goes. What stays is made larger, so that the mean over all "
        "masks is x again; at inference there is nothing to do.",
        "keep * x / (1 - p) if training else x; and the gradient goes the way the values went: keep * g / (1 - p).",
    ),
)


def deal_dropout(draw):
    """x and keep (3, m), with kept and dropped values in each, and p, neither 0.5 nor the share in keep."""
    (m,) = draw.sizes(1, low=5, high=9)
    keep = (draw.uniform(0, 1, 3, m) > 0.4).astype(float)
    keep[:, :2] = [0, 1]
    return draw.normal(3, m), keep, draw.choice([0.15, 0.2, 0.3, 0.35])


def wrong_dropouts(x, keep, p) -> dict:
    """What the usual slips make of it in training."""
    share = keep.mean()
    return {
        "what stays was not scaled: divide by 1 - p": keep * x,
        "what stays was multiplied by 1 - p: divide by it": keep * x * (1 - p),
        "what stays was divided by p: divide by 1 - p, the probability to stay": keep * x / p,
        "the wrong ones were dropped: keep is 1 where a value stays": (1 - keep) * x / (1 - p),
        "nothing was dropped": x,
        "everything was scaled and nothing dropped": x / (1 - p),
        "what stays was divided by the share of ones in this mask; the scale is 1 / (1 - p), whatever was dealt": keep
        * x
        / share,
    }


@E17_2.case("training, with a given mask")
def _(answer, draw):
    x, keep, p = deal_dropout(draw)
    expect(
        answer.dropout(x, keep, p, True),
        inverted_dropout(x, keep, p),
        "y in training",
        known=wrong_dropouts(x, keep, p),
    )


@E17_2.case(
    "a kept 1 is 1.25 for p = 0.2",
    hint="A fifth is dropped; four fifths have to make up for it, so each counts 1 / 0.8.",
)
def _(answer, draw):
    _, keep, _ = deal_dropout(draw)
    x = np.ones_like(keep)
    expect(answer.dropout(x, keep, 0.2, True), 1.25 * keep, "y for x = 1", known=wrong_dropouts(x, keep, 0.2))


@E17_2.case("inference is the identity", hint="With training=False return x as it is, whatever keep and p are.")
def _(answer, draw):
    x, keep, p = deal_dropout(draw)
    known = {
        "values were dropped at inference: with training=False all stay": inverted_dropout(x, keep, p),
        "x was multiplied by 1 - p at inference: that is the paper's first form; here the scale is paid in training": x
        * (1 - p),
        "x was divided by 1 - p at inference: that belongs to training": x / (1 - p),
    }
    expect(answer.dropout(x, keep, p, False), x, "y at inference", tolerance=0.0, known=known)


@E17_2.case("the gradient", hint="y is linear in x, with one factor for each entry. The gradient has the same factor.")
def _(answer, draw):
    g, keep, p = deal_dropout(draw)
    known = {
        "the gradient was let through unscaled: the factor of the forward pass stands here too": keep * g,
        "the gradient was let through everywhere: where a value was dropped, x moves nothing": g,
        "the gradient was scaled, and let through everywhere": g / (1 - p),
    }
    expect(answer.dropout_gradient(g, keep, p), inverted_dropout(g, keep, p), "dL/dx", known=known)


# E17.3

E17_3 = Exercise(
    "E17.3",
    "Dropout in time",
    slides=("D2.18", "D3.24"),
    names=("masks_in_time", "elman_with_dropout", "variance_of_last", "keras_rule"),
    hints=(
        "A mask for all steps is made from the uniform numbers of the first step. In the network the input mask stands "
        "before W and the state's mask before U; the state that is returned is the whole one.",
        "keep = (u >= p), or (u[:, :1] >= p) repeated along axis 1. A step: h = np.tanh(dropped(x[:, t]) @ W + "
        "dropped(h) @ U + b). Variance: run all S copies at once with x repeated, then h[:, -1].var(axis=0).",
    ),
)


@E17_3.case("masks", hint="Keep where u >= p. With fresh=False take u[:, 0] for every step; each sequence has its own.")
def _(answer, draw):
    (m,) = draw.sizes(1)
    u, p = draw.uniform(0, 1, 4, T, m), draw.choice([0.25, 0.3, 0.35])
    kinds = {
        True: "one mask for all steps came back: with fresh=True each step has its own",
        False: "each step has a mask of its own: with fresh=False that of the first step stays",
    }
    for fresh in (True, False):
        right = masks_in_time(u, p, fresh)
        whole = np.broadcast_to(u[:1, :1] >= p, u.shape)
        known = {
            "0 and 1 are exchanged: keep where u >= p": 1 - right,
            kinds[fresh]: masks_in_time(u, p, not fresh),
            "all sequences share one mask; each has its own": whole.astype(float),
            "the masks were scaled already; 0 and 1 are due": right / (1 - p),
            "the mask of the last step was taken for all; take the first": np.repeat(u[:, -1:] >= p, T, 1).astype(
                float
            ),
            "only the mask of one step came back: repeat it, (N, T, m) is due": right[:, :1],
            "kept where u < 1 - p: as likely, but another mask; keep where u >= p": masks_in_time(-u, p - 1, fresh),
        }
        expect(answer.masks_in_time(u, p, fresh), right, f"masks for fresh={fresh}", tolerance=0.0, known=known)


def deal_network(draw, N: int, scale: float = 0.6):
    """x, h0, the weights, and rates with masks that are neither equal nor constant in time."""
    m, n = draw.sizes()
    W, U, b = draw.normal(m, n, scale=scale), draw.normal(n, n, scale=scale), draw.normal(n, scale=0.3)
    keep_x = masks_in_time(draw.uniform(0, 1, N, T, m), 0.4, True)
    keep_h = masks_in_time(draw.uniform(0, 1, N, T, n), 0.4, True)
    return draw.normal(N, T, m), draw.normal(N, n), W, U, b, keep_x, 0.2, keep_h, 0.35


def wrong_network(given, kind):
    """The network with one slip."""
    x, h, W, U, b, keep_x, p_x, keep_h, p_h = given
    hs = []
    for t in range(x.shape[1]):
        back = inverted_dropout(h, keep_h[:, t], p_h)
        if kind == "stored":
            h = inverted_dropout(
                np.tanh(inverted_dropout(x[:, t], keep_x[:, t], p_x) @ W + h @ U + b), keep_h[:, t], p_h
            )
        elif kind == "hidden":
            new = np.tanh(inverted_dropout(x[:, t], keep_x[:, t], p_x) @ W + back @ U + b)
            h = inverted_dropout(new, keep_h[:, t], p_h)
        else:
            kept = (1 - keep_h[:, t]) * h
            h = np.tanh(inverted_dropout(x[:, t], keep_x[:, t], p_x) @ W + back @ U + b) + kept
        hs.append(h)
    return np.stack(hs, axis=1)


@E17_3.case("the network with given masks")
def _(answer, draw):
    given = deal_network(draw, 2)
    x, h0, W, U, b, keep_x, p_x, keep_h, p_h = given
    right = elman_dropout(*given)
    ones_x, ones_h = np.ones_like(keep_x), np.ones_like(keep_h)
    first_x, first_h = keep_x[:, :1].repeat(T, 1), keep_h[:, :1].repeat(T, 1)
    known = {
        "the state's mask is missing": elman_dropout(x, h0, W, U, b, keep_x, p_x, ones_h, 0.0),
        "the input's mask is missing": elman_dropout(x, h0, W, U, b, ones_x, 0.0, keep_h, p_h),
        "what stays was not scaled": elman_dropout(x, h0, W, U, b, keep_x, 0.0, keep_h, 0.0),
        "the two rates are exchanged": elman_dropout(x, h0, W, U, b, keep_x, p_h, keep_h, p_x),
        "both were scaled with p_x": elman_dropout(x, h0, W, U, b, keep_x, p_x, keep_h, p_x),
        "the masks of the first step were used at all steps: use those of step t": elman_dropout(
            x, h0, W, U, b, first_x, p_x, first_h, p_h
        ),
        "the new state was dropped, not the one that comes back: the mask of step t is for h of step t - 1": (
            wrong_network(given, "stored")
        ),
        "the dropped state was kept as h; the mask stands on the way into U only": wrong_network(given, "hidden"),
        "where the mask was 0 the old value was kept: that is zoneout, another method": wrong_network(given, "zoneout"),
        "the state was not carried: h starts at h0 and then is the last one": np.concatenate(
            [
                elman_dropout(x[:, t : t + 1], h0, W, U, b, keep_x[:, t : t + 1], p_x, keep_h[:, t : t + 1], p_h)
                for t in range(T)
            ],
            axis=1,
        ),
        "only the last state came back: all T are due": right[:, -1],
        "the bias is missing": elman_dropout(x, h0, W, U, 0 * b, *given[5:]),
    }
    expect(answer.elman_with_dropout(*given), right, "h", known=known)


@E17_3.case(
    "variance of the last state, both ways",
    hint="x is one sequence: repeat it S times, start at 0, let no state be dropped (ones, and p_h = 0), and take the "
    "variance of h[:, -1] over the S copies.",
)
def _(answer, draw):
    m, n = draw.sizes()
    S = 40
    x, p = draw.normal(T, m), 0.3
    W, U, b = draw.normal(m, n, scale=0.4), draw.normal(n, n, scale=0.3), draw.normal(n, scale=0.3)
    u = draw.uniform(0, 1, S, T, m)
    for fresh in (True, False):
        keep = masks_in_time(u, p, fresh)
        h = elman_dropout(np.stack([x] * S), np.zeros((S, n)), W, U, b, keep, p, np.ones((S, T, n)), 0.0)
        last = h[:, -1]
        known = {
            "this is the standard deviation; the variance is its square": last.std(axis=0),
            "divided by S - 1: divide by S, the mean of the squares is meant": last.var(axis=0, ddof=1),
            "one number over all units and copies came back: one for each unit is due": np.full(n, last.var()),
            "the variance over the units was taken: take it over the copies": last.var(axis=1),
            "this is the variance over time and copies: only the last step counts": h.var(axis=(0, 1)),
            "this is the mean, not the variance": last.mean(axis=0),
        }
        what = f"variance of h_T, {'a new mask at each step' if fresh else 'one mask'}"
        expect(answer.variance_of_last(x, W, U, b, keep, p), last.var(axis=0), what, known=known)


@E17_3.case("Keras' rule", hint="Give a Keras layer dropout=0.5, W = I, U = 0 and x = 1, with training=True, and look.")
def _(answer, draw):
    expect(
        one_of(answer["keras_rule"], "abcd", "keras_rule"),
        "b",
        "keras_rule",
        known={
            "a mask for the whole batch would drop the same features for every text; each sequence has its own": "a",
            "a new mask at each step is what a Dropout layer before the LSTM does, not the argument": "c",
            "a mask for each gate was Keras 1's way, four for an LSTM; Keras 3 deals one for all gates": "d",
        },
        reveal=False,
    )
