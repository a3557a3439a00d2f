"""The convolutional LSTM with peepholes: Keras' own without them, and LSTMs with peepholes place by place."""

import inspect
import sys
import textwrap

import keras
import numpy as np
import pytest

from course_kit import reference
from course_kit.cells import ConvLSTM2DCell
from course_kit.layers import PeepholeConvLSTM2D
from tests.cells.table import largest_difference, numpy, randomise
from tests.oracles.onnx_cells import onnx_lstm

N, T, ROWS, COLUMNS, C, F = 2, 5, 4, 6, 3, 2
KERNEL = (3, 2)  # rows and columns differ, in the kernel and in the picture
SHAPE = (N, T, ROWS, COLUMNS, C)
every_kind = pytest.mark.parametrize("peepholes", ["pixel", "channel"])
BOTH = {"return_sequences": True, "return_state": True}


@pytest.fixture
def rng():
    return np.random.default_rng(67)


def layer_of(rng, shape=SHAPE, kernel=KERNEL, padding="same", **arguments):
    """The layer, its random weights, an input and a state to start from."""
    arguments = {**BOTH, "dtype": "float64", **arguments}
    layer = PeepholeConvLSTM2D(F, kernel, padding=padding, **arguments)
    layer.build(shape)
    weights, picture = randomise(layer, rng), layer.cell.picture
    return layer, weights, rng.normal(size=shape), [rng.normal(size=(shape[0], *picture)) for _ in range(2)]


# --- oracles ----------------------------------------------------------------------------------------------------------


@every_kind
@pytest.mark.parametrize(
    "how",
    [
        {"padding": "same"},
        {"padding": "valid"},
        {"padding": "same", "strides": 2},
        {"padding": "valid", "strides": (1, 2)},
        {"padding": "same", "dilation_rate": (1, 2)},
    ],
    ids=str,
)
def test_without_peepholes_it_is_keras_conv_lstm(how, peepholes, rng):
    """`peephole_kernel` zero, as at the start of training; outputs and both states from a non-zero state."""
    layer, weights, x, states = layer_of(rng, peepholes=peepholes, **how)
    layer.set_weights([*weights[:3], np.zeros_like(weights[3])])
    theirs = keras.layers.ConvLSTM2D(F, KERNEL, **how, **BOTH, dtype="float64")
    theirs.build(SHAPE)
    theirs.set_weights(weights[:3])

    obtained = numpy(layer(x, initial_state=states))

    assert largest_difference(obtained, numpy(theirs(x, initial_state=states))) < 1e-14


def test_with_kernels_of_one_place_it_is_an_onnxruntime_lstm_with_p_for_each_pixel(rng):
    """1 x 1 kernels: each place is an LSTM of its own with its own peepholes and everybody's kernels; float32."""
    layer, (W, U, b, p), x, states = layer_of(rng, kernel=1, dtype="float32")
    x, states = x.astype("float32"), [s.astype("float32") for s in states]

    h, h_last, c_last = numpy(layer(x, initial_state=states))

    for r in range(ROWS):
        for s in range(COLUMNS):
            start = [state[:, r, s] for state in states]
            expected = onnx_lstm(x[:, :, r, s], *start, W[0, 0], U[0, 0], b, p[:, r, s])
            assert largest_difference([h[:, :, r, s], h_last[:, r, s], c_last[:, r, s]], expected) < 1e-6


@every_kind
def test_on_one_pixel_it_is_the_lstm_with_peepholes(peepholes, rng):
    """A picture of one place sees the middle of the kernels alone: row and column 1 of 3."""
    shape = (N, T, 1, 1, C)
    layer, (W, U, b, p), x, states = layer_of(rng, shape, kernel=3, dtype="float32", peepholes=peepholes)
    x, states = x.astype("float32"), [s.astype("float32") for s in states]

    obtained = numpy(layer(x, initial_state=states))
    start = [state[:, 0, 0] for state in states]
    expected = onnx_lstm(x[:, :, 0, 0], *start, W[1, 1], U[1, 1], b, p.reshape(3, F))

    assert largest_difference([obtained[0][:, :, 0, 0], *(s[:, 0, 0] for s in obtained[1:])], expected) < 1e-6


@every_kind
@pytest.mark.parametrize(
    "how",
    [
        {"stride": 1, "padding": "same", "dilation": 1},
        {"stride": 2, "padding": "valid", "dilation": 1},
        {"stride": 1, "padding": "same", "dilation": 2},
    ],
    ids=str,
)
def test_every_step_equals_the_twin_and_a_masked_step_is_no_step(how, peepholes, rng):
    """In row 1 steps 1 and 4 do not exist; outputs where there are some, and both states."""
    given = {"strides": how["stride"], "padding": how["padding"], "dilation_rate": how["dilation"]}
    layer, weights, x, states = layer_of(rng, peepholes=peepholes, **given)
    valid = np.ones((N, T), dtype=bool)
    valid[1, [1, 4]] = False

    h, *last = numpy(layer(x, initial_state=states, mask=valid))

    for k in range(N):
        start = [s[k : k + 1] for s in states]
        expected, c = reference.conv_lstm_forward(x[k : k + 1, valid[k]], *start, *weights, **how)
        assert largest_difference(h[k : k + 1, valid[k]], expected) < 1e-12
        assert largest_difference([s[k] for s in last], [expected[0, -1], c[0, -1]]) < 1e-12


def test_masked_steps_are_zero_if_asked(rng):
    """And otherwise as they were; the steps behind them do not notice."""
    layer, weights, x, states = layer_of(rng)
    zeroed, _, _, _ = layer_of(rng, zero_output_for_mask=True)
    zeroed.set_weights(weights)
    valid = np.ones((N, T), dtype=bool)
    valid[1, [1, 4]] = False

    kept, zero = (numpy(each(x, initial_state=states, mask=valid))[0] for each in (layer, zeroed))

    assert np.all(zero[~valid] == 0)
    assert largest_difference(zero[valid], kept[valid]) == 0
    assert largest_difference(kept[1, 1], kept[1, 0]) == 0


@pytest.mark.parametrize(
    ("wrong", "text", "instead"),
    [
        ("output gate sees the old state", "p_o * c_new", "p_o * c"),
        ("stacks i, c, f, o", "a_i, a_f, a_c, a_o =", "a_i, a_c, a_f, a_o ="),
        ("swaps p_i and p_f", "p_i, p_f, p_o =", "p_f, p_i, p_o ="),
        ("drops p_i", " + p_i * c)", ")"),
        ("drops p_f", " + p_f * c)", ")"),
        ("drops p_o", " + p_o * c_new", ""),
        ("has no tanh on the output", "o * self.activation(c_new)", "o * c_new"),
        ("stores tanh(c)", "[h_new, c_new]", "[h_new, self.activation(c_new)]"),
        (
            "mirrors the recurrent kernel",
            "ops.conv(h, self.recurrent_kernel",
            "ops.conv(h, self.recurrent_kernel[::-1]",
        ),
        ("has its peepholes upside down", "self.peephole_kernel[k] for", "self.peephole_kernel[k][::-1] for"),
    ],
)
def test_a_wrong_form_is_seen(wrong, text, instead, rng):
    """More than a thousandth from the twin within five steps."""
    source = textwrap.dedent(inspect.getsource(ConvLSTM2DCell.call))
    assert source.count(text) == 1
    names = dict(vars(sys.modules[ConvLSTM2DCell.__module__]))
    exec(source.replace(text, instead), names)
    layer, weights, x, states = layer_of(rng)
    expected, _ = reference.conv_lstm_forward(x, *states, *weights)
    assert largest_difference(numpy(layer(x, initial_state=states))[0], expected) < 1e-12

    layer.cell.__class__ = type("Wrong", (ConvLSTM2DCell,), {"call": names["call"]})

    assert largest_difference(numpy(layer(x, initial_state=states))[0], expected) > 1e-3


@every_kind
def test_gradient_of_every_weight_is_the_difference_quotient(peepholes, rng):
    """What one step of gradient descent subtracts, against central differences of the twin in float64."""
    shape = (N, 3, 3, 2, C)
    layer, weights, x, _ = layer_of(rng, shape, return_state=False, peepholes=peepholes)
    start, pull = np.zeros((N, 3, 2, F)), rng.normal(size=(*shape[:-1], F)).astype("float32")
    model = keras.Sequential([keras.Input(shape[1:], dtype="float64"), layer])
    model.compile(keras.optimizers.SGD(1.0), loss=lambda r, y: keras.ops.sum(r * y), run_eagerly=True)

    model.train_on_batch(x, pull)
    obtained = [before - after for before, after in zip(weights, layer.get_weights(), strict=True)]

    def loss():
        return np.sum(pull * reference.conv_lstm_forward(x, start, start, *weights)[0])

    expected, eps = [np.zeros_like(w) for w in weights], 1e-6
    for weight, slope in zip(weights, expected, strict=True):
        for k in np.ndindex(weight.shape):
            kept = weight[k]
            weight[k] = kept + eps
            above = loss()
            weight[k] = kept - eps
            slope[k] = (above - loss()) / (2 * eps)
            weight[k] = kept
    assert all(np.abs(slope).max() > 0.1 for slope in expected)
    assert largest_difference(obtained, expected) < 1e-7


# --- what every layer promises ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("flags", [{}, {"return_sequences": True}, BOTH], ids=str)
@pytest.mark.parametrize("how", [{"padding": "same"}, {"strides": 2}, {"dilation_rate": 2, "padding": "same"}], ids=str)
def test_symbolic_and_eager_shapes_agree_with_keras(how, flags):
    """In a functional model too, where `keras.layers.RNN` of the cell would say otherwise."""
    ours, theirs = (kind(F, KERNEL, **how, **flags) for kind in (PeepholeConvLSTM2D, keras.layers.ConvLSTM2D))
    symbol = keras.Input(SHAPE[1:], batch_size=N)

    def shapes(answer):
        return [tuple(a.shape) for a in keras.tree.flatten(answer)]

    assert shapes(ours(symbol)) == shapes(theirs(symbol)) == shapes(ours(np.zeros(SHAPE)))


def test_number_of_parameters_is_the_formula(rng):
    """Six random sizes, both kinds of peepholes, with and without bias."""
    for c, f, k1, k2, rows, columns in rng.integers(1, 6, size=(6, 6)).tolist():
        for peepholes, size in (("pixel", rows * columns), ("channel", 1)):
            for use_bias in (True, False):
                layer = PeepholeConvLSTM2D(f, (k1, k2), padding="same", peepholes=peepholes, use_bias=use_bias)
                layer.build((None, None, rows, columns, c))
                assert layer.count_params() == 4 * f * (k1 * k2 * (c + f) + use_bias) + 3 * f * size


def test_stateful_chunks_are_one_run_and_the_last_state_resumes_it(rng):
    """Two and three steps continue each other, by the layer's memory or by the caller's."""
    layer, weights, x, _ = layer_of(rng)
    chunked = PeepholeConvLSTM2D(F, KERNEL, padding="same", **BOTH, stateful=True, dtype="float64")
    chunked.build(SHAPE)
    chunked.set_weights(weights)
    whole = numpy(layer(x))

    _, *middle = layer(x[:, :2])
    resumed = numpy(layer(x[:, 2:], initial_state=middle))
    for _ in range(2):
        chunked(x[:, :2])
        assert largest_difference(numpy(chunked(x[:, 2:])), [whole[0][:, 2:], *whole[1:]]) == 0
        chunked.reset_state()

    assert largest_difference(resumed, [whole[0][:, 2:], *whole[1:]]) == 0


def test_backwards_unrolled_and_both_ways(rng):
    """The reversed sequence, the same numbers without a loop, and a run each way side by side."""
    layer, weights, x, _ = layer_of(rng, return_state=False)
    other, _, _, _ = layer_of(rng, return_state=False)
    back, unrolled = (
        PeepholeConvLSTM2D(F, KERNEL, padding="same", return_sequences=True, dtype="float64", **flag)
        for flag in ({"go_backwards": True}, {"unroll": True})
    )
    for each in (back, unrolled):
        each.build(SHAPE)
        each.set_weights(weights)
    both = keras.layers.Bidirectional(
        PeepholeConvLSTM2D(F, KERNEL, padding="same", return_sequences=True, dtype="float64"), dtype="float64"
    )
    both.build(SHAPE)
    both.set_weights([*weights, *other.get_weights()])
    expected = np.concatenate([numpy(layer(x)), numpy(other(x[:, ::-1]))[:, ::-1]], axis=-1)

    assert largest_difference(numpy(back(x)), numpy(layer(x[:, ::-1]))) == 0
    assert largest_difference(numpy(unrolled(x)), numpy(layer(x))) < 1e-14
    assert largest_difference(numpy(both(x)), expected) == 0


def test_mixed_precision_is_finite_and_near(rng):
    """Weights stay in float32, values are float16 and within its reach of the twin."""
    layer, weights, x, states = layer_of(rng, dtype="mixed_float16")

    h = layer(x.astype("float32"), initial_state=[s.astype("float32") for s in states])[0]

    assert {w.dtype for w in layer.weights} == {"float32"}
    assert keras.backend.standardize_dtype(h.dtype) == "float16"
    assert largest_difference(numpy(h), reference.conv_lstm_forward(x, *states, *weights)[0]) < 3e-2


@pytest.mark.parametrize("where", ["dropout", "recurrent_dropout"])
def test_one_dropout_mask_holds_for_all_steps_of_a_batch_and_the_next_batch_has_another(where, rng):
    """With 1 x 1 kernels and one channel each place shows whether it was dropped or doubled, at every step the same."""
    layer = PeepholeConvLSTM2D(1, 1, return_sequences=True, use_bias=False, seed=1, dtype="float64", **{where: 0.5})
    layer.build((1, T, ROWS, COLUMNS, 1))
    W, U, p = layer.get_weights()
    W[..., 2], U[..., 2] = 0.5, 0.9 * (where == "recurrent_dropout")  # the candidate alone, gates at 1/2
    W[..., [0, 1, 3]] = U[..., [0, 1, 3]] = 0
    layer.set_weights([W, U, p])
    x = rng.normal(size=(1, T, ROWS, COLUMNS, 1))
    start = np.ones((1, ROWS, COLUMNS, 1))

    def under(mask):
        scaled = x * mask if where == "dropout" else x
        recurrent = U if where == "dropout" else U * mask
        return reference.conv_lstm_forward(scaled, start, start, W, recurrent, np.zeros(4), p)[0][0, ..., 0]

    dropped, kept = under(0.0), under(2.0)
    masks = []
    for _ in range(3):
        h = numpy(layer(x, initial_state=[start, start], training=True))[0, ..., 0]  # (T, rows, columns)
        is_kept, is_dropped = (np.abs(h - each) < 1e-12 for each in (kept, dropped))
        assert (is_kept.all(axis=0) | is_dropped.all(axis=0)).all()
        masks.append(tuple(is_kept.all(axis=0).ravel()))

    assert len(set(masks)) > 1
    assert 0 < np.mean(masks) < 1
