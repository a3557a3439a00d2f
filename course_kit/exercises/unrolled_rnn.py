"""Notebook 02, the unrolled network: E02.5. ``e02_from_regression_to_recurrence`` collects the exercises."""

import numpy as np

from course_kit.checking import Exercise, expect, require
from course_kit.reference.activations import identity
from course_kit.reference.elman import elman_forward

E02_5 = Exercise(
    "E02.5",
    "Unroll",
    slides=("D3.10", "D5.5"),
    names=("unrolled",),
    hints=(
        "Make the two Dense layers once, before the loop, and call them in it. A Keras layer that is called again "
        "brings the same weights along.",
        "x, h0 = keras.Input((T, m)), keras.Input((n,)); a, r = Dense(n), Dense(n, use_bias=False); in the loop h = "
        "ops.tanh(a(x[:, t]) + r(h)); keras.Model([x, h0], ops.stack(list_of_h, axis=1)).",
    ),
    limit=30.0,
)


def unroll_probe(names, T, x, h0, W, U, b):
    """The student's model for T steps: its layers, its count of parameters, its outputs with the weights given."""
    import keras
    import numpy as np

    m, n = W.shape
    model = names["unrolled"](T, m, n)
    if model is None:
        return None

    def inside(layers):
        for layer in layers:
            yield layer
            yield from inside(getattr(layer, "layers", []))

    given = {W.shape: W, U.shape: U, b.shape: b, (m + n, n): np.concatenate([W, U])}
    for weight in model.trainable_variables:
        if tuple(weight.shape) in given:
            weight.assign(given[tuple(weight.shape)].astype("float32"))
    y = model([x[:, :T].astype("float32"), h0.astype("float32")])
    return {
        "layers": sorted({type(layer).__name__ for layer in inside(model.layers)}),
        "weights": [[int(k) for k in weight.shape] for weight in model.trainable_variables],
        "h": keras.ops.convert_to_numpy(y),
    }


def deal(draw):
    m, n = draw.sizes()
    return (draw.normal(2, 7, m), draw.normal(2, n), draw.normal(m, n, scale=0.6), draw.normal(n, n, scale=0.5), draw.normal(n, scale=0.5))  # fmt: skip # noqa: E501


def found(answer, T: int, deck) -> dict:
    """What the probe brought for T steps, after a look that no recurrent layer does the work."""
    brought = answer.probe(unroll_probe, T, *deck)
    fits = isinstance(brought, dict) and set(brought) == {"layers", "weights", "h"}
    require(fits and isinstance(brought["layers"], list), "unrolled must return a keras.Model.")
    used = [k for k in brought["layers"] if isinstance(k, str) and any(r in k for r in ("RNN", "LSTM", "GRU"))]
    require(not used, f"the model holds {', '.join(used)}: write the steps out, with feed-forward layers only.")
    return brought


def states(x, h0, W, U, b, squash=np.tanh):
    n = len(U)
    return elman_forward(x, h0, W, U, b, np.eye(n), np.zeros(n), sigma_h=squash)[1]


@E02_5.case("the same h as the recurrent net, for T = 1, 2, 7")
def _(answer, draw):
    x, h0, W, U, b = deck = deal(draw)
    n, joined = len(U), np.concatenate([W, U])
    for T in (1, 2, 7):
        x_T = x[:, :T]
        h = states(x_T, h0, W, U, b)
        alone = np.concatenate([states(x_T[:, t : t + 1], h0, W, U, b) for t in range(T)], axis=1)
        expect(
            found(answer, T, deck)["h"],
            h,
            f"h of {T} step{'s' if T > 1 else ''}",
            tolerance=1e-6,
            known={
                "only the last h came back, and all are due: stack them on axis 1": h[:, -1],
                "time is on the first axis, and the batch belongs there": h.swapaxes(0, 1),
                "every step starts from h0: hand the new h on": alone,
                "the start h0 is not used": states(x_T, 0 * h0, W, U, b),
                "tanh is missing": states(x_T, h0, W, U, b, identity),
                "the layer of h has a bias of its own; one bias is enough": states(x_T, h0, W, U, 2 * b),
                "tanh was put on each of the two terms; it belongs around their sum": twice(x_T, h0, W, U, b),
                "the layers were exchanged: [h, x] was joined, and the kernel is for [x, h]": states(
                    x_T, h0, joined[n:], joined[:n], b
                ),
                "every step reads the first input": states(np.repeat(x_T[:, :1], T, axis=1), h0, W, U, b),
            },
        )


def twice(x, h, W, U, b):
    kept = []
    for t in range(x.shape[1]):
        h = np.tanh(x[:, t] @ W + b) + np.tanh(h @ U)
        kept.append(h)
    return np.stack(kept, axis=1)


@E02_5.case(
    "as many parameters for T = 7 as for T = 1",
    hint="A layer that is made inside the loop is a new layer with new weights. Make it before the loop and call "
    "it inside.",
)
def _(answer, draw):
    deck = deal(draw)
    m, n = deck[2].shape
    due = m * n + n * n + n
    for T in (1, 2, 7):
        count = sum(int(np.prod(shape)) for shape in found(answer, T, deck)["weights"])
        known = ""
        if T > 1 and count == T * due:
            known = "each step has weights of its own: they are not tied"
        elif count == due + n:
            known = "there are two biases, of which only the sum counts: use_bias=False for the layer of h"
        elif T > 1 and count == due + (T - 1) * n * n:
            known = "the layer of h is new in each step"
        elif T > 1 and count == due + (T - 1) * (m * n + n):
            known = "the layer of x is new in each step"
        require(
            count == due, f"the model has {count} parameters for T={T}, m={m}, n={n}, and {due} are due.", known=known
        )
