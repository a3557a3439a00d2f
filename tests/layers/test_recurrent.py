"""Each recurrent layer of the kit is `keras.layers.RNN` of its cell, under all flags, in files and on paper."""

import inspect
import pydoc
import subprocess
import sys
from pathlib import Path

import keras
import numpy as np
import pytest

import course_kit
from course_kit import cells, layers
from course_kit.layers import (
    ESN,
    LSTM1997,
    NAS,
    NTM,
    AnyGRU,
    ArrayLSTM,
    DepthGatedLSTM,
    Elman,
    GridLSTM,
    Jordan,
    LagSkip,
    LayerNormLSTM,
    LayerNormSimpleRNN,
    PeepholeLSTM,
    RecurrentLayer,
    recurrent,
    stub,
)
from tests.cells.table import M, N, T, largest_difference, numpy, randomise

# layer, its cell, what both are given
LAYERS = [
    (Elman, cells.ElmanCell, {"units": 5, "output_units": 2, "output_activation": "sigmoid"}),
    (Jordan, cells.JordanCell, {"units": 5, "output_units": 2, "context_decay": 0.5}),
    (
        LSTM1997,
        cells.LSTM1997Cell,
        {"units": 6, "squashing": "paper", "block_size": 2, "gate_recurrence": True, "gradient": "truncated"},
    ),
    (PeepholeLSTM, cells.PeepholeLSTMCell, {"units": 5, "unit_forget_bias": False, "gradient": "truncated"}),
    (AnyGRU, cells.GRUCell, {"units": 5, "update": "write", "reset_after": True}),
    (LagSkip, cells.LagSkipCell, {"units": 5, "lags": [3, 2], "activation": "sigmoid"}),
    (ArrayLSTM, cells.ArrayLSTMCell, {"units": 5, "lanes": 3, "lane_selection": "soft"}),
    (DepthGatedLSTM, cells.DepthGatedLSTMCell, {"units": 5, "depth": 2, "peepholes": False}),
    (GridLSTM, cells.GridLSTMCell, {"units": 5, "depth": 2, "squashing": "lstm", "priority": None, "tied": None}),
    (NTM, cells.NTMCell, {"units": 5, "output_units": 2, "memory_slots": 4, "memory_width": 3, "read_heads": 2}),
    (LayerNormSimpleRNN, cells.LayerNormSimpleRNNCell, {"units": 5, "layernorm_epsilon": 0.01}),
    (LayerNormLSTM, cells.LayerNormLSTMCell, {"units": 5, "unit_forget_bias": False, "norm_epsilon": 0.01}),
    (NAS, cells.NASCell, {"units": 5, "projection": 2, "use_bias": True}),
    (ESN, cells.ESNCell, {"units": 5, "connectivity": 0.5, "leaky": 0.3, "use_norm2": True, "seed": 2}),
]
every_layer = pytest.mark.parametrize(("layer", "cell", "given"), LAYERS, ids=[row[0].__name__ for row in LAYERS])
# what the layers are further given where their cell takes it: an echo state cell has no such thing
FURTHER = {"dropout": 0.2, "kernel_regularizer": "l2", "seed": 3}
FLAGS = ("return_sequences", "return_state", "go_backwards", "unroll", "zero_output_for_mask")


def further(layer) -> dict:
    return {name: value for name, value in FURTHER.items() if name in inspect.signature(layer).parameters}


@pytest.fixture
def rng():
    return np.random.default_rng(43)


@every_layer
def test_a_layer_is_rnn_of_its_cell_under_every_flag(layer, cell, given, rng):
    """Under none, each and all but one: to the last bit, from a non-zero state, with masked steps in row 1."""
    x = rng.normal(size=(N, T, M))
    valid = np.ones((N, T), dtype=bool)
    valid[1, [2, 6]] = False
    weights = None

    # Keras 3.15.1 on PyTorch fails with unroll, go_backwards and a mask at once, whatever the cell
    together = {**dict.fromkeys(FLAGS, True), "unroll": False}
    for flags in ({}, *({flag: True} for flag in FLAGS), together):
        ours = layer(**given, **flags, dtype="float64")
        theirs = keras.layers.RNN(cell(**given, dtype="float64"), **flags, dtype="float64")
        for each in (ours, theirs):
            each.build(x.shape)
        weights = weights or randomise(ours, rng)
        state = [np.full((N, width), 0.3) for width in ours.state_size]
        ours.set_weights(weights)
        theirs.set_weights(weights)
        obtained, expected = (numpy(each(x, initial_state=state, mask=valid)) for each in (ours, theirs))
        assert largest_difference(obtained, expected) == 0, flags


@every_layer
def test_stateful_chunks_are_one_run(layer, cell, given, rng):
    """Chunks of three and four steps continue each other until the state is reset."""
    whole, chunked = layer(**given, dtype="float64"), layer(**given, stateful=True, dtype="float64")
    x = rng.normal(size=(N, T, M))
    for each in (whole, chunked):
        each.build(x.shape)
    chunked.set_weights(randomise(whole, rng))

    for _ in range(2):
        chunked(x[:, :3])
        assert largest_difference(numpy(chunked(x[:, 3:])), numpy(whole(x))) == 0
        chunked.reset_state()


@every_layer
def test_bidirectional_is_a_run_each_way(layer, cell, given, rng):
    """Exactly the outputs of two layers, the second on the reversed sequence."""
    x = rng.normal(size=(N, T, M))
    one, two = (layer(**given, return_sequences=True, dtype="float64") for _ in range(2))
    for each in (one, two):
        each.build(x.shape)
        randomise(each, rng)
    both = keras.layers.Bidirectional(layer(**given, return_sequences=True, dtype="float64"), dtype="float64")
    both.build(x.shape)
    both.set_weights([*one.get_weights(), *two.get_weights()])

    expected = np.concatenate([numpy(one(x)), numpy(two(x[:, ::-1]))[:, ::-1]], axis=-1)

    assert largest_difference(numpy(both(x)), expected) == 0


@every_layer
def test_the_configuration_is_flat_and_complete(layer, cell, given):
    """Every argument of the cell and of the loop is in it, none besides, and it makes the same layer again."""
    given = {**further(layer), **given}
    made = layer(**given, **dict.fromkeys(FLAGS, True), stateful=True, name="it", trainable=False)
    config = made.get_config()
    again = layer.from_config(config)

    named = {name for name, p in inspect.signature(layer).parameters.items() if p.kind is not p.VAR_KEYWORD}
    assert set(config) == named | {"name", "trainable", "dtype"}
    assert {
        name: config[name] for name in given if not name.endswith(("activation", "regularizer"))
    }.items() <= given.items()
    assert all(config[flag] for flag in (*FLAGS, "stateful"))
    assert again.get_config() == config
    assert again.cell.get_config() == {**made.cell.get_config(), "name": again.cell.name}


@every_layer
def test_the_signature_is_the_cells_and_then_the_loops(layer, cell, given):
    """For `help()`, for notebooks and, in the stub, for editors; by position up to the cell's last argument."""
    ours = list(inspect.signature(layer).parameters.values())
    of_cell = list(inspect.signature(cell).parameters.values())[:-1]
    of_loop = list(inspect.signature(keras.layers.RNN).parameters)[1:]

    assert ours[: len(of_cell)] == of_cell
    assert [p.name for p in ours[len(of_cell) :]] == of_loop
    assert [p.kind for p in ours[len(of_cell) :]] == [inspect.Parameter.KEYWORD_ONLY] * 6 + [
        inspect.Parameter.VAR_KEYWORD
    ]
    assert f"{layer.__name__}{inspect.signature(layer)}" in pydoc.plain(pydoc.render_doc(layer))


def test_the_stub_for_editors_is_what_the_classes_say():
    """`python -m course_kit.layers.stub` was run, and Python can read what it wrote."""
    written = stub.PATH.read_text(encoding="utf-8")
    names = {"RecurrentLayer": RecurrentLayer}
    exec(written, names)

    assert written == stub.stub()
    for layer, _, _ in LAYERS:
        assert str(inspect.signature(names[layer.__name__])) == str(inspect.signature(layer)).replace(")", ") -> None")


def test_every_layer_of_the_kit_is_under_test_and_exported():
    """A class that is added to the module is added here."""
    there = {c for c in vars(recurrent).values() if inspect.isclass(c) and c.__module__ == recurrent.__name__}

    assert there == {layer for layer, _, _ in LAYERS} == {layer for layer in there if layer.__name__ in layers.__all__}


def test_arguments_go_by_position_as_in_the_cell():
    """`Elman(5, 2)`, `LSTM1997(6, "paper")`."""
    assert (Elman(5, 2).cell.units, Elman(5, 2).cell.output_units) == (5, 2)
    assert LSTM1997(6, "paper").cell.squashing == "paper"


def test_dtype_and_trainable_reach_the_cell():
    """A frozen layer has no trainable weight; mixed precision computes in float16."""
    frozen, mixed = PeepholeLSTM(5, trainable=False), PeepholeLSTM(5, dtype="mixed_float16")
    for each in (frozen, mixed):
        each.build((N, T, M))

    assert (len(frozen.trainable_weights), len(frozen.weights)) == (0, 4)
    assert mixed.cell.compute_dtype == "float16"
    assert keras.backend.standardize_dtype(mixed(np.zeros((N, T, M), "float32")).dtype) == "float16"


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (lambda: Elman(5), TypeError, "missing a required argument: 'output_units'"),
        (lambda: Elman(5, -2), ValueError, "output_units must be a positive integer. Got -2."),
        (lambda: LagSkip(5, 1), ValueError, "lags must be an integer of 2 or more"),
        (lambda: AnyGRU(5, hidden=3), ValueError, "Unrecognized keyword arguments passed to AnyGRU: {'hidden': 3}"),
        (lambda: Jordan(5, 2, units=4), TypeError, "multiple values for argument 'units'"),
    ],
)
def test_wrong_arguments_get_a_sentence(make, error, message):
    """The cell's own sentence, or Keras' for a name that nobody knows."""
    with pytest.raises(error) as caught:
        make()

    assert message in str(caught.value)


LOAD = """
import sys
import keras, numpy as np
import course_kit.layers
model = keras.models.load_model(sys.argv[1] + "/model.keras")
np.save(sys.argv[1] + "/loaded.npy", model(np.load(sys.argv[1] + "/x.npy")))
"""


def test_a_saved_model_is_the_same_in_a_fresh_process(tmp_path, rng):
    """All layers one after the other, each of them in both directions too, without `custom_objects`."""
    x = inputs = keras.Input((T, M))
    for layer, _, given in LAYERS:
        x = layer(**{**further(layer), **given}, return_sequences=True)(x)
        x = keras.layers.Bidirectional(layer(**given, return_sequences=True), merge_mode="ave")(x)
    model = keras.Model(inputs, x)
    randomise(model, rng)
    sequence = rng.normal(size=(N, T, M)).astype("float32")
    model.save(tmp_path / "model.keras")
    np.save(tmp_path / "x.npy", sequence)

    root = Path(course_kit.__file__).parent.parent
    subprocess.run([sys.executable, "-c", LOAD, tmp_path], cwd=root, check=True, timeout=120)

    expected = numpy(model(sequence))
    assert np.ptp(expected) > 0.1
    assert largest_difference(np.load(tmp_path / "loaded.npy"), expected) == 0
