"""Notebook 19, the second problem of the assignment on D5.20: pairs of characters as inputs, and dropout. E19.9."""

import numpy as np

from course_kit.checking import Exercise, expect
from course_kit.exercises.char_nets import weights
from course_kit.exercises.closed import one_of
from course_kit.reference.lstm import lstm_forward

E19_9 = Exercise(
    "E19.9",
    "Pairs as inputs",
    slides=("D5.20",),
    names=("pairs_and_targets", "pair_logits", "left_alone"),
    hints=(
        "A pair (a, b) is the number a S + b, as 42 is the pair (4, 2) to the base 10. Neighbouring pairs overlap in "
        "one "
        "character. The dropped embedding goes into the LSTM, and what comes out of it is dropped before V.",
        "x = ids[:-2] * S + ids[1:-1], y = ids[2:]. Then e = E[pairs] * keep_in / (1 - p); h carried as it is; "
        "logits = (h * "
        "keep_out / (1 - p)) @ V + b_y.",
    ),
)


@E19_9.case("pairs and what follows them")
def _(answer, draw):
    S = draw.integer(5, 12)
    ids = draw.integers(0, S - 1, 15)
    x, y = ids[:-2] * S + ids[1:-1], ids[2:]
    known = {
        "the older character counts S times, the newer once: yours is the other way round": (
            ids[:-2] + ids[1:-1] * S,
            y,
        ),
        "the pairs do not overlap; a pair stands at every place, so that every character is foretold": (
            ids[:-2:2] * S + ids[1:-1:2],
            ids[2::2],
        ),
        "the target is the second character of the pair itself, which is known": (x, ids[1:-1]),
        "the target is a pair; one character is due": (x[:-1], x[1:]),
        "the targets stand one place too late": (x[:-1], ids[3:]),
        "a pair (a, b) must not be mixed up with (b, a): a S + b, not a + b": (ids[:-2] + ids[1:-1], y),
    }
    expect(answer.pairs_and_targets(ids, S), (x, y), "x, y", tolerance=0.0, known=known)


def run(pairs, p, keep_in, keep_out, rate, *, scale=True, late=False, recurrent=False):
    """Logits in training; the flags make the known wrong forms."""
    E, W, U, b, V, b_y = p
    s = 1 / (1 - rate) if scale else 1.0
    h = c = np.zeros((len(pairs), len(U)))
    out = []
    for t in range(pairs.shape[1]):
        e = E[pairs[:, t]]
        e = e if late else e * keep_in[:, t] * s
        h, c = (a[:, 0] for a in lstm_forward(e[:, None], h, c, W, U, b))
        shown = h * keep_out[:, t] * s
        if recurrent:
            h = shown
        out.append(shown @ V + b_y)
    return np.stack(out, axis=1)


def deal(draw):
    S = draw.integer(4, 6)
    d, n = draw.sizes()
    p = weights(draw, S, d, n, inputs=S * S)
    pairs = draw.integers(0, S * S - 1, 2, 7)
    rate = float(draw.uniform(0.2, 0.5, 1)[0])
    keep_in, keep_out = ((draw.uniform(0, 1, 2, 7, k) > rate).astype(float) for k in (d, n))
    return pairs, p, keep_in, keep_out, rate


@E19_9.case(
    "training: dropped on the way in and on the way out",
    hint="What is kept is divided by 1 - p. h goes on to the next step as it is; a dropped copy of it goes to V.",
)
def _(answer, draw):
    pairs, p, keep_in, keep_out, rate = deal(draw)
    ones_in, ones_out = np.ones_like(keep_in), np.ones_like(keep_out)
    zeroed = run(pairs, p, keep_in, keep_out, 0.0)
    known = {
        "the state was dropped as well: what goes to the next step must be whole": run(
            pairs, p, keep_in, keep_out, rate, recurrent=True
        ),
        "what is kept was not made larger: divide by 1 - p": zeroed,
        "nothing was dropped": run(pairs, p, ones_in, ones_out, 0.0),
        "nothing was dropped on the way in": run(pairs, p, None, keep_out, rate, late=True),
        "nothing was dropped on the way out": run(pairs, p, keep_in, ones_out * (1 - rate), rate),
    }
    expect(
        answer.pair_logits(pairs, *p, keep_in, keep_out, rate),
        run(pairs, p, keep_in, keep_out, rate),
        "logits",
        tolerance=1e-9,
        known=known,
    )


@E19_9.case("nothing dropped: p = 0 and masks of ones", hint="With p = 0 this is the model of E19.3 on pairs.")
def _(answer, draw):
    pairs, p, keep_in, keep_out, _ = deal(draw)
    ones = np.ones_like(keep_in), np.ones_like(keep_out)
    expect(answer.pair_logits(pairs, *p, *ones, 0.0), run(pairs, p, *ones, 0.0), "logits", tolerance=1e-9)


@E19_9.case("what is left alone", hint="Which of the four is crossed once in each step, so that its losses multiply?")
def _(answer, draw):
    expect(
        one_of(answer["left_alone"], "abcd", "left_alone"),
        "c",
        "left_alone",
        reveal=False,
        known={
            "between embedding and LSTM a value passes once; it may be dropped": "a",
            "between LSTM and the last layer a value passes once; it may be dropped": "b",
            "between two layers of LSTMs a value passes upwards once; it may be dropped": "d",
        },
    )
