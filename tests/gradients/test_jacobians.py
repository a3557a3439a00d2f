"""Jacobians step by step against formulas, and their products against differentiating the whole layer."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from course_kit.cells import GRUCell, JordanCell, LSTM1997Cell, PeepholeLSTMCell
from course_kit.gradients import jacobian_norms, jacobian_product, sensitivity, state_jacobians
from course_kit.layers import trace
from course_kit.reference import bptt, bptt_lstm
from course_kit.reference.jacobians import elman_jacobians, lstm_jacobians, product
from tests.cells.table import M, N, T, layer_of, numpy

f64 = {"dtype": "float64"}
CELLS = {
    "SimpleRNN": lambda: keras.layers.SimpleRNNCell(4, **f64),
    "LSTM": lambda: keras.layers.LSTMCell(4, **f64),
    "GRU": lambda: keras.layers.GRUCell(4, **f64),
    "stack": lambda: keras.layers.StackedRNNCells([keras.layers.LSTMCell(2, **f64), GRUCell(3, **f64)], **f64),
    "Jordan": lambda: JordanCell(4, 2, context_decay=0.3, **f64),
    "peephole": lambda: PeepholeLSTMCell(4, **f64),
    "LSTM of 1997": lambda: LSTM1997Cell(4, "paper", block_size=2, gate_recurrence=True, **f64),
}


@pytest.fixture
def rng():
    return np.random.default_rng(29)


def built(cell, rng):
    """The cell in a layer with random weights, an input and a random start."""
    layer, weights = layer_of(cell, rng)
    start = keras.tree.map_structure(lambda s: rng.normal(size=s.shape), layer.get_initial_state(N))
    return layer, weights, rng.normal(size=(N, T, M)), start


def through_the_layer(layer, x, start):
    """ds_T/ds_0 by TensorFlow's tape through Keras' own loop, (N, S, S)."""
    leaves = keras.tree.flatten(start)
    widths = [leaf.shape[-1] for leaf in leaves]
    joined = tf.constant(np.concatenate(leaves, axis=-1))
    with tf.GradientTape() as tape:
        tape.watch(joined)
        states = keras.tree.pack_sequence_as(start, tf.split(joined, widths, axis=-1))
        _, *last = layer(x, initial_state=states)
        last = tf.concat(keras.tree.flatten(last), axis=-1)
    return tape.batch_jacobian(last, joined).numpy()


@pytest.mark.parametrize("make", CELLS.values(), ids=CELLS)
def test_product_of_the_steps_is_the_derivative_through_the_layer(make, rng):
    """From the start to the end, for states of every kind."""
    layer, _, x, start = built(make(), rng)

    obtained = jacobian_product(layer, x, initial_state=start)

    np.testing.assert_allclose(obtained, through_the_layer(layer, x, start), rtol=1e-10, atol=1e-12)


def test_a_part_of_the_way_is_the_product_of_its_steps(rng):
    """ds_5/ds_2 alone, and with the rest the whole."""
    layer, _, x, start = built(keras.layers.GRUCell(4, **f64), rng)
    parts = [jacobian_product(layer, x, a, b, initial_state=start) for a, b in ((5, None), (2, 5), (0, 2))]

    np.testing.assert_allclose(parts[0] @ parts[1] @ parts[2], jacobian_product(layer, x, 0, T, start), atol=1e-13)
    np.testing.assert_array_equal(jacobian_product(layer, x, 3, 3), np.tile(np.eye(4), (N, 1, 1)))


def test_steps_of_a_simple_rnn_are_the_slides_formula(rng):
    """diag(1 - h_t^2) U^T."""
    layer, weights, x, start = built(keras.layers.SimpleRNNCell(4, **f64), rng)
    h = numpy(layer(x, initial_state=start))[0]
    expected = elman_jacobians(h, weights[1])

    np.testing.assert_allclose(state_jacobians(layer, x, start), expected, rtol=1e-12, atol=1e-14)
    np.testing.assert_allclose(jacobian_product(layer, x, 0, None, start), product(expected), rtol=1e-10)


def test_steps_of_an_lstm_are_the_formulas(rng):
    """The four blocks of d(h, c)/d(h, c)."""
    layer, weights, x, start = built(keras.layers.LSTMCell(4, **f64), rng)
    _, cache = bptt_lstm.forward(x, *start, *weights)

    np.testing.assert_allclose(state_jacobians(layer, x, start), lstm_jacobians(cache), rtol=1e-10, atol=1e-13)


@pytest.mark.parametrize("order", [2, "fro"])
def test_norms_are_those_of_the_products(order, rng):
    """At every distance; the last is the identity's."""
    layer, _, x, start = built(keras.layers.LSTMCell(4, **f64), rng)

    obtained = jacobian_norms(layer, x, start, order=order)

    assert (N, T + 1) == obtained.shape
    for t in (0, 3, T):
        whole = jacobian_product(layer, x, t, initial_state=start)
        np.testing.assert_allclose(obtained[:, t], np.linalg.norm(whole, order, axis=(1, 2)), rtol=1e-12)


def test_products_of_norms_bound_the_norm_of_the_product(rng):
    """Slide D4.19, and why a norm over 1 is not enough: ||W|| of 3, and nothing arrives."""
    layer, _, x, start = built(keras.layers.SimpleRNNCell(4, **f64), rng)
    steps = np.linalg.norm(state_jacobians(layer, x, start), 2, axis=(2, 3))
    assert (jacobian_norms(layer, x, start)[:, 0] <= steps.prod(axis=1)).all()

    layer, _ = layer_of(keras.layers.SimpleRNNCell(2, activation=None, use_bias=False, **f64), rng)
    kernel = layer.get_weights()[0]
    layer.set_weights([kernel, np.array([[0.1, 3.0], [0.0, 0.1]])])
    x = rng.normal(size=(N, 10, M))
    assert np.linalg.norm(state_jacobians(layer, x)[0, 0], 2) > 3
    assert jacobian_norms(layer, x)[0, 0] < 1e-6


def test_half_to_the_128th_is_kept_by_the_product_and_lost_by_tensorflow():
    """Slide D1.13 in float32: 2.94e-39 is below the smallest normal number."""
    half = keras.initializers.Constant(0.5)
    layer = keras.layers.SimpleRNN(1, activation=None, kernel_initializer="ones", recurrent_initializer=half)
    x = np.zeros((1, 129, 1), dtype="float32")

    through = sensitivity(layer, x)[0, :, 0, 0]

    assert jacobian_product(layer, x, start=1).item() == pytest.approx(2.9387e-39, rel=1e-4)
    assert through[0] == 0.0 and through[20] == pytest.approx(0.5**108) and through[-1] == 1.0


def test_a_backwards_layer_is_followed_as_it_reads(rng):
    """The same Jacobians as the plain layer's on the input turned round."""
    plain = keras.layers.SimpleRNN(3, **f64)
    turned = keras.layers.SimpleRNN(3, go_backwards=True, **f64)
    x = rng.normal(size=(N, T, M))
    for layer in (plain, turned):
        layer.build(x.shape)
    turned.set_weights(plain.get_weights())

    np.testing.assert_allclose(state_jacobians(turned, x), state_jacobians(plain, x[:, ::-1]), atol=1e-14)


class TestCarousel:
    """What the cell state alone carries (D1.27, D4.39)."""

    def test_of_1997_is_the_identity_under_the_truncated_gradient(self, rng):
        """Appendix A.2, eq. 30 of the paper: exactly; with the full gradient it is not."""
        x, start = rng.normal(size=(N, T, M)), [rng.normal(size=(N, 4)) for _ in range(2)]
        weights = [rng.normal(size=s) for s in ((M, 12), (4, 12), (12,))]
        c_to_c = {}
        for gradient in ("truncated", "full"):
            layer, _ = layer_of(LSTM1997Cell(4, gradient=gradient, **f64), rng)
            layer.set_weights(weights)
            c_to_c[gradient] = jacobian_product(layer, x, initial_state=start)[:, 4:, 4:]

        np.testing.assert_array_equal(c_to_c["truncated"], np.tile(np.eye(4), (N, 1, 1)))
        assert np.abs(c_to_c["full"] - np.eye(4)).max() > 0.1

    @pytest.mark.parametrize(
        "cell", [keras.layers.LSTMCell(4, **f64), PeepholeLSTMCell(4, gradient="truncated", **f64)], ids=str
    )
    def test_of_a_forget_gate_is_the_product_of_f(self, cell, rng):
        """h held: prod_t f_t, from the trace."""
        layer, _, x, start = built(cell, rng)
        f = trace(layer, x, start)["f"].prod(axis=1)

        obtained = jacobian_product(layer, x, initial_state=start, through=[1])

        np.testing.assert_allclose(obtained, f[:, :, None] * np.eye(4), rtol=1e-12, atol=1e-15)

    @pytest.mark.parametrize("f, expected", [(0.9, 0.9**100), (1.0, 1.0)])
    def test_over_a_hundred_steps(self, f, expected, rng):
        """A gate held at 0.9 leaves 2.7e-5; one held open, all."""
        layer = keras.layers.LSTM(3, kernel_initializer="zeros", recurrent_initializer="zeros", **f64)
        layer.build((1, 100, 2))
        bias = np.zeros(12)
        bias[3:6] = np.log(f / (1 - f)) if f < 1 else 50.0
        layer.set_weights([*layer.get_weights()[:2], bias])

        norms = jacobian_norms(layer, rng.normal(size=(1, 100, 2)), through=[1])

        assert norms[0, 0] == pytest.approx(expected, rel=1e-10)


def test_sensitivity_is_what_differences_find(rng):
    """A recurrent layer, both directions of one, and a model."""
    x = rng.normal(size=(N, 2, M))
    lstm = keras.layers.LSTM(3, **f64)
    both = keras.layers.Bidirectional(keras.layers.GRU(2, return_sequences=True, **f64), **f64)
    model = keras.Sequential(
        [keras.Input((2, M), dtype="float64"), keras.layers.GRU(3, **f64), keras.layers.Dense(2, **f64)]
    )
    for layer in (lstm, both, model):

        def last(value, layer=layer):
            y = numpy(layer(value))
            return y[:, -1] if y.ndim == 3 else y

        expected = bptt.central_differences(last, x)  # (N, n, N, T, m)
        obtained = sensitivity(layer, x)

        for row in range(N):
            np.testing.assert_allclose(obtained[row], np.moveaxis(expected[row, :, row], 0, 1), atol=1e-8)


def test_sensitivity_is_the_product_times_the_last_link(rng):
    """dh_T/dx_t = ds_T/ds_t ds_t/dx_t, for a SimpleRNN with diag(1 - h_t^2) W^T as the last."""
    layer, (W, _, _), x, _ = built(keras.layers.SimpleRNNCell(4, **f64), rng)
    h = numpy(layer(x))[0]
    for t in range(T):
        link = (1 - h[:, t] ** 2)[:, :, None] * W.T
        expected = jacobian_product(layer, x, t + 1) @ link
        np.testing.assert_allclose(sensitivity(layer_output(layer), x)[:, t], expected, atol=1e-12)


def layer_output(layer):
    """The layer without its returned states."""
    inputs = keras.Input((T, M), dtype="float64")
    return keras.Model(inputs, layer(inputs)[0])
