"""The LSTM with peepholes against onnxruntime, TensorFlow's own kernel and Keras' LSTM."""

import numpy as np
import pytest
import tensorflow as tf

from course_kit import reference
from course_kit.cells import PeepholeLSTMCell
from tests.cells.table import UNITS, M, N, T, keras_lstm, largest_difference, layer_of, numpy
from tests.oracles.onnx_cells import onnx_lstm


@pytest.fixture
def rng():
    return np.random.default_rng(19)


def draw(rng, dtype="float32"):
    """An input and a non-zero state."""
    return [rng.normal(size=shape).astype(dtype) for shape in [(N, T, M), (N, UNITS), (N, UNITS)]]


def test_peephole_is_onnxruntime_lstm_with_p(rng):
    """Rows of seven and of four steps; every output and both last states."""
    layer, (W, U, b, p) = layer_of(PeepholeLSTMCell(UNITS), rng)
    x, h0, c0 = draw(rng)
    lengths = np.array([7, 4])
    valid = np.arange(T) < lengths[:, np.newaxis]

    h, h_last, c_last = numpy(layer(x, initial_state=[h0, c0], mask=valid))
    expected = onnx_lstm(x, h0, c0, W, U, b, p, lengths)

    assert largest_difference(h[valid], expected[0][valid]) < 1e-6
    assert largest_difference([h_last, c_last], expected[1:]) < 1e-6


def test_peephole_is_tensorflow_block_lstm_in_value_and_gradient(rng):
    """`BlockLSTM` (order i, c, f, o), and what flows back from all h and the last c to input, state and weights.

    Not `BlockLSTMV2`, whose registered gradient is that of the older gate order.
    """
    layer, _ = layer_of(PeepholeLSTMCell(UNITS), rng)
    x, h0, c0 = (tf.constant(a) for a in draw(rng))
    pull_h, pull_c = rng.normal(size=(N, T, UNITS)), rng.normal(size=(N, UNITS))
    sources = [x, h0, c0, *(w.value for w in layer.trainable_variables)]

    def block(x, h0, c0, W, U, b, p):
        order = np.r_[0:UNITS, 2 * UNITS : 3 * UNITS, UNITS : 2 * UNITS, 3 * UNITS : 4 * UNITS]
        answer = tf.raw_ops.BlockLSTM(
            seq_len_max=tf.constant(T, tf.int64),
            x=tf.transpose(x, [1, 0, 2]),
            cs_prev=c0,
            h_prev=h0,
            w=tf.gather(tf.concat([W, U], axis=0), order, axis=1),
            wci=p[0],
            wcf=p[1],
            wco=p[2],
            b=tf.gather(b, order),
            forget_bias=0.0,
            cell_clip=-1.0,
            use_peephole=True,
        )
        return tf.transpose(answer.h, [1, 0, 2]), answer.cs[-1]

    def ours(x, h0, c0, *_):
        h, _, c_last = layer(x, initial_state=[h0, c0])
        return h, c_last

    def value_and_gradient(network):
        with tf.GradientTape() as tape:
            tape.watch(sources)
            h, c_last = network(*(tf.identity(s) for s in sources))
            loss = tf.reduce_sum(pull_h.astype("float32") * h) + tf.reduce_sum(pull_c.astype("float32") * c_last)
        return numpy([h, c_last]), [numpy(g) for g in tape.gradient(loss, sources)]

    (values, gradients), (expected, expected_gradients) = value_and_gradient(ours), value_and_gradient(block)

    assert largest_difference(values, expected) < 1e-6
    assert min(np.abs(g).max() for g in expected_gradients) > 0.1
    assert largest_difference(gradients, expected_gradients) < 1e-5


def test_without_peepholes_it_is_keras_lstm(rng):
    """p = 0, the start of training, in float64."""
    layer, (W, U, b, p) = layer_of(PeepholeLSTMCell(UNITS, dtype="float64"), rng)
    layer.set_weights([W, U, b, np.zeros_like(p)])
    x, h0, c0 = draw(rng, "float64")

    obtained = numpy(layer(x, initial_state=[h0, c0]))

    assert largest_difference(obtained, numpy(keras_lstm(W, U, b)(x, initial_state=[h0, c0]))) < 1e-14


def gradients(layer, x, states, pull, weights=None):
    """What flows back from all outputs of a layer to its weights and its initial states."""
    sources = [*(w.value for w in weights or layer.trainable_variables), *map(tf.constant, states)]
    with tf.GradientTape() as tape:
        tape.watch(sources)
        loss = tf.reduce_sum(pull * layer(x, initial_state=sources[-len(states) :])[0])
    return [numpy(g) for g in tape.gradient(loss, sources)]


def test_truncated_gradient_is_that_of_an_lstm_which_is_told_what_the_peepholes_see(rng):
    """Keras' LSTM with c_{t-1} and c_t as further inputs: they come from outside, so no error goes into them.

    The kernel's rows for them are diagonal, p_i and p_f below c_{t-1} and p_o below c_t.
    """
    cut, weights = layer_of(PeepholeLSTMCell(UNITS, gradient="truncated", dtype="float64"), rng)
    full, _ = layer_of(PeepholeLSTMCell(UNITS, dtype="float64"), rng)
    full.set_weights(weights)
    (W, U, b, p), (x, h0, c0), pull = weights, draw(rng, "float64"), rng.normal(size=(N, T, UNITS))
    _, c = reference.peephole_forward(x, h0, c0, *weights)
    told = np.concatenate([x, np.concatenate([c0[:, np.newaxis], c[:, :-1]], axis=1), c], axis=-1)
    p_i, p_f, p_o = map(np.diag, p)
    none = np.zeros((UNITS, UNITS))
    kernel = np.concatenate([W, np.hstack([p_i, p_f, none, none]), np.hstack([none, none, none, p_o])])

    dW, dU, db, dp, dh0, dc0 = gradients(cut, x, [h0, c0], pull)
    dK, *expected = gradients(keras_lstm(kernel, U, b), told, [h0, c0], pull)
    seen_old, seen_new = dK[M : M + UNITS], dK[M + UNITS :]
    blocks = [seen_old[:, :UNITS], seen_old[:, UNITS : 2 * UNITS], seen_new[:, 3 * UNITS :]]

    obtained = numpy(cut(x, initial_state=[h0, c0]))
    assert largest_difference(obtained, numpy(full(x, initial_state=[h0, c0]))) == 0
    assert largest_difference([dU, db, dh0, dc0], expected) < 1e-12
    assert largest_difference(dW, dK[:M]) < 1e-12
    assert largest_difference(dp, np.stack([np.diag(block) for block in blocks])) < 1e-12
    assert (
        min(np.abs(g - f).max() for g, f in zip([dW, dU, db, dp], gradients(full, x, [h0, c0], pull)[:4], strict=True))
        > 0.1
    )


def test_truncated_peepholes_leave_the_forget_gate_alone_on_the_carousel(rng):
    """With U = 0 nothing else goes back: d c_T / d c_0 is the product of the forget gates, slide D4.42."""
    layer, (W, U, b, p) = layer_of(PeepholeLSTMCell(UNITS, gradient="truncated", dtype="float64"), rng)
    layer.set_weights([W, 0 * U, b, p])
    x, h0, c0 = draw(rng, "float64")
    _, c = reference.peephole_forward(x, h0, c0, W, 0 * U, b, p)
    a_f = (x @ W + b)[..., UNITS : 2 * UNITS] + p[1] * np.concatenate([c0[:, np.newaxis], c[:, :-1]], axis=1)

    start = tf.constant(c0)
    with tf.GradientTape() as tape:
        tape.watch(start)
        last = layer(x, initial_state=[h0, start])[2]
    obtained = numpy(tape.gradient(last, start))

    assert largest_difference(obtained, np.prod(reference.sigmoid(a_f), axis=1)) < 1e-14
