"""The densely connected BiLSTM: a functional model of Keras with the same weights, and the paper's count."""

import keras
import numpy as np
import pytest

from course_kit import reference
from course_kit.layers import DenselyConnectedBiLSTM
from course_kit.layers.dense_bilstm import masked_mean
from tests.cells.table import M, N, T, largest_difference, numpy, randomise

L = keras.layers
UNITS, DEPTH, LAST = 2, 3, 4


@pytest.fixture
def rng():
    return np.random.default_rng(71)


def layer_of(rng, dtype="float64", **arguments):
    """The layer with random weights, and those weights, six arrays a BiLSTM."""
    layer = DenselyConnectedBiLSTM(UNITS, DEPTH, LAST, dtype=dtype, **arguments)
    layer.build((None, None, M))
    weights = randomise(layer, rng)
    return layer, [weights[k : k + 6] for k in range(0, len(weights), 6)]


def functional(return_sequences, dtype="float64"):
    """The same network out of Keras' own layers; a step of zeros does not exist."""
    memory = inputs = keras.Input((None, M), dtype=dtype)
    mask = keras.ops.any(keras.ops.not_equal(inputs, 0), axis=-1)
    for _ in range(DEPTH):
        bilstm = L.Bidirectional(L.LSTM(UNITS, return_sequences=True, dtype=dtype), dtype=dtype)
        memory = L.Concatenate(dtype=dtype)([memory, bilstm(memory, mask=mask)])
    y = L.Bidirectional(L.LSTM(LAST, return_sequences=True, dtype=dtype), dtype=dtype)(memory, mask=mask)
    return keras.Model(inputs, y if return_sequences else L.GlobalAveragePooling1D(dtype=dtype)(y, mask=mask))


@pytest.mark.parametrize("return_sequences", [False, True])
def test_it_is_a_functional_keras_model_with_the_same_weights(return_sequences, rng):
    """Rows of seven and four steps, the end of the shorter one masked in both."""
    layer, weights = layer_of(rng, return_sequences=return_sequences)
    model = functional(return_sequences)
    model.set_weights([w for six in weights for w in six])
    x = rng.normal(size=(N, T, M))
    x[1, 4:] = 0

    obtained = numpy(layer(x, mask=np.any(x != 0, axis=-1)))

    assert largest_difference(obtained, numpy(model(x))) < 1e-14


def test_every_row_is_the_twin_on_the_steps_that_exist(rng):
    """Gaps in the middle too: steps 2, 5 and 6 of row 1 are as if they had never been."""
    sequence, weights = layer_of(rng, return_sequences=True)
    pooled, _ = layer_of(rng)
    pooled.set_weights(sequence.get_weights())
    valid = np.ones((N, T), dtype=bool)
    valid[1, [2, 5, 6]] = False
    x = rng.normal(size=(N, T, M))
    x[~valid] = 1e3

    y, mean = (numpy(layer(x, mask=valid)) for layer in (sequence, pooled))

    for k in range(N):
        expected, expected_mean = reference.dense_bilstm_forward(x[k : k + 1, valid[k]], weights)
        assert largest_difference(y[k, valid[k]], expected[0]) < 1e-12
        assert largest_difference(mean[k], expected_mean[0]) < 1e-12


@pytest.mark.parametrize(
    ("wrong", "change"),
    [
        ("reads the layer below alone", lambda memory, h: h),
        ("reads the input and the layer below", lambda memory, h: np.concatenate([memory[..., :M], h], axis=2)),
        ("puts new outputs first", lambda memory, h: np.concatenate([h, memory], axis=2)),
        (
            "adds instead of setting beside",
            lambda memory, h: memory + np.pad(h, [(0, 0)] * 2 + [(0, memory.shape[2] - 4)]),
        ),
    ],
)
def test_a_wrong_form_is_seen(wrong, change, rng):
    """More than a thousandth; where a wrong form is narrower, its kernels are the first rows of the right ones."""
    layer, weights = layer_of(rng, return_sequences=True)
    x = rng.normal(size=(N, T, M))
    obtained = numpy(layer(x))

    memory = np.pad(x, [(0, 0), (0, 0), (0, 1)]) if "adds" in wrong else x
    for six in weights:
        width = memory.shape[2]
        six = [w[:width] if k % 3 == 0 else w for k, w in enumerate(six)]
        six = [np.pad(w, [(0, width - len(w)), (0, 0)]) if k % 3 == 0 else w for k, w in enumerate(six)]
        h = reference.bilstm(memory, six)
        memory = change(memory, h) if h.shape[2] == 2 * UNITS else memory

    assert largest_difference(obtained, reference.dense_bilstm_forward(x, weights)[0]) < 1e-12
    assert largest_difference(obtained, h) > 1e-3


def test_the_papers_size_has_the_papers_count():
    """15 layers of 13 units, the last of 100, words of 300 numbers; fewer than one BiLSTM of 300 units."""
    layer, plain = DenselyConnectedBiLSTM(), L.Bidirectional(L.LSTM(300))
    for each in (layer, plain):
        each.build((None, None, 300))

    assert layer.count_params() == 1_406_560
    assert plain.count_params() == 1_442_400


def test_number_of_parameters_is_the_formula_and_each_layer_reads_what_it_should(rng):
    """Six random sizes; layer l reads m + 2n(l - 1) numbers."""
    for m, n, depth, t in rng.integers(1, 6, size=(6, 4)).tolist():
        layer = DenselyConnectedBiLSTM(n, depth, t)
        layer.build((None, None, m))
        assert layer.count_params() == 8 * n * depth * (m + n * depth + 1) + 8 * t * (m + 2 * n * depth + t + 1)
        assert [w.shape[0] for w in layer.weights[::6]] == [m + 2 * n * k for k in range(depth + 1)]


def test_the_mask_of_an_embedding_reaches_every_layer_and_goes_on(rng):
    """Padded words change nothing: not the mean, and not what a layer behind it makes of the sequence."""
    words = keras.Input((None,), dtype="int32")
    vectors = L.Embedding(20, M, mask_zero=True)(words)
    y = DenselyConnectedBiLSTM(UNITS, DEPTH, LAST, return_sequences=True)(vectors)
    model = keras.Model(words, [DenselyConnectedBiLSTM(UNITS, DEPTH, LAST)(vectors), L.LSTM(3)(y)])
    randomise(model, rng)
    text = rng.integers(1, 20, size=(1, 4))

    short, padded = (numpy(model(each)) for each in (text, np.pad(text, [(0, 0), (0, 3)])))

    assert largest_difference(padded, short) < 1e-6


@pytest.mark.parametrize("dtype", ["float32", "mixed_float16"])
def test_a_row_without_steps_has_mean_zero(dtype, rng):
    """And not the quotient of zero by zero."""
    layer, _ = layer_of(rng, dtype=dtype)

    mean = numpy(layer(rng.normal(size=(N, T, M)), mask=np.array([[True] * T, [False] * T])))

    assert np.isfinite(mean).all()
    assert (np.abs(mean[0]).max() > 0.01, np.abs(mean[1]).max()) == (True, 0)


@pytest.mark.parametrize("masked", [False, True])
def test_a_long_mean_in_half_precision_does_not_run_out(masked):
    """5000 equal steps and as many ones to divide by: float16 counts to 2048."""
    y = keras.ops.full((1, 5000, 2), 0.75, dtype="float16")

    mean = numpy(masked_mean(y, np.ones((1, 5000), dtype=bool) if masked else None))

    assert (mean.dtype, mean.tolist()) == ("float16", [[0.75, 0.75]])


@pytest.mark.parametrize("return_sequences", [False, True])
def test_symbolic_and_eager_shapes_agree(return_sequences, rng):
    """With and without values; a sequence of any length keeps its length."""
    layer, _ = layer_of(rng, "float32", return_sequences=return_sequences)
    shape = (N, T, 2 * LAST) if return_sequences else (N, 2 * LAST)

    assert tuple(layer(np.zeros((N, T, M))).shape) == shape == layer(keras.Input((T, M), batch_size=N)).shape
    assert layer.compute_output_shape((None, None, M)) == ((None, None, 8) if return_sequences else (None, 8))


def test_every_argument_is_in_the_configuration_and_comes_back():
    """Each argument, set to another value than its default."""
    other = {
        "units": 2,
        "depth": 3,
        "last_units": 4,
        "kernel_initializer": "he_normal",
        "recurrent_initializer": "glorot_normal",
        "bias_initializer": "ones",
        "dropout": 0.25,
        "recurrent_dropout": 0.5,
        "seed": 7,
        "return_sequences": True,
    }
    default, config = DenselyConnectedBiLSTM().get_config(), DenselyConnectedBiLSTM(**other).get_config()

    assert DenselyConnectedBiLSTM.from_config(config).get_config() == config
    assert [name for name in other if config[name] == default[name]] == []
    assert set(config) == set(other) | {"name", "trainable", "dtype"}


def test_seeds_make_every_lstm_different_and_the_layer_reproducible():
    """Kernels of one shape, the two ways of a layer, are never the same draw."""
    made = []
    for _ in range(2):
        layer = DenselyConnectedBiLSTM(3, 2, 3, kernel_initializer=keras.initializers.GlorotUniform(seed=4), seed=1)
        layer.build((None, None, 5))
        made.append([np.asarray(w) for w in layer.get_weights()[::3]])

    assert all(np.array_equal(a, b) for a, b in zip(*made, strict=True))
    assert all(np.abs(a - b).max() > 0.1 for a, b in zip(made[0][::2], made[0][1::2], strict=True))


def test_dropout_acts_in_training_alone_and_is_redrawn(rng):
    """Three calls in training differ from each other and from the quiet one, which repeats itself."""
    layer, _ = layer_of(rng, dropout=0.3, recurrent_dropout=0.3, seed=5)
    x = rng.normal(size=(N, T, M))

    noisy = [numpy(layer(x, training=True)) for _ in range(3)]
    quiet = [numpy(layer(x)) for _ in range(2)]

    assert min(np.abs(a - b).max() for k, a in enumerate([*noisy, quiet[0]]) for b in noisy[:k]) > 1e-3
    assert largest_difference(*quiet) == 0


@pytest.mark.parametrize("name", ["units", "depth", "last_units"])
@pytest.mark.parametrize("value", [0, -1, 2.0, True, None])
def test_sizes_that_are_not_positive_integers_are_refused(name, value):
    """A ValueError with exactly this sentence."""
    with pytest.raises(ValueError) as caught:
        DenselyConnectedBiLSTM(**{name: value})

    assert str(caught.value) == f"{name} must be a positive integer. Got {value!r}."


def test_other_bad_arguments_are_refused_too():
    """Dropouts outside [0, 1), and a truth value that is none."""
    with pytest.raises(ValueError, match=r"dropout must be a number in \[0, 1\)\. Got 1\."):
        DenselyConnectedBiLSTM(dropout=1)
    with pytest.raises(ValueError, match=r"return_sequences must be True or False\. Got 'yes'\."):
        DenselyConnectedBiLSTM(return_sequences="yes")
