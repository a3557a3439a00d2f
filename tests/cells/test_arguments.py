"""Arguments of the cells: names and order are Keras', the configuration is complete, bad values get a sentence."""

import inspect
import math

import keras
import numpy as np
import pytest

from course_kit.cells import (
    ArrayLSTMCell,
    DepthGatedLSTMCell,
    ElmanCell,
    GridLSTMCell,
    GRUCell,
    JordanCell,
    LagSkipCell,
    LayerNormLSTMCell,
    LayerNormSimpleRNNCell,
    LSTM1997Cell,
    NASCell,
    NTMCell,
    PeepholeLSTMCell,
)
from tests.cells.table import largest_difference, numpy

CELLS = {
    ElmanCell: {"units": 5, "output_units": 2},
    JordanCell: {"units": 5, "output_units": 2},
    LSTM1997Cell: {"units": 5},
    PeepholeLSTMCell: {"units": 5},
    GRUCell: {"units": 5},
    LayerNormSimpleRNNCell: {"units": 5},
    LayerNormLSTMCell: {"units": 5},
    NASCell: {"units": 5},
    LagSkipCell: {"units": 5, "lags": 3},
    ArrayLSTMCell: {"units": 5, "lanes": 2},
    DepthGatedLSTMCell: {"units": 5, "depth": 2},
    GridLSTMCell: {"units": 5, "depth": 2},
    NTMCell: {
        "units": 5,
        "output_units": 2,
        "memory_slots": 6,
        "memory_width": 3,
        "read_heads": 2,
        "write_heads": 2,
        "shift_range": 2,
    },
}
every_class = pytest.mark.parametrize("cell", CELLS, ids=lambda cell: cell.__name__)

# a value for each argument that is not its default
OTHER = {
    "units": 6,
    "output_units": 3,
    "activation": "relu",
    "output_activation": "softmax",
    "recurrent_activation": "hard_sigmoid",
    "squashing": "paper",
    "use_bias": False,
    "unit_forget_bias": False,
    "kernel_initializer": "he_normal",
    "recurrent_initializer": "glorot_normal",
    "bias_initializer": "ones",
    "output_initializer": "he_uniform",
    "peephole_initializer": "ones",
    "kernel_regularizer": "l1",
    "recurrent_regularizer": "l2",
    "bias_regularizer": keras.regularizers.L2(0.1),
    "peephole_regularizer": keras.regularizers.L1(0.1),
    "kernel_constraint": "non_neg",
    "recurrent_constraint": "unit_norm",
    "bias_constraint": "max_norm",
    "peephole_constraint": keras.constraints.MaxNorm(0.5),
    "dropout": 0.25,
    "recurrent_dropout": 0.5,
    "seed": 7,
    "layernorm_epsilon": 0.1,
    "gamma_initializer": "zeros",
    "gamma_regularizer": keras.regularizers.L1(0.2),
    "gamma_constraint": keras.constraints.MaxNorm(0.7),
    "norm_gamma_initializer": "zeros",
    "norm_beta_initializer": "ones",
    "norm_epsilon": 0.1,
    "projection": 4,
    "projection_initializer": "he_uniform",
    "context_decay": 0.75,
    "block_size": 3,
    "gate_recurrence": True,
    "gradient": "truncated",
    "reset_after": True,
    "update": "write",
    "lags": [5, 2],
    "lanes": 3,
    "lane_selection": "soft",
    "attention_activation": "linear",
    "depth": 3,
    "peepholes": False,
    "depth_bias_initializer": "ones",
    "priority": "time",
    "tied": None,
    "input_memory": "zeros",
    "depth_dimension": "dense",
    "dense_activation": "tanh",
    "memory_slots": 5,
    "memory_width": 4,
    "read_heads": 3,
    "write_heads": 3,
    "shift_range": 3,
}
# where a default is another class's other value
OTHER_OF = {GridLSTMCell: {"squashing": "lstm"}, NASCell: {"use_bias": True}}


def argument_names(cell) -> list[str]:
    return [name for name in inspect.signature(cell.__init__).parameters if name not in ("self", "kwargs")]


@every_class
def test_every_argument_is_in_the_configuration_and_comes_back(cell):
    """Each argument, set to another value than its default, survives `from_config(get_config())`."""
    names = argument_names(cell)
    default = cell(**CELLS[cell]).get_config()

    config = cell(**{name: {**OTHER, **OTHER_OF.get(cell, {})}[name] for name in names}).get_config()
    again = cell.from_config(config).get_config()

    assert again == config
    assert [name for name in names if config[name] == default[name]] == []


@every_class
def test_a_rebuilt_configuration_has_no_argument_that_the_cell_does_not_take(cell):
    """Nothing of the class that lends the dropout masks is left over."""
    extra = set(cell(**CELLS[cell]).get_config()) - set(argument_names(cell))

    assert extra == {"name", "trainable", "dtype"}


@every_class
def test_arguments_have_the_names_and_the_order_of_keras(cell):
    """The arguments that `keras.layers.LSTMCell` has too stand in its order."""
    names, keras_names = argument_names(cell), argument_names(keras.layers.LSTMCell)

    shared = [name for name in keras_names if name in names]

    assert [name for name in names if name in keras_names] == shared
    assert set(keras_names) - set(names) <= {"activation", "recurrent_activation", "unit_forget_bias"}


# whose regularizer and constraint a weight has, where its name does not begin with it
KINDS = {
    "output_kernel": "kernel",
    "upper_kernel": "kernel",
    "depth_kernel": "kernel",
    "depth_peephole_kernel": "peephole",
    "output_bias": "bias",
    "depth_bias": "bias",
    "head_kernel": "kernel",
    "head_bias": "bias",
    "projection_kernel": "kernel",
}


@every_class
def test_regularizers_and_constraints_reach_their_weights(cell):
    """Every weight has the ones of its kind."""
    config = {name: OTHER[name] for name in argument_names(cell) if name.endswith(("regularizer", "constraint"))}
    built = cell(**CELLS[cell], **config)
    built.build((None, 3))

    for weight in built.trainable_variables:
        if cell is LayerNormLSTMCell and weight.name.endswith(("_gamma", "_beta")):
            continue  # TensorFlow Addons has no regularizers and constraints for them
        kind = KINDS.get(weight.name, weight.name.removesuffix("_kernel"))
        assert weight.regularizer is getattr(built, f"{kind}_regularizer") is not None
        assert weight.constraint is getattr(built, f"{kind}_constraint") is not None


@every_class
def test_equal_shapes_do_not_start_with_equal_values(cell):
    """With m = n = o no two kernels are the same draw."""
    square = cell(**{name: 4 for name in CELLS[cell]}, kernel_initializer="glorot_uniform")
    square.build((None, 4))

    kernels = [numpy(w) for w in square.trainable_variables if w.ndim == 2]

    for k, one in enumerate(kernels):
        assert all(one.shape != other.shape or np.abs(one - other).max() > 0.1 for other in kernels[:k])


def test_a_forget_bias_of_one_is_put_where_keras_puts_it():
    """The bias starts as that of `keras.layers.LSTMCell`, and as asked without `unit_forget_bias`."""
    ours, theirs = PeepholeLSTMCell(3), keras.layers.LSTMCell(3)
    asked = PeepholeLSTMCell(3, unit_forget_bias=False, bias_initializer=keras.initializers.Constant(0.25))
    for cell in (ours, theirs, asked):
        cell.build((None, 2))

    assert largest_difference(numpy(ours.bias), numpy(theirs.bias)) == 0
    assert largest_difference(numpy(asked.bias), np.full(12, 0.25)) == 0


def test_numpy_integers_are_taken_and_stored_as_int():
    """`units` from an array shape or a random draw is no mistake, and the configuration stays plain."""
    config = ElmanCell(np.int64(3), np.int32(2)).get_config()

    assert (type(config["units"]), type(config["output_units"])) == (int, int)


NOT_POSITIVE_INTEGERS = [0, -1, 2.5, 3.0, True, "8", None, [4]]
NOT_FRACTIONS = [1.0, -0.1, 1.5, 2, True, "0.5", None, math.nan]
BAD = [
    (cell, name, value, f"{name} must be a positive integer. Got {value!r}.")
    for cell, good in CELLS.items()
    for name in good
    if name != "lags"
    for value in NOT_POSITIVE_INTEGERS
]
BAD += [
    (cell, name, value, f"{name} must be a number in [0, 1). Got {value!r}.")
    for cell in CELLS
    for name in ("dropout", "recurrent_dropout", *(["context_decay"] if cell is JordanCell else []))
    for value in NOT_FRACTIONS
]
BAD += [
    (LSTM1997Cell, "squashing", value, f"squashing must be 'tanh' or 'paper'. Got {value!r}.")
    for value in ("relu", "Tanh", None, ["tanh"])
]
BAD += [
    (cell, name, value, f"{name} must be {rule}. Got {value!r}.")
    for cell, name, rule, values in [
        (LSTM1997Cell, "use_bias", "True, False or 'gates'", ("gate", 1, None)),
        (LSTM1997Cell, "block_size", "a positive integer", (0, 2.0, True)),
        (LSTM1997Cell, "gate_recurrence", "True or False", ("yes", 0, None)),
        (LSTM1997Cell, "gradient", "'full' or 'truncated'", ("cut", True, None)),
        (PeepholeLSTMCell, "gradient", "'full' or 'truncated'", ("cut", True, None)),
        (GRUCell, "update", "'keep' or 'write'", ("Keep", True, None)),
        (GRUCell, "reset_after", "True or False", ("before", 1, None)),
        (ArrayLSTMCell, "lane_selection", "None or 'soft'", ("hard", True, ["soft"])),
        (DepthGatedLSTMCell, "peepholes", "True or False", ("yes", 1, None)),
        (GridLSTMCell, "squashing", "'paper' or 'lstm'", ("tanh", None)),
        (GridLSTMCell, "priority", "'time', 'depth' or None", ("Depth", 1, True)),
        (GridLSTMCell, "tied", "'layers', 'dimensions', 'both' or None", (True, "time")),
        (GridLSTMCell, "input_memory", "'projected' or 'zeros'", (None, 0)),
        (GridLSTMCell, "depth_dimension", "'lstm' or 'dense'", (None, "identity")),
        (
            LagSkipCell,
            "lags",
            "an integer of 2 or more, or several different ones",
            (1, 0, -2, 2.0, True, None, "3", (), [2, 2], (1, 3), [2, True], {2, 1}),
        ),
    ]
    for value in values
]
BAD += [(LSTM1997Cell, "block_size", 3, "block_size must divide units, 5. Got 3.")]


@pytest.mark.parametrize(("cell", "name", "value", "message"), BAD)
def test_a_bad_argument_gets_the_rule_and_what_came(cell, name, value, message):
    """A ValueError with exactly this sentence; nothing is clamped or rounded."""
    with pytest.raises(ValueError) as caught:
        cell(**{**CELLS[cell], name: value})

    assert str(caught.value) == message
