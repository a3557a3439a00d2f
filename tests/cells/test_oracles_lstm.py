"""The two LSTM cells against onnxruntime, TensorFlow's own kernels, Keras' LSTM and the error carousel."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from course_kit.cells import LSTM1997Cell, PeepholeLSTMCell
from tests.cells.table import UNITS, M, N, T, largest_difference, layer_of, numpy
from tests.oracles.onnx_cells import onnx_lstm


@pytest.fixture
def rng():
    return np.random.default_rng(19)


def draw(rng, dtype="float32"):
    """An input and a non-zero state."""
    return [rng.normal(size=shape).astype(dtype) for shape in [(N, T, M), (N, UNITS), (N, UNITS)]]


def keras_lstm(W, U, b, dtype):
    lstm = keras.layers.LSTM(UNITS, return_sequences=True, return_state=True, dtype=dtype)
    lstm.build((N, T, M))
    lstm.set_weights([W, U, b])
    return lstm


# --- LSTM of 1997 -----------------------------------------------------------------------------------------------------


def test_lstm1997_is_keras_lstm_whose_forget_gate_stays_open(rng):
    """W_f = U_f = 0 and b_f = 50: in float64 the logistic function of 50 is 1."""
    layer, weights = layer_of(LSTM1997Cell(UNITS, dtype="float64"), rng)
    x, h0, c0 = draw(rng, "float64")
    opened = []
    for a, f in zip(weights, (0.0, 0.0, 50.0), strict=True):
        i, c, o = np.split(a, 3, axis=-1)
        opened.append(np.concatenate([i, np.full_like(i, f), c, o], axis=-1))

    obtained = numpy(layer(x, initial_state=[h0, c0]))
    expected = numpy(keras_lstm(*opened, "float64")(x, initial_state=[h0, c0]))

    assert largest_difference(obtained, expected) < 1e-14


def test_paper_squashing_is_tanh_of_half_the_argument_with_double_input(rng):
    """g(a) = 2 tanh(a/2) and h(a) = tanh(a/2): with c = 2 c', candidate weights twice as large give the tanh cell."""
    paper, (W, U, b) = layer_of(LSTM1997Cell(UNITS, "paper", dtype="float64"), rng)
    plain, _ = layer_of(LSTM1997Cell(UNITS, "tanh", dtype="float64"), rng)
    half_candidate = np.repeat([1.0, 0.5, 1.0], UNITS)
    plain.set_weights([W * half_candidate, U * half_candidate, b * half_candidate])
    x, h0, c0 = draw(rng, "float64")

    h, _, c = numpy(paper(x, initial_state=[h0, 2 * c0]))
    h_plain, _, c_plain = numpy(plain(x, initial_state=[h0, c0]))

    assert largest_difference([h, c], [h_plain, 2 * c_plain]) < 1e-14


class CarouselCell(LSTM1997Cell):
    """LSTM of 1997 with errors cut where they would leave the cell by way of the gates, as the paper trains it."""

    def call(self, inputs, states, training=False):
        h, c = states
        return super().call(inputs, [keras.ops.stop_gradient(h), c], training=training)


def state_jacobian(layer, x, h0, c0):
    """d c_T / d c_0 for one row, (n, n)."""
    c0 = tf.constant(c0)
    with tf.GradientTape(persistent=True) as tape:
        tape.watch(c0)
        c_last = layer(x, initial_state=[h0, c0])[2]
    return numpy(tape.jacobian(c_last, c0, experimental_use_pfor=False))[0, :, 0, :]


@pytest.mark.parametrize("squashing", ["tanh", "paper"])
def test_errors_ride_the_carousel_unchanged_when_they_cannot_leave_it(squashing, rng):
    """With the path through h cut, d c_T / d c_0 is the identity, exactly; uncut it is another matrix, the true one.

    Appendix A.2 of the paper has the first; slide D4.39 claims it without the cut.
    """
    cut, weights = layer_of(CarouselCell(UNITS, squashing, dtype="float64"), rng)
    whole, _ = layer_of(LSTM1997Cell(UNITS, squashing, dtype="float64"), rng)
    whole.set_weights(weights)
    x, h0, c0 = (a[:1] for a in draw(rng, "float64"))

    def last_c(c):
        return numpy(whole(x, initial_state=[h0, c])[2])[0]

    steps = 1e-6 * np.eye(UNITS)
    differences = np.stack([(last_c(c0 + e) - last_c(c0 - e)) / 2e-6 for e in steps], axis=1)

    assert np.array_equal(state_jacobian(cut, x, h0, c0), np.eye(UNITS))
    assert np.abs(differences - np.eye(UNITS)).max() > 0.1
    assert largest_difference(state_jacobian(whole, x, h0, c0), differences) < 1e-8


# --- LSTM with peepholes ----------------------------------------------------------------------------------------------


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

    assert largest_difference(obtained, numpy(keras_lstm(W, U, b, "float64")(x, initial_state=[h0, c0]))) < 1e-14
