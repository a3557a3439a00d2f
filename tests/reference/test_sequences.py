"""The twins of notebooks 01 and 02 against code they do not share: Keras, scikit-learn, SciPy, plain Python."""

import math

import numpy as np
import pytest

from course_kit.reference.fully_recurrent import fully_recurrent_forward
from course_kit.reference.information import mutual_information
from course_kit.reference.padding import masked_lstm, pad_and_mask

SEQS = [[3, 1, 4], [], [1, 5, 9, 2, 6, 5, 3], [5, 8, 9, 7, 9], [0, 2, 0], [6]]


@pytest.mark.parametrize("maxlen", [1, 3, 5, 9])
@pytest.mark.parametrize("truncating", ["pre", "post"])
@pytest.mark.parametrize("padding", ["pre", "post"])
def test_padding_is_that_of_keras(padding, truncating, maxlen):
    """All four combinations, also for an empty sequence and one that is cut."""
    import keras

    padded, mask = pad_and_mask(SEQS, maxlen, padding, truncating)
    expected = keras.utils.pad_sequences(SEQS, maxlen=maxlen, padding=padding, truncating=truncating)
    ones = [[1] * len(s) for s in SEQS]

    assert np.array_equal(padded, expected)
    assert np.array_equal(mask, keras.utils.pad_sequences(ones, maxlen=maxlen, padding=padding, truncating=truncating))


def test_masked_lstm_is_that_of_keras():
    """The state stands still under the mask; rows with a hole in the middle, too."""
    import keras

    rng = np.random.default_rng(1)
    x, mask = rng.normal(size=(3, 7, 2)), rng.random((3, 7)) < 0.6
    W, U, b = rng.normal(size=(2, 16)), rng.normal(size=(4, 16)), rng.normal(size=16)
    layer = keras.layers.LSTM(4, dtype="float64")
    layer.build((3, 7, 2))
    layer.set_weights([W, U, b])

    obtained = masked_lstm(x, mask, W, U, b)[:, -1]

    assert np.allclose(obtained, layer(x, mask=keras.ops.convert_to_tensor(mask)), rtol=0, atol=1e-12)


@pytest.mark.parametrize("gap", [1, 2, 5])
def test_mutual_information_is_that_of_scikit_learn_and_of_three_entropies(gap):
    """I = H(first) + H(second) - H(pair)."""
    from scipy.stats import entropy
    from sklearn.metrics import mutual_info_score

    rng = np.random.default_rng(2)
    text = "".join(rng.choice(list("abcdeé "), p=[0.3, 0.2, 0.2, 0.1, 0.1, 0.05, 0.05], size=500))
    first, second = list(text[:-gap]), list(text[gap:])

    def h(symbols):
        return entropy(np.unique(symbols, return_counts=True)[1])

    obtained = mutual_information(text, gap)

    assert math.isclose(obtained, mutual_info_score(first, second), abs_tol=1e-12)
    pairs = [a + b for a, b in zip(first, second, strict=True)]
    assert math.isclose(obtained, h(first) + h(second) - h(pairs), abs_tol=1e-12)


@pytest.mark.parametrize(
    "text,expected", [("ab" * 50 + "a", math.log(2)), ("abc" * 40 + "a", math.log(3)), ("aaaa", 0)]
)
def test_mutual_information_of_a_cycle_is_the_log_of_its_length(text, expected):
    """Whoever knows where a cycle stands knows all that follows."""
    assert math.isclose(mutual_information(text), expected, abs_tol=1e-12)


@pytest.fixture
def net():
    rng = np.random.default_rng(3)
    return rng.random((2, 4)), rng.normal(size=(2, 6, 2)), rng.normal(size=(4, 4)), rng.normal(size=4), (2, 0)


def test_fully_recurrent_network_node_by_node(net):
    """One sum a node and tick, in plain Python, from the activations of the tick before."""
    s_0, x, U, b, inputs = net
    obtained = fully_recurrent_forward(*net)

    for row in range(2):
        old = s_0[row].tolist()
        for t in range(6):
            new = []
            for k in range(4):
                a = float(b[k]) + math.fsum(old[j] * float(U[j, k]) for j in range(4))
                if k in inputs:
                    a += float(x[row, t, inputs.index(k)])
                new.append(1.0 / (1.0 + math.exp(-a)))
            old = new
            assert np.allclose(obtained[row, t], old, rtol=0, atol=1e-14)


def test_fully_recurrent_network_is_a_keras_layer_with_a_fixed_input_kernel(net):
    """SimpleRNN with sigmoid, whose kernel only says which node hears which signal."""
    import keras

    s_0, x, U, b, inputs = net
    kernel = np.zeros((2, 4))
    kernel[range(2), list(inputs)] = 1.0
    layer = keras.layers.SimpleRNN(4, activation="sigmoid", return_sequences=True, dtype="float64")
    layer.build(x.shape)
    layer.set_weights([kernel, U, b])

    expected = layer(x, initial_state=keras.ops.convert_to_tensor(s_0))

    assert np.allclose(fully_recurrent_forward(*net), expected, rtol=0, atol=1e-14)
