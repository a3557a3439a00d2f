"""Notebook 20, Google's translator: widths and weights (E20.3), and how its encoder is wired (E20.10)."""

import numpy as np

from course_kit.checking import Exercise, expect
from course_kit.reference.encoder_decoder import gnmt_count, gnmt_encoder, gnmt_inputs
from course_kit.reference.lstm import lstm_forward

# E20.3

E20_3 = Exercise(
    "E20.3",
    "GNMT on paper",
    slides=("D5.17",),
    names=("input_widths", "count_weights"),
    hints=(
        "In the encoder only the second layer reads something wide: both halves of the first, side by side. In the "
        "decoder all layers but the bottom one read what comes from below and the context, side by side. A residual "
        "link has no weights.",
        "encoder [d, 2d, d, ..., d], decoder [d, 2d, ..., 2d]. An LSTM that reads m numbers has 4d(m + d + 1) "
        "weights; the first of the encoder counts twice. Then (V_s + V_t) d for the embeddings, 2 d^2 + d for "
        "attention and (2d + 1) V_t for the read-out.",
    ),
)


def wrong_widths(d: int, layers: int) -> dict:
    encoder, decoder = gnmt_inputs(d, layers)
    return {
        "layer 2 of the encoder reads both halves of the first, 2d numbers": ([d] * layers, decoder),
        "only the bottom layer of the encoder reads from both ends; above layer 2 the width is d": (
            [d] + [2 * d] * (layers - 1),
            decoder,
        ),
        "the layers of the decoder above the bottom one read the context too": (encoder, [d] * layers),
        "the bottom layer of the decoder asks and gets no context: it reads d numbers": (encoder, [2 * d] * layers),
        "the decoder came first": (decoder, encoder),
    }


@E20_3.case("what each layer reads")
def _(answer, draw):
    for d, layers in ((8, 8), (draw.integer(3, 40), draw.integer(4, 9))):
        known = wrong_widths(d, layers)
        expect(
            answer.input_widths(d, layers),
            gnmt_inputs(d, layers),
            f"encoder, decoder (d = {d}, {layers} layers)",
            known=known,
        )


def wrong_counts(d, layers, V_s, V_t) -> dict:
    right = gnmt_count(d, layers, V_s, V_t)
    lstm = 4 * d * (d + d + 1)
    return {
        "the first layer of the encoder consists of two LSTMs": right - lstm,
        "the embeddings are missing": right - (V_s + V_t) * d,
        "the attention is missing: W_q, W_k and v": right - 2 * d * d - d,
        "the vector v of the attention is missing": right - d,
        "the read-out's bias is missing": right - V_t,
        "the read-out gets the top layer and the context, 2d numbers": right - d * V_t,
        "an LSTM has four gates: 4d(m + d + 1)": right - 3 * (_stacks(d, layers) // 4),
        "the LSTMs have one bias each": right + 4 * d * (2 * layers + 1),
        "W_q and W_k have no bias": right + 2 * d,
    }


def _stacks(d, layers):
    return gnmt_count(d, layers, 0, 0) - 2 * d * d - d


@E20_3.case("the number of weights", hint="Embeddings, 2 + (layers - 1) + layers LSTMs, W_q, W_k and v, the read-out.")
def _(answer, draw):
    for numbers in (
        (8, 8, 30, 40),
        (draw.integer(3, 40), draw.integer(4, 9), draw.integer(20, 99), draw.integer(20, 99)),
    ):
        d, layers, V_s, V_t = numbers
        expect(
            answer.count_weights(*numbers),
            gnmt_count(*numbers),
            f"the count for d = {d}, {layers} layers, {V_s} and {V_t} words",
            tolerance=0,
            known=wrong_counts(*numbers),
        )


# E20.10

E20_10 = Exercise(
    "E20.10",
    "Wiring the encoder",
    slides=("D5.17",),
    names=("encode",),
    hints=(
        "The half that reads backwards gets x[:, ::-1], and its states must be turned round again before they are "
        "put beside the others. The first layer of `upper` reads 2n numbers and gives n: it has no link.",
        "y = np.concatenate([lstm(x, *forward), lstm(x[:, ::-1], *backward)[:, ::-1]], axis=-1); y = lstm(y, "
        "*upper[0]); for weights in upper[1:]: y = lstm(y, *weights) + y.",
    ),
)


def deal_stack(draw, upper: int):
    m, n = draw.sizes()
    both = [(draw.normal(m, 4 * n), draw.normal(n, 4 * n, scale=0.5), draw.normal(4 * n)) for _ in range(2)]
    above = [
        (draw.normal(2 * n if k == 0 else n, 4 * n), draw.normal(n, 4 * n, scale=0.5), draw.normal(4 * n))
        for k in range(upper)
    ]
    return draw.normal(2, 7, m), both, above


def run(x, weights):
    zero = np.zeros((len(x), weights[1].shape[0]))
    return lstm_forward(x, zero, zero, *weights)[0]


def wrong_stacks(x, both, upper) -> dict:
    forward, backward = run(x, both[0]), run(x[:, ::-1], both[1])

    def climb(y, links=True):
        for level, weights in enumerate(upper):
            y = run(y, weights) + (y if links and level > 0 else 0.0)
        return y

    def without_their_links(y):
        """Each link takes what the LSTM below gave, before the link below was added to it."""
        gave = y = run(y, upper[0])
        for weights in upper[1:]:
            after = run(y, weights)
            y, gave = after + gave, after
        return y

    side_by_side = np.concatenate([forward, backward[:, ::-1]], axis=-1)
    return {
        "the backward half must be turned round again, so that both stand at the same word": climb(
            np.concatenate([forward, backward], axis=-1)
        ),
        "both halves read forwards": climb(np.concatenate([forward, run(x, both[1])], axis=-1)),
        "the backward half came first": climb(np.concatenate([backward[:, ::-1], forward], axis=-1)),
        "the residual links are missing: from the third layer on a layer adds what it was given": climb(
            side_by_side, False
        ),
        "a link adds all that its layer was given, with what the link below had added": without_their_links(
            side_by_side
        ),
    }


@E20_10.case("one layer from both ends, three above")
def _(answer, draw):
    dealt = deal_stack(draw, 3)
    expect(answer.encode(*dealt), gnmt_encoder(*dealt), "the top of the encoder", known=wrong_stacks(*dealt))


@E20_10.case("two layers: no link yet", hint="With one layer above the first there is nothing to add to.")
def _(answer, draw):
    dealt = deal_stack(draw, 1)
    expect(answer.encode(*dealt), gnmt_encoder(*dealt), "the top of the encoder, 2 layers", known=wrong_stacks(*dealt))


@E20_10.case(
    "seven layers above, as in the paper", hint="Each link adds what that very layer was given, links included."
)
def _(answer, draw):
    dealt = deal_stack(draw, 7)
    expect(answer.encode(*dealt), gnmt_encoder(*dealt), "the top of the encoder, 8 layers", known=wrong_stacks(*dealt))
