"""Counts of the systems of slide D1.28 that need more than a row: pictures, published sizes, what is printed."""

import keras
import pytest

from course_kit import layers, params
from course_kit.cells import ConvLSTM2DCell
from tests.params.printed import value_of

L = keras.layers


@pytest.mark.parametrize(
    "how",
    [
        {},
        {"padding": "same"},
        {"strides": (2, 3)},
        {"strides": 2, "padding": "same"},
        {"dilation_rate": (2, 1)},
        {"dilation_rate": 2, "padding": "same"},
    ],
    ids=str,
)
@pytest.mark.parametrize("use_bias", [True, False])
def test_peepholes_by_pixel_are_counted_on_the_picture_of_the_state(how, use_bias):
    """The layer, its cell in Keras' RNN, and the layer both ways: value, shapes and the printed formula."""
    given = {"filters": 3, "kernel_size": (2, 4), "use_bias": use_bias, **how}
    layer = layers.PeepholeConvLSTM2D(**given)
    for each in (layer, L.Bidirectional(layer), L.RNN(ConvLSTM2DCell(**given))):
        each.build((None, 5, 9, 11, 2))
        counted = params.count(each)
        assert counted.value == each.count_params()
        assert [tensor.shape for tensor in counted.tensors] == [tuple(weight.shape) for weight in each.weights]
        assert value_of(counted.formula, counted.numbers) == counted.value == value_of(counted.put_in, {})


def test_peepholes_by_pixel_cannot_be_counted_before_the_picture_is_known():
    """A sentence that says what to do; by channel they can."""
    with pytest.raises(ValueError) as caught:
        params.count(layers.PeepholeConvLSTM2D(3, 2), inputs=2)

    assert str(caught.value) == "peepholes='pixel' are counted once the layer is built. Got one that is not built."
    assert params.count(layers.PeepholeConvLSTM2D(4, 3, peepholes="channel"), inputs=2).value == 880 + 12


def test_lanes_layers_and_places_are_called_by_their_names():
    """K is lags in one system and lanes in another."""
    array, lag = (params.count(layer, inputs=5) for layer in (layers.ArrayLSTM(7), layers.LagSkip(7, 3)))
    dense = params.count(layers.DenselyConnectedBiLSTM(), inputs=300)

    first = str(array).splitlines()[0]
    assert first == "ArrayLSTM: 4K(n^2 + mn + n) = 4·2(7^2 + 5·7 + 7) = 728   (m = 5 inputs, n = 7 units, K = 2 lanes)"
    assert "K = 1 lags" in str(lag)
    assert "L = 15 narrow layers, t = 100 units of the last layer" in str(dense)
    assert "K1 = 2" in str(params.count(L.StackedRNNCells([layers.ArrayLSTM(7).cell, L.LSTMCell(3)]), inputs=5))


def test_published_sizes():
    """The worked table of the course for m = 5 and n = 7, and the densely connected BiLSTM of its paper."""
    expected = {
        params.peephole_conv_lstm2d(2, 4, 3, 3): 880 + 12,
        params.peephole_conv_lstm2d(2, 4, 3, 3, 8, 8): 880 + 768,
        params.grid_block(2, 7, use_bias=False): 784,
        params.grid_block(2, 7): 840,
        params.depth_gated_lstm(5, 7): 896,
        params.array_lstm(5, 7, 2): 728,
        params.dense_bilstm(300, 13, 15, 100): 1_406_560,
    }

    assert list(expected) == list(expected.values())
    assert params.grid_block(3, 7) == sum(w for w in (4 * 3 * 3 * 49, 4 * 3 * 7))
    assert params.grid_lstm(5, 7, 2, tied=None, input_memory="zeros") == 5 * 7 + 2 * params.grid_block(2, 7)


def test_explain_agrees_with_a_model_of_all_of_them():
    """No layer is unknown."""
    inputs = L.Input((5, 8, 9, 2))
    x = layers.PeepholeConvLSTM2D(3, 3, return_sequences=True)(inputs)
    x = L.TimeDistributed(L.Flatten())(x)
    x = layers.DenselyConnectedBiLSTM(2, 3, 4, return_sequences=True)(x)
    x = layers.GridLSTM(4, 2, return_sequences=True)(x)
    x = layers.DepthGatedLSTM(4, 2, return_sequences=True)(x)
    model = keras.Model(inputs, layers.ArrayLSTM(4)(x))

    table = params.explain(model)

    assert table.verdict == "agrees"
    assert table.expected == table.actual == model.count_params()
