"""Notebook 20, a reader and a writer, and what lies between them: E20.1 and E20.2."""

import numpy as np

from course_kit.checking import Exercise, expect, require
from course_kit.reference.activations import softmax
from course_kit.reference.encoder_decoder import END, PAD, additive_attention, final_state, teaching_arrays
from course_kit.reference.lstm import lstm_forward

# E20.1

E20_1 = Exercise(
    "E20.1",
    "Encoder-decoder",
    slides=("D5.17",),
    names=("teaching_arrays", "final_state"),
    hints=(
        "Three arrays of zeros first. The decoder reads 11 and then the reversed digits; it should write the reversed "
        "digits and then 12. Row by row the second array is the third one, moved right by one place.",
        "For a row: given[row, : L + 1] = [11, *reversed]; due[row, : L + 1] = [*reversed, 12], with d + 1 for the "
        "digit d. In final_state keep the old h and c where t >= lengths: h = np.where(t < lengths[:, None], new_h, "
        "h).",
    ),
)


def deal_strings(draw, count: int = 3) -> list[str]:
    """Digit strings of different lengths, the longest not first."""
    lengths = [3, 6, 2, 5, 4][:count]
    return ["".join(str(d) for d in draw.integers(0, 9, L)) for L in lengths]


def wrong_arrays(strings) -> dict:
    """What the usual slips make of the three arrays, as (sentence: triple)."""
    read, given, due = teaching_arrays(strings)
    not_reversed = [teaching_arrays([s[::-1] for s in strings])[k] for k in (1, 2)]
    no_end = np.where(due == END, PAD, due)
    digits = np.where((read > 0), read - 1, 0)
    return {
        "the decoder reads what it should write: it would only have to copy": (read, due, due),
        "the targets are in the order of the source: they must be reversed": (read, *not_reversed),
        "the targets have no end sign 12, so nothing teaches the decoder to stop": (read, given, no_end),
        "the decoder's input and target are swapped": (read, due, given),
        "0 is padding: the digit d is the number d + 1": (digits, given, due),
        "the encoder's digits are reversed; only the targets are": (
            teaching_arrays([s[::-1] for s in strings])[0],
            given,
            due,
        ),
    }


@E20_1.case("the three arrays")
def _(answer, draw):
    strings = deal_strings(draw)
    expect(
        answer.teaching_arrays(strings),
        teaching_arrays(strings),
        "encoder_in, decoder_in, decoder_out",
        known=wrong_arrays(strings),
    )


@E20_1.case("one string, and one digit", hint="The shapes are (N, S) and twice (N, S + 1), S being the longest length.")
def _(answer, draw):
    for strings in (deal_strings(draw, 1), [str(draw.integer(0, 9))]):
        expect(answer.teaching_arrays(strings), teaching_arrays(strings), "encoder_in, decoder_in, decoder_out")


def deal_encoder(draw, m: int, n: int):
    return draw.normal(m, 4 * n), draw.normal(n, 4 * n, scale=0.5), draw.normal(4 * n)


@E20_1.case(
    "the state that is handed over",
    hint="A row of 3 digits among rows of 7 ends at step 3; at the padding behind it h and c must stay what they were.",
)
def _(answer, draw):
    m, n = draw.sizes()
    x, weights = draw.normal(3, 7, m), deal_encoder(draw, m, n)
    lengths = np.array([4, 7, 2])
    zero = np.zeros((3, n))
    hs, cs = lstm_forward(x, zero, zero, *weights)
    h, c = final_state(x, lengths, *weights)
    known = {
        "padding was read too: the state after the last column came back": (hs[:, -1], cs[:, -1]),
        "one step too many: lengths counts from 1, and the columns from 0": (
            hs[np.arange(3), np.minimum(lengths, 6)],
            cs[np.arange(3), np.minimum(lengths, 6)],
        ),
        "h and c are swapped: return h, then c": (c, h),
    }
    expect(answer.final_state(x, lengths, *weights), (h, c), "h, c", known=known)


# E20.2

E20_2 = Exercise(
    "E20.2",
    "Attention in the decoder",
    slides=("D5.17",),
    names=("attend",),
    hints=(
        "All pairs at once: (q @ W_q)[:, :, None] has the shape (N, T, 1, n), (x @ W_k)[:, None] has (N, 1, S, n). "
        "Their sum is (N, T, S, n), and @ v makes it (N, T, S).",
        "s = np.tanh((q @ W_q)[:, :, None] + (x @ W_k)[:, None]) @ v; s = np.where(mask[:, None], s, -np.inf); a "
        "softmax over the last axis gives p; a = p @ x.",
    ),
)


def deal_attention(draw, scale: float = 1.0):
    n = draw.sizes(1, 4, 6)[0]
    q, x = draw.normal(2, 3, n), draw.normal(2, 7, n)
    mask = np.arange(7) < np.array([[7], [draw.integer(3, 5)]])
    return q, x, mask, draw.normal(n, n), draw.normal(n, n), draw.normal(n, scale=scale)


def wrong_attention(q, x, mask, W_q, W_k, v) -> dict:
    """What the usual slips make of contexts and weights."""
    everywhere = np.ones_like(mask)
    s = np.tanh((q @ W_q)[:, :, None] + (x @ W_k)[:, None]) @ v
    over_queries = softmax(s, axis=1) * mask[:, None]
    zeroed = softmax(s) * mask[:, None]
    linear = softmax(np.where(mask[:, None], ((q @ W_q)[:, :, None] + (x @ W_k)[:, None]) @ v, -np.inf))
    dots = softmax(np.where(mask[:, None], (q @ W_q) @ (x @ W_k).swapaxes(1, 2), -np.inf))
    right = additive_attention(q, x, mask, W_q, W_k, v)
    return {
        "padding got weight too: use the mask": additive_attention(q, x, everywhere, W_q, W_k, v),
        "padding was struck out after the softmax, so a row no longer adds up to 1": (zeroed @ x, zeroed),
        "the softmax ran over the words that ask; it runs over the words that are read, the last axis": (
            over_queries @ x,
            over_queries,
        ),
        "the hyperbolic tangent is missing": (linear @ x, linear),
        "these scores are dot products; slide and paper have a network with one hidden layer": (dots @ x, dots),
        "the context is a mean of the x_j, not of the x_j W_k": (right[1] @ (x @ W_k), right[1]),
        "W_q and W_k are swapped": additive_attention(q, x, mask, W_k, W_q, v),
        "the weights came first: return a, then p": right[::-1],
    }


@E20_2.case("values")
def _(answer, draw):
    dealt = deal_attention(draw)
    expect(answer.attend(*dealt), additive_attention(*dealt), "a, p", known=wrong_attention(*dealt))


@E20_2.case("a row adds up to 1, and padding gets nothing", hint="Put -inf in place of the scores of padding.")
def _(answer, draw):
    dealt = deal_attention(draw)
    a, p = additive_attention(*dealt)
    obtained = answer.attend(*dealt)
    expect(obtained, (a, p), "a, p", known=wrong_attention(*dealt))
    require(
        np.allclose(obtained[1].sum(axis=-1), 1.0, rtol=0, atol=1e-12), "the weights p must add up to 1 in each row."
    )


@E20_2.case("large scores", hint="Subtract the largest score of a row before exp.")
def _(answer, draw):
    dealt = deal_attention(draw, scale=1000.0)
    expect(answer.attend(*dealt), additive_attention(*dealt), "a, p for scores of the order of 1000", tolerance=1e-9)


@E20_2.case("one word to look at", hint="With one word the weight is 1 and the context is its state.")
def _(answer, draw):
    q, x, _, *weights = deal_attention(draw)
    mask = np.arange(7) < np.ones((2, 1))
    expect(
        answer.attend(q, x, mask, *weights),
        additive_attention(q, x, mask, *weights),
        "a, p where only the first word is real",
    )
