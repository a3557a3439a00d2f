"""Arguments of the layers over trees: the configuration is complete, bad values get a sentence."""

import inspect

import keras
import numpy as np
import pytest

from course_kit.layers import (
    ChildSumTreeLSTM,
    NaryTreeLSTM,
    RecursiveNetwork,
    RecursiveTensorNetwork,
    encode_trees,
)
from tests.layers.trees import largest_difference, numpy

LAYERS = [RecursiveNetwork, RecursiveTensorNetwork, ChildSumTreeLSTM, NaryTreeLSTM]
every_class = pytest.mark.parametrize("layer", LAYERS, ids=lambda layer: layer.__name__)

# a value for each argument that is not its default
OTHER = {
    "units": 6,
    "arity": 3,
    "activation": "relu",
    "recurrent_activation": "hard_sigmoid",
    "use_bias": False,
    "unit_forget_bias": False,
    "kernel_initializer": "he_normal",
    "recurrent_initializer": "glorot_normal",
    "bias_initializer": "ones",
    "tensor_initializer": "he_uniform",
    "kernel_regularizer": "l1",
    "recurrent_regularizer": "l2",
    "bias_regularizer": keras.regularizers.L2(0.1),
    "tensor_regularizer": keras.regularizers.L1(0.1),
    "kernel_constraint": "non_neg",
    "recurrent_constraint": "unit_norm",
    "bias_constraint": "max_norm",
    "tensor_constraint": keras.constraints.MaxNorm(0.5),
    "return_nodes": True,
}


def argument_names(layer) -> list[str]:
    return [name for name in inspect.signature(layer.__init__).parameters if name not in ("self", "kwargs")]


@every_class
def test_every_argument_is_in_the_configuration_and_comes_back(layer):
    """Each argument, set to another value than its default, survives `from_config(get_config())`."""
    names = argument_names(layer)
    default = layer(5).get_config()

    config = layer(**{name: OTHER[name] for name in names}).get_config()
    again = layer.from_config(config).get_config()

    assert again == config
    assert [name for name in names if config[name] == default[name]] == []
    assert set(config) - set(names) == {"name", "trainable", "dtype"}


@every_class
def test_every_initialiser_regulariser_and_constraint_reaches_its_weight(layer):
    """Weights start as asked, are penalised, and are tied to their constraints."""
    kinds = {"kernel": 0.5, "recurrent_kernel": 0.25, "bias": 0.125, "tensor_kernel": 2.0}
    names, given = argument_names(layer), {}
    for weight, value in kinds.items():
        part = weight.removesuffix("_kernel")
        if f"{part}_initializer" in names:
            given[f"{part}_initializer"] = keras.initializers.Constant(value)
            given[f"{part}_regularizer"] = keras.regularizers.L1(value)
            given[f"{part}_constraint"] = "non_neg"
    made = layer(4, **given)
    made.build((None, None, 4))

    assert len(made.weights) == len(given) // 3
    for weight in made.weights:
        value = numpy(weight)
        started = np.full_like(value, kinds[weight.name])
        if weight.name == "bias" and "unit_forget_bias" in names:
            started[4:8] = 1.0
        assert largest_difference(value, started) == 0
        assert type(weight.constraint).__name__ == "NonNeg"
    penalties = [kinds[w.name] * numpy(w).sum() for w in made.weights]
    assert np.isclose(sum(float(loss) for loss in made.losses), sum(penalties))


def test_the_tensor_starts_as_in_the_authors_program():
    """Uniform in ±1/(4d), and no two runs alike."""
    layer = RecursiveTensorNetwork(10)
    layer.build((None, None, 10))
    V = numpy(layer.tensor_kernel)

    assert 0.0249 < np.abs(V).max() <= 0.025
    assert abs(V.mean()) < 1e-3


BAD = [
    (layer, {"units": value}, f"units must be a positive integer. Got {value!r}.")
    for layer in LAYERS
    for value in (0, -1, 2.5, True, "8", None)
]
BAD += [(NaryTreeLSTM, {"units": 5, "arity": v}, f"arity must be a positive integer. Got {v!r}.") for v in (0, 2.0)]
BAD += [
    (layer, {"units": 5, name: "no"}, f"{name} must be True or False. Got 'no'.")
    for layer in LAYERS
    for name in ("use_bias", "return_nodes")
]


@pytest.mark.parametrize(("layer", "given", "message"), BAD)
def test_a_bad_argument_gets_the_rule_and_what_came(layer, given, message):
    """A ValueError with exactly this sentence."""
    with pytest.raises(ValueError) as caught:
        layer(**given)

    assert str(caught.value) == message


PAIRS, TRIPLES = encode_trees([(1, 2)]).children, encode_trees([(1, 2, 3)]).children


@pytest.mark.parametrize(
    ("layer", "width", "children", "message"),
    [
        (RecursiveNetwork(4), 3, PAIRS, "the last axis of inputs must be units, 4. Got 3."),
        (RecursiveTensorNetwork(4), 3, PAIRS, "the last axis of inputs must be units, 4. Got 3."),
        (RecursiveNetwork(4), 4, TRIPLES, "the last axis of children must be 2, encode_trees(..., arity=2). Got 3."),
        (NaryTreeLSTM(4, 2), 4, TRIPLES, "the last axis of children must be arity, encode_trees(..., arity=2). Got 3."),
        (ChildSumTreeLSTM(4), 4, PAIRS.astype("float32"), "children must be integers, the numbers of slots. Got "),
    ],
)
def test_trees_that_do_not_fit_get_the_rule_and_what_came(layer, width, children, message):
    """When the layer meets them."""
    x = np.zeros((1, children.shape[1], width), dtype="float32")
    with pytest.raises(ValueError) as caught:
        layer(x, children)

    assert message in str(caught.value)
