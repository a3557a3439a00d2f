"""Arguments of the convolutional LSTM: complete in the configuration, ordered as in Keras, refused with a sentence."""

import inspect

import keras
import pytest

from course_kit.cells import ConvLSTM2DCell
from course_kit.layers import PeepholeConvLSTM2D

OTHER = {
    "filters": 3,
    "kernel_size": [3, 2],
    "strides": [1, 2],
    "padding": "same",
    "activation": "relu",
    "recurrent_activation": "hard_sigmoid",
    "use_bias": False,
    "kernel_initializer": "he_normal",
    "recurrent_initializer": "glorot_normal",
    "bias_initializer": "ones",
    "unit_forget_bias": False,
    "kernel_regularizer": "l1",
    "recurrent_regularizer": "l2",
    "bias_regularizer": "l1",
    "kernel_constraint": "non_neg",
    "recurrent_constraint": "unit_norm",
    "bias_constraint": "max_norm",
    "dropout": 0.25,
    "recurrent_dropout": 0.5,
    "seed": 7,
    "peepholes": "channel",
    "peephole_initializer": "ones",
    "peephole_regularizer": "l2",
    "peephole_constraint": "non_neg",
}


def test_every_argument_is_in_the_configuration_and_comes_back():
    """Each argument, set to another value than its default, in the cell and in the layer."""
    for kind in (ConvLSTM2DCell, PeepholeConvLSTM2D):
        default = kind(2, 1).get_config()
        config = kind(**OTHER).get_config()
        assert kind.from_config(config).get_config() == config
        assert [name for name in OTHER if config[name] == default[name]] == []
    assert kind(2, 1, dilation_rate=2).get_config()["dilation_rate"] == [2, 2]
    names = set(inspect.signature(ConvLSTM2DCell).parameters) - {"kwargs"}
    assert set(ConvLSTM2DCell(2, 1).get_config()) == names | {"name", "trainable", "dtype"}
    assert names == set(OTHER) | {"dilation_rate"}


def test_arguments_have_the_order_of_keras():
    """But `data_format`, which is always channels last."""
    ours, theirs = (list(inspect.signature(kind).parameters) for kind in (ConvLSTM2DCell, keras.layers.ConvLSTM2D))

    assert [name for name in theirs if name in ours] == [name for name in ours if name in theirs]
    assert set(theirs) - set(inspect.signature(PeepholeConvLSTM2D).parameters) == {
        "data_format",
        "activity_regularizer",
    }


def test_regularizers_and_constraints_reach_their_weights():
    """Every weight has the ones of its kind."""
    cell = ConvLSTM2DCell(**{**OTHER, "use_bias": True})
    cell.build((None, 4, 4, 2))

    for weight in cell.trainable_variables:
        kind = weight.name.removesuffix("_kernel")
        assert weight.regularizer is getattr(cell, f"{kind}_regularizer") is not None
        assert weight.constraint is getattr(cell, f"{kind}_constraint") is not None


BAD = [("filters", v, "a positive integer") for v in (0, 2.0, True, None)]
BAD += [
    (name, v, "a positive integer or two of them")
    for name in ("kernel_size", "strides", "dilation_rate")
    for v in (0, 2.5, "3", (1, 2, 3), (1, 0), None)
]
BAD += [
    ("padding", "SAME", "'valid' or 'same'"),
    ("peepholes", True, "'pixel' or 'channel'"),
    ("dropout", 1, "a number in [0, 1)"),
]


@pytest.mark.parametrize(("name", "value", "rule"), BAD)
def test_a_bad_argument_gets_the_rule_and_what_came(name, value, rule):
    """A ValueError with exactly this sentence."""
    with pytest.raises(ValueError) as caught:
        ConvLSTM2DCell(**{"filters": 2, "kernel_size": 3, name: value})

    assert str(caught.value) == f"{name} must be {rule}. Got {value!r}."


def test_pictures_of_unknown_size_and_strides_with_dilation_are_refused():
    """Both in words of the caller's."""
    with pytest.raises(
        ValueError, match=r"a step must be \(N, rows, columns, C\) with fixed sizes\. Got \(None, None, 4"
    ):
        PeepholeConvLSTM2D(2, 3).build((None, 5, None, 4, 1))
    with pytest.raises(ValueError, match=r"dilation_rate must be 1 with strides of 2\. Got 3\."):
        ConvLSTM2DCell(2, 3, strides=2, dilation_rate=3)
