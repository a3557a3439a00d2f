"""Truncation by hand against the paths one by one, stop_gradient, and closed forms."""

import numpy as np
import pytest
import tensorflow as tf

from course_kit.reference import bptt, bptt_lstm
from course_kit.reference.bptt_truncated import truncated, windows
from tests.reference.test_bptt import net
from tests.reference.test_bptt_lstm import problem

T = 7


def elman():
    """The error of an Elman network's outputs and its cache."""
    x, h0, weights, target = net(T, 3, 4, 2, 2)
    y, cache = bptt.forward(x, h0, **weights)
    return bptt.output_error(y, target), cache


def lstm():
    given, dh = problem((T, 3, 4, 2))
    return dh, bptt_lstm.forward(**given)[1]


SYSTEMS = {"elman": (bptt.gradients, elman), "layer": (bptt.layer_gradients, None), "lstm": (bptt_lstm.gradients, lstm)}
SYSTEMS["layer"] = (bptt.layer_gradients, lambda: (lstm()[0], elman()[1]))
every_system = pytest.mark.parametrize("gradients, make", SYSTEMS.values(), ids=SYSTEMS)


@every_system
@pytest.mark.parametrize("k1, k2", [(1, T), (3, T), (T, T), (2, 40)])
def test_looking_back_over_everything_is_the_full_gradient(gradients, make, k1, k2):
    """k2 of T or more, whatever k1."""
    error, cache = make()
    expected = gradients(error, cache)

    obtained = truncated(gradients, error, cache, k1, k2)

    assert expected.keys() == obtained.keys()
    for name, gradient in expected.items():
        np.testing.assert_allclose(obtained[name], gradient, rtol=1e-10, atol=1e-10, err_msg=name)


@pytest.mark.parametrize("tau", range(1, T + 1))
def test_each_look_back_is_a_partial_sum_of_the_paths(tau):
    """dL/dU with k1 = 1 and k2 = tau: of each loss, the contributions of its last tau steps."""
    delta_y, cache = elman()
    paths = [bptt.path_contributions(delta_y, cache, t) for t in range(T)]

    obtained = truncated(bptt.gradients, delta_y, cache, 1, tau)["U"]

    np.testing.assert_allclose(obtained, sum(p[-tau:].sum(axis=0) for p in paths), rtol=1e-10, atol=1e-10)


@pytest.mark.parametrize("k1, k2", [(1, 1), (1, 3), (2, 2), (2, 5), (3, 3), (3, 4), (7, 7)])
def test_gradient_is_that_of_a_tape_that_stops_at_the_window(k1, k2):
    """TensorFlow's tape, with the state of the window's start under stop_gradient."""
    (delta_y, cache), (x, h0, weights, target) = elman(), net(T, 3, 4, 2, 2)
    variables = {name: tf.Variable(w) for name, w in weights.items()}
    expected = {name: 0.0 for name in weights}
    for stop in [*range(k1, T, k1), T]:
        first = k1 * ((stop - 1) // k1)
        with tf.GradientTape() as tape:
            h, loss = tf.constant(h0), 0.0
            for t in range(stop):
                h = tf.stop_gradient(h) if t == stop - k2 else h
                h = tf.tanh(x[:, t] @ variables["W"] + h @ variables["U"] + variables["b_h"])
                if t >= first:
                    loss += tf.nn.l2_loss(h @ variables["V"] + variables["b_y"] - target[:, t])
        for name, g in tape.gradient(loss, variables).items():
            expected[name] += g.numpy()

    obtained = truncated(bptt.gradients, delta_y, cache, k1, k2)

    for name, gradient in expected.items():
        np.testing.assert_allclose(obtained[name], gradient, rtol=1e-10, atol=1e-10, err_msg=name)


@every_system
def test_nothing_goes_beyond_the_window(gradients, make):
    """The last loss alone, three steps back: inputs before that, and the start, get exactly nothing."""
    error, cache = make()
    error = np.where(np.arange(T)[:, None] == T - 1, error, 0.0)

    obtained = truncated(gradients, error, cache, 1, 3)

    if "x" in obtained:
        assert not obtained["x"][:, : T - 3].any() and not obtained["h0"].any()
        assert np.abs(obtained["x"][:, T - 3 :]).max(axis=(0, 2)).min() > 1e-3


def test_windows_cover_every_loss_once():
    """Whatever the sizes."""
    for steps, k1, more in np.random.default_rng(0).integers(1, 9, size=(50, 3)).tolist():
        ways = windows(steps, k1, k1 + more)
        assert [t for _, first, stop in ways for t in range(first, stop)] == list(range(steps))
        assert all(start <= first < stop <= start + k1 + more for start, first, stop in ways)


@pytest.mark.parametrize("k1, k2", [(0, 1), (3, 2), (-1, 4)])
def test_too_short_a_look_back_is_refused(k1, k2):
    """The rule, then what came."""
    with pytest.raises(ValueError, match=f"k2 at least k1. Got k1={k1} and k2={k2}."):
        windows(T, k1, k2)
