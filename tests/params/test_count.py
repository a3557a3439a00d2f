"""`count` against what Keras has built: the number, every tensor, the printed formula."""

import keras
import pytest

from course_kit import params
from tests.params.models import PICTURES, RECURRENT, SEQUENCE, SPATIAL, drawn
from tests.params.printed import value_of

L = keras.layers
SYSTEMS = [(name, make, SEQUENCE) for name, make in RECURRENT.items()]
SYSTEMS += [(name, make, PICTURES) for name, make in SPATIAL.items()]


@pytest.fixture(params=range(4))
def sizes(request):
    return drawn(request.param)


@pytest.mark.parametrize(("name", "make", "shape"), SYSTEMS, ids=[name for name, *_ in SYSTEMS])
def test_the_count_is_what_keras_builds(name, make, shape, sizes):
    """Value, shapes one by one, trainable or not, and the printed formula, before and after the layer is built."""
    m, n, o, bias = sizes
    before = params.count(make(n, o, bias), inputs=m)
    layer = make(n, o, bias)
    layer.build((*shape, m))
    counted = params.count(layer)

    assert counted == before
    assert counted.value == layer.count_params()
    assert [tensor.shape for tensor in counted.tensors] == [tuple(weight.shape) for weight in layer.weights]
    assert [tensor.name.split("/")[-1] for tensor in counted.tensors] == [weight.name for weight in layer.weights]
    assert [tensor.trainable for tensor in counted.tensors] == [weight.trainable for weight in layer.weights]
    assert (
        sum(tensor.number for tensor in counted.tensors) == counted.value == counted.trainable + counted.non_trainable
    )
    assert value_of(counted.formula, counted.numbers) == counted.value
    assert value_of(counted.put_in, {}) == counted.value


@pytest.mark.parametrize("name", RECURRENT)
def test_the_shape_in_letters_is_the_shape(name, sizes):
    """ "(m, 4n)" with the numbers put in is (5, 28)."""
    m, n, o, bias = sizes
    counted = params.count(RECURRENT[name](n, o, bias), inputs=m)
    for tensor in counted.tensors:
        letters = tensor.symbol[1:-1].rstrip(",").split(", ")
        assert tuple(value_of(side, counted.numbers) for side in letters) == tensor.shape


def test_a_configuration_is_counted_as_its_layer():
    """The dict of keras.layers.serialize, with the shape in it or with inputs beside it."""
    layer = L.Bidirectional(L.GRU(7))
    loose = keras.layers.serialize(layer)
    layer.build((None, None, 5))
    assert params.count(keras.layers.serialize(layer)) == params.count(loose, inputs=5) == params.count(layer)


def test_an_embedding_needs_no_inputs():
    """Its count depends on the vocabulary and the length of a word vector."""
    assert params.count(L.Embedding(5000, 32)).put_in == "5000·32"
    layer = L.Embedding(5000, 32)
    layer.build((None, 80))
    assert params.count(layer, inputs=7).value == layer.count_params() == 160_000


def test_a_layer_called_with_an_initial_state_knows_its_inputs():
    """Keras keeps two shapes then, and the first is the sequence's."""
    layer = L.LSTM(7)
    layer(keras.ops.zeros((2, 3, 5)), initial_state=[keras.ops.zeros((2, 7))] * 2)
    assert params.count(layer).value == layer.count_params()


@pytest.mark.parametrize("wrap", [lambda layer: layer, L.Bidirectional])
def test_frozen_weights_are_not_trainable(wrap):
    """`trainable=False` moves the whole count to the other side."""
    layer = wrap(L.LSTM(7))
    layer.build((None, None, 5))
    layer.trainable = False
    counted = params.count(layer)
    assert (counted.trainable, counted.non_trainable) == (0, layer.count_params())


def test_gru_says_in_words_why_it_is_165_and_not_150():
    """The note has both numbers, the three extra n, and which of them change nothing."""
    note = params.count(L.GRU(5), inputs=4).note
    assert "165 and not the slide's 150" in note
    assert "3n = 15 more" in note
    assert "reset gate acts after the recurrent product" in note
    assert "For z and r only the sum of the two matters" in note
    assert "165" not in params.count(L.GRU(5, reset_after=False), inputs=4).note


def test_a_count_alone_does_not_name_a_cell():
    """The LSTM of 1997 and the slide's GRU have as many numbers, and both say so."""
    from course_kit.cells import LSTM1997Cell

    old, gated = params.count(LSTM1997Cell(7), inputs=5), params.count(L.GRUCell(7, reset_after=False), inputs=5)
    assert old.value == gated.value == 273
    assert old.notes[-1] == gated.notes[-1]
    assert old.notes[-1].startswith("A count alone does not name a cell")


def test_the_printed_count_is_the_whole_story():
    """Formula, numbers, value, tensors with shape in numbers and letters."""
    assert str(params.count(L.LSTM(7), inputs=5)) == "\n".join(
        [
            "LSTM: 4(n^2 + mn + n) = 4(7^2 + 5·7 + 7) = 364   (m = 5 inputs, n = 7 units)",
            "  kernel            (5, 28) = (m, 4n)        140  from the inputs into i, f, c and o",
            "  recurrent_kernel  (7, 28) = (n, 4n)        196  from h, one step ago, into i, f, c and o",
            "  bias              (28,) = (4n,)             28  of i, f, c and o",
            "  trainable 364, not trainable 0",
        ]
    )
    assert params.count(L.LSTM(7), inputs=5).latex == "4(n^{2} + mn + n)"


class Stranger(L.LSTM):
    """A subclass whose weights nobody has told the table about."""


def test_a_subclass_is_unknown_until_it_is_registered(monkeypatch):
    """The parent's formula is not guessed; one line registers it."""
    with pytest.raises(params.UnknownSystem, match="no formula is registered for Stranger, a class of tests"):
        params.count(Stranger(7), inputs=5)
    keras.saving.register_keras_serializable("tests_of_params")(Stranger)
    with pytest.raises(params.UnknownSystem, match="no formula is registered for tests_of_params>Stranger"):
        params.count(Stranger(7), inputs=5)
    monkeypatch.setattr(params.systems, "SYSTEMS", dict(params.systems.SYSTEMS))
    params.register("tests_of_params>Stranger", params.systems.SYSTEMS["LSTM"])
    assert params.count(Stranger(7), inputs=5).value == 364


def test_a_class_that_borrows_a_known_name_is_unknown():
    """It is the class that counts, not what it is called; not in a configuration either."""
    impostor = type("LSTM", (L.LSTM,), {})(7)
    for subject in (impostor, keras.layers.serialize(impostor), L.RNN(type("LSTMCell", (L.LSTMCell,), {})(7))):
        with pytest.raises(params.UnknownSystem):
            params.count(subject, inputs=5)


def test_a_configuration_outside_the_formula_is_unknown():
    """A normalisation over another axis, a grouped convolution: not covered, so not guessed."""
    for layer in (L.LayerNormalization(axis=1), L.Conv1D(4, 3, groups=2), L.BatchNormalization(axis=1)):
        with pytest.raises(params.UnknownSystem, match="does not cover"):
            params.count(layer, inputs=6)


def test_a_system_is_registered_once():
    """A second formula for the same class would make one of them silent."""
    with pytest.raises(ValueError, match="a class is registered once. Got 'LSTM' again."):
        params.register("LSTM", params.systems.SYSTEMS["LSTM"])


UNBUILT = "inputs must be given for LSTM, which is not built: its count depends on m. Got None."
HALF, TEXT = {"class_name": "LSTM", "config": {}}, {"class_name": "LSTM", "config": {"units": "7"}}


@pytest.mark.parametrize(
    ("subject", "inputs", "error", "sentence"),
    [
        (lambda: L.LSTM(7), None, ValueError, UNBUILT),
        (lambda: L.LSTM(7), 0, ValueError, "inputs must be a positive integer. Got 0."),
        (lambda: L.LSTM, 5, TypeError, "count takes a cell, a layer or the dict of keras.layers.serialize. Got <class"),
        (lambda: keras.Sequential([]), 5, TypeError, "for a whole model call explain(model)"),
        (dict, 5, ValueError, "a configuration must hold 'class_name' and 'config'. Got the keys []."),
        (lambda: HALF, 5, ValueError, "as keras.layers.serialize gives it. Got none of 'units'."),
        (lambda: TEXT, 5, ValueError, "n must be a positive integer. Got '7'."),
    ],
)
def test_wrong_use_gets_a_sentence(subject, inputs, error, sentence):
    """The rule, then what came."""
    with pytest.raises(error) as refusal:
        params.count(subject(), inputs=inputs)
    assert sentence in str(refusal.value)


def test_inputs_that_contradict_a_built_layer_are_refused():
    """A built layer has one number of inputs."""
    layer = L.LSTM(7)
    layer.build((None, None, 5))
    with pytest.raises(ValueError, match="inputs must be what the layer was built on, 5. Got 6."):
        params.count(layer, inputs=6)
