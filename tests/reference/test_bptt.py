"""The hand-written gradients against TensorFlow's tape and central differences: code they do not share."""

import numpy as np
import pytest

from course_kit.reference import bptt
from course_kit.reference.activations import softmax

NAMES = ("W", "U", "b_h", "V", "b_y")
SIZES = [(1, 3, 4, 2, 2), (2, 4, 3, 5, 3), (7, 5, 3, 2, 2), (7, 1, 1, 1, 1), (5, 2, 6, 4, 1)]  # T, m, n, o, N


def net(T, m, n, o, N, seed=0):
    """Random inputs, weights and targets; every array differs from its transpose, no bias and no start is 0."""
    rng = np.random.default_rng([seed, T, m, n, o, N])
    weights = {
        "W": rng.normal(size=(m, n)),
        "U": rng.normal(size=(n, n)) / np.sqrt(n),
        "b_h": rng.normal(size=n) / 2,
        "V": rng.normal(size=(n, o)),
        "b_y": rng.normal(size=o),
    }
    return rng.normal(size=(N, T, m)), rng.normal(size=(N, n)), weights, rng.normal(size=(N, T, o))


def problem(size, kind):
    """Inputs, start, weights, target, read-out and loss of one kind: "squared error" or "cross-entropy"."""
    x, h0, weights, target = net(*size)
    if kind == "cross-entropy":
        labels = np.abs(target).argmax(axis=-1)
        return x, h0, weights, np.eye(size[3])[labels], softmax, bptt.cross_entropy
    return x, h0, weights, target, lambda a: a, bptt.squared_error


def by_hand(size, kind):
    x, h0, weights, target, sigma_y, _ = problem(size, kind)
    y, cache = bptt.forward(x, h0, **weights, sigma_y=sigma_y)
    return bptt.output_error(y, target), cache


def tape_losses(tf, x, h0, weights, target, kind, recurrent=None):
    """L_t as TensorFlow scalars; ``recurrent(t)`` may give each step its own recurrent kernel."""
    h, losses = tf.convert_to_tensor(h0), []
    for t in range(x.shape[1]):
        U = weights["U"] if recurrent is None else recurrent(t)
        h = tf.tanh(x[:, t] @ weights["W"] + h @ U + weights["b_h"])
        logits = h @ weights["V"] + weights["b_y"]
        if kind == "cross-entropy":
            losses.append(tf.reduce_sum(tf.nn.softmax_cross_entropy_with_logits(target[:, t], logits)))
        else:
            losses.append(tf.reduce_sum(tf.nn.l2_loss(logits - target[:, t])))
    return losses


@pytest.fixture(scope="module")
def tf():
    """TensorFlow, imported once and only for the tests that compare with its tape."""
    import tensorflow

    return tensorflow


@pytest.mark.parametrize("kind", ["squared error", "cross-entropy"])
@pytest.mark.parametrize("size", SIZES)
def test_gradients_agree_with_the_tape(tf, size, kind):
    """The five gradients of the sum of losses are TensorFlow's."""
    x, h0, weights, target, _, _ = problem(size, kind)
    variables = {name: tf.Variable(w) for name, w in weights.items()}
    with tf.GradientTape() as tape:
        total = tf.add_n(tape_losses(tf, x, h0, variables, target, kind))
    expected = dict(zip(NAMES, tape.gradient(total, [variables[n] for n in NAMES]), strict=True))

    obtained = bptt.gradients(*by_hand(size, kind))

    assert set(NAMES) == obtained.keys()
    for name in NAMES:
        np.testing.assert_allclose(obtained[name], expected[name], rtol=1e-10, atol=1e-10, err_msg=name)


@pytest.mark.parametrize("size", SIZES)
def test_layer_gradients_agree_with_the_tape(tf, size):
    """A layer gives back the gradients of its weights, of its inputs and of its start."""
    x, h0, weights, target, _, _ = problem(size, "squared error")
    variables = {k: tf.Variable(v) for k, v in {"x": x, "h0": h0, **weights}.items()}
    with tf.GradientTape() as tape:
        losses = tape_losses(tf, variables["x"], variables["h0"], variables, target, "squared error")
        total = tf.add_n(losses)
    names = ("W", "U", "b_h", "x", "h0")
    expected = dict(zip(names, tape.gradient(total, [variables[n] for n in names]), strict=True))
    delta_y, cache = by_hand(size, "squared error")

    obtained = bptt.layer_gradients(delta_y @ weights["V"].T, cache)

    assert set(names) == obtained.keys()
    for name in names:
        np.testing.assert_allclose(obtained[name], expected[name], rtol=1e-10, atol=1e-10, err_msg=name)


@pytest.mark.parametrize("kind", ["squared error", "cross-entropy"])
def test_each_step_has_the_gradients_of_its_own_loss(tf, kind):
    """Step gradients are the tape's for every L_t, and they sum to the whole."""
    size = (7, 5, 3, 4, 2)
    x, h0, weights, target, _, _ = problem(size, kind)
    variables = {name: tf.Variable(w) for name, w in weights.items()}
    with tf.GradientTape(persistent=True) as tape:
        losses = tape_losses(tf, x, h0, variables, target, kind)

    obtained = bptt.step_gradients(*by_hand(size, kind))

    for t, loss in enumerate(losses):
        found = tape.gradient(loss, [variables[n] for n in NAMES])
        for name, expected in zip(NAMES, found, strict=True):
            np.testing.assert_allclose(obtained[name][t], expected, rtol=1e-10, atol=1e-10, err_msg=f"{name} {t}")
    whole = bptt.gradients(*by_hand(size, kind))
    for name in NAMES:
        np.testing.assert_allclose(obtained[name].sum(axis=0), whole[name], rtol=1e-10, atol=1e-10)


@pytest.mark.parametrize("kind", ["squared error", "cross-entropy"])
@pytest.mark.parametrize("size", SIZES)
def test_gradients_agree_with_central_differences(size, kind):
    """The slope of the loss itself, to 1e-6 of the largest entry."""
    x, h0, weights, target, sigma_y, loss = problem(size, kind)
    obtained = bptt.gradients(*by_hand(size, kind))
    for name in NAMES:

        def total(w, name=name):
            return loss(bptt.forward(x, h0, **{**weights, name: w}, sigma_y=sigma_y)[0], target).sum()

        expected = bptt.central_differences(total, weights[name])

        assert np.abs(obtained[name] - expected).max() <= 1e-6 * max(np.abs(expected).max(), 1e-3), name


@pytest.mark.parametrize("kind", ["squared error", "cross-entropy"])
def test_losses_agree_with_tensorflow(tf, kind):
    """The step losses themselves, not only their slopes."""
    x, h0, weights, target, sigma_y, loss = problem((7, 5, 3, 4, 2), kind)
    expected = [float(v) for v in tape_losses(tf, x, h0, weights, target, kind)]

    np.testing.assert_allclose(loss(bptt.forward(x, h0, **weights, sigma_y=sigma_y)[0], target), expected, rtol=1e-12)


@pytest.mark.parametrize("t", [0, 1, 4])
def test_contributions_agree_with_stop_gradient(tf, t):
    """Contribution k is what the tape sees when every use of U but that of step k is stopped."""
    size = (5, 4, 3, 2, 2)
    x, h0, weights, target, _, _ = problem(size, "squared error")
    U = tf.Variable(weights["U"])

    obtained = bptt.path_contributions(*by_hand(size, "squared error"), t=t)

    assert (t + 1, 3, 3) == obtained.shape
    for k in range(t + 1):
        with tf.GradientTape() as tape:
            losses = tape_losses(
                tf, x, h0, weights, target, "squared error", lambda s, k=k: U if s == k else tf.stop_gradient(U)
            )
        np.testing.assert_allclose(obtained[k], tape.gradient(losses[t], U), rtol=1e-10, atol=1e-10, err_msg=str(k))


def test_contributions_sum_to_the_gradient_of_that_step():
    """The five paths together are dL_4/dU."""
    delta_y, cache = by_hand((7, 4, 3, 2, 2), "squared error")

    np.testing.assert_allclose(
        bptt.path_contributions(delta_y, cache, t=4).sum(axis=0),
        bptt.step_gradients(delta_y, cache)["U"][4],
        rtol=1e-10,
        atol=1e-10,
    )


def test_unrolled_network_with_a_copy_each_step_sums_to_the_whole(tf):
    """Slide D5.6: unrolled, the net is a deep one; tied weights add the gradients of their copies."""
    size = (7, 4, 3, 2, 2)
    x, h0, weights, target, _, _ = problem(size, "squared error")
    copies = [tf.Variable(weights["U"]) for _ in range(7)]
    with tf.GradientTape() as tape:
        total = tf.add_n(tape_losses(tf, x, h0, weights, target, "squared error", lambda t: copies[t]))
    expected = sum(g.numpy() for g in tape.gradient(total, copies))

    np.testing.assert_allclose(bptt.gradients(*by_hand(size, "squared error"))["U"], expected, rtol=1e-10, atol=1e-10)


def test_printed_formula_is_the_gradient_of_the_last_loss_only(tf):
    """Slide D1.12 prints the derivative of the last term under the name of the sum."""
    size = (6, 4, 3, 2, 2)
    x, h0, weights, target, _, _ = problem(size, "squared error")
    variables = {**weights, "U": tf.Variable(weights["U"])}
    with tf.GradientTape(persistent=True) as tape:
        losses = tape_losses(tf, x, h0, variables, target, "squared error")
        total = tf.add_n(losses)

    obtained = bptt.printed_formula(*by_hand(size, "squared error"))

    np.testing.assert_allclose(obtained, tape.gradient(losses[-1], variables["U"]), rtol=1e-10, atol=1e-10)
    assert np.abs(obtained - tape.gradient(total, variables["U"])).max() > 1e-2


def test_state_derivatives_agree_with_differences():
    """Immediate: only this step's u moves. Total: u moves everywhere."""
    x, h0, weights, _ = net(6, 1, 1, 1, 1)
    h = bptt.forward(x, h0, **weights)[1]["h"][0, :, 0]
    before = np.append(h0, h[:-1])
    drive = (x @ weights["W"] + weights["b_h"])[0, :, 0]

    def states(u):
        return bptt.forward(x, h0, **{**weights, "U": u})[1]["h"][0, :, 0]

    immediate, total = bptt.state_derivatives(h, h0.item(), weights["U"].item())

    np.testing.assert_allclose(total, bptt.central_differences(states, weights["U"])[:, 0, 0], rtol=1e-6, atol=1e-9)
    expected = bptt.central_differences(lambda u: np.tanh(drive + before * u), weights["U"].item())
    np.testing.assert_allclose(immediate, expected, rtol=1e-6, atol=1e-9)


def test_backward_pass_leaves_its_arguments_alone():
    """Errors and cache are the caller's: not a bit of them changes."""
    delta_y, cache = by_hand((7, 4, 3, 2, 2), "squared error")
    before = {"delta_y": delta_y.tobytes(), **{k: v.tobytes() for k, v in cache.items()}}
    bptt.gradients(delta_y, cache)
    bptt.step_gradients(delta_y, cache)
    bptt.path_contributions(delta_y, cache, t=4)
    bptt.layer_gradients(delta_y @ cache["V"].T, cache)

    assert before == {"delta_y": delta_y.tobytes(), **{k: v.tobytes() for k, v in cache.items()}}
