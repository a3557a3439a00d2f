"""Notebook 07, less than the whole sequence: E07.2 and E07.3. ``e07_taming_gradients`` collects the exercises."""

import numpy as np

from course_kit.checking import Exercise, expect
from course_kit.exercises.bptt_slips import deal
from course_kit.exercises.closed import one_of
from course_kit.reference import bptt
from course_kit.reference.bptt_truncated import truncated
from course_kit.reference.elman import elman_forward
from course_kit.reference.pieces import gradients_in_pieces, pieces, reaches

GRADIENT = 1e-10  # slides.yaml, E07.2
STATES = 1e-6  # slides.yaml, E07.3, Keras
T = 7

E07_2 = Exercise(
    "E07.2",
    "Truncated BPTT",
    slides=("D1.27", "D4.22", "D4.24"),
    names=("truncated_gradient", "truncation_is"),
    hints=(
        "Each loss L_t has contributions from k = t, t-1, ..., 0 (E05.7). Keep the first tau of them, those with "
        "0, 1, ..., tau-1 Jacobians, and add them up over t.",
        "For each t: dh = delta_y[:, t] @ V.T; for k = t, t-1, ..., max(0, t-tau+1): da = dh * (1 - h[:, k]**2); add "
        "h_{k-1}.T @ da; dh = da @ U.T. h_{-1} is h0.",
    ),
)


def partial_sum(net, tau, extra=0, only=None):
    """The sum over t of the last tau (+ extra) path contributions of E05.7."""
    total = np.zeros_like(net.U)
    for t in range(net.delta_y.shape[1]) if only is None else [only]:
        parts = bptt.path_contributions(net.delta_y, net.cache, t)
        keep = tau + extra
        total = total + (parts[-keep:].sum(axis=0) if keep > 0 else 0.0)
    return total


def first_paths(net, tau):
    """The tau longest paths of each loss in place of the shortest."""
    steps = range(net.delta_y.shape[1])
    return sum(bptt.path_contributions(net.delta_y, net.cache, t)[:tau].sum(axis=0) for t in steps)


def window_at_the_end(net, tau):
    """Only the steps of the last tau, as if the sequence began there, with all of their losses."""
    last = net.delta_y.shape[1]
    parts = [bptt.path_contributions(net.delta_y, net.cache, t)[max(0, last - tau) :] for t in range(last)]
    return sum(p.sum(axis=0) for p in parts)


def with_own_state(net, tau):
    """h_k in the place of h_{k-1}."""
    total = np.zeros_like(net.U)
    for t in range(net.delta_y.shape[1]):
        dh = net.delta_y[:, t] @ net.V.T
        for k in range(t, max(-1, t - tau), -1):
            da = dh * (1.0 - net.h[:, k] ** 2)
            total = total + net.h[:, k].T @ da
            dh = da @ net.U.T
    return total


def ask_truncated(answer, net, tau):
    return answer.truncated_gradient(net.delta_y, net.h, net.h0, net.U, net.V, tau)


def judge_truncated(answer, net, tau):
    right = truncated(bptt.gradients, net.delta_y, net.cache, 1, tau)["U"]
    known = {
        "one step too many is kept: tau = 1 is the term without any Jacobian": partial_sum(net, tau, 1),
        "one step too few is kept: tau steps count k = t as the first": partial_sum(net, tau, -1),
        "this is the full gradient; look back tau steps only": partial_sum(net, net.delta_y.shape[1]),
        "only the last loss was sent back; every loss is": partial_sum(net, tau, only=net.delta_y.shape[1] - 1),
        "the longest paths were kept, and the shortest are due": first_paths(net, tau),
        "only the last tau steps of the sequence came in; every loss looks back tau steps from its own": (
            window_at_the_end(net, tau)
        ),
        "h_k stands where h_{k-1} is due: U is multiplied by the state before": with_own_state(net, tau),
        "the sequence was cut into pieces of tau steps; that is E07.3": gradients_in_pieces(
            net.delta_y, net.cache, tau
        )["U"],
    }
    known = {sentence: wrong for sentence, wrong in known.items() if not np.allclose(wrong, right, rtol=0, atol=1e-10)}
    label = f"truncated_gradient for tau = {tau}"
    expect(ask_truncated(answer, net, tau), right, label, tolerance=GRADIENT, known=known)


@E07_2.case("three steps back")
def _(answer, draw):
    judge_truncated(answer, deal(draw), 3)


@E07_2.case("one step and all steps", hint="tau = 1 has no Jacobian at all; tau = T, and more, is the full gradient.")
def _(answer, draw):
    net = deal(draw)
    steps = net.delta_y.shape[1]
    for tau in (1, steps, steps + 5):
        judge_truncated(answer, net, tau)


@E07_2.case("every tau is a partial sum", hint="From tau to tau + 1 one more contribution of each loss comes in.")
def _(answer, draw):
    net = deal(draw)
    for tau in range(1, net.delta_y.shape[1] + 1):
        judge_truncated(answer, net, tau)


@E07_2.case("what truncation does", hint="Does the missing part change its sign when the training goes on?")
def _(answer, draw):
    known = {
        "nothing random is in it: for the same weights and data the same terms are missing each time": "a",
        "what is kept is not shortened; other terms are left out altogether": "c",
        "that is so only if the far contributions are zero anyway": "d",
    }
    found = one_of(answer["truncation_is"], "abcd", "truncation_is")
    expect(found, "b", "truncation_is", reveal=False, known=known)


E07_3 = Exercise(
    "E07.3",
    "In pieces, state carried",
    slides=("D1.27", "D4.23", "D4.24"),
    names=("states_in_pieces", "gradient_in_pieces", "reaches", "keras_in_pieces"),
    limit=60.0,
    hints=(
        "The last state of a piece is the start of the next. On the way back each piece is a little sequence of its "
        "own, and its h_{-1} is the state that was handed to it.",
        "states: for s in range(0, T, k): run x[:, s:s+k] from h, then h = piece[:, -1]. gradient: the same loop, with "
        "delta_y and h of the piece and h0 = h[:, s-1]. Keras: layer.reset_state(), then np.concatenate([layer(x[:, "
        "s:s+k]) for s in ...], axis=1).",
    ),
)


def run(net, start=None):
    return elman_forward(
        net.x, net.h0 if start is None else start, net.W, net.U, net.weights["b_h"], net.V, net.weights["b_y"]
    )[1]


def fresh(net, k, start):
    """States when every piece starts from the same state again."""
    parts = [
        elman_forward(net.x[:, a:b], start, net.W, net.U, net.weights["b_h"], net.V, net.weights["b_y"])[1]
        for a, b in pieces(T, k)
    ]
    return np.concatenate(parts, axis=1)


@E07_3.case("the states")
def _(answer, draw):
    net = deal(draw, T=T)
    for k in (3, 2, T):
        known = {
            "every piece starts from h0; the state is carried": fresh(net, k, net.h0),
            "every piece starts from zeros; the state is carried": fresh(net, k, 0 * net.h0),
            "h0 is left out: the first piece starts from it": run(net, 0 * net.h0),
        }
        due = run(net)
        known = {s: v for s, v in known.items() if not np.allclose(v, due)}
        obtained = answer.states_in_pieces(net.x, net.h0, net.W, net.U, net.weights["b_h"], k)
        expect(obtained, due, f"states_in_pieces for k = {k}", known=known)


@E07_3.case("the gradient", hint="Each piece's own losses go back through the piece and no further.")
def _(answer, draw):
    net = deal(draw, T=T)
    for k in (3, 2, T):
        due = gradients_in_pieces(net.delta_y, net.cache, k)["U"]
        held = {**net.cache, "h0": net.h0}
        parts = [
            bptt.gradients(net.delta_y[:, a:b], {**held, "x": net.x[:, a:b], "h": net.h[:, a:b]})["U"]
            for a, b in pieces(T, k)
        ]
        zero = [
            bptt.gradients(net.delta_y[:, a:b], {**held, "x": net.x[:, a:b], "h": net.h[:, a:b], "h0": 0 * net.h0})["U"]
            for a, b in pieces(T, k)
        ]
        known = {
            "this is the full gradient; it must stop where a piece begins": bptt.gradients(net.delta_y, net.cache)["U"],
            "h0 stands before every piece; a piece begins with the state that was handed to it": sum(parts),
            "zeros stand before every piece; a piece begins with the state that was handed to it": sum(zero),
            "every loss looks back k steps; here it stops where its piece begins": truncated(
                bptt.gradients, net.delta_y, net.cache, 1, k
            )["U"],
            "a last, shorter piece is left out": gradients_in_pieces(
                net.delta_y[:, : T - T % k], {**net.cache, "x": net.x[:, : T - T % k], "h": net.h[:, : T - T % k]}, k
            )["U"],
            "this is the mean over the pieces; their sum is due": due / len(pieces(T, k)),
        }
        known = {s: v for s, v in known.items() if not np.allclose(v, due, rtol=0, atol=1e-10)}
        obtained = answer.gradient_in_pieces(net.delta_y, net.h, net.h0, net.U, net.V, k)
        expect(obtained, due, f"gradient_in_pieces for k = {k}", tolerance=GRADIENT, known=known)


@E07_3.case(
    "who reaches whom", hint="Step t and step s are in the same piece if t // k == s // k; s must not come later."
)
def _(answer, draw):
    for steps, k in ((7, 3), (draw.integer(8, 11), draw.integer(2, 5))):
        due = reaches(steps, k)
        t, s = np.arange(steps)[:, None], np.arange(steps)
        known = {
            "the two axes are exchanged: the row is the loss, the column the step it reaches": due.T.astype(float),
            "every loss looks back k steps here; in pieces it stops where its piece begins": (
                ((s <= t) & (t - s < k)).astype(float)
            ),
            "a loss does not reach later steps of its piece": (t // k == s // k).astype(float),
            "a loss reaches its own step as well": ((s < t) & (t // k == s // k)).astype(float),
            "without pieces all earlier steps are reached; the pieces cut": (s <= t).astype(float),
        }
        obtained = answer.reaches(steps, k)
        expect(obtained, due, f"reaches for T = {steps}, k = {k}", tolerance=1e300)
        obtained = np.asarray(obtained, dtype=float)
        expect(obtained, due.astype(float), f"reaches for T = {steps}, k = {k}", known=known)


def stateful_probe(names, x, weights, k):
    """keras_in_pieces of a stateful layer, twice in a row."""
    import keras

    layer = keras.layers.SimpleRNN(weights[1].shape[0], return_sequences=True, stateful=True, dtype="float64")
    layer.build(x.shape)
    layer.set_weights(weights)
    first = names["keras_in_pieces"](layer, x, k)
    if first is None:
        return None
    return first, names["keras_in_pieces"](layer, x, k)


@E07_3.case(
    "a stateful Keras layer",
    hint="A stateful layer goes on where its last call stopped. Call layer.reset_state() before the first piece only.",
)
def _(answer, draw):
    net = deal(draw, T=T)
    zeros = 0 * net.h0
    due = run(net, zeros)
    again = run(net, due[:, -1])
    obtained = answer.probe(stateful_probe, net.x, [net.W, net.U, net.weights["b_h"]], 3)
    known = {
        "the state was reset before every piece; it is to be carried": (fresh(net, 3, zeros),) * 2,
        "the second run goes on where the first one stopped: reset the state before the first piece": (due, again),
    }
    expect(obtained, (due, due), "the first run, the second run", tolerance=STATES, known=known)
